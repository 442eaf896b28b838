"""PS-01 to PS-03: converting, adding up, being behind."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from ronghe.domain.partylife.calc.hours import (
    Form,
    Line,
    Rules,
    TrainingNeed,
    balance,
    converted,
    due_by,
    entered,
    is_behind,
    months_later,
    sat_through,
    training_due,
)

RULES = Rules()
NINE = datetime(2026, 9, 14, 9, tzinfo=UTC)


def minutes(number):
    return timedelta(minutes=number)


@pytest.mark.parametrize(
    ("form", "sat", "hours"),
    [
        (Form.TOGETHER, 14, "0"), (Form.TOGETHER, 15, "0.25"), (Form.TOGETHER, 59, "0.75"), (Form.TOGETHER, 60, "1"),
        (Form.TOGETHER, 100, "1.50"), (Form.ONLINE, 45, "0.75"), (Form.LECTURE, 59, "0"), (Form.LECTURE, 60, "4"),
        (Form.LECTURE, 240, "4"), (Form.LECTURE, 241, "8"),
    ],
)  # fmt: skip
def test_ps_03_gatherings_are_converted_and_rounded_down_to_a_quarter(form, sat, hours):
    assert converted(form, minutes(sat), RULES) == Decimal(hours)


@pytest.mark.parametrize(
    ("form", "amount", "hours"),
    [(Form.OFF_JOB, "1", "8"), (Form.OFF_JOB, "0.5", "4"), (Form.LECTURE, "1", "4"), (Form.TOGETHER, "1.75", "1.75"),
     (Form.ONLINE, "2", "2")],
)  # fmt: skip
def test_ps_03_entries_are_converted_in_their_own_measure(form, amount, hours):
    assert entered(form, Decimal(amount), RULES) == Decimal(hours)


def test_ps_03_a_unit_sets_its_own_figures():
    rules = Rules(together_hour=Decimal("0.5"), off_job_day=Decimal(6))

    assert converted(Form.TOGETHER, minutes(60), rules) == Decimal("0.5")
    assert entered(Form.OFF_JOB, Decimal(2), rules) == 12


def test_nobody_sat_longer_than_was_planned_nor_after_leaving():
    closed = NINE + minutes(300)

    assert sat_through(NINE, closed, planned=minutes(90)) == minutes(90)
    assert sat_through(NINE, closed) == minutes(300)
    assert sat_through(NINE, closed, left_at=NINE + minutes(20)) == minutes(20)
    assert sat_through(NINE, NINE - minutes(1)) == minutes(0)


def line(key, hours, form=Form.TOGETHER, *, day=1, training=False):
    return Line(key, date(2026, 3, day), form, Decimal(hours), is_training=training)


@pytest.mark.parametrize(("hours", "missing"), [("31.75", "0.25"), ("32", "0"), ("32.25", "0")])
def test_ps_01_a_member_wants_32_hours(hours, missing):
    found = balance([line("a", hours)], RULES, is_leader=False)

    assert (found.goal, found.missing) == (32, Decimal(missing))
    assert found.is_reached is (Decimal(missing) == 0)


def test_ps_01_a_leader_wants_56_hours_and_a_training():
    short = balance([line("a", "56")], RULES, is_leader=True)
    whole = balance([line("a", "48"), line("b", "8", Form.OFF_JOB, training=True)], RULES, is_leader=True)

    assert (short.goal, short.missing, short.is_reached) == (56, 0, False)
    assert whole.is_reached


def test_ps_03_online_hours_count_until_the_cap_in_the_order_of_their_days():
    lines = [line("b", "10", Form.ONLINE, day=5), line("a", "10", Form.ONLINE, day=2), line("c", "1", day=3)]

    found = balance(lines, RULES, is_leader=False)

    assert [(one.key, one.counted) for one in found.lines] == [("a", 10), ("c", 1), ("b", 6)]
    assert found.total == 17


@pytest.mark.parametrize(
    ("day", "due"),
    [(date(2026, 1, 31), "0"), (date(2026, 2, 1), "2.50"), (date(2026, 7, 1), "16"), (date(2026, 12, 31), "29.25"),
     (date(2027, 1, 1), "32"), (date(2025, 12, 31), "0")],
)  # fmt: skip
def test_ps_01_a_twelfth_is_due_for_each_full_month(day, due):
    assert due_by(Decimal(32), 2026, day) == Decimal(due)


def test_ps_01_a_quarter_of_an_hour_too_few_is_behind():
    assert is_behind(balance([line("a", "15.75")], RULES, is_leader=False), 2026, date(2026, 7, 1))
    assert not is_behind(balance([line("a", "16")], RULES, is_leader=False), 2026, date(2026, 7, 1))


def test_ps_01_a_year_without_training_is_behind_once_it_is_over():
    found = balance([line("a", "60")], RULES, is_leader=True)

    assert not is_behind(found, 2026, date(2026, 12, 31))
    assert is_behind(found, 2026, date(2027, 1, 1))


@pytest.mark.parametrize(
    ("day", "months", "then"),
    [(date(2026, 1, 31), 1, date(2026, 2, 28)), (date(2027, 8, 31), 6, date(2028, 2, 29)),
     (date(2026, 8, 15), 6, date(2027, 2, 15)), (date(2026, 12, 1), 12, date(2027, 12, 1))],
)  # fmt: skip
def test_months_end_where_the_month_ends(day, months, then):
    assert months_later(day, months) == then


@pytest.mark.parametrize(
    ("had", "met"), [(date(2026, 9, 14), True), (date(2026, 9, 15), False), (date(2026, 3, 13), False)]
)
def test_ps_02_a_new_secretary_is_trained_within_half_a_year(had, met):
    due = training_due(TrainingNeed.NEW_SECRETARY, date(2026, 3, 14), [had])

    assert due.until == date(2026, 9, 14)
    assert (due.had_on is not None) is met


def test_ps_02_a_new_member_is_trained_within_a_year():
    due = training_due(TrainingNeed.PROBATION, date(2026, 3, 14), [])

    assert due.until == date(2027, 3, 14)
    assert due.is_open(date(2027, 3, 14))
    assert due.is_missed(date(2027, 3, 15))
