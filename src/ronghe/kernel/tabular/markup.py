"""Tables written as markup and named .xls: HTML, as many systems export, and Excel 2003's own XML."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

from lxml import etree

from ronghe.kernel.tabular.delimited import encoding_of
from ronghe.kernel.tabular.limits import Limits
from ronghe.kernel.tabular.refusals import (
    DamagedFile,
    NoTable,
    TooManyCells,
    TooManyColumns,
    TooManyRows,
    UnknownEncoding,
)
from ronghe.kernel.tabular.sheets import Cell, Row, Sheet, Span

DECLARED = re.compile(rb"(?:charset|encoding)\s*=\s*[\"']?\s*([\w-]+)", re.IGNORECASE)
SS = "{urn:schemas-microsoft-com:office:spreadsheet}"
CHINESE = {"gb2312", "gbk", "gb18030", "x-gbk", "cp936"}


class _Grid:
    """One table as it is read: rows of cells and the merged areas that `rowspan` and `colspan` stand for."""

    def __init__(self, name: str, limits: Limits, *, file: str) -> None:
        self.name, self.limits, self.file = name, limits, file
        self.rows: list[Row] = []
        self.merged: list[Span] = []
        self.cells = 0
        self._held: dict[int, int] = {}  # column → last row that a cell above still covers

    def add_row(self, number: int, cells: list[tuple[int | None, Cell, int, int]]) -> None:
        """Add row `number`; each cell is (column or None for the next free one, value, columns, rows covered)."""
        row: list[Cell] = []
        for column, value, wide, high in cells:
            at = column or len(row) + 1
            while column is None and self._held.get(at, 0) >= number:
                at += 1
            if at + wide - 1 > self.limits.columns:
                raise TooManyColumns(name=self.file, sheet=self.name, limit=self.limits.columns)
            row.extend([""] * (at - 1 - len(row)))
            row.extend([value, *[""] * (wide - 1)])
            if wide > 1 or high > 1:
                self.merged.append(Span(number, at, number + high - 1, at + wide - 1))
                self._held.update(dict.fromkeys(range(at, at + wide), number + high - 1))
        if number > self.limits.rows:
            raise TooManyRows(name=self.file, sheet=self.name, limit=self.limits.rows)
        self.cells += len(row)
        if self.cells > self.limits.cells:
            raise TooManyCells(name=self.file, limit=self.limits.cells)
        self.rows.append((number, row))

    def sheet(self) -> Sheet:
        rows = self.rows
        return Sheet(self.name, lambda: iter(rows), merged=tuple(self.merged))


def html_sheets(path: Path, *, name: str, limits: Limits) -> Iterator[Sheet]:
    """Yield one sheet for each table with rows of its own, in document order (表1, 表2, …).

    :raises NoTable: a page without a table
    :raises DamagedFile: not readable as HTML
    """
    grids: list[_Grid] = []
    found = False
    encoding = _declared_or_proven(path, name)
    try:
        with path.open("rb") as file:
            for event, element in etree.iterparse(
                file,
                events=("start", "end"),
                tag=("table", "tr"),
                html=True,
                encoding=encoding,
                huge_tree=True,
            ):
                if element.tag == "table" and event == "start":
                    grids.append(_Grid("", limits, file=name))
                elif element.tag == "tr" and event == "end" and grids:
                    _add_html_row(grids[-1], element)
                elif element.tag == "table" and event == "end" and grids:
                    grid = grids.pop()
                    element.clear()
                    if grid.rows:
                        found = True
                        yield grid.sheet()
    except (etree.LxmlError, LookupError, UnicodeError) as error:
        raise DamagedFile(name=name) from error
    if not found:
        raise NoTable(name=name)


def _add_html_row(grid: _Grid, element: Any) -> None:
    cells: list[tuple[int | None, Cell, int, int]] = [
        (None, " ".join("".join(cell.itertext()).split()), _span(cell, "colspan"), _span(cell, "rowspan"))
        for cell in element
        if cell.tag in {"td", "th"}
    ]
    if cells:
        grid.add_row(len(grid.rows) + 1, cells)
    element.clear()
    while element.getprevious() is not None:
        del element.getparent()[0]


def _span(cell: Any, attribute: str) -> int:
    text = cell.get(attribute, "1").strip()
    return max(1, min(int(text), 65_536)) if text.isdigit() else 1


def _declared_or_proven(path: Path, name: str) -> str:
    """Return the encoding the bytes really are in; what the page declares only when the bytes do not settle it."""
    try:
        return encoding_of(path, name=name).replace("-sig", "")
    except UnknownEncoding:
        with path.open("rb") as file:
            declared = DECLARED.search(file.read(4096))
        encoding = declared[1].decode().lower() if declared else "utf-8"
        return "gb18030" if encoding in CHINESE else encoding


def xml_sheets(path: Path, *, name: str, limits: Limits) -> Iterator[Sheet]:
    """Yield the worksheets of an Excel 2003 XML spreadsheet.

    :raises DamagedFile: not well-formed
    """
    grid: _Grid | None = None
    title = ""
    number = count(1)
    at = 0
    try:
        with path.open("rb") as file:
            for event, element in etree.iterparse(
                file,
                events=("start", "end"),
                tag=(f"{SS}Worksheet", f"{SS}Row"),
                resolve_entities=False,
                huge_tree=True,
            ):
                if element.tag == f"{SS}Worksheet" and event == "start":
                    title = element.get(f"{SS}Name", "")
                    grid, at = _Grid(title or f"表{next(number)}", limits, file=name), 0
                elif element.tag == f"{SS}Row" and event == "end" and grid is not None:
                    at = int(element.get(f"{SS}Index", at + 1))
                    grid.add_row(at, [_xml_cell(cell) for cell in element.iter(f"{SS}Cell")])
                    element.clear()
                elif element.tag == f"{SS}Worksheet" and event == "end" and grid is not None:
                    element.clear()
                    yield grid.sheet()
    except (etree.LxmlError, ValueError) as error:
        raise DamagedFile(name=name) from error


def _xml_cell(cell: Any) -> tuple[int | None, Cell, int, int]:
    data = cell.find(f"{SS}Data")
    text = "" if data is None else "".join(data.itertext()).strip()
    kind = "" if data is None else data.get(f"{SS}Type", "String")
    value: Cell = float(text) if kind == "Number" and text else text
    if kind == "DateTime":
        value = text.partition("T")[0]
    index = cell.get(f"{SS}Index")
    wide, high = int(cell.get(f"{SS}MergeAcross", 0)) + 1, int(cell.get(f"{SS}MergeDown", 0)) + 1
    return (int(index) if index else None), value, wide, high
