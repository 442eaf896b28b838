"""Two or more units in one area want an agreement and an officer (PC-08)."""

from __future__ import annotations

import pytest

from ronghe.domain.zones.calc.safety import safety_state


@pytest.mark.parametrize(("units", "asked"), [(0, False), (1, False), (2, True), (3, True)])
def test_agreement_is_asked_from_two_units_on_pc_08(units, asked):
    state = safety_state(range(units), [], officers=0)

    assert state.is_asked is asked
    assert state.is_complete is not asked


def test_every_unit_stands_in_an_agreement_with_another_one_pc_08():
    assert safety_state({1, 2, 3}, [frozenset({1, 2})], 1).missing == (3,)
    assert safety_state({1, 2, 3}, [frozenset({1, 2}), frozenset({2, 3})], 1).is_complete


def test_agreement_with_units_that_are_not_here_binds_nobody_pc_08():
    assert safety_state({1, 2}, [frozenset({1, 9})], 1).missing == (1, 2)


def test_officer_is_asked_as_well_pc_08():
    agreed = [frozenset({1, 2})]

    assert not safety_state({1, 2}, agreed, officers=0).is_complete
    assert safety_state({1, 2}, agreed, officers=1).is_complete
