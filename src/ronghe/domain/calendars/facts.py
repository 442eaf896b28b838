"""What the calendar's room records: that an address was made or revoked, never the address."""

from __future__ import annotations

from ronghe.kernel.facts.kinds import choice, declare
from ronghe.kernel.words import N_

FEED_MADE = declare("calendars.feed_made", N_("订阅日历"), attributes={"scope": choice("person", "body")})
FEED_REVOKED = declare("calendars.feed_revoked", N_("停用日历订阅"), attributes={"scope": choice("person", "body")})
