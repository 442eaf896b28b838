"""The urn: sums for each item and choice, never a vote by itself.

Whoever voted what, the urn holds the same as if others had voted so: addition forgets. It is packed to a length that
depends on the ballot alone, so the length of its cipher text tells nothing either.
"""

from __future__ import annotations

from collections.abc import Mapping

Counts = tuple[tuple[int, ...], ...]
"""Votes by item, then by choice, both in their order."""
WIDTH = 7
"""Digits of one sum; more votes than any list of voters has."""


def empty(items: int, choices: int) -> Counts:
    """Return an urn without votes."""
    return ((0,) * choices,) * items


def with_vote(counts: Counts, votes: Mapping[int, int]) -> Counts:
    """Return the urn with one more vote: item number → choice number, both from 1, every item once."""
    return tuple(
        tuple(votes_so_far + (votes[item] == choice) for choice, votes_so_far in enumerate(row, start=1))
        for item, row in enumerate(counts, start=1)
    )


def together(counts: Counts, others: Counts) -> Counts:
    """Return the sums of two urns of one ballot."""
    return tuple(
        tuple(one + other for one, other in zip(row, others_row, strict=True))
        for row, others_row in zip(counts, others, strict=True)
    )


def is_complete(votes: Mapping[int, int], *, items: int, choices: int) -> bool:
    """Tell whether votes name each item once and choose what there is."""
    return set(votes) == set(range(1, items + 1)) and all(1 <= choice <= choices for choice in votes.values())


def pack(counts: Counts) -> str:
    """Return the urn as digits of fixed length."""
    return "".join(f"{votes:0{WIDTH}d}" for row in counts for votes in row)


def unpack(text: str, *, choices: int) -> Counts:
    """Return the urn that `pack` wrote."""
    sums = tuple(int(text[at : at + WIDTH]) for at in range(0, len(text), WIDTH))
    return tuple(sums[at : at + choices] for at in range(0, len(sums), choices))
