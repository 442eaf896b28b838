"""RT-03: which days a grade brings a duty on. The oracle asks every day by itself."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from ronghe.domain.obligations.calc.grades import Grade, grade_on, pieces_for
from ronghe.domain.obligations.calc.instances import InForce
from ronghe.domain.obligations.calc.occurrences import Calendars, OccurrenceBook
from ronghe.domain.obligations.calc.plan import Adopted, owed
from ronghe.domain.playbooks.calc.library import Library
from ronghe.domain.playbooks.calc.loading import load_playbook
from ronghe.kernel.calendar.calendars import EveryDayCalendar
from ronghe.kernel.calendar.periods import DaySpan
from tests.domain.obligations.calc.graded import GRADED_BOOK

FIRST = date(2026, 1, 1)
YEAR = DaySpan(FIRST, date(2027, 1, 1))
EVERY_DAY = Calendars(EveryDayCalendar(), EveryDayCalendar(), EveryDayCalendar())
BOOK = load_playbook(GRADED_BOOK, Library(folders=())).playbook


@st.composite
def grades(draw):
    """Some final grades of one body, perhaps one over another, some of a sheet that nobody asks about."""
    found = []
    for number in range(draw(st.integers(0, 5))):
        begin = FIRST + timedelta(days=draw(st.integers(0, 330)))
        until = begin + timedelta(days=draw(st.integers(0, 120)))
        sheet = draw(st.sampled_from(["branch_quarter", "branch_quarter", "another"]))
        grade = draw(st.sampled_from(["good", "fair", "below"]))
        found.append(Grade(number + 10, number, "test_book", sheet, grade, InForce(begin, until)))
    return found


def decides(grades, day):
    """The last final one of those that hold on the day."""
    standing = [
        one for one in grades if one.sheet == "branch_quarter" and one.in_force.from_on <= day < one.in_force.until_on
    ]
    return max(standing, key=lambda one: one.number, default=None)


@given(grades(), st.integers(0, 364))
def test_rt_03_a_grade_decides_on_the_days_on_which_it_is_the_last_final_one(grades, days):
    day = FIRST + timedelta(days=days)
    close_watch = BOOK.mechanism("close_watch")

    pieces = pieces_for(close_watch, grades)

    grade = decides(grades, day)
    wanted = grade if grade is not None and grade.grade == "below" else None
    assert grade_on(day, pieces) == wanted


@given(grades())
def test_rt_03_a_body_owes_a_whole_window_exactly_where_its_last_final_grade_says_so_all_through(grades):
    adopted = [Adopted(1, (BOOK.mechanism("close_watch"),), InForce(FIRST, date.max))]

    found = owed(adopted, EVERY_DAY, YEAR, OccurrenceBook(), grades)

    months = [(date(2026, month, 1), date(2026 + month // 12, month % 12 + 1, 1)) for month in range(1, 13)]
    wanted = [
        begin
        for begin, until in months
        if all(
            (grade := decides(grades, begin + timedelta(days=n))) is not None and grade.grade == "below"
            for n in range((until - begin).days)
        )
    ]
    assert [one.occurrence.window_from for one in found] == wanted


@given(grades())
def test_rt_03_a_body_owes_a_begun_window_where_any_day_of_it_is_so_graded(grades):
    adopted = [Adopted(1, (BOOK.mechanism("support"),), InForce(FIRST, date.max))]

    found = owed(adopted, EVERY_DAY, YEAR, OccurrenceBook(), grades)

    def first_graded(begin):
        days = ((begin + timedelta(days=n)) for n in range(95))
        own = [day for day in days if (day.month - 1) // 3 == (begin.month - 1) // 3 and day.year == begin.year]
        named = (decides(grades, day) for day in own)
        return next((grade.id for grade in named if grade is not None and grade.grade == "below"), None)

    quarters = {date(2026, month, 1): first_graded(date(2026, month, 1)) for month in (1, 4, 7, 10)}
    assert {one.occurrence.window_from: one.grade for one in found} == {q: g for q, g in quarters.items() if g}


@given(grades())
def test_rt_03_what_the_ungraded_owe_and_what_a_grade_brings_never_overlap(grades):
    ordinary, close = (pieces_for(BOOK.mechanism(name), grades) for name in ("ordinary_visit", "close_watch"))

    days = [FIRST + timedelta(days=n) for n in range(365)]

    covered = [(any(holds(p, day) for p in ordinary), any(holds(p, day) for p in close)) for day in days]
    assert (True, True) not in covered


def holds(piece, day):
    return piece.days.from_on <= day < piece.days.until_on


def test_going_over_to_a_version_that_names_other_grades_owes_a_window_once():
    """The old version is for `below`, the new one for `fair`; the grade changes in the month of the upgrade."""
    old = BOOK.mechanism("support")
    other = GRADED_BOOK.replace("grades: [below], ungraded: not_owed}  # support", "grades: [fair]}")
    new = load_playbook(other, Library(folders=())).playbook.mechanism("support")
    upgrade = date(2026, 5, 15)
    adopted = [Adopted(1, (old,), InForce(FIRST, upgrade)), Adopted(2, (new,), InForce(upgrade, date.max))]
    grades = [
        Grade(1, 1, "test_book", "branch_quarter", "below", InForce(date(2026, 4, 1), upgrade)),
        Grade(2, 2, "test_book", "branch_quarter", "fair", InForce(upgrade, date(2026, 7, 1))),
    ]

    found = owed(adopted, EVERY_DAY, YEAR, OccurrenceBook(), grades)

    assert [(one.version, one.occurrence.key, one.grade) for one in found] == [(1, "2026-04-01", 1)]
