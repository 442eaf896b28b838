"""What a change saves, line by line, and how the merit of it is divided. Money in whole fen, rounded once a line."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, localcontext

MOST_FEN = 10**13
"""A hundred thousand million yuan: more is a slip of the unit."""
WHOLE = Decimal(100)


@dataclass(frozen=True, slots=True)
class LineIn:
    """One line: how much was used at which price before, how much is after. Prices in yuan a unit."""

    what: str
    unit: str
    before_quantity: Decimal
    before_price: Decimal
    after_quantity: Decimal
    after_price: Decimal

    @property
    def fen(self) -> int:
        """What the line saves; below nought where the new way costs more."""
        with localcontext() as context:
            context.prec = 50
            yuan = self.before_quantity * self.before_price - self.after_quantity * self.after_price
            return int((yuan * 100).quantize(Decimal(1), rounding=ROUND_HALF_UP))


def total_fen(lines: Iterable[LineIn]) -> int:
    """Return what all lines save together: the sum of what each shows."""
    return sum(line.fen for line in lines)


def yuan(fen: int) -> Decimal:
    """Return an amount in yuan with two places."""
    with localcontext() as context:
        context.prec = 50
        return Decimal(fen).scaleb(-2)


def is_whole(percents: Sequence[Decimal]) -> bool:
    """Tell whether shares are all above nought and exactly 100 together."""
    return bool(percents) and all(percent > 0 for percent in percents) and sum(percents) == WHOLE


def equal_shares(count: int) -> list[Decimal]:
    """Return `count` shares with two places that are 100 together; what is left over goes to the first ones."""
    if count < 1:
        return []
    base, rest = divmod(10_000, count)
    return [yuan(base + (1 if place < rest else 0)) for place in range(count)]


def split(fen: int, percents: Sequence[Decimal]) -> list[int]:
    """Divide an amount by shares of 100 so that the parts add up to it: the largest remainders get the last fen."""
    sign, amount = (-1 if fen < 0 else 1), abs(fen)
    exact = [amount * percent / WHOLE for percent in percents]
    parts = [int(one) for one in exact]
    order = sorted(range(len(parts)), key=lambda place: (parts[place] - exact[place], place))
    for place in order[: amount - sum(parts)]:
        parts[place] += 1
    return [sign * part for part in parts]


@dataclass(frozen=True, slots=True)
class DaysTotal:
    """Days of many ideas. `sum` holds what may be added; `apart` counts the ideas whose days overlap and are not added."""

    sum: int
    apart: int


def total_days(ideas: Iterable[tuple[int | None, int]], gains: Mapping[int, int]) -> DaysTotal:
    """Add up days of ideas (project or `None`, days) without counting a shared day twice.

    A project with a verified gain counts with it, once. One without counts if a single idea saved days on it; the days of
    several may be the same ones and are left apart. An idea without a project stands alone.
    """
    by_project: dict[int, list[int]] = {}
    total = apart = 0
    for project, days in ideas:
        if not days:
            continue
        if project is None:
            total += days
        else:
            by_project.setdefault(project, []).append(days)
    for project in sorted(by_project.keys() | gains.keys()):
        own = by_project.get(project, [])
        if project in gains:
            total += gains[project]
        elif len(own) == 1:
            total += own[0]
        else:
            apart += len(own)
    return DaysTotal(total, apart)
