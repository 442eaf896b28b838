"""党建联盟."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Field, Query, Router, Schema, Status

from ronghe.api.acting import actor_of
from ronghe.api.v1.alliance_people import router as people
from ronghe.api.v1.shapes import PAGE_SIZE, Named, Page, listed_answer, named
from ronghe.domain.alliances.enums import AllianceKind, ContactForm, DifficultyState, Side
from ronghe.domain.alliances.models import Alliance, AllianceDifficulty
from ronghe.domain.alliances.selectors import (
    alliances_seen_by,
    bodies_to_found_in,
    difficulties_seen_by,
    list_alliances,
    list_difficulties,
    our_people,
    partners_of,
    waiting_days,
)
from ronghe.domain.alliances.services import difficulties as acts
from ronghe.domain.alliances.services.alliances import end_alliance, found_alliance
from ronghe.domain.alliances.services.contacts import hold_contact
from ronghe.domain.org.models import Person

router = Router(tags=["alliances"])
router.add_router("", people)


class AllianceRow(Schema):
    id: int
    name: str
    kind: AllianceKind
    body: Named
    starts_on: date
    ended_on: date | None
    next_contact_on: date = Field(description="下次沟通最迟哪一天")
    partners: int
    open: int = Field(description="未办结的难题")
    resolved: int


class AllianceRequest(Schema):
    name: str = Field(max_length=80, min_length=1)
    kind: AllianceKind
    body: int
    purpose: str = Field("", max_length=400)
    starts_on: date | None = None
    ends_on: date | None = Field(None, description="不写为长期")
    document: str = Field("", max_length=120, description="在平台外签的联盟协议，名称或文号")
    contact_days: int | None = Field(None, ge=1, le=366, description="最长多少天沟通一次，不写按范本")


class AllianceContactRequest(Schema):
    day: date
    form: ContactForm
    partners: list[int]
    settled: str = Field(max_length=2000)
    our_people: str = Field("", max_length=200)
    place: str = Field("", max_length=80)
    next_on: date | None = None


class AllianceContactAnswer(Schema):
    id: int
    day: date
    form: ContactForm
    next_on: date


class AllianceDifficultyRow(Schema):
    id: int
    alliance: Named
    partner: Named
    title: str
    text: str
    due_on: date
    state: DifficultyState
    our_owner: Named | None
    our_claimed_at: datetime | None
    their_claimed_at: datetime | None
    waiting_for: Side
    waiting_days: int = Field(description="已等多少天")
    result: str


class AllianceDifficultyRequest(Schema):
    title: str = Field(max_length=80, min_length=1)
    partner: int
    due_on: date
    text: str = Field("", max_length=1000)


class AllianceOwnerRequest(Schema):
    owner: int = Field(description="我方党组织里谁牵头")


class AllianceMoveRequest(Schema):
    text: str = Field(max_length=1000)
    next_side: Side = Field(Side.BOTH, description="接下来等谁，只有推进用")


@router.get("", response=Page[AllianceRow], summary="党建联盟清单", operation_id="alliances_list")
def alliance_list(request: HttpRequest, q: str = "", page: int = Query(1, ge=1)) -> Any:
    listed = list_alliances(actor_of(request), timezone.now(), words=q[:40], page=page, size=PAGE_SIZE)
    return listed_answer(listed, _alliance)


@router.post("", response={201: AllianceRow}, summary="建立党建联盟", operation_id="alliances_found")
def alliance_found(request: HttpRequest, wanted: AllianceRequest) -> Status[Any]:
    actor, now = actor_of(request), timezone.now()
    body = get_object_or_404(bodies_to_found_in(actor, now), pk=wanted.body)
    given = wanted.dict() | {"body": body}
    return Status(201, _alliance(found_alliance(actor=actor, at=now, **given)))


@router.get(
    "/difficulties", response=Page[AllianceDifficultyRow], summary="共同难题清单", operation_id="alliances_difficulties"
)
def difficulty_list(
    request: HttpRequest, alliance: int | None = None, state: str = "open", page: int = Query(1, ge=1)
) -> Any:
    actor, now = actor_of(request), timezone.now()
    wanted = _seen(actor, alliance) if alliance is not None else None
    chosen = state if state in {"open", *DifficultyState.values} else ""
    listed = list_difficulties(actor, now, alliance=wanted, state=chosen, page=page, size=PAGE_SIZE)
    return listed_answer(listed, _difficulty)


@router.post(
    "/difficulties/{difficulty_id}/claim/{side}", response=AllianceDifficultyRow, summary="认领难题",
    operation_id="alliances_claim",
)  # fmt: skip
def difficulty_claim(request: HttpRequest, difficulty_id: int, side: Side) -> Any:
    actor, now = actor_of(request), timezone.now()
    difficulty = _seen_difficulty(actor, difficulty_id)
    claim = acts.claim_ours if side == Side.OURS else acts.claim_theirs
    return _difficulty(claim(difficulty=difficulty, actor=actor, at=now))


@router.post(
    "/difficulties/{difficulty_id}/progress", response=AllianceDifficultyRow, summary="推进难题",
    operation_id="alliances_progress",
)  # fmt: skip
def difficulty_progress(request: HttpRequest, difficulty_id: int, wanted: AllianceMoveRequest) -> Any:
    actor, now = actor_of(request), timezone.now()
    difficulty = _seen_difficulty(actor, difficulty_id)
    return _difficulty(
        acts.progress(difficulty=difficulty, text=wanted.text, next_side=wanted.next_side, actor=actor, at=now)
    )


@router.post(
    "/difficulties/{difficulty_id}/comment", response=AllianceDifficultyRow, summary="在难题下留言",
    operation_id="alliances_comment",
)  # fmt: skip
def difficulty_comment(request: HttpRequest, difficulty_id: int, wanted: AllianceMoveRequest) -> Any:
    actor, now = actor_of(request), timezone.now()
    difficulty = _seen_difficulty(actor, difficulty_id)
    acts.comment(difficulty=difficulty, text=wanted.text, actor=actor, at=now)
    return _difficulty(difficulty)


@router.post(
    "/difficulties/{difficulty_id}/resolve", response=AllianceDifficultyRow, summary="办结难题",
    operation_id="alliances_resolve",
)  # fmt: skip
def difficulty_resolve(request: HttpRequest, difficulty_id: int, wanted: AllianceMoveRequest) -> Any:
    actor, now = actor_of(request), timezone.now()
    difficulty = _seen_difficulty(actor, difficulty_id)
    return _difficulty(acts.resolve(difficulty=difficulty, result=wanted.text, actor=actor, at=now))


@router.post(
    "/difficulties/{difficulty_id}/shelve", response=AllianceDifficultyRow, summary="搁置难题",
    operation_id="alliances_shelve",
)  # fmt: skip
def difficulty_shelve(request: HttpRequest, difficulty_id: int, wanted: AllianceMoveRequest) -> Any:
    actor, now = actor_of(request), timezone.now()
    difficulty = _seen_difficulty(actor, difficulty_id)
    return _difficulty(acts.shelve(difficulty=difficulty, text=wanted.text, actor=actor, at=now))


@router.post(
    "/difficulties/{difficulty_id}/resume", response=AllianceDifficultyRow, summary="重新推进难题",
    operation_id="alliances_resume",
)  # fmt: skip
def difficulty_resume(request: HttpRequest, difficulty_id: int, wanted: AllianceMoveRequest) -> Any:
    actor, now = actor_of(request), timezone.now()
    difficulty = _seen_difficulty(actor, difficulty_id)
    return _difficulty(acts.resume(difficulty=difficulty, text=wanted.text, actor=actor, at=now))


@router.put(
    "/difficulties/{difficulty_id}/owner", response=AllianceDifficultyRow, summary="定我方牵头人",
    operation_id="alliances_owner",
)  # fmt: skip
def difficulty_owner(request: HttpRequest, difficulty_id: int, wanted: AllianceOwnerRequest) -> Any:
    actor, now = actor_of(request), timezone.now()
    difficulty = _seen_difficulty(actor, difficulty_id)
    owner = get_object_or_404(our_people(difficulty.alliance, now), pk=wanted.owner)
    return _difficulty(acts.claim_ours(difficulty=difficulty, owner=owner, actor=actor, at=now))


@router.post(
    "/difficulties/{difficulty_id}/task", response={201: AllianceDifficultyRow}, summary="我方部分转为任务",
    operation_id="alliances_task",
)  # fmt: skip
def difficulty_task(request: HttpRequest, difficulty_id: int) -> Status[Any]:
    actor = actor_of(request)
    difficulty = _seen_difficulty(actor, difficulty_id)
    acts.make_task(difficulty=difficulty, actor=actor, at=timezone.now())
    return Status(201, _difficulty(difficulty))


@router.post(
    "/difficulties/{difficulty_id}/withdraw", response=AllianceDifficultyRow, summary="撤回难题",
    operation_id="alliances_withdraw",
)  # fmt: skip
def difficulty_withdraw(request: HttpRequest, difficulty_id: int) -> Any:
    actor = actor_of(request)
    difficulty = _seen_difficulty(actor, difficulty_id)
    return _difficulty(acts.withdraw(difficulty=difficulty, actor=actor, at=timezone.now()))


@router.get("/{alliance_id}", response=AllianceRow, summary="一个党建联盟", operation_id="alliances_detail")
def alliance_detail(request: HttpRequest, alliance_id: int) -> Any:
    return _alliance(_seen(actor_of(request), alliance_id))


@router.post(
    "/{alliance_id}/contacts", response={201: AllianceContactAnswer}, summary="记一次联盟沟通",
    operation_id="alliances_contact",
)  # fmt: skip
def contact_hold(request: HttpRequest, alliance_id: int, wanted: AllianceContactRequest) -> Status[Any]:
    actor = actor_of(request)
    alliance = _seen(actor, alliance_id)
    partners = [get_object_or_404(partners_of(alliance), pk=key) for key in wanted.partners[:50]]
    given = wanted.dict() | {"partners": partners}
    made = hold_contact(alliance=alliance, actor=actor, at=timezone.now(), **given)
    return Status(201, {"id": made.pk, "day": made.day, "form": made.form, "next_on": made.next_on})


@router.post(
    "/{alliance_id}/difficulties", response={201: AllianceDifficultyRow}, summary="提出难题",
    operation_id="alliances_raise",
)  # fmt: skip
def difficulty_raise(request: HttpRequest, alliance_id: int, wanted: AllianceDifficultyRequest) -> Status[Any]:
    actor = actor_of(request)
    alliance = _seen(actor, alliance_id)
    partner = get_object_or_404(partners_of(alliance), pk=wanted.partner)
    given = wanted.dict() | {"partner": partner}
    made = acts.raise_difficulty(alliance=alliance, actor=actor, at=timezone.now(), **given)
    return Status(201, _difficulty(made))


@router.post("/{alliance_id}/end", response=AllianceRow, summary="结束党建联盟", operation_id="alliances_end")
def alliance_end(request: HttpRequest, alliance_id: int) -> Any:
    actor = actor_of(request)
    return _alliance(end_alliance(alliance=_seen(actor, alliance_id), actor=actor, at=timezone.now()))


def _seen(actor: Person, alliance_id: int) -> Alliance:
    return get_object_or_404(alliances_seen_by(actor, timezone.now()), pk=alliance_id)


def _seen_difficulty(actor: Person, difficulty_id: int) -> AllianceDifficulty:
    return get_object_or_404(difficulties_seen_by(actor, timezone.now()), pk=difficulty_id)


def _alliance(row: Any) -> dict[str, Any]:
    """Return an alliance; a row of the list carries its counts, a single one has them counted."""
    if not hasattr(row, "partner_count"):
        row.partner_count = partners_of(row).count()
        row.open_count = row.difficulties.filter(state__in=["raised", "claimed", "under_way"]).count()
        row.resolved_count = row.difficulties.filter(state=DifficultyState.RESOLVED).count()
    return {
        "id": row.pk, "name": row.name, "kind": row.kind, "body": named(row.body), "starts_on": row.starts_on,
        "ended_on": row.ended_on, "next_contact_on": row.next_contact_on, "partners": row.partner_count,
        "open": row.open_count, "resolved": row.resolved_count,
    }  # fmt: skip


def _difficulty(row: AllianceDifficulty) -> dict[str, Any]:
    return {
        "id": row.pk, "alliance": named(row.alliance), "partner": named(row.partner), "title": row.title,
        "text": row.text, "due_on": row.due_on, "state": row.state, "our_owner": named(row.our_owner),
        "our_claimed_at": row.our_claimed_at, "their_claimed_at": row.their_claimed_at,
        "waiting_for": row.waiting_for, "waiting_days": waiting_days(row, timezone.now()), "result": row.result,
    }  # fmt: skip
