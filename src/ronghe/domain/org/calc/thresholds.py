"""Is a body of the right size? Figures of the rules as data, and what a headcount says against them (PO-01 to PO-11).

Both headcounts are looked at: formal members alone, and all (PO-01). Nothing here blocks; who asks decides what to do.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from ronghe.kernel.words import N_, _

SINGLE_BRANCHES = frozenset({"branch", "joint_branch", "floating_branch"})
"""Branches in which members are at home, held to the figures of PO-01."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure: its code, the rule it comes from, what it says, and what it is; `shipped` is what it came as."""

    code: str
    rule: str
    title: str
    shipped: int
    figure: int
    most: int = 100_000

    @property
    def is_own(self) -> bool:
        return self.figure != self.shipped


def _shipped(code: str, rule: str, title: str, figure: int, most: int = 100_000) -> Figure:
    return Figure(code, rule, title, figure, figure, most)


SHIPPED = (
    _shipped("branch.min_formal", "PO-01", N_("成立党支部的正式党员人数"), 3),
    _shipped("branch.max_members", "PO-01", N_("党支部党员人数一般不超过"), 50),
    _shipped("committee.min", "PO-02", N_("设党委的党员人数"), 100),
    _shipped("general_branch.min", "PO-02", N_("设党总支的党员人数"), 50),
    _shipped("joint_branch.max_units", "PO-03", N_("联合党支部覆盖的单位数一般不超过"), 5),
    _shipped("project_branch.min_months", "PO-04", N_("项目满几个月应成立党支部"), 6),
    _shipped("temporary.remind_days", "PO-06", N_("临时党组织到期前几天提醒"), 30),
    _shipped("group.min_members", "PO-09", N_("党小组党员人数"), 3),
    _shipped("group.min_formal", "PO-09", N_("党小组正式党员人数"), 1),
    _shipped("group.split_hint", "PO-10", N_("党支部一般应划分党小组的党员人数"), 20),
    _shipped("branch_approval_days", "PO-11", N_("党支部成立批复天数"), 30),
    _shipped("sparse.party_duty", "AL-15", N_("少人值守班站有党建职责（1 有，0 无）"), 0, most=1),
)
"""The figures as the regulations and the field's practice have them; a unit may set its own."""


class Figures:
    """The figures in force: as shipped, with those that the unit set over them, by code."""

    def __init__(self, own: Mapping[str, int] | None = None) -> None:
        given = own or {}
        self._rows = {row.code: replace(row, figure=given.get(row.code, row.figure)) for row in SHIPPED}

    def __getitem__(self, code: str) -> int:
        return self._rows[code].figure

    def get(self, code: str) -> Figure | None:
        return self._rows.get(code)

    def rows(self) -> list[Figure]:
        """Return every figure, in the order of the rules."""
        return list(self._rows.values())


class Severity(StrEnum):
    """How much weight a finding has."""

    BROKEN = "broken"
    """The rule does not hold; going on wants an approval number or another way."""
    WARNING = "warning"
    """Beyond what is usual; not in the way."""
    HINT = "hint"
    """Something that could be done."""


class Finding:
    """What a rule says about a body: a code, the rule's number, the figures, how grave, and the sentence in words."""

    SENTENCES: Mapping[str, str] = {
        "branch.min_formal": N_("正式党员 %(found)s 人，不足 %(figure)s 人（PO-01）。可与相邻单位成立联合党支部。"),
        "branch.max_members": N_("党员 %(found)s 人，超过 %(figure)s 人（PO-01）。可拆分党支部，或改设党总支。"),
        "committee.min": N_("党员 %(found)s 人，不足 %(figure)s 人（PO-02）。因工作需要设党委，须有上级批复文号。"),
        "general_branch.min": N_("党员 %(found)s 人，不足 %(figure)s 人（PO-02）。因工作需要设党总支，须有上级批复文号。"),
        "general_branch.grown": N_("党员 %(found)s 人，已达 %(figure)s 人（PO-02）。可改设党委。"),
        "joint_branch.max_units": N_("覆盖 %(found)s 个单位，一般不超过 %(figure)s 个（PO-03）。可分成两个联合党支部。"),
        "project_branch.min_months": N_("项目为期 %(found)s 个月，满 %(figure)s 个月的应成立党支部（PO-04）。"),
        "group.min_members": N_("党员 %(found)s 人，党小组不少于 %(figure)s 人（PO-09）。可并入相邻党小组。"),
        "group.min_formal": N_("正式党员 %(found)s 人，党小组至少要有 %(figure)s 人（PO-09）。请调入一名正式党员。"),
        "group.split_hint": N_("党员 %(found)s 人，%(figure)s 人以上一般应划分党小组（PO-10）。"),
    }  # fmt: skip

    SHORT: Mapping[str, str] = {
        "branch.min_formal": N_("正式党员不足 %(figure)s 人"),
        "branch.max_members": N_("超过 %(figure)s 人"),
        "committee.min": N_("不足 %(figure)s 人"),
        "general_branch.min": N_("不足 %(figure)s 人"),
        "general_branch.grown": N_("已达 %(figure)s 人"),
        "joint_branch.max_units": N_("覆盖单位超过 %(figure)s 个"),
        "project_branch.min_months": N_("应成立党支部"),
        "group.min_members": N_("不足 %(figure)s 人"),
        "group.min_formal": N_("没有正式党员"),
        "group.split_hint": N_("应划分党小组"),
    }

    def __init__(self, code: str, rule: str, found: int, figure: int, severity: Severity) -> None:
        self.code, self.rule, self.found, self.figure, self.severity = code, rule, found, figure, severity

    def __repr__(self) -> str:
        return f"Finding({self.code!r}, {self.found}, {self.figure}, {self.severity!r})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Finding) and self._key == other._key

    def __hash__(self) -> int:
        return hash(self._key)

    @property
    def _key(self) -> tuple[str, int, int, Severity]:
        return (self.code, self.found, self.figure, self.severity)

    @property
    def short(self) -> str:
        """The finding as a mark beside a name."""
        return _(self.SHORT[self.code]) % {"figure": self.figure}

    @property
    def sentence(self) -> str:
        """The finding in words, with the rule's number and a way out."""
        return _(self.SENTENCES[self.code]) % {"found": self.found, "figure": self.figure}


def findings(
    kind: str, *, formal: int, all_members: int, figures: Figures, units: int = 0, groups: int = 0
) -> list[Finding]:
    """Return what the rules say about a body of `kind` with these two headcounts, gravest first.

    Headcounts of a branch or group are its own; of a committee or general branch they are with everything below it.
    `units` is how many units a joint branch covers, `groups` how many groups a branch has. Working bodies, union and
    league have no figures.
    """
    found: list[Finding] = []
    if kind in SINGLE_BRANCHES:
        found += _of_branch(formal, all_members, figures, groups)
    if kind == "joint_branch" and units > figures["joint_branch.max_units"]:
        found.append(Finding("joint_branch.max_units", "PO-03", units, figures["joint_branch.max_units"], Severity.WARNING))  # fmt: skip
    if kind == "committee" and all_members < figures["committee.min"]:
        found.append(Finding("committee.min", "PO-02", all_members, figures["committee.min"], Severity.BROKEN))
    if kind == "general_branch":
        found += _of_general_branch(all_members, figures)
    if kind == "party_group":
        found += _of_group(formal, all_members, figures)
    return found


def _of_branch(formal: int, all_members: int, figures: Figures, groups: int) -> list[Finding]:
    found = []
    if formal < figures["branch.min_formal"]:
        found.append(Finding("branch.min_formal", "PO-01", formal, figures["branch.min_formal"], Severity.BROKEN))
    if all_members > figures["branch.max_members"]:
        found.append(
            Finding("branch.max_members", "PO-01", all_members, figures["branch.max_members"], Severity.WARNING)
        )
    if all_members >= figures["group.split_hint"] and not groups:
        found.append(Finding("group.split_hint", "PO-10", all_members, figures["group.split_hint"], Severity.HINT))
    return found


def _of_general_branch(all_members: int, figures: Figures) -> list[Finding]:
    if all_members < figures["general_branch.min"]:
        least = figures["general_branch.min"]
        return [Finding("general_branch.min", "PO-02", all_members, least, Severity.BROKEN)]
    if all_members >= figures["committee.min"]:
        return [Finding("general_branch.grown", "PO-02", all_members, figures["committee.min"], Severity.HINT)]
    return []


def _of_group(formal: int, all_members: int, figures: Figures) -> list[Finding]:
    found = []
    if all_members < figures["group.min_members"]:
        found.append(Finding("group.min_members", "PO-09", all_members, figures["group.min_members"], Severity.BROKEN))
    if formal < figures["group.min_formal"]:
        found.append(Finding("group.min_formal", "PO-09", formal, figures["group.min_formal"], Severity.BROKEN))
    return found


def project_finding(from_on: date, until_on: date, *, formal: int, figures: Figures) -> Finding | None:
    """Return the hint that a project is long and large enough for a branch of its own, `None` where it is not (PO-04)."""
    months = whole_months(from_on, until_on)
    if months < figures["project_branch.min_months"] or formal < figures["branch.min_formal"]:
        return None
    return Finding("project_branch.min_months", "PO-04", months, figures["project_branch.min_months"], Severity.HINT)


def whole_months(from_on: date, until_on: date) -> int:
    """Return how many whole months lie between two days (the second not included); never below zero.

    >>> whole_months(date(2026, 3, 15), date(2026, 9, 15)), whole_months(date(2026, 3, 15), date(2026, 9, 14))
    (6, 5)
    """
    months = (until_on.year - from_on.year) * 12 + until_on.month - from_on.month
    return max(0, months - (until_on.day < from_on.day))


def needs_reference(kind: str, *, all_members: int, figures: Figures) -> bool:
    """Tell whether founding or converting to `kind` wants the number of an approving document.

    Branches of every kind always (PO-05, PO-11); a committee or general branch where it is below its figure (PO-02);
    groups and the bodies of union and league never (PO-08).
    """
    if kind.endswith("branch") and kind.partition("_")[0] not in {"union", "league", "general"}:
        return True
    return any(f.code in {"committee.min", "general_branch.min"} for f in findings(
        kind, formal=all_members, all_members=all_members, figures=figures
    ))  # fmt: skip
