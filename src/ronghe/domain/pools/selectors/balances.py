"""What each side gave and got."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from ronghe.domain.pools.enums import BookingState
from ronghe.domain.pools.models import Booking, Pool, SharedItem, Side
from ronghe.domain.pools.selectors.pools import SIDE_READ, of_pool, sides_of
from ronghe.kernel.calendar.moments import SHANGHAI


@dataclass(slots=True)
class Balance:
    """What one side gave to others and got from others in a period; use by the own side counts on neither."""

    side: Side
    offered: int = 0
    lent: int = 0
    lent_minutes: int = 0
    borrowed: int = 0
    borrowed_minutes: int = 0

    @property
    def minutes(self) -> int:
        """Given less got."""
        return self.lent_minutes - self.borrowed_minutes


def balances(pool: Pool, since: date, until: date) -> list[Balance]:
    """Return the balance of each side from `since` up to, not including, `until`, by name; the sum of all is nought."""
    found = {side: Balance(side) for side in sides_of(pool, until - timedelta(days=1))}
    items = SharedItem.objects.filter(of_pool(pool))
    for item in items.filter(withdrawn_at=None).select_related(*SIDE_READ).order_by("pk"):
        found.setdefault(item.side, Balance(item.side)).offered += 1
    start, end = (datetime.combine(day, time.min, tzinfo=SHANGHAI) for day in (since, until))
    used = Booking.objects.filter(
        item__in=items.order_by().values("pk"), state=BookingState.USED, starts_at__gte=start, starts_at__lt=end
    )
    for one in used.select_related("item", *(f"item__{path}" for path in SIDE_READ), *SIDE_READ).order_by("pk"):
        giver, taker = one.item.side, one.side
        if giver == taker:
            continue
        lent, borrowed = found.setdefault(giver, Balance(giver)), found.setdefault(taker, Balance(taker))
        lent.lent += 1
        lent.lent_minutes += one.minutes_used or 0
        borrowed.borrowed += 1
        borrowed.borrowed_minutes += one.minutes_used or 0
    return sorted(found.values(), key=lambda one: one.side.name)
