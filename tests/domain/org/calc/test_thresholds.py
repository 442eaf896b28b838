"""What a headcount says against the rules: each figure on, just below and just above."""

from __future__ import annotations

from datetime import date

import pytest

from ronghe.domain.org.calc.thresholds import (
    SHIPPED,
    Figures,
    Finding,
    Severity,
    findings,
    needs_reference,
    project_finding,
    whole_months,
)

SHIPPED_FIGURES = Figures()


def codes(kind, formal, all_members, *, figures=SHIPPED_FIGURES, **further):
    return [row.code for row in findings(kind, formal=formal, all_members=all_members, figures=figures, **further)]


@pytest.mark.parametrize(("formal", "said"), [(2, ["branch.min_formal"]), (3, []), (4, [])])
def test_po_01_a_branch_has_three_full_members(formal, said):
    """PO-01: probationary members do not make up for full ones."""
    assert codes("branch", formal, 10) == said


@pytest.mark.parametrize(("number", "said"), [(49, []), (50, []), (51, ["branch.max_members"])])
def test_po_01_a_branch_of_more_than_fifty_is_warned_about(number, said):
    """PO-01: a soft limit."""
    assert codes("branch", 40, number, groups=3) == said
    found = findings("branch", formal=40, all_members=51, figures=SHIPPED_FIGURES, groups=3)
    assert found == [Finding("branch.max_members", "PO-01", 51, 50, Severity.WARNING)]


@pytest.mark.parametrize(("kind", "number", "said"), [
    ("committee", 99, ["committee.min"]), ("committee", 100, []), ("general_branch", 49, ["general_branch.min"]),
    ("general_branch", 50, []), ("general_branch", 99, []), ("general_branch", 100, ["general_branch.grown"]),
])  # fmt: skip
def test_po_02_committee_and_general_branch(kind, number, said):
    """PO-02: all members are counted, with everything below."""
    assert codes(kind, number, number) == said


@pytest.mark.parametrize(("units", "said"), [(4, []), (5, []), (6, ["joint_branch.max_units"])])
def test_po_03_a_joint_branch_covers_five_units(units, said):
    """PO-03."""
    assert codes("joint_branch", 10, 10, units=units) == said


@pytest.mark.parametrize(("until", "formal", "hinted"), [
    (date(2026, 9, 14), 3, False), (date(2026, 9, 15), 3, True), (date(2026, 9, 16), 3, True),
    (date(2026, 9, 15), 2, False),
])  # fmt: skip
def test_po_04_a_project_of_six_months(until, formal, hinted):
    """PO-04: six whole months, and enough full members for a branch."""
    found = project_finding(date(2026, 3, 15), until, formal=formal, figures=SHIPPED_FIGURES)
    assert (found is not None) == hinted


def test_months_are_whole_and_never_below_zero():
    assert whole_months(date(2026, 8, 31), date(2027, 2, 28)) == 5
    assert whole_months(date(2026, 8, 31), date(2026, 8, 1)) == 0


@pytest.mark.parametrize(("formal", "number", "said"), [
    (1, 2, ["group.min_members"]), (1, 3, []), (0, 3, ["group.min_formal"]), (1, 4, []),
    (0, 2, ["group.min_members", "group.min_formal"]),
])  # fmt: skip
def test_po_09_a_group_has_three_members_and_one_full_member(formal, number, said):
    """PO-09."""
    assert codes("party_group", formal, number) == said


@pytest.mark.parametrize(("number", "groups", "said"), [(19, 0, []), (20, 0, ["group.split_hint"]), (20, 1, [])])
def test_po_10_a_branch_of_twenty_is_divided(number, groups, said):
    """PO-10: a hint."""
    assert codes("branch", number, number, groups=groups) == said


def test_working_bodies_union_and_league_have_no_figures():
    for kind in ("temporary_branch", "co_built_branch", "union_branch", "league_group", "temporary_party_group"):
        assert codes(kind, 0, 0) == []


def test_a_unit_sets_its_own_figures():
    own = Figures({"branch.max_members": 60})

    assert codes("branch", 40, 60, figures=own, groups=2) == []
    assert (own.get("branch.max_members").is_own, own.get("branch.min_formal").is_own) == (True, False)
    assert own.get("no.such") is None
    assert [row.code for row in own.rows()] == [row.code for row in SHIPPED]


@pytest.mark.parametrize(("kind", "number", "needed"), [
    ("branch", 30, True), ("temporary_branch", 30, True), ("regional_branch", 5, True), ("party_group", 5, False),
    ("committee", 99, True), ("committee", 100, False), ("general_branch", 49, True), ("general_branch", 50, False),
    ("union_branch", 5, False), ("league_general_branch", 5, False),
])  # fmt: skip
def test_who_wants_the_number_of_an_approval(kind, number, needed):
    """PO-02, PO-05, PO-08, PO-11."""
    assert needs_reference(kind, all_members=number, figures=SHIPPED_FIGURES) == needed


def test_every_finding_speaks():
    for code in Finding.SENTENCES:
        finding = Finding(code, "PO-01", 1, 2, Severity.HINT)
        assert finding.sentence
        assert finding.short
