"""组织: bodies and people as the caller may see them. Identity numbers are not among the fields: a look is an act."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Field, Query, Router, Schema

from ronghe.api.acting import actor_of
from ronghe.api.v1.shapes import PAGE_SIZE, Named, Page, listed_answer, named
from ronghe.domain.org.enums import PartyOrgKind, PoliticalStatus
from ronghe.domain.org.models import PartyOrg, Person
from ronghe.domain.org.rules import SEE_PARTY_ORG, SEE_PERSON
from ronghe.domain.org.selectors.people import person_seen_by
from ronghe.domain.org.services.looks import open_identity
from ronghe.kernel.access.listing import list_seen

router = Router(tags=["organization"])


class BodyRow(Schema):
    id: int
    name: str
    kind: PartyOrgKind
    parent_id: int | None
    unit: Named | None


class PersonRow(Schema):
    id: int
    name: str
    staff_number: str | None
    unit: Named | None
    job_title: str | None
    trade: str | None
    political_status: PoliticalStatus | None = Field(description="GB/T 4762 代码")
    joined_party_on: date | None


class IdentityAnswer(Schema):
    id_number: str
    phone: str


@router.get("/bodies", response=Page[BodyRow], summary="党组织清单", operation_id="bodies_list")
def body_list(request: HttpRequest, page: int = Query(1, ge=1)) -> Any:
    rows = PartyOrg.objects.filter(valid_until=None).select_related("unit")
    actor, now = actor_of(request), timezone.now()
    listed = list_seen(SEE_PARTY_ORG, actor, rows, order_by=["name"], at=now, page=page, size=PAGE_SIZE)
    return listed_answer(listed, _body_row)


@router.get("/people", response=Page[PersonRow], summary="人员清单", operation_id="people_list")
def person_list(request: HttpRequest, q: str = "", page: int = Query(1, ge=1)) -> Any:
    rows: Any = Person.objects.filter(valid_until=None).select_related("unit")
    if q.strip():
        rows = rows.matching(q)
    actor, now = actor_of(request), timezone.now()
    listed = list_seen(SEE_PERSON, actor, rows, order_by=["name"], at=now, page=page, size=PAGE_SIZE)
    return listed_answer(listed, _person_row)


@router.get("/people/{person_id}", response=PersonRow, summary="一个人", operation_id="people_detail")
def person_detail(request: HttpRequest, person_id: int) -> Any:
    return get_object_or_404(person_seen_by(actor_of(request), timezone.now()), pk=person_id)


@router.post(
    "/people/{person_id}/identity", response=IdentityAnswer, summary="查看证件号和电话（留记录）",
    operation_id="people_identity",
)  # fmt: skip
def person_identity(request: HttpRequest, person_id: int) -> Any:
    actor, now = actor_of(request), timezone.now()
    person = get_object_or_404(person_seen_by(actor, now), pk=person_id)
    return open_identity(person=person, actor=actor, at=now)


def _body_row(body: PartyOrg) -> dict[str, Any]:
    return {
        "id": body.pk, "name": body.name, "kind": body.kind, "parent_id": body.parent_id, "unit": named(body.unit),
    }  # fmt: skip


def _person_row(person: Person) -> dict[str, Any]:
    return {
        "id": person.pk, "name": person.name, "staff_number": person.staff_number, "unit": named(person.unit),
        "job_title": person.job_title, "trade": person.trade, "political_status": person.political_status,
        "joined_party_on": person.joined_party_on,
    }  # fmt: skip
