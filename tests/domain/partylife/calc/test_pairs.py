"""PM-09: between whom the year wants talks."""

from __future__ import annotations

import pytest

from ronghe.domain.partylife.calc.pairs import NeedKind, counts_by_person, needs_of, next_for, progress_of


def pair(one, two):
    return frozenset((one, two))


def kinds(needs):
    return [(need.kind.value, need.who) for need in needs]


def test_pm_09_wants_every_two_of_a_committee_and_each_member_with_one_of_it_and_with_another():
    needs = needs_of([1, 2, 3], [1, 2, 3, 10, 11])

    assert kinds(needs) == [
        ("committee", 1), ("committee", 1), ("committee", 2),
        ("leader_member", 10), ("members", 10), ("leader_member", 11), ("members", 11),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("committee", "members", "wanted"),
    [([], [], 0), ([1], [1], 0), ([1, 2], [], 1), ([1], [10], 1), ([], [10, 11], 2), ([], [10], 0)],
)
def test_pm_09_of_few_people_wants_what_can_be(committee, members, wanted):
    assert len(needs_of(committee, members)) == wanted


def test_pm_09_one_talk_short_is_not_complete():
    needs = needs_of([1, 2], [10, 11])
    talked = {pair(1, 2), pair(1, 10), pair(2, 11)}

    assert not progress_of(needs, talked).is_complete
    assert progress_of(needs, talked | {pair(10, 11)}).is_complete


def test_pm_09_a_talk_with_the_committee_is_none_among_members():
    found = progress_of(needs_of([1], [10, 11]), {pair(1, 10), pair(1, 11)})

    assert found.of(NeedKind.LEADER_MEMBER) == (2, 2)
    assert found.of(NeedKind.MEMBERS) == (0, 2)


def test_nobody_to_talk_with_is_nothing_to_be_complete_in():
    assert not progress_of([], set()).is_complete


def test_next_is_whom_nobody_of_the_committee_talked_with():
    found = progress_of(needs_of([1, 2], [10, 11]), {pair(2, 10)})

    assert next_for(1, found) == [(2, NeedKind.COMMITTEE), (11, NeedKind.LEADER_MEMBER)]


def test_whom_one_planned_to_talk_with_comes_last():
    found = progress_of(needs_of([1, 2], [10]), set())

    assert [who for who, _kind in next_for(1, found, planned=[2])] == [10, 2]


def test_each_of_two_had_every_talk_of_theirs():
    assert counts_by_person({pair(1, 2): 2, pair(2, 3): 1}) == {1: 2, 2: 3, 3: 1}
