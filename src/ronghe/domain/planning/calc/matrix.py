"""The matrix of items and the four checks (SD-12): what is joint, what is a gap, which share."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

CONFIRMED, NOT_APPLICABLE = "confirmed", "not_applicable"
SETTLED = frozenset({CONFIRMED, NOT_APPLICABLE})
TENTH = Decimal("0.1")


def is_joint(cells: Sequence[str]) -> bool:
    """Tell whether an item is joint in all four: each confirmed or not applicable, and one confirmed at least."""
    return all(cell in SETTLED for cell in cells) and CONFIRMED in cells


def counts(cells: Sequence[str]) -> bool:
    """Tell whether an item counts for the share: not where none of the four applies."""
    return any(cell != NOT_APPLICABLE for cell in cells)


def gaps_of(cells: Sequence[str]) -> int:
    """Return how many of the four are gaps: neither confirmed nor not applicable."""
    return sum(cell not in SETTLED for cell in cells)


@dataclass(frozen=True, slots=True)
class Tally:
    """How many items count, how many of them are joint in all four, and how many cells are gaps."""

    items: int
    joint: int
    gaps: int

    @property
    def percent(self) -> Decimal | None:
        """The share in percent, half up to one place; `None` without items."""
        if not self.items:
            return None
        return (Decimal(self.joint * 100) / self.items).quantize(TENTH, ROUND_HALF_UP)


def tally(lines: Iterable[Sequence[str]]) -> Tally:
    """Return the counts over the lines of a matrix."""
    counted = [cells for cells in lines if counts(cells)]
    return Tally(len(counted), sum(is_joint(cells) for cells in counted), sum(gaps_of(cells) for cells in counted))


def is_asked(*, quarter_from: date, done_on: date | None, is_dropped: bool) -> bool:
    """Tell whether an item is asked in a quarter: not once dropped, nor after the quarter in which it was achieved."""
    return not is_dropped and (done_on is None or done_on >= quarter_from)


def is_overdue(*, due_on: date, done_on: date | None, is_dropped: bool, today: date) -> bool:
    """Tell whether an item should have been achieved before `today` and was not; its day itself is in time."""
    return not is_dropped and done_on is None and due_on < today
