"""Investment against estimate, exactly in yuan: for a project and for each of its lots."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from ronghe.domain.schedule.calc.rates import TENTH

NOTHING = Decimal(0)
KINDS = ("estimate", "budget", "change", "committed", "paid")


@dataclass(slots=True)
class Sums:
    """Vouched amounts by kind; `waiting` is what nobody has vouched for yet."""

    estimate: Decimal = NOTHING
    budget: Decimal = NOTHING
    change: Decimal = NOTHING
    committed: Decimal = NOTHING
    paid: Decimal = NOTHING
    waiting: int = 0
    known_estimate: Decimal | None = None
    """The project's own figure, which stands where nothing better is vouched for."""

    @property
    def ceiling(self) -> Decimal | None:
        """The estimate, else the budget, else the project's own figure, with the approved changes; `None` where unknown."""
        base = self.estimate or self.budget or self.known_estimate
        return base + self.change if base else None

    @property
    def left(self) -> Decimal | None:
        """What may still be committed; negative where too much is."""
        ceiling = self.ceiling
        return None if ceiling is None else ceiling - self.committed

    @property
    def is_over(self) -> bool:
        """Committed or paid beyond the ceiling; just at it is not over."""
        ceiling = self.ceiling
        return ceiling is not None and max(self.committed, self.paid) > ceiling

    @property
    def is_overpaid(self) -> bool:
        """Paid beyond what is committed."""
        return self.paid > self.committed

    @property
    def committed_percent(self) -> Decimal | None:
        ceiling = self.ceiling
        return (self.committed * 100 / ceiling).quantize(TENTH) if ceiling else None


def add_up(
    rows: Iterable[tuple[int | None, str, Decimal, bool]], known_estimate: Decimal | None
) -> tuple[Sums, dict[int | None, Sums]]:
    """Return the sums of a project and of each lot (`None`: of no lot) from (lot, kind, yuan, is vouched)."""
    total, lots = Sums(known_estimate=known_estimate), dict[int | None, Sums]()
    for lot, kind, yuan, is_vouched in rows:
        for sums in (total, lots.setdefault(lot, Sums())):
            if is_vouched:
                setattr(sums, kind, getattr(sums, kind) + yuan)
            else:
                sums.waiting += 1
    return total, lots
