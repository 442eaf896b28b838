"""A finding is raised, its measure settled, objected to. All further steps are taken as with every item."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal

from django.db import transaction

from ronghe.domain.inspections.facts import FINDING_MADE
from ronghe.domain.inspections.models import Inspection, InspectionFinding
from ronghe.domain.inspections.rules import FINDING, INSPECTOR, RAISE_FINDING, SETTLE_MEASURE
from ronghe.domain.inspections.services.telling import tell_of
from ronghe.domain.items.models import WorkItem
from ronghe.domain.items.services.raising import DeadlineMissing, ItemText, put_up
from ronghe.domain.items.services.showing import RecordOf
from ronghe.domain.items.services.steps import Said, go
from ronghe.domain.org.models import PartyOrg, Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.playbooks.selectors.adoptions import key_of, keys_of
from ronghe.domain.work.services.files import Upload
from ronghe.kernel.calendar.calendars import statutory_calendar
from ronghe.kernel.calendar.moments import SHANGHAI
from ronghe.kernel.calendar.workdays import add_working_days
from ronghe.kernel.errors import DomainError
from ronghe.kernel.words import N_

DAY_ENDS = time(18)
MOST_DAYS = 366


class EffectDaysUnfit(DomainError):
    code = "finding_effect_days_unfit"
    sentence = N_("办完后几天看成效要在 1 到 %(most)s 天之间。")
    status = 422


class ObjectionTooLate(DomainError):
    code = "finding_objection_too_late"
    sentence = N_("异议要在 %(day)s 以前提出，现在已经过了。可以先定措施，再向上级反映。")


@dataclass(frozen=True, slots=True)
class Board:
    """A board of an appraisal, only by its names: what it showed when the finding was raised."""

    board: str
    run: int | None = None
    subject: int | None = None
    period: str = ""
    figure: Decimal | None = None


@dataclass(frozen=True, slots=True)
class FindingText:
    """What was found. `about` is the dimension or board in words."""

    title: str
    text: str = ""
    about: str = ""
    place: str = ""
    board: Board | None = None
    effect_days: int | None = None
    """Days after the measure was carried out; the playbook's unless told."""
    source: RecordOf | None = None


@dataclass(frozen=True, slots=True)
class Measure:
    """What is done about it, by whom and until when."""

    words: str
    owner: Person | None
    due_on: date | None


@transaction.atomic
def raise_finding(
    *, text: FindingText, body: PartyOrg, actor: Person, at: datetime, measure: Measure | None = None,
    uploads: Sequence[Upload] = (),
) -> WorkItem:  # fmt: skip
    """Raise a finding in a body, out of a board or by itself; with a measure it is settled at once.

    :raises TitleMissing: without a title
    :raises EffectDaysUnfit: an effect after no day, or after more than a year
    :raises: as `settle_measure`, where there is a measure
    """
    RAISE_FINDING.require(actor, body, at=at)
    item = put_finding(text=text, body=body, actor=actor, at=at, uploads=uploads)
    if measure is not None:
        settle_measure(item=item, measure=measure, actor=actor, at=at)
    return item


@transaction.atomic
def settle_measure(*, item: WorkItem, measure: Measure, actor: Person, at: datetime) -> WorkItem:
    """Settle what is done about a finding, by whom and until when; a time before stays in the history.

    :raises DeadlineMissing: without a day
    :raises DeadlinePast: a day that is over
    :raises ValuesUnfit, OwnerMissing, StepNotAllowed, Stale: as `take_step`
    """
    SETTLE_MEASURE.require(actor, item, at=at)
    if measure.due_on is None:
        raise DeadlineMissing
    said = Said(values={"measure": measure.words}, owner=measure.owner, due_at=deadline(measure.due_on))
    go(item=item, spec=FINDING.step_by_id["settle"], actor=actor, at=at, said=said)
    InspectionFinding.objects.filter(item=item).update(measured_by=actor, carried_on=None, effect_on=None)
    return item


@transaction.atomic
def object_to(*, item: WorkItem, reason: str, actor: Person, at: datetime, uploads: Sequence[Upload] = ()) -> WorkItem:
    """Object to what a visit found, until the notice is over; the group or somebody above looks at it again.

    :raises ObjectionTooLate: the notice is over
    :raises StepNoteMissing, StepNotAllowed, Stale: as `take_step`
    """
    spec = FINDING.step_by_id["object"]
    spec.right.require(actor, item, at=at)
    visit = item.inspection_finding.inspection
    if visit is not None and visit.notice_until is not None and local_day(at) > visit.notice_until:
        raise ObjectionTooLate(day=visit.notice_until)
    return go(item=item, spec=spec, actor=actor, at=at, said=Said(note=reason, uploads=uploads))


def put_finding(
    *, text: FindingText, body: PartyOrg, actor: Person, at: datetime, inspection: Inspection | None = None,
    check_item: str = "", group: Sequence[Person] = (), uploads: Sequence[Upload] = (),
) -> WorkItem:  # fmt: skip
    """Put a finding up; whoever calls asked the right. Its measure is owed within the playbook's working days.

    :raises TitleMissing, EffectDaysUnfit: as `raise_finding`
    """
    day, board = local_day(at), text.board
    keys = keys_of(["finding_effect_days"], body.pk, day)
    days = keys["finding_effect_days"] if text.effect_days is None else text.effect_days
    if not 0 < days <= MOST_DAYS:
        raise EffectDaysUnfit(most=MOST_DAYS)
    words = ItemText(
        text.title.strip()[:120], text=text.text, due_at=answer_due(body, at), place=text.place, unit=body.unit,
        people=[(person, INSPECTOR, "") for person in group], source=text.source,
    )  # fmt: skip
    item = put_up(kind=FINDING, text=words, body=body, actor=actor, at=at, uploads=uploads)
    InspectionFinding.objects.create(
        item=item, inspection=inspection, check_item=check_item, about=text.about[:120], effect_days=days,
        board=board.board if board else "", run=board.run if board else None, subject=board.subject if board else None,
        period=board.period if board else "", figure_then=board.figure if board else None,
    )  # fmt: skip
    tell_of(
        item, FINDING_MADE, actor, at, checklist=inspection.checklist if inspection else None, check=check_item or None,
        board=board.board if board else None, run=board.run if board else None,
    )  # fmt: skip
    return item


def answer_due(body: PartyOrg, at: datetime) -> datetime:
    """Return until when a measure is to be settled: working days by the body's playbook, counted from the next one."""
    day = local_day(at)
    return deadline(add_working_days(statutory_calendar(), day, key_of("finding_answer_days", body, day)))


def deadline(day: date) -> datetime:
    """Return the end of a working day."""
    return datetime.combine(day, DAY_ENDS, tzinfo=SHANGHAI)
