"""Units join the zone, change and leave; projects join and leave (SD-15: a regional zone takes in new ones)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction

from ronghe.domain.agreements.services.gate import require_agreement
from ronghe.domain.org.models import AdminUnit, PartyOrg, Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.projects.models import Project
from ronghe.domain.projects.rules import SEE_PROJECT
from ronghe.domain.zones.enums import FOUNDING, LIVING, ParticipantRole, ZoneState
from ronghe.domain.zones.facts import PROJECT_JOINED, PROJECT_LEFT, UNIT_CHANGED, UNIT_JOINED, UNIT_LEFT
from ronghe.domain.zones.models import CollaborationZone, ParticipatingUnit, ZoneProject
from ronghe.domain.zones.rules import RUN_ZONE
from ronghe.kernel.errors import DomainError, Stale
from ronghe.kernel.facts.record import Draft, record
from ronghe.kernel.words import N_, _
from ronghe.kernel.workflow import StepNotAllowed

CHANGEABLE = ("home_branch", "contact")


class UnitTakesPart(DomainError):
    code = "unit_takes_part"
    sentence = N_("“%(unit)s”已是%(role)s，不用重复加入。")


class LeavesBeforeJoining(DomainError):
    code = "leaves_before_joining"
    sentence = N_("退出日期不能早于加入的 %(since)s。")
    status = 422


class ProjectTakesPart(DomainError):
    code = "project_takes_part"
    sentence = N_("“%(project)s”已在这个协作区里，不用重复加入。")


class LastProject(DomainError):
    code = "last_project"
    sentence = N_("协作区至少要留一个项目。项目都完工了，请评估后解散协作区。")


@transaction.atomic
def add_participating_unit(
    *, zone: CollaborationZone, unit: AdminUnit, role: ParticipantRole, since: date, actor: Person, at: datetime,
    home_branch: PartyOrg | None = None, contact: Person | None = None,
) -> ParticipatingUnit:  # fmt: skip
    """Let a unit take part in the zone in a role from the day `since` (PJ-01).

    :raises UnitTakesPart: it has that role already
    :raises StepNotAllowed: the zone is dissolved or withdrawn
    """
    RUN_ZONE.require(actor, zone, at=at)
    refuse_over(zone)
    try:
        with transaction.atomic():
            party = ParticipatingUnit.objects.create(
                zone=zone, unit=unit, role=role, home_branch=home_branch, contact=contact, valid_from=since
            )
    except IntegrityError as error:
        raise UnitTakesPart(unit=unit.name, role=_(str(ParticipantRole(role).label))) from error
    record(
        Draft(UNIT_JOINED, at, actor, body=zone.body_id, unit=unit.pk, zone=zone.pk, attributes={"role": role},
              source=party)
    )  # fmt: skip
    return party


@transaction.atomic
def change_party(*, party: ParticipatingUnit, actor: Person, at: datetime, **changes: Any) -> ParticipatingUnit:
    """Change a unit's home branch or whom one speaks to there; fields as in `CHANGEABLE`. One fact a changed field.

    :raises Stale: it has left meanwhile
    """
    RUN_ZONE.require(actor, party.zone, at=at)
    refuse_over(party.zone)
    changed = {
        field: changes[field] for field in CHANGEABLE if field in changes and getattr(party, field) != changes[field]
    }
    if changed and not ParticipatingUnit.objects.filter(pk=party.pk, valid_until=None).update(**changed):
        raise Stale
    for field, value in changed.items():
        setattr(party, field, value)
        record(
            Draft(UNIT_CHANGED, at, actor, body=party.zone.body_id, unit=party.unit_id, zone=party.zone_id,
                  attributes={"role": party.role, "field": field}, source=party)
        )  # fmt: skip
    return party


@transaction.atomic
def end_participation(*, party: ParticipatingUnit, until: date, actor: Person, at: datetime) -> ParticipatingUnit:
    """End a unit's part on the day `until` (not included).

    :raises LeavesBeforeJoining: it joined later than that
    :raises Stale: it has left meanwhile
    """
    RUN_ZONE.require(actor, party.zone, at=at)
    if until < party.valid_from:
        raise LeavesBeforeJoining(since=party.valid_from)
    if not ParticipatingUnit.objects.filter(pk=party.pk, valid_until=None).update(valid_until=until):
        raise Stale
    party.valid_until = until
    record(
        Draft(UNIT_LEFT, at, actor, body=party.zone.body_id, unit=party.unit_id, zone=party.zone_id,
              attributes={"role": party.role}, source=party)
    )  # fmt: skip
    return party


@transaction.atomic
def add_project(*, zone: CollaborationZone, project: Project, actor: Person, at: datetime) -> ZoneProject:
    """Take a project into the zone from today on; a running one takes in new ones as well (SD-15).

    :raises ProjectTakesPart: it is in already
    :raises AgreementMissing: it has no letter of intent in force, and the sides agreed to the zone before (SD-02)
    :raises StepNotAllowed: the zone is dissolved or withdrawn
    """
    RUN_ZONE.require(actor, zone, at=at)
    SEE_PROJECT.require(actor, project, at=at)
    refuse_over(zone)
    if zone.state != ZoneState.PROPOSED:
        require_agreement(project, local_day(at))
    try:
        with transaction.atomic():
            row = ZoneProject.objects.create(zone=zone, project=project, valid_from=local_day(at))
    except IntegrityError as error:
        raise ProjectTakesPart(project=project.name) from error
    record(
        Draft(PROJECT_JOINED, at, actor, body=zone.body_id or zone.sponsor_id, zone=zone.pk, project=project.pk,
              attributes={"project": project.pk}, source=row)
    )  # fmt: skip
    return row


@transaction.atomic
def remove_project(*, row: ZoneProject, actor: Person, at: datetime) -> ZoneProject:
    """Let a project leave the zone today; the others go on.

    :raises LastProject: it is the only one
    :raises Stale: it has left meanwhile
    """
    zone = row.zone
    RUN_ZONE.require(actor, zone, at=at)
    refuse_over(zone)
    # The row lock lets two who take out the last two at once see each other; on SQLite the transaction itself does.
    CollaborationZone.objects.select_for_update().filter(pk=zone.pk).values_list("pk").get()
    staying = ZoneProject.objects.filter(zone=zone, valid_until=None).exclude(pk=row.pk)
    if not staying.exists():
        raise LastProject
    until = max(local_day(at), row.valid_from)
    if not ZoneProject.objects.filter(pk=row.pk, valid_until=None).update(valid_until=until):
        raise Stale
    row.valid_until = until
    record(
        Draft(PROJECT_LEFT, at, actor, body=zone.body_id or zone.sponsor_id, zone=zone.pk, project=row.project_id,
              attributes={"project": row.project_id}, source=row)
    )  # fmt: skip
    return row


def refuse_over(zone: CollaborationZone) -> None:
    """Return where the zone is still to come or there.

    :raises StepNotAllowed: it is dissolved or withdrawn
    """
    if zone.state not in FOUNDING | LIVING:
        raise StepNotAllowed(state=zone.get_state_display())
