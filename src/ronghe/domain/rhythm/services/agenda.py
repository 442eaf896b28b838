"""Keeping the record while the activity is open: topics, votes, tasks, pictures."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Max

from ronghe.domain.org.models import Person
from ronghe.domain.rhythm.enums import AttendanceStatus
from ronghe.domain.rhythm.models import Activity, ActivityPhoto, AgendaItem, AgendaSpeech
from ronghe.domain.rhythm.rules import RUN_ACTIVITY
from ronghe.domain.rhythm.selectors.voting import default_matter
from ronghe.domain.rhythm.services.cameras import with_moment
from ronghe.domain.rhythm.services.sign_in import lock_open
from ronghe.domain.rhythm.services.voting import MoreVotesThanVoters as MoreVotesThanVoters  # noqa: PLC0414 - see record_vote
from ronghe.domain.rhythm.services.voting import NotAmongPresent
from ronghe.domain.rhythm.services.voting import record_vote as record_vote  # noqa: PLC0414 - part of keeping the agenda
from ronghe.domain.work.services.files import Upload, keep_file, prepare_file
from ronghe.domain.work.services.tasks import open_task
from ronghe.kernel.errors import DomainError, Stale
from ronghe.kernel.words import N_


class TopicEmpty(DomainError):
    code = "topic_empty"
    sentence = N_("请写明议题。")
    status = 422


class TaskIncomplete(DomainError):
    code = "task_incomplete"
    sentence = N_("转为任务要写明责任人和期限。")
    status = 422


class AlreadyATask(DomainError):
    code = "already_a_task"
    sentence = N_("第%(number)s项已转为任务，责任人是%(name)s。")


class SpeechEmpty(DomainError):
    code = "speech_empty"
    sentence = N_("请写明说了什么。")
    status = 422


@transaction.atomic
def add_agenda_item(
    *, activity: Activity, topic: str, actor: Person, at: datetime, notes: str = "", decision: str | None = None,
    assignee: Person | None = None, due_at: datetime | None = None,
) -> AgendaItem:  # fmt: skip
    """Add a topic; with `assignee` and `due_at` it becomes a task at once.

    :raises TopicEmpty: no words
    :raises TaskIncomplete: one of person and deadline is missing
    :raises DeadlinePast: the deadline is over
    """
    RUN_ACTIVITY.require(actor, activity, at=at)
    if not topic.strip():
        raise TopicEmpty
    if (assignee is None) != (due_at is None):
        raise TaskIncomplete
    activity = lock_open(activity.pk)
    last: int | None = activity.agenda_items.aggregate(last=Max("number"))["last"]
    item = AgendaItem.objects.create(
        activity=activity, number=(last or 0) + 1, topic=topic.strip(), notes=notes, decision=decision or None,
        matter=default_matter(activity.activity_type),
    )  # fmt: skip
    if assignee is not None and due_at is not None:
        item = make_task(item=item, assignee=assignee, due_at=due_at, actor=actor, at=at)
    return item


@transaction.atomic
def edit_agenda_item(
    *, item: AgendaItem, actor: Person, at: datetime, topic: str, notes: str, decision: str | None
) -> AgendaItem:
    """Write down what was said and decided on a topic, while the activity is open."""
    RUN_ACTIVITY.require(actor, item.activity, at=at)
    if not topic.strip():
        raise TopicEmpty
    lock_open(item.activity_id)
    item.topic, item.notes, item.decision = topic.strip(), notes, decision or None
    item.save(update_fields=["topic", "notes", "decision"])
    return item


@transaction.atomic
def make_task(*, item: AgendaItem, assignee: Person, due_at: datetime, actor: Person, at: datetime) -> AgendaItem:
    """Turn a topic into a task of one person with a deadline.

    :raises AlreadyATask: it is one
    :raises NotAllowed: the actor may not give tasks in this body
    """
    activity = lock_open(item.activity_id)
    RUN_ACTIVITY.require(actor, activity, at=at)
    fresh = AgendaItem.objects.select_related("task__assignee").get(pk=item.pk)
    if fresh.task is not None:
        raise AlreadyATask(number=fresh.number, name=fresh.task.assignee.name)
    fresh.task = open_task(
        title=fresh.topic, goal=fresh.decision, assignee=assignee, due_at=due_at, body=activity.body,
        zone=activity.zone, actor=actor, at=at,
    )  # fmt: skip
    fresh.save(update_fields=["task"])
    return fresh


@transaction.atomic
def add_speech(*, item: AgendaItem, person: Person, text: str, actor: Person, at: datetime) -> AgendaSpeech:
    """Write down what somebody said on a topic, line by line (PM-14).

    :raises SpeechEmpty: no words
    :raises NotAmongPresent: the person is not there
    """
    activity = lock_open(item.activity_id)
    RUN_ACTIVITY.require(actor, activity, at=at)
    if not text.strip():
        raise SpeechEmpty
    if not activity.attendances.filter(person=person, status=AttendanceStatus.PRESENT).exists():
        raise NotAmongPresent(name=person.name)
    return AgendaSpeech.objects.create(item_id=item.pk, person=person, text=text.strip(), added_by=actor, added_at=at)


@transaction.atomic
def take_back_speech(*, speech: AgendaSpeech, actor: Person, at: datetime) -> None:
    """Take back a line written down by mistake while the activity is open."""
    activity = lock_open(speech.item.activity_id)
    RUN_ACTIVITY.require(actor, activity, at=at)
    if not AgendaSpeech.objects.filter(pk=speech.pk).delete()[0]:
        raise Stale


def add_photo(*, activity: Activity, upload: Upload, actor: Person, at: datetime) -> ActivityPhoto:
    """Add a picture or PDF to an open activity; the same one a second time gives the first.

    When it was taken is kept where the camera says so; where it was taken is dropped with everything else it says.
    """
    RUN_ACTIVITY.require(actor, activity, at=at)
    upload, taken_at = with_moment(upload, before=at)
    file = prepare_file(upload)
    with transaction.atomic():
        lock_open(activity.pk)
        photo, _is_new = ActivityPhoto.objects.get_or_create(
            activity=activity, file=keep_file(file, at=at),
            defaults={"name": file.name, "added_by": actor, "added_at": at, "taken_at": taken_at},
        )  # fmt: skip
    return photo
