"""无记名投票: ballots as an actor may see them, how far a vote is, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from ronghe.domain.ballots.enums import BallotState, VoterWay
from ronghe.domain.ballots.models import Ballot, BallotItem, BallotTally, BallotVoter
from ronghe.domain.ballots.rules import SEE_BALLOT
from ronghe.domain.org.models import Person
from ronghe.kernel.access.listing import Listed, list_seen
from ronghe.kernel.errors import DomainError
from ronghe.kernel.words import N_


class ResultNotYet(DomainError):
    code = "result_not_yet"
    sentence = N_("“%(title)s”的状态是“%(state)s”，没有结果可看；计票后公布。")


@dataclass(frozen=True, slots=True)
class ItemResult:
    """What came of one item: `counts` in the order of the choices, all `None` where they are hidden."""

    number: int
    title: str
    counts: tuple[int | None, ...]

    @property
    def is_hidden(self) -> bool:
        """Too few said anything of it: nothing was kept."""
        return all(votes is None for votes in self.counts)

    @property
    def total(self) -> int | None:
        """Votes that chose something; papers that were invalid are not among them."""
        shown = [votes for votes in self.counts if votes is not None]
        return sum(shown) if len(shown) == len(self.counts) else None


@dataclass(frozen=True, slots=True)
class Result:
    """What came of a ballot. `cast` counts people, phones and papers together; `is_hidden` when too few voted."""

    ballot: Ballot
    choices: tuple[str, ...]
    voters: int
    cast: int
    papers: int
    is_hidden: bool
    items: tuple[ItemResult, ...]


@dataclass(frozen=True, slots=True)
class Progress:
    """How many are on the list, how many have voted on the phone, and how many hold a paper."""

    voters: int
    phones: int
    papers: int

    @property
    def cast(self) -> int:
        return self.phones + self.papers


def ballots_seen_by(actor: Person, at: datetime) -> QuerySet[Ballot]:
    """Return the ballots that `actor` may see, the latest first: to be cut to one or a few."""
    rows = SEE_BALLOT.narrow(actor, Ballot.objects.all(), at=at, walk=True)
    return rows.select_related("body", "opened_by").order_by("-opened_at", "-pk")


def list_ballots(
    actor: Person, at: datetime, *, filters: Q | None = None, page: int = 1, size: int = 50
) -> Listed[Ballot]:
    """Return one page of the ballots that `actor` may see, the latest first; each says whether it waits for the actor."""
    rows = Ballot.objects.filter(filters or Q()).select_related("body", "opened_by")
    rows = rows.annotate(
        waits_for_me=Exists(waiting_for(actor).filter(ballot=OuterRef("pk"))), list_size=Count("voters", distinct=True)
    )
    return list_seen(SEE_BALLOT, actor, rows, order_by=("-opened_at", "-pk"), at=at, page=page, size=size)


def waiting_for(person: Person) -> QuerySet[BallotVoter]:
    """Return the places on lists of open ballots where `person` has not voted yet."""
    return BallotVoter.objects.filter(person=person, way=VoterWay.WAITING, ballot__state=BallotState.OPEN)


def ballots_to_vote(person: Person, at: datetime) -> QuerySet[Ballot]:  # noqa: ARG001 - as every inbox is asked
    """Return the open ballots that wait for the vote of `person`, the oldest first."""
    return Ballot.objects.filter(pk__in=waiting_for(person).order_by().values("ballot_id")).order_by("opened_at", "pk")


def items_of(ballot: Ballot) -> list[BallotItem]:
    """Return what is voted on, in its order."""
    return list(ballot.items.order_by("number"))


def progress_of(ballot: Ballot) -> Progress:
    """Return how far the vote is, in one read."""
    counted = dict(ballot.voters.order_by().values_list("way").annotate(n=Count("pk")))
    return Progress(sum(counted.values()), counted.get(VoterWay.PHONE, 0), counted.get(VoterWay.PAPER, 0))


def voters_on(ballot: Ballot) -> QuerySet[BallotVoter]:
    """Return the list of voters by name, each with whether and how the vote was given."""
    return ballot.voters.select_related("person", "person__unit").order_by("person__name", "person_id")


def result_of(ballot: Ballot) -> Result:
    """Return what came of a counted ballot, by item and choice; sums of too few votes are hidden, they were not kept.

    :raises ResultNotYet: it is not counted, or void
    """
    if ballot.state != BallotState.CLOSED:
        raise ResultNotYet(title=ballot.title, state=ballot.get_state_display())
    rows = BallotTally.objects.filter(item__ballot=ballot).order_by("item__number", "choice")
    kept: dict[int, dict[int, int]] = {}
    for item_id, choice, votes in rows.values_list("item_id", "choice", "votes"):
        kept.setdefault(item_id, {})[choice] = votes
    places = range(1, len(ballot.choices) + 1)
    items = tuple(
        ItemResult(item.number, item.title, tuple(kept.get(item.pk, {}).get(place) for place in places))
        for item in items_of(ballot)
    )
    return Result(
        ballot, tuple(ballot.choices), ballot.voters_count or 0, ballot.cast_count or 0, ballot.paper_count or 0,
        is_hidden=not kept, items=items,
    )  # fmt: skip
