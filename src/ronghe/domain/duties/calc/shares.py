"""Who does what in a row: what is decided where the row lives, and what the sheet adds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

SIDES = ("territory", "builder", "supervision", "management")
"""The four sides (属地、施工、监理、管理) in the order of the sheet."""
LEAD, HELP = "lead", "help"


@dataclass(frozen=True, slots=True)
class Share:
    """A side's part in a row, and who answers for it there: an id and a name, `None` where nobody is named."""

    part: str
    person: int | None = None
    name: str = ""


def merged(at_source: Mapping[str, Share], added: Mapping[str, Share], *, source_decides: bool) -> dict[str, Share]:
    """Return each side's share, in the order of the sides; sides without a part are left out.

    Where the source decides, its sides stand and `added` fills the others, and names people for those that the source
    leaves unnamed. Where it only proposes, the first thing that is added replaces the whole of it. One side leads at most:
    an added lead beside the source's own is help.
    """
    if not source_decides:
        chosen = added or at_source
        return {side: chosen[side] for side in SIDES if side in chosen}
    is_led = any(share.part == LEAD for share in at_source.values())
    found: dict[str, Share] = {}
    for side in SIDES:
        own, other = at_source.get(side), added.get(side)
        if own is not None:
            unnamed = own.person is None and other is not None
            found[side] = replace(own, person=other.person, name=other.name) if unnamed and other else own
        elif other is not None:
            found[side] = replace(other, part=HELP) if is_led and other.part == LEAD else other
    return found


def leading_side(shares: Mapping[str, Share]) -> str | None:
    """Return the side that leads, `None` where none does."""
    return next((side for side, share in shares.items() if share.part == LEAD), None)
