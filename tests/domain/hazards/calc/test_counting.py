"""Confirmed violations are counted once, for whom and for which certificate they stand."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from ronghe.domain.hazards.calc.counting import Breach, Breaches, breaches_of

DAY = date(2026, 9, 1)


def rows(count, *, harm=False, certificate=""):
    return Breaches(tuple(Breach(number, DAY, harm, certificate) for number in range(count)))


def test_those_against_a_certificate_are_counted_alone():
    both = Breaches((*rows(1, certificate="a").rows, *rows(2, certificate="b").rows))

    assert (both.against("a").count, both.against("b").count, both.against("c").count) == (1, 2, 0)


@given(st.lists(st.tuples(st.integers(1, 5), st.integers(1, 99)), max_size=30), st.sets(st.integers(1, 5)))
def test_each_violation_is_counted_once_and_for_nobody_else(made, people):
    found = breaches_of([(person, Breach(item, DAY, is_serious_harm=False)) for person, item in made], people)

    assert set(found) == people
    assert sum(one.count for one in found.values()) == len([1 for person, _item in made if person in people])
