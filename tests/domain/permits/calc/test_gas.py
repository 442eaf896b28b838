"""Gas: units, limits on and beside the boundary, and for how long a test is good."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from ronghe.domain.permits.calc.gas import (
    NothingRead,
    Reading,
    ReadingUnfit,
    SubstanceUnknown,
    Test,
    UnitUnfit,
    covers,
    is_fresh,
    is_overdue,
    judge,
    may_resume,
    read,
)
from ronghe.domain.permits.calc.profiles import profile_called

Test.__test__ = False
GB = profile_called("gb30871_2022")
HOT, SPACE = GB.operation("hot_work").gas, GB.operation("confined_space").gas
NOW = datetime(2026, 9, 14, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
METHANE = frozenset({"methane"})


@pytest.mark.parametrize(
    ("rule", "substance", "value", "unit", "fit"),
    [("PW-21", "methane", "0.49", "%", True), ("PW-21", "methane", "0.5", "%", True), ("PW-21", "methane", "0.51", "%", False),
     ("PW-21", "methane", "9.9", "%LEL", True), ("PW-21", "methane", "10", "%LEL", True), ("PW-21", "methane", "10.1", "%LEL", False),
     ("PW-21", "hydrogen", "0.5", "%", True), ("PW-21", "hydrogen", "0.51", "%", False),
     ("PW-21", "propane", "0.19", "%", True), ("PW-21", "propane", "0.2", "%", True), ("PW-21", "propane", "0.21", "%", False),
     ("PW-22", "oxygen", "19.4", "%", False), ("PW-22", "oxygen", "19.5", "%", True), ("PW-22", "oxygen", "21", "%", True),
     ("PW-22", "oxygen", "21.1", "%", False), ("PW-22", "hydrogen_sulfide", "9.9", "mg/m³", True),
     ("PW-22", "hydrogen_sulfide", "10", "mg/m³", True), ("PW-22", "hydrogen_sulfide", "10.1", "mg/m³", False)],
)  # fmt: skip
def test_pw_21_and_pw_22_limits(rule, substance, value, unit, fit):
    found = judge(GB, Reading(substance, Decimal(value), unit))

    assert (found.is_fit, found.rule) == (fit, rule)


@pytest.mark.parametrize(("value", "fit"), [("21.1", True), ("23.5", True), ("23.6", False)])
def test_pw_22_oxygen_in_an_enriched_space(value, fit):
    assert judge(GB, Reading("oxygen", Decimal(value), "%"), is_enriched=True).is_fit is fit


def test_readings_are_checked_for_substance_unit_and_value():
    assert read(GB, [{"substance": "methane", "value": "3", "unit": "%LEL"}, {"substance": "oxygen", "value": 20.9}]) == [
        Reading("methane", Decimal(3), "%LEL"), Reading("oxygen", Decimal("20.9"), "%"),
    ]  # fmt: skip
    for given, error in (
        ([], NothingRead), ([{"substance": "argon", "value": 1}], SubstanceUnknown),
        ([{"substance": "oxygen", "value": 20, "unit": "%LEL"}], UnitUnfit),
        ([{"substance": "oxygen", "value": "viel"}], ReadingUnfit), ([{"substance": "oxygen", "value": "101"}], ReadingUnfit),
        ([{"substance": "oxygen", "value": "-1"}], ReadingUnfit),
    ):  # fmt: skip
        with pytest.raises(error):
            read(GB, given)


@pytest.mark.parametrize(
    ("seconds", "fresh"), [(-1, False), (0, True), (29 * 60, True), (30 * 60, True), (30 * 60 + 1, False)]
)
def test_pw_20_a_sample_is_good_for_thirty_minutes(seconds, fresh):
    assert is_fresh(GB, Test(NOW - timedelta(seconds=seconds), True, METHANE), NOW) is fresh


@pytest.mark.parametrize(
    ("rule", "gas", "grade", "minutes", "goes"),
    [("PW-20", HOT, "special", 30, True), ("PW-20", HOT, "special", 31, False), ("PW-20", HOT, "grade_1", 30, True),
     ("PW-20", HOT, "grade_1", 31, False), ("PW-20", HOT, "grade_2", 60, True), ("PW-20", HOT, "grade_2", 61, False),
     ("PW-22", SPACE, "none", 60, True), ("PW-22", SPACE, "none", 61, False)],
)  # fmt: skip
def test_pw_20_and_pw_22_after_a_break_the_gas_is_tested_again(rule, gas, grade, minutes, goes):
    stopped = NOW - timedelta(minutes=minutes)
    substances = METHANE | {"oxygen", "hydrogen_sulfide"}
    before = Test(stopped - timedelta(minutes=5), True, substances)
    again = Test(NOW - timedelta(minutes=2), True, substances)

    def may(test, **changes):
        return may_resume(GB, gas, grade, test=test, suspended_at=stopped, at=NOW, must_test=False, **changes)

    assert may(before) is goes
    assert may(again)
    assert not may(None)
    assert not may(Test(NOW, False, substances))
    assert not may_resume(GB, gas, grade, test=before, suspended_at=stopped, at=NOW, must_test=True)


def test_pw_20_hot_work_is_tested_every_day():
    stopped = NOW.replace(hour=23, minute=50) - timedelta(days=1)
    early = NOW.replace(hour=0, minute=5)
    old = Test(stopped - timedelta(minutes=5), True, METHANE)

    assert not may_resume(GB, HOT, "grade_2", test=old, suspended_at=stopped, at=early, must_test=False)
    assert may_resume(
        GB, HOT, "grade_2", test=Test(early, True, METHANE), suspended_at=stopped, at=early, must_test=False
    )


@pytest.mark.parametrize(("minutes", "late"), [(119, False), (120, False), (121, True)])
def test_pw_22_every_two_hours(minutes, late):
    test = Test(NOW - timedelta(minutes=minutes), True, METHANE)

    assert is_overdue(GB, SPACE, "none", test, NOW) is late
    assert is_overdue(GB, HOT, "special", test, NOW) is late
    assert not is_overdue(GB, HOT, "grade_2", test, NOW)


def test_pw_22_a_confined_space_wants_oxygen_poison_and_what_burns():
    assert covers(SPACE, METHANE | {"oxygen", "hydrogen_sulfide"})
    assert not covers(SPACE, METHANE | {"oxygen"})
    assert not covers(SPACE, frozenset({"oxygen", "hydrogen_sulfide"}))
    assert covers(HOT, frozenset({"propane"}))
