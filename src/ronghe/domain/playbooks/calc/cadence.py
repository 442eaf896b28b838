"""Cadence rules: the part of RFC 5545 that a duty needs, read strictly and unfolded over a span of days.

Occurrences are counted from a fixed Monday, first of a month and of a year, so that "every second month" falls on
the same months for every body and in every recomputation.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import lru_cache
from typing import cast

from dateutil.rrule import rrule, rrulestr

from ronghe.kernel.calendar.periods import DAY, DaySpan
from ronghe.kernel.errors import DomainError
from ronghe.kernel.words import N_

ANCHOR = date(2001, 1, 1)

FREQUENCIES = ("DAILY", "WEEKLY", "MONTHLY", "YEARLY")
TOO_OFTEN = ("HOURLY", "MINUTELY", "SECONDLY")
PARTS = ("FREQ", "INTERVAL", "BYDAY", "BYMONTHDAY", "BYMONTH", "BYSETPOS", "BYYEARDAY", "BYWEEKNO")
DAY_PARTS = ("BYDAY", "BYMONTHDAY", "BYYEARDAY", "BYWEEKNO")
LARGEST_INTERVAL = 366

_VALUE = re.compile(r"[+-]?\d*[A-Z]{0,2}(,[+-]?\d*[A-Z]{0,2})*")


class CadenceUnreadable(DomainError):
    """A text that is no rule, or a part of one that no duty has."""

    code = "cadence_unreadable"
    sentence = N_("看不懂频次“%(text)s”。例：每天 FREQ=DAILY，每月 FREQ=MONTHLY，每两月 FREQ=MONTHLY;INTERVAL=2。")
    status = 422


class CadencePartNotAllowed(CadenceUnreadable):
    """COUNT, UNTIL and clock parts: a duty begins and ends with its adoption and has its time apart."""

    code = "cadence_part_not_allowed"
    sentence = N_("频次里不能写 %(part)s。起止由采用范本的日期决定，几点开写在 time 里。")


class CadenceTooOften(CadenceUnreadable):
    """More than one occurrence a day; morning and evening are sittings of one day."""

    code = "cadence_too_often"
    sentence = N_("频次最密到每天。一天几次请用 sittings 分列。")


class CadenceNever(CadenceUnreadable):
    """A rule that no day ever meets, such as 30 February."""

    code = "cadence_never"
    sentence = N_("频次“%(text)s”永远不会发生，请核对月份和日期。")


@dataclass(frozen=True, slots=True)
class Cadence:
    """A rule that was read; `names_day` tells whether it says on which day, or only how often."""

    text: str
    names_day: bool

    def days_in(self, span: DaySpan) -> tuple[date, ...]:
        """Return the days of the span on which the rule falls, in order."""
        return _unfold(self.text, span)


@lru_cache(maxsize=1024)
def read_cadence(text: str) -> Cadence:
    """Return the rule that `text` holds.

    :raises CadenceUnreadable: no rule of RFC 5545, or one with parts that a duty cannot have (see the subclasses)
    """
    rule = text.strip().upper().removeprefix("RRULE:")
    parts = dict(_read_part(part, text) for part in rule.split(";"))
    frequency = parts.get("FREQ", "")
    if frequency in TOO_OFTEN:
        raise CadenceTooOften(text=text)
    if frequency not in FREQUENCIES or len(parts) != len(rule.split(";")):
        raise CadenceUnreadable(text=text)
    interval = parts.get("INTERVAL", "1")
    if not interval.isdecimal() or not 1 <= int(interval) <= LARGEST_INTERVAL:
        raise CadenceUnreadable(text=text)
    canonical = ";".join(f"{name}={parts[name]}" for name in PARTS if name in parts)
    try:
        first = next(iter(_rule(canonical, date.max)), None)
    except (ValueError, TypeError, IndexError) as error:
        raise CadenceUnreadable(text=text) from error
    if first is None:
        raise CadenceNever(text=text)
    return Cadence(canonical, any(name in parts for name in DAY_PARTS))


def _read_part(part: str, text: str) -> tuple[str, str]:
    name, equals, value = part.partition("=")
    if name in {"COUNT", "UNTIL", "DTSTART", "BYHOUR", "BYMINUTE", "BYSECOND", "WKST", "BYEASTER"}:
        raise CadencePartNotAllowed(text=text, part=name)
    if name not in PARTS or not equals or not value:
        raise CadenceUnreadable(text=text)
    if name != "FREQ" and not _VALUE.fullmatch(value):
        raise CadenceUnreadable(text=text)
    return name, value


@lru_cache(maxsize=4096)
def _unfold(text: str, span: DaySpan) -> tuple[date, ...]:
    begin = datetime.combine(max(span.from_on, ANCHOR), time.min)
    return tuple(moment.date() for moment in _rule(text, span.last_on).xafter(begin - DAY))


def _rule(text: str, last_on: date) -> rrule:
    rule = cast("rrule", rrulestr(text, dtstart=datetime.combine(ANCHOR, time.min)))
    return rule.replace(until=datetime.combine(last_on, time.max))
