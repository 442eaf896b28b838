"""Which duties a gathering could meet at once; those that bar each other share nothing (SD-06)."""

from __future__ import annotations

from datetime import date

from ronghe.demo.models_shipped import playbook_named
from ronghe.domain.rhythm.calc.duties import Open, foresee, kinds_of

ZONE = playbook_named("daqing_zone")
BASE = playbook_named("branch_base")


def mechanism_for(playbook, kind):
    return next(one for one in playbook.mechanisms if kind in kinds_of(one))


def test_kinds_are_read_from_what_satisfies_a_mechanism_and_its_sittings():
    huddles = mechanism_for(ZONE, "evening_huddle")

    assert kinds_of(huddles, "morning") == ["morning_huddle"]
    assert set(kinds_of(huddles)) >= {"morning_huddle", "evening_huddle"}


def test_one_gathering_meets_several_mechanisms_and_of_one_the_duty_due_first():
    huddles, daily = mechanism_for(ZONE, "morning_huddle"), mechanism_for(ZONE, "daily_huddle")
    duties = [
        Open(1, 7, huddles, "morning", date(2026, 9, 15)), Open(2, 7, huddles, "morning", date(2026, 9, 14)),
        Open(3, 7, daily, None, date(2026, 9, 14)), Open(4, 8, daily, None, date(2026, 9, 14)),
    ]  # fmt: skip

    foreseen = foresee(duties, {7: "morning_huddle"})

    assert set(foreseen.met) == {2, 3}
    assert foreseen.barred == {}


def test_sd_06_a_zones_theme_day_is_not_the_branchs_and_the_one_due_first_takes_it():
    zone_day, branch_day = ZONE.mechanism("zone_theme_party_day"), BASE.mechanism("theme_party_day")
    duties = [Open(1, 7, zone_day, None, date(2026, 9, 25)), Open(2, 8, branch_day, None, date(2026, 9, 30))]

    foreseen = foresee(duties, {7: "theme_party_day", 8: "theme_party_day"})

    assert (foreseen.met, foreseen.barred) == ((1,), {2: zone_day.id})


def test_another_kind_of_gathering_meets_nothing():
    duties = [Open(1, 7, mechanism_for(ZONE, "theme_party_day"), None, date(2026, 9, 25))]
    assert foresee(duties, {7: "weekly_meeting"}).met == ()
