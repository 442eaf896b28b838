"""Profiles are data: what ships is sound, what a unit may change, and what a wrong file is told."""

from __future__ import annotations

from decimal import Decimal

import pytest

from ronghe.domain.permits.calc.profiles import (
    FOLDER,
    ProfileUnfit,
    SettingUnfit,
    SettingUnknown,
    check_setting,
    load_profile,
    profile_called,
    shipped_profiles,
    with_settings,
)
from ronghe.kernel.errors import NotFound

SPECIAL = {"hot_work", "confined_space", "blind_plate", "work_at_height", "lifting", "temporary_power", "excavation",
           "road_breaking"}  # fmt: skip
TEXTS = {path.stem: path.read_text(encoding="utf-8") for path in FOLDER.glob("*.yaml")}


def test_pw_01_two_profiles_ship_and_each_has_the_eight_operations():
    assert sorted(shipped_profiles()) == ["cnpc", "gb30871_2022"]
    for profile in shipped_profiles().values():
        assert {key for key, one in profile.operations.items() if one.is_special} >= SPECIAL
        assert (profile.operation("construction_permit").kind, profile.operation("start_order").kind) == (
            "main",
            "start",
        )


def test_pw_08_and_pc_04_only_one_of_them_extends_and_says_that_its_hours_were_not_verified():
    gb, cnpc = profile_called("gb30871_2022"), profile_called("cnpc")

    assert (gb.may_extend, cnpc.may_extend) == (False, True)
    assert (gb.number("extension.times"), cnpc.number("extension.times")) == (0, 1)
    assert not cnpc.numbers["construction_permit.valid_h"].is_checked
    assert "extension.most_h" in {number.key for number in cnpc.unchecked}
    assert "hot_work.valid_h.special" not in {number.key for number in cnpc.unchecked}


def test_a_profile_takes_over_what_it_does_not_say():
    cnpc = profile_called("cnpc")

    assert cnpc.operation("excavation").title == "挖掘作业"
    assert cnpc.operation("excavation").approver == profile_called("gb30871_2022").operation("excavation").approver
    assert cnpc.number("hot_work.valid_h.grade_2") == 72


def test_pc_02_special_permits_hang_on_the_main_one_under_the_companys_profile():
    assert (profile_called("cnpc").needs_main, profile_called("gb30871_2022").needs_main) == (True, False)


def test_pw_55_and_pw_09_numbers_that_stand_on_the_ticket():
    """Cylinders 5 m from each other and 10 m from the fire, the welder within 10 m; a permit is kept a year, its film 30 days."""
    profile = profile_called("gb30871_2022")
    keys = (
        "hot_work.cylinder_gap_m",
        "hot_work.cylinder_fire_m",
        "hot_work.welder_fire_m",
        "keep.permit_days",
        "keep.film_days",
    )

    assert [profile.number(key) for key in keys] == [5, 10, 10, 365, 30]
    assert any("5 m" in text and "10 m" in text for text in profile.operation("hot_work").measures)


def test_an_unknown_profile_and_operation_are_not_found():
    with pytest.raises(NotFound):
        profile_called("osha")
    with pytest.raises(NotFound):
        profile_called("cnpc").operation("diving")


@pytest.mark.parametrize(
    ("key", "wanted", "is_taken"),
    [("hot_work.valid_h.special", "7", True), ("hot_work.valid_h.special", "8", True),
     ("hot_work.valid_h.special", "8.5", False), ("gas.oxygen_least", "20", True), ("gas.oxygen_least", "19.4", False),
     ("construction_permit.valid_h", "300", True), ("night.from_h", "-1", False)],
)  # fmt: skip
def test_a_checked_number_moves_to_the_strict_side_only(key, wanted, is_taken):
    profile = profile_called("gb30871_2022")

    if is_taken:
        assert check_setting(profile, key, Decimal(wanted)).is_own
    else:
        with pytest.raises(SettingUnfit, match=wanted):
            check_setting(profile, key, Decimal(wanted))


def test_own_numbers_stand_before_the_shipped_ones_and_change_the_mark():
    profile = profile_called("gb30871_2022")
    own = with_settings(profile, {"hot_work.valid_h.special": Decimal(6), "gas.fresh_min": Decimal(99)})

    assert (own.number("hot_work.valid_h.special"), own.number("gas.fresh_min")) == (6, 30)
    assert own.mark != profile.mark
    assert with_settings(profile, {}) is profile
    with pytest.raises(SettingUnknown):
        check_setting(profile, "no.such", Decimal(1))


def _changed(old, new, name="gb30871_2022"):
    assert old in TEXTS[name]
    return TEXTS | {name: TEXTS[name].replace(old, new, 1)}


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [("id: gb30871_2022", "id: other", "other"), ("version: 1", "version: one", "integer"),
     ("checker: shift_leader", "checker: nobody", "nobody"), ("fact: mass_t", "fact: mass_kg", "mass_kg"),
     ("level: lifting.wind_level", "level: lifting.wind", "lifting.wind"),
     ("all_of: [oxygen,", "all_of: [argon,", "argon"), ("operation: confined_space", "operation: diving", "diving"),
     ("most: gas.h2s_most", "most: gas.none", "gas.none"), ("numbers:\n", "numbers: [\n", "yaml_syntax"),
     ("special: leader, grade_1", "grade_1", "special"), ("extension: false", "extends: gb30871_2022\nextension: false", "→")],
)  # fmt: skip
def test_a_wrong_profile_is_refused_with_where_and_why(old, new, why):
    with pytest.raises(ProfileUnfit, match=r"\w") as refused:
        load_profile("gb30871_2022", _changed(old, new))

    assert why in str(refused.value)
