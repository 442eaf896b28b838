"""What a zone has elsewhere that is not on its sheet yet, as far as the keeper may see it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from ronghe.domain.agreements.enums import AgreementKind, AgreementState
from ronghe.domain.agreements.models import Agreement
from ronghe.domain.duties.enums import RowSource
from ronghe.domain.duties.models import DutyRow, DutySheet
from ronghe.domain.duties.selectors.reading import sections_of
from ronghe.domain.items.enums import Visibility
from ronghe.domain.items.models import WorkItem
from ronghe.domain.items.rules import SEE_ITEM, kind_of
from ronghe.domain.org.models import Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.taskforces.enums import OPEN_POINTS
from ronghe.domain.taskforces.models import DifficultPoint
from ronghe.domain.taskforces.rules import SEE_POINT
from ronghe.domain.zones.selectors import projects_of
from ronghe.kernel.words import _

MOST_ITEMS = 100
"""Items offered at once, the soonest deadline first; more are offered once these are on the sheet."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A record that may become a row. `key` names it in a form: `clause:12:measures`."""

    source: RowSource
    pk: int
    title: str
    note: str
    section: str = ""

    @property
    def key(self) -> str:
        return ":".join(filter(None, (self.source.value, f"{self.pk}", self.section)))


def candidates_of(sheet: DutySheet, actor: Person, at: datetime) -> list[Candidate]:
    """Return what may be gathered, by source; seven statements.

    Lines of the zone that hold, sections of its safety agreements in force, open difficult points of its task forces, open
    items of the zone or its projects. What only those involved may read is never offered: a row is read by four sides.
    """
    there = set(
        DutyRow.objects.filter(sheet=sheet, dropped_at=None).values_list(
            "line", "agreement", "section", "point", "item"
        )
    )
    projects = [row.project_id for row in projects_of(sheet.zone, local_day(at))]
    found = [*_lines(sheet), *_clauses(projects, at), *_points(sheet, projects, actor, at),
             *_items(sheet, projects, actor, at)]  # fmt: skip
    return [one for one in found if _place(one) not in there]


def _lines(sheet: DutySheet) -> list[Candidate]:
    rows = sheet.zone.responsibility_lines.filter(ended_on=None).order_by("pk")
    return [Candidate(RowSource.LINE, row.pk, row.matter, row.duty) for row in rows]


def _clauses(projects: Sequence[int], at: datetime) -> list[Candidate]:
    """What binds the sides of the zone is read by whoever keeps their sheet, as a side or not (PC-08)."""
    day = local_day(at)
    rows = Agreement.objects.filter(
        kind=AgreementKind.SAFETY, state=AgreementState.IN_FORCE, valid_from__lte=day, valid_until__gt=day,
        project__in=projects,
    )  # fmt: skip
    agreements = {row.pk: row for row in rows.order_by("pk")}
    return [
        Candidate(RowSource.CLAUSE, pk, section.title, f"《{agreements[pk].title}》", section.id)
        for (pk, _section), section in sections_of(agreements.values()).items()
    ]


def _points(sheet: DutySheet, projects: Sequence[int], actor: Person, at: datetime) -> list[Candidate]:
    here = Q(task_force__zone=sheet.zone) | Q(task_force__project__in=projects)
    rows = DifficultPoint.objects.filter(here, state__in=sorted(OPEN_POINTS))
    seen = SEE_POINT.narrow(actor, rows, at=at).select_related("task_force").order_by("task_force", "number")
    return [Candidate(RowSource.POINT, row.pk, row.title, row.task_force.name) for row in seen]


def _items(sheet: DutySheet, projects: Sequence[int], actor: Person, at: datetime) -> list[Candidate]:
    here = Q(zone=sheet.zone) | Q(project__in=projects)
    rows = WorkItem.objects.filter(here, closed_at=None).exclude(visibility=Visibility.INVOLVED)
    taken = DutyRow.objects.filter(sheet=sheet, dropped_at=None, item__isnull=False).values("item_id")
    seen = SEE_ITEM.narrow(actor, rows.exclude(pk__in=taken), at=at).order_by("due_at", "pk")
    return [Candidate(RowSource.ITEM, row.pk, row.title, _(kind_of(row).title)) for row in seen[:MOST_ITEMS]]


def _place(one: Candidate) -> tuple[int | None, int | None, str, int | None, int | None]:
    """The columns of the row that the candidate would be."""
    by_source = {source: one.pk if one.source is source else None for source in RowSource}
    return (by_source[RowSource.LINE], by_source[RowSource.CLAUSE], one.section, by_source[RowSource.POINT],
            by_source[RowSource.ITEM])  # fmt: skip
