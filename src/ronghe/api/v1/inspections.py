"""督查与达标: visits with what is held of each item, verdicts, grades, calls, and findings; further steps at `/work/items`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal, TypeVar

from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Field, Query, Router, Schema, Status

from ronghe.api.acting import actor_of
from ronghe.api.v1.shapes import PAGE_SIZE, Key, Named, Page, listed_answer, named
from ronghe.domain.inspections.calc.marking import percentage
from ronghe.domain.inspections.enums import InspectionForm, InspectionState, Verdict
from ronghe.domain.inspections.models import Inspection, InspectionCall
from ronghe.domain.inspections.selectors.checklists import checklists
from ronghe.domain.inspections.selectors.evidence import Held, held_for
from ronghe.domain.inspections.selectors.inspections import (
    Judged,
    bodies_to_call_for,
    bodies_to_visit,
    calls_seen_by,
    common_problems,
    inspections_filtered,
    inspections_of_call,
    inspections_seen_by,
    list_calls,
    list_inspections,
    people_to_send,
    record_of,
)
from ronghe.domain.inspections.services.arranging import (
    VisitPlan,
    arrange_inspection,
    call_off,
    close_call,
    issue_call,
)
from ronghe.domain.inspections.services.grading import decide_grade
from ronghe.domain.inspections.services.visiting import judge_item, make_finding, seal_inspection
from ronghe.domain.org.models import Person
from ronghe.kernel.errors import NotFound

router = Router(tags=["inspections"])
Row = TypeVar("Row", bound=Model)


class ChecklistRow(Schema):
    id: str
    version: int
    title: str
    forms: list[InspectionForm]
    items: int
    vetoes: int
    is_checked: bool = Field(description="内容是否与公布的原文核对过")


class InspectionRow(Schema):
    id: int
    body: Named
    form: InspectionForm
    checklist: str
    call: int | None
    planned_on: date
    until_on: date
    state: InspectionState
    mark: Decimal | None
    full: Decimal | None
    percent: Decimal | None
    vetoes: int
    before: str
    proposed: str
    grade: str
    notice_until: date | None
    words: str


class KeptMechanism(Schema):
    mechanism: str
    title: str
    done: int
    late: int
    missed: int
    open: int


class HeldRecordRow(Schema):
    kind: str
    on: date
    source_type: str | None
    source_id: int | None


class CheckItemRow(Schema):
    id: str
    dimension: str
    title: str
    full: Decimal
    is_veto: bool
    held: int = Field(description="平台里已有多少条记录")
    is_missing: bool = Field(description="平台里没有或有漏办，要到现场问")
    records: list[HeldRecordRow]
    mechanisms: list[KeptMechanism]
    verdict: Verdict | None
    mark: Decimal | None
    words: str
    finding: int | None


class InspectionDetail(InspectionRow):
    group: list[Named]
    is_shown: bool = Field(description="认定是否已经可以看")
    items: list[CheckItemRow]


class VisitPlanRequest(Schema):
    checklist: str = Field(max_length=40)
    planned_on: date
    until_on: date
    group: list[Key] = Field(min_length=1, max_length=20, description="督查组，第一个是组长")


class ArrangeRequest(VisitPlanRequest):
    body: Key
    form: InspectionForm


class CallRequest(VisitPlanRequest):
    title: str = Field(max_length=120)
    body: Key
    bodies: list[Key] = Field(min_length=1, max_length=200)


class JudgeRequest(Schema):
    verdict: Verdict
    mark: str = Field(default="", max_length=12, description="部分符合得几分，不写按检查表的比例")
    words: str = Field(default="", max_length=1000)


class WordsRequest(Schema):
    words: str = Field(default="", max_length=2000)


class InspectionReasonRequest(Schema):
    reason: str = Field(max_length=400)


class GradeRequest(Schema):
    grade: str = Field(max_length=40)
    words: str = Field(default="", max_length=1000)


class MadeFinding(Schema):
    finding: int


class CallRow(Schema):
    id: int
    title: str
    body: Named
    checklist: str
    from_on: date
    until_on: date
    bodies: int
    done: int
    is_closed: bool
    conclusion: str


class CallVisit(Schema):
    inspection: int
    body: Named
    state: InspectionState
    judged: int
    below: int
    mark: Decimal | None
    full: Decimal | None


class CommonProblem(Schema):
    item: str
    title: str
    judged: int
    below: int


class CallDetail(CallRow):
    visits: list[CallVisit]
    common: list[CommonProblem]


@router.get("/checklists", response=list[ChecklistRow], summary="检查表", operation_id="inspections_checklists")
def checklist_list(request: HttpRequest, form: InspectionForm | None = None) -> Any:  # noqa: ARG001 - as every route
    return [
        {
            "id": one.id, "version": one.version, "title": one.title, "forms": list(one.forms), "items": len(one.items),
            "vetoes": len(one.vetoes), "is_checked": one.is_checked,
        }
        for one in checklists(form or "").values()
    ]  # fmt: skip


@router.get("/calls", response=Page[CallRow], summary="专项督察", operation_id="inspections_calls")
def call_list(request: HttpRequest, page: int = Query(1, ge=1)) -> Any:
    return listed_answer(list_calls(actor_of(request), timezone.now(), page=page, size=PAGE_SIZE), _call)


@router.post("/calls", response={201: CallDetail}, summary="部署专项督察", operation_id="inspections_call_issue")
def call_issue(request: HttpRequest, wanted: CallRequest) -> Any:
    actor, now = actor_of(request), timezone.now()
    body = get_object_or_404(bodies_to_call_for(actor, now), pk=wanted.body)
    bodies = _all_of(bodies_to_visit(actor, now), wanted.bodies)
    plan = _plan(wanted, InspectionForm.SPECIAL, actor, now)
    call = issue_call(title=wanted.title, body=body, bodies=bodies, plan=plan, actor=actor, at=now)
    return Status(201, _call_detail(_call_seen(actor, call.pk, now)))


@router.get("/calls/{call_id}", response=CallDetail, summary="一次专项督察", operation_id="inspections_call")
def call_detail(request: HttpRequest, call_id: int) -> Any:
    return _call_detail(_call_seen(actor_of(request), call_id, timezone.now()))


@router.post(
    "/calls/{call_id}/close", response=CallDetail, summary="结束专项督察", operation_id="inspections_call_close"
)
def call_close(request: HttpRequest, call_id: int, wanted: WordsRequest) -> Any:
    actor, now = actor_of(request), timezone.now()
    close_call(call=_call_seen(actor, call_id, now), conclusion=wanted.words, actor=actor, at=now)
    return _call_detail(_call_seen(actor, call_id, now))


@router.get("", response=Page[InspectionRow], summary="督查", operation_id="inspections_list")
def inspection_list(
    request: HttpRequest, form: InspectionForm | None = None, state: InspectionState | Literal["open", "grading"] | None = None,
    body: Key | None = None, call: Key | None = None, mine: bool = False, q: str = "", page: int = Query(1, ge=1),
) -> Any:  # fmt: skip
    actor, now = actor_of(request), timezone.now()
    filters = inspections_filtered(
        form=form or "", state=state or "", words=q, body=body, call=call, mine=actor if mine else None
    )
    return listed_answer(list_inspections(actor, now, filters=filters, page=page, size=PAGE_SIZE), _row)


@router.post("", response={201: InspectionDetail}, summary="安排督查", operation_id="inspections_arrange")
def inspection_arrange(request: HttpRequest, wanted: ArrangeRequest) -> Any:
    actor, now = actor_of(request), timezone.now()
    body = get_object_or_404(bodies_to_visit(actor, now), pk=wanted.body)
    made = arrange_inspection(body=body, plan=_plan(wanted, wanted.form, actor, now), actor=actor, at=now)
    return Status(201, _detail(made.pk, actor, now))


@router.get("/{inspection_id}", response=InspectionDetail, summary="一次督查", operation_id="inspections_get")
def inspection_get(request: HttpRequest, inspection_id: int) -> Any:
    """每一项先给平台里已有的，再给认定。"""
    return _detail(inspection_id, actor_of(request), timezone.now())


@router.post(
    "/{inspection_id}/items/{item}/judge",
    response=InspectionDetail,
    summary="认定一项",
    operation_id="inspections_judge",
)
def inspection_judge(request: HttpRequest, inspection_id: int, item: str, wanted: JudgeRequest) -> Any:
    actor, now = actor_of(request), timezone.now()
    visit = _seen(actor, inspection_id, now)
    judge_item(
        inspection=visit, item=item, verdict=wanted.verdict, mark=wanted.mark, words=wanted.words, actor=actor, at=now
    )
    return _detail(inspection_id, actor, now)


@router.post(
    "/{inspection_id}/items/{item}/finding",
    response=MadeFinding,
    summary="列为问题",
    operation_id="inspections_finding",
)
def inspection_finding(request: HttpRequest, inspection_id: int, item: str) -> Any:
    actor, now = actor_of(request), timezone.now()
    return {"finding": make_finding(inspection=_seen(actor, inspection_id, now), item=item, actor=actor, at=now).pk}


@router.post("/{inspection_id}/seal", response=InspectionDetail, summary="完成督查", operation_id="inspections_seal")
def inspection_seal(request: HttpRequest, inspection_id: int, wanted: WordsRequest) -> Any:
    actor, now = actor_of(request), timezone.now()
    seal_inspection(inspection=_seen(actor, inspection_id, now), words=wanted.words, actor=actor, at=now)
    return _detail(inspection_id, actor, now)


@router.post(
    "/{inspection_id}/call-off", response=InspectionDetail, summary="取消督查", operation_id="inspections_call_off"
)
def inspection_call_off(request: HttpRequest, inspection_id: int, wanted: InspectionReasonRequest) -> Any:
    actor, now = actor_of(request), timezone.now()
    call_off(inspection=_seen(actor, inspection_id, now), reason=wanted.reason, actor=actor, at=now)
    return _detail(inspection_id, actor, now)


@router.post("/{inspection_id}/grade", response=InspectionDetail, summary="定级", operation_id="inspections_grade")
def inspection_grade(request: HttpRequest, inspection_id: int, wanted: GradeRequest) -> Any:
    actor, now = actor_of(request), timezone.now()
    visit = _seen(actor, inspection_id, now)
    decide_grade(inspection=visit, grade=wanted.grade, words=wanted.words, actor=actor, at=now)
    return _detail(inspection_id, actor, now)


def _plan(wanted: VisitPlanRequest, form: InspectionForm, actor: Person, now: datetime) -> VisitPlan:
    group = _all_of(people_to_send(actor, now), wanted.group)
    return VisitPlan(form, wanted.checklist, wanted.planned_on, wanted.until_on, group)


def _all_of(rows: QuerySet[Row], keys: Sequence[int]) -> list[Row]:
    """Return these rows in the order of `keys`; one statement.

    :raises NotFound: one of them is not among `rows`
    """
    found = {row.pk: row for row in rows.filter(pk__in=keys)}
    if not found.keys() >= set(keys):
        raise NotFound
    return [found[key] for key in dict.fromkeys(keys)]


def _seen(actor: Person, key: int, now: datetime) -> Inspection:
    found: Inspection = get_object_or_404(inspections_seen_by(actor, now), pk=key)
    return found


def _call_seen(actor: Person, key: int, now: datetime) -> Any:
    return get_object_or_404(calls_seen_by(actor, now), pk=key)


def _row(one: Inspection) -> dict[str, Any]:
    percent = percentage(one.mark, one.full) if one.mark is not None and one.full is not None else None
    return {
        "id": one.pk, "body": named(one.body), "form": one.form, "checklist": one.checklist, "call": one.call_id,
        "planned_on": one.planned_on, "until_on": one.until_on, "state": one.state, "mark": one.mark, "full": one.full,
        "percent": percent, "vetoes": one.vetoes, "before": one.before, "proposed": one.proposed, "grade": one.grade,
        "notice_until": one.notice_until, "words": one.words,
    }  # fmt: skip


def _detail(key: int, actor: Person, now: datetime) -> dict[str, Any]:
    visit = _seen(actor, key, now)
    record = record_of(visit, actor, now)
    held = held_for(visit.sheet, visit.body_id, now) if record.is_shown else {}
    parts: Sequence[tuple[str, Sequence[Judged]]] = [
        *((part.id, rows) for part, rows in record.dimensions), ("", record.vetoes),
    ]  # fmt: skip
    items = [_item(part, one, held.get(one.item.id, Held())) for part, rows in parts for one in rows]
    group = [named(one.person) for one in record.group]
    return _row(visit) | {"group": group, "is_shown": record.is_shown, "items": items}


def _item(part: str, one: Judged, held: Held) -> dict[str, Any]:
    row = one.verdict
    return {
        "id": one.item.id, "dimension": part, "title": one.item.title, "full": one.item.full, "is_veto": one.item.is_veto,
        "held": held.records, "is_missing": held.is_missing,
        "records": [
            {"kind": each.kind, "on": each.on, "source_type": each.source_type, "source_id": each.source_id}
            for each in held.latest
        ],
        "mechanisms": [
            {"mechanism": kept.mechanism, "title": kept.title, "done": kept.done, "late": kept.late,
             "missed": kept.missed, "open": kept.open}
            for kept in held.kept
        ],
        "verdict": row.verdict if row else None, "mark": row.mark if row else None, "words": row.words if row else "",
        "finding": row.finding_id if row else None,
    }  # fmt: skip


def _call(call: Any) -> dict[str, Any]:
    return {
        "id": call.pk, "title": call.title, "body": named(call.body), "checklist": call.checklist, "from_on": call.from_on,
        "until_on": call.until_on, "bodies": call.bodies, "done": call.done, "is_closed": call.closed_at is not None,
        "conclusion": call.conclusion,
    }  # fmt: skip


def _call_detail(call: InspectionCall) -> dict[str, Any]:
    visits = [
        {"inspection": one.pk, "body": named(one.body), "state": one.state, "judged": one.judged, "below": one.below,
         "mark": one.mark, "full": one.full}
        for one in inspections_of_call(call)
    ]  # fmt: skip
    common = [
        {"item": one.item.id, "title": one.item.title, "judged": one.judged, "below": one.below}
        for one in common_problems(call)
    ]
    return _call(call) | {"visits": visits, "common": common}
