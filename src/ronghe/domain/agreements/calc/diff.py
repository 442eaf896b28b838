"""What changed between two versions: part by part, line by line, word by word.

A Chinese character is a word of its own; a run of Latin letters or digits is one word.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import zip_longest

from ronghe.domain.agreements.calc.content import Content, Goal, spelled
from ronghe.kernel.words import N_, _

SAME, ADDED, REMOVED, CHANGED = "same", "added", "removed", "changed"
WORD = re.compile(r"[A-Za-z0-9.]+|\s+|.", re.DOTALL)
LIKE_ENOUGH = 0.3
"""Two lines less alike than this are shown as one gone and one new: a patchwork of single signs reads worse."""
LONGEST_COMPARED = 2_000
"""Words of a line beyond which it is shown as a whole: comparing grows with the square."""
BETTER_WORDS = {"up": N_("越高越好"), "down": N_("越低越好")}


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text that is `same`, `added` or `removed`."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Line:
    """One line: `same`, `added`, `removed`, or `changed` in some of its pieces."""

    kind: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the content. `id` is `title`, `term`, `preamble`, `section:…` or `goal:…`."""

    id: str
    title: str
    kind: str
    lines: tuple[Line, ...]


def content_diff(before: Content, after: Content) -> tuple[Part, ...]:
    """Return every part in the order of `after`; parts that are gone come last, unchanged ones are `same`."""
    old, new = dict(_parts(before)), dict(_parts(after))
    found = []
    for key, (title, text) in new.items():
        if key not in old:
            found.append(Part(key, title, ADDED, text_diff("", text)))
            continue
        was_title, was = old[key]
        head = text_diff(was_title, title) if was_title != title else ()
        is_same = not head and was == text
        found.append(Part(key, title, SAME if is_same else CHANGED, head + text_diff(was, text)))
    gone = [(key, value) for key, value in old.items() if key not in new]
    return (*found, *(Part(key, title, REMOVED, text_diff(text, "")) for key, (title, text) in gone))


def text_diff(before: str, after: str) -> tuple[Line, ...]:
    """Return the lines of both texts: what is `same` or `added` spells `after`, `same` or `removed` spells `before`."""
    old, new = _lines(before), _lines(after)
    found: list[Line] = []
    for word, a, b, c, d in SequenceMatcher(a=old, b=new, autojunk=False).get_opcodes():
        if word == "equal":
            found += [Line(SAME, (Piece(SAME, line),)) for line in old[a:b]]
        else:
            found += _replaced(old[a:b], new[c:d])
    return tuple(found)


def _replaced(old: Sequence[str], new: Sequence[str]) -> Iterator[Line]:
    for was, now in zip_longest(old, new):
        pieces = _pieces(was, now) if was is not None and now is not None else None
        if pieces is not None:
            yield Line(CHANGED, pieces)
            continue
        if was is not None:
            yield Line(REMOVED, (Piece(REMOVED, was),))
        if now is not None:
            yield Line(ADDED, (Piece(ADDED, now),))


def _pieces(was: str, now: str) -> tuple[Piece, ...] | None:
    """Return the pieces of two lines that are alike, else `None`."""
    old, new = WORD.findall(was), WORD.findall(now)
    if max(len(old), len(new)) > LONGEST_COMPARED:
        return None
    matcher = SequenceMatcher(a=old, b=new, autojunk=False)
    if matcher.ratio() < LIKE_ENOUGH:
        return None
    pieces: list[Piece] = []
    for word, a, b, c, d in matcher.get_opcodes():
        if word == "equal":
            pieces.append(Piece(SAME, "".join(old[a:b])))
            continue
        if a < b:
            pieces.append(Piece(REMOVED, "".join(old[a:b])))
        if c < d:
            pieces.append(Piece(ADDED, "".join(new[c:d])))
    return tuple(pieces)


def _lines(text: str) -> list[str]:
    return text.split("\n") if text else []


def _parts(content: Content) -> Iterator[tuple[str, tuple[str, str]]]:
    yield "title", (_("标题"), content.title)
    yield "term", (_("期限与回顾"), "\n".join(_term_lines(content)))
    yield "preamble", (_("缘由"), content.preamble)
    for section in content.sections:
        yield f"section:{section.id}", (section.title, section.text)
    for goal in content.goals:
        yield f"goal:{goal.id}", (goal.title, goal_line(goal))


def _term_lines(content: Content) -> Iterator[str]:
    yield _("%(starts)s 至 %(ends)s") % {"starts": content.starts_on, "ends": content.ends_on}
    yield _("每 %(months)s 个月回顾一次") % {"months": content.review_months}
    if content.safety_officer:
        yield _("专职安全管理人员：%(name)s") % {"name": content.safety_officer}


def goal_line(goal: Goal) -> str:
    """Return a goal in one line: from, to, unit, until when, and which way is better."""
    return _("%(baseline)s → %(target)s %(unit)s，%(due)s 前，%(better)s") % {
        "baseline": spelled(goal.baseline), "target": spelled(goal.target), "unit": goal.unit, "due": goal.due_on,
        "better": _(BETTER_WORDS[goal.better]),
    }  # fmt: skip
