"""Text tables: comma, tab, semicolon; UTF-8, UTF-16, GB 18030 (and GBK, which it contains)."""

from __future__ import annotations

import codecs
import csv
from collections.abc import Iterator
from pathlib import Path

from ronghe.kernel.tabular.limits import MIB, Limits
from ronghe.kernel.tabular.refusals import DamagedFile, TooManyColumns, TooManyRows, UnknownEncoding
from ronghe.kernel.tabular.sheets import Row, Sheet

MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
DELIMITERS = ",\t;|，"
SAMPLE_LINES = 20
CELL_CHARACTERS = 131_072


def encoding_of(path: Path, *, name: str) -> str:
    """Return the encoding in which the whole file can be read.

    :raises UnknownEncoding: none of UTF-8, UTF-16, GB 18030
    """
    with path.open("rb") as file:
        head = file.read(400)
    for mark, encoding in MARKS:
        if head.startswith(mark):
            return _proven(path, (encoding,), name)
    if b"\x00" in head:
        is_big = head[0::2].count(0) > head[1::2].count(0)
        return _proven(path, ("utf-16-be" if is_big else "utf-16-le",), name)
    return _proven(path, ("utf-8", "gb18030"), name)


def csv_sheets(path: Path, *, name: str, limits: Limits, encoding: str) -> Iterator[Sheet]:
    """Yield the one sheet of a text table. Its name is empty: a text file has no sheets."""
    delimiter = _delimiter(path, encoding)
    yield Sheet("", lambda: _rows(path, name, limits, encoding, delimiter))


def _proven(path: Path, encodings: tuple[str, ...], name: str) -> str:
    for encoding in encodings:
        decoder = codecs.getincrementaldecoder(encoding)()
        try:
            with path.open("rb") as file:
                while piece := file.read(MIB):
                    decoder.decode(piece)
                decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            continue
        return encoding
    raise UnknownEncoding(name=name)


def _delimiter(path: Path, encoding: str) -> str:
    """Return the sign that splits the first lines into most cells; quoted text does not count."""
    with path.open(encoding=encoding, newline="") as file:
        sample = [line for _, line in zip(range(SAMPLE_LINES), file, strict=False)]
    unquoted = ["".join(line.split('"')[::2]) for line in sample]
    return max(DELIMITERS, key=lambda sign: sorted(line.count(sign) for line in unquoted)[-5:])


def _rows(path: Path, name: str, limits: Limits, encoding: str, delimiter: str) -> Iterator[Row]:
    csv.field_size_limit(CELL_CHARACTERS)
    with path.open(encoding=encoding, newline="") as file:
        try:
            for number, cells in enumerate(csv.reader(file, delimiter=delimiter), start=1):
                if number > limits.rows:
                    raise TooManyRows(name=name, sheet=name, limit=limits.rows)
                if len(cells) > limits.columns:
                    raise TooManyColumns(name=name, sheet=name, limit=limits.columns)
                yield number, cells  # type: ignore[misc] # a list of texts is a list of cells
        except csv.Error as error:
            raise DamagedFile(name=name) from error
