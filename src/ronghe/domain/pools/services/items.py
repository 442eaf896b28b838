"""A side offers something to the others, closes it for some days, takes it back."""

from __future__ import annotations

from datetime import date, datetime, time

from django.db import IntegrityError, transaction

from ronghe.domain.org.models import Person
from ronghe.domain.pools.enums import OPEN, ItemKind
from ronghe.domain.pools.facts import ITEM_OFFERED, ITEM_WITHDRAWN
from ronghe.domain.pools.models import ItemClosure, Part, SharedItem
from ronghe.domain.pools.rules import KEEP_ITEM, right_to_offer
from ronghe.domain.pools.services.opening import held_open
from ronghe.domain.pools.services.telling import tell
from ronghe.kernel.errors import DomainError, Stale
from ronghe.kernel.words import N_

EVERY_DAY = "1234567"
MORNING, EVENING = time(8), time(18)


class ItemThere(DomainError):
    code = "pool_item_there"
    sentence = N_("“%(title)s”已经拿出来共享。")


class ItemHoursWrong(DomainError):
    code = "pool_item_hours_wrong"
    sentence = N_("结束时间要晚于开始时间，并且至少选一天。")
    status = 422


class ItemStillBooked(DomainError):
    code = "pool_item_still_booked"
    sentence = N_("“%(title)s”还有 %(count)s 个预订，请先取消或办完。")


class ClosureWrong(DomainError):
    code = "pool_closure_wrong"
    sentence = N_("停用的结束日期不能早于开始日期。")
    status = 422


@transaction.atomic
def offer_item(
    *, part: Part, kind: ItemKind, title: str, actor: Person, at: datetime, place: str = "",
    capacity: int = 1, weekdays: str = EVERY_DAY, opens_at: time = MORNING, closes_at: time = EVENING,
    conditions: str = "", contact: Person | None = None, is_auto: bool = True,
) -> SharedItem:  # fmt: skip
    """Offer something of one side to the others; whoever offers is its contact unless named otherwise.

    :raises PoolClosed: the zone is not there any more, the agreement is not in force
    :raises ItemThere: that side offers it already
    :raises ItemHoursWrong: it would never be open
    """
    right_to_offer(part).require(actor, part.row, at=at)
    if closes_at <= opens_at or not set(weekdays) <= set(EVERY_DAY) or not weekdays or capacity < 1:
        raise ItemHoursWrong
    pool = held_open(part.pool, at)
    item = SharedItem(
        zone=pool.zone, **part.side.columns(), kind=kind, title=title.strip(), place=place.strip(), capacity=capacity,
        weekdays="".join(sorted(set(weekdays))), opens_at=opens_at, closes_at=closes_at, conditions=conditions.strip(),
        contact=contact or actor, is_auto=is_auto, offered_by=actor, offered_at=at,
    )  # fmt: skip
    try:
        with transaction.atomic():
            item.save(force_insert=True)
    except IntegrityError as error:
        raise ItemThere(title=item.title) from error
    tell(ITEM_OFFERED, pool, part.side, source=item, actor=actor, at=at, kind=kind)
    return item


@transaction.atomic
def close_item(
    *, item: SharedItem, from_on: date, until_on: date, actor: Person, at: datetime, reason: str = ""
) -> ItemClosure:
    """Say on which days, both included, it is not to be had.

    :raises ClosureWrong: the last day is before the first
    """
    KEEP_ITEM.require(actor, item, at=at)
    if until_on < from_on:
        raise ClosureWrong
    return ItemClosure.objects.create(item=item, from_on=from_on, until_on=until_on, reason=reason.strip())


@transaction.atomic
def withdraw_item(*, item: SharedItem, actor: Person, at: datetime) -> SharedItem:
    """Take it back; what was used stays counted.

    :raises ItemStillBooked: somebody counts on it
    :raises Stale: it was taken back already
    """
    KEEP_ITEM.require(actor, item, at=at)
    SharedItem.objects.select_for_update().filter(pk=item.pk).values_list("pk").get()
    open_ones = item.bookings.filter(state__in=sorted(OPEN)).count()
    if open_ones:
        raise ItemStillBooked(title=item.title, count=open_ones)
    if not SharedItem.objects.filter(pk=item.pk, withdrawn_at=None).update(withdrawn_at=at):
        raise Stale
    item.withdrawn_at = at
    tell(ITEM_WITHDRAWN, item.pool, item.side, source=item, actor=actor, at=at, kind=item.kind)
    return item
