"""A mentor pair is reviewed: each goal, both sides' words, what comes next, and the conclusion."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db import transaction

from ronghe.domain.agreements.calc.months import next_review
from ronghe.domain.exchange.calc.figures import is_reached
from ronghe.domain.exchange.enums import PAIR_FLOW, Better, PairOutcome, PairState
from ronghe.domain.exchange.facts import PAIR_CONCLUDED, PAIR_REVIEWED
from ronghe.domain.exchange.models import PairGoal, PairGoalMark, PairProgramme, PairReview
from ronghe.domain.exchange.rules import JUDGE_PAIR, KEEP_PAIR
from ronghe.domain.exchange.services.pairs import tell
from ronghe.domain.members.services.mentors import part_mentor
from ronghe.domain.org.models import Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.kernel.errors import DomainError
from ronghe.kernel.words import N_
from ronghe.kernel.workflow import StepNotAllowed


class WordsMissing(DomainError):
    code = "pair_words_missing"
    sentence = N_("请写下师傅和徒弟两边各怎么说。")
    status = 422


class ReviewDayOff(DomainError):
    code = "pair_review_day_off"
    sentence = N_("评估的日子不能在今天以后，也不能早于上一次评估或培养期开始。")
    status = 422


class ExtensionOff(DomainError):
    code = "pair_extension_off"
    sentence = N_("延长要写明新的最后一天，晚于现在的 %(until)s。")
    status = 422


class JudgesOwnPair(DomainError):
    code = "judges_own_pair"
    sentence = N_("出师、延长、结束要由师徒以外的负责人评定；您可以先记一次评估，结论选“继续”。")
    status = 403


@dataclass(frozen=True, slots=True)
class ReviewText:
    """What a review says. `figures` and `met` by the goal's number: what was reached, or whether a yes-or-no goal is met."""

    held_on: date
    mentor_word: str
    apprentice_word: str
    outcome: PairOutcome = PairOutcome.GOES_ON
    next_step: str = ""
    until_on: date | None = None
    figures: Mapping[int, Decimal] = field(default_factory=dict)
    met: Mapping[int, bool] = field(default_factory=dict)


@transaction.atomic
def review_pair(*, programme: PairProgramme, given: ReviewText, actor: Person, at: datetime) -> PairReview:
    """Review a running pair; it stays as it was said. The next one is due after the programme's months.

    Passed or ended, the programme is concluded and the pair parts; extended, it goes on to the new last day.

    :raises WordsMissing: one side says nothing
    :raises ReviewDayOff: a day to come, or before the last review
    :raises ExtensionOff: extended without a later day
    :raises JudgesOwnPair: mentor or apprentice concludes
    :raises StepNotAllowed: the programme does not run
    """
    KEEP_PAIR.require(actor, programme.pair, at=at)
    outcome = PairOutcome(given.outcome)
    if outcome != PairOutcome.GOES_ON:
        if actor.pk in (programme.pair.mentor_id, programme.pair.apprentice_id):
            raise JudgesOwnPair
        JUDGE_PAIR.require(actor, programme.pair, at=at)
    fresh = PairProgramme.objects.select_for_update().select_related("pair", "body").get(pk=programme.pk)
    if fresh.state != PairState.RUNNING:
        raise StepNotAllowed(state=fresh.get_state_display())
    if not given.mentor_word.strip() or not given.apprentice_word.strip():
        raise WordsMissing
    last = fresh.reviews.order_by("-number").first()
    earliest = last.held_on if last is not None else fresh.starts_on
    if given.held_on > local_day(at) or given.held_on < earliest:
        raise ReviewDayOff
    until = given.until_on if outcome == PairOutcome.EXTENDED else None
    if outcome == PairOutcome.EXTENDED and (until is None or until <= fresh.until_on):
        raise ExtensionOff(until=fresh.until_on)
    review = PairReview.objects.create(
        programme=fresh, number=(last.number if last is not None else 0) + 1, held_on=given.held_on,
        mentor_word=given.mentor_word.strip()[:400], apprentice_word=given.apprentice_word.strip()[:400],
        next_step=given.next_step.strip()[:300], outcome=outcome, until_on=until, reviewed_by=actor, reviewed_at=at,
    )  # fmt: skip
    goals = list(fresh.goals.order_by("number"))
    marks = PairGoalMark.objects.bulk_create([_mark(review, goal, given) for goal in goals])
    _go_on(fresh, review, actor, at)
    met = sum(mark.is_met for mark in marks)
    tell(
        PAIR_REVIEWED, fresh, actor, at, number=review.number, goals=len(goals), met=met, outcome=outcome,
        day=given.held_on,
    )  # fmt: skip
    programme.refresh_from_db()
    return review


def _mark(review: PairReview, goal: PairGoal, given: ReviewText) -> PairGoalMark:
    if not goal.is_measured:
        return PairGoalMark(review=review, goal=goal, is_met=bool(given.met.get(goal.number)))
    value = given.figures.get(goal.number)
    is_met = bool(is_reached(goal.target, value, is_up=goal.better == Better.UP))
    return PairGoalMark(review=review, goal=goal, value=value, is_met=is_met)


def _go_on(programme: PairProgramme, review: PairReview, actor: Person, at: datetime) -> None:
    outcome = PairOutcome(review.outcome)
    if outcome in (PairOutcome.PASSED, PairOutcome.ENDED):
        PAIR_FLOW.advance(
            programme, "pass" if outcome == PairOutcome.PASSED else "end", concluded_at=at, review_on=None
        )
        tell(PAIR_CONCLUDED, programme, actor, at, outcome=outcome)
        pair = programme.pair
        if pair.valid_until is None:
            part_mentor(pair=pair, until=max(review.held_on, pair.valid_from), actor=actor, at=at)
        return
    if review.until_on is not None:
        programme.until_on = review.until_on
    last = programme.until_on
    programme.review_on = next_review(review.held_on, months=programme.review_months, last_day=last)
    if programme.review_on is None:  # the term is over and nothing was concluded: it waits from tomorrow on
        programme.review_on = review.held_on + timedelta(days=1)
    programme.save(update_fields=["until_on", "review_on"])
