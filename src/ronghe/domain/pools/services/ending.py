"""What becomes of bookings when a pool ends: nobody counts on what nobody shares any more."""

from __future__ import annotations

from datetime import datetime, time

from ronghe.domain.org.models import Person
from ronghe.domain.pools.enums import OPEN
from ronghe.domain.pools.models import Booking, Pool, SharedItem
from ronghe.domain.pools.selectors.items import OF_ITEM
from ronghe.domain.pools.selectors.pools import of_pool
from ronghe.domain.pools.services.bookings import give_up
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
    rows = Booking.objects.filter(
        item__in=items, state__in=sorted(OPEN), starts_at__gt=at,
        ends_at__gt=datetime.combine(ends, time.min, tzinfo=SHANGHAI),
    )  # fmt: skip
    found = list(rows.select_related(*OF_ITEM).order_by("pk"))
    for booking in found:
        give_up(booking, actor, at, reason)
    return len(found)
