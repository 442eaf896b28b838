"""Political status, the vote and the two headcounts on any day."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import pairwise
from random import Random
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from ronghe.domain.org.calc.voting import EVER, SetLater, Span, changed, has_vote, value_on
from ronghe.domain.org.enums import MembershipKind, PartyOrgKind, PoliticalStatus, PostRole, VotingBarReason
from ronghe.domain.org.models import Membership, Person, PersonStatus, VotingBar
from ronghe.domain.org.selectors.headcounts import Headcount, group_headcounts, headcounts, headcounts_below
from ronghe.domain.org.selectors.voting import may_vote, status_on, voters_of
from ronghe.domain.org.services.people import join_body, leave_body, move_in_group
from ronghe.domain.org.services.statuses import (
    AlreadyBarred,
    BarDates,
    BarWithoutDecision,
    NoMemberToBar,
    StatusSetLater,
    StatusTooEarly,
    StatusUnchanged,
    bar_vote,
    follow_roster,
    restore_vote,
    set_status,
    turn_statuses,
)
from ronghe.kernel.errors import NotAllowed, Stale
from ronghe.kernel.facts.models import Fact
from tests.factories.org import LONG_AGO, make_body, make_person, make_post, make_unit

FULL, PROBATIONARY, MASSES = (
    PoliticalStatus.FULL_MEMBER, PoliticalStatus.PROBATIONARY_MEMBER, PoliticalStatus.MASSES,
)  # fmt: skip
NOW = datetime(2026, 7, 1, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
TODAY = NOW.date()
MARCH, JUNE = date(2026, 3, 1), date(2026, 6, 1)


@pytest.fixture
def branch():
    committee = make_body("厂党委", kind=PartyOrgKind.COMMITTEE)
    return make_body("南区党支部", parent=committee)


@pytest.fixture
def secretary(branch):
    person = make_person("张书记", home=branch)
    make_post(person, PostRole.SECRETARY, body=branch)
    return person


DAYS = st.dates(date(2020, 1, 1), date(2030, 1, 1))


@given(st.lists(st.tuples(st.sampled_from("abc"), DAYS), max_size=8), DAYS)
def test_changes_in_order_say_of_any_day_what_a_replay_says(changes, asked):
    changes = sorted(changes, key=lambda change: change[1])
    spans: list[Span] = []
    for value, since in changes:
        spans = changed(spans, "x", value=value, since=since)

    replayed = "x"
    for value, since in changes:
        if since <= asked:
            replayed = value

    assert value_on(spans, asked, "x") == replayed
    assert all(left.until == right.since and left.value != right.value for left, right in pairwise(spans))


@given(DAYS, st.integers(1, 400))
def test_what_was_said_of_a_later_day_is_not_said_again(day, before):
    spans = changed([], "x", value="a", since=day)

    with pytest.raises(SetLater) as refused:
        changed(spans, "x", value="b", since=day - timedelta(days=before))

    assert refused.value.day == day


def test_going_back_to_the_value_before_takes_the_change_away():
    spans = changed([], "x", value="a", since=JUNE)

    assert changed(spans, "a", value="x", since=JUNE) == [Span("x", EVER)]


@pytest.mark.parametrize(
    ("status", "barred", "vote"), [("01", False, True), ("01", True, False), ("02", False, False), ("13", False, False)]
)
def test_pe_08_only_a_full_member_without_a_bar_has_a_vote(status, barred, vote):
    assert has_vote(status, barred=barred) is vote


@pytest.mark.django_db
def test_pe_08_a_vote_begins_with_the_day_of_full_membership(branch, secretary):
    """PE-08, PO-01: the day before, the person counts in one headcount and has no vote; on the day both."""
    member = make_person("王新", home=branch, status=PROBATIONARY)

    set_status(person=member, status=FULL, since=JUNE, actor=secretary, at=NOW)

    eve = JUNE - timedelta(days=1)
    assert [(status_on(member, day), may_vote(member, day)) for day in (eve, JUNE)] == [("02", False), ("01", True)]
    assert [headcounts([branch], day)[branch.pk] for day in (eve, JUNE)] == [Headcount(1, 2), Headcount(2, 2)]
    assert [member in voters_of(branch, day) for day in (eve, JUNE)] == [False, True]
    assert Person.objects.get(pk=member.pk).political_status == FULL


@pytest.mark.django_db
def test_a_coming_change_is_todays_once_its_day_is_there(branch, secretary):
    member = make_person("王新", home=branch, status=PROBATIONARY)
    coming = TODAY + timedelta(days=10)

    set_status(person=member, status=FULL, since=coming, actor=secretary, at=NOW)

    assert Person.objects.get(pk=member.pk).political_status == PROBATIONARY
    assert (turn_statuses(at=NOW + timedelta(days=9)), turn_statuses(at=NOW + timedelta(days=10))) == (0, 1)
    assert Person.objects.get(pk=member.pk).political_status == FULL
    assert turn_statuses(at=NOW + timedelta(days=11)) == 0


@pytest.mark.django_db
def test_a_coming_change_is_taken_back_by_setting_the_status_before_it(branch, secretary):
    member = make_person("王新", home=branch, status=PROBATIONARY)
    coming = TODAY + timedelta(days=10)
    set_status(person=member, status=FULL, since=coming, actor=secretary, at=NOW)

    set_status(person=member, status=PROBATIONARY, since=coming, actor=secretary, at=NOW)

    assert status_on(member, coming) == PROBATIONARY
    assert list(PersonStatus.objects.values_list("status", "valid_until")) == [("02", None)]


@pytest.mark.django_db
def test_a_change_into_the_past_stops_at_the_last_one_on_record(branch, secretary):
    member = make_person("王新", home=branch, status=PROBATIONARY)
    set_status(person=member, status=FULL, since=JUNE, actor=secretary, at=NOW)

    with pytest.raises(StatusSetLater, match="2026-06-01") as refused:
        set_status(person=member, status=MASSES, since=MARCH, actor=secretary, at=NOW)
    assert "PE-08" in str(refused.value)
    with pytest.raises(StatusUnchanged):
        set_status(person=member, status=FULL, since=TODAY, actor=secretary, at=NOW)
    with pytest.raises(StatusTooEarly):
        set_status(person=member, status=MASSES, since=EVER, actor=secretary, at=NOW)


@pytest.mark.django_db
def test_whoever_becomes_a_probationary_member_joined_the_party_that_day(branch, secretary):
    worker = make_person("李群", home=branch, status=MASSES)

    set_status(person=worker, status=PROBATIONARY, since=JUNE, actor=secretary, at=NOW)

    assert Person.objects.get(pk=worker.pk).joined_party_on == JUNE
    fact = Fact.objects.get(kind="org.status_changed")
    assert (fact.subject, fact.attributes) == (worker.token, '{"political_status":"02","since":"2026-06-01"}')


@pytest.mark.django_db
def test_an_unknown_status_stays_unknown_before_the_first_change(branch, secretary):
    person = make_person("新来的", home=branch)
    Person.objects.filter(pk=person.pk).update(political_status=None)
    person.refresh_from_db()

    set_status(person=person, status=FULL, since=JUNE, actor=secretary, at=NOW)

    assert status_on(person, MARCH) is None
    assert headcounts([branch], MARCH)[branch.pk] == Headcount(1, 1)
    assert turn_statuses(at=NOW) == 0


@pytest.mark.django_db
def test_a_stranger_and_a_guests_zone_change_no_status(branch, secretary):
    """PO-12: the zone's branch does not decide about people whose home is elsewhere."""
    zone_branch = make_body("共建党支部", kind=PartyOrgKind.CO_BUILT_BRANCH)
    lead = make_person("协作区书记")
    make_post(lead, PostRole.SECRETARY, body=zone_branch)
    guest = make_person("参加的人", home=branch, participates_in=zone_branch, status=PROBATIONARY)

    for actor in (lead, make_person("路人"), guest):
        with pytest.raises(NotAllowed):
            set_status(person=guest, status=FULL, since=JUNE, actor=actor, at=NOW)
        with pytest.raises(NotAllowed):
            bar_vote(
                person=guest,
                reason=VotingBarReason.DETAINED,
                decision_ref="〔2026〕1号",
                since=JUNE,
                actor=actor,
                at=NOW,
            )
    assert guest not in voters_of(zone_branch, TODAY)


@pytest.mark.django_db
def test_pf_02_a_guest_has_no_vote_where_they_take_part(branch):
    """PF-02: participants are counted and vote at home, nowhere else."""
    zone_branch = make_body("共建党支部", kind=PartyOrgKind.CO_BUILT_BRANCH)
    guest = make_person("参加的人", home=branch, participates_in=zone_branch)

    assert list(voters_of(zone_branch, TODAY)) == []
    assert list(voters_of(branch, TODAY)) == [guest]
    assert headcounts([zone_branch, branch], TODAY) == {zone_branch.pk: Headcount(), branch.pk: Headcount(1, 1)}


@pytest.mark.django_db
def test_pe_08_a_bar_takes_the_vote_until_its_last_day(branch, secretary):
    member = make_person("王新", home=branch)
    bar = bar_vote(
        person=member, reason=VotingBarReason.PARTY_PROBATION, decision_ref="纪〔2026〕3号", since=MARCH,
        actor=secretary, at=NOW,
    )  # fmt: skip

    assert [may_vote(member, day) for day in (MARCH - timedelta(days=1), MARCH, TODAY)] == [True, False, False]
    restore_vote(bar=bar, until=JUNE, actor=secretary, at=NOW)

    assert [may_vote(member, day) for day in (JUNE - timedelta(days=1), JUNE)] == [False, True]
    assert headcounts([branch], MARCH)[branch.pk] == Headcount(2, 2)  # a barred member is a member


@pytest.mark.django_db
def test_a_bar_needs_a_decision_a_member_and_dates_in_order(branch, secretary):
    """PE-08."""
    member, worker = make_person("王新", home=branch), make_person("李群", home=branch, status=MASSES)
    said = {"reason": VotingBarReason.DETAINED, "decision_ref": "纪〔2026〕3号", "since": JUNE, "actor": secretary,
            "at": NOW}  # fmt: skip

    with pytest.raises(BarWithoutDecision):
        bar_vote(person=member, **{**said, "decision_ref": "  "})
    with pytest.raises(BarDates):
        bar_vote(person=member, until=JUNE, **said)
    with pytest.raises(NoMemberToBar):
        bar_vote(person=worker, **said)
    bar = bar_vote(person=member, until=TODAY, **said)
    with pytest.raises(AlreadyBarred):
        bar_vote(person=member, **{**said, "since": TODAY - timedelta(days=1)})
    with pytest.raises(BarDates):
        restore_vote(bar=bar, until=JUNE, actor=secretary, at=NOW)
    stale = VotingBar.objects.get(pk=bar.pk)
    restore_vote(bar=bar, until=JUNE + timedelta(days=1), actor=secretary, at=NOW)
    with pytest.raises(Stale):
        restore_vote(bar=stale, until=TODAY, actor=secretary, at=NOW)


@pytest.mark.django_db
def test_a_roster_dates_the_status_it_changes(branch):
    member, same = make_person("王新", home=branch, status=PROBATIONARY), make_person("李同", home=branch)
    Person.objects.filter(pk=member.pk).update(political_status=FULL)
    member.refresh_from_db()

    follow_roster(changes=[(member, "02"), (same, "01")], since=JUNE)

    assert [status_on(member, day) for day in (MARCH, JUNE)] == ["02", "01"]
    assert not PersonStatus.objects.filter(person=same).exists()


@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(3))
def test_headcounts_and_voters_on_any_day_equal_a_replay(seed, django_assert_max_num_queries):
    """PO-01, PE-08, PO-12: whatever happened in whatever order of acts, every day is what a replay of the acts says."""
    chance = Random(seed)
    committee = make_body(kind=PartyOrgKind.COMMITTEE)
    branches = [make_body(parent=committee) for _ in range(3)]
    groups = {
        branch.pk: [make_body(parent=branch, kind=PartyOrgKind.PARTY_GROUP) for _ in range(2)] for branch in branches
    }
    zone_branch = make_body(parent=committee, kind=PartyOrgKind.CO_BUILT_BRANCH)
    days = [LONG_AGO + timedelta(days=30 * month) for month in range(1, 40)]
    told = {}
    for person in [make_person(status=chance.choice([FULL, PROBATIONARY, MASSES])) for _ in range(8)]:
        told[person.pk] = _live(person, branches, groups, zone_branch, days, chance)

    for day in [chance.choice(days) + timedelta(days=chance.randint(-2, 2)) for _ in range(12)]:
        states = {pk: _replayed(acts, day) for pk, acts in told.items()}
        for branch in branches:
            inside = [state for state in states.values() if state["home"] == branch.pk]
            assert headcounts([branch], day)[branch.pk] == _count(inside)
            voters = {pk for pk, state in states.items() if state["home"] == branch.pk and _votes(state)}
            assert set(voters_of(branch, day).values_list("pk", flat=True)) == voters
            for group in groups[branch.pk]:
                assert group_headcounts([group], day)[group.pk] == _count(s for s in inside if s["group"] == group.pk)
        assert headcounts_below([committee], day)[committee.pk] == _count(s for s in states.values() if s["home"])
        with django_assert_max_num_queries(1):
            headcounts([*branches, zone_branch], day)


def _live(person, branches, groups, zone_branch, days, chance):
    """Let the person live by chance through the services; return the acts."""
    acts = [(LONG_AGO, "status", person.political_status)]
    bar = None
    for day in days:
        home = Membership.objects.filter(person=person, kind=MembershipKind.HOME, valid_until=None).first()
        what = chance.choice(["move", "group", "status", "bar", "leave", "join", "rest", "rest"])
        at = timezone.now()
        if what == "move" or (what == "group" and home is None):
            branch = chance.choice([b for b in branches if home is None or b.pk != home.body_id])
            join_body(person=person, body=branch, kind=MembershipKind.HOME, since=day, actor=None, at=at)
            acts += [(day, "home", branch.pk), (day, "group", None)]
        elif what == "group":
            group = chance.choice(groups[home.body_id])
            move_in_group(membership=home, group=group, since=day, actor=None, at=at)
            acts.append((day, "group", group.pk))
        elif what == "status":
            status = chance.choice([s for s in (FULL, PROBATIONARY, MASSES) if s != person.political_status])
            set_status(person=person, status=status, since=day, actor=None, at=at)
            acts.append((day, "status", status))
        elif what == "leave" and home is not None:
            leave_body(membership=home, until=day, actor=None, at=at)
            acts += [(day, "home", None), (day, "group", None)]
        elif what == "join" and not person.memberships.filter(body=zone_branch, valid_until=None).exists():
            join_body(person=person, body=zone_branch, kind=MembershipKind.PARTICIPATION, since=day, actor=None, at=at)
        elif what == "bar" and bar is None:
            bar = VotingBar.objects.create(
                person=person, reason=VotingBarReason.DETAINED, decision_ref="x", valid_from=day
            )
            acts.append((day, "bar", True))
        elif what == "bar":
            VotingBar.objects.filter(pk=bar.pk).update(valid_until=day)
            bar = None
            acts.append((day, "bar", False))
    return acts


def _replayed(acts, day):
    state = {"status": acts[0][2], "home": None, "group": None, "bar": False}
    return state | {what: value for when, what, value in acts if when <= day}


def _count(states):
    states = list(states)
    return Headcount(sum(s["status"] == FULL for s in states), sum(s["status"] in (FULL, PROBATIONARY) for s in states))


def _votes(state):
    return state["status"] == FULL and not state["bar"]


@pytest.mark.django_db
def test_a_unit_leader_changes_the_status_of_workers_without_a_home():
    unit = make_unit("南区")
    branch = make_body("南区党支部", unit=unit)
    secretary, worker = make_person("张书记", home=branch), make_person("李群", unit=unit, status=MASSES)
    make_post(secretary, PostRole.SECRETARY, body=branch)

    set_status(person=worker, status=PROBATIONARY, since=JUNE, actor=secretary, at=NOW)

    assert status_on(worker, JUNE) == PROBATIONARY
