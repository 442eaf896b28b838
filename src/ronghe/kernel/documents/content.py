"""The content of a document as plain data: cleaned of what cannot be printed, and its digest."""

from __future__ import annotations

import hashlib
import json
import unicodedata
from dataclasses import fields, is_dataclass
from datetime import date
from typing import Any

from ronghe.kernel.documents.model import OfficialDocument

KEPT_CONTROLS = "\n"
INVISIBLE = frozenset({"\u2060", "\ufeff", *map(chr, range(0x200B, 0x2010)), *map(chr, range(0x202A, 0x202F)),
                       *map(chr, range(0x2066, 0x206A)), *map(chr, range(0xFE00, 0xFE10)), *map(chr, range(0xE0100, 0xE01F0))})  # fmt: skip
"""Marks that draw nothing: joiners, direction overrides (which could make a line read otherwise than it is stored),
variant selectors."""


def printable(text: str) -> str:
    """Return the text without control and invisible characters; tabs become spaces, line ends become line feeds."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    return "".join(
        letter
        for letter in text
        if letter in KEPT_CONTROLS or (unicodedata.category(letter) not in ("Cc", "Cs") and letter not in INVISIBLE)
    )


def cleaned(document: OfficialDocument) -> OfficialDocument:
    """Return the same document with every text printable."""
    result = _mapped(document)
    assert isinstance(result, OfficialDocument)
    return result


def content_digest(document: OfficialDocument) -> str:
    """Return the SHA-256 of what the document says, 64 hexadecimal digits; equal for PDF and Word of one content."""
    text = json.dumps(_plain(cleaned(document)), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _mapped(value: Any) -> Any:
    if isinstance(value, str):
        return printable(value)
    if isinstance(value, tuple):
        return tuple(_mapped(item) for item in value)
    if is_dataclass(value) and not isinstance(value, type):
        return type(value)(**{field.name: _mapped(getattr(value, field.name)) for field in fields(value)})
    return value


def _plain(value: Any) -> Any:
    """Return lists and dictionaries that JSON can hold; a block names its kind, so that no two kinds look alike."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if is_dataclass(value) and not isinstance(value, type):
        return {"kind": type(value).__name__} | {
            field.name: _plain(getattr(value, field.name)) for field in fields(value)
        }
    return value


def digest_lines(digest: str) -> list[str]:
    """Return a digest as people compare it: two lines of eight groups of four."""
    groups = [digest[start : start + 4] for start in range(0, len(digest), 4)]
    return [" ".join(groups[:8]), " ".join(groups[8:])]
