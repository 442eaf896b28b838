"""From the marks of each group to one score and one of four grades (AP-04): exact, with the weights that count."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

PLACES = Decimal("0.0001")


@dataclass(frozen=True, slots=True)
class Grade:
    """One of the four grades: what a mark is worth, and from which score on a result is of the grade."""

    code: str
    title: str
    points: Decimal
    least: Decimal

    def as_data(self) -> dict[str, str]:
        return {"code": self.code, "title": self.title, "points": str(self.points), "least": str(self.least)}


DEFAULT_POINTS = (Decimal(100), Decimal(85), Decimal(70), Decimal(50))
"""AP-04 names four grades and no points: a default that a unit may change."""
DEFAULT_LEAST = (Decimal(90), Decimal(80), Decimal(60), Decimal(0))


@dataclass(frozen=True, slots=True)
class GroupMarks:
    """What one group marked: its weight in percent, and the marks by grade; `None` where too few marked to show."""

    weight: Decimal
    counts: tuple[int, ...] | None

    @property
    def is_counted(self) -> bool:
        return self.counts is not None and sum(self.counts) > 0 and self.weight > 0


@dataclass(frozen=True, slots=True)
class Score:
    """`value` is `None` where no group counts. `shares` are the percentages that the groups had in the end, in their order."""

    value: Decimal | None
    shares: tuple[Decimal, ...]


def grades_from(data: Sequence[Mapping[str, Any]]) -> tuple[Grade, ...]:
    """Return the grades as a hearing keeps them, from good to poor."""
    return tuple(
        Grade(str(row["code"]), str(row["title"]), Decimal(str(row["points"])), Decimal(str(row["least"])))
        for row in data
    )


def default_grades(words: Sequence[tuple[str, str]]) -> tuple[Grade, ...]:
    """Return four grades of these codes and titles with the default points."""
    return tuple(
        Grade(code, title, points, least)
        for (code, title), points, least in zip(words, DEFAULT_POINTS, DEFAULT_LEAST, strict=True)
    )


def score_of(groups: Sequence[GroupMarks], grades: Sequence[Grade]) -> Score:
    """Return the weighted mean of the groups' means; the weight of a group that does not count goes to the others."""
    whole = sum((Fraction(group.weight) for group in groups if group.is_counted), Fraction())
    if not whole:
        return Score(None, tuple(Decimal(0) for _ in groups))
    shares = [Fraction(group.weight) / whole if group.is_counted else Fraction() for group in groups]
    pairs = [(share, group.counts) for share, group in zip(shares, groups, strict=True) if share]
    total = sum((share * _mean(counts or (), grades) for share, counts in pairs), Fraction())
    return Score(_decimal(total), tuple(_decimal(share * 100) for share in shares))


def grade_of(score: Decimal | None, grades: Sequence[Grade]) -> Grade | None:
    """Return the best grade that the score reaches; none without a score."""
    if score is None:
        return None
    return next((grade for grade in grades if score >= grade.least), grades[-1])


def ranks_of(scores: Mapping[int, Decimal | None]) -> dict[int, int]:
    """Return the rank of each key, equal scores sharing one; those without a score have none."""
    known = sorted((score for score in scores.values() if score is not None), reverse=True)
    return {key: known.index(score) + 1 for key, score in scores.items() if score is not None}


def _mean(counts: Sequence[int], grades: Sequence[Grade]) -> Fraction:
    worth = sum((Fraction(grade.points) * count for grade, count in zip(grades, counts, strict=True)), Fraction())
    return worth / sum(counts)


def _decimal(value: Fraction) -> Decimal:
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    return exact.quantize(PLACES, rounding=ROUND_HALF_UP)
