"""划分党小组: who may lead, and how long the ways between stations are."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Field, File, Router, Schema, UploadedFile

from ronghe.api.acting import actor_of
from ronghe.api.uploads import laid_out
from ronghe.domain.org.models import Person
from ronghe.domain.regrouping.enums import TravelSource
from ronghe.domain.regrouping.models import Regrouping
from ronghe.domain.regrouping.selectors.crew import Crew, crew_of
from ronghe.domain.regrouping.selectors.proposals import regroupings_seen_by
from ronghe.domain.regrouping.services.drafting import set_leading
from ronghe.domain.regrouping.services.ways import Way, guess_along_line, import_ways, set_ways
from ronghe.kernel.errors import NotFound

router = Router(tags=["regrouping"])


class LeadingRequest(Schema):
    person: int
    may_lead: bool | None = Field(None, description="能不能一身兼组长、班长；空的就按档案（PO-09）")


class LeadingAnswer(Schema):
    person: int
    may_lead: bool | None


class WayRequest(Schema):
    here: str = Field(max_length=80, description="站名")
    there: str = Field(max_length=80, description="站名")
    minutes: int


class LineRequest(Schema):
    stations: list[int] = Field(min_length=2, max_length=200, description="站的编号，按管线上的先后")


class WaysAnswer(Schema):
    count: int


@router.put(
    "/{regrouping_id}/leading", response=LeadingAnswer, summary="能不能带组", operation_id="regroupings_leading"
)
def leading_set(request: HttpRequest, regrouping_id: int, wanted: LeadingRequest) -> Any:
    regrouping = _seen(request, regrouping_id)
    person = get_object_or_404(Person.objects.filter(pk__in=_crew(regrouping).people), pk=wanted.person)
    set_leading(
        regrouping=regrouping, person=person, may_lead=wanted.may_lead, actor=actor_of(request), at=timezone.now()
    )
    return {"person": person.pk, "may_lead": wanted.may_lead}


@router.post("/{regrouping_id}/ways", response=WaysAnswer, summary="填报路程", operation_id="regroupings_ways")
def ways_set(request: HttpRequest, regrouping_id: int, wanted: list[WayRequest]) -> Any:
    ways = [Way(one.here, one.there, str(one.minutes)) for one in wanted]
    count = set_ways(
        regrouping=_seen(request, regrouping_id), ways=ways, source=TravelSource.TYPED, actor=actor_of(request),
        at=timezone.now(),
    )  # fmt: skip
    return {"count": count}


@router.post(
    "/{regrouping_id}/ways/import", response=WaysAnswer, summary="导入路程表", operation_id="regroupings_import_ways"
)
def ways_import(request: HttpRequest, regrouping_id: int, file: File[UploadedFile]) -> Any:
    """三列：站、站、分钟。"""
    regrouping = _seen(request, regrouping_id)
    with laid_out(file) as path:
        count = import_ways(
            regrouping=regrouping, file=path, name=file.name or "", actor=actor_of(request), at=timezone.now()
        )
    return {"count": count}


@router.post(
    "/{regrouping_id}/ways/line", response=WaysAnswer, summary="按管线顺序估计路程", operation_id="regroupings_line"
)
def ways_along_line(request: HttpRequest, regrouping_id: int, wanted: LineRequest) -> Any:
    """已填报的不变。"""
    regrouping = _seen(request, regrouping_id)
    units = _crew(regrouping).units
    if any(key not in units for key in wanted.stations):
        raise NotFound
    line = [units[key] for key in wanted.stations]
    count = guess_along_line(regrouping=regrouping, stations=line, actor=actor_of(request), at=timezone.now())
    return {"count": count}


def _seen(request: HttpRequest, regrouping_id: int) -> Regrouping:
    return get_object_or_404(regroupings_seen_by(actor_of(request), timezone.now()), pk=regrouping_id)


def _crew(regrouping: Regrouping) -> Crew:
    return crew_of(regrouping.body, regrouping.unit, regrouping.as_of)
