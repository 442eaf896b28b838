"""Idle hours and rework added up, the register of outside approvals with its days, and the counters of free days."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from django.db.models import Count, F, Prefetch, Q, QuerySet, Sum

from ronghe.domain.control.calc.days import days_waiting, free_days
from ronghe.domain.control.enums import ApprovalKind, IncidentKind, LossKind
from ronghe.domain.control.models import ApprovalStage, IdleClaim, Incident, OutsideApproval
from ronghe.domain.control.selectors.standards import cause_words
from ronghe.domain.items.models import WorkItem
from ronghe.domain.items.rules import SEE_ITEM
from ronghe.domain.org.models import Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.projects.models import Project

AGREED = "agreed"
COUNTED_AS_OPEN = ("recorded", "contested")
RECURS_FROM = 3
"""Agreed losses by one cause from which a look-back on it is offered."""


@dataclass(slots=True)
class LossSum:
    """What was lost under one heading. Only agreed ones are in `hours` and `fen`; the rest are counted beside them."""

    title: str
    count: int = 0
    hours: Decimal = Decimal(0)
    fen: int = 0

    @property
    def yuan(self) -> Decimal:
        return Decimal(self.fen) / 100


@dataclass(frozen=True, slots=True)
class Losses:
    total: LossSum
    by_kind: list[LossSum]
    by_cause: list[LossSum]
    by_crew: list[LossSum]
    by_month: list[tuple[date, LossSum]]
    waiting: int = 0
    contested: int = 0

    @property
    def recurring(self) -> list[LossSum]:
        """Causes that come back, the dearest first."""
        return [one for one in self.by_cause if one.count >= RECURS_FROM]


def losses_of(project: Project, actor: Person, at: datetime) -> Losses:
    """Return what a project lost in idle hours and rework, as far as `actor` may see it; two statements."""
    rows = losses_listed(project, actor, at)
    total = LossSum("")
    groups: list[dict[object, LossSum]] = [{}, {}, {}, {}]
    for claim in rows.filter(item__state=AGREED):
        heads: tuple[tuple[object, str], ...] = (
            (claim.kind, str(LossKind(claim.kind).label)),
            ((claim.cause, claim.own_cause_id), cause_words(claim.cause, claim.own_cause)),
            (claim.crew, claim.crew),
            (claim.happened_on.replace(day=1), ""),
        )
        for sums in (
            total,
            *(group.setdefault(key, LossSum(word)) for group, (key, word) in zip(groups, heads, strict=True)),
        ):
            sums.count += 1
            sums.hours += claim.hours
            sums.fen += claim.fen
    by_kind, by_cause, by_crew, months = groups
    states = dict(rows.order_by().values_list("item__state").annotate(n=Count("pk")))
    return Losses(
        total, _dearest(by_kind.values()), _dearest(by_cause.values()), _dearest(by_crew.values()),
        sorted(((month, sums) for month, sums in months.items() if isinstance(month, date)), key=lambda one: one[0]),
        states.get("recorded", 0), states.get("contested", 0),
    )  # fmt: skip


def losses_listed(
    project: Project, actor: Person, at: datetime, *, state: str = "", kind: str = "", words: str = ""
) -> QuerySet[IdleClaim]:
    """Return the idle and rework records of a project that `actor` may see, the latest first."""
    seen = SEE_ITEM.narrow(actor, WorkItem.objects.filter(kind="loss", project=project), at=at).order_by()
    rows = IdleClaim.objects.filter(project=project, item__in=seen.values("pk"))
    if state:
        rows = rows.filter(item__state=state)
    if kind in LossKind.values:
        rows = rows.filter(kind=kind)
    if words:
        rows = rows.filter(Q(crew__icontains=words) | Q(item__title__icontains=words))
    related = ("item__owner", "item__raised_by", "own_cause", "crew_unit", "answers_unit", "process")
    return rows.select_related(*related).order_by("-happened_on", "-pk")


def agreed_losses(projects: Collection[int]) -> dict[int, tuple[Decimal, int]]:
    """Return the agreed man-hours and fen of each project; one statement."""
    rows = IdleClaim.objects.filter(project__in=list(projects), item__state=AGREED).order_by()
    sums = rows.values("project_id").annotate(all_hours=Sum("hours"), all_fen=Sum("fen"))
    return {row["project_id"]: (row["all_hours"], row["all_fen"]) for row in sums}


@dataclass(frozen=True, slots=True)
class ApprovalLine:
    """An approval with its days: `stage_days` at the present stage, `all_days` since it was submitted."""

    approval: OutsideApproval
    stages: list[ApprovalStage] = field(default_factory=list)
    stage: ApprovalStage | None = None
    stage_days: int = 0
    all_days: int = 0
    is_overdue: bool = False

    @property
    def stage_title(self) -> str:
        return self.stage.title if self.stage is not None else ""

    @property
    def kind_words(self) -> str:
        return str(ApprovalKind(self.approval.kind).label)


def approvals_of(
    project: Project, actor: Person, at: datetime, *, state: str = "", kind: str = ""
) -> list[ApprovalLine]:
    """Return the register of a project, what is open first; two statements."""
    seen = SEE_ITEM.narrow(actor, WorkItem.objects.filter(kind="outside_approval", project=project), at=at).order_by()
    rows = OutsideApproval.objects.filter(item__in=seen.values("pk"))
    if state == "open":
        rows = rows.filter(item__closed_at=None)
    elif state:
        rows = rows.filter(item__state=state)
    if kind in ApprovalKind.values:
        rows = rows.filter(kind=kind)
    stages = Prefetch("stages", ApprovalStage.objects.order_by("number"))
    rows = rows.select_related("item__owner", "project").prefetch_related(stages)
    ordered = rows.order_by(F("item__closed_at").desc(nulls_first=True), F("expected_on").asc(nulls_last=True), "pk")
    return [line_of(approval, local_day(at)) for approval in ordered]


def line_of(approval: OutsideApproval, today: date) -> ApprovalLine:
    """Return an approval with its days as they stand on `today`."""
    stages = list(approval.stages.all())
    running = next((one for one in stages if one.began_on is not None and one.ended_on is None), None)
    is_open = approval.item.closed_at is None
    is_waiting = is_open and approval.item.state == "submitted"
    return ApprovalLine(
        approval, stages, running if is_open else None,
        days_waiting(running.began_on, None, today) if running is not None and is_waiting else 0,
        days_waiting(approval.submitted_on, approval.got_on, today)
        if is_waiting or approval.got_on is not None else 0,
        is_open and approval.expected_on is not None and approval.expected_on < today,
    )  # fmt: skip


def open_approvals(projects: Collection[int], today: date) -> dict[int, tuple[int, int]]:
    """Return for each project how many approvals are open, and how many of them are past the day they were expected."""
    rows = OutsideApproval.objects.filter(project__in=list(projects), item__closed_at=None).order_by()
    counted = rows.values("project_id").annotate(n=Count("pk"), late=Count("pk", filter=Q(expected_on__lt=today)))
    return {row["project_id"]: (row["n"], row["late"]) for row in counted}


@dataclass(frozen=True, slots=True)
class Counter:
    """Days without, how many there were, and the last one."""

    kind: IncidentKind
    days: int | None
    count: int
    last_on: date | None


def counters_of(projects: Iterable[Project], today: date) -> dict[int, list[Counter]]:
    """Return the counters of each project, accidents first; one statement."""
    wanted = list(projects)
    days: dict[tuple[int, str], list[date]] = {}
    rows = Incident.objects.filter(project__in=wanted, withdrawn_at=None).order_by("happened_on", "pk")
    for project_id, kind, happened_on in rows.values_list("project_id", "kind", "happened_on"):
        days.setdefault((project_id, kind), []).append(happened_on)
    return {
        project.pk: [
            _counter(kind, days.get((project.pk, kind.value), []), project.started_on, project.completed_on, today)
            for kind in IncidentKind
        ]
        for project in wanted
    }


def counters_together(projects: Iterable[Project], today: date) -> list[Counter]:
    """Return the counters of several projects as one, as a zone shows them: free since the last incident in any of them."""
    wanted = list(projects)
    begun = [project.started_on for project in wanted if project.started_on is not None]
    ends = [project.completed_on for project in wanted if project.started_on is not None]
    until = None if None in ends else max((day for day in ends if day is not None), default=None)
    found: dict[str, list[date]] = {}
    rows = Incident.objects.filter(project__in=wanted, withdrawn_at=None).order_by("happened_on", "pk")
    for kind, happened_on in rows.values_list("kind", "happened_on"):
        found.setdefault(kind, []).append(happened_on)
    return [_counter(kind, found.get(kind.value, []), min(begun, default=None), until, today) for kind in IncidentKind]


def incidents_of(project: Project) -> QuerySet[Incident]:
    """Return the incidents of a project, the latest first, withdrawn ones too."""
    rows = Incident.objects.filter(project=project).select_related("recorded_by", "withdrawn_by", "project")
    return rows.order_by("-happened_on", "-pk")


def _counter(kind: IncidentKind, days: list[date], begun: date | None, until: date | None, today: date) -> Counter:
    return Counter(kind, free_days(begun, days, today, until=until), len(days), max(days, default=None))


def _dearest(sums: Iterable[LossSum]) -> list[LossSum]:
    return sorted(sums, key=lambda one: (-one.fen, -one.hours, one.title))
