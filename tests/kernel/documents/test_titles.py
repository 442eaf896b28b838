from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ronghe.kernel.documents.layout import GBT_9704
from ronghe.kernel.documents.titles import balanced_lines, mark_lines, text_width

WIDEST = GBT_9704.title_characters
LONG_TITLES = (
    "关于南I-1联合站改造项目党建协作区贯彻落实安全生产责任制情况的会议纪要",
    "中共第一采油厂第三作业区委员会关于开展2026年党员先锋岗和党员责任区创建工作的通知",
    "关于进一步加强基层党支部标准化规范化建设推动党建工作与生产经营深度融合的实施方案",
    "党建协作区联席会议关于聚浩四联合站扩建工程施工期间动火作业和受限空间作业监护安排的纪要",
)


def test_title_that_fits_stays_on_one_line_dl03():
    assert WIDEST == 20
    assert balanced_lines("字" * 20, WIDEST) == ["字" * 20]


def test_title_one_character_too_long_takes_two_lines_dl03():
    lines = balanced_lines("字" * 21, WIDEST)

    assert len(lines) == 2
    assert "".join(lines) == "字" * 21


@pytest.mark.parametrize("title", LONG_TITLES)
def test_long_title_makes_a_trapezoid_or_diamond_dl03(title):
    lines = balanced_lines(title, WIDEST)
    widths = [text_width(line) for line in lines]
    steps = [after - before for before, after in pairwise(widths)]

    assert "".join(lines) == title
    assert max(widths) <= WIDEST
    assert any(abs(step) >= 0.9 for step in steps), "a rectangle"
    assert not any(before < 0 < after for before, after in pairwise(steps)), "an hourglass"


@pytest.mark.parametrize("title", LONG_TITLES)
def test_words_and_numbers_of_a_title_stay_whole_dl03(title):
    lines = balanced_lines(title, WIDEST)

    for word in ("I-1", "2026", "党建", "会议", "纪要", "联合", "项目", "通知"):
        assert sum(line.count(word) for line in lines) == title.count(word)
    assert all(line[0] not in "的和，）》" for line in lines)


def test_line_feed_in_a_title_is_obeyed():
    assert balanced_lines("关于早碰头\n安排的通知", WIDEST) == ["关于早碰头", "安排的通知"]


def test_mark_takes_a_second_line_only_below_its_smallest_size_dl06():
    """156 mm hold 18.4 characters of 24 points."""
    assert len(mark_lines("党" * 18, GBT_9704)) == 1
    assert len(mark_lines("党" * 19, GBT_9704)) == 2


@given(st.text(alphabet="关于会议的，《》AB12和纪要", min_size=1, max_size=70), st.integers(8, 30))
def test_any_title_keeps_its_text_and_its_width(title, widest):
    lines = balanced_lines(title, widest)

    assert "".join(lines) == title
    assert all(text_width(line) <= widest for line in lines)
