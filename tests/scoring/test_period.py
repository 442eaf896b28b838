from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from ronghe.scoring.period import Period, PeriodUnknown


@pytest.mark.parametrize(
    ("written", "start", "end", "piece"),
    [
        ("2026", date(2026, 1, 1), date(2027, 1, 1), "year"),
        ("2026H2", date(2026, 7, 1), date(2027, 1, 1), "half"),
        ("2026Q3", date(2026, 7, 1), date(2026, 10, 1), "quarter"),
        ("2026-12", date(2026, 12, 1), date(2027, 1, 1), "month"),
        ("2024Q1..2025Q4", date(2024, 1, 1), date(2026, 1, 1), None),
    ],
)
def test_period_is_a_half_open_span_of_days(written, start, end, piece):
    period = Period.parse(written)

    assert (period.day_from, period.day_until, period.piece) == (start, end, piece)


@pytest.mark.parametrize("written", ["2026Q5", "2026-13", "26", "", "2025Q4..2024Q1", "0000", "9999-12"])
def test_period_refuses_what_is_none(written):
    with pytest.raises(PeriodUnknown):
        Period.parse(written)


def test_period_is_cut_into_calendar_pieces():
    assert [piece.name for piece in Period.parse("2026Q3").cut("month")] == ["2026-07", "2026-08", "2026-09"]
    assert [piece.name for piece in Period.parse("2026").cut("half")] == ["2026H1", "2026H2"]
    assert len(Period.parse("2028").cut("day")) == 366


def test_period_holds_a_moment_by_its_day_in_shanghai():
    quarter = Period.parse("2026Q3")

    assert not quarter.holds(datetime(2026, 6, 30, 15, 59, 59, tzinfo=UTC))
    assert quarter.holds(datetime(2026, 6, 30, 16, 0, tzinfo=UTC))
    assert quarter.holds(datetime(2026, 9, 30, 15, 59, 59, tzinfo=UTC))
    assert not quarter.holds(datetime(2026, 9, 30, 16, 0, tzinfo=UTC))
