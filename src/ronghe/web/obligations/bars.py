"""Duties over time: one line a mechanism, each occurrence a window on it, holidays behind."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.urls import reverse

from ronghe.domain.obligations.enums import ObligationState
from ronghe.kernel.calendar.calendars import statutory_calendar
from ronghe.kernel.calendar.periods import DaySpan
from ronghe.ui.calendar import Holiday, Row, Window
from ronghe.web.obligations.explained import role_title


def bars(rows: list[Any]) -> list[Row]:
    """One line a mechanism in the order of the playbook, each occurrence a window on it."""
    by_mechanism: dict[tuple[str, str], list[Any]] = {}
    for row in rows:
        by_mechanism.setdefault((str(row.version), row.mechanism), []).append(row)
    lines = []
    for found in by_mechanism.values():
        mechanism = found[0].definition
        windows = tuple(_window(row) for row in found)
        lines.append(Row(mechanism.title.here, role_title(found[0], mechanism.answers), windows))
    return lines


def _window(row: Any) -> Window:
    match = getattr(row, "match", None)
    end = row.due_on + timedelta(days=1)
    return Window(
        window_from=row.window_from,
        window_until=end,
        state="failed" if row.state == ObligationState.MISSED else row.state,
        grace_until=row.grace_until if row.grace_until > end else None,
        mark_on=match.met_on if match else row.due_on,
        href=reverse("web:obligation_detail", args=[row.pk]),
        label=f"{row.due_on:%m-%d} {ObligationState(row.state).label}",
    )


def holidays(span: DaySpan) -> list[Holiday]:
    """The statutory days of rest that are not plain weekends, joined into spans."""
    calendar = statutory_calendar()
    found: list[Holiday] = []
    for day in span:
        note = calendar.note_on(day)
        if note is None or calendar.is_working(day):
            continue
        if found and found[-1].holiday_until == day:
            found[-1] = Holiday(found[-1].holiday_from, day + timedelta(days=1), found[-1].name)
        else:
            found.append(Holiday(day, day + timedelta(days=1), note))
    return found
