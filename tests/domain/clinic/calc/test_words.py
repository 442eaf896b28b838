"""Words without people, and ratings that are shown only where there are enough."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from ronghe.domain.clinic.calc.anonymous import HIDDEN, names_in, without_people
from ronghe.domain.clinic.calc.ratings import shown_mean


def test_names_and_numbers_of_people_are_taken_out():
    told = "王海洋和王海 13812345678，证件 11010119900307211X，扬程 1381234567890 米"
    assert (
        without_people(told, ["王海", "王海洋", ""])
        == f"{HIDDEN}和{HIDDEN} {HIDDEN}，证件 {HIDDEN}，扬程 1381234567890 米"
    )
    assert names_in(told, ["王海", "李强"]) == ["王海", "13812345678", "11010119900307211X"]
    assert names_in("加速时间改到 20 秒", ["王海"]) == []


@given(st.text(max_size=80), st.lists(st.text(min_size=1, max_size=4), max_size=3))
def test_what_was_taken_out_is_not_in_it(text, names):
    clean = without_people(text, names)
    assert [
        name for name in names if name in clean and name.strip() and name not in HIDDEN * 40
    ] == [] or HIDDEN in clean


def test_a_mean_wants_as_many_ratings_as_the_playbook_says():
    assert shown_mean([5, 5, 5, 5], 5) is None
    assert shown_mean([5, 4, 4, 4, 4], 5) == Decimal("4.2")
    assert shown_mean([4, 5], 2) == Decimal("4.5")
    assert shown_mean([5, 4, 4, 4], 3) == Decimal("4.3")  # 4.25 is rounded up
    assert shown_mean([], 0) is None
