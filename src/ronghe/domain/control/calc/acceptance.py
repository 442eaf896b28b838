"""How many processes are accepted and how many are excellent: two figures that are never mixed (PJ-06)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal

TENTH = Decimal("0.1")
WHOLE = 100


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts of processes. `unattended` are accepted witness points to which nobody came; they stand in `accepted` too.

    `excellent` counts among accepted ones only; `rated` says for how many the rating is known.
    """

    all: int = 0
    accepted: int = 0
    unattended: int = 0
    rated: int = 0
    excellent: int = 0
    waiting: int = 0
    """Handed to the supervisor and not accepted yet."""
    hold: int = 0
    """Hold points that are not accepted yet."""
    reworks: int = 0
    """How often processes were sent back or reopened."""

    def __add__(self, other: Tally) -> Tally:
        return Tally(*(getattr(self, name) + getattr(other, name) for name in self.__slots__))

    @property
    def open(self) -> int:
        return self.all - self.accepted

    @property
    def accepted_share(self) -> Decimal | None:
        """Percent of all that are accepted, cut to one place: 275 of 276 is not 100."""
        return share(self.accepted, self.all)

    @property
    def excellent_share(self) -> Decimal | None:
        """Percent of all that are accepted and rated excellent, cut to one place."""
        return share(self.excellent, self.all)

    @property
    def is_all_excellent(self) -> bool:
        return self.all > 0 and self.excellent == self.all


NOTHING = Tally()


def share(part: int, whole: int) -> Decimal | None:
    """Return `part` of `whole` in percent, rounded down to one place, `None` of nothing."""
    if not whole:
        return None
    return (Decimal(part) * WHOLE / whole).quantize(TENTH, rounding=ROUND_DOWN)


def rolled_up(own: Mapping[int, Tally], parents: Iterable[tuple[int, int | None]]) -> dict[int, Tally]:
    """Return the tally of every part with everything below it.

    `own` holds what hangs on a part itself; `parents` are pairs of part and the one above it, in any order.
    """
    above = dict(parents)
    total = {part: own.get(part, NOTHING) for part in above}
    for part, parent in above.items():
        mine, upper = own.get(part), parent
        while mine is not None and upper is not None:
            total[upper] = total[upper] + mine
            upper = above[upper]
    return total


@dataclass(frozen=True, slots=True)
class RatingTerms:
    """A company's own rule of what is excellent (PJ-06): source D, every unit may set another one."""

    least_percent: Decimal = Decimal("90.0")
    """Of the measured points that must be within tolerance, where points were measured."""
    forgives_rework: bool = False
    """Whether a process that was sent back or reopened may still be excellent."""
    needs_measuring: bool = False
    """Whether points must have been measured at all."""


def why_not_excellent(terms: RatingTerms, *, measured: int, passed: int, reworks: int) -> str:
    """Return the code of what keeps a process from being excellent, "" where nothing does."""
    if reworks and not terms.forgives_rework:
        return "reworked"
    if not measured:
        return "unmeasured" if terms.needs_measuring else ""
    return "" if Decimal(passed) * WHOLE >= terms.least_percent * measured else "below"
