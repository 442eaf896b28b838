"""The leaves of a run: what was measured of every subject, kept in columns, so that another sheet starts from them.

Gathering reads every fact; everything above the leaves is arithmetic over one row a subject. A sheet that only weighs
or limits otherwise needs nothing but the arithmetic; one that measures something else has just that gathered beside.
"""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING

from ronghe.scoring.gather import Need
from ronghe.scoring.inputs import Inputs, Table
from ronghe.scoring.measures.base import Measure
from ronghe.scoring.period import Period, Window
from ronghe.scoring.plan import Plan

if TYPE_CHECKING:
    from ronghe.scoring.sheets import Sheet

MOST_BESIDE = 60
"""So many measures of other sheets are kept beside; then they are let go and gathered when they are asked for."""

_numbers = count(1)


class Leaves:
    """The gathered columns of one sheet over one period, in the engine's memory."""

    def __init__(self, sheet: Sheet, period: Period, inputs: Inputs) -> None:
        self.period = period
        self.inputs = inputs
        plan = Plan(sheet, period, inputs)
        self._own = dict(plan.needs)
        self._first = self._kept(plan.table_of_leaves())
        self._needs = dict(self._own)
        self._table = self._first
        self._columns = count(len(self._own))

    def plan(self, sheet: Sheet) -> Plan:
        """Return the plan of a sheet of the same level that reads the kept columns; what is missing is gathered."""
        plan = Plan(sheet, self.period, self.inputs)
        missing = [pair for pair in plan.needs if pair not in self._needs]
        if missing:
            self._gather(plan, missing)
        plan.needs = {pair: self._needs[pair] for pair in plan.needs}
        plan.gathered = self._table
        return plan

    def _gather(self, plan: Plan, missing: list[tuple[Measure, Window]]) -> None:
        if len(self._needs) + len(missing) > len(self._own) + MOST_BESIDE:
            self._needs, self._table = dict(self._own), self._first
            missing = [pair for pair in plan.needs if pair not in self._needs]
        needs = {pair: Need(next(self._columns), *pair) for pair in missing}
        before = self._table
        self._table = self._kept(plan.gather(list(needs.values()), before))
        self._needs |= needs
        if before is not self._first:
            self.inputs.engine.drop(before)

    def _kept(self, table: Table) -> Table:
        return self.inputs.engine.keep(f"leaves_{next(_numbers)}", table)
