"""How long the ways between stations are: as typed or imported, put together over other stations, or guessed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from ronghe.domain.regrouping.calc.travel import Travel
from ronghe.domain.regrouping.enums import TravelSource
from ronghe.domain.regrouping.models import TravelTime

GUESSED_LEG = 30
"""Minutes between neighbouring stations of which nothing is known."""


@dataclass(frozen=True, slots=True)
class Ways:
    """`travel` knows every pair. `guessed` counts the pairs that rest on a guess."""

    travel: Travel
    known: int
    guessed: int


def ways_between(stations: Sequence[int]) -> Ways:
    """Return the ways between all of these stations in one read.

    A pair that nobody said is put together over the stations between; what is not connected by anything known is
    guessed along the line in the order in which the stations are given.
    """
    rows = TravelTime.objects.filter(a__in=stations, b__in=stations).order_by()
    legs = {
        (a, b): (minutes, source == TravelSource.GUESSED)
        for a, b, minutes, source in rows.values_list("a_id", "b_id", "minutes", "source")
    }
    said = sum(not guess for _minutes, guess in legs.values())
    best = _shortest(stations, legs)
    for here, there in pairwise(stations):
        if there not in best[here]:
            legs[min(here, there), max(here, there)] = (GUESSED_LEG, True)
            best = _shortest(stations, legs)
    guessed = sum(guess for here in stations for there, (_minutes, guess) in best[here].items() if here < there)
    return Ways(
        Travel({here: {there: minutes for there, (minutes, _guess) in best[here].items()} for here in stations}),
        said,
        guessed,
    )


def _shortest(
    stations: Sequence[int], legs: dict[tuple[int, int], tuple[int, bool]]
) -> dict[int, dict[int, tuple[int, bool]]]:
    """Floyd and Warshall; a way rests on a guess where one of its legs does."""
    best: dict[int, dict[int, tuple[int, bool]]] = {one: {one: (0, False)} for one in stations}
    for (a, b), leg in legs.items():
        best[a][b] = best[b][a] = leg
    for over in stations:
        for here in stations:
            first = best[here].get(over)
            if first is None:
                continue
            for there, second in best[over].items():
                way = (first[0] + second[0], first[1] or second[1])
                held = best[here].get(there)
                if held is None or way[0] < held[0]:
                    best[here][there] = way
    return best
