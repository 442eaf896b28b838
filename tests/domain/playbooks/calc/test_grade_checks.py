"""RT-03, RT-04: what `for_grade` may name; every refusal says the name and the line."""

from __future__ import annotations

import pytest

from ronghe.domain.appraisal.selectors.subjects import KINDS_OF_LEVEL
from ronghe.domain.playbooks.calc.describing import described_mechanism
from ronghe.domain.playbooks.calc.duties import duties_a_year
from ronghe.domain.playbooks.calc.library import Library
from ronghe.domain.playbooks.calc.loading import load_playbook, playbook_of
from ronghe.domain.playbooks.calc.vocabulary import GRADED_KINDS
from tests.domain.obligations.calc.graded import GRADED_BOOK

WATCH = "{sheet: branch_quarter, grades: [below]}\n"


def problems(text):
    return [
        (found.code, found.place.line, found.message) for found in load_playbook(text, Library(folders=())).problems
    ]


def line_of(text, part):
    return next(number for number, line in enumerate(text.splitlines(), start=1) if part in line)


def test_rt_03_a_playbook_may_let_grades_decide():
    loaded = load_playbook(GRADED_BOOK, Library(folders=()))

    wanted = loaded.playbook.mechanism("close_watch").for_grade
    assert loaded.problems == ()
    assert (wanted.sheet, [grade.title.zh for grade in wanted.grades], wanted.is_owed_ungraded) == (
        "branch_quarter",
        ["一星"],
        False,
    )


@pytest.mark.parametrize(
    ("written", "code", "said"),
    [
        ("{sheet: nowhere, grades: [below]}\n", "unknown_sheet", ("nowhere", "branch_quarter")),
        ("{sheet: branch_quarter, grades: [six_star]}\n", "unknown_grade", ("six_star", "good、fair、below")),
    ],
)
def test_rt_04_an_unknown_name_is_refused_with_its_line_and_the_known_ones(written, code, said):
    text = GRADED_BOOK.replace(WATCH, written)

    (found,) = problems(text)

    assert found[:2] == (code, line_of(text, written.strip()))
    assert all(part in found[2] for part in said)


@pytest.mark.parametrize(
    ("level", "code"),
    [("member", "grade_of_no_body"), ("contractor", "grade_of_no_body"), ("committee", "grade_never_fits")],
)
def test_rt_03_a_sheet_that_never_grades_such_a_body_is_refused(level, code):
    found = problems(GRADED_BOOK.replace("level: branch\n", f"level: {level}\n"))

    assert {one[0] for one in found} == {code}


def test_rt_03_a_grade_without_a_cadence_is_refused():
    text = GRADED_BOOK.replace("    cadence: {rrule: FREQ=MONTHLY, window: month}\n", "")

    assert [found[0] for found in problems(text)] == ["grade_without_cadence"]


def test_the_shape_of_for_grade_is_checked():
    text = GRADED_BOOK.replace(WATCH, "{sheet: branch_quarter}\n")

    assert [found[1] for found in problems(text)] == [line_of(text, "{sheet: branch_quarter}")]


def test_names_of_sheet_and_grades_survive_being_kept():
    """Sheets are not inherited, so a body that works by a playbook on top must still say which sheet it was."""
    book = load_playbook(GRADED_BOOK, Library(folders=())).playbook

    kept = playbook_of(book.content).mechanism("close_watch")

    assert kept == book.mechanism("close_watch")
    assert kept.for_grade.title_of("below") == "一星"


def test_a_playbook_on_top_inherits_the_mechanism_with_its_names(tmp_path):
    (tmp_path / "test_book.yaml").write_text(GRADED_BOOK, encoding="utf-8")
    top = "schema: 1\nid: top\nversion: 1\ntitle: {zh: 上面, en: Top}\nextends: [test_book]\n"

    book = load_playbook(top, Library(folders=(tmp_path,))).playbook

    found = book.mechanism("support")
    assert (found.origin, found.for_grade.title.zh) == ("test_book", "党支部季度评星")


def test_a_described_mechanism_says_its_grades():
    book = load_playbook(GRADED_BOOK, Library(folders=())).playbook

    said = {one.field: one.text for one in described_mechanism(book, book.mechanism("ordinary_visit"))}

    assert said["for_grade"] == "党支部季度评星（二星），没有定稿等次的也要办"


def test_what_only_a_grade_brings_is_not_counted_as_a_years_duty():
    book = load_playbook(GRADED_BOOK, Library(folders=())).playbook

    assert [duties_a_year(one) for one in book.mechanisms] == [4, 0, 0]


def test_the_bodies_that_owe_by_a_level_are_those_that_the_level_scores():
    named = {level: {str(kind) for kind in kinds} for level, kinds in GRADED_KINDS.items() if level != "team"}

    assert named == {str(level): {str(kind) for kind in kinds} for level, kinds in KINDS_OF_LEVEL.items()}
