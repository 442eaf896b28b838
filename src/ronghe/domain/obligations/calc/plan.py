"""What a body owes under everything that it adopted: one definition a mechanism and day, no gap at an upgrade."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from ronghe.domain.obligations.calc.instances import InForce
from ronghe.domain.obligations.calc.occurrences import Calendars, Occurrence, OccurrenceBook
from ronghe.domain.playbooks.calc.model import Mechanism
from ronghe.kernel.calendar.periods import DaySpan


@dataclass(frozen=True, slots=True)
class Adopted:
    """A playbook's mechanisms for one body over the days that it was in force; `version` is the caller's name for it."""

    version: int
    mechanisms: tuple[Mechanism, ...]
    in_force: InForce


@dataclass(frozen=True, slots=True)
class Owed:
    """One occurrence that a body owes, and the version that says so."""

    version: int
    occurrence: Occurrence


def owed(adopted: Sequence[Adopted], calendars: Calendars, span: DaySpan, book: OccurrenceBook) -> list[Owed]:
    """Return what a body with these adoptions (in order of adopting) owes within `span`.

    A mechanism that several adopted playbooks hold is owed once, as the one adopted last says. A body that goes over
    to a new version keeps owing what both hold: the window in which it changes is whole for the two together, and
    the version of the window's first day says how.
    """
    if len(adopted) == 1:
        return list(_owed_by_one(adopted[0], calendars, span, book))
    by_mechanism: dict[str, list[tuple[Adopted, Mechanism]]] = defaultdict(list)
    for one in adopted:
        for mechanism in one.mechanisms:
            by_mechanism[mechanism.id].append((one, mechanism))
    found: list[Owed] = []
    for sources in by_mechanism.values():
        stretches = _stretches(one.in_force for one, _mechanism in sources)
        for one, mechanism in sources:
            if mechanism.rhythm is None:
                continue
            for occurrence in book.of(mechanism, calendars.named(mechanism.calendar), span):
                stretch = next((s for s in stretches if s.owes(occurrence, mechanism.rhythm.partial_window)), None)
                if stretch is None:
                    continue
                first_day = max(occurrence.nominal.from_on, stretch.from_on)
                if _governing(sources, first_day) is one:
                    found.append(Owed(one.version, occurrence))
    return found


def _owed_by_one(one: Adopted, calendars: Calendars, span: DaySpan, book: OccurrenceBook) -> Iterator[Owed]:
    for mechanism in one.mechanisms:
        if mechanism.rhythm is None:
            continue
        for occurrence in book.of(mechanism, calendars.named(mechanism.calendar), span):
            if one.in_force.owes(occurrence, mechanism.rhythm.partial_window):
                yield Owed(one.version, occurrence)


def _governing(sources: Sequence[tuple[Adopted, Mechanism]], day: date) -> Adopted | None:
    """The one adopted last among those in force on `day`."""
    standing = [one for one, _mechanism in sources if one.in_force.from_on <= day < one.in_force.until_on]
    return max(standing, key=lambda one: one.in_force.from_on) if standing else None


def _stretches(parts: Iterable[InForce]) -> list[InForce]:
    """Join spans that touch or overlap."""
    joined: list[InForce] = []
    for part in sorted(parts, key=lambda part: (part.from_on, part.until_on)):
        if joined and part.from_on <= joined[-1].until_on:
            joined[-1] = InForce(joined[-1].from_on, max(joined[-1].until_on, part.until_on))
        elif part.from_on < part.until_on:
            joined.append(part)
    return joined
