"""`ronghe today`: what one owes, in order; done, put off, and how much lies on whom."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

import click

from ronghe.cli.acting import acting_now
from ronghe.cli.finding import body_called, person_called
from ronghe.kernel.inbox import Topic
from ronghe.kernel.words import _

EPILOG = """\b
举例：
  ronghe --as shuji today
  ronghe --as shuji today --topic work --json
  ronghe --as shuji today do papers 7 receive
  ronghe --as shuji today later tasks 12 --until tomorrow
  ronghe --as shuji today load
"""


@click.group(epilog=EPILOG, invoke_without_command=True, short_help=_("今天该办的，按先后"))
@click.option("--topic", type=click.Choice([topic.value for topic in Topic]), help="只看这一种")
@click.option("--find", default="", help="只看标题、原因、地点、人名里有这些字的")
@click.option("--most", default=30, show_default=True, help="最多列几件")
@click.option("--json", "as_json", is_flag=True)
@click.pass_context
def today(context: click.Context, topic: str | None, find: str, most: int, as_json: bool) -> None:
    """今日：您今天该办的，按到期、轻重、地点排好；什么都不写就列出来。"""
    if context.invoked_subcommand is not None:
        return
    actor, now = acting_now()
    from ronghe.domain.today.calc.order import by_part
    from ronghe.domain.today.selectors.day import my_day

    mine = my_day(actor, now, topic=Topic(topic) if topic else None, text=find, most=most)
    if as_json:
        _print({"count": mine.count, "pressing": mine.pressing, "items": [_line(line, now) for line in mine.lines]})
        return
    for part, lines in by_part(mine.lines, now):
        click.echo(f"{part.label}  {len(lines)}")
        for line in lines:
            click.echo("  " + _words(line, now))
            for act in line.acts:
                if act.id:
                    click.echo(f"      > today do {line.inbox} {line.pk} {act.id}  {act.title}")
    click.echo(_("共 %(count)s 件，到今天该办 %(pressing)s 件，已办 %(done)s 件。")
               % {"count": mine.count, "pressing": mine.pressing, "done": len(mine.done)})  # fmt: skip


@today.command("do", short_help=_("办一步"))
@click.argument("inbox")
@click.argument("record", type=int)
@click.argument("act")
def do(inbox: str, record: int, act: str) -> None:
    """给清单里 INBOX 类、编号 RECORD 的一件办 ACT 这一步；有哪几步看 `ronghe today`。"""
    actor, now = acting_now()
    from ronghe.domain.today.services.doing import do_act

    done = do_act(inbox=inbox, record=record, act=act, person=actor, at=now)
    click.echo(done.words)
    if done.undo:
        click.echo(_("撤销：ronghe today do %(inbox)s %(record)s %(act)s")
                   % {"inbox": inbox, "record": record, "act": done.undo})  # fmt: skip


@today.command("later", short_help=_("稍后再办"))
@click.argument("inbox")
@click.argument("record", type=int)
@click.option("--until", type=click.Choice(["hour", "evening", "tomorrow"]), default="hour", show_default=True)
def later(inbox: str, record: int, until: str) -> None:
    """把一件推后一小时、推到下班前或明天早上；到时自己回来。"""
    actor, now = acting_now()
    from django.utils import timezone

    from ronghe.domain.today.enums import Until
    from ronghe.domain.today.services.putting_off import put_off

    row = put_off(inbox=inbox, record=record, until=Until(until), person=actor, at=now)
    click.echo(_("到 %(moment)s 再提醒您。") % {"moment": f"{timezone.localtime(row.until):%Y-%m-%d %H:%M}"})


@today.command("back", short_help=_("把推后的放回来"))
@click.argument("inbox")
@click.argument("record", type=int)
def back(inbox: str, record: int) -> None:
    """把推后的一件放回清单。"""
    actor, _now = acting_now()
    from ronghe.domain.today.services.putting_off import bring_back

    bring_back(inbox=inbox, record=record, person=actor)
    click.echo(_("已放回来。"))


@today.command("load", short_help=_("谁手上有多少"))
@click.option("--body", help="只看这个组织的人：名称或编号")
@click.option("--person", "name", help="只看这个人：姓名或员工号")
@click.option("--json", "as_json", is_flag=True)
def load(body: str | None, name: str | None, as_json: bool) -> None:
    """您管的人各自手上的任务、事项和要主持的会；没有管人的职务时只有您自己。"""
    actor, now = acting_now()
    from ronghe.domain.org.selectors.people import bodies_seen_by
    from ronghe.domain.today.selectors.load import MOST, kind_title, loads_of, people_led_by

    chosen = body_called(body, bodies_seen_by(actor, now)) if body else None
    rows = people_led_by(actor, now, body=chosen)
    people = [person_called(name, rows)] if name else rows[:MOST]
    loads = list(loads_of(people, now).values())
    if as_json:
        _print([
            {"person": one.person.pk, "name": one.person.name, "open": one.open, "overdue": one.overdue,
             "week": one.week, "weight": one.weight, "by_kind": one.by_kind}
            for one in loads
        ])  # fmt: skip
        return
    for one in loads:
        kinds = "  ".join(f"{kind_title(kind)} {count}" for kind, count in one.by_kind.items())
        click.echo(f"{one.person.name}  {one.words}  {kinds}")


def _words(line: Any, now: datetime) -> str:
    late = line.days_late(now)
    when = _("超 %(count)s 天") % {"count": late} if late else "" if line.day is None else f"{line.day:%m-%d}"
    hour = f" {line.hour:%H:%M}" if line.hour is not None and not late else ""
    return f"{when}{hour}  {line.title}  {line.why}  {line.where}".strip()


def _line(line: Any, now: datetime) -> dict[str, Any]:
    return {
        "inbox": line.inbox, "record": line.pk, "title": line.title, "why": line.why, "where": line.where,
        "part": line.part(now).value, "topic": line.topic.value, "days_late": line.days_late(now),
        "due_at": line.due_at.isoformat() if line.due_at else None,
        "due_on": line.due_on.isoformat() if line.due_on else None,
        "acts": [act.id for act in line.acts if act.id],
    }  # fmt: skip


def _print(value: Any) -> None:
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))
