"""First drafts say what is on record, and lines are read as people write them."""

from __future__ import annotations

from datetime import date, datetime

from hypothesis import given
from hypothesis import strategies as st

from ronghe.domain.papers.calc.wording import (
    Called,
    Decided,
    Held,
    Line,
    Owed,
    bulletin_text,
    lines_of,
    notice_text,
    span_words,
)


def test_numbered_lines_are_headings_and_lose_their_number_dl_03():
    assert lines_of("一、时间\n\n 明天。\n（二）地点\n(三)人员") == [
        Line("时间", 1),
        Line("明天。"),
        Line("地点", 2),
        Line("人员", 2),
    ]


def test_a_whole_sentence_that_begins_with_a_number_is_a_paragraph():
    assert lines_of("一、要带劳保用品。") == [Line("一、要带劳保用品。")]


@given(st.text(max_size=300))
def test_no_words_are_lost_whatever_is_written(text):
    kept = "".join(line.text for line in lines_of(text) if line.level == 0)
    paragraphs = [line.strip() for line in text.splitlines() if line.strip()]
    assert len(lines_of(text)) == len(paragraphs)
    assert len(kept) <= len("".join(paragraphs))


def test_notice_says_day_hours_place_and_topics():
    called = Called(
        "南I-1共建党支部联席会议", datetime(2026, 9, 18, 9, 0), datetime(2026, 9, 18, 10, 30), "会议室", "罗一鸣", 12,
        ["进度"],
    )  # fmt: skip

    assert notice_text(called).splitlines() == [
        "定于9月18日召开南I-1共建党支部联席会议，现将有关事项通知如下。",
        "一、时间",
        "2026年9月18日（星期五）09:00至10:30。",
        "二、地点",
        "会议室。",
        "三、参加人员",
        "应到12人，由罗一鸣主持。",
        "四、议题",
        "1. 进度",
        "五、有关要求",
        "请按时参加，因故不能到会的须事先请假。",
    ]


def test_notice_without_topics_numbers_on():
    called = Called("支委会会议", datetime(2026, 9, 18, 9, 0), datetime(2026, 9, 18, 10, 0), "会议室", "", 3)

    assert [line.text for line in lines_of(notice_text(called)) if line.level] == [
        "时间",
        "地点",
        "参加人员",
        "有关要求",
    ]


def test_bulletin_counts_huddles_and_names_meetings_and_decisions():
    held = [
        Held("早碰头", date(2026, 9, 14), 20, 0, is_huddle=True),
        Held("联席会议", date(2026, 9, 15), 8, 1),
    ]
    decided = [Decided("动火点移到上风向。", "王建国", date(2026, 9, 20)), Decided("增加一台吊车")]

    text = bulletin_text(date(2026, 9, 14), date(2026, 9, 21), held, decided, Owed(9, 7, 1, 1), tasks_done=3)

    assert text.splitlines() == [
        "一、总体情况",
        "2026年9月14日至9月20日，碰头1次，开展会议和活动1次，参加28人次；办结任务3件；到期应办事项9项，按期办结7项，迟办1项，漏办1项。",
        "二、会议和活动",
        "9月15日，联席会议，到会8人，议定1项。",
        "三、议定事项",
        "1. 动火点移到上风向（王建国，9月20日前）。",
        "2. 增加一台吊车。",
    ]


def test_bulletin_of_nothing_has_its_figures_only():
    text = bulletin_text(date(2026, 9, 14), date(2026, 9, 15), [], [], Owed(), tasks_done=0)

    assert [line.text for line in lines_of(text) if line.level] == ["总体情况"]


def test_span_words_name_the_last_day_included():
    assert span_words(date(2026, 9, 14), date(2026, 9, 15)) == "2026年9月14日"
    assert span_words(date(2026, 12, 28), date(2027, 1, 4)) == "2026年12月28日至2027年1月3日"
