"""Who sees and revokes the address of a calendar, and of which bodies one may be made."""

from __future__ import annotations

from ronghe.domain.org.rules import LEADERS, MASS_LEADERS, TEAM, WATCHERS
from ronghe.domain.org.rules.reaches import ByBody, InBodyOf, Own
from ronghe.kernel.access.permissions import Grant, Permission

KEEP_FEED = Permission("calendars.keep_feed", Grant((), Own("owner_id")))
"""Whoever made an address sees that it is there, and revokes it. The address itself nobody reads again."""
MAKE_FEED = Permission(
    "calendars.make_feed", Grant(LEADERS | WATCHERS | TEAM | MASS_LEADERS, ByBody("pk")), Grant((), InBodyOf("pk"))
)
"""Asked of the body whose calendar it is, when the address is made and each time it is read."""
