"""Periods of a run: half-open spans of days in Asia/Shanghai, and the calendar pieces they are cut into."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from ronghe.kernel.errors import DomainError
from ronghe.kernel.words import N_

SHANGHAI = ZoneInfo("Asia/Shanghai")

MONTHS_IN = {"month": 1, "quarter": 3, "half": 6, "year": 12}
"""Pieces that nest: every month lies in one quarter, every quarter in one half-year."""

PIECES = ("day", *MONTHS_IN)

_FORMS = {
    "month": re.compile(r"(?P<year>\d{4})-(?P<nth>0[1-9]|1[0-2])"),
    "quarter": re.compile(r"(?P<year>\d{4})Q(?P<nth>[1-4])"),
    "half": re.compile(r"(?P<year>\d{4})H(?P<nth>[12])"),
    "year": re.compile(r"(?P<year>\d{4})(?P<nth>)"),
}


class PeriodUnknown(DomainError):
    """The text names no period."""

    code = "period_unknown"
    sentence = N_("不认识期间“%(text)s”。请写成 2026、2026H1、2026Q3、2026-03，或用两点连接首尾：2024Q1..2025Q4。")
    status = 422


@dataclass(frozen=True)
class Window:
    """A span of whole days, `day_from` included, `day_until` not."""

    name: str
    day_from: date
    day_until: date

    @property
    def instants(self) -> tuple[datetime, datetime]:
        """Its two ends as moments in UTC."""
        return _midnight(self.day_from), _midnight(self.day_until)

    def holds(self, at: datetime) -> bool:
        """Whether the moment falls on one of its days in Asia/Shanghai."""
        start, end = self.instants
        return start <= at < end

    def cut(self, piece: str) -> list[Window]:
        """Return the calendar pieces it consists of, in order; the first and last are clipped to it."""
        pieces = []
        day = self.day_from
        while day < self.day_until:
            start, end = _piece_around(day, piece)
            pieces.append(Window(_name(start, piece), day, min(end, self.day_until)))
            day = end
        return pieces


@dataclass(frozen=True)
class Period(Window):
    """The window of a run, with the kind of piece it is (None for a span of several)."""

    piece: str | None = None

    @classmethod
    def parse(cls, text: str) -> Period:
        """Read `2026`, `2026H1`, `2026Q3`, `2026-03` or a span `2024Q1..2025Q4`.

        :raises PeriodUnknown: the text is none of these, or the span runs backwards
        """
        first, dots, last = text.strip().partition("..")
        if not dots:
            return cls._one(first)
        start, end = cls._one(first), cls._one(last)
        if end.day_from < start.day_from:
            raise PeriodUnknown(text=text)
        return cls(text.strip(), start.day_from, end.day_until)

    @classmethod
    def _one(cls, text: str) -> Period:
        for piece, form in _FORMS.items():
            if found := form.fullmatch(text):
                month = (int(found["nth"] or 1) - 1) * MONTHS_IN[piece] + 1
                try:
                    start, end = _piece_around(date(int(found["year"]), month, 1), piece)
                except ValueError as error:  # the years 0000 and 9999
                    raise PeriodUnknown(text=text) from error
                return cls(text, start, end, piece)
        raise PeriodUnknown(text=text)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), SHANGHAI).astimezone(UTC)


def _piece_around(day: date, piece: str) -> tuple[date, date]:
    if piece == "day":
        return day, day + timedelta(days=1)
    months = MONTHS_IN[piece]
    first = (day.month - 1) // months * months
    end = first + months
    return date(day.year, first + 1, 1), date(day.year + end // 12, end % 12 + 1, 1)


def _name(start: date, piece: str) -> str:
    names = {
        "day": start.isoformat(),
        "month": f"{start:%Y-%m}",
        "quarter": f"{start.year}Q{(start.month + 2) // 3}",
        "half": f"{start.year}H{(start.month + 5) // 6}",
        "year": str(start.year),
    }
    return names[piece]
