"""A small grid: a committee with a clerk, a branch with a secretary, two teams and a station, and who works there."""

from __future__ import annotations

from dataclasses import dataclass

from ronghe.domain.org.enums import PartyOrgKind, PoliticalStatus, PostRole, UnitKind
from ronghe.domain.org.models import AdminUnit, PartyOrg, Person
from tests.factories.org import make_body, make_person, make_post, make_unit


@dataclass
class Grid:
    """李清 is the committee's clerk, 赵一鸣 the branch's secretary; the second team has no Party member."""

    plant: AdminUnit
    area: AdminUnit
    first: AdminUnit
    second: AdminUnit
    station: AdminUnit
    committee: PartyOrg
    branch: PartyOrg
    clerk: Person
    secretary: Person
    members: list[Person]
    employees: list[Person]


def make_grid(*, members: int = 4, employees: int = 3) -> Grid:
    """Return the grid: `members` of the branch and `employees` in its first team, two employees in the second."""
    plant = make_unit("采气厂")
    area = make_unit("输气作业区", parent=plant, kind=UnitKind.OPERATION_AREA)
    first = make_unit("一班", parent=area, kind=UnitKind.TEAM)
    second = make_unit("二班", parent=area, kind=UnitKind.TEAM)
    station = make_unit("中心站", parent=area, kind=UnitKind.STATION)
    committee = make_body("采气厂党委", kind=PartyOrgKind.COMMITTEE, unit=plant)
    branch = make_body("输气作业区党支部", parent=committee, unit=area)
    clerk = make_person("李清", home=branch, unit=area)
    make_post(clerk, PostRole.COMMITTEE_CLERK, body=committee)
    secretary = make_person("赵一鸣", home=branch, unit=area)
    make_post(secretary, PostRole.SECRETARY, body=branch)
    team = [make_person(f"党员{number}", home=branch, unit=first) for number in range(members)]
    workers = [make_person(f"工人{number}", unit=first, status=PoliticalStatus.MASSES) for number in range(employees)]
    workers += [make_person(f"二班{number}", unit=second, status=PoliticalStatus.MASSES) for number in range(2)]
    return Grid(plant, area, first, second, station, committee, branch, clerk, secretary, team, workers)
