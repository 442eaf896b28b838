"""`ronghe obligation`: what is owed, and letting a body off."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

import click

from ronghe.cli.acting import acting_person
from ronghe.kernel.errors import NotFound
from ronghe.kernel.words import _

EPILOG = """\b
举例：
  ronghe --as xiequ obligation list
  ronghe --as xiequ obligation list --state missed --json
  ronghe --as dangqun obligation waive 12 --reason 现场停产检修
  ronghe --as dangqun obligation behind --by due
  ronghe --as xiequ obligation move 12 2026-10-26 --reason 抢修
  ronghe --as xiequ obligation ask 12 13 --reason 停产检修
  ronghe --as dangqun obligation answer 3 --grant
"""


@click.group(epilog=EPILOG, short_help=_("应办事项：待办、漏办、免办"))
def obligation() -> None:
    """应办事项：每项制度何时该办、办了没有。"""


@obligation.command("list", short_help=_("列出应办事项"))
@click.option(
    "--state", type=click.Choice(["open", "missed", "met", "waived", "all"]), default="open", show_default=True
)
@click.option("--page", default=1, show_default=True)
@click.option("--json", "as_json", is_flag=True)
def list_(state: str, page: int, as_json: bool) -> None:
    """列出您能看到的应办事项，先到期的在前。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.obligations.selectors import list_obligations

    listed = list_obligations(actor, timezone.now(), choice=state, page=page, size=50)
    if as_json:
        click.echo(json.dumps({"count": listed.count, "items": [_row(row) for row in listed]}, ensure_ascii=False))
        return
    for row in listed:
        said = _row(row)
        line = f"{said['id']:>7}  {said['due_on']}  {said['state_label']}  {said['title']}  {said['body']}"
        click.echo(f"{line}  {said['why_owed']}".rstrip())
    click.echo(_("共 %(count)s 件，第 %(page)s 页，共 %(pages)s 页。")
               % {"count": f"{listed.count}", "page": listed.page, "pages": listed.pages})  # fmt: skip


@obligation.command("waive", short_help=_("免办应办事项"))
@click.argument("numbers", type=int, nargs=-1, required=True, metavar="NUMBER...")
@click.option("--reason", required=True, help=_("为什么可以不办"))
def waive_(numbers: tuple[int, ...], reason: str) -> None:
    """让组织不用办这一件或几件，写明理由；由上级党组织办理，几件要么都免、要么都不免。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.obligations.services.waiving import waive_several

    found = [_seen(actor, number) for number in dict.fromkeys(numbers)]
    waive_several(obligations=found, reason=reason, actor=actor, at=timezone.now())
    for row in found:
        click.echo(_("已免办：%(title)s") % {"title": row.title})


@obligation.command("unwaive", short_help=_("撤销免办"))
@click.argument("number", type=int, metavar="NUMBER")
def unwaive(number: int) -> None:
    """撤销一件免办，恢复应办；由上级党组织办理。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.obligations.services.waiving import withdraw_waiver

    found = _seen(actor, number)
    if not hasattr(found, "waiver"):
        raise NotFound
    restored = withdraw_waiver(waiver=found.waiver, actor=actor, at=timezone.now())
    click.echo(_("恢复应办：%(title)s") % {"title": restored.title})


@obligation.command("behind", short_help=_("谁落后了"))
@click.option("--by", type=click.Choice(["missed", "due", "late", "unadopted"]), default="missed", show_default=True)
@click.option("--span", type=click.Choice(["month", "quarter", "year"]), default="year", show_default=True)
@click.option("--page", default=1, show_default=True)
@click.option("--json", "as_json", is_flag=True)
def behind(by: str, span: str, page: int, as_json: bool) -> None:
    """列出落后的组织，落得最多的在前：哪项制度、从何时起、谁负责、为什么。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.obligations.selectors.behind import What, list_behind
    from ronghe.kernel.calendar.periods import PeriodKind, period_around

    now = timezone.now()
    days = period_around(timezone.localdate(now), PeriodKind(span)).span
    listed: Any = list_behind(actor, now, span=days, what=What(by), page=page, size=50)
    if as_json:
        click.echo(json.dumps({"count": listed.count, "items": [_behind(row) for row in listed]}, ensure_ascii=False))
        return
    for row in listed:
        click.echo(f"{row.body.pk:>7}  {row.body.name}  {row.missed}/{row.due}/{row.late}  {row.since or ''}")
        for line in row.lines:
            people = " ".join(line.names)
            click.echo(f"           {line.title}  {line.missed}/{line.due}/{line.late}  {line.role} {people}")
    click.echo(_("共 %(count)s 个组织；三个数是漏办、待办、迟办。") % {"count": listed.count})


@obligation.command("move", short_help=_("改固定日"))
@click.argument("number", type=int, metavar="NUMBER")
@click.argument("day", type=click.DateTime(["%Y-%m-%d"]), metavar="DAY")
@click.option("--reason", required=True, help=_("为什么改"))
def move(number: int, day: datetime, reason: str) -> None:
    """把一件应办事项的固定日移到 DAY，要在应办期内；原来的日子留在记录里。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.obligations.services.moving import move_planned_day

    found = _seen(actor, number)
    moved = move_planned_day(obligation=found, to=day.date(), reason=reason, actor=actor, at=timezone.now())
    click.echo(_("“%(title)s”移到 %(day)s。") % {"title": moved.title, "day": moved.planned_on})


@obligation.command("days-open", short_help=_("固定日可以改到哪些天"))
@click.argument("number", type=int, metavar="NUMBER")
@click.option("--json", "as_json", is_flag=True)
def days_open(number: int, as_json: bool) -> None:
    """看一件应办事项的固定日可以改到哪些天。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.obligations.services.moving import days_open_to

    found = days_open_to(_seen(actor, number), timezone.localdate())
    if as_json:
        said = {"from_on": found.from_on.isoformat(), "last_on": found.last_on.isoformat()} if found else None
        click.echo(json.dumps(said))
    else:
        click.echo(f"{found.from_on} – {found.last_on}" if found else _("固定日不能改。"))


@obligation.command("ask", short_help=_("申请免办"))
@click.argument("numbers", type=int, nargs=-1, required=True, metavar="NUMBER...")
@click.option("--reason", required=True, help=_("为什么办不了"))
def ask(numbers: tuple[int, ...], reason: str) -> None:
    """向上级申请免办，同一个组织的几件可以一起申请。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.obligations.services.asking import ask_waiver

    found = [_seen(actor, number) for number in numbers]
    made = ask_waiver(obligations=found, reason=reason, actor=actor, at=timezone.now())
    click.echo(_("申请已报上级，编号 %(number)s。") % {"number": made.pk})


@obligation.command("requests", short_help=_("免办申请"))
@click.option("--json", "as_json", is_flag=True)
def requests(as_json: bool) -> None:
    """列出您能看到的免办申请，新的在前。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.obligations.selectors.requests import list_requests

    rows: Any = list_requests(actor, timezone.now(), size=200)
    said = [
        {"id": row.pk, "body": row.body.name, "reason": row.reason, "state": row.state, "count": row.count}
        for row in rows
    ]
    if as_json:
        click.echo(json.dumps(said, ensure_ascii=False))
        return
    for row in rows:
        click.echo(f"{row.pk:>7}  {row.get_state_display()}  {row.body.name}  {row.count}  {row.reason}")
    click.echo(_("共 %(count)s 件。") % {"count": len(said)})


@obligation.command("take-back", short_help=_("撤回免办申请"))
@click.argument("number", type=int, metavar="NUMBER")
def take_back(number: int) -> None:
    """撤回自己报的、还没有答复的免办申请。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.obligations.selectors.requests import requests_seen_by
    from ronghe.domain.obligations.services.asking import take_back_request

    now = timezone.now()
    found = requests_seen_by(actor, now).filter(pk=number).first()
    if found is None:
        raise NotFound
    take_back_request(request=found, actor=actor, at=now)
    click.echo(_("申请已撤回。"))


@obligation.command("answer", short_help=_("答复免办申请"))
@click.argument("number", type=int, metavar="NUMBER")
@click.option("--grant/--refuse", required=True, help=_("同意还是不同意"))
@click.option("--words", default="", help=_("答复的话；不同意时必须写"))
def answer(number: int, grant: bool, words: str) -> None:
    """答复一件免办申请；由上级党组织办理。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.obligations.selectors.requests import requests_seen_by
    from ronghe.domain.obligations.services.asking import grant_waiver, refuse_waiver

    now = timezone.now()
    found = requests_seen_by(actor, now).filter(pk=number).first()
    if found is None:
        raise NotFound
    act = grant_waiver if grant else refuse_waiver
    answered = act(request=found, answer=words, actor=actor, at=now)
    click.echo(_("已答复：%(state)s") % {"state": answered.get_state_display()})


def _seen(actor: Any, number: int) -> Any:
    from django.utils import timezone

    from ronghe.domain.obligations.selectors import obligations_seen_by

    found = obligations_seen_by(actor, timezone.now()).filter(pk=number).first()
    if found is None:
        raise NotFound
    return found


def _behind(row: Any) -> dict[str, Any]:
    return {
        "body": row.body.name,
        "missed": row.missed,
        "due": row.due,
        "late": row.late,
        "since": row.since.isoformat() if row.since else None,
        "why": [why.value for why in row.why],
        "lines": [
            {"mechanism": line.mechanism, "title": line.title, "missed": line.missed, "due": line.due,
             "late": line.late, "people": line.names}
            for line in row.lines
        ],
    }  # fmt: skip


def _row(row: Any) -> dict[str, Any]:
    from ronghe.domain.obligations.enums import ObligationState

    return {
        "id": row.pk,
        "title": row.title,
        "mechanism": row.mechanism,
        "body": row.body.name,
        "window_from": row.window_from.isoformat(),
        "due_on": row.due_on.isoformat(),
        "planned_on": row.planned_on.isoformat() if row.planned_on else None,
        "why_owed": row.why_owed,
        "state": row.state,
        "state_label": str(ObligationState(row.state).label),
    }
