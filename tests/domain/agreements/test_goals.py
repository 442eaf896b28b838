from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from ronghe.domain.agreements.enums import Verdict
from ronghe.domain.agreements.selectors.goals import goal_states, heads_of, history_of
from ronghe.domain.agreements.services.goals import (
    DayOutside,
    NotInForce,
    ReadingCorrected,
    ValueUnfit,
    read_goal,
)
from ronghe.domain.agreements.services.reviewing import (
    ConclusionMissing,
    Finding,
    ReviewedThatDay,
    review_agreement,
)
from ronghe.kernel.errors import NotAllowed
from ronghe.kernel.facts.models import Fact
from tests.factories.agreements_story import LAST_DAY, make_signed, party_of


@pytest.fixture
def agreement(sides, morning):
    return make_signed(sides, morning)


@pytest.fixture
def later(morning):
    return morning + timedelta(days=49)


def read(agreement, sides, at, value, *, goal="hard_points", day=None, number=0, **further):
    return read_goal(
        goal=agreement.goals.get(key=goal), party=party_of(agreement, number), value=Decimal(value),
        day=day or at.date(), actor=sides.secretaries[number], at=at, **further,
    )  # fmt: skip


def state(agreement, at, goal="hard_points"):
    return next(one for one in goal_states(agreement, at.date()) if one.goal.key == goal)


def test_readings_over_time_say_how_far_a_goal_has_come(agreement, sides, morning, later):
    read(agreement, sides, later, "1", day=morning.date(), evidence="攻关台账")
    read(agreement, sides, later, "2")

    found = state(agreement, later)

    assert (found.now, found.share) == (Decimal(2), Decimal(40))
    assert found.values == [0, 1, 2]
    assert not found.is_overdue


def test_both_sides_read(agreement, sides, later):
    read(agreement, sides, later, "3", number=1)

    assert state(agreement, later).now == 3
    with pytest.raises(NotAllowed):
        read_goal(
            goal=agreement.goals.first(), party=party_of(agreement, 0), value=Decimal(1), day=later.date(),
            actor=sides.members[0], at=later,
        )  # fmt: skip


def test_a_goal_never_read_stands_nowhere(agreement, later):
    found = state(agreement, later)

    assert (found.now, found.share, found.suggested) == (None, None, "unknown")


def test_a_wrong_reading_is_corrected_and_stays_to_be_seen(agreement, sides, later):
    wrong = read(agreement, sides, later, "50")
    right = read(agreement, sides, later, "5", corrects=wrong)

    assert state(agreement, later).now == 5
    assert history_of(right.goal) == [right, wrong]
    with pytest.raises(ReadingCorrected):
        read(agreement, sides, later, "6", corrects=wrong)


@pytest.mark.parametrize("days", [-1, 50])
def test_a_reading_is_of_a_day_in_force_up_to_today(agreement, sides, morning, later, days):
    with pytest.raises(DayOutside):
        read(agreement, sides, later, "1", day=morning.date() + timedelta(days=days))


@pytest.mark.parametrize("value", ["1000000000", "0.00001", "NaN", "Infinity"])
def test_a_value_that_cannot_be_kept_is_refused(agreement, sides, later, value):
    with pytest.raises(ValueUnfit):
        read(agreement, sides, later, value)


def test_a_goal_is_overdue_the_day_after_it_was_due(agreement, sides, later):
    read(agreement, sides, later, "4")

    assert not next(s for s in goal_states(agreement, LAST_DAY) if s.goal.key == "hard_points").is_overdue
    found = goal_states(agreement, LAST_DAY + timedelta(days=1))
    assert next(s for s in found if s.goal.key == "hard_points").is_overdue


def test_heads_average_what_their_goals_have_come(agreement, sides, later):
    read(agreement, sides, later, "2")

    heads = {head.head.value: head.share for head in heads_of(goal_states(agreement, later.date()))}

    assert heads == {"party_building": None, "project": Decimal(40), "ideology": None}


def test_a_review_meets_the_duty_of_each_side(agreement, sides, later):
    read(agreement, sides, later, "5")
    read(agreement, sides, later, "0", goal="talks")

    review = review_agreement(
        agreement=agreement, party=party_of(agreement, 0), held_on=later.date(), conclusion="谈心要抓紧。",
        actor=sides.secretaries[0], at=later,
    )  # fmt: skip

    assert {finding.goal.key: finding.verdict for finding in review.findings.all()} == {
        "joint_study": Verdict.UNKNOWN, "hard_points": Verdict.REACHED, "talks": Verdict.BEHIND,
    }  # fmt: skip
    facts = Fact.objects.filter(kind="agreements.reviewed").order_by("pk")
    assert [(fact.body, fact.attributes) for fact in facts] == [
        (body.pk, '{"goals":3,"held_on":"2026-11-02","kind":"letter_of_intent","on_track":1}') for body in sides.bodies
    ]


def test_the_sides_may_find_otherwise_but_not_of_what_was_never_read(agreement, sides, later):
    read(agreement, sides, later, "1")
    goals = {goal.key: goal.pk for goal in agreement.goals.all()}

    review = review_agreement(
        agreement=agreement, party=party_of(agreement, 0), held_on=later.date(), conclusion="按计划。",
        actor=sides.secretaries[0], at=later,
        findings={goals["hard_points"]: Finding(Verdict.ON_TRACK, "月底集中处理"),
                  goals["talks"]: Finding(Verdict.REACHED)},
    )  # fmt: skip

    found = {finding.goal.key: (finding.verdict, finding.text) for finding in review.findings.all()}
    assert found["hard_points"] == (Verdict.ON_TRACK, "月底集中处理")
    assert found["talks"] == (Verdict.UNKNOWN, "")


def test_the_next_review_is_due_after_the_agreed_months_at_the_latest_on_the_last_day(agreement, sides, later):
    review_agreement(
        agreement=agreement, party=party_of(agreement, 0), held_on=later.date(), conclusion="好。",
        actor=sides.secretaries[0], at=later,
    )  # fmt: skip

    agreement.refresh_from_db()
    assert agreement.review_on == LAST_DAY


def test_reviews_follow_one_another(agreement, sides, later):
    given = {"agreement": agreement, "party": party_of(agreement, 0), "actor": sides.secretaries[0], "at": later}
    review_agreement(held_on=later.date(), conclusion="好。", **given)

    for day in (later.date(), later.date() - timedelta(days=1)):
        with pytest.raises(ReviewedThatDay):
            review_agreement(held_on=day, conclusion="好。", **given)
    with pytest.raises(ConclusionMissing):
        review_agreement(held_on=later.date(), conclusion=" ", **given)


def test_what_does_not_bind_is_neither_read_nor_reviewed(agreement, sides, later):
    type(agreement).objects.update(state="signing")

    with pytest.raises(NotInForce):
        read(agreement, sides, later, "1")
    with pytest.raises(NotInForce):
        review_agreement(
            agreement=agreement, party=party_of(agreement, 0), held_on=later.date(), conclusion="好。",
            actor=sides.secretaries[0], at=later,
        )  # fmt: skip
