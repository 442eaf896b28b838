"""What looks odd among the points of a body's members. It says "ask", never "guilty": nothing follows by itself.

Three patterns that made-up entries leave: many at one minute, two people who always confirm each other, one person far
beyond what is usual in the branch.
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import median

BURST, PAIR, ABOVE = "burst", "pair", "above"
PATTERNS = (BURST, PAIR, ABOVE)
FEWEST_ABOVE = 10
"""Entries below which nobody is called far above: three are three times one."""


@dataclass(frozen=True, slots=True)
class Entered:
    """One counted fact: about whom, by whom, when the act was, out of which record.

    The act's own time, not that of writing: what a phone did without signal, and what is entered from a list in the evening,
    is written in one minute and was done over days; being at five places in one minute is what nobody can.
    """

    about: int
    by: int | None
    occurred_at: datetime
    source: tuple[str | None, int | None]


@dataclass(frozen=True, slots=True)
class Bounds:
    """From how many on something is odd; a unit may set them in its playbook."""

    burst: int
    pair: int
    times_median: int


@dataclass(frozen=True, slots=True)
class Oddity:
    """One thing to ask about: whom it is about, how many entries, and what is usual."""

    pattern: str
    people: tuple[int, ...]
    count: int
    usual: int = 0
    at: datetime | None = None

    def key(self, period: str) -> str:
        """A digest that names this very finding in this period; the same one found again has the same key."""
        moment = self.at.isoformat() if self.at is not None else ""
        words = "|".join([period, self.pattern, moment, *map(str, self.people)])
        return hashlib.sha256(words.encode()).hexdigest()[:24]


def oddities_in(entries: Sequence[Entered], members: Collection[int], bounds: Bounds) -> list[Oddity]:
    """Return what is odd, by pattern, the most entries first."""
    return [*_bursts(entries, bounds), *_pairs(entries, members, bounds), *_above(entries, members, bounds)]


def _bursts(entries: Sequence[Entered], bounds: Bounds) -> list[Oddity]:
    """Many entries about one person within one minute, out of different records: a meeting of thirty is one record each."""
    minutes: defaultdict[tuple[int, datetime], set[tuple[str | None, int | None]]] = defaultdict(set)
    for entry in entries:
        minutes[entry.about, entry.occurred_at.replace(second=0, microsecond=0)].add(entry.source)
    found = [
        Oddity(BURST, (about,), len(sources), at=minute)
        for (about, minute), sources in minutes.items()
        if len(sources) >= bounds.burst
    ]
    return sorted(found, key=lambda one: (-one.count, one.people, str(one.at)))


def _pairs(entries: Sequence[Entered], members: Collection[int], bounds: Bounds) -> list[Oddity]:
    """Two members who confirm each other, both ways, and most of what each of them has comes from the other."""
    confirmed: Counter[tuple[int, int]] = Counter()
    of_all: Counter[int] = Counter()
    for entry in entries:
        if entry.by is None or entry.by == entry.about or entry.by not in members:
            continue
        confirmed[entry.by, entry.about] += 1
        of_all[entry.about] += 1
    found = []
    for (first, second), count in confirmed.items():
        back = confirmed.get((second, first), 0)
        if first > second or min(count, back) < bounds.pair:
            continue
        if 2 * count >= of_all[second] and 2 * back >= of_all[first]:
            found.append(Oddity(PAIR, (first, second), count + back))
    return sorted(found, key=lambda one: (-one.count, one.people))


def _above(entries: Sequence[Entered], members: Collection[int], bounds: Bounds) -> list[Oddity]:
    """Far more entries than the member in the middle of the branch has."""
    counts: Mapping[int, int] = Counter(entry.about for entry in entries)
    if len(members) < 3:
        return []
    usual = int(median(counts.get(member, 0) for member in members))
    least = max(FEWEST_ABOVE, bounds.times_median * max(usual, 1))
    found = [Oddity(ABOVE, (about,), count, usual) for about, count in counts.items() if count >= least]
    return sorted(found, key=lambda one: (-one.count, one.people))
