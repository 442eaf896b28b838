"""Exact numbers: integers of 1/10,000 inside, `Decimal` at the edges, one rounding.

Every engine agrees to the digit on integers, which none of them does on decimals or doubles.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

UNIT = 10_000
"""One point, one time or one percent point is this many units."""

LARGEST = 2**53
"""No number of a plan may reach this: beyond it, a reader that keeps numbers as doubles loses digits."""


class NotExact(ValueError):
    """The number has more than four decimal places, or is none."""


def units(number: float | str | Decimal) -> int:
    """Return `number` in units of 1/10,000.

    A float counts as what its shortest text says (0.1 is 1/10): YAML and JSON readers hand out floats.

    :raises NotExact: more than four decimal places, infinite, or no number at all
    """
    if isinstance(number, bool):
        raise NotExact(number)
    try:
        exact = Decimal(str(number)) * UNIT
        whole = int(exact)
    except (InvalidOperation, ValueError, OverflowError) as error:
        raise NotExact(number) from error
    if exact != whole:
        raise NotExact(number)
    return whole


def divided(number: int, by: int) -> int:
    """Return `number / by` rounded half away from zero; `by` is positive."""
    quotient = (2 * abs(number) + by) // (2 * by)
    return quotient if number >= 0 else -quotient


def text(number: int) -> str:
    """Return units as the shortest exact decimal text: 891000 is "89.1", 890000 is "89"."""
    whole, rest = divmod(abs(number), UNIT)
    sign = "-" if number < 0 else ""
    return f"{sign}{whole}.{rest:04d}".rstrip("0").rstrip(".")


def shown(number: int, edges: Iterable[int] = ()) -> str:
    """Return units as people see them: two places, half up; four where two would hide the side of a band's edge.

    89.995 is shown as "89.9950" when a band begins at 90, because "90.00" would stand below it.
    """
    exact = Decimal(number) / UNIT
    short = exact.quantize(Decimal("0.01"), ROUND_HALF_UP)
    short_units = int(short * UNIT)
    if any((number < edge) != (short_units < edge) or (number > edge) != (short_units > edge) for edge in edges):
        return f"{exact:.4f}"
    return f"{short:.2f}"
