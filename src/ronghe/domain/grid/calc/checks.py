"""The checks behind the gaps: each takes figures and answers with the code of the gap that they show, or nothing.

Thresholds are those of the organization (`ronghe.domain.org.calc.thresholds`), terms those of the elections; how a gap is
worded stands in `calc/kinds.py`.
"""

from __future__ import annotations

from datetime import date

from ronghe.domain.elections.calc.terms import add_months, due_word
from ronghe.domain.org.calc.stations import StationDuty, station_duties
from ronghe.domain.org.calc.thresholds import Figures, findings

SHARED_AT_LEAST = 0.5
"""Part of a group's members who work in the team it is built on; below it the two do not match (PP-11)."""
_SIZES = {
    "branch.min_formal": "branch_too_small",
    "branch.max_members": "branch_too_large",
    "committee.min": "committee_too_small",
    "general_branch.min": "general_branch_too_small",
    "general_branch.grown": "general_branch_too_large",
    "group.split_hint": "branch_without_groups",
    "group.min_members": "group_too_small",
    "group.min_formal": "group_too_small",
}
"""Finding of the organization → gap of the grid; the two of a group are one gap."""
_APPROVED = frozenset({"committee_too_small", "general_branch_too_small"})
"""Gaps that a superior's approval closes (PO-02)."""


def team_gap(employees: int, members: int, *, is_paired: bool) -> str | None:
    """Say whether a production team has nobody of the Party; a team built into a Party group has (SD-09)."""
    return "team_without_member" if employees and not members and not is_paired else None


def size_gaps(
    kind: str, formal: int, members: int, figures: Figures, *, groups: int = 0, is_approved: bool = False
) -> list[str]:
    """Say what is wrong with the size of a body (PO-01, PO-02) or group (PO-09), and whether it needs groups (PO-10).

    A branch with no full member to spare is told in advance. A committee or general branch below its figure is none where
    a superior approved it.
    """
    found = findings(kind, formal=formal, all_members=members, figures=figures, groups=groups)
    codes = list(dict.fromkeys(_SIZES[row.code] for row in found if row.code in _SIZES))
    if kind.endswith("branch") and kind != "general_branch" and formal == figures["branch.min_formal"]:
        codes.append("branch_at_minimum")
    return [code for code in codes if not (is_approved and code in _APPROVED)]


def ungrouped_gap(groups: int, ungrouped: int) -> str | None:
    """PO-13: where a branch has groups, every member is in one."""
    return "members_without_group" if groups and ungrouped else None


def group_leader_gap(*, has_leader: bool, is_formal: bool) -> str | None:
    """PO-09: a group has a leader, and a probationary member cannot be one."""
    if not has_leader:
        return "group_without_leader"
    return None if is_formal else "group_leader_probationary"


def station_gap(staffing: str | None, people: int) -> str | None:
    """AL-15: how a station is manned is on record, and a station that is manned has people."""
    if staffing is None:
        return "station_without_mode"
    return "station_without_people" if staffing != "unattended" and not people else None


def needs_party_part(staffing: str | None, figures: Figures) -> bool:
    """AL-15: an attended station has the Party's part beside management and technology; an unattended one has not."""
    return staffing is not None and StationDuty.PARTY in station_duties(staffing, figures=figures)


def station_part_gap(staffing: str | None, people: int, figures: Figures, *, has_party_part: bool) -> str | None:
    """AL-15: where the Party's part is due and people are there, somebody answers for it."""
    is_due = people > 0 and needs_party_part(staffing, figures)
    return "station_without_party_part" if is_due and not has_party_part else None


def pair_gap(members: int, in_team: int, group_leader: int | None, team_leader: int | None) -> str | None:
    """PP-11: a paired group and team are the same people under the same leader."""
    if members and in_team < members * SHARED_AT_LEAST:
        return "pair_mismatch"
    both = group_leader is not None and team_leader is not None
    return "pair_two_leaders" if both and group_leader != team_leader else None


def term_gap(ends: date | None, day: date, remind_months: int) -> str | None:
    """PE-04, PE-06: a term is on record, not over, and its end is told half a year before."""
    words = {"missing": "term_missing", "overdue": "term_overdue", "running": None}
    return words.get(due_word(ends, day, remind_months=remind_months), "term_running_out")


def site_gap(since: date, day: date, figures: Figures, *, has_body: bool) -> str | None:
    """PO-04: what has run for half a year should have a Party body (支部建在项目上)."""
    is_long = add_months(since, figures["project_branch.min_months"]) <= day
    return "site_without_body" if is_long and not has_body else None
