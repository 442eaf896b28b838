"""The way of a request up the grid, and how long each level has."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

MEMBER, BRANCH, GENERAL_BRANCH, COMMITTEE = "member", "branch", "general_branch", "committee"
_LEVELS = {"committee": COMMITTEE, "general_branch": GENERAL_BRANCH}


@dataclass(frozen=True, slots=True)
class Terms:
    """What a body sets; the defaults are the platform's own. Days are working days."""

    employees_per_member: int = 5
    member_days: int = 2
    branch_days: int = 3
    general_branch_days: int = 5
    committee_days: int = 10

    def days_at(self, level: str) -> int:
        """Return how many working days a level has."""
        return {
            MEMBER: self.member_days,
            BRANCH: self.branch_days,
            GENERAL_BRANCH: self.general_branch_days,
            COMMITTEE: self.committee_days,
        }[level]


@dataclass(frozen=True, slots=True)
class Rung:
    """One body on the way up and the level that it is."""

    body: int
    level: str


def level_of(kind: str) -> str:
    """Return the level that a body of a kind is; whatever is neither committee nor general branch is a branch."""
    return _LEVELS.get(kind, BRANCH)


def next_rung(ladder: Sequence[Rung], body: int, level: str, manned: Collection[int]) -> Rung | None:
    """Return where a request goes from `body` at `level`: the next body up that somebody answers for.

    From the named member it goes to the branch itself. Where nobody answers for any body further up, it goes to the next
    one all the same, to be seen there. Nothing at the top.
    """
    places = [number for number, rung in enumerate(ladder) if rung.body == body]
    if not places:
        return None
    above = ladder[places[0] :] if level == MEMBER else ladder[places[0] + 1 :]
    return next((rung for rung in above if rung.body in manned), above[0] if above else None)
