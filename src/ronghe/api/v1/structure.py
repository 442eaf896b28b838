"""建制: the trees on any day, bodies, acts on them, units and stations."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db.models import Q
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Field, Query, Router, Schema, Status

from ronghe.api.acting import actor_of
from ronghe.api.v1.shapes import PAGE_SIZE, Named, Page, listed_answer, named
from ronghe.api.v1.structure_figures import router as figures_router
from ronghe.domain.org.enums import BodyTree, PartyOrgKind, StaffingMode, UnitKind
from ronghe.domain.org.models import AdminUnit, PartyOrg, Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.org.selectors.people import bodies_seen_by, people_seen_by, units_seen_by
from ronghe.domain.org.selectors.trees import Branch
from ronghe.domain.org.services.trees import create_unit, set_station_mode
from ronghe.domain.structure.enums import OPEN_STATES, ActKind, ActState
from ronghe.domain.structure.models import BodyAct
from ronghe.domain.structure.selectors.acts import acts_seen_by, acts_to_decide, list_acts
from ronghe.domain.structure.selectors.bodies import body_seen
from ronghe.domain.structure.selectors.figures import figures_in_force
from ronghe.domain.structure.selectors.previews import preview_of, size_of
from ronghe.domain.structure.selectors.stations import duties_of, regions_on, stations_missing_party_duty
from ronghe.domain.structure.selectors.trees import body_tree, unit_tree
from ronghe.domain.structure.services.deciding import approve_act, note_act, refuse_act, withdraw_act
from ronghe.domain.structure.services.proposing import propose_act
from ronghe.domain.structure.services.units import close_unit, move_unit, rename_unit
from ronghe.domain.structure.services.wanted import NewBody, Wanted
from ronghe.kernel.errors import NotFound

router = Router(tags=["structure"])
router.add_router("", figures_router)


class TreeNode(Schema):
    id: int
    name: str = Field(description="当天的名称")
    kind: str = Field(description="当天的类型")
    formal: int = Field(description="本级正式党员人数")
    count: int = Field(description="本级人数")
    total: int = Field(description="含下级人数")
    children: list[TreeNode]


class FindingAnswer(Schema):
    code: str
    rule: str
    found: int
    figure: int
    severity: str = Field(description="broken 不合；warning 超出一般；hint 提示")
    sentence: str


class SizeAnswer(Schema):
    name: str
    kind: PartyOrgKind
    formal: int
    all: int
    findings: list[FindingAnswer]


class BodyAnswer(Schema):
    id: int
    name: str
    kind: PartyOrgKind
    parent: Named | None
    unit: Named | None
    approval_ref: str | None
    valid_from: date
    valid_until: date | None
    size: SizeAnswer


class ActRow(Schema):
    id: int
    kind: ActKind = Field(
        description="found 设立；split 拆分；merge 合并；move 调整隶属；rename 更名；convert 改设；dissolve 撤销"
    )
    state: ActState = Field(
        description="proposed 待批准；approved 已批准，待生效；carried_out 已生效；refused 未批准；withdrawn 已撤回"
    )
    body: Named | None
    parent: Named | None
    name: str
    approver: Named = Field(description="由哪个组织决定")
    effective_on: date
    due_on: date | None = Field(description="最迟批复日期（PO-11）；党小组由支部自己决定，没有此项（PO-08）")
    grounds: str
    approval_ref: str | None
    proposed_at: datetime


class TransferAnswer(Schema):
    person: Named
    from_body: str
    to: str
    group: str | None


class ActAnswer(ActRow):
    hindrance: str = Field(description="到生效日期没能办成的原因")
    decision_note: str
    sizes: list[SizeAnswer] = Field(description="生效后的人数，办结以后为空")
    transfers: list[TransferAnswer] = Field(description="谁去哪里，办结以后为空")
    closed: list[Named]


class NewBodyRequest(Schema):
    name: str = Field(min_length=1, max_length=80)
    kind: PartyOrgKind
    people: list[int] = Field([], description="编入的人员编号")
    groups: list[int] = Field([], description="整组编入的党小组编号")


class ActRequest(Schema):
    kind: ActKind
    effective_on: date
    grounds: str = Field(min_length=1, max_length=400)
    body: int | None = Field(None, description="要调整的组织编号；设立时不填")
    parent: int | None = Field(None, description="上级组织编号；设立、调整隶属时填")
    name: str = Field("", max_length=80, description="新名称")
    body_kind: PartyOrgKind | None = Field(None, description="改设为")
    into: list[NewBodyRequest] = Field([], description="设立或拆出的新组织")
    others: list[int] = Field([], description="并入的组织编号")
    receiver: int | None = Field(None, description="撤销后人员和下级归到哪个组织")
    unit: int | None = Field(None, description="所在单位编号")
    units: list[int] = Field([], description="覆盖的单位编号（PO-03）")
    approval_ref: str = Field("", max_length=80, description="批复文号")
    planned_end_on: date | None = Field(None, description="项目结束日期（PO-06）")
    outflow: int | None = Field(None, description="流出地党组织编号（PO-07）")
    outflow_name: str = Field("", max_length=80)
    inflow: int | None = None
    inflow_name: str = Field("", max_length=80)


class ActApproveRequest(Schema):
    approval_ref: str = Field("", max_length=80)
    note: str = Field("", max_length=400)


class ActReasonRequest(Schema):
    reason: str = Field(max_length=400)


class UnitRequest(Schema):
    name: str = Field(min_length=1, max_length=80)
    kind: UnitKind
    parent: int
    since: date


class UnitMoveRequest(Schema):
    parent: int
    since: date


class UnitRenameRequest(Schema):
    name: str = Field(min_length=1, max_length=80)
    since: date


class UnitCloseRequest(Schema):
    until: date


class ModeRequest(Schema):
    staffing: StaffingMode
    since: date
    is_hub: bool = False
    hub: int | None = Field(None, description="归哪个中心站")


class UnitAnswer(Schema):
    id: int
    name: str
    kind: UnitKind
    parent: Named | None
    valid_from: date
    valid_until: date | None


class StationAnswer(Schema):
    id: int
    name: str
    staffing: StaffingMode
    is_hub: bool
    hub: Named | None
    duties: list[str] = Field(description="party 党建；management 管理；technique 技术（AL-15）")
    misses_party: bool = Field(description="有党建职责而没有党员")


@router.get("/tree", response=list[TreeNode], summary="按某天的组织树", operation_id="structure_tree")
def tree(request: HttpRequest, tree: BodyTree = BodyTree.PARTY, day: date | None = None) -> Any:
    now = timezone.now()
    return [_node(row) for row in body_tree(actor_of(request), now, day=day or local_day(now), tree=tree)]


@router.get("/units/tree", response=list[TreeNode], summary="按某天的单位树", operation_id="structure_unit_tree")
def units(request: HttpRequest, day: date | None = None) -> Any:
    now = timezone.now()
    return [_node(row) for row in unit_tree(actor_of(request), now, day=day or local_day(now))]


@router.get("/bodies/{body_id}", response=BodyAnswer, summary="一个组织", operation_id="structure_body")
def body_detail(request: HttpRequest, body_id: int) -> Any:
    now = timezone.now()
    body = body_seen(actor_of(request), now, body_id)
    if body is None:
        raise NotFound
    return {
        "id": body.pk, "name": body.name, "kind": body.kind, "parent": named(body.parent), "unit": named(body.unit),
        "approval_ref": body.approval_ref, "valid_from": body.valid_from, "valid_until": body.valid_until,
        "size": _size(size_of(body, local_day(now))),
    }  # fmt: skip


@router.get("/acts", response=Page[ActRow], summary="组织调整清单", operation_id="structure_acts")
def act_list(
    request: HttpRequest,
    state: ActState | None = None,
    is_open: bool = Query(False, description="只看在办的"),
    page: int = Query(1, ge=1),
) -> Any:
    filters = (Q(state=state) if state else Q()) & (Q(state__in=OPEN_STATES) if is_open else Q())
    return listed_answer(
        list_acts(actor_of(request), timezone.now(), filters=filters, page=page, size=PAGE_SIZE), _row
    )  # fmt: skip


@router.get("/acts/waiting", response=list[ActRow], summary="等我批准的调整", operation_id="structure_acts_waiting")
def acts_waiting(request: HttpRequest) -> Any:
    return [_row(act) for act in acts_to_decide(actor_of(request), timezone.now())]


@router.get("/acts/{act_id}", response=ActAnswer, summary="一项调整，和生效后会怎样", operation_id="structure_act")
def act_detail(request: HttpRequest, act_id: int) -> Any:
    return _whole(_seen(actor_of(request), act_id))


@router.post("/acts", response={201: ActAnswer}, summary="提出一项调整", operation_id="structure_propose")
def act_propose(request: HttpRequest, wanted: ActRequest) -> Any:
    actor, now = actor_of(request), timezone.now()
    act = propose_act(wanted=_wanted(wanted, actor, now), actor=actor, at=now)
    return Status(201, _whole(act))


@router.post("/acts/{act_id}/approve", response=ActAnswer, summary="批准", operation_id="structure_approve")
def act_approve(request: HttpRequest, act_id: int, wanted: ActApproveRequest) -> Any:
    actor = actor_of(request)
    return _whole(
        approve_act(
            act=_seen(actor, act_id), actor=actor, at=timezone.now(), approval_ref=wanted.approval_ref, note=wanted.note
        )
    )


@router.post("/acts/{act_id}/refuse", response=ActAnswer, summary="不批准", operation_id="structure_refuse")
def act_refuse(request: HttpRequest, act_id: int, wanted: ActReasonRequest) -> Any:
    actor = actor_of(request)
    return _whole(refuse_act(act=_seen(actor, act_id), reason=wanted.reason, actor=actor, at=timezone.now()))


@router.post("/acts/{act_id}/withdraw", response=ActAnswer, summary="撤回", operation_id="structure_withdraw")
def act_withdraw(request: HttpRequest, act_id: int) -> Any:
    actor = actor_of(request)
    return _whole(withdraw_act(act=_seen(actor, act_id), actor=actor, at=timezone.now()))


@router.post("/acts/{act_id}/note", response=ActAnswer, summary="登记知晓（PO-08）", operation_id="structure_note")
def act_note(request: HttpRequest, act_id: int) -> Any:
    actor = actor_of(request)
    return _whole(note_act(act=_seen(actor, act_id), actor=actor, at=timezone.now()))


@router.post("/units", response={201: UnitAnswer}, summary="设立单位", operation_id="structure_unit_create")
def unit_create(request: HttpRequest, wanted: UnitRequest) -> Any:
    actor, now = actor_of(request), timezone.now()
    parent = _unit(actor, wanted.parent, now)
    return Status(
        201, create_unit(name=wanted.name, kind=wanted.kind, parent=parent, since=wanted.since, actor=actor, at=now)
    )


@router.post("/units/{unit_id}/move", response=UnitAnswer, summary="调整单位隶属", operation_id="structure_unit_move")
def unit_move(request: HttpRequest, unit_id: int, wanted: UnitMoveRequest) -> Any:
    actor, now = actor_of(request), timezone.now()
    unit, parent = _unit(actor, unit_id, now), _unit(actor, wanted.parent, now)
    return move_unit(unit=unit, parent=parent, since=wanted.since, actor=actor, at=now)


@router.post("/units/{unit_id}/rename", response=UnitAnswer, summary="单位更名", operation_id="structure_unit_rename")
def unit_rename(request: HttpRequest, unit_id: int, wanted: UnitRenameRequest) -> Any:
    actor, now = actor_of(request), timezone.now()
    unit = _unit(actor, unit_id, now)
    return rename_unit(unit=unit, name=wanted.name, since=wanted.since, actor=actor, at=now)


@router.post("/units/{unit_id}/close", response=UnitAnswer, summary="撤销单位", operation_id="structure_unit_close")
def unit_close(request: HttpRequest, unit_id: int, wanted: UnitCloseRequest) -> Any:
    actor, now = actor_of(request), timezone.now()
    return close_unit(unit=_unit(actor, unit_id, now), until=wanted.until, actor=actor, at=now)


@router.get("/stations", response=list[StationAnswer], summary="站场与区域", operation_id="structure_stations")
def station_list(request: HttpRequest, day: date | None = None) -> Any:
    now = timezone.now()
    on = day or local_day(now)
    figures = figures_in_force()
    missing = set(stations_missing_party_duty(on).values_list("pk", flat=True))
    modes = [
        mode for region in regions_on(actor_of(request), now, on) for mode in (region.hub, *region.stations) if mode
    ]  # fmt: skip
    return [
        {
            "id": mode.station_id, "name": mode.station.name, "staffing": mode.staffing, "is_hub": mode.is_hub,
            "hub": named(mode.hub), "duties": list(duties_of(mode, figures)), "misses_party": mode.station_id in missing,
        }
        for mode in modes
    ]  # fmt: skip


@router.post("/stations/{unit_id}/mode", response=UnitAnswer, summary="定值守方式", operation_id="structure_mode")
def station_mode(request: HttpRequest, unit_id: int, wanted: ModeRequest) -> Any:
    actor, now = actor_of(request), timezone.now()
    unit = _unit(actor, unit_id, now)
    hub = _unit(actor, wanted.hub, now) if wanted.hub is not None else None
    set_station_mode(
        station=unit, staffing=wanted.staffing, since=wanted.since, is_hub=wanted.is_hub, hub=hub, actor=actor, at=now
    )  # fmt: skip
    return unit


def _wanted(asked: ActRequest, actor: Person, now: datetime) -> Wanted:
    """Find everything that the request names among what the actor may see; what is not there is a 404."""
    bodies, units = bodies_seen_by(actor, now), units_seen_by(actor, now)

    def body(pk: int | None) -> PartyOrg | None:
        return get_object_or_404(bodies, pk=pk) if pk is not None else None

    def several(keys: list[int]) -> list[PartyOrg]:
        return [get_object_or_404(bodies, pk=pk) for pk in keys]

    into = [
        NewBody(new.name, new.kind, _people(actor, now, new.people), several(new.groups)) for new in asked.into
    ]  # fmt: skip
    return Wanted(
        kind=asked.kind, effective_on=asked.effective_on, grounds=asked.grounds, body=body(asked.body),
        parent=body(asked.parent), name=asked.name, body_kind=asked.body_kind, into=into, others=several(asked.others),
        receiver=body(asked.receiver),
        unit=get_object_or_404(units, pk=asked.unit) if asked.unit is not None else None,
        units=[get_object_or_404(units, pk=pk) for pk in asked.units], approval_ref=asked.approval_ref,
        planned_end_on=asked.planned_end_on, outflow=body(asked.outflow), outflow_name=asked.outflow_name,
        inflow=body(asked.inflow), inflow_name=asked.inflow_name,
    )  # fmt: skip


def _people(actor: Person, now: datetime, keys: list[int]) -> list[Person]:
    found = list(people_seen_by(actor, now).filter(pk__in=keys)) if keys else []
    if len(found) != len(set(keys)):
        raise NotFound
    return found


def _seen(actor: Person, act_id: int) -> BodyAct:
    return get_object_or_404(acts_seen_by(actor, timezone.now()), pk=act_id)


def _unit(actor: Person, unit_id: int, now: datetime) -> AdminUnit:
    return get_object_or_404(units_seen_by(actor, now), pk=unit_id)


def _node(branch: Branch) -> dict[str, Any]:
    return {
        "id": branch.node.pk, "name": branch.name, "kind": branch.kind, "formal": branch.formal, "count": branch.count,
        "total": branch.total, "children": [_node(child) for child in branch.children],
    }  # fmt: skip


def _size(size: Any) -> dict[str, Any]:
    return {
        "name": size.name, "kind": size.kind, "formal": size.headcount.formal, "all": size.headcount.all,
        "findings": [
            {"code": row.code, "rule": row.rule, "found": row.found, "figure": row.figure,
             "severity": row.severity.value, "sentence": row.sentence}
            for row in size.findings
        ],
    }  # fmt: skip


def _row(act: BodyAct) -> dict[str, Any]:
    return {
        "id": act.pk, "kind": act.kind, "state": act.state, "body": named(act.body), "parent": named(act.parent),
        "name": act.name, "approver": named(act.approver), "effective_on": act.effective_on, "due_on": act.due_on,
        "grounds": act.grounds, "approval_ref": act.approval_ref, "proposed_at": act.proposed_at,
    }  # fmt: skip


def _whole(act: BodyAct) -> dict[str, Any]:
    preview = preview_of(act) if act.state in OPEN_STATES else None
    return {
        **_row(act), "hindrance": act.hindrance, "decision_note": act.decision_note,
        "sizes": [_size(size) for size in preview.sizes] if preview else [],
        "transfers": [
            {"person": named(row.membership.person), "from_body": row.membership.body.name, "to": row.to.name,
             "group": row.group.name if row.group else None}
            for row in (preview.plan.transfers if preview else [])
        ],
        "closed": [named(body) for body in (preview.plan.closed if preview else [])],
    }  # fmt: skip
