"""What the address of the calendar asks for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.http import Http404, HttpRequest, QueryDict
from django.utils import timezone
from django.utils.formats import date_format

from ronghe.domain.calendars.calc.entries import Key
from ronghe.domain.calendars.calc.layout import clamped, span_of, stepped
from ronghe.domain.calendars.enums import CalendarView, EntryKind
from ronghe.domain.calendars.selectors import Scope, scope_named
from ronghe.domain.org.models import Person
from ronghe.kernel.calendar.periods import DaySpan
from ronghe.web.paging import number_of

MONDAY = date(2024, 1, 1)
STATES = frozenset({"upcoming", "due", "done", "late", "failed", "waived", "running", "attention"})


@dataclass(frozen=True, slots=True)
class Asked:
    """The view, the day around which it lies, whose calendar it is, what is shown and what is picked."""

    view: CalendarView
    on: date
    today: date
    scope: Scope
    kinds: tuple[str, ...]
    states: tuple[str, ...]
    only_mine: bool
    pick: Key | None
    query: QueryDict

    @property
    def weekdays(self) -> list[str]:
        """Monday first, as short as the reader's language writes them."""
        return [date_format(MONDAY + timedelta(days=n), "D").removeprefix("星期") for n in range(7)]

    @property
    def span(self) -> DaySpan:
        return span_of(self.view, self.on)

    def address(self, **words: str) -> str:
        """Return the query string with these words changed; an empty word is left out."""
        query = self.query.copy()
        for word, value in words.items():
            if value:
                query[word] = value
            else:
                query.pop(word, None)
        return f"?{query.urlencode()}"

    def stepped(self, steps: int) -> str:
        return self.address(on=stepped(self.view, self.on, steps).isoformat(), pick="")


def asked_of(request: HttpRequest, actor: Person, now: datetime) -> Asked:
    """Read the address; what cannot be read is as if it were not there, a calendar out of sight is 404."""
    query, today = request.GET, timezone.localdate(now)
    scope = scope_named(query.get("scope", ""), actor, now)
    if scope is None:
        raise Http404
    view, kind, state = query.get("view", ""), query.get("kind", ""), query.get("state", "")
    return Asked(
        view=CalendarView(view) if view in CalendarView.values else CalendarView.MONTH,
        on=day_in(query.get("on")) or today,
        today=today,
        scope=scope,
        kinds=(kind,) if kind in EntryKind.values else (),
        states=(state,) if state in STATES else (),
        only_mine=query.get("who") == "me",
        pick=key_in(query.get("pick", "")),
        query=query,
    )


def day_in(text: str | None) -> date | None:
    """Return the day that a text names, `None` where it names none that a calendar shows."""
    try:
        return clamped(date.fromisoformat(text or ""))
    except ValueError:
        return None


def key_in(text: str) -> Key | None:
    """Return the entry that `duty-7` names."""
    kind, _sep, number = text.partition("-")
    pk = number_of(number)
    return (kind, pk) if kind in EntryKind.values and pk is not None else None
