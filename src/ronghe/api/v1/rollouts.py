"""试点推广."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Field, Query, Router, Schema, Status

from ronghe.api.acting import actor_of
from ronghe.api.v1.shapes import PAGE_SIZE, Named, Page, listed_answer, named
from ronghe.domain.org.models import PartyOrg, Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.org.selectors.people import bodies_seen_by
from ronghe.domain.playbooks.selectors.books import find_shelved
from ronghe.domain.rollouts.enums import Decision, Measure, RolloutKind, RolloutState
from ronghe.domain.rollouts.models import Pilot, Rollout, Target
from ronghe.domain.rollouts.rules import SEE_TARGET
from ronghe.domain.rollouts.selectors.conformance import Standing, standings_of
from ronghe.domain.rollouts.selectors.measuring import before_and_after
from ronghe.domain.rollouts.selectors.rollouts import list_rollouts, pilots_of, rollouts_seen_by, targets_seen_by
from ronghe.domain.rollouts.services.piloting import (
    call_back_pilot,
    call_off,
    conclude_pilot,
    draft_rollout,
    review_pilot,
    start_pilot,
)
from ronghe.domain.rollouts.services.spreading import end_rollout, release_target, roll_out, tell_effect, tell_reason

router = Router(tags=["rollouts"])


class RolloutRow(Schema):
    id: int
    title: str
    kind: RolloutKind = Field(description="benchmark 标杆变标准；model 示范变规范；case 经验变制度")
    state: RolloutState = Field(
        description="draft 起草；pilot 试点中；concluded 待评审；reviewed 评审通过；rolled_out 推广中；"
        "ended 已结束；called_off 不再推广"
    )
    playbook: str
    body: Named
    units: int


class RolloutMeasured(Schema):
    measure: Measure
    title: str
    before: Decimal | None = Field(description="百分数或次数；没有记录为空")
    after: Decimal | None
    difference: Decimal | None


class RolloutPilot(Schema):
    number: int
    from_on: date
    until_on: date = Field(description="不含这一天")
    bodies: list[Named]
    findings: str
    concluded_at: datetime | None
    measures: list[RolloutMeasured]
    decision: Decision | None
    reasons: str


class RolloutAnswer(RolloutRow):
    purpose: str
    pilots: list[RolloutPilot]


class RolloutUnitRow(Schema):
    id: int
    body: Named
    uptake: str = Field(description="adopted 已采用；older 旧版；own 自有版本；not_yet 尚未采用；overdue 逾期")
    playbook: str | None
    since: date | None
    due_on: date
    conformance: Decimal | None = Field(description="采用以来按时办结的百分数")
    settled: int
    in_time: int
    waived: int
    differences: int
    reason: str
    effects: int


class RolloutRequest(Schema):
    body: int
    title: str = Field(min_length=1, max_length=80)
    kind: RolloutKind
    playbook: str = Field(max_length=80)
    purpose: str = Field("", max_length=400)


class PilotRequest(Schema):
    bodies: list[int] = Field(max_length=1000)
    from_on: date
    until_on: date = Field(description="不含这一天")
    measures: list[Measure]


class PilotFindingsRequest(Schema):
    findings: str = Field(max_length=2000)


class PilotReviewRequest(Schema):
    decision: Decision
    reasons: str = Field(max_length=1000)
    document: str = Field("", max_length=120)


class SpreadRequest(Schema):
    bodies: list[int] = Field(max_length=5000)
    due_on: date


class UnitReasonRequest(Schema):
    reason: str = Field(max_length=400)


class UnitEffectRequest(Schema):
    text: str = Field(max_length=1000)


@router.get("", response=Page[RolloutRow], summary="试点推广清单", operation_id="rollouts_list")
def rollout_list(request: HttpRequest, state: str = "", page: int = Query(1, ge=1)) -> Any:
    listed = list_rollouts(actor_of(request), timezone.now(), state=state, page=page, size=PAGE_SIZE)
    return listed_answer(listed, _row)


@router.post("", response={201: RolloutAnswer}, summary="起草推广", operation_id="rollouts_draft")
def rollout_draft(request: HttpRequest, wanted: RolloutRequest) -> Status[Any]:
    actor, now = actor_of(request), timezone.now()
    body = get_object_or_404(bodies_seen_by(actor, now), pk=wanted.body)
    one = find_shelved(actor, wanted.playbook, now)
    if one is None:
        raise Http404
    made = draft_rollout(
        body=body, kind=wanted.kind, title=wanted.title, playbook=one.playbook, purpose=wanted.purpose, actor=actor,
        at=now,
    )  # fmt: skip
    return Status(201, _whole(made))


@router.get("/{rollout_id}", response=RolloutAnswer, summary="一项推广", operation_id="rollouts_detail")
def rollout_detail(request: HttpRequest, rollout_id: int) -> Any:
    return _whole(_seen(request, rollout_id))


@router.get("/{rollout_id}/units", response=list[RolloutUnitRow], summary="各单位的情况", operation_id="rollouts_units")
def unit_list(request: HttpRequest, rollout_id: int) -> Any:
    actor, now = actor_of(request), timezone.now()
    rollout = _seen(request, rollout_id)
    rows = SEE_TARGET.narrow(actor, Target.objects.filter(rollout=rollout), at=now)
    return [_unit(one) for one in standings_of(rollout, local_day(now), rows)]


@router.post("/{rollout_id}/pilot", response=RolloutAnswer, summary="开始试点", operation_id="rollouts_pilot")
def pilot_start(request: HttpRequest, rollout_id: int, wanted: PilotRequest) -> Any:
    actor, now = actor_of(request), timezone.now()
    rollout = _seen(request, rollout_id)
    bodies = _bodies(actor, wanted.bodies, now)
    start_pilot(
        rollout=rollout, bodies=bodies, from_on=wanted.from_on, until_on=wanted.until_on, measures=wanted.measures,
        actor=actor, at=now,
    )  # fmt: skip
    return _whole(rollout)


@router.post("/{rollout_id}/call-back", response=RolloutAnswer, summary="撤回试点", operation_id="rollouts_call_back")
def pilot_call_back(request: HttpRequest, rollout_id: int) -> Any:
    return _whole(
        call_back_pilot(rollout=_seen(request, rollout_id), actor=actor_of(request), at=timezone.now())
    )  # fmt: skip


@router.post("/{rollout_id}/conclude", response=RolloutAnswer, summary="结束试点", operation_id="rollouts_conclude")
def pilot_conclude(request: HttpRequest, rollout_id: int, wanted: PilotFindingsRequest) -> Any:
    rollout = _seen(request, rollout_id)
    conclude_pilot(rollout=rollout, findings=wanted.findings, actor=actor_of(request), at=timezone.now())
    return _whole(rollout)


@router.post("/{rollout_id}/review", response=RolloutAnswer, summary="评审试点", operation_id="rollouts_review")
def pilot_review(request: HttpRequest, rollout_id: int, wanted: PilotReviewRequest) -> Any:
    rollout = _seen(request, rollout_id)
    review_pilot(rollout=rollout, actor=actor_of(request), at=timezone.now(), **wanted.model_dump())
    return _whole(rollout)


@router.post(
    "/{rollout_id}/roll-out", response=list[RolloutUnitRow], summary="推广到各单位", operation_id="rollouts_roll_out"
)
def rollout_spread(request: HttpRequest, rollout_id: int, wanted: SpreadRequest) -> Any:
    actor, now = actor_of(request), timezone.now()
    rollout = _seen(request, rollout_id)
    made = roll_out(
        rollout=rollout, bodies=_bodies(actor, wanted.bodies, now), due_on=wanted.due_on, actor=actor, at=now
    )  # fmt: skip
    rows = Target.objects.filter(rollout=rollout, body_id__in=[target.body_id for target in made])
    return [_unit(one) for one in standings_of(rollout, local_day(now), rows)]


@router.post("/{rollout_id}/end", response=RolloutAnswer, summary="结束推广", operation_id="rollouts_end")
def rollout_end(request: HttpRequest, rollout_id: int) -> Any:
    return _whole(end_rollout(rollout=_seen(request, rollout_id), actor=actor_of(request), at=timezone.now()))


@router.post("/{rollout_id}/call-off", response=RolloutAnswer, summary="不再推广", operation_id="rollouts_call_off")
def rollout_call_off(request: HttpRequest, rollout_id: int) -> Any:
    return _whole(call_off(rollout=_seen(request, rollout_id), actor=actor_of(request), at=timezone.now()))


@router.post("/units/{unit_id}/reason", response=RolloutUnitRow, summary="说明尚未采用", operation_id="rollouts_reason")
def unit_reason(request: HttpRequest, unit_id: int, wanted: UnitReasonRequest) -> Any:
    target = _target(request, unit_id)
    tell_reason(target=target, reason=wanted.reason, actor=actor_of(request), at=timezone.now())
    return _standing(target)


@router.post("/units/{unit_id}/effect", response=RolloutUnitRow, summary="回填效果", operation_id="rollouts_effect")
def unit_effect(request: HttpRequest, unit_id: int, wanted: UnitEffectRequest) -> Any:
    target = _target(request, unit_id)
    tell_effect(target=target, text=wanted.text, actor=actor_of(request), at=timezone.now())
    return _standing(target)


@router.post("/units/{unit_id}/release", response={204: None}, summary="撤下推广单位", operation_id="rollouts_release")
def unit_release(request: HttpRequest, unit_id: int) -> Status[None]:
    release_target(target=_target(request, unit_id), actor=actor_of(request), at=timezone.now())
    return Status(204, None)


def _seen(request: HttpRequest, rollout_id: int) -> Rollout:
    return get_object_or_404(rollouts_seen_by(actor_of(request), timezone.now()), pk=rollout_id)


def _target(request: HttpRequest, unit_id: int) -> Target:
    return get_object_or_404(targets_seen_by(actor_of(request), timezone.now()), pk=unit_id)


def _bodies(actor: Person, wanted: list[int], at: datetime) -> list[PartyOrg]:
    """Return the bodies of these numbers in their order; not found where the actor does not see one."""
    found = bodies_seen_by(actor, at).in_bulk(wanted)
    if len(found) != len(set(wanted)):
        raise Http404
    return [found[pk] for pk in dict.fromkeys(wanted)]


def _row(row: Any) -> dict[str, Any]:
    return {
        "id": row.pk,
        "title": row.title,
        "kind": row.kind,
        "state": row.state,
        "playbook": str(row.version),
        "body": named(row.body),
        "units": row.units if hasattr(row, "units") else row.targets.count(),
    }


def _whole(row: Rollout) -> dict[str, Any]:
    return {**_row(row), "purpose": row.purpose, "pilots": [_pilot(pilot) for pilot in pilots_of(row)]}


def _pilot(pilot: Pilot) -> dict[str, Any]:
    review = getattr(pilot, "review", None)
    return {
        "number": pilot.number,
        "from_on": pilot.from_on,
        "until_on": pilot.until_on,
        "bodies": [named(body) for body in pilot.bodies.all()],
        "findings": pilot.findings,
        "concluded_at": pilot.concluded_at,
        "measures": [
            {
                "measure": measure,
                "title": str(measure.label),
                "before": compared.before.value,
                "after": compared.after.value,
                "difference": compared.difference,
            }
            for measure, compared in before_and_after(pilot).items()
        ],
        "decision": review.decision if review else None,
        "reasons": review.reasons if review else "",
    }


def _standing(target: Target) -> dict[str, Any]:
    day = local_day(timezone.now())
    [standing] = standings_of(target.rollout, day, Target.objects.filter(pk=target.pk))
    return _unit(standing)


def _unit(one: Standing) -> dict[str, Any]:
    return {
        "id": one.target.pk,
        "body": named(one.target.body),
        "uptake": one.uptake.value,
        "playbook": str(one.adoption.version) if one.adoption else None,
        "since": one.adoption.valid_from if one.adoption else None,
        "due_on": one.target.due_on,
        "conformance": one.conformance.share,
        "settled": one.conformance.settled,
        "in_time": one.conformance.in_time,
        "waived": one.conformance.waived,
        "differences": one.differences,
        "reason": one.target.reason,
        "effects": one.effects,
    }
