"""The question with people cut into parts: a bound that is proven in whole numbers, and what each placing costs more.

A linear program gives prices for every rule and band. With any prices, right or wrong, the sum of the cheapest placings
is a bound (Lagrange); it is computed here from the prices rounded to whole numbers, so no rounding of the linear program
can make it false. What a placing costs above the cheapest of its person is its reduced cost: a grouping that contains it
costs at least the bound and that much more. The solver therefore looks first at placings that cost little more.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ronghe.domain.regrouping.calc.case import Case
from ronghe.domain.regrouping.calc.model import Dimension

SCALE = 1 << 20
"""Prices are whole multiples of 1/SCALE."""

GIVEN_UP = 4
"""So many steps mean that a band is not held at all."""


@dataclass(frozen=True, slots=True)
class Row:
    """`low` ≤ sum of placings (person, group, amount) + sum of extras (index, amount) ≤ `high`; None is open."""

    placings: tuple[tuple[int, int, int], ...]
    extras: tuple[tuple[int, int], ...]
    low: int | None
    high: int | None


@dataclass(frozen=True, slots=True)
class Program:
    """The objective and every rule and band as rows, for the linear program and for the solver alike.

    `extras`: what may be bought between 0 and its most, (cost, most): units outside the tightest band, new leaders.
    """

    costs: tuple[tuple[int, ...], ...]
    extras: tuple[tuple[int, int], ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Relaxation:
    """`bound_scaled` and `above` are multiples of 1/SCALE; `leaning[person]` is the group of their largest part."""

    bound_scaled: int
    above: tuple[tuple[int, ...], ...]
    leaning: tuple[int, ...]

    @property
    def bound(self) -> int:
        """Return the least objective, rounded up: every objective is whole."""
        return max(0, -(-self.bound_scaled // SCALE))

    def near(self, delta: int) -> list[list[int]]:
        """Return for each person the groups that cost at most `delta` more."""
        return [[group for group, cost in enumerate(row) if cost <= delta * SCALE] for row in self.above]


def make_program(case: Case, steps: Mapping[Dimension, int]) -> Program:
    """Write down a case with bands widened by `steps`."""
    people, groups, weights = range(len(case.problem.members)), range(len(case.areas)), case.problem.weights
    extras: list[tuple[int, int]] = []
    rows: list[Row] = []
    for rule in case.rules:
        for group in groups:
            placings = tuple((person, group, 1) for person in rule.who)
            if rule.same:
                first, second = rule.who
                rows.append(Row(((first, group, 1), (second, group, -1)), (), 0, 0))
            elif rule.low[group] > 0 or rule.high[group] < len(rule.who):
                rows.append(Row(placings, (), rule.low[group], rule.high[group]))
    for measure in case.measures:
        step = steps[measure.dimension]
        room = measure.room + step * measure.step
        far = sum(abs(amount) for _person, amount in measure.values) + abs(measure.low)
        for group in groups:
            placings = tuple((person, group, amount) for person, amount in measure.values)
            held = step < GIVEN_UP
            if held and not (measure.price and room):
                rows.append(Row(placings, (), measure.low - room, measure.high + room))
            elif measure.price:
                over = len(extras)
                most = room if held else far
                extras += [(measure.price, most), (measure.price, most)]
                rows.append(Row(placings, ((over, -1), (over + 1, 1)), measure.low, measure.high))
    if case.led_today and weights.leaders:
        for group in groups:
            rows.append(Row(tuple((one, group, 1) for one in sorted(case.led_today)), ((len(extras), 1),), 1, None))
            extras.append((weights.leaders, 1))
    costs = tuple(tuple(case.price(person, group) for group in groups) for person in people)
    return Program(costs, tuple(extras), tuple(rows))


def relax(program: Program) -> Relaxation | None:
    """Solve the linear program; nothing when even parts of people cannot be placed so."""
    from ortools.linear_solver import pywraplp  # type: ignore[import-untyped]

    solver = pywraplp.Solver.CreateSolver("GLOP")
    infinity = solver.infinity()
    objective = solver.Objective()
    placing = [[solver.NumVar(0, infinity, "") for _cost in row] for row in program.costs]
    for variables, costs in zip(placing, program.costs, strict=True):
        whole = solver.RowConstraint(1, 1, "")
        for variable, cost in zip(variables, costs, strict=True):
            whole.SetCoefficient(variable, 1)
            objective.SetCoefficient(variable, cost)
    extra = []
    for cost, most in program.extras:
        extra.append(solver.NumVar(0, most, ""))
        objective.SetCoefficient(extra[-1], cost)
    rows = []
    for row in program.rows:
        low, high = -infinity if row.low is None else row.low, infinity if row.high is None else row.high
        rows.append(solver.RowConstraint(low, high, ""))
        for person, group, amount in row.placings:
            rows[-1].SetCoefficient(placing[person][group], amount)
        for index, amount in row.extras:
            rows[-1].SetCoefficient(extra[index], amount)
    if solver.Solve() != pywraplp.Solver.OPTIMAL:
        return None
    leaning = tuple(max(range(len(one)), key=lambda at: float(one[at].solution_value())) for one in placing)
    return priced(program, [round(row.dual_value() * SCALE) for row in rows], leaning)


def priced(program: Program, prices: Sequence[int], leaning: tuple[int, ...]) -> Relaxation:
    """Return the bound that these prices of the rows prove, whatever they are."""
    above = [[cost * SCALE for cost in row] for row in program.costs]
    extra = [cost * SCALE for cost, _most in program.extras]
    bound = 0
    for row, price in zip(program.rows, prices, strict=True):
        side = row.low if price > 0 else row.high
        if price == 0 or side is None:  # a price that points to an open side proves nothing
            continue
        bound += price * side
        for person, group, amount in row.placings:
            above[person][group] -= price * amount
        for index, amount in row.extras:
            extra[index] -= price * amount
    bound += sum(min(0, cost) * most for cost, (_cost, most) in zip(extra, program.extras, strict=True))
    for costs in above:
        least = min(costs)
        bound += least
        costs[:] = [cost - least for cost in costs]
    return Relaxation(bound, tuple(map(tuple, above)), leaning)
