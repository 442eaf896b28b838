from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from ronghe.domain.agreements.enums import AgreementState, EndingKind, EndingState
from ronghe.domain.agreements.selectors import agreement_in_force
from ronghe.domain.agreements.services.drafting import draft_supplement
from ronghe.domain.agreements.services.ending import (
    EndingAnswered,
    EndingOpen,
    FinalMissing,
    LastDayOutside,
    SummaryMissing,
    TermNotOver,
    agree_to_ending,
    decline_ending,
    end_agreement,
    withdraw_ending,
)
from ronghe.domain.agreements.services.goals import NotInForce, read_goal
from ronghe.domain.agreements.services.signing import ReasonMissing
from ronghe.kernel.errors import NotAllowed, Stale
from ronghe.kernel.facts.models import Fact
from tests.factories.agreements_story import LAST_DAY, agree_all, make_signed, party_of, sign_all


@pytest.fixture
def agreement(sides, morning):
    return make_signed(sides, morning)


@pytest.fixture
def last_morning(morning):
    return datetime.combine(LAST_DAY, morning.timetz())


@pytest.fixture
def finals(agreement):
    return {goal.pk: goal.target for goal in agreement.goals.all()}


def end(agreement, sides, at, kind, number=0, **given):
    return end_agreement(
        agreement=agreement,
        party=party_of(agreement, number),
        kind=kind,
        actor=sides.secretaries[number],
        at=at,
        **given,
    )


def test_on_its_last_day_and_not_before_the_term_is_over(agreement, sides, last_morning, finals):
    with pytest.raises(TermNotOver):
        end(agreement, sides, last_morning - timedelta(days=1), EndingKind.TERM_OVER, summary="建成。", finals=finals)

    end(agreement, sides, last_morning, EndingKind.TERM_OVER, summary="建成。", finals=finals)

    agreement.refresh_from_db()
    assert (agreement.state, agreement.ended_as, agreement.summary) == ("ended", "term_over", "建成。")
    assert agreement_in_force(sides.project, LAST_DAY) == agreement
    assert [goal.final for goal in agreement.goals.order_by("position")] == [6, 5, 100]
    facts = Fact.objects.filter(kind="agreements.ended").order_by("pk")
    assert [(fact.body, fact.attributes) for fact in facts] == [
        (body.pk, '{"goals":3,"how":"term_over","last_day":"2026-12-20","reached":3}') for body in sides.bodies
    ]


def test_the_last_reading_is_the_final_value_unless_told(agreement, sides, last_morning, finals):
    goal = agreement.goals.get(key="hard_points")
    read_goal(
        goal=goal, party=party_of(agreement, 0), value=Decimal(4), day=LAST_DAY, actor=sides.secretaries[0],
        at=last_morning,
    )  # fmt: skip
    del finals[goal.pk]

    end(agreement, sides, last_morning, EndingKind.TERM_OVER, summary="建成。", finals=finals)

    goal.refresh_from_db()
    assert goal.final == 4


def test_an_end_says_what_came_of_it(agreement, sides, last_morning, finals):
    with pytest.raises(SummaryMissing):
        end(agreement, sides, last_morning, EndingKind.TERM_OVER, summary=" ", finals=finals)
    with pytest.raises(FinalMissing):
        end(agreement, sides, last_morning, EndingKind.TERM_OVER, summary="建成。")


def test_all_sides_agree_to_end_it_early(agreement, sides, morning, finals):
    later = morning + timedelta(days=20)
    ending = end(
        agreement, sides, later, EndingKind.BOTH_AGREE, summary="提前完成。", finals=finals,
        last_day=later.date() + timedelta(days=5),
    )  # fmt: skip
    agreement.refresh_from_db()
    assert agreement.state == AgreementState.IN_FORCE

    agree_to_ending(ending=ending, party=party_of(agreement, 1), actor=sides.secretaries[1], at=later)

    agreement.refresh_from_db()
    assert agreement.state == AgreementState.ENDED
    assert agreement_in_force(sides.project, later.date() + timedelta(days=5)) == agreement
    assert agreement_in_force(sides.project, later.date() + timedelta(days=6)) is None


def test_a_day_that_passed_while_the_others_thought_it_over_was_a_day_in_force(agreement, sides, morning, finals):
    ending = end(agreement, sides, morning, EndingKind.BOTH_AGREE, summary="完成。", finals=finals)
    later = morning + timedelta(days=3)

    agree_to_ending(ending=ending, party=party_of(agreement, 1), actor=sides.secretaries[1], at=later)

    assert agreement_in_force(sides.project, later.date()) == agreement
    assert agreement_in_force(sides.project, later.date() + timedelta(days=1)) is None


def test_a_side_may_say_no_to_ending_and_why(agreement, sides, morning, finals):
    ending = end(agreement, sides, morning, EndingKind.BOTH_AGREE, summary="完成。", finals=finals)
    answer = {"ending": ending, "party": party_of(agreement, 1), "actor": sides.secretaries[1], "at": morning}
    with pytest.raises(ReasonMissing):
        decline_ending(reason=" ", **answer)

    decline_ending(reason="还有两项难点", **answer)

    agreement.refresh_from_db()
    assert (agreement.state, ending.state) == (AgreementState.IN_FORCE, EndingState.DECLINED)
    with pytest.raises(Stale):
        agree_to_ending(**answer)


def test_a_proposal_to_end_may_be_taken_back_by_its_side(agreement, sides, morning, finals):
    ending = end(agreement, sides, morning, EndingKind.BOTH_AGREE, summary="完成。", finals=finals)
    with pytest.raises(NotAllowed):
        withdraw_ending(ending=ending, actor=sides.secretaries[1], at=morning)

    withdraw_ending(ending=ending, actor=sides.secretaries[0], at=morning)

    assert ending.state == EndingState.WITHDRAWN


def test_one_proposal_to_end_at_a_time_and_one_answer_a_side(agreement, sides, morning, finals):
    ending = end(agreement, sides, morning, EndingKind.BOTH_AGREE, summary="完成。", finals=finals)

    with pytest.raises(EndingOpen):
        end(agreement, sides, morning, EndingKind.BOTH_AGREE, number=1, summary="完成。", finals=finals)
    with pytest.raises(EndingAnswered):
        agree_to_ending(ending=ending, party=party_of(agreement, 0), actor=sides.secretaries[0], at=morning)


def test_one_side_breaks_it_off_with_a_reason(agreement, sides, morning):
    with pytest.raises(ReasonMissing):
        end(agreement, sides, morning, EndingKind.BROKEN_OFF)

    end(agreement, sides, morning, EndingKind.BROKEN_OFF, number=1, reason="项目划出本处")

    agreement.refresh_from_db()
    assert (agreement.state, agreement.ended_as) == ("ended", "broken_off")
    assert agreement_in_force(sides.project, morning.date() + timedelta(days=1)) is None


@pytest.mark.parametrize("day", [-1, 98])
def test_an_early_end_lies_between_today_and_the_terms(agreement, sides, morning, finals, day):
    with pytest.raises(LastDayOutside):
        end(
            agreement, sides, morning, EndingKind.BOTH_AGREE, summary="完成。", finals=finals,
            last_day=morning.date() + timedelta(days=day),
        )  # fmt: skip


def test_what_has_ended_does_not_end_again(agreement, sides, morning):
    end(agreement, sides, morning, EndingKind.BROKEN_OFF, reason="项目划出本处")

    with pytest.raises(NotInForce):
        end(agreement, sides, morning, EndingKind.BROKEN_OFF, reason="项目划出本处")


def test_members_and_those_above_end_nothing(agreement, sides, morning):
    for actor in (sides.members[0], sides.clerk, sides.auditor):
        with pytest.raises(NotAllowed):
            end_agreement(
                agreement=agreement, party=party_of(agreement, 0), kind=EndingKind.BROKEN_OFF, reason="不办了",
                actor=actor, at=morning,
            )  # fmt: skip


def test_with_the_agreement_end_its_supplements(agreement, sides, morning):
    def supplement():
        return draft_supplement(
            agreement=agreement, party=party_of(agreement, 0), starts_on=morning.date(), ends_on=LAST_DAY,
            actor=sides.secretaries[0], at=morning,
        )  # fmt: skip

    signed = sign_all(agree_all(supplement(), sides, morning), sides, morning)
    draft = supplement()

    end(agreement, sides, morning, EndingKind.BROKEN_OFF, reason="项目划出本处")

    signed.refresh_from_db()
    draft.refresh_from_db()
    assert (signed.state, draft.state) == (AgreementState.ENDED, AgreementState.CALLED_OFF)
