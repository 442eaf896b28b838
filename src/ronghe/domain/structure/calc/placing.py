"""Which kinds of bodies may stand below which, become which, and be merged with which."""

from __future__ import annotations

COMMITTEES = frozenset({"committee", "union_committee", "league_committee"})
"""Bodies whose office approves what is below them."""
GENERAL = frozenset({"general_branch", "league_general_branch"})
UPPER = COMMITTEES | GENERAL
HOME = frozenset({"branch", "joint_branch", "floating_branch"})
WORKING = frozenset({"temporary_branch", "co_built_branch", "regional_branch"})
MASS_BRANCHES = frozenset({"union_branch", "league_branch"})
BRANCHES = HOME | WORKING | MASS_BRANCHES
GROUPS = frozenset({"party_group", "temporary_party_group", "union_group", "league_group"})

_PARTY_ABOVE = frozenset({"committee", "general_branch"})
_BELOW: dict[str, frozenset[str]] = {
    "committee": frozenset({"committee"}),
    "general_branch": frozenset({"committee"}),
    **dict.fromkeys(HOME | WORKING, _PARTY_ABOVE),
    "party_group": HOME | WORKING,
    "temporary_party_group": HOME | WORKING | _PARTY_ABOVE,
    "union_committee": _PARTY_ABOVE | {"union_committee"},
    "union_branch": _PARTY_ABOVE | {"union_committee"} | HOME,
    "union_group": frozenset({"union_branch", "union_committee"}),
    "league_committee": _PARTY_ABOVE | {"league_committee"},
    "league_general_branch": _PARTY_ABOVE | {"league_committee"},
    "league_branch": _PARTY_ABOVE | {"league_committee", "league_general_branch"} | HOME,
    "league_group": frozenset({"league_branch"}),
}

_FAMILIES = (
    frozenset({"committee", "general_branch"}),
    HOME,
    frozenset({"league_committee", "league_general_branch"}),
)
"""Kinds that become one another by their kind alone."""

GROWN = {"branch": "general_branch", "joint_branch": "general_branch", "league_branch": "league_general_branch"}
"""A branch that becomes a general branch: its groups become branches."""
OF_THE_GROUPS = {"general_branch": "branch", "league_general_branch": "league_branch"}
"""What the groups of a branch become when it becomes a general branch."""
SHRUNK = {"branch": "party_group", "league_branch": "league_group"}
"""What branches become when the general branch above them becomes a branch."""


def may_stand_below(kind: str, parent: str) -> bool:
    """Tell whether a body of `kind` may hang below one of `parent`; groups below branches alone (PO-08).

    >>> may_stand_below("party_group", "branch"), may_stand_below("party_group", "committee")
    (True, False)
    """
    return parent in _BELOW[kind]


def kinds_below(parent: str) -> list[str]:
    """Return the kinds that may hang below one of `parent`, largest first."""
    return [kind for kind, above in _BELOW.items() if parent in above]


def becomes(kind: str) -> list[str]:
    """Return the kinds that a body of `kind` may be converted to; working bodies and groups are founded anew (PO-05)."""
    same = [other for family in _FAMILIES if kind in family for other in sorted(family) if other != kind]
    grown = [GROWN[kind]] if kind in GROWN else []
    return [*same, *grown, *([OF_THE_GROUPS[kind]] if kind in OF_THE_GROUPS else [])]


def may_merge(one: str, other: str) -> bool:
    """Tell whether the people of a body of kind `other` may be taken into one of kind `one`.

    >>> may_merge("branch", "joint_branch"), may_merge("branch", "temporary_branch")
    (True, False)
    """
    return one == other or any(one in family and other in family for family in _FAMILIES)


def may_receive(receiver: str, kind: str) -> bool:
    """Tell whether a body of kind `receiver` may take what a dissolved one of `kind` leaves behind."""
    if kind in UPPER:
        return receiver in UPPER and receiver.partition("_")[0] in {kind.partition("_")[0], "committee", "general"}
    return may_merge(receiver, kind)
