from dataclasses import replace
from itertools import combinations, permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ronghe.domain.regrouping.calc import hubs as hubs_module
from ronghe.domain.regrouping.calc.hubs import TooFewHubs, choose_hubs, lay_areas, renew_matching
from ronghe.domain.regrouping.calc.matching import best_matching
from ronghe.domain.regrouping.calc.model import Area, Assignment, Station
from ronghe.domain.regrouping.calc.travel import Travel, along_a_line, by_coordinates
from tests.domain.regrouping.calc.making import asking, crowd, person


def line(legs):
    ids = list(range(1, len(legs) + 2))
    return tuple(Station(one, f"{one}号站") for one in ids), along_a_line(ids, legs)


@given(st.lists(st.integers(1, 60), min_size=3, max_size=9), st.integers(1, 3))
def test_al_16_every_region_is_in_one_piece_along_the_pipeline(legs, n):
    """AL-16: each region is a run of neighbouring stations around its hub, and no station is left out."""
    stations, travel = line(legs)
    for areas in choose_hubs(asking(crowd(4), stations=stations, travel=travel), n, alternatives=3):
        assert sorted(one for area in areas for one in area.stations) == [one.id for one in stations]
        for area in areas:
            assert area.hub in area.stations
            assert sorted(area.stations) == list(range(min(area.stations), max(area.stations) + 1))


@given(st.lists(st.integers(1, 60), min_size=5, max_size=8), st.lists(st.integers(1, 5), min_size=4, max_size=12))
def test_with_one_hub_the_nearest_station_to_all_is_chosen(legs, homes):
    stations, travel = line(legs)
    members = [person(at, home_station=home) for at, home in enumerate(homes)]
    (area,) = choose_hubs(asking(members, stations=stations, travel=travel), 1)[0]

    def minutes(hub):
        return sum(travel.between(home, hub) for home in homes)

    assert minutes(area.hub) == min(minutes(one.id) for one in stations)


def test_groups_of_even_size_decide_between_near_sets():
    """Nine people at one end: the far hub is drawn towards them, since each group takes five."""
    stations, travel = line([10, 10, 10, 10])
    members = [person(at, home_station=1 if at < 9 else 5) for at in range(10)]
    areas = choose_hubs(asking(members, stations=stations, travel=travel), 2)[0]
    assert [area.hub for area in areas] == [1, 2]


def test_stations_that_may_not_be_hubs_are_not_and_fixed_ones_are():
    stations, travel = line([10, 10, 10])
    marked = tuple(replace(one, hub=one.id != 1) for one in stations)
    problem = asking([person(1, home_station=1)], stations=marked, travel=travel)
    assert {area.hub for area in choose_hubs(problem, 1)[0]} == {2}
    assert {area.hub for area in choose_hubs(problem, 2, fixed=[4])[0]} == {2, 4}
    with pytest.raises(TooFewHubs):
        choose_hubs(problem, 4)
    with pytest.raises(TooFewHubs):
        choose_hubs(problem, 1, fixed=[2, 3])


def test_exchange_finds_what_counting_finds(monkeypatch):
    stations, travel = line([7, 30, 5, 22, 9, 41, 3, 16, 8])
    members = [person(at, home_station=1 + at * 7 % 10) for at in range(30)]
    problem = asking(members, stations=stations, travel=travel)
    counted = choose_hubs(problem, 3)[0]
    monkeypatch.setattr(hubs_module, "COUNTABLE", 0)
    exchanged = choose_hubs(problem, 3)[0]
    far = [
        sum(min(travel.between(one.home_station, area.hub) for area in areas) for one in members)
        for areas in (counted, exchanged)
    ]
    assert far[1] <= far[0] * 11 // 10


def test_areas_go_on_where_todays_people_live_and_stand_in_their_order():
    stations, travel = line([10, 50, 10])
    members = [person(at, home_station=1 if at < 4 else 4, group=1 if at < 4 else 0) for at in range(8)]
    areas = lay_areas(asking(members, stations=stations, travel=travel), [1, 4])
    assert [(area.hub, area.continues) for area in areas] == [(4, 0), (1, 1)]


def test_matching_is_renewed_by_who_is_in_the_groups_and_kept_when_nothing_is_gained():
    members = [person(at, group=at % 2) for at in range(6)]
    areas = (Area(1, (1,), 0), Area(4, (4,), 1))
    crossed = Assignment(areas, {at: 1 - at % 2 for at in range(6)})
    assert [area.continues for area in renew_matching(asking(members), crossed)] == [1, 0]
    assert renew_matching(asking(members), Assignment(areas, {at: at % 2 for at in range(6)})) is areas


@given(st.lists(st.dictionaries(st.integers(0, 3), st.integers(1, 20), max_size=4), min_size=1, max_size=4))
def test_the_matching_keeps_most_people(overlaps):
    answer = best_matching(overlaps)
    groups = sorted({one for counts in overlaps for one in counts})
    slots = [*groups, *[None] * len(overlaps)]
    best = max(
        sum(counts.get(one, 0) for counts, one in zip(overlaps, way, strict=True))
        for chosen in set(combinations(slots, len(overlaps)))
        for way in set(permutations(chosen))
    )
    assert sum(counts.get(one, 0) for counts, one in zip(overlaps, answer, strict=True)) == best
    taken = [one for one in answer if one is not None]
    assert len(taken) == len(set(taken))


def test_travel_reads_either_direction_and_refuses_the_unknown():
    ways = Travel({1: {2: 30}})
    assert (ways.between(1, 2), ways.between(2, 1), ways.between(3, 3)) == (30, 30, 0)
    with pytest.raises(KeyError):
        ways.between(1, 3)


def test_travel_by_coordinates_is_rounded_up_with_the_detour():
    ways = by_coordinates({1: (0, 0), 2: (3_000, 4_000)})
    assert ways.between(1, 2) == 13
    assert by_coordinates({1: (0, 0), 2: (1, 0)}).between(1, 2) == 1


def test_a_line_wants_one_leg_fewer_than_stations():
    with pytest.raises(ValueError, match="leg"):
        along_a_line([1, 2], [3, 4])
