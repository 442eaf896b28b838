"""The sides look back together: what became of each goal, and what follows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import IntegrityError, transaction

from ronghe.domain.agreements.calc.months import next_review
from ronghe.domain.agreements.enums import Verdict
from ronghe.domain.agreements.facts import REVIEWED
from ronghe.domain.agreements.models import Agreement, AgreementParty, AgreementReview, ReviewFinding
from ronghe.domain.agreements.rules import ACT_FOR_SIDE
from ronghe.domain.agreements.selectors.goals import GoalState, goal_states
from ronghe.domain.agreements.services.acting import held, record_many, refuse_other_side, typed
from ronghe.domain.agreements.services.goals import refuse_not_in_force, refuse_outside
from ronghe.domain.org.models import Person
from ronghe.kernel.errors import DomainError
from ronghe.kernel.words import N_

LONGEST_CONCLUSION, LONGEST_FINDING = 1_000, 400


class ConclusionMissing(DomainError):
    code = "conclusion_missing"
    sentence = N_("请写出回顾的结论：做到了什么，差在哪里，下一步怎么办。")
    status = 422


class ReviewedThatDay(DomainError):
    code = "reviewed_that_day"
    sentence = N_("%(day)s 已经回顾过，或之后已有回顾。请改日期。")


@dataclass(frozen=True, slots=True)
class Finding:
    """What the sides find of a goal; without a verdict the figures decide."""

    verdict: Verdict | None = None
    text: str = ""


@transaction.atomic
def review_agreement(
    *, agreement: Agreement, party: AgreementParty, held_on: date, conclusion: str, actor: Person, at: datetime,
    findings: Mapping[int, Finding] | None = None,
) -> AgreementReview:  # fmt: skip
    """Keep a review held on a day; `findings` by goal id. A goal that was never read is `unknown`, whatever is said.

    The next review is due `review_months` later, at the latest on the last day. One fact for each side, so that each
    side's duty is met.

    :raises NotInForce: the agreement does not bind
    :raises DayOutside: before it came into force, or a day to come
    :raises ReviewedThatDay: one was held on that day or later
    :raises ConclusionMissing: nothing was concluded
    """
    ACT_FOR_SIDE.require(actor, party, at=at)
    refuse_other_side(agreement, party)
    agreement = held(agreement)
    refuse_not_in_force(agreement)
    refuse_outside(agreement, held_on, at)
    conclusion = typed(conclusion, LONGEST_CONCLUSION)
    if not conclusion:
        raise ConclusionMissing
    if agreement.reviews.filter(held_on__gte=held_on).exists():
        raise ReviewedThatDay(day=held_on)
    assert agreement.valid_until is not None  # it is in force
    next_on = next_review(held_on, months=agreement.review_months, last_day=agreement.valid_until - timedelta(days=1))
    try:
        with transaction.atomic():
            review = AgreementReview.objects.create(
                agreement=agreement, held_on=held_on, conclusion=conclusion, next_on=next_on, made_by=actor, made_at=at
            )
    except IntegrityError as error:
        raise ReviewedThatDay(day=held_on) from error
    found = [_finding(review, state, (findings or {}).get(state.goal.pk)) for state in goal_states(agreement, held_on)]
    ReviewFinding.objects.bulk_create(found)
    Agreement.objects.filter(pk=agreement.pk).update(review_on=next_on)
    fine = sum(finding.verdict in (Verdict.REACHED, Verdict.ON_TRACK) for finding in found)
    record_many(REVIEWED, agreement, actor, at, kind=agreement.kind, held_on=held_on, goals=len(found), on_track=fine)
    return review


def _finding(review: AgreementReview, state: GoalState, given: Finding | None) -> ReviewFinding:
    given = given or Finding()
    verdict = Verdict.UNKNOWN if state.now is None else given.verdict or Verdict(state.suggested)
    return ReviewFinding(
        review=review, goal=state.goal, verdict=verdict, value=state.now, text=typed(given.text, LONGEST_FINDING)
    )
