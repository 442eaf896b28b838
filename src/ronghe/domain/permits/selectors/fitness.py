"""Who of those named on permits may not do what they are named for: certificate, training, health, and the company (PW-11)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from ronghe.domain.contractors.selectors.bars import Bar, book_of
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.permits.enums import ISSUED, PartRole, PermitState
from ronghe.domain.permits.models import Permit, PermitPart
from ronghe.domain.qualifications.calc.fitness import Lack
from ronghe.domain.qualifications.selectors.book import current_book
from ronghe.domain.qualifications.selectors.fitness import Ask, lacking_each
from ronghe.kernel.words import N_, _

ENTRY, GUARDING, GAS_TESTING = "entry", "guarding", "gas_testing"
HELD_TO = (PartRole.JOB_LEADER, PartRole.WORKER, PartRole.GUARDIAN, PartRole.GAS_TESTER)
SAID = N_("%(name)s：%(sentence)s")

Parts = Mapping[str, Sequence[PermitPart]]
Unfit = tuple[tuple[str, str], ...]


def unfit_of(permits: Sequence[Permit], parts: Mapping[int, Parts], at: datetime) -> dict[int, Unfit]:
    """Return for each permit who and what may not work on it, as rule and sentence; nine statements for any number."""
    days = {permit.pk: _day_of(permit, at) for permit in permits}
    named = {
        permit.pk: [row for role in HELD_TO for row in parts.get(permit.pk, {}).get(role, ())] for permit in permits
    }
    asks = {
        permit.pk: {row.pk: Ask(row.person_id, _work_of(permit, row), days[permit.pk]) for row in named[permit.pk]}
        for permit in permits
    }
    answers = lacking_each({ask for some in asks.values() for ask in some.values()})
    book = book_of(
        {permit.site.body_id for permit in permits},
        {permit.contractor_id for permit in permits if permit.contractor_id is not None},
        {row.person_id for some in named.values() for row in some},
    )
    found: dict[int, Unfit] = {}
    for permit in permits:
        body, day, said = permit.site.body_id, days[permit.pk], []
        if permit.contractor_id is not None:
            said += [(bar.rule, bar.sentence) for bar in book.against_unit(body, permit.contractor_id, day)]
        for row in named[permit.pk]:
            lacks: list[Bar | Lack] = [
                *book.against_person(body, row.person_id, day),
                *answers[asks[permit.pk][row.pk]],
            ]
            said += [(one.rule, _(SAID) % {"name": row.person.name, "sentence": one.sentence}) for one in lacks]
        found[permit.pk] = tuple(dict.fromkeys(said))
    return found


def _work_of(permit: Permit, row: PermitPart) -> str:
    """Return as what the unit's book knows the part; a kind of work that it does not know asks for entry alone."""
    if row.role == PartRole.GUARDIAN:
        return GUARDING
    if row.role == PartRole.GAS_TESTER:
        return GAS_TESTING
    return permit.operation if row.role == PartRole.WORKER and permit.operation in current_book().operations else ENTRY


def _day_of(permit: Permit, at: datetime) -> date:
    """Return the day that people are held to: today while work goes on, before that the last day for which is asked."""
    today = local_day(at)
    if permit.state in ISSUED and permit.state != PermitState.APPROVED:
        return today
    return max(today, local_day(permit.valid_until))
