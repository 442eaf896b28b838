"""Sheets as an actor may see them, and one whole: its rows cut to the reader's side, gaps, records, versions and words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import Q, QuerySet

from ronghe.domain.duties.calc.shares import SIDES
from ronghe.domain.duties.calc.words import RowDiff, RowWords, differences, read, side_digests
from ronghe.domain.duties.enums import AcceptState, Standing
from ronghe.domain.duties.models import DutyRow, DutySheet, DutyVersion
from ronghe.domain.duties.rules import SEE_SHEET
from ronghe.domain.duties.selectors.accepting import Acceptance, acceptances_of
from ronghe.domain.duties.selectors.gaps import Gap, gaps_of
from ronghe.domain.duties.selectors.reading import SheetRow, rows_of
from ronghe.domain.duties.selectors.standing import NOTHING, Record, records_of
from ronghe.domain.org.models import Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.zones.enums import FOUNDING, LIVING
from ronghe.domain.zones.models import CollaborationZone
from ronghe.domain.zones.rules import KEEP_SHEET
from ronghe.domain.zones.selectors import participating_units
from ronghe.domain.zones.selectors.sides import is_read_by, sides_held, sides_to_read
from ronghe.kernel.access.listing import Listed, list_seen


@dataclass(frozen=True, slots=True)
class DutyView:
    """A sheet as one person reads it at one moment.

    `rows` and `gaps` are cut to the reader's side and what is shared; `mine` are the sides the reader stands on, `is_whole`
    says that nothing was cut. `changed` are the differences from the latest version, cut likewise.
    """

    sheet: DutySheet
    rows: Sequence[SheetRow]
    gaps: Sequence[Gap]
    records: dict[int, Record]
    acceptances: Sequence[Acceptance]
    versions: Sequence[DutyVersion]
    changed: Sequence[RowDiff]
    mine: frozenset[str]
    is_whole: bool
    digests: dict[str, str]
    may_keep: bool

    @property
    def latest(self) -> DutyVersion | None:
        return self.versions[0] if self.versions else None

    def issued_digest(self, side: str) -> str:
        """Return the digest of a side's rows in the latest version, empty where it has none."""
        if self.latest is None:
            return ""
        return next((one.digest for one in self.latest.sides.all() if one.side == side), "")

    def count(self, standing: Standing) -> int:
        return sum(self.records[row.row.pk].standing == standing for row in self.rows)


def sheets_seen_by(actor: Person, at: datetime) -> QuerySet[DutySheet]:
    """Return the sheets that `actor` may see, the newest first: to be cut to one or a few."""
    rows = SEE_SHEET.narrow(actor, DutySheet.objects.all(), at=at, walk=True)
    return rows.select_related("zone__sponsor", "zone__body").order_by("-opened_at", "-pk")


def list_sheets(
    actor: Person, at: datetime, *, words: str = "", running: bool = False, page: int = 1, size: int = 20
) -> Listed[DutySheet]:
    """Return one page of the sheets that `actor` may see, the newest first; `words` occur in the zone's name or a project's."""
    rows = DutySheet.objects.select_related("zone__sponsor", "zone__body")
    if words:
        rows = rows.filter(Q(zone__name__icontains=words) | Q(zone__projects__name__icontains=words)).distinct()
    if running:
        rows = rows.filter(zone__state__in=sorted(FOUNDING | LIVING))
    return list_seen(SEE_SHEET, actor, rows, order_by=("-opened_at",), at=at, page=page, size=size)


def zones_to_open(actor: Person, at: datetime) -> QuerySet[CollaborationZone]:
    """Return the zones without a sheet for which `actor` may open one, by name."""
    rows = CollaborationZone.objects.filter(state__in=sorted(FOUNDING | LIVING), duty_sheet=None)
    return KEEP_SHEET.narrow(actor, rows, at=at).order_by("name", "pk")


def view_of(sheet: DutySheet, actor: Person, at: datetime) -> DutyView:
    """Return the sheet as `actor` reads it; as many statements whatever its length."""
    zone, day = sheet.zone, local_day(at)
    rows = rows_of(sheet, day)
    parties = list(participating_units(zone, day))
    versions = versions_of(sheet)
    words = [row.words for row in rows]
    digests = side_digests(words)
    acceptances = acceptances_of(sheet, versions, parties, words, digests)
    reads = sides_to_read(actor, zone, at)
    shown = [row for row in rows if is_read_by(row.shares, reads)]
    keys = {row.row.pk for row in shown}
    changed = differences(read(versions[0].words), words) if versions else []
    return DutyView(
        sheet=sheet,
        rows=shown,
        gaps=[gap for gap in gaps_of(rows, zone, parties, day) if gap.row.row.pk in keys],
        records=_records(shown, sheet, acceptances, at),
        acceptances=acceptances,
        versions=versions,
        changed=[diff for diff in changed if _reads(diff.row, reads)],
        mine=reads if reads is not None else sides_held(actor, zone, at),
        is_whole=reads is None,
        digests=digests,
        may_keep=KEEP_SHEET.allows(actor, zone, at=at) and zone.state in FOUNDING | LIVING,
    )


def versions_of(sheet: DutySheet) -> list[DutyVersion]:
    """Return every version, the latest first."""
    rows = DutyVersion.objects.filter(sheet=sheet).select_related("issued_by").prefetch_related("sides")
    return list(rows.order_by("-number"))


def version_seen(
    sheet: DutySheet, number: int, actor: Person, at: datetime
) -> tuple[DutyVersion, list[RowWords], list[RowDiff]] | None:
    """Return a version with its rows and what it changed, cut to what `actor` reads; `None` where there is none."""
    found = {version.number: version for version in DutyVersion.objects.filter(sheet=sheet, number__in=(number, number - 1))
             .select_related("issued_by").order_by("number")}  # fmt: skip
    if number not in found:
        return None
    reads = sides_to_read(actor, sheet.zone, at)
    rows = read(found[number].words)
    before = read(found[number - 1].words) if number - 1 in found else []
    changes = [diff for diff in differences(before, rows) if _reads(diff.row, reads)]
    return found[number], [row for row in rows if is_read_by(row.shares, reads)], changes


def row_seen(sheet: DutySheet, pk: int, actor: Person, at: datetime) -> SheetRow | None:
    """Return a row that holds and that `actor` reads."""
    found = next(iter(rows_of(sheet, local_day(at), only=pk)), None)
    return found if found is not None and is_read_by(found.shares, sides_to_read(actor, sheet.zone, at)) else None


def row_counts(sheets: Sequence[DutySheet]) -> dict[int, int]:
    """Return how many rows each sheet has; one statement."""
    counts = {sheet.pk: 0 for sheet in sheets}
    for pk in (
        DutyRow.objects.filter(sheet__in=counts, dropped_at=None).order_by("pk").values_list("sheet_id", flat=True)
    ):
        counts[pk] += 1
    return counts


def _records(
    rows: Sequence[SheetRow], sheet: DutySheet, acceptances: Sequence[Acceptance], at: datetime
) -> dict[int, Record]:
    """A row that owes tasks and has none waits for its leading side's word, without which no task is given."""
    found = dict(records_of(rows, sheet.zone, at))
    agreed = {side for side in SIDES if side_agreed(acceptances, side)}
    for row in rows:
        waits = row.owes_tasks and found[row.row.pk] is NOTHING and row.lead not in agreed
        if waits and sheet.version:
            found[row.row.pk] = replace(NOTHING, standing=Standing.WAITING)
    return found


def side_agreed(acceptances: Sequence[Acceptance], side: str) -> bool:
    """Tell whether every unit of a side agreed to its rows as they read now; a side without a unit did not."""
    mine = [one for one in acceptances if one.side == side]
    return bool(mine) and all(one.state is AcceptState.AGREED for one in mine)


def _reads(row: RowWords, reads: frozenset[str] | None) -> bool:
    return is_read_by(row.shares, reads)
