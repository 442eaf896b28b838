"""A sheet as a unit keeps it in Excel, looked through before anything is written: every problem with its cell."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from pathlib import Path
from typing import Any

from django.db.models import Q

from ronghe.domain.duties.calc.shares import SIDES
from ronghe.domain.duties.calc.table import HEADS, REQUIRED, Line, ReadRow, Who, read_row
from ronghe.domain.duties.models import DutySheet
from ronghe.domain.duties.selectors.people import people_to_name
from ronghe.kernel.errors import DomainError
from ronghe.kernel.tabular.reading import open_tables
from ronghe.kernel.tabular.sheets import Cell, Row, column_letter
from ronghe.kernel.words import N_, _, listed

HEAD_ROWS = 10
"""Rows from the top among which the head is looked for."""
MOST_ROWS = 200
LONGEST_CELL = 400
"""Signs of one cell that are looked at; more is a problem of that cell in any case."""


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
        rows = [[row.number, dict(row.cells)] for row in self.rows]
        return json.dumps({"columns": dict(self.columns), "rows": rows}, ensure_ascii=False)

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
    known = {word: key for key, head in HEADS.items() for word in (head, _(head))}
    for page in open_tables(path, name=name).sheets:
        rows = iter(page.rows())
        for row in islice(rows, HEAD_ROWS):
            columns = {place: known[text] for place, text in enumerate(map(_text, row[1])) if text in known}
            if set(REQUIRED) <= set(columns.values()):
                lines = list(islice(_lines(rows, columns), MOST_ROWS + 1))
                if len(lines) > MOST_ROWS:
                    raise TableTooLong(name=name, most=MOST_ROWS)
                if not lines:
                    raise TableEmpty(name=name)
                letters = {key: column_letter(place + 1) for place, key in columns.items()}
                return look_through(lines, letters, sheet, day)
    raise TableHeadsMissing(name=name, heads=listed([_(HEADS[key]) for key in REQUIRED]))


def unpack(text: str, sheet: DutySheet, day: date) -> Preview:
    """Return what `Preview.packed` gave away, looked through anew: it came back from the reader's browser.

    :raises TableEmpty: it is no such text
    """
    try:
        data: Any = json.loads(text)
        lines = [
            (int(number), {str(key): str(value)[:LONGEST_CELL] for key, value in cells.items() if key in HEADS})
            for number, cells in data["rows"]
        ]
        letters = {str(key): str(value)[:3] for key, value in data["columns"].items()}
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise TableEmpty(name="") from error
    if not 0 < len(lines) <= MOST_ROWS:
        raise TableEmpty(name="")
    return look_through(lines, letters, sheet, day)


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


def _lines(rows: Iterator[Row], columns: Mapping[int, str]) -> Iterator[tuple[int, dict[str, str]]]:
    for number, cells in rows:
        values = {key: _text(cells[place]) for place, key in columns.items() if place < len(cells)}
        if any(values.values()):
            yield number, values


def _text(cell: Cell) -> str:
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return " ".join(str(cell).replace("\x00", "").split())[:LONGEST_CELL]
