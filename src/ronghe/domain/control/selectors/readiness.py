"""What still stands between a project and commissioning (PJ-09)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Max, Q

from ronghe.domain.control.enums import Aspect
from ronghe.domain.control.models import AspectCheck, Readiness
from ronghe.domain.control.rules import POINT
from ronghe.domain.control.selectors.structure import tallies_of
from ronghe.domain.items.models import WorkItem
from ronghe.domain.projects.models import Project
from ronghe.kernel.words import _


@dataclass(frozen=True, slots=True)
class Gap:
    """One thing in the way: what it is, and how many."""

    code: str
    words: str
    count: int = 1


@dataclass(frozen=True, slots=True)
class AspectLine:
    """One of the three checks: when it was made last, and its points."""

    aspect: Aspect
    checked_on: date | None
    found: int
    open: int


@dataclass(frozen=True, slots=True)
class Standing:
    lines: list[AspectLine]
    gaps: list[Gap]
    readiness: Readiness | None

    @property
    def is_ready(self) -> bool:
        """Declared, and nothing came up since."""
        return self.readiness is not None and not self.gaps


def standing_of_project(project: Project) -> Standing:
    """Return the three checks, what is in the way, and the declaration that stands; four statements."""
    lines = _lines(project)
    rows = Readiness.objects.filter(project=project, taken_back_at=None)
    return Standing(lines, _gaps(project, lines), rows.select_related("declared_by", "project").first())


def gaps_of(project: Project) -> list[Gap]:
    """Return what is in the way of declaring the project ready."""
    return _gaps(project, _lines(project))


def open_points_of(projects: Collection[int]) -> dict[int, int]:
    """Return how many points of each project are open; one statement."""
    rows = WorkItem.objects.filter(kind=POINT.id, project__in=list(projects), closed_at=None).order_by()
    return dict(rows.values_list("project_id").annotate(n=Count("pk")))


def ready_of(projects: Collection[int]) -> set[int]:
    """Return those of the projects that were declared ready."""
    rows = Readiness.objects.filter(project__in=list(projects), taken_back_at=None)
    return set(rows.order_by().values_list("project_id", flat=True))


def _lines(project: Project) -> list[AspectLine]:
    checks = AspectCheck.objects.filter(project=project).order_by()
    days = dict(checks.values_list("aspect").annotate(last=Max("checked_on")))
    points = WorkItem.objects.filter(kind=POINT.id, project=project).order_by()
    counted = points.values("values__aspect").annotate(n=Count("pk"), n_open=Count("pk", filter=Q(closed_at=None)))
    found = {row["values__aspect"]: (row["n"], row["n_open"]) for row in counted}
    return [AspectLine(aspect, days.get(aspect), *found.get(aspect.value, (0, 0))) for aspect in Aspect]


def _gaps(project: Project, lines: list[AspectLine]) -> list[Gap]:
    gaps = [
        Gap(f"unchecked_{line.aspect}", _("“%(aspect)s”还没有做") % {"aspect": line.aspect.label})
        for line in lines
        if line.checked_on is None
    ]
    open_points = sum(line.open for line in lines)
    if open_points:
        gaps.append(Gap("points", _("%(count)s 个问题没有销项") % {"count": open_points}, open_points))
    open_processes = tallies_of([project.pk])[project.pk].open
    if open_processes:
        gaps.append(Gap("processes", _("%(count)s 道工序没有验收") % {"count": open_processes}, open_processes))
    return gaps
