"""Coverage of a small grid: figures, gaps and what was decided, for what each reader may see; the same price at any size."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ronghe.domain.grid.models import GapDismissal, GapTask
from ronghe.domain.grid.selectors.coverage import coverage, grid_roots
from ronghe.domain.grid.services import gaps as services
from ronghe.domain.org.enums import MembershipKind, PartyOrgKind, PoliticalStatus, PostRole, StaffingMode, UnitKind
from ronghe.domain.org.models import PartyOrg, Person
from ronghe.domain.org.services.people import join_body, move_in_group
from ronghe.domain.org.services.trees import set_station_mode
from ronghe.domain.pairing.models import GroupTeamLink
from ronghe.domain.work.models import Task
from ronghe.domain.work.services.tasks import NoReason
from ronghe.kernel.errors import NotAllowed, NotFound
from ronghe.kernel.facts.models import Fact
from tests.domain.grid.story import make_grid
from tests.factories.org import LONG_AGO, SET_UP_AT, make_body, make_person, make_post, make_unit

pytestmark = pytest.mark.django_db


@pytest.fixture
def grid():
    return make_grid()


def codes(found) -> set[str]:
    return {row.gap.key for row in found.found}


def key(code: str, thing) -> str:
    return f"{code}:{'body' if isinstance(thing, PartyOrg) else 'unit'}:{thing.pk}"


def test_figures_count_people_once(grid, morning):
    found = coverage(grid.clerk, morning).figures

    assert (found.members, found.employees, found.others, found.named) == (6, 11, 5, 0)
    assert (found.teams, found.covered_teams, found.branches, found.sized_branches) == (2, 1, 1, 1)
    assert (found.bodies["committee"], found.stations.unknown) == (1, 1)


def test_members_of_a_group_are_counted_with_their_branch_and_not_again(grid, morning):
    group = make_body("一组", kind=PartyOrgKind.PARTY_GROUP, parent=grid.branch)
    for person in grid.members:
        move_in_group(
            membership=person.memberships.get(), group=group, since=date(2026, 9, 1), actor=None, at=SET_UP_AT
        )

    state = coverage(grid.clerk, morning).state

    assert state.members_below[grid.committee.pk] == state.members_below[grid.branch.pk] == 6
    assert (state.bodies[group.pk].members, state.bodies[grid.branch.pk].ungrouped) == (4, 2)


def test_gaps_are_found_where_they_are(grid, morning):
    found = codes(coverage(grid.clerk, morning))

    assert found == {
        key("team_without_member", grid.second), key("station_without_mode", grid.station),
        key("committee_too_small", grid.committee), key("secretary_vacant", grid.committee),
        key("term_missing", grid.committee), key("term_missing", grid.branch),
        key("employees_unnamed", grid.branch), key("branch_without_contact", grid.branch),
    }  # fmt: skip


def test_gap_is_closed_by_its_act(grid, morning):
    """PP-11, AL-15: a pair closes the team's gap, a registered mode the station's."""
    group = make_body("二组", kind=PartyOrgKind.PARTY_GROUP, parent=grid.branch)
    GroupTeamLink.objects.create(group=group, team=grid.second, valid_from=LONG_AGO)
    set_station_mode(station=grid.station, staffing=StaffingMode.UNATTENDED, since=LONG_AGO, actor=None, at=SET_UP_AT)

    found = codes(coverage(grid.clerk, morning))

    assert key("team_without_member", grid.second) not in found
    assert key("station_without_mode", grid.station) not in found


def test_al_15_attended_station_without_the_partys_part_is_a_gap_until_it_is_paired(grid, morning):
    set_station_mode(station=grid.station, staffing=StaffingMode.ATTENDED, since=LONG_AGO, actor=None, at=SET_UP_AT)
    make_person("值班员", unit=grid.station, status=PoliticalStatus.MASSES)
    wanted = key("station_without_party_part", grid.station)
    before = coverage(grid.clerk, morning)
    assert wanted in codes(before)
    assert before.figures.stations.lacking == 1

    group = make_body("站组", kind=PartyOrgKind.PARTY_GROUP, parent=grid.branch)
    GroupTeamLink.objects.create(group=group, team=grid.station, valid_from=LONG_AGO)

    assert wanted not in codes(coverage(grid.clerk, morning))


def test_po_13_member_without_a_branch_is_a_gap_of_the_body_there(grid, morning):
    make_person("新来的党员", unit=grid.first)

    found = coverage(grid.clerk, morning)

    assert found.by_key[key("members_without_home", grid.branch)].gap.figures == {"homeless": 1, "units": 1}


def test_day_decides_what_is_shown(grid, morning):
    """A member who joined in September is none in August."""
    late = make_person("九月转来", unit=grid.second)
    join_body(person=late, body=grid.branch, kind=MembershipKind.HOME, since=date(2026, 9, 1), actor=None, at=SET_UP_AT)

    august = coverage(grid.clerk, morning, day=date(2026, 8, 31)).state
    september = coverage(grid.clerk, morning, day=date(2026, 9, 1)).state

    assert august.bodies[grid.branch.pk].members + 1 == september.bodies[grid.branch.pk].members


def test_secretary_sees_the_own_branch_and_nobody_sees_a_stranger_s(grid, morning):
    assert grid_roots(grid.secretary, morning) == [grid.branch.pk]
    assert set(coverage(grid.secretary, morning).state.bodies) == {grid.branch.pk}
    with pytest.raises(NotFound):
        coverage(grid.secretary, morning, body=grid.committee)
    with pytest.raises(NotFound):
        coverage(grid.employees[0], morning)


def test_clerk_looks_into_one_branch(grid, morning):
    assert coverage(grid.clerk, morning, body=grid.branch).state.roots == [grid.branch.pk]


def test_units_of_a_neighbouring_body_are_not_counted(grid, morning):
    other = make_unit("别的作业区", parent=grid.area, kind=UnitKind.OPERATION_AREA)
    make_body("别的支部", parent=make_body("别的党委", kind=PartyOrgKind.COMMITTEE), unit=other)
    make_person("别处的人", unit=other)

    assert coverage(grid.secretary, morning).figures.employees == 11


def test_dismissed_gap_shows_again_after_its_day(grid, morning):
    found = coverage(grid.clerk, morning)
    wanted = key("secretary_vacant", grid.committee)

    services.dismiss_gap(
        coverage=found, key=wanted, reason="正在考察", until=date(2026, 10, 1), actor=grid.clerk, at=morning
    )

    assert wanted not in {row.gap.key for row in coverage(grid.clerk, morning).standing}
    october = coverage(grid.clerk, morning + timedelta(days=17))
    assert wanted in {row.gap.key for row in october.standing}
    fact = Fact.objects.latest("pk")
    assert (fact.kind, fact.values) == ("grid.gap_dismissed", {"gap": "secretary_vacant", "until": "2026-10-01"})


@pytest.mark.parametrize(
    ("reason", "until", "refusal"),
    [
        ("", date(2026, 10, 1), NoReason), ("理由", date(2026, 9, 14), services.UntilOutOfRange),
        ("理由", date(2027, 9, 16), services.UntilOutOfRange),
    ],
)  # fmt: skip
def test_dismissal_needs_a_reason_and_a_day_within_the_year(grid, morning, reason, until, refusal):
    found = coverage(grid.clerk, morning)
    with pytest.raises(refusal):
        services.dismiss_gap(
            coverage=found, key=key("secretary_vacant", grid.committee), reason=reason, until=until, actor=grid.clerk,
            at=morning,
        )  # fmt: skip
    assert not GapDismissal.objects.exists()


def test_gap_outside_of_what_was_seen_is_gone(grid, morning):
    with pytest.raises(services.GapGone):
        services.dismiss_gap(
            coverage=coverage(grid.secretary, morning), key=key("secretary_vacant", grid.committee), reason="理由",
            until=date(2026, 10, 1), actor=grid.secretary, at=morning,
        )  # fmt: skip


def test_auditor_sees_gaps_and_decides_none(grid, morning):
    auditor = make_person("费清和")
    make_post(auditor, PostRole.AUDITOR, body=grid.committee)
    found = coverage(auditor, morning)
    wanted = key("team_without_member", grid.second)

    for act in (
        lambda: services.dismiss_gap(
            coverage=found, key=wanted, reason="理由", until=date(2026, 10, 1), actor=auditor, at=morning
        ),
        lambda: services.give_gap_tasks(
            coverage=found, keys=[wanted], due_at=morning + timedelta(days=9), actor=auditor, at=morning
        ),
    ):
        with pytest.raises(NotAllowed):
            act()


def test_gap_tasks_go_to_the_secretary_or_to_the_office_above(grid, morning):
    found = coverage(grid.clerk, morning)
    keys = [key("team_without_member", grid.second), key("secretary_vacant", grid.committee)]

    given = services.give_gap_tasks(
        coverage=found, keys=keys, due_at=morning + timedelta(days=9), actor=grid.clerk, at=morning
    )

    assert [row.task.assignee for row in given] == [grid.secretary, grid.clerk]
    assert given[0].task.body == grid.branch
    assert [row.task for row in coverage(grid.clerk, morning).found if row.task] != []
    assert Fact.objects.filter(kind="grid.gap_tasked").count() == 2


def test_gap_is_given_once_and_again_when_its_task_ended(grid, morning):
    wanted = [key("team_without_member", grid.second)]
    due = morning + timedelta(days=9)
    stale = coverage(grid.clerk, morning)
    (given,) = services.give_gap_tasks(coverage=stale, keys=wanted, due_at=due, actor=grid.clerk, at=morning)

    for found in (stale, coverage(grid.clerk, morning)):
        with pytest.raises(services.GapGivenAlready, match="赵一鸣"):
            services.give_gap_tasks(coverage=found, keys=wanted, due_at=due, actor=grid.clerk, at=morning)

    Task.objects.filter(pk=given.task_id).update(state="cancelled")
    services.give_gap_tasks(
        coverage=coverage(grid.clerk, morning), keys=wanted, due_at=due, actor=grid.clerk, at=morning
    )
    assert GapTask.objects.filter(is_current=True).count() == 1


def test_nothing_chosen_and_nobody_to_answer_are_refused(grid, morning):
    found = coverage(grid.clerk, morning)
    due = morning + timedelta(days=9)
    with pytest.raises(services.NothingChosen):
        services.give_gap_tasks(coverage=found, keys=[], due_at=due, actor=grid.clerk, at=morning)
    for body in found.state.bodies.values():
        body.secretary = body.clerk = None
    with pytest.raises(services.NobodyAnswers):
        services.give_gap_tasks(
            coverage=found, keys=[key("team_without_member", grid.second)], due_at=due, actor=grid.clerk, at=morning
        )
    assert not Task.objects.exists()


def test_coverage_costs_the_same_for_two_bodies_and_for_sixty(grid, morning):
    def statements() -> int:
        actor = Person.objects.get(pk=grid.clerk.pk)
        with CaptureQueriesContext(connection) as asked:
            found = coverage(actor, morning)
            assert found.figures.employees
            assert found.tree
        return len(asked)

    few = statements()
    for number in range(20):
        unit = make_unit(f"作业区{number}", parent=grid.plant, kind=UnitKind.OPERATION_AREA)
        branch = make_body(f"支部{number}", parent=grid.committee, unit=unit)
        group = make_body(f"组{number}", parent=branch, kind=PartyOrgKind.PARTY_GROUP)
        team = make_unit(f"班{number}", parent=unit, kind=UnitKind.TEAM)
        GroupTeamLink.objects.create(group=group, team=team, valid_from=LONG_AGO)
        make_person(home=branch, unit=team)
        make_person(unit=team, status=PoliticalStatus.MASSES)

    assert statements() == few <= 26
