"""Small groups: hidden, and not to be had by subtraction."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ronghe.domain.surveys.calc.shown import LEAST, may_show, shown_groups


@pytest.mark.parametrize(("answers", "shown"), [(4, False), (5, True), (6, True), (0, False)])
def test_from_five_answers_on_something_is_shown(answers, shown):
    assert may_show(answers) is shown


@pytest.mark.parametrize(
    ("answers", "shown"),
    [
        ([4], [False]),
        ([5], [True]),
        ([5, 5], [True, True]),
        ([6, 4], [False, False]),  # 10 less 6 would tell the four
        ([6, 0], [*[True, True][:1], False]),  # of nobody there is nothing to tell
        ([9, 6, 2], [True, False, False]),  # the six are hidden with the two
        ([9, 3, 2], [True, False, False]),  # five together say nothing of three or of two
        ([2, 2], [False, False]),
        ([], []),
    ],
)
def test_a_small_group_takes_the_smallest_shown_one_with_it(answers, shown):
    assert shown_groups(answers) == tuple(shown)


@given(st.lists(st.integers(0, 12), max_size=9))
def test_no_difference_of_what_is_shown_is_of_fewer_than_five(answers):
    shown = shown_groups(answers)
    hidden = sum(count for count, is_shown in zip(answers, shown, strict=True) if not is_shown)

    assert all(count >= LEAST for count, is_shown in zip(answers, shown, strict=True) if is_shown)
    if sum(answers) >= LEAST:
        assert hidden == 0 or hidden >= LEAST
    else:
        assert not any(shown)
