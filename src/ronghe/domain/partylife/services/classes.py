"""党史小课堂: a rota of topics; each line becomes an activity and is told when that activity is closed."""

from __future__ import annotations

from datetime import date, datetime

from django.db import IntegrityError, transaction

from ronghe.domain.org.models import PartyOrg, Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.partylife.facts import CLASS_CHANGED, CLASS_LISTED, CLASS_TOLD
from ronghe.domain.partylife.models import HistoryClass
from ronghe.domain.partylife.rules import ATTACH_MATERIAL, CHANGE_CLASS, LIST_CLASS
from ronghe.domain.partylife.services.moments import counted_at
from ronghe.domain.rhythm.enums import ActivityState, ActivityType
from ronghe.domain.rhythm.models import Activity
from ronghe.domain.rhythm.rules import RUN_ACTIVITY
from ronghe.domain.rhythm.services.activities import plan_activity
from ronghe.domain.rhythm.services.agenda import add_agenda_item
from ronghe.domain.work.services.files import Upload, keep_file, prepare_file
from ronghe.kernel.errors import DomainError, Stale
from ronghe.kernel.facts.record import Draft, record
from ronghe.kernel.words import N_


class ClassUntitled(DomainError):
    code = "class_untitled"
    sentence = N_("请写讲什么。")
    status = 422


class ClassThere(DomainError):
    code = "class_there"
    sentence = N_("%(day)s 已经排了“%(topic)s”，请换个题目或日期。")


class ClassToldAlready(DomainError):
    code = "class_told_already"
    sentence = N_("“%(topic)s”已经讲过或已经安排成活动，请到那次活动里改。")


class ClassWithoutTeller(DomainError):
    code = "class_without_teller"
    sentence = N_("“%(topic)s”还没有定谁来讲，请先定人。")
    status = 422


class ClassBehind(DomainError):
    code = "class_behind"
    sentence = N_("%(day)s 已经过去，请先改日期，再安排。")
    status = 422


@transaction.atomic
def list_class(
    *, body: PartyOrg, topic: str, planned_on: date, actor: Person, at: datetime, teller: Person | None = None
) -> HistoryClass:
    """Put a line on a body's rota.

    :raises ClassUntitled, ClassThere: see there
    """
    LIST_CLASS.require(actor, body, at=at)
    if not topic.strip():
        raise ClassUntitled
    try:
        with transaction.atomic():
            line = HistoryClass.objects.create(
                body=body, topic=topic.strip(), planned_on=planned_on, teller=teller, listed_by=actor, listed_at=at
            )
    except IntegrityError as error:
        raise ClassThere(day=planned_on, topic=topic.strip()) from error
    record(Draft(CLASS_LISTED, at, actor, about=teller, body=body.pk, attributes={"day": planned_on}, source=line))
    return line


@transaction.atomic
def change_class(
    *, line: HistoryClass, topic: str, planned_on: date, teller: Person | None, actor: Person, at: datetime
) -> HistoryClass:
    """Change topic, day or teller of a line that is no activity yet.

    :raises ClassUntitled, ClassThere, ClassToldAlready: see there
    """
    CHANGE_CLASS.require(actor, line, at=at)
    if not topic.strip():
        raise ClassUntitled
    try:
        with transaction.atomic():
            rows = HistoryClass.objects.filter(pk=line.pk, activity=None, dropped_at=None)
            if not rows.update(topic=topic.strip(), planned_on=planned_on, teller=teller):
                raise ClassToldAlready(topic=line.topic)
    except IntegrityError as error:
        raise ClassThere(day=planned_on, topic=topic.strip()) from error
    line.topic, line.planned_on, line.teller = topic.strip(), planned_on, teller
    _changed(line, "change", actor, at)
    return line


@transaction.atomic
def drop_class(*, line: HistoryClass, actor: Person, at: datetime) -> HistoryClass:
    """Take a line off the rota that is no activity yet.

    :raises ClassToldAlready: it is one
    """
    CHANGE_CLASS.require(actor, line, at=at)
    if not HistoryClass.objects.filter(pk=line.pk, activity=None, dropped_at=None).update(dropped_at=at):
        raise ClassToldAlready(topic=line.topic)
    line.dropped_at = at
    _changed(line, "drop", actor, at)
    return line


@transaction.atomic
def restore_class(*, line: HistoryClass, actor: Person, at: datetime) -> HistoryClass:
    """Put a dropped line back: the undo of dropping it.

    :raises ClassThere: the same was listed again meanwhile
    :raises Stale: it stands on the rota
    """
    CHANGE_CLASS.require(actor, line, at=at)
    try:
        with transaction.atomic():
            if not HistoryClass.objects.filter(pk=line.pk, dropped_at__isnull=False).update(dropped_at=None):
                raise Stale
    except IntegrityError as error:
        raise ClassThere(day=line.planned_on, topic=line.topic) from error
    line.dropped_at = None
    _changed(line, "restore", actor, at)
    return line


def attach_material(*, line: HistoryClass, upload: Upload, actor: Person, at: datetime) -> HistoryClass:
    """Keep what is told from: a PDF or a picture; a later one takes its place."""
    ATTACH_MATERIAL.require(actor, line, at=at)
    file = prepare_file(upload)
    with transaction.atomic():
        line.material, line.material_name = keep_file(file, at=at), file.name
        line.save(update_fields=["material", "material_name"])
        _changed(line, "material", actor, at)
    return line


@transaction.atomic
def plan_class(
    *, line: HistoryClass, scheduled_from: datetime, scheduled_until: datetime, actor: Person, at: datetime,
    place: str = "",
) -> Activity:  # fmt: skip
    """Make an activity of a line: the teller chairs it, and the topic stands on its agenda once it is open.

    :raises ClassToldAlready: it is an activity
    :raises ClassWithoutTeller: nobody tells it yet
    :raises ClassBehind: its time is over
    :raises NotAllowed: the actor plans nothing for the body
    """
    CHANGE_CLASS.require(actor, line, at=at)
    if line.teller is None:
        raise ClassWithoutTeller(topic=line.topic)
    if local_day(scheduled_from) < local_day(at):
        raise ClassBehind(day=local_day(scheduled_from))
    if line.activity_id is not None or line.dropped_at is not None:
        raise ClassToldAlready(topic=line.topic)
    activity = plan_activity(
        activity_type=ActivityType.PARTY_HISTORY_CLASS, body=line.body, place=place, scheduled_from=scheduled_from,
        scheduled_until=scheduled_until, chair=line.teller, recorder=actor, actor=actor, at=at,
    )  # fmt: skip
    if not HistoryClass.objects.filter(pk=line.pk, activity=None, dropped_at=None).update(activity=activity):
        raise Stale
    line.activity = activity
    _changed(line, "plan", actor, at)
    return activity


@transaction.atomic
def put_topic(*, activity_id: int, actor: Person, at: datetime) -> None:
    """Let the agenda of a line's activity hold its topic; part of the act that opens it."""
    line = HistoryClass.objects.select_related("activity").filter(activity_id=activity_id).first()
    if line is not None and line.activity is not None and RUN_ACTIVITY.allows(actor, line.activity, at=at):
        add_agenda_item(activity=line.activity, topic=line.topic, actor=actor, at=at)
        _changed(line, "open", actor, at)


@transaction.atomic
def settle_class(*, activity_id: int, actor: Person, at: datetime) -> None:
    """Follow what became of a line's activity: closed, it was told; called off, it may be planned again."""
    line = HistoryClass.objects.select_related("activity", "teller").filter(activity_id=activity_id).first()
    if line is None or line.activity is None:
        return
    if line.activity.state == ActivityState.CALLED_OFF and line.told_on is None:
        HistoryClass.objects.filter(pk=line.pk).update(activity=None)
    if line.activity.state == ActivityState.CLOSED and line.told_on is None:
        day = line.activity.day
        HistoryClass.objects.filter(pk=line.pk).update(told_on=day)
        record(
            Draft(CLASS_TOLD, counted_at(day, at), actor, about=line.teller, body=line.body_id,
                  attributes={"day": day}, source=line)
        )  # fmt: skip


def _changed(line: HistoryClass, step: str, actor: Person, at: datetime) -> None:
    record(Draft(CLASS_CHANGED, at, actor, body=line.body_id, attributes={"step": step}, source=line))
