"""What the law asks of two or more units that work in one area (PC-08)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

AT_LEAST = 2
"""From two units on; fixed by the law, no parameter."""


@dataclass(frozen=True, slots=True)
class SafetyState:
    """`is_asked` from two units on; `missing` are the working units that no valid agreement names."""

    is_asked: bool
    missing: tuple[int, ...]
    has_officer: bool

    @property
    def is_complete(self) -> bool:
        return not self.is_asked or (not self.missing and self.has_officer)


def safety_state(working: Collection[int], agreed: Sequence[frozenset[int]], officers: int) -> SafetyState:
    """Return what is filled and what is missing; `working` are the ids of units at work, `agreed` those of each agreement.

    An agreement that names fewer than two of them binds nobody to anybody and does not count.
    """
    here = set(working)
    bound: set[int] = set()
    for units in agreed:
        if len(units & here) >= AT_LEAST:
            bound |= units
    return SafetyState(len(here) >= AT_LEAST, tuple(sorted(here - bound)), officers > 0)
