"""What came of a closed survey: sums, means and texts, as far as enough answered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from django.db.models import QuerySet

from ronghe.domain.surveys.calc.questions import HUNDREDTHS, POINTS
from ronghe.domain.surveys.enums import QuestionType, SurveyState
from ronghe.domain.surveys.models import NamedAnswer, Survey, SurveyQuestion, SurveyTally, SurveyText
from ronghe.kernel.errors import DomainError
from ronghe.kernel.words import N_

_TWO = Decimal("0.01")


class ResultsNotYet(DomainError):
    code = "survey_results_not_yet"
    sentence = N_("“%(title)s”还没有结束，截止后才看得到结果。")


@dataclass(frozen=True, slots=True)
class Bar:
    """One line of a question: what could be chosen, how often it was, and the exact share of who answered."""

    title: str
    count: int
    share: Fraction

    @property
    def percent(self) -> str:
        return f"{rounded(self.share * 100)}"


@dataclass(frozen=True, slots=True)
class RowMean:
    """One row of a matrix."""

    title: str
    bars: tuple[Bar, ...]
    mean: Fraction

    @property
    def mean_text(self) -> str:
        return f"{rounded(self.mean)}"


@dataclass(frozen=True, slots=True)
class GroupResult:
    """A question's sums in one unit; everything `None` where too few answered, or one could subtract."""

    name: str
    answers: int | None
    bars: tuple[Bar, ...]
    mean: Fraction | None

    @property
    def mean_text(self) -> str:
        return f"{rounded(self.mean)}" if self.mean is not None else ""


@dataclass(frozen=True, slots=True)
class QuestionResult:
    """`answers` is `None` where too few answered. `texts` are shuffled."""

    question: SurveyQuestion
    answers: int | None
    bars: tuple[Bar, ...]
    rows: tuple[RowMean, ...]
    mean: Fraction | None
    texts: tuple[SurveyText, ...]
    groups: tuple[GroupResult, ...]

    @property
    def mean_text(self) -> str:
        return f"{rounded(self.mean)}" if self.mean is not None else ""


@dataclass(frozen=True, slots=True)
class Results:
    survey: Survey
    people: int
    answered: int
    questions: tuple[QuestionResult, ...]

    @property
    def is_hidden(self) -> bool:
        return all(one.answers is None for one in self.questions)


def rounded(value: Fraction) -> Decimal:
    """Return a fraction to two places, half up: worked out exactly, rounded once."""
    return (Decimal(value.numerator) / Decimal(value.denominator)).quantize(_TWO, ROUND_HALF_UP)


def results_of(survey: Survey) -> Results:
    """Return what came of a closed survey; four statements whatever its size.

    :raises ResultsNotYet: it still runs: what is shown before and after an answer would tell the answer
    """
    if survey.state != SurveyState.CLOSED:
        raise ResultsNotYet(title=survey.title)
    groups = list(survey.groups.order_by("place"))
    kept = {
        (row.question_id, row.group_id): row
        for row in SurveyTally.objects.filter(question__survey=survey).order_by("pk")
    }
    texts: dict[int, list[SurveyText]] = {}
    for text in SurveyText.objects.filter(question__survey=survey).order_by("question_id", "place"):
        texts.setdefault(text.question_id, []).append(text)
    questions = []
    for question in survey.questions.order_by("number"):
        whole = kept.get((question.pk, None))
        bars, rows, mean = _read(question, whole)
        by_group = [(group.name, kept.get((question.pk, group.pk))) for group in groups] if len(groups) > 1 else []
        questions.append(
            QuestionResult(
                question, whole.answers if whole is not None else None, bars, rows, mean,
                tuple(texts.get(question.pk, ())),
                () if question.type == QuestionType.TEXT or whole is None
                else tuple(_group(question, name, row) for name, row in by_group),
            )
        )  # fmt: skip
    return Results(survey, survey.people_count or 0, survey.answered_count or 0, tuple(questions))


def named_answers(survey: Survey) -> QuerySet[NamedAnswer]:
    """Return who answered what in a survey that said it keeps names, by name."""
    rows = NamedAnswer.objects.filter(place__survey=survey).select_related("place__person", "place__group")
    return rows.order_by("place__person__name", "place_id")


def in_words(question: SurveyQuestion, value: object) -> str:
    """Return one named answer as people read it."""
    if value is None:
        return ""
    if question.type == QuestionType.NUMBER and isinstance(value, int):
        return f"{(Decimal(value) / HUNDREDTHS).normalize():f}"
    places = value if isinstance(value, list) else [value]
    if question.type in (QuestionType.SINGLE, QuestionType.SEVERAL):
        return "; ".join(str(question.options[int(str(place)) - 1]) for place in places)
    if question.type == QuestionType.MATRIX:
        return "; ".join(f"{row} {points}" for row, points in zip(question.rows, places, strict=True))
    return str(value)


def _group(question: SurveyQuestion, name: str, row: SurveyTally | None) -> GroupResult:
    bars, rows, mean = _read(question, row)
    if row is not None and rows:
        mean = sum((one.mean for one in rows), start=Fraction(0)) / len(rows)
    return GroupResult(name, row.answers if row is not None else None, bars, mean)


def _read(
    question: SurveyQuestion, row: SurveyTally | None
) -> tuple[tuple[Bar, ...], tuple[RowMean, ...], Fraction | None]:
    if row is None or question.type == QuestionType.TEXT:
        return (), (), None
    if question.type == QuestionType.NUMBER:
        return (), (), Fraction(row.cells[0], HUNDREDTHS * row.answers)
    if question.type == QuestionType.MATRIX:
        rows = tuple(
            _row(title, row.cells[place * POINTS : (place + 1) * POINTS], row.answers)
            for place, title in enumerate(question.rows)
        )
        return (), rows, None
    is_scale = question.type == QuestionType.SCALE
    titles: Sequence[str] = [f"{points}" for points in range(1, POINTS + 1)] if is_scale else question.options
    bars = _bars(titles, row.cells, row.answers)
    return bars, (), _mean(row.cells, row.answers) if is_scale else None


def _row(title: str, cells: Sequence[int], answers: int) -> RowMean:
    points = [f"{one}" for one in range(1, POINTS + 1)]
    return RowMean(title, _bars(points, cells, answers), _mean(cells, answers))


def _bars(titles: Sequence[str], cells: Sequence[int], answers: int) -> tuple[Bar, ...]:
    return tuple(Bar(title, count, Fraction(count, answers)) for title, count in zip(titles, cells, strict=True))


def _mean(cells: Sequence[int], answers: int) -> Fraction:
    return Fraction(sum(points * count for points, count in enumerate(cells, start=1)), answers)
