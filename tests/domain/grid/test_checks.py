"""The checks behind the gaps, each on, just below and just above its boundary."""

from __future__ import annotations

from datetime import date

import pytest

from ronghe.domain.grid.calc import checks
from ronghe.domain.org.calc.thresholds import Figures

FIGURES = Figures()


@pytest.mark.parametrize(
    ("employees", "members", "is_paired", "gap"),
    [(5, 0, False, True), (5, 1, False, False), (5, 0, True, False), (0, 0, False, False)],
)
def test_sd_09_team_of_employees_has_a_member_or_a_group(employees, members, is_paired, gap):
    assert checks.team_gap(employees, members, is_paired=is_paired) == ("team_without_member" if gap else None)


@pytest.mark.parametrize(
    ("formal", "members", "codes"),
    [
        (2, 9, ["branch_too_small"]), (3, 9, ["branch_at_minimum"]), (4, 9, []),
        (40, 50, []), (40, 51, ["branch_too_large"]),
    ],
)  # fmt: skip
def test_po_01_branch_has_three_full_members_and_about_fifty(formal, members, codes):
    assert checks.size_gaps("branch", formal, members, FIGURES, groups=3) == codes


@pytest.mark.parametrize(("members", "groups", "gap"), [(19, 0, False), (20, 0, True), (20, 2, False)])
def test_po_10_branch_of_twenty_has_groups(members, groups, gap):
    assert ("branch_without_groups" in checks.size_gaps("branch", 9, members, FIGURES, groups=groups)) is gap


@pytest.mark.parametrize(
    ("kind", "members", "is_approved", "codes"),
    [
        ("committee", 99, False, ["committee_too_small"]), ("committee", 99, True, []), ("committee", 100, False, []),
        ("general_branch", 49, False, ["general_branch_too_small"]), ("general_branch", 49, True, []),
        ("general_branch", 50, False, []), ("general_branch", 99, False, []),
        ("general_branch", 100, False, ["general_branch_too_large"]),
    ],
)  # fmt: skip
def test_po_02_committee_and_general_branch_need_their_number_or_an_approval(kind, members, is_approved, codes):
    assert checks.size_gaps(kind, members, members, FIGURES, is_approved=is_approved) == codes


@pytest.mark.parametrize(
    ("formal", "members", "codes"),
    [(2, 2, ["group_too_small"]), (3, 3, []), (0, 3, ["group_too_small"]), (0, 2, ["group_too_small"]), (1, 3, [])],
)
def test_po_09_group_has_three_members_one_of_them_full(formal, members, codes):
    assert checks.size_gaps("party_group", formal, members, FIGURES) == codes


@pytest.mark.parametrize(
    ("has_leader", "is_formal", "code"),
    [(False, True, "group_without_leader"), (True, False, "group_leader_probationary"), (True, True, None)],
)
def test_po_09_group_is_led_by_a_full_member(has_leader, is_formal, code):
    assert checks.group_leader_gap(has_leader=has_leader, is_formal=is_formal) == code


@pytest.mark.parametrize(("groups", "ungrouped", "gap"), [(0, 5, False), (2, 0, False), (2, 1, True)])
def test_po_13_where_there_are_groups_every_member_is_in_one(groups, ungrouped, gap):
    assert (checks.ungrouped_gap(groups, ungrouped) is not None) is gap


@pytest.mark.parametrize(
    ("staffing", "people", "code"),
    [
        (None, 4, "station_without_mode"), ("attended", 0, "station_without_people"), ("attended", 1, None),
        ("sparse", 0, "station_without_people"), ("unattended", 0, None), ("unattended", 3, None),
    ],
)  # fmt: skip
def test_al_15_station_is_manned_as_it_is_registered(staffing, people, code):
    assert checks.station_gap(staffing, people) == code


@pytest.mark.parametrize(
    ("staffing", "people", "has_party_part", "gap"),
    [("attended", 3, False, True), ("attended", 3, True, False), ("attended", 0, False, False),
     ("unattended", 3, False, False), ("sparse", 3, False, False), (None, 3, False, False)],
)  # fmt: skip
def test_al_15_attended_station_has_the_partys_part(staffing, people, has_party_part, gap):
    found = checks.station_part_gap(staffing, people, FIGURES, has_party_part=has_party_part)
    assert (found is not None) is gap


def test_al_15_unit_may_ask_for_the_partys_part_at_sparse_stations():
    own = Figures({"sparse.party_duty": 1})
    assert checks.station_part_gap("sparse", 3, own, has_party_part=False) == "station_without_party_part"


@pytest.mark.parametrize(
    ("members", "in_team", "leaders", "code"),
    [(8, 3, (1, 1), "pair_mismatch"), (8, 4, (1, 1), None), (8, 4, (1, 2), "pair_two_leaders"),
     (8, 4, (1, None), None), (0, 0, (None, None), None)],
)  # fmt: skip
def test_pp_11_pair_is_one_group_of_people_under_one_leader(members, in_team, leaders, code):
    assert checks.pair_gap(members, in_team, *leaders) == code


@pytest.mark.parametrize(
    ("ends", "code"),
    [
        (None, "term_missing"), (date(2026, 9, 14), "term_overdue"), (date(2026, 9, 15), "term_running_out"),
        (date(2027, 3, 14), "term_running_out"), (date(2027, 3, 15), None),
    ],
)  # fmt: skip
def test_pe_06_end_of_term_is_told_half_a_year_before(ends, code):
    """PE-04: an unrecorded term and one that is over are gaps too."""
    assert checks.term_gap(ends, date(2026, 9, 14), 6) == code


@pytest.mark.parametrize(
    ("since", "has_body", "gap"),
    [(date(2026, 3, 14), False, True), (date(2026, 3, 15), False, False), (date(2026, 1, 1), True, False)],
)
def test_po_04_half_a_year_on_a_project_wants_a_party_body(since, has_body, gap):
    assert (checks.site_gap(since, date(2026, 9, 14), FIGURES, has_body=has_body) is not None) is gap
