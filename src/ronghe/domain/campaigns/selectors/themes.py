"""The themes of a body, and themed activities as an actor may see them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery

from ronghe.domain.campaigns.calc.themes import (
    DEFAULTS,
    ThemeForm,
    fits,
    kind_for,
    kinds_with_a_theme,
    proposed,
    themes_from,
)
from ronghe.domain.campaigns.models import ThemedActivity, ThemedResult
from ronghe.domain.campaigns.rules import RUN_THEMED, SEE_THEMED
from ronghe.domain.org.models import PartyOrg, Person
from ronghe.domain.org.rules.reaches import local_day, roots
from ronghe.domain.playbooks.calc.forms import FormFigure
from ronghe.domain.playbooks.calc.vocabulary import BodyKind
from ronghe.domain.playbooks.models import PlaybookVersion, read_together
from ronghe.domain.playbooks.selectors import adoptions_of
from ronghe.domain.rhythm.enums import TYPES_OF_TREE, ActivityState, ActivityType, AttendanceStatus
from ronghe.domain.rhythm.models import Activity
from ronghe.domain.rhythm.rules import PLAN_ACTIVITY, RUN_ACTIVITY, RUNNERS
from ronghe.domain.work.enums import TaskState
from ronghe.domain.work.models import Task
from ronghe.domain.work.rules import SEE_TASK
from ronghe.kernel.access.listing import Listed, list_seen
from ronghe.kernel.db.tree import on_day

TASKS_OFFERED = 50
"""Tasks of the body that the result page offers to take up at most, the latest first."""


def themes_of(body: PartyOrg, day: date) -> list[tuple[PlaybookVersion | None, ThemeForm]]:
    """Return the themes that `body` works by on `day`, each with the version that words it; else the four."""
    if body.kind in set(BodyKind):
        adoptions = list(adoptions_of(body, day))
        read_together(adoption.version for adoption in adoptions)
        found: dict[str, tuple[PlaybookVersion | None, ThemeForm]] = {}
        for adoption in adoptions:
            for form in themes_from(adoption.version.playbook.mechanisms_for(BodyKind(body.kind))):
                if form.mechanism:
                    found.setdefault(form.code, (adoption.version, form))
        if found:
            rest = [(None, form) for form in DEFAULTS if form.code not in found]
            return [*found.values(), *rest]
    return [(None, form) for form in DEFAULTS]


def kind_held(theme: str, body: PartyOrg) -> ActivityType | None:
    """Return as which kind of gathering `body` holds a theme; `None` where its tree holds none such."""
    kind = kind_for(theme, TYPES_OF_TREE[body.tree])
    return None if kind is None else ActivityType(kind)


def themed_seen_by(actor: Person, at: datetime) -> QuerySet[ThemedActivity]:
    """Return the themed activities that `actor` may see: to be cut to one or a few."""
    rows = SEE_THEMED.narrow(actor, ThemedActivity.objects.all(), at=at, walk=True)
    return rows.select_related("activity__body", "activity__version", "activity__chair", "version")


def list_themed(
    actor: Person, at: datetime, *, filters: Q | None = None, page: int = 1, size: int = 20
) -> Listed[ThemedActivity]:
    """Return one page of themed activities, the latest held first; each with its standing figures and how many tasks."""
    rows = ThemedActivity.objects.filter(filters or Q()).select_related("activity__body", "version")
    rows = rows.annotate(brought=_standing("figures"), n_tasks=Count("tasks"))
    order = ("-activity__day",)
    return list_seen(SEE_THEMED, actor, rows, order_by=order, at=at, page=page, size=size)


def without_theme(actor: Person, at: datetime) -> QuerySet[Activity]:
    """Return the gatherings that `actor` runs and that may have a theme but have none yet: not called off, the latest first."""
    rows = Activity.objects.filter(
        activity_type=ActivityType.THEMED_ACTIVITY, themed=None
    ).exclude(state=ActivityState.CALLED_OFF)  # fmt: skip
    return RUN_ACTIVITY.narrow(actor, rows, at=at).select_related("body").order_by("-day", "-pk")


def themes_for(activity: Activity) -> list[tuple[PlaybookVersion | None, ThemeForm]]:
    """Return the themes that a gathering may be given, as its body words them."""
    if activity.activity_type not in kinds_with_a_theme():
        return []
    return [pair for pair in themes_of(activity.body, activity.day) if fits(activity.activity_type, pair[1].code)]


def form_of(themed: ThemedActivity) -> ThemeForm:
    """Return the theme as it was worded when it was given; a default one asks for the default figures."""
    if themed.version is not None and themed.mechanism:
        mechanism = themed.version.playbook.mechanism(themed.mechanism)
        found = next((form for form in themes_from([mechanism]) if form.code == themed.theme), None)
        if found is not None:
            return found
    return next((form for form in DEFAULTS if form.code == themed.theme), DEFAULTS[0])


@dataclass(frozen=True, slots=True)
class FigureLine:
    """One figure of a result: what it is, what stands, and what the platform proposes."""

    figure: FormFigure
    value: Decimal | None
    proposed: Decimal | None

    @property
    def title(self) -> str:
        return self.figure.title.here

    @property
    def unit(self) -> str:
        return self.figure.unit.here


def figures_of(themed: ThemedActivity, result: ThemedResult | None, *, solved: int) -> list[FigureLine]:
    """Return the figures that a theme asks for: those entered, else what sheet, tasks and the activity's own form say."""
    figures = form_of(themed).figures
    known = proposed(figures, present=came_to(themed.activity), solved=solved)
    known |= dict(themed.activity.figures.values_list("figure_id", "value")) if result is None else {}
    kept = result.figures if result is not None else {}
    return [FigureLine(one, Decimal(kept[one.id]) if one.id in kept else None, known.get(one.id)) for one in figures]


def came_to(activity: Activity) -> int:
    """Return how many signed in, guests among them: who took part, whatever the body."""
    return activity.attendances.filter(status=AttendanceStatus.PRESENT).count()


def standing_result(themed: ThemedActivity) -> ThemedResult | None:
    """Return the result that stands: the one entered last."""
    return themed.results.select_related("entered_by").order_by("-number").first()


def tasks_taken_up(themed: ThemedActivity) -> list[Task]:
    """Return the problems taken up as tasks, the soonest deadline first."""
    rows = Task.objects.filter(themed_activities__themed=themed).select_related("assignee", "body")
    return list(rows.order_by("due_at", "pk"))


def solved_among(tasks: Sequence[Task]) -> int:
    return sum(1 for task in tasks if task.state == TaskState.ACCEPTED)


def tasks_offered(themed: ThemedActivity, actor: Person, at: datetime) -> QuerySet[Task]:
    """Return tasks of the body that `actor` may see and that may be taken up here, the latest given first."""
    rows = Task.objects.filter(body=themed.activity.body_id).exclude(themed_activities__themed=themed)
    rows = rows.exclude(state=TaskState.CANCELLED)
    seen = SEE_TASK.narrow(actor, rows, at=at, walk=True)
    return seen.select_related("assignee").order_by("-opened_at", "-pk")


def bodies_to_plan_for(actor: Person, at: datetime) -> QuerySet[PartyOrg]:
    """Return the bodies whose activities `actor` plans, by name."""
    rows = PLAN_ACTIVITY.narrow(actor, PartyOrg.objects.filter(on_day(local_day(at))), at=at)
    return rows.select_related("unit").order_by("name", "pk")


def results_waiting(actor: Person, at: datetime) -> QuerySet[ThemedActivity]:
    """Return the themed activities that are over and whose result waits for `actor`: chair, recorder, or the body's own lead."""
    mine = roots(actor, RUNNERS, local_day(at), "body")
    rows: Any = ThemedActivity.objects.filter(results_count=0, activity__state=ActivityState.CLOSED)
    rows = rows.filter(Q(activity__chair=actor) | Q(activity__recorder=actor) | Q(activity__body__in=mine))
    return RUN_THEMED.narrow(actor, rows, at=at)


def _standing(column: str) -> Subquery:
    rows = ThemedResult.objects.filter(themed=OuterRef("pk")).order_by("-number")
    return Subquery(rows.values(column)[:1])
