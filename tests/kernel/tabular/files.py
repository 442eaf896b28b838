"""Files as people send them, made byte by byte: workbooks old and new, containers, archives that lie."""

from __future__ import annotations

import io
import struct
import zipfile
from pathlib import Path

from openpyxl import Workbook

SECTOR = 512
FREE, END, FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD


def xlsx(path: Path, rows, *, title="Sheet1", merged=(), hidden=(), sheets=None) -> Path:
    """Write a workbook with one sheet of `rows`, or the `sheets` given as title → rows."""
    workbook = Workbook()
    workbook.remove(workbook.active)
    for name, lines in (sheets or {title: rows}).items():
        sheet = workbook.create_sheet(name)
        for line in lines:
            sheet.append(line)
        for area in merged:
            sheet.merge_cells(area)
        if name in hidden:
            sheet.sheet_state = "hidden"
    workbook.save(path)
    return path


def ole(path: Path, streams: dict[str, bytes]) -> Path:
    """Write a compound file with `streams`, each padded past 4,096 bytes so that none goes to the mini stream."""
    bodies = {name: body.ljust(4_608, b"\x00") for name, body in streams.items()}
    chains, data = [], b""
    for body in bodies.values():
        padded = body.ljust(-(-len(body) // SECTOR) * SECTOR, b"\x00")
        chains.append((len(data) // SECTOR, len(padded) // SECTOR))
        data += padded
    directory_at = len(data) // SECTOR
    entries = [_entry("Root Entry", 5, child=1, start=END, size=0)]
    for number, (name, body) in enumerate(bodies.items(), start=1):
        right = number + 1 if number < len(bodies) else FREE
        entries.append(_entry(name, 2, right=right, start=chains[number - 1][0], size=len(body)))
    directory = b"".join(entries).ljust(-(-len(entries) * 128 // SECTOR) * SECTOR, b"\x00")
    fat = [FREE] * (SECTOR // 4)
    for start, length in [*chains, (directory_at, len(directory) // SECTOR)]:
        for at in range(start, start + length):
            fat[at] = at + 1 if at + 1 < start + length else END
    fat_at = directory_at + len(directory) // SECTOR
    fat[fat_at] = FAT
    header = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(16)
    header += struct.pack("<HHHHH6xIIIIIIIII", 0x3E, 3, 0xFFFE, 9, 6, 0, 1, directory_at, 0, 4096, END, 0, END, 0)
    header += struct.pack("<I", fat_at) + struct.pack("<I", FREE) * 108
    path.write_bytes(header + data + directory + struct.pack("<128I", *fat))
    return path


def _entry(name: str, kind: int, *, start: int, size: int, child: int = FREE, right: int = FREE) -> bytes:
    text = name.encode("utf-16-le")
    return (
        text.ljust(64, b"\x00")
        + struct.pack("<HBB", len(text) + 2, kind, 1)
        + struct.pack("<III", FREE, right, child)
        + bytes(36)
        + struct.pack("<IQ", start, size)
    )


def xls(path: Path, rows, *, title="Sheet1", filepass=False) -> Path:
    """Write an old-style workbook (BIFF8) of texts and numbers."""
    bof = _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0005, 0, 0, 0, 0))
    locked = _record(0x002F, bytes(6)) if filepass else b""
    name = title.encode("utf-16-le")
    sheet_head = struct.pack("<BB", 0, 0) + struct.pack("<BB", len(title), 1) + name
    end = _record(0x000A, b"")
    globals_size = len(bof) + len(locked) + 4 + 4 + len(sheet_head) + len(end)
    body = bof + locked + _record(0x0085, struct.pack("<I", globals_size) + sheet_head) + end
    sheet = _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0010, 0, 0, 0, 0))
    for row, cells in enumerate(rows):
        for column, value in enumerate(cells):
            if isinstance(value, int | float):
                sheet += _record(0x0203, struct.pack("<HHHd", row, column, 0, value))
            elif value:
                text = value.encode("utf-16-le")
                sheet += _record(0x0204, struct.pack("<HHHHB", row, column, 0, len(value), 1) + text)
    return ole(path, {"Workbook": body + sheet + end})


def _record(kind: int, body: bytes) -> bytes:
    return struct.pack("<HH", kind, len(body)) + body


def with_part(path: Path, part: str, body: bytes) -> Path:
    """Replace one part of a workbook."""
    source = io.BytesIO(path.read_bytes())
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for item in old.infolist():
            new.writestr(item.filename, body if item.filename == part else old.read(item))
    return path


def sheet_xml(inner: str) -> bytes:
    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        f"<sheetData>{inner}</sheetData></worksheet>"
    ).encode()
