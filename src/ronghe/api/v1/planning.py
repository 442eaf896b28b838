"""四同检查."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from django.db.models import Q
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import File, Form, Query, Router, Status
from ninja.files import UploadedFile

from ronghe.api.acting import actor_of
from ronghe.api.uploads import laid_out
from ronghe.api.v1.planning_shapes import (
    PlanCheckAnswer,
    PlanChoice,
    PlanChosen,
    PlanDone,
    PlanGapRequest,
    PlanGapRow,
    PlanHeadRequest,
    PlanImport,
    PlanImported,
    PlanItemRequest,
    PlanMatrix,
    PlanReason,
    PlanRequest,
    PlanRow,
)
from ronghe.api.v1.shapes import PAGE_SIZE, Page, listed_answer, named
from ronghe.domain.org.models import Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.planning.calc.contents import ItemText
from ronghe.domain.planning.enums import Aspect, ItemKind, PlanState, Side
from ronghe.domain.planning.models import CheckEvidence, CheckRound, ItemCheck, Plan, PlanItem
from ronghe.domain.planning.rules import EDIT_PLAN
from ronghe.domain.planning.selectors.evidence import Shown, choices_for, evidence_of
from ronghe.domain.planning.selectors.matrix import Cell, Line, gaps_seen_by, matrix_of, open_tasks_of, standings_of
from ronghe.domain.planning.selectors.plans import (
    agreement_of,
    bodies_to_plan_for,
    items_seen_by,
    list_plans,
    people_for,
    plans_seen_by,
    quarter_shown,
    quarters_of,
)
from ronghe.domain.planning.selectors.reading import read_plan
from ronghe.domain.planning.services.agreeing import (
    close_plan,
    confirm_plan,
    finish_item,
    offer_plan,
    reopen_plan,
    take_plan_back,
    unfinish_item,
)
from ronghe.domain.planning.services.checking import (
    choose_evidence,
    confirm_check,
    contest_check,
    refresh_checks,
    reject_evidence,
    take_check_back,
    waive_check,
)
from ronghe.domain.planning.services.drafting import (
    add_item,
    add_items,
    change_item,
    draft_plan,
    drop_item,
    name_head,
    restore_item,
)
from ronghe.domain.planning.services.gaps import open_gap_task
from ronghe.domain.planning.services.rounds import close_round, open_round
from ronghe.domain.rhythm.models import Activity
from ronghe.domain.work.models import Task
from ronghe.kernel.calendar.periods import PeriodKind, period_around
from ronghe.kernel.errors import NotFound

router = Router(tags=["planning"])
TABLE: Any = File(..., description="Excel（.xlsx、.xls）或 CSV，表头同计划表")
MOST_GAPS = 500


@router.get("", response=Page[PlanRow], summary="计划和四同占比", operation_id="planning_list")
def plan_list(
    request: HttpRequest, state: PlanState | None = None, year: int | None = Query(None, ge=2000, le=2999),
    page: int = Query(1, ge=1),
) -> Any:  # fmt: skip
    actor, now = actor_of(request), timezone.now()
    found = Q()
    if state is not None:
        found &= Q(state=state)
    if year is not None:
        found &= Q(period__startswith=str(year))
    listed = list_plans(actor, now, filters=found, page=page, size=PAGE_SIZE)
    standings = {one.plan.pk: one for one in standings_of(list(listed), local_day(now))}

    def shape(plan: Plan) -> dict[str, Any]:
        one = standings[plan.pk]
        return {
            "id": plan.pk, "body": named(plan.body), "period": plan.period, "state": plan.state,
            "version": plan.version, "items": one.counts.items, "joint": one.counts.joint, "gaps": one.counts.gaps,
            "overdue": one.overdue,
        }  # fmt: skip

    return listed_answer(listed, shape)


@router.post("", response={201: PlanMatrix}, summary="编计划", operation_id="planning_draft")
def plan_draft(request: HttpRequest, wanted: PlanRequest) -> Status[Any]:
    actor, now = actor_of(request), timezone.now()
    body = get_object_or_404(bodies_to_plan_for(actor, now), pk=wanted.body)
    head = None
    if wanted.production_head is not None:
        head = get_object_or_404(people_for(body, local_day(now)), pk=wanted.production_head)
    source = None
    if wanted.drawn_from is not None:
        source = get_object_or_404(plans_seen_by(actor, now), pk=wanted.drawn_from, body=body)
    plan = draft_plan(body=body, period=wanted.period, production_head=head, drawn_from=source, actor=actor, at=now)
    return Status(201, _matrix(plan))


@router.get("/gaps", response=list[PlanGapRow], summary="本季度的短板", operation_id="planning_gaps")
def plan_gaps(request: HttpRequest, aspect: Aspect | None = None, kind: ItemKind | None = None) -> Any:
    actor, now = actor_of(request), timezone.now()
    quarter = period_around(local_day(now), PeriodKind.QUARTER)
    rows = list(gaps_seen_by(actor, now, quarter, aspect=aspect or "", kind=kind or "")[:MOST_GAPS])
    tasks = open_tasks_of(rows)
    return [
        {"check": row.pk, "aspect": row.aspect, "state": row.state, "reason": row.reason, "item": row.item_id,
         "title": row.item.title, "body": named(row.item.plan.body), "due_on": row.item.due_on,
         "task": tasks[row.pk].pk if row.pk in tasks else None}
        for row in rows
    ]  # fmt: skip


@router.get("/{plan_id}", response=PlanMatrix, summary="条目和四同", operation_id="planning_matrix")
def plan_matrix(request: HttpRequest, plan_id: int, quarter: str = Query("", max_length=8)) -> Any:
    return _matrix(_plan(request, plan_id), quarter)


@router.post("/{plan_id}/items", response={201: PlanMatrix}, summary="加一条", operation_id="planning_add_item")
def plan_add(request: HttpRequest, plan_id: int, wanted: PlanItemRequest) -> Status[Any]:
    plan, now = _plan(request, plan_id), timezone.now()
    add_item(plan=plan, text=_text(plan, wanted, now), reason=wanted.reason, actor=actor_of(request), at=now)
    return Status(201, _matrix(_plan(request, plan_id)))


@router.post("/{plan_id}/import", response={201: PlanImported}, summary="从表格导入", operation_id="planning_import")
def plan_import(
    request: HttpRequest, plan_id: int, wanted: Form[PlanImport], table: UploadedFile = TABLE
) -> Status[Any]:
    """一处不对就一条也不导入，答复里写明是哪个单元格。"""
    plan, actor, now = _plan(request, plan_id), actor_of(request), timezone.now()
    EDIT_PLAN.require(actor, plan, at=now)
    with laid_out(table) as path:
        preview = read_plan(path, table.name or "", plan, local_day(now))
    preview.refuse_problems()
    texts = [row.item for row in preview.rows if row.item is not None]
    made = add_items(plan=plan, texts=texts, reason=wanted.reason, actor=actor, at=now)
    return Status(201, {"items": len(made)})


@router.post("/{plan_id}/head", response=PlanMatrix, summary="定行政负责人", operation_id="planning_head")
def plan_head(request: HttpRequest, plan_id: int, wanted: PlanHeadRequest) -> Any:
    plan, now = _plan(request, plan_id), timezone.now()
    person = get_object_or_404(people_for(plan.body, local_day(now)), pk=wanted.person)
    name_head(plan=plan, person=person, actor=actor_of(request), at=now)
    return _matrix(_plan(request, plan_id))


@router.post(
    "/{plan_id}/steps/{step}", response=PlanMatrix, summary="送确认、撤回、结束、重开", operation_id="planning_step"
)
def plan_step(request: HttpRequest, plan_id: int, step: Literal["offer", "take-back", "close", "reopen"]) -> Any:
    acts = {"offer": offer_plan, "take-back": take_plan_back, "close": close_plan, "reopen": reopen_plan}
    acts[step](plan=_plan(request, plan_id), actor=actor_of(request), at=timezone.now())
    return _matrix(_plan(request, plan_id))


@router.post("/{plan_id}/confirm/{side}", response=PlanMatrix, summary="代表一方确认", operation_id="planning_confirm")
def plan_confirm(request: HttpRequest, plan_id: int, side: Side) -> Any:
    confirm_plan(plan=_plan(request, plan_id), side=side, actor=actor_of(request), at=timezone.now())
    return _matrix(_plan(request, plan_id))


@router.post("/{plan_id}/rounds/{quarter}", response=PlanMatrix, summary="开始季度检查", operation_id="planning_begin")
def plan_begin(request: HttpRequest, plan_id: int, quarter: str) -> Any:
    plan = _plan(request, plan_id)
    open_round(plan=plan, quarter=quarter, actor=actor_of(request), at=timezone.now())
    return _matrix(plan, quarter)


@router.post(
    "/{plan_id}/rounds/{quarter}/close", response=PlanMatrix, summary="结束季度检查", operation_id="planning_end"
)
def plan_end(request: HttpRequest, plan_id: int, quarter: str) -> Any:
    plan = _plan(request, plan_id)
    found = get_object_or_404(CheckRound.objects.select_related("plan"), plan=plan, quarter=quarter)
    close_round(round=found, actor=actor_of(request), at=timezone.now())
    return _matrix(plan, quarter)


@router.post(
    "/{plan_id}/rounds/{quarter}/refresh", response=PlanMatrix, summary="再找一遍记录", operation_id="planning_refresh"
)
def plan_refresh(request: HttpRequest, plan_id: int, quarter: str) -> Any:
    plan = _plan(request, plan_id)
    meant = next((one for one in quarters_of(plan) if one.label == quarter), None)
    if meant is None:
        raise NotFound
    refresh_checks(plan=plan, quarter=meant, actor=actor_of(request), at=timezone.now())
    return _matrix(plan, quarter)


@router.put("/items/{item_id}", response=PlanMatrix, summary="改条目", operation_id="planning_change_item")
def item_change(request: HttpRequest, item_id: int, wanted: PlanItemRequest) -> Any:
    item, now = _item(request, item_id), timezone.now()
    text = _text(item.plan, wanted, now)
    change_item(item=item, text=text, reason=wanted.reason, actor=actor_of(request), at=now)
    return _matrix(_plan(request, item.plan_id))


@router.post("/items/{item_id}/drop", response=PlanMatrix, summary="取消条目", operation_id="planning_drop_item")
def item_drop(request: HttpRequest, item_id: int, wanted: PlanReason) -> Any:
    item = _item(request, item_id)
    drop_item(item=item, reason=wanted.reason, actor=actor_of(request), at=timezone.now())
    return _matrix(_plan(request, item.plan_id))


@router.post("/items/{item_id}/restore", response=PlanMatrix, summary="恢复条目", operation_id="planning_restore_item")
def item_restore(request: HttpRequest, item_id: int, wanted: PlanReason) -> Any:
    item = _item(request, item_id)
    restore_item(item=item, reason=wanted.reason, actor=actor_of(request), at=timezone.now())
    return _matrix(_plan(request, item.plan_id))


@router.post("/items/{item_id}/done", response=PlanMatrix, summary="记为完成", operation_id="planning_finish_item")
def item_done(request: HttpRequest, item_id: int, wanted: PlanDone) -> Any:
    item = _item(request, item_id)
    finish_item(item=item, actor=actor_of(request), at=timezone.now(), **wanted.dict())
    return _matrix(_plan(request, item.plan_id))


@router.post("/items/{item_id}/undone", response=PlanMatrix, summary="撤回完成", operation_id="planning_unfinish_item")
def item_undone(request: HttpRequest, item_id: int) -> Any:
    item = _item(request, item_id)
    unfinish_item(item=item, actor=actor_of(request), at=timezone.now())
    return _matrix(_plan(request, item.plan_id))


@router.get("/checks/{check_id}", response=PlanCheckAnswer, summary="一处认定和依据", operation_id="planning_check")
def check_detail(request: HttpRequest, check_id: int) -> Any:
    return _check_answer(_check(request, check_id))


@router.get(
    "/checks/{check_id}/choices", response=list[PlanChoice], summary="可选的依据", operation_id="planning_choices"
)
def check_choices(request: HttpRequest, check_id: int) -> Any:
    found = choices_for(_check(request, check_id), actor_of(request), timezone.now())
    return [{"key": one.key, "title": one.title, "day": one.day, "likeness": one.like} for one in found]


@router.post(
    "/checks/{check_id}/evidence", response={201: PlanCheckAnswer}, summary="选依据", operation_id="planning_choose"
)
def check_choose(request: HttpRequest, check_id: int, wanted: PlanChosen) -> Status[Any]:
    check = _check(request, check_id)
    activity = get_object_or_404(Activity, pk=wanted.activity) if wanted.activity is not None else None
    task = get_object_or_404(Task, pk=wanted.task) if wanted.task is not None and activity is None else None
    choose_evidence(check=check, activity=activity, task=task, actor=actor_of(request), at=timezone.now())
    return Status(201, _check_answer(_check(request, check_id)))


@router.delete(
    "/checks/{check_id}/evidence/{evidence_id}",
    response=PlanCheckAnswer,
    summary="去掉依据",
    operation_id="planning_reject",
)
def check_reject(request: HttpRequest, check_id: int, evidence_id: int) -> Any:
    """要用时可以再选回来。"""
    check = _check(request, check_id)
    rows = CheckEvidence.objects.select_related("check_row").filter(check_row=check)
    row = get_object_or_404(rows, pk=evidence_id)
    row.check_row = check
    reject_evidence(evidence=row, actor=actor_of(request), at=timezone.now())
    return _check_answer(_check(request, check_id))


@router.post(
    "/checks/{check_id}/confirm", response=PlanCheckAnswer, summary="认定", operation_id="planning_confirm_check"
)
def check_confirm(request: HttpRequest, check_id: int) -> Any:
    return _check_answer(confirm_check(check=_check(request, check_id), actor=actor_of(request), at=timezone.now()))


@router.post("/checks/{check_id}/waive", response=PlanCheckAnswer, summary="记为不适用", operation_id="planning_waive")
def check_waive(request: HttpRequest, check_id: int, wanted: PlanReason) -> Any:
    check = _check(request, check_id)
    return _check_answer(waive_check(check=check, reason=wanted.reason, actor=actor_of(request), at=timezone.now()))


@router.post(
    "/checks/{check_id}/contest", response=PlanCheckAnswer, summary="提出异议", operation_id="planning_contest"
)
def check_contest(request: HttpRequest, check_id: int, wanted: PlanReason) -> Any:
    check = _check(request, check_id)
    return _check_answer(contest_check(check=check, reason=wanted.reason, actor=actor_of(request), at=timezone.now()))


@router.post(
    "/checks/{check_id}/take-back", response=PlanCheckAnswer, summary="撤回认定", operation_id="planning_take_back"
)
def check_take_back(request: HttpRequest, check_id: int) -> Any:
    check = _check(request, check_id)
    return _check_answer(take_check_back(check=check, actor=actor_of(request), at=timezone.now()))


@router.post(
    "/checks/{check_id}/task", response={201: PlanCheckAnswer}, summary="短板转任务", operation_id="planning_gap"
)
def check_task(request: HttpRequest, check_id: int, wanted: PlanGapRequest) -> Status[Any]:
    check, now = _check(request, check_id), timezone.now()
    assignee = None
    if wanted.assignee is not None:
        assignee = get_object_or_404(people_for(check.item.plan.body, local_day(now)), pk=wanted.assignee)
    open_gap_task(check=check, assignee=assignee, due_at=wanted.due_at, actor=actor_of(request), at=now)
    return Status(201, _check_answer(check))


def _plan(request: HttpRequest, plan_id: int) -> Plan:
    return get_object_or_404(plans_seen_by(actor_of(request), timezone.now()), pk=plan_id)


def _item(request: HttpRequest, item_id: int) -> PlanItem:
    return get_object_or_404(items_seen_by(actor_of(request), timezone.now()), pk=item_id)


def _check(request: HttpRequest, check_id: int) -> ItemCheck:
    check = get_object_or_404(ItemCheck.objects.select_related("decided_by"), pk=check_id)
    check.item = _item(request, check.item_id)
    return check


def _text(plan: Plan, wanted: PlanItemRequest, at: datetime) -> ItemText:
    people = people_for(plan.body, local_day(at))
    owners: dict[str, Person] = {
        name: get_object_or_404(people, pk=getattr(wanted, name)) for name in ("production_owner", "party_owner")
    }
    return ItemText(
        wanted.title, wanted.kind, owners["production_owner"].pk, owners["party_owner"].pk, wanted.due_on,
        wanted.goal, wanted.figure, wanted.unit, wanted.weight,
    )  # fmt: skip


def _matrix(plan: Plan, quarter: str = "") -> dict[str, Any]:
    day = local_day(timezone.now())
    found = matrix_of(plan, quarter_shown(plan, quarter, day), day)
    given = agreement_of(plan)
    sides = [side for side, row in ((Side.PARTY, given.party), (Side.PRODUCTION, given.production)) if row is not None]
    return {
        "id": plan.pk, "body": named(plan.body), "period": plan.period, "state": plan.state, "version": plan.version,
        "production_head": named(plan.production_head), "confirmed": sides, "quarter": found.quarter.label,
        "is_closed": found.is_frozen, "items": found.counts.items, "joint": found.counts.joint,
        "gaps": found.counts.gaps, "percent": found.counts.percent, "lines": [_line(line) for line in found.lines],
    }  # fmt: skip


def _line(line: Line) -> dict[str, Any]:
    item = line.item
    return {
        "id": item.pk, "number": item.number, "title": item.title, "kind": item.kind, "goal": item.goal,
        "figure": item.figure, "unit": item.unit, "production_owner": named(item.production_owner),
        "party_owner": named(item.party_owner), "due_on": item.due_on, "done_on": item.done_on, "weight": item.weight,
        "is_joint": line.is_joint, "is_overdue": line.is_overdue, "cells": [_cell(cell) for cell in line.cells],
    }  # fmt: skip


def _cell(cell: Cell) -> dict[str, Any]:
    return {
        "aspect": cell.aspect, "check": cell.check.pk if cell.check is not None else None, "state": cell.state,
        "reason": cell.check.reason if cell.check is not None else "", "records": cell.records,
        "task": cell.task.pk if cell.task is not None else None,
    }  # fmt: skip


def _check_answer(check: ItemCheck) -> dict[str, Any]:
    return {
        "id": check.pk, "item": check.item_id, "aspect": check.aspect, "quarter": check.quarter, "state": check.state,
        "reason": check.reason, "decided_by": named(check.decided_by),
        "records": [_record(shown) for shown in evidence_of([check])[check.pk]],
    }  # fmt: skip


def _record(shown: Shown) -> dict[str, Any]:
    return {
        "id": shown.row.pk, "day": shown.row.day, "title": shown.title, "note": shown.note, "party": shown.party,
        "production": shown.production, "is_joint": shown.is_joint, "is_found": shown.row.is_found,
    }  # fmt: skip
