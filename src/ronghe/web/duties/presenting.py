"""A sheet as its page shows it: the matrix cut to what was asked for, gaps with the act that closes each, whose word waits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone

from ronghe.domain.agreements.models import Agreement
from ronghe.domain.agreements.rules import SEE_AGREEMENT
from ronghe.domain.duties.calc.shares import SIDES, Share
from ronghe.domain.duties.calc.words import FieldDiff, RowDiff
from ronghe.domain.duties.enums import AcceptState, GapKind, Part, RowKind, RowSource, Standing
from ronghe.domain.duties.models import DutySheet
from ronghe.domain.duties.rules import SPEAK_FOR_UNIT
from ronghe.domain.duties.selectors.accepting import Acceptance
from ronghe.domain.duties.selectors.gaps import Gap
from ronghe.domain.duties.selectors.reading import SheetRow
from ronghe.domain.duties.selectors.sheets import DutyView, sheets_seen_by
from ronghe.domain.duties.selectors.standing import Record
from ronghe.domain.items.models import WorkItem
from ronghe.domain.items.rules import SEE_ITEM
from ronghe.domain.org.models import Person
from ronghe.domain.taskforces.models import DifficultPoint
from ronghe.domain.taskforces.rules import SEE_POINT
from ronghe.domain.work.models import Task
from ronghe.domain.work.rules import SEE_TASK
from ronghe.domain.zones.enums import SheetSide
from ronghe.kernel.words import N_, _
from ronghe.web.items.presenting import page_of as item_page
from ronghe.web.paging import number_of
from ronghe.web.requests import actor_of

VIEWS = [("all", N_("全部")), ("ours", N_("我方")), ("shared", N_("共担"))]
SHAPES = {
    Standing.NONE: "upcoming",
    Standing.WAITING: "attention",
    Standing.DUE: "running",
    Standing.DONE: "done",
    Standing.OVERDUE: "failed",
}
ACCEPT_SHAPES = {
    AcceptState.NOTHING: "waived",
    AcceptState.WAITING: "due",
    AcceptState.AGREED: "done",
    AcceptState.VOID: "attention",
    AcceptState.OBJECTED: "failed",
}
FIELD_WORDS = {"title": N_("事项"), "text": N_("职责"), "when": N_("时限"), "basis": N_("依据")}


@dataclass(frozen=True, slots=True)
class ShownRow:
    """A row of the matrix: its cells in the order of the sides, where it leads, and what may be done with it."""

    row: SheetRow
    cells: list[tuple[SheetSide, Share | None, str]]
    record: Record
    shape: str
    href: str
    task: str
    is_lacking: bool


@dataclass(frozen=True, slots=True)
class ShownGap:
    gap: Gap
    side: str
    act: str
    href: str
    drops: bool


@dataclass(frozen=True, slots=True)
class ShownSide:
    """A unit on a side: where it stands, and whether the reader speaks for it now."""

    one: Acceptance
    side: SheetSide
    shape: str
    reason: str
    party: int | None
    digest: str


def seen_sheet(request: HttpRequest, pk: int) -> DutySheet:
    """Return the sheet, where the reader may see it; else there is no such page."""
    found: DutySheet = get_object_or_404(sheets_seen_by(actor_of(request), timezone.now()), pk=pk)
    return found


def narrowed(view: DutyView, request: HttpRequest) -> list[SheetRow]:
    """Return the rows that the query string leaves: `view`, `side`, `kind`, `state`, `project`, `gaps` and `q`."""
    asked = request.GET
    rows = list(view.rows)
    if asked.get("view") == "ours":
        rows = [row for row in rows if not view.mine.isdisjoint(row.shares)]
    elif asked.get("view") == "shared":
        rows = [row for row in rows if row.is_shared]
    if (side := asked.get("side", "")) in SIDES:
        rows = [row for row in rows if side in row.shares]
    if (kind := asked.get("kind", "")) in RowKind.values:
        rows = [row for row in rows if row.kind == kind]
    if (state := asked.get("state", "")) in Standing.values:
        rows = [row for row in rows if view.records[row.row.pk].standing == state]
    if (project := number_of(asked.get("project"))) is not None:
        rows = [row for row in rows if row.project is not None and row.project.pk == project]
    if asked.get("gaps"):
        lacking = {gap.row.row.pk for gap in view.gaps}
        rows = [row for row in rows if row.row.pk in lacking]
    if words := asked.get("q", "").strip():
        rows = [row for row in rows if _holds(row, words)]
    return rows


def shown_rows(rows: Sequence[SheetRow], view: DutyView, actor: Person, now: datetime) -> list[ShownRow]:
    """Return the rows with links to where each lives, as far as the reader may go there; four statements."""
    links, tasks = _links(rows, actor, now), _tasks(view, actor, now)
    lacking = {gap.row.row.pk for gap in view.gaps}
    return [
        ShownRow(
            row, cells_of(row.shares), record := view.records[row.row.pk], SHAPES[record.standing], links.get(row.row.pk, ""),
            tasks.get(record.task.pk, "") if record.task is not None else "", row.row.pk in lacking,
        )
        for row in rows
    ]  # fmt: skip


def shown_gaps(view: DutyView, actor: Person, now: datetime) -> list[ShownGap]:
    """Return the gaps with the act that closes each: name somebody, let a unit take part, or drop the row."""
    links = _links([gap.row for gap in view.gaps], actor, now)
    return [_gap(gap, view, links) for gap in view.gaps]


def shown_sides(view: DutyView, actor: Person, now: datetime) -> list[ShownSide]:
    """Return the units by side; `party` and `digest` where the reader may speak for one."""
    found = []
    for one in view.acceptances:
        digest = view.issued_digest(one.side)
        waits = bool(digest) and digest == view.digests[one.side]
        party = next((party for party in one.parties if SPEAK_FOR_UNIT.allows(actor, party, at=now)), None)
        reason = _("第 %(rows)s 条改了") % {"rows": _("、").join(f"{diff.row.number}" for diff in one.changed)}
        found.append(
            ShownSide(
                one, SheetSide(one.side), ACCEPT_SHAPES[one.state], reason if one.changed else "",
                party.pk if waits and party is not None else None, digest,
            )
        )  # fmt: skip
    return found


def said_in(diffs: Sequence[RowDiff]) -> list[tuple[RowDiff, list[tuple[str, str, str]]]]:
    """Return each difference with its fields in words: what it is, before, after."""
    return [(diff, [_field(one) for one in diff.fields]) for diff in diffs]


def cells_of(shares: Mapping[str, Share]) -> list[tuple[SheetSide, Share | None, str]]:
    """Return a cell for each side, with its part in words."""
    return [(SheetSide(side), shares.get(side), _part(shares.get(side))) for side in SIDES]


def _holds(row: SheetRow, words: str) -> bool:
    texts = (row.title, row.text, row.basis, *(share.name for share in row.shares.values()))
    return any(words in text for text in texts)


def _part(share: Share | None) -> str:
    return str(Part(share.part).label) if share is not None else ""


def _field(one: FieldDiff) -> tuple[str, str, str]:
    if one.field in FIELD_WORDS:
        return _(FIELD_WORDS[one.field]), str(one.before or "—"), str(one.after or "—")
    return str(SheetSide(one.field).label), _cell(one.before), _cell(one.after)


def _cell(share: str | Share | None) -> str:
    return f"{_part(share)} {share.name}".strip() if isinstance(share, Share) else "—"


def _gap(gap: Gap, view: DutyView, links: dict[int, str]) -> ShownGap:
    side = str(SheetSide(gap.side).label) if gap.side else ""
    row, sheet = gap.row, view.sheet
    if gap.kind is GapKind.NO_UNIT:
        return ShownGap(gap, side, _("请单位进协作区"), reverse("web:zone_people", args=[sheet.zone_id]), drops=False)
    if gap.kind is GapKind.SOURCE_OVER:
        return ShownGap(gap, side, _("移出清单"), reverse("web:duty_row_drop", args=[sheet.pk, row.row.pk]), drops=True)
    if gap.side in row.held and row.source in (RowSource.ITEM, RowSource.POINT):
        return ShownGap(gap, side, _("到来处换人"), links.get(row.row.pk, ""), drops=False)
    act = _("定主责") if gap.kind is GapKind.NO_LEAD else _("定人")
    return ShownGap(gap, side, act, reverse("web:duty_row", args=[sheet.pk, row.row.pk]), drops=False)


def _links(rows: Sequence[SheetRow], actor: Person, now: datetime) -> dict[int, str]:
    """Return for each row the page where it lives, by the row's id; left out where the reader may not open it."""
    agreements = {row.row.agreement_id for row in rows if row.row.agreement_id}
    points = {row.row.point_id for row in rows if row.row.point_id}
    items = {row.row.item_id for row in rows if row.row.item_id}
    papers = set(_keys(SEE_AGREEMENT.narrow(actor, Agreement.objects.filter(pk__in=agreements), at=now)))
    hard = set(_keys(SEE_POINT.narrow(actor, DifficultPoint.objects.filter(pk__in=points), at=now)))
    open_ = set(_keys(SEE_ITEM.narrow(actor, WorkItem.objects.filter(pk__in=items), at=now)))
    found = {}
    for row in rows:
        if row.row.agreement_id in papers:
            found[row.row.pk] = reverse("web:agreement_detail", args=[row.row.agreement_id])
        elif row.row.point is not None and row.row.point_id in hard:
            found[row.row.pk] = reverse("web:taskforce_detail", args=[row.row.point.task_force_id])
        elif row.row.item is not None and row.row.item_id in open_:
            found[row.row.pk] = item_page(row.row.item)
    return found


def _tasks(view: DutyView, actor: Person, now: datetime) -> dict[int, str]:
    given = [record.task.pk for record in view.records.values() if record.task is not None]
    seen = _keys(SEE_TASK.narrow(actor, Task.objects.filter(pk__in=given), at=now))
    return {pk: reverse("web:task_detail", args=[pk]) for pk in seen}


def _keys(rows: Any) -> list[int]:
    return list(rows.order_by().values_list("pk", flat=True))
