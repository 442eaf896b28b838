"""述职评议."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Field, Query, Router, Schema, Status

from ronghe.api.acting import actor_of
from ronghe.api.v1.shapes import PAGE_SIZE, Named, Page, listed_answer, named
from ronghe.domain.hearings.enums import GroupKind, HearingState, RemarkKind
from ronghe.domain.hearings.models import EvaluatorGroup, Hearing, HearingReporter
from ronghe.domain.hearings.selectors import (
    ReporterView,
    bodies_to_plan_for,
    chairs_for,
    distribution_of,
    groups_of,
    hearings_seen_by,
    list_hearings,
    people_below,
    reporters_of,
    reporters_seen_by,
)
from ronghe.domain.hearings.services.marking import close_hearing, count_marks, open_marking, stop_marking
from ronghe.domain.hearings.services.planning import (
    HearingText,
    arrange_meeting,
    call_off_hearing,
    plan_hearing,
    set_evaluators,
    set_reporters,
)
from ronghe.domain.hearings.services.reporting import (
    answer_objection,
    hand_in_report,
    note_problem,
    note_remark,
    object_to_result,
)
from ronghe.domain.org.models import Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.kernel.errors import NotFound

router = Router(tags=["hearings"])


class HearingRow(Schema):
    id: int
    title: str
    year: int
    body: Named
    chair: Named
    starts_at: datetime
    reports_due_on: date
    state: HearingState
    reporters: int
    handed_in: int


class HearingReporterRow(Schema):
    id: int
    person: Named
    body: Named
    is_seen: bool = Field(description="您能看报告和结果")
    handed_in: bool
    is_late: bool
    score: Decimal | None
    grade: str = Field(description="等次代码；没有为空")
    rank: int | None = Field(description="开了排名次的才有")
    problems: int


class HearingGroupRow(Schema):
    id: int
    kind: GroupKind
    weight: Decimal = Field(description="百分比")
    people: int
    cast: int = Field(description="已测评的人数")


class HearingAnswer(Schema):
    id: int
    title: str
    state: HearingState
    objections_until: date | None
    reporters: list[HearingReporterRow]
    groups: list[HearingGroupRow] = Field(description="能看全部结果的人才有")


class HearingMarks(Schema):
    group: str
    weight: Decimal
    share: Decimal = Field(description="计入的权重；人数太少的组为 0")
    cast: int
    counts: list[int] | None = Field(description="各档票数，从好到差；人数太少的不公布")


class HearingObjectionRow(Schema):
    text: str
    state: str = Field(description="open、upheld、dismissed")
    answer: str


class HearingResultAnswer(Schema):
    id: int
    person: Named
    report: str
    score: Decimal | None
    grade: str
    marks: list[HearingMarks]
    remarks: list[str]
    objection: HearingObjectionRow | None


class HearingRequest(Schema):
    body: int
    title: str = Field(max_length=120)
    year: int = Field(ge=2000, le=2999)
    chair: int
    starts_at: datetime
    ends_at: datetime
    place: str = Field(max_length=80)
    reports_due_on: date
    field: str = Field("", max_length=60)
    shows_rank: bool = False
    objection_days: int = Field(5, ge=1, le=30)


class EvaluatorsRequest(Schema):
    people: list[int]
    weight: Decimal = Field(ge=0, le=100)


class HearingReportRequest(Schema):
    text: str = Field(max_length=20_000)


class HearingRemarkRequest(Schema):
    kind: RemarkKind
    said_by: int
    text: str = Field(max_length=600)


class HearingProblemRequest(Schema):
    problem: str = Field(max_length=120)
    due_at: datetime


class HearingObjectionRequest(Schema):
    text: str = Field(max_length=600)


class HearingAnswerRequest(Schema):
    is_upheld: bool = Field(description="异议是否成立")
    answer: str = Field(max_length=600)


class HearingReportersRequest(Schema):
    people: list[int] = Field(description="全部述职人；新列入的排在后面")


class HearingReasonRequest(Schema):
    reason: str = Field(max_length=120)


@router.get("", response=Page[HearingRow], summary="述职评议", operation_id="hearings_list")
def hearing_list(request: HttpRequest, page: int = Query(1, ge=1)) -> Any:
    return listed_answer(list_hearings(actor_of(request), timezone.now(), page=page, size=PAGE_SIZE), _row)


@router.post("", response={201: HearingAnswer}, summary="安排述职评议", operation_id="hearings_plan")
def hearing_plan(request: HttpRequest, wanted: HearingRequest) -> Status[Any]:
    actor, now = actor_of(request), timezone.now()
    body = get_object_or_404(bodies_to_plan_for(actor, now), pk=wanted.body)
    chair = get_object_or_404(chairs_for(body, local_day(now)), pk=wanted.chair)
    text = HearingText(**wanted.dict(exclude={"body", "chair"}), chair=chair)
    return Status(201, _whole(plan_hearing(body=body, text=text, actor=actor, at=now), actor))


@router.get("/{hearing_id}", response=HearingAnswer, summary="一场述职评议", operation_id="hearings_detail")
def hearing_detail(request: HttpRequest, hearing_id: int) -> Any:
    actor = actor_of(request)
    return _whole(_seen(actor, hearing_id), actor)


@router.put("/{hearing_id}/reporters", response=HearingAnswer, summary="定述职人", operation_id="hearings_reporters")
def hearing_reporters(request: HttpRequest, hearing_id: int, wanted: HearingReportersRequest) -> Any:
    actor, now = actor_of(request), timezone.now()
    hearing = _seen(actor, hearing_id)
    offered = people_below(hearing.body, local_day(now))
    people = [get_object_or_404(offered, pk=key) for key in wanted.people]
    set_reporters(hearing=hearing, people=people, actor=actor, at=now)
    return _whole(hearing, actor)


@router.post("/{hearing_id}/meeting", response=HearingAnswer, summary="安排会议", operation_id="hearings_arrange")
def hearing_arrange(request: HttpRequest, hearing_id: int) -> Any:
    actor = actor_of(request)
    return _whole(arrange_meeting(hearing=_seen(actor, hearing_id), actor=actor, at=timezone.now()), actor)


@router.post("/{hearing_id}/call-off", response=HearingAnswer, summary="取消述职评议", operation_id="hearings_call_off")
def hearing_call_off(request: HttpRequest, hearing_id: int, wanted: HearingReasonRequest) -> Any:
    actor = actor_of(request)
    hearing = _seen(actor, hearing_id)
    return _whole(call_off_hearing(hearing=hearing, reason=wanted.reason, actor=actor, at=timezone.now()), actor)


@router.put(
    "/{hearing_id}/groups/{kind}", response=HearingAnswer, summary="定测评人", operation_id="hearings_evaluators"
)
def hearing_evaluators(request: HttpRequest, hearing_id: int, kind: GroupKind, wanted: EvaluatorsRequest) -> Any:
    actor, now = actor_of(request), timezone.now()
    hearing = _seen(actor, hearing_id)
    group = get_object_or_404(EvaluatorGroup.objects.select_related("hearing__body"), hearing=hearing, kind=kind)
    offered = people_below(hearing.body, local_day(now))
    people = [get_object_or_404(offered, pk=key) for key in wanted.people]
    set_evaluators(group=group, people=people, weight=wanted.weight, actor=actor, at=now)
    return _whole(hearing, actor)


@router.post("/{hearing_id}/open", response=HearingAnswer, summary="开始测评", operation_id="hearings_open")
def hearing_open(request: HttpRequest, hearing_id: int) -> Any:
    actor = actor_of(request)
    return _whole(open_marking(hearing=_seen(actor, hearing_id), actor=actor, at=timezone.now()), actor)


@router.post("/{hearing_id}/count", response=HearingAnswer, summary="结束测评并计分", operation_id="hearings_count")
def hearing_count(request: HttpRequest, hearing_id: int) -> Any:
    actor = actor_of(request)
    return _whole(count_marks(hearing=_seen(actor, hearing_id), actor=actor, at=timezone.now()), actor)


@router.post("/{hearing_id}/stop", response=HearingAnswer, summary="作废测评", operation_id="hearings_stop")
def hearing_stop(request: HttpRequest, hearing_id: int, wanted: HearingReasonRequest) -> Any:
    actor = actor_of(request)
    hearing = _seen(actor, hearing_id)
    return _whole(stop_marking(hearing=hearing, reason=wanted.reason, actor=actor, at=timezone.now()), actor)


@router.post("/{hearing_id}/close", response=HearingAnswer, summary="办结", operation_id="hearings_close")
def hearing_close(request: HttpRequest, hearing_id: int) -> Any:
    actor = actor_of(request)
    return _whole(close_hearing(hearing=_seen(actor, hearing_id), actor=actor, at=timezone.now()), actor)


@router.get(
    "/reporters/{reporter_id}", response=HearingResultAnswer, summary="述职报告和结果", operation_id="hearings_result"
)
def reporter_detail(request: HttpRequest, reporter_id: int) -> Any:
    return _result(_reporter(actor_of(request), reporter_id))


@router.post(
    "/reporters/{reporter_id}/report",
    response=HearingResultAnswer,
    summary="提交述职报告",
    operation_id="hearings_report",
)
def reporter_report(request: HttpRequest, reporter_id: int, wanted: HearingReportRequest) -> Any:
    actor = actor_of(request)
    row = _reporter(actor, reporter_id)
    return _result(hand_in_report(reporter=row, text=wanted.text, actor=actor, at=timezone.now()))


@router.post(
    "/reporters/{reporter_id}/remarks",
    response={201: HearingResultAnswer},
    summary="记提问点评",
    operation_id="hearings_remark",
)
def reporter_remark(request: HttpRequest, reporter_id: int, wanted: HearingRemarkRequest) -> Status[Any]:
    actor, now = actor_of(request), timezone.now()
    row = _reporter(actor, reporter_id)
    said_by = get_object_or_404(people_below(row.hearing.body, local_day(now)), pk=wanted.said_by)
    note_remark(reporter=row, kind=wanted.kind, text=wanted.text, said_by=said_by, actor=actor, at=now)
    return Status(201, _result(row))


@router.post(
    "/reporters/{reporter_id}/problems",
    response={201: HearingResultAnswer},
    summary="列问题",
    operation_id="hearings_problem",
)
def reporter_problem(request: HttpRequest, reporter_id: int, wanted: HearingProblemRequest) -> Status[Any]:
    actor = actor_of(request)
    row = _reporter(actor, reporter_id)
    note_problem(reporter=row, problem=wanted.problem, due_at=wanted.due_at, actor=actor, at=timezone.now())
    return Status(201, _result(row))


@router.post(
    "/reporters/{reporter_id}/objection",
    response={201: HearingResultAnswer},
    summary="提出异议",
    operation_id="hearings_object",
)
def reporter_object(request: HttpRequest, reporter_id: int, wanted: HearingObjectionRequest) -> Status[Any]:
    actor = actor_of(request)
    row = _reporter(actor, reporter_id)
    object_to_result(reporter=row, text=wanted.text, actor=actor, at=timezone.now())
    return Status(201, _result(row))


@router.post(
    "/reporters/{reporter_id}/objection/answer", response=HearingResultAnswer, summary="答复异议",
    operation_id="hearings_answer",
)  # fmt: skip
def reporter_answer(request: HttpRequest, reporter_id: int, wanted: HearingAnswerRequest) -> Any:
    actor = actor_of(request)
    row = _reporter(actor, reporter_id)
    objection = getattr(row, "objection", None)
    if objection is None:
        raise NotFound
    answer_objection(objection=objection, actor=actor, at=timezone.now(), **wanted.dict())
    return _result(row)


def _seen(actor: Person, hearing_id: int) -> Hearing:
    return get_object_or_404(hearings_seen_by(actor, timezone.now()), pk=hearing_id)


def _reporter(actor: Person, reporter_id: int) -> HearingReporter:
    rows = reporters_seen_by(actor, timezone.now()).select_related("result")
    return get_object_or_404(rows, pk=reporter_id)


def _row(hearing: Any) -> dict[str, Any]:
    return {
        "id": hearing.pk, "title": hearing.title, "year": hearing.year, "body": named(hearing.body),
        "chair": named(hearing.chair), "starts_at": hearing.starts_at, "reports_due_on": hearing.reports_due_on,
        "state": hearing.state, "reporters": hearing.size, "handed_in": hearing.handed_in,
    }  # fmt: skip


def _whole(hearing: Hearing, actor: Person) -> dict[str, Any]:
    views = reporters_of(hearing, actor, timezone.now())
    groups = groups_of(hearing) if all(view.is_seen for view in views) else []
    return {
        "id": hearing.pk, "title": hearing.title, "state": hearing.state,
        "objections_until": hearing.objections_until, "reporters": [_reporter_row(view) for view in views],
        "groups": [
            {"id": view.group.pk, "kind": view.group.kind, "weight": view.group.weight, "people": len(view.people),
             "cast": view.cast}
            for view in groups
        ],
    }  # fmt: skip


def _reporter_row(view: ReporterView) -> dict[str, Any]:
    return {
        "id": view.reporter.pk, "person": named(view.reporter.person), "body": named(view.reporter.body),
        "is_seen": view.is_seen, "handed_in": view.reporter.version > 0, "is_late": view.is_late,
        "score": view.result.score if view.result is not None else None,
        "grade": view.result.grade if view.result is not None else "", "rank": view.rank, "problems": view.problems,
    }  # fmt: skip


def _result(row: HearingReporter) -> dict[str, Any]:
    result, objection = getattr(row, "result", None), getattr(row, "objection", None)
    marks = distribution_of(result) if result is not None else []
    return {
        "id": row.pk, "person": named(row.person), "report": row.report,
        "score": result.score if result is not None else None, "grade": result.grade if result is not None else "",
        "marks": [
            {"group": one.title, "weight": one.weight, "share": one.share, "cast": one.cast, "counts": one.counts}
            for one in marks
        ],
        "remarks": list(row.remarks.order_by("pk").values_list("text", flat=True)),
        "objection": {"text": objection.text, "state": objection.state, "answer": objection.answer}
        if objection is not None
        else None,
    }  # fmt: skip
