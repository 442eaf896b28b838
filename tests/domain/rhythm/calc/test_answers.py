"""How fast and how well raised problems were answered."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from ronghe.domain.rhythm.calc.answers import AnswerFigures, days_between, figures_of, percent, share
from ronghe.kernel.calendar.calendars import statutory_calendar


@pytest.mark.parametrize(("whole", "shown"), [(2, None), (3, Fraction(2, 3)), (4, Fraction(1, 2))])
def test_no_share_is_told_of_fewer_than_three(whole, shown):
    assert share(2, whole) == shown


@pytest.mark.parametrize(("days", "prompt"), [(9, 1), (10, 1), (11, 0)])
def test_an_answer_within_the_days_allowed_is_prompt(days, prompt):
    assert figures_of([(days, 10, None)]) == AnswerFigures(answered=1, prompt=prompt)


def test_unrated_answers_count_as_answered_and_neither_way():
    figures = figures_of([(1, 10, True), (2, 10, True), (30, 10, False), (3, 3, None)])

    assert figures == AnswerFigures(answered=4, prompt=3, rated=3, satisfied=2)
    assert (figures.satisfied_share, figures.satisfied_words, figures.satisfied_percent) == (
        Fraction(2, 3), "2/3", "66.67%",
    )  # fmt: skip
    assert (figures.prompt_words, figures.prompt_percent) == ("3/4", "75.00%")


@pytest.mark.parametrize(("part", "said"), [(None, ""), (Fraction(1), "100.00%"), (Fraction(1, 8), "12.50%"),
                                            (Fraction(1, 3), "33.33%")])  # fmt: skip
def test_a_share_is_said_with_two_places(part, said):
    assert percent(part) == said


@pytest.mark.parametrize(
    ("until", "days"),
    [(13, 0), (14, 0), (15, 1), (18, 4), (19, 4), (20, 5), (21, 6)],  # the 19th is a Saturday, the 20th made up for
)
def test_days_are_working_days_after_the_first_one(until, days):
    assert days_between(date(2026, 9, 14), date(2026, 9, until), statutory_calendar()) == days
