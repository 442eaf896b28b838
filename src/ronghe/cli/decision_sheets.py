"""The part of `ronghe decision` that is about responsibility sheets."""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING, Any

import click

from ronghe.cli.acting import acting_person
from ronghe.cli.finding import body_called
from ronghe.kernel.errors import NotFound
from ronghe.kernel.words import _

if TYPE_CHECKING:
    from ronghe.domain.decisions.models import ResponsibilitySheet, SheetLine

_number = click.argument("number", type=int, metavar="NUMBER")
_json = click.option("--json", "as_json", is_flag=True, help="以 JSON 输出")


@click.command("sheet", short_help=_("看责任清单"))
@_number
@_json
def sheet(number: int, as_json: bool) -> None:
    """看一份责任清单，每条办得怎样。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.decisions.selectors.sheets import lines_on, sheets_seen_by

    found: ResponsibilitySheet | None = sheets_seen_by(actor, timezone.now()).filter(pk=number).first()
    if found is None:
        raise NotFound
    _lines(lines_on(found, timezone.localdate()), as_json=as_json)


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

    from ronghe.domain.decisions.models import SheetLine
    from ronghe.domain.decisions.rules import SEE_LINE
    from ronghe.domain.decisions.services.sheets import record_line

    now = timezone.now()
    seen = SEE_LINE.narrow(actor, SheetLine.objects.all(), at=now).select_related("sheet__body", "person")
    line: SheetLine | None = seen.filter(pk=number).first()
    if line is None:
        raise NotFound
    done_on = day.date() if day is not None else timezone.localdate(now)
    made = record_line(line=line, done_on=done_on, text=text, actor=actor, at=now)
    _print({"id": made.pk, "done_on": f"{made.done_on}"}) if as_json else click.echo(_("已记下。"))


def _lines(lines: Any, *, as_json: bool) -> None:
    if as_json:
        _print(
            [
                {"id": one.line.pk, "layer": one.line.layer, "person": one.line.person.name, "title": one.line.title,
                 "state": one.state.value, "done": one.done, "begun": one.begun}
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


SHEETS = (sheet, sheets, draft_sheet_, mine, done)
"""Commands that `ronghe decision` takes in."""
