"""A sheet as a unit keeps it in Excel, looked through before anything is written: every problem with its cell."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from django.db.models import Q

from ronghe.domain.duties.calc.shares import SIDES
from ronghe.domain.duties.calc.table import HEADS, REQUIRED, Line, ReadRow, Who, read_row
from ronghe.domain.duties.models import DutySheet
from ronghe.domain.duties.selectors.people import people_to_name
from ronghe.kernel.errors import DomainError
from ronghe.kernel.tabular.headed import Headed, HeadedTable
from ronghe.kernel.words import N_, _, listed


class TableHeadsMissing(DomainError):
    code = "duties_heads_missing"
    sentence = N_("“%(name)s”里没有找到这些表头：%(heads)s。请用本页下载的表填写后再导入。")
    status = 422


class TableTooLong(DomainError):
    code = "duties_table_too_long"
    sentence = N_("“%(name)s”超过 %(most)s 行，请分成几份导入。")
    status = 422


class TableEmpty(DomainError):
    code = "duties_table_empty"
    sentence = N_("“%(name)s”里没有条目，请在表头下面一行一条填写。")
    status = 422


class TableRefused(DomainError):
    code = "duties_table_refused"
    sentence = N_("有 %(count)s 处不能导入，没有改动任何内容：%(problems)s")
    status = 422


TABLE = HeadedTable(
    heads=HEADS, required=REQUIRED, missing=TableHeadsMissing, too_long=TableTooLong, empty=TableEmpty,
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

    @property
    def lines(self) -> list[Line]:
        return [row.line for row in self.rows if row.line is not None]

    def packed(self) -> str:
        """Return the typed cells, to be looked through again when they are taken over."""
        return TABLE.pack(Headed([(row.number, dict(row.cells)) for row in self.rows], dict(self.columns)))

    def refuse_problems(self) -> None:
        """:raises TableRefused: a cell that cannot be taken over; the first eight are named"""
        found = self.problems
        if found:
            told = listed(f"{one.cell} {one.head}{one.why}" for one in found[:8])
            raise TableRefused(count=len(found), problems=told)


def read_table(path: Path, name: str, sheet: DutySheet, day: date) -> Preview:
    """Return the rows of the first sheet of the workbook that has the heads, looked through for this zone.

    :raises TableHeadsMissing, TableEmpty, TableTooLong: it is no table of duties
    :raises Unreadable: the file is no table
    """
    found = TABLE.read(path, name)
    return look_through(found.lines, found.letters, sheet, day)


def unpack(text: str, sheet: DutySheet, day: date) -> Preview:
    """Return what `Preview.packed` gave away, looked through anew: it came back from the reader's browser.

    :raises TableEmpty: it is no such text
    """
    found = TABLE.unpack(text)
    return look_through(found.lines, found.letters, sheet, day)


def look_through(
    lines: Iterable[tuple[int, Mapping[str, str]]], letters: Mapping[str, str], sheet: DutySheet, day: date
) -> Preview:
    """Return the rows read for the zone; a matter that the sheet has, or a row before it had, is a problem. Five statements."""
    lines = list(lines)
    there = set(sheet.zone.responsibility_lines.filter(ended_on=None).values_list("topic", "matter"))
    who = _finder(lines, sheet, day)
    found = []
    for number, cells in lines:
        row = read_row(number, cells, who=who, there=there, today=day)
        found.append(row)
        if row.line is not None:
            there.add((row.line.topic, row.line.matter))
    return Preview(found, letters)


def _finder(lines: Sequence[tuple[int, Mapping[str, str]]], sheet: DutySheet, day: date) -> Who:
    """Look up everybody whom a side's column names, a statement a side."""
    by_side: dict[str, dict[str, list[int]]] = {}
    for side in SIDES:
        names = {cells.get(side, "").replace("　", " ").partition(" ")[2].strip() for _number, cells in lines}
        rows = people_to_name(sheet.zone, day, side).filter(Q(name__in=names) | Q(staff_number__in=names))
        known: dict[str, list[int]] = {}
        for pk, name, number in rows.values_list("pk", "name", "staff_number"):
            known.setdefault(name, []).append(pk)
            if number:
                known[number] = [pk]
        by_side[side] = known

    def who(side: str, text: str) -> tuple[int | None, str]:
        same = by_side[side].get(text, [])
        if len(same) == 1:
            return same[0], ""
        return None, _("同名的不止一人，请写员工号") if same else _("这一方没有“%(who)s”") % {"who": text[:20]}

    return who
