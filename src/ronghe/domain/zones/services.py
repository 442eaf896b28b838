"""Acts of the zones' room: a zone is proposed, agreed, approved and started; units join; the site stops and resumes."""

from __future__ import annotations

from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.models import Q

from ronghe.domain.org.enums import PartyOrgKind, UnitKind
from ronghe.domain.org.models import AdminUnit, PartyOrg, Person
from ronghe.domain.org.services.trees import create_party_org, create_unit
from ronghe.domain.zones.enums import ZONE_FLOW, ParticipantRole, ZoneMode
from ronghe.domain.zones.facts import (
    SHUT_DOWN_LIFTED,
    SHUT_DOWN_PLANNED,
    UNIT_JOINED,
    UNIT_LEFT,
    ZONE_AGREED,
    ZONE_APPROVED,
    ZONE_PROPOSED,
    ZONE_STARTED,
)
from ronghe.domain.zones.models import CollaborationZone, ParticipatingUnit, ShutDown
from ronghe.domain.zones.rules import FOUND_ZONE, PROPOSE_ZONE, RUN_ZONE
from ronghe.kernel.errors import DomainError
from ronghe.kernel.facts.kinds import FactKind
from ronghe.kernel.facts.record import Draft, record
from ronghe.kernel.words import N_


class ZoneNameTaken(DomainError):
    code = "zone_name_taken"
    sentence = N_("“%(sponsor)s”已有协作区“%(name)s”，请换个名称。")


class TooFewParties(DomainError):
    code = "too_few_parties"
    sentence = N_("协作区至少要有两个参建单位，其中一个是属地方；请先补上参建单位。")


class UnitTakesPart(DomainError):
    code = "unit_takes_part"
    sentence = N_("“%(unit)s”已是%(role)s，不用重复加入。")


class ShutDownEmpty(DomainError):
    code = "shut_down_empty"
    sentence = N_("停工结束日期要晚于开始日期。")
    status = 422


class ShutDownOverlaps(DomainError):
    code = "shut_down_overlaps"
    sentence = N_("%(from_on)s 至 %(until_on)s 已安排停工，请先改那一段。")


class NotShutDown(DomainError):
    code = "not_shut_down"
    sentence = N_("这段停工已在 %(until_on)s 结束，不用再提前复工。")


@transaction.atomic
def propose_zone(
    *, name: str, project: str, mode: ZoneMode, sponsor: PartyOrg, actor: Person, at: datetime,
    place: str | None = None,
) -> CollaborationZone:  # fmt: skip
    """Propose a zone below `sponsor` for a project.

    :raises ZoneNameTaken: the sponsor has a zone of that name
    """
    PROPOSE_ZONE.require(actor, sponsor, at=at)
    try:
        with transaction.atomic():
            zone = CollaborationZone.objects.create(
                name=name, project=project, mode=mode, sponsor=sponsor, place=place, proposed_at=at
            )
    except IntegrityError as error:
        raise ZoneNameTaken(sponsor=sponsor.name, name=name) from error
    record(Draft(ZONE_PROPOSED, at, actor, body=sponsor.pk, zone=zone.pk, attributes={"mode": mode}, source=zone))
    return zone


@transaction.atomic
def agree_zone(*, zone: CollaborationZone, actor: Person, at: datetime) -> CollaborationZone:
    """Note that all parties agreed.

    :raises TooFewParties: fewer than two units, or none of them the host site (PJ-01)
    """
    FOUND_ZONE.require(actor, zone, at=at)
    parties = list(zone.participating_units.filter(valid_until=None).values_list("unit_id", "role"))
    if len({unit for unit, _role in parties}) < 2 or ParticipantRole.HOST_SITE not in {role for _unit, role in parties}:
        raise TooFewParties
    ZONE_FLOW.advance(zone, "agree")
    record(Draft(ZONE_AGREED, at, actor, body=zone.sponsor_id, zone=zone.pk, source=zone))
    return zone


@transaction.atomic
def approve_zone(*, zone: CollaborationZone, approval_ref: str, actor: Person, at: datetime) -> CollaborationZone:
    """Approve the zone under the number of the approving document."""
    FOUND_ZONE.require(actor, zone, at=at)
    ZONE_FLOW.advance(zone, "approve", approval_ref=approval_ref)
    record(Draft(ZONE_APPROVED, at, actor, body=zone.sponsor_id, zone=zone.pk, source=zone))
    return zone


@transaction.atomic
def start_zone(
    *, zone: CollaborationZone, office_below: AdminUnit, since: date, actor: Person, at: datetime
) -> CollaborationZone:
    """Start the zone: its co-built branch and its joint project office come into being on `since` (SD-13).

    The branch hangs below the sponsor, the office below `office_below`.
    """
    FOUND_ZONE.require(actor, zone, at=at)
    body = create_party_org(
        name=f"{zone.name}共建党支部", kind=PartyOrgKind.CO_BUILT_BRANCH, parent=zone.sponsor, since=since, actor=None,
        at=at, approval_ref=zone.approval_ref,
    )  # fmt: skip
    office = create_unit(
        name=f"{zone.name}联合项目部", kind=UnitKind.JOINT_PROJECT_OFFICE, parent=office_below, since=since,
        actor=None, at=at,
    )  # fmt: skip
    ZONE_FLOW.advance(zone, "start", body=body, office=office, started_on=since)
    record(
        Draft(ZONE_STARTED, at, actor, body=body.pk, unit=office.pk, zone=zone.pk, attributes={"mode": zone.mode},
              source=zone)
    )  # fmt: skip
    return zone


@transaction.atomic
def add_participating_unit(
    *, zone: CollaborationZone, unit: AdminUnit, role: ParticipantRole, since: date, actor: Person, at: datetime,
    home_branch: PartyOrg | None = None,
) -> ParticipatingUnit:  # fmt: skip
    """Let a unit take part in the zone in a role from the day `since` (PJ-01).

    :raises UnitTakesPart: it has that role already
    """
    RUN_ZONE.require(actor, zone, at=at)
    try:
        with transaction.atomic():
            party = ParticipatingUnit.objects.create(
                zone=zone, unit=unit, role=role, home_branch=home_branch, valid_from=since
            )
    except IntegrityError as error:
        raise UnitTakesPart(unit=unit.name, role=ParticipantRole(role).label) from error
    record(
        Draft(UNIT_JOINED, at, actor, body=zone.body_id, unit=unit.pk, zone=zone.pk, attributes={"role": role},
              source=party)
    )  # fmt: skip
    return party


@transaction.atomic
def end_participation(*, party: ParticipatingUnit, until: date, actor: Person, at: datetime) -> ParticipatingUnit:
    """End a unit's part on the day `until` (not included)."""
    RUN_ZONE.require(actor, party.zone, at=at)
    party.valid_until = until
    party.save(update_fields=["valid_until"])
    record(
        Draft(UNIT_LEFT, at, actor, body=party.zone.body_id, unit=party.unit_id, zone=party.zone_id,
              attributes={"role": party.role}, source=party)
    )  # fmt: skip
    return party


@transaction.atomic
def plan_shut_down(
    *, zone: CollaborationZone, from_on: date, until_on: date, reason: str, actor: Person, at: datetime
) -> ShutDown:
    """Plan days without work from `from_on` up to, not including, `until_on`.

    :raises ShutDownEmpty: no day lies between
    :raises ShutDownOverlaps: some of these days are planned already
    """
    RUN_ZONE.require(actor, zone, at=at)
    if until_on <= from_on:
        raise ShutDownEmpty
    # The row lock lets two who plan at once see each other; on SQLite the transaction itself does.
    CollaborationZone.objects.select_for_update().filter(pk=zone.pk).values_list("pk").get()
    planned = zone.shut_downs.filter(Q(from_on__lt=until_on, until_on__gt=from_on)).order_by("from_on").first()
    if planned is not None:
        raise ShutDownOverlaps(from_on=planned.from_on, until_on=planned.until_on)
    shut_down = ShutDown.objects.create(zone=zone, from_on=from_on, until_on=until_on, reason=reason)
    _record_shut_down(shut_down, SHUT_DOWN_PLANNED, actor, at, from_on=from_on, until_on=until_on)
    return shut_down


@transaction.atomic
def lift_shut_down(*, shut_down: ShutDown, resume_on: date, actor: Person, at: datetime) -> ShutDown:
    """Let work resume on `resume_on`; a day before the shut-down begins calls it off.

    :raises NotShutDown: it would end no sooner than it does anyway
    """
    RUN_ZONE.require(actor, shut_down.zone, at=at)
    until_on = max(resume_on, shut_down.from_on)
    earlier = ShutDown.objects.filter(pk=shut_down.pk, until_on__gt=until_on)
    if not earlier.update(until_on=until_on):
        raise NotShutDown(until_on=shut_down.until_on)
    shut_down.until_on = until_on
    _record_shut_down(shut_down, SHUT_DOWN_LIFTED, actor, at, until_on=until_on)
    return shut_down


def _record_shut_down(shut_down: ShutDown, kind: FactKind, actor: Person, at: datetime, **days: date) -> None:
    zone = shut_down.zone
    record(Draft(kind, at, actor, body=zone.body_id, zone=zone.pk, attributes=days, source=shut_down))
