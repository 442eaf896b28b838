"""协作区的责任清单: who answers for what, line by line."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Router, Status

from ronghe.api.acting import actor_of
from ronghe.api.v1.zone_keeping import zone_seen
from ronghe.api.v1.zone_shapes import ZoneLine, ZoneLineRequest
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.zones.enums import SheetSide
from ronghe.domain.zones.models import CollaborationZone, ResponsibilityLine
from ronghe.domain.zones.selectors import people_of
from ronghe.domain.zones.selectors.sheet import lines_seen_by
from ronghe.domain.zones.services.sheet import add_line, change_line, draft_sheet, end_line

router = Router(tags=["zones"])


@router.get("/{zone_id}/sheet", response=list[ZoneLine], summary="责任清单", operation_id="zones_sheet")
def zone_sheet(request: HttpRequest, zone_id: int, side: SheetSide | None = None) -> Any:
    now = timezone.now()
    return lines_seen_by(actor_of(request), zone_seen(request, zone_id, now), now, side or "")


@router.post(
    "/{zone_id}/sheet/draft", response=list[ZoneLine], summary="按范本补齐责任清单", operation_id="zones_sheet_draft"
)
def sheet_draft(request: HttpRequest, zone_id: int) -> Any:
    now = timezone.now()
    return draft_sheet(zone=zone_seen(request, zone_id, now), actor=actor_of(request), at=now)


@router.post("/{zone_id}/sheet", response={201: ZoneLine}, summary="责任清单写一条", operation_id="zones_line_add")
def line_add(request: HttpRequest, zone_id: int, data: ZoneLineRequest) -> Any:
    now = timezone.now()
    zone = zone_seen(request, zone_id, now)
    return Status(201, add_line(zone=zone, actor=actor_of(request), at=now, **_line_values(zone, data, now)))


@router.put("/{zone_id}/sheet/{line_id}", response=ZoneLine, summary="责任清单改一条", operation_id="zones_line_change")
def line_change(request: HttpRequest, zone_id: int, line_id: int, data: ZoneLineRequest) -> Any:
    now = timezone.now()
    zone = zone_seen(request, zone_id, now)
    return change_line(line=_line(zone, line_id), actor=actor_of(request), at=now, **_line_values(zone, data, now))


@router.post(
    "/{zone_id}/sheet/{line_id}/end", response=ZoneLine, summary="责任清单停用一条", operation_id="zones_line_end"
)
def line_end(request: HttpRequest, zone_id: int, line_id: int) -> Any:
    now = timezone.now()
    return end_line(line=_line(zone_seen(request, zone_id, now), line_id), actor=actor_of(request), at=now)


def _line(zone: CollaborationZone, pk: int) -> ResponsibilityLine:
    rows = ResponsibilityLine.objects.select_related("zone__sponsor", "person")
    return get_object_or_404(rows, pk=pk, zone=zone, ended_on=None)


def _line_values(zone: CollaborationZone, data: ZoneLineRequest, now: datetime) -> dict[str, Any]:
    person = get_object_or_404(people_of(zone, local_day(now)), pk=data.person) if data.person is not None else None
    return {**data.dict(), "person": person}
