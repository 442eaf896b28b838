"""`ronghe duty`: the sheet of four sides of a zone."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ronghe.cli.acting import acting_person
from ronghe.cli.finding import person_called, row_called
from ronghe.kernel.errors import DomainError, NotAllowed, NotFound
from ronghe.kernel.words import N_, _

if TYPE_CHECKING:
    from ronghe.domain.duties.models import DutyRow, DutySheet
    from ronghe.domain.duties.selectors.accepting import Acceptance
    from ronghe.domain.duties.selectors.sheets import DutyView
    from ronghe.domain.duties.services.rows import SideShare
    from ronghe.domain.org.models import Person

EPILOG = """\b
举例：
  ronghe --as xiequ duty open 1
  ronghe --as xiequ duty gather 1 --all
  ronghe --as xiequ duty add 1 --topic safety --matter 动火监护 --duty "全程旁站" \\
      --share builder:lead:李江 --share supervision:supervise:何春 --rhythm month
  ronghe --as xiequ duty issue 1
  ronghe --as shigong duty agree 1
  ronghe --as xiequ duty print 1 清单.pdf
"""
_number = click.argument("number", type=int, metavar="NUMBER")
_row = click.argument("row", type=int, metavar="ROW")
_json = click.option("--json", "as_json", is_flag=True, help="以 JSON 输出")
_shares = click.option(
    "--share", "shares", multiple=True, metavar="SIDE:PART[:WHO]",
    help="一方承担什么：territory、builder、supervision、management；lead 主责、help 配合、supervise 监督、inform 知会；姓名或员工号",
)  # fmt: skip
_rhythm = click.option("--rhythm", type=click.Choice(["week", "month", "quarter", "half", "year"]), help="频次")
_due = click.option("--due", type=click.DateTime(["%Y-%m-%d"]), help="期限，如 2026-12-20")
_basis = click.option("--basis", default="", help="依据，如 PC-06")


class ShareUnreadable(DomainError):
    code = "duties_share_unreadable"
    sentence = N_("看不懂“%(text)s”。请写成 builder:lead:李江，或 management:inform。")
    status = 422


@click.group(epilog=EPILOG, short_help=_("四方责任清单：收条目、定分工、发布、确认"))
def duty() -> None:
    """四方责任清单：属地、施工、监理、管理各看本方的和共担的，条条有主责。NUMBER 是清单的编号，ROW 是条目的编号。"""


@duty.command("list", short_help=_("列出清单"))
@click.option("--all", "all_", is_flag=True, help="已解散的协作区也看")
@_json
def list_(all_: bool, as_json: bool) -> None:
    """列出您能看到的清单，新的在前。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.duties.selectors.sheets import list_sheets

    listed = list_sheets(actor, timezone.now(), running=not all_, size=50)
    if as_json:
        _print([_head(sheet) for sheet in listed])
        return
    for sheet in listed:
        click.echo(f"{sheet.pk:>6}  {sheet.zone.name}  " + _("第 %(n)s 版") % {"n": sheet.version})


@duty.command("show", short_help=_("看一张清单"))
@_number
@click.option("--gaps", is_flag=True, help="只看缺口")
@_json
def show(number: int, gaps: bool, as_json: bool) -> None:
    """看一张清单：您能看到的条目、各方分工、办得怎样、缺什么、谁确认了。"""
    actor = acting_person()
    view = _view(_seen(actor, number), actor)
    if as_json:
        _print(_whole(view))
        return
    if not gaps:
        _tell_rows(view)
    for gap in view.gaps:
        row = gap.row.row
        click.echo(
            _("缺口：%(number)s %(title)s") % {"number": row.number, "title": gap.row.title} + f"  {gap.kind.label}"
        )
    for one in view.acceptances:
        click.echo(f"{one.side:<12} {one.unit.name}  {one.state.label}")


@duty.command("open", short_help=_("起一张清单"))
@click.argument("zone", type=int, metavar="ZONE")
@_json
def open_(zone: int, as_json: bool) -> None:
    """为协作区 ZONE 起一张清单，区里责任清单的各条都收进来。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.duties.selectors.sheets import zones_to_open
    from ronghe.domain.duties.services.sheets import open_sheet

    now = timezone.now()
    made = open_sheet(zone=row_called(zone, zones_to_open(actor, now)), actor=actor, at=now)
    _tell(made, _("清单已起好，编号 %(number)s。") % {"number": made.pk}, as_json=as_json)


@duty.command("gather", short_help=_("收进清单"))
@_number
@click.argument("keys", nargs=-1)
@click.option("--all", "all_", is_flag=True, help="全部收进来")
@_json
def gather(number: int, keys: Sequence[str], all_: bool, as_json: bool) -> None:
    """把还没收进来的责任、条款、难点、事项收进清单；不写 KEYS 就列出可以收的。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.duties.selectors.candidates import candidates_of
    from ronghe.domain.duties.services.sheets import gather_rows
    from ronghe.domain.zones.rules import KEEP_SHEET

    now, sheet = timezone.now(), _seen(actor, number)
    KEEP_SHEET.require(actor, sheet.zone, at=now)
    offered = candidates_of(sheet, actor, now)
    if not keys and not all_:
        if as_json:
            _print([{"key": one.key, "title": one.title, "source": one.source.value} for one in offered])
            return
        for one in offered:
            click.echo(f"{one.key:<24} {one.source.label}  {one.title}")
        return
    wanted = [one.key for one in offered] if all_ else keys
    rows = gather_rows(sheet=sheet, keys=wanted, actor=actor, at=now)
    _tell(sheet, _("收进了 %(count)s 条。") % {"count": len(rows)}, as_json=as_json)


@duty.command("add", short_help=_("写一条"))
@_number
@click.option("--topic", type=click.Choice(["safety", "quality", "progress", "party"]), required=True, help="类别")
@click.option("--matter", required=True, help="事项")
@click.option("--duty", "text", required=True, help="职责")
@_shares
@_rhythm
@_due
@_basis
@_json
def add(
    number: int, topic: str, matter: str, text: str, shares: Sequence[str], rhythm: str | None, due: datetime | None,
    basis: str, as_json: bool,
) -> None:  # fmt: skip
    """写一条责任，同时写进协作区的责任清单。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.duties.enums import Rhythm
    from ronghe.domain.duties.services.rows import RowText, add_row
    from ronghe.domain.zones.enums import SheetTopic

    sheet, now = _seen(actor, number), timezone.now()
    given = RowText(
        SheetTopic(topic), matter, text, _read_shares(sheet, shares), _day(due), Rhythm(rhythm) if rhythm else None,
        basis=basis,
    )  # fmt: skip
    made = add_row(sheet=sheet, text=given, actor=actor, at=now)
    _tell(sheet, _("已写入，条目编号 %(number)s。") % {"number": made.pk}, as_json=as_json)


@duty.command("fix", short_help=_("定分工"))
@_number
@_row
@_shares
@_rhythm
@_due
@_basis
@_json
def fix(
    number: int, row: int, shares: Sequence[str], rhythm: str | None, due: datetime | None, basis: str, as_json: bool
) -> None:
    """定条目 ROW 的四方分工；期限和频次只有安全协议的条款在这里定。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.duties.enums import Rhythm
    from ronghe.domain.duties.services.rows import RowPlan, fix_row

    sheet = _seen(actor, number)
    plan = RowPlan(_read_shares(sheet, shares), basis, _day(due), Rhythm(rhythm) if rhythm else None)
    fix_row(row=_row_of(sheet, row, actor), plan=plan, actor=actor, at=timezone.now())
    _tell(sheet, _("已定。"), as_json=as_json)


@duty.command("drop", short_help=_("移出清单"))
@_number
@_row
@_json
def drop(number: int, row: int, as_json: bool) -> None:
    """把条目 ROW 移出清单；来处的记录还在，可以再收进来。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.duties.services.sheets import drop_row

    sheet = _seen(actor, number)
    drop_row(row=_row_of(sheet, row, actor), actor=actor, at=timezone.now())
    _tell(sheet, _("已移出。"), as_json=as_json)


@duty.command("import", short_help=_("从表格导入"))
@_number
@click.argument("table", type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="FILE")
@click.option("--dry-run", is_flag=True, help="只检查，不写入")
@_json
def import_(number: int, table: Path, dry_run: bool, as_json: bool) -> None:
    """从 FILE（Excel 或 CSV）导入条目；一处不对就一条也不导入。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.duties.selectors.tables import read_table
    from ronghe.domain.duties.services.rows import take_lines
    from ronghe.domain.zones.rules import KEEP_SHEET

    now, sheet = timezone.now(), _seen(actor, number)
    KEEP_SHEET.require(actor, sheet.zone, at=now)
    preview = read_table(table, table.name, sheet, timezone.localdate(now))
    for one in preview.problems:
        click.echo(f"{one.cell}  {one.head}  {one.why}", err=True)
    preview.refuse_problems()
    if dry_run:
        _tell(sheet, _("%(count)s 条都可以导入。") % {"count": len(preview.lines)}, as_json=as_json)
        return
    rows = take_lines(sheet=sheet, lines=preview.lines, actor=actor, at=now)
    _tell(sheet, _("已导入 %(count)s 条。") % {"count": len(rows)}, as_json=as_json)


@duty.command("issue", short_help=_("发布"))
@_number
@click.option("--note", default="", help="改了什么、为什么")
@_json
def issue(number: int, note: str, as_json: bool) -> None:
    """发布清单，请改动到的各方确认。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.duties.services.accepting import issue_sheet

    sheet = _seen(actor, number)
    version = issue_sheet(sheet=sheet, actor=actor, at=timezone.now(), note=note)
    _tell(sheet, _("第 %(number)s 版已发布。") % {"number": version.number}, as_json=as_json)


@duty.command("agree", short_help=_("代表本单位确认"))
@_number
@click.option("--object", "reason", default="", help="不确认，写明有什么异议")
@_json
def agree(number: int, reason: str, as_json: bool) -> None:
    """代表您说得上话的单位确认本方的条目，或者提异议。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.duties.services.accepting import agree_for_unit, object_for_unit

    sheet = _seen(actor, number)
    view = _view(sheet, actor)
    one = _mine(view, actor)
    digest, now = view.issued_digest(one.side), timezone.now()
    if reason:
        object_for_unit(sheet=sheet, party=one.party, digest=digest, reason=reason, actor=actor, at=now)
        _tell(sheet, _("异议已提出。"), as_json=as_json)
        return
    agree_for_unit(sheet=sheet, party=one.party, digest=digest, actor=actor, at=now)
    _tell(sheet, _("已代表%(unit)s确认。") % {"unit": one.unit.name}, as_json=as_json)


@duty.command("changes", short_help=_("一版改了什么"))
@_number
@click.argument("version", type=int, metavar="VERSION")
@_json
def changes(number: int, version: int, as_json: bool) -> None:
    """列出第 VERSION 版和上一版比改了哪些条目。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.duties.selectors.sheets import version_seen

    found = version_seen(_seen(actor, number), version, actor, timezone.now())
    if found is None:
        raise NotFound
    diffs = [{"kind": diff.kind, "number": diff.row.number, "title": diff.row.title} for diff in found[2]]
    if as_json:
        _print(diffs)
        return
    for diff in diffs:
        click.echo(f"{diff['number']:>4}  {diff['kind']}  {diff['title']}")


@duty.command("print", short_help=_("存成 Word 或 PDF"))
@_number
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def print_(number: int, file: Path) -> None:
    """把您看到的清单存成 FILE（.docx 或 .pdf）。"""
    actor = acting_person()
    sheet = _seen(actor, number)
    from django.utils import timezone

    from ronghe.domain.duties.documents import sheet_document
    from ronghe.kernel.documents.layout import GBT_9704_LANDSCAPE
    from ronghe.kernel.printing import PaperForm
    from ronghe.kernel.printing.register import issued

    now = timezone.now()
    form = PaperForm.DOCX if file.suffix.lower() == ".docx" else PaperForm.PDF
    document = sheet_document(_view(sheet, actor), printed_on=timezone.localdate(now))
    file.write_bytes(issued(document, form, at=now, source=sheet, layout=GBT_9704_LANDSCAPE))
    click.echo(_("已存到 %(file)s。") % {"file": file})


def _seen(actor: Person, number: int) -> DutySheet:
    from django.utils import timezone

    from ronghe.domain.duties.selectors.sheets import sheets_seen_by

    return row_called(number, sheets_seen_by(actor, timezone.now()))


def _view(sheet: DutySheet, actor: Person) -> DutyView:
    from django.utils import timezone

    from ronghe.domain.duties.selectors.sheets import view_of

    return view_of(sheet, actor, timezone.now())


def _row_of(sheet: DutySheet, pk: int, actor: Person) -> DutyRow:
    from django.utils import timezone

    from ronghe.domain.duties.selectors.sheets import row_seen

    found = row_seen(sheet, pk, actor, timezone.now())
    if found is None:
        raise NotFound
    found.row.sheet = sheet
    return found.row


def _mine(view: DutyView, actor: Person) -> Acceptance:
    """Return the unit for which the actor speaks; one that still waits before one that has spoken."""
    from django.utils import timezone

    from ronghe.domain.duties.rules import SPEAK_FOR_UNIT

    mine = [one for one in view.acceptances if SPEAK_FOR_UNIT.allows(actor, one.party, at=timezone.now())]
    if not mine:
        raise NotAllowed
    return min(mine, key=lambda one: one.is_settled)


def _read_shares(sheet: DutySheet, shares: Sequence[str]) -> dict[str, SideShare]:
    from django.utils import timezone

    from ronghe.domain.duties.calc.shares import SIDES
    from ronghe.domain.duties.enums import Part
    from ronghe.domain.duties.selectors.people import people_to_name
    from ronghe.domain.duties.services.rows import SideShare

    found = {}
    for text in shares:
        side, part, who = ([*text.split(":", 2), "", ""])[:3]
        if side not in SIDES or part not in Part.values:
            raise ShareUnreadable(text=text)
        person = person_called(who, people_to_name(sheet.zone, timezone.localdate(), side)) if who else None
        found[side] = SideShare(Part(part), person)
    return found


def _day(given: datetime | None) -> date | None:
    return given.date() if given is not None else None


def _tell_rows(view: DutyView) -> None:
    for row in view.rows:
        shares = "  ".join(f"{side}:{share.part}:{share.name}".rstrip(":") for side, share in row.shares.items())
        standing = view.records[row.row.pk].standing.label
        click.echo(f"{row.row.number:>3}  #{row.row.pk}  {row.title}  {shares}  {row.when}  {standing}")


def _head(sheet: DutySheet) -> dict[str, Any]:
    return {"id": sheet.pk, "zone": sheet.zone.name, "version": sheet.version}


def _whole(view: DutyView) -> dict[str, Any]:
    rows = [
        {"id": row.row.pk, "number": row.row.number, "title": row.title, "source": row.source.value, "when": row.when,
         "shares": {side: [share.part, share.name] for side, share in row.shares.items()},
         "standing": view.records[row.row.pk].standing.value}
        for row in view.rows
    ]  # fmt: skip
    return {
        **_head(view.sheet), "rows": rows, "changed": len(view.changed),
        "gaps": [{"row": gap.row.row.pk, "kind": gap.kind.value, "side": gap.side} for gap in view.gaps],
        "units": [{"side": one.side, "unit": one.unit.name, "state": one.state.value} for one in view.acceptances],
    }  # fmt: skip


def _tell(sheet: DutySheet, words: str, *, as_json: bool) -> None:
    if as_json:
        _print(_head(sheet))
    else:
        click.echo(words)


def _print(value: Any) -> None:
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))
