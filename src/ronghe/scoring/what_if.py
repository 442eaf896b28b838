"""What if the sheet weighed otherwise: everybody's result again from the leaves, beside the one there is.

The same plan, nodes and grading as a run; only what was measured is taken from what is kept. So the answer is the one
that a run of the changed sheet would give, to the digit.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from threading import Lock
from typing import TYPE_CHECKING, Any

from ronghe.scoring.columns import any_true, nothing, pick
from ronghe.scoring.grading import limits_that_ask
from ronghe.scoring.inputs import Inputs, Table
from ronghe.scoring.knobs import turned
from ronghe.scoring.leaves import Leaves
from ronghe.scoring.period import Period
from ronghe.scoring.run import RunResult
from ronghe.scoring.sheets import Sheet, read_sheet

if TYPE_CHECKING:
    import pyarrow as pa


@dataclass(frozen=True, slots=True)
class Standing:
    """Total in units, place and grade; nothing of who is not scored, not ranked, or part of an open tie."""

    total: int | None
    rank: int | None
    grade: str | None


@dataclass(frozen=True, slots=True)
class Move:
    """One subject before and after."""

    subject: Any
    before: Standing
    after: Standing

    @property
    def points(self) -> int:
        """By how much the total moves, in units."""
        return (self.after.total or 0) - (self.before.total or 0)

    @property
    def places(self) -> int:
        """How many places up (positive) or down."""
        if self.before.rank is None or self.after.rank is None:
            return 0
        return self.before.rank - self.after.rank


class Moves:
    """Everybody's move, those who move farthest first."""

    def __init__(self, sheet: Sheet, table: pa.Table) -> None:
        self.sheet = sheet
        self._table = table

    def __len__(self) -> int:
        return int(self._table.num_rows)

    def part(self, start: int = 0, limit: int = 50) -> list[Move]:
        """Return some of them in order."""
        return [self._move(row) for row in self._table.slice(start, limit).to_pylist()]

    def of(self, subject: Any) -> Move | None:
        """Return one subject's move."""
        import pyarrow.compute as pc

        rows = self._table.filter(pc.equal(self._table["subject"], subject)).to_pylist()
        return self._move(rows[0]) if rows else None

    @cached_property
    def moved(self) -> int:
        """How many get another total, place or grade."""
        import pyarrow.compute as pc

        return int(pc.sum(self._table["moves"]).as_py() or 0)

    @cached_property
    def up(self) -> int:
        """How many gain places."""
        return self._where("<")

    @cached_property
    def down(self) -> int:
        """How many lose places."""
        return self._where(">")

    @cached_property
    def grades(self) -> dict[tuple[str | None, str | None], int]:
        """How many go from which grade to which, those who keep theirs left out."""
        pairs = self._table.group_by(["band_before", "band_after"]).aggregate([([], "count_all")]).to_pylist()
        found = Counter(
            {(self._grade(row["band_before"]), self._grade(row["band_after"])): row["count_all"] for row in pairs}
        )
        return {pair: times for pair, times in found.items() if pair[0] != pair[1]}

    @cached_property
    def open_ties(self) -> int:
        """How many stand in a tie that people would have to settle first."""
        import pyarrow.compute as pc

        return int(pc.sum(self._table["open"]).as_py() or 0)

    def _where(self, sign: str) -> int:
        import pyarrow.compute as pc

        compare = pc.less if sign == "<" else pc.greater
        return int(pc.sum(compare(self._table["rank_after"], self._table["rank_before"])).as_py() or 0)

    def _move(self, row: Mapping[str, Any]) -> Move:
        before = Standing(row["total_before"], row["rank_before"], self._grade(row["band_before"]))
        after = Standing(row["total_after"], row["rank_after"], self._grade(row["band_after"]))
        return Move(row["subject"], before, after)

    def _grade(self, band: int | None) -> str | None:
        return None if band is None or self.sheet.grades is None else self.sheet.grades.bands[band].id


class WhatIf:
    """One run's leaves and results, ready to be asked what another sheet would make of them; one question at a time."""

    def __init__(self, doc: Mapping[str, Any], period: Period, inputs: Inputs) -> None:
        """Measure and score once; `doc` is a checked sheet."""
        self.doc = dict(doc)
        self.sheet = read_sheet(self.doc)
        self.period = period
        self.inputs = inputs
        self.leaves = Leaves(self.sheet, period, inputs)
        self.lock = Lock()
        present = _standing(self.run_of(self.sheet))
        self._present = inputs.engine.keep(f"present_{id(self)}", present)

    def run_of(self, sheet: Sheet) -> RunResult:
        """Return the run of another sheet of the same level over the same leaves."""
        return RunResult("", sheet, self.period, self.inputs, self.leaves)

    def turned(self, changes: Mapping[str, str]) -> Moves:
        """Return who would move if some numbers of the sheet (see `knobs`) were others.

        :raises KnobUnknown: the sheet has no such number
        :raises KnobNoNumber: the text is no number
        :raises KnobsTooFar: the sheet would not be sound any more
        """
        return self.moved_by(read_sheet(turned(self.doc, changes)))

    def moved_by(self, sheet: Sheet) -> Moves:
        """Return who would move under another sheet with the same grades' names."""
        with self.lock:
            run = self.run_of(sheet)
            both = _side_by_side(self._present, _standing(run))
            return Moves(sheet, run.compute(lambda: self.inputs.engine.to_pyarrow(both)))


def _standing(run: RunResult) -> Table:
    """Subject, total, rank and band; no band while a tie is open."""
    table = run.table
    grades = run.sheet.grades
    asked = [table[limit.column].fill_null(False) for limit in limits_that_ask(grades)] if grades else []
    tied = any_true(asked)
    band = pick(tied, nothing("int16"), table["band"]) if asked else table["band"]
    band = pick(table["total"].isnull(), nothing("int16"), band)
    return table.select(subject=table["subject"], total=table["total"], rank=table["rank"], band=band, open=tied)


def _side_by_side(present: Table, other: Table) -> Table:
    from ibis import _

    before = present.select(
        subject=present["subject"],
        total_before=present["total"],
        rank_before=present["rank"],
        band_before=present["band"],
    )
    after = other.select(
        key=other["subject"],
        total_after=other["total"],
        rank_after=other["rank"],
        band_after=other["band"],
        open=other["open"],
    )
    both = before.inner_join(after, before["subject"] == after["key"]).drop("key")
    both = both.mutate(
        moves=~(
            _.total_before.identical_to(_.total_after)
            & _.rank_before.identical_to(_.rank_after)
            & _.band_before.identical_to(_.band_after)
        ),
        farther=(_.rank_before - _.rank_after).abs().fill_null(0),
        more=(_.total_after - _.total_before).abs().fill_null(0),
    )
    order = [both["moves"].desc(), both["farther"].desc(), both["more"].desc(), both["subject"]]
    return both.order_by(order).drop("farther", "more")
