"""The responsibility sheet is drafted from posts and playbook in one act, edited, adopted; what is done is recorded."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import Max

from ronghe.domain.decisions.enums import Edition, Layer, Rhythm
from ronghe.domain.decisions.facts import LINE_DONE, SHEET_ADOPTED
from ronghe.domain.decisions.models import LineRecord, ResponsibilitySheet, SheetLine
from ronghe.domain.decisions.rules import KEEP_RULES, LEADING_GROUP, RECORD_LINE
from ronghe.domain.decisions.selectors.rulebooks import mechanisms_of
from ronghe.domain.decisions.services.editions import create_draft, lock_draft, next_number, put_in_force
from ronghe.domain.org.enums import PostRole
from ronghe.domain.org.models import PartyOrg, Person, PostHolding
from ronghe.domain.org.rules.reaches import local_day
from ronghe.kernel.calendar.moments import moment_of
from ronghe.kernel.errors import DomainError
from ronghe.kernel.facts.models import Fact
from ronghe.kernel.facts.record import Draft, record, reverse
from ronghe.kernel.words import N_

LAYER_OF_ANSWER = {
    "secretary": Layer.SECRETARY,
    "committee_secretary": Layer.SECRETARY,
    "leader_in_charge": Layer.IN_CHARGE,
    "leading_group_member": Layer.MEMBER,
}
"""Who answers for a mechanism (a playbook's role) → the layer in which it belongs."""
FIRST_YEAR, LAST_YEAR = 2000, 2999


class YearUnreadable(DomainError):
    code = "sheet_year_unreadable"
    sentence = N_("年份要在 2000 到 2999 之间。")
    status = 422


class NobodyLeads(DomainError):
    code = "nobody_leads"
    sentence = N_("“%(body)s”还没有书记和委员，列不出责任清单。请先在党组织里任职。")


class LineTextMissing(DomainError):
    code = "sheet_line_text_missing"
    sentence = N_("请写明抓什么。")
    status = 422


class SheetEmpty(DomainError):
    code = "sheet_empty"
    sentence = N_("清单里还没有责任，不能发布。请先加上。")


class UnknownMechanism(DomainError):
    code = "sheet_unknown_mechanism"
    sentence = N_("“%(body)s”采用的范本里没有这项制度，请从列表里选。")
    status = 422


class MechanismSpeaks(DomainError):
    code = "mechanism_speaks"
    sentence = N_("这一条对应范本里的制度，办没办由会议、走访等记录自动认定，不用另记。")


class SheetNotInForce(DomainError):
    code = "sheet_not_in_force"
    sentence = N_("这份责任清单不是现行的，不能记办结。")


class DoneOutsideYear(DomainError):
    code = "done_outside_year"
    sentence = N_("%(day)s 不在 %(year)s 年内，或还没有到，请核对。")
    status = 422


class RecordEmpty(DomainError):
    code = "line_record_empty"
    sentence = N_("请写明做了什么。")
    status = 422


class TakenBackAlready(DomainError):
    code = "line_taken_back_already"
    sentence = N_("这条记录已经撤回。")


@dataclass(frozen=True, slots=True)
class LineText:
    """What one line says. With `mechanism` its playbook says how often; else `rhythm` does."""

    layer: str
    person: Person
    title: str
    field: str = ""
    mechanism: str = ""
    rhythm: str = Rhythm.QUARTER
    evidence: str = ""

    def values(self) -> dict[str, object]:
        return {name: getattr(self, name) for name in self.__slots__} | {"title": self.title.strip()}


@transaction.atomic
def draft_sheet(*, body: PartyOrg, year: int, actor: Person, at: datetime) -> ResponsibilitySheet:
    """Draft a body's sheet of a year: from the version in force, or else from who leads it and what it works by.

    The secretary gets what the playbook has the secretary answer for, each of the others what it gives leaders in charge and
    members; lines that the model does not know are written by hand.

    :raises NobodyLeads: nobody holds a post
    :raises DraftThere: a draft is there
    """
    KEEP_RULES.require(actor, body, at=at)
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise YearUnreadable
    current = ResponsibilitySheet.objects.filter(body=body, year=year, state=Edition.IN_FORCE).first()
    draft = create_draft(
        ResponsibilitySheet, body=body, year=year, number=next_number(ResponsibilitySheet, body=body, year=year),
        drafted_by=actor, drafted_at=at,
    )  # fmt: skip
    names = ("key", "layer", "person_id", "title", "field", "mechanism", "rhythm", "evidence")
    if current is not None:
        rows = list(current.lines.order_by("pk").values(*names))
        SheetLine.objects.bulk_create(SheetLine(sheet=draft, **row) for row in rows)
        return draft
    lines = _lines_from_posts(body, local_day(at))
    if not lines:
        raise NobodyLeads(body=body.name)
    SheetLine.objects.bulk_create(
        SheetLine(sheet=draft, key=key, **line.values()) for key, line in enumerate(lines, start=1)
    )
    return draft


@transaction.atomic
def set_line(
    *, sheet: ResponsibilitySheet, text: LineText, actor: Person, at: datetime, line: SheetLine | None = None
) -> SheetLine:
    """Add a line to a draft, or change `line`.

    :raises LineTextMissing: no words
    :raises UnknownMechanism: the body does not work by it
    :raises NotADraft: the sheet was published
    """
    KEEP_RULES.require(actor, sheet.body, at=at)
    if not text.title.strip():
        raise LineTextMissing
    if text.mechanism and text.mechanism not in {one.id for one in mechanisms_of(sheet.body, local_day(at))}:
        raise UnknownMechanism(body=sheet.body.name)
    lock_draft(sheet)
    values = text.values()
    if line is None:
        rows = SheetLine.objects.filter(sheet__body=sheet.body_id, sheet__year=sheet.year)
        last: int | None = rows.aggregate(last=Max("key"))["last"]
        return SheetLine.objects.create(sheet=sheet, key=(last or 0) + 1, **values)
    for name, value in values.items():
        setattr(line, name, value)
    line.save(update_fields=list(values))
    return line


@transaction.atomic
def drop_line(*, line: SheetLine, actor: Person, at: datetime) -> None:
    """Take a line out of a draft.

    :raises NotADraft: the sheet was published
    """
    KEEP_RULES.require(actor, line.sheet.body, at=at)
    lock_draft(line.sheet)
    line.delete()


@transaction.atomic
def adopt_sheet(*, sheet: ResponsibilitySheet, actor: Person, at: datetime) -> ResponsibilitySheet:
    """Publish a draft; what was done under the old version stays done.

    :raises SheetEmpty: no line
    :raises StepNotAllowed, Stale: published already
    """
    KEEP_RULES.require(actor, sheet.body, at=at)
    size = sheet.lines.count()
    if not size:
        raise SheetEmpty
    put_in_force(sheet, {"body": sheet.body_id, "year": sheet.year}, adopted_by=actor, adopted_at=at)
    attributes = {"year": sheet.year, "version": sheet.number, "lines": size}
    record(Draft(SHEET_ADOPTED, at, actor, body=sheet.body_id, attributes=attributes, source=sheet))
    return sheet


@transaction.atomic
def record_line(*, line: SheetLine, done_on: date, text: str, actor: Person, at: datetime) -> LineRecord:
    """Say that a line without mechanism was done on a day.

    :raises MechanismSpeaks: the records of its mechanism say it
    :raises SheetNotInForce: a draft, or replaced
    :raises DoneOutsideYear: another year, or a day to come
    :raises RecordEmpty: no words
    """
    RECORD_LINE.require(actor, line, at=at)
    sheet = line.sheet
    if line.mechanism:
        raise MechanismSpeaks
    if sheet.state != Edition.IN_FORCE:
        raise SheetNotInForce
    if done_on.year != sheet.year or done_on > local_day(at):
        raise DoneOutsideYear(day=done_on, year=sheet.year)
    if not text.strip():
        raise RecordEmpty
    made = LineRecord.objects.create(
        body=sheet.body, year=sheet.year, key=line.key, line=line, done_on=done_on, text=text.strip(),
        recorded_by=actor, recorded_at=at,
    )  # fmt: skip
    occurred = at if done_on == local_day(at) else moment_of(done_on)
    attributes = {"layer": line.layer, "rhythm": line.rhythm, "day": done_on}
    record(Draft(LINE_DONE, occurred, actor, about=line.person, body=sheet.body_id, attributes=attributes, source=made))
    return made


@transaction.atomic
def take_back_record(*, made: LineRecord, actor: Person, at: datetime) -> LineRecord:
    """Take back a record made by mistake; the duty it met opens again.

    :raises TakenBackAlready: it was
    """
    RECORD_LINE.require(actor, made.line, at=at)
    if not LineRecord.objects.filter(pk=made.pk, taken_back_at=None).update(taken_back_at=at):
        raise TakenBackAlready
    made.taken_back_at = at
    told = Fact.objects.get(kind=LINE_DONE.name, source_type="decisions.linerecord", source_id=made.pk)
    reverse(told, at=at, by=actor)
    return made


def _lines_from_posts(body: PartyOrg, day: date) -> list[LineText]:
    posts = PostHolding.objects.held_on(day).filter(body=body, role__in=LEADING_GROUP).select_related("person")
    leaders: dict[int, PostHolding] = {}
    for post in sorted(posts, key=lambda post: (post.role != PostRole.SECRETARY, post.pk)):
        leaders.setdefault(post.person_id, post)
    owed: dict[Layer, list[tuple[str, str]]] = {layer: [] for layer in Layer}
    for mechanism in mechanisms_of(body, day):
        layer = LAYER_OF_ANSWER.get(mechanism.answers)
        if layer is not None and mechanism.rhythm is not None:
            owed[layer].append((mechanism.id, mechanism.title.zh))
    lines: list[LineText] = []
    for post in leaders.values():
        is_first = post.role == PostRole.SECRETARY
        for layer in (Layer.SECRETARY,) if is_first else (Layer.IN_CHARGE, Layer.MEMBER):
            found = [LineText(layer, post.person, title, mechanism=one) for one, title in owed[layer]]
            lines += found or [LineText(layer, post.person, str(layer.label))]
    return lines
