"""红色资源 and 党史小课堂: the register of sites with their stars, and who tells what when."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Field, File, Form, Query, Router, Schema, Status
from ninja.files import UploadedFile

from ronghe.api.acting import actor_of
from ronghe.api.uploads import laid_out, upload_of
from ronghe.api.v1.partylife_keeping import LifeIdAnswer, LifeReason
from ronghe.api.v1.shapes import PAGE_SIZE, Named, Page, listed_answer, named
from ronghe.domain.org.models import Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.org.selectors.people import people_in
from ronghe.domain.partylife.enums import SiteKind
from ronghe.domain.partylife.models import HistoryClass, RedSite
from ronghe.domain.partylife.selectors.classes import bodies_with_rota, classes_seen_by, list_classes
from ronghe.domain.partylife.selectors.keeping import members_of
from ronghe.domain.partylife.selectors.sites import (
    bodies_going,
    bodies_keeping_sites,
    list_sites,
    may_set_point,
    nearby,
    shown_stars,
    sites_seen_by,
    zone_or_project,
)
from ronghe.domain.partylife.services.classes import (
    attach_material,
    change_class,
    drop_class,
    list_class,
    plan_class,
    restore_class,
)
from ronghe.domain.partylife.services.sites import (
    SiteText,
    close_site,
    import_sites,
    keep_site,
    open_site_again,
    plan_visit,
    rate_site,
    set_point,
)
from ronghe.kernel.errors import NotFound

router = Router(tags=["partylife"])
TABLE: Any = File(..., description="Excel 或 CSV，表头按导出的表")


class RedSiteRow(Schema):
    id: int
    name: str
    kind: SiteKind
    address: str
    latitude: Decimal | None
    longitude: Decimal | None
    capacity: int | None
    visits: int
    stars: Decimal | None = Field(description="满三人打分才有")


class RedSiteRequest(Schema):
    body: int
    name: str = Field(max_length=80)
    kind: SiteKind
    address: str = Field("", max_length=120)
    latitude: Decimal | None = Field(None, ge=-90, le=90)
    longitude: Decimal | None = Field(None, ge=-180, le=180)
    about: str = Field("", max_length=400)
    opening: str = Field("", max_length=120)
    phone: str = Field("", max_length=40)
    capacity: int | None = Field(None, ge=1, le=999_999)


class RedSiteNear(Schema):
    site: RedSiteRow
    km: Decimal = Field(description="直线距离，公里")


class RedSiteStars(Schema):
    stars: int = Field(ge=1, le=5)


class LifeClassRow(Schema):
    id: int
    body: Named
    topic: str
    teller: Named | None
    planned_on: date
    told_on: date | None
    activity: int | None


class LifeClassRequest(Schema):
    body: int
    topic: str = Field(max_length=80)
    planned_on: date
    teller: int | None = None


class LifeClassPlanRequest(Schema):
    scheduled_from: datetime
    scheduled_until: datetime
    place: str = Field("", max_length=80)


class RedSitesImport(Schema):
    body: int = Field(description="登记到哪个组织")


class RedSitesImported(Schema):
    sites: int


class RedSiteVisitRequest(Schema):
    body: int
    scheduled_from: datetime
    scheduled_until: datetime


class SitePointRequest(Schema):
    latitude: Decimal = Field(ge=-90, le=90, max_digits=8, decimal_places=5)
    longitude: Decimal = Field(ge=-180, le=180, max_digits=8, decimal_places=5)


class LifeClassChange(Schema):
    topic: str = Field(max_length=80)
    planned_on: date
    teller: int | None = None


@router.get("/red-sites", response=Page[RedSiteRow], summary="红色资源", operation_id="partylife_red_sites")
def site_list(
    request: HttpRequest, page: int = Query(1, ge=1), q: str = Query("", max_length=40), kind: SiteKind | None = None
) -> Any:
    listed = list_sites(actor_of(request), timezone.now(), words=q, kind=kind or "", page=page, size=PAGE_SIZE)
    return listed_answer(listed, _site)


@router.post("/red-sites", response={201: LifeIdAnswer}, summary="登记红色资源", operation_id="partylife_keep_site")
def site_keep(request: HttpRequest, wanted: RedSiteRequest) -> Status[Any]:
    actor, now = actor_of(request), timezone.now()
    body = get_object_or_404(bodies_keeping_sites(actor, now), pk=wanted.body)
    site = keep_site(text=SiteText(**wanted.dict(exclude={"body"})), body=body, actor=actor, at=now)
    return Status(201, {"id": site.pk})


@router.get(
    "/red-sites/near/{place}", response=list[RedSiteNear], summary="附近的红色资源", operation_id="partylife_near"
)
def site_near(request: HttpRequest, place: str) -> Any:
    """`place` 写 zone-编号 或 project-编号；没有标明现场位置的为空。"""
    actor, now = actor_of(request), timezone.now()
    found = zone_or_project(place, actor, now)
    point = getattr(found, "point", None) if found is not None else None
    if point is None:
        return []
    sites = sites_seen_by(actor, now).filter(closed_at=None)
    return [{"site": _site(one.site), "km": one.km} for one in nearby(point, sites)]


@router.post(
    "/red-sites/{site_id}/stars", response=LifeIdAnswer, summary="给红色资源打分", operation_id="partylife_rate"
)
def site_rate(request: HttpRequest, site_id: int, wanted: RedSiteStars) -> Any:
    actor, now = actor_of(request), timezone.now()
    site = get_object_or_404(sites_seen_by(actor, now), pk=site_id)
    rate_site(site=site, stars=wanted.stars, actor=actor, at=now)
    return {"id": site.pk}


@router.get("/classes", response=Page[LifeClassRow], summary="党史小课堂", operation_id="partylife_classes")
def class_list(request: HttpRequest, page: int = Query(1, ge=1)) -> Any:
    return listed_answer(list_classes(actor_of(request), timezone.now(), page=page, size=PAGE_SIZE), _class)


@router.post("/classes", response={201: LifeClassRow}, summary="排一讲", operation_id="partylife_list_class")
def class_list_one(request: HttpRequest, wanted: LifeClassRequest) -> Status[Any]:
    actor, now = actor_of(request), timezone.now()
    body = get_object_or_404(bodies_with_rota(actor, now), pk=wanted.body)
    teller = get_object_or_404(members_of(body, actor, now), pk=wanted.teller) if wanted.teller is not None else None
    line = list_class(body=body, topic=wanted.topic, planned_on=wanted.planned_on, teller=teller, actor=actor, at=now)
    return Status(201, _class(line))


@router.post(
    "/classes/{class_id}/plan", response=LifeClassRow, summary="把一讲安排成活动", operation_id="partylife_plan_class"
)
def class_plan(request: HttpRequest, class_id: int, wanted: LifeClassPlanRequest) -> Any:
    actor, now = actor_of(request), timezone.now()
    line = get_object_or_404(classes_seen_by(actor, now), pk=class_id)
    plan_class(line=line, actor=actor, at=now, **wanted.dict())
    return _class(line)


@router.post(
    "/red-sites/import", response={201: RedSitesImported}, summary="导入红色资源", operation_id="partylife_import_sites"
)
def site_import(request: HttpRequest, wanted: Form[RedSitesImport], table: UploadedFile = TABLE) -> Status[Any]:
    """同名的更新，其余新增；有一行不对就一行也不导入。"""
    actor, now = actor_of(request), timezone.now()
    body = get_object_or_404(bodies_keeping_sites(actor, now), pk=wanted.body)
    with laid_out(table) as path:
        count = import_sites(body=body, path=path, name=table.name or "", actor=actor, at=now)
    return Status(201, {"sites": count})


@router.post(
    "/red-sites/{site_id}/close", response=LifeIdAnswer, summary="停用红色资源", operation_id="partylife_close_site"
)
def site_close(request: HttpRequest, site_id: int, wanted: LifeReason) -> Any:
    actor, now = actor_of(request), timezone.now()
    return {"id": close_site(site=_seen_site(actor, site_id), reason=wanted.reason, actor=actor, at=now).pk}


@router.post(
    "/red-sites/{site_id}/open", response=LifeIdAnswer, summary="恢复使用红色资源", operation_id="partylife_open_site"
)
def site_open(request: HttpRequest, site_id: int) -> Any:
    actor, now = actor_of(request), timezone.now()
    return {"id": open_site_again(site=_seen_site(actor, site_id), actor=actor, at=now).pk}


@router.post(
    "/red-sites/{site_id}/visit", response={201: LifeIdAnswer}, summary="在那里安排主题党日",
    operation_id="partylife_visit_site",
)  # fmt: skip
def site_visit(request: HttpRequest, site_id: int, wanted: RedSiteVisitRequest) -> Status[Any]:
    actor, now = actor_of(request), timezone.now()
    body = get_object_or_404(bodies_going(actor, now), pk=wanted.body)
    given = wanted.dict() | {"body": body}
    return Status(201, {"id": plan_visit(site=_seen_site(actor, site_id), actor=actor, at=now, **given).pk})


@router.put(
    "/red-sites/near/{place}", response=LifeIdAnswer, summary="标明现场位置", operation_id="partylife_set_point"
)
def site_point(request: HttpRequest, place: str, wanted: SitePointRequest) -> Any:
    """`place` 写 zone-编号 或 project-编号。"""
    actor, now = actor_of(request), timezone.now()
    found = zone_or_project(place, actor, now)
    if found is None or not may_set_point(found, actor, now):
        raise NotFound
    return {"id": set_point(place=found, actor=actor, at=now, **wanted.dict()).pk}


@router.put("/classes/{class_id}", response=LifeClassRow, summary="改一讲", operation_id="partylife_change_class")
def class_change(request: HttpRequest, class_id: int, wanted: LifeClassChange) -> Any:
    actor, now = actor_of(request), timezone.now()
    line = _seen_class(actor, class_id)
    people = people_in(line.body, local_day(now))
    teller = get_object_or_404(people, pk=wanted.teller) if wanted.teller is not None else None
    given = wanted.dict() | {"teller": teller}
    return _class(change_class(line=line, actor=actor, at=now, **given))


@router.post(
    "/classes/{class_id}/material", response=LifeClassRow, summary="放讲稿", operation_id="partylife_class_material"
)
def class_material(request: HttpRequest, class_id: int, material: File[UploadedFile]) -> Any:
    actor, now = actor_of(request), timezone.now()
    line = _seen_class(actor, class_id)
    return _class(attach_material(line=line, upload=upload_of(material), actor=actor, at=now))


@router.post("/classes/{class_id}/drop", response=LifeClassRow, summary="撤下一讲", operation_id="partylife_drop_class")
def class_drop(request: HttpRequest, class_id: int) -> Any:
    actor, now = actor_of(request), timezone.now()
    return _class(drop_class(line=_seen_class(actor, class_id), actor=actor, at=now))


@router.post(
    "/classes/{class_id}/restore", response=LifeClassRow, summary="恢复一讲", operation_id="partylife_restore_class"
)
def class_restore(request: HttpRequest, class_id: int) -> Any:
    actor, now = actor_of(request), timezone.now()
    return _class(restore_class(line=_seen_class(actor, class_id), actor=actor, at=now))


def _seen_site(actor: Person, site_id: int) -> RedSite:
    found: RedSite = get_object_or_404(sites_seen_by(actor, timezone.now()), pk=site_id)
    return found


def _seen_class(actor: Person, class_id: int) -> HistoryClass:
    return get_object_or_404(classes_seen_by(actor, timezone.now()), pk=class_id)


def _site(site: Any) -> dict[str, Any]:
    return {
        "id": site.pk, "name": site.name, "kind": site.kind, "address": site.address, "latitude": site.latitude,
        "longitude": site.longitude, "capacity": site.capacity, "visits": site.visit_count, "stars": shown_stars(site),
    }  # fmt: skip


def _class(line: Any) -> dict[str, Any]:
    return {
        "id": line.pk, "body": named(line.body), "topic": line.topic, "teller": named(line.teller),
        "planned_on": line.planned_on, "told_on": line.told_on, "activity": line.activity_id,
    }  # fmt: skip
