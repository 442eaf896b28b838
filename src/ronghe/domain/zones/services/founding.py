"""A zone is proposed, changed, agreed, returned, withdrawn, approved and started."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction

from ronghe.domain.agreements.services.gate import require_agreement
from ronghe.domain.org.enums import PartyOrgKind, UnitKind
from ronghe.domain.org.models import AdminUnit, PartyOrg, Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.org.services.trees import create_party_org, create_unit
from ronghe.domain.projects.models import Project
from ronghe.domain.projects.rules import SEE_PROJECT
from ronghe.domain.zones.enums import ZONE_FLOW, AdviceParameter, ParticipantRole, ZoneMode
from ronghe.domain.zones.facts import (
    PROJECT_JOINED,
    ZONE_AGREED,
    ZONE_APPROVED,
    ZONE_CHANGED,
    ZONE_PROPOSED,
    ZONE_RETURNED,
    ZONE_STARTED,
    ZONE_WITHDRAWN,
)
from ronghe.domain.zones.models import CollaborationZone, ZoneProject
from ronghe.domain.zones.rules import FOUND_ZONE, PROPOSE_ZONE, RUN_ZONE
from ronghe.domain.zones.selectors.advice import advice_for, parameters_of
from ronghe.domain.zones.selectors.safety import safety_of
from ronghe.domain.zones.selectors.zones import projects_of
from ronghe.domain.zones.services.parties import refuse_over
from ronghe.kernel.errors import DomainError
from ronghe.kernel.facts.kinds import FactKind
from ronghe.kernel.facts.record import Draft, record
from ronghe.kernel.words import N_
from ronghe.kernel.workflow import StepNotAllowed

CHANGEABLE = ("name", "purpose", "place", "is_pilot")


class ZoneNameTaken(DomainError):
    code = "zone_name_taken"
    sentence = N_("“%(sponsor)s”已有协作区“%(name)s”，请换个名称。")


class ZoneWithoutProject(DomainError):
    code = "zone_without_project"
    sentence = N_("协作区是为项目建的，请至少选一个在办的项目（SD-15）。")
    status = 422


class ModeUnexplained(DomainError):
    code = "mode_unexplained"
    sentence = N_("按项目情况建议用“%(advised)s”；要用“%(mode)s”，请写明理由（SD-15）。")
    status = 422


class TooFewParties(DomainError):
    code = "too_few_parties"
    sentence = N_("协作区至少要有两个参建单位，其中一个是属地方；请先补上参建单位。")


class ReturnReasonMissing(DomainError):
    code = "return_reason_missing"
    sentence = N_("请写明退回的原因，好让对方知道改什么。")
    status = 422


class ApprovalRefMissing(DomainError):
    code = "approval_ref_missing"
    sentence = N_("批准建区要写批复文号。")
    status = 422


class SafetyIncomplete(DomainError):
    code = "safety_incomplete"
    sentence = N_("参建单位还没有签齐安全管理协议，或没有专职安全员（PC-08），本单位定为不得启动。请先补齐。")


@transaction.atomic
def propose_zone(
    *, name: str, projects: Collection[Project], mode: ZoneMode, sponsor: PartyOrg, actor: Person, at: datetime,
    place: str | None = None, purpose: str = "", is_pilot: bool = False, mode_reason: str = "",
) -> CollaborationZone:  # fmt: skip
    """Propose a zone below `sponsor` for one or more projects that the actor may see.

    What the platform advises is kept beside what was chosen (SD-15).

    :raises ZoneWithoutProject: no project is named
    :raises ModeUnexplained: another mode than the advised one, and no reason
    :raises ZoneNameTaken: the sponsor has a zone of that name
    """
    PROPOSE_ZONE.require(actor, sponsor, at=at)
    if not projects:
        raise ZoneWithoutProject
    for project in projects:
        SEE_PROJECT.require(actor, project, at=at)
    day = local_day(at)
    advised = ZoneMode(advice_for(projects, sponsor, day).mode)
    if advised != mode and not mode_reason.strip():
        raise ModeUnexplained(advised=str(advised.label), mode=str(ZoneMode(mode).label))
    zone = CollaborationZone(
        name=name.strip(), mode=mode, advised_mode=advised, is_pilot=is_pilot, sponsor=sponsor, place=place or None,
        purpose=purpose.strip(), mode_reason=mode_reason.strip() if advised != mode else "", proposed_by=actor,
        proposed_at=at,
    )  # fmt: skip
    _save(zone)
    ZoneProject.objects.bulk_create(ZoneProject(zone=zone, project=project, valid_from=day) for project in projects)
    _record(ZONE_PROPOSED, zone, actor, at, mode=mode, advised=advised, is_pilot=is_pilot)
    for project in projects:
        _record(PROJECT_JOINED, zone, actor, at, project=project.pk)
    return zone


@transaction.atomic
def change_zone(*, zone: CollaborationZone, actor: Person, at: datetime, **changes: Any) -> CollaborationZone:
    """Change what is known of a zone; fields as in `CHANGEABLE`. One fact a changed field.

    :raises StepNotAllowed: it was dissolved or withdrawn
    :raises ZoneNameTaken: the sponsor has a zone of that name
    """
    RUN_ZONE.require(actor, zone, at=at)
    refuse_over(zone)
    changed = [field for field in CHANGEABLE if field in changes and getattr(zone, field) != changes[field]]
    for field in changed:
        setattr(zone, field, changes[field])
    if changed:
        _save(zone, changed)
    for field in changed:
        _record(ZONE_CHANGED, zone, actor, at, field=field)
    return zone


@transaction.atomic
def agree_zone(*, zone: CollaborationZone, actor: Person, at: datetime) -> CollaborationZone:
    """Note that all parties agreed, on the strength of the letter of intent that their branches signed.

    :raises TooFewParties: fewer than two units, or none of them the host site (PJ-01)
    :raises AgreementMissing: a project of the zone has no letter in force (SD-02)
    """
    FOUND_ZONE.require(actor, zone, at=at)
    parties = list(zone.participating_units.filter(valid_until=None).values_list("unit_id", "role"))
    units = {unit for unit, _role in parties}
    if len(units) < 2 or ParticipantRole.HOST_SITE not in {role for _unit, role in parties}:
        raise TooFewParties
    day = local_day(at)
    letters = [require_agreement(row.project, day) for row in projects_of(zone, day)]
    ZONE_FLOW.advance(zone, "agree", returned_reason="", agreement=letters[0])
    _record(ZONE_AGREED, zone, actor, at, parties=len(units))
    return zone


@transaction.atomic
def return_zone(*, zone: CollaborationZone, reason: str, actor: Person, at: datetime) -> CollaborationZone:
    """Give an agreed or approved zone back to be worked over, with the reason.

    :raises ReturnReasonMissing: no words
    """
    FOUND_ZONE.require(actor, zone, at=at)
    if not reason.strip():
        raise ReturnReasonMissing
    ZONE_FLOW.advance(
        zone, "return", returned_reason=reason.strip(), approval_ref=None, approved_by=None, approved_at=None
    )
    _record(ZONE_RETURNED, zone, actor, at)
    return zone


@transaction.atomic
def withdraw_zone(*, zone: CollaborationZone, actor: Person, at: datetime) -> CollaborationZone:
    """Take a zone back that has not started; it stays on record, and its name is free again."""
    FOUND_ZONE.require(actor, zone, at=at)
    ZONE_FLOW.advance(zone, "withdraw")
    _record(ZONE_WITHDRAWN, zone, actor, at)
    return zone


@transaction.atomic
def approve_zone(*, zone: CollaborationZone, approval_ref: str, actor: Person, at: datetime) -> CollaborationZone:
    """Approve the zone under the number of the approving document.

    :raises ApprovalRefMissing: no number
    """
    FOUND_ZONE.require(actor, zone, at=at)
    if not approval_ref.strip():
        raise ApprovalRefMissing
    ZONE_FLOW.advance(zone, "approve", approval_ref=approval_ref.strip(), approved_by=actor, approved_at=at)
    _record(ZONE_APPROVED, zone, actor, at)
    return zone


@transaction.atomic
def start_zone(
    *, zone: CollaborationZone, office_below: AdminUnit, since: date, actor: Person, at: datetime
) -> CollaborationZone:
    """Start the zone: its two bodies come into being on `since` (SD-13), a regional branch where the mode is 区域联建 (SD-15).

    The branch hangs below the sponsor, the office below `office_below`. What PC-08 asks may be missing still: it is told
    on the fact, and refused only where the sponsor's parameter says so.

    :raises SafetyIncomplete: that parameter is set, and agreement or officer are missing
    """
    FOUND_ZONE.require(actor, zone, at=at)
    safety = safety_of(zone, since)
    if not safety.is_complete and parameters_of(zone.sponsor)[AdviceParameter.SAFETY_BLOCKS_START]:
        raise SafetyIncomplete
    if not ZONE_FLOW.allows(zone, "start"):
        raise StepNotAllowed(state=zone.get_state_display())
    regional = zone.mode == ZoneMode.AREA_BASED
    body = create_party_org(
        name=f"{zone.name}{'区域党支部' if regional else '共建党支部'}",
        kind=PartyOrgKind.REGIONAL_BRANCH if regional else PartyOrgKind.CO_BUILT_BRANCH,
        parent=zone.sponsor, since=since, actor=None, at=at, approval_ref=zone.approval_ref,
    )  # fmt: skip
    office = create_unit(
        name=f"{zone.name}联合项目部", kind=UnitKind.JOINT_PROJECT_OFFICE, parent=office_below, since=since,
        actor=None, at=at,
    )  # fmt: skip
    ZONE_FLOW.advance(zone, "start", body=body, office=office, started_on=since)
    record(
        Draft(ZONE_STARTED, at, actor, body=body.pk, unit=office.pk, zone=zone.pk, source=zone,
              attributes={"mode": zone.mode, "safety_complete": safety.is_complete})
    )  # fmt: skip
    return zone


def _save(zone: CollaborationZone, fields: list[str] | None = None) -> None:
    try:
        with transaction.atomic():
            zone.save(update_fields=fields)
    except IntegrityError as error:
        raise ZoneNameTaken(sponsor=zone.sponsor.name, name=zone.name) from error


def _record(kind: FactKind, zone: CollaborationZone, actor: Person, at: datetime, **attributes: object) -> None:
    body = zone.body_id or zone.sponsor_id
    record(Draft(kind, at, actor, body=body, zone=zone.pk, attributes=attributes, source=zone))
