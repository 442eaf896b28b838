"""Looks through a workbook's archive before it is read: sizes, used area, formulas that were never computed.

The spreadsheet reader keeps the whole used area in memory, so one stray value in cell XFD1048576, or a part
that unpacks to gigabytes, must be found before it starts. Sizes declared in an archive may lie; they are
counted here while unpacking in pieces that are thrown away.
"""

from __future__ import annotations

import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, cast

from lxml import etree

from ronghe.kernel.tabular.limits import MIB, Limits
from ronghe.kernel.tabular.refusals import (
    DamagedFile,
    PasswordProtected,
    SuspiciousArchive,
    TooManyCells,
    TooManyColumns,
    TooManyRows,
)
from ronghe.kernel.tabular.sheets import column_number

PIECE_BYTES = MIB
OVERLAP_BYTES = 512
"""Longer than any cell's opening tag, so that a tag cut by a piece's end is seen whole in the next."""

ENCRYPTED = 0x1
LOCAL_HEADER_BYTES = 30

FAR_CELL = re.compile(rb"\br\s*=\s*[\"']([A-Za-z]{2,3}|[A-Za-z](?=\d{6}))(\d{1,7})[\"'][^<>]{0,256}?(/?)>")
"""Only cells beyond column Z or row 99,999: all others are within limits, and skipping them keeps this fast."""

ANY_CELL = re.compile(rb"\br\s*=\s*[\"']([A-Za-z]{1,3})(\d{1,7})[\"'][^<>]{0,256}?(/?)>")
FORMULA = re.compile(rb"<f[ >/]")
UNCOMPUTED = re.compile(
    rb"<c\b[^>]*\br=\"([A-Z]+)(\d+)\"[^>]*>\s*<f\b(?:[^>]*/>|[^>]*>[^<]*</f>)\s*(?:<v\s*/>|<v>\s*</v>)?\s*</c>",
)

RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


@dataclass(slots=True)
class UsedArea:
    """Bounds of the cells that hold something: 99,999 × 26 until a cell beyond is seen."""

    rows: int = 99_999
    columns: int = 26

    def take(self, piece: bytes, pattern: re.Pattern[bytes]) -> None:
        for letters, digits, is_closed in pattern.findall(piece):
            if not is_closed:
                self.rows = max(self.rows, int(digits))
                self.columns = max(self.columns, column_number(letters.decode()))


@dataclass(slots=True)
class ArchiveNotes:
    """What the look through the archive found: `uncomputed` formulas by sheet name, as (row, column)."""

    uncomputed: dict[str, frozenset[tuple[int, int]]] = field(default_factory=dict)


def inspect_archive(path: Path, *, name: str, limits: Limits) -> ArchiveNotes:
    """Unpack every part once, in pieces, and refuse what would not fit.

    :raises SuspiciousArchive: more parts, more bytes or a higher ratio than `limits` allow, or parts that overlap
    :raises TooManyRows: a value below row `limits.rows`; likewise TooManyColumns and TooManyCells
    :raises PasswordProtected: a part is encrypted
    :raises DamagedFile: a part does not unpack
    """
    try:
        with zipfile.ZipFile(path) as archive:
            _check_directory(archive, path.stat().st_size, name, limits)
            with_formulas = _unpack_all(archive, name, limits)
            names = _sheet_names(archive) if with_formulas else {}
            return ArchiveNotes(
                {
                    names[part]: found
                    for part in with_formulas
                    if part in names and (found := _uncomputed(archive, part))
                },
            )
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, etree.LxmlError) as error:
        raise DamagedFile(name=name) from error
    except RuntimeError as error:  # zipfile's way of saying that a part is encrypted
        raise PasswordProtected(name=name) from error


def _check_directory(archive: zipfile.ZipFile, packed: int, name: str, limits: Limits) -> None:
    parts = archive.infolist()
    unpacked = sum(part.file_size for part in parts)
    is_dense = unpacked > limits.ratio_from_bytes and unpacked > limits.ratio * packed
    is_doubled = len({part.filename for part in parts}) < len(parts) or sum(p.compress_size for p in parts) > packed
    if len(parts) > limits.parts or unpacked > limits.unpacked_bytes or is_dense or is_doubled:
        raise SuspiciousArchive(name=name)


def _unpack_all(archive: zipfile.ZipFile, name: str, limits: Limits) -> list[str]:
    """Return the parts that hold formulas, after checking the size and the used area of all."""
    with_formulas = []
    for part in archive.infolist():
        is_markup = part.filename.lower().endswith((".xml", ".rels"))
        area, has_formula = UsedArea(), False
        for piece in _pieces(archive, part, name):
            if is_markup:
                area.take(piece, FAR_CELL)
                has_formula = has_formula or FORMULA.search(piece) is not None
        if area.rows * area.columns > limits.cells:
            area = UsedArea(1, 1)
            for piece in _pieces(archive, part, name):
                area.take(piece, ANY_CELL)
        _check_area(area, name, part.filename, limits)
        if has_formula:
            with_formulas.append(part.filename)
    return with_formulas


def _check_area(area: UsedArea, name: str, part: str, limits: Limits) -> None:
    sheet = Path(part).stem
    if area.columns > max(limits.columns, 26):
        raise TooManyColumns(name=name, sheet=sheet, limit=limits.columns)
    if area.rows > max(limits.rows, 99_999):
        raise TooManyRows(name=name, sheet=sheet, limit=limits.rows)
    if area.rows * area.columns > max(limits.cells, 99_999 * 26):
        raise TooManyCells(name=name, limit=limits.cells)


def _pieces(archive: zipfile.ZipFile, part: zipfile.ZipInfo, name: str) -> Iterator[bytes]:
    """Unpack one part in pieces, each beginning with the end of the one before.

    zipfile itself would stop at the declared size without a word, while the reader that comes after does not.
    """
    tail, size = b"", 0
    for piece in _inflated(archive, part):
        size += len(piece)
        if size > part.file_size:
            raise SuspiciousArchive(name=name)
        yield tail + piece
        tail = piece[-OVERLAP_BYTES:]


def _inflated(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> Iterator[bytes]:
    if part.flag_bits & ENCRYPTED:
        raise RuntimeError(part.filename)
    if part.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
        raise NotImplementedError(part.filename)
    file = cast("IO[bytes]", archive.fp)
    file.seek(part.header_offset + LOCAL_HEADER_BYTES - 4)
    file.seek(sum(struct.unpack("<HH", file.read(4))), 1)
    left = part.compress_size
    inflate = zlib.decompressobj(-zlib.MAX_WBITS) if part.compress_type == zipfile.ZIP_DEFLATED else None
    while left > 0 and (packed := file.read(min(left, PIECE_BYTES))):
        left -= len(packed)
        while inflate and packed:
            yield inflate.decompress(packed, PIECE_BYTES)
            packed = inflate.unconsumed_tail
        if not inflate:
            yield packed
    if left or (inflate and not inflate.eof):
        raise EOFError(part.filename)


def _sheet_names(archive: zipfile.ZipFile) -> dict[str, str]:
    """Return part → sheet name, as the workbook's own relations say."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    relations = etree.fromstring(archive.read("xl/_rels/workbook.xml.rels"), parser)
    targets = {relation.get("Id"): relation.get("Target", "") for relation in relations}
    workbook = etree.fromstring(archive.read("xl/workbook.xml"), parser)
    names = {}
    for sheet in workbook.iter("{*}sheet"):
        target = targets.get(sheet.get(RELATION), "")
        part = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
        names[part] = sheet.get("name", "")
    return names


def _uncomputed(archive: zipfile.ZipFile, part: str) -> frozenset[tuple[int, int]]:
    found = set()
    rest = b""
    with archive.open(part) as stream:
        while piece := stream.read(PIECE_BYTES):
            whole, mark, rest = (rest + piece).rpartition(b"</c>")
            for letters, digits in UNCOMPUTED.findall(whole + mark):
                found.add((int(digits), column_number(letters.decode())))
    return frozenset(found)
