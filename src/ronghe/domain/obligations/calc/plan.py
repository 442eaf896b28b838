"""What a body owes under everything that it adopted: one definition a mechanism and day, no gap at an upgrade."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from ronghe.domain.obligations.calc.grades import Grade, Piece, grade_on, pieces_for, within
from ronghe.domain.obligations.calc.instances import InForce
from ronghe.domain.obligations.calc.occurrences import Calendars, Occurrence, OccurrenceBook
from ronghe.domain.playbooks.calc.model import Mechanism
from ronghe.domain.playbooks.calc.vocabulary import PartialWindow
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
    grade: int | None = None
    """The `id` of the grade that brings it, where one does."""


def owed(
    adopted: Sequence[Adopted],
    calendars: Calendars,
    span: DaySpan,
    book: OccurrenceBook,
    grades: Sequence[Grade] = (),
) -> list[Owed]:
    """Return what a body with these adoptions (in order of adopting) and final grades owes within `span`.

    A mechanism that several adopted playbooks hold is owed once, as the one adopted last says. A body that goes over
    to a new version keeps owing what both hold: the window in which it changes is whole for the two together, and
    the version of the window's first day says how.
    """
    if len(adopted) == 1:
        return list(_owed_by_one(adopted[0], calendars, span, book, grades))
    by_mechanism: dict[str, list[tuple[Adopted, Mechanism]]] = defaultdict(list)
    for one in adopted:
        for mechanism in one.mechanisms:
            by_mechanism[mechanism.id].append((one, mechanism))
    found: list[Owed] = []
    for sources in by_mechanism.values():
        found += _owed_by_several(sources, calendars, span, book, grades)
    return found


def _owed_by_one(
    one: Adopted, calendars: Calendars, span: DaySpan, book: OccurrenceBook, grades: Sequence[Grade]
) -> Iterator[Owed]:
    for mechanism in one.mechanisms:
        if mechanism.rhythm is None:
            continue
        pieces = pieces_for(mechanism, grades)
        stretches = _stretches(within([one.in_force], pieces))
        for occurrence in book.of(mechanism, calendars.named(mechanism.calendar), span):
            first_day = _first_day(occurrence, stretches, mechanism.rhythm.partial_window)
            if first_day is not None:
                yield _by_grade(one.version, occurrence, pieces, first_day)


def _owed_by_several(
    sources: Sequence[tuple[Adopted, Mechanism]],
    calendars: Calendars,
    span: DaySpan,
    book: OccurrenceBook,
    grades: Sequence[Grade],
) -> list[Owed]:
    adopted = [one.in_force for one, _mechanism in sources]
    found: dict[str, tuple[date, Owed]] = {}
    for one, mechanism in sources:
        if mechanism.rhythm is None:
            continue
        pieces = pieces_for(mechanism, grades)
        stretches = _stretches(within(_stretches(adopted), pieces))
        for occurrence in book.of(mechanism, calendars.named(mechanism.calendar), span):
            first_day = _first_day(occurrence, stretches, mechanism.rhythm.partial_window)
            if first_day is None or _governing(sources, first_day) is not one:
                continue
            # Two versions may name different grades, so that each owes another part of one window: the earlier part counts.
            if occurrence.key not in found or first_day < found[occurrence.key][0]:
                found[occurrence.key] = (first_day, _by_grade(one.version, occurrence, pieces, first_day))
    return [owes for _day, owes in found.values()]


def _first_day(occurrence: Occurrence, stretches: Iterable[InForce], partial_window: PartialWindow) -> date | None:
    """Return the first day of the window on which the occurrence is owed; nothing where it is not."""
    stretch = next((one for one in stretches if one.owes(occurrence, partial_window)), None)
    return max(occurrence.nominal.from_on, stretch.from_on) if stretch else None


def _by_grade(version: int, occurrence: Occurrence, pieces: Sequence[Piece], first_day: date) -> Owed:
    grade = grade_on(first_day, pieces)
    return Owed(version, occurrence, grade.id if grade else None)


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
