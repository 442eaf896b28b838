"""Who may be named on a permit at all, and the guardian's certificate as it is on record."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime

from ronghe.domain.org.models import Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.permits.models import PermitSite
from ronghe.domain.permits.selectors.sites import people_offered
from ronghe.domain.qualifications.models import Certificate
from ronghe.domain.qualifications.selectors.fitness import standing_certificates
from ronghe.kernel.errors import DomainError
from ronghe.kernel.words import N_, listed

GUARDIAN = "guardian"
Cards = Mapping[int, Certificate]


class NotAdmitted(DomainError):
    """Somebody who neither belongs to the site nor was let in (PC-19)."""

    code = "permit_not_admitted"
    sentence = N_(
        "%(names)s不是这个现场的人员，也没有在这里登记入场，不能写到票上（PC-19）。请先在“承包商”登记，或另选人。"
    )
    status = 422


def require_admitted(site: PermitSite, people: Collection[Person], at: datetime) -> None:
    """Return where everybody belongs to the site, takes part in it, or is engaged by one of its contractors.

    :raises NotAdmitted: somebody is none of these, by name
    """
    wanted = {one.pk: one.name for one in people}
    known = (
        set(people_offered(site, at).filter(pk__in=wanted).order_by().values_list("pk", flat=True)) if wanted else set()
    )
    strangers = [name for pk, name in wanted.items() if pk not in known]
    if strangers:
        raise NotAdmitted(names=listed(sorted(strangers)))


def cards_of(guardians: Collection[int], at: datetime) -> Cards:
    """Return the guardians' certificates that hold today (PW-06)."""
    return standing_certificates(guardians, GUARDIAN, local_day(at)) if guardians else {}


def card_of(typed: str, person: Person, cards: Cards) -> str:
    held = cards.get(person.pk)
    return typed.strip()[:40] or (held.number_shown if held is not None else "")


def until_of(typed: date | None, person: Person, cards: Cards) -> date | None:
    held = cards.get(person.pk)
    return typed or (held.expires_on if held is not None else None)
