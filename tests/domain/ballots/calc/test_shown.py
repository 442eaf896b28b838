"""What of a secret ballot may be shown: never the sums of few, nor what is left over after subtracting the papers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ronghe.domain.ballots.calc.shown import may_show_item

counts = st.lists(st.integers(0, 9), min_size=6, max_size=6)


@pytest.mark.parametrize(
    ("phones", "papers", "shown"),
    [
        ((2, 2, 0, 0, 0, 1), (0,) * 6, False),
        ((2, 3, 0, 0, 0, 1), (0,) * 6, True),
        ((0, 0, 0, 0, 0, 9), (0,) * 6, False),
        ((1, 0, 0, 0, 0, 8), (5, 0, 0, 0, 0, 0), False),
        ((5, 0, 0, 0, 0, 0), (1, 0, 0, 0, 0, 0), True),
    ],
)
def test_an_item_is_shown_from_five_on_who_said_something_of_it(phones, papers, shown):
    assert may_show_item(phones, papers, blank=6, least=5) is shown


def test_without_a_choice_that_says_nothing_the_ballot_alone_decides():
    assert may_show_item((1, 0), (0, 0), blank=None, least=5)


@given(phones=counts, papers=counts, blank=st.integers(1, 6), least=st.integers(1, 9))
def test_what_is_shown_never_lets_few_be_subtracted(phones, papers, blank, least):
    if may_show_item(phones, papers, blank=blank, least=least):
        said = sum(phones) - phones[blank - 1]
        assert said == 0 or said >= least or sum(papers) == papers[blank - 1]
