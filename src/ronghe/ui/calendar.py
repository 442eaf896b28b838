"""What the obligation calendar shows, and where on its track each thing stands (percent of the span)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from ronghe.ui.formats import month
from ronghe.ui.icons import State


@dataclass(frozen=True, slots=True)
class Window:
    """The days in which an obligation is to be met, half open; `grace_until` adds the hatched days after it."""

    window_from: date
    window_until: date
    state: State
    grace_until: date | None = None
    mark_on: date | None = None
    href: str = ""
    label: str = ""
    selected: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """One institution, who answers for it, and its windows in this span. `group` is a heading line instead."""

    name: str
    who: str = ""
    windows: tuple[Window, ...] = ()
    group: bool = False


@dataclass(frozen=True, slots=True)
class Holiday:
    """A span of statutory rest, half open."""

    holiday_from: date
    holiday_until: date
    name: str = ""


@dataclass(frozen=True, slots=True)
class Placed:
    """A piece of the track: left edge and width in percent."""

    x: str
    width: str = "0%"


@dataclass(frozen=True, slots=True)
class PlacedWindow:
    window: Window
    box: Placed
    grace: Placed | None
    mark: Placed | None

    @property
    def tint(self) -> str:
        return _TINTS[self.window.state]


_TINTS: dict[str, str] = {
    "done": "ok",
    "late": "ok",
    "attention": "due",
    "due": "due",
    "failed": "bad",
    "waived": "idle",
    "upcoming": "open",
    "running": "due",
}


_EDGE = Decimal("1.6")


@dataclass(frozen=True, slots=True)
class Calendar:
    """Rows over the days `[span_from, span_until)`, with `today` drawn as a line."""

    span_from: date
    span_until: date
    today: date
    rows: tuple[Row, ...]
    holidays: tuple[Holiday, ...] = field(default=())

    @property
    def days(self) -> int:
        return (self.span_until - self.span_from).days

    @property
    def months(self) -> Iterator[tuple[Placed, str]]:
        """The first day of each month in the span, with its name."""
        for day in self._each_day():
            if day.day == 1:
                yield Placed(self._x(day)), month(day)

    @property
    def mondays(self) -> Iterator[tuple[Placed, int]]:
        """Each Monday in the span, with its day of the month."""
        for day in self._each_day():
            if day.weekday() == 0:
                yield Placed(self._x(day)), day.day

    @property
    def today_line(self) -> Placed | None:
        return Placed(self._x(self.today)) if self.span_from <= self.today < self.span_until else None

    @property
    def rest(self) -> Iterator[tuple[Placed, str]]:
        for holiday in self.holidays:
            box = self._box(holiday.holiday_from, holiday.holiday_until)
            if box is not None:
                yield box, holiday.name

    @property
    def lines(self) -> Iterator[tuple[Row, list[PlacedWindow]]]:
        """Each row with its windows placed; windows wholly outside the span are left out."""
        for row in self.rows:
            placed = []
            for window in row.windows:
                box = self._box(window.window_from, window.window_until)
                grace = self._box(window.window_until, window.grace_until) if window.grace_until else None
                mark = (
                    Placed(self._x(window.mark_on, middle=True))
                    if window.mark_on and self.span_from <= window.mark_on < self.span_until
                    else None
                )
                if box is not None or grace is not None or mark is not None:
                    placed.append(PlacedWindow(window, box or Placed("0%"), grace, mark))
            yield row, placed

    def _each_day(self) -> Iterator[date]:
        for offset in range(self.days):
            yield self.span_from + timedelta(days=offset)

    def _x(self, day: date, *, middle: bool = False) -> str:
        passed = Decimal((day - self.span_from).days) + (Decimal("0.5") if middle else 0)
        share = passed * 100 / self.days
        # A mark in the first or last days stays whole inside the track.
        return f"{min(max(share, _EDGE), 100 - _EDGE) if middle else share:.3f}%"

    def _box(self, day_from: date, day_until: date) -> Placed | None:
        shown_from, shown_until = max(day_from, self.span_from), min(day_until, self.span_until)
        if shown_from >= shown_until:
            return None
        width = Decimal((shown_until - shown_from).days) * 100 / self.days
        return Placed(self._x(shown_from), f"{width:.3f}%")
