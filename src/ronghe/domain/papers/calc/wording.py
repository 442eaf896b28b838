"""The words of a paper: which lines are headings, and the first draft of one from what is on record.

Papers are Chinese in every language of the interface: a paper is one text with one digest, whoever prints it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

_HEADINGS = (
    re.compile(r"^[一二三四五六七八九十]{1,3}、\s*(.+)$"),
    re.compile(r"^[（(][一二三四五六七八九十]{1,3}[）)]\s*(.+)$"),
)
WEEKDAYS = "一二三四五六日"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a paper: a heading of level 1 or 2 without its number, or with level 0 a paragraph."""

    text: str
    level: int = 0


def lines_of(text: str) -> list[Line]:
    """Return the lines that are not empty; numbers of headings are taken off, for the paper counts them itself (DL-03)."""
    return [_line(line.strip()) for line in text.splitlines() if line.strip()]


def _line(text: str) -> Line:
    for level, pattern in enumerate(_HEADINGS, start=1):
        found = pattern.match(text)
        # A whole sentence that merely begins with a number is a paragraph.
        if found and not found.group(1).endswith(("。", "；")):
            return Line(found.group(1), level)
    return Line(text)


@dataclass(frozen=True, slots=True)
class Called:
    """The gathering that a notice calls to; times as on the clock there."""

    what: str
    held_from: datetime
    held_until: datetime
    place: str
    chair: str
    expected: int
    topics: Sequence[str] = ()


def notice_title(called: Called) -> str:
    return f"关于召开{called.what}的通知"


def notice_text(called: Called) -> str:
    """Return the first draft of a notice that calls to a gathering."""
    begin, end = called.held_from, called.held_until
    day = f"{begin.year}年{begin.month}月{begin.day}日（星期{WEEKDAYS[begin.weekday()]}）"
    lines = [
        f"定于{begin.month}月{begin.day}日召开{called.what}，现将有关事项通知如下。",
        "一、时间",
        f"{day}{begin:%H:%M}至{end:%H:%M}。",
        "二、地点",
        f"{called.place}。",
        "三、参加人员",
        f"应到{called.expected}人，由{called.chair}主持。" if called.chair else f"应到{called.expected}人。",
    ]
    if called.topics:
        lines += ["四、议题", *(f"{number}. {topic}" for number, topic in enumerate(called.topics, start=1))]
    lines += [f"{'五' if called.topics else '四'}、有关要求", "请按时参加，因故不能到会的须事先请假。"]
    return "\n".join(lines)


@dataclass(frozen=True, slots=True)
class Held:
    """A gathering that took place; `is_huddle` ones are only counted."""

    what: str
    day: date
    present: int
    decisions: int
    is_huddle: bool = False


@dataclass(frozen=True, slots=True)
class Decided:
    """What was decided, who does it and by when, both empty where it is no task."""

    text: str
    by: str = ""
    due: date | None = None


@dataclass(frozen=True, slots=True)
class Owed:
    """Duties that fell due in the span: all, met in time, met late, missed."""

    due: int = 0
    done: int = 0
    late: int = 0
    missed: int = 0


def span_words(from_on: date, until_on: date) -> str:
    """Return the days from `from_on` up to, not including, `until_on`, as people say them."""
    last = until_on - timedelta(days=1)
    begin = f"{from_on.year}年{from_on.month}月{from_on.day}日"
    if last == from_on:
        return begin
    year = f"{last.year}年" if last.year != from_on.year else ""
    return f"{begin}至{year}{last.month}月{last.day}日"


def bulletin_title(body: str, from_on: date, until_on: date) -> str:
    return f"{body}工作情况（{span_words(from_on, until_on)}）"


def bulletin_text(
    from_on: date, until_on: date, held: Sequence[Held], decided: Sequence[Decided], owed: Owed, *, tasks_done: int
) -> str:
    """Return the first draft of a bulletin: the figures of the span, what was held, what was decided."""
    huddles = [one for one in held if one.is_huddle]
    meetings = [one for one in held if not one.is_huddle]
    came = sum(one.present for one in held)
    lines = [
        "一、总体情况",
        f"{span_words(from_on, until_on)}，碰头{len(huddles)}次，开展会议和活动{len(meetings)}次，参加{came}人次；"
        f"办结任务{tasks_done}件；到期应办事项{owed.due}项，按期办结{owed.done}项"
        + (f"，迟办{owed.late}项" if owed.late else "")
        + (f"，漏办{owed.missed}项" if owed.missed else "")
        + "。",
    ]
    if meetings:
        lines += ["二、会议和活动", *_meetings(meetings)]
    if decided:
        lines += [f"{'三' if meetings else '二'}、议定事项", *_decisions(decided)]
    return "\n".join(lines)


def _meetings(meetings: Iterable[Held]) -> list[str]:
    return [
        f"{one.day.month}月{one.day.day}日，{one.what}，到会{one.present}人"
        + (f"，议定{one.decisions}项。" if one.decisions else "。")
        for one in meetings
    ]


def _decisions(decided: Iterable[Decided]) -> list[str]:
    lines = []
    for number, one in enumerate(decided, start=1):
        text = one.text.rstrip("。；")
        who = f"（{one.by}，{one.due.month}月{one.due.day}日前）" if one.by and one.due else ""
        lines.append(f"{number}. {text}{who}。")
    return lines
