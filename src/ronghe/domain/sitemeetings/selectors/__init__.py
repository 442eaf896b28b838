"""现场三会: chains as an actor may see them, how everybody stands, and what the last one said."""

from ronghe.domain.sitemeetings.selectors.boards import (
    Board,
    MeetingPart,
    PersonLine,
    SignedLine,
    board_of,
    briefed_today,
)
from ronghe.domain.sitemeetings.selectors.chains import (
    LastTime,
    chains_seen_by,
    chains_to_sign,
    current_texts,
    last_time,
    list_chains,
    people_to_note,
    site_bodies,
    talks_due,
)

__all__ = [
    "Board",
    "LastTime",
    "MeetingPart",
    "PersonLine",
    "SignedLine",
    "board_of",
    "briefed_today",
    "chains_seen_by",
    "chains_to_sign",
    "current_texts",
    "last_time",
    "list_chains",
    "people_to_note",
    "site_bodies",
    "talks_due",
]
