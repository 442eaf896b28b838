"""How sure a result is: for each rate and mean its interval, carried up the sheet's tree to the total.

A leaf is moved to the end of its interval, everything above it is worked out again by the nodes' own rules, and what
that does to the total is the leaf's share of the doubt. The doubts of the leaves are independent, so their squares add
up. Counts are what they are: only what had a number of chances, or several marks, is in doubt.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from math import isqrt
from typing import TYPE_CHECKING, Any

from ronghe.scoring.exact import UNIT, divided
from ronghe.scoring.inputs import owner
from ronghe.scoring.intervals import Interval, mean_interval, share_interval
from ronghe.scoring.measures.base import Measure, Reading
from ronghe.scoring.measures.due import Due
from ronghe.scoring.measures.facts import Facts
from ronghe.scoring.measures.headcount import Headcount
from ronghe.scoring.measures.marks import Panel, Survey
from ronghe.scoring.measures.part import Part
from ronghe.scoring.measures.steady import Steady
from ronghe.scoring.nodes.base import Mark
from ronghe.scoring.nodes.fold import Fold
from ronghe.scoring.period import SHANGHAI
from ronghe.scoring.plan import WideSight
from ronghe.scoring.records import ITEM, PANEL_MARK, RESERVED, SURVEY_ANSWER, Evidence

if TYPE_CHECKING:
    from ronghe.scoring.plan import Plan, Spot
    from ronghe.scoring.run import RunResult

SHARE, MEAN = "share", "mean"


@dataclass(frozen=True, slots=True)
class LeafSure:
    """One measured leaf in one window. `number` of `count` (a sum of marks for a mean); ends in units.

    `steadied` is the interval after it was drawn towards the peers, where the sheet does so; `low` and `high` points
    are those that the node would give at its ends.
    """

    id: str
    window: str
    what: str
    number: int
    count: int
    interval: Interval
    steadied: Interval | None
    points: int
    low: int
    high: int


@dataclass(frozen=True, slots=True)
class Sure:
    """One subject's total between its ends, in units, and the leaves in doubt."""

    subject: Any
    total: int
    low: int
    high: int
    leaves: tuple[LeafSure, ...]

    def holds(self, total: int) -> bool:
        """Tell whether another total lies within."""
        return self.low <= total <= self.high


@dataclass(frozen=True, slots=True)
class _Leaf:
    """A spot whose measure can be in doubt, the spots above it, and its columns."""

    spot: Spot
    inner: Measure
    above: tuple[Spot, ...]

    @property
    def what(self) -> str:
        return MEAN if isinstance(self.inner, Panel | Survey) else SHARE


def sureness(run: RunResult, subjects: Collection[Any] | None = None) -> list[Sure]:
    """Return how sure each total is, of these subjects or of all, in order of the subjects; who has no total is left out."""
    plan = run.plan
    leaves = list(_leaves(plan.root, ()))
    wide = plan.scored()
    columns = {name: wide[name] for spot in plan.spots for name in (spot.value, spot.applicable)}
    for number, leaf in enumerate(leaves):
        sight = WideSight(plan, wide, leaf.spot)
        reading = leaf.inner.column(sight)
        columns |= {f"n{number}": reading.number, f"c{number}": reading.count}
        if isinstance(leaf.spot.node.of, Steady):
            columns[f"s{number}"] = leaf.spot.node.of.average(sight)
    table = wide.select(subject=wide["subject"], total=wide["total"], **columns)
    if subjects is not None:
        table = table.filter(table["subject"].isin(list(subjects)))
    rows = run.compute(lambda: run.inputs.engine.to_pyarrow(table)).to_pylist()
    marks = _marks(plan, leaves, subjects)
    rows = [row for row in rows if row["total"] is not None]
    return [
        _sure(row, leaves, marks) for row in sorted(rows, key=lambda row: (str(type(row["subject"])), row["subject"]))
    ]


def in_doubt(measure: Measure | None) -> Measure | None:
    """Return what of a measure had a number of chances or marks, itself or what it steadies; nothing for plain counts."""
    inner = measure.inner if isinstance(measure, Steady) else measure
    if isinstance(inner, Panel | Survey) or (isinstance(inner, Due) and inner.count == "met"):
        return inner
    if isinstance(inner, Part) and _counts(inner.part) and _counts(inner.whole):
        return inner
    return None


def _counts(measure: Measure) -> bool:
    if isinstance(measure, Facts):
        return measure.count != "quantity"
    return isinstance(measure, Headcount) or (isinstance(measure, Due) and measure.count != "met")


def _leaves(spot: Spot, above: tuple[Spot, ...]) -> Iterator[_Leaf]:
    inner = in_doubt(spot.node.of)
    if inner is not None and not isinstance(spot.node, Fold):
        yield _Leaf(spot, inner, above[::-1])
    for below in spot.below:
        yield from _leaves(below, (*above, spot))


def _sure(
    row: Mapping[str, Any], leaves: list[_Leaf], marks: Mapping[tuple[Any, str, str], list[tuple[date, int]]]
) -> Sure:
    found, down, up = [], 0, 0
    for number, leaf in enumerate(leaves):
        one = _leaf_sure(row, leaf, number, marks) if row[leaf.spot.applicable] and row[f"c{number}"] else None
        if one is None:
            continue
        found.append(one)
        base = _carried(row, leaf, one.points)
        down += (base - _carried(row, leaf, one.low)) ** 2
        up += (_carried(row, leaf, one.high) - base) ** 2
    total = row["total"]
    return Sure(row["subject"], total, total - _root(down), total + _root(up), tuple(found))


def _leaf_sure(
    row: Mapping[str, Any], leaf: _Leaf, number: int, marks: Mapping[tuple[Any, str, str], list[tuple[date, int]]]
) -> LeafSure | None:
    read, count = row[f"n{number}"], row[f"c{number}"]
    interval: Interval | None
    if leaf.what == MEAN:
        assert isinstance(leaf.inner, Panel | Survey)
        interval = mean_interval(_kept(leaf, marks.get((row["subject"], *_item(leaf.inner)), [])), leaf.inner.out_of)
    else:
        if isinstance(leaf.inner, Part):  # both sides are counts in units
            read, count = divided(read, UNIT), divided(count, UNIT)
        interval = share_interval(read, count) if count > 0 and 0 <= read <= count * UNIT else None
    if interval is None:
        return None
    steadied = _steadied(leaf, interval, count, row.get(f"s{number}"))
    ends = steadied or interval
    points = [_points(leaf.spot, Reading(end, 1)) for end in (ends.low, ends.high)]
    own = row[leaf.spot.value]
    if own == 0 < points[0]:
        return None  # a condition or a veto brought it to nought
    return LeafSure(
        leaf.spot.node.id, leaf.spot.window.name, leaf.what, read, count, interval, steadied, own,
        min(own, *points), max(own, *points),
    )  # fmt: skip


def _steadied(leaf: _Leaf, interval: Interval, count: int, average: int | None) -> Interval | None:
    """Both ends drawn towards the peers' average as the measure itself is."""
    measure = leaf.spot.node.of
    if not isinstance(measure, Steady) or average is None:
        return None
    low, high = (
        divided(end * count + average * measure.strength, count + measure.strength)
        for end in (interval.low, interval.high)
    )
    return Interval(low, high)


def _points(spot: Spot, reading: Reading) -> int:
    share = spot.node.twin_share(_nothing(spot), [], reading)
    return spot.node.points_of(share)


def _carried(row: Mapping[str, Any], leaf: _Leaf, points: int) -> int:
    """Return the total with the leaf at `points`, worked out by the nodes above it."""
    spot, value = leaf.spot, points
    for above in leaf.above:
        marks = [Mark(value if below is spot else row[below.value], row[below.applicable]) for below in above.below]
        before = row[above.value]
        fresh = above.node.points_of(above.node.twin_share(_nothing(above), marks, None))
        # A condition or a veto brought it to nought: nothing below can move it.
        value = before if before == 0 and not _moves(row, above) else fresh
        spot = above
    return value


def _moves(row: Mapping[str, Any], spot: Spot) -> bool:
    """Tell whether the node's points are those that its items alone give."""
    marks = [Mark(row[below.value], row[below.applicable]) for below in spot.below]
    return bool(spot.node.points_of(spot.node.twin_share(_nothing(spot), marks, None)) == row[spot.value])


def _nothing(spot: Spot) -> Evidence:
    return Evidence(window=spot.window, key="", subject=None)


def _kept(leaf: _Leaf, found: list[tuple[date, int]]) -> list[int]:
    """Marks of the leaf's window without those that are trimmed."""
    assert isinstance(leaf.inner, Panel | Survey)
    marks = sorted(mark for day, mark in found if leaf.spot.window.day_from <= day < leaf.spot.window.day_until)
    return marks[leaf.inner.trim : len(marks) - leaf.inner.trim]


def _item(measure: Panel | Survey) -> tuple[str, str]:
    return (PANEL_MARK if isinstance(measure, Panel) else SURVEY_ANSWER), measure.item


def _marks(
    plan: Plan, leaves: list[_Leaf], subjects: Collection[Any] | None
) -> dict[tuple[Any, str, str], list[tuple[date, int]]]:
    """Return the marks behind the means, by subject, kind and item, each with its day; one statement, none without means."""
    asked = {_item(leaf.inner) for leaf in leaves if isinstance(leaf.inner, Panel | Survey)}
    if not asked:
        return {}
    rows = plan.inputs.facts(plan.period, [ITEM])
    rows = rows.filter(rows["kind"].isin(sorted({kind for kind, _item_ in asked})))
    table = rows.select(
        whose=owner(rows, plan.sheet.key, RESERVED), kind=rows["kind"], item=rows[f"attribute_{ITEM}"],
        at=rows["occurred_at"], amount=rows["amount"],
    )  # fmt: skip
    if subjects is not None:
        table = table.filter(table["whose"].isin(list(subjects)))
    found: dict[tuple[Any, str, str], list[tuple[date, int]]] = {}
    for row in plan.inputs.engine.to_pyarrow(table).to_pylist():
        found.setdefault((row["whose"], row["kind"], row["item"]), []).append((_day(row["at"]), row["amount"]))
    return found


def _day(at: datetime) -> date:
    return (at if at.tzinfo else at.replace(tzinfo=SHANGHAI)).astimezone(SHANGHAI).date()


def _root(square: int) -> int:
    """The square root, rounded up: an interval is rather too wide than too narrow."""
    root = isqrt(square)
    return root if root * root == square else root + 1
