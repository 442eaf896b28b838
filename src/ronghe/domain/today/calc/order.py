"""What stands before what: by part of the day, then due, weight and place."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property

from ronghe.domain.today.enums import Part
from ronghe.kernel.calendar.moments import SHANGHAI
from ronghe.kernel.errors import DomainError
from ronghe.kernel.inbox import Act
from ronghe.kernel.words import N_

PARTS = list(Part)
END_OF_DAY = time(23, 59, 59)
SOON = timedelta(minutes=30)
"""A meeting that begins this soon is now."""
LAST_DAY = date.max.isoformat()

Key = tuple[int, str, str, int, int, str, int]
"""Part, day, hour, weight, site, inbox, row: no two lines are equal, on every page of a list."""


class CursorUnreadable(DomainError):
    code = "today_cursor_unreadable"
    sentence = N_("看不懂从哪里接着看，请从第一页看起。")
    status = 422


@dataclass(frozen=True)
class Line:
    """One thing that a person owes. `due_on` is a day, `due_at` a moment of it; `since` is how long it waits."""

    inbox: str
    pk: int
    title: str
    why: str
    where: str
    who: str
    topic: str
    state: str
    weight: int
    due_at: datetime | None
    due_on: date | None
    since: datetime | None
    begins: time | None
    site: int
    """A number that lines of one place share."""
    is_owed: bool
    is_now: bool
    share: tuple[int, int] | None
    page: str
    query: str
    args: tuple[int, ...]
    acts: tuple[Act, ...]

    @cached_property
    def day(self) -> date | None:
        """The local day on which it is due."""
        return self.due_at.astimezone(SHANGHAI).date() if self.due_at is not None else self.due_on

    @cached_property
    def hour(self) -> time | None:
        """The local hour at which it begins or is due, nothing where a day is all that is known."""
        return self.due_at.astimezone(SHANGHAI).time() if self.due_at is not None else self.begins

    def days_late(self, at: datetime) -> int:
        """Return by how many days it is overdue at `at`; due today at an hour that has passed it is late by none."""
        return max((_day_of(at) - self.day).days, 0) if self.day is not None else 0

    def is_late(self, at: datetime) -> bool:
        if self.due_at is not None:
            return self.due_at < at
        return self.due_on is not None and self.due_on < _day_of(at)

    def part(self, at: datetime) -> Part:
        """Return where it stands at `at`: what is late or going on is now, what somebody else waits for is today."""
        if self.is_now or self.is_late(at) or self._begins_soon(at):
            return Part.NOW
        if self.day is None:
            return Part.LATER if self.is_owed else Part.TODAY
        today = _day_of(at)
        if self.day <= today:
            return Part.TODAY
        return Part.WEEK if self.day <= today + timedelta(days=6 - today.weekday()) else Part.LATER

    def key(self, at: datetime) -> Key:
        """Return what the list is sorted by: two of one day and hour by weight, then what lies at one place together."""
        day = LAST_DAY if self.day is None else self.day.isoformat()
        if self.is_now:
            day = ""
        hour = (self.hour or END_OF_DAY).isoformat("minutes")
        return (PARTS.index(self.part(at)), day, hour, -self.weight, self.site, self.inbox, self.pk)

    def _begins_soon(self, at: datetime) -> bool:
        return self.begins is not None and self.day == _day_of(at) and _moment(self.day, self.begins) - at <= SOON


def in_order(lines: Iterable[Line], at: datetime) -> list[Line]:
    """Return the lines as a day's list shows them."""
    return sorted(lines, key=lambda line: line.key(at))


def by_part(lines: Iterable[Line], at: datetime) -> list[tuple[Part, list[Line]]]:
    """Return the lines of each part that has any, in order."""
    found: dict[Part, list[Line]] = {}
    for line in in_order(lines, at):
        found.setdefault(line.part(at), []).append(line)
    return [(part, found[part]) for part in PARTS if part in found]


def cursor_after(line: Line, at: datetime) -> str:
    """Return the word by which a list goes on behind `line`, also when it is done meanwhile."""
    return base64.urlsafe_b64encode(json.dumps(line.key(at), ensure_ascii=False).encode()).decode().rstrip("=")


def key_of(cursor: str) -> Key:
    """Return where a cursor stands.

    :raises CursorUnreadable: it is none of ours
    """
    try:
        part, day, hour, weight, site, inbox, pk = json.loads(
            base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        )
        return (int(part), str(day), str(hour), int(weight), int(site), str(inbox), int(pk))
    except (binascii.Error, ValueError, TypeError) as error:
        raise CursorUnreadable from error


def _day_of(at: datetime) -> date:
    return at.astimezone(SHANGHAI).date()


def _moment(day: date, at: time) -> datetime:
    return datetime.combine(day, at, SHANGHAI)
