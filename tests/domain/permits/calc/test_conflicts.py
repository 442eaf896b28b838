"""What must not be side by side: each distance just inside, on and just outside; and the index against every pair."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from itertools import combinations
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ronghe.domain.permits.calc.conflicts import Index, Work, all_conflicts, between, rules_of
from ronghe.domain.permits.calc.profiles import profile_called

RULES = rules_of(profile_called("cnpc"))
EIGHT = datetime(2026, 9, 14, 8, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


def work(name, kind, x=0, y=0, *, hours=(0, 8), **more):
    first, last = (EIGHT + timedelta(hours=hour) for hour in hours)
    return Work(name, 1, kind, "A1", first, last, x, y, **more)


def found(one, other):
    return sorted({(conflict.rule, conflict.blocks) for conflict in between(one, other, RULES)})


@pytest.mark.parametrize(
    ("rule", "other", "metres"),
    [("PW-50", "vent_gas", 30), ("PW-50", "drain_liquid", 15), ("PW-50", "solvent_cleaning", 10), ("PW-50", "painting", 10),
     ("PW-50", "dust_cleaning", 10), ("PW-51", "blind_plate", 30), ("PW-51", "pipeline_opening", 30)],
)  # fmt: skip
def test_pw_50_and_pw_51_distances_from_hot_work(rule, other, metres):
    for decimetres, clashes in ((metres * 10 - 1, True), (metres * 10, True), (metres * 10 + 1, False)):
        assert found(work("a", "hot_work"), work("b", other, decimetres)) == ([(rule, True)] if clashes else [])
        assert found(work("b", other, decimetres), work("a", "hot_work")) == ([(rule, True)] if clashes else [])


def test_pw_56_distance_is_measured_across_both_axes():
    """180 and 240 decimetres are 300 away."""
    assert found(work("a", "hot_work"), work("b", "vent_gas", 180, 240)) == [("PW-50", True)]
    assert found(work("a", "hot_work"), work("b", "vent_gas", 181, 240)) == []


def test_pw_56_without_coordinates_the_same_area_counts_as_near():
    bare = replace(work("b", "vent_gas"), x=None, y=None)

    assert found(work("a", "hot_work", 9_000), bare) == [("PW-50", True)]
    assert found(work("a", "hot_work"), replace(bare, area="A2")) == []
    assert found(work("a", "hot_work"), replace(bare, area="")) == []


def test_pw_56_only_at_the_same_time_and_site():
    hot = work("a", "hot_work", hours=(0, 2))

    assert found(hot, work("b", "vent_gas", hours=(2, 4))) == []
    assert found(hot, work("b", "vent_gas", hours=(1, 4))) == [("PW-50", True)]
    assert found(hot, replace(work("b", "vent_gas"), site=2)) == []
    assert found(hot, replace(hot, kind="vent_gas")) == []


def test_pw_23_one_pipe_one_blind_plate():
    one = work("a", "blind_plate", pipe="P-101")

    assert found(one, work("b", "blind_plate", 9_000, pipe="P-101")) == [("PW-23", True)]
    assert found(one, work("b", "blind_plate", pipe="P-102")) == []
    assert found(work("a", "blind_plate"), work("b", "blind_plate")) == []


def test_pw_52_no_painting_where_there_is_fire_in_the_same_space():
    assert found(work("a", "hot_work", space="V-1"), work("b", "painting", 5_000, space="V-1")) == [("PW-52", True)]
    assert found(work("a", "hot_work", space="V-1"), work("b", "painting", 5_000, space="V-2")) == []


@pytest.mark.parametrize("kind", ["water_draining", "sampling"])
def test_pw_53_nothing_is_drained_or_sampled_in_the_same_bund(kind):
    assert found(work("a", "hot_work", bund="T1"), work("b", kind, 5_000, bund="T1")) == [("PW-53", True)]
    assert found(work("a", "hot_work", bund="T1"), work("b", kind, bund="T2")) == []


def test_pw_54_one_above_the_other_wants_a_coordinator():
    one = work("a", "work_at_height", fall_line="塔 1 东")

    assert found(one, work("b", "work_at_height", 5_000, fall_line="塔 1 东")) == [("PW-54", False)]
    assert found(one, work("b", "work_at_height", fall_line="塔 1 西")) == []


def test_pw_56_cranes_that_reach_into_each_other_want_a_coordinator():
    """Each reaches 20 m, and 5 m lie between: 45 m."""
    one = work("a", "lifting", reach=200)

    for decimetres, clashes in ((449, True), (450, True), (451, False)):
        assert found(one, work("b", "lifting", decimetres, reach=200)) == ([("PW-56", False)] if clashes else [])


def test_pw_05_hot_work_beside_a_confined_space_is_coordinated_unless_it_is_the_same_job():
    hot, space = work("a", "hot_work"), work("b", "confined_space", 100)

    assert found(hot, space) == [("PW-56", False)]
    assert found(hot, replace(space, x=101)) == []
    assert found(replace(hot, links=frozenset("b")), space) == []


KINDS = ["hot_work", "blind_plate", "lifting", "confined_space", "work_at_height", "vent_gas", "painting", "sampling",
         "drain_liquid", "excavation"]  # fmt: skip


@st.composite
def works(draw):
    coordinate = st.none() | st.integers(-1_200, 1_200)
    found = []
    for number in range(draw(st.integers(2, 24))):
        x, start = draw(coordinate), draw(st.integers(0, 5))
        found.append(
            Work(
                f"w{number}", draw(st.integers(1, 2)), draw(st.sampled_from(KINDS)), draw(st.sampled_from(["", "A", "B"])),
                EIGHT + timedelta(hours=start), EIGHT + timedelta(hours=start + draw(st.integers(1, 4))),
                x, None if x is None else draw(st.integers(-1_200, 1_200)), draw(st.sampled_from([0, 30, 250, 700])),
                *(draw(st.sampled_from(["", "", "S1", "S2"])) for _shared in range(4)),
            )
        )  # fmt: skip
    return found


@settings(max_examples=150)
@given(works())
def test_the_index_finds_what_looking_at_every_pair_finds(some):
    every = {conflict for one, other in combinations(some, 2) for conflict in between(one, other, RULES)}

    assert all_conflicts(some, RULES) == every
    index = Index(RULES, some)
    assert {conflict for one in some for conflict in index.against(one)} == every
