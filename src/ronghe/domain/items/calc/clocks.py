"""How long the way from one step to another took, and what many items say together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import median

RAISE = "raise"
"""The step before all steps."""
_HOUR = 3600


@dataclass(frozen=True, slots=True)
class ClockSpec:
    """From the first `from_step` to the last `to_step` after it, to the first one unless it `runs_on`.

    `target_hours` is what the unit wants to stay within.
    """

    id: str
    title: str
    to_steps: tuple[str, ...]
    from_step: str = RAISE
    target_hours: int | None = None
    runs_on: bool = True
    """Whether reopening lets it run until the item is settled again; taking something up happens once."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A clock of one item: still running where `stopped_at` is `None`."""

    spec: ClockSpec
    started_at: datetime
    stopped_at: datetime | None
    hours: int

    @property
    def is_over_target(self) -> bool:
        return self.spec.target_hours is not None and self.hours > self.spec.target_hours


@dataclass(frozen=True, slots=True)
class Distribution:
    """Hours of many stopped clocks: how many, the middle one, the ninth of ten, the longest; `None` of none."""

    count: int
    median: int | None
    ninetieth: int | None
    longest: int | None


def hours_between(begin: datetime, end: datetime) -> int:
    """Return the whole hours from `begin` to `end`; what was done within the hour took none."""
    return max(0, int((end - begin).total_seconds())) // _HOUR


def read_clock(spec: ClockSpec, steps: Sequence[tuple[str, datetime]], now: datetime) -> Reading | None:
    """Return a clock as it stands after `steps` (name and moment, oldest first; the first is `RAISE`).

    `None` where it has not begun. An item that was reopened runs until it is settled again: the last stop counts.
    """
    begin = next((at for step, at in steps if step == spec.from_step), None)
    if begin is None:
        return None
    stops = [place for place, (step, at) in enumerate(steps) if step in spec.to_steps and at >= begin]
    begun_again = [place for place, (step, _at) in enumerate(steps) if step == "reopen" and spec.runs_on]
    is_stopped = bool(stops) and (not begun_again or begun_again[-1] < stops[-1])
    end = steps[stops[-1 if spec.runs_on else 0]][1] if is_stopped else None
    return Reading(spec, begin, end, hours_between(begin, end or now))


def distribution(hours: Iterable[int]) -> Distribution:
    """Return what many stopped clocks say; the ninetieth is the least that nine in ten stay within."""
    taken = sorted(hours)
    if not taken:
        return Distribution(0, None, None, None)
    place = -(-len(taken) * 9 // 10) - 1
    return Distribution(len(taken), int(median(taken)), taken[place], taken[-1])
