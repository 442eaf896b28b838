"""What was taken home has an owner, who says by its day whether it is used; what is used may be offered to others."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.db import transaction

from ronghe.domain.exchange.enums import PRACTICE_FLOW, PracticeState
from ronghe.domain.exchange.facts import PRACTICE_OFFERED, PRACTICE_REOPENED, PRACTICE_SETTLED, PRACTICE_TAKEN
from ronghe.domain.exchange.models import LearningVisit, Practice
from ronghe.domain.exchange.rules import KEEP_VISIT, SETTLE_PRACTICE
from ronghe.domain.exchange.selectors.circles import circle_of
from ronghe.domain.exchange.services.visits import require_alive
from ronghe.domain.org.models import Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.playbooks.selectors.adoptions import key_of
from ronghe.kernel.errors import DomainError
from ronghe.kernel.facts.record import Draft, record
from ronghe.kernel.words import N_
from ronghe.kernel.workflow import StepNotAllowed


class PracticeShapeless(DomainError):
    code = "practice_shapeless"
    sentence = N_("请写明带回了什么做法。")
    status = 422


class PracticeReasonMissing(DomainError):
    code = "practice_reason_missing"
    sentence = N_("部分采用或没有采用，请写明原因。")
    status = 422


class PracticeProofMissing(DomainError):
    code = "practice_proof_missing"
    sentence = N_("采用了，请写明效果，或填一个指标前后的数。")
    status = 422


class PracticeFigureOff(DomainError):
    code = "practice_figure_off"
    sentence = N_("前后的数要一起填，并写明是什么指标。")
    status = 422


class PracticeNotUsed(DomainError):
    code = "practice_not_used"
    sentence = N_("采用或部分采用的做法才能推荐给大家。")


@dataclass(frozen=True, slots=True)
class PracticeResult:
    """What became of a practice: in words, with a figure before and after, or both."""

    outcome: PracticeState
    said: str = ""
    figure: str = ""
    unit: str = ""
    before: Decimal | None = None
    after: Decimal | None = None


@transaction.atomic
def take_home(
    *, visit: LearningVisit, title: str, owner: Person, actor: Person, at: datetime, text: str = ""
) -> Practice:
    """Put down a practice that was taken home; its owner is asked after the days that the playbook sets (30 by default).

    :raises PracticeShapeless: no words
    :raises VisitRecordOver: the visit was called off
    """
    KEEP_VISIT.require(actor, visit, at=at)
    require_alive(visit)
    if not title.strip():
        raise PracticeShapeless
    day = local_day(at)
    due_on = visit.day + timedelta(days=key_of("learning_follow_up_days", visit.body, day))
    practice = Practice.objects.create(
        visit=visit, shown_to=circle_of(visit.body, day), title=title.strip(), text=text.strip(), owner=owner,
        due_on=due_on, taken_by=actor, taken_at=at,
    )  # fmt: skip
    told = {"due": due_on}
    record(Draft(PRACTICE_TAKEN, at, actor, about=owner, body=visit.body_id, attributes=told, source=practice))
    return practice


@transaction.atomic
def settle_practice(*, practice: Practice, result: PracticeResult, actor: Person, at: datetime) -> Practice:
    """Say whether a practice is used: with a figure or words where it is, with the reason where it is not or in part.

    :raises PracticeReasonMissing, PracticeProofMissing, PracticeFigureOff: what must be said is not
    :raises StepNotAllowed: it is settled
    """
    SETTLE_PRACTICE.require(actor, practice, at=at)
    outcome = PracticeState(result.outcome)
    if outcome == PracticeState.OPEN:
        raise StepNotAllowed(state=practice.get_state_display())
    has_figure = result.before is not None and result.after is not None
    if (result.before is None) != (result.after is None) or (has_figure and not result.figure.strip()):
        raise PracticeFigureOff
    if outcome != PracticeState.ADOPTED and not result.said.strip():
        raise PracticeReasonMissing
    if outcome == PracticeState.ADOPTED and not result.said.strip() and not has_figure:
        raise PracticeProofMissing
    PRACTICE_FLOW.advance(
        practice, outcome.value, said=result.said.strip()[:400], figure=result.figure.strip()[:40],
        unit=result.unit.strip()[:12], before=result.before, after=result.after, settled_by=actor, settled_at=at,
    )  # fmt: skip
    record(
        Draft(PRACTICE_SETTLED, at, actor, about=practice.owner, body=practice.visit.body_id,
              attributes={"outcome": outcome}, source=practice)
    )  # fmt: skip
    return practice


@transaction.atomic
def reopen_practice(*, practice: Practice, actor: Person, at: datetime) -> Practice:
    """Take an answer back to give it anew; an offer to others ends with it.

    :raises StepNotAllowed: it is open
    """
    SETTLE_PRACTICE.require(actor, practice, at=at)
    PRACTICE_FLOW.advance(practice, "reopen", is_offered=False)
    record(Draft(PRACTICE_REOPENED, at, actor, about=practice.owner, body=practice.visit.body_id, source=practice))
    return practice


@transaction.atomic
def offer_practice(*, practice: Practice, is_offered: bool, actor: Person, at: datetime) -> Practice:
    """Offer a used practice to everybody of the committee's circle, or no more.

    :raises PracticeNotUsed: it is not used
    """
    SETTLE_PRACTICE.require(actor, practice, at=at)
    if practice.state not in (PracticeState.ADOPTED, PracticeState.PARTLY):
        raise PracticeNotUsed
    if practice.is_offered != is_offered:
        practice.is_offered = is_offered
        practice.save(update_fields=["is_offered"])
        told = {"is_offered": is_offered}
        record(Draft(PRACTICE_OFFERED, at, actor, body=practice.visit.body_id, attributes=told, source=practice))
    return practice
