"""Who is where: one company, three units from their rosters, one zone with its sides."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from ronghe.demo.accounts import DemoAccounts
from ronghe.demo.zone_papers import sign_agreement
from ronghe.domain.agreements.enums import AgreementKind
from ronghe.domain.org.calc.roster.reading import SourceFile
from ronghe.domain.org.enums import PARTY_MEMBERS, MembershipKind, PartyOrgKind, PostRole, UnitKind
from ronghe.domain.org.models import AdminUnit, Membership, PartyOrg, Person
from ronghe.domain.org.models.people import initials_of
from ronghe.domain.org.services.people import join_body, take_post
from ronghe.domain.org.services.rosters import import_roster
from ronghe.domain.org.services.trees import create_party_org, create_unit
from ronghe.domain.projects.enums import Difficulty, ProjectKind
from ronghe.domain.projects.services.projects import register_project
from ronghe.domain.zones.enums import ParticipantRole, ZoneMode
from ronghe.domain.zones.models import CollaborationZone
from ronghe.domain.zones.services.founding import agree_zone, approve_zone, propose_zone, start_zone
from ronghe.domain.zones.services.parties import add_participating_unit
from ronghe.domain.zones.services.shut_downs import plan_shut_down
from ronghe.kernel.access.models import Administrator

DATA = Path(__file__).parent / "data"
ROSTERS = {
    "nanyi1_zone.xlsx": "南I-1参建片区",
    "clean_power.csv": "清洁电力开发项目部",
    "yilong_area_corrected.xlsx": "输气管理处",
}
"""Roster → the unit that keeps it."""
HOST, BUILDER = "第一采油厂第三油矿", "油建二公司第六工程部"
ZONE_UNITS = {
    HOST: ParticipantRole.HOST_SITE,
    BUILDER: ParticipantRole.CONSTRUCTOR,
    "油建二公司第六工程部（劳务）": ParticipantRole.CONSTRUCTOR,
    "水务工程公司": ParticipantRole.CONSTRUCTOR,
    "庆安监理有限公司": ParticipantRole.SUPERVISOR,
    "基建管理中心": ParticipantRole.OWNER,
}


@dataclass(slots=True)
class Field:
    """The demonstration's people with a part to play."""

    company: AdminUnit
    committee: PartyOrg
    clerk: Person
    zone: CollaborationZone
    lead: Person
    crew: list[Person]
    accounts: DemoAccounts

    @property
    def zone_body(self) -> PartyOrg:
        if self.zone.body is None:
            raise AssertionError(self.zone)
        return self.zone.body


def found_company(since: date, at: datetime, accounts: DemoAccounts) -> tuple[AdminUnit, PartyOrg, Person]:
    """Set up the company, its committee, the clerk who keeps the rosters, and the three administrators."""
    company = create_unit(name="演示油气田公司", kind=UnitKind.COMPANY, parent=None, since=since, actor=None, at=at)
    committee = create_party_org(
        name="演示油气田公司党委", kind=PartyOrgKind.COMMITTEE, parent=None, since=since, actor=None, at=at,
        unit=company,
    )  # fmt: skip
    clerk = _person("温书宁", company, since)
    take_post(person=clerk, role=PostRole.COMMITTEE_CLERK, body=committee, since=since, actor=None, at=at)
    accounts.open(clerk, "dangqun", "党群部门")
    auditor = _person("费清和", company, since)
    take_post(person=auditor, role=PostRole.AUDITOR, body=committee, since=since, actor=None, at=at)
    accounts.open(auditor, "jijian", "纪检审计")
    for name, login, administrator in (
        ("冉系安", "sysadmin", Administrator.SYSTEM),
        ("查守静", "secadmin", Administrator.SECURITY),
        ("审明远", "auditadmin", Administrator.AUDIT),
    ):
        accounts.open(_person(name, company, since), login, str(administrator.label), administrator=administrator)
    return company, committee, clerk


def import_rosters(company: AdminUnit, committee: PartyOrg, clerk: Person, since: date, at: datetime) -> PartyOrg:
    """Bring each roster in below its unit's committee, as a clerk would; return the committee of the zone's sides."""
    bodies = {}
    for name, unit_name in ROSTERS.items():
        unit = create_unit(name=unit_name, kind=UnitKind.UNIT, parent=company, since=since, actor=None, at=at)
        bodies[name] = create_party_org(
            name=f"{unit_name}党委", kind=PartyOrgKind.COMMITTEE, parent=committee, since=since, actor=None, at=at,
            unit=unit,
        )  # fmt: skip
    for name, body in bodies.items():
        reasons = {"joined_under_18": "已核对档案", "probation_overrun": "延长预备期，有批复"}
        path = DATA / name
        roster, done = import_roster(
            files=[SourceFile(path, name)], body=body, actor=clerk, at=at, declares_unclassified=True,
            reasons=reasons,
        )  # fmt: skip
        if done is None:
            raise AssertionError(roster.problems)
    return bodies["nanyi1_zone.xlsx"]


def start_demo_zone(
    company: AdminUnit, committee: PartyOrg, clerk: Person, since: date, at: datetime, accounts: DemoAccounts
) -> Field:
    """Found the zone of the 南I-1 station works with its five sides, its posts and its crew."""
    host, builder = (PartyOrg.objects.get(name=f"{name}党支部") for name in (HOST, BUILDER))
    works = register_project(
        name="南I-1联合站改造工程", kind=ProjectKind.STATION_RENOVATION, difficulty=Difficulty.HARD, body=host,
        unit=AdminUnit.objects.get(name="基建管理中心"), starts_on=since - timedelta(days=14),
        ends_on=since + timedelta(days=330), investment_yuan=186_000_000, is_epc=True, place="南I-1联合站", actor=clerk,
        at=at,
    )  # fmt: skip
    zone = propose_zone(
        name="南I-1联合站改造党建协作区", projects=[works], mode=ZoneMode.PROJECT_BASED, sponsor=committee,
        actor=clerk, at=at, place="南I-1联合站活动板房", is_pilot=True,
    )  # fmt: skip
    for name, role in ZONE_UNITS.items():
        unit = AdminUnit.objects.get(name=name)
        branch = PartyOrg.objects.filter(name=f"{name}党支部").first()
        add_participating_unit(zone=zone, unit=unit, role=role, since=since, actor=clerk, at=at, home_branch=branch)
    take_post(
        person=_members_of(HOST)[1], role=PostRole.SECRETARY, body=host, since=at.date(), actor=None, at=at
    )  # fmt: skip
    sign_agreement(works, [host, builder], kind=AgreementKind.LETTER_OF_INTENT, starts_on=at.date(), at=at)
    agree_zone(zone=zone, actor=clerk, at=at)
    approve_zone(zone=zone, approval_ref="演示党字〔2026〕8号", actor=clerk, at=at)
    start_zone(zone=zone, office_below=company, since=since, actor=clerk, at=at)
    lead, crew = _man_the_zone(zone, since, at, accounts)
    return Field(company, committee, clerk, zone, lead, crew, accounts)


def stop_for_rain(field: Field, days: tuple[date, date], at: datetime) -> None:
    """Plan the site's one shut-down of the quarter."""
    plan_shut_down(zone=field.zone, from_on=days[0], until_on=days[1], reason="连续暴雨停工", actor=field.lead, at=at)


def _man_the_zone(
    zone: CollaborationZone, since: date, at: datetime, accounts: DemoAccounts
) -> tuple[Person, list[Person]]:
    """Every Party member of the sides takes part, and so do the foremen; posts and log-ins follow."""
    if zone.body is None:
        raise AssertionError(zone)
    sides = {name: AdminUnit.objects.get(name=name) for name in ZONE_UNITS}
    people = Person.objects.filter(unit__links_above__ancestor__in=sides.values()).distinct().order_by("pk")
    members = list(people.filter(political_status__in=PARTY_MEMBERS))
    foremen = list(people.exclude(political_status__in=PARTY_MEMBERS).filter(trade__in=["焊工", "电工"])[:12])
    crew = members + foremen
    for person in crew:
        join_body(person=person, body=zone.body, kind=MembershipKind.PARTICIPATION, since=since, actor=None, at=at)
    host = [p for p in members if p.unit_id == sides[HOST].pk]
    builders = [p for p in members if p.unit_id == sides[BUILDER].pk]
    _posts(zone.body, since, at, host, builders)
    for login, title, person in (
        ("xiequ", "协作区负责人", host[0]),
        ("shuji", "共建党支部书记", host[1]),
        ("anquan", "安全管理", builders[0]),
        ("dangyuan", "党员", builders[1]),
        ("gongren", "班组长、非党员", foremen[0]),
    ):
        accounts.open(person, login, title)
    return host[0], crew


def _posts(body: PartyOrg, since: date, at: datetime, host: Sequence[Person], builders: Sequence[Person]) -> None:
    for person, role, place in (
        (host[0], PostRole.ZONE_LEAD, body),
        (host[1], PostRole.SECRETARY, body),
        (host[2], PostRole.PROJECT_MANAGER, body),
        (builders[0], PostRole.HSE_OFFICER, body),
        (builders[1], PostRole.GROUP_LEADER, _home(builders[1])),
    ):
        take_post(person=person, role=role, body=place, since=since, actor=None, at=at)


def _members_of(unit: str) -> list[Person]:
    rows = Person.objects.filter(unit__name=unit, political_status__in=PARTY_MEMBERS)
    return list(rows.order_by("pk")[:3])


def _home(person: Person) -> PartyOrg:
    return Membership.objects.get(person=person, kind=MembershipKind.HOME, valid_until=None).body


def _person(name: str, unit: AdminUnit, since: date) -> Person:
    return Person.objects.create(
        name=name, initials=initials_of(name), unit=unit, valid_from=since, political_status="01", job_title="干事"
    )
