"""组织生活."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Field, Query, Router, Schema, Status

from ronghe.api.acting import actor_of
from ronghe.api.v1.partylife_hours import router as hours
from ronghe.api.v1.partylife_keeping import router as keeping
from ronghe.api.v1.partylife_sites import router as sites
from ronghe.api.v1.shapes import PAGE_SIZE, Named, Page, listed_answer, named
from ronghe.domain.org.models import Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.partylife.calc.pairs import NeedKind
from ronghe.domain.partylife.enums import (
    TalkDoubt,
    TalkKind,
    TalkState,
    TalkTopic,
)
from ronghe.domain.partylife.models import Talk
from ronghe.domain.partylife.selectors.talks import (
    bodies_with_matrix,
    list_talks,
    matrix_of,
    missing_in,
    next_talks,
    people_to_talk_with,
    plans_of,
    talks_seen_by,
)
from ronghe.domain.partylife.services.talks import (
    confirm_talk,
    decline_talk,
    drop_plan,
    plan_talk,
    read_talk,
    record_talk,
    void_talk,
)

router = Router(tags=["partylife"])
router.add_router("", keeping)
router.add_router("", sites)
router.add_router("", hours)


class LifeTalkRow(Schema):
    id: int
    by: Named
    other: Named
    body: Named
    kind: TalkKind
    day: date
    state: TalkState


class LifeTalkRequest(Schema):
    other: int
    day: date
    topics: list[TalkTopic] = []
    text: str = Field("", max_length=2000, description="加密保存，只有谈话的两个人能看；接口不返回")


class LifeTalkDoubtRequest(Schema):
    doubt: TalkDoubt


class LifeTalkPlanRequest(Schema):
    other: int
    day: date


class LifePlanAnswer(Schema):
    id: int
    other: Named
    planned_on: date


class LifeMissing(Schema):
    kind: NeedKind
    who: Named
    other: Named | None = Field(description="和谁；没有就是任何一位都行")


class LifeMatrixAnswer(Schema):
    body: Named
    year: int
    met: int
    total: int
    is_complete: bool
    missing: list[LifeMissing]


class LifeNextTalk(Schema):
    person: Named
    kind: NeedKind
    body: Named


@router.get("/talks", response=Page[LifeTalkRow], summary="谈心谈话", operation_id="partylife_talks")
def talk_list(request: HttpRequest, page: int = Query(1, ge=1)) -> Any:
    return listed_answer(list_talks(actor_of(request), timezone.now(), page=page, size=PAGE_SIZE), _talk)


@router.post("/talks", response={201: LifeTalkRow}, summary="记谈心谈话", operation_id="partylife_record_talk")
def talk_record(request: HttpRequest, wanted: LifeTalkRequest) -> Status[Any]:
    actor, now = actor_of(request), timezone.now()
    other = get_object_or_404(people_to_talk_with(actor, now), pk=wanted.other)
    talk = record_talk(other=other, day=wanted.day, topics=wanted.topics, text=wanted.text, actor=actor, at=now)
    return Status(201, _talk(_seen_talk(actor, talk.pk)))


@router.post("/talks/{talk_id}/confirm", response=LifeTalkRow, summary="谈过", operation_id="partylife_confirm_talk")
def talk_confirm(request: HttpRequest, talk_id: int) -> Any:
    actor = actor_of(request)
    return _talk(confirm_talk(talk=_seen_talk(actor, talk_id), actor=actor, at=timezone.now()))


@router.post(
    "/talks/{talk_id}/decline", response=LifeTalkRow, summary="退回谈话", operation_id="partylife_decline_talk"
)
def talk_decline(request: HttpRequest, talk_id: int, wanted: LifeTalkDoubtRequest) -> Any:
    actor = actor_of(request)
    talk = _seen_talk(actor, talk_id)
    return _talk(decline_talk(talk=talk, doubt=wanted.doubt, actor=actor, at=timezone.now()))


@router.post(
    "/talks/{talk_id}/read", response=dict[str, str], summary="看谈了什么，留记录", operation_id="partylife_read_talk"
)
def talk_read(request: HttpRequest, talk_id: int) -> Any:
    """A POST, because the look is recorded."""
    actor = actor_of(request)
    return {"text": read_talk(talk=_seen_talk(actor, talk_id), actor=actor, at=timezone.now())}


@router.post("/talks/{talk_id}/void", response=LifeTalkRow, summary="作废谈话", operation_id="partylife_void_talk")
def talk_void(request: HttpRequest, talk_id: int, wanted: LifeTalkDoubtRequest) -> Any:
    actor = actor_of(request)
    talk = _seen_talk(actor, talk_id)
    return _talk(void_talk(talk=talk, doubt=wanted.doubt, actor=actor, at=timezone.now()))


@router.post("/talk-plans", response={201: LifePlanAnswer}, summary="约谈心", operation_id="partylife_plan_talk")
def talk_plan(request: HttpRequest, wanted: LifeTalkPlanRequest) -> Status[Any]:
    actor, now = actor_of(request), timezone.now()
    other = get_object_or_404(people_to_talk_with(actor, now), pk=wanted.other)
    plan = plan_talk(other=other, day=wanted.day, actor=actor, at=now)
    return Status(201, {"id": plan.pk, "other": named(plan.other), "planned_on": plan.planned_on})


@router.delete("/talk-plans/{plan_id}", response=LifePlanAnswer, summary="不约了", operation_id="partylife_drop_plan")
def talk_plan_drop(request: HttpRequest, plan_id: int) -> Any:
    actor, now = actor_of(request), timezone.now()
    plan = drop_plan(plan=get_object_or_404(plans_of(actor), pk=plan_id), actor=actor, at=now)
    return {"id": plan.pk, "other": named(plan.other), "planned_on": plan.planned_on}


@router.get("/talks/next", response=list[LifeNextTalk], summary="下一个该和谁谈", operation_id="partylife_next_talks")
def talk_next(request: HttpRequest) -> Any:
    found = next_talks(actor_of(request), timezone.now())
    return [{"person": named(one.person), "kind": one.kind, "body": named(one.body)} for one in found]


@router.get("/pairs/{body_id}", response=LifeMatrixAnswer, summary="按对看进度", operation_id="partylife_pairs")
def pairs(request: HttpRequest, body_id: int, year: int | None = Query(None, ge=1950, le=2999)) -> Any:
    actor, now = actor_of(request), timezone.now()
    body, today = get_object_or_404(bodies_with_matrix(actor, now), pk=body_id), local_day(now)
    matrix = matrix_of(body, year or today.year, today)
    return {
        "body": named(body), "year": matrix.year, "met": len(matrix.progress.met), "total": matrix.progress.total,
        "is_complete": matrix.progress.is_complete,
        "missing": [
            {"kind": one.kind, "who": named(one.who), "other": named(one.other)} for one in missing_in(matrix)
        ],
    }  # fmt: skip


def _seen_talk(actor: Person, talk_id: int) -> Talk:
    return get_object_or_404(talks_seen_by(actor, timezone.now()), pk=talk_id)


def _talk(talk: Talk) -> dict[str, Any]:
    return {
        "id": talk.pk, "by": named(talk.by), "other": named(talk.other), "body": named(talk.body), "kind": talk.kind,
        "day": talk.day, "state": talk.state,
    }  # fmt: skip
