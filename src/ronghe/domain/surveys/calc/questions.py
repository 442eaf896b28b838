"""What a question asks for, and reading what people answered.

An answer is kept as whole numbers: a place from 1, a list of places, points from 1 to 5 (a matrix: one a row), hundredths
of a number; or as a text. What was left out is not there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

POINTS = 5
LONGEST_TEXT = 200
HUNDREDTHS = 100
LARGEST = 10**9
"""A number is below this; more is a slip of the finger."""

Answer = int | tuple[int, ...] | str


@dataclass(frozen=True, slots=True)
class Asked:
    """One question: `options` are choices, `rows` are what a matrix gives points to."""

    number: int
    type: str
    options: tuple[str, ...] = ()
    rows: tuple[str, ...] = ()
    is_required: bool = True

    @property
    def cells(self) -> int:
        """How many sums it needs."""
        return {
            "single": len(self.options), "several": len(self.options), "scale": POINTS, "number": 1, "text": 0,
            "matrix": len(self.rows) * POINTS,
        }[self.type]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with an answer; `why` is a code that the service puts into words."""

    number: int
    why: str


def read_answers(asked: Sequence[Asked], given: Mapping[int, object]) -> tuple[dict[int, Answer], list[Problem]]:
    """Return what was answered by number of the question, and what is wrong with the rest."""
    answers: dict[int, Answer] = {}
    problems: list[Problem] = []
    for question in asked:
        raw = given.get(question.number)
        if isinstance(raw, str):
            raw = raw.strip()
        if (
            raw is None
            or raw in ("", [])
            or (isinstance(raw, (list, tuple)) and not any(one not in (None, "") for one in raw))
        ):
            if question.is_required:
                problems.append(Problem(question.number, "missing"))
            continue
        try:
            answers[question.number] = _read(question, raw)
        except _Unfit as error:
            problems.append(Problem(question.number, error.why))
    problems += [Problem(number, "no_such_question") for number in given if number not in {one.number for one in asked}]
    return answers, problems


def counted(question: Asked, answer: Answer) -> tuple[int, ...]:
    """Return what an answer adds to each sum of its question."""
    cells = [0] * question.cells
    if question.type == "number":
        cells[0] = answer if isinstance(answer, int) else 0
    elif question.type == "matrix" and isinstance(answer, tuple):
        for row, points in enumerate(answer):
            cells[row * POINTS + points - 1] = 1
    elif question.type != "text":
        for place in answer if isinstance(answer, tuple) else (answer,):
            cells[int(place) - 1] = 1
    return tuple(cells)


class _Unfit(Exception):
    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


def _read(question: Asked, raw: object) -> Answer:
    if question.type == "text":
        text = " ".join(str(raw).split())
        if len(text) > LONGEST_TEXT or "\x00" in text:
            raise _Unfit("too_long")
        return text
    if question.type == "number":
        return _number(raw)
    if question.type == "several":
        return tuple(sorted({_place(one, len(question.options)) for one in _several(raw)}))
    if question.type == "matrix":
        points = _several(raw)
        if len(points) != len(question.rows) or any(one in (None, "") for one in points):
            raise _Unfit("rows_missing")
        return tuple(_place(one, POINTS) for one in points)
    return _place(raw, POINTS if question.type == "scale" else len(question.options))


def _several(raw: object) -> Sequence[object]:
    return raw if isinstance(raw, (list, tuple)) else [raw]


def _place(raw: object, most: int) -> int:
    text = str(raw)
    if isinstance(raw, bool) or not (text.isascii() and text.isdigit() and len(text) < 4) or not 1 <= int(text) <= most:
        raise _Unfit("no_such_choice")
    return int(text)


def _number(raw: object) -> int:
    try:
        number = Decimal(str(raw).replace(",", "").replace("，", ""))
    except InvalidOperation as error:
        raise _Unfit("no_number") from error
    if not number.is_finite() or not 0 <= number < LARGEST:
        raise _Unfit("no_number")
    hundredths = number * HUNDREDTHS
    if hundredths != hundredths.to_integral_value():
        raise _Unfit("too_many_places")
    return int(hundredths)
