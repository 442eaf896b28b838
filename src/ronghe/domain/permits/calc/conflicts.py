"""Which works must not go on beside each other: area, time and distance (PW-05, PW-23, PW-50 to PW-54, PW-56).

Distances are whole decimetres on the plan of one site, so that "within 30 m" is exact: 30.0 m is within, 30.1 m is not.
Where one of two has no coordinates, the same area counts as near (PW-56).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from ronghe.domain.permits.calc.profiles import Profile
from ronghe.kernel.words import N_

CELL = 500
"""Decimetres: the side of a square of the grid."""


@dataclass(frozen=True, slots=True)
class Work:
    """A permit's work, or something else that goes on at a site; `reach` is how far it extends around its point."""

    id: str
    site: int
    kind: str
    area: str
    starts_at: datetime
    ends_at: datetime
    x: int | None = None
    y: int | None = None
    reach: int = 0
    space: str = ""
    pipe: str = ""
    bund: str = ""
    fall_line: str = ""
    is_issued: bool = False
    links: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Rule:
    """One of `first` beside one of `second`: near each other (`near` decimetres), or sharing `same`.

    `blocks`: must not be; else somebody coordinates both (PW-05). `adds_reach`: how far each extends counts.
    """

    number: str
    first: frozenset[str]
    second: frozenset[str]
    words: str
    blocks: bool
    near: int | None = None
    same: str = ""
    adds_reach: bool = False
    not_linked: bool = False


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two works that clash, by which rule; `first` and `second` in the order of their ids."""

    rule: str
    first: str
    second: str
    words: str
    blocks: bool

    def other(self, work: str) -> str:
        return self.second if work == self.first else self.first


def rules_of(profile: Profile) -> tuple[Rule, ...]:
    """Return the rules with the profile's distances."""
    hot, opening = frozenset({"hot_work"}), frozenset({"blind_plate", "pipeline_opening"})
    height, lift, space = frozenset({"work_at_height"}), frozenset({"lifting"}), frozenset({"confined_space"})

    def metres(key: str) -> int:
        return int(profile.number(key) * 10)

    return (
        Rule("PW-50", hot, frozenset({"vent_gas"}), N_("动火附近排放可燃气体"), True, metres("hot_work.gas_clear_m")),
        Rule("PW-50", hot, frozenset({"drain_liquid"}), N_("动火附近排放可燃液体"), True,
             metres("hot_work.liquid_clear_m")),
        Rule("PW-50", hot, frozenset({"solvent_cleaning", "painting", "dust_cleaning"}),
             N_("动火附近清洗、喷漆或清扫可燃粉尘"), True, metres("hot_work.solvent_clear_m")),
        Rule("PW-51", opening, hot, N_("盲板抽堵、管线打开附近动火"), True, metres("blind_plate.hot_clear_m")),
        Rule("PW-23", opening, opening, N_("同一管道同时进行两处盲板抽堵"), True, same="pipe"),
        Rule("PW-52", hot, frozenset({"painting"}), N_("同一受限空间内动火又涂刷"), True, same="space"),
        Rule("PW-53", hot, frozenset({"water_draining", "sampling"}), N_("同一防火堤内动火时切水、取样"), True,
             same="bund"),
        Rule("PW-54", height, height, N_("同一坠落方向上下交叉作业"), False, same="fall_line"),
        Rule("PW-56", lift, lift, N_("吊装回转范围交叉"), False, metres("conflict.lift_gap_m"), adds_reach=True),
        Rule("PW-56", hot, space, N_("受限空间旁边动火"), False, metres("conflict.space_m"), not_linked=True),
    )  # fmt: skip


def between(first: Work, second: Work, rules: Iterable[Rule]) -> list[Conflict]:
    """Return the conflicts of two works; none of one with itself, at another site or another time."""
    if first.id == second.id or first.site != second.site:
        return []
    if first.starts_at >= second.ends_at or second.starts_at >= first.ends_at:
        return []
    low, high = sorted((first.id, second.id))
    return [
        Conflict(rule.number, low, high, rule.words, rule.blocks) for rule in rules if _holds(rule, first, second)
    ]  # fmt: skip


def _holds(rule: Rule, first: Work, second: Work) -> bool:
    kinds = (first.kind in rule.first and second.kind in rule.second) or (
        second.kind in rule.first and first.kind in rule.second
    )
    if not kinds or (rule.not_linked and (second.id in first.links or first.id in second.links)):
        return False
    if rule.same:
        said = getattr(first, rule.same)
        return bool(said) and said == getattr(second, rule.same)
    if first.x is None or first.y is None or second.x is None or second.y is None:
        return bool(first.area) and first.area == second.area
    reach = (rule.near or 0) + (first.reach + second.reach if rule.adds_reach else 0)
    return (first.x - second.x) ** 2 + (first.y - second.y) ** 2 <= reach * reach


def all_conflicts(works: Iterable[Work], rules: tuple[Rule, ...]) -> set[Conflict]:
    """Return every conflict among the works; each pair is looked at only where it can be near."""
    index = Index(rules)
    found: set[Conflict] = set()
    for work in works:
        found.update(index.against(work))
        index.add(work)
    return found


class Index:
    """Live works by place, so that one is held against few: squares of the plan, areas, and what may be shared."""

    def __init__(self, rules: tuple[Rule, ...], works: Iterable[Work] = ()) -> None:
        self.rules = rules
        self._farthest = max((rule.near or 0 for rule in rules), default=0)
        self._kinds = {kind: self._partners(kind) for rule in rules for kind in rule.first | rule.second}
        self._cells: dict[tuple[int, int, int, str], list[Work]] = defaultdict(list)
        self._unplaced: dict[tuple[int, str, str], list[Work]] = defaultdict(list)
        self._areas: dict[tuple[int, str, str], list[Work]] = defaultdict(list)
        self._shared: dict[tuple[int, str, str, str], list[Work]] = defaultdict(list)
        for work in works:
            self.add(work)

    def add(self, work: Work) -> None:
        """Let later works be held against this one."""
        if work.kind not in self._kinds:
            return
        if work.x is None or work.y is None:
            self._unplaced[work.site, work.area, work.kind].append(work)
        else:
            for column, row in _squares(work.x, work.y, work.reach):
                self._cells[work.site, column, row, work.kind].append(work)
        self._areas[work.site, work.area, work.kind].append(work)
        for name in ("space", "pipe", "bund", "fall_line"):
            if said := getattr(work, name):
                self._shared[work.site, name, said, work.kind].append(work)

    def against(self, work: Work) -> list[Conflict]:
        """Return the conflicts of one work with those added, in the order of rule and ids."""
        seen: set[str] = set()
        found: list[Conflict] = []
        for other in self._near(work):
            if other.id not in seen:
                seen.add(other.id)
                found += between(work, other, self.rules)
        return sorted(found, key=lambda one: (one.rule, one.first, one.second, one.words))

    def _near(self, work: Work) -> Iterator[Work]:
        for kind in sorted(self._kinds.get(work.kind, ())):
            if work.x is None or work.y is None:
                yield from self._areas.get((work.site, work.area, kind), ())
            else:
                yield from self._unplaced.get((work.site, work.area, kind), ())
                for column, row in _squares(work.x, work.y, work.reach + self._farthest):
                    yield from self._cells.get((work.site, column, row, kind), ())
            for name in ("space", "pipe", "bund", "fall_line"):
                if said := getattr(work, name):
                    yield from self._shared.get((work.site, name, said, kind), ())

    def _partners(self, kind: str) -> frozenset[str]:
        """Return the kinds that may clash with this one."""
        mine = [rule.second for rule in self.rules if kind in rule.first]
        theirs = [rule.first for rule in self.rules if kind in rule.second]
        return frozenset().union(*mine, *theirs)


def _squares(x: int, y: int, reach: int) -> Iterator[tuple[int, int]]:
    for column in range((x - reach) // CELL, (x + reach) // CELL + 1):
        for row in range((y - reach) // CELL, (y + reach) // CELL + 1):
            yield column, row
