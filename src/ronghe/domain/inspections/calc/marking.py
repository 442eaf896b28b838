"""What a checklist comes to: marks of the items that apply, vetoes, and the grade that follows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

HUNDREDTH = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Marked:
    """One item as it was judged: its full marks, what was given, and whether it applies at all."""

    full: Decimal
    mark: Decimal
    applies: bool = True


@dataclass(frozen=True, slots=True)
class GradeBand:
    """From this percentage on (with it) it is this grade."""

    id: str
    least: Decimal


def total(items: Sequence[Marked]) -> tuple[Decimal, Decimal]:
    """Return the marks given and the full marks of the items that apply."""
    counted = [one for one in items if one.applies]
    return sum((one.mark for one in counted), Decimal(0)), sum((one.full for one in counted), Decimal(0))


def percentage(mark: Decimal, full: Decimal) -> Decimal | None:
    """Return the share of full marks in percent, half up to two places; `None` where nothing applies.

    What does not apply neither helps nor hurts: the same share of what applies is the same percentage.
    """
    return (mark * 100 / full).quantize(HUNDREDTH, ROUND_HALF_UP) if full > 0 else None


def grade_for(
    percent: Decimal | None, vetoes: int, bands: Sequence[GradeBand], *, before: str = "", rises_at_most: int | None = None
) -> str:  # fmt: skip
    """Return the grade that is proposed (RT-04); `bands` stand from the best to the least, which asks for nothing.

    A veto leads to the least one (RT-07), as does a checklist of which nothing applies. From the grade `before` it rises by
    no more than `rises_at_most` steps at a time (RT-05); falling has no bound.
    """
    names = [band.id for band in bands]
    if vetoes or percent is None:
        return names[-1]
    place = next((number for number, band in enumerate(bands) if percent >= band.least), len(names) - 1)
    if before in names and rises_at_most is not None:
        place = max(place, names.index(before) - rises_at_most)
    return names[place]
