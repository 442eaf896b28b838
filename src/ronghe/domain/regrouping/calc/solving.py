"""The solver: people into chosen areas, the tightest bands first (OR-Tools CP-SAT).

Only whole numbers stand in the model. Bands that cannot be met are relaxed in the told order by one search whose costs
are so far apart that a later dimension gives way only when all earlier ones have given all; then the objective is
made small within the bands found.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from itertools import pairwise
from threading import Event, Thread
from typing import TYPE_CHECKING

from ronghe.domain.regrouping.calc.case import Case, Measure, Tally, make_assignment, make_case, places
from ronghe.domain.regrouping.calc.conflicts import find_conflicts
from ronghe.domain.regrouping.calc.hubs import TooFewHubs, choose_hubs, renew_matching
from ronghe.domain.regrouping.calc.model import Area, Dimension, Pin, Problem, Settings
from ronghe.domain.regrouping.calc.proposals import Conflict, Impossible, Proposal, Relaxed
from ronghe.domain.regrouping.calc.reasons import Reason

if TYPE_CHECKING:
    from ortools.sat.python import cp_model

STEPS = 3
"""A band is widened by so many steps before it is given up."""

OnBetter = Callable[[Proposal], bool | None]
"""Called with each better proposal; an answer of False stops the search."""


def propose(
    problem: Problem,
    n: int,
    settings: Settings | None = None,
    *,
    fixed_hubs: Sequence[int] = (),
    areas: Sequence[Area] | None = None,
    on_better: OnBetter | None = None,
    stop: Event | None = None,
) -> Proposal | Impossible:
    """Split the people into `n` groups and return the best grouping found.

    Ends when the gap is within `settings.gap_e4`, when the time is over, or when it is stopped by `stop` or by an
    `on_better` that returns False. `areas` are taken as they are; without them hub stations are chosen, those that are
    fixed or pinned to among them.
    """
    chosen = settings or Settings()
    search = _Search(problem, chosen, on_better, stop or Event())
    if len(problem.members) < n:
        figures = {"have": len(problem.members), "need": n}
        return Impossible((Conflict((Reason("people", figures),)),), search.ms, chosen)
    if areas is not None:
        return search.best_of([tuple(areas)])
    pinned = dict.fromkeys((*fixed_hubs, *_pinned_hubs(problem.pins)))
    try:
        return search.best_of(choose_hubs(problem, n, fixed=tuple(pinned), alternatives=chosen.hub_sets))
    except TooFewHubs as few:
        figures = {"have": few.have, "need": n}
        return Impossible((Conflict((Reason("hubs", figures),)),), search.ms, chosen)


def _pinned_hubs(pins: Sequence[Pin]) -> Iterator[int]:
    return (pin.hub for pin in pins if pin.hub is not None)


class _Search:
    def __init__(self, problem: Problem, settings: Settings, on_better: OnBetter | None, stop: Event) -> None:
        self.problem, self.settings, self.on_better, self.stop = problem, settings, on_better, stop
        self.begun = time.monotonic()
        self.best: Proposal | None = None
        self.order = (*settings.order, *(one for one in reversed(Dimension) if one not in settings.order))

    @property
    def ms(self) -> int:
        return int((time.monotonic() - self.begun) * 1000)

    @property
    def left_ms(self) -> int:
        return self.settings.time_limit_ms - self.ms

    @property
    def over(self) -> bool:
        return self.stop.is_set() or self.left_ms <= 0

    def best_of(self, sets: Sequence[tuple[Area, ...]]) -> Proposal | Impossible:
        conflicts: list[Conflict] = []
        for at, areas in enumerate(sets):
            if self.best is not None and self.over:
                break
            share = max(0, self.left_ms) // (len(sets) - at)
            conflicts += self._one(areas, self.ms + share)
        if self.best is not None:
            return replace(self.best, ms=self.ms)
        return Impossible(
            tuple(dict.fromkeys(conflicts)) if len(sets) == 1 else tuple(conflicts), self.ms, self.settings
        )

    def _one(self, areas: tuple[Area, ...], until_ms: int) -> tuple[Conflict, ...]:
        """Solve for these areas; where people end up elsewhere than expected, pair with today's groups anew and again."""
        conflicts, held = self._solve(make_case(self.problem, areas), until_ms, None)
        while held is not None and not self.over and not any(pin.group is not None for pin in self.problem.pins):
            paired = renew_matching(self.problem, held.assignment)
            if paired == held.assignment.areas:
                break
            case = make_case(self.problem, paired)
            again = self._solve(case, until_ms, held)[1]
            if again is None or again.objective >= held.objective:
                break
            held = again
        return conflicts

    def _solve(self, case: Case, until_ms: int, known: Proposal | None) -> tuple[tuple[Conflict, ...], Proposal | None]:
        hint = None if known is None else places(self.problem, known.assignment)
        steps = dict.fromkeys(Dimension, 0) if known is None else _steps_of(known.relaxed)
        run = _Run(self, case, steps, until_ms, hint, patient=known is not None)
        run.solve()
        if run.found is None and known is None and (run.proven_empty or not self.over):
            relaxing = _Relaxing(self, case, until_ms)
            relaxing.solve()
            if relaxing.proven_empty:
                return find_conflicts(case, self.settings, self.stop), None
            if relaxing.where is None:
                return (), None
            run = _Run(self, case, relaxing.steps, until_ms, relaxing.where, proven=relaxing.proven, patient=True)
            run.first(relaxing.where)
            run.solve()
        return (), run.found

    def offer(self, proposal: Proposal) -> None:
        """Keep and tell a proposal that is better than the best so far: less relaxed, or as much and cheaper."""
        if self.best is not None and self._rank(proposal) > self._rank(self.best):
            return
        news = self.best is None or (proposal.assignment, proposal.bound) != (self.best.assignment, self.best.bound)
        self.best = proposal
        if news and self.on_better is not None and self.on_better(proposal) is False:
            self.stop.set()

    def _rank(self, proposal: Proposal) -> tuple[tuple[int, ...], int]:
        steps = _steps_of(proposal.relaxed)
        return tuple(steps[dimension] for dimension in reversed(self.order)), proposal.objective

    def relaxed(self, steps: Mapping[Dimension, int]) -> tuple[Relaxed, ...]:
        return tuple(Relaxed(one, min(steps[one], STEPS), steps[one] > STEPS) for one in self.order if steps[one])

    def parameters(self, solver: cp_model.CpSolver, until_ms: int) -> None:
        left = min(until_ms, self.settings.time_limit_ms) - self.ms
        solver.parameters.max_time_in_seconds = max(0.05, left / 1000)
        solver.parameters.num_workers = self.settings.workers
        solver.parameters.random_seed = self.settings.seed

    @contextmanager
    def watched(self, solver: cp_model.CpSolver, give_up: Callable[[], bool]) -> Iterator[None]:
        """Stop the solver from outside when the search is stopped, or when `give_up` says so."""
        done = Event()

        def watch() -> None:
            while not done.wait(0.05):
                if self.stop.is_set() or give_up():
                    solver.stop_search()

        guard = Thread(target=watch, daemon=True)
        guard.start()
        try:
            yield
        finally:
            done.set()
            guard.join()


def _steps_of(relaxed: Sequence[Relaxed]) -> dict[Dimension, int]:
    return dict.fromkeys(Dimension, 0) | {one.dimension: one.steps + one.off for one in relaxed}


class _Frame:
    """The variables and hard rules that both searches share."""

    def __init__(self, case: Case) -> None:
        from ortools.sat.python import cp_model

        self.case = case
        self.model = cp_model.CpModel()
        groups = range(len(case.areas))
        self.at = [
            [self.model.new_bool_var(f"x{person}_{group}") for group in groups]
            for person in range(len(case.problem.members))
        ]
        for row in self.at:
            self.model.add_exactly_one(row)
        add_rules(self.model, self.at, case)

    def amount(self, measure: Measure, group: int) -> cp_model.LinearExpr:
        from ortools.sat.python import cp_model

        return cp_model.LinearExpr.weighted_sum(
            [self.at[person][group] for person, _amount in measure.values],
            [amount for _person, amount in measure.values],
        )

    def hint(self, where: Sequence[int | None]) -> None:
        for row, group in zip(self.at, where, strict=True):
            for place, variable in enumerate(row):
                self.model.add_hint(variable, place == group)


def add_rules(model: cp_model.CpModel, at: Sequence[Sequence[cp_model.IntVar]], case: Case) -> None:
    """Add every hard rule of the case to a model whose `at[person][group]` says who is where."""
    for rule in case.rules:
        for group in range(len(case.areas)):
            people = [at[person][group] for person in rule.who]
            if rule.same:
                for first, second in pairwise(people):
                    model.add(first == second)
            elif rule.low[group] > 0 or rule.high[group] < len(people):
                model.add_linear_constraint(sum(people), rule.low[group], rule.high[group])


class _Run(_Frame):
    """Make the objective small within bands of these widths."""

    def __init__(
        self, search: _Search, case: Case, steps: Mapping[Dimension, int], until_ms: int,
        hint: Sequence[int | None] | None, *, proven: bool = True, patient: bool = False,
    ) -> None:  # fmt: skip
        super().__init__(case)
        self.search, self.steps, self.until_ms, self.proven, self.patient = search, steps, until_ms, proven, patient
        self.found: Proposal | None = None
        self.proven_empty = False
        self.bound: int | None = None
        self._bands_and_objective()
        if hint is not None:
            self.hint(hint)

    def _bands_and_objective(self) -> None:
        from ortools.sat.python import cp_model

        case, model, weights = self.case, self.model, self.case.problem.weights
        people, groups = range(len(case.problem.members)), range(len(case.areas))
        costs: list[cp_model.LinearExprT] = []
        for measure in case.measures:
            step = self.steps[measure.dimension]
            low, high = measure.low - step * measure.step, measure.high + step * measure.step
            far = sum(abs(amount) for _person, amount in measure.values)
            if step > STEPS:
                low, high = -far, far
            for group in groups:
                amount = self.amount(measure, group)
                model.add_linear_constraint(amount, low, high)
                if step:
                    outside = model.new_int_var(0, far + abs(measure.low), "")
                    model.add(outside >= measure.low - amount)
                    model.add(outside >= amount - measure.high)
                    costs.append(outside * measure.price)
        if case.led_today and weights.leaders:
            for group in groups:
                new = model.new_bool_var("")
                model.add_bool_or(new, *(self.at[person][group] for person in sorted(case.led_today)))
                costs.append(new * weights.leaders)
        placing = [(self.at[person][group], case.price(person, group)) for person in people for group in groups]
        costs += [variable * price for variable, price in placing if price]
        model.minimize(cp_model.LinearExpr.sum(costs))

    def solve(self) -> None:
        from ortools.sat.python import cp_model

        search = self.search
        solver = cp_model.CpSolver()
        search.parameters(solver, self.until_ms)
        solver.parameters.relative_gap_limit = search.settings.gap_e4 / 10_000
        begun = time.monotonic()
        patience = search.settings.patience_ms / 1000

        def give_up() -> bool:
            return not self.patient and self.found is None and time.monotonic() - begun > patience

        with search.watched(solver, give_up):
            status = solver.solve(self.model, _told(self._solution))
        self.proven_empty = status == cp_model.INFEASIBLE
        if status in {cp_model.OPTIMAL, cp_model.FEASIBLE}:
            where = [next(at for at, one in enumerate(row) if solver.boolean_value(one)) for row in self.at]
            self._keep(where, solver.best_objective_bound, optimal=status == cp_model.OPTIMAL)

    def _solution(self, callback: cp_model.CpSolverSolutionCallback) -> None:
        where = [next(at for at, one in enumerate(row) if callback.boolean_value(one)) for row in self.at]
        self._keep(where, callback.best_objective_bound)

    def first(self, where: Sequence[int]) -> None:
        """Offer the grouping that the relaxing found, before anything is known of the least cost."""
        self._keep(where, None)

    def _keep(self, where: Sequence[int], bound: float | None, *, optimal: bool = False) -> None:
        assignment = make_assignment(self.case, where)
        index = {member.id: at for at, member in enumerate(self.case.problem.members)}
        terms = Tally(self.case, where).terms([None if one is None else index[one] for one in assignment.leaders])
        objective = sum(terms.values())
        least = None if bound is None else min(objective, max(0, _rounded_up(bound)))
        self.found = Proposal(
            assignment, terms, objective, least, self.search.relaxed(self.steps), self.proven,
            optimal=optimal and least == objective, ms=self.search.ms, settings=self.search.settings,
        )  # fmt: skip
        self.search.offer(self.found)


class _Relaxing(_Frame):
    """Find bands that can be met: what stands first in the told order gives way first."""

    def __init__(self, search: _Search, case: Case, until_ms: int) -> None:
        super().__init__(case)
        self.search, self.until_ms = search, until_ms
        self.where: list[int] | None = None
        self.steps: dict[Dimension, int] = dict.fromkeys(Dimension, 0)
        self.proven = self.proven_empty = False
        self.found_at: float | None = None
        model = self.model
        self.wide = {one: model.new_int_var(0, STEPS, "") for one in Dimension}
        self.off = {one: model.new_bool_var("") for one in Dimension}
        for measure in case.measures:
            far = 2 * sum(abs(amount) for _person, amount in measure.values) + abs(measure.low)
            wide, off = self.wide[measure.dimension], self.off[measure.dimension]
            for group in range(len(case.areas)):
                amount = self.amount(measure, group)
                model.add(amount <= measure.high + measure.step * wide + far * off)
                model.add(amount >= measure.low - measure.step * wide - far * off)
        ranks = {dimension: (STEPS + 2) ** rank for rank, dimension in enumerate(search.order)}
        model.minimize(
            sum(ranks[one] * self.wide[one] for one in Dimension)
            + sum(ranks[one] * (STEPS + 1) * self.off[one] for one in Dimension)
        )

    def solve(self) -> None:
        from ortools.sat.python import cp_model

        search = self.search
        solver = cp_model.CpSolver()
        search.parameters(
            solver, search.ms + max(500, (min(self.until_ms, search.settings.time_limit_ms) - search.ms) // 3)
        )
        with search.watched(solver, lambda: False):
            status = solver.solve(self.model)
        self.proven_empty = status == cp_model.INFEASIBLE
        self.proven = status == cp_model.OPTIMAL
        if status in {cp_model.OPTIMAL, cp_model.FEASIBLE}:
            self.where = [next(at for at, one in enumerate(row) if solver.boolean_value(one)) for row in self.at]
            for one in Dimension:
                self.steps[one] = STEPS + 1 if solver.boolean_value(self.off[one]) else solver.value(self.wide[one])


def _told(act: Callable[[cp_model.CpSolverSolutionCallback], None]) -> cp_model.CpSolverSolutionCallback:
    from ortools.sat.python import cp_model

    class Told(cp_model.CpSolverSolutionCallback):
        def on_solution_callback(self) -> None:
            act(self)

    return Told()


def _rounded_up(bound: float) -> int:
    """Every objective is whole, so a bound holds for the next whole number; a hair of rounding aside."""
    return -int(-(bound - 1e-6) // 1)
