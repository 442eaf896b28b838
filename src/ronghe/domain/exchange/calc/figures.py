"""Gaps between two figures, whether a goal is met, how far one has come: exact, up or down."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

HUNDRED = Decimal(100)
PLACES = Decimal("0.01")


def gap(ours: Decimal, theirs: Decimal, *, is_up: bool) -> Decimal:
    """Return how far we are behind: positive where the other side is better, negative where we are.

    >>> gap(Decimal("92.5"), Decimal(96), is_up=True), gap(Decimal(3), Decimal(5), is_up=False)
    (Decimal('3.5'), Decimal('-2'))
    """
    return theirs - ours if is_up else ours - theirs


def gap_percent(ours: Decimal, theirs: Decimal, *, is_up: bool) -> Decimal | None:
    """Return the gap as a share of the other side's figure in percent, rounded once to two places; `None` where that is 0."""
    if theirs == 0:
        return None
    return (gap(ours, theirs, is_up=is_up) * HUNDRED / abs(theirs)).quantize(PLACES, rounding=ROUND_HALF_UP)


def is_reached(target: Decimal | None, now: Decimal | None, *, is_up: bool) -> bool | None:
    """Tell whether `now` reached the target; `None` where there is nothing to compare."""
    if target is None or now is None:
        return None
    return now >= target if is_up else now <= target


def way_behind(baseline: Decimal | None, target: Decimal | None, now: Decimal | None) -> int | None:
    """Return how much of the way from baseline to target is done, in whole percent from 0 to 100."""
    if baseline is None or target is None or now is None or baseline == target:
        return None
    return max(0, min(100, int((now - baseline) * 100 / (target - baseline))))


def share(part: int, whole: int) -> Decimal | None:
    """Return `part` of `whole` in percent, rounded once to two places; `None` of nothing."""
    return (Decimal(part) * HUNDRED / whole).quantize(PLACES, rounding=ROUND_HALF_UP) if whole else None


def plain(figure: Decimal | None) -> str:
    """Return a figure as it was typed, without idle zeros; "" for none."""
    return "" if figure is None else format(figure.normalize() + 0, "f")
