"""The part of `ronghe decision` that is about responsibility sheets."""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING, Any

import click

from ronghe.cli.acting import acting_now, acting_person
from ronghe.cli.finding import body_called, person_called, row_called
from ronghe.cli.telling import tell
from ronghe.kernel.words import _

if TYPE_CHECKING:
    from ronghe.domain.decisions.models import ResponsibilitySheet, SheetLine
    from ronghe.domain.org.models import Person

_number = click.argument("number", type=int, metavar="NUMBER")
_json = click.option("--json", "as_json", is_flag=True, help="以 JSON 输出")


@click.command("sheet", short_help=_("看责任清单"))
@_number
@_json
def sheet(number: int, as_json: bool) -> None:
    """看一份责任清单，每条办得怎样。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.decisions.selectors.sheets import lines_on

    _lines(lines_on(_seen(actor, number), timezone.localdate()), as_json=as_json)


@click.command("sheets", short_help=_("列出责任清单"))
@_json
def sheets(as_json: bool) -> None:
    """列出您能看到的责任清单。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.decisions.selectors.sheets import sheets_seen_by

    rows = list(sheets_seen_by(actor, timezone.now())[:200])
    if as_json:
        _print([{"id": row.pk, "body": row.body.name, "year": row.year, "state": row.state} for row in rows])
        return
    for row in rows:
        click.echo(f"{row.pk:>6}  {row.year}  {row.body.name}  {row.get_state_display()}")


@click.command("draft-sheet", short_help=_("按任职和范本起草责任清单"))
@click.argument("body")
@click.option("--year", type=int, required=True, help="哪一年")
@_json
def draft_sheet_(body: str, year: int, as_json: bool) -> None:
    """按任职和采用的范本起草 BODY（名称或编号）的责任清单。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.decisions.selectors.rulebooks import bodies_to_keep
    from ronghe.domain.decisions.services.sheets import draft_sheet

    now = timezone.now()
    made = draft_sheet(body=body_called(body, bodies_to_keep(actor, now)), year=year, actor=actor, at=now)
    said = _("已起草，编号 %(number)s，共 %(count)s 条。") % {"number": made.pk, "count": made.lines.count()}
    _print({"id": made.pk, "lines": made.lines.count()}) if as_json else click.echo(said)


@click.command("set-line", short_help=_("在责任清单草稿里加或改一条"))
@_number
@click.option("--line", type=int, help="改哪一条的编号；不写就是加一条")
@click.option("--layer", type=click.Choice(["secretary", "in_charge", "member"]), help="哪一层")
@click.option("--person", "who", metavar="WHO", help="责任人：姓名或员工号")
@click.option("--title", help="抓什么")
@click.option("--field", help="分管领域")
@click.option("--mechanism", help="对应范本里的哪项制度")
@click.option("--rhythm", type=click.Choice(["once", "half", "quarter", "month"]), help="没有制度的，多久一次")
@click.option("--evidence", help="见证材料")
@_json
def set_line_(number: int, line: int | None, who: str | None, as_json: bool, **said: Any) -> None:
    """在编号 NUMBER 的责任清单草稿里加一条，或改一条；改时没有写的不动。"""
    actor, now = acting_now()
    from dataclasses import fields

    from django.utils import timezone

    from ronghe.domain.decisions.models import SheetLine
    from ronghe.domain.decisions.selectors.leaders import people_to_list
    from ronghe.domain.decisions.services.sheets import LineText, set_line

    found = _seen(actor, number)
    changed = row_called(line, SheetLine.objects.filter(sheet=found)) if line is not None else None
    if changed is None and (said["layer"] is None or who is None):
        raise click.UsageError(_("加一条要写 --layer 和 --person。"))
    stood = {one.name: getattr(changed, one.name) for one in fields(LineText)} if changed is not None else {}
    given = {"title": ""} | stood | {name: value for name, value in said.items() if value is not None}
    if who is not None:
        given["person"] = person_called(who, people_to_list(found.body, timezone.localdate(now)))
    made = set_line(sheet=found, text=LineText(**given), line=changed, actor=actor, at=now)
    tell({"id": made.pk, "title": made.title}, _("已记下，编号 %(number)s。") % {"number": made.pk}, as_json=as_json)


@click.command("drop-line", short_help=_("从责任清单草稿里去掉一条"))
@_number
@click.argument("line", type=int)
@_json
def drop_line_(number: int, line: int, as_json: bool) -> None:
    """从编号 NUMBER 的责任清单草稿里去掉编号 LINE 的一条。"""
    actor, now = acting_now()
    from ronghe.domain.decisions.models import SheetLine
    from ronghe.domain.decisions.services.sheets import drop_line

    found = _seen(actor, number)
    rows = SheetLine.objects.select_related("sheet__body").filter(sheet=found)
    drop_line(line=row_called(line, rows), actor=actor, at=now)
    tell({"id": found.pk, "lines": found.lines.count()}, _("已去掉。"), as_json=as_json)


@click.command("adopt-sheet", short_help=_("发布责任清单"))
@_number
@_json
def adopt_sheet_(number: int, as_json: bool) -> None:
    """发布编号 NUMBER 的责任清单草稿。"""
    actor, now = acting_now()
    from ronghe.domain.decisions.services.sheets import adopt_sheet

    made = adopt_sheet(sheet=_seen(actor, number), actor=actor, at=now)
    tell({"id": made.pk, "state": made.state}, _("责任清单已发布，各人在“我的责任清单”看得到。"), as_json=as_json)


@click.command("mine", short_help=_("我的责任清单"))
@_json
def mine(as_json: bool) -> None:
    """列出今年列给您的责任，办得怎样。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.decisions.selectors.sheets import lines_answered_by

    day = timezone.localdate()
    _lines(lines_answered_by(actor, day, day.year), as_json=as_json)


@click.command("done", short_help=_("记办结一条责任"))
@_number
@click.option("--day", type=click.DateTime(["%Y-%m-%d"]), help="哪一天办的，不写为今天")
@click.option("--text", required=True, help="做了什么")
@_json
def done(number: int, day: datetime | None, text: str, as_json: bool) -> None:
    """记办结责任清单里的一条。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.decisions.services.sheets import record_line

    now = timezone.now()
    line = _seen_line(actor, number)
    done_on = day.date() if day is not None else timezone.localdate(now)
    made = record_line(line=line, done_on=done_on, text=text, actor=actor, at=now)
    _print({"id": made.pk, "done_on": f"{made.done_on}"}) if as_json else click.echo(_("已记下。"))


@click.command("undone", short_help=_("撤回一条办结记录"))
@_number
@click.argument("record", type=int)
@_json
def undone(number: int, record: int, as_json: bool) -> None:
    """撤回编号 NUMBER 的一条责任上编号 RECORD 的办结记录。"""
    actor, now = acting_now()
    from ronghe.domain.decisions.models import LineRecord
    from ronghe.domain.decisions.services.sheets import take_back_record

    rows = LineRecord.objects.select_related("line__sheet__body", "line__person")
    made = row_called(record, rows.filter(line=_seen_line(actor, number)))
    take_back_record(made=made, actor=actor, at=now)
    tell({"id": made.pk, "taken_back_at": made.taken_back_at}, _("已撤回。"), as_json=as_json)


def _seen(actor: Person, number: int) -> ResponsibilitySheet:
    from django.utils import timezone

    from ronghe.domain.decisions.selectors.sheets import sheets_seen_by

    return row_called(number, sheets_seen_by(actor, timezone.now()))


def _seen_line(actor: Person, number: int) -> SheetLine:
    from django.utils import timezone

    from ronghe.domain.decisions.models import SheetLine
    from ronghe.domain.decisions.rules import SEE_LINE

    seen = SEE_LINE.narrow(actor, SheetLine.objects.all(), at=timezone.now())
    return row_called(number, seen.select_related("sheet__body", "person"))


def _lines(lines: Any, *, as_json: bool) -> None:
    if as_json:
        _print(
            [
                {"id": one.line.pk, "layer": one.line.layer, "person": one.line.person.name, "title": one.line.title,
                 "state": one.state.value, "done": one.done, "begun": one.begun,
                 "records": [{"id": row.pk, "done_on": f"{row.done_on}"} for row in one.records]}
                for one in lines
            ]
        )  # fmt: skip
        return
    for one in lines:
        click.echo(
            f"{one.line.pk:>6}  {one.line.person.name}  {one.line.title}  {one.done}/{one.begun}  {one.state.value}"
        )


def _print(data: Any) -> None:
    click.echo(json.dumps(data, ensure_ascii=False))


SHEETS = (sheet, sheets, draft_sheet_, set_line_, drop_line_, adopt_sheet_, mine, done, undone)
"""Commands that `ronghe decision` takes in."""
