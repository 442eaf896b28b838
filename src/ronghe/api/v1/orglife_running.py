"""组织生活会: what is arranged, prepared and put right around the sitting, and what follows a poor grade."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Field, File, Form, Router, Schema, Status, UploadedFile

from ronghe.api.acting import actor_of
from ronghe.api.uploads import upload_of
from ronghe.api.v1.orglife_answers import member_seen, session_seen, session_whole
from ronghe.api.v1.orglife_shapes import LifeSessionAnswer
from ronghe.domain.orglife.enums import MeasureKind, Preparation
from ronghe.domain.orglife.models import Correction
from ronghe.domain.orglife.selectors.members import people_here
from ronghe.domain.orglife.selectors.sessions import studies_offered
from ronghe.domain.orglife.services.correcting import review_list, take_back_carrying
from ronghe.domain.orglife.services.grading import take_measure
from ronghe.domain.orglife.services.marking import admit_late, stop_marking
from ronghe.domain.orglife.services.planning import (
    arrange_meetings,
    call_off_session,
    refresh_members,
    take_back_exemption,
)
from ronghe.domain.orglife.services.preparing import link_study, note_criticism, note_preparation, take_back_preparation

router = Router(tags=["orglife"])
FILE: Any = File(None, description="照片或 PDF，可以不给")


class LifeReasonRequest(Schema):
    reason: str = Field(max_length=120)


class LifeReviewRequest(Schema):
    note: str = Field(max_length=400, description="整改得怎样")


class LifeStudyRequest(Schema):
    study: int = Field(description="哪次学习：活动的编号")


class LifePreparationRequest(Schema):
    item: Preparation
    note: str = Field("", max_length=400)


class LifeCriticismRequest(Schema):
    said_by: int
    text: str = Field(max_length=600, description="加密保存，接口不返回")


class LifeMeasureRequest(Schema):
    kind: MeasureKind
    reasons: str = Field(max_length=1000, description="加密保存，接口不返回")
    until: date | None = None
    helper: int | None = None


@router.post("/{session_id}/meetings", response=LifeSessionAnswer, summary="安排会议", operation_id="orglife_arrange")
def life_arrange(request: HttpRequest, session_id: int) -> Any:
    actor = actor_of(request)
    session = session_seen(actor, session_id)
    arrange_meetings(session=session, actor=actor, at=timezone.now())
    return session_whole(session, actor)


@router.post(
    "/{session_id}/refresh", response=LifeSessionAnswer, summary="按今天更新名单", operation_id="orglife_refresh"
)
def life_refresh(request: HttpRequest, session_id: int) -> Any:
    actor = actor_of(request)
    session = session_seen(actor, session_id)
    refresh_members(session=session, actor=actor, at=timezone.now())
    return session_whole(session, actor)


@router.post("/{session_id}/call-off", response=LifeSessionAnswer, summary="取消", operation_id="orglife_call_off")
def life_call_off(request: HttpRequest, session_id: int, wanted: LifeReasonRequest) -> Any:
    actor = actor_of(request)
    session = session_seen(actor, session_id)
    return session_whole(call_off_session(session=session, reason=wanted.reason, actor=actor, at=timezone.now()), actor)


@router.put("/{session_id}/study", response=LifeSessionAnswer, summary="记会前学习", operation_id="orglife_study")
def life_study(request: HttpRequest, session_id: int, wanted: LifeStudyRequest) -> Any:
    actor = actor_of(request)
    session = session_seen(actor, session_id)
    study = get_object_or_404(studies_offered(session), pk=wanted.study)
    return session_whole(link_study(session=session, study=study, actor=actor, at=timezone.now()), actor)


@router.post(
    "/{session_id}/preparations", response=LifeSessionAnswer, summary="记一项会前准备", operation_id="orglife_prepare"
)
def life_prepare(
    request: HttpRequest, session_id: int, wanted: Form[LifePreparationRequest], file: UploadedFile | None = FILE
) -> Any:
    actor = actor_of(request)
    session, upload = session_seen(actor, session_id), upload_of(file) if file is not None else None
    note_preparation(session=session, item=wanted.item, note=wanted.note, upload=upload, actor=actor, at=timezone.now())
    return session_whole(session, actor)


@router.delete(
    "/{session_id}/preparations/{item}", response=LifeSessionAnswer, summary="撤回一项会前准备",
    operation_id="orglife_unprepare",
)  # fmt: skip
def life_unprepare(request: HttpRequest, session_id: int, item: Preparation) -> Any:
    actor = actor_of(request)
    session = session_seen(actor, session_id)
    take_back_preparation(session=session, item=item, actor=actor, at=timezone.now())
    return session_whole(session, actor)


@router.post(
    "/{session_id}/admit", response=LifeSessionAnswer, summary="后来签到的人加入名单", operation_id="orglife_admit"
)
def life_admit(request: HttpRequest, session_id: int) -> Any:
    actor = actor_of(request)
    session = session_seen(actor, session_id)
    admit_late(session=session, actor=actor, at=timezone.now())
    return session_whole(session, actor)


@router.post("/{session_id}/stop", response=LifeSessionAnswer, summary="作废测评", operation_id="orglife_stop")
def life_stop(request: HttpRequest, session_id: int, wanted: LifeReasonRequest) -> Any:
    actor = actor_of(request)
    session = session_seen(actor, session_id)
    return session_whole(stop_marking(session=session, reason=wanted.reason, actor=actor, at=timezone.now()), actor)


@router.post("/{session_id}/review", response=LifeSessionAnswer, summary="回顾整改清单", operation_id="orglife_review")
def life_review(request: HttpRequest, session_id: int, wanted: LifeReviewRequest) -> Any:
    actor = actor_of(request)
    session = session_seen(actor, session_id)
    return session_whole(review_list(session=session, note=wanted.note, actor=actor, at=timezone.now()), actor)


@router.post(
    "/{session_id}/corrections/{correction_id}/keep", response=LifeSessionAnswer, summary="整改仍在今年",
    operation_id="orglife_keep",
)  # fmt: skip
def life_keep(request: HttpRequest, session_id: int, correction_id: int) -> Any:
    actor = actor_of(request)
    session = session_seen(actor, session_id)
    rows = Correction.objects.select_related("session__body")
    row = get_object_or_404(rows, pk=correction_id, session=session)
    take_back_carrying(correction=row, actor=actor, at=timezone.now())
    return session_whole(session, actor)


@router.post("/members/{member_id}/take-in", response={204: None}, summary="恢复参加", operation_id="orglife_take_in")
def life_take_in(request: HttpRequest, member_id: int) -> Status[Any]:
    actor = actor_of(request)
    take_back_exemption(member=member_seen(actor, member_id), actor=actor, at=timezone.now())
    return Status(204, None)


@router.post(
    "/members/{member_id}/criticisms", response={204: None}, summary="记会上的批评", operation_id="orglife_criticize"
)
def life_criticize(request: HttpRequest, member_id: int, wanted: LifeCriticismRequest) -> Status[Any]:
    actor = actor_of(request)
    row = member_seen(actor, member_id)
    said_by = get_object_or_404(people_here(row.session), pk=wanted.said_by)
    note_criticism(member=row, said_by=said_by, text=wanted.text, actor=actor, at=timezone.now())
    return Status(204, None)


@router.post(
    "/members/{member_id}/measure",
    response={204: None},
    summary="记帮助教育、限期改正或处置",
    operation_id="orglife_measure",
)
def life_measure(request: HttpRequest, member_id: int, wanted: LifeMeasureRequest) -> Status[Any]:
    actor = actor_of(request)
    row = member_seen(actor, member_id)
    helper = get_object_or_404(people_here(row.session), pk=wanted.helper) if wanted.helper is not None else None
    given = wanted.dict() | {"helper": helper}
    take_measure(member=row, actor=actor, at=timezone.now(), **given)
    return Status(204, None)
