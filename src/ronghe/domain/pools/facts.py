"""资源共享、思想共管: what the room records. Of a mood only its level."""

from __future__ import annotations

from ronghe.domain.pools.enums import ItemKind, MoodLevel
from ronghe.kernel.facts.kinds import Code, Flag, Whole, choice, declare
from ronghe.kernel.words import N_

_KIND = choice(*ItemKind.values)

ITEM_OFFERED = declare("pools.item_offered", N_("拿出共享资源"), attributes={"kind": _KIND})
ITEM_WITHDRAWN = declare("pools.item_withdrawn", N_("收回共享资源"), attributes={"kind": _KIND})
ITEM_BOOKED = declare("pools.item_booked", N_("预订共享资源"), attributes={"kind": _KIND, "quantity": Whole()})
BOOKING_SETTLED = declare("pools.booking_settled", N_("答复或取消预订"), attributes={"kind": _KIND, "step": Code()})
BOOKING_MOVED = declare("pools.booking_moved", N_("改预订的时间"), attributes={"kind": _KIND, "asks_again": Flag()})
ITEM_USED = declare(
    "pools.item_used",
    N_("使用共享资源"),
    attributes={"kind": _KIND, "minutes": Whole(), "quantity": Whole(), "damaged": Flag()},
)
MOOD_NOTED = declare("pools.mood_noted", N_("记思想动态"), attributes={"level": choice(*MoodLevel.values)})
MOOD_FOLLOWED = declare("pools.mood_followed", N_("思想动态已跟进"), attributes={"way": Code()})
