"""Founding and moving units and Party bodies, as dated acts."""

from __future__ import annotations

from datetime import date, datetime

from django.db import IntegrityError, transaction

from ronghe.domain.org.enums import PartyOrgKind, StaffingMode, UnitKind
from ronghe.domain.org.facts import PARTY_ORG_CREATED, PARTY_ORG_MOVED, STATION_MODE_CHANGED, UNIT_CREATED
from ronghe.domain.org.models import AdminUnit, PartyOrg, Person, StationMode
from ronghe.domain.org.rules import CHANGE_TREE, CHANGE_UNITS
from ronghe.kernel.db import tree
from ronghe.kernel.errors import DomainError
from ronghe.kernel.facts.record import Draft, record
from ronghe.kernel.words import N_


class NameTaken(DomainError):
    code = "name_taken"
    sentence = N_("“%(parent)s”下面已有“%(name)s”，请换个名称。")


class ModeSetLater(DomainError):
    code = "mode_set_later"
    sentence = N_("“%(station)s”的值守方式自 %(day)s 起已有安排，只能从那天起再改。")


@transaction.atomic
def create_unit(
    *,
    name: str,
    kind: UnitKind,
    parent: AdminUnit | None,
    since: date,
    actor: Person | None,
    at: datetime,
    staffing: StaffingMode | None = None,
) -> AdminUnit:
    """Set up a unit below `parent` from the day `since`.

    :raises NameTaken: the parent has one of that name
    :raises NotAllowed: the actor's office does not reach the parent; without an actor the platform is being set up
    """
    if actor is not None:
        CHANGE_UNITS.require(actor, parent, at=at)
    try:
        with transaction.atomic():
            unit = AdminUnit.objects.create(name=name, kind=kind, parent=parent, valid_from=since)
    except IntegrityError as error:
        raise NameTaken(parent=parent.name if parent else "—", name=name) from error
    tree.link_new(unit, parent=parent, since=since)
    record(Draft(UNIT_CREATED, at, actor, unit=unit.pk, attributes={"unit_kind": kind}, source=unit))
    if staffing is not None:
        set_station_mode(station=unit, staffing=staffing, since=since, actor=actor, at=at)
    return unit


@transaction.atomic
def set_station_mode(
    *,
    station: AdminUnit,
    staffing: StaffingMode,
    since: date,
    actor: Person | None,
    at: datetime,
    is_hub: bool = False,
    hub: AdminUnit | None = None,
) -> StationMode:
    """Say how a station is manned and in which hub's region it lies, from the day `since` (AL-15, AL-16).

    :raises NotAllowed: the actor's office does not reach the station; without an actor the platform is being set up
    :raises ModeSetLater: the station's mode was already set for a later day
    """
    if actor is not None:
        CHANGE_UNITS.require(actor, station, at=at)
    current = StationMode.objects.filter(station=station, valid_until=None).first()
    if current is not None:
        _end_mode(current, since)
    mode = StationMode.objects.create(station=station, staffing=staffing, is_hub=is_hub, hub=hub, valid_from=since)
    record(
        Draft(STATION_MODE_CHANGED, at, actor, unit=station.pk, attributes={"staffing": staffing, "is_hub": is_hub},
              source=station)
    )  # fmt: skip
    return mode


def _end_mode(current: StationMode, since: date) -> None:
    if current.valid_from > since:
        raise ModeSetLater(station=current.station.name, day=current.valid_from)
    if current.valid_from == since:
        current.delete()
    else:
        current.valid_until = since
        current.save(update_fields=["valid_until"])


@transaction.atomic
def create_party_org(
    *,
    name: str,
    kind: PartyOrgKind,
    parent: PartyOrg | None,
    since: date,
    actor: Person | None,
    at: datetime,
    unit: AdminUnit | None = None,
    approval_ref: str | None = None,
) -> PartyOrg:
    """Set up a Party body below `parent` from the day `since`.

    :raises NameTaken: the parent has one of that name
    :raises NotAllowed: the actor may not change the tree there; without an actor the platform is being set up
    """
    if actor is not None:
        CHANGE_TREE.require(actor, parent, at=at)
    try:
        with transaction.atomic():
            body = PartyOrg.objects.create(
                name=name, kind=kind, parent=parent, unit=unit, approval_ref=approval_ref, valid_from=since
            )
    except IntegrityError as error:
        raise NameTaken(parent=parent.name if parent else "—", name=name) from error
    tree.link_new(body, parent=parent, since=since)
    record(Draft(PARTY_ORG_CREATED, at, actor, body=body.pk, attributes={"org_kind": kind}, source=body))
    return body


@transaction.atomic
def move_party_org(*, body: PartyOrg, parent: PartyOrg, since: date, actor: Person, at: datetime) -> PartyOrg:
    """Hang a body under another parent from the day `since`; the past stays as it was.

    :raises InsideItself: the new parent stands below the body
    """
    CHANGE_TREE.require(actor, body, at=at)
    CHANGE_TREE.require(actor, parent, at=at)
    tree.move(body, parent=parent, since=since)
    record(Draft(PARTY_ORG_MOVED, at, actor, body=body.pk, source=body))
    return body
