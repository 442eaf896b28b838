"""Two texts line by line, for people: what went, what came, and a few lines around."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

AROUND = 2
"""Lines shown before and after a difference."""

LONGEST = 6_000
"""Lines of both texts together that are compared; longer ones are shown apart."""


@dataclass(frozen=True, slots=True)
class TextLine:
    """One line: gone from the first, come in the second, in both, or left out between."""

    kind: Literal["gone", "come", "both", "skipped"]
    text: str
    number: int | None = None
    """Where it stands: in the second text, of a gone line in the first."""


def lines_between(first: str, second: str) -> list[TextLine]:
    """Return the lines in which two texts differ, with `AROUND` lines of what is the same."""
    a, b = first.split("\n"), second.split("\n")
    if len(a) + len(b) > LONGEST:
        return [TextLine("gone", text, n) for n, text in enumerate(a, 1)]
    return list(_lines(a, b))


def _lines(a: list[str], b: list[str]) -> Iterator[TextLine]:
    end = 0
    for group in SequenceMatcher(None, a, b, autojunk=False).get_grouped_opcodes(AROUND):
        if group[0][3] > end:
            yield TextLine("skipped", "")
        for tag, a_from, a_until, b_from, b_until in group:
            if tag == "equal":
                yield from (TextLine("both", b[n], n + 1) for n in range(b_from, b_until))
                continue
            yield from (TextLine("gone", a[n], n + 1) for n in range(a_from, a_until))
            yield from (TextLine("come", b[n], n + 1) for n in range(b_from, b_until))
        end = group[-1][4]
    if end < len(b):
        yield TextLine("skipped", "")
