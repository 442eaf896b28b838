"""What is kept of an activity line by line: topics with speeches and votes, the form of its mechanism, who came how."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Field, Router, Schema, Status

from ronghe.api.acting import actor_of
from ronghe.api.v1.activity_finding import activity_seen, person_expected
from ronghe.api.v1.shapes import Named, named
from ronghe.api.v1.topics import ActivityCountAnswer, GivenTaskRequest
from ronghe.domain.org.models import PartyOrg
from ronghe.domain.rhythm.calc.pieces import TITLES
from ronghe.domain.rhythm.enums import (
    ActivityType,
    CheckAnswer,
    LeaveKind,
)
from ronghe.domain.rhythm.models import Activity, Attendance
from ronghe.domain.rhythm.rules import right_to_plan
from ronghe.domain.rhythm.selectors.duties import outlook_of
from ronghe.domain.rhythm.selectors.expected import people_to_chair
from ronghe.domain.rhythm.selectors.followup import follow_up_lines, follow_up_of
from ronghe.domain.rhythm.selectors.forms import check_lines, figure_lines, pieces_missing
from ronghe.domain.rhythm.services.activities import name_chair
from ronghe.domain.rhythm.services.forms import (
    answer_check,
    answer_rest_fine,
    enter_figure,
    make_task_of_check,
    write_outcome,
)
from ronghe.domain.rhythm.services.sign_in import allow_online, mark_late, mark_left, note_leave, sign_in_online
from ronghe.kernel.words import _

router = Router(tags=["rhythm"])


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


@router.get("/outlook", response=OutlookAnswer, summary="这次可同时计入哪些应办事项", operation_id="activities_outlook")
def outlook(request: HttpRequest, body: int, activity_type: ActivityType, day: date) -> Any:
    actor, now = actor_of(request), timezone.now()
    bodies = right_to_plan(activity_type).narrow(actor, PartyOrg.objects.filter(valid_until=None), at=now)
    found = outlook_of({get_object_or_404(bodies, pk=body).pk: activity_type}, day)
    return {"met": [row.title for row in found.met], "barred": [row.reason for row in found.barred]}


class ChairRequest(Schema):
    person: int = Field(description="主持人的编号")


@router.put("/activities/{activity_id}/chair", response=Named, summary="换人主持", operation_id="activities_chair")
def activity_chair(request: HttpRequest, activity_id: int, wanted: ChairRequest) -> Any:
    """干事安排的会默认由书记主持；干事不主持。"""
    actor = actor_of(request)
    activity = activity_seen(actor, activity_id)
    person = get_object_or_404(people_to_chair(activity), pk=wanted.person)
    return named(name_chair(activity=activity, person=person, actor=actor, at=timezone.now()).chair)


@router.get(
    "/activities/{activity_id}/form", response=ActivityFormAnswer, summary="活动的表单", operation_id="activities_form"
)
def activity_form(request: HttpRequest, activity_id: int) -> Any:
    return _form(activity_seen(actor_of(request), activity_id))


@router.put(
    "/activities/{activity_id}/checks/{check_id}",
    response=ActivityFormAnswer,
    summary="答一项检查",
    operation_id="activities_check",
)
def check_put(request: HttpRequest, activity_id: int, check_id: str, wanted: FormCheckRequest) -> Any:
    actor = actor_of(request)
    activity = activity_seen(actor, activity_id)
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
    return {"count": answer_rest_fine(activity=activity_seen(actor, activity_id), actor=actor, at=timezone.now())}


@router.post(
    "/activities/{activity_id}/checks/{check_id}/task",
    response=ActivityFormAnswer,
    summary="把检查出的问题转为任务",
    operation_id="activities_check_task",
)
def check_task(request: HttpRequest, activity_id: int, check_id: str, wanted: GivenTaskRequest) -> Any:
    actor = actor_of(request)
    activity = activity_seen(actor, activity_id)
    make_task_of_check(
        activity=activity, check_id=check_id, assignee=person_expected(activity, wanted.assignee), due_at=wanted.due_at,
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
    activity = activity_seen(actor, activity_id)
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
    activity = activity_seen(actor, activity_id)
    write_outcome(activity=activity, actor=actor, at=timezone.now(), **wanted.dict())
    return _form(activity_seen(actor, activity_id))


@router.put(
    "/activities/{activity_id}/online",
    response=ActivityFormAnswer,
    summary="开放或关闭线上参会",
    operation_id="activities_online",
)
def online_put(request: HttpRequest, activity_id: int, wanted: SwitchRequest) -> Any:
    actor = actor_of(request)
    activity = activity_seen(actor, activity_id)
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
    sign_in_online(activity=activity_seen(actor, activity_id), actor=actor, at=timezone.now())
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
        activity=activity_seen(actor, activity_id), person=actor, kind=wanted.kind, reason=wanted.reason, actor=actor,
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
    row = _attendance(activity_seen(actor, activity_id), person_id)
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
    row = _attendance(activity_seen(actor, activity_id), person_id)
    mark_left(attendance=row, has_left=wanted.on, actor=actor, at=timezone.now())
    return Status(204, None)


def _attendance(activity: Activity, person_id: int) -> Attendance:
    return get_object_or_404(activity.attendances.select_related("person"), person=person_id)


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
