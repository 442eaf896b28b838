from __future__ import annotations

from decimal import Decimal

import pytest

from ronghe.domain.permits.calc.clock import Wait, by_stage, by_whom, counted, saved_share, spread_of


def test_pc_05_a_distribution_and_not_a_mean_alone():
    spread = spread_of([30, 60, 90, 120, 150, 180, 210, 240, 270, 3000], Decimal(4))

    assert (spread.count, spread.median, spread.p90, spread.longest) == (
        10,
        Decimal("2.50"),
        Decimal("4.50"),
        Decimal(50),
    )
    assert (spread.mean, spread.within) == (Decimal("7.25"), Decimal("80.0"))


@pytest.mark.parametrize(("minutes", "within"), [(239, 100), (240, 100), (241, 0)])
def test_pc_05_four_hours_are_within_four_hours(minutes, within):
    assert spread_of([minutes], Decimal(4)).within == within


def test_nothing_measured_is_nothing():
    assert spread_of([]) is None
    assert by_whom([Wait("cosign", "", 5)]) == {}


def test_waits_are_told_by_stage_and_by_whom_the_longest_first():
    waits = [Wait("cosign", "power_supplier", 300), Wait("approve", "leader", 60), Wait("approve", "leader", 30)]

    assert [(name, spread.count) for name, spread in by_whom(waits).items()] == [("power_supplier", 1), ("leader", 2)]
    assert by_stage(waits)["approve"].longest == 1


@pytest.mark.parametrize(("before", "now", "saved"), [(72, 12, "83.3"), (10, 10, "0.0"), (4, 5, "-25.0"), (0, 1, None)])
def test_the_old_baseline_is_what_it_is_held_against(before, now, saved):
    assert saved_share(Decimal(before), Decimal(now)) == (Decimal(saved) if saved else None)


@pytest.mark.parametrize(("minutes", "bar"), [(60, 0), (61, 1), (120, 1), (121, 2), (1_440, 4), (2_880, 5), (2_881, 6)])
def test_a_permit_falls_under_the_bar_whose_edge_it_does_not_pass(minutes, bar):
    assert counted([minutes]).index(1) == bar
