"""Sheets of Excel workbooks, new (.xlsx, .xlsm) and old (.xls, BIFF), read by calamine.

calamine holds one sheet in memory as compact values; rows become Python values one at a time.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping
from pathlib import Path

import olefile
from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from ronghe.kernel.tabular.archive import inspect_archive
from ronghe.kernel.tabular.limits import Limits
from ronghe.kernel.tabular.refusals import (
    DamagedFile,
    FileTooLarge,
    PasswordProtected,
    TooManyCells,
    TooManyColumns,
    TooManyRows,
)
from ronghe.kernel.tabular.sheets import Cell, Row, Sheet, Span

BIFF_FILEPASS = 0x002F
BIFF_CELLS = frozenset({0x0006, 0x00BD, 0x00FD, 0x0203, 0x0204, 0x0205, 0x027E, 0x0002, 0x0003, 0x0004, 0x0005, 0x00D6})
"""Records that put a value in a cell; each begins with row and column as 16-bit numbers."""

BIFF_COLUMNS = 256


def xlsx_sheets(path: Path, *, name: str, limits: Limits) -> Iterator[Sheet]:
    """Yield the sheets of a new-style workbook; see `inspect_archive` for what is refused first."""
    notes = inspect_archive(path, name=name, limits=limits)
    return _sheets(path, name=name, limits=limits, uncomputed=notes.uncomputed)


def xls_sheets(path: Path, *, name: str, limits: Limits) -> Iterator[Sheet]:
    """Yield the sheets of an old-style workbook.

    :raises PasswordProtected: its records are encrypted
    :raises DamagedFile: its records break off, or lie outside what the format can hold
    """
    _inspect_records(path, name=name, limits=limits)
    return _sheets(path, name=name, limits=limits, uncomputed={})


def _sheets(
    path: Path,
    *,
    name: str,
    limits: Limits,
    uncomputed: Mapping[str, frozenset[tuple[int, int]]],
) -> Iterator[Sheet]:
    try:
        with CalamineWorkbook.from_path(path) as workbook:
            for position, about in enumerate(workbook.sheets_metadata):
                if about.typ != SheetTypeEnum.WorkSheet:
                    continue
                if about.visible != SheetVisibleEnum.Visible:
                    yield Sheet(about.name, lambda: iter(()), is_hidden=True)
                    continue
                sheet = workbook.get_sheet_by_index(position)
                _check_size(sheet, name=name, limits=limits)
                yield _sheet(sheet, uncomputed.get(about.name, frozenset()))
    except PasswordError as error:
        raise PasswordProtected(name=name) from error
    except (CalamineError, OSError, ValueError) as error:
        raise DamagedFile(name=name) from error
    except BaseException as error:
        # A damaged workbook can make the reader panic, which arrives as an exception outside `Exception`.
        if type(error).__name__ != "PanicException":
            raise
        raise DamagedFile(name=name) from error


def _sheet(sheet: CalamineSheet, uncomputed: frozenset[tuple[int, int]]) -> Sheet:
    merged = tuple(
        Span(first_row + 1, first_column + 1, last_row + 1, last_column + 1)
        for (first_row, first_column), (last_row, last_column) in sheet.merged_cell_ranges or ()
    )
    return Sheet(sheet.name, lambda: _rows(sheet), merged=merged, uncomputed=uncomputed)


def _rows(sheet: CalamineSheet) -> Iterator[Row]:
    """Number the rows; calamine gives them from row 1, but from the first used column, so the left is filled up."""
    left: list[Cell] = [""] * (sheet.start[1] if sheet.start else 0)
    rows = enumerate(sheet.iter_rows(), start=1)
    return ((number, left + row) for number, row in rows) if left else rows


def _check_size(sheet: CalamineSheet, *, name: str, limits: Limits) -> None:
    if sheet.end is None:
        return
    rows, columns = sheet.end[0] + 1, sheet.end[1] + 1
    if rows > limits.rows:
        raise TooManyRows(name=name, sheet=sheet.name, limit=limits.rows)
    if columns > limits.columns:
        raise TooManyColumns(name=name, sheet=sheet.name, limit=limits.columns)
    if rows * columns > limits.cells:
        raise TooManyCells(name=name, limit=limits.cells)


def _inspect_records(path: Path, *, name: str, limits: Limits) -> None:
    """Walk the records of the workbook stream: encrypted, cut off, or with cells outside the format's own grid."""
    try:
        with olefile.OleFileIO(path) as container:
            stream = next(s for s in container.listdir() if s[-1].lower() in {"workbook", "book"})
            if container.get_size(stream) > limits.file_bytes:
                raise FileTooLarge(
                    name=name,
                    size=container.get_size(stream) >> 20,
                    limit=limits.file_bytes >> 20,
                )
            data = container.openstream(stream).read()
    except (OSError, ValueError, IndexError, TypeError) as error:
        raise DamagedFile(name=name) from error
    at, end, header = 0, len(data) - 3, struct.Struct("<HH")
    while at < end:
        kind, length = header.unpack_from(data, at)
        if kind == BIFF_FILEPASS:
            raise PasswordProtected(name=name)
        if kind in BIFF_CELLS and length >= 4 and header.unpack_from(data, at + 4)[1] >= BIFF_COLUMNS:
            raise DamagedFile(name=name)
        if at + 4 + length > len(data):
            raise DamagedFile(name=name)
        at += 4 + length
