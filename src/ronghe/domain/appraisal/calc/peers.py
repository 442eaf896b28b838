"""Peers and firm differences: who is compared with whom by size, and which places nobody can tell apart."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ronghe.scoring.sureness import Sure


@dataclass(frozen=True, slots=True)
class Band:
    """A group of peers by how many members they have; `until` is the first number that is too many."""

    since: int
    until: int | None


@dataclass(frozen=True, slots=True)
class Among:
    """A place among peers, 1 first, and how many there are; equal totals share a place."""

    place: int
    count: int


@dataclass(frozen=True, slots=True)
class Reach:
    """The best and the worst place among those that cannot be told apart from it, itself among them."""

    best: int
    worst: int

    @property
    def is_firm(self) -> bool:
        return self.best == self.worst


def band_of(size: int, starts: Sequence[int]) -> Band:
    """Return the group that a size falls into; `starts` are ascending: where the second, third … group begins."""
    place = bisect_right(starts, size)
    return Band(starts[place - 1] if place else 0, starts[place] if place < len(starts) else None)


def places_among(totals: Mapping[int, int], groups: Mapping[int, object]) -> dict[int, Among]:
    """Return everybody's place within the own group, by subject; `totals` in units."""
    inside: dict[object, list[int]] = {}
    for subject, total in totals.items():
        inside.setdefault(groups[subject], []).append(total)
    for found in inside.values():
        found.sort()
    return {
        subject: Among(
            len(inside[groups[subject]]) - bisect_right(inside[groups[subject]], total) + 1,
            len(inside[groups[subject]]),
        )
        for subject, total in totals.items()
    }


def told_apart(sure: Sequence[Sure], ranks: Mapping[int, int]) -> dict[int, Reach]:
    """Return how far each place reaches over those that lie within each other's interval, by subject."""
    rows = sorted((one for one in sure if one.subject in ranks), key=lambda one: one.total)
    totals = [one.total for one in rows]
    found = {}
    for one in rows:
        near = rows[bisect_left(totals, one.low) : bisect_right(totals, one.high)]
        places = [ranks[other.subject] for other in near if other.holds(one.total)]
        found[one.subject] = Reach(min(places), max(places))
    return found
