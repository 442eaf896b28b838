"""四定: which of the four fixes a difficult point still lacks (SD-03), and whether its goal was met."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from ronghe.kernel.words import N_


class Fix(StrEnum):
    PEOPLE = "people"
    GOAL = "goal"
    DUTY = "duty"
    DEADLINE = "deadline"


WORDS: dict[Fix, str] = {
    Fix.PEOPLE: N_("定人员"),
    Fix.GOAL: N_("定目标"),
    Fix.DUTY: N_("定责任"),
    Fix.DEADLINE: N_("定时限"),
}


@dataclass(frozen=True, slots=True)
class Answering:
    """One person fixed for a point: in charge or not, and with which duty."""

    is_in_charge: bool
    duty: str


def missing_fixes(people: Collection[Answering], *, goal: str, due_on: date | None) -> tuple[Fix, ...]:
    """Return the fixes that are missing, in their order: somebody in charge, a goal, a duty for each, a deadline (SD-03).

    >>> missing_fixes([Answering(True, "调试")], goal="误码率降到千分之一以下", due_on=None)
    (<Fix.DEADLINE: 'deadline'>,)
    """
    found = []
    if not any(one.is_in_charge for one in people):
        found.append(Fix.PEOPLE)
    if not goal.strip():
        found.append(Fix.GOAL)
    if not people or any(not one.duty.strip() for one in people):
        found.append(Fix.DUTY)
    if due_on is None:
        found.append(Fix.DEADLINE)
    return tuple(found)


def met_target(baseline: Decimal | None, target: Decimal | None, actual: Decimal | None) -> bool | None:
    """Tell whether `actual` reached `target`, down from a higher baseline or up otherwise; `None` where it is not measured.

    >>> met_target(Decimal(10), Decimal(2), Decimal(2)), met_target(None, Decimal(95), Decimal(94))
    (True, False)
    """
    if target is None or actual is None:
        return None
    if baseline is not None and baseline > target:
        return actual <= target
    return actual >= target


def reached(baseline: Decimal | None, target: Decimal | None, now: Decimal | None) -> int | None:
    """Return how much of the way from baseline to target is behind, in whole percent from 0 to 100."""
    if baseline is None or target is None or now is None or baseline == target:
        return None
    return max(0, min(100, int((now - baseline) * 100 / (target - baseline))))


def plain(figure: Decimal | None) -> str:
    """Return a figure as it was typed, without the zeros that the database adds; "" for none.

    >>> plain(Decimal("100.0000")), plain(Decimal("0.1000"))
    ('100', '0.1')
    """
    return "" if figure is None else format(figure.normalize(), "f")
