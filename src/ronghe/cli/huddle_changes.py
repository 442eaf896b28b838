"""`ronghe huddle`: a plan is moved or called off, and what is booked for it with it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from ronghe.cli.acting import acting_person
from ronghe.cli.finding import moment_said
from ronghe.cli.telling import JSON, NUMBER, tell
from ronghe.kernel.errors import NotFound
from ronghe.kernel.words import _

if TYPE_CHECKING:
    from datetime import datetime

    from ronghe.domain.org.models import Person
    from ronghe.domain.pools.models import SharedItem
    from ronghe.domain.rhythm.models import Activity


@click.command("move", short_help=_("改期"))
@NUMBER
@click.option("--from", "begins", required=True, metavar="WHEN", help="改到几时开始")
@click.option("--until", "ends", required=True, metavar="WHEN", help="几时结束")
@click.option("--reason", default="", help="为什么改")
@click.option("--without", type=int, multiple=True, metavar="BOOKING", help="不要了的预订，写编号")
@click.option("--instead", multiple=True, metavar="BOOKING=ITEM", help="改订别的共享资源，如 5=12")
@click.option("--foresee", is_flag=True, help="只看订的资源能不能一起改，什么都不动")
@JSON
def move(
    number: int, begins: str, ends: str, reason: str, without: tuple[int, ...], instead: tuple[str, ...],
    foresee: bool, as_json: bool,
) -> None:  # fmt: skip
    """改期留痕：原定何时、改到何时、为什么，大家看得到（PM-05）。订的资源一起改。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.rhythm.services.changes import move_activity

    activity, now, first, last = activity_seen(actor, number), timezone.now(), moment_said(begins), moment_said(ends)
    if foresee:
        _tell_foreseen(activity, first, last, actor, now, as_json=as_json)
        return
    moved = move_activity(
        activity=activity, scheduled_from=first, scheduled_until=last, reason=reason, without=without,
        instead=_instead(instead, actor, now), actor=actor, at=now,
    )  # fmt: skip
    tell(activity_row(moved), _("已改到 %(day)s。") % {"day": moved.day}, as_json=as_json)


def _instead(said: tuple[str, ...], actor: Person, now: datetime) -> dict[int, SharedItem]:
    """Return booking id → what is booked in its place."""
    from ronghe.domain.pools.selectors.items import items_to_book

    pairs = [one.partition("=") for one in said]
    if not all(booking.isdecimal() and item.isdecimal() for booking, _sep, item in pairs):
        raise click.UsageError(_("--instead 写成“预订编号=资源编号”，如 5=12。"))
    items = items_to_book(actor, now).in_bulk([int(item) for _booking, _sep, item in pairs])
    if any(int(item) not in items for _booking, _sep, item in pairs):
        raise NotFound
    return {int(booking): items[int(item)] for booking, _sep, item in pairs}


def _tell_foreseen(
    activity: Activity, first: datetime, last: datetime, actor: Person, now: datetime, *, as_json: bool
) -> None:
    from ronghe.domain.rhythm.calc.shifting import Hours
    from ronghe.domain.rhythm.rules import RUN_ACTIVITY
    from ronghe.domain.rhythm.services.bookings import foresee_bookings

    RUN_ACTIVITY.require(actor, activity, at=now)
    rows: list[dict[str, Any]] = [
        {"booking": move.booking.pk, "title": move.booking.item.title, "refusal": str(move.refusal or ""),
         "asks_again": move.asks_again, "instead": {item.pk: item.title for item in move.instead}}
        for move in foresee_bookings(activity=activity, after=Hours(first, last), actor=actor, at=now)
    ]  # fmt: skip
    lines = []
    for row in rows:
        lines.append(f"{row['booking']:>6}  {row['title']}  {row['refusal'] or _('一起改')}")
        lines += [f"{'':>8}{_('可改订')} {pk}  {title}" for pk, title in row["instead"].items()]
    lines.append(_("共 %(count)s 项。") % {"count": len(rows)})
    tell(rows, "\n".join(lines), as_json=as_json)


@click.command("off", short_help=_("取消"))
@NUMBER
@click.option("--reason", required=True, help="为什么取消")
@JSON
def off(number: int, reason: str, as_json: bool) -> None:
    """取消已安排的一场，订的资源也退掉；记录留着，原因大家看得到。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.rhythm.services.changes import call_off_activity

    activity = activity_seen(actor, number)
    gone = call_off_activity(activity=activity, reason=reason, actor=actor, at=timezone.now())
    tell(activity_row(gone), _("%(title)s已取消。") % {"title": gone.get_activity_type_display()}, as_json=as_json)


def activity_seen(actor: Person, number: int) -> Activity:
    from django.utils import timezone

    from ronghe.domain.rhythm.selectors import activities_seen_by

    found = activities_seen_by(actor, timezone.now()).filter(pk=number).first()
    if found is None:
        raise NotFound
    return found


def activity_row(activity: Activity) -> dict[str, Any]:
    return {
        "id": activity.pk,
        "activity_type": activity.activity_type,
        "title": activity.get_activity_type_display(),
        "body": activity.body.name,
        "zone": activity.zone.name if activity.zone else None,
        "day": activity.day.isoformat(),
        "place": activity.place,
        "state": activity.state,
        "expected": activity.expected_count,
        "present": activity.present_count,
    }


COMMANDS = (move, off)
