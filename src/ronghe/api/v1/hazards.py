"""隐患和违章: reporting, assessing, confirming, counting; further steps, notes and files are taken at `/work/items`."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, Literal

from django.db.models import Q
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Field, Query, Router, Schema, Status

from ronghe.api.acting import actor_of
from ronghe.api.v1.shapes import PAGE_SIZE, Named, Page, listed_answer, named
from ronghe.domain.hazards.enums import FindingGrade, ViolationSort
from ronghe.domain.hazards.rules import HAZARD, VIOLATION
from ronghe.domain.hazards.selectors import (
    Counts,
    Statistics,
    bodies_to_report_to,
    findings_seen_by,
    list_findings,
    people_to_name,
    risks_to_name,
    statistics_of,
)
from ronghe.domain.hazards.services.reporting import Offender, Report, report_hazard, report_violation
from ronghe.domain.hazards.services.settling import Assessed, Confirmed, assess_hazard, confirm_violation
from ronghe.domain.items.models import WorkItem
from ronghe.domain.items.rules import ItemKind
from ronghe.domain.items.selectors import people_to_ask
from ronghe.domain.org.models import Person
from ronghe.domain.risks.selectors import areas_seen_by
from ronghe.kernel.words import _

router = Router(tags=["hazards"])
HazardGrade = Literal["general", "major"]
ViolationGrade = Literal["general", "serious"]


class FindingRow(Schema):
    id: int
    title: str
    grade: FindingGrade
    state: str
    area: Named | None
    place: str
    body: Named
    owner: Named | None
    raised_by: Named
    raised_at: datetime
    due_at: datetime | None
    is_overdue: bool
    is_by_machine: bool
    is_settled: bool = Field(description="隐患已评估，违章已查实")
    is_overturned: bool


class HazardReportRequest(Schema):
    title: str = Field(max_length=120)
    grade: HazardGrade = "general"
    area: int | None = None
    body: int | None = Field(None, description="没有区域时：上报到哪个组织")
    place: str = Field(default="", max_length=60)
    text: str = Field(default="", max_length=2000)


class ViolationReportRequest(Schema):
    title: str = Field(max_length=120)
    sort: ViolationSort
    grade: ViolationGrade = "general"
    clause: str = Field(default="", max_length=120)
    area: int | None = None
    body: int | None = Field(None, description="没有区域时：上报到哪个组织")
    place: str = Field(default="", max_length=60)
    text: str = Field(default="", max_length=2000)
    person: int | None = Field(None, description="涉及谁；摄像头识别的不能写")
    certificate: str = Field(default="", max_length=40, description="操作证编号，只存密文和尾号")
    is_by_machine: bool = Field(default=False, description="摄像头识别，只是疑似（IN-05）")


class HazardAssessRequest(Schema):
    grade: HazardGrade
    owner: int
    measure: str = Field(max_length=2000)
    money: Decimal = Field(ge=0, max_digits=14, decimal_places=2)
    plan: str = Field(max_length=2000)
    due_on: date | None = Field(None, description="不写就按等级的最长期限")
    risk: int | None = Field(None, description="说明本区域哪项风险升高了")
    note: str = Field(default="", max_length=1000)


class ViolationConfirmRequest(Schema):
    grade: ViolationGrade
    owner: int
    note: str = Field(max_length=1000)
    is_serious_harm: bool = False
    due_on: date | None = None
    person: int | None = None
    certificate: str = Field(default="", max_length=40)
    risk: int | None = None


class FindingCounts(Schema):
    title: str
    total: int
    open: int
    late: int
    closed: int
    in_time: int
    worse: int = Field(description="重大隐患、严重违章")


class FindingFigures(Schema):
    whole: FindingCounts
    by_area: list[FindingCounts]
    median_hours: int | None
    ninetieth_hours: int | None


@router.get("/hazards", response=Page[FindingRow], summary="隐患", operation_id="hazards_list")
def hazard_list(
    request: HttpRequest, state: str | None = None, is_open: bool | None = None, grade: HazardGrade | None = None,
    area: int | None = None, mine: bool = False, q: str | None = None, page: int = Query(1, ge=1),
) -> Any:  # fmt: skip
    return _list(request, HAZARD, state, is_open, grade, area, q, page, mine=mine)


@router.post("/hazards", response={201: FindingRow}, summary="上报隐患", operation_id="hazards_report")
def hazard_report(request: HttpRequest, wanted: HazardReportRequest) -> Any:
    """照片接着用 `POST /work/items/{id}/files` 添。"""
    actor, now = actor_of(request), timezone.now()
    made = report_hazard(report=_report(actor, wanted, now), actor=actor, at=now)
    return Status(201, _row(_seen(HAZARD, actor, made.pk), now))


@router.get("/hazards/figures", response=FindingFigures, summary="隐患统计", operation_id="hazards_figures")
def hazard_figures(request: HttpRequest, days: int = Query(365, ge=1, le=3660)) -> Any:
    return _figures(request, HAZARD, days)


@router.post("/hazards/{item_id}/assess", response=FindingRow, summary="评估并落实整改", operation_id="hazards_assess")
def hazard_assess(request: HttpRequest, item_id: int, wanted: HazardAssessRequest) -> Any:
    actor, now = actor_of(request), timezone.now()
    item = _seen(HAZARD, actor, item_id)
    given = Assessed(
        FindingGrade(wanted.grade), _owner(item, actor, wanted.owner, now), wanted.measure, wanted.money, wanted.plan,
        wanted.due_on, _risk(item, wanted.risk), wanted.note,
    )  # fmt: skip
    assess_hazard(item=item, given=given, actor=actor, at=now)
    return _row(_seen(HAZARD, actor, item_id), now)


@router.get("/violations", response=Page[FindingRow], summary="违章", operation_id="violations_list")
def violation_list(
    request: HttpRequest, state: str | None = None, is_open: bool | None = None, grade: ViolationGrade | None = None,
    area: int | None = None, mine: bool = False, q: str | None = None, page: int = Query(1, ge=1),
) -> Any:  # fmt: skip
    return _list(request, VIOLATION, state, is_open, grade, area, q, page, mine=mine)


@router.post("/violations", response={201: FindingRow}, summary="上报违章", operation_id="violations_report")
def violation_report(request: HttpRequest, wanted: ViolationReportRequest) -> Any:
    """照片接着用 `POST /work/items/{id}/files` 添。"""
    actor, now = actor_of(request), timezone.now()
    person = get_object_or_404(people_to_name(actor, now), pk=wanted.person) if wanted.person is not None else None
    made = report_violation(
        report=_report(actor, wanted, now), sort=wanted.sort, clause=wanted.clause,
        offender=Offender(person, wanted.certificate), is_by_machine=wanted.is_by_machine, actor=actor, at=now,
    )  # fmt: skip
    return Status(201, _row(_seen(VIOLATION, actor, made.pk), now))


@router.get("/violations/figures", response=FindingFigures, summary="违章统计", operation_id="violations_figures")
def violation_figures(request: HttpRequest, days: int = Query(365, ge=1, le=3660)) -> Any:
    return _figures(request, VIOLATION, days)


@router.post("/violations/{item_id}/confirm", response=FindingRow, summary="查实", operation_id="violations_confirm")
def violation_confirm(request: HttpRequest, item_id: int, wanted: ViolationConfirmRequest) -> Any:
    actor, now = actor_of(request), timezone.now()
    item = _seen(VIOLATION, actor, item_id)
    person = _owner(item, actor, wanted.person, now) if wanted.person is not None else None
    given = Confirmed(
        FindingGrade(wanted.grade), _owner(item, actor, wanted.owner, now), wanted.note, wanted.is_serious_harm,
        wanted.due_on, Offender(person, wanted.certificate), _risk(item, wanted.risk),
    )  # fmt: skip
    confirm_violation(item=item, given=given, actor=actor, at=now)
    return _row(_seen(VIOLATION, actor, item_id), now)


def _list(
    request: HttpRequest, kind: ItemKind, state: str | None, is_open: bool | None, grade: str | None, area: int | None,
    q: str | None, page: int, *, mine: bool,
) -> Any:  # fmt: skip
    actor, now = actor_of(request), timezone.now()
    found = Q()
    if state:
        found &= Q(state=state)
    if is_open is not None:
        found &= Q(closed_at__isnull=is_open)
    if grade:
        found &= Q(finding__grade=grade)
    if area is not None:
        found &= Q(finding__area=area)
    if mine:
        found &= Q(owner=actor) | Q(raised_by=actor)
    if q:
        found &= Q(title__contains=q)
    listed = list_findings(kind, actor, now, filters=found, order_by=("-raised_at",), page=page, size=PAGE_SIZE)
    return listed_answer(listed, lambda item: _row(item, now))


def _figures(request: HttpRequest, kind: ItemKind, days: int) -> dict[str, Any]:
    actor, now = actor_of(request), timezone.now()
    found: Statistics = statistics_of(
        kind, actor, now, since=now - timedelta(days=days), until=now + timedelta(seconds=1), title=_("合计"),
        nowhere=_("没写区域"),
    )  # fmt: skip
    return {
        "whole": _counts(found.whole), "by_area": [_counts(row) for row in found.by_area],
        "median_hours": found.hours.median, "ninetieth_hours": found.hours.ninetieth,
    }  # fmt: skip


def _counts(row: Counts) -> dict[str, Any]:
    return {
        "title": row.title, "total": row.total, "open": row.open, "late": row.late, "closed": row.closed,
        "in_time": row.in_time, "worse": row.worse,
    }  # fmt: skip


def _seen(kind: ItemKind, actor: Person, key: int) -> WorkItem:
    return get_object_or_404(findings_seen_by(kind, actor, timezone.now()), pk=key)


def _report(actor: Person, wanted: HazardReportRequest | ViolationReportRequest, now: datetime) -> Report:
    area = get_object_or_404(areas_seen_by(actor, now), pk=wanted.area) if wanted.area is not None else None
    body = get_object_or_404(bodies_to_report_to(actor, now), pk=wanted.body) if wanted.body is not None else None
    return Report(wanted.title, FindingGrade(wanted.grade), area, body, wanted.place, wanted.text)


def _owner(item: WorkItem, actor: Person, key: int, now: datetime) -> Person:
    return get_object_or_404(people_to_ask(item, actor, now), pk=key)


def _risk(item: WorkItem, key: int | None) -> Any:
    return get_object_or_404(risks_to_name(item), pk=key) if key is not None else None


def _row(item: WorkItem, now: datetime) -> dict[str, Any]:
    finding: Any = item.finding
    return {
        "id": item.pk, "title": item.title, "grade": finding.grade, "state": item.state, "area": named(finding.area),
        "place": item.place, "body": named(item.body), "owner": named(item.owner), "raised_by": named(item.raised_by),
        "raised_at": item.raised_at, "due_at": item.due_at, "is_overdue": item.is_overdue(now),
        "is_by_machine": finding.is_by_machine, "is_settled": finding.settled_on is not None,
        "is_overturned": finding.overturned_at is not None,
    }  # fmt: skip
