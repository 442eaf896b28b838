from __future__ import annotations

from datetime import date, datetime

import pytest

from ronghe.kernel.documents import Heading, Paragraph, chinese_date, chinese_time, document_number
from ronghe.kernel.documents.numbering import chinese_number, numbered


def test_document_number_has_hexagonal_brackets_and_no_padding_dl04():
    assert document_number("庆油党字", 2026, 8) == "庆油党字〔2026〕8号"
    assert document_number("庆油党字", 2026, 1) == "庆油党字〔2026〕1号"


def test_document_number_below_one_is_refused_dl04():
    with pytest.raises(ValueError, match="0 is not positive"):
        document_number("庆油党字", 2026, 0)


@pytest.mark.parametrize(
    ("value", "text"),
    [(1, "一"), (9, "九"), (10, "十"), (11, "十一"), (20, "二十"), (21, "二十一"), (99, "九十九")],
)
def test_chinese_number_of_headings_dl03(value, text):
    assert chinese_number(value) == text


@pytest.mark.parametrize("value", [0, 100])
def test_chinese_number_outside_1_to_99_is_refused(value):
    with pytest.raises(ValueError, match="has no heading number"):
        chinese_number(value)


def test_dates_have_no_leading_zeros_dl04():
    assert chinese_date(date(2026, 7, 3)) == "2026年7月3日"
    assert chinese_date(date(2026, 10, 12)) == "2026年10月12日"


def test_time_of_day_keeps_two_digits_of_minutes():
    assert chinese_time(datetime(2026, 7, 3, 8, 5)) == "2026年7月3日8时05分"


def test_higher_heading_restarts_the_lower_ones_dl03():
    blocks = (
        Heading("甲"), Heading("乙", 2), Heading("丙", 3), Heading("丁", 4), Heading("戊", 4), Heading("己", 3),
        Heading("庚", 2), Heading("辛", 3), Heading("壬"), Heading("癸", 2),
    )  # fmt: skip

    numbers = [number for _, number in numbered(blocks)]

    assert numbers == ["一、", "（一）", "1.", "（1）", "（2）", "2.", "（二）", "1.", "二、", "（一）"]


def test_unnumbered_heading_and_text_do_not_count():
    blocks = (Heading("甲"), Paragraph("文"), Heading("乙", numbered=False), Heading("丙"))

    assert [number for _, number in numbered(blocks)] == ["一、", "", "", "二、"]
