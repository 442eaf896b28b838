"""The urn of an anonymous survey: sums by group and question, and texts by question in the order of their signs.

Whoever answered what, the urn holds the same as if others of the same group had: addition and sorting forget. What was
answered to one question is not kept beside what the same person answered to another. It is packed to a length that depends
on the questions and the number of answers alone: a text that was left out takes as much room as the longest one.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ronghe.domain.surveys.calc.questions import LONGEST_TEXT, Answer, Asked, counted

WIDTH = 18
"""Digits of one sum."""
ROOM = LONGEST_TEXT * 4
"""Bytes that the longest text takes."""
_SLOT = -(-ROOM // 3) * 4

Sums = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Urn:
    """`sums[group][question]`: how many answered it, then its cells. `texts[question]`: one a person, "" for none, sorted."""

    sums: tuple[tuple[Sums, ...], ...]
    texts: tuple[tuple[str, ...], ...]


def empty(asked: Sequence[Asked], groups: int) -> Urn:
    row = tuple((0,) * (1 + question.cells) for question in asked)
    return Urn((row,) * groups, ((),) * len(_texts(asked)))


def with_answers(urn: Urn, asked: Sequence[Asked], group: int, answers: Mapping[int, Answer]) -> Urn:
    """Return the urn with one more person of `group` (from 0)."""
    added = tuple(
        _added(sums, question, answers.get(question.number))
        for sums, question in zip(urn.sums[group], asked, strict=True)
    )
    texts = tuple(
        tuple(sorted((*known, str(answers.get(question.number, "")))))
        for known, question in zip(urn.texts, _texts(asked), strict=True)
    )
    return Urn((*urn.sums[:group], added, *urn.sums[group + 1 :]), texts)


def pack(urn: Urn) -> str:
    """Return the urn as plain signs of a length that tells nothing of what was answered."""
    digits = "".join(f"{one:0{WIDTH}d}" for group in urn.sums for sums in group for one in sums)
    slots = "".join(_slot(text) for texts in urn.texts for text in texts)
    return digits + slots


def unpack(packed: str, asked: Sequence[Asked], groups: int) -> Urn:
    """Return the urn that `pack` wrote."""
    sizes = [1 + question.cells for question in asked]
    at = 0
    sums: list[tuple[Sums, ...]] = []
    for _group in range(groups):
        row: list[Sums] = []
        for size in sizes:
            row.append(tuple(int(packed[at + WIDTH * n : at + WIDTH * (n + 1)]) for n in range(size)))
            at += WIDTH * size
        sums.append(tuple(row))
    slots = [_text(packed[place : place + _SLOT]) for place in range(at, len(packed), _SLOT)]
    columns = len(_texts(asked))
    people = len(slots) // columns if columns else 0
    return Urn(tuple(sums), tuple(tuple(slots[n * people : (n + 1) * people]) for n in range(columns)))


def _texts(asked: Sequence[Asked]) -> list[Asked]:
    return [question for question in asked if question.type == "text"]


def _added(sums: Sums, question: Asked, answer: Answer | None) -> Sums:
    if answer is None or answer == "":
        return sums
    return (sums[0] + 1, *(old + new for old, new in zip(sums[1:], counted(question, answer), strict=True)))


def _slot(text: str) -> str:
    return b64encode(text.encode().ljust(ROOM, b"\0")).decode()


def _text(slot: str) -> str:
    return b64decode(slot).rstrip(b"\0").decode()
