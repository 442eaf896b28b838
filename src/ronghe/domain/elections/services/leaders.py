"""Leaders who are given from above: of temporary bodies (PO-05), and where a place is empty until a by-election (PE-11)."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from ronghe.domain.elections.enums import TERM_KINDS, elected_roles
from ronghe.domain.elections.facts import LEADER_DESIGNATED
from ronghe.domain.elections.models import Designation
from ronghe.domain.elections.services.preparing import ApprovalMissing, NotElectable, NoVacancy, RoleNotElected
from ronghe.domain.org.enums import BodyTree, PostRole, PostSource, tree_of
from ronghe.domain.org.models import PartyOrg, Person, PostHolding
from ronghe.domain.org.rules import APPOINT
from ronghe.domain.org.selectors.voting import may_vote
from ronghe.domain.org.services.people import leave_post, take_post
from ronghe.kernel.db.tree import on_day
from ronghe.kernel.errors import DomainError
from ronghe.kernel.facts.record import Draft, record
from ronghe.kernel.words import N_, _


class ActsNowhere(DomainError):
    code = "acts_nowhere"
    sentence = N_("“%(body)s”的负责人由批准它的党组织指定（PO-05），没有补选可等，不设代理。请直接指定。")
    status = 422


@transaction.atomic
def designate_leader(
    *, body: PartyOrg, person: Person, role: PostRole, since: date, approval_ref: str, actor: Person, at: datetime,
    is_acting: bool = False,
) -> PostHolding:  # fmt: skip
    """Give a post from above: in a temporary or working body always, elsewhere while the place is empty (PE-11, PO-05).

    With `is_acting` the person holds it until a by-election has filled it. Whoever acted before leaves it.

    :raises NotAllowed: only the committee's office gives posts
    :raises NoVacancy: somebody holds the post outright
    :raises NotElectable: no full member with the rights of one (PE-08)
    :raises RoleNotElected: the role is none that a body elects or is given
    :raises ActsNowhere: nobody acts where nobody is elected
    """
    APPOINT.require(actor, body, at=at)
    if not approval_ref.strip():
        raise ApprovalMissing
    if role not in elected_roles(body.kind):
        raise RoleNotElected(body=body.name, role=_(str(role.label)))
    if is_acting and body.kind not in TERM_KINDS:
        raise ActsNowhere(body=body.name)
    if tree_of(body.kind) == BodyTree.PARTY and not may_vote(person, since):
        raise NotElectable(name=person.name, why=_("不是有表决权的正式党员"))
    held = PostHolding.objects.filter(on_day(since), body=body, role=role).select_related("person", "body", "unit")
    for post in held.order_by("pk"):
        if post.source == PostSource.ACTING:
            leave_post(post=post, until=since, actor=actor, at=at)
        elif _is_single(role):
            raise NoVacancy(name=post.person.name, role=_(str(role.label)))
    source = PostSource.ACTING if is_acting else PostSource.APPOINTED
    given = take_post(person=person, role=role, since=since, actor=actor, at=at, body=body, source=source)
    Designation.objects.create(post=given, approval_ref=approval_ref.strip(), decided_by=actor, decided_at=at)
    record(
        Draft(LEADER_DESIGNATED, at, actor, about=person, body=body.pk, source=given,
              attributes={"role": role, "is_acting": is_acting})
    )  # fmt: skip
    return given


def _is_single(role: PostRole) -> bool:
    """Tell whether one person at a time holds the role."""
    return role in (PostRole.SECRETARY, PostRole.UNION_CHAIR, PostRole.LEAGUE_SECRETARY)
