"""Clocks of one item and of many."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from ronghe.domain.items.calc.clocks import ClockSpec, Distribution, distribution, read_clock

BEGIN = datetime(2026, 9, 14, 8, tzinfo=UTC)
SPEC = ClockSpec("whole", "从提出到验收", ("accept",), target_hours=48)


def at(hours: float) -> datetime:
    return BEGIN + timedelta(hours=hours)


def test_a_clock_runs_until_its_last_stop():
    running = read_clock(SPEC, [("raise", at(0)), ("claim", at(5))], at(10))
    stopped = read_clock(SPEC, [("raise", at(0)), ("accept", at(9.99))], at(100))

    assert (running.hours, running.stopped_at) == (10, None)
    assert (stopped.hours, stopped.stopped_at) == (9, at(9.99))


def test_a_reopened_item_runs_on():
    steps = [("raise", at(0)), ("accept", at(5)), ("reopen", at(6))]

    assert read_clock(SPEC, steps, at(20)).stopped_at is None
    assert read_clock(SPEC, [*steps, ("accept", at(30))], at(90)).hours == 30


def test_a_clock_that_has_not_begun_says_nothing():
    assert read_clock(ClockSpec("x", "x", ("accept",), from_step="claim"), [("raise", at(0))], at(1)) is None


def test_the_target_is_kept_on_its_very_hour():
    assert not read_clock(SPEC, [("raise", at(0)), ("accept", at(48))], at(99)).is_over_target
    assert read_clock(SPEC, [("raise", at(0)), ("accept", at(49))], at(99)).is_over_target


def test_many_clocks_say_middle_ninetieth_and_longest():
    assert distribution([]) == Distribution(0, None, None, None)
    assert distribution(range(1, 11)) == Distribution(10, 5, 9, 10)
    assert distribution([7]) == Distribution(1, 7, 7, 7)


def test_what_happens_once_stops_once():
    once = ClockSpec("taken", "受理", ("triage",), runs_on=False)
    steps = [("raise", at(0)), ("triage", at(5)), ("answer", at(9)), ("reopen", at(12)), ("triage", at(20))]

    assert read_clock(once, steps, at(99)).hours == 5
    assert read_clock(once, steps[:1], at(7)).stopped_at is None
