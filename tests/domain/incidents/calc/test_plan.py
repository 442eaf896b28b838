"""The plan of reporting: grades (IN-01), times (IN-02), codes (IN-03), and files that are none."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from ronghe.domain.incidents.calc.plan import PlanUnreadableError, dues, read_plan
from ronghe.domain.incidents.selectors import SHIPPED

TEXT = SHIPPED.read_text(encoding="utf-8")
PLAN = read_plan(TEXT)
KNOWN = datetime(2026, 9, 14, 8, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
WORST_FIRST = [rule.id for rule in PLAN.grades]


@pytest.mark.parametrize(
    ("deaths", "injured", "yuan", "grade"),
    [
        (0, 0, "0", "general"), (2, 9, "9999999.99", "general"), (3, 0, "0", "larger"), (0, 10, "0", "larger"),
        (0, 0, "10000000", "larger"), (9, 49, "49999999.99", "larger"), (10, 0, "0", "major"), (0, 50, "0", "major"),
        (0, 0, "50000000", "major"), (29, 99, "99999999.99", "major"), (30, 0, "0", "special"),
        (0, 100, "0", "special"), (0, 0, "100000000", "special"),
    ],
)  # fmt: skip
def test_in_01_a_number_that_is_reached_counts_itself_in(deaths, injured, yuan, grade):
    assert PLAN.grade_of(deaths, injured, Decimal(yuan)) == grade


@given(st.integers(0, 200), st.integers(0, 300), st.integers(0, 2 * 10**8), st.integers(0, 50))
def test_more_harm_never_makes_a_grade_better(deaths, injured, yuan, more):
    grade = PLAN.grade_of(deaths, injured, Decimal(yuan))
    for worse in (
        PLAN.grade_of(deaths + more, injured, Decimal(yuan)), PLAN.grade_of(deaths, injured + more, Decimal(yuan)),
        PLAN.grade_of(deaths, injured, Decimal(yuan + more * 10**6)),
    ):  # fmt: skip
        assert WORST_FIRST.index(worse) <= WORST_FIRST.index(grade)


def test_in_03_there_are_27_classes_and_four_harms():
    assert (len(PLAN.classes), PLAN.classes[0], PLAN.classes[25], PLAN.classes[-1]) == (
        27, "WSA10001", "WSA10026", "WSA10099"
    )  # fmt: skip
    assert PLAN.harms == ("WSA20001", "WSA20002", "WSA20003", "WSA20004")


def test_in_03_every_class_has_a_title_in_both_languages_and_says_that_it_was_not_compared():
    assert set(PLAN.classes) == PLAN.code_names.keys()
    assert all(names["zh"] and names["en"] for names in PLAN.code_names.values())
    assert (PLAN.called("WSA10001"), PLAN.called("WSA20001")) == ("WSA10001 物体打击", "WSA20001")
    assert PLAN.are_codes_checked is False


def test_titles_of_codes_that_there_are_not_are_refused_and_a_file_without_titles_is_good():
    with pytest.raises(PlanUnreadableError):
        read_plan(TEXT.replace("    99: {zh: 其他", "    98: {zh: 其他"))
    plain = yaml.safe_load(TEXT) | {"classes": {"prefix": "WSA1", "numbers": [1]}}
    read = read_plan(yaml.safe_dump(plain, allow_unicode=True))
    assert (read.called("WSA10001"), read.are_codes_checked) == ("WSA10001", True)


@pytest.mark.parametrize(
    ("grade", "count", "last"),
    [("general", 4, "city"), ("larger", 5, "province"), ("major", 6, "state"), ("special", 6, "state")],
)
def test_the_worse_the_higher_it_is_told(grade, count, last):
    lines = PLAN.lines_for(grade)

    assert (len(lines), lines[-1].id) == (count, last)


LINES = [("head", "", None), ("county", "head", 60), ("city", "county", 120)]


def test_in_02_the_head_at_once_then_an_hour_then_two_hours_a_level():
    assert dues(LINES, KNOWN, {}) == {
        "head": None, "county": KNOWN + timedelta(minutes=60), "city": KNOWN + timedelta(minutes=180)
    }  # fmt: skip


def test_in_02_time_counts_from_the_telling_before_and_lateness_gives_nobody_more_time():
    told = {"head": KNOWN + timedelta(minutes=10)}
    assert dues(LINES, KNOWN, told)["county"] == KNOWN + timedelta(minutes=70)
    assert dues(LINES, KNOWN, told)["city"] == KNOWN + timedelta(minutes=190)
    told["county"] = KNOWN + timedelta(minutes=90)
    assert dues(LINES, KNOWN, told)["city"] == KNOWN + timedelta(minutes=210)


@pytest.mark.parametrize(
    "text",
    ["", "[]", "x: [", TEXT.replace("after: head", "after: nobody"), TEXT.replace("id: county", "id: head"),
     TEXT.replace("from: major", "from: huge"), TEXT.replace("deaths: 30", "deaths: many"),
     TEXT.replace("[1-26, 99]", "[a-b]"), "grades: []\nlines: []\nclasses: {prefix: A, numbers: []}\nharms: {prefix: A, numbers: []}"],
)  # fmt: skip
def test_a_file_that_is_no_plan_is_refused(text):
    with pytest.raises(PlanUnreadableError):
        read_plan(text)
