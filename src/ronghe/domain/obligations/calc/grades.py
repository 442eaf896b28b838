"""Which days a duty that a grade brings is owed on, for one body (RT-03)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from ronghe.domain.obligations.calc.instances import InForce
from ronghe.domain.playbooks.calc.model import Mechanism


@dataclass(frozen=True, slots=True)
class Grade:
    """A final grade of one body, by one sheet of one playbook, and the days on which it decides; `id` is the caller's.

    Where two hold on a day the later one decides: `number` counts up in the order in which they became final.
    """

    id: int
    number: int
    playbook: str
    sheet: str
    grade: str
    in_force: InForce


@dataclass(frozen=True, slots=True)
class Piece:
    """Some days on which one grade decides, or none does."""

    days: InForce
    grade: Grade | None


def pieces_for(mechanism: Mechanism, grades: Iterable[Grade]) -> list[Piece]:
    """Return the days on which `mechanism` is owed by its `for_grade`, in order, each piece with the grade that says so.

    The sheet is that of the playbook which wrote the mechanism. A mechanism that every body owes has one piece, all days.
    """
    wanted = mechanism.for_grade
    if wanted is None:
        return [Piece(InForce(), None)]
    names = {entry.id for entry in wanted.grades}
    own = [one for one in grades if (one.playbook, one.sheet) == (mechanism.origin, wanted.sheet)]
    return [
        piece
        for piece in _pieces(own)
        if (piece.grade.grade in names if piece.grade is not None else wanted.is_owed_ungraded)
    ]


def within(stretches: Iterable[InForce], pieces: Sequence[Piece]) -> list[InForce]:
    """Return the parts of `stretches` that lie in `pieces`, not yet joined."""
    parts = [
        InForce(max(one.from_on, piece.days.from_on), min(one.until_on, piece.days.until_on))
        for one in stretches
        for piece in pieces
    ]
    return [part for part in parts if part.from_on < part.until_on]


def grade_on(day: date, pieces: Iterable[Piece]) -> Grade | None:
    """Return the grade that decides on `day`."""
    return next((piece.grade for piece in pieces if piece.days.from_on <= day < piece.days.until_on), None)


def _pieces(grades: Sequence[Grade]) -> list[Piece]:
    """Cut all days where some grade begins or ends; on each piece the last final one decides."""
    cuts = {date.min, date.max}
    for one in grades:
        cuts |= {one.in_force.from_on, one.in_force.until_on}
    days = sorted(cuts)
    found = []
    for from_on, until_on in pairwise(days):
        standing = [one for one in grades if one.in_force.from_on <= from_on < one.in_force.until_on]
        found.append(Piece(InForce(from_on, until_on), max(standing, key=lambda one: one.number, default=None)))
    return found
