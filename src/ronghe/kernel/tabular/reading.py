"""The one door to tables that units keep: whatever the file's name says, by what it is."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from ronghe.kernel.tabular.delimited import csv_sheets, encoding_of
from ronghe.kernel.tabular.excel import xls_sheets, xlsx_sheets
from ronghe.kernel.tabular.kinds import kind_of
from ronghe.kernel.tabular.limits import Limits
from ronghe.kernel.tabular.markup import html_sheets, xml_sheets
from ronghe.kernel.tabular.refusals import DamagedFile, FileTooLarge
from ronghe.kernel.tabular.sheets import FileKind, Sheet, Tables

READERS = {
    FileKind.XLSX: xlsx_sheets,
    FileKind.XLS: xls_sheets,
    FileKind.HTML: html_sheets,
    FileKind.XML_SPREADSHEET: xml_sheets,
}

DEFAULT_LIMITS = Limits()


def open_tables(path: Path, *, name: str | None = None, limits: Limits = DEFAULT_LIMITS) -> Tables:
    """Open the file at `path` for reading; `name` is what its owner calls it, where `path` is a temporary copy.

    Sheets come one after another, hidden ones without rows. A refusal may come while they are read.

    :raises Unreadable: one of the refusals in `ronghe.kernel.tabular.refusals`
    """
    name = name or path.name
    try:
        size = path.stat().st_size
        if size > limits.file_bytes:
            raise FileTooLarge(name=name, size=-(-size >> 20), limit=limits.file_bytes >> 20)
        kind = kind_of(path, name=name)
    except OSError as error:
        raise DamagedFile(name=name) from error
    if kind is FileKind.CSV:
        encoding = encoding_of(path, name=name)
        return Tables(name, kind, csv_sheets(path, name=name, limits=limits, encoding=encoding), encoding)
    sheets: Iterator[Sheet] = READERS[kind](path, name=name, limits=limits)
    return Tables(name, kind, sheets)
