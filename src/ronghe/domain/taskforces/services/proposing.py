"""A group is proposed, returned or approved; approved, its body comes into being and its people take part in it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.db import IntegrityError, transaction

from ronghe.domain.agreements.models import Agreement
from ronghe.domain.agreements.selectors import agreement_in_force
from ronghe.domain.org.enums import MembershipKind, PartyOrgKind, PoliticalStatus, PostRole
from ronghe.domain.org.models import Membership, PartyOrg, Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.org.services.people import join_body, take_post
from ronghe.domain.org.services.trees import create_party_org
from ronghe.domain.projects.enums import ProjectState
from ronghe.domain.projects.models import Project
from ronghe.domain.structure.calc.placing import may_stand_below
from ronghe.domain.structure.selectors.figures import figures_in_force
from ronghe.domain.taskforces.enums import FORCE_FLOW, MemberPart
from ronghe.domain.taskforces.facts import (
    FORCE_APPROVED,
    FORCE_PROPOSED,
    FORCE_RETURNED,
    FORCE_SUBMITTED,
    FORCE_WITHDRAWN,
)
from ronghe.domain.taskforces.models import ForceMember, ForceSide, TaskForce
from ronghe.domain.taskforces.rules import DECIDE_TASK_FORCE, DIRECT_TASK_FORCE, PROPOSE_TASK_FORCE
from ronghe.domain.taskforces.selectors import may_be_asked
from ronghe.domain.taskforces.services.telling import record
from ronghe.domain.zones.models import CollaborationZone
from ronghe.kernel.errors import DomainError, NotAllowed
from ronghe.kernel.words import N_, listed


class ForceNameTaken(DomainError):
    code = "task_force_name_taken"
    sentence = N_("“%(parent)s”下面已有攻关临时党小组“%(name)s”，请换个名称。")


class ForceUnnamed(DomainError):
    code = "task_force_unnamed"
    sentence = N_("请写明攻关临时党小组的名称。")
    status = 422


class WrongParent(DomainError):
    code = "task_force_wrong_parent"
    sentence = N_("攻关临时党小组不能设在“%(parent)s”下面（PO-08）。请选签约的党支部或协作区的共建党支部。")
    status = 422


class ProjectOver(DomainError):
    code = "task_force_project_over"
    sentence = N_("项目“%(project)s”已完工或已取消，不再成立攻关临时党小组。")


class TooFewMembers(DomainError):
    """PO-09, taken over for the temporary group."""

    code = "task_force_too_few"
    sentence = N_("现有 %(count)s 名党员，攻关临时党小组不少于 %(least)s 名（PO-09）。请再选党员。")
    status = 422


class LeaderNotFull(DomainError):
    code = "task_force_leader_not_full"
    sentence = N_("%(name)s不是正式党员，不能任组长（PO-09）。请另选正式党员。")
    status = 422


class FromOutside(DomainError):
    code = "task_force_from_outside"
    sentence = N_("%(names)s 不是参加各方党支部的党员，不能编入。请从各方党支部里选。")
    status = 422


class ReturnReasonMissing(DomainError):
    code = "task_force_return_reason"
    sentence = N_("请写明退回的原因，好让支部知道怎么改。")
    status = 422


@transaction.atomic
def propose_task_force(
    *, name: str, project: Project, parent: PartyOrg, leader: Person, people: Sequence[Person], actor: Person,
    at: datetime, guide: Person | None = None, zone: CollaborationZone | None = None, feature: str = "",
    brand: str = "", base_place: str = "", base_note: str = "",
) -> TaskForce:  # fmt: skip
    """Propose a group below `parent` for the hard parts of a project; `people` besides the leader and the guide.

    The sides are the branches of the agreement in force, else `parent` alone until one is: it has to be when the group
    starts (SD-02).

    :raises NotAllowed: the actor is secretary of none of the sides
    :raises ForceUnnamed, ForceNameTaken: the name
    :raises WrongParent: no group may hang there
    :raises ProjectOver: the project is completed or called off
    :raises TooFewMembers, LeaderNotFull: PO-09
    :raises FromOutside: somebody is no Party member of one of the sides
    """
    agreement = agreement_in_force(project, local_day(at))
    sides = _sides(agreement, parent)
    if not any(PROPOSE_TASK_FORCE.allows(actor, body, at=at) for body in (*sides, parent)):
        raise NotAllowed(permission=PROPOSE_TASK_FORCE.name)
    if project.state in (ProjectState.COMPLETED, ProjectState.CALLED_OFF):
        raise ProjectOver(project=project.name)
    named = name.strip()
    if not named:
        raise ForceUnnamed
    _refuse_parent(parent, agreement, zone)
    chosen = _parts(leader, guide, people)
    _refuse_people(chosen, [*sides, parent], leader, at)
    force = TaskForce(
        name=named, project=project, agreement=agreement, zone=zone, parent=parent, feature=feature.strip(),
        brand=brand.strip(), base_place=base_place.strip(), base_note=base_note.strip(), proposed_by=actor,
        proposed_at=at,
    )  # fmt: skip
    try:
        with transaction.atomic():
            force.save(force_insert=True)
    except IntegrityError as error:
        raise ForceNameTaken(parent=parent.name, name=named) from error
    write_sides(force, sides)
    write_members(force, chosen, local_day(at))
    record(FORCE_PROPOSED, force, actor, at, people=len(chosen))
    return force


@transaction.atomic
def return_task_force(*, force: TaskForce, reason: str, actor: Person, at: datetime) -> TaskForce:
    """Send a proposal back to the branches, with the reason.

    :raises ReturnReasonMissing: no words
    """
    DECIDE_TASK_FORCE.require(actor, force, at=at)
    if not reason.strip():
        raise ReturnReasonMissing
    FORCE_FLOW.advance(force, "return", decided_by=actor, decided_at=at, decision_note=reason.strip())
    record(FORCE_RETURNED, force, actor, at)
    return force


@transaction.atomic
def submit_task_force(*, force: TaskForce, actor: Person, at: datetime) -> TaskForce:
    """Hand a returned proposal in again, with whatever was changed meanwhile.

    :raises TooFewMembers: PO-09
    """
    DIRECT_TASK_FORCE.require(actor, force, at=at)
    FORCE_FLOW.advance(force, "submit", proposed_at=at)
    count = _refuse_few(force)
    record(FORCE_SUBMITTED, force, actor, at, people=count)
    return force


@transaction.atomic
def withdraw_task_force(*, force: TaskForce, actor: Person, at: datetime) -> TaskForce:
    """Take a proposal back before it is approved."""
    DIRECT_TASK_FORCE.require(actor, force, at=at)
    FORCE_FLOW.advance(force, "withdraw")
    record(FORCE_WITHDRAWN, force, actor, at)
    return force


@transaction.atomic
def approve_task_force(*, force: TaskForce, actor: Person, at: datetime, note: str = "") -> TaskForce:
    """Approve a group: its body comes into being below the branch, and its people take part in it, at home as before.

    A group is no level of the Party's own (PO-08), and nobody's relations move (PO-12).

    :raises TooFewMembers: PO-09, as it stands today
    :raises NameTaken: another body of that name hangs there
    """
    DECIDE_TASK_FORCE.require(actor, force, at=at)
    day = local_day(at)
    count = _refuse_few(force)
    body = create_party_org(
        name=force.name, kind=PartyOrgKind.TEMPORARY_PARTY_GROUP, parent=force.parent, since=day, actor=None, at=at
    )
    FORCE_FLOW.advance(force, "approve", body=body, decided_by=actor, decided_at=at, decision_note=note.strip())
    for member in force.members.filter(valid_until=None).select_related("person").order_by("pk"):
        let_take_part(force, member, day, at)
    ForceMember.objects.filter(task_force=force, valid_until=None).update(valid_from=day)
    record(FORCE_APPROVED, force, actor, at, people=count)
    return force


def let_take_part(force: TaskForce, member: ForceMember, day: date, at: datetime) -> None:
    """Put a member into the group's body, and give the leader the post of one; nothing while there is no body."""
    if force.body is None:
        return
    known = Membership.objects.filter(person=member.person, body=force.body, valid_until=None)
    if not known.exists():
        join_body(
            person=member.person, body=force.body, kind=MembershipKind.PARTICIPATION, since=day, actor=None, at=at
        )
    if member.part == MemberPart.LEADER:
        take_post(person=member.person, role=PostRole.GROUP_LEADER, body=force.body, since=day, actor=None, at=at)


def write_sides(force: TaskForce, bodies: Sequence[PartyOrg]) -> None:
    """Note the sides of a group, those of the agreement once it is in force."""
    known = set(force.sides.values_list("body_id", flat=True))
    ForceSide.objects.bulk_create(
        ForceSide(task_force=force, body=body) for body in dict.fromkeys(bodies) if body.pk not in known
    )


def take_up_sides(force: TaskForce, day: date) -> None:
    """Let the branches of an agreement that came into force since the proposal be sides of the group as well."""
    agreement = agreement_in_force(force.project, day)
    if agreement is not None:
        write_sides(force, sides_of(agreement))


def sides_of(agreement: Agreement) -> list[PartyOrg]:
    """Return the branches that an agreement binds, in its order."""
    return [party.body for party in agreement.parties.select_related("body").order_by("position")]


def write_members(force: TaskForce, chosen: dict[Person, MemberPart], day: date) -> None:
    """Note the people of a proposal, each with the branch at home that day (亮身份)."""
    homes = dict(
        Membership.objects.filter(kind=MembershipKind.HOME, valid_until=None, person__in=list(chosen))
        .order_by("pk").values_list("person_id", "body_id")
    )  # fmt: skip
    ForceMember.objects.bulk_create(
        ForceMember(task_force=force, person=person, part=part, home_id=homes.get(person.pk), valid_from=day)
        for person, part in chosen.items()
    )


def refuse_leader(person: Person) -> None:
    """Return where somebody may lead a group.

    :raises LeaderNotFull: PO-09
    """
    if person.political_status != PoliticalStatus.FULL_MEMBER:
        raise LeaderNotFull(name=person.name)


def refuse_outsiders(people: Sequence[Person], bodies: Sequence[PartyOrg], at: datetime) -> None:
    """Return where all of `people` are Party members of the sides.

    :raises FromOutside: somebody is not
    """
    known = set(
        may_be_asked([body.pk for body in bodies], at)
        .filter(pk__in=[person.pk for person in people]).values_list("pk", flat=True)
    )  # fmt: skip
    outside = [person.name for person in people if person.pk not in known]
    if outside:
        raise FromOutside(names=listed(outside))


def _sides(agreement: Agreement | None, parent: PartyOrg) -> list[PartyOrg]:
    return sides_of(agreement) if agreement is not None else [parent]


def _refuse_parent(parent: PartyOrg, agreement: Agreement | None, zone: CollaborationZone | None) -> None:
    fits = parent.valid_until is None and may_stand_below(PartyOrgKind.TEMPORARY_PARTY_GROUP, parent.kind)
    if not fits:
        raise WrongParent(parent=parent.name)
    sides = {body.pk for body in sides_of(agreement)} if agreement is not None else {parent.pk}
    if zone is not None and zone.body_id is not None:
        sides.add(zone.body_id)
    if parent.pk not in sides:
        raise WrongParent(parent=parent.name)


def _parts(leader: Person, guide: Person | None, people: Sequence[Person]) -> dict[Person, MemberPart]:
    chosen = dict.fromkeys(people, MemberPart.MEMBER)
    if guide is not None:
        chosen[guide] = MemberPart.GUIDE
    return chosen | {leader: MemberPart.LEADER}


def _refuse_people(chosen: dict[Person, MemberPart], bodies: Sequence[PartyOrg], leader: Person, at: datetime) -> None:
    refuse_leader(leader)
    refuse_outsiders(list(chosen), bodies, at)
    least = figures_in_force()["group.min_members"]
    if len(chosen) < least:
        raise TooFewMembers(count=len(chosen), least=least)


def _refuse_few(force: TaskForce) -> int:
    count, least = force.members.filter(valid_until=None).count(), figures_in_force()["group.min_members"]
    if count < least:
        raise TooFewMembers(count=count, least=least)
    return count
