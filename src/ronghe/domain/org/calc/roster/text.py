"""Cells as people type them, made comparable: blanks, full-width signs, invisible characters."""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterable
from datetime import date, datetime
from typing import TypeVar

from ronghe.kernel.tabular.sheets import Cell

T = TypeVar("T")

_FULL_WIDTH = {
    code: chr(code - 0xFEE0) for code in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))
}
_BLANKS = dict.fromkeys(map(ord, "\u3000\u00a0\t\r\n\v\f\u2002\u2003\u2009"), " ")
_INVISIBLE = dict.fromkeys([0xFEFF, 0x200B, 0x200C, 0x200D, 0x200E, 0x200F, 0x2060, 0x00AD])
SIGNS = _FULL_WIDTH | _BLANKS | _INVISIBLE
"""Digits and letters only: Chinese brackets and commas are how units write their own names."""

ASCII_BRACKETS = str.maketrans("()", "（）")
DOTS = str.maketrans(dict.fromkeys("•・．‧∙●", "·"))
CHINESE = re.compile(r"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
NOT_WORD = re.compile(r"[\s*※★#:：]+")
BRACKETED = re.compile(r"[（(【\[].*?[)）】\]]")


def plain(value: Cell | None) -> str:
    """Return a cell as one line of text: half-width digits and letters, single blanks, none at the ends."""
    if type(value) is str:
        return " ".join(value.translate(SIGNS).split())
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == datetime.min.time() else value.isoformat(" ")
    return value.isoformat() if isinstance(value, date) else str(value)


def proper(value: Cell | None) -> str:
    """Return the name of a unit, body or thing: no blanks between Chinese signs, brackets of one kind."""
    text = plain(value)
    if not CHINESE.search(text):
        return text
    return text.translate(ASCII_BRACKETS).replace(" ", "")


def person_name(value: Cell | None) -> str:
    """Return a person's name: 张 三 is 张三, the dot inside a name of a minority is one and the same sign."""
    text = plain(value).translate(DOTS)
    return text.replace(" ", "") if CHINESE.search(text) else text


def word(value: Cell | None) -> str:
    """Return a head word or a choice in the form in which synonyms are compared."""
    return NOT_WORD.sub("", plain(value)).lower().translate(ASCII_BRACKETS)


def without_brackets(text: str) -> str:
    """Return `text` without what stands in brackets: 身份证号（18位） is 身份证号."""
    return BRACKETED.sub("", text)


def each(values: Iterable[Cell], clean: Callable[[Cell], T]) -> list[T]:
    """Return `clean` of each value; equal values are cleaned once, for columns that repeat themselves."""
    known: dict[Hashable, T] = {}
    result = []
    for value in values:
        key = (value, type(value)) if type(value) is not str else value
        try:
            result.append(known[key])
        except KeyError:
            known[key] = cleaned = clean(value)
            result.append(cleaned)
    return result
