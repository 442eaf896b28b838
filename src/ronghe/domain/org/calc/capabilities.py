"""What a body may do by its kind: the five switches of PO-06, and what they mean for groups, working bodies, union and league."""

from __future__ import annotations

from enum import StrEnum

from ronghe.kernel.words import N_


class Capability(StrEnum):
    STUDY = "study"
    EDUCATE = "educate"
    CULTIVATE = "cultivate"
    DEVELOP_MEMBERS = "develop_members"
    DISCIPLINE = "discipline"
    COLLECT_DUES = "collect_dues"
    ELECT_DELEGATES = "elect_delegates"
    RE_ELECT = "re_elect"


WORDS: dict[Capability, str] = {
    Capability.STUDY: N_("组织学习"),
    Capability.EDUCATE: N_("教育管理监督党员"),
    Capability.CULTIVATE: N_("培养入党积极分子"),
    Capability.DEVELOP_MEMBERS: N_("发展党员"),
    Capability.DISCIPLINE: N_("处分处置党员"),
    Capability.COLLECT_DUES: N_("收缴党费"),
    Capability.ELECT_DELEGATES: N_("选举党代表"),
    Capability.RE_ELECT: N_("办换届选举"),
}

ALWAYS = frozenset({Capability.STUDY, Capability.EDUCATE, Capability.CULTIVATE})
"""What is left to a temporary body (PO-06), a working body (PO-12) and a group (PO-08)."""

SWITCHED_OFF = frozenset(Capability) - ALWAYS
"""The five that a temporary body lacks (PO-06)."""

TEMPORARY = frozenset({"temporary_branch", "temporary_party_group"})
WORKING = frozenset({"co_built_branch", "regional_branch"})
GROUPS = frozenset({"party_group", "union_group", "league_group"})


def capabilities(kind: str) -> frozenset[Capability]:
    """Return what a body of `kind` may do.

    >>> Capability.COLLECT_DUES in capabilities("temporary_branch"), Capability.COLLECT_DUES in capabilities("branch")
    (False, True)
    """
    if kind in TEMPORARY | WORKING | GROUPS:
        return ALWAYS
    if kind.startswith(("union_", "league_")):
        return ALWAYS | {Capability.RE_ELECT}
    return frozenset(Capability)


def lacking_by(kind: str, capability: Capability) -> str | None:
    """Return the number of the rule by which a body of `kind` lacks `capability`, `None` where it has it."""
    if capability in capabilities(kind):
        return None
    if kind in TEMPORARY:
        return "PO-06"
    return "PO-08" if kind in GROUPS else "PO-12"
