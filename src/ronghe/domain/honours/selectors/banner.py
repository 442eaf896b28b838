"""流动红旗: rounds, who rates, which offices may be rated, and where the banner hangs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Q, QuerySet

from ronghe.domain.ballots.selectors import Progress, progress_of, waiting_for
from ronghe.domain.honours.enums import RoundState
from ronghe.domain.honours.models import BannerOffice, BannerRound
from ronghe.domain.honours.rules import SEE_ROUND
from ronghe.domain.org.enums import PARTY_KINDS, PostRole
from ronghe.domain.org.models import Membership, PartyOrg, Person, PostHolding
from ronghe.kernel.access.listing import Listed, list_seen
from ronghe.kernel.db.tree import descendants, on_day

VOICES = frozenset(
    {PostRole.SECRETARY, PostRole.DEPUTY_SECRETARY, PostRole.GROUP_LEADER, PostRole.TEAM_LEADER,
     PostRole.UNION_GROUP_LEADER}
)  # fmt: skip
"""Who speaks for the grassroots where not everybody is asked."""


def rounds_seen_by(actor: Person, at: datetime) -> QuerySet[BannerRound]:
    rows = SEE_ROUND.narrow(actor, BannerRound.objects.all(), at=at, walk=True)
    return rows.select_related("body", "winner__body", "ballot", "opened_by").order_by("-opened_at", "-pk")


def list_rounds(
    actor: Person, at: datetime, *, filters: Q | None = None, page: int = 1, size: int = 20
) -> Listed[BannerRound]:
    rows = BannerRound.objects.filter(filters or Q()).select_related("body", "winner__body")
    return list_seen(SEE_ROUND, actor, rows, order_by=("-opened_at",), at=at, page=page, size=size)


@dataclass(frozen=True, slots=True)
class Hanging:
    """Where the banner of a body hangs by its latest award, since when, and for how many awards on end."""

    round: BannerRound
    since: datetime | None
    times: int


def hanging_now(actor: Person, at: datetime) -> list[Hanging]:
    """Return where each banner hangs and for how long; a quarter without a result takes it from nobody."""
    awarded: dict[int, list[BannerRound]] = {}
    rows = rounds_seen_by(actor, at).filter(state=RoundState.AWARDED)
    for row in rows.order_by("body__name", "-year", "-quarter", "-pk"):
        awarded.setdefault(row.body_id, []).append(row)
    found = []
    for latest, *earlier in awarded.values():
        held = [latest]
        for row in earlier:
            if row.winner is None or latest.winner is None or row.winner.body_id != latest.winner.body_id:
                break
            held.append(row)
        found.append(Hanging(latest, held[-1].ended_at, len(held)))
    return found


@dataclass(frozen=True, slots=True)
class Trend:
    """The means of the offices over the last counted quarters, oldest first; `None` where an office has none."""

    rounds: tuple[BannerRound, ...]
    lines: tuple[tuple[str, tuple[Decimal | None, ...]], ...]


def trend_of(body: PartyOrg, *, most: int = 6) -> Trend:
    """Return how the offices of a body were rated in its last `most` counted quarters: two reads."""
    counted = BannerRound.objects.filter(
        body=body, state__in=(RoundState.AWARDED, RoundState.TIED, RoundState.NO_RESULT)
    )
    rounds = list(counted.order_by("-year", "-quarter", "-pk")[:most])[::-1]
    means: dict[str, dict[int, Decimal | None]] = {}
    for row in BannerOffice.objects.filter(round__in=rounds).select_related("body").order_by("body__name", "pk"):
        means.setdefault(row.body.name, {})[row.round_id] = row.mean
    lines = tuple((name, tuple(own.get(row.pk) for row in rounds)) for name, own in means.items())
    return Trend(tuple(rounds), lines)


def rounds_to_rate(person: Person, at: datetime) -> QuerySet[BannerRound]:  # noqa: ARG001 - as every inbox is asked
    """Return the rounds that wait for the ratings of `person`, the oldest first."""
    waiting = waiting_for(person).order_by().values("ballot_id")
    return BannerRound.objects.filter(state=RoundState.RATING, ballot__in=waiting).order_by("opened_at", "pk")


def waits_for(found: BannerRound, person: Person) -> bool:
    """Tell whether the round waits for the ratings of `person`."""
    return found.state == RoundState.RATING and waiting_for(person).filter(ballot=found.ballot_id).exists()


def offices_of(found: BannerRound) -> list[BannerOffice]:
    """Return the offices, those rated best first once they are; else in their order."""
    rows = list(found.offices.select_related("body").order_by("place"))
    return sorted(rows, key=lambda row: (row.mean is None, -(row.mean or 0), row.place))


def offices_offered(body: PartyOrg, day: date) -> QuerySet[PartyOrg]:
    """Return the bodies right below that may be rated as offices, by name."""
    return PartyOrg.objects.filter(on_day(day), parent=body, kind__in=PARTY_KINDS).order_by("name", "pk")


def raters_of(body: PartyOrg, offices: list[PartyOrg], day: date, *, everybody: bool) -> list[Person]:
    """Return who rates: of the bodies below that are no offices, everybody or those who speak for them; nobody of an office."""
    rated = descendants(PartyOrg, [office.pk for office in offices], day=day)
    of_offices = Membership.objects.filter(on_day(day), body__in=rated).order_by().values("person_id")
    in_offices = PostHolding.objects.held_on(day).filter(body__in=rated).order_by().values("person_id")
    below = PartyOrg.objects.filter(pk__in=descendants(PartyOrg, [body.pk], day=day)).exclude(pk=body.pk)
    below = below.exclude(pk__in=rated)
    if everybody:
        found: QuerySet[Any] = Membership.objects.filter(on_day(day), body__in=below.order_by().values("pk")).order_by()
    else:
        held = PostHolding.objects.held_on(day).filter(role__in=VOICES).order_by()
        units = below.filter(unit__isnull=False).order_by().values("unit_id")
        found = held.filter(Q(body__in=below.order_by().values("pk")) | Q(unit__in=units))
    people = Person.objects.filter(on_day(day), pk__in=found.values("person_id"))
    people = people.exclude(pk__in=of_offices).exclude(pk__in=in_offices)
    return list(people.order_by("pk"))


def rating_progress(found: BannerRound) -> Progress | None:
    return progress_of(found.ballot) if found.ballot is not None else None
