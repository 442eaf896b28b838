"""A hand moves people: a solver's proposal is copied first, a hand's own one changes; each move can be put back."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from ronghe.domain.org.models import Person
from ronghe.domain.regrouping.calc.effects import moved, swapped
from ronghe.domain.regrouping.calc.model import Assignment, Problem
from ronghe.domain.regrouping.calc.plain import from_plain, to_plain
from ronghe.domain.regrouping.enums import ProposalSource
from ronghe.domain.regrouping.models import GroupingProposal
from ronghe.domain.regrouping.rules import DRAFT_REGROUPING
from ronghe.domain.regrouping.selectors.proposals import asked_now
from ronghe.domain.regrouping.services.drafting import next_letter, refuse_settled
from ronghe.kernel.errors import DomainError, Stale
from ronghe.kernel.words import N_


class NothingToMove(DomainError):
    code = "nothing_to_move"
    sentence = N_("方案还没有拟好，请稍候再调整。")


class NoSuchPlace(DomainError):
    code = "no_such_place"
    sentence = N_("这个方案里没有这个人，或没有这个小组。")
    status = 422


class NothingToPutBack(DomainError):
    code = "nothing_to_put_back"
    sentence = N_("没有可以放回的移动。")


@transaction.atomic
def move_person(
    *, proposal: GroupingProposal, member: int, to: int, actor: Person, at: datetime, seen: int | None = None
) -> GroupingProposal:
    """Put a person into group `to` (counted from 0) and return the proposal that holds it. `seen`: the version looked at.

    Rules may break meanwhile; submitting refuses then.

    :raises NoSuchPlace: person or group is not in the proposal
    :raises Stale: somebody else moved a person in it a moment ago
    """
    problem, grouping = _opened(proposal, actor, at)
    if member not in {one.id for one in problem.members} or to not in range(len(grouping.areas)):
        raise NoSuchPlace
    here = grouping.where.get(member)
    if here == to:
        return proposal
    return _kept(
        proposal, moved(problem, grouping, member, to), {"member": member, "from": here, "to": to}, actor, at, seen
    )


@transaction.atomic
def swap_people(
    *, proposal: GroupingProposal, member: int, other: int, actor: Person, at: datetime, seen: int | None = None
) -> GroupingProposal:
    """Let two people of different groups change places.

    :raises NoSuchPlace: one of them is in no group of the proposal, or both are in the same
    :raises Stale: somebody else moved a person in it a moment ago
    """
    problem, grouping = _opened(proposal, actor, at)
    here, there = grouping.where.get(member), grouping.where.get(other)
    if here is None or there is None or here == there:
        raise NoSuchPlace
    move = {"member": member, "from": here, "to": there, "other": other}
    return _kept(proposal, swapped(problem, grouping, member, other), move, actor, at, seen)


@transaction.atomic
def put_back(*, proposal: GroupingProposal, actor: Person, at: datetime, seen: int | None = None) -> GroupingProposal:
    """Take the last move by hand back.

    :raises NothingToPutBack: there is none
    :raises Stale: somebody else moved a person in it a moment ago
    """
    problem, grouping = _opened(proposal, actor, at)
    last = proposal.last_move
    if not proposal.is_by_hand or last is None:
        raise NothingToPutBack
    if (other := last.get("other")) is not None:
        before = swapped(problem, grouping, last["member"], other)
    elif last["from"] is None:
        where = {member: group for member, group in grouping.where.items() if member != last["member"]}
        before = replace(grouping, where=where)
    else:
        before = moved(problem, grouping, last["member"], last["from"])
    return _kept(proposal, before, None, actor, at, seen)


def _opened(proposal: GroupingProposal, actor: Person, at: datetime) -> tuple[Problem, Assignment]:
    DRAFT_REGROUPING.require(actor, proposal.regrouping, at=at)
    refuse_settled(proposal.regrouping)
    if proposal.is_searching or proposal.assignment is None:
        raise NothingToMove
    return asked_now(proposal), from_plain(Assignment, proposal.assignment)


def _kept(
    proposal: GroupingProposal, grouping: Assignment, move: dict[str, Any] | None, actor: Person, at: datetime,
    seen: int | None,
) -> GroupingProposal:  # fmt: skip
    if proposal.is_by_hand:
        version = proposal.version if seen is None else seen
        rows = GroupingProposal.objects.filter(pk=proposal.pk, version=version)
        if not rows.update(assignment=to_plain(grouping), last_move=move, version=version + 1):
            raise Stale
        proposal.refresh_from_db(fields=["assignment", "last_move", "version"])
        return proposal
    try:
        with transaction.atomic():
            return GroupingProposal.objects.create(
                regrouping=proposal.regrouping,
                letter=next_letter(proposal.regrouping),
                source=ProposalSource.HAND,
                parent=proposal,
                problem=proposal.problem,
                groups_today=proposal.groups_today,
                assignment=to_plain(grouping),
                last_move=move,
                created_by=actor,
                created_at=at,
            )
    except IntegrityError as error:
        raise Stale from error
