"""What is wrong with a sheet: where, which kind of mistake, and a sentence that says what to do."""

from __future__ import annotations

from dataclasses import dataclass

Path = tuple[str | int, ...]
"""Keys and indexes from the top of the sheet down to the place."""


@dataclass(frozen=True)
class Problem:
    """One mistake in a sheet. `code` is stable and for programs, `message` is for people."""

    path: Path
    code: str
    message: str
