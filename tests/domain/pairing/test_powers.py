"""Powers of the one leader: granted, used, settled (A2)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from ronghe.domain.org.services.people import leave_post
from ronghe.domain.pairing.enums import PowerWay
from ronghe.domain.pairing.models import PowerUse
from ronghe.domain.pairing.selectors import power_list, power_named, powers_held, uses_seen_by
from ronghe.domain.pairing.services.powers import (
    DaysTurned,
    NoDocument,
    NoOneLeader,
    NoReason,
    NoSuchPower,
    NotLeaderNow,
    NotYet,
    PersonOutside,
    PowerHeld,
    PowerListed,
    PowerNotHeld,
    UsedThatDay,
    UseSaysNothing,
    adopt_use,
    grant_power,
    list_power,
    return_use,
    use_power,
    withdraw_power,
)
from ronghe.kernel.errors import NotAllowed, Stale
from ronghe.kernel.facts.models import Fact
from ronghe.kernel.workflow import StepNotAllowed
from tests.domain.pairing.making import NOW, SINCE, TODAY, granted, paired
from tests.factories.org import make_post

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def story():
    return paired()


def use(story, power, **changes):
    return use_power(**{"power": power, "day": TODAY, "actor": story.leader, "at": NOW} | changes)


def proposed(story):
    return use(story, granted(story, "bonus_proposal"), text="三季度奖金多分", people=[story.welder])


def test_list_holds_the_four_shipped_powers_and_the_units_own(story):
    assert [power.code for power in power_list()] == [
        "attendance", "daily_assignment", "bonus_proposal", "honour_proposal",
    ]  # fmt: skip

    own = list_power(name="轮休安排", way=PowerWay.ORDER, body=story.group, actor=story.clerk, at=NOW)

    assert (power_list()[-1].name, own.code) == ("轮休安排", "own_lun_xiu_an_pai")
    assert granted(story, own.code).leader == story.leader
    with pytest.raises(PowerListed):
        list_power(name="轮休安排", way=PowerWay.ORDER, body=story.group, actor=story.clerk, at=NOW)
    with pytest.raises(NotAllowed):
        list_power(name="加班安排", way=PowerWay.ORDER, body=story.group, actor=story.secretary, at=NOW)


def test_grant_names_leader_power_document_and_days(story):
    power = granted(story, until=TODAY + DAY)

    assert (power.leader, power.document, power.valid_from, power.valid_until) == (
        story.leader, "支委会〔2026〕9号", SINCE, TODAY + DAY,
    )  # fmt: skip
    fact = Fact.objects.get(kind="pairing.power_granted")
    assert (fact.subject, fact.values) == (story.leader.token, {"power": "attendance", "until": "2026-09-15"})
    assert powers_held(story.leader, TODAY) == [power]
    assert powers_held(story.leader, TODAY + DAY) == []


def test_grant_wants_a_listed_power_a_document_and_days_in_order(story):
    given = {"link": story.link, "since": SINCE, "until": None, "document": "九号", "actor": story.secretary, "at": NOW}
    with pytest.raises(NoSuchPower):
        grant_power(**given, power="hiring")
    with pytest.raises(NoDocument):
        grant_power(**given | {"document": "  "}, power="attendance")
    with pytest.raises(DaysTurned):
        grant_power(**given | {"until": SINCE}, power="attendance")
    for actor in (story.leader, story.outsider):
        with pytest.raises(NotAllowed):
            grant_power(**given | {"actor": actor}, power="attendance")


def test_grant_needs_one_leader_for_both_pp_11(story):
    post = story.leader.posts.get(role="team_leader")
    leave_post(post=post, until=TODAY, actor=story.clerk, at=NOW)

    with pytest.raises(NoOneLeader):
        granted(story)


def test_power_is_held_once_at_a_time_and_again_afterwards(story):
    granted(story, until=TODAY)
    with pytest.raises(PowerHeld):
        granted(story, since=TODAY - DAY)
    assert granted(story, since=TODAY).valid_from == TODAY


def test_power_granted_and_withdrawn_the_same_day_can_be_granted_again(story):
    withdraw_power(power=granted(story, since=TODAY), until=TODAY, actor=story.secretary, at=NOW)

    assert granted(story, since=TODAY).valid_until is None


def test_power_is_withdrawn_once_by_the_branch(story):
    power = granted(story)
    with pytest.raises(NotAllowed):
        withdraw_power(power=power, until=TODAY, actor=story.leader, at=NOW)
    with pytest.raises(DaysTurned):
        withdraw_power(power=power, until=SINCE - DAY, actor=story.secretary, at=NOW)

    withdraw_power(power=power, until=TODAY, actor=story.secretary, at=NOW)

    with pytest.raises(Stale):
        withdraw_power(power=power, until=TODAY, actor=story.secretary, at=NOW)


def test_every_use_is_a_row_and_a_fact(story):
    made = use(story, granted(story), people=[story.welder])

    fact = Fact.objects.get(kind="pairing.power_used")
    assert (fact.subject, fact.source_id, fact.body, fact.unit) == (
        story.leader.token, made.pk, story.group.pk, story.team.pk,
    )  # fmt: skip
    assert fact.values == {"power": "attendance", "day": "2026-09-14", "people": 1}


def test_no_use_without_a_grant_that_holds_that_day_pp_11(story):
    power = granted(story, since=TODAY - DAY, until=TODAY)

    with pytest.raises(PowerNotHeld):
        use(story, power, day=TODAY)
    with pytest.raises(PowerNotHeld):
        use(story, power, day=TODAY - 2 * DAY)
    assert use(story, power, day=TODAY - DAY).day == TODAY - DAY


def test_nobody_uses_another_ones_power(story):
    with pytest.raises(PowerNotHeld):
        use(story, granted(story), actor=story.secretary)


def test_no_use_by_who_leads_only_one_of_the_two_pp_11(story):
    power = granted(story)
    post = story.leader.posts.get(role="group_leader")
    leave_post(post=post, until=TODAY, actor=story.clerk, at=NOW)

    with pytest.raises(NotLeaderNow):
        use(story, power)
    assert use(story, power, day=TODAY - DAY)


def test_attendance_is_noted_once_a_day_and_not_ahead(story):
    power = granted(story)
    use(story, power)

    with pytest.raises(UsedThatDay):
        use(story, power)
    with pytest.raises(NotYet):
        use(story, power, day=TODAY + DAY)
    assert use(story, power, day=TODAY - DAY)


def test_order_says_what_and_proposal_says_what_and_whom(story):
    order, proposal = granted(story, "daily_assignment"), granted(story, "honour_proposal")

    with pytest.raises(UseSaysNothing):
        use(story, order, people=[story.welder])
    with pytest.raises(UseSaysNothing):
        use(story, proposal, text="荐为先进")
    assert use(story, order, text="清理3号注水泵", day=TODAY + DAY).state == "recorded"
    assert use(story, proposal, text="荐为先进", people=[story.welder]).state == "proposed"


def test_people_of_other_teams_are_not_named(story):
    with pytest.raises(PersonOutside):
        use(story, granted(story), people=[story.outsider])
    assert not PowerUse.objects.exists()


def test_proposal_is_adopted_once_by_the_branch_and_not_by_who_made_it(story):
    made = proposed(story)
    for actor in (story.leader, story.outsider):
        with pytest.raises(NotAllowed):
            adopt_use(use=made, actor=actor, at=NOW)

    adopt_use(use=made, actor=story.secretary, at=NOW)

    assert (made.state, made.settled_by) == ("adopted", story.secretary)
    assert Fact.objects.get(kind="pairing.proposal_adopted").subject == story.leader.token
    with pytest.raises(StepNotAllowed):
        return_use(use=made, reason="不宜", actor=story.secretary, at=NOW)


def test_secretary_who_leads_the_group_does_not_adopt_the_own_proposal(story):
    make_post(story.leader, "secretary", body=story.branch)

    with pytest.raises(NotAllowed):
        adopt_use(use=proposed(story), actor=story.leader, at=NOW)


def test_proposal_is_returned_with_a_reason(story):
    made = proposed(story)
    with pytest.raises(NoReason):
        return_use(use=made, reason=" ", actor=story.secretary, at=NOW)

    return_use(use=made, reason="先公示出勤", actor=story.secretary, at=NOW)

    assert (made.state, made.settling_note) == ("returned", "先公示出勤")


def test_what_is_recorded_is_not_settled(story):
    with pytest.raises(StepNotAllowed):
        adopt_use(use=use(story, granted(story)), actor=story.secretary, at=NOW)


def test_uses_are_seen_by_leader_branch_and_whom_they_name(story):
    made = proposed(story)

    for actor in (story.leader, story.secretary, story.welder):
        assert list(uses_seen_by(actor, NOW)) == [made]
    assert list(uses_seen_by(story.outsider, NOW)) == []


def test_own_powers_have_a_name_and_unknown_ones_none():
    assert power_named("attendance").name == "考勤"
    assert power_named("hiring") is None
