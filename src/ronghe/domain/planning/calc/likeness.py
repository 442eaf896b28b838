"""Whether a topic or a task names an item of a plan: by the pairs of signs that both share, in whole numbers."""

from __future__ import annotations

WHOLE = 10_000
ENOUGH = 5_000
"""Of 10,000: half of the item's pairs of signs stand in the text. A default; no source names one."""


def likeness(title: str, text: str) -> int:
    """Return how much of an item's title stands in a text, of 10,000; 0 where the title says nothing."""
    wanted = _pairs(title)
    if not wanted:
        return 0
    return len(wanted & _pairs(text)) * WHOLE // len(wanted)


def names(title: str, text: str) -> bool:
    """Tell whether a text is taken to name the item."""
    return likeness(title, text) >= ENOUGH


def _pairs(text: str) -> frozenset[str]:
    """Return the pairs of neighbouring letters and figures; a single one stands for itself."""
    bare = "".join(sign for sign in text.lower() if sign.isalnum())
    if len(bare) == 1:
        return frozenset(bare)
    return frozenset(bare[place : place + 2] for place in range(len(bare) - 1))
