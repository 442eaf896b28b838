"""Who is named for whom: near first, evenly, nobody for too many, and the same answer every time."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from ronghe.domain.grid.calc.liaisons import Someone, propose

PARENTS = {1: None, 10: 1, 11: 1, 100: 10, 101: 10}


def naming(employees, members, *, named=None, most=5):
    return propose(
        [Someone(*row) for row in employees], [Someone(*row) for row in members], named=named or {}, parents=PARENTS,
        most=most,
    )  # fmt: skip


def test_own_team_comes_first_then_the_nearest():
    found = naming([(1, 100), (2, 11)], [(50, 101), (51, 100)])

    assert found.pairs == {1: 51, 2: 50}


def test_load_is_even_within_a_team():
    found = naming([(n, 100) for n in range(6)], [(50, 100), (51, 100), (52, 100)])

    assert Counter(found.pairs.values()) == {50: 2, 51: 2, 52: 2}


def test_nobody_has_more_than_may_be_and_the_rest_are_told():
    found = naming([(n, 100) for n in range(5)], [(50, 100)], most=3)

    assert (len(found.pairs), found.left) == (3, (3, 4))


def test_who_is_named_stays_as_long_as_the_member_can():
    found = naming([(1, 100), (2, 100)], [(50, 11), (51, 100)], named={1: 50, 2: 99})

    assert found.pairs == {1: 50, 2: 51}
    assert (found.kept, found.new) == ({1}, {2: 51})


def test_digest_names_exactly_these_pairs():
    first, again = naming([(1, 100)], [(50, 100)]), naming([(1, 100)], [(50, 100)])

    assert first.digest == again.digest != naming([(1, 100)], [(51, 100)]).digest


UNITS = st.sampled_from([None, *PARENTS])


@given(
    employees=st.lists(UNITS, max_size=25), members=st.lists(UNITS, max_size=6), most=st.integers(1, 6),
    named=st.dictionaries(st.integers(0, 24), st.integers(100, 110), max_size=10),
)  # fmt: skip
def test_everybody_is_paired_once_or_left_and_nobody_is_left_while_a_member_has_room(employees, members, most, named):
    people = [(number, unit) for number, unit in enumerate(employees)]
    party = [(100 + number, unit) for number, unit in enumerate(members)]

    found = naming(people, party, named=named, most=most)

    assert sorted([*found.pairs, *found.left]) == [pk for pk, _unit in people]
    loads = Counter(found.pairs.values())
    assert all(loads[pk] <= most for pk, _unit in party)
    assert set(loads) <= {pk for pk, _unit in party}
    assert not found.left or sum(loads.values()) == most * len(party)
