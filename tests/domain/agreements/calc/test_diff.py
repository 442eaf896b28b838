from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from ronghe.domain.agreements.calc.content import Section
from ronghe.domain.agreements.calc.diff import ADDED, CHANGED, REMOVED, SAME, Line, Piece, content_diff, text_diff
from tests.domain.agreements.calc.test_content import CONTENT, GOAL

lines = st.lists(st.text("党建ab 12，。", max_size=12), max_size=6).map("\n".join)


def _spelled(found, kinds):
    rows = ["".join(p.text for p in line.pieces if p.kind in kinds) for line in found
            if line.kind in {*kinds, CHANGED}]  # fmt: skip
    return "\n".join(rows)


@given(lines, lines)
def test_a_difference_spells_both_texts(before, after):
    found = text_diff(before, after)

    assert _spelled(found, {SAME, ADDED}) == after
    assert _spelled(found, {SAME, REMOVED}) == before


@given(lines)
def test_a_text_differs_from_itself_in_nothing(text):
    assert {line.kind for line in text_diff(text, text)} <= {SAME}


def test_a_changed_word_is_shown_as_a_word():
    assert text_diff("每月联合学习12次。", "每月联合学习6次。") == (
        Line(CHANGED, (Piece(SAME, "每月联合学习"), Piece(REMOVED, "12"), Piece(ADDED, "6"), Piece(SAME, "次。"))),
    )


def test_lines_that_have_little_in_common_are_one_gone_and_one_new():
    assert [line.kind for line in text_diff("成立临时党小组。", "abc")] == [REMOVED, ADDED]


def test_very_long_lines_are_shown_whole():
    assert [line.kind for line in text_diff("党" * 2001, "党" * 2000)] == [REMOVED, ADDED]


def test_parts_are_told_by_what_became_of_them():
    after = replace(
        CONTENT, title="意向书", sections=(Section("plan", "实施方案", "成立党小组。"),),
        goals=(replace(GOAL, target=Decimal(8)),),
    )  # fmt: skip

    kinds = {part.id: part.kind for part in content_diff(CONTENT, after)}

    assert kinds == {
        "title": CHANGED, "term": SAME, "preamble": SAME, "section:plan": ADDED, "goal:g": CHANGED,
        "section:idea": REMOVED,
    }  # fmt: skip


def test_a_section_under_another_title_is_changed():
    after = replace(CONTENT, sections=(replace(CONTENT.sections[0], title="思路"),))

    part = next(part for part in content_diff(CONTENT, after) if part.id == "section:idea")

    assert part.kind == CHANGED
