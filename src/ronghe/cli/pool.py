"""`ronghe pool`: what the sides of a zone put in together."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click

from ronghe.cli.acting import acting_person
from ronghe.kernel.errors import NotFound
from ronghe.kernel.words import _

if TYPE_CHECKING:
    from datetime import datetime

    from ronghe.domain.org.models import Person
    from ronghe.domain.pools.models import Booking, SharedItem

EPILOG = """\b
举例：
  ronghe --as xiequ pool list
  ronghe --as dangyuan pool book 1 "2026-10-08 09:00" "2026-10-08 11:00" --purpose 交底会
  ronghe --as dangyuan pool cancel 5
  ronghe --as dangyuan pool used 5 --minutes 90
"""

_number = click.argument("number", type=int, metavar="NUMBER")
_json = click.option("--json", "as_json", is_flag=True, help="以 JSON 输出")
_moment = click.DateTime(["%Y-%m-%d %H:%M"])


@click.group(epilog=EPILOG, short_help=_("资源共享与思想共管"))
def pool() -> None:
    """资源共享与思想共管。"""


@pool.command("list", short_help=_("列出共享的东西"))
@click.option("--words", default="", help="名称、地点或单位里的字")
@_json
def list_(words: str, as_json: bool) -> None:
    """列出您能预订的共享资源。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.pools.selectors import list_items

    rows = [_item(row) for row in list_items(actor, timezone.now(), words=words[:40], size=500)]
    if as_json:
        _print(rows)
        return
    for row in rows:
        click.echo(f"{row['id']:>6}  {row['title']}  {row['unit']}  × {row['capacity']}")
    click.echo(_("共 %(count)s 项。") % {"count": len(rows)})


@pool.command("book", short_help=_("预订"))
@_number
@click.argument("start", type=_moment)
@click.argument("end", type=_moment)
@click.option("--purpose", required=True, help="做什么用")
@click.option("--quantity", default=1, type=click.IntRange(1, 9999), help="数量")
@_json
def book(number: int, start: datetime, end: datetime, purpose: str, quantity: int, as_json: bool) -> None:
    """预订一项共享资源，从 START 到 END。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.pools.selectors import items_seen_by
    from ronghe.domain.pools.services.bookings import book_item

    now = timezone.now()
    item = items_seen_by(actor, now).filter(pk=number).first()
    if item is None:
        raise NotFound
    made = book_item(
        item=item, starts_at=timezone.make_aware(start), ends_at=timezone.make_aware(end), purpose=purpose[:80],
        quantity=quantity, actor=actor, at=now,
    )  # fmt: skip
    _tell(
        _booking(made),
        _("预订 %(number)s：%(state)s。") % {"number": made.pk, "state": made.get_state_display()},
        as_json=as_json,
    )


@pool.command("cancel", short_help=_("取消预订"))
@_number
@_json
def cancel(number: int, as_json: bool) -> None:
    """取消一个预订。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.pools.services.bookings import cancel_booking

    made = cancel_booking(booking=_seen_booking(actor, number), actor=actor, at=timezone.now())
    _tell(_booking(made), _("已取消。"), as_json=as_json)


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


@pool.command("moods", short_help=_("列出思想动态"))
@_json
def moods(as_json: bool) -> None:
    """列出您能看到的思想动态；文字加密，只在网页上看。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.pools.selectors import moods_seen_by

    rows = [
        {"id": row.pk, "unit": row.unit.name, "day": f"{row.day}", "level": row.level, "topics": row.topics}
        for row in moods_seen_by(actor, timezone.now())[:500]
    ]
    if as_json:
        _print(rows)
        return
    for row in rows:
        click.echo(f"{row['id']:>6}  {row['day']}  {row['unit']}  {row['level']}")
    click.echo(_("共 %(count)s 条。") % {"count": len(rows)})


def _seen_booking(actor: Person, number: int) -> Booking:
    from django.utils import timezone

    from ronghe.domain.pools.models import Booking
    from ronghe.domain.pools.selectors import items_seen_by

    seen = items_seen_by(actor, timezone.now()).order_by().values("pk")
    found = Booking.objects.select_related("item__zone", "unit").filter(pk=number, item__in=seen).first()
    if found is None:
        raise NotFound
    return found


def _item(row: SharedItem) -> dict[str, Any]:
    return {"id": row.pk, "title": row.title, "kind": row.kind, "unit": row.unit.name, "capacity": row.capacity}


def _booking(row: Booking) -> dict[str, Any]:
    return {
        "id": row.pk, "item": row.item_id, "starts_at": row.starts_at.isoformat(), "ends_at": row.ends_at.isoformat(),
        "quantity": row.quantity, "state": row.state,
    }  # fmt: skip


def _tell(data: dict[str, Any], said: str, *, as_json: bool) -> None:
    _print(data) if as_json else click.echo(said)


def _print(data: Any) -> None:
    click.echo(json.dumps(data, ensure_ascii=False))
