"""专家门诊: fields, experts, their hours and the times that may be booked."""

from __future__ import annotations

from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Field, Query, Router, Schema, Status

from ronghe.api.acting import actor_of
from ronghe.api.v1.shapes import PAGE_SIZE, Named, Page, named, page_answer
from ronghe.domain.clinic.enums import ExpertState, HelpKind, SlotWay
from ronghe.domain.clinic.models import ClinicField, Expert, ExpertAway, ExpertHours
from ronghe.domain.clinic.selectors.experts import (
    Figures,
    away_of,
    bodies_opening_fields,
    bodies_putting_up,
    experts_seen_by,
    figures_of,
    hours_of,
    list_experts,
    open_fields,
    slots_of,
)
from ronghe.domain.clinic.services.experts import (
    Card,
    accept_expert,
    apply_as_expert,
    change_card,
    close_field,
    decline_expert,
    end_expert,
    open_field,
    put_up_expert,
    rename_field,
)
from ronghe.domain.clinic.services.hours import HoursText, add_hours, close_hours, come_back, go_away
from ronghe.domain.org.models import Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.org.selectors.people import people_seen_by

router = Router(tags=["clinic"])


class ClinicFieldRow(Schema):
    id: int
    name: str
    body: Named
    experts: int
    pieces: int


class ClinicFieldRequest(Schema):
    name: str = Field(max_length=24)
    body: int


class ClinicFieldNameRequest(Schema):
    name: str = Field(max_length=24)


class ExpertRow(Schema):
    id: int
    person: Named
    called: str
    about: str
    fields: list[Named]
    helps: list[HelpKind]
    body: Named
    state: ExpertState
    solved: int
    visits_held: int
    pieces: int
    mean_score: Decimal | None = Field(description="评价够多才有，默认满 5 次")


class ExpertHoursRow(Schema):
    id: int
    weekday: int = Field(ge=1, le=7, description="1 是周一")
    starts: time
    ends: time
    minutes: int
    way: SlotWay
    place: str
    link: str


class ExpertAwayRow(Schema):
    id: int
    from_on: date
    until_on: date = Field(description="含这一天")


class ExpertAnswer(ExpertRow):
    hours: list[ExpertHoursRow]
    away: list[ExpertAwayRow]


class ExpertSlot(Schema):
    starts_at: datetime
    ends_at: datetime


class ExpertCardRequest(Schema):
    fields: list[int]
    helps: list[HelpKind]
    called: str = Field(default="", max_length=12)
    about: str = Field(default="", max_length=400)


class ExpertNamedRequest(ExpertCardRequest):
    person: int | None = Field(default=None, description="推荐谁；不写就是自己报名")
    body: int | None = Field(default=None, description="由哪个组织推荐")


class ExpertAgreeRequest(Schema):
    agrees: bool


class ExpertHoursRequest(Schema):
    weekday: int = Field(ge=1, le=7)
    starts: time
    ends: time
    minutes: int = 30
    way: SlotWay = SlotWay.ON_SITE
    place: str = Field(default="", max_length=80)
    link: str = Field(default="", max_length=200)


class ExpertAwayRequest(Schema):
    from_on: date
    until_on: date


@router.get("/fields", response=list[ClinicFieldRow], summary="门诊专业", operation_id="clinic_fields")
def field_list(request: HttpRequest) -> Any:  # noqa: ARG001 - for everybody
    return [_field(row) for row in open_fields()]


@router.post("/fields", response={201: Named}, summary="开一个专业", operation_id="clinic_open_field")
def field_open(request: HttpRequest, wanted: ClinicFieldRequest) -> Any:
    actor, now = actor_of(request), timezone.now()
    body = get_object_or_404(bodies_opening_fields(actor, now), pk=wanted.body)
    return Status(201, named(open_field(name=wanted.name, body=body, actor=actor, at=now)))


@router.put("/fields/{field_id}", response=Named, summary="给专业改名", operation_id="clinic_rename_field")
def field_rename(request: HttpRequest, field_id: int, wanted: ClinicFieldNameRequest) -> Any:
    field = get_object_or_404(ClinicField, pk=field_id)
    return named(rename_field(field=field, name=wanted.name, actor=actor_of(request), at=timezone.now()))


@router.delete("/fields/{field_id}", response={204: None}, summary="停一个专业", operation_id="clinic_close_field")
def field_close(request: HttpRequest, field_id: int) -> Any:
    close_field(field=get_object_or_404(ClinicField, pk=field_id), actor=actor_of(request), at=timezone.now())
    return Status(204, None)


@router.get("/experts", response=Page[ExpertRow], summary="门诊专家", operation_id="clinic_experts")
def expert_list(
    request: HttpRequest, q: str = "", field: int | None = None, help: HelpKind | None = None,  # noqa: A002
    state: ExpertState = ExpertState.ACTIVE, page: int = Query(1, ge=1),
) -> Any:  # fmt: skip
    actor, now = actor_of(request), timezone.now()
    listed = list_experts(
        actor, now, words=q, field=field, help=help.value if help is not None else "", state=state.value, page=page,
        size=PAGE_SIZE,
    )  # fmt: skip
    figures = figures_of(list(listed), now)
    return {**page_answer(listed), "items": [_row(expert, figures[expert.pk]) for expert in listed]}


@router.post(
    "/experts", response={201: ExpertAnswer}, summary="推荐专家，或自己报名", operation_id="clinic_name_expert"
)
def expert_name(request: HttpRequest, wanted: ExpertNamedRequest) -> Any:
    actor, now = actor_of(request), timezone.now()
    card = _card(wanted)
    if wanted.person is None:
        return Status(201, _whole(apply_as_expert(card=card, actor=actor, at=now), now))
    person = get_object_or_404(people_seen_by(actor, now).filter(valid_until=None), pk=wanted.person)
    body = get_object_or_404(bodies_putting_up(actor, now), pk=wanted.body or 0)
    return Status(201, _whole(put_up_expert(person=person, card=card, body=body, actor=actor, at=now), now))


@router.get("/experts/{expert_id}", response=ExpertAnswer, summary="专家名片", operation_id="clinic_expert")
def expert_detail(request: HttpRequest, expert_id: int) -> Any:
    return _whole(_seen(actor_of(request), expert_id), timezone.now())


@router.put("/experts/{expert_id}", response=ExpertAnswer, summary="改名片", operation_id="clinic_change_expert")
def expert_change(request: HttpRequest, expert_id: int, wanted: ExpertCardRequest) -> Any:
    actor, now = actor_of(request), timezone.now()
    return _whole(change_card(expert=_seen(actor, expert_id), card=_card(wanted), actor=actor, at=now), now)


@router.post(
    "/experts/{expert_id}/answer", response={204: None}, summary="同意或回绝", operation_id="clinic_answer_expert"
)
def expert_answer(request: HttpRequest, expert_id: int, wanted: ExpertAgreeRequest) -> Any:
    actor, now = actor_of(request), timezone.now()
    act = accept_expert if wanted.agrees else decline_expert
    act(expert=_seen(actor, expert_id), actor=actor, at=now)
    return Status(204, None)


@router.delete("/experts/{expert_id}", response={204: None}, summary="不再坐诊", operation_id="clinic_end_expert")
def expert_end(request: HttpRequest, expert_id: int) -> Any:
    actor = actor_of(request)
    end_expert(expert=_seen(actor, expert_id), actor=actor, at=timezone.now())
    return Status(204, None)


@router.get(
    "/experts/{expert_id}/slots", response=list[ExpertSlot], summary="可以约的时间", operation_id="clinic_slots"
)
def expert_slots(
    request: HttpRequest, expert_id: int, from_on: date | None = None, days: int = Query(7, ge=1, le=56)
) -> Any:
    now = timezone.now()
    slots = slots_of(_seen(actor_of(request), expert_id), from_on or local_day(now), now, days=days)
    return [{"starts_at": slot.starts_at, "ends_at": slot.ends_at} for slot in slots]


@router.post(
    "/experts/{expert_id}/hours", response={201: ExpertHoursRow}, summary="定坐诊时间", operation_id="clinic_hours"
)
def hours_add(request: HttpRequest, expert_id: int, wanted: ExpertHoursRequest) -> Any:
    actor, now = actor_of(request), timezone.now()
    text = HoursText(
        wanted.weekday, wanted.starts, wanted.ends, wanted.way, wanted.minutes, wanted.place, wanted.link
    )  # fmt: skip
    return Status(201, _hours(add_hours(expert=_seen(actor, expert_id), text=text, actor=actor, at=now)))


@router.delete(
    "/experts/{expert_id}/hours/{hours_id}",
    response={204: None},
    summary="停一个坐诊时间",
    operation_id="clinic_close_hours",
)
def hours_close(request: HttpRequest, expert_id: int, hours_id: int) -> Any:
    actor = actor_of(request)
    rows = ExpertHours.objects.select_related("expert")
    close_hours(
        hours=get_object_or_404(rows, pk=hours_id, expert=_seen(actor, expert_id)), actor=actor, at=timezone.now()
    )
    return Status(204, None)


@router.post(
    "/experts/{expert_id}/away", response={201: ExpertAwayRow}, summary="登记不坐诊的日子", operation_id="clinic_away"
)
def away_add(request: HttpRequest, expert_id: int, wanted: ExpertAwayRequest) -> Any:
    actor, now = actor_of(request), timezone.now()
    away, _fell = go_away(
        expert=_seen(actor, expert_id), from_on=wanted.from_on, until_on=wanted.until_on, actor=actor, at=now
    )
    return Status(201, _away(away))


@router.delete(
    "/experts/{expert_id}/away/{away_id}",
    response={204: None},
    summary="取消不坐诊的日子",
    operation_id="clinic_come_back",
)
def away_end(request: HttpRequest, expert_id: int, away_id: int) -> Any:
    actor = actor_of(request)
    rows = ExpertAway.objects.select_related("expert")
    come_back(away=get_object_or_404(rows, pk=away_id, expert=_seen(actor, expert_id)), actor=actor, at=timezone.now())
    return Status(204, None)


def _seen(actor: Person, expert_id: int) -> Expert:
    return get_object_or_404(experts_seen_by(actor, timezone.now()), pk=expert_id)


def _card(wanted: ExpertCardRequest) -> Card:
    fields = list(ClinicField.objects.filter(pk__in=wanted.fields).select_related("body").order_by("pk"))
    return Card(fields, wanted.helps, wanted.called, wanted.about)


def _field(row: Any) -> dict[str, Any]:
    return {"id": row.pk, "name": row.name, "body": named(row.body), "experts": row.sitting, "pieces": row.told}


def _row(expert: Expert, figures: Figures) -> dict[str, Any]:
    return {
        "id": expert.pk, "person": named(expert.person), "called": expert.called, "about": expert.about,
        "fields": [named(field) for field in expert.fields.all()], "helps": expert.helps, "body": named(expert.body),
        "state": expert.state, "solved": figures.solved, "visits_held": figures.held, "pieces": figures.told,
        "mean_score": figures.mean,
    }  # fmt: skip


def _whole(expert: Expert, now: datetime) -> dict[str, Any]:
    return {
        **_row(expert, figures_of([expert], now)[expert.pk]), "hours": [_hours(row) for row in hours_of(expert)],
        "away": [_away(row) for row in away_of(expert, local_day(now))],
    }  # fmt: skip


def _hours(row: ExpertHours) -> dict[str, Any]:
    return {
        "id": row.pk, "weekday": row.weekday, "starts": row.starts, "ends": row.ends, "minutes": row.minutes,
        "way": row.way, "place": row.place, "link": row.link,
    }  # fmt: skip


def _away(row: ExpertAway) -> dict[str, Any]:
    return {"id": row.pk, "from_on": row.from_on, "until_on": row.until_on}
