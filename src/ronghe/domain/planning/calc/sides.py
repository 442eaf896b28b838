"""Both sides (SD-12): one of the Party side and another one of the production side, never the same person twice."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Pair:
    """One person of each side who took part, by id; `None` where nobody of a side did.

    `is_whole` stands for a record without a list of people that covers both sides by what it is: a final appraisal.
    """

    party: int | None
    production: int | None
    is_whole: bool = False

    @property
    def is_joint(self) -> bool:
        return self.is_whole or (
            self.party is not None and self.production is not None and self.party != self.production
        )


def pick(party: Collection[int], production: Collection[int], *, first: Collection[int] = ()) -> Pair:
    """Return one person of each side, two different ones where it can be; people in `first` are taken before others.

    Somebody who stands on both sides counts for one of them: whoever is secretary and manager at once does nothing jointly
    with himself.
    """
    ours, theirs = _ordered(party, first), _ordered(production, first)
    for one in ours:
        for other in theirs:
            if one != other:
                return Pair(one, other)
    if ours:
        return Pair(ours[0], None)
    return Pair(None, theirs[0] if theirs else None)


def together(pairs: Iterable[Pair]) -> bool:
    """Tell whether records, taken together, show both sides."""
    found = list(pairs)
    if any(pair.is_joint for pair in found):
        return True
    party = {pair.party for pair in found if pair.party is not None}
    production = {pair.production for pair in found if pair.production is not None}
    return pick(party, production).is_joint


def _ordered(people: Collection[int], first: Collection[int]) -> list[int]:
    return sorted(people, key=lambda pk: (pk not in first, pk))
