from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from ronghe.domain.obligations.calc.instances import InForce, instances
from ronghe.domain.obligations.calc.occurrences import OccurrenceBook, occurrences
from ronghe.kernel.calendar.announced import read_announced_year
from ronghe.kernel.calendar.calendars import EveryDayCalendar, ShutDown, SiteCalendar, statutory_calendar
from ronghe.kernel.calendar.periods import DAY, DaySpan, read_period
from tests.domain.obligations.calc.making import huddles, mechanism

STATUTORY = statutory_calendar()
EVERY_DAY = EveryDayCalendar()
SHUT = SiteCalendar(EVERY_DAY, (ShutDown(DaySpan(date(2026, 7, 10), date(2026, 7, 20)), "设备检修"),))


def owed(a_mechanism, calendar, period):
    return occurrences(a_mechanism, calendar, read_period(period).span)


def test_general_meeting_is_owed_once_a_quarter_until_its_last_day():
    """PM-01."""
    found = owed(mechanism(rrule="FREQ=MONTHLY;INTERVAL=3", window="quarter"), STATUTORY, "2026")

    assert [(o.key, o.window_from, o.due_on) for o in found] == [
        ("2026-01-01", date(2026, 1, 1), date(2026, 3, 31)),
        ("2026-04-01", date(2026, 4, 1), date(2026, 6, 30)),
        ("2026-07-01", date(2026, 7, 1), date(2026, 9, 30)),
        ("2026-10-01", date(2026, 10, 1), date(2026, 12, 31)),
    ]


def test_committee_meeting_is_owed_every_month():
    """PM-02, PM-03."""
    found = owed(mechanism(), STATUTORY, "2026Q3")

    assert [o.due_on for o in found] == [date(2026, 7, 31), date(2026, 8, 31), date(2026, 9, 30)]
    assert [o.planned_on for o in found] == [None, None, None]


def test_theme_day_is_planned_on_a_worked_day_and_due_on_the_last_one_of_the_month():
    """PM-05: a fixed day of the month that may be moved; 25 July 2026 is a Saturday."""
    fixed = mechanism(rrule="FREQ=MONTHLY;BYMONTHDAY=25", cadence={"working_day": "previous"})

    found = owed(fixed, STATUTORY, "2026Q4")
    (july,) = owed(fixed, STATUTORY, "2026-07")

    assert [o.planned_on for o in found] == [date(2026, 10, 23), date(2026, 11, 25), date(2026, 12, 25)]
    assert [o.due_on for o in found] == [date(2026, 10, 30), date(2026, 11, 30), date(2026, 12, 31)]
    assert july.planned_on == date(2026, 7, 24)


def test_yearly_duty_counts_in_the_year_and_in_its_last_quarter():
    """PM-06, PM-07: at least once a year."""
    yearly = mechanism(rrule="FREQ=YEARLY", window="year")

    assert [o.due_on for o in owed(yearly, STATUTORY, "2026")] == [date(2026, 12, 31)]
    assert owed(yearly, STATUTORY, "2026Q3") == ()
    assert [o.due_on for o in owed(yearly, STATUTORY, "2026Q4")] == [date(2026, 12, 31)]


def test_huddles_have_two_sittings_a_day_and_none_while_the_site_is_shut():
    """SD-14: morning and evening; the shut-down is half-open."""
    found = owed(huddles(cadence={"working_day": "skip"}), SHUT, "2026-07")

    assert len(found) == 2 * 21
    assert [o.key for o in found[16:20]] == [
        "2026-07-09.evening",
        "2026-07-09.morning",
        "2026-07-20.evening",
        "2026-07-20.morning",
    ]


def test_day_window_moves_with_its_day():
    friday = mechanism(rrule="FREQ=MONTHLY;BYMONTHDAY=1", window="day", cadence={"working_day": "next"})
    back = mechanism(rrule="FREQ=MONTHLY;BYMONTHDAY=1", window="day", cadence={"working_day": "previous"})

    (later,) = owed(friday, STATUTORY, "2026-10")
    (earlier,) = owed(back, STATUTORY, "2026-10")

    assert (later.key, later.window_from, later.due_on) == ("2026-10-01", date(2026, 10, 8), date(2026, 10, 8))
    assert (earlier.window_from, earlier.due_on) == (date(2026, 9, 30), date(2026, 9, 30))
    assert earlier.counts_on == date(2026, 10, 1)


def test_days_moved_onto_the_same_day_are_owed_once():
    daily = mechanism(rrule="FREQ=DAILY", window="day", cadence={"working_day": "next"})

    found = owed(daily, STATUTORY, "2026-W40")

    assert [(o.key, o.due_on) for o in found] == [
        ("2026-09-28", date(2026, 9, 28)),
        ("2026-09-29", date(2026, 9, 29)),
        ("2026-09-30", date(2026, 9, 30)),
        ("2026-10-01", date(2026, 10, 8)),
    ]


def test_long_window_reaches_the_next_working_day_beyond_its_end():
    monthly = mechanism(cadence={"working_day": "next"})

    (may,) = owed(monthly, STATUTORY, "2026-05")

    assert (may.window_from, may.due_on, may.counts_on) == (date(2026, 5, 1), date(2026, 6, 1), date(2026, 5, 31))


def test_window_without_a_working_day_is_not_owed():
    shut = SiteCalendar(EVERY_DAY, (ShutDown(read_period("2026-W29").span, "检修"),))
    weekly = mechanism(rrule="FREQ=WEEKLY", window="week", cadence={"working_day": "skip"})

    assert [o.key for o in owed(weekly, shut, "2026-07")] == ["2026-06-29", "2026-07-06", "2026-07-20"]


def test_site_shut_for_good_owes_nothing():
    shut = SiteCalendar(EVERY_DAY, (ShutDown(DaySpan(date(2026, 7, 1), date(2040, 1, 1)), "项目结束"),))

    assert owed(mechanism(cadence={"working_day": "next"}), shut, "2026-08") == ()


def test_grace_counts_working_days_or_calendar_days_after_the_due_day():
    (by_work,) = owed(mechanism(grace={"days": 5, "unit": "working"}), STATUTORY, "2026-09")
    (by_day,) = owed(mechanism(grace={"days": 5}), STATUTORY, "2026-09")
    (without,) = owed(mechanism(), STATUTORY, "2026-09")

    assert by_work.grace_until == date(2026, 10, 14)
    assert by_day.grace_until == date(2026, 10, 6)
    assert without.grace_until == date(2026, 10, 1)


def test_occurrence_is_provisional_until_its_year_is_announced_and_keeps_its_key():
    fixed = mechanism(rrule="FREQ=MONTHLY;BYMONTHDAY=1", window="day", cadence={"working_day": "next"})
    announced = statutory_calendar([read_announced_year({"year": 2035, "holidays": {"2035-01-01": "元旦"}})])

    (before,) = owed(fixed, STATUTORY, "2035-01")
    (after,) = owed(fixed, announced, "2035-01")

    assert (before.is_provisional, before.due_on) == (True, date(2035, 1, 1))
    assert (after.is_provisional, after.due_on) == (False, date(2035, 1, 2))
    assert before.key == after.key


def test_occurrence_that_no_holiday_can_move_is_never_provisional():
    (found,) = owed(mechanism(), STATUTORY, "2035-01")

    assert not found.is_provisional


def test_body_owes_from_its_first_whole_window():
    from_mid_july = InForce(date(2026, 7, 10), date(2026, 9, 30))

    def keys(a_mechanism):
        found = instances(a_mechanism, STATUTORY, read_period("2026Q3").span, body="north", in_force=from_mid_july)
        return [instance.occurrence.key for instance in found]

    assert keys(mechanism()) == ["2026-08-01"]
    assert keys(mechanism(cadence={"partial_window": "owed"})) == ["2026-07-01", "2026-08-01", "2026-09-01"]


def test_book_computes_a_calendar_once_for_all_bodies():
    book, span, monthly = OccurrenceBook(), read_period("2026").span, mechanism()

    one = instances(monthly, STATUTORY, span, body="north", book=book)
    other = instances(monthly, statutory_calendar(), span, body="south", book=book)

    assert all(a.occurrence is b.occurrence for a, b in zip(one, other, strict=True))
    assert [i.key for i in one[:1] + other[:1]] == [
        ("north", "theme_day", "2026-01-01"),
        ("south", "theme_day", "2026-01-01"),
    ]


def test_a_dated_mechanism_is_owed_in_windows_that_lie_whole_within_its_days():
    """C8: what a campaign asks ends with it; both ends on, just inside and just outside a window."""
    whole = mechanism("m", "FREQ=MONTHLY", "month", from_on="2026-03-01", until_on="2026-06-01")
    cut = mechanism("m", "FREQ=MONTHLY", "month", from_on="2026-03-02", until_on="2026-05-31")

    assert [o.key for o in owed(whole, EVERY_DAY, "2026")] == ["2026-03-01", "2026-04-01", "2026-05-01"]
    assert [o.key for o in owed(cut, EVERY_DAY, "2026")] == ["2026-04-01"]


def test_a_dated_mechanism_may_owe_windows_that_it_only_touches():
    cut = mechanism(
        "m", "FREQ=MONTHLY", "month", cadence={"partial_window": "owed"}, from_on="2026-03-31", until_on="2026-05-02"
    )

    assert [o.key for o in owed(cut, EVERY_DAY, "2026")] == ["2026-03-01", "2026-04-01", "2026-05-01"]


def test_a_mechanism_with_one_day_named_is_open_at_the_other_end():
    begun = mechanism("m", "FREQ=MONTHLY;INTERVAL=3", "quarter", from_on="2026-07-01")
    ended = mechanism("m", "FREQ=MONTHLY;INTERVAL=3", "quarter", until_on="2026-07-01")

    assert [o.key for o in owed(begun, EVERY_DAY, "2026")] == ["2026-07-01", "2026-10-01"]
    assert [o.key for o in owed(ended, EVERY_DAY, "2026")] == ["2026-01-01", "2026-04-01"]


SHAPES = st.sampled_from(
    [
        ("FREQ=DAILY", "day"),
        ("FREQ=WEEKLY", "week"),
        ("FREQ=WEEKLY;BYDAY=TU,SA", "day"),
        ("FREQ=MONTHLY;BYMONTHDAY=25", "month"),
        ("FREQ=MONTHLY;INTERVAL=3", "quarter"),
        ("FREQ=YEARLY", "year"),
    ]
)


@given(
    SHAPES,
    st.sampled_from(["none", "skip", "previous", "next"]),
    st.integers(0, 10),
    st.sampled_from([STATUTORY, EVERY_DAY, SHUT]),
)
def test_periods_share_out_the_year_and_dates_are_in_order(shape, rule, grace, calendar):
    one = mechanism("one", *shape, cadence={"working_day": rule}, grace={"days": grace, "unit": "working"})

    whole = owed(one, calendar, "2026")
    quarters = [o for quarter in range(1, 5) for o in owed(one, calendar, f"2026Q{quarter}")]

    if not (rule in ("next", "previous") and shape[1] == "day"):  # days moved together across a quarter's end
        assert [o.key for o in whole] == [o.key for o in quarters]
    assert len({o.key for o in whole}) == len(whole)
    for o in whole:
        assert o.window_from <= o.due_on < o.grace_until
        assert o.planned_on is None or o.window_from <= o.planned_on <= o.due_on
        assert rule == "none" or shape[1] != "day" or calendar.is_working(o.due_on)
        assert o.due_on + DAY in DaySpan(o.due_on, o.grace_until + DAY)
