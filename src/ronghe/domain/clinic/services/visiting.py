"""Visits: booked into an expert's hours, moved, called off, held or not; each is told in the thread of its case."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction

from ronghe.domain.clinic.calc.slots import Slot
from ronghe.domain.clinic.enums import MessageKind, VisitState
from ronghe.domain.clinic.facts import VISIT_BOOKED, VISIT_HELD, VISIT_MISSED, VISIT_MOVED
from ronghe.domain.clinic.models import Expert, ExpertHours, Visit
from ronghe.domain.clinic.rules import HOLD_VISIT, JUDGE, MOVE_VISIT, UNANSWERED
from ronghe.domain.clinic.selectors.cases import due_from
from ronghe.domain.clinic.selectors.experts import slots_of
from ronghe.domain.clinic.services.calling_off import called_off
from ronghe.domain.clinic.services.experts import ExpertNotSitting
from ronghe.domain.clinic.services.telling import say, take_back, tell_of, words_checked
from ronghe.domain.clinic.services.treating import settle_answer
from ronghe.domain.items.models import WorkItem
from ronghe.domain.items.services.changing import ItemClosed
from ronghe.domain.org.models import Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.kernel.errors import DomainError, Stale
from ronghe.kernel.facts.kinds import FactKind
from ronghe.kernel.words import N_
from ronghe.kernel.workflow import Flow, Step

VISIT_FLOW = Flow(
    "state",
    {
        "hold": Step([VisitState.BOOKED, VisitState.MISSED], VisitState.HELD),
        "miss": Step([VisitState.BOOKED], VisitState.MISSED),
    },
)


class NobodyToVisit(DomainError):
    code = "clinic_nobody_to_visit"
    sentence = N_("还没有专家接诊，请先选一位专家，再约时间。")


class VisitThere(DomainError):
    code = "clinic_visit_there"
    sentence = N_("这件事已经约了时间，要换请改约。")


class SlotTaken(DomainError):
    code = "clinic_slot_taken"
    sentence = N_("这个时间已经被约走，或专家不坐诊，请另选一个。")


class VisitAhead(DomainError):
    code = "clinic_visit_ahead"
    sentence = N_("还没到约好的时间，到了再记；来不了请改约或取消。")


class VisitBegun(DomainError):
    code = "clinic_visit_begun"
    sentence = N_("约好的时间已经到了，不能再改，请记一下见没见成。")


@transaction.atomic
def book_visit(*, item: WorkItem, starts_at: datetime, actor: Person, at: datetime) -> Visit:
    """Book a free time with the expert of a case; the case is due after it at the earliest.

    :raises NobodyToVisit: nobody is asked yet
    :raises ExpertNotSitting: the expert sits no more
    :raises SlotTaken: somebody was first, or the expert does not sit then
    :raises VisitThere: a time is booked for this case
    :raises ItemClosed: it is settled
    """
    JUDGE.require(actor, item, at=at)
    expert = item.case_sheet.expert
    if item.is_closed:
        raise ItemClosed(title=item.title)
    if expert is None:
        raise NobodyToVisit
    slot, hours = _free(expert, starts_at, at)
    try:
        with transaction.atomic():
            visit = Visit.objects.create(
                item=item, expert=expert, starts_at=slot.starts_at, ends_at=slot.ends_at, way=hours.way,
                place=hours.place, link=hours.link, booked_at=at,
            )  # fmt: skip
    except IntegrityError as error:
        raise VisitThere from error
    _wait_for(visit, at)
    say(item, MessageKind.BOOKED, actor, at, visit_at=visit.starts_at)
    _tell(visit, VISIT_BOOKED, actor, at)
    return visit


@transaction.atomic
def move_visit(*, visit: Visit, starts_at: datetime, actor: Person, at: datetime) -> Visit:
    """Move a booked visit to another free time; either of the two may, and the other one is told.

    :raises VisitBegun: its time has come
    :raises SlotTaken: somebody was first, or the expert does not sit then
    :raises Stale: it is not booked any more, or was moved a moment ago
    """
    MOVE_VISIT.require(actor, visit, at=at)
    _refuse_begun(visit, at)
    slot, hours = _free(visit.expert, starts_at, at)
    changes = {
        "starts_at": slot.starts_at, "ends_at": slot.ends_at, "way": hours.way, "place": hours.place, "link": hours.link,
    }  # fmt: skip
    if not Visit.objects.filter(pk=visit.pk, state=VisitState.BOOKED, starts_at=visit.starts_at).update(**changes):
        raise Stale
    for name, value in changes.items():
        setattr(visit, name, value)
    _wait_for(visit, at)
    say(visit.item, MessageKind.MOVED, actor, at, visit_at=visit.starts_at)
    _tell(visit, VISIT_MOVED, actor, at)
    return visit


@transaction.atomic
def call_off_visit(*, visit: Visit, actor: Person, at: datetime, words: str = "") -> Visit:
    """Call a booked visit off; either of the two may, and the other one is told.

    :raises VisitBegun: its time has come
    :raises Stale: it is not booked any more
    """
    MOVE_VISIT.require(actor, visit, at=at)
    said = words_checked(words, is_required=False)
    _refuse_begun(visit, at)
    if not called_off(visit, actor, at, words=said):
        raise Stale
    return visit


@transaction.atomic
def hold_visit(*, visit: Visit, words: str, actor: Person, at: datetime, answers: bool = True) -> Visit:
    """Say what came of a visit; with `answers` this is the answer to the case, where it waits for one.

    A visit that was noted as missed may turn out to have been held.

    :raises VisitAhead: its time has not come
    :raises WordsMissing, WordsTooLong: what came of it
    :raises StepNotAllowed, Stale: it was called off, or told a moment ago
    """
    HOLD_VISIT.require(actor, visit, at=at)
    said = words_checked(words)
    if at < visit.starts_at:
        raise VisitAhead
    item = visit.item
    if answers and item.state in UNANSWERED and item.owner_id == actor.pk:
        settle_answer(item, actor, at)
    was_missed = visit.state == VisitState.MISSED
    VISIT_FLOW.advance(visit, "hold", settled_by=actor, settled_at=at)
    if was_missed:
        take_back(visit, VISIT_MISSED, actor, at)
    say(item, MessageKind.HELD, actor, at, words=said, visit_at=visit.starts_at)
    _tell(visit, VISIT_HELD, actor, at, about=actor, help=item.case_sheet.help)
    return visit


@transaction.atomic
def miss_visit(*, visit: Visit, actor: Person, at: datetime) -> Visit:
    """Note that the two did not meet, whoever's doing that was; either of them may.

    :raises VisitAhead: its time has not come
    :raises StepNotAllowed, Stale: it was called off, or told a moment ago
    """
    MOVE_VISIT.require(actor, visit, at=at)
    if at < visit.starts_at:
        raise VisitAhead
    VISIT_FLOW.advance(visit, "miss", settled_by=actor, settled_at=at)
    say(visit.item, MessageKind.MISSED, actor, at, visit_at=visit.starts_at)
    _tell(visit, VISIT_MISSED, actor, at)
    return visit


def _free(expert: Expert, starts_at: datetime, at: datetime) -> tuple[Slot, ExpertHours]:
    locked = Expert.objects.select_for_update().select_related("person").get(pk=expert.pk)  # two who book wait here
    if not locked.is_active:
        raise ExpertNotSitting(name=locked.person.name)
    slots = slots_of(locked, local_day(starts_at), at, days=1)
    slot = next((one for one in slots if one.starts_at == starts_at), None)
    if slot is None:
        raise SlotTaken
    return slot, ExpertHours.objects.get(pk=slot.hours_id)


def _refuse_begun(visit: Visit, at: datetime) -> None:
    if visit.state != VisitState.BOOKED:
        raise Stale
    if at >= visit.starts_at:
        raise VisitBegun


def _wait_for(visit: Visit, at: datetime) -> None:
    """Let a case be due on a working day after its visit, where it would be due before."""
    item = visit.item
    due_at = max(due_from(item.body, at), due_from(item.body, visit.ends_at))
    if item.due_at is None or due_at > item.due_at:
        WorkItem.objects.filter(pk=item.pk, closed_at=None).update(due_at=due_at)
        item.due_at = due_at


def _tell(
    visit: Visit, kind: FactKind, actor: Person, at: datetime, about: Person | None = None, **more: object
) -> None:
    day = local_day(visit.starts_at)
    tell_of(visit, kind, actor, at, body=visit.expert.body_id, about=about, way=visit.way, day=day, **more)
