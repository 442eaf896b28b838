"""`ronghe pool`: what the sides of a zone or of an agreement put in together."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click

from ronghe.cli.acting import acting_person
from ronghe.cli.pool_moods import note_mood_, read_mood_
from ronghe.kernel.errors import NotFound
from ronghe.kernel.words import _

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from ronghe.domain.org.models import Person
    from ronghe.domain.pools.models import Booking, ItemClosure, MoodFollowUp, Pool, SharedItem

EPILOG = """\b
举例：
  ronghe --as xiequ pool list
  ronghe --as dangyuan pool book 1 "2026-10-08 09:00" "2026-10-08 11:00" --purpose 交底会
  ronghe --as dangyuan pool book 1 --for 31
  ronghe --as dangyuan pool move 5 "2026-10-09 09:00" "2026-10-09 11:00"
  ronghe --as yilong pool offer 阀室模拟机 --kind equipment --part party-3
  ronghe --as yilong pool balance agreement-1 2026-10-01 2026-11-01
  ronghe --as xiequ pool close 1 2026-10-01 2026-10-07 --reason 检修
  ronghe --as dangyuan pool settle 5 cancel
  ronghe --as dangyuan pool used 5 --minutes 90
"""

_number = click.argument("number", type=int, metavar="NUMBER")
_json = click.option("--json", "as_json", is_flag=True, help="以 JSON 输出")
_pool = click.option("--pool", "pool_key", default="", help="只看一个协作区或意向书，如 zone-1、agreement-2")
_moment = click.DateTime(["%Y-%m-%d %H:%M"])
_day = click.DateTime(["%Y-%m-%d"])
KINDS = ("room", "venue", "equipment", "vehicle", "material", "expert", "course")


@click.group(epilog=EPILOG, short_help=_("资源共享与思想共管"))
def pool() -> None:
    """资源共享与思想共管。"""


@pool.command("pools", short_help=_("列出能共享的协作区和意向书"))
@_json
def pools(as_json: bool) -> None:
    """列出您能看到的协作区和意向书，各方在其中共享资源。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.org.rules.reaches import local_day
    from ronghe.domain.pools.selectors.pools import pools_seen_by

    now = timezone.now()
    rows = [
        {"key": row.key, "name": row.name, "is_open": row.is_open(local_day(now))} for row in pools_seen_by(actor, now)
    ]
    if as_json:
        _print(rows)
        return
    for row in rows:
        click.echo(f"{row['key']:>14}  {row['name']}" + ("" if row["is_open"] else _("（不在有效期内）")))
    click.echo(_("共 %(count)s 个。") % {"count": len(rows)})


@pool.command("parts", short_help=_("列出您代表的各方"))
@_json
def parts(as_json: bool) -> None:
    """列出您代表的各方；拿东西出来共享时用 --part 写明。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.pools.selectors.pools import parts_offering

    rows = [
        {"key": part.key, "name": part.side.name, "pool": part.pool.name}
        for part in parts_offering(actor, timezone.now())
    ]
    if as_json:
        _print(rows)
        return
    for row in rows:
        click.echo(f"{row['key']:>12}  {row['name']}  {row['pool']}")
    click.echo(_("共 %(count)s 方。") % {"count": len(rows)})


@pool.command("list", short_help=_("列出共享的东西"))
@click.option("--words", default="", help="名称、地点或单位里的字")
@_pool
@_json
def list_(words: str, pool_key: str, as_json: bool) -> None:
    """列出您能预订的共享资源。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.pools.selectors.items import list_items

    found = _seen_pool(actor, pool_key) if pool_key else None
    rows = [_item(row) for row in list_items(actor, timezone.now(), words=words[:40], pool=found, size=500)]
    if as_json:
        _print(rows)
        return
    for row in rows:
        click.echo(f"{row['id']:>6}  {row['title']}  {row['side']}  × {row['capacity']}")
    click.echo(_("共 %(count)s 项。") % {"count": len(rows)})


@pool.command("book", short_help=_("预订"))
@_number
@click.argument("start", type=_moment, required=False)
@click.argument("end", type=_moment, required=False)
@click.option("--purpose", default="", help="做什么用；为活动订的不用写")
@click.option("--for", "activity", type=int, help="为哪场活动订，写编号；不写时间就是活动的时间")
@click.option("--quantity", default=1, type=click.IntRange(1, 9999), help="数量")
@_json
def book(
    number: int, start: datetime | None, end: datetime | None, purpose: str, activity: int | None, quantity: int,
    as_json: bool,
) -> None:  # fmt: skip
    """预订一项共享资源，从 START 到 END；用 --for 为一场活动订。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.pools.selectors.items import items_seen_by
    from ronghe.domain.pools.services.bookings import book_item
    from ronghe.domain.rhythm.selectors import activities_seen_by
    from ronghe.domain.rhythm.services.bookings import book_for_activity

    now = timezone.now()
    item = items_seen_by(actor, now).filter(pk=number).first()
    if item is None:
        raise NotFound
    begins, ends = (timezone.make_aware(one) if one else None for one in (start, end))
    if activity is not None:
        held = activities_seen_by(actor, now).filter(pk=activity).first()
        if held is None:
            raise NotFound
        made = book_for_activity(
            activity=held, item=item, quantity=quantity, starts_at=begins, ends_at=ends, actor=actor, at=now
        )
    elif begins is None or ends is None or not purpose.strip():
        raise click.UsageError(_("请写明从几时到几时、做什么用，或用 --for 写明为哪场活动。"))
    else:
        made = book_item(
            item=item, starts_at=begins, ends_at=ends, purpose=purpose[:80], quantity=quantity, actor=actor, at=now
        )
    _tell(
        _booking(made),
        _("预订 %(number)s：%(state)s。") % {"number": made.pk, "state": made.get_state_display()},
        as_json=as_json,
    )


@pool.command("offer", short_help=_("拿出来共享"))
@click.argument("title")
@click.option("--kind", required=True, type=click.Choice(KINDS), help="类别")
@click.option("--part", default="", help="哪一方，写 pool parts 列出的代号；只代表一方的不用写")
@click.option("--place", default="", help="地点")
@click.option("--capacity", default=1, type=click.IntRange(1, 9999), help="数量")
@click.option("--asks", is_flag=True, help="预订要先经联系人同意")
@_json
def offer(
    title: str, kind: str, part: str, place: str, capacity: int, asks: bool, as_json: bool
) -> None:  # fmt: skip
    """把一方的东西拿出来给各方用，您是联系人。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.pools.enums import ItemKind
    from ronghe.domain.pools.selectors.pools import parts_offering
    from ronghe.domain.pools.services.items import offer_item

    now = timezone.now()
    found = [one for one in parts_offering(actor, now) if part in ("", one.key)]
    if len(found) > 1:
        raise click.UsageError(_("您代表不止一方，请用 --part 写明；pool parts 列出各方的代号。"))
    if not found:
        raise NotFound
    made = offer_item(
        part=found[0], kind=ItemKind(kind), title=title[:60], place=place[:80], capacity=capacity, is_auto=not asks,
        actor=actor, at=now,
    )  # fmt: skip
    said = _("第 %(number)s 号，“%(title)s”可以预订了。")
    _tell(_item(made), said % {"number": made.pk, "title": made.title}, as_json=as_json)


@pool.command("close", short_help=_("停用几天"))
@_number
@click.argument("first", type=_day)
@click.argument("last", type=_day)
@click.option("--reason", default="", help="为什么停用")
@_json
def close(number: int, first: datetime, last: datetime, reason: str, as_json: bool) -> None:
    """从 FIRST 到 LAST（都算在内）停用，这几天不能预订。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.pools.services.items import close_item

    item = _seen_item(actor, number)
    made = close_item(
        item=item, from_on=first.date(), until_on=last.date(), reason=reason[:80], actor=actor, at=timezone.now()
    )
    said = _("“%(title)s”%(first)s 至 %(last)s 停用。")
    told = {"title": item.title, "first": made.from_on, "last": made.until_on}
    _tell(_closure(made), said % told, as_json=as_json)


@pool.command("closures", short_help=_("列出停用的日子"))
@_number
@_json
def closures(number: int, as_json: bool) -> None:
    """列出一项共享资源停用的日子，最近的在前。"""
    actor = acting_person()
    rows = list(_seen_item(actor, number).closures.order_by("-from_on", "-pk")[:200])
    if as_json:
        _print([_closure(row) for row in rows])
        return
    for row in rows:
        click.echo(f"{row.pk:>6}  {row.from_on} — {row.until_on}  {row.reason}".rstrip())
    click.echo(_("共 %(count)s 条。") % {"count": len(rows)})


@pool.command("withdraw", short_help=_("收回，不再共享"))
@_number
@_json
def withdraw(number: int, as_json: bool) -> None:
    """收回一项共享资源；用过的记录仍在。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.pools.services.items import withdraw_item

    made = withdraw_item(item=_seen_item(actor, number), actor=actor, at=timezone.now())
    _tell(_item(made), _("已收回，用过的记录仍在。"), as_json=as_json)


@pool.command("bookings", short_help=_("列出等您答复和您订的"))
@_json
def bookings(as_json: bool) -> None:
    """列出等您答复或登记使用的预订，和您自己订的。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.pools.selectors.items import bookings_of, bookings_waiting

    now = timezone.now()
    rows = [(True, row) for row in bookings_waiting(actor, now)] + [(False, row) for row in bookings_of(actor, now)]
    if as_json:
        _print([_booking(row) | {"waits_for_you": waits} for waits, row in rows])
        return
    for waits, row in rows:
        begins = timezone.localtime(row.starts_at)
        mark = _("等您处理") if waits else row.get_state_display()
        click.echo(f"{row.pk:>6}  {begins:%Y-%m-%d %H:%M}  {row.item.title}  {mark}  {row.reason}".rstrip())
    click.echo(_("共 %(count)s 个。") % {"count": len(rows)})


@pool.command("move", short_help=_("改预订的时间"))
@_number
@click.argument("start", type=_moment)
@click.argument("end", type=_moment)
@_json
def move(number: int, start: datetime, end: datetime, as_json: bool) -> None:
    """把一个预订改到从 START 到 END；要联系人同意的，要重新同意。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.pools.services.bookings import move_booking

    begins, ends = timezone.make_aware(start), timezone.make_aware(end)
    made = move_booking(
        booking=_seen_booking(actor, number), starts_at=begins, ends_at=ends, actor=actor, at=timezone.now()
    )
    said = _("预订 %(number)s：%(state)s。") % {"number": made.pk, "state": made.get_state_display()}
    _tell(_booking(made), said, as_json=as_json)


@pool.command("settle", short_help=_("答复或取消预订"))
@_number
@click.argument("step", type=click.Choice(["approve", "decline", "cancel", "miss"]))
@_json
def settle(number: int, step: str, as_json: bool) -> None:
    """同意（approve）、不同意（decline）、取消（cancel）一个预订，或记没有来用（miss）。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.pools.services.bookings import approve_booking, cancel_booking, decline_booking, miss_booking

    act: Callable[..., Booking] = {
        "approve": approve_booking, "decline": decline_booking, "cancel": cancel_booking, "miss": miss_booking,
    }[step]  # fmt: skip
    made = act(booking=_seen_booking(actor, number), actor=actor, at=timezone.now())
    said = _("预订 %(number)s：%(state)s。") % {"number": made.pk, "state": made.get_state_display()}
    _tell(_booking(made), said, as_json=as_json)


@pool.command("used", short_help=_("登记使用"))
@_number
@click.option("--minutes", type=int, help="实际用了多少分钟，不写按预订")
@click.option("--damage", default="", help="损坏情况")
@_json
def used(number: int, minutes: int | None, damage: str, as_json: bool) -> None:
    """登记一个预订用过了。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.pools.services.bookings import close_booking

    found = _seen_booking(actor, number)
    made = close_booking(booking=found, minutes=minutes, damage=damage[:200], actor=actor, at=timezone.now())
    _tell(_booking(made), _("已登记。"), as_json=as_json)


@pool.command("balance", short_help=_("各方借出借入"))
@click.argument("pool_key", metavar="POOL")
@click.argument("since", type=_day)
@click.argument("until", type=_day)
@_json
def balance(pool_key: str, since: datetime, until: datetime, as_json: bool) -> None:
    """一个协作区（zone-1）或意向书（agreement-2）从 SINCE 起、到 UNTIL 前各方借出借入的次数和分钟。"""
    actor = acting_person()
    from ronghe.domain.pools.selectors.balances import balances

    if until <= since:
        raise click.UsageError(_("结束日期要晚于开始日期。"))
    rows = [
        {"side": row.side.name, "offered": row.offered, "lent": row.lent, "lent_minutes": row.lent_minutes,
         "borrowed": row.borrowed, "borrowed_minutes": row.borrowed_minutes, "minutes": row.minutes}
        for row in balances(_seen_pool(actor, pool_key), since.date(), until.date())
    ]  # fmt: skip
    if as_json:
        _print(rows)
        return
    for row in rows:
        click.echo(_("%(side)s：拿出 %(offered)s，借出 %(lent)s 次，借入 %(borrowed)s 次，相抵 %(minutes)s 分钟") % row)


pool.add_command(note_mood_)
pool.add_command(read_mood_)


@pool.command("moods", short_help=_("列出思想动态"))
@_pool
@_json
def moods(pool_key: str, as_json: bool) -> None:
    """列出您能看到的思想动态；文字加密，用 read-mood 看。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.pools.selectors.moods import list_moods

    found = _seen_pool(actor, pool_key) if pool_key else None
    rows = [
        {"id": row.pk, "side": row.side.name, "day": f"{row.day}", "level": row.level, "topics": row.topics}
        for row in list_moods(actor, timezone.now(), pool=found, size=500)
    ]
    if as_json:
        _print(rows)
        return
    for row in rows:
        click.echo(f"{row['id']:>6}  {row['day']}  {row['side']}  {row['level']}")
    click.echo(_("共 %(count)s 条。") % {"count": len(rows)})


@pool.command("follow-ups", short_help=_("列出等您跟进的思想动态"))
@_json
def follow_ups(as_json: bool) -> None:
    """列出等您跟进的思想动态，最急的在前。"""
    actor = acting_person()
    from ronghe.domain.pools.selectors.moods import follow_ups_of

    rows = [_follow_up(row) for row in follow_ups_of(actor)]
    if as_json:
        _print(rows)
        return
    for row in rows:
        click.echo(f"{row['id']:>6}  {row['due_on']}  {row['side']}  {row['way']}")
    click.echo(_("共 %(count)s 条。") % {"count": len(rows)})


@pool.command("followed-up", short_help=_("记已跟进"))
@_number
@_json
def followed_up(number: int, as_json: bool) -> None:
    """记一条思想动态已跟进。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.pools.selectors.moods import follow_ups_to_finish
    from ronghe.domain.pools.services.moods import finish_follow_up

    now = timezone.now()
    found = follow_ups_to_finish(actor, now).filter(pk=number).first()
    if found is None:
        raise NotFound
    _tell(_follow_up(finish_follow_up(follow_up=found, actor=actor, at=now)), _("已跟进。"), as_json=as_json)


def _seen_pool(actor: Person, key: str) -> Pool:
    from django.utils import timezone

    from ronghe.domain.pools.selectors.pools import pool_called

    found = pool_called(key, actor, timezone.now())
    if found is None:
        raise NotFound
    return found


def _seen_booking(actor: Person, number: int) -> Booking:
    from django.utils import timezone

    from ronghe.domain.pools.selectors.items import bookings_seen_by

    found = bookings_seen_by(actor, timezone.now()).filter(pk=number).first()
    if found is None:
        raise NotFound
    return found


def _seen_item(actor: Person, number: int) -> SharedItem:
    from django.utils import timezone

    from ronghe.domain.pools.selectors.items import items_seen_by

    found = items_seen_by(actor, timezone.now()).filter(pk=number).first()
    if found is None:
        raise NotFound
    return found


def _closure(row: ItemClosure) -> dict[str, Any]:
    return {
        "id": row.pk, "item": row.item_id, "from_on": f"{row.from_on}", "until_on": f"{row.until_on}",
        "reason": row.reason,
    }  # fmt: skip


def _item(row: SharedItem) -> dict[str, Any]:
    return {
        "id": row.pk, "title": row.title, "kind": row.kind, "side": row.side.name, "pool": row.pool.key,
        "capacity": row.capacity,
    }  # fmt: skip


def _follow_up(row: MoodFollowUp) -> dict[str, Any]:
    return {"id": row.pk, "side": row.note.side.name, "way": row.way, "due_on": f"{row.due_on}"}


def _booking(row: Booking) -> dict[str, Any]:
    return {
        "id": row.pk, "item": row.item_id, "starts_at": row.starts_at.isoformat(), "ends_at": row.ends_at.isoformat(),
        "quantity": row.quantity, "state": row.state,
    }  # fmt: skip


def _tell(data: dict[str, Any], said: str, *, as_json: bool) -> None:
    _print(data) if as_json else click.echo(said)


def _print(data: Any) -> None:
    click.echo(json.dumps(data, ensure_ascii=False))
