"""Links between tasks: their kinds, how long after, and how people write them (3FS+2天)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from enum import IntEnum

from ronghe.kernel.errors import DomainError
from ronghe.kernel.words import N_


class LinkKind(IntEnum):
    """What of the one waits for what of the other; the numbers are those of Microsoft Project."""

    FINISH_FINISH = 0
    FINISH_START = 1
    START_FINISH = 2
    START_START = 3


class Constraint(IntEnum):
    """What binds a task to a day; the numbers are those of Microsoft Project."""

    AS_SOON_AS_POSSIBLE = 0
    AS_LATE_AS_POSSIBLE = 1
    MUST_START_ON = 2
    MUST_FINISH_ON = 3
    START_NO_EARLIER = 4
    START_NO_LATER = 5
    FINISH_NO_EARLIER = 6
    FINISH_NO_LATER = 7


DATED = frozenset(Constraint) - {Constraint.AS_SOON_AS_POSSIBLE, Constraint.AS_LATE_AS_POSSIBLE}
OF_FINISH = frozenset({Constraint.MUST_FINISH_ON, Constraint.FINISH_NO_EARLIER, Constraint.FINISH_NO_LATER})
"""Constraints whose day is meant with its end."""

SHORT = {
    LinkKind.FINISH_START: "FS",
    LinkKind.START_START: "SS",
    LinkKind.FINISH_FINISH: "FF",
    LinkKind.START_FINISH: "SF",
}
KINDS = {word: kind for kind, word in SHORT.items()}

DAYS_FORMAT = 7
"""How a lag is told, as Microsoft Project numbers it: 7 days, 8 elapsed days, 19 percent; the even ones are elapsed."""
ELAPSED_DAYS_FORMAT = 8
PERCENT_FORMATS = frozenset({19, 20, 51, 52})
ELAPSED_FORMATS = frozenset({4, 6, 8, 10, 12, 20, 36, 38, 40, 42, 44, 52})
FORMATS = frozenset(range(3, 13)) | frozenset(range(35, 45)) | PERCENT_FORMATS


@dataclass(frozen=True, slots=True)
class Lag:
    """How long after, or before where negative: tenths of a minute, or percent of the predecessor's duration."""

    amount: int = 0
    format: int = DAYS_FORMAT

    @property
    def is_percent(self) -> bool:
        return self.format in PERCENT_FORMATS

    @property
    def is_elapsed(self) -> bool:
        """By the clock, holidays and nights included."""
        return self.format in ELAPSED_FORMATS

    def minutes(self, of: int) -> int:
        """Return the lag in minutes; `of` is the predecessor's duration."""
        return of * self.amount // 100 if self.is_percent else self.amount // 10


class LinkUnreadable(DomainError):
    code = "schedule_link_unreadable"
    sentence = N_("看不懂前置任务“%(text)s”。请写成 3、3FS+2天 或 5SS-1天，几个用逗号分开。")
    status = 422


LINK = re.compile(
    r"(?P<uid>\d{1,9})\s*(?P<kind>FS|SS|FF|SF)?\s*"
    r"(?:(?P<sign>[+-])\s*(?P<number>\d{1,5}(?:\.\d{1,2})?)\s*(?P<unit>工作日|个工作日|天|日|d|历日|日历天|ed|%)?)?",
    re.IGNORECASE,
)
ELAPSED_UNITS = frozenset({"历日", "日历天", "ed"})


@dataclass(frozen=True, slots=True)
class WrittenLink:
    """A link as somebody wrote it: the number of the predecessor, the kind, the lag."""

    predecessor: int
    kind: LinkKind
    lag: Lag


def read_links(text: str, minutes_per_day: int) -> list[WrittenLink]:
    """Return the links of a text such as `3FS+2天, 5SS`; nothing for an empty one.

    :raises LinkUnreadable: a part that is no link
    """
    found = []
    plain = text.replace("＋", "+").replace("－", "-").replace("％", "%")
    for part in re.split(r"[,，;；、\s]*[,，;；、][,，;；、\s]*", plain.strip()):
        if not part:
            continue
        match = LINK.fullmatch(part.strip())
        if match is None:
            raise LinkUnreadable(text=part[:40])
        kind = KINDS[(match["kind"] or "FS").upper()]
        found.append(WrittenLink(int(match["uid"]), kind, _lag(match, minutes_per_day)))
    return found


def _lag(match: re.Match[str], minutes_per_day: int) -> Lag:
    if match["number"] is None:
        return Lag()
    number = Decimal(match["number"]) * (-1 if match["sign"] == "-" else 1)
    unit = (match["unit"] or "").lower()
    if unit == "%":
        return Lag(int(number), 19)
    if unit in ELAPSED_UNITS:
        return Lag(int(number * 14_400), ELAPSED_DAYS_FORMAT)
    return Lag(int(number * minutes_per_day * 10), DAYS_FORMAT)


def link_text(predecessor: int, kind: LinkKind, lag: Lag, minutes_per_day: int) -> str:
    """Return a link as `read_links` reads it: `3`, `3SS`, `3FS+2d`; only what a lag in days can say is told in days."""
    word = "" if kind == LinkKind.FINISH_START and not lag.amount else SHORT[kind]
    return f"{predecessor}{word}{lag_text(lag, minutes_per_day)}"


def lag_text(lag: Lag, minutes_per_day: int) -> str:
    """Return a lag such as `+2d`, `-1.5d`, `+3ed`, `+50%`; "" where there is none."""
    if not lag.amount:
        return ""
    if lag.is_percent:
        return f"{lag.amount:+d}%"
    unit = "ed" if lag.is_elapsed else "d"
    days = Decimal(lag.amount) / (14_400 if lag.is_elapsed else minutes_per_day * 10)
    return f"{'+' if days > 0 else '-'}{plain_number(abs(days))}{unit}"


def plain_number(number: Decimal) -> str:
    """Return a number with at most two places and no zeros behind: 2, 1.5, 0.25."""
    text = f"{number.quantize(Decimal('0.01')):f}"
    return text.rstrip("0").rstrip(".")
