"""Why there is no proposal: sets of hard rules that cannot all be kept, as small as leaving rules out makes them."""

from __future__ import annotations

from collections.abc import Sequence
from threading import Event

from ronghe.domain.regrouping.calc.case import Case, Rule
from ronghe.domain.regrouping.calc.model import Settings
from ronghe.domain.regrouping.calc.proposals import Conflict

CHECK_S = 5.0
"""So long one set of rules is tried; a set without an answer is kept, and the conflict is not called irreducible."""


def find_conflicts(case: Case, settings: Settings, stop: Event | None = None) -> tuple[Conflict, ...]:
    """Return the conflicts among the hard rules of a case that has no solution.

    Rules that no figures can meet stand alone, each a conflict by itself. Where there are none, one irreducible set is
    found by leaving out rule after rule. What the secretary set is tried last, so that a set rather holds the pins and
    pairs that can be taken back. Nothing when the rules can be kept.
    """
    alone = tuple(Conflict((rule.reason,)) for rule in case.rules if impossible_alone(rule))
    if alone:
        return alone
    checker = _Checker(case, settings)
    kept = checker.shrink(list(case.rules), stop or Event())
    return (Conflict(tuple(rule.reason for rule in kept), irreducible=checker.sure),) if kept else ()


def impossible_alone(rule: Rule) -> bool:
    """Tell by plain arithmetic that no grouping keeps this rule: too few people in all, or too little room."""
    return not rule.same and not sum(rule.low) <= len(rule.who) <= sum(rule.high)


def can_be_kept(case: Case, rules: Sequence[Rule], settings: Settings) -> bool | None:
    """Tell whether some grouping keeps all these rules; nothing where the time was not enough."""
    from ortools.sat.python import cp_model

    model = cp_model.CpModel()
    people = sorted({person for rule in rules for person in rule.who})
    groups = range(len(case.areas))
    at = {person: [model.new_bool_var("") for _group in groups] for person in people}
    for row in at.values():
        model.add_exactly_one(row)
    for rule in rules:
        for group in groups:
            row = [at[person][group] for person in rule.who]
            if rule.same:
                model.add(row[0] == row[1])
            else:
                model.add_linear_constraint(sum(row), rule.low[group], rule.high[group])
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = CHECK_S
    solver.parameters.num_workers = settings.workers
    solver.parameters.random_seed = settings.seed
    status = solver.solve(model)
    if status == cp_model.UNKNOWN:
        return None
    return bool(status != cp_model.INFEASIBLE)


class _Checker:
    def __init__(self, case: Case, settings: Settings) -> None:
        self.case, self.settings, self.sure = case, settings, True

    def shrink(self, rules: list[Rule], stop: Event) -> list[Rule]:
        if can_be_kept(self.case, rules, self.settings) is not False:
            return []
        kept, size = rules, max(1, len(rules) // 2)
        while size:
            at = 0
            while at < len(kept):
                if stop.is_set():
                    self.sure = False
                    return kept
                rest = kept[:at] + kept[at + size :]
                answer = can_be_kept(self.case, rest, self.settings)
                if answer is False:
                    kept = rest
                else:
                    self.sure = self.sure and (size > 1 or answer is not None)
                    at += size
            size //= 2
        return kept
