"""Shares in per cent, exact to one decimal, and before against after."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

TENTH = Decimal("0.1")


def share(part: int, whole: int) -> Decimal | None:
    """Return `part` of `whole` in per cent with one decimal, halves up; nothing where there is no whole."""
    if whole <= 0:
        return None
    return (Decimal(part * 100) / Decimal(whole)).quantize(TENTH, ROUND_HALF_UP)


@dataclass(frozen=True, slots=True)
class Counted:
    """What was counted of one measure: `part` of `whole`, or a plain count without a whole."""

    part: int
    whole: int | None = None

    @property
    def value(self) -> Decimal | None:
        """Per cent of a share, the number of a count; nothing where nothing was there to be measured."""
        return Decimal(self.part) if self.whole is None else share(self.part, self.whole)


@dataclass(frozen=True, slots=True)
class Compared:
    """One measure before and after."""

    before: Counted
    after: Counted

    @property
    def difference(self) -> Decimal | None:
        """After less before: percentage points of a share, how many more of a count."""
        if self.before.value is None or self.after.value is None:
            return None
        return self.after.value - self.before.value


def has_both_sides(compared: Compared) -> bool:
    """Tell whether there was something to be measured before and after; a count of none before is no record, not a 0."""
    if compared.difference is None:
        return False
    return compared.before.whole is not None or compared.before.part > 0
