"""What every reader hands out: sheets of rows, numbered as the person sees them in Excel."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import Enum
from typing import NamedTuple

Cell = str | int | float | bool | date | datetime | time | timedelta
"""One value; an empty cell is the empty text."""

Row = tuple[int, list[Cell]]
"""Row number (from 1, as in Excel) and its cells from column A on."""


class FileKind(Enum):
    XLSX = "xlsx"
    XLS = "xls"
    HTML = "html"
    XML_SPREADSHEET = "xml"
    CSV = "csv"


class Span(NamedTuple):
    """A merged area; rows and columns count from 1, both ends included."""

    first_row: int
    first_column: int
    last_row: int
    last_column: int


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet. `rows()` may be called once or more; each call reads from the beginning."""

    name: str
    rows: Callable[[], Iterator[Row]]
    is_hidden: bool = False
    merged: tuple[Span, ...] = ()
    uncomputed: frozenset[tuple[int, int]] = field(default_factory=frozenset)
    """(row, column) of formulas whose value was never stored in the file."""


@dataclass(frozen=True, slots=True)
class Tables:
    """A file opened for reading. `sheets` is lazy: one sheet is in memory at a time."""

    name: str
    kind: FileKind
    sheets: Iterator[Sheet]
    encoding: str | None = None


def column_letter(number: int) -> str:
    """Return the letters of column `number` (1 → A, 27 → AA)."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def column_number(letters: str) -> int:
    """Return the number of a column named by letters (A → 1, AA → 27)."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number
