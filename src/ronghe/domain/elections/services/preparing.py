"""An election is prepared: places, candidates, and the approval of the body above."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from django.db import IntegrityError, transaction

from ronghe.domain.elections.calc.composition import deputies_at_most
from ronghe.domain.elections.calc.terms import add_months
from ronghe.domain.elections.enums import (
    DEPUTY_ROLES,
    DUTIES,
    ELECTION_FLOW,
    HEAD_ROLES,
    SEAT_ROLES,
    CandidateStage,
    ElectionKind,
    ElectionState,
    Electorate,
)
from ronghe.domain.elections.facts import (
    CANDIDATE_NAMED,
    CANDIDATE_WITHDRAWN,
    CANDIDATES_APPROVED,
    ELECTION_CANCELLED,
    ELECTION_STARTED,
)
from ronghe.domain.elections.models import Candidate, Contest, Election
from ronghe.domain.elections.rules import APPROVE_CANDIDATES, RUN_ELECTION, START_ELECTION, figures_in_force
from ronghe.domain.elections.selectors.elections import (
    contests_of,
    electors_of,
    members_of_committee,
    size_of_committee,
)
from ronghe.domain.elections.selectors.terms import head_states, open_term
from ronghe.domain.org.calc.capabilities import Capability
from ronghe.domain.org.enums import BodyTree, PoliticalStatus, PostRole, PostSource, tree_of
from ronghe.domain.org.models import PartyOrg, Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.org.selectors.headcounts import headcounts_below
from ronghe.domain.org.selectors.voting import may_vote, status_on
from ronghe.domain.org.services.capabilities import require_capability
from ronghe.kernel.errors import DomainError
from ronghe.kernel.facts.record import Draft, record
from ronghe.kernel.words import N_, _
from ronghe.kernel.workflow import StepNotAllowed


class ElectionUnderWay(DomainError):
    code = "election_under_way"
    sentence = N_("“%(body)s”已有一次选举在进行，请先办完或取消它。")


class PlannedInPast(DomainError):
    code = "planned_in_past"
    sentence = N_("%(day)s 已经过去，请另定选举日期。")
    status = 422


class EarlyNeedsApproval(DomainError):
    code = "early_needs_approval"
    sentence = N_("这一届至 %(ends_on)s 届满，提前 %(months)s 个月以上换届须上级批准（PE-05）。请先由上级办提前换届。")


class NothingToElect(DomainError):
    code = "nothing_to_elect"
    sentence = N_("请写明选什么职务、应选几名。")
    status = 422


class RoleNotElected(DomainError):
    code = "role_not_elected"
    sentence = N_("“%(body)s”不选举“%(role)s”，请选书记、副书记或委员（PE-11）。")
    status = 422


class CommitteeTooFewMembers(DomainError):
    code = "committee_too_few_members"
    sentence = N_("正式党员不足 %(from_count)s 人，不设支委会（PE-02）。请只选书记，必要时加副书记 1 名。")


class CommitteeSizeWrong(DomainError):
    code = "committee_size_wrong"
    sentence = N_("委员会应为 %(least)s 至 %(most)s 人（%(rule)s），这次选后是 %(count)s 人。请改应选名额。")
    status = 422


class TooManyHeads(DomainError):
    code = "too_many_heads"
    sentence = N_("“%(role)s”最多 %(most)s 名（PE-01、PE-03），请改名额。")
    status = 422


class NoVacancy(DomainError):
    code = "no_vacancy"
    sentence = N_("%(name)s正任%(role)s，没有空缺，不用补选（PE-11）。本人免职后再补选；任期届满的请换届。")


class CongressTooSmall(DomainError):
    code = "congress_too_small"
    sentence = N_("党员 %(count)s 名，不足 %(from_count)s 名，又不是驻地分散，应开党员大会选举（PE-07）。")


class NotElectable(DomainError):
    code = "not_electable"
    sentence = N_("%(name)s没有被选举权（PE-08）：%(why)s。请另提人选。")


class AlreadyNamed(DomainError):
    code = "already_named"
    sentence = N_("%(name)s已在这一项的人选里。")


class TooFewCandidates(DomainError):
    code = "too_few_candidates"
    sentence = N_("“%(role)s”应选 %(seats)s 名，候选人至少 %(need)s 名（%(rule)s），现有 %(have)s 名。请补提人选。")


class ApprovalMissing(DomainError):
    code = "approval_missing"
    sentence = N_("请填批复文号：候选人预备人选须报上级批复（PE-11）。")
    status = 422


class ReasonMissing(DomainError):
    code = "reason_missing"
    sentence = N_("请写明原因。")
    status = 422


@transaction.atomic
def start_election(
    *, body: PartyOrg, kind: ElectionKind, planned_on: date, places: Mapping[PostRole, int], actor: Person, at: datetime,
    by_delegates: bool = False, is_dispersed: bool = False,
) -> Election:  # fmt: skip
    """Begin a 换届 or 补选 of `places` (role → number), to be held on `planned_on`.

    Where there is a committee, it elects head and deputies from among itself; otherwise the meeting does (PE-11).

    :raises DomainError: the body elects nobody (PO-06), or places, day or assembly break a rule; each names its number
    :raises ElectionUnderWay: there is one, or somebody else began one a moment ago
    """
    START_ELECTION.require(actor, body, at=at)
    require_capability(body, Capability.RE_ELECT)
    day = local_day(at)
    if planned_on < day:
        raise PlannedInPast(day=planned_on)
    wanted = {PostRole(role): number for role, number in places.items() if number > 0}
    if not wanted:
        raise NothingToElect
    if kind == ElectionKind.RE_ELECTION:
        _refuse_early(body, planned_on)
    else:
        _refuse_without_vacancy(body, wanted, day)
    if by_delegates and not is_dispersed:
        _refuse_small_congress(body, day)
    has_committee = _refuse_wrong_places(body, kind, wanted, day)
    assembly = Electorate.CONGRESS if by_delegates else Electorate.GENERAL_MEETING
    try:
        with transaction.atomic():
            election = Election.objects.create(
                body=body, kind=kind, assembly=assembly, is_dispersed=is_dispersed, planned_on=planned_on,
                started_by=actor, started_at=at,
            )  # fmt: skip
    except IntegrityError as error:
        raise ElectionUnderWay(body=body.name) from error
    seat = SEAT_ROLES[tree_of(body.kind)]
    for role, number in wanted.items():
        electorate = Electorate.COMMITTEE if has_committee and role != seat else assembly
        Contest.objects.create(election=election, role=role, seats=number, electorate=electorate)
    record(
        Draft(ELECTION_STARTED, at, actor, body=body.pk, source=election,
              attributes={"election_kind": kind, "planned_on": planned_on})
    )  # fmt: skip
    return election


@transaction.atomic
def name_candidate(
    *, contest: Contest, person: Person, actor: Person, at: datetime, stage: CandidateStage = CandidateStage.PRELIMINARY,
    duty: PostRole | None = None,
) -> Candidate:  # fmt: skip
    """Name somebody for a contest: as a first proposal, as a candidate, or as written in at the meeting.

    A first proposal that becomes a candidate is named a second time; everything else only once.

    :raises NotElectable: the person may not be elected (PE-08), with the reason
    :raises AlreadyNamed: the person is on this contest's list in that way
    :raises StepNotAllowed: candidates are named before the vote, people are written in while it is held
    """
    election = contest.election
    RUN_ELECTION.require(actor, election, at=at)
    open_in = (
        (ElectionState.APPROVED, ElectionState.HELD)
        if stage == CandidateStage.WRITTEN_IN
        else (ElectionState.PREPARING,)
    )
    if election.state not in open_in:
        raise StepNotAllowed(state=election.get_state_display())
    refuse_unelectable(election.body, person, local_day(at))
    taken = PostRole(duty or contest.role)
    if taken not in (contest.role, *_duties_of(contest)):
        raise RoleNotElected(body=election.body.name, role=_(str(taken.label)))
    values = {"stage": stage, "duty": taken, "named_by": actor, "named_at": at}
    try:
        with transaction.atomic():
            candidate, is_new = Candidate.objects.get_or_create(contest=contest, person=person, defaults=values)
    except IntegrityError as error:
        raise AlreadyNamed(name=person.name) from error
    if not is_new:
        promoted = Candidate.objects.filter(pk=candidate.pk, stage=CandidateStage.NOMINATED).exclude(stage=stage)
        if not promoted.update(**values):
            raise AlreadyNamed(name=person.name)
        candidate.refresh_from_db()
    record(
        Draft(CANDIDATE_NAMED, at, actor, about=person, body=election.body_id, source=election,
              attributes={"role": contest.role, "stage": stage})
    )  # fmt: skip
    return candidate


@transaction.atomic
def withdraw_candidate(*, candidate: Candidate, actor: Person, at: datetime) -> None:
    """Take a candidate off the list before the body above approved it.

    :raises StepNotAllowed: it was approved
    """
    election = candidate.contest.election
    RUN_ELECTION.require(actor, election, at=at)
    if election.state != ElectionState.PREPARING:
        raise StepNotAllowed(state=election.get_state_display())
    record(
        Draft(CANDIDATE_WITHDRAWN, at, actor, about=candidate.person, body=election.body_id, source=election,
              attributes={"role": candidate.contest.role})
    )  # fmt: skip
    candidate.delete()


@transaction.atomic
def approve_candidates(*, election: Election, approval_ref: str, actor: Person, at: datetime) -> Election:
    """Approve the candidates as the body above, with the number of the paper (PE-11).

    :raises TooFewCandidates: a committee needs a fifth more than places (PE-10), every other contest its places
    :raises NotElectable: somebody lost the right since being named (PE-08)
    :raises ApprovalMissing: no paper
    """
    APPROVE_CANDIDATES.require(actor, election, at=at)
    if not approval_ref.strip():
        raise ApprovalMissing
    views = contests_of(election)
    for view in views:
        if len(view.standing) < view.candidates_needed:
            raise TooFewCandidates(
                role=_(view.contest.get_role_display()), seats=view.contest.seats, need=view.candidates_needed,
                have=len(view.standing), rule="PE-10" if view.is_committee else "PE-11",
            )  # fmt: skip
        for one in view.standing:
            refuse_unelectable(election.body, one.person, local_day(at))
    ELECTION_FLOW.advance(election, "approve", approval_ref=approval_ref.strip(), approved_by=actor, approved_at=at)
    count = sum(len(view.standing) for view in views)
    record(
        Draft(CANDIDATES_APPROVED, at, actor, body=election.body_id, source=election, attributes={"candidates": count})
    )
    return election


@transaction.atomic
def cancel_election(*, election: Election, reason: str, actor: Person, at: datetime) -> Election:
    """Give up an election that was not held yet.

    :raises ReasonMissing: no reason
    """
    RUN_ELECTION.require(actor, election, at=at)
    if not reason.strip():
        raise ReasonMissing
    ELECTION_FLOW.advance(election, "cancel", cancelled_reason=reason.strip())
    record(Draft(ELECTION_CANCELLED, at, actor, body=election.body_id, source=election))
    return election


def refuse_unelectable(body: PartyOrg, person: Person, day: date) -> None:
    """Refuse somebody whom the members of `body` cannot elect on `day`.

    :raises NotElectable: with the reason (PE-08)
    """
    if electors_of(body, day).filter(pk=person.pk).exists():
        return
    raise NotElectable(name=person.name, why=_(_why_not(body, person, day)))


def _why_not(body: PartyOrg, person: Person, day: date) -> str:
    if tree_of(body.kind) != BodyTree.PARTY:
        return N_("不是本组织的会员、团员")
    status = status_on(person, day)
    if status == PoliticalStatus.PROBATIONARY_MEMBER:
        return N_("是预备党员")
    if status != PoliticalStatus.FULL_MEMBER:
        return N_("不是正式党员")
    return N_("组织关系不在这里") if may_vote(person, day) else N_("表决权、被选举权中止")


def _duties_of(contest: Contest) -> tuple[PostRole, ...]:
    tree = tree_of(contest.election.body.kind)
    return DUTIES[tree] if contest.role == SEAT_ROLES[tree] else ()


def _refuse_early(body: PartyOrg, planned_on: date) -> None:
    term = open_term(body)
    months = figures_in_force().remind_months
    if term is not None and planned_on < add_months(term.ends_on, -months):
        raise EarlyNeedsApproval(ends_on=term.ends_on, months=months)


def _refuse_without_vacancy(body: PartyOrg, wanted: Mapping[PostRole, int], day: date) -> None:
    [head] = head_states([body], day)
    role = HEAD_ROLES[tree_of(body.kind)]
    if role in wanted and head.post is not None and not head.is_acting:
        raise NoVacancy(name=head.post.person.name, role=_(str(role.label)))


def _refuse_small_congress(body: PartyOrg, day: date) -> None:
    from_count = figures_in_force().congress_from
    count = headcounts_below([body], day)[body.pk].all
    if tree_of(body.kind) == BodyTree.PARTY and count < from_count:
        raise CongressTooSmall(count=count, from_count=from_count)


def _refuse_wrong_places(body: PartyOrg, kind: ElectionKind, wanted: Mapping[PostRole, int], day: date) -> bool:
    """Refuse places that a body of this size does not have; return whether a committee elects head and deputies."""
    tree = tree_of(body.kind)
    seat, head, deputy = SEAT_ROLES[tree], HEAD_ROLES[tree], DEPUTY_ROLES[tree]
    for role in wanted:
        if role not in (seat, head, deputy):
            raise RoleNotElected(body=body.name, role=_(str(role.label)))
    for role, most in ((head, 1), (deputy, deputies_at_most(body.kind))):
        if wanted.get(role, 0) > most:
            raise TooManyHeads(role=_(str(role.label)), most=most)
    sitting = _sitting(body, day) if kind == ElectionKind.BY_ELECTION else 0
    if seat in wanted:
        size = size_of_committee(body, day)
        if size is None:
            raise CommitteeTooFewMembers(from_count=figures_in_force().committee_from)
        after = sitting + wanted[seat]
        least = size.least if kind == ElectionKind.RE_ELECTION else 1
        if not least <= after <= size.most:
            raise CommitteeSizeWrong(least=least, most=size.most, count=after, rule=size.rule or _("章程"))
    return seat in wanted or (kind == ElectionKind.BY_ELECTION and sitting > 1)


def _sitting(body: PartyOrg, day: date) -> int:
    """Return how many people sit in the body's committee outright."""
    posts = members_of_committee(body, day)
    return len({post.person_id for post in posts if post.source != PostSource.ACTING})
