"""联系点: set up, handed over, ended; what is due; putting people on the lists of union and league."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Q
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Field, Query, Router, Schema, Status

from ronghe.api.acting import actor_of
from ronghe.api.v1.shapes import PAGE_SIZE, Named, Page, listed_answer, named
from ronghe.domain.contacts.enums import Cadence, ContactKind, DueState
from ronghe.domain.contacts.models import ContactPoint
from ronghe.domain.contacts.selectors import (
    candidates_for,
    contacts_seen_by,
    holders_for,
    in_state,
    list_contacts,
    mass_bodies,
    visits_due_of,
)
from ronghe.domain.contacts.services.mass import enrol_in_mass
from ronghe.domain.contacts.services.points import end_contact, hand_over_contact, set_contact
from ronghe.domain.org.models import PartyOrg, Person
from ronghe.domain.org.rules import ENROL
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.org.selectors.people import bodies_seen_by, person_seen_by, units_seen_by

router = Router(tags=["contacts"])


class ContactPointAnswer(Schema):
    id: int
    kind: ContactKind = Field(description="fixed_point 定点帮扶；safety 安全联系；care 连心关爱")
    holder: Named = Field(description="联系人")
    body: Named = Field(description="设立组织")
    to_body: Named | None
    to_unit: Named | None
    to_person: Named | None
    cadence: Cadence
    approval_ref: str
    last_visit_on: date | None
    due_on: date = Field(description="下一次走访的最后一天")
    state: DueState = Field(description="overdue 已超期；due 本期待访；visited 已走访；ended 已结束")
    valid_from: date
    valid_until: date | None = Field(description="从这一天起不再联系")


class ContactPointRequest(Schema):
    kind: ContactKind
    holder: int = Field(description="联系人编号")
    body: int = Field(description="设立组织编号；连心关爱由工会设立")
    since: date
    approval_ref: str = Field(max_length=80, description="依据")
    to_body: int | None = Field(None, description="联系对象三选一")
    to_unit: int | None = None
    to_person: int | None = None
    cadence: Cadence | None = Field(None, description="不写就按类别")


class HandoverRequest(Schema):
    to: int = Field(description="接手人编号")
    on: date
    approval_ref: str = Field(max_length=80)


class EndRequest(Schema):
    on: date
    reason: str = Field(max_length=120)


class EnrolRequest(Schema):
    people: list[int] = Field(description="人员编号")
    since: date


class EnrolAnswer(Schema):
    body: Named
    enrolled: int


@router.get("/points", response=Page[ContactPointAnswer], summary="联系点清单", operation_id="contacts_list")
def contact_list(
    request: HttpRequest, kind: ContactKind | None = None, state: DueState | None = None, page: int = Query(1, ge=1)
) -> Any:
    now = timezone.now()
    rows = in_state(state, local_day(now)).filter(Q(kind=kind) if kind else Q())
    listed = list_contacts(actor_of(request), now, rows=rows, page=page, size=PAGE_SIZE)
    return listed_answer(listed, lambda point: _shape(point, local_day(now)))


@router.get("/due", response=list[ContactPointAnswer], summary="我该走访的", operation_id="contacts_due")
def contact_due(request: HttpRequest) -> Any:
    day = local_day(timezone.now())
    return [_shape(point, day) for point in visits_due_of(actor_of(request), day)]


@router.post("/points", response={201: ContactPointAnswer}, summary="设联系点", operation_id="contacts_set")
def contact_set(request: HttpRequest, wanted: ContactPointRequest) -> Any:
    actor, now = actor_of(request), timezone.now()
    bodies = bodies_seen_by(actor, now)
    body = get_object_or_404(bodies, pk=wanted.body)
    made = set_contact(
        kind=wanted.kind,
        holder=_holder(actor, body, wanted.kind, wanted.holder),
        body=body,
        since=wanted.since,
        approval_ref=wanted.approval_ref,
        cadence=wanted.cadence,
        to_body=get_object_or_404(bodies, pk=wanted.to_body) if wanted.to_body is not None else None,
        to_unit=get_object_or_404(units_seen_by(actor, now), pk=wanted.to_unit) if wanted.to_unit is not None else None,
        to_person=_person(actor, wanted.to_person) if wanted.to_person is not None else None,
        actor=actor,
        at=now,
    )
    return Status(201, _shape(made, local_day(now)))


@router.post(
    "/points/{point_id}/handover", response=ContactPointAnswer, summary="换人联系", operation_id="contacts_handover"
)
def contact_handover(request: HttpRequest, point_id: int, wanted: HandoverRequest) -> Any:
    actor, now = actor_of(request), timezone.now()
    point = _seen(actor, point_id)
    to = _holder(actor, point.body, ContactKind(point.kind), wanted.to)
    made = hand_over_contact(
        contact=point, to=to, on=wanted.on, approval_ref=wanted.approval_ref, actor=actor, at=now
    )  # fmt: skip
    return _shape(made, local_day(now))


@router.post("/points/{point_id}/end", response=ContactPointAnswer, summary="结束联系点", operation_id="contacts_end")
def contact_end(request: HttpRequest, point_id: int, wanted: EndRequest) -> Any:
    actor, now = actor_of(request), timezone.now()
    ended = end_contact(contact=_seen(actor, point_id), on=wanted.on, reason=wanted.reason, actor=actor, at=now)
    return _shape(ended, local_day(now))


@router.get("/mass/{body_id}/candidates", response=list[Named], summary="还没编入的人", operation_id="mass_candidates")
def mass_candidates(request: HttpRequest, body_id: int) -> Any:
    """工会：单位里还没入会的职工；团组织：单位里还没编入的团员。"""
    actor, now = actor_of(request), timezone.now()
    body = get_object_or_404(mass_bodies(actor, now), pk=body_id)
    ENROL.require(actor, body, at=now)
    return candidates_for(body, local_day(now))


@router.post("/mass/{body_id}/members", response={201: EnrolAnswer}, summary="集中编入", operation_id="mass_enrol")
def mass_enrol(request: HttpRequest, body_id: int, wanted: EnrolRequest) -> Any:
    actor, now = actor_of(request), timezone.now()
    body = get_object_or_404(mass_bodies(actor, now), pk=body_id)
    ENROL.require(actor, body, at=now)
    people = list(candidates_for(body, local_day(now)).filter(pk__in=wanted.people))
    rows = enrol_in_mass(body=body, people=people, since=wanted.since, actor=actor, at=now)
    return Status(201, {"body": body, "enrolled": len(rows)})


def _seen(actor: Person, point_id: int) -> ContactPoint:
    return get_object_or_404(contacts_seen_by(actor, timezone.now()), pk=point_id)


def _person(actor: Person, person_id: int) -> Person:
    return get_object_or_404(person_seen_by(actor, timezone.now()), pk=person_id)


def _holder(actor: Person, body: PartyOrg, kind: ContactKind, person_id: int) -> Person:
    """Return somebody who could hold it, or whom the actor may see anyway; everybody else is not there (404)."""
    near = holders_for(kind, PartyOrg.objects.filter(pk=body.pk), local_day(timezone.now()))
    return near.filter(pk=person_id).first() or _person(actor, person_id)


def _shape(point: ContactPoint, day: date) -> dict[str, Any]:
    return {
        "id": point.pk, "kind": point.kind, "holder": named(point.holder), "body": named(point.body),
        "to_body": named(point.to_body), "to_unit": named(point.to_unit), "to_person": named(point.to_person),
        "cadence": point.cadence, "approval_ref": point.approval_ref, "last_visit_on": point.last_visit_on,
        "due_on": point.due_on, "state": point.due_state(day), "valid_from": point.valid_from,
        "valid_until": point.valid_until,
    }  # fmt: skip
