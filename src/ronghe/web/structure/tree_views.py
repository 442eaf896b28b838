"""架构: the three trees and the units as they stand, or as they stood on a day."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Count
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ronghe.domain.org.calc.thresholds import Figures, Finding, Severity, findings
from ronghe.domain.org.enums import BodyTree, PartyOrgKind, UnitKind
from ronghe.domain.org.models import AdminUnit, PartyOrg, Person
from ronghe.domain.org.rules import CHANGE_UNITS, IMPORT_ROSTER
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.org.selectors.trees import Branch
from ronghe.domain.structure.enums import SMALL_GROUPS
from ronghe.domain.structure.models import CoveredUnit
from ronghe.domain.structure.rules import PROPOSE_ACT
from ronghe.domain.structure.selectors.acts import acts_to_decide, acts_to_note, charters_ending
from ronghe.domain.structure.selectors.figures import figures_in_force
from ronghe.domain.structure.selectors.trees import body_tree, unit_tree
from ronghe.domain.structure.services.figures import may_set_figures
from ronghe.kernel.db.tree import on_day
from ronghe.kernel.tabular.writing import SheetOut
from ronghe.kernel.words import counted
from ronghe.ui.tree import OrgNode
from ronghe.web.files import excel_answer
from ronghe.web.paging import asked_filters
from ronghe.web.requests import actor_of

UNITS = "unit"
TREES = [
    (BodyTree.PARTY.value, gettext_lazy("党组织")),
    (BodyTree.UNION.value, gettext_lazy("工会")),
    (BodyTree.LEAGUE.value, gettext_lazy("共青团")),
    (UNITS, gettext_lazy("行政单位")),
]
OPEN_LEVELS = 2
OPEN_UP_TO = 60
"""A tree of at most so many nodes is shown whole."""


@login_required
def org_overview(request: HttpRequest) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    tree, day = asked_tree(request), asked_day(request, now)
    branches = _read(actor, now, tree, day)
    text = request.GET.get("q", "").strip()
    shown = _matching(branches, text) if text else branches
    marks = _Marks(tree, day, is_open=bool(text) or _size(shown) <= OPEN_UP_TO)
    roots = PartyOrg.objects.filter(valid_until=None)
    context = {
        "tree": tree,
        "trees": TREES,
        "day": day,
        "today": local_day(now),
        "asked_text": text,
        "party_nodes": [marks.node(branch, level=0) for branch in shown],
        "tree_word": dict(TREES)[tree],
        "total": sum(branch.total for branch in branches if not branch.is_apart),
        "formal": sum(branch.total_formal for branch in branches if not branch.is_apart),
        "body_count": sum(1 for branch in _walk(branches) if branch.kind not in SMALL_GROUPS),
        "export_query": asked_filters(request),
        "can_import": any(IMPORT_ROSTER.allows(actor, branch.node, at=now) for branch in branches[:3])
        if tree == BodyTree.PARTY
        else False,
        "can_propose": PROPOSE_ACT.narrow(actor, roots, at=now).exists(),
        "can_change_units": tree == UNITS
        and CHANGE_UNITS.narrow(actor, AdminUnit.objects.filter(valid_until=None), at=now).exists(),
        "waiting": acts_to_decide(actor, now).count() + acts_to_note(actor, now).count(),
        "can_set_figures": may_set_figures(actor, now),
        "ending": charters_ending(actor, now),
    }
    return render(request, "org/overview.html", context)


@login_required
def tree_export(request: HttpRequest) -> FileResponse:
    """The tree that the page shows, whole, as a workbook."""
    actor, now = actor_of(request), timezone.now()
    tree, day = asked_tree(request), asked_day(request, now)
    branches = _read(actor, now, tree, day)
    word = str(dict(TREES)[tree])
    if tree == UNITS:
        heads = [_("层级"), _("名称"), _("类型"), _("本级人数"), _("含下级人数"), _("设立日期")]
        lines = _unit_lines(branches)
    else:
        heads = [_("层级"), _("名称"), _("类型"), _("正式"), _("总数"), _("含下级正式"), _("含下级总数"), _("设立日期"), _("批复文号")]  # fmt: skip
        lines = _body_lines(branches)
    sheet = SheetOut(title=word, head=heads, rows=lines, widths=[6, 44, 16, 10, 10, 12, 12, 14, 24])
    return excel_answer([sheet], f"{word}_{day:%Y%m%d}.xlsx")


def asked_tree(request: HttpRequest) -> str:
    """Return the tree in the query string, the Party's where it is none."""
    wanted = request.GET.get("tree", "")
    return wanted if wanted in dict(TREES) else BodyTree.PARTY.value


def asked_day(request: HttpRequest, now: datetime) -> date:
    """Return the day in the query string, today where it is none."""
    try:
        return date.fromisoformat(request.GET.get("day", "").strip())
    except ValueError:
        return local_day(now)


def kind_word(kind: str, *, is_unit: bool = False) -> str:
    """Return the kind of a body or unit in words."""
    return str(UnitKind(kind).label if is_unit else PartyOrgKind(kind).label)


def _read(actor: Person, now: datetime, tree: str, day: date) -> list[Branch]:
    if tree == UNITS:
        return unit_tree(actor, now, day=day)
    return body_tree(actor, now, day=day, tree=BodyTree(tree))


def _walk(branches: Iterable[Branch]) -> Iterator[Branch]:
    for branch in branches:
        yield branch
        yield from _walk(branch.children)


def _size(branches: Iterable[Branch]) -> int:
    return sum(1 for _branch in _walk(branches))


def _matching(branches: Iterable[Branch], text: str) -> list[Branch]:
    """Return the branches that carry the text, with what leads to them; whatever stands below a find stays whole."""
    kept = []
    for branch in branches:
        if text in branch.name:
            kept.append(branch)
            continue
        below = _matching(branch.children, text)
        if below:
            branch.children = below
            kept.append(branch)
    return kept


class _Marks:
    """Turns branches into what the tree component shows, with what the rules say about their size."""

    def __init__(self, tree: str, day: date, *, is_open: bool) -> None:
        self.tree, self.is_open = tree, is_open
        self.figures: Figures = figures_in_force()
        rows = CoveredUnit.objects.filter(on_day(day)).order_by().values_list("body_id").annotate(n=Count("pk"))
        self.covered = dict(rows) if tree == BodyTree.PARTY else {}

    def node(self, branch: Branch, *, level: int) -> OrgNode:
        is_unit = self.tree == UNITS
        name = "web:unit_detail" if is_unit else "web:body_detail"
        said = [] if is_unit else self.findings(branch)
        return OrgNode(
            name=branch.name,
            note=kind_word(branch.kind, is_unit=is_unit),
            count=self._count(branch),
            href=reverse(name, args=[branch.node.pk]),
            kind="temporary" if branch.is_apart else "normal",
            gap=said[0].short if said else "",
            open=self.is_open or level < OPEN_LEVELS,
            children=tuple(self.node(child, level=level + 1) for child in branch.children),
        )

    def findings(self, branch: Branch) -> list[Finding]:
        groups = sum(child.kind in SMALL_GROUPS for child in branch.children)
        said = findings(
            branch.kind, formal=branch.total_formal, all_members=branch.total, figures=self.figures,
            units=self.covered.get(branch.node.pk, 0), groups=groups,
        )  # fmt: skip
        return [finding for finding in said if finding.severity != Severity.HINT]

    def _count(self, branch: Branch) -> str:
        total = branch.total
        if not total:
            return ""
        if self.tree == BodyTree.PARTY:
            return counted("%(count)s 名党员", total) % {"count": total}
        return counted("%(count)s 人", total) % {"count": total}


def _body_lines(branches: Iterable[Branch], level: int = 1) -> Iterator[list[Any]]:
    for branch in branches:
        yield [
            level, branch.name, kind_word(branch.kind), branch.formal, branch.count, branch.total_formal, branch.total,
            branch.node.valid_from, branch.node.approval_ref or "",
        ]  # fmt: skip
        yield from _body_lines(branch.children, level + 1)


def _unit_lines(branches: Iterable[Branch], level: int = 1) -> Iterator[list[Any]]:
    for branch in branches:
        word = kind_word(branch.kind, is_unit=True)
        yield [level, branch.name, word, branch.count, branch.total, branch.node.valid_from]
        yield from _unit_lines(branch.children, level + 1)
