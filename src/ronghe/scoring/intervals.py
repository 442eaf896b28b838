"""Intervals for what few chances can say: a share met (Wilson), a mean of marks (Student's t); 95 % each.

They change no score. All of it is decimal arithmetic with a fixed number of digits and one rounding at the end, so that
everybody who computes it again comes to the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, localcontext

from ronghe.scoring.exact import UNIT

Z = Decimal("1.96")
"""95 % of a normal distribution lie within so many standard deviations."""

STUDENT = {
    1: "12.706", 2: "4.303", 3: "3.182", 4: "2.776", 5: "2.571", 6: "2.447", 7: "2.365", 8: "2.306", 9: "2.262",
    10: "2.228", 11: "2.201", 12: "2.179", 13: "2.160", 14: "2.145", 15: "2.131", 16: "2.120", 17: "2.110",
    18: "2.101", 19: "2.093", 20: "2.086", 25: "2.060", 30: "2.042", 40: "2.021", 60: "2.000", 120: "1.980",
}  # fmt: skip
"""Two-sided 95 % points by degrees of freedom; between two of them the smaller one counts, which is the wider interval."""

DIGITS = 40


@dataclass(frozen=True, slots=True)
class Interval:
    """Where the true value probably lies, in units; both ends belong to it."""

    low: int
    high: int

    def holds(self, value: int) -> bool:
        """Tell whether a value lies within."""
        return self.low <= value <= self.high


def share_interval(number: int, count: int) -> Interval:
    """Return Wilson's interval of a share: `number` in units met out of `count` chances; ends in units of 1.

    :raises ValueError: no chance at all, or more met than there were
    """
    if count <= 0 or not 0 <= number <= count * UNIT:
        message = f"{number} of {count} is no share"
        raise ValueError(message)
    with localcontext(prec=DIGITS):
        chances = Decimal(count)
        share = Decimal(number) / (UNIT * chances)
        square = Z * Z / chances
        middle = share + square / 2
        half = Z * (share * (1 - share) / chances + square / (4 * chances)).sqrt()
        low = 0 if number == 0 else _units((middle - half) / (1 + square))
        high = UNIT if number == count * UNIT else _units((middle + half) / (1 + square))
    return Interval(low, high)


def mean_interval(marks: Sequence[int], out_of: int) -> Interval | None:
    """Return the t interval of the mean of marks (units), cut to 0 … `out_of`; nothing for fewer than two marks."""
    count = len(marks)
    if count < 2:
        return None
    with localcontext(prec=DIGITS):
        mean = Decimal(sum(marks)) / count
        variance = sum(((mark - mean) ** 2 for mark in marks), Decimal(0)) / (count - 1)
        half = _student(count - 1) * (variance / count).sqrt()
        low, high = _whole(mean - half), _whole(mean + half)
    return Interval(max(low, 0), min(high, out_of))


def _student(freedom: int) -> Decimal:
    return Decimal(STUDENT[max(known for known in STUDENT if known <= freedom)])


def _units(share: Decimal) -> int:
    return _whole(share * UNIT)


def _whole(number: Decimal) -> int:
    return int(number.quantize(Decimal(1), ROUND_HALF_UP))
