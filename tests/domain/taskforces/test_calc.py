"""The four fixes, the clock and the links, as plain values."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ronghe.domain.taskforces.calc.clock import clocked, hours_between, in_words
from ronghe.domain.taskforces.calc.fixes import Answering, Fix, met_target, missing_fixes, reached
from ronghe.domain.taskforces.calc.links import LONGEST, SCHEMES, messenger_link

WHOLE = [Answering(is_in_charge=True, duty="调试"), Answering(is_in_charge=False, duty="组态")]
DUE = date(2026, 9, 30)
NOON = datetime(2026, 9, 14, 4, 0, tzinfo=UTC)


def test_sd_03_nothing_is_missing_where_all_four_are_fixed():
    assert missing_fixes(WHOLE, goal="降到 0.1%", due_on=DUE) == ()


@pytest.mark.parametrize(
    ("people", "goal", "due_on", "missing"),
    [
        ([Answering(is_in_charge=False, duty="调试")], "目标", DUE, (Fix.PEOPLE,)),
        (WHOLE, "  ", DUE, (Fix.GOAL,)),
        ([Answering(is_in_charge=True, duty=" ")], "目标", DUE, (Fix.DUTY,)),
        (WHOLE, "目标", None, (Fix.DEADLINE,)),
        ([], "", None, (Fix.PEOPLE, Fix.GOAL, Fix.DUTY, Fix.DEADLINE)),
    ],
)
def test_sd_03_each_missing_fix_is_named(people, goal, due_on, missing):
    assert missing_fixes(people, goal=goal, due_on=due_on) == missing


@pytest.mark.parametrize(
    ("baseline", "target", "actual", "met"),
    [
        ("2.5", "0.1", "0.1", True),
        ("2.5", "0.1", "0.1001", False),
        ("80", "95", "95", True),
        ("80", "95", "94.9", False),
        (None, "95", "96", True),
        (None, None, "96", None),
        ("80", "95", None, None),
    ],
)
def test_target_is_met_at_it_and_beyond_in_its_own_direction(baseline, target, actual, met):
    values = [None if value is None else Decimal(value) for value in (baseline, target, actual)]

    assert met_target(*values) is met


decimals = st.decimals(min_value=-9999, max_value=9999, places=2)


@given(decimals, decimals, decimals)
def test_way_behind_stays_between_nothing_and_all(baseline, target, now):
    found = reached(baseline, target, now)

    assert (found is None) == (baseline == target)
    assert found is None or 0 <= found <= 100


def test_clock_counts_whole_hours():
    assert hours_between(NOON, NOON + timedelta(minutes=59, seconds=59)) == 0
    assert hours_between(NOON, NOON + timedelta(hours=1)) == 1
    assert hours_between(NOON, NOON - timedelta(hours=3)) == 0
    assert in_words(47) == (47, "hours")
    assert in_words(72) == (3, "days")


def test_clock_of_a_kind_knows_the_middle_and_the_longest():
    found = clocked("technical", open_=2, overdue=1, handed_over=0, hours=[30, 2, 90])

    assert (found.resolved, found.median_hours, found.longest_hours) == (3, 30, 90)
    assert clocked("technical", open_=1, overdue=0, handed_over=0, hours=[]).median_hours is None


@pytest.mark.parametrize(
    "link", ["https://work.weixin.qq.com/join/abc", "wxwork://message?groupid=1", "dingtalk://dingtalkclient/x", ""]
)
def test_messenger_link_takes_what_opens_harmlessly(link):
    assert messenger_link(f" {link} ") == link


@pytest.mark.parametrize(
    "link",
    ["javascript:alert(1)", "http://a.cn/x", "https://", "data:text/html,x", "https://a@b.cn/", "https://a.cn/ x",
     "https://a.cn/\x00", "HTTPS", f"https://a.cn/{'x' * LONGEST}", "https://[bad"],
)  # fmt: skip
def test_messenger_link_refuses_everything_else(link):
    with pytest.raises(ValueError, match=r".*"):
        messenger_link(link)


@given(st.text(max_size=60))
def test_messenger_link_never_gives_another_scheme(text):
    try:
        link = messenger_link(text)
    except ValueError:
        return
    assert link == "" or link.partition(":")[0].lower() in SCHEMES
