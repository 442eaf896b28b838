"""Marks of a panel made fair: strictness evened out, trimmed means, who is missing (H4). Plain arithmetic on decimals.

A mark of one reviewer for one subject is the weighted sum of the criteria, out of 100. How strict a reviewer marks is found by
fitting mark = subject + reviewer to everything that was marked, so a reviewer who saw only the weak is not called strict for it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

HUNDRED = Decimal(100)
ZERO = Decimal(0)
PLACES = Decimal("0.0001")
FINE = Decimal("0.00000001")
ROUNDS = 200
LEAST_TO_EVEN_OUT = 3
"""Reviewers, and marks of one reviewer, below which nobody's strictness can be told from the subjects'."""

Cell = tuple[int, int]
"""A reviewer and a subject, by key."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came out for one subject; `score` is `None` where too few marked."""

    score: Decimal | None
    raw: Decimal | None
    marked: int
    missing: int
    kept_out: int
    trimmed: int


@dataclass(frozen=True, slots=True)
class Counted:
    """Outcomes by subject, and by how much each reviewer marks above (+) or below (−) the others."""

    outcomes: Mapping[int, Outcome]
    severity: Mapping[int, Decimal]


def whole_mark(marks: Sequence[int], weights: Sequence[Decimal], scale: int) -> Decimal:
    """Return one reviewer's mark for one subject out of 100."""
    total = sum((weight * mark for weight, mark in zip(weights, marks, strict=True)), ZERO)
    return total * HUNDRED / scale / sum(weights, ZERO)


def severities(marks: Mapping[Cell, Decimal]) -> dict[int, Decimal]:
    """Return by how much each reviewer lies above the others on the same subjects; only where that can be told."""
    by_reviewer: dict[int, list[Cell]] = {}
    by_subject: dict[int, list[Cell]] = {}
    for cell in sorted(marks):
        by_reviewer.setdefault(cell[0], []).append(cell)
        by_subject.setdefault(cell[1], []).append(cell)
    known = {who for who, cells in by_reviewer.items() if len(cells) >= LEAST_TO_EVEN_OUT}
    if len(known) < LEAST_TO_EVEN_OUT:
        return {}
    lean = dict.fromkeys(by_reviewer, ZERO)
    for _round in range(ROUNDS):
        level = {
            subject: _mean([marks[cell] - lean[cell[0]] for cell in cells]) for subject, cells in by_subject.items()
        }
        new = {who: _mean([marks[cell] - level[cell[1]] for cell in by_reviewer[who]]) for who in known}
        middle = _mean(list(new.values()))
        new = {who: (value - middle).quantize(FINE) for who, value in new.items()}
        change = max(abs(new[who] - lean[who]) for who in known)
        lean |= new
        if change <= FINE:
            break
    return {who: lean[who].quantize(PLACES, ROUND_HALF_UP) for who in sorted(known)}


def count_marks(
    marks: Mapping[Cell, Decimal], *, reviewers: Sequence[int], subjects: Sequence[int], kept_out: frozenset[Cell],
    trim: int, least: int, adjusts: bool,
) -> Counted:  # fmt: skip
    """Return what came out. Marks of who declared a conflict do not count; neither are they missing."""
    taken = {cell: mark for cell, mark in marks.items() if cell not in kept_out}
    lean = severities(taken) if adjusts else {}
    outcomes = {}
    for subject in subjects:
        out = sum((reviewer, subject) in kept_out for reviewer in reviewers)
        own = {who: taken[(who, subject)] for who in reviewers if (who, subject) in taken}
        evened = [min(max(mark - lean.get(who, ZERO), ZERO), HUNDRED) for who, mark in own.items()]
        score, trimmed = trimmed_mean(evened, trim, least)
        raw = _mean(list(own.values())).quantize(PLACES, ROUND_HALF_UP) if len(own) >= max(least, 1) else None
        outcomes[subject] = Outcome(score, raw, len(own), len(reviewers) - out - len(own), out, trimmed)
    return Counted(outcomes, lean)


def trimmed_mean(marks: Sequence[Decimal], trim: int, least: int) -> tuple[Decimal | None, int]:
    """Return the mean without the `trim` highest and lowest, and how many marks were left out.

    Fewer than `least` marks are no result; where trimming would leave fewer than two, nothing is trimmed.
    """
    if not marks or len(marks) < least:
        return None, 0
    cut = trim if len(marks) - 2 * trim >= 2 else 0
    kept = sorted(marks)[cut : len(marks) - cut]
    return _mean(kept).quantize(PLACES, ROUND_HALF_UP), 2 * cut


def spread_mean(counts: Sequence[int], trim: int, scale: int) -> Decimal:
    """Return the trimmed mean out of 100 of marks told as how often each mark from 0 on was given."""
    marks = [Decimal(mark) for mark, often in enumerate(counts) for _one in range(often)]
    mean, _trimmed = trimmed_mean(marks, trim, 1)
    return (mean or ZERO) * HUNDRED / scale


def _mean(values: Sequence[Decimal]) -> Decimal:
    return sum(values, ZERO) / len(values)
