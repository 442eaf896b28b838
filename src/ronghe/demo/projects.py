"""项目 of the demonstration field: those of the three accounts, begun, planned and completed; the station that helps one."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from ronghe.demo.history import at
from ronghe.demo.organization import Field
from ronghe.domain.org.enums import MembershipKind, PartyOrgKind, PoliticalStatus, PostRole, UnitKind
from ronghe.domain.org.models import AdminUnit, PartyOrg, Person
from ronghe.domain.org.models.people import initials_of
from ronghe.domain.org.services.people import join_body, take_post
from ronghe.domain.org.services.trees import create_party_org, create_unit
from ronghe.domain.projects.enums import Difficulty, ProjectKind, ProjectState
from ronghe.domain.projects.models import Project
from ronghe.domain.projects.services.projects import register_project, start_project

DIGITAL = "新型输气作业区数字化转型配套工程"
CROSSING = "水源地替代工程G10穿越"
SUN = "风光气储氢一体化绿电建设"
STATION = "信息站"
STATION_PEOPLE = ("邓国焱", "罗成", "傅晓岚", "简世文", "覃悦", "卓力")
"""The first is the branch's secretary; all but the last are members."""


def show_projects(field: Field, since: date, now: datetime) -> None:
    """Register what the zone's founding did not, found the station's branch, and begin what is under way."""
    _found_station(field, since)
    wanted = (
        (DIGITAL, "仪陇输气作业区", ProjectKind.DIGITAL, Difficulty.VERY_HARD, "仪陇", 9_600_000, 210),
        (CROSSING, "水务工程公司", ProjectKind.LIVELIHOOD, Difficulty.HARD, "G10 高速", 13_800_000, 120),
        (SUN, "清洁电力开发项目部", ProjectKind.CLEAN_POWER, Difficulty.ORDINARY, "", None, 400),
    )  # fmt: skip
    before = at(since, 8, 30)
    for name, unit_name, kind, difficulty, place, money, days in wanted:
        unit = AdminUnit.objects.get(name=unit_name, valid_until=None)
        body = PartyOrg.objects.filter(unit=unit, valid_until=None).order_by("pk")[0]
        register_project(
            name=name, kind=kind, unit=unit, body=body, starts_on=since, ends_on=since + timedelta(days=days),
            difficulty=difficulty, place=place, investment_yuan=money, actor=field.clerk, at=before,
        )  # fmt: skip
    for project in Project.objects.filter(state=ProjectState.PLANNED).exclude(name=SUN).order_by("pk"):
        day = max(project.starts_on, since)
        if day <= now.date():
            start_project(project=project, day=day, actor=field.clerk, at=max(at(day, 9, 0), before))


def _found_station(field: Field, since: date) -> None:
    """A unit and a branch beside the operation area's, with a secretary who can log in."""
    before = at(since, 8, 0)
    above = PartyOrg.objects.get(name="输气管理处党委", valid_until=None)
    unit = create_unit(
        name=STATION, kind=UnitKind.UNIT, parent=AdminUnit.objects.get(name="输气管理处"), since=since, actor=None,
        at=before,
    )  # fmt: skip
    branch = create_party_org(
        name=f"{STATION}党支部", kind=PartyOrgKind.BRANCH, parent=above, since=since, actor=None, at=before, unit=unit
    )
    people = [
        Person.objects.create(
            name=name, initials=initials_of(name), unit=unit, valid_from=since, job_title="信息技术员",
            political_status=PoliticalStatus.MASSES if name == STATION_PEOPLE[-1] else PoliticalStatus.FULL_MEMBER,
        )
        for name in STATION_PEOPLE
    ]  # fmt: skip
    for person in people[:-1]:
        join_body(person=person, body=branch, kind=MembershipKind.HOME, since=since, actor=None, at=before)
    take_post(person=people[0], role=PostRole.SECRETARY, body=branch, since=since, actor=None, at=before)
    field.accounts.open(people[0], "xinxi", "信息站党支部书记")
