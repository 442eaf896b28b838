"""How much of what was promised was kept: exact, and rounded only where it is shown."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

SHOWN = Decimal("0.1")


@dataclass(frozen=True, slots=True)
class Ratio:
    """Promises that were found kept and not kept; what is open or was let off counts nowhere (PP-09).

    >>> Ratio(2, 1).share, Ratio(2, 1).percent, Ratio().percent
    (Fraction(2, 3), Decimal('66.7'), None)
    """

    kept: int = 0
    not_kept: int = 0

    def __add__(self, other: Ratio) -> Ratio:
        return Ratio(self.kept + other.kept, self.not_kept + other.not_kept)

    @property
    def judged(self) -> int:
        return self.kept + self.not_kept

    @property
    def share(self) -> Fraction | None:
        """The kept ones out of those judged; none where nothing was judged."""
        return Fraction(self.kept, self.judged) if self.judged else None

    @property
    def percent(self) -> Decimal | None:
        """The share in percent to one place, rounded half up."""
        if not self.judged:
            return None
        return (Decimal(self.kept) * 100 / Decimal(self.judged)).quantize(SHOWN, ROUND_HALF_UP)
