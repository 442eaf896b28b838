"""Decisions that a run takes in as facts: a tie settled, somebody left out. Figures, vetoes and panels have modules of their own.

Nothing here changes a computed run: what is recorded now counts when the run is computed again. The panel's reasons are
papers, named by `item`; the fact holds no remark.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction

from ronghe.domain.appraisal.enums import Level, RunState
from ronghe.domain.appraisal.facts import LEFT_OUT, TIE_SETTLED
from ronghe.domain.appraisal.models import Run
from ronghe.domain.appraisal.rules import PUBLISH_RUN, SETTLE_QUESTION
from ronghe.domain.appraisal.selectors.subjects import UNIT_KINDS_OF_LEVEL
from ronghe.domain.org.models import PartyOrg, Person
from ronghe.kernel.errors import DomainError
from ronghe.kernel.facts.kinds import FactKind
from ronghe.kernel.facts.models import Fact
from ronghe.kernel.facts.record import Draft, record, record_many
from ronghe.kernel.subjects import declared_subjects
from ronghe.kernel.words import N_
from ronghe.kernel.workflow import StepNotAllowed
from ronghe.scoring.period import Period


class PlacesIncomplete(DomainError):
    code = "places_incomplete"
    sentence = N_("%(count)s 个并列的对象要排出 1 到 %(count)s 的先后，不重不漏。")
    status = 422


def settle_tie(
    *, body: PartyOrg, item: str, place: int, actor: Person, at: datetime, person: Person | None = None
) -> Fact:  # fmt: skip
    """Record the place, 1 first, that the panel gave to one of the tied."""
    return _decide(TIE_SETTLED, body=body, person=person, item=item, quantity=Decimal(place), actor=actor, at=at)


def leave_out(*, body: PartyOrg, decision: str, actor: Person, at: datetime, person: Person | None = None) -> Fact:
    """Record that a subject takes no part in the period of `at`; `decision` is the number of the branch's decision."""
    return _decide(LEFT_OUT, body=body, person=person, item=decision, quantity=None, actor=actor, at=at)


def _decide(
    kind: FactKind, *, body: PartyOrg, person: Person | None, item: str, quantity: Decimal | None, actor: Person,
    at: datetime,
) -> Fact:  # fmt: skip
    SETTLE_QUESTION.require(actor, body, at=at)
    return record(Draft(kind, at, actor, about=person, body=body.pk, quantity=quantity, attributes={"item": item}))


@transaction.atomic
def settle_question(*, run: Run, places: Mapping[int, int], actor: Person, at: datetime) -> list[Fact]:
    """Record the places, by subject, that the panel gave to the tied of a stopped run; they count in its period.

    :raises StepNotAllowed: the run asks nothing
    :raises PlacesIncomplete: the places are not 1, 2, 3 … over exactly those who are tied
    """
    PUBLISH_RUN.require(actor, run, at=at)
    if run.state != RunState.STOPPED or not run.open_questions:
        raise StepNotAllowed(state=run.get_state_display())
    tied = {int(subject) for question in run.open_questions for subject in question["subjects"]}
    if set(places) != tied or sorted(places.values()) != list(range(1, len(tied) + 1)):
        raise PlacesIncomplete(count=len(tied))
    last_moment = Period.parse(run.period).instants[1] - timedelta(seconds=1)
    by_person = run.level == Level.MEMBER
    people = {person.token: person for person in Person.objects.filter(token__in=tied)} if by_person else {}
    drafts = [
        Draft(
            TIE_SETTLED, last_moment, actor, quantity=place, **_whom(run, subject, people, {"item": run.sheet_id})
        )
        for subject, place in sorted(places.items())
    ]  # fmt: skip
    return record_many(drafts)


def _whom(run: Run, subject: int, people: Mapping[int, Person], said: Mapping[str, object]) -> dict[str, Any]:
    """Say of whom a fact of a run tells, by the level of its sheet."""
    if run.level == Level.MEMBER:
        return {"about": people.get(subject), "attributes": said}
    if (source := declared_subjects(run.level)) is not None:
        return {"body": run.body_id, "attributes": {**said, source.attribute: subject}}
    if run.level in UNIT_KINDS_OF_LEVEL:
        return {"body": run.body_id, "unit": subject, "attributes": said}
    return {"body": subject, "attributes": said}
