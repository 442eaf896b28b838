"""The rows of a sheet as they stand: words, days and people read where each row lives, with what the sheet adds."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db.models import F, Prefetch, Q

from ronghe.domain.agreements.calc.content import Section, read
from ronghe.domain.agreements.enums import AgreementState
from ronghe.domain.agreements.models import Agreement, AgreementVersion
from ronghe.domain.duties.calc.shares import HELP, LEAD, Share, leading_side, merged
from ronghe.domain.duties.calc.words import RowWords
from ronghe.domain.duties.enums import Rhythm, RowKind, RowSource
from ronghe.domain.duties.models import DutyRow, DutySheet
from ronghe.domain.items.models import ItemPerson, WorkItem
from ronghe.domain.items.rules import kind_of
from ronghe.domain.org.models import Person
from ronghe.domain.projects.models import Project
from ronghe.domain.taskforces.enums import PointState
from ronghe.domain.taskforces.models import DifficultPoint
from ronghe.domain.zones.enums import SheetTopic
from ronghe.domain.zones.models import ResponsibilityLine
from ronghe.domain.zones.selectors.sheet import CADENCES
from ronghe.domain.zones.selectors.sides import sides_by_unit
from ronghe.kernel.calendar.moments import day_of
from ronghe.kernel.words import _

KIND_OF_TOPIC = {
    SheetTopic.SAFETY: RowKind.QHSE,
    SheetTopic.QUALITY: RowKind.QHSE,
    SheetTopic.PROGRESS: RowKind.PROJECT,
    SheetTopic.PARTY: RowKind.PARTY,
}
KIND_ORDER = {kind.value: number for number, kind in enumerate(RowKind)}


@dataclass(frozen=True, slots=True)
class SheetRow:
    """A row as it stands. `held` are the sides whose part is decided where the row lives; `is_over` says that it ended there."""

    row: DutyRow
    source: RowSource
    kind: RowKind
    title: str
    text: str
    basis: str
    cadence: str
    due_on: date | None
    rhythm: Rhythm | None
    shares: Mapping[str, Share]
    held: frozenset[str] = frozenset()
    people: Mapping[int, Person] = field(default_factory=dict)
    project: Project | None = None
    is_over: bool = False

    @property
    def lead(self) -> str | None:
        return leading_side(self.shares)

    @property
    def lead_person(self) -> Person | None:
        share = self.shares[self.lead] if self.lead is not None else None
        return self.people.get(share.person or 0) if share is not None else None

    @property
    def is_shared(self) -> bool:
        return len(self.shares) > 1

    @property
    def when(self) -> str:
        """A day as ISO text, else how often in words."""
        return self.due_on.isoformat() if self.due_on is not None else self.cadence

    @property
    def owes_tasks(self) -> bool:
        """Whether the platform gives a task for it: it has a day or a rhythm, and no record of its own that says how it stands."""
        if self.source is RowSource.LINE and self.row.line is not None and self.row.line.mechanism:
            return False
        lives_alone = self.source in (RowSource.LINE, RowSource.CLAUSE)
        return lives_alone and not self.is_over and (self.due_on is not None or self.rhythm is not None)

    @property
    def words(self) -> RowWords:
        return RowWords(
            self.row.pk, self.row.number, self.kind.value, self.title, self.text, self.when, self.basis, self.shares
        )


def row_of(row: DutyRow, day: date) -> SheetRow | None:
    """Return one row as it stands, `None` where it was dropped; nine statements."""
    return next(iter(rows_of(row.sheet, day, only=row.pk)), None)


def rows_of(sheet: DutySheet, day: date, *, only: int | None = None) -> list[SheetRow]:
    """Return the rows that hold (`only` one of them), by kind and number; nine statements whatever their number."""
    rows = list(
        sheet.rows.filter(Q(pk=only) if only is not None else Q(), dropped_at=None)
        .select_related("line__person", "agreement__project", "point__task_force__project", "item__owner", "item__project")
        .prefetch_related(
            "shares__person", "point__people__person", "agreement__parties",
            Prefetch("item__people", ItemPerson.objects.filter(until=None).select_related("person").order_by("since", "pk")),
        )
        .order_by("number")
    )  # fmt: skip
    sides = sides_by_unit(sheet.zone, _units(rows), day)
    sections = sections_of(row.agreement for row in rows if row.agreement is not None)
    found = [_read(row, sides, sections, day) for row in rows]
    return sorted(found, key=lambda row: (KIND_ORDER[row.kind], row.row.number))


def sections_of(agreements: Iterable[Agreement]) -> dict[tuple[int, str], Section]:
    """Return the sections of the current text of each agreement, by agreement and section; one statement."""
    wanted = {agreement.pk for agreement in agreements}
    versions = AgreementVersion.objects.filter(agreement__in=wanted, number=F("agreement__current")).order_by("pk")
    return {
        (version.agreement_id, section.id): section
        for version in versions
        for section in read(version.content).sections
    }


def rhythm_of(cadence: str) -> Rhythm | None:
    """Return the rhythm that a line says in words (每月), `None` for words that are none (每道工序)."""
    return next(
        (Rhythm(key) for key, word in CADENCES.items() if key in Rhythm.values and cadence in (word, _(word))), None
    )


def _units(rows: Sequence[DutyRow]) -> set[int]:
    found: set[int | None] = set()
    for row in rows:
        if row.agreement is not None:
            found |= {party.unit_id for party in row.agreement.parties.all()}
        if row.point is not None:
            found |= {one.person.unit_id for one in row.point.people.all()}
        if row.item is not None:
            found |= {one.person.unit_id for one in row.item.people.all()}
            found.add(row.item.owner.unit_id if row.item.owner is not None else None)
    return {unit for unit in found if unit is not None}


Sides = Mapping[int, tuple[str, ...]]


def _read(row: DutyRow, sides: Sides, sections: Mapping[tuple[int, str], Section], day: date) -> SheetRow:
    if row.line is not None:
        return _line(row, row.line)
    if row.point is not None:
        return _point(row, row.point, sides)
    if row.item is not None:
        return _item(row, row.item, sides)
    assert row.agreement is not None  # the database holds one source
    return _clause(row, row.agreement, sections.get((row.agreement_id or 0, row.section)), sides, day)


def _line(row: DutyRow, line: ResponsibilityLine) -> SheetRow:
    own = {line.lead: _share(LEAD, line.person), **{side: Share(HELP) for side in line.assists}}
    return SheetRow(
        row, RowSource.LINE, KIND_OF_TOPIC[SheetTopic(line.topic)], line.matter, line.duty, row.basis, line.cadence,
        line.due_on, rhythm_of(line.cadence), merged(own, _added(row), source_decides=True), frozenset(own),
        _people(row, [line.person]), is_over=line.ended_on is not None,
    )  # fmt: skip


def _clause(row: DutyRow, agreement: Agreement, section: Section | None, sides: Sides, day: date) -> SheetRow:
    bound = {side for party in agreement.parties.all() for side in sides.get(party.unit_id or 0, ())}
    holds = (
        agreement.state == AgreementState.IN_FORCE and agreement.valid_until is not None and day < agreement.valid_until
    )
    rhythm = Rhythm(row.rhythm) if row.rhythm else None
    return SheetRow(
        row, RowSource.CLAUSE, RowKind.QHSE, section.title if section else row.section, section.text if section else "",
        row.basis or f"《{agreement.title}》", str(rhythm.label) if rhythm else "", row.due_on, rhythm,
        merged({side: Share(HELP) for side in bound}, _added(row), source_decides=False), frozenset(), _people(row, []),
        agreement.project, is_over=not holds or section is None,
    )  # fmt: skip


def _point(row: DutyRow, point: DifficultPoint, sides: Sides) -> SheetRow:
    people = sorted(point.people.all(), key=lambda one: (not one.is_in_charge, one.pk))
    own = _shares_of(((one.person, one.is_in_charge) for one in people), sides)
    return SheetRow(
        row, RowSource.POINT, RowKind.PROJECT, point.title, point.goal, row.basis, "", point.due_on, None,
        merged(own, _added(row), source_decides=True), frozenset(own), _people(row, [one.person for one in people]),
        point.task_force.project, is_over=point.state == PointState.HANDED_OVER,
    )  # fmt: skip


def _item(row: DutyRow, item: WorkItem, sides: Sides) -> SheetRow:
    helpers = [one.person for one in item.people.all()]
    asked = ([(item.owner, True)] if item.owner is not None else []) + [(person, False) for person in helpers]
    own = _shares_of(asked, sides)
    is_success = kind_of(item).state_by_id[item.state].is_success
    return SheetRow(
        row, RowSource.ITEM, RowKind.PROJECT, item.title, item.text[:200], row.basis, "",
        day_of(item.due_at) if item.due_at is not None else None, None,
        merged(own, _added(row), source_decides=True), frozenset(own), _people(row, [item.owner, *helpers]),
        item.project, is_over=item.is_closed and not is_success,
    )  # fmt: skip


def _shares_of(people: Iterable[tuple[Person, bool]], sides: Sides) -> dict[str, Share]:
    """Return the share of each side that people stand on: who is in charge leads, the first other one of a side helps."""
    found: dict[str, Share] = {}
    for person, is_in_charge in people:
        for side in sides.get(person.unit_id or 0, ())[:1]:
            found.setdefault(side, _share(LEAD if is_in_charge else HELP, person))
    return found


def _share(part: str, person: Person | None) -> Share:
    return Share(part, person.pk, person.name) if person is not None else Share(part)


def _added(row: DutyRow) -> dict[str, Share]:
    return {share.side: _share(share.part, share.person) for share in row.shares.all()}


def _people(row: DutyRow, others: Collection[Person | None]) -> dict[int, Person]:
    named = [share.person for share in row.shares.all()]
    return {person.pk: person for person in (*named, *others) if person is not None}
