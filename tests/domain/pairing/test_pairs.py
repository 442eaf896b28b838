"""A group and a team become one, get one leader, and part again."""

from __future__ import annotations

from datetime import date, timedelta
from threading import Barrier, Thread

import pytest
from django.db import connection

from ronghe.domain.org.enums import PartyOrgKind, PoliticalStatus, PostRole, UnitKind
from ronghe.domain.org.models import Person
from ronghe.domain.pairing.models import GroupTeamLink, LeaderProposal
from ronghe.domain.pairing.selectors import groups_unpaired, pair_states, pairs_seen_by, teams_unpaired
from ronghe.domain.pairing.services.pairs import (
    AlreadyPaired,
    BeforeItBegan,
    EndsTooEarly,
    LeaderFromOutside,
    LeaderNotFull,
    LeaderProposed,
    NotAGroup,
    NotATeam,
    PairOver,
    appoint_leader,
    decline_leader,
    end_pair,
    link_pair,
    propose_leader,
)
from ronghe.kernel.errors import DomainError, NotAllowed
from ronghe.kernel.facts.models import Fact
from ronghe.kernel.workflow import StepNotAllowed
from tests.domain.pairing.making import NOW, SINCE, TODAY, granted, join_group, make_story, paired
from tests.factories.org import LONG_AGO, make_body, make_person, make_post, make_unit

pytestmark = pytest.mark.django_db


@pytest.fixture
def story():
    return make_story()


def link(story, **changes):
    given = {"group": story.group, "team": story.team, "since": SINCE, "actor": story.secretary, "at": NOW}
    return link_pair(**given | changes)


def test_linked_group_and_team_are_one_pp_11(story):
    made = link(story)

    assert list(pairs_seen_by(story.secretary, NOW)) == [made]
    fact = Fact.objects.get(kind="pairing.linked")
    assert (fact.body, fact.unit, fact.source_id) == (story.group.pk, story.team.pk, made.pk)


def test_group_and_team_are_paired_once_at_a_time_pp_11(story):
    link(story)
    other_team = make_unit("采油班", parent=story.team.parent, kind=UnitKind.TEAM)
    other_group = make_body("第二党小组", parent=story.branch, kind=PartyOrgKind.PARTY_GROUP)

    with pytest.raises(AlreadyPaired):
        link(story, team=other_team)
    with pytest.raises(AlreadyPaired):
        link(story, group=other_group)


def test_new_pair_begins_on_the_day_the_old_one_ends_and_not_before_pp_11(story):
    end_pair(link=link(story), until=TODAY, actor=story.secretary, at=NOW)

    with pytest.raises(AlreadyPaired):
        link(story, since=TODAY - timedelta(days=1))
    assert link(story, since=TODAY).valid_from == TODAY


def test_only_a_party_group_and_a_team_or_station_are_paired_pp_11(story):
    with pytest.raises(NotAGroup):
        link(story, group=story.branch)
    with pytest.raises(NotATeam):
        link(story, team=story.team.parent)


def test_pair_does_not_begin_before_group_and_team_do(story):
    with pytest.raises(BeforeItBegan):
        link(story, since=LONG_AGO - timedelta(days=1))
    assert link(story, since=LONG_AGO).valid_from == LONG_AGO


def test_pairing_is_for_the_leaders_of_the_branch(story):
    for actor in (story.leader, story.outsider):
        with pytest.raises(NotAllowed):
            link(story, actor=actor)
    assert list(groups_unpaired(story.outsider, NOW)) == []


def test_unpaired_groups_and_teams_are_told_until_paired(story):
    assert list(groups_unpaired(story.secretary, NOW)) == [story.group]
    assert list(teams_unpaired(story.secretary, NOW)) == [story.team]

    link(story)

    assert list(groups_unpaired(story.secretary, NOW)) == list(teams_unpaired(story.secretary, NOW)) == []


def test_one_leader_is_who_alone_leads_both_pp_11(story):
    made = link(story)
    assert pair_states([made], TODAY)[0].leader is None

    make_post(story.leader, PostRole.GROUP_LEADER, body=story.group)
    make_post(story.welder, PostRole.TEAM_LEADER, unit=story.team)
    state = pair_states([made], TODAY)[0]
    assert (state.leader, state.candidates) == (None, [story.leader, story.welder])
    assert (state.members, state.people) == (1, 2)


def test_appointing_gives_both_posts_to_one_and_takes_them_from_others_pp_11(story):
    made = link(story)
    make_post(story.welder, PostRole.TEAM_LEADER, unit=story.team)

    appoint_leader(link=made, person=story.leader, since=TODAY, actor=story.clerk, at=NOW)

    assert pair_states([made], TODAY)[0].leader == story.leader
    assert story.welder.posts.get().valid_until == TODAY


def test_posts_are_given_by_the_committees_office_alone(story):
    with pytest.raises(NotAllowed):
        appoint_leader(link=link(story), person=story.leader, since=TODAY, actor=story.secretary, at=NOW)


@pytest.mark.parametrize("status", [PoliticalStatus.PROBATIONARY_MEMBER, PoliticalStatus.MASSES])
def test_leader_is_a_full_member_po_09(story, status):
    made = link(story)
    Person.objects.filter(pk=story.leader.pk).update(political_status=status)
    story.leader.refresh_from_db()

    with pytest.raises(LeaderNotFull):
        appoint_leader(link=made, person=story.leader, since=TODAY, actor=story.clerk, at=NOW)


def test_leader_comes_from_group_or_team(story):
    made = link(story)
    from_group = make_person("折静")
    join_group(from_group, story)

    with pytest.raises(LeaderFromOutside):
        appoint_leader(link=made, person=story.outsider, since=TODAY, actor=story.clerk, at=NOW)
    appoint_leader(link=made, person=from_group, since=TODAY, actor=story.clerk, at=NOW)
    assert pair_states([made], TODAY)[0].leader == from_group


def test_branch_proposes_and_the_office_appoints(story):
    made = link(story)
    propose_leader(link=made, person=story.leader, actor=story.secretary, at=NOW)
    with pytest.raises(LeaderProposed):
        propose_leader(link=made, person=story.leader, actor=story.secretary, at=NOW)

    appoint_leader(link=made, person=story.leader, since=TODAY, actor=story.clerk, at=NOW)

    assert LeaderProposal.objects.get().state == "appointed"
    propose_leader(link=made, person=story.leader, actor=story.secretary, at=NOW)


def test_proposal_is_declined_once_and_by_the_office(story):
    proposal = propose_leader(link=link(story), person=story.leader, actor=story.secretary, at=NOW)
    with pytest.raises(NotAllowed):
        decline_leader(proposal=proposal, actor=story.secretary, at=NOW)

    decline_leader(proposal=proposal, actor=story.clerk, at=NOW)

    with pytest.raises(StepNotAllowed):
        decline_leader(proposal=proposal, actor=story.clerk, at=NOW)


def test_powers_end_with_the_pair_and_with_the_leader(story):
    story = paired_in(story)
    attendance, later = granted(story), granted(story, "daily_assignment", since=date(2026, 12, 1))
    successor = make_person("折静", unit=story.team)

    appoint_leader(link=story.link, person=successor, since=TODAY, actor=story.clerk, at=NOW)

    for power in (attendance, later):
        power.refresh_from_db()
        assert power.valid_until == max(TODAY, power.valid_from)
    mine = granted(story)
    end_pair(link=story.link, until=TODAY, actor=story.secretary, at=NOW)
    mine.refresh_from_db()
    assert mine.valid_until == TODAY
    assert Fact.objects.filter(kind="pairing.power_withdrawn").count() == 3


def paired_in(story):
    story.link = link(story)
    appoint_leader(link=story.link, person=story.leader, since=SINCE, actor=story.clerk, at=NOW)
    return story


def test_pair_ends_once_and_not_before_it_began(story):
    made = link(story)
    with pytest.raises(EndsTooEarly):
        end_pair(link=made, until=SINCE - timedelta(days=1), actor=story.secretary, at=NOW)

    end_pair(link=made, until=TODAY, actor=story.secretary, at=NOW)

    with pytest.raises(PairOver):
        end_pair(link=GroupTeamLink.objects.get(), until=TODAY, actor=story.secretary, at=NOW)
    with pytest.raises(PairOver):
        propose_leader(link=made, person=story.leader, actor=story.secretary, at=NOW)


def test_states_cost_the_same_for_one_pair_and_for_three(django_assert_num_queries):
    story = paired()
    with django_assert_num_queries(4):
        pair_states([story.link], TODAY)
    for number in (2, 3):
        group = make_body(f"第{number}党小组", parent=story.branch, kind=PartyOrgKind.PARTY_GROUP)
        team = make_unit(f"{number}班", parent=story.team.parent, kind=UnitKind.TEAM)
        link(story, group=group, team=team)
    links = list(GroupTeamLink.objects.all())
    with django_assert_num_queries(4):
        pair_states(links, TODAY)


@pytest.mark.usefixtures("committing_db")
@pytest.mark.django_db(transaction=True)
def test_of_two_who_pair_the_same_team_at_once_one_wins_pp_11():
    story = make_story()
    second = make_body("第二党小组", parent=story.branch, kind=PartyOrgKind.PARTY_GROUP)
    barrier, outcomes = Barrier(2), []

    def pair(group):
        barrier.wait()
        try:
            link(story, group=group, actor=Person.objects.get(pk=story.secretary.pk))
            outcomes.append("paired")
        except DomainError as refusal:
            outcomes.append(refusal.code)
        finally:
            connection.close()

    threads = [Thread(target=pair, args=[group]) for group in (story.group, second)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(outcomes) == ["already_paired", "paired"]
