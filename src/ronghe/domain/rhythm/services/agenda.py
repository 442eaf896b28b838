"""Keeping the record while the activity is open: topics, votes, tasks, pictures."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Max

from ronghe.domain.org.models import Person
from ronghe.domain.rhythm.enums import SIGNATURE_WAYS, AttendanceStatus, VoteMethod
from ronghe.domain.rhythm.models import Activity, ActivityPhoto, AgendaItem, Attendance
from ronghe.domain.rhythm.rules import RUN_ACTIVITY
from ronghe.domain.rhythm.services.sign_in import lock_open
from ronghe.domain.work.services.files import Upload, keep_file, prepare_file
from ronghe.domain.work.services.tasks import open_task
from ronghe.kernel.errors import DomainError
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


class MoreVotesThanVoters(DomainError):
    """PM-15: only who signed in counts for a vote."""

    code = "more_votes_than_voters"
    sentence = N_("票数共 %(votes)s，本人签到的只有 %(voters)s 人，请核对。")
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
        activity=activity, number=(last or 0) + 1, topic=topic.strip(), notes=notes, decision=decision or None
    )
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
def record_vote(
    *, item: AgendaItem, method: VoteMethod, votes_for: int, votes_against: int, votes_abstained: int,
    actor: Person, at: datetime,
) -> AgendaItem:  # fmt: skip
    """Write down how a topic was voted on (PM-14).

    :raises MoreVotesThanVoters: more votes than people who signed in themselves (PM-15)
    """
    activity = lock_open(item.activity_id)
    RUN_ACTIVITY.require(actor, activity, at=at)
    present = Attendance.objects.filter(activity=activity, status=AttendanceStatus.PRESENT, is_guest=False)
    voters = present.filter(way__in=SIGNATURE_WAYS).count()
    votes = votes_for + votes_against + votes_abstained
    if votes > voters:
        raise MoreVotesThanVoters(votes=votes, voters=voters)
    item.vote_method, item.votes_for = method, votes_for
    item.votes_against, item.votes_abstained = votes_against, votes_abstained
    item.save(update_fields=["vote_method", "votes_for", "votes_against", "votes_abstained"])
    return item


def add_photo(*, activity: Activity, upload: Upload, actor: Person, at: datetime) -> ActivityPhoto:
    """Add a picture or PDF to an open activity; the same one a second time gives the first."""
    RUN_ACTIVITY.require(actor, activity, at=at)
    file = prepare_file(upload)
    with transaction.atomic():
        lock_open(activity.pk)
        photo, _is_new = ActivityPhoto.objects.get_or_create(
            activity=activity, file=keep_file(file, at=at),
            defaults={"name": file.name, "added_by": actor, "added_at": at},
        )  # fmt: skip
    return photo
