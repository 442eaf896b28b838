"""What a meeting says, as lines; and the digest that a signature stands under."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass

_MARKS = re.compile(r"\s*(?:\u2014{1,2}|\u2192|=>|\uff5c|\||\uff1a|:)\s*")
"""Between a hazard and its measure: dash, arrow, bar or colon, Chinese or not."""
_NUMBER = re.compile(r"^\s*(?:\d{1,2}\s*[.\u3001\uff0e)\uff09]|[-\u00b7\u2022])\s*")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a briefing: what it is about, and what is done about it ("" where the meeting asks for no measure)."""

    what: str
    measure: str = ""


def lines_of(text: str, *, in_pairs: bool) -> list[Line]:
    r"""Return the lines of a text without their numbers; in pairs, a hazard and its measure stand on one line.

    >>> lines_of("1. 吊装：划警戒区\n\n触电——断电挂牌", in_pairs=True)
    [Line(what='吊装', measure='划警戒区'), Line(what='触电', measure='断电挂牌')]
    """
    found = []
    for row in text.splitlines():
        bare = _NUMBER.sub("", row).strip()
        if bare:
            what, _mark, measure = _split(bare) if in_pairs else (bare, "", "")
            found.append(Line(what, measure))
    return found


def digest_of(meeting: str, heading: str, text: str) -> str:
    """Return the SHA-256 of what is signed, 64 hexadecimal digits; another meeting, heading or text gives another."""
    plain = json.dumps([meeting, heading.strip(), _plain(text)], ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(plain.encode()).hexdigest()


def _plain(text: str) -> list[str]:
    """Space around lines is not part of what is signed: browsers and files put it there."""
    return [row.strip() for row in text.splitlines() if row.strip()]


def _split(row: str) -> tuple[str, str, str]:
    found = _MARKS.search(row)
    if found is None:
        return row, "", ""
    return row[: found.start()].strip(), found.group(), row[found.end() :].strip()
