"""Reading from a font file what typesetting does not tell: which characters it can draw."""

from __future__ import annotations

import struct
from pathlib import Path

UNICODE_SUBTABLES = ((3, 10), (0, 6), (0, 4), (3, 1), (0, 3), (0, 2), (0, 1), (0, 0))
"""Platform and encoding of the subtables keyed by Unicode, those with more than 65,536 characters first."""


class FontUnreadable(ValueError):
    """Not an OpenType font, or one without a table of Unicode characters."""


def covered_characters(path: Path, index: int = 0) -> frozenset[int]:
    """Return the code points that the font (number `index` of a collection) has a glyph for.

    :raises FontUnreadable: the file is no font, is damaged, or has no Unicode table
    """
    data = path.read_bytes()
    try:
        return _character_map(data, _table_offset(data, index, b"cmap"))
    except (struct.error, IndexError) as error:
        raise FontUnreadable(str(path)) from error


def _table_offset(data: bytes, index: int, tag: bytes) -> int:
    start = 0
    if data[:4] == b"ttcf":
        (start,) = struct.unpack_from(">I", data, 12 + 4 * index)
    (count,) = struct.unpack_from(">H", data, start + 4)
    for number in range(count):
        name, _, offset, _ = struct.unpack_from(">4sIII", data, start + 12 + 16 * number)
        if name == tag:
            return int(offset)
    raise FontUnreadable(tag.decode())


def _character_map(data: bytes, table: int) -> frozenset[int]:
    (count,) = struct.unpack_from(">H", data, table + 2)
    subtables = {}
    for number in range(count):
        platform, encoding, offset = struct.unpack_from(">HHI", data, table + 4 + 8 * number)
        subtables[platform, encoding] = table + offset
    for key in UNICODE_SUBTABLES:
        if key not in subtables:
            continue
        (kind,) = struct.unpack_from(">H", data, subtables[key])
        if kind == 12:
            return _segmented_coverage(data, subtables[key])
        if kind == 4:
            return _delta_segments(data, subtables[key])
    raise FontUnreadable("cmap")


def _segmented_coverage(data: bytes, offset: int) -> frozenset[int]:
    """Format 12: groups of first character, last character, first glyph."""
    (count,) = struct.unpack_from(">I", data, offset + 12)
    codes: set[int] = set()
    for first, last, glyph in struct.iter_unpack(">III", data[offset + 16 : offset + 16 + 12 * count]):
        codes.update(range(first + (glyph == 0), last + 1))
    return frozenset(codes)


def _delta_segments(data: bytes, offset: int) -> frozenset[int]:
    """Format 4: parallel arrays of last, first, delta and offset; a glyph number of 0 means the character is missing."""
    (double,) = struct.unpack_from(">H", data, offset + 6)
    count = double // 2
    lasts = struct.unpack_from(f">{count}H", data, offset + 14)
    firsts = struct.unpack_from(f">{count}H", data, offset + 16 + double)
    deltas = struct.unpack_from(f">{count}H", data, offset + 16 + 2 * double)
    range_at = offset + 16 + 3 * double
    ranges = struct.unpack_from(f">{count}H", data, range_at)
    codes: set[int] = set()
    for segment, (first, last, delta, reach) in enumerate(zip(firsts, lasts, deltas, ranges, strict=True)):
        for code in range(first, min(last, 0xFFFE) + 1):
            glyph = code
            if reach:
                (glyph,) = struct.unpack_from(">H", data, range_at + 2 * segment + reach + 2 * (code - first))
                if glyph == 0:
                    continue
            if (glyph + delta) & 0xFFFF:
                codes.add(code)
    return frozenset(codes)
