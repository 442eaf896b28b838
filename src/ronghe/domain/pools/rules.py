"""资源共享、思想共管: who offers, books and answers for what is shared; who notes and reads how people feel.

A zone is run by its leads below its sponsor; an agreement has no lead, so there the sides' secretaries answer each for
their own.
"""

from __future__ import annotations

from ronghe.domain.agreements.rules import ACT_FOR_SIDE, SECRETARIES, SITE_KEEPERS, OfSomeSide
from ronghe.domain.org.rules import LEADERS, TEAM, WATCHERS
from ronghe.domain.org.rules.reaches import AtBody, ByBody, ByUnit, InBodyOf, Own
from ronghe.domain.pools.models import Part
from ronghe.domain.zones.models import ParticipatingUnit
from ronghe.domain.zones.rules import FOUNDERS, RUNNERS
from ronghe.kernel.access.permissions import Grant, Permission


def _sides_of(path: str) -> tuple[Grant, ...]:
    """Who takes part in the agreement to which `path` leads: a side's body with its secretaries, and who keeps its site."""
    return (
        Grant((), OfSomeSide(InBodyOf("body_id"), binding=True, path=path)),
        Grant(SECRETARIES, OfSomeSide(AtBody("body_id"), binding=True, path=path)),
        Grant(SITE_KEEPERS, OfSomeSide(ByUnit("unit_id"), binding=True, path=path)),
    )


def _readers_of(path: str) -> tuple[Grant, ...]:
    """The sides themselves, and who leads or watches them from above: all of these read the agreement as well."""
    return (Grant(LEADERS | WATCHERS, OfSomeSide(ByBody("body_id"), binding=True, path=path)), *_sides_of(path))


SEE_POOL = Permission("pools.see_pool", *_readers_of(""))
"""Asked of the agreement; the pool of a zone is seen by whoever sees the zone."""
SEE_ITEM = Permission(
    "pools.see_item",
    Grant(LEADERS | WATCHERS | TEAM, ByBody("zone__sponsor_id")),
    Grant(LEADERS | WATCHERS | TEAM, ByBody("zone__body_id")),
    Grant((), InBodyOf("zone__body_id")),
    *_readers_of("party__agreement"),
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
    Grant(SECRETARIES, AtBody("party__body_id")),
    Grant((), Own("contact_id")),
    Grant((), Own("offered_by_id")),
)
BOOK_ITEM = Permission(
    "pools.book_item",
    Grant(RUNNERS | TEAM, ByBody("zone__body_id")),
    Grant((), InBodyOf("zone__body_id")),
    *_sides_of("party__agreement"),
)
SETTLE_BOOKING = Permission(
    "pools.settle_booking",
    Grant(RUNNERS, ByBody("item__zone__body_id")),
    Grant(SECRETARIES, AtBody("item__party__body_id")),
    Grant((), Own("item__contact_id")),
    Grant((), Own("item__offered_by_id")),
)
"""Agree, decline, and say how long it was used and in which state it came back."""
CANCEL_BOOKING = Permission(
    "pools.cancel_booking",
    Grant(RUNNERS, ByBody("item__zone__body_id")),
    Grant(SECRETARIES, AtBody("item__party__body_id")),
    Grant(SECRETARIES, AtBody("party__body_id")),
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
    Grant(FOUNDERS, OfSomeSide(ByBody("body_id"), path="party__agreement")),
    Grant(SECRETARIES, OfSomeSide(AtBody("body_id"), path="party__agreement")),
)
"""Level and topics."""
READ_MOOD = Permission(
    "pools.read_mood",
    Grant(RUNNERS, AtBody("zone__body_id")),
    Grant(SECRETARIES, AtBody("branch_id")),
    Grant((), Own("noted_by_id")),
)
"""The words, each look recorded: the zone's leads, the side's secretary, and who wrote them."""


def right_to_offer(part: Part) -> Permission:
    """Return the right that is asked of the part's row: for an agreement's party whoever acts for it."""
    return OFFER_ITEM if isinstance(part.row, ParticipatingUnit) else ACT_FOR_SIDE


def right_to_note(part: Part) -> Permission:
    """Return the right to write how the side's people feel, asked of the part's row."""
    return NOTE_MOOD if isinstance(part.row, ParticipatingUnit) else ACT_FOR_SIDE
