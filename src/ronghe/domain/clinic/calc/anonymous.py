"""Words that are told to everybody say nothing about who asked: names and numbers are taken out."""

from __future__ import annotations

import re
from collections.abc import Iterable

HIDDEN = "××"
_NUMBER = re.compile(r"(?<!\d)(?:1[3-9]\d{9}|\d{17}[\dXx])(?!\d)")
"""Mobile and identity numbers."""


def without_people(text: str, names: Iterable[str]) -> str:
    """Return `text` with each of `names`, and what looks like a mobile or identity number, replaced."""
    for name in sorted({name for name in names if name.strip()}, key=len, reverse=True):
        text = text.replace(name, HIDDEN)
    return _NUMBER.sub(HIDDEN, text)


def names_in(text: str, names: Iterable[str]) -> list[str]:
    """Return those of `names` that `text` says, and numbers of people in it, in their order."""
    told = [name for name in names if name.strip() and name in text]
    return [*told, *_NUMBER.findall(text)]
