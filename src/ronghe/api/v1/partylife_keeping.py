"""政治生日 and 宣誓: recorded with whoever was there, and taken back where it was wrong."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Field, File, Query, Router, Schema, Status
from ninja.files import UploadedFile

from ronghe.api.acting import actor_of
from ronghe.api.uploads import upload_of
from ronghe.api.v1.shapes import PAGE_SIZE, Named, Page, listed_answer, named
from ronghe.domain.org.models import Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.org.selectors.people import bodies_seen_by
from ronghe.domain.partylife.enums import BirthdayWay, OathKind
from ronghe.domain.partylife.models import BirthdayKeeping, OathCeremony
from ronghe.domain.partylife.selectors.keeping import (
    birthdays_of,
    bodies_keeping,
    bodies_swearing,
    keepings_seen_by,
    list_oaths,
    members_of,
    oaths_seen_by,
)
from ronghe.domain.partylife.services.birthdays import add_photo, keep_birthdays, say_words, void_keeping
from ronghe.domain.partylife.services.oaths import hold_oath, void_oath

router = Router(tags=["partylife"])


class LifeBirthday(Schema):
    person: Named
    day: date
    years: int
    is_round: bool
    keeping: int | None = Field(description="记录编号；没有过的为空")


class LifeKeepRequest(Schema):
    body: int
    people: list[int]
    day: date
    way: BirthdayWay
    message: str = Field("", max_length=200)


class LifeIdAnswer(Schema):
    id: int


class LifeOathRow(Schema):
    id: int
    kind: OathKind
    body: Named
    day: date
    place: str
    led_by: Named
    people: int
    is_void: bool


class LifeOathRequest(Schema):
    body: int
    kind: OathKind
    people: list[int]
    led_by: int
    day: date
    place: str = Field("", max_length=80)


class LifeReason(Schema):
    reason: str = Field(max_length=120)


class LifeWords(Schema):
    words: str = Field(max_length=400)


@router.get("/birthdays/{body_id}", response=list[LifeBirthday], summary="政治生日", operation_id="partylife_birthdays")
def birthdays(
    request: HttpRequest, body_id: int, year: int | None = Query(None, ge=1950, le=2999),
    month: int | None = Query(None, ge=1, le=12),
) -> Any:  # fmt: skip
    actor, now = actor_of(request), timezone.now()
    body = get_object_or_404(bodies_seen_by(actor, now), pk=body_id)
    lines = birthdays_of(body, year or local_day(now).year, actor, now, month=month)
    return [
        {"person": named(line.person), "day": line.day, "years": line.years, "is_round": line.is_round,
         "keeping": line.kept.keeping_id if line.kept else None}
        for line in lines
    ]  # fmt: skip


@router.post("/birthdays", response={201: LifeIdAnswer}, summary="记政治生日", operation_id="partylife_keep_birthdays")
def birthdays_keep(request: HttpRequest, wanted: LifeKeepRequest) -> Status[Any]:
    actor, now = actor_of(request), timezone.now()
    body = get_object_or_404(bodies_keeping(actor, now), pk=wanted.body)
    people = [get_object_or_404(members_of(body, actor, now), pk=key) for key in wanted.people]
    kept = keep_birthdays(
        body=body, people=people, day=wanted.day, way=wanted.way, message=wanted.message, actor=actor, at=now
    )
    return Status(201, {"id": kept.pk})


@router.get("/oaths", response=Page[LifeOathRow], summary="宣誓", operation_id="partylife_oaths")
def oath_list(request: HttpRequest, page: int = Query(1, ge=1)) -> Any:
    return listed_answer(list_oaths(actor_of(request), timezone.now(), page=page, size=PAGE_SIZE), _oath)


@router.post("/oaths", response={201: LifeIdAnswer}, summary="记宣誓", operation_id="partylife_hold_oath")
def oath_hold(request: HttpRequest, wanted: LifeOathRequest) -> Status[Any]:
    actor, now = actor_of(request), timezone.now()
    body = get_object_or_404(bodies_swearing(actor, now), pk=wanted.body)
    members = members_of(body, actor, now)
    people = [get_object_or_404(members, pk=key) for key in wanted.people]
    led_by = actor if wanted.led_by == actor.pk else get_object_or_404(members, pk=wanted.led_by)
    oath = hold_oath(
        body=body,
        kind=wanted.kind,
        people=people,
        led_by=led_by,
        day=wanted.day,
        place=wanted.place,
        actor=actor,
        at=now,
    )
    return Status(201, {"id": oath.pk})


@router.post(
    "/birthdays/records/{keeping_id}/photos",
    response=LifeIdAnswer,
    summary="加照片",
    operation_id="partylife_birthday_photo",
)
def keeping_photo(request: HttpRequest, keeping_id: int, photo: File[UploadedFile]) -> Any:
    actor, now = actor_of(request), timezone.now()
    keeping = _seen_keeping(actor, keeping_id)
    add_photo(keeping=keeping, upload=upload_of(photo), actor=actor, at=now)
    return {"id": keeping.pk}


@router.put(
    "/birthdays/records/{keeping_id}/people/{person_id}/words", response=LifeIdAnswer, summary="写本人的话",
    operation_id="partylife_birthday_words",
)  # fmt: skip
def keeping_words(request: HttpRequest, keeping_id: int, person_id: int, wanted: LifeWords) -> Any:
    actor, now = actor_of(request), timezone.now()
    rows = _seen_keeping(actor, keeping_id).people.select_related("keeping", "person")
    row = get_object_or_404(rows, person=person_id)
    return {"id": say_words(row=row, words=wanted.words, actor=actor, at=now).pk}


@router.post(
    "/birthdays/records/{keeping_id}/void", response=LifeIdAnswer, summary="作废政治生日的记录",
    operation_id="partylife_birthday_void",
)  # fmt: skip
def keeping_void(request: HttpRequest, keeping_id: int, wanted: LifeReason) -> Any:
    actor, now = actor_of(request), timezone.now()
    keeping = _seen_keeping(actor, keeping_id)
    return {"id": void_keeping(keeping=keeping, reason=wanted.reason, actor=actor, at=now).pk}


@router.post(
    "/oaths/{oath_id}/void", response=LifeOathRow, summary="作废宣誓的记录", operation_id="partylife_void_oath"
)
def oath_void(request: HttpRequest, oath_id: int, wanted: LifeReason) -> Any:
    actor, now = actor_of(request), timezone.now()
    oath = get_object_or_404(oaths_seen_by(actor, now), pk=oath_id)
    return _oath(void_oath(oath=oath, reason=wanted.reason, actor=actor, at=now))


def _seen_keeping(actor: Person, keeping_id: int) -> BirthdayKeeping:
    return get_object_or_404(keepings_seen_by(actor, timezone.now()), pk=keeping_id)


def _oath(oath: OathCeremony) -> dict[str, Any]:
    return {
        "id": oath.pk, "kind": oath.kind, "body": named(oath.body), "day": oath.day, "place": oath.place,
        "led_by": named(oath.led_by), "people": getattr(oath, "size_of", 0), "is_void": oath.voided_at is not None,
    }  # fmt: skip
