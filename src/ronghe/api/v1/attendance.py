"""Signing in to an activity: by the code, by the card, ticked, excused; and its pictures."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Field, File, Router, Schema, Status
from ninja.files import UploadedFile

from ronghe.api.acting import actor_of
from ronghe.api.uploads import upload_of
from ronghe.api.v1.activity_finding import activity_seen, person_meant
from ronghe.api.v1.shapes import Named
from ronghe.domain.rhythm.enums import AttendanceStatus, AttendanceWay, LeaveKind
from ronghe.domain.rhythm.models import Attendance
from ronghe.domain.rhythm.rules import RUN_ACTIVITY
from ronghe.domain.rhythm.selectors import SheetRow
from ronghe.domain.rhythm.services.agenda import add_photo
from ronghe.domain.rhythm.services.codes import sign_in_code
from ronghe.domain.rhythm.services.sign_in import (
    note_leave,
    sign_in_with_card,
    sign_in_with_code,
    tick_present,
    withdraw_tick,
)

router = Router(tags=["rhythm"])


class AttendanceAnswer(Schema):
    person: Named
    status: AttendanceStatus
    way: AttendanceWay | None
    signed_at: datetime | None
    recorded_by: Named = Field(description="经手人：本人扫码时就是本人")
    is_guest: bool = Field(description="列席")
    is_late: bool = Field(description="迟到")
    left_at: datetime | None = Field(description="提前离会")
    counts_as_signature: bool = Field(description="本人签到；代为勾选的不算（PM-15）")


class AwayAnswer(Schema):
    person: Named
    status: AttendanceStatus
    leave_kind: LeaveKind | None
    reason: str | None

    @staticmethod
    def from_row(row: SheetRow) -> dict[str, Any]:
        known = row.attendance
        return {
            "person": row.person,
            "status": known.status if known else AttendanceStatus.ABSENT,
            "leave_kind": known.leave_kind if known else None,
            "reason": known.reason if known else None,
        }


class CodeAnswer(Schema):
    code: str = Field(description="显示为二维码；过一会儿就换")


class CodeRequest(Schema):
    code: str = Field(max_length=200, description="扫到的签到码")


class CardRequest(Schema):
    card: str = Field(max_length=200, description="扫到的党员卡")


class TickRequest(Schema):
    person: int = Field(description="人员编号")


class LeaveRequest(Schema):
    person: int
    kind: LeaveKind
    reason: str | None = Field(None, max_length=120)


class PhotosAnswer(Schema):
    photos: list[int]


@router.get("/activities/{activity_id}/code", response=CodeAnswer, summary="签到码", operation_id="activities_code")
def activity_code(request: HttpRequest, activity_id: int) -> Any:
    actor, now = actor_of(request), timezone.now()
    activity = activity_seen(actor, activity_id)
    RUN_ACTIVITY.require(actor, activity, at=now)
    return {"code": sign_in_code(activity, at=now)}


@router.post("/sign-ins", response=AttendanceAnswer, summary="本人扫码签到", operation_id="sign_in_with_code")
def sign_in_own_phone(request: HttpRequest, wanted: CodeRequest) -> Any:
    return sign_in_with_code(code=wanted.code, actor=actor_of(request), at=timezone.now())


@router.post(
    "/activities/{activity_id}/cards",
    response=AttendanceAnswer,
    summary="扫党员卡签到",
    operation_id="sign_in_with_card",
)
def sign_in_card(request: HttpRequest, activity_id: int, wanted: CardRequest) -> Any:
    actor = actor_of(request)
    return sign_in_with_card(
        activity=activity_seen(actor, activity_id), card=wanted.card, actor=actor, at=timezone.now()
    )


@router.post(
    "/activities/{activity_id}/ticks", response=AttendanceAnswer, summary="代为勾选到会", operation_id="tick_present"
)
def tick(request: HttpRequest, activity_id: int, wanted: TickRequest) -> Any:
    """算到会，不算签名；三会一课和表决不能代勾（PM-15）。"""
    actor = actor_of(request)
    activity = activity_seen(actor, activity_id)
    return tick_present(
        activity=activity, person=person_meant(actor, activity, wanted.person), actor=actor, at=timezone.now()
    )


@router.post("/activities/{activity_id}/untick", response={204: None}, summary="撤回代为勾选", operation_id="untick")
def untick(request: HttpRequest, activity_id: int, wanted: TickRequest) -> Status[Any]:
    """本人签到的不能撤。"""
    actor = actor_of(request)
    rows = activity_seen(actor, activity_id).attendances.select_related("person")
    withdraw_tick(attendance=get_object_or_404(rows, person=wanted.person), actor=actor, at=timezone.now())
    return Status(204, None)


@router.post(
    "/activities/{activity_id}/photos", response={201: PhotosAnswer}, summary="附照片", operation_id="activities_photo"
)
def photo_add(request: HttpRequest, activity_id: int, photo: File[list[UploadedFile]]) -> Status[Any]:
    actor, now = actor_of(request), timezone.now()
    activity = activity_seen(actor, activity_id)
    made = [add_photo(activity=activity, upload=upload_of(one), actor=actor, at=now).pk for one in photo]
    return Status(201, {"photos": made})


@router.post("/activities/{activity_id}/leaves", response=AwayAnswer, summary="登记一人请假", operation_id="note_leave")
def leave(request: HttpRequest, activity_id: int, wanted: LeaveRequest) -> Attendance:
    actor = actor_of(request)
    activity = activity_seen(actor, activity_id)
    person = person_meant(actor, activity, wanted.person)
    return note_leave(
        activity=activity, person=person, kind=wanted.kind, reason=wanted.reason, actor=actor, at=timezone.now()
    )
