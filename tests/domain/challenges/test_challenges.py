"""揭榜挂帅 from proposed to paid (CA-04), and every refusal on the way."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from ronghe.domain.challenges.enums import BidState, Finding
from ronghe.domain.challenges.models import Panelist
from ronghe.domain.challenges.selectors import bids_to_score, challenges_to_score, view_of
from ronghe.domain.challenges.services.carrying_out import (
    AmountUnfit,
    MilestonesOpen,
    MilestonesUnfit,
    MilestoneText,
    NotReached,
    PaidTooMuch,
    ReasonsMissing,
    StillToPay,
    check_milestone,
    find_failed,
    hand_in,
    pay,
    reach_milestone,
    settle,
    sign_pledge,
)
from ronghe.domain.challenges.services.judging import (
    AlreadyDeclared,
    AlreadyScored,
    InConflict,
    NotDeclared,
    PanelistBids,
    PanelScoring,
    PanelTooSmall,
    PointsUnfit,
    ReasonForOther,
    ScoresMissing,
    declare_interest,
    name_panel,
    post_again,
    score_bid,
    select_bid,
)
from ronghe.domain.challenges.services.posting import (
    AcceptanceMissing,
    AlreadyBid,
    BiddingOver,
    BiddingStillOpen,
    BidIncomplete,
    DayPast,
    NoBids,
    Offer,
    PosterBids,
    RewardNegative,
    TermsFixed,
    TermsMissing,
    WeightsUnfit,
    close_bidding,
    make_bid,
    publish,
    set_terms,
    withdraw_bid,
)
from ronghe.domain.items.services.steps import StepNoteMissing, take_step
from ronghe.kernel.errors import NotAllowed, NotFound
from ronghe.kernel.facts.models import Fact
from ronghe.kernel.workflow import StepNotAllowed
from tests.factories.challenges import (
    BIDDING,
    POINTS,
    bid,
    judge,
    make_judging,
    make_posted,
    make_proposed,
    make_running,
    terms,
)
from tests.factories.org import make_person
from tests.factories.rhythm import photo

pytestmark = pytest.mark.django_db


def panelist(story, place=0):
    return Panelist.objects.select_related("person", "item").order_by("pk")[place]


def test_terms_are_set_before_it_is_posted_and_stay(morning):
    story = make_proposed(morning)
    with pytest.raises(TermsMissing):
        publish(item=story.item, actor=story.poster, at=morning)
    for refusal, changed in (
        (DayPast, {"bids_until": morning}), (RewardNegative, {"reward": Decimal("-0.01")}),
        (AcceptanceMissing, {"acceptance": " "}), (WeightsUnfit, {"weights": {"plan": 99}}),
    ):  # fmt: skip
        with pytest.raises(refusal):
            set_terms(item=story.item, terms=terms(morning, **changed), actor=story.poster, at=morning)
    with pytest.raises(NotAllowed):
        set_terms(item=story.item, terms=terms(morning), actor=story.zone.members[0], at=morning)
    set_terms(item=story.item, terms=terms(morning), actor=story.poster, at=morning)
    publish(item=story.item, actor=story.poster, at=morning)

    assert (story.item.state, story.item.visibility, story.item.due_at) == ("published", "everyone", morning + BIDDING)
    with pytest.raises(TermsFixed):
        set_terms(item=story.item, terms=terms(morning), actor=story.poster, at=morning)


def test_bids_are_taken_until_the_day_and_not_after(morning):
    story = make_posted(morning)
    last = morning + BIDDING
    first, second = story.zone.members[:2]
    with pytest.raises(BidIncomplete):
        make_bid(item=story.item, offer=Offer("", 10, Decimal(0)), actor=first, at=morning)
    with pytest.raises(PosterBids):
        bid(story, story.zone.clerk, morning)
    made = bid(story, first, last, team=(second, first))
    assert made.members.count() == 1
    with pytest.raises(AlreadyBid):
        bid(story, first, last)
    with pytest.raises(BiddingOver):
        bid(story, second, last + timedelta(seconds=1))
    with pytest.raises(NotAllowed):
        withdraw_bid(bid=made, actor=second, at=last)
    withdraw_bid(bid=made, actor=first, at=last)
    assert bid(story, first, last).state == BidState.SUBMITTED


def test_judging_begins_after_the_day_and_with_bids(morning):
    story = make_posted(morning)
    with pytest.raises(BiddingStillOpen):
        close_bidding(item=story.item, actor=story.poster, at=morning + BIDDING)
    with pytest.raises(NoBids):
        close_bidding(item=story.item, actor=story.poster, at=morning + BIDDING + timedelta(seconds=1))
    with pytest.raises(NotFound):
        take_step(item=story.item, step="judge", actor=story.poster, at=morning + BIDDING)


def test_a_panel_has_three_and_nobody_who_bids(morning):
    story = make_posted(morning)
    bid(story, story.zone.members[0], morning, team=(story.zone.members[1],))
    with pytest.raises(PanelTooSmall):
        name_panel(item=story.item, people=[*story.experts[:2], story.experts[0]], actor=story.poster, at=morning)
    for inside in (story.zone.members[0], story.zone.members[1], story.zone.clerk):
        with pytest.raises(PanelistBids):
            name_panel(item=story.item, people=[*story.experts[:2], inside], actor=story.poster, at=morning)
    name_panel(item=story.item, people=story.experts, actor=story.poster, at=morning)
    other = make_person("另一位专家", home=story.zone.branch)
    named = name_panel(item=story.item, people=[*story.experts[:2], other], actor=story.poster, at=morning)

    assert {row.person for row in named} == {*story.experts[:2], other}


def test_nobody_scores_before_declaring_nor_where_there_is_an_interest(morning):
    story = make_judging(morning)
    mine = panelist(story)
    first, second = story.bids
    with pytest.raises(NotDeclared):
        score_bid(panelist=mine, bid=first, points=POINTS, actor=mine.person, at=morning)
    with pytest.raises(NotAllowed):
        declare_interest(panelist=mine, interests={}, actor=story.experts[1], at=morning)
    declare_interest(panelist=mine, interests={first: "师徒"}, actor=mine.person, at=morning)
    with pytest.raises(AlreadyDeclared):
        declare_interest(panelist=mine, interests={}, actor=mine.person, at=morning)
    with pytest.raises(InConflict):
        score_bid(panelist=mine, bid=first, points=POINTS, actor=mine.person, at=morning)
    for unfit in ({**POINTS, "plan": 101}, {**POINTS, "plan": -1}, {"plan": 80}):
        with pytest.raises(PointsUnfit):
            score_bid(panelist=mine, bid=second, points=unfit, actor=mine.person, at=morning)
    assert list(bids_to_score(mine)) == [second]
    score_bid(panelist=mine, bid=second, points=POINTS, actor=mine.person, at=morning)
    with pytest.raises(AlreadyScored):
        score_bid(panelist=mine, bid=second, points=POINTS, actor=mine.person, at=morning)
    with pytest.raises(PanelScoring):
        name_panel(item=story.item, people=story.experts, actor=story.poster, at=morning)
    assert list(challenges_to_score(mine.person, morning)) == []
    assert list(challenges_to_score(story.experts[1], morning)) == [story.item]


def test_one_bid_is_selected_the_best_unless_there_is_a_reason(morning):
    story = make_judging(morning)
    later = morning + timedelta(days=11)
    with pytest.raises(ScoresMissing, match="专家0、专家1、专家2"):
        select_bid(item=story.item, bid=story.bids[0], actor=story.poster, at=later)
    judge(story, later, best=1)
    with pytest.raises(ReasonForOther):
        select_bid(item=story.item, bid=story.bids[0], actor=story.poster, at=later)
    select_bid(item=story.item, bid=story.bids[0], actor=story.poster, at=later, reason="时间更稳妥")

    story.bids[1].refresh_from_db()
    assert (story.bids[0].state, story.bids[1].state) == ("selected", "not_selected")
    assert (story.item.state, story.item.owner) == ("selected", story.zone.members[0])
    assert '"is_top":false' in Fact.objects.get(kind="challenges.bid_selected").attributes


def test_it_is_posted_again_where_no_bid_is_good_enough(morning):
    story = make_judging(morning)
    later = morning + timedelta(days=11)
    with pytest.raises(DayPast):
        post_again(item=story.item, until=later, reason="都超预算", actor=story.poster, at=later)
    with pytest.raises(StepNoteMissing):
        post_again(item=story.item, until=later + BIDDING, reason=" ", actor=story.poster, at=later)
    post_again(item=story.item, until=later + BIDDING, reason="都超预算", actor=story.poster, at=later)

    assert story.item.state == "published"
    assert bid(story, story.zone.members[0], later).state == BidState.SUBMITTED


def test_the_pledge_wants_milestones_in_order_that_make_the_reward(morning):
    story = make_judging(morning)
    later = morning + timedelta(days=11)
    judge(story, later)
    select_bid(item=story.item, bid=story.bids[0], actor=story.poster, at=later)
    leader, day = story.zone.members[0], later.date()
    for unfit in (
        [], [MilestoneText("样机", day, 99)], [MilestoneText(" ", day, 100)],
        [MilestoneText("样机", day - timedelta(days=1), 100)],
        [MilestoneText("后", day + timedelta(days=2), 50), MilestoneText("先", day, 50)],
    ):  # fmt: skip
        with pytest.raises(MilestonesUnfit):
            sign_pledge(item=story.item, milestones=unfit, actor=leader, at=later)
    with pytest.raises(NotAllowed):
        sign_pledge(item=story.item, milestones=[MilestoneText("样机", day, 100)], actor=story.poster, at=later)
    sign_pledge(item=story.item, milestones=[MilestoneText("样机", day, 100)], actor=leader, at=later)

    assert (story.item.state, story.item.pledges.count()) == ("running", 1)


def test_from_milestones_to_the_last_yuan(morning):
    story = make_running(morning)
    leader, later = story.zone.members[0], morning + timedelta(days=20)
    first, second = story.item.milestones.select_related("item").order_by("number")
    with pytest.raises(NotReached):
        check_milestone(milestone=first, is_reached=True, actor=story.poster, at=later)
    with pytest.raises(ReasonsMissing):
        reach_milestone(milestone=first, note=" ", actor=leader, at=later)
    reach_milestone(milestone=first, note="样机已下井", actor=leader, at=later)
    check_milestone(milestone=first, is_reached=False, actor=story.poster, at=later)
    assert first.reached_at is None
    reach_milestone(milestone=first, note="样机已下井", actor=leader, at=later)
    check_milestone(milestone=first, is_reached=True, actor=story.poster, at=later)
    assert first.is_on_time
    with pytest.raises(MilestonesOpen):
        hand_in(item=story.item, note="成了", uploads=[photo()], actor=leader, at=later)
    reach_milestone(milestone=second, note="30 天", actor=leader, at=later)
    check_milestone(milestone=second, is_reached=True, actor=story.poster, at=later)
    hand_in(item=story.item, note="成了", uploads=[photo()], actor=leader, at=later)
    take_step(item=story.item, step="accept", actor=story.poster, at=later)
    with pytest.raises(StillToPay):
        settle(item=story.item, actor=story.poster, at=later)
    for refusal, amount in ((AmountUnfit, "0"), (AmountUnfit, "0.001"), (PaidTooMuch, "50000.01")):
        with pytest.raises(refusal):
            pay(item=story.item, amount=Decimal(amount), paid_on=later.date(), actor=story.poster, at=later)
    pay(item=story.item, amount=Decimal(20000), paid_on=later.date(), actor=story.poster, at=later)
    with pytest.raises(PaidTooMuch):
        pay(item=story.item, amount=Decimal("30000.01"), paid_on=later.date(), actor=story.poster, at=later)
    pay(item=story.item, amount=Decimal(30000), paid_on=later.date(), actor=story.poster, at=later)
    settle(item=story.item, actor=story.poster, at=later)

    assert (story.item.state, story.item.is_closed) == ("paid", True)
    assert view_of(story.item, story.poster, later).left_to_pay == 0


def test_an_honest_failure_is_tolerated_and_told(morning):
    story = make_running(morning)
    with pytest.raises(ReasonsMissing):
        find_failed(item=story.item, finding=Finding.HONEST, reasons=" ", actor=story.poster, at=morning)
    with pytest.raises(NotAllowed):
        find_failed(item=story.item, finding=Finding.HONEST, reasons="x", actor=story.zone.members[0], at=morning)
    found = find_failed(
        item=story.item, finding=Finding.HONEST, reasons="地层条件变化，过程留痕完整", actor=story.poster, at=morning,
        learnt="电热方案不适用于高含水井",
    )  # fmt: skip

    assert (story.item.state, found.finding) == ("failed", "honest")
    with pytest.raises(StepNotAllowed):
        find_failed(item=story.item, finding=Finding.HONEST, reasons="x", actor=story.poster, at=morning)


def test_nobody_sees_another_bid_while_bids_come_in(morning):
    story = make_posted(morning)
    first, second = story.zone.members[:2]
    bid(story, first, morning)

    def seen(person):
        view = view_of(story.item, person, morning)
        return [row.bid for row in view.bids], view.bids_made

    assert seen(first) == (story.bids, 1)
    assert seen(second) == ([], 1)
    assert seen(story.poster) == ([], 1)


def test_scores_are_seen_by_those_who_decide_and_by_all_when_decided(morning, django_assert_max_num_queries):
    story = make_judging(morning)
    later = morning + timedelta(days=11)
    judge(story, later)

    def standings(person):
        return [row.standing.score if row.standing else None for row in view_of(story.item, person, later).bids]

    assert standings(story.poster) == [Decimal("90.00"), Decimal("80.00")]
    assert standings(story.experts[0]) == [None, None]
    assert standings(story.zone.members[0]) == [None]
    select_bid(item=story.item, bid=story.bids[0], actor=story.poster, at=later)
    assert standings(story.zone.members[2]) == [Decimal("90.00"), Decimal("80.00")]
    with django_assert_max_num_queries(16):
        view_of(story.item, story.poster, later)
