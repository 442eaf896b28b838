"""The home of project control: projects side by side, and zones over theirs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db.models import Q

from ronghe.domain.control.calc.acceptance import NOTHING, Tally
from ronghe.domain.control.calc.hours import in_days, spread
from ronghe.domain.control.rules import SEE_CONTROL
from ronghe.domain.control.selectors.readiness import open_points_of, ready_of
from ronghe.domain.control.selectors.register import (
    Counter,
    agreed_losses,
    counters_of,
    counters_together,
    open_approvals,
)
from ronghe.domain.control.selectors.reviews import issued_seconds, reviews_open
from ronghe.domain.control.selectors.standards import ReviewPace, paces_of
from ronghe.domain.control.selectors.structure import tallies_of
from ronghe.domain.org.models import Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.projects.enums import ProjectState
from ronghe.domain.projects.models import Project
from ronghe.domain.zones.models import CollaborationZone, ZoneProject
from ronghe.kernel.access.listing import Listed, list_seen
from ronghe.kernel.db.tree import on_day

ORDERS = {
    sign + word: [sign + field_name]
    for word, field_name in (("name", "name"), ("ends", "ends_on"))
    for sign in ("", "-")
}


@dataclass(frozen=True, slots=True)
class ProjectLine:
    """A project with its figures. `review_days` is the median of issued reviews in working days."""

    project: Project
    tally: Tally
    counters: Sequence[Counter]
    reviews_open: int
    review_days: Decimal | None
    pace: ReviewPace
    open_points: int
    is_ready: bool
    loss_hours: Decimal
    loss_fen: int
    approvals_open: int
    approvals_late: int

    @property
    def loss_yuan(self) -> Decimal:
        return Decimal(self.loss_fen) / 100


def list_control(
    actor: Person, at: datetime, *, words: str = "", state: str = "", zone: int | None = None, sort: str = "name",
    page: int = 1, size: int = 20,
) -> Listed[Project]:  # fmt: skip
    """Return one page of the projects whose control `actor` may see; `zone` cuts to what one zone serves today."""
    rows = Project.objects.select_related("unit", "body")
    if words:
        rows = rows.filter(Q(name__icontains=words) | Q(place__icontains=words))
    if state in ProjectState.values:
        rows = rows.filter(state=state)
    if zone is not None:
        served = ZoneProject.objects.filter(on_day(local_day(at)), zone=zone).order_by().values("project_id")
        rows = rows.filter(pk__in=served)
    return list_seen(SEE_CONTROL, actor, rows, order_by=ORDERS.get(sort, ORDERS["name"]), at=at, page=page, size=size)


def lines_of(projects: Sequence[Project], at: datetime) -> list[ProjectLine]:
    """Return the figures of projects, in as many statements for one as for a page."""
    keys, today = [project.pk for project in projects], local_day(at)
    tallies, counters = tallies_of(keys), counters_of(projects, today)
    seconds, reviews, points = issued_seconds(keys), reviews_open(keys), open_points_of(keys)
    ready, losses, approvals = ready_of(keys), agreed_losses(keys), open_approvals(keys, today)
    paces = paces_of({project.body_id for project in projects}, today)
    lines = []
    for project in projects:
        pace = paces[project.body_id]
        median = spread(seconds.get(project.pk, [])).median
        hours, fen = losses.get(project.pk, (Decimal(0), 0))
        waiting, late = approvals.get(project.pk, (0, 0))
        open_points = points.get(project.pk, 0)
        lines.append(
            ProjectLine(
                project, tallies[project.pk], counters[project.pk], reviews.get(project.pk, 0),
                None if median is None else in_days(median, pace.hours), pace, open_points,
                project.pk in ready and not open_points and not tallies[project.pk].open, hours, fen, waiting, late,
            )
        )  # fmt: skip
    return lines


@dataclass(frozen=True, slots=True)
class ZoneLine:
    """A zone with the processes of the projects that it serves, and its counters."""

    zone: CollaborationZone
    projects: int
    tally: Tally
    counters: Sequence[Counter]


def zone_line(zone: CollaborationZone, today: date) -> ZoneLine:
    """Return the figures of a zone over the projects that it serves on `today`."""
    served = ZoneProject.objects.filter(on_day(today), zone=zone).select_related("project").order_by("pk")
    projects = [row.project for row in served]
    tallies = tallies_of([project.pk for project in projects])
    return ZoneLine(zone, len(projects), sum(tallies.values(), NOTHING), counters_together(projects, today))
