"""Naming members: a proposal accepted as a whole, one pair by hand, dated changes, and what becomes a gap."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from ronghe.domain.grid.calc.levels import Terms
from ronghe.domain.grid.models import GridLiaison
from ronghe.domain.grid.selectors.coverage import coverage
from ronghe.domain.grid.selectors.liaisons import employees_of, liaisons_of, member_named_for, naming_of
from ronghe.domain.grid.services import liaisons as services
from ronghe.domain.grid.services.settings import change_settings
from ronghe.domain.org.enums import PoliticalStatus
from ronghe.domain.org.models import Person
from ronghe.kernel.errors import NotAllowed
from ronghe.kernel.facts.models import Fact
from tests.domain.grid.story import make_grid
from tests.factories.org import make_person

pytestmark = pytest.mark.django_db

TODAY = date(2026, 9, 14)


@pytest.fixture
def grid():
    return make_grid()


def accept(grid, morning, **changes):
    digest = naming_of(grid.branch, TODAY).naming.digest
    wanted = {"body": grid.branch, "digest": digest, "actor": grid.secretary, "at": morning, **changes}
    return services.accept_naming(**wanted)


def test_accepted_proposal_names_a_member_for_every_employee(grid, morning):
    accept(grid, morning)

    assert {row.employee for row in liaisons_of(grid.branch, TODAY)} == set(grid.employees)
    assert all(member_named_for(person, TODAY) in grid.members for person in grid.employees[:3])
    assert coverage(grid.clerk, morning).figures.named == 5
    assert Fact.objects.filter(kind="grid.member_named").count() == 5
    first = member_named_for(grid.employees[0], TODAY)
    assert grid.employees[0] in employees_of(first, TODAY)


def test_proposal_that_changed_meanwhile_is_refused(grid, morning):
    digest = naming_of(grid.branch, TODAY).naming.digest
    make_person("新工人", unit=grid.first, status=PoliticalStatus.MASSES)

    with pytest.raises(services.NamingChanged):
        accept(grid, morning, digest=digest)
    assert not GridLiaison.objects.exists()


def test_nothing_new_is_said_and_not_written(grid, morning):
    accept(grid, morning)

    with pytest.raises(services.NothingToName):
        accept(grid, morning)


def test_only_the_branch_s_leaders_name(grid, morning):
    with pytest.raises(NotAllowed):
        accept(grid, morning, actor=grid.members[0])


def test_member_who_leaves_leaves_a_gap_and_the_next_proposal_fills_it(grid, morning):
    accept(grid, morning)
    employee = grid.employees[0]
    member = member_named_for(employee, TODAY)
    Person.objects.filter(pk=member.pk).update(political_status=PoliticalStatus.MASSES)

    assert member_named_for(employee, TODAY) is None
    assert coverage(grid.clerk, morning).figures.named < 5

    later = morning + timedelta(days=2)
    part = naming_of(grid.branch, TODAY + timedelta(days=2))
    services.accept_naming(body=grid.branch, digest=part.naming.digest, actor=grid.secretary, at=later)
    rows = GridLiaison.objects.filter(employee=employee).order_by("valid_from")
    assert [(row.valid_from, row.valid_until) for row in rows] == [
        (TODAY, TODAY + timedelta(days=2)), (TODAY + timedelta(days=2), None),
    ]  # fmt: skip
    assert Fact.objects.filter(kind="grid.member_released").exists()


def test_one_pair_by_hand_replaces_the_old_one_of_the_same_day(grid, morning):
    accept(grid, morning)
    employee = grid.employees[0]
    other = next(person for person in grid.members if person != member_named_for(employee, TODAY))

    row = services.name_member(employee=employee, member=other, body=grid.branch, actor=grid.secretary, at=morning)

    assert member_named_for(employee, TODAY) == row.member == other
    assert GridLiaison.objects.filter(employee=employee).count() == 1


def test_hand_cannot_name_past_the_limit_or_outside_of_the_branch(grid, morning):
    change_settings(body=grid.branch, terms=Terms(employees_per_member=1), actor=grid.secretary, at=morning)
    first, second, third = grid.employees[:3]
    member = grid.members[0]
    services.name_member(employee=first, member=member, body=grid.branch, actor=grid.secretary, at=morning)

    with pytest.raises(services.MemberHasEnough):
        services.name_member(employee=second, member=member, body=grid.branch, actor=grid.secretary, at=morning)
    with pytest.raises(services.NotInThisPart):
        services.name_member(
            employee=member, member=grid.members[1], body=grid.branch, actor=grid.secretary, at=morning
        )
    with pytest.raises(services.NotInThisPart):
        services.name_member(employee=third, member=second, body=grid.branch, actor=grid.secretary, at=morning)


def test_member_with_too_many_is_a_gap_by_the_body_s_own_limit(grid, morning):
    for employee in grid.employees[:3]:
        services.name_member(
            employee=employee, member=grid.members[0], body=grid.branch, actor=grid.secretary, at=morning
        )
    wanted = f"members_overloaded:body:{grid.branch.pk}"
    assert wanted not in coverage(grid.clerk, morning).by_key

    change_settings(body=grid.branch, terms=Terms(employees_per_member=2), actor=grid.secretary, at=morning)

    found = coverage(grid.clerk, morning).by_key[wanted].gap
    assert found.figures == {"overloaded": 1, "most": 2}
    part = naming_of(grid.branch, TODAY)
    assert max(list(part.naming.pairs.values()).count(member.pk) for member in grid.members) <= 2
