"""What lacks: a whole picture lacks nothing, and each condition that is taken away is named with its rule."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from ronghe.domain.permits.calc.gas import Test
from ronghe.domain.permits.calc.profiles import profile_called
from ronghe.domain.permits.calc.standing import Clash, Link, Picture, Stage, awaited, lacking, next_gas_at

Test.__test__ = False
GB, CNPC = profile_called("gb30871_2022"), profile_called("cnpc")
NOW = datetime(2026, 9, 14, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
ALL_GAS = frozenset({"methane", "oxygen", "hydrogen_sulfide"})
PEOPLE = {"job_leader": (1,), "worker": (2,), "guardian": (3,), "gas_tester": (4,), "briefer": (5,), "approver": (6,)}
SIGNED = frozenset({"risk_builder", "risk_host", "verifier", "approver", "briefer", "briefed", "guardian", "checker",
                    "co_signer:power_supplier", "co_signer:involved_units", "co_signer:fire_and_safety"})  # fmt: skip
GRADES = {"hot_work": "grade_2", "work_at_height": "grade_2", "lifting": "grade_3"}
FACTS = {"hot_work": {"location": "other", "outdoors": True}, "work_at_height": {"height_m": "12"},
         "lifting": {"mass_t": "20"}, "excavation": {"depth_m": "1"}}  # fmt: skip


def whole(operation="hot_work", profile=GB, **changes):
    """Return a picture of a permit that may start now."""
    given = {
        "grade": GRADES.get(operation, "none"), "facts": FACTS.get(operation, {}), "starts_at": NOW - timedelta(hours=1),
        "ends_at": NOW + timedelta(hours=5), "hazards": 2, "isolations": 1, "people": PEOPLE, "guardian_card": "JH-001",
        "signed": SIGNED, "test": Test(NOW - timedelta(minutes=10), True, ALL_GAS), "space": "V-101", "pipe": "P-101",
        "has_parent": True, "is_parent_active": True,
    }  # fmt: skip
    return Picture(profile, profile.operation(operation), **(given | changes))


def lacks(picture, stage=Stage.ACTIVATE, at=NOW):
    return [(one.rule, one.code) for one in lacking(picture, stage, at)]


@pytest.mark.parametrize("profile", [GB, CNPC], ids=["gb", "cnpc"])
def test_a_whole_picture_lacks_nothing(profile):
    for operation in profile.operations:
        for stage in Stage:
            assert lacks(whole(operation, profile), stage) == [], (operation, stage)


@pytest.mark.parametrize(
    ("rule", "code", "change"),
    [("PW-02", "analysis", {"hazards": 0}), ("PW-02", "analysis_measure", {"hazards_open": 1}),
     ("PW-02", "isolation", {"isolations": 0}), ("PW-02", "measure", {"measures_open": ("灭火器",)}),
     ("PW-02", "isolation_open", {"isolations_open": ("P-1",)}),
     ("PC-03", "sign_risk_builder", {"signed": SIGNED - {"risk_builder"}}),
     ("PC-03", "sign_risk_host", {"signed": SIGNED - {"risk_host"}}),
     ("PW-03", "sign_briefer", {"signed": SIGNED - {"briefer"}}), ("PW-03", "sign_briefed", {"signed": SIGNED - {"briefed"}}),
     ("PW-06", "sign_guardian", {"signed": SIGNED - {"guardian"}}), ("PW-47", "check", {"signed": SIGNED - {"checker"}}),
     ("PW-07", "verify", {"signed": SIGNED - {"verifier"}}), ("PW-07", "approve", {"signed": SIGNED - {"approver"}}),
     ("PW-06", "no_guardian", {"people": PEOPLE | {"guardian": ()}}), ("PW-06", "guardian_card", {"guardian_card": ""}),
     ("PW-06", "guardian_card_over", {"guardian_card_until": NOW}), ("PW-06", "guardian_away", {"is_guardian_here": False}),
     ("PW-03", "no_job_leader", {"people": PEOPLE | {"job_leader": ()}}), ("PW-03", "no_briefer", {"people": PEOPLE | {"briefer": ()}}),
     ("PW-11", "no_worker", {"people": PEOPLE | {"worker": ()}}), ("PW-12", "no_gas_tester", {"people": PEOPLE | {"gas_tester": ()}}),
     ("PW-11", "unfit", {"unfit": (("PW-11", "焊工证过期"),)}),
     ("PW-04", "link_off", {"links": (Link("confined_space", NOW, False),)}),
     ("PC-02", "parent_off", {"is_parent_active": False}), ("PW-08", "alarm", {"alarms": ("可燃气体报警",)}),
     ("PW-50", "clash", {"clashes": (Clash("PW-50", "排放", "放空", True),)}),
     ("PW-05", "coordinator", {"clashes": (Clash("PW-56", "吊装", "吊装 2", False),)}),
     ("PW-29", "upgrade", {"circumstances": frozenset({"night"})}),
     ("PW-20", "gas_none", {"test": None}), ("PW-21", "gas_unfit", {"test": Test(NOW, False, ALL_GAS)}),
     ("PW-20", "gas_part", {"test": Test(NOW, True, frozenset({"oxygen"}))})],
)  # fmt: skip
def test_each_condition_is_named_with_its_rule(rule, code, change):
    picture = whole(**change)

    assert lacks(picture) == [(rule, code)]
    assert all(str(one) for one in lacking(picture, Stage.ACTIVATE, NOW))


@pytest.mark.parametrize("operation", list(GB.operations))
def test_no_operation_starts_without_its_signatures(operation):
    found = {code for _rule, code in lacks(whole(operation, signed=frozenset()))}

    assert {"sign_risk_builder", "sign_risk_host", "verify", "approve", "sign_briefer", "sign_briefed"} <= found
    assert {code for code in found if code.startswith("sign_") and code[5:] in GB.offices} == {
        f"sign_{office}" for office in GB.operation(operation).co_signers
    }


@pytest.mark.parametrize(("one", "other"), [("worker", "guardian"), ("worker", "approver"), ("worker", "gas_tester"),
                                            ("guardian", "approver"), ("guardian", "gas_tester"), ("approver", "gas_tester"),
                                            ("job_leader", "guardian"), ("job_leader", "approver")])  # fmt: skip
def test_pw_12_roles_that_one_person_cannot_hold_together(one, other):
    assert lacks(whole(people=PEOPLE | {one: (9,), other: (9,)})) == [("PW-12", "roles_apart")]


@pytest.mark.parametrize(
    ("operation", "facts", "level", "stops"),
    [("hot_work", {"location": "other", "outdoors": True}, 4, False), ("hot_work", {"location": "other", "outdoors": True}, 5, True),
     ("hot_work", {"location": "other", "outdoors": True}, 6, True), ("hot_work", {"location": "other"}, 6, False),
     ("hot_work", {"location": "other", "outdoors": True, "despite_wind": True}, 6, False),
     ("work_at_height", {"height_m": "12"}, 4, False), ("work_at_height", {"height_m": "12"}, 5, True),
     ("work_at_height", {"height_m": "12"}, 6, True), ("lifting", {"mass_t": "20"}, 5, False),
     ("lifting", {"mass_t": "20"}, 6, True), ("lifting", {"mass_t": "20"}, 7, True), ("blind_plate", {}, 9, False)],
)  # fmt: skip
def test_pw_24_pw_25_pw_29_wind(operation, facts, level, stops):
    for stage in (Stage.ACTIVATE, Stage.RUN, Stage.RESUME):
        found = [code for _rule, code in lacks(whole(operation, facts=facts, wind_level=level), stage)]
        assert found == (["wind"] if stops else [])


@pytest.mark.parametrize(
    ("operation", "grade", "hours", "rule"),
    [("hot_work", "special", 8, "PW-20"), ("hot_work", "grade_1", 8, "PW-20"), ("hot_work", "grade_2", 72, "PW-20"),
     ("confined_space", "none", 24, "PW-22"), ("work_at_height", "grade_2", 168, "PW-24"),
     ("temporary_power", "none", 360, "PW-26"), ("blind_plate", "none", 24, "PW-30")],
)  # fmt: skip
def test_pw_20_to_pw_30_a_window_as_long_as_the_rule_says_and_no_longer(operation, grade, hours, rule):
    starts = NOW - timedelta(minutes=5)
    for seconds, found in ((-1, []), (0, []), (1, [(rule, "too_long")])):
        ends = starts + timedelta(hours=hours, seconds=seconds)
        assert lacks(whole(operation, grade=grade, starts_at=starts, ends_at=ends, has_film=True)) == found


@pytest.mark.parametrize(("minutes", "found"), [(-1, []), (0, [("PW-08", "over")]), (1, [("PW-08", "over")])])
def test_pw_08_at_its_end_a_permit_is_over(minutes, found):
    at = NOW + timedelta(minutes=minutes)
    picture = whole(ends_at=NOW, test=Test(at, True, ALL_GAS))

    assert lacks(picture, at=at) == found
    assert lacks(picture, Stage.RUN, at) == found


def test_pw_08_and_not_before_its_beginning():
    assert lacks(whole(starts_at=NOW + timedelta(seconds=1))) == [("PW-08", "early")]
    assert lacks(whole(starts_at=NOW)) == []


@pytest.mark.parametrize(("minutes", "found"), [(30, []), (31, [("PW-20", "gas_old")])])
def test_pw_20_a_stale_sample_does_not_start_work(minutes, found):
    assert lacks(whole(test=Test(NOW - timedelta(minutes=minutes), True, ALL_GAS))) == found


def test_pw_22_readings_go_on_every_two_hours_and_after_a_break():
    late = Test(NOW - timedelta(minutes=121), True, ALL_GAS)

    assert lacks(whole("confined_space", test=late), Stage.RUN) == [("PW-22", "gas_due")]
    assert next_gas_at(whole("confined_space", test=late)) == NOW - timedelta(minutes=1)
    assert next_gas_at(whole("lifting")) is None
    broken = whole("confined_space", suspended_at=NOW - timedelta(minutes=61))
    assert lacks(replace(broken, test=Test(NOW - timedelta(minutes=62), True, ALL_GAS)), Stage.RESUME) == [
        ("PW-22", "gas_break")
    ]
    assert lacks(broken, Stage.RESUME) == []


def test_pw_22_and_pw_23_space_and_pipe_are_named():
    assert lacks(whole("confined_space", space="")) == [("PW-22", "space")]
    assert lacks(whole("blind_plate", pipe="")) == [("PW-23", "pipe")]


@pytest.mark.parametrize(("share", "found"), [("80", []), ("80.1", [("PW-25", "tandem")])])
def test_pw_25_two_cranes_at_four_fifths(share, found):
    assert lacks(whole("lifting", facts={"mass_t": "20", "tandem_share_percent": share})) == found


def test_pw_25_heavy_lifts_have_a_plan():
    assert lacks(whole("lifting", grade="grade_2")) == [("PW-25", "plan")]
    assert lacks(whole("lifting", grade="grade_2", has_plan=True)) == []


def test_pw_26_power_ends_with_what_it_feeds():
    feeds = (Link("hot_work", NOW + timedelta(hours=4), True),)

    assert lacks(whole("temporary_power", links=feeds)) == [("PW-26", "ends_with")]
    assert lacks(whole("temporary_power", links=feeds, ends_at=NOW + timedelta(hours=4))) == []


def test_pw_27_a_deep_pit_wants_the_permit_of_a_confined_space():
    deep = whole("excavation", facts={"depth_m": "1.3"})

    assert lacks(deep) == [("PW-27", "link")]
    assert lacks(replace(deep, links=(Link("confined_space", NOW, True),))) == []


def test_pc_02_a_special_permit_hangs_on_the_main_one():
    assert lacks(whole("lifting", CNPC, has_parent=False)) == [("PC-02", "parent")]
    assert lacks(whole("lifting", has_parent=False)) == []
    assert lacks(whole("start_order", has_parent=False)) == [("PC-02", "parent")]


def test_pw_20_special_hot_work_is_filmed():
    assert lacks(whole(grade="special")) == [("PW-20", "film")]
    assert lacks(whole(grade="special", has_film=True)) == []


def test_pw_05_a_named_coordinator_settles_what_only_crosses():
    crossing = whole(clashes=(Clash("PW-56", "吊装", "2", False),), has_coordinator=True)

    assert lacks(crossing) == []


def test_pw_10_what_was_isolated_is_put_back():
    assert lacks(whole(isolations_left=("P-1",)), Stage.ACCEPT) == [("PW-10", "isolation_left")]
    assert lacks(whole(), Stage.ACCEPT) == []


@pytest.mark.parametrize(
    ("signed", "stage", "codes"),
    [
        (SIGNED - {"verifier"}, Stage.VERIFY, ["verify"]),
        (SIGNED - {"verifier", "co_signer:power_supplier"}, Stage.VERIFY, ["sign_power_supplier"]),
        (SIGNED - {"approver"}, Stage.APPROVE, ["approve"]),
        (SIGNED, Stage.VERIFY, []),
    ],
)
def test_pw_07_a_step_that_lacks_nothing_still_waits_for_the_signature(signed, stage, codes):
    picture = whole("temporary_power", signed=signed)
    assert [one.code for one in awaited(picture, stage, NOW)] == codes


def test_pw_07_those_who_answer_for_the_site_are_named():
    (lack,) = awaited(whole(signed=SIGNED - {"verifier"}, verifiers=("刘站长", "王副站长")), Stage.VERIFY, NOW)
    assert "刘站长、王副站长" in str(lack)
