"""PM-09: who has to talk with whom in a year, and which of these pairs have talked."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations

Pair = frozenset[int]


class NeedKind(StrEnum):
    """The three heads of PM-09."""

    COMMITTEE = "committee"
    LEADER_MEMBER = "leader_member"
    MEMBERS = "members"


@dataclass(frozen=True, slots=True)
class Need:
    """One thing that the year asks for: two of the committee, or a member and one of several people.

    `who` is the person looked at (the lower id of two of a committee), `with_any` those of whom one is enough.
    """

    kind: NeedKind
    who: int
    with_any: frozenset[int]

    def is_met(self, talked: Collection[Pair]) -> bool:
        return any(frozenset((self.who, other)) in talked for other in self.with_any)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a body's year is: `met` and `missing` together are everything that is asked for."""

    met: tuple[Need, ...]
    missing: tuple[Need, ...]

    @property
    def total(self) -> int:
        return len(self.met) + len(self.missing)

    @property
    def is_complete(self) -> bool:
        """Tell whether every pair has talked; a body without pairs has nothing to be complete in."""
        return bool(self.met) and not self.missing

    def of(self, kind: NeedKind) -> tuple[int, int]:
        """Return how many of a head are met, and how many there are."""
        done = sum(need.kind == kind for need in self.met)
        return done, done + sum(need.kind == kind for need in self.missing)


def needs_of(committee: Collection[int], members: Collection[int]) -> list[Need]:
    """Return what PM-09 asks for: every two of the committee, each other member with one of it, and with another member.

    Whoever sits on the committee is not counted among the members again. One member alone has no other member to talk with.
    """
    leaders = frozenset(committee)
    plain = frozenset(members) - leaders
    needs = [Need(NeedKind.COMMITTEE, one, frozenset((two,))) for one, two in combinations(sorted(leaders), 2)]
    for person in sorted(plain):
        if leaders:
            needs.append(Need(NeedKind.LEADER_MEMBER, person, leaders))
        if len(plain) > 1:
            needs.append(Need(NeedKind.MEMBERS, person, plain - {person}))
    return needs


def progress_of(needs: Iterable[Need], talked: Collection[Pair]) -> Progress:
    """Return which needs are met by the pairs that talked at least once in the year."""
    met: list[Need] = []
    missing: list[Need] = []
    for need in needs:
        (met if need.is_met(talked) else missing).append(need)
    return Progress(tuple(met), tuple(missing))


def next_for(person: int, progress: Progress, planned: Collection[int] = ()) -> list[tuple[int, NeedKind]]:
    """Return whom `person` should talk with next, each once: own open needs first, then those one can meet for others.

    Somebody with whom a talk is planned comes after the others.
    """
    own = [need for need in progress.missing if need.who == person]
    others = [need for need in progress.missing if need.who != person and person in need.with_any]
    wanted: dict[int, NeedKind] = {}
    # Of my own needs with few partners all are named; of "any of these" those who need it themselves are enough.
    for need in others:
        wanted.setdefault(need.who, need.kind)
    for need in own:
        if not any(partner in wanted for partner in need.with_any):
            for partner in sorted(need.with_any)[:3]:
                wanted.setdefault(partner, need.kind)
    order = {kind: place for place, kind in enumerate(NeedKind)}
    return sorted(wanted.items(), key=lambda item: (item[0] in planned, order[item[1]], item[0]))


def counts_by_person(talked: Mapping[Pair, int]) -> dict[int, int]:
    """Return how many talks each person had, from how often each pair talked."""
    counts: dict[int, int] = {}
    for pair, number in talked.items():
        for person in pair:
            counts[person] = counts.get(person, 0) + number
    return counts
