"""Dealing people out like cards: what a clerk does by hand, and the reference of the benchmark."""

from __future__ import annotations

from collections.abc import Sequence

from ronghe.domain.regrouping.calc.case import make_assignment, make_case
from ronghe.domain.regrouping.calc.hubs import choose_hubs
from ronghe.domain.regrouping.calc.model import Area, Assignment, Problem


def greedy_round_robin(problem: Problem, n: int, *, areas: Sequence[Area] | None = None) -> Assignment:
    """Deal the people trade by trade, one to each group in turn, and go on with the next group at the next trade.

    Looks at nothing but the main trade: not at posts, ages, travel, needs or pins. Without `areas` the best hubs are
    chosen as for a proposal.
    """
    laid = tuple(areas) if areas is not None else choose_hubs(problem, n)[0]
    where: list[int | None] = [None] * len(problem.members)
    order = sorted(range(len(problem.members)), key=lambda at: (problem.members[at].trade, problem.members[at].id))
    for turn, person in enumerate(order):
        where[person] = turn % n
    return make_assignment(make_case(problem, laid), where)
