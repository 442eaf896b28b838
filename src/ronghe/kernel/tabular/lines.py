"""Small tables that a unit keeps in Excel, read by their heads; a row that cannot be used refuses the whole file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from pathlib import Path

from ronghe.kernel.errors import DomainError
from ronghe.kernel.tabular.reading import open_tables
from ronghe.kernel.tabular.sheets import Cell, Row
from ronghe.kernel.words import N_, _, listed

HEAD_ROWS = 10
"""Rows from the top among which the head is looked for."""
SHOWN = 8
"""Problems named in the refusal."""
LONGEST = 20_000
"""Rows of a table that a unit keeps by hand."""


class HeadsMissing(DomainError):
    code = "heads_missing"
    sentence = N_("“%(name)s”里没有找到这些表头：%(heads)s。请用本页“导出”的表填写后再导入。")
    status = 422


class RowsRefused(DomainError):
    code = "rows_refused"
    sentence = N_("有 %(count)s 行不能导入，没有改动任何内容：%(problems)s")
    status = 422


class TableTooLong(DomainError):
    code = "table_too_long"
    sentence = N_("“%(name)s”超过 %(most)s 行，请按单位拆开。")
    status = 422


@dataclass(frozen=True, slots=True)
class Line:
    """One row: its number as Excel shows it, and its values by the key of their head."""

    number: int
    values: Mapping[str, str]

    def __getitem__(self, key: str) -> str:
        return self.values.get(key, "")


def read_lines(path: Path, name: str, heads: Mapping[str, str], required: Sequence[str]) -> list[Line]:
    """Return the filled rows below the head of the first sheet that has all `required` heads.

    `heads` gives for each key the Chinese head; the head in the reader's language is known as well.

    :raises HeadsMissing: no sheet has them
    :raises TableTooLong: more than 20,000 rows
    :raises Unreadable: the file is no table
    """
    known = {word: key for key, head in heads.items() for word in (head, _(head))}
    for sheet in open_tables(path, name=name).sheets:
        rows = iter(sheet.rows())
        for row in islice(rows, HEAD_ROWS):
            columns = {place: known[text] for place, text in enumerate(map(_text, row[1])) if text in known}
            if set(required) <= set(columns.values()):
                lines = list(islice(_lines(rows, columns), LONGEST + 1))
                if len(lines) > LONGEST:
                    raise TableTooLong(name=name, most=LONGEST)
                return lines
    raise HeadsMissing(name=name, heads=listed([_(heads[key]) for key in required]))


def refuse_rows(problems: Sequence[tuple[int, str]]) -> None:
    """Return where there are no problems.

    :raises RowsRefused: there are; the first of them are named with their rows
    """
    if problems:
        told = listed(_(ROW) % {"number": number, "why": why} for number, why in problems[:SHOWN])
        raise RowsRefused(count=len(problems), problems=told)


ROW = N_("第 %(number)s 行%(why)s")


def _lines(rows: Iterator[Row], columns: Mapping[int, str]) -> Iterator[Line]:
    for number, cells in rows:
        values = {key: _text(cells[place]) for place, key in columns.items() if place < len(cells)}
        if any(values.values()):
            yield Line(number, values)


def _text(cell: Cell) -> str:
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return " ".join(str(cell).split())
