"""日历 on the page: a month, a week, a list or bars over time, and the one entry that is picked."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ronghe.domain.calendars.calc.entries import Day, Entry
from ronghe.domain.calendars.calc.layout import days_of, weeks_of
from ronghe.domain.calendars.enums import CalendarView, EntryKind
from ronghe.domain.calendars.selectors import entries_in, scopes_to_choose
from ronghe.domain.calendars.selectors.duties import duties_in
from ronghe.domain.calendars.selectors.feeds import answered_by
from ronghe.domain.org.models import Person
from ronghe.domain.rhythm.rules import may_plan_somewhere
from ronghe.domain.zones.selectors import site_calendars
from ronghe.kernel.calendar.calendars import SiteCalendar, WorkCalendar, statutory_calendar
from ronghe.ui import calendar as bars_over_time
from ronghe.ui.formats import month, span
from ronghe.web.calendars.asked import Asked, asked_of
from ronghe.web.calendars.picked import explain
from ronghe.web.obligations.bars import bars, holidays
from ronghe.web.requests import actor_of

SHOWN_A_DAY = 4
SCOPES_OFFERED = 40
A_DAY = "day-of-week"
"""Stands for a day in the address of a week, which is worked out once for all days."""
PRESSING = frozenset({"failed", "attention", "running"})
STATES = [
    ("due", _("待办")),
    ("upcoming", _("未到期")),
    ("failed", _("漏办")),
    ("done", _("已办")),
    ("late", _("迟办")),
    ("waived", _("免办或取消")),
]


@login_required
def calendar(request: HttpRequest) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    asked = asked_of(request, actor, now)
    context = {
        "asked": asked,
        "views": CalendarView.choices,
        "kinds": EntryKind.choices,
        "states": STATES,
        "scopes": lambda: scopes_to_choose(actor, now, SCOPES_OFFERED),
        "can_plan": lambda: may_plan_somewhere(actor, now),
        "title": _title(asked),
        "before": asked.stepped(-1),
        "after": asked.stepped(1),
        "to_today": asked.address(on="", pick=""),
        "here": request.get_full_path(),
        **(_bars(asked, now) if asked.view is CalendarView.BARS else _board(asked, actor, now)),
    }
    template = "calendars/calendar.html"
    answer = render(request, f"{template}#board" if request.htmx else template, context)  # type: ignore[attr-defined]
    answer["Vary"] = "HX-Request"
    return answer


def _board(asked: Asked, actor: Person, now: datetime) -> dict[str, Any]:
    entries = entries_in(asked.scope, asked.span, now, kinds=asked.kinds, states=asked.states)
    if asked.only_mine:
        entries = answered_by(asked.scope, entries, now)
    picked = next((entry for entry in entries if entry.key == asked.pick), None)
    is_month = asked.view is CalendarView.MONTH
    days = days_of(
        asked.span, entries, _work_calendar(asked), today=asked.today,
        month=asked.on.month if is_month else None, picked=picked,
    )  # fmt: skip
    picking = f"{asked.address(pick='')}&pick=".replace("?&", "?")
    weeks = asked.address(view=CalendarView.WEEK, on=A_DAY, pick="")
    shown = [_Cell(day, weeks, picking, SHOWN_A_DAY if is_month else None) for day in days]
    filled = [cell for cell in shown if cell.entries and not cell.day.is_outside]
    coming = [cell for cell in filled if cell.day.on >= asked.today]
    # On a phone the list stands before the month: what comes, unless the month is over; the whole of it is one tap away.
    is_cut = asked.view is not CalendarView.LIST and 0 < len(coming) < len(filled)
    return {
        "weeks": weeks_of(shown) if asked.view in {CalendarView.MONTH, CalendarView.WEEK} else [],  # type: ignore[arg-type]
        "listed": coming if is_cut else filled,
        "whole_list": asked.address(view=CalendarView.LIST, pick="") if is_cut else "",
        "count": len(entries),
        "picked": explain(picked, asked.scope, actor, now) if picked is not None else None,
        "bars": None,
    }


class _Cell:
    """A day with its entries as links; what does not fit is counted."""

    def __init__(self, day: Day, weeks: str, picking: str, most: int | None) -> None:
        self.day = day
        self.entries = [(entry, f"{picking}{entry.kind}-{entry.pk}", _fixed(entry)) for entry in day.entries]
        self.shown = self.entries if most is None or len(self.entries) <= most else self._weightiest(most - 1)
        self.more = len(self.entries) - len(self.shown)
        self.week_href = weeks.replace(A_DAY, day.on.isoformat())

    def _weightiest(self, most: int) -> list[tuple[Entry, str, dict[str, str]]]:
        """What a small cell shows, in the day's order: what somebody planned before what is owed day by day anyhow."""
        chosen = sorted(range(len(self.entries)), key=lambda place: (_weight(self.entries[place][0]), place))[:most]
        return [self.entries[place] for place in sorted(chosen)]


def _weight(entry: Entry) -> int:
    if entry.window is not None and len(entry.window) == 1:
        return 2 if entry.state in PRESSING else 3
    return 0 if entry.is_moved or entry.kind == EntryKind.ACTIVITY else 1


def _fixed(entry: Entry) -> dict[str, str]:
    """What a script needs to let somebody drag it; nothing where it stays."""
    if entry.movable is None:
        return {}
    return {
        "key": f"{entry.kind}-{entry.pk}",
        "from": entry.movable.from_on.isoformat(),
        "until": entry.movable.last_on.isoformat(),
    }


def _bars(asked: Asked, now: datetime) -> dict[str, Any]:
    """What is owed over a quarter, each mechanism one line; bodies under a heading of their own where there are several."""
    rows: list[Any] = [row for row in duties_in(asked.scope, asked.span, now) if row.window_from < asked.span.until_on]
    by_body: dict[int, list[Any]] = {}
    for row in rows:
        by_body.setdefault(row.body_id, []).append(row)
    lines: list[bars_over_time.Row] = []
    for found in by_body.values():
        if len(by_body) > 1:
            lines.append(bars_over_time.Row(found[0].body.name, group=True))
        lines += bars(found)
    return {
        "weeks": [],
        "listed": [],
        "whole_list": "",
        "count": len(rows),
        "picked": None,
        "bars": bars_over_time.Calendar(
            asked.span.from_on, asked.span.until_on, asked.today, tuple(lines), tuple(holidays(asked.span))
        ),
    }


def _work_calendar(asked: Asked) -> WorkCalendar:
    """Of a zone the statutory days less its shut-downs, else the statutory days."""
    statutory = statutory_calendar()
    if asked.scope.zone_id is None:
        return statutory
    site = site_calendars([asked.scope.zone_id], base=statutory)[asked.scope.zone_id]
    return SiteCalendar(statutory, site.shut_downs)


def _title(asked: Asked) -> str:
    if asked.view in {CalendarView.MONTH, CalendarView.LIST}:
        return month(asked.on, "year")
    return span(asked.span.from_on, asked.span.last_on)
