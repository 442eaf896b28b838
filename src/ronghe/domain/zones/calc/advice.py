"""Which way of building a zone fits its projects, and why (SD-15).

The source asks for 项目共建 where a project is large, and for 区域联建 where works are small, hard and long at once: old
areas renewed, hazards removed. Each figure that is known speaks for one of the two; the mode with more of them is
advised, the project's own zone when they are even and there is one project alone. A person may decide otherwise.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

AREA_KINDS = frozenset({"old_area_renovation", "hazard_control"})
HARD = frozenset({"hard", "very_hard"})
WAN = 10_000


class Mode(StrEnum):
    PROJECT_BASED = "project_based"
    AREA_BASED = "area_based"


class Point(StrEnum):
    """What was looked at."""

    NUMBER = "number"
    SIZE = "size"
    LENGTH_AND_DIFFICULTY = "length_and_difficulty"
    KIND = "kind"
    MEMBERS = "members"


@dataclass(frozen=True, slots=True)
class Works:
    """One project as far as the advice needs it; money in whole yuan, `days` planned from first to last."""

    kind: str
    difficulty: str
    days: int
    investment_yuan: int | None


@dataclass(frozen=True, slots=True)
class Reason:
    """One figure beside its threshold and the mode it speaks for; `number` in the unit that the point implies."""

    point: Point
    speaks_for: Mode
    number: int
    threshold: int


@dataclass(frozen=True, slots=True)
class Advice:
    mode: Mode
    reasons: tuple[Reason, ...]

    @property
    def alternative(self) -> Mode:
        return Mode.AREA_BASED if self.mode == Mode.PROJECT_BASED else Mode.PROJECT_BASED

    @property
    def votes(self) -> tuple[int, int]:
        """How many reasons speak for the advised mode and for the other one."""
        mine = sum(reason.speaks_for == self.mode for reason in self.reasons)
        return mine, len(self.reasons) - mine


def advise(works: Sequence[Works], members: int, thresholds: Mapping[str, int]) -> Advice:
    """Return the mode that fits `works` with `members` full members at hand; at least one of them.

    `thresholds` are by the values of `AdviceParameter`. What is not known about a project is not held against it.
    """
    reasons = tuple(_reasons(works, members, thresholds))
    project = sum(reason.speaks_for == Mode.PROJECT_BASED for reason in reasons)
    area = len(reasons) - project
    alone = len(works) == 1
    mode = Mode.PROJECT_BASED if project > area or (project == area and alone) else Mode.AREA_BASED
    return Advice(mode, reasons)


def _reasons(works: Sequence[Works], members: int, thresholds: Mapping[str, int]) -> list[Reason]:
    several = thresholds["several_projects"]
    found = [_told(Point.NUMBER, len(works) < several, len(works), several)]
    known = [one.investment_yuan for one in works if one.investment_yuan is not None]
    if known:
        largest, wanted = max(known) // WAN, thresholds["large_wan_yuan"]
        found.append(_told(Point.SIZE, largest >= wanted, largest, wanted))
    hard = [one.days for one in works if one.difficulty in HARD]
    found.append(_told(Point.LENGTH_AND_DIFFICULTY, max(hard, default=0) < thresholds["long_days"],
                       max(hard, default=0), thresholds["long_days"]))  # fmt: skip
    of_area = sum(one.kind in AREA_KINDS for one in works)
    half = (len(works) + 1) // 2
    found.append(_told(Point.KIND, of_area < half, of_area, half))
    wanted = thresholds["branch_members"]
    found.append(_told(Point.MEMBERS, members >= wanted, members, wanted))
    return found


def _told(point: Point, for_project: bool, number: int, threshold: int) -> Reason:
    return Reason(point, Mode.PROJECT_BASED if for_project else Mode.AREA_BASED, number, threshold)
