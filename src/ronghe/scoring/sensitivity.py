"""How firm places are: how far each would move if every weight in turn were a little larger or a little smaller.

A weight that is a tenth larger is the item put into a sum with `scale: 1.1`, so each of these worlds is a sheet that
anybody could run. All of them are computed side by side from the items' points, in one statement.
"""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from ronghe.kernel.errors import DomainError
from ronghe.kernel.words import N_
from ronghe.scoring.columns import greatest, least, nothing, pick
from ronghe.scoring.exact import UNIT, text, units
from ronghe.scoring.knobs import KnobNoNumber, KnobsTooFar
from ronghe.scoring.nodes.base import Mark, Node
from ronghe.scoring.nodes.total import Sum
from ronghe.scoring.plan import Plan, Spot, WideSight
from ronghe.scoring.sheets.check import check_sheet

if TYPE_CHECKING:
    import pyarrow as pa

    from ronghe.scoring.what_if import WhatIf

MOST_STEP = UNIT // 2
"""A weight that halves or grows by half is no uncertainty any more."""


class NothingToWeigh(DomainError):
    """The sheet has no places, or no weights beside each other at the top."""

    code = "nothing_to_weigh"
    sentence = N_("这张表不排位次，或者总分不是几项相加，看不出位次稳不稳。")
    status = 422


@dataclass(frozen=True, slots=True)
class Reach:
    """Where a subject stands, and the best and the worst place it could take."""

    subject: Any
    total: int
    rank: int
    best: int
    worst: int

    @property
    def spread(self) -> int:
        """How many places lie between."""
        return self.worst - self.best


@dataclass(frozen=True)
class Sensitivity:
    """How far places could move when each weight is `step` (in units, a share) larger or smaller."""

    step: int
    items: tuple[str, ...]
    """Ids of the items whose weights were turned."""
    _table: pa.Table

    def __len__(self) -> int:
        return int(self._table.num_rows)

    @property
    def unsure(self) -> int:
        """How many places could be another."""
        import pyarrow.compute as pc

        return int(pc.sum(pc.less(self._table["best"], self._table["worst"])).as_py() or 0)

    @property
    def widest(self) -> int:
        """The most places that one subject could move."""
        import pyarrow.compute as pc

        return int(pc.max(pc.subtract(self._table["worst"], self._table["best"])).as_py() or 0)

    def part(self, start: int = 0, limit: int = 50) -> list[Reach]:
        """Return some of them, the first place first."""
        return [Reach(**row) for row in self._table.slice(start, limit).to_pylist()]

    def by_subject(self, subjects: list[Any]) -> dict[Any, Reach]:
        """Return the reaches of these subjects."""
        import pyarrow as pa
        import pyarrow.compute as pc

        column = self._table["subject"]
        wanted = self._table.filter(pc.is_in(column, value_set=pa.array(subjects, column.type)))
        return {row["subject"]: Reach(**row) for row in wanted.to_pylist()}


def weighed(doc: Mapping[str, Any], index: int, scale: int) -> dict[str, Any]:
    """Return the sheet with the weight of the root's item `index` times `scale` (in units).

    What a unit promises of its weights (their sum, the share of 党政融合) holds for its own sheet and not for this one.
    """
    changed: dict[str, Any] = {key: deepcopy(value) for key, value in doc.items() if key not in {"full", "about"}}
    items = changed["root"]["items"]
    item = items[index]
    title = item["title"]
    items[index] = {"id": f"{item['id']}_weighed", "title": title, "kind": "sum", "scale": text(scale), "items": [item]}
    return changed


def sensitivity(what_if: WhatIf, step: str = "0.1") -> Sensitivity:
    """Return how far each place could move when one weight after the other is `step` larger or smaller.

    :raises NothingToWeigh: nobody is ranked, or the root is no plain sum of at least two weights
    :raises KnobNoNumber: the step is no share between 0 and a half
    :raises KnobsTooFar: the numbers would become too large to stay exact
    """
    share = _share(step)
    sheet, doc = what_if.sheet, what_if.doc
    root = sheet.root
    turnable = [index for index, item in enumerate(root.items) if not item.extra]
    if sheet.rank == "off" or not isinstance(root, Sum) or len(turnable) < 2:
        raise NothingToWeigh
    cases = [(index, UNIT + sign * share) for index in turnable for sign in (1, -1)]
    for index, scale in cases:
        if problems := check_sheet(weighed(doc, index, scale)):
            raise KnobsTooFar(message=problems[0].message)
    with what_if.lock:
        run = what_if.run_of(sheet)
        table = _reaches(run.plan, run.wide, root, cases)
        found = what_if.inputs.engine.to_pyarrow(table)
    return Sensitivity(share, tuple(root.items[index].id for index in turnable), found)


def _share(step: str) -> int:
    try:
        share = units(step)
    except ValueError as error:
        raise KnobNoNumber(path="step", value=step) from error
    if not 0 < share <= MOST_STEP:
        raise KnobNoNumber(path="step", value=step)
    return share


def _reaches(plan: Plan, wide: Any, root: Sum, cases: list[tuple[int, int]]) -> Any:
    import ibis

    spots = plan.root.below
    wraps = {case: _wrapped(root.items[case[0]], case[1]) for case in cases}
    layer: dict[str, Any] = {}
    for number, case in enumerate(cases):
        spot = spots[case[0]]
        own = Mark(wide[spot.value], wide[spot.applicable])
        mark = wraps[case].column(_MarksGiven(plan, wide, spot, [own]))
        layer |= {f"wv{number}": mark.value, f"wa{number}": mark.applicable}
    wide = wide.mutate(**layer)
    totals: dict[str, Any] = {}
    for number, case in enumerate(cases):
        marks = [Mark(wide[spot.value], wide[spot.applicable]) for spot in spots]
        marks[case[0]] = Mark(wide[f"wv{number}"], wide[f"wa{number}"])
        items = tuple(wraps[case] if place == case[0] else item for place, item in enumerate(root.items))
        mark = replace(root, items=items).column(_MarksGiven(plan, wide, plan.root, marks))
        totals[f"t{number}"] = pick(wide["counted"], mark.value, nothing("int64"))
    wide = wide.mutate(**totals)
    within = plan.sheet.rank
    group = [wide["counted"], *([] if within == "all" else [wide[within]])]
    places = [
        ibis.rank().over(ibis.window(group_by=group, order_by=[wide[f"t{number}"].desc()])) + 1
        for number in range(len(cases))
    ]
    wide = wide.mutate(**{f"p{number}": place for number, place in enumerate(places)})
    wide = wide.filter(wide["counted"])
    every = [wide["rank"], *(wide[f"p{number}"] for number in range(len(cases)))]
    table = wide.select(
        subject=wide["subject"], total=wide["total"], rank=wide["rank"], best=least(*every), worst=greatest(*every)
    )
    return table.order_by([table["rank"], table["subject"]])


def _wrapped(item: Node, scale: int) -> Sum:
    return Sum(id=f"{item.id}_weighed", title=item.title, scale=scale, items=(item,))


class _MarksGiven(WideSight):
    """What a node sees when the marks below it are given."""

    def __init__(self, plan: Plan, wide: Any, spot: Spot, marks: list[Mark]) -> None:
        super().__init__(plan, wide, spot)
        self._marks = marks

    def marks_below(self, node: Node) -> list[Mark]:  # noqa: ARG002
        """The marks that were given."""
        return self._marks
