"""风险台账: areas, the risks in each, their versions, and how they stood on a day."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Field, Query, Router, Schema, Status

from ronghe.api.acting import actor_of
from ronghe.api.v1.shapes import PAGE_SIZE, Named, Page, listed_answer, named
from ronghe.domain.org.models import Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.risks.enums import GRADE_BY_CODE, RiskGrade, VersionKind
from ronghe.domain.risks.models import Risk, RiskArea, RiskVersion
from ronghe.domain.risks.selectors import (
    areas_counted,
    areas_seen_by,
    bodies_to_open_for,
    list_risks,
    people_for,
    risks_at,
    risks_filtered,
    risks_seen_by,
    versions_of,
)
from ronghe.domain.risks.services.areas import AreaText, change_area, close_area, open_area
from ronghe.domain.risks.services.raising import raise_risk, review_risk
from ronghe.domain.risks.services.registering import RiskText, add_risk, change_risk, close_risk
from ronghe.domain.zones.models import CollaborationZone
from ronghe.domain.zones.selectors import zones_seen_by

router = Router(tags=["risks"])
Grade = Literal["red", "orange", "yellow", "blue"]


class RiskAreaRow(Schema):
    id: int
    name: str
    bounds: str
    body: Named
    unit: Named | None
    zone: Named | None
    count: int = Field(description="在册的风险")
    worst: Grade | None
    raised: int


class RiskRow(Schema):
    id: int
    area: Named
    title: str
    harm: str
    grade: Grade
    usual_grade: Grade = Field(description="没有升级时的等级")
    is_raised: bool
    measures: str
    owner: Named
    valid_from: date
    review_on: date
    version: int
    is_closed: bool


class RiskVersionRow(Schema):
    number: int
    kind: VersionKind
    valid_from: date
    grade: Grade
    measures: str
    owner: Named
    review_on: date
    reason: str
    by: Named
    at: datetime
    source: str | None = Field(description="由哪条记录升级，如 items.workitem:12")


class RiskAnswer(RiskRow):
    versions: list[RiskVersionRow]


class RiskOnDay(Schema):
    risk: int
    area: Named
    title: str
    grade: Grade
    measures: str
    owner: Named


class RiskAreaRequest(Schema):
    name: str = Field(max_length=60)
    bounds: str = Field(default="", max_length=200)
    zone: int | None = None


class RiskAreaOpenRequest(RiskAreaRequest):
    body: int


class RiskRequest(Schema):
    title: str = Field(max_length=120)
    grade: Grade
    measures: str = Field(max_length=2000)
    owner: int
    harm: str = Field(default="", max_length=200)
    valid_from: date | None = Field(None, description="不写就是今天")
    review_on: date | None = Field(None, description="不写就按等级推算")
    reason: str = Field(default="", max_length=400, description="更改时：为什么改")


class RiskRaiseRequest(Schema):
    reason: str = Field(max_length=400)
    to: Grade | None = Field(None, description="不写就升一级")


class RiskReviewRequest(Schema):
    grade: Grade
    reason: str = Field(max_length=400)
    review_on: date | None = None


class RiskCloseRequest(Schema):
    reason: str = Field(max_length=400)


@router.get("", response=Page[RiskRow], summary="风险台账", operation_id="risks_list")
def risk_list(
    request: HttpRequest, q: str = "", area: int | None = None, zone: int | None = None, grade: Grade | None = None,
    mine: bool = False, raised: bool = False, due: bool = False, closed: bool = False, page: int = Query(1, ge=1),
) -> Any:  # fmt: skip
    actor, now = actor_of(request), timezone.now()
    rows = risks_filtered(
        actor, now, words=q, area=area, zone=zone, grade=GRADE_BY_CODE[grade] if grade else None, mine=mine,
        raised=raised, due=due, closed=closed,
    )  # fmt: skip
    return listed_answer(list_risks(actor, now, rows, page=page, size=PAGE_SIZE), _row)


@router.get("/on-day", response=list[RiskOnDay], summary="某天各区域的风险", operation_id="risks_on_day")
def risks_on_day(request: HttpRequest, area: list[int] = Query(...), on: date | None = None) -> Any:  # noqa: B008
    actor, now = actor_of(request), timezone.now()
    seen = list(areas_seen_by(actor, now).filter(pk__in=area[:PAGE_SIZE]).values_list("pk", flat=True))
    return [
        {"risk": row.risk_id, "area": named(row.risk.area), "title": row.risk.title, "grade": RiskGrade(row.grade).code,
         "measures": row.measures, "owner": named(row.owner)}
        for row in risks_at(seen, on or local_day(now))
    ]  # fmt: skip


@router.get("/areas", response=list[RiskAreaRow], summary="安全区域", operation_id="risk_areas_list")
def area_list(request: HttpRequest, q: str = "") -> Any:
    return [_area_row(area) for area in areas_counted(actor_of(request), timezone.now(), q)[:1000]]


@router.post("/areas", response={201: RiskAreaRow}, summary="划定区域", operation_id="risk_areas_open")
def area_open(request: HttpRequest, wanted: RiskAreaOpenRequest) -> Any:
    actor, now = actor_of(request), timezone.now()
    body = get_object_or_404(bodies_to_open_for(actor, now), pk=wanted.body)
    made = open_area(text=_area_text(actor, now, wanted), body=body, actor=actor, at=now)
    return Status(201, _counted(actor, made, now))


@router.put("/areas/{area_id}", response=RiskAreaRow, summary="更改区域", operation_id="risk_areas_change")
def area_change(request: HttpRequest, area_id: int, wanted: RiskAreaRequest) -> Any:
    actor, now = actor_of(request), timezone.now()
    made = change_area(area=_area(actor, area_id), text=_area_text(actor, now, wanted), actor=actor, at=now)
    return _counted(actor, made, now)


@router.post("/areas/{area_id}/close", response={204: None}, summary="撤销区域", operation_id="risk_areas_close")
def area_close(request: HttpRequest, area_id: int) -> Any:
    actor = actor_of(request)
    close_area(area=_area(actor, area_id), actor=actor, at=timezone.now())
    return Status(204, None)


@router.post("/areas/{area_id}/risks", response={201: RiskAnswer}, summary="登记风险", operation_id="risks_add")
def risk_add(request: HttpRequest, area_id: int, wanted: RiskRequest) -> Any:
    actor, now = actor_of(request), timezone.now()
    area = _area(actor, area_id)
    return Status(201, _whole(add_risk(area=area, text=_text(area, wanted, now), actor=actor, at=now)))


@router.get("/{risk_id}", response=RiskAnswer, summary="一项风险和历次版本", operation_id="risks_detail")
def risk_detail(request: HttpRequest, risk_id: int) -> Any:
    return _whole(_risk(actor_of(request), risk_id))


@router.put("/{risk_id}", response=RiskAnswer, summary="更改风险", operation_id="risks_change")
def risk_change(request: HttpRequest, risk_id: int, wanted: RiskRequest) -> Any:
    actor, now = actor_of(request), timezone.now()
    risk = _risk(actor, risk_id)
    return _whole(change_risk(risk=risk, text=_text(risk.area, wanted, now), actor=actor, at=now))


@router.post("/{risk_id}/raise", response=RiskAnswer, summary="升级", operation_id="risks_raise")
def risk_raise(request: HttpRequest, risk_id: int, wanted: RiskRaiseRequest) -> Any:
    actor, now = actor_of(request), timezone.now()
    to = GRADE_BY_CODE[wanted.to] if wanted.to else None
    return _whole(raise_risk(risk=_risk(actor, risk_id), reason=wanted.reason, to=to, actor=actor, at=now))


@router.post("/{risk_id}/review", response=RiskAnswer, summary="复评", operation_id="risks_review")
def risk_review(request: HttpRequest, risk_id: int, wanted: RiskReviewRequest) -> Any:
    actor, now = actor_of(request), timezone.now()
    made = review_risk(
        risk=_risk(actor, risk_id), grade=GRADE_BY_CODE[wanted.grade], reason=wanted.reason,
        review_on=wanted.review_on, actor=actor, at=now,
    )  # fmt: skip
    return _whole(made)


@router.post("/{risk_id}/close", response=RiskAnswer, summary="销去风险", operation_id="risks_close")
def risk_close(request: HttpRequest, risk_id: int, wanted: RiskCloseRequest) -> Any:
    actor = actor_of(request)
    return _whole(close_risk(risk=_risk(actor, risk_id), reason=wanted.reason, actor=actor, at=timezone.now()))


def _risk(actor: Person, key: int) -> Risk:
    found: Risk = get_object_or_404(risks_seen_by(actor, timezone.now()), pk=key)
    return found


def _area(actor: Person, key: int) -> RiskArea:
    return get_object_or_404(areas_seen_by(actor, timezone.now()), pk=key)


def _counted(actor: Person, area: RiskArea, now: datetime) -> dict[str, Any]:
    return _area_row(areas_counted(actor, now).get(pk=area.pk))


def _area_text(actor: Person, now: datetime, wanted: RiskAreaRequest) -> AreaText:
    zone: CollaborationZone | None = None
    if wanted.zone is not None:
        zone = get_object_or_404(zones_seen_by(actor, now), pk=wanted.zone)
    return AreaText(wanted.name, wanted.bounds, zone=zone)


def _text(area: RiskArea, wanted: RiskRequest, now: datetime) -> RiskText:
    return RiskText(
        wanted.title, GRADE_BY_CODE[wanted.grade], wanted.measures,
        get_object_or_404(people_for(area, now), pk=wanted.owner), wanted.harm, wanted.valid_from, wanted.review_on,
        wanted.reason,
    )  # fmt: skip


def _area_row(area: Any) -> dict[str, Any]:
    return {
        "id": area.pk, "name": area.name, "bounds": area.bounds, "body": named(area.body), "unit": named(area.unit),
        "zone": named(area.zone), "count": area.count, "worst": RiskGrade(area.worst).code if area.worst else None,
        "raised": area.raised,
    }  # fmt: skip


def _row(risk: Risk) -> dict[str, Any]:
    return {
        "id": risk.pk, "area": named(risk.area), "title": risk.title, "harm": risk.harm, "grade": risk.code,
        "usual_grade": RiskGrade(risk.usual_grade).code, "is_raised": risk.is_raised, "measures": risk.measures,
        "owner": named(risk.owner), "valid_from": risk.valid_from, "review_on": risk.review_on,
        "version": risk.version, "is_closed": risk.closed_at is not None,
    }  # fmt: skip


def _whole(risk: Risk) -> dict[str, Any]:
    return {**_row(risk), "versions": [_version(row) for row in versions_of(risk)]}


def _version(row: RiskVersion) -> dict[str, Any]:
    return {
        "number": row.number, "kind": row.kind, "valid_from": row.valid_from, "grade": RiskGrade(row.grade).code,
        "measures": row.measures, "owner": named(row.owner), "review_on": row.review_on, "reason": row.reason,
        "by": named(row.by), "at": row.at,
        "source": f"{row.source_type}:{row.source_id}" if row.source_type else None,
    }  # fmt: skip
