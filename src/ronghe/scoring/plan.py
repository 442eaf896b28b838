"""The plan: a sheet and its tables as one Ibis expression, one row a subject.

Measures are gathered in one scan and joined to the subjects; then the tree is computed from the leaves up, each layer
one projection, so that no expression repeats what stands below it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ronghe.scoring.columns import (
    Column,
    added,
    any_true,
    constant,
    greatest,
    nothing,
    pick,
    quotient,
    summed_over,
)
from ronghe.scoring.conditions import ColumnLogic, Place
from ronghe.scoring.gather import Gathering, Need
from ronghe.scoring.inputs import Inputs, Table, owner
from ronghe.scoring.measures.base import Measure, Reading
from ronghe.scoring.nodes.base import Mark, Node
from ronghe.scoring.nodes.fold import Fold
from ronghe.scoring.period import Window
from ronghe.scoring.records import RESERVED
from ronghe.scoring.sheets.model import DECISION, Sheet


@dataclass(frozen=True)
class Spot:
    """One node in one window: two columns of the wide table."""

    node: Node
    window: Window
    index: int
    height: int
    below: tuple[Spot, ...]
    fold: Fold | None = None

    @property
    def value(self) -> str:
        """Name of the column with its points."""
        return f"v{self.index}"

    @property
    def applicable(self) -> str:
        """Name of the column that says whether it applies."""
        return f"a{self.index}"


class Plan:
    """How one sheet is computed for one period."""

    def __init__(self, sheet: Sheet, period: Window, inputs: Inputs) -> None:
        self.sheet = sheet
        self.period = period
        self.inputs = inputs
        self.gathering = Gathering(inputs, level=sheet.level, key=sheet.key, period=period)
        self.spots: list[Spot] = []
        self.root = self._spot(sheet.root, period, None)
        self.needs = self._needs()
        self.gathered: Table | None = None
        """What was gathered before, with the columns of all needs (see `leaves`)."""

    def _spot(self, node: Node, window: Window, fold: Fold | None) -> Spot:
        inner = node if isinstance(node, Fold) else fold
        below = tuple(self._spot(item, part, inner) for item, part in node.below(window))
        height = 1 + max((spot.height for spot in below), default=-1)
        spot = Spot(node, window, len(self.spots), height, below, fold)
        self.spots.append(spot)
        return spot

    def _needs(self) -> dict[tuple[Measure, Window], Need]:
        wanted = [(measure, spot.window) for spot in self.spots for measure in spot.node.measures]
        wanted += [(measure, self.period) for measure in self.sheet.measures]
        if self.sheet.grades:
            from ronghe.scoring.grading import settlements

            wanted += [(measure, self.period) for measure in settlements(self.sheet.grades)]
        return {pair: Need(index, *pair) for index, pair in enumerate(dict.fromkeys(wanted))}

    def table(self) -> Table:
        """Return `subject, body, category, left_out`, `veto_…` and the value and applicability of every spot."""
        wide = self._gathered()
        sight = WideSight(self, wide, self.root)
        columns = {f"veto_{index}": veto.condition.holds(sight) for index, veto in enumerate(self.sheet.vetoes)}
        columns["left_out"] = self._left_out(sight)
        wide = wide.mutate(**columns)
        for height in range(self.root.height + 1):
            layer: dict[str, Column] = {}
            for spot in (spot for spot in self.spots if spot.height == height):
                mark = spot.node.column(WideSight(self, wide, spot))
                layer |= {spot.value: mark.value, spot.applicable: mark.applicable}
            wide = wide.mutate(**layer)
        return wide

    def scored(self) -> Table:
        """Return the wide table with `total`: NULL for who is left out or to whom nothing applies."""
        wide = self.table()
        counts = wide[self.root.applicable] & ~wide["left_out"]
        return wide.mutate(total=pick(counts, wide[self.root.value], nothing("int64")), counted=counts)

    def items(self, wide: Table) -> dict[str, Mark]:
        """Return the columns of every node below the root, by id; over the pieces of a fold as the fold joins them."""
        found: dict[str, list[Spot]] = {}
        tops = [spot for spot in self.spots if not (spot.fold and spot.node is spot.fold.piece)]
        for spot in tops:
            found.setdefault(spot.node.id, []).append(spot)
        order = [node.id for node in self.sheet.nodes if node.id != self.sheet.root.id]
        return {name: _joined(wide, found[name]) for name in order}

    def _gathered(self) -> Table:
        if self.gathered is not None:
            return self.gathered
        return self.gather(list(self.needs.values()), self._subjects())

    def table_of_leaves(self) -> Table:
        """Return the subjects with everything that is measured of them, before any point is given."""
        return self._gathered()

    def gather(self, needs: Sequence[Need], onto: Table) -> Table:
        """Return the subjects of `onto` with the columns of `needs` beside."""
        streams = list(self.gathering.streams(needs))
        wide = onto
        for stream in streams:
            wide = wide.left_join(stream, wide["subject"] == stream["key"]).drop("key")
        return wide

    def _subjects(self) -> Table:
        """The subjects of the sheet's level; without a table of subjects, those that facts are about."""
        if self.inputs.has("subjects"):
            found = self.inputs.subjects(self.sheet.level, self.period)
            return found.filter(found["category"].isin(self.sheet.only)) if self.sheet.only else found
        rows = self.inputs.facts(self.period)
        named = rows.select(subject=owner(rows, self.sheet.key, RESERVED)).distinct()
        named = named.filter(named["subject"].notnull())
        return named.mutate(body=nothing("string"), category=nothing("string"))

    def _left_out(self, sight: WideSight) -> Column:
        if not self.sheet.left_out:
            return constant(value=False, kind="boolean")
        return (sight.reading(DECISION).number > 0) & sight.in_category(self.sheet.left_out)


class WideSight(ColumnLogic):
    """What one spot sees of the wide table."""

    def __init__(self, plan: Plan, wide: Table, spot: Spot) -> None:
        self.plan = plan
        self.wide = wide
        self.spot = spot

    @property
    def window(self) -> Window:
        """The days that are being scored."""
        return self.spot.window

    @property
    def category(self) -> Column:
        """The subject's category."""
        return self.wide["category"]

    def read(self, measure: Measure) -> Reading:
        """The columns gathered for a measure in the present window."""
        return self.plan.gathering.read(self.wide, self.plan.needs[measure, self.spot.window])

    def reading(self, measure: Measure) -> Reading:
        """What was measured."""
        return measure.column(self)

    def average_of_peers(self, rate: Column, peers: str) -> Column:
        """The average of a column over the subject's peers, NULL left out; each division once."""
        import ibis

        over = ibis.window(group_by=[] if peers == "all" else [self.wide[peers]])
        times = rate.count().over(over)
        return quotient(summed_over(rate, over), greatest(times, constant(1)))

    def mark(self, spot: Spot) -> Mark:
        """The columns of a spot."""
        return Mark(self.wide[spot.value], self.wide[spot.applicable])

    def marks_below(self, node: Node) -> list[Mark]:  # noqa: ARG002 - the spot knows more than the node
        """The columns of the spots below, in order."""
        return [self.mark(spot) for spot in self.spot.below]

    def vetoed(self, item: str) -> Column | None:
        """Whether a veto brings the item to zero."""
        fallen = [self.wide[f"veto_{index}"] for index, veto in enumerate(self.plan.sheet.vetoes) if item in veto.zero]
        return any_true(fallen) if fallen else None

    def in_category(self, names: tuple[str, ...]) -> Column:
        """Whether the subject is of one of these categories."""
        return self.category.isin(names).fill_null(False)

    def points(self, item: str | None) -> Reading:
        """Not known yet."""
        raise NotImplementedError

    def in_places(self, place: Place) -> Column:
        """Not known yet."""
        raise NotImplementedError


def _joined(wide: Table, spots: Sequence[Spot]) -> Mark:
    if len(spots) == 1:
        return Mark(wide[spots[0].value], wide[spots[0].applicable])
    points = added([wide[spot.value] for spot in spots])
    applicable = any_true([wide[spot.applicable] for spot in spots])
    if spots[0].fold and spots[0].fold.fold == "sum":
        return Mark(points, applicable)
    present = added([pick(wide[spot.applicable], constant(1), constant(0)) for spot in spots])
    return Mark(quotient(points, greatest(present, constant(1))), applicable)
