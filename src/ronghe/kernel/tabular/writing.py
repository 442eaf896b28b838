"""Workbooks going out: row by row, and nothing in them that a spreadsheet would run.

Text that starts with = + - @ is what makes a cell dangerous. In a workbook it is stored as text with Excel's own
quote flag, so it shows unchanged, stays text when edited, and reads back as it was; in text files, which have no
such flag, an apostrophe goes before it. Both are decided here and nowhere else.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

from ronghe.kernel.tabular.sheets import Cell

DANGEROUS = ("=", "+", "-", "@", "\t", "\r")
TITLE_SIGNS = str.maketrans(dict.fromkeys("[]:*?/\\", "_"))
TITLE_CHARACTERS = 31
CELL_CHARACTERS = 32_767

HEAD_FONT = Font(bold=True)
HEAD_FILL = PatternFill("solid", fgColor="EDF1F5")
TONES = {
    "error": PatternFill("solid", fgColor="FBD5D0"),
    "warning": PatternFill("solid", fgColor="FCE8B8"),
    "notice": PatternFill("solid", fgColor="DCE9F7"),
}


@dataclass(frozen=True, slots=True)
class Marked:
    """A value shown on a coloured ground, with a remark that opens on it. Tones: error, warning, notice."""

    value: Cell | None
    tone: str
    remark: str = ""


OutCell = Cell | Marked | None


@dataclass(frozen=True, slots=True)
class SheetOut:
    """One sheet to write: its head in bold and frozen, then `rows`, taken one by one."""

    title: str
    head: Sequence[str]
    rows: Iterable[Sequence[OutCell]]
    widths: Sequence[int] = ()


def is_dangerous(text: str) -> bool:
    """Would a spreadsheet take this text for a formula?"""
    return text.startswith(DANGEROUS)


def write_workbook(target: Path | IO[bytes], sheets: Iterable[SheetOut]) -> None:
    """Write `sheets` as .xlsx to a path or an open binary file; memory does not grow with the rows."""
    workbook = Workbook(write_only=True)
    for about in sheets:
        sheet = workbook.create_sheet(about.title.translate(TITLE_SIGNS)[:TITLE_CHARACTERS])
        sheet.freeze_panes = "A2"
        for number, width in enumerate(about.widths, start=1):
            sheet.column_dimensions[get_column_letter(number)].width = width
        sheet.append([_head(sheet, text) for text in about.head])
        for row in about.rows:
            sheet.append([_out(sheet, value) for value in row])
    workbook.save(target)


def write_csv(target: IO[str], rows: Iterable[Sequence[Cell | None]]) -> None:
    """Write `rows` as comma-separated text, dangerous text behind an apostrophe."""
    writer = csv.writer(target)
    for row in rows:
        writer.writerow([f"'{v}" if isinstance(v, str) and is_dangerous(v) else v for v in row])


def _head(sheet: Any, text: str) -> Any:
    cell = _text(sheet, text)
    cell.font, cell.fill = HEAD_FONT, HEAD_FILL
    cell.alignment = Alignment(vertical="center", wrap_text=True)
    return cell


def _out(sheet: Any, value: OutCell) -> Any:
    if isinstance(value, Marked):
        inner = _out(sheet, value.value)
        cell = inner if hasattr(inner, "fill") else WriteOnlyCell(sheet, value=inner)
        cell.fill = TONES[value.tone]
        if value.remark:
            cell.comment = Comment(value.remark, "ronghe", width=320, height=120)
        return cell
    if value == "":
        return None
    if isinstance(value, str):
        return _text(sheet, value) if is_dangerous(value) else _clean(value)
    if isinstance(value, datetime) and value.tzinfo is not None:
        return value.replace(tzinfo=None)  # Excel has no zones; callers pass the time to be shown
    return value


def _text(sheet: Any, text: str) -> Any:
    cell = WriteOnlyCell(sheet, value="")
    cell.value = _clean(text)
    cell.data_type = "s"
    cell.quotePrefix = is_dangerous(text)
    return cell


def _clean(text: str) -> str:
    """Leave out control characters, which a workbook cannot hold, and what passes a cell's length."""
    return ILLEGAL_CHARACTERS_RE.sub("", text)[:CELL_CHARACTERS]
