"""An activity held together: one record, one sheet, and each body takes it as its own."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from ronghe.domain.obligations.models import Obligation
from ronghe.domain.obligations.services.matching import rematch
from ronghe.domain.org.enums import BodyTree, MembershipKind, PostRole
from ronghe.domain.org.services.people import join_body
from ronghe.domain.rhythm.enums import HUDDLES, TYPES_OF_TREE, ActivityType
from ronghe.domain.rhythm.facts import ACTIVITY_CLOSED, ATTENDED, HOST_ADDED, HOST_WITHDRAWN
from ronghe.domain.rhythm.models import Activity, Attendance
from ronghe.domain.rhythm.rules import RUN_ACTIVITY, SEE_ACTIVITY
from ronghe.domain.rhythm.selectors import (
    activities_seen_by,
    expected_people,
    held_by,
    open_activities_of,
)
from ronghe.domain.rhythm.services.activities import NotOfThisTree, open_activity, open_huddle, plan_activity
from ronghe.domain.rhythm.services.agenda import add_agenda_item
from ronghe.domain.rhythm.services.closing import close_activity
from ronghe.domain.rhythm.services.codes import sign_in_code
from ronghe.domain.rhythm.services.hosts import (
    HostAs,
    HostNotYours,
    HostRefused,
    HostsFixed,
    add_host,
    withdraw_host,
)
from ronghe.domain.rhythm.services.sign_in import sign_in_with_code
from ronghe.kernel.errors import NotAllowed
from ronghe.kernel.facts.models import Fact
from tests.domain.playbooks.making import adopt, playbook
from tests.factories.contacts import make_contacts
from tests.factories.org import LONG_AGO, SET_UP_AT, make_person, make_post

pytestmark = pytest.mark.django_db

MONTHLY = """\
  - id: {id}
    title: {{zh: {id}, en: {id}}}
    dimension: life
    for: [{kind}]
    cadence: {{rrule: FREQ=MONTHLY, window: month}}
    answers: secretary
    {more}
    satisfied_by: [{{kind: rhythm.activity_closed, where: {{activity_type: {type}}}}}]
"""
BRANCHES = MONTHLY.format(id="theme_day", kind="branch", type="theme_party_day", more="")
LEAGUES = MONTHLY.format(id="league_day", kind="league_branch", type="theme_league_day", more="")


@pytest.fixture
def story():
    story = make_contacts()
    join_body(
        person=story.worker, body=story.league, kind=MembershipKind.LEAGUE, since=LONG_AGO, actor=None, at=SET_UP_AT
    )
    return story


def planned(story, at, *, hosts=(), kind=ActivityType.THEME_PARTY_DAY, body=None, actor=None) -> Activity:
    return plan_activity(
        activity_type=kind, body=body or story.branch, place="站活动室", scheduled_from=at,
        scheduled_until=at + timedelta(hours=1), actor=actor or story.secretary, at=at, hosts=hosts,
    )  # fmt: skip


def held(story, at, activity, *people):
    open_activity(activity=activity, actor=story.secretary, at=at)
    for person in (story.secretary, *people):
        sign_in_with_code(code=sign_in_code(activity, at=at), actor=person, at=at)
    add_agenda_item(activity=activity, topic="学习党的二十大精神", actor=story.secretary, at=at)
    return close_activity(activity=activity, actor=story.secretary, at=at + timedelta(hours=1))


def with_league(story):
    return [HostAs(story.league, ActivityType.THEME_LEAGUE_DAY)]


def test_every_kind_of_gathering_is_held_by_some_tree():
    assert frozenset().union(*TYPES_OF_TREE.values()) == frozenset(ActivityType)
    assert TYPES_OF_TREE[BodyTree.PARTY] >= HUDDLES


def test_bodies_hold_what_their_tree_holds(story, morning):
    with pytest.raises(NotOfThisTree) as refusal:
        planned(story, morning, kind=ActivityType.THEME_LEAGUE_DAY)
    assert "主题团日" in str(refusal.value)
    with pytest.raises(NotOfThisTree):
        planned(story, morning, kind=ActivityType.PARTY_LECTURE, body=story.union)
    assert planned(story, morning, kind=ActivityType.LABOR_CONTEST, body=story.union).pk


def test_leaders_of_union_and_league_run_what_their_own_bodies_hold_and_nothing_else(story, morning):
    own = planned(story, morning, kind=ActivityType.THEME_LEAGUE_DAY, body=story.league, actor=story.youth)
    assert open_activity(activity=own, actor=story.youth, at=morning).opened_at == morning
    for body, kind in ((story.branch, ActivityType.THEME_PARTY_DAY), (story.union, ActivityType.LABOR_CONTEST)):
        with pytest.raises(NotAllowed):
            planned(story, morning, kind=kind, body=body, actor=story.youth)


def test_it_is_recorded_once_and_told_of_each_body_in_its_own_words(story, morning):
    activity = planned(story, morning, hosts=with_league(story))

    held(story, morning, activity, story.worker)

    facts = Fact.objects.filter(kind=ACTIVITY_CLOSED.name).order_by("pk")
    told = [
        (fact.body, fact.values["activity_type"], fact.values["expected"], fact.values["present"]) for fact in facts
    ]
    assert told == [
        (story.branch.pk, "theme_party_day", 2, 1),  # 郭大海 came, 孙梅 did not
        (story.league.pk, "theme_league_day", 2, 1),  # 田小雨 came, 何青 did not
    ]
    assert len({(fact.source_type, fact.source_id) for fact in facts}) == 1
    assert Fact.objects.filter(kind=ATTENDED.name).count() == 2
    assert Attendance.objects.filter(activity=activity, status="present").count() == 2
    activity.refresh_from_db()
    assert (activity.expected_count, activity.present_count) == (4, 2)


def test_duties_of_every_host_are_met_by_the_one_record(story, morning):
    adopt(story.branch, playbook(BRANCHES, playbook_id="of_branch"), date(2026, 9, 1))
    adopt(story.league, playbook(LEAGUES, playbook_id="of_league"), date(2026, 9, 1))

    done = held(story, morning, planned(story, morning, hosts=with_league(story)))

    assert [(one.body.name, one.mechanism) for one in done.met] == [
        ("义隆首站党支部", "theme_day"), ("义隆首站团支部", "league_day"),
    ]  # fmt: skip


def test_matching_again_changes_nothing(story, morning):
    adopt(story.branch, playbook(BRANCHES, playbook_id="of_branch"), date(2026, 9, 1))
    adopt(story.league, playbook(LEAGUES, playbook_id="of_league"), date(2026, 9, 1))
    held(story, morning, planned(story, morning, hosts=with_league(story)))
    before = list(Obligation.objects.filter(match__isnull=False).order_by("pk").values_list("pk", "match__pk"))

    rematch([story.branch.pk, story.league.pk], since=date(2026, 9, 1))

    assert list(Obligation.objects.filter(match__isnull=False).order_by("pk").values_list("pk", "match__pk")) == before
    assert len(before) == 2


def test_mechanisms_that_bar_each_other_share_no_record_between_hosts_sd_06(story, morning):
    """SD-06: of two that name each other in `not_with`, one record meets one, whichever bodies owe them."""
    barring = LEAGUES.replace("answers: secretary", "answers: secretary\n    not_with: [theme_day]")
    both = BRANCHES + barring
    adopt(story.branch, playbook(both, playbook_id="of_both"), date(2026, 9, 1))
    adopt(story.league, playbook(both, playbook_id="of_both"), date(2026, 9, 1))

    done = held(story, morning, planned(story, morning, hosts=with_league(story)))

    assert len(done.met) == 1


def test_everybody_of_every_host_is_expected_once(story, morning):
    join_body(
        person=story.secretary, body=story.union, kind=MembershipKind.UNION, since=LONG_AGO, actor=None, at=SET_UP_AT
    )
    activity = planned(
        story, morning, kind=ActivityType.CULTURE_AND_SPORTS,
        hosts=[HostAs(story.union, ActivityType.CULTURE_AND_SPORTS), *with_league(story)],
    )  # fmt: skip

    assert [person.name for person in expected_people(activity)] == sorted(["郭大海", "孙梅", "何青", "田小雨"])


def test_it_stands_in_the_list_of_every_host_and_its_people_sign_in(story, morning):
    activity = planned(story, morning, hosts=with_league(story))
    open_activity(activity=activity, actor=story.secretary, at=morning)

    for body in (story.branch, story.league):
        assert list(Activity.objects.filter(held_by(body.pk))) == [activity]
    assert list(open_activities_of(story.worker, morning)) == [activity]
    assert list(Activity.objects.filter(held_by(story.union.pk))) == []


def test_leaders_and_members_of_a_host_see_it_and_the_main_body_runs_it(story, morning):
    activity = planned(story, morning, hosts=with_league(story))

    assert list(activities_seen_by(story.youth, morning)) == [activity]
    assert SEE_ACTIVITY.allows(story.worker, activity, at=morning)
    assert not SEE_ACTIVITY.allows(story.foreman, activity, at=morning)
    assert not RUN_ACTIVITY.allows(story.youth, activity, at=morning)
    assert RUN_ACTIVITY.allows(story.secretary, activity, at=morning)


def test_nobody_credits_a_body_that_he_may_not_plan_for(story, morning):
    own = planned(story, morning, kind=ActivityType.THEME_LEAGUE_DAY, body=story.league, actor=story.youth)
    host = HostAs(story.branch, ActivityType.THEME_PARTY_DAY)

    with pytest.raises(HostNotYours) as refusal:
        add_host(activity=own, host=host, actor=story.youth, at=morning)
    assert "义隆首站党支部" in str(refusal.value)
    assert add_host(activity=own, host=host, actor=story.secretary, at=morning).counts_as == "theme_party_day"
    assert Fact.objects.get(kind=HOST_ADDED.name).body == story.branch.pk


@pytest.mark.parametrize(
    ("host", "kind", "word"),
    [
        ("branch", ActivityType.THEME_PARTY_DAY, "主办"),
        ("league", ActivityType.THEME_PARTY_DAY, "不开展"),
        ("committee", ActivityType.PARTY_LECTURE, "PM-15"),
        ("committee", ActivityType.MORNING_HUDDLE, "碰头"),
    ],
)
def test_unfit_hosts_are_refused_with_the_reason(story, morning, host, kind, word):
    activity = planned(story, morning)
    make_post(story.secretary, PostRole.SECRETARY, body=story.committee)
    with pytest.raises(HostRefused) as refusal:
        add_host(activity=activity, host=HostAs(getattr(story, host), kind), actor=story.secretary, at=morning)
    assert word in str(refusal.value)


def test_a_lecture_is_held_together_where_it_wants_everybodys_own_act_already_pm_15(story, morning):
    """PM-15: nobody is ticked present at it, so it may count as the league's class."""
    activity = planned(
        story, morning, kind=ActivityType.PARTY_LECTURE, hosts=[HostAs(story.league, ActivityType.LEAGUE_LECTURE)]
    )

    assert not activity.allows_ticking


def test_a_huddle_has_no_hosts_and_a_host_joins_once(story, morning):
    huddle = open_huddle(
        body=story.branch, activity_type=ActivityType.MORNING_HUDDLE, actor=story.secretary, at=morning
    )  # fmt: skip
    host = with_league(story)[0]
    with pytest.raises(HostRefused):
        add_host(activity=huddle, host=host, actor=story.secretary, at=morning)
    activity = planned(story, morning, hosts=[host])
    with pytest.raises(HostRefused):
        add_host(activity=activity, host=host, actor=story.secretary, at=morning)


def test_hosts_are_fixed_by_closing_and_taken_back_before_it(story, morning):
    activity = planned(story, morning, hosts=with_league(story))
    host = activity.hosts.get()
    with pytest.raises(NotAllowed):
        withdraw_host(host=host, actor=story.chair, at=morning)
    withdraw_host(host=host, actor=story.youth, at=morning)  # the host's own leader may step back
    assert Fact.objects.filter(kind=HOST_WITHDRAWN.name).count() == 1
    again = add_host(activity=activity, host=with_league(story)[0], actor=story.secretary, at=morning)

    held(story, morning, activity)

    with pytest.raises(HostsFixed):
        withdraw_host(host=again, actor=story.secretary, at=morning)
    with pytest.raises(HostsFixed):
        add_host(
            activity=activity, host=HostAs(story.union, ActivityType.CULTURE_AND_SPORTS), actor=story.secretary,
            at=morning,
        )  # fmt: skip


def test_somebody_without_any_post_plans_nothing(story, morning):
    with pytest.raises(NotAllowed):
        planned(story, morning, actor=make_person("倪春梅"))
