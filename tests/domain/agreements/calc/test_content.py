from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ronghe.domain.agreements.calc.checks import (
    BACKWARDS,
    EMPTY,
    MONTHS,
    OUT_OF_TERM,
    REVERSED,
    TOO_FAR,
    TOO_LARGE,
    TOO_LONG,
    TOO_MANY,
    TWICE,
    problems,
)
from ronghe.domain.agreements.calc.content import Content, Goal, Section, canonical, digest_of, read, spelled
from ronghe.domain.agreements.calc.forms import LETTER, NEUTRAL, SAFETY, filled

FIRST, LAST = date(2026, 9, 1), date(2026, 12, 20)
GOAL = Goal("g", "project", "解决难点", "项", "up", Decimal(0), Decimal(5), LAST)
CONTENT = Content(
    kind="letter_of_intent", title="合作意向书", project="联合站改造", sides=("甲支部", "乙支部"), starts_on=FIRST,
    ends_on=LAST, review_months=3, preamble="", sections=(Section("idea", "总体思路", "立项攻关。"),), goals=(GOAL,),
)  # fmt: skip

numbers = st.integers(-(10**13) + 1, 10**13 - 1).map(lambda whole: Decimal(whole).scaleb(-4))
texts = st.text('党建ab1 \n\t"\\\\{}\x00𠮷', max_size=8)
days = st.dates(min_value=FIRST, max_value=LAST)
contents = st.builds(
    Content, kind=st.sampled_from(["letter_of_intent", "safety"]), title=texts, project=texts,
    sides=st.lists(texts, min_size=2, max_size=3).map(tuple), starts_on=days, ends_on=days,
    review_months=st.integers(1, 24), preamble=texts,
    sections=st.lists(st.builds(Section, texts, texts, texts), max_size=4).map(tuple),
    goals=st.lists(
        st.builds(Goal, texts, st.sampled_from(["party_building", "project", "ideology"]), texts, texts,
                  st.sampled_from(["up", "down"]), numbers, numbers, days), max_size=4).map(tuple),
    safety_officer=texts, supplements=texts,
)  # fmt: skip


@given(contents)
def test_what_is_read_again_says_the_same(content):
    assert read(canonical(content)) == content


@given(contents)
def test_the_spelling_of_what_is_read_again_is_the_same(content):
    assert canonical(read(canonical(content))) == canonical(content)


@given(contents, contents)
def test_two_contents_have_one_digest_only_where_they_say_the_same(one, other):
    assert (digest_of(canonical(one)) == digest_of(canonical(other))) == (one == other)


def test_numbers_that_are_equal_are_spelled_alike():
    assert [spelled(Decimal(text)) for text in ("5", "5.0", "5.00", "0.50", "-0", "1E+2")] == [
        "5", "5", "5", "0.5", "0", "100",
    ]  # fmt: skip


def _goals(**changes):
    return replace(CONTENT, goals=(replace(GOAL, **changes),))


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (replace(CONTENT, title=" "), EMPTY),
        (replace(CONTENT, title="题" * 121), TOO_LONG),
        (replace(CONTENT, preamble="字" * 4001), TOO_LONG),
        (replace(CONTENT, sections=()), EMPTY),
        (replace(CONTENT, sections=(Section("a", "思路", ""),)), EMPTY),
        (replace(CONTENT, sections=(Section("a", "思路", "字" * 8001),)), TOO_LONG),
        (replace(CONTENT, sections=(Section("a", "一", "一"), Section("a", "二", "二"))), TWICE),
        (replace(CONTENT, sections=tuple(Section(f"{n}", "一", "一") for n in range(21))), TOO_MANY),
        (replace(CONTENT, ends_on=date(2026, 8, 31), goals=()), REVERSED),
        (replace(CONTENT, ends_on=date(9999, 12, 31)), TOO_FAR),
        (replace(CONTENT, review_months=0), MONTHS),
        (replace(CONTENT, review_months=25), MONTHS),
        (replace(CONTENT, goals=(GOAL, GOAL)), TWICE),
        (_goals(unit=""), EMPTY),
        (_goals(target=Decimal(-1)), BACKWARDS),
        (_goals(better="down"), BACKWARDS),
        (_goals(target=Decimal(10) ** 9), TOO_LARGE),
        (_goals(target=Decimal("0.00001")), TOO_LARGE),
        (_goals(target=Decimal("NaN")), TOO_LARGE),
        (_goals(due_on=date(2026, 12, 21)), OUT_OF_TERM),
        (_goals(due_on=date(2026, 8, 31)), OUT_OF_TERM),
    ],
)
def test_a_text_that_would_not_do_is_told(content, problem):
    assert problem in [sentence for _part, sentence in problems(content)]


@pytest.mark.parametrize(
    "content",
    [
        CONTENT,
        replace(CONTENT, ends_on=FIRST, goals=(replace(GOAL, due_on=FIRST),)),
        replace(CONTENT, title="题" * 120, preamble="字" * 4000),
        replace(CONTENT, review_months=1),
        replace(CONTENT, review_months=24),
        _goals(target=Decimal(0)),
        _goals(target=Decimal("999999999.9999")),
        _goals(due_on=FIRST),
    ],
)
def test_a_text_at_the_edge_will_do(content):
    assert list(problems(content)) == []


@pytest.mark.parametrize("form", [LETTER, SAFETY], ids=["letter", "safety"])
def test_a_form_filled_leaves_no_place_open_and_will_do(form):
    content = filled(
        form, kind="safety", project="联合站{parties}改造", sides=["甲单位", "乙单位"], starts_on=FIRST, ends_on=LAST,
        review_months=3,
    )  # fmt: skip

    assert list(problems(content)) == []
    assert "{starts_on}" not in canonical(content)
    assert "联合站{parties}改造" in content.title  # what is put in is not read for places again
    assert {goal.due_on for goal in content.goals} == {LAST}


def test_there_is_a_form_for_every_kind():
    assert set(NEUTRAL) == {"letter_of_intent", "safety"}
