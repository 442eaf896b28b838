"""The topics of an activity: speeches, dissent, the vote, and the task that comes of one."""

from __future__ import annotations

from typing import Any

from django.db.models import Prefetch
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Field, Router, Schema, Status
from pydantic import AwareDatetime

from ronghe.api.acting import actor_of
from ronghe.api.v1.activity_finding import activity_seen, person_expected, person_who_came
from ronghe.api.v1.shapes import Named, named
from ronghe.domain.org.models import Person
from ronghe.domain.rhythm.enums import ItemOrigin, Matter, VoteMethod, VoteOutcome
from ronghe.domain.rhythm.models import AgendaDissent, AgendaItem, AgendaSpeech
from ronghe.domain.rhythm.selectors.voting import applicants_for, floor_of, needs_of
from ronghe.domain.rhythm.services.agenda import add_speech, edit_agenda_item, make_task, take_back_speech
from ronghe.domain.rhythm.services.voting import (
    admit_late_voters,
    note_dissent,
    note_written_opinions,
    open_item_ballot,
    record_vote,
    set_matter,
)

router = Router(tags=["rhythm"])


class TopicSpeech(Schema):
    id: int
    person: Named
    text: str


class TopicAnswer(Schema):
    id: int
    number: int
    topic: str
    origin: ItemOrigin = Field(description="own 自己加的；form 制度的议程；follow_up 上次议定事项")
    notes: str
    decision: str | None
    matter: Matter = Field(description="表决按什么计票，三种口径不混用（PM-13）")
    applicant: Named | None
    speeches: list[TopicSpeech]
    dissents: list[TopicSpeech] = Field(description="保留的不同意见")
    vote_method: VoteMethod | None
    votes_for: int | None
    votes_against: int | None
    votes_abstained: int | None
    written: list[int] = Field(description="会前书面意见：赞成、反对、弃权")
    vote_outcome: VoteOutcome | None
    ballot: int | None
    task: int | None
    needs: list[str] = Field(description="还需要什么才能表决、才能通过")
    may_vote: list[Named] = Field(description="在场有表决权的人")
    without_vote: list[str] = Field(description="在场没有表决权的人和原因")


class TopicEditRequest(Schema):
    topic: str = Field(max_length=120)
    notes: str = Field("", max_length=2000)
    decision: str | None = Field(None, max_length=400)


class SpokenRequest(Schema):
    person: int
    text: str = Field(max_length=600)


class DissentRequest(Schema):
    person: int
    text: str = Field(max_length=300)


class MatterRequest(Schema):
    matter: Matter
    applicant: int | None = Field(None, description="接收或转正的是谁，一人一个议题（PM-12）")


class TopicVoteRequest(Schema):
    method: VoteMethod
    votes_for: int = Field(ge=0, le=100_000)
    votes_against: int = Field(0, ge=0, le=100_000)
    votes_abstained: int = Field(0, ge=0, le=100_000)


class WrittenRequest(Schema):
    yes: int = Field(0, ge=0, le=100_000)
    no: int = Field(0, ge=0, le=100_000)
    abstained: int = Field(0, ge=0, le=100_000)


class GivenTaskRequest(Schema):
    assignee: int
    due_at: AwareDatetime


class BallotOpened(Schema):
    ballot: int


class ActivityCountAnswer(Schema):
    count: int


@router.get(
    "/activities/{activity_id}/topics/{number}", response=TopicAnswer, summary="一个议题", operation_id="topics_detail"
)
def topic_detail(request: HttpRequest, activity_id: int, number: int) -> Any:
    return _topic(_item(actor_of(request), activity_id, number))


@router.put(
    "/activities/{activity_id}/topics/{number}",
    response=TopicAnswer,
    summary="写议题的讨论和决定",
    operation_id="topics_edit",
)
def topic_edit(request: HttpRequest, activity_id: int, number: int, wanted: TopicEditRequest) -> Any:
    actor = actor_of(request)
    edit_agenda_item(item=_item(actor, activity_id, number), actor=actor, at=timezone.now(), **wanted.dict())
    return _topic(_item(actor, activity_id, number))


@router.post(
    "/activities/{activity_id}/topics/{number}/speeches",
    response={201: TopicSpeech},
    summary="记一行发言",
    operation_id="topics_speak",
)
def speech_add(request: HttpRequest, activity_id: int, number: int, wanted: SpokenRequest) -> Status[Any]:
    actor = actor_of(request)
    item = _item(actor, activity_id, number)
    person = person_who_came(item.activity, wanted.person)
    speech = add_speech(item=item, person=person, text=wanted.text, actor=actor, at=timezone.now())
    return Status(201, _said(speech))


@router.delete(
    "/activities/{activity_id}/topics/{number}/speeches/{speech_id}",
    response={204: None},
    summary="撤回一行发言",
    operation_id="topics_unspeak",
)
def speech_withdraw(request: HttpRequest, activity_id: int, number: int, speech_id: int) -> Status[None]:
    actor = actor_of(request)
    item = _item(actor, activity_id, number)
    speech = get_object_or_404(AgendaSpeech.objects.select_related("item"), pk=speech_id, item=item)
    take_back_speech(speech=speech, actor=actor, at=timezone.now())
    return Status(204, None)


@router.post(
    "/activities/{activity_id}/topics/{number}/dissents",
    response={201: TopicSpeech},
    summary="记保留的不同意见",
    operation_id="topics_dissent",
)
def dissent_add(request: HttpRequest, activity_id: int, number: int, wanted: DissentRequest) -> Status[Any]:
    actor = actor_of(request)
    item = _item(actor, activity_id, number)
    person = person_who_came(item.activity, wanted.person)
    return Status(201, _said(note_dissent(item=item, person=person, text=wanted.text, actor=actor, at=timezone.now())))


@router.post(
    "/activities/{activity_id}/topics/{number}/matter",
    response=TopicAnswer,
    summary="定表决的类别",
    operation_id="topics_matter",
)
def topic_matter(request: HttpRequest, activity_id: int, number: int, wanted: MatterRequest) -> Any:
    """决定按哪种口径计票，三种口径不混用（PM-13）；选举到换届选举办理。"""
    actor = actor_of(request)
    item = _item(actor, activity_id, number)
    applicant = None
    if wanted.applicant is not None:
        applicant = get_object_or_404(applicants_for(item.activity, actor, timezone.now()), pk=wanted.applicant)
    set_matter(item=item, matter=wanted.matter, applicant=applicant, actor=actor, at=timezone.now())
    return _topic(_item(actor, activity_id, number))


@router.post(
    "/activities/{activity_id}/topics/{number}/written",
    response=TopicAnswer,
    summary="记会前书面意见",
    operation_id="topics_written",
)
def topic_written(request: HttpRequest, activity_id: int, number: int, wanted: WrittenRequest) -> Any:
    actor = actor_of(request)
    note_written_opinions(item=_item(actor, activity_id, number), actor=actor, at=timezone.now(), **wanted.dict())
    return _topic(_item(actor, activity_id, number))


@router.post(
    "/activities/{activity_id}/topics/{number}/vote",
    response=TopicAnswer,
    summary="记表决结果",
    operation_id="topics_vote",
)
def topic_vote(request: HttpRequest, activity_id: int, number: int, wanted: TopicVoteRequest) -> Any:
    """一般事项按 PM-11 计票，接收和转正按 PM-12 计票。"""
    actor = actor_of(request)
    record_vote(item=_item(actor, activity_id, number), actor=actor, at=timezone.now(), **wanted.dict())
    return _topic(_item(actor, activity_id, number))


@router.post(
    "/activities/{activity_id}/topics/{number}/ballot",
    response={201: BallotOpened},
    summary="发起手机无记名投票",
    operation_id="topics_ballot",
)
def topic_ballot(request: HttpRequest, activity_id: int, number: int) -> Status[Any]:
    actor = actor_of(request)
    ballot = open_item_ballot(item=_item(actor, activity_id, number), actor=actor, at=timezone.now())
    return Status(201, {"ballot": ballot.pk})


@router.post(
    "/activities/{activity_id}/topics/{number}/ballot/admit",
    response=ActivityCountAnswer,
    summary="把后到的人补入投票名单",
    operation_id="topics_ballot_admit",
)
def topic_ballot_admit(request: HttpRequest, activity_id: int, number: int) -> Any:
    actor = actor_of(request)
    return {"count": admit_late_voters(item=_item(actor, activity_id, number), actor=actor, at=timezone.now())}


@router.post(
    "/activities/{activity_id}/topics/{number}/task",
    response=TopicAnswer,
    summary="把议题转为任务",
    operation_id="topics_task",
)
def topic_task(request: HttpRequest, activity_id: int, number: int, wanted: GivenTaskRequest) -> Any:
    actor = actor_of(request)
    item = _item(actor, activity_id, number)
    assignee = person_expected(item.activity, wanted.assignee)
    make_task(item=item, assignee=assignee, due_at=wanted.due_at, actor=actor, at=timezone.now())
    return _topic(_item(actor, activity_id, number))


def _item(actor: Person, activity_id: int, number: int) -> AgendaItem:
    activity = activity_seen(actor, activity_id)
    rows = AgendaItem.objects.select_related("task", "ballot", "applicant").prefetch_related(
        Prefetch("speeches", AgendaSpeech.objects.select_related("person").order_by("pk")),
        Prefetch("dissents", AgendaDissent.objects.select_related("person").order_by("pk")),
    )
    item = get_object_or_404(rows, activity=activity, number=number)
    item.activity = activity
    return item


def _said(row: AgendaSpeech | AgendaDissent) -> dict[str, Any]:
    return {"id": row.pk, "person": named(row.person), "text": row.text}


def _topic(item: AgendaItem) -> dict[str, Any]:
    floor = floor_of(item.activity, Matter(item.matter))
    return {
        "id": item.pk, "number": item.number, "topic": item.topic, "origin": item.origin, "notes": item.notes,
        "decision": item.decision, "matter": item.matter, "applicant": named(item.applicant),
        "speeches": [_said(row) for row in item.speeches.all()],
        "dissents": [_said(row) for row in item.dissents.all()],
        "vote_method": item.vote_method, "votes_for": item.votes_for, "votes_against": item.votes_against,
        "votes_abstained": item.votes_abstained,
        "written": [item.written_for, item.written_against, item.written_abstained],
        "vote_outcome": item.vote_outcome, "ballot": item.ballot_id, "task": item.task_id,
        "needs": [str(check) for check in needs_of(floor)] if not item.has_vote else [],
        "may_vote": [named(person) for person in floor.present],
        "without_vote": [f"{one.person.name}：{one.reason}" for one in floor.without],
    }  # fmt: skip
