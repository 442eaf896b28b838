"""Who owes which occurrence."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from ronghe.domain.obligations.calc.occurrences import Occurrence, OccurrenceBook, occurrences
from ronghe.domain.playbooks.calc.model import Mechanism
from ronghe.domain.playbooks.calc.vocabulary import PartialWindow
from ronghe.kernel.calendar.calendars import WorkCalendar
from ronghe.kernel.calendar.periods import DaySpan


@dataclass(frozen=True, slots=True)
class InForce:
    """From when until when a mechanism holds for a body; open at the end while it lasts."""

    from_on: date = date.min
    until_on: date = date.max

    def owes(self, occurrence: Occurrence, partial_window: PartialWindow) -> bool:
        """Tell whether the body owes it: in force over the whole window, or over part of it where that is enough."""
        nominal, own = occurrence.nominal, DaySpan(self.from_on, self.until_on)
        return own.overlaps(nominal) if partial_window is PartialWindow.OWED else own.covers(nominal)


ALWAYS = InForce()


@dataclass(frozen=True, slots=True)
class Instance:
    """One occurrence owed by one body; `body` is whatever the caller knows bodies by."""

    body: str
    occurrence: Occurrence

    @property
    def mechanism(self) -> str:
        return self.occurrence.mechanism

    @property
    def key(self) -> tuple[str, str, str]:
        """What names the instance in every recomputation: body, mechanism, occurrence."""
        return (self.body, self.occurrence.mechanism, self.occurrence.key)

    def accepts(self, day: date) -> bool:
        """Tell whether a record of this day may meet it, in time or late."""
        return self.occurrence.window_from <= day < self.occurrence.grace_until


def instances(
    mechanism: Mechanism,
    calendar: WorkCalendar,
    span: DaySpan,
    *,
    body: str,
    in_force: InForce = ALWAYS,
    book: OccurrenceBook | None = None,
) -> list[Instance]:
    """Return what `body` owes of `mechanism` within `span`, earliest due first.

    Bodies that share a `book` share the computing of their calendar.
    """
    partial_window = mechanism.rhythm.partial_window if mechanism.rhythm else PartialWindow.NOT_OWED
    found = book.of(mechanism, calendar, span) if book else occurrences(mechanism, calendar, span)
    return [Instance(body, occurrence) for occurrence in found if in_force.owes(occurrence, partial_window)]
