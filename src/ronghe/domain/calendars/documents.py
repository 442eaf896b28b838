"""A calendar as RFC 5545 writes it, for phones and desks that subscribe to it.

What it says depends on the entries alone, so the same entries give the same bytes and a reader that has them is told so.
No person is named in it.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from icalendar import Calendar, Event, Timezone, TimezoneStandard, Todo

from ronghe.domain.calendars.calc.entries import Entry
from ronghe.domain.calendars.enums import EntryKind
from ronghe.kernel.calendar.moments import SHANGHAI
from ronghe.kernel.words import _

DAY = timedelta(days=1)
AN_HOUR = timedelta(hours=1)
REFRESH = timedelta(hours=1)
PRODUCT = "-//ronghe//calendar//ZH"
ZONE = "Asia/Shanghai"


def calendar_text(
    name: str,
    entries: Iterable[Entry],
    *,
    made_at: datetime,
    site: str,
    addresses: dict[str, str],
    as_todo: bool = False,
) -> bytes:
    """Return the calendar, lines folded at 75 octets.

    `site` is the host that makes uids the platform's own, `addresses` gives for each uid the page to which it leads back.
    Duties are all-day events, or with `as_todo` tasks. What was never changed is dated `made_at`.
    """
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("name", name)
    calendar.add("x-wr-calname", name)
    calendar.add("x-wr-timezone", ZONE)
    calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT1H")
    calendar.add_component(_shanghai())
    for entry in entries:
        component: Event | Todo = Todo() if as_todo and entry.kind == EntryKind.DUTY else Event()
        _describe(component, entry, made_at, site)
        if address := addresses.get(entry.uid):
            component.add("url", address)
        _date(component, entry)
        calendar.add_component(component)
    written: bytes = calendar.to_ical()
    return written


def _shanghai() -> Timezone:
    """China keeps one offset all year."""
    zone, standard = Timezone(), TimezoneStandard()
    zone.add("tzid", ZONE)
    standard.add("tzname", "CST")
    standard.add("dtstart", datetime(1992, 1, 1))  # noqa: DTZ001 - local by definition
    standard.add("tzoffsetfrom", timedelta(hours=8))
    standard.add("tzoffsetto", timedelta(hours=8))
    zone.add_component(standard)
    return zone


def _describe(component: Event | Todo, entry: Entry, made_at: datetime, site: str) -> None:
    component.add("uid", f"{entry.uid}@{site}")
    component.add("dtstamp", entry.revised_at or made_at)
    component.add("sequence", entry.sequence)
    where = _(" · ").join(part for part in (entry.title, entry.body) if part)
    component.add("summary", where)
    if entry.place:
        component.add("location", entry.place)
    component.add("description", _lines(entry))
    component.add("categories", [str(EntryKind(entry.kind).label), entry.word])


def _lines(entry: Entry) -> str:
    lines = [entry.word]
    if entry.window is not None:
        given = {"from_on": entry.window.from_on.isoformat(), "until_on": entry.window.last_on.isoformat()}
        lines.append(_("应办期 %(from_on)s 至 %(until_on)s") % given)
    if entry.grace_until is not None:
        lines.append(_("宽限到 %(day)s") % {"day": (entry.grace_until - DAY).isoformat()})
    if entry.meets:
        lines.append(_("同时计入：%(titles)s") % {"titles": _("、").join(entry.meets)})
    return "\n".join(lines)


def _date(component: Event | Todo, entry: Entry) -> None:
    if isinstance(component, Todo):
        component.add("due", entry.day)
        done = {"done": "COMPLETED", "late": "COMPLETED"}.get(entry.state, "NEEDS-ACTION")
        component.add("status", "CANCELLED" if entry.is_called_off else done)
        return
    component.add("status", "CANCELLED" if entry.is_called_off else "CONFIRMED")
    if entry.starts_at is None:
        component.add("dtstart", entry.day)
        component.add("dtend", entry.day + DAY)
        component.add("transp", "TRANSPARENT")
        return
    starts = entry.starts_at.astimezone(SHANGHAI)
    ends = entry.ends_at.astimezone(SHANGHAI) if entry.ends_at is not None else starts + AN_HOUR
    component.add("dtstart", starts)
    component.add("dtend", ends if ends > starts else starts + AN_HOUR)
