"""A structure of acceptance as a unit keeps it in Excel, looked through before anything is written."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from pathlib import Path
from typing import Any

from ronghe.domain.control.calc.plan import PlanRow
from ronghe.domain.control.calc.table import HEADS, REQUIRED, ReadRow, Who, read_row, refuse_doubles
from ronghe.domain.org.models import Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.org.selectors.people import people_seen_by
from ronghe.kernel.errors import DomainError
from ronghe.kernel.tabular.reading import open_tables
from ronghe.kernel.tabular.sheets import Cell, Row, column_letter
from ronghe.kernel.words import N_, _, listed

HEAD_ROWS = 10
"""Rows from the top among which the head is looked for."""
MOST_ROWS = 2000
LONGEST_CELL = 500
TOLD = 8
"""Problems that a refusal names."""


class ControlHeadsMissing(DomainError):
    code = "control_heads_missing"
    sentence = N_("“%(name)s”里没有找到这些表头：%(heads)s。请用本页下载的空表填写后再导入。")
    status = 422


class ControlTableTooLong(DomainError):
    code = "control_table_too_long"
    sentence = N_("“%(name)s”超过 %(most)s 行，请分几次导入。")
    status = 422


class ControlTableEmpty(DomainError):
    code = "control_table_empty"
    sentence = N_("“%(name)s”里没有工序，请在表头下面一行一道填写。")
    status = 422


class ControlRowsRefused(DomainError):
    code = "control_rows_refused"
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

    def plan(self) -> list[PlanRow]:
        """Return what is to be written.

        :raises ControlRowsRefused: a cell that cannot be taken over; the first ones are named
        """
        found = self.problems
        if found:
            told = listed(f"{one.cell} {one.head}{one.why}" for one in found[:TOLD])
            raise ControlRowsRefused(count=len(found), problems=told)
        return [row.plan for row in self.rows if row.plan is not None]

    def packed(self) -> str:
        """Return the typed cells, to be looked through again when they are taken over."""
        rows = [[row.number, {key: value for key, value in row.cells.items() if value}] for row in self.rows]
        return json.dumps({"columns": dict(self.columns), "rows": rows}, ensure_ascii=False)


def read_structure(path: Path, name: str, actor: Person, at: datetime) -> Preview:
    """Return the rows of the first sheet that has the heads; people are looked for among those whom `actor` sees.

    :raises ControlHeadsMissing, ControlTableEmpty, ControlTableTooLong: no table of a structure
    :raises Unreadable: the file is no table
    """
    known = {word: key for key, head in HEADS.items() for word in (head, _(head))}
    for sheet in open_tables(path, name=name).sheets:
        rows = iter(sheet.rows())
        for row in islice(rows, HEAD_ROWS):
            columns = {place: known[text] for place, text in enumerate(map(_text, row[1])) if text in known}
            if set(REQUIRED) <= set(columns.values()):
                lines = list(islice(_lines(rows, columns), MOST_ROWS + 1))
                if len(lines) > MOST_ROWS:
                    raise ControlTableTooLong(name=name, most=MOST_ROWS)
                if not lines:
                    raise ControlTableEmpty(name=name)
                letters = {key: column_letter(place + 1) for place, key in columns.items()}
                return look_through(lines, letters, actor, at)
    raise ControlHeadsMissing(name=name, heads=listed([_(HEADS[key]) for key in REQUIRED]))


def unpack(text: str, actor: Person, at: datetime) -> Preview:
    """Return what `Preview.packed` gave away, looked through anew: it came back from the reader's browser.

    :raises ControlTableEmpty: it is no such text
    """
    try:
        data: Any = json.loads(text)
        lines = [
            (int(number), {str(key): str(value)[:LONGEST_CELL] for key, value in cells.items() if key in HEADS})
            for number, cells in data["rows"]
        ]
        letters = {str(key): str(value)[:3] for key, value in data["columns"].items()}
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise ControlTableEmpty(name="") from error
    if not 0 < len(lines) <= MOST_ROWS:
        raise ControlTableEmpty(name="")
    return look_through(lines, letters, actor, at)


def look_through(
    lines: Iterable[tuple[int, Mapping[str, str]]], letters: Mapping[str, str], actor: Person, at: datetime
) -> Preview:
    """Return the rows read, doubles marked."""
    who, today = _finder(actor, at), local_day(at)
    rows = [read_row(number, cells, who=who, today=today) for number, cells in lines]
    refuse_doubles(rows)
    return Preview(rows, letters)


def _finder(actor: Person, at: datetime) -> Who:
    """Return who finds people by staff number or name; the people are read when the first one is asked for."""
    by_name: dict[str, list[int]] = {}
    by_number: dict[str, int] = {}

    def read() -> None:
        for pk, name, number in people_seen_by(actor, at).order_by("pk").values_list("pk", "name", "staff_number"):
            by_name.setdefault(name, []).append(pk)
            if number:
                by_number[number] = pk

    def who(text: str) -> tuple[int | None, str]:
        if not by_name:
            read()
        if text in by_number:
            return by_number[text], ""
        same = by_name.get(text, [])
        if len(same) == 1:
            return same[0], ""
        return None, _("同名的不止一人，请写员工号") if same else _("没有找到“%(who)s”") % {"who": text[:20]}

    return who


def _lines(rows: Iterator[Row], columns: Mapping[int, str]) -> Iterator[tuple[int, dict[str, str]]]:
    for number, cells in rows:
        values = {key: _text(cells[place]) for place, key in columns.items() if place < len(cells)}
        if any(values.values()):
            yield number, values


def _text(cell: Cell) -> str:
    if isinstance(cell, datetime):
        return local_day(cell).isoformat() if cell.tzinfo else cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return " ".join(str(cell).replace("\x00", "").split())[:LONGEST_CELL]
