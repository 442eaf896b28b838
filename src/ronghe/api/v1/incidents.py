"""事故事件: reporting, who was told when, changed figures, closing and withdrawing."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Field, Query, Router, Schema, Status

from ronghe.api.acting import actor_of
from ronghe.api.v1.shapes import PAGE_SIZE, Named, Page, listed_answer, named
from ronghe.domain.incidents.enums import AccidentKind
from ronghe.domain.incidents.models import Accident
from ronghe.domain.incidents.selectors import (
    accidents_filtered,
    accidents_seen_by,
    bodies_to_report_to,
    figures_of,
    list_accidents,
    notices_of,
)
from ronghe.domain.incidents.services.reporting import (
    AccidentText,
    Figures,
    add_figures,
    close_accident,
    report_accident,
    tell_level,
    withdraw_accident,
)
from ronghe.domain.org.models import Person
from ronghe.domain.projects.selectors import projects_seen_by
from ronghe.domain.risks.selectors import areas_seen_by

router = Router(tags=["incidents"])


class IncidentRow(Schema):
    id: int
    title: str
    kind: AccidentKind
    grade: str
    class_code: str
    harm_code: str
    happened_at: datetime
    area: Named | None
    place: str
    body: Named
    project: Named | None
    deaths: int
    injured: int
    yuan: Decimal
    is_closed: bool
    is_withdrawn: bool


class IncidentNotice(Schema):
    id: int
    line: str
    title: str
    due_at: datetime | None = Field(description="空的是立即")
    told_at: datetime | None
    told_by: Named | None
    way: str
    is_late: bool


class IncidentFigures(Schema):
    deaths: int
    injured: int
    yuan: Decimal
    grade: str
    at: datetime
    by: Named
    note: str


class IncidentAnswer(IncidentRow):
    notices: list[IncidentNotice]
    figures: list[IncidentFigures]
    result: str


class IncidentFiguresRequest(Schema):
    deaths: int = Field(default=0, ge=0, le=1_000_000)
    injured: int = Field(default=0, ge=0, le=1_000_000)
    yuan: Decimal = Field(default=Decimal(0), ge=0, max_digits=16, decimal_places=2)
    note: str = Field(default="", max_length=400)


class IncidentRequest(Schema):
    title: str = Field(max_length=120, description="写事不写人")
    kind: AccidentKind = AccidentKind.ACCIDENT
    happened_at: datetime
    known_at: datetime | None = Field(None, description="上报时限从这时算；不写就是现在")
    area: int | None = None
    body: int | None = Field(None, description="没有区域时：报到哪个组织")
    project: int | None = Field(None, description="项目的无事故天数从这天重新算")
    place: str = Field(default="", max_length=80)
    text: str = Field(default="", max_length=2000)
    class_code: str = Field(default="", max_length=8, description="GB 6441—2025，WSA1 加四位")
    harm_code: str = Field(default="", max_length=8, description="WSA2 加四位")
    deaths: int = Field(default=0, ge=0, le=1_000_000)
    injured: int = Field(default=0, ge=0, le=1_000_000)
    yuan: Decimal = Field(default=Decimal(0), ge=0, max_digits=16, decimal_places=2)


class IncidentToldRequest(Schema):
    told_at: datetime | None = Field(None, description="不写就是现在")
    way: str = Field(default="", max_length=120)


class IncidentWordsRequest(Schema):
    words: str = Field(max_length=2000)


@router.get("", response=Page[IncidentRow], summary="事故事件", operation_id="incidents_list")
def incident_list(
    request: HttpRequest, q: str = "", kind: AccidentKind | None = None, grade: str = "", is_open: bool = False,
    late: bool = False, page: int = Query(1, ge=1),
) -> Any:  # fmt: skip
    actor, now = actor_of(request), timezone.now()
    rows = accidents_filtered(now, words=q, kind=kind or "", grade=grade, open_=is_open, late=late)
    return listed_answer(list_accidents(actor, now, rows, page=page, size=PAGE_SIZE), _row)


@router.post("", response={201: IncidentAnswer}, summary="报告事故", operation_id="incidents_report")
def incident_report(request: HttpRequest, wanted: IncidentRequest) -> Any:
    actor, now = actor_of(request), timezone.now()
    area = get_object_or_404(areas_seen_by(actor, now), pk=wanted.area) if wanted.area is not None else None
    body = get_object_or_404(bodies_to_report_to(actor, now), pk=wanted.body) if wanted.body is not None else None
    project = get_object_or_404(projects_seen_by(actor, now), pk=wanted.project) if wanted.project is not None else None
    text = AccidentText(
        wanted.title, wanted.happened_at, wanted.kind, wanted.known_at, area, body, None, project, wanted.place,
        wanted.text, wanted.class_code, wanted.harm_code, Figures(wanted.deaths, wanted.injured, wanted.yuan),
    )  # fmt: skip
    return Status(201, _whole(report_accident(text=text, actor=actor, at=now)))


@router.get("/{incident_id}", response=IncidentAnswer, summary="一起事故", operation_id="incidents_detail")
def incident_detail(request: HttpRequest, incident_id: int) -> Any:
    return _whole(_seen(actor_of(request), incident_id))


@router.post(
    "/{incident_id}/notices/{notice_id}/tell",
    response=IncidentAnswer,
    summary="记报告时间",
    operation_id="incidents_tell",
)
def incident_tell(request: HttpRequest, incident_id: int, notice_id: int, wanted: IncidentToldRequest) -> Any:
    actor, now = actor_of(request), timezone.now()
    accident = _seen(actor, incident_id)
    notice = get_object_or_404(accident.notices.select_related("accident__body"), pk=notice_id)
    tell_level(notice=notice, actor=actor, at=now, told_at=wanted.told_at, way=wanted.way)
    return _whole(accident)


@router.post(
    "/{incident_id}/figures", response=IncidentAnswer, summary="补报伤亡", operation_id="incidents_add_figures"
)
def incident_figures(request: HttpRequest, incident_id: int, wanted: IncidentFiguresRequest) -> Any:
    actor, now = actor_of(request), timezone.now()
    figures = Figures(wanted.deaths, wanted.injured, wanted.yuan)
    accident = _seen(actor, incident_id)
    return _whole(add_figures(accident=accident, figures=figures, note=wanted.note, actor=actor, at=now))


@router.post("/{incident_id}/close", response=IncidentAnswer, summary="结案", operation_id="incidents_close")
def incident_close(request: HttpRequest, incident_id: int, wanted: IncidentWordsRequest) -> Any:
    actor = actor_of(request)
    accident = _seen(actor, incident_id)
    return _whole(close_accident(accident=accident, result=wanted.words, actor=actor, at=timezone.now()))


@router.post("/{incident_id}/withdraw", response=IncidentAnswer, summary="撤销", operation_id="incidents_withdraw")
def incident_withdraw(request: HttpRequest, incident_id: int, wanted: IncidentWordsRequest) -> Any:
    actor = actor_of(request)
    accident = _seen(actor, incident_id)
    return _whole(withdraw_accident(accident=accident, reason=wanted.words, actor=actor, at=timezone.now()))


def _seen(actor: Person, key: int) -> Accident:
    return get_object_or_404(accidents_seen_by(actor, timezone.now()), pk=key)


def _row(one: Accident) -> dict[str, Any]:
    return {
        "id": one.pk, "title": one.title, "kind": one.kind, "grade": one.grade, "class_code": one.class_code,
        "harm_code": one.harm_code, "happened_at": one.happened_at, "area": named(one.area), "place": one.place,
        "body": named(one.body), "project": named(one.project), "deaths": one.deaths, "injured": one.injured,
        "yuan": one.yuan, "is_closed": one.closed_at is not None, "is_withdrawn": one.withdrawn_at is not None,
    }  # fmt: skip


def _whole(accident: Accident) -> dict[str, Any]:
    now = timezone.now()
    return {
        **_row(accident),
        "notices": [
            {"id": row.pk, "line": row.line, "title": row.title, "due_at": row.due_at, "told_at": row.told_at,
             "told_by": named(row.told_by), "way": row.way, "is_late": row.is_late(now)}
            for row in notices_of(accident)
        ],
        "figures": [
            {"deaths": row.deaths, "injured": row.injured, "yuan": row.yuan, "grade": row.grade, "at": row.at,
             "by": named(row.by), "note": row.note}
            for row in figures_of(accident)
        ],
        "result": accident.result,
    }  # fmt: skip
