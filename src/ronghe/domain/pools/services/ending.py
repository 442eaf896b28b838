"""What becomes of bookings when a pool ends: nobody counts on what nobody shares any more."""

from __future__ import annotations

from datetime import date, datetime, time

from django.db.models import Q, QuerySet

from ronghe.domain.org.models import Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.pools.enums import OPEN
from ronghe.domain.pools.models import Booking, Pool, SharedItem
from ronghe.domain.pools.selectors.items import OF_ITEM
from ronghe.domain.pools.selectors.pools import of_pool
from ronghe.domain.pools.services.bookings import give_up
from ronghe.domain.zones.models import ParticipatingUnit
from ronghe.kernel.calendar.moments import SHANGHAI
from ronghe.kernel.words import _


def cancel_what_is_left(*, pool: Pool, actor: Person, at: datetime) -> int:
    """Cancel what has not begun and would last beyond the pool's last day; return how many; part of the act that ends it.

    What is in use at that moment stays, and is closed by whoever uses it. Whoever booked is told (`bookings_lost`).
    """
    ends = pool.open_until
    assert ends is not None  # it has ended
    reason = _("协作区已解散")
    if pool.agreement is not None:
        reason = _("%(kind)s已终止") % {"kind": pool.agreement.get_kind_display()}
    items = SharedItem.objects.filter(of_pool(pool)).order_by().values("pk")
    return _cancel(Booking.objects.filter(item__in=items), ends, actor, at, reason)


def cancel_of_unit(*, party: ParticipatingUnit, actor: Person, at: datetime) -> int:
    """Do the same for one unit that leaves a zone: what it booked, and what others booked of its own; return how many.

    What it offered is not shared any more once it has left. Nothing happens while it takes part in another role.
    """
    until = party.valid_until
    assert until is not None  # it leaves
    stays = ParticipatingUnit.objects.filter(
        Q(valid_until=None) | Q(valid_until__gt=until), zone=party.zone, unit=party.unit
    )
    if stays.exists():
        return 0
    own = SharedItem.objects.filter(zone=party.zone, unit=party.unit)
    rows = Booking.objects.filter(Q(item__in=own.order_by().values("pk")) | Q(item__zone=party.zone, unit=party.unit))
    count = _cancel(rows, until, actor, at, _("“%(name)s”已退出协作区") % {"name": party.unit.name})
    if until <= local_day(at):
        own.filter(withdrawn_at=None).update(withdrawn_at=at)
    return count


def _cancel(bookings: QuerySet[Booking], ends: date, actor: Person, at: datetime, reason: str) -> int:
    rows = bookings.filter(
        state__in=sorted(OPEN), starts_at__gt=at, ends_at__gt=datetime.combine(ends, time.min, tzinfo=SHANGHAI)
    )
    found = list(rows.select_related(*OF_ITEM).order_by("pk"))
    for booking in found:
        give_up(booking, actor, at, reason)
    return len(found)
