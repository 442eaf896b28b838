"""Tables under known heads: the first sheet that has them, and the rows below as texts by the key of their head."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Any

from ronghe.kernel.errors import DomainError
from ronghe.kernel.tabular.reading import open_tables
from ronghe.kernel.tabular.sheets import Cell, Row, column_letter
from ronghe.kernel.words import _, listed

HEAD_ROWS = 10
"""Rows from the top among which the head is looked for."""

Line = tuple[int, dict[str, str]]
"""The number of a row as Excel shows it, and its cells by the key of their head."""


@dataclass(frozen=True, slots=True)
class Headed:
    """What was found below the heads; `letters` gives for each head the letters of its column."""

    lines: list[Line]
    letters: dict[str, str]


@dataclass(frozen=True, slots=True)
class HeadedTable:
    """What a room asks of a table. `heads` are Chinese words by key; a head may stand in the reader's language too.

    `missing` is raised with `name` and `heads`, `too_long` with `name` and `most`, `empty` with `name`.
    """

    heads: Mapping[str, str]
    required: Sequence[str]
    missing: type[DomainError]
    too_long: type[DomainError]
    empty: type[DomainError]
    most_rows: int
    longest_cell: int
    """Signs of one cell that are looked at; more is a problem of that cell in any case."""
    day_format: str = "%Y-%m-%d"
    also: Mapping[str, str] = field(default_factory=dict)
    """Other words that units write for a head, with its key."""

    def read(self, path: Path, name: str) -> Headed:
        """Return the rows of the first sheet that has the required heads; `name` is what the owner calls the file.

        :raises Unreadable: the file is no table
        :raises DomainError: one of the three that the room gave
        """
        known = dict(self.also) | {word: key for key, head in self.heads.items() for word in (head, _(head))}
        for sheet in open_tables(path, name=name).sheets:
            rows = iter(sheet.rows())
            for row in islice(rows, HEAD_ROWS):
                texts = map(self._text, row[1])
                columns = {place: known[text] for place, text in enumerate(texts) if text in known}
                if set(self.required) <= set(columns.values()):
                    letters = {key: column_letter(place + 1) for place, key in columns.items()}
                    return Headed(self._checked(rows, columns, name), letters)
        raise self.missing(name=name, heads=listed([_(self.heads[key]) for key in self.required]))

    def pack(self, found: Headed) -> str:
        """Return the cells as one text, to be looked through again when they are taken over."""
        lines = [[number, {key: value for key, value in cells.items() if value}] for number, cells in found.lines]
        return json.dumps({"columns": found.letters, "rows": lines}, ensure_ascii=False)

    def unpack(self, text: str) -> Headed:
        """Return what `pack` gave away; it came back from the reader's browser, so nothing of it is believed.

        :raises DomainError: it is no such text (`empty`)
        """
        try:
            data: Any = json.loads(text)
            lines = [
                (
                    int(number),
                    {str(key): str(value)[: self.longest_cell] for key, value in cells.items() if key in self.heads},
                )
                for number, cells in data["rows"]
            ]
            letters = {str(key): str(value)[:3] for key, value in data["columns"].items()}
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise self.empty(name="") from error
        if not 0 < len(lines) <= self.most_rows:
            raise self.empty(name="")
        return Headed(lines, letters)

    def _checked(self, rows: Iterator[Row], columns: Mapping[int, str], name: str) -> list[Line]:
        lines = list(islice(self._lines(rows, columns), self.most_rows + 1))
        if len(lines) > self.most_rows:
            raise self.too_long(name=name, most=self.most_rows)
        if not lines:
            raise self.empty(name=name)
        return lines

    def _lines(self, rows: Iterator[Row], columns: Mapping[int, str]) -> Iterator[Line]:
        for number, cells in rows:
            values = {key: self._text(cells[place]) for place, key in columns.items() if place < len(cells)}
            if any(values.values()):
                yield number, values

    def _text(self, cell: Cell) -> str:
        if isinstance(cell, date):
            return cell.strftime(self.day_format)
        if isinstance(cell, float) and cell.is_integer():
            return str(int(cell))
        if isinstance(cell, float):
            return format(round(cell, 6), "f").rstrip("0")
        return " ".join(str(cell).replace("\x00", "").split())[: self.longest_cell]
