"""Where the head of a roster is, and which column is which.

A head may be one to three rows, merged or not, below any number of title rows. Every start and depth among the first
rows is tried; the one that names most different columns wins, the shallower one among equals.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ronghe.domain.org.calc.roster.identity import SHAPE, number_of
from ronghe.domain.org.calc.roster.text import plain, word
from ronghe.domain.org.calc.roster.vocabulary import vocabulary
from ronghe.kernel.tabular.sheets import Cell, Row, Span

SEARCHED_ROWS = 40
DEEPEST = 3
REPEATABLE = ("certificate_kind", "certificate_number", "certificate_expires_on", "department", "team")
"""Columns that may come several times (one set per certificate, a unit of each level); the second is called team#2."""

Grid = list[list[str]]


@dataclass(frozen=True, slots=True)
class HeadColumn:
    """One column of the file: `number` from 1, its words, and the canonical column, or None where not used."""

    number: int
    text: str
    group: str
    column: str | None
    by: str = "head"


@dataclass(frozen=True, slots=True)
class Head:
    first_row: int
    last_row: int
    columns: tuple[HeadColumn, ...]

    @property
    def used(self) -> dict[str, HeadColumn]:
        """Canonical column → the column of the file that holds it."""
        return {c.column: c for c in self.columns if c.column}


def find_head(rows: Sequence[Row], merged: Sequence[Span]) -> Head | None:
    """Return the head among the first rows of a sheet, or None where the sheet holds no roster.

    A roster has a column of names and one more at least.
    """
    grid = _filled(rows, merged)
    best: tuple[int, int, int] = (0, 0, 0)
    choice: list[HeadColumn] = []
    for start in range(len(grid)):
        if any(span.first_row < rows[start][0] <= span.last_row for span in merged):
            continue  # the lower part of a merged head: its upper words change what the lower ones mean
        for depth in range(1, min(DEEPEST, len(grid) - start) + 1):
            columns = _columns(grid[start : start + depth])
            used = {c.column for c in columns if c.column}
            rank = (len(used), -depth, -start)
            if "name" in used and len(used) >= 2 and rank > best:
                best, choice = rank, columns
    if not choice:
        return None
    first, last = -best[2], -best[2] - best[1] - 1
    columns = choice if any(c.column == "identity_number" for c in choice) else _by_content(choice, rows[last + 1 :])
    return Head(rows[first][0], rows[last][0], tuple(columns))


def _filled(rows: Sequence[Row], merged: Sequence[Span]) -> Grid:
    """Return the texts of the first rows, each merged area filled with its value, except wide title lines."""
    width = max((len(cells) for _number, cells in rows), default=0)
    place = {number: at for at, (number, _cells) in enumerate(rows)}
    grid = [[plain(cell) for cell in cells] + [""] * (width - len(cells)) for _number, cells in rows]
    for span in merged:
        if span.first_row not in place or span.last_column - span.first_column + 1 > max(3, width * 2 // 3):
            continue
        value = grid[place[span.first_row]][span.first_column - 1] if span.first_column <= width else ""
        for number in range(span.first_row, min(span.last_row, span.first_row + DEEPEST) + 1):
            for column in range(span.first_column, min(span.last_column, width) + 1):
                if number in place:
                    grid[place[number]][column - 1] = value
    return grid


def _columns(rows: Grid) -> list[HeadColumn]:
    upper_words = _spread(rows)
    found: list[HeadColumn] = []
    taken: dict[str, int] = {}
    for at, lower in enumerate(rows[-1]):
        above = [row[at] for row in upper_words]
        texts = [t for t in dict.fromkeys([*above, lower]) if t]
        if not texts:
            continue
        text, group = texts[-1], "".join(texts[:-1])
        column = vocabulary().column_of(group, text)
        if column is None and group and not lower:
            column = vocabulary().column_of("", group)
        if column in taken:
            taken[column] += 1
            column = f"{column}#{taken[column]}" if column in REPEATABLE else None
        elif column:
            taken[column] = 1
        found.append(HeadColumn(at + 1, text, group, column))
    return found


def _spread(rows: Grid) -> Grid:
    """Return the upper rows, a word carried to the right over blanks where the row below goes on.

    Text files and some systems lose the merging of cells; the word then stands over its first column only.
    """
    spread = []
    for at, row in enumerate(rows[:-1]):
        carried, below = list(row), rows[at + 1]
        for column in range(1, len(row)):
            if (
                not carried[column]
                and below[column]
                and carried[column - 1]
                and carried[column - 1] != below[column - 1]
            ):
                carried[column] = carried[column - 1]
        spread.append(carried)
    return spread


def _by_content(columns: list[HeadColumn], rows: Sequence[Row]) -> list[HeadColumn]:
    """Recognize the identity numbers by themselves where no head word names them."""
    for at, column in enumerate(columns):
        if column.column:
            continue
        cells: list[Cell] = [cells[column.number - 1] for _n, cells in rows if len(cells) >= column.number]
        numbers = [number_of(cell) for cell in cells if cell != ""]
        if len(numbers) >= 3 and sum(bool(SHAPE.fullmatch(n)) for n in numbers) * 5 >= len(numbers) * 4:
            known = HeadColumn(column.number, column.text, column.group, "identity_number", "content")
            return [*columns[:at], known, *columns[at + 1 :]]
    return columns


def is_name_head(value: Cell) -> bool:
    """Is this cell the head word of the names, as in a head repeated on each printed page?"""
    return word(value) in vocabulary().name_words
