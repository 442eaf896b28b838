"""How much of a file is taken in before it is refused."""

from __future__ import annotations

from dataclasses import dataclass

MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """Ceilings that keep memory and time bounded whatever is uploaded.

    The defaults take 200,000 rows of 40 columns; a unit that needs more raises them in its settings.
    """

    file_bytes: int = 64 * MIB
    unpacked_bytes: int = 512 * MIB
    """All parts of a workbook together, counted while they are really unpacked, not as the archive declares."""
    ratio: int = 200
    """Unpacked ÷ packed. Sheets of real units stay under 40; deflate itself cannot pass 1,032."""
    ratio_from_bytes: int = 32 * MIB
    """Small files may have any ratio."""
    parts: int = 5_000
    rows: int = 300_000
    columns: int = 512
    cells: int = 12_000_000
    """Rows × columns of the used area; the reader keeps about 32 bytes for each, empty or not."""
    text_characters: int = 64 * MIB
