"""Minutes between stations, one way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import hypot


@dataclass(frozen=True, slots=True)
class Travel:
    """`minutes[a][b]` from station a to station b. One direction is enough where both take as long."""

    minutes: Mapping[int, Mapping[int, int]] = field(default_factory=dict)

    def between(self, start: int, end: int) -> int:
        """Return whole minutes, 0 for a station and itself.

        :raises KeyError: when neither direction is known.
        """
        if start == end:
            return 0
        known = self.minutes.get(start, {}).get(end)
        return self.minutes[end][start] if known is None else known


def along_a_line(stations: Sequence[int], legs: Sequence[int]) -> Travel:
    """Make the table for stations along one pipeline; `legs[n]` minutes lie between the stations n and n + 1."""
    if len(legs) != max(0, len(stations) - 1):
        raise ValueError("one leg fewer than stations")
    at = [sum(legs[:place]) for place in range(len(stations))]
    return Travel({
        start: {end: abs(at[there] - at[here]) for there, end in enumerate(stations)}
        for here, start in enumerate(stations)
    })  # fmt: skip


def by_coordinates(
    places: Mapping[int, tuple[int, int]], *, metres_a_minute: int = 500, detour_e4: int = 13_000
) -> Travel:
    """Make the table from plane coordinates in metres: straight line, times the usual detour of roads, rounded up."""

    def minutes(start: tuple[int, int], end: tuple[int, int]) -> int:
        return -int(-hypot(end[0] - start[0], end[1] - start[1]) * detour_e4 / 10_000 // metres_a_minute)

    return Travel({a: {b: minutes(here, there) for b, there in places.items()} for a, here in places.items()})
