"""Elections as an actor may see them, and how each of their contests stands."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q, QuerySet

from ronghe.domain.elections.calc.composition import committee_size
from ronghe.domain.elections.calc.election import CandidateVotes, ElectionRound, candidates_needed
from ronghe.domain.elections.calc.figures import Size
from ronghe.domain.elections.calc.terms import add_months
from ronghe.domain.elections.enums import (
    DEPUTY_ROLES,
    HEAD_ROLES,
    RUNNING,
    SEAT_ROLES,
    CandidateStage,
    Electorate,
    RoundKind,
    elected_roles,
)
from ronghe.domain.elections.models import BallotRound, Candidate, CandidateCount, Contest, Election
from ronghe.domain.elections.rules import SEE_ELECTION, figures_in_force
from ronghe.domain.org.enums import BodyTree, MembershipKind, PostSource, tree_of
from ronghe.domain.org.models import Membership, PartyOrg, Person, PostHolding
from ronghe.domain.org.selectors.headcounts import headcounts_below
from ronghe.domain.org.selectors.voting import voters_of
from ronghe.kernel.access.listing import Listed, list_seen
from ronghe.kernel.db.tree import descendants, on_day
from ronghe.kernel.words import _

MONTHS = 12


@dataclass(frozen=True, slots=True)
class RoundView:
    """One vote with what each candidate got, the most votes first."""

    round: BallotRound
    counts: list[CandidateCount]


@dataclass(frozen=True, slots=True)
class ContestView:
    """A contest with its candidates, its votes, and what is to be done next."""

    contest: Contest
    candidates: list[Candidate]
    rounds: list[RoundView]

    @property
    def elected(self) -> list[Candidate]:
        won = {count.candidate_id for view in self.rounds for count in view.counts if count.is_elected}
        return [candidate for candidate in self.candidates if candidate.pk in won]

    @property
    def tied(self) -> list[Candidate]:
        last = self.rounds[-1].counts if self.rounds else []
        equal = {count.candidate_id for count in last if count.is_tied}
        return [candidate for candidate in self.candidates if candidate.pk in equal]

    @property
    def standing(self) -> list[Candidate]:
        """Who stands: those proposed as candidates, not those merely named."""
        return [one for one in self.candidates if one.stage != CandidateStage.NOMINATED]

    @property
    def open_seats(self) -> int:
        return self.contest.seats - len(self.elected)

    @property
    def is_head(self) -> bool:
        return self.contest.role in HEAD_ROLES.values()

    @property
    def is_committee(self) -> bool:
        return self.contest.role in SEAT_ROLES.values()

    @property
    def candidates_needed(self) -> int:
        """Return how many have to stand (PE-10: a fifth more than places in a committee)."""
        seats = self.contest.seats
        return candidates_needed(seats, figures_in_force()) if self.is_committee else seats

    @property
    def next_round(self) -> RoundKind | None:
        """Return what vote comes next; `None` once every place is taken."""
        if not self.rounds:
            return RoundKind.FIRST
        if self.tied:
            return RoundKind.TIE
        return RoundKind.REFILL if self.open_seats else None

    @property
    def on_ballot(self) -> list[Candidate]:
        """Who stands in the next vote."""
        if self.next_round == RoundKind.TIE:
            return self.tied
        won = {candidate.pk for candidate in self.elected}
        return [candidate for candidate in self.standing if candidate.pk not in won]


def elections_seen_by(actor: Person, at: datetime) -> QuerySet[Election]:
    """Return the elections that `actor` may see, the latest first: to be cut to one or a few."""
    rows = SEE_ELECTION.narrow(actor, Election.objects.all(), at=at, walk=True)
    return rows.select_related("body", "body__parent", "started_by", "approved_by", "reported_by", "filed_by").order_by(
        "-planned_on", "-pk"
    )


def list_elections(
    actor: Person, at: datetime, *, filters: Q | None = None, page: int = 1, size: int = 50
) -> Listed[Election]:
    """Return one page of the elections that `actor` may see, the latest planned first; two statements."""
    rows = Election.objects.filter(filters or Q()).select_related("body", "started_by")
    return list_seen(SEE_ELECTION, actor, rows, order_by=("-planned_on",), at=at, page=page, size=size)


def elections_of(body: PartyOrg) -> QuerySet[Election]:
    """Return the elections of a body, the latest first."""
    return body.elections.select_related("started_by").order_by("-planned_on", "-pk")


def running_election(body: PartyOrg) -> Election | None:
    """Return the election of a body that is under way."""
    return body.elections.filter(state__in=RUNNING).first()


def contests_of(election: Election) -> list[ContestView]:
    """Return the contests in the order in which they are voted on: the committee's places, deputies, the head."""
    contests = list(election.contests.order_by("pk"))
    candidates = list(
        Candidate.objects.filter(contest__in=contests).select_related("person", "person__unit").order_by("pk")
    )
    rounds = list(BallotRound.objects.filter(contest__in=contests).order_by("number", "pk"))
    counts = list(
        CandidateCount.objects.filter(round__in=rounds)
        .select_related("candidate__person")
        .order_by("-votes_for", "candidate_id")
    )
    views = [
        ContestView(
            contest,
            [one for one in candidates if one.contest_id == contest.pk],
            [RoundView(r, [c for c in counts if c.round_id == r.pk]) for r in rounds if r.contest_id == contest.pk],
        )
        for contest in contests
    ]
    return sorted(views, key=lambda view: (not view.is_committee, view.is_head, view.contest.pk))


def contest_view(contest: Contest) -> ContestView:
    """Return one contest as it stands."""
    return next(view for view in contests_of(contest.election) if view.contest.pk == contest.pk)


def electors_of(body: PartyOrg, day: date) -> QuerySet[Person]:
    """Return who elects and can be elected in `body` on `day`, by name (PE-08); of union and league, their members."""
    tree = tree_of(body.kind)
    if tree == BodyTree.PARTY:
        return voters_of(body, day)
    kind = MembershipKind.UNION if tree == BodyTree.UNION else MembershipKind.LEAGUE
    below = descendants(PartyOrg, [body.pk], day=day)
    inside = Membership.objects.filter(on_day(day), kind=kind, body_id__in=below).order_by().values("person_id")
    return Person.objects.filter(pk__in=inside).order_by("name", "pk")


def members_of_committee(body: PartyOrg, day: date) -> list[PostHolding]:
    """Return the posts that make up the body's committee on `day`."""
    rows = PostHolding.objects.filter(on_day(day), body=body, role__in=elected_roles(body.kind))
    return list(rows.select_related("person").order_by("pk"))


def entitled_in(view: ContestView, day: date) -> int | None:
    """Return how many are entitled to vote in a contest on `day`; `None` where delegates meet, whom nothing here counts."""
    contest = view.contest
    body = contest.election.body
    if contest.electorate == Electorate.CONGRESS:
        return None
    if contest.electorate == Electorate.GENERAL_MEETING:
        return electors_of(body, day).count()
    seats = next((one for one in contests_of(contest.election) if one.is_committee), None)
    if seats is not None:
        return len(seats.elected)
    return len({post.person_id for post in members_of_committee(body, day) if post.source != PostSource.ACTING})


def size_of_committee(body: PartyOrg, day: date) -> Size | None:
    """Return how large the committee of `body` is by its headcount on `day` (PE-01 to PE-03); `None` for none at all."""
    return committee_size(body.kind, headcounts_below([body], day)[body.pk].formal, figures_in_force())


def short_memberships(views: Iterable[ContestView], day: date) -> list[Person]:
    """Return the candidates for secretary who joined the Party less than a year before `day`: a warning (PE-12)."""
    limit = add_months(day, -figures_in_force().secretary_years * MONTHS)
    return [
        one.person
        for view in views
        for one in view.candidates
        if view.contest.role == HEAD_ROLES[BodyTree.PARTY]
        and one.person.joined_party_on is not None
        and one.person.joined_party_on > limit
    ]


def round_from(
    view: ContestView,
    *,
    entitled: int,
    present: int,
    issued: int,
    returned: int,
    valid: int,
    invalid: int,
    others: int,
    votes: Mapping[int, tuple[int, int, int]],
) -> ElectionRound:
    """Return the next vote of a contest with these figures, to be counted. `votes`: candidate → for, against, abstained."""
    names = {one.pk: one.person.name for one in view.on_ballot}
    cast = tuple(CandidateVotes(pk, *votes.get(pk, (0, 0, 0)), name=name) for pk, name in names.items())
    is_tie = view.next_round == RoundKind.TIE
    return ElectionRound(
        seats=view.open_seats,
        entitled=entitled,
        present=present,
        issued=issued,
        returned=returned,
        valid=valid,
        invalid=invalid,
        votes=cast,
        others=others,
        is_tie=is_tie,
    )


def roles_to_elect(body: PartyOrg) -> list[tuple[str, str]]:
    """Return the roles that a body elects, with their words: the committee's places, deputies, the head."""
    tree = tree_of(body.kind)
    roles = (SEAT_ROLES[tree], DEPUTY_ROLES[tree], HEAD_ROLES[tree])
    return [(role.value, _(str(role.label))) for role in roles]
