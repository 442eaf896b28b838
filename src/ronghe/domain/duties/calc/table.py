"""Rows of a sheet as units keep them in Excel: every cell is looked at, and every problem is named by its cell."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import date

from ronghe.domain.duties.calc.shares import SIDES, Share, leading_side
from ronghe.kernel.words import N_, _

SIDE_HEADS = {"territory": N_("属地"), "builder": N_("施工"), "supervision": N_("监理"), "management": N_("管理")}
HEADS = {
    "topic": N_("类别"),
    "matter": N_("事项"),
    "duty": N_("职责"),
    **SIDE_HEADS,
    "due_on": N_("期限"),
    "cadence": N_("频次"),
    "basis": N_("依据"),
}
REQUIRED = ("topic", "matter", "duty", *SIDES)
FILLED = ("topic", "matter", "duty")
"""Of the required columns those that no row leaves empty."""
TOPICS = {"safety": N_("安全"), "quality": N_("质量"), "progress": N_("进度"), "party": N_("党建")}
PARTS = {"lead": N_("主责"), "help": N_("配合"), "supervise": N_("监督"), "inform": N_("知会")}
LONGEST = {"matter": 80, "duty": 200, "cadence": 40, "basis": 120}

Who = Callable[[str, str], tuple[int | None, str]]
"""A side and a name or a staff number → the person's id, or nothing and why not."""


@dataclass(frozen=True, slots=True)
class Line:
    """A row that can be taken over; `cadence` is as typed."""

    topic: str
    matter: str
    duty: str
    shares: Mapping[str, Share]
    due_on: date | None
    cadence: str
    basis: str


@dataclass(slots=True)
class ReadRow:
    """One row: its number as Excel shows it, the text of each cell, problems by key, and the line where there are none."""

    number: int
    cells: Mapping[str, str]
    problems: dict[str, str] = field(default_factory=dict)
    line: Line | None = None


def read_row(
    number: int, cells: Mapping[str, str], *, who: Who, there: Collection[tuple[str, str]], today: date
) -> ReadRow:
    """Return the row looked through. `there` are topic and matter of what the sheet has already."""
    row = ReadRow(number, {key: cells.get(key, "") for key in HEADS})
    for key in FILLED:
        if not row.cells[key]:
            row.problems[key] = _("没有填")
    for key, most in LONGEST.items():
        if len(row.cells[key]) > most:
            row.problems[key] = _("超过 %(most)s 个字") % {"most": most}
    topic = _topic(row)
    shares = {side: share for side in SIDES if (share := _share(row, side, who)) is not None}
    _check_lead(row, shares)
    due_on = _day(row, today)
    if row.cells["due_on"] and row.cells["cadence"]:
        row.problems.setdefault("cadence", _("期限和频次只填一样"))
    if (topic, row.cells["matter"]) in there:
        row.problems.setdefault("matter", _("已在责任清单里"))
    if not row.problems:
        cells = row.cells
        row.line = Line(topic, cells["matter"], cells["duty"], shares, due_on, cells["cadence"], cells["basis"])
    return row


def cell_of(share: Share | None) -> str:
    """Return a side's cell as `read_row` reads it: 主责 李江."""
    return f"{_(PARTS[share.part])} {share.name}".strip() if share is not None else ""


def _topic(row: ReadRow) -> str:
    text = row.cells["topic"]
    for topic, word in TOPICS.items():
        if text in (word, _(word), topic):
            return topic
    if text:
        row.problems["topic"] = _("写安全、质量、进度或党建")
    return ""


def _share(row: ReadRow, side: str, who: Who) -> Share | None:
    text = row.cells[side]
    if not text:
        return None
    word, _space, name = text.replace("　", " ").partition(" ")
    part = next((part for part, said in PARTS.items() if word in (said, _(said))), None)
    if part is None:
        row.problems[side] = _("先写主责、配合、监督或知会，空一格再写姓名")
        return None
    if not name.strip():
        return Share(part)
    found, problem = who(side, name.strip())
    if found is None:
        row.problems[side] = problem
        return None
    return Share(part, found, name.strip())


def _check_lead(row: ReadRow, shares: Mapping[str, Share]) -> None:
    leads = [side for side, share in shares.items() if share.part == "lead"]
    for side in leads[1:]:
        row.problems.setdefault(side, _("只能有一个主责方"))
    if leading_side(shares) is None and not any(side in row.problems for side in SIDES):
        row.problems[SIDES[0]] = _("四方里没有主责方")


def _day(row: ReadRow, today: date) -> date | None:
    text = row.cells["due_on"].replace("/", "-").replace(".", "-").strip()
    if not text:
        return None
    try:
        day = date(*(int(part) for part in text.split("-")))
    except (ValueError, TypeError):
        row.problems["due_on"] = _("看不懂日期，请写成 2026-09-30")
        return None
    if day < today:
        row.problems["due_on"] = _("期限已经过去")
        return None
    return day
