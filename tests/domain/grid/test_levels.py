"""The way up: from the named member to the branch and on, past bodies that nobody answers for."""

from __future__ import annotations

import pytest

from ronghe.domain.grid.calc.levels import BRANCH, COMMITTEE, GENERAL_BRANCH, MEMBER, Rung, Terms, level_of, next_rung

LADDER = [Rung(3, BRANCH), Rung(2, GENERAL_BRANCH), Rung(1, COMMITTEE)]


@pytest.mark.parametrize(
    ("body", "level", "manned", "goes_to"),
    [
        (3, MEMBER, {3, 2, 1}, 3), (3, BRANCH, {3, 2, 1}, 2), (2, GENERAL_BRANCH, {3, 2, 1}, 1),
        (1, COMMITTEE, {1}, None), (3, BRANCH, {1}, 1), (3, MEMBER, {1}, 1), (3, BRANCH, set(), 2), (9, BRANCH, {1}, None),
    ],
)  # fmt: skip
def test_sd_09_request_goes_to_the_next_body_up_that_somebody_answers_for(body, level, manned, goes_to):
    rung = next_rung(LADDER, body, level, manned)

    assert (rung.body if rung else None) == goes_to


def test_levels_follow_the_kind_of_body_and_each_has_its_days():
    terms = Terms(member_days=1, branch_days=2, general_branch_days=3, committee_days=4)

    kinds = ("joint_branch", "general_branch", "committee")
    assert [level_of(kind) for kind in kinds] == [BRANCH, GENERAL_BRANCH, COMMITTEE]
    assert [terms.days_at(level) for level in (MEMBER, BRANCH, GENERAL_BRANCH, COMMITTEE)] == [1, 2, 3, 4]
