"""The rule matrix: each operation, grade and boundary, just below, on and just above, with its rule's number."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from ronghe.domain.permits.calc.grading import (
    BelowScope,
    FactMissing,
    FactUnfit,
    circumstances_of,
    clean_facts,
    grade_of,
    is_exempt,
    longest_h,
    moment_circumstances,
    parties_of,
    wanted_links,
)
from ronghe.domain.permits.calc.profiles import profile_called
from ronghe.kernel.calendar.calendars import statutory_calendar

GB, CNPC = profile_called("gb30871_2022"), profile_called("cnpc")
SHANGHAI = ZoneInfo("Asia/Shanghai")


def graded(operation, facts, *reasons):
    return grade_of(GB, GB.operation(operation), facts, frozenset(reasons)).grade


@pytest.mark.parametrize(
    ("rule", "height", "grade"),
    [("PW-24", "1.9", None), ("PW-24", "2", "grade_1"), ("PW-24", "2.1", "grade_1"), ("PW-24", "4.9", "grade_1"),
     ("PW-24", "5", "grade_1"), ("PW-24", "5.1", "grade_2"), ("PW-24", "15", "grade_2"), ("PW-24", "15.1", "grade_3"),
     ("PW-24", "30", "grade_3"), ("PW-24", "30.1", "grade_4")],
)  # fmt: skip
def test_pw_24_height(rule, height, grade):
    if grade is None:
        with pytest.raises(BelowScope, match=rule):
            graded("work_at_height", {"height_m": height})
    else:
        assert graded("work_at_height", {"height_m": height}) == grade


@pytest.mark.parametrize(
    ("height", "grade"), [("5", "grade_2"), ("15", "grade_3"), ("30", "grade_4"), ("31", "grade_4")]
)
def test_pw_24_an_objective_hazard_is_one_grade_more_and_never_past_the_top(height, grade):
    assert graded("work_at_height", {"height_m": height, "objective_hazard": True}) == grade


@pytest.mark.parametrize(
    ("mass", "grade"), [("39.9", "grade_3"), ("40", "grade_2"), ("40.1", "grade_2"), ("99.9", "grade_2"),
                        ("100", "grade_2"), ("100.1", "grade_1")],
)  # fmt: skip
def test_pw_25_tonnes(mass, grade):
    assert graded("lifting", {"mass_t": mass}) == grade


@pytest.mark.parametrize(("mass", "exempt"), [("9.9", True), ("10", False), ("10.1", False)])
def test_pw_25_under_ten_tonnes_no_ticket_is_wanted(mass, exempt):
    assert is_exempt(GB, GB.operation("lifting"), {"mass_t": mass}) is exempt


@pytest.mark.parametrize(("depth", "is_dug"), [("0.4", False), ("0.5", False), ("0.6", True)])
def test_pw_27_more_than_half_a_metre_is_excavation(depth, is_dug):
    if is_dug:
        assert graded("excavation", {"depth_m": depth}) == "none"
    else:
        with pytest.raises(BelowScope, match="PW-27"):
            graded("excavation", {"depth_m": depth})


@pytest.mark.parametrize(("depth", "links"), [("1.1", []), ("1.2", []), ("1.3", ["confined_space"])])
def test_pw_27_a_deep_pit_is_a_confined_space_as_well(depth, links):
    assert wanted_links(GB, GB.operation("excavation"), {"depth_m": depth}) == links


@pytest.mark.parametrize(
    ("location", "grade"), [("running_equipment", "special"), ("explosive_area", "grade_1"), ("pipe_rack", "grade_1"),
                            ("other", "grade_2")],
)  # fmt: skip
def test_pw_20_place_of_hot_work(location, grade):
    assert graded("hot_work", {"location": location}) == grade


@pytest.mark.parametrize("reason", ["rest_day", "night", "despite_wind", "special_case"])
@pytest.mark.parametrize(
    ("location", "grade"), [("other", "grade_1"), ("pipe_rack", "special"), ("running_equipment", "special")]
)
def test_pw_29_hot_work_is_upgraded_by_one(reason, location, grade):
    facts = {"location": location} | ({reason: True} if reason in {"despite_wind", "special_case"} else {})
    found = grade_of(GB, GB.operation("hot_work"), facts, frozenset({reason} - facts.keys()))

    assert (found.grade, found.upgraded_by) == (grade, (reason,))


@pytest.mark.parametrize("operation", ["confined_space", "blind_plate", "temporary_power", "road_breaking"])
def test_operations_without_grades(operation):
    assert graded(operation, {}, "night", "rest_day") == "none"


@pytest.mark.parametrize(
    ("rule", "operation", "grade", "approver", "co_signers", "checker"),
    [("PW-40", "hot_work", "special", "leader", (), "shift_leader"),
     ("PW-40", "hot_work", "grade_1", "safety_dept", (), "shift_leader"),
     ("PW-40", "hot_work", "grade_2", "base_unit", (), "shift_leader"),
     ("PW-41", "confined_space", "none", "base_unit", (), ""), ("PW-41", "blind_plate", "none", "base_unit", (), ""),
     ("PW-42", "work_at_height", "grade_1", "base_unit", (), ""),
     ("PW-42", "work_at_height", "grade_2", "discipline_dept", (), ""),
     ("PW-42", "work_at_height", "grade_3", "discipline_dept", (), ""),
     ("PW-42", "work_at_height", "grade_4", "chief_engineer", (), ""),
     ("PW-43", "lifting", "grade_1", "chief_engineer", (), ""), ("PW-43", "lifting", "grade_2", "discipline_dept", (), ""),
     ("PW-43", "lifting", "grade_3", "discipline_dept", (), ""),
     ("PW-44", "temporary_power", "none", "power_supplier", ("power_supplier",), ""),
     ("PW-45", "excavation", "none", "discipline_dept", ("involved_units",), ""),
     ("PW-46", "road_breaking", "none", "discipline_dept", ("fire_and_safety",), "")],
)  # fmt: skip
def test_pw_40_to_pw_47_who_approves_and_co_signs(rule, operation, grade, approver, co_signers, checker):
    """PW-40, PW-41, PW-42, PW-43, PW-44, PW-45, PW-46, PW-47."""
    found = parties_of(GB.operation(operation), grade)

    assert (found.approver, found.co_signers, found.checker) == (approver, co_signers, checker)


@pytest.mark.parametrize(
    ("rule", "operation", "grade", "facts", "hours"),
    [("PW-20", "hot_work", "special", {}, 8), ("PW-20", "hot_work", "grade_1", {}, 8), ("PW-20", "hot_work", "grade_2", {}, 72),
     ("PW-22", "confined_space", "none", {}, 24), ("PW-24", "work_at_height", "grade_3", {}, 7 * 24),
     ("PW-26", "temporary_power", "none", {}, 15 * 24), ("PW-26", "temporary_power", "none", {"special_case": True}, 30 * 24),
     ("PW-30", "blind_plate", "none", {}, 24), ("PW-30", "lifting", "grade_1", {}, 24), ("PW-30", "excavation", "none", {}, 24),
     ("PW-30", "road_breaking", "none", {}, 24)],
)  # fmt: skip
def test_pw_30_how_long_a_permit_runs(rule, operation, grade, facts, hours):
    assert longest_h(GB, GB.operation(operation), grade, facts) == hours


def test_pc_04_one_shift_under_the_companys_profile():
    assert longest_h(CNPC, CNPC.operation("construction_permit"), "none", {}) == 12
    assert longest_h(CNPC, CNPC.operation("hot_work"), "special", {}) == 8


def at(day, hour, minute=0):
    return datetime(2026, 9, day, hour, minute, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("moment", "found"),
    [(at(14, 21, 59), set()), (at(14, 22), {"night"}), (at(15, 5, 59), {"night"}), (at(15, 6), set()),
     (at(12, 10), {"rest_day"}), (at(13, 23), {"night", "rest_day"}), (at(25, 10), {"rest_day"})],
)  # fmt: skip
def test_pw_29_nights_rest_days_and_holidays(moment, found):
    """12 and 13 September 2026 are a weekend, 25 September the mid-autumn festival."""
    assert moment_circumstances(GB, statutory_calendar(), moment) == found


def test_pw_29_a_window_touches_the_night_when_one_moment_of_it_does():
    calendar = statutory_calendar()

    assert circumstances_of(GB, calendar, at(14, 14), at(14, 22)) == set()
    assert circumstances_of(GB, calendar, at(14, 14, 30), at(14, 22, 30)) == {"night"}
    assert circumstances_of(GB, calendar, at(11, 8), at(14, 8)) == set()
    assert circumstances_of(GB, calendar, at(12, 8), at(14, 8)) == {"rest_day"}


def test_facts_are_cleaned_and_a_wrong_one_is_named():
    operation = GB.operation("lifting")
    assert clean_facts(operation, {"mass_t": " 40.0 ", "other": 1}) == {"mass_t": "40"}
    with pytest.raises(FactMissing, match="吊物质量"):
        clean_facts(operation, {"mass_t": ""})
    for wrong in ("viel", "-1", "NaN", "1e9"):
        with pytest.raises(FactUnfit, match="吊物质量"):
            clean_facts(operation, {"mass_t": wrong})
    with pytest.raises(FactUnfit):
        clean_facts(GB.operation("hot_work"), {"location": "moon"})
    assert clean_facts(GB.operation("hot_work"), {"location": "other", "outdoors": "on"}) == {
        "location": "other", "outdoors": True, "despite_wind": False, "special_case": False,
    }  # fmt: skip
    with pytest.raises(FactMissing):
        grade_of(GB, operation, {})
