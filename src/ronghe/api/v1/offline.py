"""离线."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import segno
from django.db.models import Q
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Field, Query, Router, Schema, Status
from pydantic import AwareDatetime

from ronghe.api.acting import actor_of
from ronghe.api.v1.shapes import PAGE_SIZE, Named, Page, listed_answer, named
from ronghe.domain.offline.calc.acts import is_act_id, item_digest
from ronghe.domain.offline.enums import ActKind, ActState, MinutesChoice
from ronghe.domain.offline.models import Device, ReceivedAct
from ronghe.domain.offline.selectors import (
    CarriedPermit,
    Snapshot,
    SnapshotMeeting,
    acts_seen_by,
    devices_seen_by,
    list_acts,
    list_devices,
    snapshot_for,
)
from ronghe.domain.offline.selectors.permits import CarriedRole
from ronghe.domain.offline.services.devices import register_device, revoke_device
from ronghe.domain.offline.services.settling import choose_minutes, join_existing, redo_act, void_act
from ronghe.domain.offline.services.taking import MOST_AT_ONCE, Answer, SignedText, answers_about, take_acts
from ronghe.domain.org.models import Person
from ronghe.domain.permits.enums import MeasureState, PermitState, SignRole
from ronghe.domain.rhythm.enums import ActivityState, ActivityType, AttendanceStatus, AttendanceWay, LeaveKind
from ronghe.domain.rhythm.services.codes import member_card
from ronghe.kernel.errors import NotAllowed, NotFound
from ronghe.kernel.words import _

router = Router(tags=["offline"])


class DeviceRow(Schema):
    id: int
    person: Named
    name: str
    key: str = Field(description="公钥的摘要，手机用它说明自己是谁")
    algorithm: str
    registered_at: datetime
    last_seen_at: datetime | None
    revoked_at: datetime | None
    lost_at: datetime | None


class RevokeRequest(Schema):
    lost_at: AwareDatetime | None = Field(None, description="什么时候丢的；不填就是现在")


class DeviceRequest(Schema):
    name: str = Field(max_length=40, description="手机叫什么")
    algorithm: str = Field("ES256", max_length=16)
    public_key: str = Field(max_length=255, description="SubjectPublicKeyInfo，base64")
    proof: str = Field(max_length=128, description="新密钥对登记内容的签名，base64")


class SignedAct(Schema):
    text: str = Field(max_length=20_000, description="手机签过名的原文，一个 JSON 对象")
    signature: str = Field(max_length=128, description="对原文的签名，base64")


class OfflineReportRequest(Schema):
    acts: list[SignedAct] = Field(default_factory=list, max_length=MOST_AT_ONCE)
    key: str = Field("", max_length=64, description="要问结果时，手机的公钥摘要")
    asking: list[str] = Field(default_factory=list, max_length=MOST_AT_ONCE, description="再问一次结果的记录号")


class ActResult(Schema):
    act_id: str
    state: ActState = Field(description="waiting 待前一项；taken 已收下；refused 没有收下；voided 已作废")
    code: str
    reason: str
    activity: int | None
    item: int | None
    permit: int | None


class ReportAnswer(Schema):
    server_ms: int = Field(description="服务器时间，毫秒；手机用它校正自己的时间")
    results: list[ActResult]


class ReceivedActRow(Schema):
    id: int
    act_id: str
    device: Named
    number: int = Field(description="这部手机的第几项")
    kind: ActKind
    title: str
    state: ActState
    done_at: datetime
    received_at: datetime
    code: str
    reason: str
    activity: int | None
    permit: int | None
    device_at: datetime | None = Field(description="手机自己的时钟当时显示的时间")
    is_clock_off: bool = Field(description="手机时钟不准：与校正后的时间差 5 分钟以上，或比收到的时间还晚")
    payload: dict[str, Any] | None = Field(description="原件；收下或作废后不再保留")


class RedoRequest(Schema):
    words: dict[str, str] = Field(default_factory=dict, description="改过的文字：topic、notes、decision、reason")


class ChooseRequest(Schema):
    choice: MinutesChoice = Field(description="mine 用我写的；both 两段都留；theirs 留已有的")


class CarriedPerson(Schema):
    id: int
    name: str
    unit: str
    status: AttendanceStatus | None
    way: AttendanceWay | None
    time: datetime | None
    leave_kind: LeaveKind | None


class CarriedItem(Schema):
    id: int
    number: int
    topic: str
    notes: str
    decision: str
    digest: str = Field(description="改这一项时随 base 带回")


class CarriedMeeting(Schema):
    id: int
    activity_type: ActivityType
    title: str
    body: Named
    day: str
    place: str
    starts_at: datetime | None
    opened_at: datetime | None
    closed_at: datetime | None
    state: ActivityState
    can_run: bool
    can_tick: bool
    needs_topic: bool = Field(description="没有议题不能结束（PM-14）")
    people: list[CarriedPerson] = Field(description="主持、记录的人有全部应到人员，其他人只有自己")
    agenda: list[CarriedItem]


class CarriedKind(Schema):
    code: ActivityType
    title: str


class CarriedHuddle(Schema):
    body: Named
    kinds: list[CarriedKind]
    people: list[CarriedPerson]


class CarriedRoleRow(Schema):
    role: SignRole
    office: str = Field(description="会签时的岗位代号，签名时一起带回")
    title: str
    is_on_site: bool = Field(description="要在现场扫码签（PW-07）")
    is_open: bool = Field(description="现在轮到签")
    signed_by: str
    may: list[int] = Field(description="可以签的人的编号；同一部手机上换人签时用")


class CarriedPart(Schema):
    title: str
    name: str


class CarriedRisk(Schema):
    hazard: str
    measure: str


class CarriedMeasure(Schema):
    id: int
    text: str
    state: MeasureState


class CarriedIsolation(Schema):
    point: str
    method: str


class CarriedGasRow(Schema):
    substance: str
    title: str
    units: list[str]
    is_wanted: bool


class CarriedPermitRow(Schema):
    id: int
    number: str
    what: str
    place: str
    site: str
    operation: str
    grade: str
    state: PermitState
    state_title: str
    starts_at: datetime
    valid_until: datetime
    digest: str = Field(description="票面内容的摘要，签名时随 digest 带回")
    lacks: list[str]
    parts: list[CarriedPart]
    risks: list[CarriedRisk]
    measures: list[CarriedMeasure]
    isolations: list[CarriedIsolation]
    roles: list[CarriedRoleRow]
    gas: list[CarriedGasRow]
    gas_by: list[int] = Field(description="可以测气的人的编号")
    guardian: int | None
    can_check: bool


class SnapshotAnswer(Schema):
    """一个人今天和明天的活动、作业票，带到没有信号的地方去。"""

    server_ms: int
    person: Named
    device: DeviceRow | None
    card: str = Field(description="党员卡的文字")
    card_picture: str = Field(description="党员卡二维码，data: 地址")
    meetings: list[CarriedMeeting]
    huddles: list[CarriedHuddle]
    permits: list[CarriedPermitRow] = Field(description="本人今天有份的作业票")


@router.get(
    "/snapshot",
    response=SnapshotAnswer,
    summary="带到现场的内容",
    operation_id="offline_snapshot",
    url_name="offline_snapshot",
)
def snapshot(request: HttpRequest, key: str = Query("", max_length=64)) -> Any:
    actor, now = _field_person(request), timezone.now()
    return _carried(snapshot_for(actor, now, key=key))


@router.get("/devices", response=Page[DeviceRow], summary="离线手机清单", operation_id="offline_devices")
def device_list(request: HttpRequest, page: int = Query(1, ge=1)) -> Any:
    return listed_answer(list_devices(actor_of(request), timezone.now(), page=page, size=PAGE_SIZE), _device)


@router.post(
    "/devices",
    response={201: DeviceRow},
    summary="登记这部手机的密钥",
    operation_id="offline_device_register",
    url_name="offline_devices",
)
def device_register(request: HttpRequest, wanted: DeviceRequest) -> Any:
    actor = _field_person(request)
    return Status(201, _device(register_device(actor=actor, at=timezone.now(), **wanted.dict())))


@router.post(
    "/devices/{device_id}/revoke", response=DeviceRow, summary="停用一部手机", operation_id="offline_device_revoke"
)
def device_revoke(request: HttpRequest, device_id: int, wanted: RevokeRequest | None = None) -> Any:
    """还没有报来的不再收；从丢失时间起用它签的作业票签字作废（PM-15），以前签的有效。"""
    actor, now = actor_of(request), timezone.now()
    device = get_object_or_404(devices_seen_by(actor, now), pk=device_id)
    lost_at = wanted.lost_at if wanted is not None else None
    return _device(revoke_device(device=device, actor=actor, at=now, lost_at=lost_at))


@router.post(
    "/acts",
    response=ReportAnswer,
    auth=None,
    summary="上报没有信号时办的事",
    operation_id="offline_acts_take",
    url_name="offline_report",
)
def acts_take(request: HttpRequest, wanted: OfflineReportRequest) -> Any:  # noqa: ARG001 - the signature says who acts
    """不用登录：每一项由手机的密钥签名，签名说明是谁。同一项报几次都只收一次，回答也一样。

    作业票的五种 `kind` 和 `what`：

    - `permit_sign`：`permit`、`digest`（手机上那份内容的摘要，与平台不同就不收，PW-08）、`role`、`office`（会签岗位，其余为空）、
      `code`（现场作业码或签字码，按签名时间核对，PW-07）、`place`、`way`（`own_phone` 或 `shared_phone`）
    - `permit_gas`：`permit`、`readings`（`substance`、`value`、`unit`，值是文字）、`place`、`instrument`、`minutes`（取样在几分钟前）
    - `permit_measure`：`permit`、`measure`、`state`、`note`；后来有人改过的不覆盖
    - `permit_leave`、`permit_stop`：`permit`、`note`，叫停还有 `reason`；作业中的立即中止，否则记下
    """
    now = timezone.now()
    results = take_acts(acts=[SignedText(one.text, one.signature) for one in wanted.acts], at=now)
    results += answers_about(key=wanted.key, act_ids=wanted.asking) if wanted.key else []
    return {"server_ms": _ms(now), "results": [_result(one) for one in results]}


@router.get("/acts", response=Page[ReceivedActRow], summary="上报过的记录", operation_id="offline_acts")
def act_list(request: HttpRequest, state: ActState | None = None, page: int = Query(1, ge=1)) -> Any:
    filters = Q(state=state) if state is not None else Q()
    return listed_answer(
        list_acts(actor_of(request), timezone.now(), filters=filters, page=page, size=PAGE_SIZE), _received
    )


@router.post("/acts/{act_id}/redo", response=ReceivedActRow, summary="改后重报", operation_id="offline_act_redo")
def act_redo(request: HttpRequest, act_id: str, wanted: RedoRequest) -> Any:
    actor = actor_of(request)
    act = _act(actor, act_id)
    return _received(redo_act(act=act, words=wanted.words, actor=actor, at=timezone.now()))


@router.post(
    "/acts/{act_id}/join", response=ReceivedActRow, summary="并入已有的碰头会", operation_id="offline_act_join"
)
def act_join(request: HttpRequest, act_id: str) -> Any:
    actor = actor_of(request)
    return _received(join_existing(act=_act(actor, act_id), actor=actor, at=timezone.now()))


@router.post(
    "/acts/{act_id}/choose", response=ReceivedActRow, summary="在两份记录里选", operation_id="offline_act_choose"
)
def act_choose(request: HttpRequest, act_id: str, wanted: ChooseRequest) -> Any:
    actor = actor_of(request)
    return _received(
        choose_minutes(act=_act(actor, act_id), choice=wanted.choice, actor=actor, at=timezone.now())
    )  # fmt: skip


@router.post("/acts/{act_id}/void", response=ReceivedActRow, summary="作废没有收下的", operation_id="offline_act_void")
def act_void(request: HttpRequest, act_id: str) -> Any:
    actor = actor_of(request)
    return _received(void_act(act=_act(actor, act_id), actor=actor, at=timezone.now()))


def _field_person(request: HttpRequest) -> Person:
    """Return the actor, who is no administrator: they carry nothing into the field (SE-08)."""
    if request.user.administrator:  # type: ignore[union-attr]
        raise NotAllowed
    return actor_of(request)


def _act(actor: Person, act_id: str) -> ReceivedAct:
    if not is_act_id(act_id):
        raise NotFound
    return get_object_or_404(acts_seen_by(actor, timezone.now()), act_id=act_id)


def _ms(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)


def _device(device: Device) -> dict[str, Any]:
    return {
        "id": device.pk, "person": named(device.person), "name": device.name, "key": device.key,
        "algorithm": device.algorithm, "registered_at": device.registered_at, "last_seen_at": device.last_seen_at,
        "revoked_at": device.revoked_at, "lost_at": device.lost_at,
    }  # fmt: skip


def _result(answer: Answer) -> dict[str, Any]:
    return {
        "act_id": answer.act_id, "state": answer.state, "code": answer.code, "reason": answer.reason,
        "activity": answer.activity, "item": answer.item, "permit": answer.permit,
    }  # fmt: skip


def _received(act: ReceivedAct) -> dict[str, Any]:
    return {
        "id": act.pk, "act_id": act.act_id, "device": named(act.device), "number": act.number, "kind": act.kind,
        "title": act.get_kind_display(), "state": act.state, "done_at": act.done_at, "received_at": act.received_at,
        "code": act.code, "reason": act.reason, "activity": act.activity_id, "permit": act.permit_id, "device_at": act.device_at,
        "is_clock_off": act.is_clock_off, "payload": act.payload,
    }  # fmt: skip


def _carried(found: Snapshot) -> dict[str, Any]:
    card = member_card(found.person)
    return {
        "server_ms": _ms(found.at),
        "person": named(found.person),
        "device": _device(found.device) if found.device is not None else None,
        "card": card,
        "card_picture": segno.make(card, error="m").svg_data_uri(border=2, scale=4),
        "meetings": [_meeting(one) for one in found.meetings],
        "huddles": [
            {"body": named(one.body), "kinds": [{"code": kind, "title": str(kind.label)} for kind in one.kinds],
             "people": [_person_line(person) for person in one.people]}
            for one in found.huddles
        ],
        "permits": [_permit(one) for one in found.permits],
    }  # fmt: skip


def _permit(one: CarriedPermit) -> dict[str, Any]:
    permit = one.permit
    return {
        "id": permit.pk, "number": permit.number, "what": permit.what, "place": permit.place, "site": permit.site.name,
        "operation": one.operation, "grade": one.grade, "state": permit.state, "state_title": permit.get_state_display(),
        "starts_at": permit.starts_at, "valid_until": permit.valid_until, "digest": permit.digest, "lacks": one.lacks,
        "parts": [{"title": row.get_role_display(), "name": row.person.name} for row in one.parts],
        "risks": [{"hazard": row.hazard, "measure": row.measure} for row in one.risks],
        "measures": [{"id": row.pk, "text": words, "state": row.state} for row, words in one.measures],
        "isolations": [{"point": row.point, "method": row.method} for row in one.isolations],
        "roles": [
            {"role": row.role, "office": row.office, "title": _role_title(row), "is_on_site": row.is_on_site,
             "is_open": row.is_open, "signed_by": row.signed_by, "may": row.may}
            for row in one.roles
        ],
        "gas": [
            {"substance": row.substance, "title": row.title, "units": list(row.units), "is_wanted": row.is_wanted}
            for row in one.gas
        ],
        "gas_by": one.gas_by, "guardian": one.guardian, "can_check": one.can_check,
    }  # fmt: skip


def _role_title(row: CarriedRole) -> str:
    word = str(row.role.label)
    return _("%(role)s：%(office)s") % {"role": word, "office": row.office_title} if row.office_title else word


def _meeting(one: SnapshotMeeting) -> dict[str, Any]:
    activity = one.activity
    return {
        "id": activity.pk, "activity_type": activity.activity_type, "title": activity.get_activity_type_display(),
        "body": named(activity.body), "day": activity.day.isoformat(), "place": activity.place,
        "starts_at": activity.scheduled_from, "opened_at": activity.opened_at, "closed_at": activity.closed_at,
        "state": activity.state, "can_run": one.can_run, "can_tick": one.can_run and activity.allows_ticking,
        "needs_topic": not activity.is_huddle,
        "people": [_person_line(person) for person in one.people],
        "agenda": [
            {"id": item.pk, "number": item.number, "topic": item.topic, "notes": item.notes,
             "decision": item.decision or "", "digest": item_digest(item.topic, item.notes, item.decision)}
            for item in one.agenda
        ],
    }  # fmt: skip


def _person_line(line: Any) -> dict[str, Any]:
    return {
        "id": line.person.pk, "name": line.person.name, "unit": line.person.unit.name if line.person.unit else "",
        "status": line.status, "way": line.way, "time": line.time, "leave_kind": line.leave_kind,
    }  # fmt: skip
