"""Three zones: one runs with its sheet filled, a regional one is proposed, a third is dissolved and in the archive."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from ronghe.demo.history import at
from ronghe.demo.organization import BUILDER, HOST, Field
from ronghe.demo.zone_papers import sign_agreement
from ronghe.domain.agreements.enums import AgreementKind
from ronghe.domain.org.enums import MembershipKind, PostRole
from ronghe.domain.org.models import AdminUnit, Membership, PartyOrg, Person
from ronghe.domain.org.services.people import join_body, take_post
from ronghe.domain.projects.enums import Difficulty, ProjectKind
from ronghe.domain.projects.models import Project
from ronghe.domain.projects.services.projects import complete_project, register_project, start_project
from ronghe.domain.zones.enums import ParticipantRole, SheetSide, SheetTopic, ZoneMode
from ronghe.domain.zones.selectors.people import sides_of
from ronghe.domain.zones.services.dissolving import dissolve_zone
from ronghe.domain.zones.services.evaluating import comment_evaluation, evaluate_zone
from ronghe.domain.zones.services.founding import agree_zone, approve_zone, propose_zone, start_zone
from ronghe.domain.zones.services.parties import add_participating_unit, change_party
from ronghe.domain.zones.services.sheet import add_line, change_line, draft_sheet

BRIDGE = "水源地替代工程党建协作区"


def show_zones(field: Field, since: date, now: datetime) -> None:
    """Fill the running zone's sheet, propose a regional zone, and let one end with its project."""
    _fill_sheet(field, at(since, 9, 0))
    _propose_regional(field, now)
    _end_one(field, since, now)


def _fill_sheet(field: Field, moment: datetime) -> None:
    """Draft from the playbook, name people of the leading sides, change one line, add one of the zone's own."""
    zone = field.zone
    for side in sides_of(zone, moment.date()):
        if side.people:
            change_party(party=side.parties[0], contact=side.people[0], actor=field.lead, at=moment)
    lines = draft_sheet(zone=zone, actor=field.lead, at=moment)
    by_unit = {side.unit.name: side.people for side in sides_of(zone, moment.date())}
    answering = {SheetSide.TERRITORY: by_unit[HOST], SheetSide.BUILDER: by_unit[BUILDER]}
    for number, line in enumerate(lines):
        people = answering.get(SheetSide(line.lead), [])
        if people:
            change_line(line=line, person=people[number % min(4, len(people))], actor=field.lead, at=moment)
    later = moment + timedelta(days=20)
    supervised = next(line for line in lines if line.matter == "施工监督关")
    change_line(
        line=supervised, duty="动火、吊装、受限空间全程旁站，其余每日两次巡视，发现违章当场制止（PC-06、PC-07）",
        actor=field.lead, at=later,
    )  # fmt: skip
    add_line(
        zone=zone, topic=SheetTopic.QUALITY, matter="墙体保温样板段", duty="胶粘挂网样板段四方验收合格后全面施工",
        lead=SheetSide.SUPERVISION, assists=[SheetSide.BUILDER, SheetSide.TERRITORY],
        due_on=moment.date() + timedelta(days=75), actor=field.lead, at=later,
    )  # fmt: skip


def _propose_regional(field: Field, now: datetime) -> None:
    """喇十七: old works, small, hard and long; several projects, one area (SD-15)."""
    unit, day = AdminUnit.objects.get(name=HOST), now.date()
    works = [
        _project(field, name, kind, unit, day - timedelta(days=20), day + timedelta(days=days), money, now)
        for name, kind, days, money in (
            ("喇十七注水污水变电站老区改造", ProjectKind.OLD_AREA_RENOVATION, 520, 21_000_000),
            ("喇十七管廊腐蚀隐患治理", ProjectKind.HAZARD_CONTROL, 410, 8_600_000),
        )
    ]
    zone = propose_zone(
        name="喇十七片区党建协作区", projects=works, mode=ZoneMode.AREA_BASED, sponsor=_sponsor(field), actor=field.clerk,
        at=now, place="喇十七变电站值班室",
    )  # fmt: skip
    for name, role in ((HOST, ParticipantRole.HOST_SITE), (BUILDER, ParticipantRole.CONSTRUCTOR)):
        add_participating_unit(
            zone=zone, unit=AdminUnit.objects.get(name=name), role=role, since=day, actor=field.clerk, at=now,
            home_branch=PartyOrg.objects.get(name=f"{name}党支部"),
        )  # fmt: skip


def _end_one(field: Field, since: date, now: datetime) -> None:
    """The crossing below the motorway: fifteen days were given, ten were needed; then the zone was over."""
    first, last = at(since, 8, 30), now - timedelta(days=6)
    host, builder = "水务工程公司", BUILDER
    works = _project(
        field, "中引水厂水源地替代工程第一标段", ProjectKind.LIVELIHOOD, AdminUnit.objects.get(name=host), since,
        since + timedelta(days=120), 36_000_000, first,
    )  # fmt: skip
    start_project(project=works, day=since, actor=field.clerk, at=first)
    zone = propose_zone(
        name=BRIDGE, projects=[works], mode=ZoneMode.PROJECT_BASED, sponsor=_sponsor(field), actor=field.clerk, at=first,
        place="G10 高速公路桥西侧", mode_reason="只有一个标段，工期短，用联合党支部更快",
    )  # fmt: skip
    bodies = [PartyOrg.objects.get(name=f"{HOST}党支部"), PartyOrg.objects.get(name=f"{builder}党支部")]
    sign_agreement(works, bodies, kind=AgreementKind.LETTER_OF_INTENT, starts_on=since, at=first)
    for name, role in (
        (HOST, ParticipantRole.HOST_SITE),
        (host, ParticipantRole.CONSTRUCTOR),
        (builder, ParticipantRole.CONSTRUCTOR),
    ):
        add_participating_unit(
            zone=zone, unit=AdminUnit.objects.get(name=name), role=role, since=since, actor=field.clerk, at=first
        )
    agree_zone(zone=zone, actor=field.clerk, at=first)
    approve_zone(zone=zone, approval_ref="演示党字〔2026〕9号", actor=field.clerk, at=first)
    start_zone(zone=zone, office_below=field.company, since=since, actor=field.clerk, at=first)
    people = _people(HOST, 3) + _people(builder, 4)
    for person in people:
        join_body(person=person, body=zone.body, kind=MembershipKind.PARTICIPATION, since=since, actor=None, at=first)  # type: ignore[arg-type]
    take_post(person=people[0], role=PostRole.ZONE_LEAD, body=zone.body, since=since, actor=None, at=first)
    draft_sheet(zone=zone, actor=field.clerk, at=first)
    complete_project(project=works, day=last.date(), actor=field.clerk, at=last)
    evaluate_zone(
        zone=zone, actor=people[0], at=last,
        effects="15 天的高速公路桥穿越 10 天完成，为后续施工多赢得 5 天；零事故、零污染。",
        problems="开工前图纸会审慢了两天，冬季混凝土养护设备到场晚。",
        lessons="各方在现场会审图纸、现场签批开工单；党员带头攻关穿越工艺，写成工法供其他标段用。",
    )  # fmt: skip
    for party in zone.participating_units.select_related("zone__sponsor", "zone__body", "unit").order_by("pk")[:2]:
        comment_evaluation(party=party, text="同意。建议今后设计方在开工前一个月进场。", actor=people[0], at=last)
    dissolve_zone(zone=zone, reason="第一标段完工验收", actor=field.clerk, at=now - timedelta(hours=20))


def _project(
    field: Field, name: str, kind: ProjectKind, unit: AdminUnit, starts_on: date, ends_on: date, money: int, moment: datetime
) -> Project:  # fmt: skip
    return register_project(
        name=name, kind=kind, difficulty=Difficulty.VERY_HARD, body=PartyOrg.objects.get(name=f"{HOST}党支部"), unit=unit, starts_on=starts_on,
        ends_on=ends_on, investment_yuan=money, actor=field.clerk, at=moment,
    )  # fmt: skip


def _sponsor(field: Field) -> PartyOrg:
    return field.zone.sponsor


def _people(unit: str, count: int) -> list[Person]:
    """Return the first members at home in the branch of a unit."""
    rows = Membership.objects.filter(body__name=f"{unit}党支部", kind=MembershipKind.HOME, valid_until=None)
    return [row.person for row in rows.select_related("person").order_by("pk")[:count]]
