"""Rows of a structure of acceptance as units keep them in Excel: every cell is looked at, every problem named by its cell."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from ronghe.domain.control.calc.plan import MOST_NOTICE_HOURS, NOTICE_HOURS, Past, PlanRow
from ronghe.kernel.words import N_, _

HEADS = {
    "lot": N_("标段"),
    "unit_work": N_("单位工程"),
    "division": N_("分部工程"),
    "section": N_("分项工程"),
    "inspection_lot": N_("检验批"),
    "name": N_("工序"),
    "point": N_("控制点"),
    "standard": N_("检查内容"),
    "notice_hours": N_("见证通知小时"),
    "self_by": N_("自检人"),
    "mutual_by": N_("互检人"),
    "special_by": N_("专检人"),
    "measured": N_("实测点"),
    "passed": N_("合格点"),
    "accepted_by": N_("验收人"),
    "accepted_on": N_("验收日期"),
    "rating": N_("评级"),
    "rated_by": N_("评级人"),
}
"""From 自检人 on only for what was accepted on paper before; left empty, the process is still to be done."""
PARTS = ("unit_work", "division", "section", "inspection_lot")
REQUIRED = (*PARTS, "name")
PEOPLE = ("self_by", "mutual_by", "special_by", "accepted_by", "rated_by")
POINTS = {
    "ordinary": (N_("一般"), "", "—", "-"),
    "hold": (N_("停检点 H"), N_("停检点"), "H", "h"),
    "witness": (N_("见证点 W"), N_("见证点"), "W", "w"),
    "standby": (N_("旁站"), "S", "s"),
}
RATINGS = {True: (N_("优质"), N_("优良")), False: (N_("合格"), N_("非优质"))}
LONGEST = {"lot": 80, "standard": 400, **dict.fromkeys(REQUIRED, 80)}
MOST_POINTS = 100_000

Who = Callable[[str], tuple[int | None, str]]
"""A name or a staff number → the person's id, or nothing and why not."""


@dataclass(slots=True)
class ReadRow:
    """One row: its number as Excel shows it, the text of each cell, problems by key, and the process where there are none."""

    number: int
    cells: Mapping[str, str]
    problems: dict[str, str] = field(default_factory=dict)
    plan: PlanRow | None = None


def read_row(number: int, cells: Mapping[str, str], *, who: Who, today: date) -> ReadRow:
    """Return the row looked through. A day of acceptance makes it a process of the past, with its people."""
    row = ReadRow(number, {key: cells.get(key, "").strip() for key in HEADS})
    for key in REQUIRED:
        if not row.cells[key]:
            row.problems[key] = _("没有填")
    for key, most in LONGEST.items():
        if len(row.cells[key]) > most:
            row.problems[key] = _("超过 %(most)s 个字") % {"most": most}
    point = _point(row)
    hours = _whole(row, "notice_hours", MOST_NOTICE_HOURS, least=1) if row.cells["notice_hours"] else NOTICE_HOURS
    past = _past(row, who, today)
    if not row.problems and hours is not None:
        names = tuple(row.cells[key] for key in PARTS)
        row.plan = PlanRow(
            (names[0], names[1], names[2], names[3]), row.cells["name"], point, row.cells["standard"], hours,
            row.cells["lot"], past=past,
        )  # fmt: skip
    return row


def refuse_doubles(rows: list[ReadRow]) -> None:
    """Mark the second of two processes of one name in one inspection lot."""
    seen: dict[tuple[str, ...], int] = {}
    for row in rows:
        key = tuple(row.cells[name] for name in REQUIRED)
        first = seen.setdefault(key, row.number)
        if first != row.number and all(key):
            row.problems.setdefault("name", _("和第 %(row)s 行重复") % {"row": first})
            row.plan = None


def _point(row: ReadRow) -> str:
    text = row.cells["point"]
    for point, words in POINTS.items():
        if text in words or text in [_(word) for word in words if word]:
            return point
    row.problems["point"] = _("写“一般”“停检点”“见证点”或“旁站”，也可写 H、W、S")
    return ""


def _past(row: ReadRow, who: Who, today: date) -> Past | None:
    given = [key for key in (*PEOPLE, "accepted_on", "rating", "measured", "passed") if row.cells[key]]
    if not given:
        return None
    accepted_on = _day(row, today)
    people: dict[str, int | None] = {key: _person(row, key, who) for key in PEOPLE}
    for key in ("accepted_by", "accepted_on"):
        if not row.cells[key]:
            row.problems.setdefault(key, _("补录已验收的要填"))
    rating = _rating(row)
    measured, passed = _whole(row, "measured", MOST_POINTS) or 0, _whole(row, "passed", MOST_POINTS) or 0
    if passed > measured:
        row.problems.setdefault("passed", _("比实测点多"))
    if (rating is None) != (not row.cells["rated_by"]):
        row.problems.setdefault("rated_by", _("评级和评级人要一起填"))
    _refuse_same(row, people)
    if row.problems or accepted_on is None or people["accepted_by"] is None:
        return None
    known: dict[str, Any] = {key: people[key] for key in ("self_by", "mutual_by", "special_by", "rated_by")}
    return Past(people["accepted_by"], accepted_on, is_excellent=rating, measured=measured, passed=passed, **known)


def _refuse_same(row: ReadRow, people: Mapping[str, int | None]) -> None:
    seen: dict[int, str] = {}
    for key, person in people.items():
        if person is not None and seen.setdefault(person, key) != key:
            row.problems.setdefault(key, _("和%(other)s是同一人") % {"other": _(HEADS[seen[person]])})


def _person(row: ReadRow, key: str, who: Who) -> int | None:
    if not row.cells[key]:
        return None
    found, problem = who(row.cells[key])
    if found is None:
        row.problems.setdefault(key, problem)
    return found


def _rating(row: ReadRow) -> bool | None:
    text = row.cells["rating"]
    for value, words in RATINGS.items():
        if text in words or text in [_(word) for word in words]:
            return value
    if text:
        row.problems.setdefault("rating", _("写“优质”或“合格”"))
    return None


def _whole(row: ReadRow, key: str, most: int, *, least: int = 0) -> int | None:
    text = row.cells[key]
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= 9 and least <= int(text) <= most):
        row.problems.setdefault(key, _("要写 %(least)s 到 %(most)s 的整数") % {"least": least, "most": most})
        return None
    return int(text)


def _day(row: ReadRow, today: date) -> date | None:
    text = row.cells["accepted_on"].replace("/", "-").replace(".", "-")
    if not text:
        return None
    try:
        day = date(*(int(part) for part in text.split("-")))
    except (ValueError, TypeError, OverflowError):
        row.problems["accepted_on"] = _("看不懂日期，请写成 2026-09-30")
        return None
    if day > today:
        row.problems["accepted_on"] = _("日期在将来")
        return None
    return day
