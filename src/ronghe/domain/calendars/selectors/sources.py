"""Where entries come from: one function a subject, registered by name.

A source gets a scope, a span and a moment, and returns what stands in the span, as far as the scope's actor may see it, in
a fixed number of statements. To add one: write the function, put `@source(kind, …)` above it, and import it below.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from datetime import datetime

from ronghe.domain.calendars.calc.entries import Entry, merged
from ronghe.domain.calendars.enums import EntryKind
from ronghe.domain.calendars.selectors.scopes import Scope
from ronghe.kernel.calendar.periods import DaySpan

Source = Callable[[Scope, DaySpan, datetime], Iterable[Entry]]
_SOURCES: dict[str, Source] = {}


def source(*kinds: EntryKind) -> Callable[[Source], Source]:
    """Register where the entries of a kind come from, or of several that are asked for at once."""

    def register(function: Source) -> Source:
        _SOURCES.update(dict.fromkeys(kinds, function))
        return function

    return register


def entries_in(
    scope: Scope, span: DaySpan, at: datetime, *, kinds: Collection[str] = (), states: Collection[str] = ()
) -> list[Entry]:
    """Return what stands in `span`, in order, of all kinds and states or of these; a statement or two a kind.

    What a record met is shown with the record, also where duties are filtered out; a duty met by a record of another day
    or of nothing on this calendar stands by itself on the day on which it was met.
    """
    asked = [kind for kind in _SOURCES if not kinds or kind in kinds]
    if EntryKind.ACTIVITY in asked and EntryKind.DUTY not in asked:
        asked.append(EntryKind.DUTY)
    sources = dict.fromkeys(_SOURCES[kind] for kind in asked)
    found = merged(entry for source in sources for entry in source(scope, span, at))
    return [entry for entry in found if (not kinds or entry.kind in kinds) and (not states or entry.state in states)]
