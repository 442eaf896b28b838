from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest

from ronghe.domain.exchange.calc.figures import gap, gap_percent, is_reached, plain, share, way_behind
from ronghe.domain.exchange.calc.months import MonthState, months_between, months_of
from ronghe.domain.exchange.calc.pair_text import Content, Goal, canonical, digest_of, read
from ronghe.domain.exchange.calc.ratings import may_change, means_from, means_of
from tests.conftest import SHANGHAI

JULY, OCTOBER = date(2026, 7, 15), date(2026, 10, 31)


def states(today, *, held=(), planned=()):
    return [month.state.value for month in months_of(JULY, OCTOBER, today, held=held, planned=planned)]


def test_sd_06_each_month_of_the_programme_wants_one_study():
    assert states(date(2026, 9, 1), held=[date(2026, 7, 31)]) == ["held", "missed", "due", "upcoming"]


def test_sd_06_a_month_is_missed_only_once_it_is_over():
    assert states(date(2026, 8, 31), held=[JULY])[1] == MonthState.DUE
    assert states(date(2026, 9, 1), held=[JULY])[1] == MonthState.MISSED


def test_sd_06_planned_counts_until_the_month_is_over():
    assert states(date(2026, 8, 31), held=[JULY], planned=[date(2026, 8, 31)])[1] == MonthState.PLANNED
    assert states(date(2026, 9, 1), held=[JULY], planned=[date(2026, 8, 31)])[1] == MonthState.MISSED


def test_sd_06_two_studies_of_one_month_do_not_fill_another():
    assert states(date(2026, 9, 2), held=[date(2026, 7, 1), date(2026, 7, 31)])[:2] == ["held", "missed"]


def test_months_cross_the_year():
    assert months_between(date(2026, 12, 31), date(2027, 1, 1)) == [date(2026, 12, 1), date(2027, 1, 1)]


@pytest.mark.parametrize(
    ("ours", "theirs", "is_up", "behind"),
    [("92.5", "96", True, "3.5"), ("96", "96", True, "0"), ("97", "96", True, "-1"), ("5", "3", False, "2"),
     ("0.1", "0.3", False, "-0.2")],
)  # fmt: skip
def test_the_gap_is_exact_and_knows_its_direction(ours, theirs, is_up, behind):
    assert gap(Decimal(ours), Decimal(theirs), is_up=is_up) == Decimal(behind)


def test_the_gap_in_percent_is_rounded_once_and_nothing_of_zero():
    assert gap_percent(Decimal(2), Decimal(3), is_up=True) == Decimal("33.33")
    assert gap_percent(Decimal(2), Decimal(0), is_up=True) is None


@pytest.mark.parametrize(
    ("target", "now", "is_up", "there"),
    [(10, 10, True, True), (10, "9.9999", True, False), (10, 10, False, True), (10, "10.0001", False, False),
     (None, 1, True, None), (1, None, True, None)],
)  # fmt: skip
def test_a_target_is_reached_on_the_line(target, now, is_up, there):
    given = [None if one is None else Decimal(one) for one in (target, now)]
    assert is_reached(*given, is_up=is_up) is there


def test_the_way_is_cut_at_both_ends():
    assert way_behind(Decimal(10), Decimal(20), Decimal(15)) == 50
    assert way_behind(Decimal(10), Decimal(20), Decimal(5)) == 0
    assert way_behind(Decimal(10), Decimal(2), Decimal(1)) == 100
    assert way_behind(Decimal(10), Decimal(10), Decimal(1)) is None


def test_shares_and_figures_in_words():
    assert (share(2, 3), share(0, 0)) == (Decimal("66.67"), None)
    assert (plain(Decimal("100.0000")), plain(Decimal("0.1000")), plain(None)) == ("100", "0.1", "")
    assert plain(Decimal("-0.0")) == "0"


def test_two_ratings_are_hidden_and_three_are_shown():
    assert means_of([(5, 5), (4, 4)]).usefulness is None
    assert means_of([(5, 5), (4, 4), (4, 3)]).usefulness == Decimal("4.33")
    assert means_from(2, 9, 9).clarity is None
    assert means_from(3, 13, 12).clarity == Decimal("4.00")


def test_a_rating_may_be_changed_for_seven_days():
    at = datetime(2026, 9, 14, 8, 0, tzinfo=SHANGHAI)
    assert may_change(at, at + timedelta(days=7))
    assert not may_change(at, at + timedelta(days=7, seconds=1))


def content(**changes):
    given = {
        "mentor": "陈立", "apprentice": "李江", "witness": "熊忠涵", "body": "仪陇输气作业区党支部", "kind": "apprenticeship",
        "topic": "自控仪表", "starts_on": JULY, "until_on": OCTOBER, "review_months": 3, "text": "多练",
        "goals": (Goal("调校", OCTOBER, "台", "up", Decimal("0.50"), Decimal(12)), Goal("会看图", OCTOBER)),
    }  # fmt: skip
    return Content(**{**given, **changes})


def test_an_agreement_reads_back_as_it_was_spelled():
    text = canonical(content())
    assert read(text) == content(
        goals=(Goal("调校", OCTOBER, "台", "up", Decimal("0.5"), Decimal(12)), Goal("会看图", OCTOBER))
    )
    assert canonical(read(text)) == text


def test_one_digit_changes_the_digest():
    other = content(goals=(Goal("调校", OCTOBER, "台", "up", Decimal("0.5"), Decimal(13)), Goal("会看图", OCTOBER)))
    assert digest_of(canonical(content())) != digest_of(canonical(other))
