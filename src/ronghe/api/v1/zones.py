"""协作区: which there are, who takes part, when the site stops."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Field, Query, Router, Schema

from ronghe.api.acting import actor_of
from ronghe.api.v1.shapes import PAGE_SIZE, Named, Page, page_answer
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.zones.enums import ParticipantRole, ZoneMode, ZoneState
from ronghe.domain.zones.selectors import list_zones, participating_units, shut_downs_of, zones_seen_by

router = Router(tags=["zones"])


class ZoneRow(Schema):
    id: int
    name: str
    purpose: str
    mode: ZoneMode = Field(description="project_based 项目共建；area_based 区域联建")
    state: ZoneState
    body: Named | None = Field(description="共建党支部；启动后才有")
    started_on: date | None


class PartyAnswer(Schema):
    unit: Named
    role: ParticipantRole
    home_branch: Named | None


class ShutDownAnswer(Schema):
    id: int
    from_on: date
    until_on: date = Field(description="复工日，不含在停工期内")
    reason: str


class ZoneAnswer(ZoneRow):
    office: Named | None = Field(description="联合项目部")
    sponsor: Named
    place: str | None
    approval_ref: str | None
    parties: list[PartyAnswer]
    shut_downs: list[ShutDownAnswer]


@router.get("/", response=Page[ZoneRow], summary="协作区清单", operation_id="zones_list")
def zone_list(request: HttpRequest, page: int = Query(1, ge=1)) -> Any:
    return page_answer(list_zones(actor_of(request), timezone.now(), page=page, size=PAGE_SIZE))


@router.get("/{zone_id}", response=ZoneAnswer, summary="一个协作区", operation_id="zones_detail")
def zone_detail(request: HttpRequest, zone_id: int) -> Any:
    now = timezone.now()
    zone = get_object_or_404(zones_seen_by(actor_of(request), now), pk=zone_id)
    return {
        **ZoneRow.from_orm(zone).dict(),
        "office": zone.office,
        "sponsor": zone.sponsor,
        "place": zone.place,
        "approval_ref": zone.approval_ref,
        "parties": list(participating_units(zone, local_day(now))),
        "shut_downs": list(shut_downs_of(zone)),
    }
