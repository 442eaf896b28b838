"""The sheet of four sides of the running zone: gathered, fixed, issued twice, with a word that fell and one that is missing."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from ronghe.demo.organization import BUILDER, HOST, Field
from ronghe.demo.zone_papers import sign_agreement
from ronghe.domain.agreements.enums import AgreementKind
from ronghe.domain.duties.calc.shares import SIDES
from ronghe.domain.duties.calc.words import side_digests
from ronghe.domain.duties.enums import Part, Rhythm, RowSource
from ronghe.domain.duties.models import DutySheet, RowTask
from ronghe.domain.duties.selectors.candidates import candidates_of
from ronghe.domain.duties.selectors.reading import SheetRow, rows_of
from ronghe.domain.duties.services.accepting import agree_for_unit, issue_sheet, object_for_unit
from ronghe.domain.duties.services.recurring import give_due_tasks
from ronghe.domain.duties.services.rows import RowPlan, RowText, SideShare, add_row, fix_row
from ronghe.domain.duties.services.sheets import gather_rows, open_sheet
from ronghe.domain.org.enums import PostRole
from ronghe.domain.org.models import AdminUnit, PartyOrg, Person, PostHolding
from ronghe.domain.org.services.people import take_post
from ronghe.domain.work.services.tasks import accept_task, submit_task
from ronghe.domain.zones.enums import SIDE_OF, SheetTopic
from ronghe.domain.zones.models import ParticipatingUnit, ResponsibilityLine
from ronghe.domain.zones.services.sheet import change_line

CLAUSES = {
    # section of the safety agreement → leading side, rhythm
    "duties": ("builder", Rhythm.MONTH),
    "measures": ("builder", Rhythm.WEEK),
    "officer": ("supervision", Rhythm.WEEK),
    "emergency": ("territory", Rhythm.QUARTER),
}
MOST_ITEMS = 5
BASES = {"施工监督关": "PC-06、PC-07", "工序验收": "SD-17", "安全管理协议": "PC-08", "队伍素质关": "PC-06"}


def show_duties(field: Field, since: date, now: datetime) -> None:  # noqa: ARG001
    """Sign the safety agreement, gather its clauses and the zone's open items, fix who does what, and let the sides speak."""
    first = now - timedelta(days=24)
    _sign_safety(field, first)
    sheet = open_sheet(zone=field.zone, actor=field.lead, at=first + timedelta(hours=2))
    offered = candidates_of(sheet, field.lead, first + timedelta(hours=3))
    items = [one.key for one in offered if one.source is RowSource.ITEM][:MOST_ITEMS]
    others = [one.key for one in offered if one.source is not RowSource.ITEM]
    gather_rows(sheet=sheet, keys=[*others, *items], actor=field.lead, at=first + timedelta(hours=3))
    people = {SIDE_OF[party.role].value: party.contact for party in reversed(_parties(sheet)) if party.contact}
    _fix(sheet, people, field.lead, first + timedelta(hours=4))
    _add_own(sheet, people, field.lead, first + timedelta(hours=5))
    change_line(
        line=_lines(sheet)["墙体保温样板段"], due_on=now.date() + timedelta(days=20), actor=field.lead,
        at=first + timedelta(hours=6),
    )  # fmt: skip
    issue_sheet(sheet=sheet, actor=field.lead, at=now - timedelta(days=20), note="各方会商一致")
    _agree(sheet, now - timedelta(days=19), leave=["油建二公司第六工程部（劳务）"])
    give_due_tasks(at=now - timedelta(days=18))
    _do_one(sheet, field.lead, now)
    _change(sheet, field.lead, now)


def _sign_safety(field: Field, moment: datetime) -> None:
    """The officer whom the agreement names holds the post at the builder's unit as well (PC-08)."""
    bodies = [PartyOrg.objects.get(name=f"{name}党支部") for name in (HOST, BUILDER)]
    post = PostHolding.objects.select_related("person").get(
        body=field.zone.body, role=PostRole.HSE_OFFICER, valid_until=None
    )
    take_post(
        person=post.person, role=PostRole.HSE_OFFICER, unit=AdminUnit.objects.get(name=BUILDER), since=moment.date(),
        actor=None, at=moment,
    )  # fmt: skip
    sign_agreement(
        field.zone.projects.get(), bodies, kind=AgreementKind.SAFETY, starts_on=moment.date(), at=moment,
        officer=post.person,
    )  # fmt: skip


def _parties(sheet: DutySheet) -> list[ParticipatingUnit]:
    rows = ParticipatingUnit.objects.filter(zone=sheet.zone, valid_until=None)
    return list(rows.select_related("unit", "contact", "zone__sponsor", "zone__body").order_by("pk"))


def _lines(sheet: DutySheet) -> dict[str, ResponsibilityLine]:
    return {line.matter: line for line in sheet.zone.responsibility_lines.filter(ended_on=None).select_related("zone")}


def _fix(sheet: DutySheet, people: Mapping[str, Person], lead: Person, moment: datetime) -> None:
    """Name a person wherever a side leads, supervises or helps; the supervisor watches what the builder leads in safety."""
    for row in rows_of(sheet, moment.date()):
        plan = _clause_plan(row, people) if row.source is RowSource.CLAUSE else _plan(row, people)
        fix_row(row=row.row, plan=plan, actor=lead, at=moment)


def _clause_plan(row: SheetRow, people: Mapping[str, Person]) -> RowPlan:
    leading, rhythm = CLAUSES.get(row.row.section, ("management", Rhythm.QUARTER))
    parts = dict.fromkeys(("territory", "builder"), Part.HELP) | {leading: Part.LEAD}
    parts.setdefault("supervision", Part.SUPERVISE)
    parts.setdefault("management", Part.INFORM)
    return RowPlan({side: _share(side, parts[side], people) for side in SIDES}, rhythm=rhythm)


def _plan(row: SheetRow, people: Mapping[str, Person]) -> RowPlan:
    shares = {}
    for side, share in row.shares.items():
        named = row.people.get(share.person or 0)
        shares[side] = SideShare(Part(share.part), named or people.get(side))
    if row.source is not RowSource.LINE:
        shares = {side: share for side, share in shares.items() if side not in row.held}
        shares.setdefault("management", SideShare(Part.INFORM))
        if row.lead is None:
            shares["builder"] = SideShare(Part.LEAD, people["builder"])
        shares = {side: share for side, share in shares.items() if side not in row.held}
    return RowPlan(shares, BASES.get(row.title, ""))


def _share(side: str, part: Part, people: Mapping[str, Person]) -> SideShare:
    return SideShare(part, people.get(side) if part != Part.INFORM else None)


def _add_own(sheet: DutySheet, people: Mapping[str, Person], lead: Person, moment: datetime) -> None:
    shares = {
        "builder": SideShare(Part.LEAD, people["builder"]),
        "supervision": SideShare(Part.SUPERVISE, people["supervision"]),
        "territory": SideShare(Part.HELP, people["territory"]),
        "management": SideShare(Part.INFORM),
    }
    text = RowText(
        SheetTopic.SAFETY, "动火、受限空间作业监护", "作业票四方会签，气体每两小时复测一次，监护人不离场", shares,
        rhythm=Rhythm.WEEK, basis="作业许可管理规定",
    )  # fmt: skip
    add_row(sheet=sheet, text=text, actor=lead, at=moment)


def _agree(sheet: DutySheet, moment: datetime, *, leave: list[str]) -> None:
    digests = side_digests([row.words for row in rows_of(sheet, moment.date())])
    for party in _parties(sheet):
        digest = digests[SIDE_OF[party.role].value]
        if party.contact is not None and digest and party.unit.name not in leave:
            agree_for_unit(sheet=sheet, party=party, digest=digest, actor=party.contact, at=moment)


def _do_one(sheet: DutySheet, lead: Person, now: datetime) -> None:
    """One of the tasks that rows became is done and accepted, another handed in."""
    links = RowTask.objects.filter(row__sheet=sheet).select_related("task__assignee").order_by("pk")[:2]
    for place, link in enumerate(links):
        task = link.task
        moment = min(task.due_at - timedelta(hours=3), now - timedelta(days=2))
        submit_task(task=task, note="按要求检查，问题 3 项当场整改，记录附后。", actor=task.assignee, at=moment)
        if not place and task.assignee_id != lead.pk:
            accept_task(task=task, actor=lead, at=moment + timedelta(hours=1))


def _change(sheet: DutySheet, lead: Person, now: datetime) -> None:
    """A duty is written anew and issued; one unit agrees again, one objects; since then another one was and is not issued."""
    lines = _lines(sheet)
    change_line(
        line=lines["施工监督关"], duty="动火、吊装、受限空间、临时用电全程旁站，其余每两小时巡视一次，发现违章当场制止",
        actor=lead, at=now - timedelta(days=6),
    )  # fmt: skip
    issue_sheet(sheet=sheet, actor=lead, at=now - timedelta(days=5), note="临时用电纳入旁站")
    at = now - timedelta(days=4)
    digests = side_digests([row.words for row in rows_of(sheet, at.date())])
    for party in _parties(sheet):
        side = SIDE_OF[party.role].value
        if party.contact is None or side == "territory":
            continue
        if side == "supervision":
            agree_for_unit(sheet=sheet, party=party, digest=digests[side], actor=party.contact, at=at)
        elif party.unit.name == BUILDER:
            object_for_unit(
                sheet=sheet, party=party, digest=digests[side], actor=party.contact, at=at,
                reason="夜班监护人员不够，请监理方明确夜间旁站由谁到场",
            )  # fmt: skip
    change_line(
        line=lines["HSE业绩关"],
        duty="核查近三年安全业绩、事故记录和分包商黑名单（PC-06）",
        actor=lead,
        at=now - timedelta(days=1),
    )
