"""What people answer, read; and the urn that forgets who did."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ronghe.domain.surveys.calc import urn
from ronghe.domain.surveys.calc.questions import LONGEST_TEXT, Asked, read_answers
from ronghe.domain.surveys.calc.templates import TEMPLATES, template_called

SINGLE = Asked(1, "single", ("甲", "乙"))
SEVERAL = Asked(1, "several", ("甲", "乙", "丙"))
SCALE = Asked(1, "scale")
NUMBER = Asked(1, "number")
TEXT = Asked(1, "text")
MATRIX = Asked(1, "matrix", rows=("快慢", "态度"))


@pytest.mark.parametrize(
    ("question", "raw", "answer"),
    [
        (SINGLE, "2", 2), (SEVERAL, ["3", "1", "1"], (1, 3)), (SEVERAL, "2", (2,)), (SCALE, 5, 5), (NUMBER, "1,234.50", 123450),
        (NUMBER, "0", 0), (TEXT, " 少  填表 ", "少 填表"), (MATRIX, ["1", "5"], (1, 5)), (TEXT, "x" * LONGEST_TEXT, "x" * 200),
    ],
)  # fmt: skip
def test_answers_are_read(question, raw, answer):
    assert read_answers([question], {1: raw}) == ({1: answer}, [])


@pytest.mark.parametrize(
    ("question", "raw", "why"),
    [
        (SINGLE, "3", "no_such_choice"), (SINGLE, "0", "no_such_choice"), (SINGLE, True, "no_such_choice"),
        (SCALE, "6", "no_such_choice"), (SCALE, "x", "no_such_choice"), (SEVERAL, ["1", "9"], "no_such_choice"),
        (NUMBER, "-1", "no_number"), (NUMBER, "NaN", "no_number"), (NUMBER, "1e9", "no_number"), (NUMBER, "十", "no_number"),
        (NUMBER, "0.125", "too_many_places"), (TEXT, "x" * 201, "too_long"), (MATRIX, ["1"], "rows_missing"),
        (MATRIX, ["1", ""], "rows_missing"), (SINGLE, "", "missing"), (MATRIX, ["", ""], "missing"), (SINGLE, None, "missing"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_named(question, raw, why):
    found, problems = read_answers([question], {1: raw})
    assert (found, [(one.number, one.why) for one in problems]) == ({}, [(1, why)])


def test_a_question_that_is_not_there_is_refused_and_one_left_out_is_not():
    asked = [Asked(1, "text", is_required=False)]
    assert read_answers(asked, {}) == ({}, [])
    assert [one.why for one in read_answers(asked, {2: "x"})[1]] == ["no_such_question"]


ASKED = [SINGLE, Asked(2, "several", ("甲", "乙", "丙")), Asked(3, "number"), Asked(4, "text"), Asked(5, "text")]
ONE = st.tuples(
    st.integers(0, 2),
    st.fixed_dictionaries(
        {},
        optional={
            1: st.integers(1, 2),
            2: st.lists(st.integers(1, 3), min_size=1, unique=True).map(tuple),
            3: st.integers(0, 10**11),
            4: st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), min_size=1, max_size=200),
            5: st.just("同一句话"),
        },
    ),
)


@given(given_by=st.lists(ONE, max_size=8), data=st.data())
def test_the_urn_forgets_the_order_and_its_length_tells_only_how_many(given_by, data):
    first = urn.empty(ASKED, 3)
    for group, answers in given_by:
        first = urn.with_answers(first, ASKED, group, answers)
    second = urn.empty(ASKED, 3)
    for group, answers in data.draw(st.permutations(given_by)):
        second = urn.with_answers(second, ASKED, group, answers)
    nothing = urn.empty(ASKED, 3)
    for _ in given_by:
        nothing = urn.with_answers(nothing, ASKED, 0, {})

    assert first == second
    assert urn.unpack(urn.pack(first), ASKED, 3) == first
    assert len(urn.pack(first)) == len(urn.pack(nothing))
    assert urn.pack(first).isascii()


def test_shipped_questionnaires_are_whole():
    for template in TEMPLATES:
        assert [line.asked.number for line in template.lines] == list(range(1, len(template.lines) + 1))
        assert all(line.asked.cells > 0 or line.asked.type == "text" for line in template.lines)
    assert template_called("nothing") is None
