"""Who is in the group: people come, leave, and lead."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction

from ronghe.domain.org.enums import MembershipKind, PostRole
from ronghe.domain.org.models import Membership, PartyOrg, Person, PostHolding
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.org.services.people import leave_body, leave_post
from ronghe.domain.taskforces.enums import OPEN_POINTS, MemberPart
from ronghe.domain.taskforces.facts import MEMBER_ADDED, MEMBER_LEFT
from ronghe.domain.taskforces.models import ForceMember, PointPerson, TaskForce
from ronghe.domain.taskforces.rules import DIRECT_TASK_FORCE
from ronghe.domain.taskforces.services.proposing import (
    let_take_part,
    refuse_leader,
    refuse_outsiders,
    take_up_sides,
    write_members,
)
from ronghe.domain.taskforces.services.running import ForceOver
from ronghe.domain.taskforces.services.telling import locked, record
from ronghe.kernel.errors import DomainError, NotFound
from ronghe.kernel.words import N_


class MemberAlready(DomainError):
    code = "task_force_member_already"
    sentence = N_("%(name)s已在小组里，不用再编入。")


class LeaderStays(DomainError):
    code = "task_force_leader_stays"
    sentence = N_("%(name)s是组长，不能直接退出。请先换组长。")


class MemberAnswers(DomainError):
    code = "task_force_member_answers"
    sentence = N_("%(name)s还负责难点“%(point)s”，不能退出。请先换人负责。")


@transaction.atomic
def add_member(
    *, force: TaskForce, person: Person, actor: Person, at: datetime, part: MemberPart = MemberPart.MEMBER
) -> ForceMember:
    """Take a Party member of one of the sides into the group; with `LEADER` the one before becomes a member.

    :raises MemberAlready: the person is in it as that
    :raises FromOutside, LeaderNotFull: as for proposing
    :raises ForceOver: the group is closed, called off or withdrawn
    """
    DIRECT_TASK_FORCE.require(actor, force, at=at)
    fresh, day = _changeable(force), local_day(at)
    if part == MemberPart.LEADER:
        refuse_leader(person)
    known = fresh.members.filter(person=person, valid_until=None).first()
    if known is not None and known.part == part:
        raise MemberAlready(name=person.name)
    if known is None:
        take_up_sides(fresh, day)
        sides = PartyOrg.objects.filter(pk__in=fresh.sides.values("body_id")).order_by("pk")
        refuse_outsiders([person], [*sides, fresh.parent], at)
    if part == MemberPart.LEADER:
        _stand_down(fresh, at)
    if known is not None and known.part == MemberPart.LEADER:
        raise LeaderStays(name=person.name)
    member = _placed(fresh, person, part, known, at)
    let_take_part(fresh, member, day, at)
    record(MEMBER_ADDED, fresh, actor, at, about=person, source=member, part=part)
    return member


@transaction.atomic
def remove_member(*, member: ForceMember, actor: Person, at: datetime) -> ForceMember:
    """Let somebody leave the group today; what they answered for is somebody else's by then.

    :raises LeaderStays: the leader is followed by another first
    :raises MemberAnswers: an open point is theirs
    :raises ForceOver: the group is closed, called off or withdrawn
    """
    force = member.task_force
    DIRECT_TASK_FORCE.require(actor, force, at=at)
    fresh, day = _changeable(force), local_day(at)
    if member.part == MemberPart.LEADER:
        raise LeaderStays(name=member.person.name)
    answers = PointPerson.objects.filter(
        person=member.person, point__task_force=fresh, point__state__in=sorted(OPEN_POINTS)
    )
    answered = answers.select_related("point").order_by("pk").first()
    if answered is not None:
        raise MemberAnswers(name=member.person.name, point=answered.point.title)
    until = max(day, member.valid_from)
    if not ForceMember.objects.filter(pk=member.pk, valid_until=None).update(valid_until=until):
        raise NotFound
    member.valid_until = until
    if fresh.body is not None:
        rows = Membership.objects.filter(person=member.person, body=fresh.body, valid_until=None)
        for row in rows.filter(kind=MembershipKind.PARTICIPATION).select_related("person", "body").order_by("pk"):
            leave_body(membership=row, until=max(day, row.valid_from), actor=None, at=at)
    record(MEMBER_LEFT, fresh, actor, at, about=member.person, source=member, part=member.part)
    return member


def _changeable(force: TaskForce) -> TaskForce:
    fresh = locked(force)
    if not fresh.is_open:
        raise ForceOver(name=fresh.name, state=fresh.get_state_display())
    return fresh


def _stand_down(force: TaskForce, at: datetime) -> None:
    """Make the leader of now a member; the post goes with it."""
    before = force.members.filter(part=MemberPart.LEADER, valid_until=None).select_related("person").first()
    if before is None:
        return
    before.part = MemberPart.MEMBER
    before.save(update_fields=["part"])
    if force.body is not None:
        posts = PostHolding.objects.filter(
            person=before.person, body=force.body, role=PostRole.GROUP_LEADER, valid_until=None
        )
        for post in posts.select_related("person", "body").order_by("pk"):
            leave_post(post=post, until=max(local_day(at), post.valid_from), actor=None, at=at)


def _placed(force: TaskForce, person: Person, part: MemberPart, known: ForceMember | None, at: datetime) -> ForceMember:
    if known is not None:
        known.part = part
        known.save(update_fields=["part"])
        return known
    try:
        with transaction.atomic():
            write_members(force, {person: part}, local_day(at))
    except IntegrityError as error:
        raise MemberAlready(name=person.name) from error
    return ForceMember.objects.select_related("person").get(task_force=force, person=person, valid_until=None)
