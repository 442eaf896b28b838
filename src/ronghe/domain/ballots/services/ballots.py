"""A secret ballot is opened, voted in, counted or voided.

Nothing here writes down who voted what, not even for a moment: a vote is added to sealed sums, and the voter's place on
the list is marked. Both are written in one transaction, and nothing in either leads to the other (docs/decisions/0012).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from django.db import transaction

from ronghe.domain.ballots.calc import urn
from ronghe.domain.ballots.calc.shown import may_show, may_show_item
from ronghe.domain.ballots.enums import BALLOT_FLOW, BallotState, VoterWay
from ronghe.domain.ballots.facts import BALLOT_CLOSED, BALLOT_OPENED, BALLOT_VOIDED, VOTERS_ADMITTED
from ronghe.domain.ballots.models import Ballot, BallotItem, BallotTally, BallotUrn, BallotVoter
from ronghe.domain.ballots.rules import OPEN_BALLOT, RUN_BALLOT
from ronghe.domain.ballots.selectors import Progress, progress_of
from ronghe.domain.ballots.services.papers import checked_papers
from ronghe.domain.org.models import PartyOrg, Person
from ronghe.kernel.errors import DomainError, NotAllowed, Stale
from ronghe.kernel.facts.record import Draft, record
from ronghe.kernel.sealed import open_text, seal_text
from ronghe.kernel.words import N_
from ronghe.kernel.workflow import StepNotAllowed

MOST_ITEMS = 60
MOST_CHOICES = 6


class BallotShapeless(DomainError):
    code = "ballot_shapeless"
    sentence = N_("请写明投票事项和选项：1 至 %(items)s 项，2 至 %(choices)s 个选项，每个不空、不重复。")
    status = 422


class TooFewVoters(DomainError):
    code = "too_few_voters"
    sentence = N_(
        "只有 %(voters)s 人投票，少于 %(least)s 人，结果一出就猜得到谁投了什么，不能无记名。请改用其他表决方式。"
    )
    status = 422


class NotOnTheList(NotAllowed):
    code = "not_on_the_list"
    sentence = N_("您不在这次投票的名单里，不能投票，也不能替别人投；有表决权的人须本人投票。")


class AlreadyVoted(DomainError):
    code = "already_voted"
    sentence = N_("您已经投过票，一人一票，投出后不能更改。")


class BallotNotOpen(DomainError):
    code = "ballot_not_open"
    sentence = N_("“%(title)s”的状态是“%(state)s”，不能再投票。")


class VotesIncomplete(DomainError):
    code = "votes_incomplete"
    sentence = N_("每一项都要选一个，共 %(items)s 项；不想表态的选“弃权”一类的选项。")
    status = 422


class NobodyVoted(DomainError):
    code = "nobody_voted"
    sentence = N_("还没有人投票，不能计票；不再投的请作废。")


class VoidReasonMissing(DomainError):
    code = "void_reason_missing"
    sentence = N_("请写明作废的原因，投票人会看到。")
    status = 422


@transaction.atomic
def open_ballot(
    *, title: str, items: Sequence[str], choices: Sequence[str], voters: Iterable[Person], actor: Person, at: datetime,
    least_shown: int = 3, body: PartyOrg | None = None, blank_choice: int | None = None,
) -> Ballot:  # fmt: skip
    """Open a secret vote of `voters` on `items`, each with the same `choices`.

    With `body` the right is asked of it; without, the caller has asked the right of its own matter. `least_shown` is 1
    only where a regulation wants the result declared whatever it is. `blank_choice` is the choice that says nothing of an
    item, from 1: who chose it is not among the `least_shown` that the item's sums need.

    :raises BallotShapeless: no items or choices, too many, empty or doubled ones
    :raises TooFewVoters: fewer voters than `least_shown`, or one alone
    """
    if body is not None:
        OPEN_BALLOT.require(actor, body, at=at)
    lines, words = [item.strip() for item in items], [choice.strip() for choice in choices]
    fits = 1 <= len(lines) <= MOST_ITEMS and 2 <= len(words) <= MOST_CHOICES and bool(title.strip())
    fits = fits and (blank_choice is None or 1 <= blank_choice <= len(words))
    if not fits or not all(lines + words) or len(set(lines)) < len(lines) or len(set(words)) < len(words):
        raise BallotShapeless(items=MOST_ITEMS, choices=MOST_CHOICES)
    people = _once(voters)
    if len(people) < max(least_shown, 2):
        raise TooFewVoters(voters=len(people), least=max(least_shown, 2))
    ballot = Ballot.objects.create(
        title=title.strip(), body=body, choices=words, least_shown=max(least_shown, 1), blank_choice=blank_choice,
        opened_by=actor, opened_at=at,
    )  # fmt: skip
    BallotItem.objects.bulk_create(
        BallotItem(ballot=ballot, number=number, title=line) for number, line in enumerate(lines, start=1)
    )
    BallotVoter.objects.bulk_create([BallotVoter(ballot=ballot, person=person) for person in people], batch_size=500)
    BallotUrn.objects.create(ballot=ballot, sealed=seal_text(urn.pack(urn.empty(len(lines), len(words)))))
    attributes = {"items": len(lines), "voters": len(people)}
    record(Draft(BALLOT_OPENED, at, actor, body=ballot.body_id, attributes=attributes, source=ballot))
    return ballot


@transaction.atomic
def admit_voters(*, ballot: Ballot, voters: Iterable[Person], actor: Person, at: datetime) -> int:
    """Put late-comers on the list of an open ballot and return how many were new.

    :raises BallotNotOpen: it is counted or void
    """
    RUN_BALLOT.require(actor, ballot, at=at)
    lock_open_ballot(ballot)
    known = set(ballot.voters.values_list("person_id", flat=True))
    new = [person for person in _once(voters) if person.pk not in known]
    if new:
        BallotVoter.objects.bulk_create([BallotVoter(ballot=ballot, person=person) for person in new], batch_size=500)
        record(Draft(VOTERS_ADMITTED, at, actor, body=ballot.body_id, attributes={"voters": len(new)}, source=ballot))
    return len(new)


@transaction.atomic
def cast_votes(*, ballot: Ballot, votes: Mapping[int, int], actor: Person, at: datetime) -> None:  # noqa: ARG001
    """Give the actor's own vote: item number → choice number, both from 1, every item once. It cannot be changed.

    No receipt comes back and nothing is recorded but that the actor has voted; `at` is taken like everywhere and not kept.

    :raises NotOnTheList: the actor does not vote here; nobody votes for somebody else (PM-15)
    :raises BallotNotOpen: it is counted or void
    :raises VotesIncomplete: an item without a choice, or a choice that is not there
    :raises AlreadyVoted: one person, one vote
    """
    fresh = _lock(ballot)
    place = BallotVoter.objects.filter(ballot=fresh, person=actor)
    if not place.exists():
        raise NotOnTheList
    _require_open(fresh)
    items = fresh.items.count()
    if not urn.is_complete(votes, items=items, choices=len(fresh.choices)):
        raise VotesIncomplete(items=items)
    if not place.filter(way=VoterWay.WAITING).update(way=VoterWay.PHONE):
        raise AlreadyVoted
    held = BallotUrn.objects.get(ballot=fresh)
    counts = urn.with_vote(urn.unpack(open_text(held.sealed), choices=len(fresh.choices)), votes)
    held.sealed = seal_text(urn.pack(counts))
    held.save(update_fields=["sealed"])


@transaction.atomic
def close_ballot(*, ballot: Ballot, actor: Person, at: datetime) -> Ballot:
    """Count an open ballot: the sums are written once, and what they were added up from is gone.

    Sums that may not be shown (`calc.shown`), of the ballot or of one item, are not written at all.

    :raises NobodyVoted: nobody has voted
    :raises PapersNotChecked: papers were handed out whose count a second person has not checked
    :raises StepNotAllowed: it is counted or void
    :raises Stale: somebody else counted or voided it a moment ago
    """
    RUN_BALLOT.require(actor, ballot, at=at)
    fresh = _lock(ballot)
    progress = progress_of(fresh)
    if fresh.state != BallotState.OPEN:
        raise Stale if BALLOT_FLOW.allows(ballot, "close") else StepNotAllowed(state=ballot.get_state_display())
    if not progress.cast:
        raise NobodyVoted
    held = BallotUrn.objects.get(ballot=fresh)
    phones = urn.unpack(open_text(held.sealed), choices=len(fresh.choices))
    papers = checked_papers(fresh) if progress.papers else urn.empty(len(phones), len(fresh.choices))
    BALLOT_FLOW.advance(
        ballot, "close", closed_at=at, voters_count=progress.voters, cast_count=progress.cast,
        paper_count=progress.papers,
    )  # fmt: skip
    shown = _shown(fresh, progress, phones, papers)
    BallotTally.objects.bulk_create(
        BallotTally(item=item, choice=choice, votes=votes)
        for item, row in zip(ballot.items.order_by("number"), urn.together(phones, papers), strict=True)
        if item.number in shown
        for choice, votes in enumerate(row, start=1)
    )
    BallotUrn.objects.filter(ballot=ballot).delete()
    attributes = {
        "items": len(phones), "voters": progress.voters, "cast": progress.cast, "papers": progress.papers,
        "is_shown": bool(shown),
    }  # fmt: skip
    record(Draft(BALLOT_CLOSED, at, actor, body=ballot.body_id, attributes=attributes, source=ballot))
    return ballot


@transaction.atomic
def void_ballot(*, ballot: Ballot, reason: str, actor: Person, at: datetime) -> Ballot:
    """Void an open ballot; the votes are gone uncounted, the reason stays.

    :raises VoidReasonMissing: no words
    :raises StepNotAllowed: it is counted or void
    :raises Stale: somebody else counted or voided it a moment ago
    """
    RUN_BALLOT.require(actor, ballot, at=at)
    if not reason.strip():
        raise VoidReasonMissing
    BALLOT_FLOW.advance(ballot, "void", closed_at=at, void_reason=reason.strip())
    BallotUrn.objects.filter(ballot=ballot).delete()
    attributes = {"voters": ballot.voters.count()}
    record(Draft(BALLOT_VOIDED, at, actor, body=ballot.body_id, attributes=attributes, source=ballot))
    return ballot


def lock_open_ballot(ballot: Ballot) -> Ballot:
    """Return the ballot, open, and hold it so until the transaction ends.

    :raises BallotNotOpen: it is counted or void
    """
    fresh = _lock(ballot)
    _require_open(fresh)
    return fresh


def _shown(ballot: Ballot, progress: Progress, phones: urn.Counts, papers: urn.Counts) -> frozenset[int]:
    """Return the numbers of the items whose sums may be shown."""
    least = ballot.least_shown
    if not may_show(phones=progress.phones, papers=progress.papers, least=least):
        return frozenset()
    return frozenset(
        number
        for number, (by_phone, by_paper) in enumerate(zip(phones, papers, strict=True), start=1)
        if may_show_item(by_phone, by_paper, blank=ballot.blank_choice, least=least)
    )


def _lock(ballot: Ballot) -> Ballot:
    return Ballot.objects.select_for_update().get(pk=ballot.pk)


def _require_open(ballot: Ballot) -> None:
    if ballot.state != BallotState.OPEN:
        raise BallotNotOpen(title=ballot.title, state=ballot.get_state_display())


def _once(voters: Iterable[Person]) -> list[Person]:
    """The list stands by name: its order tells nothing, and nobody is on it twice."""
    people = {person.pk: person for person in voters}
    return sorted(people.values(), key=lambda person: (person.name, person.pk))
