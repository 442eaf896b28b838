"""What follows from others' acts in the same transaction.

A zone that ends leaves no meeting and no task behind; a secret ballot that is counted fills in its topic; an accepted task
answers the problem of a visit.
"""

from __future__ import annotations

from ronghe.domain.ballots.facts import BALLOT_CLOSED, BALLOT_VOIDED
from ronghe.domain.org.models import Person
from ronghe.domain.rhythm.services.answers import answer_problem
from ronghe.domain.rhythm.services.voting import fill_from_ballot, let_go_of_ballot
from ronghe.domain.rhythm.services.zone_endings import settle_what_is_left
from ronghe.domain.work.facts import TASK_ACCEPTED
from ronghe.domain.work.models import Task
from ronghe.domain.zones.facts import ZONE_DISSOLVED
from ronghe.domain.zones.models import CollaborationZone
from ronghe.kernel.facts.models import Fact
from ronghe.kernel.facts.record import on_fact


@on_fact(ZONE_DISSOLVED)
def _settle(fact: Fact) -> None:
    if fact.zone is None or fact.recorded_by is None:
        return
    zone = CollaborationZone.objects.select_related("sponsor").get(pk=fact.zone)
    said = fact.values
    settle_what_is_left(
        zone=zone, call_off=bool(said.get("call_off")), hand_over=bool(said.get("hand_over")),
        actor=Person.objects.get(token=fact.recorded_by), at=fact.occurred_at,
    )  # fmt: skip


@on_fact(TASK_ACCEPTED)
def _answer(fact: Fact) -> None:
    """Answer a problem of a visit to who raised it; of any other task, nothing but one look for the problem."""
    if fact.source_id is None or fact.recorded_by is None:
        return
    task = Task.objects.select_related("assignee").get(pk=fact.source_id)
    answer_problem(task=task, actor=Person.objects.get(token=fact.recorded_by), at=fact.occurred_at)


@on_fact(BALLOT_CLOSED)
def _fill_in(fact: Fact) -> None:
    if fact.source_id is not None:
        fill_from_ballot(fact.source_id)


@on_fact(BALLOT_VOIDED)
def _let_go(fact: Fact) -> None:
    if fact.source_id is not None:
        let_go_of_ballot(fact.source_id)
