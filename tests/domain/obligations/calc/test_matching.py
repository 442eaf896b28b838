from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ronghe.domain.obligations.calc.instances import instances
from ronghe.domain.obligations.calc.matching import match, satisfies
from ronghe.kernel.calendar.calendars import EveryDayCalendar
from ronghe.kernel.calendar.periods import read_period
from tests.domain.obligations.calc.making import THEME_DAY, huddles, mechanism, record

EVERY_DAY = EveryDayCalendar()


def matched(records, mechanisms, period="2026Q3", bodies=("north",), waived=frozenset()):
    span = read_period(period).span
    owed = [i for one in mechanisms for body in bodies for i in instances(one, EVERY_DAY, span, body=body)]
    by_id = {one.id: one for one in mechanisms}
    met = match(records, owed, lambda instance: by_id[instance.mechanism], waived=waived)
    return {(*key[:2], key[2][5:]): (found.record, found.on.isoformat()[5:]) for key, found in met.items()}


def test_record_meets_the_earliest_open_instance_of_its_window():
    found = matched([record("a", date(2026, 7, 3)), record("b", date(2026, 7, 9))], [mechanism()])

    assert found == {("north", "theme_day", "07-01"): ("a", "07-03")}


def test_record_in_grace_meets_the_open_month_before_its_own():
    monthly = mechanism(grace={"days": 5})

    found = matched([record("a", date(2026, 8, 5)), record("b", date(2026, 8, 6))], [monthly])

    assert found == {
        ("north", "theme_day", "07-01"): ("a", "08-05"),
        ("north", "theme_day", "08-01"): ("b", "08-06"),
    }


def test_record_after_the_grace_meets_its_own_month():
    found = matched([record("a", date(2026, 8, 6))], [mechanism(grace={"days": 5})])

    assert found == {("north", "theme_day", "08-01"): ("a", "08-06")}


def test_record_belongs_to_the_shanghai_day():
    last = record("a", datetime(2026, 7, 31, 15, 59, tzinfo=UTC))
    next_day = record("b", datetime(2026, 7, 31, 16, 0, tzinfo=UTC))

    assert matched([last, next_day], [mechanism()]) == {
        ("north", "theme_day", "07-01"): ("a", "07-31"),
        ("north", "theme_day", "08-01"): ("b", "08-01"),
    }


def test_one_record_serves_every_body_and_mechanism_that_it_satisfies():
    """C2: one record serves every body and rule."""
    joint = record("a", date(2026, 7, 3), bodies="north south")
    twin = mechanism("zone_theme_day")

    assert matched([joint], [mechanism(), twin], bodies=("north", "south", "east")) == {
        ("north", "theme_day", "07-01"): ("a", "07-03"),
        ("south", "theme_day", "07-01"): ("a", "07-03"),
        ("north", "zone_theme_day", "07-01"): ("a", "07-03"),
        ("south", "zone_theme_day", "07-01"): ("a", "07-03"),
    }


def test_morning_record_meets_its_sitting_and_the_daily_huddle_too():
    """SD-14 and PJ-07: the record of the morning huddle may satisfy the daily huddle."""
    daily = mechanism(
        "daily_huddle",
        "FREQ=DAILY",
        "day",
        satisfied_by=[
            {"kind": "rhythm.activity_closed", "where": {"activity_type": ["daily_huddle", "morning_huddle"]}}
        ],
    )

    found = matched(
        [record("a", date(2026, 7, 3), "morning_huddle"), record("b", date(2026, 7, 3), "evening_huddle")],
        [huddles(), daily],
    )

    assert found == {
        ("north", "huddles", "07-03.morning"): ("a", "07-03"),
        ("north", "huddles", "07-03.evening"): ("b", "07-03"),
        ("north", "daily_huddle", "07-03"): ("a", "07-03"),
    }


def test_not_with_keeps_one_record_from_serving_both_bodies():
    """SD-06: the task force's two-monthly theme day is on top of the branch's monthly one."""
    monthly = mechanism()
    two_monthly = mechanism("force_day", "FREQ=MONTHLY;INTERVAL=2", "quarter", not_with=["theme_day"])
    first, second = record("a", date(2026, 7, 3), bodies="north south"), record("b", date(2026, 7, 4), bodies="south")

    alone = matched([first], [monthly, two_monthly], bodies=("north", "south"))
    both = matched([first, second], [monthly, two_monthly], bodies=("north", "south"))

    assert {key[:2] for key in alone} == {("north", "theme_day"), ("south", "theme_day")}
    assert both[("south", "force_day", "07-01")] == ("b", "07-04")


def test_waived_instance_takes_no_record():
    found = matched(
        [record("a", date(2026, 8, 3))],
        [mechanism(grace={"days": 5})],
        waived=frozenset({("north", "theme_day", "2026-07-01")}),
    )

    assert found == {("north", "theme_day", "08-01"): ("a", "08-03")}


def test_record_of_another_kind_or_body_meets_nothing():
    assert matched([record("a", date(2026, 7, 3), "party_lecture")], [mechanism()]) == {}
    assert matched([record("a", date(2026, 7, 3), bodies="south")], [mechanism()]) == {}


@pytest.mark.parametrize(("present", "is_enough"), [(3, False), (4, True), (5, True)])
def test_committee_meeting_needs_half_of_its_members(present, is_enough):
    """PM-02: half or more of 8; half itself is enough."""
    quorum = mechanism(
        satisfied_by=[{"kind": THEME_DAY["kind"], "where": {"present": {"at_least": "1/2", "of": "expected"}}}]
    )

    assert satisfies(record("a", date(2026, 7, 3), present=present, expected=8), quorum, None) is is_enough


@pytest.mark.parametrize(("present", "is_enough"), [(4, False), (5, True)])
def test_more_than_half_leaves_half_out(present, is_enough):
    """PM-12 style bound: more than half of 8."""
    quorum = mechanism(
        satisfied_by=[{"kind": THEME_DAY["kind"], "where": {"present": {"more_than": "1/2", "of": "expected"}}}]
    )

    assert satisfies(record("a", date(2026, 7, 3), present=present, expected=8), quorum, None) is is_enough


def test_condition_on_an_attribute_that_is_absent_or_no_number_does_not_hold():
    bound = mechanism(satisfied_by=[{"kind": THEME_DAY["kind"], "where": {"present": {"at_least": 1}}}])

    assert not satisfies(record("a", date(2026, 7, 3)), bound, None)
    assert not satisfies(record("a", date(2026, 7, 3), present="many"), bound, None)
    assert satisfies(record("a", date(2026, 7, 3), present="1"), bound, None)


DAYS = st.integers(0, 91).map(lambda n: date(2026, 7, 1) + timedelta(days=n))
RECORDS = st.lists(
    st.tuples(
        DAYS, st.sampled_from(["theme_party_day", "morning_huddle"]), st.sampled_from(["north", "south", "north south"])
    ),
    max_size=25,
)
MECHANISMS = [
    mechanism(grace={"days": 5}),
    mechanism("force_day", "FREQ=MONTHLY;INTERVAL=2", "quarter", not_with=["theme_day"]),
    mechanism("weekly", "FREQ=WEEKLY", "week", grace={"days": 2}),
    huddles(),
]
WAIVED = st.frozensets(
    st.tuples(st.sampled_from(["north", "south"]), st.just("theme_day"), st.sampled_from(["2026-07-01", "2026-08-01"]))
)


@given(RECORDS, WAIVED, st.randoms(use_true_random=False))
def test_matching_ends_the_same_in_any_order(found, waived, chance):
    records = [record(f"r{n:02}", *one) for n, one in enumerate(found)]
    shuffled = list(records)
    chance.shuffle(shuffled)
    mechanisms = list(MECHANISMS)
    chance.shuffle(mechanisms)

    one = matched(records, MECHANISMS, bodies=("north", "south"), waived=waived)
    other = matched(shuffled, mechanisms, bodies=("south", "north"), waived=waived)

    assert one == other


@given(RECORDS, WAIVED)
def test_matching_keeps_its_promises(found, waived):
    records = [record(f"r{n:02}", *one) for n, one in enumerate(found)]
    met = matched(records, MECHANISMS, bodies=("north", "south"), waived=waived)

    uses = [(body, one, said) for (body, one, _key), (said, _on) in met.items()]
    assert len(uses) == len(set(uses))
    assert not {said for _body, one, said in uses if one == "theme_day"} & {
        said for _body, one, said in uses if one == "force_day"
    }
    assert not {(b, m, f"2026-{k}") for b, m, k in met} & waived


@given(RECORDS)
def test_matching_leaves_nothing_open_that_a_record_could_have_met(found):
    """Without `not_with`, a record that met nothing of a mechanism found nothing of it open."""
    records = [record(f"r{n:02}", *one) for n, one in enumerate(found)]
    monthly = mechanism(grace={"days": 5})
    met = matched(records, [monthly])

    used = {said for said, _on in met.values()}
    for one in records:
        if one.id in used or one.attributes["activity_type"] != "theme_party_day" or "north" not in one.bodies:
            continue
        assert ("north", "theme_day", f"{one.day:%m}-01") in met or one.day >= date(2026, 10, 1)
