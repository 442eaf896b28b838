"""Rows of a plan as units keep them in Excel: every cell is looked at, and every problem is named by its cell."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation

from ronghe.domain.planning.calc.contents import ItemText
from ronghe.kernel.words import N_, _

HEADS = {
    "title": N_("计划内容"),
    "kind": N_("类别"),
    "goal": N_("目标"),
    "figure": N_("目标数值"),
    "unit": N_("计量单位"),
    "production_owner": N_("生产负责人"),
    "party_owner": N_("党建负责人"),
    "due_on": N_("完成时限"),
    "weight": N_("权重"),
}
REQUIRED = ("title", "kind", "production_owner", "party_owner", "due_on")
KINDS = {"production": N_("生产"), "party": N_("党建")}
LONGEST = {"title": 80, "goal": 200, "unit": 16}
MOST_WEIGHT = Decimal(100)
MOST_FIGURE = Decimal("999999999999.99")
MOST_DIGITS = 20

Who = Callable[[str], tuple[int | None, str]]
"""A name or a staff number → the person's id, or nothing and why not."""


@dataclass(slots=True)
class ReadRow:
    """One row: its number as Excel shows it, the text of each cell, problems by key, and the item where there are none."""

    number: int
    cells: Mapping[str, str]
    problems: dict[str, str] = field(default_factory=dict)
    item: ItemText | None = None


def read_row(number: int, cells: Mapping[str, str], *, who: Who, from_on: date, until_on: date) -> ReadRow:
    """Return the row looked through; a day must lie in the plan's period."""
    row = ReadRow(number, {key: cells.get(key, "") for key in HEADS})
    for key in REQUIRED:
        if not row.cells[key]:
            row.problems[key] = _("没有填")
    for key, most in LONGEST.items():
        if len(row.cells[key]) > most:
            row.problems[key] = _("超过 %(most)s 个字") % {"most": most}
    kind = _kind(row)
    people = {key: _person(row, key, who) for key in ("production_owner", "party_owner")}
    figure, weight = _number(row, "figure", MOST_FIGURE), _number(row, "weight", MOST_WEIGHT)
    due_on = _day(row, from_on, until_on)
    if not row.cells["goal"] and not row.cells["figure"]:
        row.problems.setdefault("goal", _("目标和目标数值要填一样"))
    ours, theirs = people["party_owner"], people["production_owner"]
    if ours is not None and ours == theirs:
        row.problems.setdefault("party_owner", _("和生产负责人是同一人，两位负责人要不同"))
    if not row.problems and ours is not None and theirs is not None and due_on is not None:
        row.item = ItemText(
            row.cells["title"], kind, theirs, ours, due_on, row.cells["goal"], figure, row.cells["unit"], weight
        )
    return row


def _kind(row: ReadRow) -> str:
    text = row.cells["kind"]
    for kind, word in KINDS.items():
        if text in (word, _(word), kind):
            return kind
    if text:
        row.problems["kind"] = _("写“生产”或“党建”")
    return ""


def _person(row: ReadRow, key: str, who: Who) -> int | None:
    if not row.cells[key]:
        return None
    found, problem = who(row.cells[key])
    if found is None:
        row.problems[key] = problem
    return found


def _number(row: ReadRow, key: str, most: Decimal) -> Decimal | None:
    text = row.cells[key].removesuffix("%")
    if not text:
        return None
    try:
        value = Decimal(text) if len(text) <= MOST_DIGITS else None
    except InvalidOperation:
        value = None
    if value is None or not value.is_finite() or not 0 <= value <= most:
        row.problems[key] = _("要写 0 到 %(most)s 的数") % {"most": most}
        return None
    if value != value.quantize(Decimal("0.01")):
        row.problems[key] = _("最多两位小数")
        return None
    return value


def _day(row: ReadRow, from_on: date, until_on: date) -> date | None:
    text = row.cells["due_on"].replace("/", "-").replace(".", "-").strip()
    if not text:
        return None
    try:
        day = date(*(int(part) for part in text.split("-")))
    except (ValueError, TypeError):
        row.problems["due_on"] = _("看不懂日期，请写成 2026-09-30")
        return None
    if not from_on <= day < until_on:
        row.problems["due_on"] = _("不在计划的期间里")
        return None
    return day
