"""资源共享、思想共管: who offers, books and answers for what is shared; who notes and reads how people feel."""

from __future__ import annotations

from ronghe.domain.org.enums import PostRole
from ronghe.domain.org.rules import LEADERS, TEAM, WATCHERS
from ronghe.domain.org.rules.reaches import AtBody, ByBody, InBodyOf, Own
from ronghe.domain.zones.rules import FOUNDERS, RUNNERS
from ronghe.kernel.access.permissions import Grant, Permission

SECRETARIES = frozenset({PostRole.SECRETARY, PostRole.DEPUTY_SECRETARY})

SEE_ITEM = Permission(
    "pools.see_item",
    Grant(LEADERS | WATCHERS | TEAM, ByBody("zone__sponsor_id")),
    Grant(LEADERS | WATCHERS | TEAM, ByBody("zone__body_id")),
    Grant((), InBodyOf("zone__body_id")),
)
OFFER_ITEM = Permission(
    "pools.offer_item",
    Grant(FOUNDERS, ByBody("zone__sponsor_id")),
    Grant(RUNNERS, ByBody("zone__body_id")),
    Grant(SECRETARIES, AtBody("home_branch_id")),
    Grant((), Own("contact_id")),
)
"""Asked of the participating unit that offers."""
KEEP_ITEM = Permission(
    "pools.keep_item",
    Grant(FOUNDERS, ByBody("zone__sponsor_id")),
    Grant(RUNNERS, ByBody("zone__body_id")),
    Grant((), Own("contact_id")),
    Grant((), Own("offered_by_id")),
)
BOOK_ITEM = Permission(
    "pools.book_item", Grant(RUNNERS | TEAM, ByBody("zone__body_id")), Grant((), InBodyOf("zone__body_id"))
)
SETTLE_BOOKING = Permission(
    "pools.settle_booking",
    Grant(RUNNERS, ByBody("item__zone__body_id")),
    Grant((), Own("item__contact_id")),
    Grant((), Own("item__offered_by_id")),
)
"""Agree, decline, and say how long it was used and in which state it came back."""
CANCEL_BOOKING = Permission(
    "pools.cancel_booking",
    Grant(RUNNERS, ByBody("item__zone__body_id")),
    Grant((), Own("booked_by_id")),
    Grant((), Own("item__contact_id")),
)
NOTE_MOOD = Permission(
    "pools.note_mood",
    Grant(RUNNERS, AtBody("zone__body_id")),
    Grant(SECRETARIES, AtBody("home_branch_id")),
    Grant((), Own("contact_id")),
)
"""Asked of the participating unit whose people it is about."""
SEE_MOOD = Permission(
    "pools.see_mood",
    Grant(RUNNERS, AtBody("zone__body_id")),
    Grant(SECRETARIES, AtBody("branch_id")),
    Grant((), Own("noted_by_id")),
    Grant(FOUNDERS, ByBody("zone__sponsor_id")),
)
"""Level and topics."""
READ_MOOD = Permission(
    "pools.read_mood",
    Grant(RUNNERS, AtBody("zone__body_id")),
    Grant(SECRETARIES, AtBody("branch_id")),
    Grant((), Own("noted_by_id")),
)
"""The words, each look recorded: the zone's leads, the side's secretary, and who wrote them."""
