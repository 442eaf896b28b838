"""What is kept of an activity line by line: topics with speeches and votes, the form of its mechanism, who came how."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Prefetch
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Field, Router, Schema, Status
from pydantic import AwareDatetime

from ronghe.api.acting import actor_of
from ronghe.api.v1.shapes import Named, named
from ronghe.domain.org.models import PartyOrg, Person
from ronghe.domain.rhythm.calc.pieces import TITLES
from ronghe.domain.rhythm.enums import (
    ActivityType,
    CheckAnswer,
    ItemOrigin,
    LeaveKind,
    Matter,
    VoteMethod,
    VoteOutcome,
)
from ronghe.domain.rhythm.models import Activity, AgendaDissent, AgendaItem, AgendaSpeech, Attendance
from ronghe.domain.rhythm.rules import PLAN_ACTIVITY
from ronghe.domain.rhythm.selectors import activities_seen_by, expected_people
from ronghe.domain.rhythm.selectors.duties import outlook_of
from ronghe.domain.rhythm.selectors.followup import follow_up_lines, follow_up_of
from ronghe.domain.rhythm.selectors.forms import check_lines, figure_lines, pieces_missing
from ronghe.domain.rhythm.selectors.voting import applicants_for, floor_of, needs_of
from ronghe.domain.rhythm.services.agenda import add_speech, edit_agenda_item, make_task, take_back_speech
from ronghe.domain.rhythm.services.forms import (
    answer_check,
    answer_rest_fine,
    enter_figure,
    make_task_of_check,
    write_outcome,
)
from ronghe.domain.rhythm.services.sign_in import allow_online, mark_late, mark_left, note_leave, sign_in_online
from ronghe.domain.rhythm.services.voting import (
    admit_late_voters,
    note_dissent,
    note_written_opinions,
    open_item_ballot,
    record_vote,
    set_matter,
)
from ronghe.kernel.words import _

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


class FormCheck(Schema):
    id: str
    title: str
    answer: CheckAnswer | None
    note: str
    task: int | None


class FormFigureAnswer(Schema):
    id: str
    title: str
    unit: str
    value: Decimal | None


class ActivityFormAnswer(Schema):
    mechanism: str | None = Field(description="按哪项制度办")
    checks: list[FormCheck]
    figures: list[FormFigureAnswer]
    result: str
    result_figure: Decimal | None
    result_unit: str
    next_step: str
    missing: list[str] = Field(description="按制度还缺的；已结束的是结束时缺的")
    missing_reason: str
    follow_up: list[str] = Field(description="上次议定事项办理情况")
    allows_online: bool


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


class FormCheckRequest(Schema):
    answer: CheckAnswer
    note: str = Field("", max_length=200)


class FigureRequest(Schema):
    value: Decimal | None = Field(None, description="不填为收回")


class ActivityOutcomeRequest(Schema):
    next_step: str = Field("", max_length=200)
    result: str = Field("", max_length=200)
    result_figure: Decimal | None = None
    result_unit: str = Field("", max_length=16)


class SwitchRequest(Schema):
    on: bool


class OwnLeaveRequest(Schema):
    kind: LeaveKind
    reason: str | None = Field(None, max_length=120)


class OutlookAnswer(Schema):
    met: list[str] = Field(description="可同时计入的应办事项")
    barred: list[str] = Field(description="不计入的，和原因")


class BallotOpened(Schema):
    ballot: int


class ActivityCountAnswer(Schema):
    count: int


@router.get("/outlook", response=OutlookAnswer, summary="这次可同时计入哪些应办事项", operation_id="activities_outlook")
def outlook(request: HttpRequest, body: int, activity_type: ActivityType, day: date) -> Any:
    actor, now = actor_of(request), timezone.now()
    bodies = PLAN_ACTIVITY.narrow(actor, PartyOrg.objects.filter(valid_until=None), at=now)
    found = outlook_of({get_object_or_404(bodies, pk=body).pk: activity_type}, day)
    return {"met": [row.title for row in found.met], "barred": [row.reason for row in found.barred]}


@router.get(
    "/activities/{activity_id}/form", response=ActivityFormAnswer, summary="活动的表单", operation_id="activities_form"
)
def activity_form(request: HttpRequest, activity_id: int) -> Any:
    return _form(_seen(actor_of(request), activity_id))


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
    person = _came(item.activity, wanted.person)
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
    person = _came(item.activity, wanted.person)
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
    assignee = _expected(item.activity, wanted.assignee)
    make_task(item=item, assignee=assignee, due_at=wanted.due_at, actor=actor, at=timezone.now())
    return _topic(_item(actor, activity_id, number))


@router.put(
    "/activities/{activity_id}/checks/{check_id}",
    response=ActivityFormAnswer,
    summary="答一项检查",
    operation_id="activities_check",
)
def check_put(request: HttpRequest, activity_id: int, check_id: str, wanted: FormCheckRequest) -> Any:
    actor = actor_of(request)
    activity = _seen(actor, activity_id)
    answer_check(
        activity=activity, check_id=check_id, answer=wanted.answer, note=wanted.note, actor=actor, at=timezone.now()
    )
    return _form(activity)


@router.post(
    "/activities/{activity_id}/checks-fine",
    response=ActivityCountAnswer,
    summary="其余检查都正常",
    operation_id="activities_checks_fine",
)
def checks_fine(request: HttpRequest, activity_id: int) -> Any:
    actor = actor_of(request)
    return {"count": answer_rest_fine(activity=_seen(actor, activity_id), actor=actor, at=timezone.now())}


@router.post(
    "/activities/{activity_id}/checks/{check_id}/task",
    response=ActivityFormAnswer,
    summary="把检查出的问题转为任务",
    operation_id="activities_check_task",
)
def check_task(request: HttpRequest, activity_id: int, check_id: str, wanted: GivenTaskRequest) -> Any:
    actor = actor_of(request)
    activity = _seen(actor, activity_id)
    make_task_of_check(
        activity=activity, check_id=check_id, assignee=_expected(activity, wanted.assignee), due_at=wanted.due_at,
        actor=actor, at=timezone.now(),
    )  # fmt: skip
    return _form(activity)


@router.put(
    "/activities/{activity_id}/figures/{figure_id}",
    response=ActivityFormAnswer,
    summary="填一个数据",
    operation_id="activities_figure",
)
def figure_put(request: HttpRequest, activity_id: int, figure_id: str, wanted: FigureRequest) -> Any:
    actor = actor_of(request)
    activity = _seen(actor, activity_id)
    enter_figure(activity=activity, figure_id=figure_id, value=wanted.value, actor=actor, at=timezone.now())
    return _form(activity)


@router.put(
    "/activities/{activity_id}/outcome",
    response=ActivityFormAnswer,
    summary="写成果和下一步",
    operation_id="activities_outcome",
)
def outcome_put(request: HttpRequest, activity_id: int, wanted: ActivityOutcomeRequest) -> Any:
    actor = actor_of(request)
    activity = _seen(actor, activity_id)
    write_outcome(activity=activity, actor=actor, at=timezone.now(), **wanted.dict())
    return _form(_seen(actor, activity_id))


@router.put(
    "/activities/{activity_id}/online",
    response=ActivityFormAnswer,
    summary="开放或关闭线上参会",
    operation_id="activities_online",
)
def online_put(request: HttpRequest, activity_id: int, wanted: SwitchRequest) -> Any:
    actor = actor_of(request)
    activity = _seen(actor, activity_id)
    allow_online(activity=activity, is_allowed=wanted.on, actor=actor, at=timezone.now())
    return _form(activity)


@router.post(
    "/activities/{activity_id}/online/join",
    response={204: None},
    summary="线上参会",
    operation_id="activities_join_online",
)
def online_join(request: HttpRequest, activity_id: int) -> Status[None]:
    """可记录，不算表决到会（PM-15）。"""
    actor = actor_of(request)
    sign_in_online(activity=_seen(actor, activity_id), actor=actor, at=timezone.now())
    return Status(204, None)


@router.post(
    "/activities/{activity_id}/leaves/own",
    response={204: None},
    summary="本人请假",
    operation_id="activities_own_leave",
)
def own_leave(request: HttpRequest, activity_id: int, wanted: OwnLeaveRequest) -> Status[None]:
    actor = actor_of(request)
    note_leave(
        activity=_seen(actor, activity_id), person=actor, kind=wanted.kind, reason=wanted.reason, actor=actor,
        at=timezone.now(),
    )  # fmt: skip
    return Status(204, None)


@router.put(
    "/activities/{activity_id}/attendances/{person_id}/late",
    response={204: None},
    summary="记迟到或去掉",
    operation_id="activities_late",
)
def late_put(request: HttpRequest, activity_id: int, person_id: int, wanted: SwitchRequest) -> Status[None]:
    actor = actor_of(request)
    row = _attendance(_seen(actor, activity_id), person_id)
    mark_late(attendance=row, is_late=wanted.on, actor=actor, at=timezone.now())
    return Status(204, None)


@router.put(
    "/activities/{activity_id}/attendances/{person_id}/left",
    response={204: None},
    summary="记提前离会或去掉",
    operation_id="activities_left",
)
def left_put(request: HttpRequest, activity_id: int, person_id: int, wanted: SwitchRequest) -> Status[None]:
    actor = actor_of(request)
    row = _attendance(_seen(actor, activity_id), person_id)
    mark_left(attendance=row, has_left=wanted.on, actor=actor, at=timezone.now())
    return Status(204, None)


def _seen(actor: Person, activity_id: int) -> Activity:
    return get_object_or_404(activities_seen_by(actor, timezone.now()), pk=activity_id)


def _item(actor: Person, activity_id: int, number: int) -> AgendaItem:
    activity = _seen(actor, activity_id)
    rows = AgendaItem.objects.select_related("task", "ballot", "applicant").prefetch_related(
        Prefetch("speeches", AgendaSpeech.objects.select_related("person").order_by("pk")),
        Prefetch("dissents", AgendaDissent.objects.select_related("person").order_by("pk")),
    )
    item = get_object_or_404(rows, activity=activity, number=number)
    item.activity = activity
    return item


def _expected(activity: Activity, person_id: int) -> Person:
    return get_object_or_404(expected_people(activity), pk=person_id)


def _came(activity: Activity, person_id: int) -> Person:
    came = activity.attendances.order_by().values("person_id")
    return get_object_or_404(Person.objects.filter(pk__in=came), pk=person_id)


def _attendance(activity: Activity, person_id: int) -> Attendance:
    return get_object_or_404(activity.attendances.select_related("person"), person=person_id)


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


def _form(activity: Activity) -> dict[str, Any]:
    follow_up = follow_up_of(activity)
    missing = activity.missing if activity.closed_at is not None else pieces_missing(activity)
    return {
        "mechanism": activity.form.title.here if activity.form is not None else None,
        "checks": [
            {"id": line.id, "title": line.title, "answer": line.answer.answer if line.answer else None,
             "note": line.answer.note if line.answer else "", "task": line.answer.task_id if line.answer else None}
            for line in check_lines(activity)
        ],
        "figures": [
            {"id": line.id, "title": line.title, "unit": line.unit, "value": line.value}
            for line in figure_lines(activity)
        ],
        "result": activity.result, "result_figure": activity.result_figure, "result_unit": activity.result_unit,
        "next_step": activity.next_step, "missing": [_(TITLES[piece]) for piece in missing],
        "missing_reason": activity.missing_reason,
        "follow_up": follow_up_lines(follow_up) if follow_up is not None else [],
        "allows_online": activity.allows_online,
    }  # fmt: skip
