"""Who is chosen by votes: more than half of those who voted, the most first, as many as there are places."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ByVotes:
    """`chosen` are in by their votes; of `tied`, who have equally many, `left` may still be taken."""

    chosen: frozenset[int]
    tied: frozenset[int]
    left: int


def by_votes(votes: Mapping[int, int], *, cast: int, quota: int) -> ByVotes:
    """Return who is chosen of `votes` (key → votes for), when `cast` people voted and there are `quota` places."""
    fit = {key: count for key, count in votes.items() if 2 * count > cast}
    chosen: set[int] = set()
    for count in sorted(set(fit.values()), reverse=True):
        level = {key for key, own in fit.items() if own == count}
        if len(chosen) + len(level) > quota:
            return ByVotes(frozenset(chosen), frozenset(level), quota - len(chosen))
        chosen |= level
        if len(chosen) == quota:
            break
    return ByVotes(frozenset(chosen), frozenset(), 0)


def suits(picked: frozenset[int], result: ByVotes) -> bool:
    """Tell whether `picked` is what the votes say, with as many of the tied as there are places."""
    return result.chosen <= picked <= result.chosen | result.tied and len(picked) == len(result.chosen) + min(
        result.left, len(result.tied)
    )
