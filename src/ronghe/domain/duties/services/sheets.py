"""A sheet is opened for a zone, gathers rows from where they live, and lets one go again."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Max, Q

from ronghe.domain.duties.enums import RowSource
from ronghe.domain.duties.facts import ROW_DROPPED, ROWS_GATHERED, SHEET_OPENED
from ronghe.domain.duties.models import DutyRow, DutySheet
from ronghe.domain.duties.selectors.candidates import Candidate, candidates_of
from ronghe.domain.org.models import Person
from ronghe.domain.zones.models import CollaborationZone
from ronghe.domain.zones.rules import KEEP_SHEET
from ronghe.domain.zones.services.parties import refuse_over
from ronghe.kernel.errors import DomainError, Stale
from ronghe.kernel.facts.kinds import FactKind
from ronghe.kernel.facts.record import Draft, record
from ronghe.kernel.words import N_

COLUMN_OF = {
    RowSource.LINE: "line_id",
    RowSource.CLAUSE: "agreement_id",
    RowSource.POINT: "point_id",
    RowSource.ITEM: "item_id",
}


class SheetThere(DomainError):
    code = "duties_sheet_there"
    sentence = N_("“%(zone)s”已有四方责任清单，请在那张上收条目。")


class NothingToGather(DomainError):
    code = "duties_nothing_to_gather"
    sentence = N_("没有选中可以收进来的条目：可能已在清单里，或者已经停用。请刷新后再选。")
    status = 422


@transaction.atomic
def open_sheet(*, zone: CollaborationZone, actor: Person, at: datetime) -> DutySheet:
    """Open the zone's sheet with every line of its responsibility sheet that holds (D9).

    :raises NotAllowed: the actor keeps no sheet there
    :raises ZoneOver: the zone is dissolved or withdrawn
    :raises SheetThere: it has one
    """
    KEEP_SHEET.require(actor, zone, at=at)
    refuse_over(zone)
    try:
        with transaction.atomic():
            sheet = DutySheet.objects.create(zone=zone, opened_by=actor, opened_at=at)
    except IntegrityError as error:
        raise SheetThere(zone=zone.name) from error
    lines = [one for one in candidates_of(sheet, actor, at) if one.source is RowSource.LINE]
    rows = [_take_in(sheet, one, number, actor, at) for number, one in enumerate(lines, 1)]
    tell(sheet, SHEET_OPENED, actor, at, rows=len(rows))
    return sheet


@transaction.atomic
def gather_rows(*, sheet: DutySheet, keys: Collection[str], actor: Person, at: datetime) -> list[DutyRow]:
    """Take records that were offered (`Candidate.key`) onto the sheet; one that was dropped comes back as it was.

    :raises NothingToGather: none of them is offered any more
    """
    KEEP_SHEET.require(actor, sheet.zone, at=at)
    refuse_over(sheet.zone)
    hold(sheet)
    wanted = [one for one in candidates_of(sheet, actor, at) if one.key in keys]
    if not wanted:
        raise NothingToGather
    number = next_number(sheet)
    rows = [_take_in(sheet, one, number + place, actor, at) for place, one in enumerate(wanted)]
    for source in RowSource:
        if count := sum(one.source is source for one in wanted):
            tell(sheet, ROWS_GATHERED, actor, at, source=source.value, rows=count)
    return rows


@transaction.atomic
def drop_row(*, row: DutyRow, actor: Person, at: datetime) -> None:
    """Take a row off the sheet; what it is about stays where it lives, and can be gathered again.

    :raises Stale: it was dropped meanwhile
    """
    sheet = row.sheet
    KEEP_SHEET.require(actor, sheet.zone, at=at)
    refuse_over(sheet.zone)
    hold(sheet)
    if not DutyRow.objects.filter(pk=row.pk, dropped_at=None).update(dropped_at=at):
        raise Stale
    row.dropped_at = at
    tell(sheet, ROW_DROPPED, actor, at, source=source_of(row).value)


def source_of(row: DutyRow) -> RowSource:
    """Return where a row lives."""
    return next(source for source, column in COLUMN_OF.items() if getattr(row, column) is not None)


def hold(sheet: DutySheet) -> DutySheet:
    """Hold the sheet's row, so that two who write at once come one after another; return it as it is now."""
    found = DutySheet.objects.select_for_update().get(pk=sheet.pk)
    sheet.version, sheet.issued_at = found.version, found.issued_at
    return sheet


def next_number(sheet: DutySheet) -> int:
    """Return the first number that no row of the sheet ever had; the sheet is held."""
    return (sheet.rows.aggregate(last=Max("number"))["last"] or 0) + 1


def tell(sheet: DutySheet, kind: FactKind, actor: Person, at: datetime, **attributes: object) -> None:
    zone = sheet.zone
    record(
        Draft(kind, at, actor, body=zone.body_id or zone.sponsor_id, zone=zone.pk, attributes=attributes, source=sheet)
    )


def _take_in(sheet: DutySheet, one: Candidate, number: int, actor: Person, at: datetime) -> DutyRow:
    place = {COLUMN_OF[one.source]: one.pk, "section": one.section}
    dropped = DutyRow.objects.filter(Q(**place), sheet=sheet, dropped_at__isnull=False).order_by("-pk").first()
    if dropped is not None:
        dropped.dropped_at = None
        dropped.save(update_fields=["dropped_at"])
        return dropped
    return DutyRow.objects.create(sheet=sheet, number=number, added_by=actor, added_at=at, **place)
