"""A row of the zone's own is written, and who does what in any row is fixed: each thing where it lives."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import transaction

from ronghe.domain.duties.calc.shares import SIDES
from ronghe.domain.duties.calc.table import Line
from ronghe.domain.duties.enums import Part, Rhythm, RowSource
from ronghe.domain.duties.facts import ROW_CHANGED, ROWS_GATHERED
from ronghe.domain.duties.models import DutyRow, DutySheet, RowShare
from ronghe.domain.duties.selectors.people import people_of_sides
from ronghe.domain.duties.selectors.reading import SheetRow, rhythm_of, row_of
from ronghe.domain.duties.services.sheets import hold, next_number, tell
from ronghe.domain.org.models import Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.zones.enums import SheetSide, SheetTopic
from ronghe.domain.zones.models import ResponsibilityLine
from ronghe.domain.zones.rules import KEEP_SHEET
from ronghe.domain.zones.services.parties import refuse_over
from ronghe.domain.zones.services.sheet import add_line, change_line
from ronghe.kernel.errors import DomainError, Stale
from ronghe.kernel.words import N_, _

LONGEST_BASIS = 120


class TwoLead(DomainError):
    code = "duties_two_lead"
    sentence = N_("一条责任只能有一个主责方，现在写了%(count)s个。其余的请改成配合。")
    status = 422


class LeadMissing(DomainError):
    code = "duties_lead_missing"
    sentence = N_("“%(title)s”没有主责方。请在四方里定一方主责。")
    status = 422


class HeldElsewhere(DomainError):
    code = "duties_held_elsewhere"
    sentence = N_("“%(title)s”的%(side)s方由来处的办理人决定，不能在清单上改。请到那条事项或难点里改。")


class NotOfThisSide(DomainError):
    code = "duties_not_of_this_side"
    sentence = N_("%(name)s不是%(side)s方的人，也不在协作区里。请选这一方的人。")
    status = 422


class PersonWithoutPart(DomainError):
    code = "duties_person_without_part"
    sentence = N_("%(side)s方定了责任人，但没有说承担什么。请选主责、配合、监督或知会。")
    status = 422


class DateElsewhere(DomainError):
    code = "duties_date_elsewhere"
    sentence = N_("“%(title)s”的期限随来处，不能在清单上改。")


class DayAndRhythm(DomainError):
    code = "duties_day_and_rhythm"
    sentence = N_("期限和频次只填一样：一次办完的写期限，反复办的选频次。")
    status = 422


class DayPast(DomainError):
    code = "duties_day_past"
    sentence = N_("期限 %(day)s 已经过去，请另定一天。")
    status = 422


class BasisTooLong(DomainError):
    code = "duties_basis_too_long"
    sentence = N_("依据最多 %(most)s 个字。")
    status = 422


@dataclass(frozen=True, slots=True)
class SideShare:
    """What one side is to do, and who."""

    part: Part
    person: Person | None = None


@dataclass(frozen=True, slots=True)
class RowText:
    """A row as somebody writes it: by what day, or how often; `cadence` are words for what is no rhythm (每道工序)."""

    topic: SheetTopic
    matter: str
    duty: str
    shares: Mapping[str, SideShare]
    due_on: date | None = None
    rhythm: Rhythm | None = None
    cadence: str = ""
    basis: str = ""


@dataclass(frozen=True, slots=True)
class RowPlan:
    """What is fixed about a row that is on the sheet already; a date is for clauses alone."""

    shares: Mapping[str, SideShare] = field(default_factory=dict)
    basis: str = ""
    due_on: date | None = None
    rhythm: Rhythm | None = None


@transaction.atomic
def add_row(*, sheet: DutySheet, text: RowText, actor: Person, at: datetime) -> DutyRow:
    """Write a row of the zone's own: a line of its responsibility sheet, with what the line cannot say beside it.

    :raises LeadMissing, TwoLead: not exactly one side leads
    :raises NotOfThisSide, PersonWithoutPart: a person does not fit
    :raises DayAndRhythm, DayPast, BasisTooLong: the rest does not fit
    :raises LineThere, LineIncomplete: as for every line
    """
    return add_rows(sheet=sheet, texts=[text], actor=actor, at=at)[0]


@transaction.atomic
def add_rows(*, sheet: DutySheet, texts: Sequence[RowText], actor: Person, at: datetime) -> list[DutyRow]:
    """Write several rows, all or none; errors as for one."""
    KEEP_SHEET.require(actor, sheet.zone, at=at)
    refuse_over(sheet.zone)
    hold(sheet)
    number = next_number(sheet)
    made = [_add(sheet, text, number + place, actor, at) for place, text in enumerate(texts)]
    tell(sheet, ROWS_GATHERED, actor, at, source=RowSource.LINE.value, rows=len(made))
    return made


def take_lines(*, sheet: DutySheet, lines: Sequence[Line], actor: Person, at: datetime) -> list[DutyRow]:
    """Write the lines of a table that was looked through, all or none; errors as for one row.

    How often is a rhythm where the words are one (每月), else it stays words.
    """
    named = {share.person for line in lines for share in line.shares.values() if share.person is not None}
    people = Person.objects.in_bulk(named)
    return add_rows(sheet=sheet, texts=[_text_of(line, people) for line in lines], actor=actor, at=at)


@transaction.atomic
def fix_row(*, row: DutyRow, plan: RowPlan, actor: Person, at: datetime) -> DutyRow:
    """Say which side does what in a row and who answers there; of a line its lead and help are written to the line.

    Words, people and days that live with an item or a difficult point are changed there.

    :raises Stale: the row was dropped meanwhile
    :raises HeldElsewhere: a side's part is decided by whom the item or point has
    :raises DateElsewhere: only a clause takes its day or rhythm from the sheet
    :raises TwoLead, NotOfThisSide, PersonWithoutPart, DayAndRhythm, DayPast, BasisTooLong: what does not fit
    """
    sheet = row.sheet
    KEEP_SHEET.require(actor, sheet.zone, at=at)
    refuse_over(sheet.zone)
    hold(sheet)
    standing = row_of(row, local_day(at))
    if standing is None:
        raise Stale
    _check(sheet, plan.shares, plan.basis, at)
    _check_dates(standing, plan, at)
    before = standing.words
    if standing.source is RowSource.LINE and row.line is not None:
        _fix_line(row, row.line, plan, standing, actor, at)
    else:
        _fix_beside(row, plan, standing)
    after = row_of(row, local_day(at))
    if after is not None and after.words != before:
        sides = sum(before.shares.get(side) != after.words.shares.get(side) for side in SIDES)
        tell(sheet, ROW_CHANGED, actor, at, source=standing.source.value, sides=sides)
    return row


def _text_of(line: Line, people: Mapping[int, Person]) -> RowText:
    shares = {
        side: SideShare(Part(share.part), people[share.person] if share.person is not None else None)
        for side, share in line.shares.items()
    }
    rhythm = rhythm_of(line.cadence)
    return RowText(
        SheetTopic(line.topic), line.matter, line.duty, shares, line.due_on, rhythm,
        cadence="" if rhythm else line.cadence, basis=line.basis,
    )  # fmt: skip


def _add(sheet: DutySheet, text: RowText, number: int, actor: Person, at: datetime) -> DutyRow:
    _check(sheet, text.shares, text.basis, at)
    if text.due_on is not None and text.rhythm is not None:
        raise DayAndRhythm
    if text.due_on is not None and text.due_on < local_day(at):
        raise DayPast(day=text.due_on)
    lead = _lead(text.shares)
    if lead is None:
        raise LeadMissing(title=text.matter)
    line = add_line(
        zone=sheet.zone, topic=text.topic, matter=text.matter, duty=text.duty, lead=SheetSide(lead),
        assists=_helping(text.shares), person=text.shares[lead].person, due_on=text.due_on,
        cadence=str(text.rhythm.label) if text.rhythm else text.cadence, actor=actor, at=at,
    )  # fmt: skip
    row = DutyRow.objects.create(
        sheet=sheet, number=number, line=line, basis=text.basis.strip(), added_by=actor, added_at=at
    )
    _write(row, {side: share for side, share in text.shares.items() if side != lead and _adds(share)})
    return row


def _fix_line(
    row: DutyRow, line: ResponsibilityLine, plan: RowPlan, standing: SheetRow, actor: Person, at: datetime
) -> None:
    lead = _lead(plan.shares)
    if lead is None:
        raise LeadMissing(title=standing.title)
    line.zone = row.sheet.zone
    change_line(
        line=line, lead=lead, assists=_helping(plan.shares), person=plan.shares[lead].person, actor=actor, at=at
    )
    _write(row, {side: share for side, share in plan.shares.items() if side != lead and _adds(share)})
    _keep(row, plan)


def _fix_beside(row: DutyRow, plan: RowPlan, standing: SheetRow) -> None:
    for side in standing.held:
        given, own = plan.shares.get(side), standing.shares[side]
        if given is not None and (given.part != own.part or (given.person and given.person.pk != own.person)):
            raise HeldElsewhere(title=standing.title, side=_(str(SheetSide(side).label)))
    _write(row, {side: share for side, share in plan.shares.items() if side not in standing.held})
    _keep(row, plan)


def _keep(row: DutyRow, plan: RowPlan) -> None:
    row.basis, row.due_on, row.rhythm = plan.basis.strip(), plan.due_on, plan.rhythm or ""
    row.save(update_fields=["basis", "due_on", "rhythm"])


def _write(row: DutyRow, shares: Mapping[str, SideShare]) -> None:
    row.shares.all().delete()
    RowShare.objects.bulk_create(
        RowShare(row=row, side=side, part=share.part, person=share.person) for side, share in shares.items()
    )


def _check(sheet: DutySheet, shares: Mapping[str, SideShare], basis: str, at: datetime) -> None:
    if len(basis.strip()) > LONGEST_BASIS:
        raise BasisTooLong(most=LONGEST_BASIS)
    if (leads := sum(share.part == Part.LEAD for share in shares.values())) > 1:
        raise TwoLead(count=leads)
    named = {side: share.person for side, share in shares.items() if share.person is not None}
    fitting = people_of_sides(sheet.zone, local_day(at), named.values())
    for side, person in named.items():
        if side not in fitting.get(person.pk, ()):
            raise NotOfThisSide(name=person.name, side=_(str(SheetSide(side).label)))


def _check_dates(standing: SheetRow, plan: RowPlan, at: datetime) -> None:
    if plan.due_on is None and plan.rhythm is None:
        return
    if standing.source is not RowSource.CLAUSE:
        raise DateElsewhere(title=standing.title)
    if plan.due_on is not None and plan.rhythm is not None:
        raise DayAndRhythm
    if plan.due_on is not None and plan.due_on < local_day(at) and plan.due_on != standing.due_on:
        raise DayPast(day=plan.due_on)


def _lead(shares: Mapping[str, SideShare]) -> str | None:
    return next((side for side, share in shares.items() if share.part == Part.LEAD), None)


def _helping(shares: Mapping[str, SideShare]) -> list[SheetSide]:
    return [SheetSide(side) for side, share in shares.items() if share.part == Part.HELP]


def _adds(share: SideShare) -> bool:
    """Whether a side's share says more than the line itself: help without a person is all on the line."""
    return share.part != Part.HELP or share.person is not None
