"""How many people lead a body: its committee, its head and deputies (PE-01, PE-02, PE-03)."""

from __future__ import annotations

from ronghe.domain.elections.calc.figures import (
    BRANCH_COMMITTEE,
    GENERAL_BRANCH_COMMITTEE,
    PARTY_COMMITTEE,
    Figures,
    Size,
)

BRANCHES = frozenset({"branch", "joint_branch", "floating_branch"})
MASS = Size(1, 7, 15, "")
"""Committees of union and league: their statutes, not these rules, size them; only what cannot be is refused."""


def committee_size(kind: str, formal: int, figures: Figures) -> Size | None:
    """Return how large the committee of a body is; `None` for a branch too small to have one (PE-02).

    `formal` is its headcount of full members.
    """
    if kind in BRANCHES:
        return BRANCH_COMMITTEE if formal >= figures.committee_from else None
    if kind == "general_branch":
        return GENERAL_BRANCH_COMMITTEE
    return PARTY_COMMITTEE if kind == "committee" else MASS


def deputies_at_most(kind: str) -> int:
    """Return how many deputies the head of a body has at most (PE-01, PE-03)."""
    return 1 if kind in BRANCHES else 2
