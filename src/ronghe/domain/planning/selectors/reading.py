"""A plan as a unit keeps it in Excel, looked through before anything is written: every problem with its cell."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from ronghe.domain.planning.calc.table import HEADS, REQUIRED, ReadRow, Who, read_row
from ronghe.domain.planning.models import Plan
from ronghe.domain.planning.selectors.plans import people_for
from ronghe.kernel.errors import DomainError
from ronghe.kernel.tabular.headed import Headed, HeadedTable
from ronghe.kernel.words import N_, _, listed


class PlanHeadsMissing(DomainError):
    code = "plan_heads_missing"
    sentence = N_("“%(name)s”里没有找到这些表头：%(heads)s。请用本页下载的空表填写后再导入。")
    status = 422


class PlanTableTooLong(DomainError):
    code = "plan_table_too_long"
    sentence = N_("“%(name)s”超过 %(most)s 行，请分成几份计划。")
    status = 422


class PlanTableEmpty(DomainError):
    code = "plan_table_empty"
    sentence = N_("“%(name)s”里没有条目，请在表头下面一行一条填写。")
    status = 422


class PlanRowsRefused(DomainError):
    code = "plan_rows_refused"
    sentence = N_("有 %(count)s 处不能导入，没有改动任何内容：%(problems)s")
    status = 422


TABLE = HeadedTable(
    heads=HEADS, required=REQUIRED, missing=PlanHeadsMissing, too_long=PlanTableTooLong, empty=PlanTableEmpty,
    most_rows=200, longest_cell=400,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one cell, named as Excel names it: C5."""

    cell: str
    head: str
    why: str


@dataclass(frozen=True, slots=True)
class Preview:
    """The rows of a table looked through; `columns` gives for each head the letters of its column."""

    rows: Sequence[ReadRow]
    columns: Mapping[str, str]

    @property
    def problems(self) -> list[Problem]:
        return [
            Problem(f"{self.columns.get(key) or _('表头')}{row.number}", _(HEADS[key]), why)
            for row in self.rows
            for key, why in row.problems.items()
        ]

    def packed(self) -> str:
        """Return the typed cells, to be looked through again when they are taken over."""
        return TABLE.pack(Headed([(row.number, dict(row.cells)) for row in self.rows], dict(self.columns)))

    def refuse_problems(self) -> None:
        """:raises PlanRowsRefused: a cell that cannot be taken over; the first eight are named"""
        found = self.problems
        if found:
            told = listed(f"{one.cell} {one.head}{one.why}" for one in found[:8])
            raise PlanRowsRefused(count=len(found), problems=told)


def read_plan(path: Path, name: str, plan: Plan, day: date) -> Preview:
    """Return the rows of the first sheet that has the heads, looked through for this plan.

    :raises PlanHeadsMissing, PlanTableEmpty, PlanTableTooLong: no table of a plan
    :raises Unreadable: the file is no table
    """
    found = TABLE.read(path, name)
    return look_through(found.lines, found.letters, plan, day)


def unpack(text: str, plan: Plan, day: date) -> Preview:
    """Return what `Preview.packed` gave away, looked through anew: it came back from the reader's browser.

    :raises PlanTableEmpty: it is no such text
    """
    found = TABLE.unpack(text)
    return look_through(found.lines, found.letters, plan, day)


def look_through(
    lines: Iterable[tuple[int, Mapping[str, str]]], letters: Mapping[str, str], plan: Plan, day: date
) -> Preview:
    """Return the rows read for the plan: whom it names must be of its body."""
    who = _finder(plan, day)
    return Preview(
        [read_row(number, cells, who=who, from_on=plan.from_on, until_on=plan.until_on) for number, cells in lines],
        letters,
    )


def _finder(plan: Plan, day: date) -> Who:
    by_name: dict[str, list[int]] = {}
    by_number: dict[str, int] = {}
    for pk, name, number in people_for(plan.body, day).values_list("pk", "name", "staff_number"):
        by_name.setdefault(name, []).append(pk)
        if number:
            by_number[number] = pk

    def who(text: str) -> tuple[int | None, str]:
        if text in by_number:
            return by_number[text], ""
        same = by_name.get(text, [])
        if len(same) == 1:
            return same[0], ""
        return None, _("同名的不止一人，请写员工号") if same else _("“%(who)s”不在本组织") % {"who": text[:20]}

    return who
