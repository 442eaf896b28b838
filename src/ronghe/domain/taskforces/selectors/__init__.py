"""项目攻关临时党小组: groups and points as an actor may see them."""

from ronghe.domain.taskforces.selectors.forces import (
    Roster,
    RosterLine,
    forces_seen_by,
    forces_to_decide,
    leader_of,
    list_forces,
    may_be_asked,
    members_on,
    outcomes_of,
    parents_to_choose,
    roster_of,
    tracking_of,
)
from ronghe.domain.taskforces.selectors.points import (
    PointLine,
    clock_by_kind,
    list_points,
    missing_of,
    owed_points,
    point_lines,
    points_seen_by,
)

__all__ = [
    "PointLine",
    "Roster",
    "RosterLine",
    "clock_by_kind",
    "forces_seen_by",
    "forces_to_decide",
    "leader_of",
    "list_forces",
    "list_points",
    "may_be_asked",
    "members_on",
    "missing_of",
    "outcomes_of",
    "owed_points",
    "parents_to_choose",
    "point_lines",
    "points_seen_by",
    "roster_of",
    "tracking_of",
]
