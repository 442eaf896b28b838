"""A group and a team become one, get one leader, and part again."""

from __future__ import annotations

from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.models import F, Q

from ronghe.domain.org.enums import PartyOrgKind, PoliticalStatus, PostRole
from ronghe.domain.org.models import AdminUnit, PartyOrg, Person, PostHolding
from ronghe.domain.org.rules import APPOINT, APPOINT_IN_UNIT, SEE_UNIT
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.org.services.people import leave_post, take_post
from ronghe.domain.pairing.enums import LEADER_PROPOSAL_FLOW, ProposalState
from ronghe.domain.pairing.facts import (
    LEADER_DECLINED,
    LEADER_PROPOSED,
    PAIR_ENDED,
    PAIR_LINKED,
    POWER_WITHDRAWN,
)
from ronghe.domain.pairing.models import GroupTeamLink, LeaderPower, LeaderProposal
from ronghe.domain.pairing.rules import LINK_PAIR
from ronghe.domain.pairing.selectors import TEAM_KINDS, people_of_pair
from ronghe.kernel.errors import DomainError
from ronghe.kernel.facts.record import Draft, record, record_many
from ronghe.kernel.words import N_


class NotAGroup(DomainError):
    code = "not_a_party_group"
    sentence = N_("“%(group)s”不是党小组，不能与班组共建（PP-11）。请选支部下面的党小组。")


class NotATeam(DomainError):
    code = "not_a_team"
    sentence = N_("“%(team)s”不是班组或班站，不能与党小组共建（PP-11）。请选班组。")


class AlreadyPaired(DomainError):
    code = "already_paired"
    sentence = N_("“%(group)s”或“%(team)s”在这段时间已有共建对象：一个党小组对一个班组（PP-11）。请先结束原来的共建。")


class BeforeItBegan(DomainError):
    code = "before_it_began"
    sentence = N_("%(since)s 早于党小组或班组设立的日期 %(begun)s，请改日期。")
    status = 422


class EndsTooEarly(DomainError):
    code = "pair_ends_too_early"
    sentence = N_("共建从 %(since)s 开始，不能在 %(until)s 结束，请改日期。")
    status = 422


class PairOver(DomainError):
    code = "pair_over"
    sentence = N_("这对共建已于 %(until)s 结束，请另建。")


class LeaderNotFull(DomainError):
    code = "leader_not_full_member"
    sentence = N_("%(name)s不是正式党员，不能任党小组长（PO-09）。请另选正式党员，或待其转正后再任命。")


class LeaderFromOutside(DomainError):
    code = "leader_from_outside"
    sentence = N_("%(name)s不在“%(group)s”或“%(team)s”，不能任组长。请先编入，或另选本组的人。")


class LeaderProposed(DomainError):
    code = "leader_already_proposed"
    sentence = N_("已提出过人选，正等党群部门任命。")


@transaction.atomic
def link_pair(*, group: PartyOrg, team: AdminUnit, since: date, actor: Person, at: datetime) -> GroupTeamLink:
    """Make a Party group and a production team one thing from the day `since` (PP-11).

    :raises NotAGroup, NotATeam: of another kind
    :raises BeforeItBegan: one of the two did not exist then
    :raises AlreadyPaired: one of the two is, or was on a day from `since`, paired with another
    """
    LINK_PAIR.require(actor, group, at=at)
    SEE_UNIT.require(actor, team, at=at)
    if group.kind != PartyOrgKind.PARTY_GROUP or group.valid_until is not None:
        raise NotAGroup(group=group.name)
    if team.kind not in TEAM_KINDS or team.valid_until is not None:
        raise NotATeam(team=team.name)
    begun = max(group.valid_from, team.valid_from)
    if since < begun:
        raise BeforeItBegan(since=since, begun=begun)
    either = GroupTeamLink.objects.filter(Q(group=group) | Q(team=team))
    if either.filter(valid_until__gt=since).exists():
        raise AlreadyPaired(group=group.name, team=team.name)
    try:
        with transaction.atomic():
            link = GroupTeamLink.objects.create(group=group, team=team, valid_from=since)
    except IntegrityError as error:
        raise AlreadyPaired(group=group.name, team=team.name) from error
    record(Draft(PAIR_LINKED, at, actor, body=group.pk, unit=team.pk, source=link))
    return link


@transaction.atomic
def end_pair(*, link: GroupTeamLink, until: date, actor: Person, at: datetime) -> GroupTeamLink:
    """End a pair on the day `until` (not included); the leader's powers end with it.

    :raises EndsTooEarly: it began later
    :raises PairOver: somebody ended it before
    """
    LINK_PAIR.require(actor, link.group, at=at)
    if until < link.valid_from:
        raise EndsTooEarly(since=link.valid_from, until=until)
    if not GroupTeamLink.objects.filter(pk=link.pk, valid_until=None).update(valid_until=until):
        link.refresh_from_db()
        raise PairOver(until=link.valid_until)
    link.valid_until = until
    _end_powers(link, until, actor, at)
    record(Draft(PAIR_ENDED, at, actor, body=link.group_id, unit=link.team_id, source=link))
    return link


@transaction.atomic
def appoint_leader(*, link: GroupTeamLink, person: Person, since: date, actor: Person, at: datetime) -> None:
    """Make one person leader of group and team alike; whoever led one of them besides leaves that post the same day.

    Posts carry rights, so the committee's office alone does it; a branch proposes (`propose_leader`). A proposal that
    waits is settled by it. The powers of a leader who leaves end with the post.

    :raises PairOver: the pair has ended
    :raises LeaderNotFull: the person is not a full member (PO-09)
    :raises LeaderFromOutside: the person is in neither
    """
    APPOINT.require(actor, link.group, at=at)
    APPOINT_IN_UNIT.require(actor, link.team, at=at)
    _refuse_leader(link, person, since)
    places = ((PostRole.GROUP_LEADER, link.group, None), (PostRole.TEAM_LEADER, None, link.team))
    for role, body, unit in places:
        held = PostHolding.objects.filter(role=role, body=body, unit=unit, valid_until=None)
        for post in held.exclude(person=person).select_related("person", "body", "unit").order_by("pk"):
            leave_post(post=post, until=since, actor=actor, at=at)
        if not held.filter(person=person).exists():
            take_post(person=person, role=role, since=since, actor=actor, at=at, body=body, unit=unit)
    _end_powers(link, since, actor, at, besides=person)
    for proposal in LeaderProposal.objects.filter(link=link, state=ProposalState.OPEN).order_by("pk"):
        step = "appoint" if proposal.person_id == person.pk else "decline"
        LEADER_PROPOSAL_FLOW.advance(proposal, step, settled_by=actor, settled_at=at)
        if step == "decline":
            record(Draft(LEADER_DECLINED, at, actor, about=proposal.person, body=link.group_id, source=proposal))


@transaction.atomic
def propose_leader(*, link: GroupTeamLink, person: Person, actor: Person, at: datetime) -> LeaderProposal:
    """Propose one leader for both to the committee's office.

    :raises PairOver, LeaderNotFull, LeaderFromOutside: as for appointing
    :raises LeaderProposed: somebody is proposed already
    """
    LINK_PAIR.require(actor, link.group, at=at)
    _refuse_leader(link, person, local_day(at))
    try:
        with transaction.atomic():
            proposal = LeaderProposal.objects.create(link=link, person=person, proposed_by=actor, proposed_at=at)
    except IntegrityError as error:
        raise LeaderProposed from error
    record(Draft(LEADER_PROPOSED, at, actor, about=person, body=link.group_id, unit=link.team_id, source=proposal))
    return proposal


@transaction.atomic
def decline_leader(*, proposal: LeaderProposal, actor: Person, at: datetime) -> LeaderProposal:
    """Turn down whom a branch proposed; it may propose somebody else then."""
    APPOINT.require(actor, proposal.link.group, at=at)
    LEADER_PROPOSAL_FLOW.advance(proposal, "decline", settled_by=actor, settled_at=at)
    record(Draft(LEADER_DECLINED, at, actor, about=proposal.person, body=proposal.link.group_id, source=proposal))
    return proposal


def _refuse_leader(link: GroupTeamLink, person: Person, day: date) -> None:
    if link.valid_until is not None:
        raise PairOver(until=link.valid_until)
    if person.political_status != PoliticalStatus.FULL_MEMBER:
        raise LeaderNotFull(name=person.name)
    if not people_of_pair(link, day).filter(pk=person.pk).exists():
        raise LeaderFromOutside(name=person.name, group=link.group.name, team=link.team.name)


def _end_powers(
    link: GroupTeamLink, until: date, actor: Person, at: datetime, *, besides: Person | None = None
) -> None:
    """End the powers that hold on `until` or later, except those of one person; one that lies ahead never begins."""
    ahead = Q(valid_until__gt=until) & Q(valid_until__gt=F("valid_from"))
    running = LeaderPower.objects.filter(Q(valid_until=None) | ahead, link=link)
    ended = [
        power
        for power in running.select_related("leader").order_by("pk")
        if power.leader_id != getattr(besides, "pk", None)
    ]
    for power in ended:
        power.valid_until = max(until, power.valid_from)
    LeaderPower.objects.bulk_update(ended, ["valid_until"])
    record_many(
        Draft(POWER_WITHDRAWN, at, actor, about=power.leader, body=link.group_id, unit=link.team_id,
              attributes={"power": power.power}, source=power)
        for power in ended
    )  # fmt: skip
