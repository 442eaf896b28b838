"""The structure of a project with its figures, its processes, and what can be done now at a site."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Sum

from ronghe.domain.control.calc.acceptance import NOTHING, Tally, rolled_up
from ronghe.domain.control.calc.plan import PlanRow
from ronghe.domain.control.enums import PartLevel, Point, ProcessState
from ronghe.domain.control.models import ProcessLink, ProcessTemplate, WorkPart, WorkProcess
from ronghe.domain.control.rules import ACCEPT, CHECK, KEEP_TEMPLATE, SEE_CONTROL
from ronghe.domain.org.models import PartyOrg, Person
from ronghe.domain.projects.models import Project
from ronghe.kernel.db.tree import on_day

_COUNTS = {
    "n_all": Count("pk"),
    "n_accepted": Count("pk", filter=Q(state=ProcessState.ACCEPTED)),
    "n_unattended": Count("pk", filter=Q(is_unattended=True)),
    "n_rated": Count("pk", filter=Q(is_excellent__isnull=False)),
    "n_excellent": Count("pk", filter=Q(is_excellent=True)),
    "n_waiting": Count("pk", filter=Q(state=ProcessState.SUBMITTED)),
    "n_hold": Count("pk", filter=Q(point=Point.HOLD) & ~Q(state=ProcessState.ACCEPTED)),
    "n_reworks": Sum("reworks"),
}


@dataclass(slots=True)
class PartNode:
    """A part with its tally, everything below counted in, and what lies directly in it."""

    part: WorkPart
    tally: Tally
    depth: int = 0
    children: list[PartNode] = field(default_factory=list)
    processes: list[WorkProcess] = field(default_factory=list)


def tallies_of(projects: Collection[int]) -> dict[int, Tally]:
    """Return the tally of each project, in one statement; one without processes has nought of nought."""
    rows = _counted(WorkProcess.objects.filter(project__in=list(projects)), "project_id")
    return {project: rows.get(project, NOTHING) for project in projects}


def tree_of(project: Project) -> list[PartNode]:
    """Return the unit works of a project with everything below; two statements, whatever its size."""
    parts = list(WorkPart.objects.filter(project=project).order_by("place", "pk"))
    own = _counted(WorkProcess.objects.filter(project=project), "part_id")
    totals = rolled_up(own, [(part.pk, part.parent_id) for part in parts])
    nodes = {part.pk: PartNode(part, totals[part.pk]) for part in parts}
    tops = []
    for part in parts:
        if part.parent_id is None:
            tops.append(nodes[part.pk])
        else:
            nodes[part.parent_id].children.append(nodes[part.pk])
    for node in tops:
        _deepen(node, 0)
    return tops


def lots_of(tree: Iterable[PartNode]) -> list[tuple[str, Tally]]:
    """Return the tally of each lot (标段) by name; unit works without one stand under ""."""
    found: dict[str, Tally] = {}
    for node in tree:
        found[node.part.lot] = found.get(node.part.lot, NOTHING) + node.tally
    return sorted(found.items())


def flattened(tree: Iterable[PartNode]) -> list[PartNode]:
    """Return the nodes from above to below, each before what lies in it."""
    return [one for node in tree for one in (node, *flattened(node.children))]


def processes_of(
    project: Project, *, words: str = "", state: str = "", point: str = "", rating: str = "", part: int | None = None
) -> QuerySet[WorkProcess]:
    """Return the processes of a project in their order. `rating` is `excellent`, `plain` or `unrated`; `part` any level."""
    rows = WorkProcess.objects.filter(project=project)
    if words:
        rows = rows.filter(Q(name__icontains=words) | Q(part__name__icontains=words))
    if state in ProcessState.values:
        rows = rows.filter(state=state)
    elif state == "open":
        rows = rows.exclude(state=ProcessState.ACCEPTED)
    if point in Point.values:
        rows = rows.filter(point=point)
    if rating in _RATINGS:
        rows = rows.filter(_RATINGS[rating])
    if part is not None:
        rows = rows.filter(part__in=_parts_below(project, part))
    related = ("part__parent__parent__parent", "self_by", "mutual_by", "special_by", "accepted_by", "rated_by")
    return rows.select_related(*related).order_by("part__place", "part_id", "number")


_RATINGS = {
    "excellent": Q(is_excellent=True),
    "plain": Q(is_excellent=False),
    "unrated": Q(is_excellent=None, state=ProcessState.ACCEPTED),
}


def processes_seen_by(actor: Person, at: datetime) -> QuerySet[WorkProcess]:
    """Return the processes that `actor` may see: to be cut to one."""
    projects = SEE_CONTROL.narrow(actor, Project.objects.all(), at=at).order_by().values("pk")
    related = ("project__body", "project__unit", "part__parent__parent__parent", "self_by", "mutual_by", "special_by",
               "accepted_by", "rated_by")  # fmt: skip
    return WorkProcess.objects.filter(project__in=projects).select_related(*related)


def processes_to_check(actor: Person, at: datetime, project: Project | None = None) -> QuerySet[WorkProcess]:
    """Return what the builder's side can do now at a site: begun and waiting for a check that `actor` may make, or ready to
    be entered because everything before it is accepted (PJ-05).
    """
    rows = WorkProcess.objects.all() if project is None else WorkProcess.objects.filter(project=project)
    not_mine = ~_is(actor, "self_by")
    due = Q(state=ProcessState.SELF_CHECKED) & not_mine | Q(state=ProcessState.MUTUAL_CHECKED) & not_mine & ~_is(
        actor, "mutual_by"
    )
    begun = rows.filter(due | Q(state=ProcessState.RUNNING) | Q(state=ProcessState.WAITING))
    entering = Q(state__in=[ProcessState.RUNNING, ProcessState.WAITING])
    blocked = WorkProcess.objects.blocked(at).filter(entering).order_by().values("pk")
    allowed = CHECK.narrow(actor, begun.exclude(pk__in=blocked), at=at)
    related = ("part__parent__parent__parent", "project", "self_by", "mutual_by", "special_by")
    return allowed.select_related(*related).order_by("project_id", "part__place", "part_id", "number")


def processes_to_accept(actor: Person, at: datetime, project: Project | None = None) -> QuerySet[WorkProcess]:
    """Return what waits for the supervisor's side, the longest waiting first; never what `actor` checked."""
    rows = WorkProcess.objects.filter(state=ProcessState.SUBMITTED)
    if project is not None:
        rows = rows.filter(project=project)
    allowed = ACCEPT.narrow(actor, rows, at=at)
    related = ("part__parent__parent__parent", "project", "self_by", "mutual_by", "special_by")
    return allowed.select_related(*related).order_by("since", "pk")


def befores_of(process: WorkProcess) -> list[WorkProcess]:
    """Return the processes that must be accepted before it."""
    links = ProcessLink.objects.filter(process=process).select_related("before__part").order_by("before_id")
    return [link.before for link in links]


def plan_of(project: Project) -> list[PlanRow]:
    """Return the structure as rows, to be written into another project; four statements."""
    rows = list(
        WorkProcess.objects.filter(project=project)
        .select_related("part__parent__parent__parent__parent__parent")
        .order_by("part__place", "part_id", "number")
    )
    places = {row.pk: place for place, row in enumerate(rows)}
    before: dict[int, list[int]] = {}
    links = ProcessLink.objects.filter(process__project=project).order_by("before_id")
    for later, earlier in links.values_list("process_id", "before_id"):
        before.setdefault(later, []).append(places[earlier])
    return [
        PlanRow(
            _four(row.part), row.name, row.point, row.standard, row.notice_hours, _top(row.part).lot,
            tuple(before.get(row.pk, ())),
        )
        for row in rows
    ]  # fmt: skip


def path_of(part: WorkPart) -> tuple[str, ...]:
    """Return the names from the unit work down to the part, one a level; a sub-level stands in one name with what holds it."""
    names: dict[str, list[str]] = {}
    one: WorkPart | None = part
    while one is not None:
        names.setdefault(one.level, []).insert(0, one.name)
        one = one.parent
    return tuple(" · ".join(names[level]) for level in PartLevel.values if level in names)


def templates_for(body_id: int, day: date) -> QuerySet[ProcessTemplate]:
    """Return the templates of a body and of those above it, by name."""
    above = PartyOrg.links().filter(on_day(day), descendant_id=body_id).order_by().values("ancestor_id")
    rows = ProcessTemplate.objects.filter(body__in=above, withdrawn_at=None).select_related("body")
    return rows.prefetch_related("lines").order_by("name", "pk")


def templates_kept_by(actor: Person, at: datetime) -> QuerySet[PartyOrg]:
    """Return the bodies whose templates `actor` keeps, by name."""
    rows = PartyOrg.objects.filter(valid_until=None)
    return KEEP_TEMPLATE.narrow(actor, rows, at=at).order_by("name", "pk")


def _counted(rows: Any, by: str) -> dict[int, Tally]:
    counted = rows.order_by().values(key=F(by)).annotate(**_COUNTS)
    return {
        row["key"]: Tally(
            row["n_all"], row["n_accepted"], row["n_unattended"], row["n_rated"], row["n_excellent"], row["n_waiting"],
            row["n_hold"], row["n_reworks"] or 0,
        )
        for row in counted
    }  # fmt: skip


def _is(actor: Person, field: str) -> Q:
    """A bare `~Q(self_by=…)` would lose the rows without one on both databases."""
    return Q(**{f"{field}__isnull": False, field: actor.pk})


def _deepen(node: PartNode, depth: int) -> None:
    node.depth = depth
    for child in node.children:
        _deepen(child, depth + 1)


def _parts_below(project: Project, part: int) -> list[int]:
    parents: Mapping[int, int | None] = dict(WorkPart.objects.filter(project=project).values_list("pk", "parent_id"))
    found = []
    for one in parents:
        above: int | None = one
        while above is not None and above != part:
            above = parents.get(above)
        if above == part:
            found.append(one)
    return found


def _four(part: WorkPart) -> tuple[str, str, str, str]:
    unit_work, division, section, lot = path_of(part)
    return unit_work, division, section, lot


def _top(part: WorkPart) -> WorkPart:
    return part if part.parent is None else _top(part.parent)
