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
from threading import Event, Thread
from typing import TYPE_CHECKING

from ronghe.domain.regrouping.calc.case import Case, Tally, make_assignment, make_case
from ronghe.domain.regrouping.calc.conflicts import find_conflicts
from ronghe.domain.regrouping.calc.hubs import TooFewHubs, choose_hubs, renew_matching
from ronghe.domain.regrouping.calc.model import Area, Assignment, Dimension, Pin, Problem, Settings
from ronghe.domain.regrouping.calc.proposals import Conflict, Impossible, Proposal, Relaxed
from ronghe.domain.regrouping.calc.reasons import Reason
from ronghe.domain.regrouping.calc.relaxation import GIVEN_UP, SCALE, Program, Relaxation, make_program, relax

if TYPE_CHECKING:
    from ortools.sat.python import cp_model

STEPS = GIVEN_UP - 1
"""A band is widened by so many steps before it is given up."""

RELAXING_MS = 3_000
"""Relaxing may take so long, or a sixth of the time that is left."""

NEAR, WIDER = 500, 4
"""Placings that cost 1/NEAR of the bound more are looked at first, then WIDER times as many."""

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
            conflicts += [one for one in self._one(areas, self.ms + share) if one not in conflicts]
        if self.best is not None:
            return replace(self.best, ms=self.ms)
        return Impossible(tuple(conflicts), self.ms, self.settings)

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
        """Keep the tightest bands if that can be done; what relaxing finds meanwhile is a first proposal, not the last word."""
        tight = dict.fromkeys(Dimension, 0)
        if known is not None:
            steps, hint = _steps_of(known.relaxed), _placed(self.problem, known.assignment)
            run = _Run(self, case, steps, until_ms, hint, proven=known.relaxed_proven)
            run.solve()
            return (), run.found
        run = _Run(self, case, tight, until_ms, None, patience_ms=self.settings.patience_ms)
        run.solve()
        if run.found is not None or (self.over and not run.proven_empty):
            return (), run.found
        relaxing = _Relaxing(self, case, until_ms, run.leaning)
        relaxing.solve()
        if relaxing.proven_empty:
            return find_conflicts(case, self.settings, self.stop), None
        unsettled = not relaxing.proven and any(relaxing.steps.values())
        if not run.proven_empty and (relaxing.where is None or unsettled):
            half = max(0, min(until_ms, self.settings.time_limit_ms) - self.ms) // 2
            run = _Run(self, case, tight, until_ms, None, patience_ms=half)
            run.solve()
        if run.found is None and relaxing.where is not None:
            run = _Run(self, case, relaxing.steps, until_ms, relaxing.where, proven=relaxing.proven)
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


class _Run:
    """Make the objective small within bands of these widths.

    The placings that cost little more than the cheapest are tried first, then four times as much is let in, until the
    gap is small enough or nothing that is left out can be part of anything better.
    """

    def __init__(
        self, search: _Search, case: Case, steps: Mapping[Dimension, int], until_ms: int,
        hint: Sequence[int] | None, *, proven: bool = True, patience_ms: int | None = None,
    ) -> None:  # fmt: skip
        self.search, self.case, self.steps, self.until_ms = search, case, steps, until_ms
        self.proven, self.patience_ms = proven, patience_ms
        self.found: Proposal | None = None
        self.leaning: tuple[int, ...] | None = None
        self.proven_empty = False
        self.bound = 0
        self.begun = search.ms
        self.begun_cpu = time.process_time()
        if hint is not None:
            self._keep(hint, known=False)

    def solve(self) -> None:
        program = make_program(self.case, self.steps)
        relaxation = relax(program)
        if relaxation is None:
            self.proven_empty = self.found is None
            return
        self.leaning = relaxation.leaning
        self._raise_bound(relaxation.bound)
        delta = max(1, relaxation.bound // NEAR)
        while not self._finished():
            whole = self._round(program, relaxation, delta)
            if whole:
                self.proven_empty = self.found is None
                return
            delta *= WIDER
            if self.found is not None:
                delta = min(delta, max(1, self.found.objective - relaxation.bound + 1))

    def _finished(self) -> bool:
        if self.search.stop.is_set() or self.search.ms >= min(self.until_ms, self.search.settings.time_limit_ms):
            return True
        if self.found is None:
            return self.patience_ms is not None and self._waited_ms() > self.patience_ms
        gap = self.found.gap_e4
        return gap is not None and gap <= self.search.settings.gap_e4

    def _waited_ms(self) -> int:
        """Return how long this has run, by the clock of the processor: on a busy machine haste would relax for nothing.

        Wall-clock time counts a quarter, so that waiting ends even where the processor is not given at all.
        """
        busy = (time.process_time() - self.begun_cpu) * 1000 / self.search.settings.workers
        return max(int(busy), (self.search.ms - self.begun) // 4)

    def _round(self, program: Program, relaxation: Relaxation, delta: int) -> bool:
        """Search among the near placings; tell whether that settled the whole question."""
        from ortools.sat.python import cp_model

        near = relaxation.near(delta)
        known = None if self.found is None else _placed(self.case.problem, self.found.assignment)
        if known is not None:
            near = [sorted({*row, at}) for row, at in zip(near, known, strict=True)]
        whole = all(len(row) == len(self.case.areas) for row in near)
        missing = self.found is not None and delta * SCALE + relaxation.bound_scaled > self.found.objective * SCALE
        model, variables = program_model(program, near)
        for person, row in enumerate(variables):
            leaning = relaxation.leaning[person] if known is None else known[person]
            for group, variable in row.items():
                model.add_hint(variable, group == leaning)
        solver = cp_model.CpSolver()
        left = min(self.until_ms, self.search.settings.time_limit_ms) - self.search.ms
        self.search.parameters(solver, self.search.ms + (left if whole or missing else max(2_000, left // 3)))

        def solution(callback: cp_model.CpSolverSolutionCallback) -> None:
            self._keep([_where(row, callback.boolean_value) for row in variables])
            if self._finished():
                callback.stop_search()

        least = [0.0]
        solver.best_bound_callback = lambda bound: least.__setitem__(0, bound)

        def hopeless() -> bool:
            """The gap cannot be reached among these placings: time to let more in."""
            allowed = 1 - self.search.settings.gap_e4 / 10_000
            return self._finished() or (
                not (whole or missing) and self.found is not None and least[0] * allowed > self.bound
            )

        with self.search.watched(solver, hopeless):
            status = solver.solve(model, _told(solution))
        if status == cp_model.INFEASIBLE:
            return whole
        if status in {cp_model.OPTIMAL, cp_model.FEASIBLE}:
            self._keep([_where(row, solver.boolean_value) for row in variables])
        if status != cp_model.UNKNOWN:
            # What was left out costs more than the bound of the relaxation by more than delta.
            outside = -(-(relaxation.bound_scaled + delta * SCALE) // SCALE)
            inside = _rounded_up(solver.best_objective_bound)
            self._raise_bound(inside if whole else min(inside, outside))
        return bool(status == cp_model.OPTIMAL and self.found is not None and self.found.optimal)

    def _raise_bound(self, bound: int) -> None:
        self.bound = max(self.bound, bound)
        if self.found is not None and self.found.bound != min(self.bound, self.found.objective):
            self.found = self._with_bound(self.found)
            self.search.offer(self.found)

    def _with_bound(self, proposal: Proposal) -> Proposal:
        bound = min(self.bound, proposal.objective)
        return replace(proposal, bound=bound, optimal=bound == proposal.objective, ms=self.search.ms)

    def _keep(self, where: Sequence[int], *, known: bool = True) -> None:
        made = make_proposal(self.search, self.case, where, self.steps, proven=self.proven)
        if self.found is None or made.objective < self.found.objective:
            self.found = self._with_bound(made) if known else made
            self.search.offer(self.found)


def make_proposal(
    search: _Search, case: Case, where: Sequence[int], steps: Mapping[Dimension, int], *, proven: bool
) -> Proposal:
    """Return a grouping as a proposal of which no bound is known yet."""
    assignment = make_assignment(case, where)
    index = {member.id: at for at, member in enumerate(case.problem.members)}
    terms = Tally(case, where).terms([None if one is None else index[one] for one in assignment.leaders])
    return Proposal(
        assignment, terms, sum(terms.values()), None, search.relaxed(steps), proven, ms=search.ms,
        settings=search.settings,
    )  # fmt: skip


def program_model(
    program: Program, near: Sequence[Sequence[int]]
) -> tuple[cp_model.CpModel, list[dict[int, cp_model.IntVar]]]:
    """Return the solver's model of a program with only these placings, and the variable of each."""
    from ortools.sat.python import cp_model

    model = cp_model.CpModel()
    placing = [{group: model.new_bool_var("") for group in row} for row in near]
    extra = [model.new_int_var(0, most, "") for _cost, most in program.extras]
    for row in placing:
        model.add_exactly_one(row.values())
    for one in program.rows:
        placed = [
            (placing[person][group], amount) for person, group, amount in one.placings if group in placing[person]
        ]
        terms = [*placed, *((extra[index], amount) for index, amount in one.extras)]
        amounts = [amount for _variable, amount in terms]
        model.add_linear_constraint(
            cp_model.LinearExpr.weighted_sum([variable for variable, _amount in terms], amounts),
            cp_model.INT_MIN if one.low is None else one.low,
            cp_model.INT_MAX if one.high is None else one.high,
        )
    costs = [(row[group], program.costs[person][group]) for person, row in enumerate(placing) for group in row]
    bought = [(variable, cost) for variable, (cost, _most) in zip(extra, program.extras, strict=True)]
    terms = [*costs, *bought]
    model.minimize(
        cp_model.LinearExpr.weighted_sum([variable for variable, _cost in terms], [cost for _variable, cost in terms])
    )
    return model, placing


def _placed(problem: Problem, assignment: Assignment) -> list[int]:
    return [assignment.where[member.id] for member in problem.members]


def _where(row: Mapping[int, cp_model.IntVar], holds: Callable[[cp_model.IntVar], bool]) -> int:
    return next(group for group, variable in row.items() if holds(variable))


class _Relaxing:
    """Find bands that can be met: what stands first in the told order gives way first."""

    def __init__(self, search: _Search, case: Case, until_ms: int, leaning: Sequence[int] | None) -> None:
        self.search, self.case, self.until_ms, self.leaning = search, case, until_ms, leaning
        self.where: list[int] | None = None
        self.steps: dict[Dimension, int] = dict.fromkeys(Dimension, 0)
        self.proven = self.proven_empty = False

    def solve(self) -> None:
        from ortools.sat.python import cp_model

        search, everywhere = self.search, range(len(self.case.areas))
        nowhere = replace(self.case, measures=())
        program = make_program(nowhere, self.steps)
        model, at = program_model(program, [everywhere] * len(program.costs))
        wide = {one: model.new_int_var(0, STEPS, "") for one in Dimension}
        off = {one: model.new_bool_var("") for one in Dimension}
        for measure in self.case.measures:
            far = 2 * sum(abs(amount) for _person, amount in measure.values) + abs(measure.low)
            given = measure.step * wide[measure.dimension] + far * off[measure.dimension]
            amounts = [amount for _person, amount in measure.values]
            for group in everywhere:
                amount = cp_model.LinearExpr.weighted_sum([at[one][group] for one, _amount in measure.values], amounts)
                model.add(amount <= measure.high + measure.room + given)
                model.add(amount >= measure.low - measure.room - given)
        ranks = {dimension: (STEPS + 2) ** rank for rank, dimension in enumerate(search.order)}
        model.minimize(
            cp_model.LinearExpr.sum(
                [ranks[one] * wide[one] + ranks[one] * GIVEN_UP * off[one] for one in Dimension],
            )
        )
        for row, leaning in zip(at, self.leaning or (), strict=False):
            for group, variable in row.items():
                model.add_hint(variable, group == leaning)
        left = min(self.until_ms, search.settings.time_limit_ms) - search.ms
        solver = cp_model.CpSolver()
        search.parameters(solver, search.ms + max(RELAXING_MS, left // 6))

        def take(holds: Callable[[cp_model.IntVar], bool], value: Callable[[cp_model.IntVar], int]) -> None:
            self.where = [_where(row, holds) for row in at]
            self.steps = {one: GIVEN_UP if holds(off[one]) else value(wide[one]) for one in Dimension}

        def solution(callback: cp_model.CpSolverSolutionCallback) -> None:
            take(callback.boolean_value, callback.value)
            search.offer(make_proposal(search, self.case, self.where or (), self.steps, proven=False))

        with search.watched(solver, lambda: False):
            status = solver.solve(model, _told(solution))
        self.proven_empty = status == cp_model.INFEASIBLE
        self.proven = status == cp_model.OPTIMAL
        if status in {cp_model.OPTIMAL, cp_model.FEASIBLE}:
            take(solver.boolean_value, solver.value)


def _told(act: Callable[[cp_model.CpSolverSolutionCallback], None]) -> cp_model.CpSolverSolutionCallback:
    from ortools.sat.python import cp_model

    class Told(cp_model.CpSolverSolutionCallback):
        def on_solution_callback(self) -> None:
            act(self)

    return Told()


def _rounded_up(bound: float) -> int:
    """Every objective is whole, so a bound holds for the next whole number; a hair of rounding aside."""
    return -int(-(bound - 1e-6) // 1)
