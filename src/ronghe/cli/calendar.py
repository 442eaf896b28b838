"""`ronghe calendar`: what is owed and planned, day by day, and the address that a phone subscribes to."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

import click

from ronghe.cli.acting import acting_now, acting_person
from ronghe.cli.finding import row_called
from ronghe.kernel.errors import NotFound
from ronghe.kernel.words import _

EPILOG = """\b
举例：
  ronghe --as shuji calendar list
  ronghe --as shuji calendar list --from 2026-10-01 --days 31 --json
  ronghe --as dangqun calendar list --scope zone-1
  ronghe --as shuji calendar move 88 2026-10-26 --reason 会议室占用
  ronghe --as shuji calendar subscribe
"""


@click.group(epilog=EPILOG, short_help=_("日历与订阅"))
def calendar() -> None:
    """日历与订阅：应办的、安排的、开过的，一天一天列出；手机可以订阅。"""


@calendar.command("list", short_help=_("列出日历上的事"))
@click.option("--from", "from_on", type=click.DateTime(["%Y-%m-%d"]), help=_("从哪一天起，不写为今天"))
@click.option("--days", default=14, show_default=True, type=click.IntRange(1, 400))
@click.option("--scope", default="mine", show_default=True, help=_("mine、body-编号、zone-编号"))
@click.option("--json", "as_json", is_flag=True)
def list_(from_on: datetime | None, days: int, scope: str, as_json: bool) -> None:
    """按天列出应办事项、活动和到期的日子。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.calendars.calc.layout import clamped
    from ronghe.domain.calendars.selectors import entries_in, scope_named
    from ronghe.kernel.calendar.periods import DaySpan

    now = timezone.now()
    found = scope_named(scope, actor, now)
    if found is None:
        raise NotFound
    first = clamped(from_on.date() if from_on else timezone.localdate(now))
    entries = entries_in(found, DaySpan(first, first + timedelta(days=days)), now)
    if as_json:
        click.echo(json.dumps([_entry(entry) for entry in entries], ensure_ascii=False))
        return
    for entry in entries:
        said = _entry(entry)
        click.echo(f"{said['day']}  {said['starts'] or '     '}  {entry.word}  {entry.title}  {entry.body}")
    click.echo(_("共 %(count)s 件。") % {"count": len(entries)})


@calendar.command("move", short_help=_("移一场活动"))
@click.argument("number", type=int, metavar="NUMBER")
@click.argument("day", type=click.DateTime(["%Y-%m-%d"]), metavar="DAY")
@click.option("--reason", required=True, help=_("为什么改"))
def move(number: int, day: datetime, reason: str) -> None:
    """把一场安排好的活动移到 DAY，钟点和时长不变。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.calendars.services.moving import move_to_day
    from ronghe.domain.rhythm.selectors import activities_seen_by

    now = timezone.now()
    found = activities_seen_by(actor, now).filter(pk=number).first()
    if found is None:
        raise NotFound
    moved = move_to_day(activity=found, to=day.date(), reason=reason, actor=actor, at=now)
    click.echo(_("“%(title)s”移到 %(day)s。") % {"title": moved.get_activity_type_display(), "day": moved.day})


@calendar.command("move-back", short_help=_("撤销上次改期"))
@click.argument("number", type=int, metavar="NUMBER")
def move_back_(number: int) -> None:
    """把一场活动移回上次改期以前的时间。"""
    actor, now = acting_now()
    from ronghe.domain.calendars.services.moving import move_back
    from ronghe.domain.rhythm.selectors import activities_seen_by

    before = move_back(activity=row_called(number, activities_seen_by(actor, now)), actor=actor, at=now)
    click.echo(_("没有改过期。") if before is None else _("已移回 %(day)s。") % {"day": f"{before:%Y-%m-%d %H:%M}"})


@calendar.command("subscribe", short_help=_("生成订阅地址"))
@click.option("--body", type=int, help=_("哪个组织的日历，不写为自己的"))
def subscribe(body: int | None) -> None:
    """生成一个订阅地址的后半段，只显示这一次；前半段是平台的网址。"""
    actor = acting_person()
    from django.urls import reverse
    from django.utils import timezone

    from ronghe.domain.calendars.services.feeds import make_feed
    from ronghe.domain.org.selectors.people import bodies_seen_by

    now = timezone.now()
    found = bodies_seen_by(actor, now).filter(pk=body).first() if body is not None else None
    if body is not None and found is None:
        raise NotFound
    _feed, secret = make_feed(actor=actor, at=now, body=found)
    click.echo(reverse("web:calendar_feed", args=[secret]))


@calendar.command("feeds", short_help=_("我的订阅地址"))
@click.option("--json", "as_json", is_flag=True)
def feeds(as_json: bool) -> None:
    """列出您在用的订阅地址，地址本身不再显示。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.calendars.selectors.feeds import feeds_of

    rows = [
        {
            "id": feed.pk,
            "body": feed.body.name if feed.body is not None else None,
            "read_at": feed.read_at.isoformat() if feed.read_at else None,
        }
        for feed in feeds_of(actor, timezone.now())
    ]
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False))
        return
    for row in rows:
        click.echo(f"{row['id']:>7}  {row['body'] or _('我的日历')}  {row['read_at'] or ''}")
    click.echo(_("共 %(count)s 个。") % {"count": len(rows)})


@calendar.command("revoke", short_help=_("停用订阅地址"))
@click.argument("number", type=int, metavar="NUMBER")
def revoke(number: int) -> None:
    """停用一个订阅地址，用它的手机从此读不到。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.calendars.selectors.feeds import feeds_of
    from ronghe.domain.calendars.services.feeds import revoke_feed

    now = timezone.now()
    found = feeds_of(actor, now).filter(pk=number).first()
    if found is None:
        raise NotFound
    revoke_feed(feed=found, actor=actor, at=now)
    click.echo(_("订阅地址已停用。"))


def _entry(entry: Any) -> dict[str, Any]:
    from django.utils import timezone

    return {
        "kind": str(entry.kind),
        "id": entry.pk,
        "day": entry.day.isoformat(),
        "starts": f"{timezone.localtime(entry.starts_at):%H:%M}" if entry.starts_at else None,
        "title": entry.title,
        "body": entry.body,
        "state": entry.state,
        "meets": list(entry.meets),
    }
