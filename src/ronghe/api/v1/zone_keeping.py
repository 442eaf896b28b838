"""协作区: the units that take part, projects, posts and shut-downs, kept up while a zone runs."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Router, Status

from ronghe.api.acting import actor_of
from ronghe.api.v1.zone_shapes import (
    ZoneAnswer,
    ZoneContactRequest,
    ZonePartyAnswer,
    ZonePartyRequest,
    ZonePost,
    ZonePostRequest,
    ZoneProjectRequest,
    ZoneResume,
    ZoneShutDown,
    ZoneShutDownRequest,
    ZoneUntil,
    zone_answer,
)
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.org.selectors.people import bodies_seen_by, units_seen_by
from ronghe.domain.projects.selectors import projects_seen_by
from ronghe.domain.zones.models import CollaborationZone, ParticipatingUnit, ShutDown
from ronghe.domain.zones.selectors import people_of, zones_seen_by
from ronghe.domain.zones.selectors.people import posts_in
from ronghe.domain.zones.services.parties import (
    add_participating_unit,
    add_project,
    change_party,
    end_participation,
    remove_project,
)
from ronghe.domain.zones.services.posts import appoint_in_zone, relieve_in_zone
from ronghe.domain.zones.services.shut_downs import lift_shut_down, plan_shut_down

router = Router(tags=["zones"])


@router.post(
    "/{zone_id}/parties", response={201: ZonePartyAnswer}, summary="参建单位加入", operation_id="zones_party_add"
)
def party_add(request: HttpRequest, zone_id: int, data: ZonePartyRequest) -> Any:
    actor, now = actor_of(request), timezone.now()
    zone = zone_seen(request, zone_id, now)
    unit = get_object_or_404(units_seen_by(actor, now), pk=data.unit)
    branch = get_object_or_404(bodies_seen_by(actor, now), pk=data.home_branch) if data.home_branch else None
    party = add_participating_unit(
        zone=zone, unit=unit, role=data.role, since=data.since, home_branch=branch, actor=actor, at=now
    )
    return Status(201, party)


@router.post(
    "/{zone_id}/parties/{party_id}/contact",
    response=ZonePartyAnswer,
    summary="定联系人",
    operation_id="zones_party_contact",
)
def party_contact(request: HttpRequest, zone_id: int, party_id: int, data: ZoneContactRequest) -> Any:
    now = timezone.now()
    zone = zone_seen(request, zone_id, now)
    person = None
    if data.contact is not None:
        person = get_object_or_404(people_of(zone, local_day(now)), pk=data.contact)
    return change_party(party=_party(zone, party_id), contact=person, actor=actor_of(request), at=now)


@router.post(
    "/{zone_id}/parties/{party_id}/leave",
    response=ZonePartyAnswer,
    summary="参建单位退出",
    operation_id="zones_party_leave",
)
def party_leave(request: HttpRequest, zone_id: int, party_id: int, data: ZoneUntil) -> Any:
    now = timezone.now()
    party = _party(zone_seen(request, zone_id, now), party_id)
    return end_participation(party=party, until=data.until, actor=actor_of(request), at=now)


@router.post("/{zone_id}/projects", response=ZoneAnswer, summary="项目加入协作区", operation_id="zones_project_add")
def project_add(request: HttpRequest, zone_id: int, data: ZoneProjectRequest) -> Any:
    actor, now = actor_of(request), timezone.now()
    zone = zone_seen(request, zone_id, now)
    add_project(
        zone=zone, project=get_object_or_404(projects_seen_by(actor, now), pk=data.project), actor=actor, at=now
    )
    return zone_answer(zone, now)


@router.post(
    "/{zone_id}/projects/{project_id}/leave",
    response=ZoneAnswer,
    summary="项目退出协作区",
    operation_id="zones_project_leave",
)
def project_leave(request: HttpRequest, zone_id: int, project_id: int) -> Any:
    now = timezone.now()
    zone = zone_seen(request, zone_id, now)
    row = get_object_or_404(zone.zone_projects.filter(valid_until=None), project_id=project_id)
    remove_project(row=row, actor=actor_of(request), at=now)
    return zone_answer(zone, now)


@router.get("/{zone_id}/posts", response=list[ZonePost], summary="两部的任职", operation_id="zones_posts")
def zone_posts(request: HttpRequest, zone_id: int) -> Any:
    now = timezone.now()
    return list(posts_in(zone_seen(request, zone_id, now), local_day(now)))


@router.post("/{zone_id}/posts", response={201: ZonePost}, summary="在协作区任职", operation_id="zones_appoint")
def zone_appoint(request: HttpRequest, zone_id: int, data: ZonePostRequest) -> Any:
    now = timezone.now()
    zone = zone_seen(request, zone_id, now)
    person = get_object_or_404(people_of(zone, local_day(now)), pk=data.person)
    return Status(201, appoint_in_zone(zone=zone, person=person, role=data.role, actor=actor_of(request), at=now))


@router.post(
    "/{zone_id}/posts/{post_id}/end", response=ZonePost, summary="免去协作区的职务", operation_id="zones_relieve"
)
def zone_relieve(request: HttpRequest, zone_id: int, post_id: int) -> Any:
    now = timezone.now()
    rows = posts_in(zone_seen(request, zone_id, now), local_day(now)).select_related("person", "body", "unit")
    return relieve_in_zone(post=get_object_or_404(rows, pk=post_id), actor=actor_of(request), at=now)


@router.post("/{zone_id}/shut-downs", response={201: ZoneShutDown}, summary="安排停工", operation_id="zones_shut_down")
def shut_down_plan(request: HttpRequest, zone_id: int, data: ZoneShutDownRequest) -> Any:
    now = timezone.now()
    zone = zone_seen(request, zone_id, now)
    return Status(201, plan_shut_down(zone=zone, actor=actor_of(request), at=now, **data.dict()))


@router.post(
    "/{zone_id}/shut-downs/{shut_down_id}/lift", response=ZoneShutDown, summary="提前复工", operation_id="zones_resume"
)
def shut_down_lift(request: HttpRequest, zone_id: int, shut_down_id: int, data: ZoneResume) -> Any:
    now = timezone.now()
    rows = ShutDown.objects.select_related("zone__sponsor", "zone__body").filter(zone=zone_seen(request, zone_id, now))
    row = get_object_or_404(rows, pk=shut_down_id)
    return lift_shut_down(shut_down=row, resume_on=data.resume_on, actor=actor_of(request), at=now)


def _party(zone: CollaborationZone, pk: int) -> ParticipatingUnit:
    rows = ParticipatingUnit.objects.select_related("zone__sponsor", "unit", "home_branch", "contact")
    return get_object_or_404(rows, pk=pk, zone=zone, valid_until=None)


def zone_seen(request: HttpRequest, pk: int, now: datetime) -> CollaborationZone:
    """Return the zone of this id that the actor may see."""
    return get_object_or_404(zones_seen_by(actor_of(request), now), pk=pk)
