from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ronghe.kernel.calendar.periods import (
    DaySpan,
    PeriodKind,
    PeriodUnreadable,
    SpanEndsBeforeItBegins,
    period_around,
    periods_in,
    read_period,
)

days = st.dates(date(2000, 1, 1), date(2100, 12, 31))


@pytest.mark.parametrize(
    ("text", "kind", "from_on", "until_on"),
    [
        ("2026", PeriodKind.YEAR, date(2026, 1, 1), date(2027, 1, 1)),
        ("2026H2", PeriodKind.HALF, date(2026, 7, 1), date(2027, 1, 1)),
        ("2026Q3", PeriodKind.QUARTER, date(2026, 7, 1), date(2026, 10, 1)),
        ("2026-12", PeriodKind.MONTH, date(2026, 12, 1), date(2027, 1, 1)),
        ("2026-W01", PeriodKind.WEEK, date(2025, 12, 29), date(2026, 1, 5)),
        ("2024-02-29", PeriodKind.DAY, date(2024, 2, 29), date(2024, 3, 1)),
    ],
)
def test_read_period_names_half_open_spans(text, kind, from_on, until_on):
    period = read_period(text)

    assert (period.label, period.kind, period.span) == (text, kind, DaySpan(from_on, until_on))


@pytest.mark.parametrize("text", ["", "26Q3", "2026Q5", "2026-13", "2026-W54", "2025-02-29", "2026Q3x", "0000"])
def test_read_period_refuses_what_names_no_period(text):
    with pytest.raises(PeriodUnreadable):
        read_period(text)


@given(days, st.sampled_from(list(PeriodKind)))
def test_period_around_a_day_holds_it_and_is_read_back_from_its_label(day, kind):
    period = period_around(day, kind)

    assert day in period.span
    assert read_period(period.label) == period


@given(days, st.sampled_from(list(PeriodKind)))
def test_periods_follow_each_other_without_gap(day, kind):
    period = period_around(day, kind)

    assert period.next().span.from_on == period.span.until_on
    assert period.next().previous() == period


def test_periods_in_a_span_include_those_cut_by_its_edges():
    found = periods_in(DaySpan(date(2026, 3, 31), date(2026, 7, 2)), PeriodKind.QUARTER)

    assert [period.label for period in found] == ["2026Q1", "2026Q2", "2026Q3"]


def test_span_moments_are_shanghai_midnights():
    assert read_period("2026Q3").span.moments() == (
        datetime(2026, 6, 30, 16, tzinfo=UTC),
        datetime(2026, 9, 30, 16, tzinfo=UTC),
    )


def test_span_is_half_open():
    span = DaySpan(date(2026, 7, 1), date(2026, 7, 3))

    assert list(span) == [date(2026, 7, 1), date(2026, 7, 2)]
    assert date(2026, 7, 3) not in span
    assert (len(span), span.last_on) == (2, date(2026, 7, 2))
    assert not span.overlaps(DaySpan(date(2026, 7, 3), date(2026, 7, 4)))
    assert span.overlaps(DaySpan(date(2026, 7, 2), date(2026, 7, 4)))
    assert read_period("2026-07").span.covers(span)
    assert not span.covers(read_period("2026-07").span)


def test_span_refuses_to_end_before_it_begins():
    with pytest.raises(SpanEndsBeforeItBegins):
        DaySpan(date(2026, 7, 2), date(2026, 7, 1))
