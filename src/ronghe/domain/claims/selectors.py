"""Sheets as an actor may see them: the list, one with its tasks by difficult point, who has signed and who has not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Count, F, Q, QuerySet

from ronghe.domain.claims.enums import SheetState
from ronghe.domain.claims.models import ClaimLine, ClaimSheet, SheetSignature, SheetVersion
from ronghe.domain.claims.rules import CLAIM, DRAW_UP, SEE_SHEET, SIGN_FOR_BODY
from ronghe.domain.items.models import ItemPledge, WorkItem
from ronghe.domain.org.models import PartyOrg, Person
from ronghe.domain.taskforces.enums import OPEN_POINTS, ForceState
from ronghe.domain.taskforces.models import DifficultPoint, ForceSide, TaskForce
from ronghe.kernel.access.listing import Listed, list_seen

RUNNING = Q(closed_at=None)


@dataclass(frozen=True, slots=True)
class Counts:
    """How many tasks of a sheet stand where."""

    accepted: int = 0
    running: int = 0
    submitted: int = 0
    overdue: int = 0
    unclaimed: int = 0

    @property
    def total(self) -> int:
        return self.accepted + self.running + self.submitted + self.unclaimed


@dataclass(slots=True)
class PointTasks:
    """A difficult point (none for what belongs to no point) with the tasks that it was split into."""

    point: DifficultPoint | None
    lines: list[ClaimLine] = field(default_factory=list)

    @property
    def accepted(self) -> int:
        return sum(line.item.state == "accepted" for line in self.lines)

    @property
    def overdue(self) -> int:
        return sum(getattr(line, "is_overdue", False) for line in self.lines)


@dataclass(frozen=True, slots=True)
class SideSignature:
    """A side of a sheet and its signature under the latest version; `None` where it has not signed."""

    body: PartyOrg
    signature: SheetSignature | None


@dataclass(frozen=True, slots=True)
class SheetView:
    """A sheet with its tasks; seven statements whatever its length."""

    sheet: ClaimSheet
    points: list[PointTasks]
    counts: Counts
    versions: list[SheetVersion]
    sides: list[SideSignature]
    pledged: dict[int, ItemPledge]
    """The latest pledge by task."""

    @property
    def lines(self) -> list[ClaimLine]:
        return [line for point in self.points for line in point.lines]


def sheets_seen_by(actor: Person, at: datetime) -> QuerySet[ClaimSheet]:
    """Return the sheets that `actor` may see, the newest first: to be cut to one or a few."""
    rows = SEE_SHEET.narrow(actor, ClaimSheet.objects.all(), at=at, walk=True)
    return rows.select_related("body", "force", "zone", "project").order_by("-drawn_up_at", "-pk")


def list_sheets(
    actor: Person, at: datetime, *, filters: Q | None = None, page: int = 1, size: int = 20
) -> Listed[ClaimSheet]:
    """Return one page of the sheets that `actor` may see, the newest first."""
    rows = ClaimSheet.objects.filter(filters or Q()).select_related("body", "force", "zone", "project", "drawn_up_by")
    return list_seen(SEE_SHEET, actor, rows, order_by=("-drawn_up_at",), at=at, page=page, size=size)


def counts_of(sheets: Sequence[ClaimSheet], now: datetime) -> dict[int, Counts]:
    """Return the counts of several sheets by their id; one statement."""
    rows = ClaimLine.objects.filter(sheet__in=[sheet.pk for sheet in sheets]).values("sheet_id")
    state = F("item__state")
    found = rows.annotate(
        state=state,
        of_state=Count("pk"),
        late=Count("pk", filter=Q(item__closed_at=None, item__due_at__lt=now)),
    ).values_list("sheet_id", "state", "of_state", "late")
    by_sheet: dict[int, dict[str, int]] = {}
    for sheet_id, code, number, late in found:
        counts = by_sheet.setdefault(sheet_id, {})
        name = _COUNTED_AS.get(code)
        if name is not None:
            counts[name] = counts.get(name, 0) + number
        counts["overdue"] = counts.get("overdue", 0) + late
    return {sheet.pk: Counts(**by_sheet.get(sheet.pk, {})) for sheet in sheets}


def view_of(sheet: ClaimSheet, now: datetime) -> SheetView:
    """Return a sheet with everything that its page and its paper show."""
    rows = sheet.lines.select_related("item__owner", "item__body", "point").order_by("point__number", "number")
    points: dict[int | None, PointTasks] = {}
    for line in rows:
        line.is_overdue = line.item.is_overdue(now)  # type: ignore[attr-defined]
        points.setdefault(line.point_id, PointTasks(line.point)).lines.append(line)
    versions = list(sheet.versions.select_related("published_by").order_by("-number"))
    pledges = ItemPledge.objects.filter(item__claim_line__sheet=sheet).select_related("person").order_by("signed_at")
    return SheetView(
        sheet=sheet,
        points=sorted(points.values(), key=lambda one: (one.point is None, one.point.number if one.point else 0)),
        counts=counts_of([sheet], now)[sheet.pk],
        versions=versions,
        sides=_sides(sheet, versions[0] if versions else None),
        pledged={pledge.item_id: pledge for pledge in pledges},
    )


def sides_of(sheet: ClaimSheet) -> list[PartyOrg]:
    """Return the bodies that sign a sheet: the sides of its task force, else the body that answers for it."""
    if sheet.force_id is not None:
        sides = ForceSide.objects.filter(task_force=sheet.force_id).select_related("body").order_by("pk")
        return [side.body for side in sides]
    return [sheet.body]


def sheets_to_sign(actor: Person, at: datetime) -> QuerySet[ClaimSheet]:
    """Return the published sheets whose latest version waits for `actor`'s signature, the longest waiting first."""
    mine = SIGN_FOR_BODY.narrow(actor, PartyOrg.objects.all(), at=at).order_by().values("pk")
    signed = SheetSignature.objects.filter(body__in=mine, version__number=F("version__sheet__version")).order_by()
    rows = ClaimSheet.objects.filter(state=SheetState.PUBLISHED)
    rows = rows.filter(Q(force__sides__body__in=mine) | Q(force=None, body__in=mine))
    waiting = rows.exclude(pk__in=signed.values("version__sheet_id")).distinct()
    return waiting.select_related("body", "force").order_by("published_at", "pk")


def claimable_by(actor: Person, at: datetime) -> QuerySet[WorkItem]:
    """Return the published tasks that `actor` may claim, the soonest deadline first."""
    rows = WorkItem.objects.filter(kind="claim", state="published")
    return CLAIM.narrow(actor, rows, at=at).select_related("body", "force").order_by("due_at", "pk")


def forces_to_split(actor: Person, at: datetime) -> QuerySet[TaskForce]:
    """Return the running task forces without an open sheet for which `actor` may draw one up."""
    bodies = DRAW_UP.narrow(actor, PartyOrg.objects.filter(valid_until=None), at=at).order_by().values("pk")
    taken = ClaimSheet.objects.exclude(state=SheetState.CLOSED).filter(force__isnull=False).values("force_id")
    rows = TaskForce.objects.filter(state=ForceState.UNDER_WAY, body__in=bodies).exclude(pk__in=taken)
    return rows.select_related("project", "body").order_by("name", "pk")


def bodies_to_split(actor: Person, at: datetime) -> QuerySet[PartyOrg]:
    """Return the bodies for which `actor` may draw up a sheet."""
    return DRAW_UP.narrow(actor, PartyOrg.objects.filter(valid_until=None), at=at).order_by("name", "pk")


def points_without_task(sheet: ClaimSheet) -> QuerySet[DifficultPoint]:
    """Return the open difficult points of the sheet's task force that no task of the sheet is about."""
    if sheet.force_id is None:
        return DifficultPoint.objects.none()
    points = DifficultPoint.objects.filter(task_force=sheet.force_id, state__in=sorted(OPEN_POINTS))
    return points.exclude(claim_lines__sheet=sheet).order_by("number", "pk")


def sheet_of(item: WorkItem) -> ClaimSheet | None:
    """Return the sheet that a task stands on, `None` where it stands alone."""
    line = ClaimLine.objects.filter(item=item).select_related("sheet").first()
    return line.sheet if line is not None else None


def _sides(sheet: ClaimSheet, latest: SheetVersion | None) -> list[SideSignature]:
    signed: dict[int, SheetSignature] = {}
    if latest is not None:
        signed = {row.body_id: row for row in latest.signatures.select_related("person")}
    return [SideSignature(body, signed.get(body.pk)) for body in sides_of(sheet)]


_COUNTED_AS = {
    "accepted": "accepted",
    "claimed": "running",
    "running": "running",
    "submitted": "submitted",
    "draft": "unclaimed",
    "published": "unclaimed",
}
"""States of a task by what the sheet counts them as; what was withdrawn is not counted."""
