"""资源共享、思想共管: what an actor may see; what each side gave and got; what waits for somebody."""

from ronghe.domain.pools.selectors.items import bookings_lost, bookings_waiting
from ronghe.domain.pools.selectors.moods import follow_ups_of

__all__ = ["bookings_lost", "bookings_waiting", "follow_ups_of"]
