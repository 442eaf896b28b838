"""What the room keeps, and whom it belongs to."""

from ronghe.domain.pools.models.items import Booking, ItemClosure, SharedItem
from ronghe.domain.pools.models.moods import MoodFollowUp, MoodNote
from ronghe.domain.pools.models.pools import Part, Pool, Side

__all__ = ["Booking", "ItemClosure", "MoodFollowUp", "MoodNote", "Part", "Pool", "SharedItem", "Side"]
