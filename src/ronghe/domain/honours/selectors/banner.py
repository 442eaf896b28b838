"""流动红旗: rounds, who rates, which offices may be rated, and where the banner hangs."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db.models import Q, QuerySet

from ronghe.domain.ballots.selectors import Progress, progress_of
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


def banners_now(actor: Person, at: datetime) -> list[BannerRound]:
    """Return for each body that lets its offices be rated the round by which the banner hangs where it does now."""
    rows = rounds_seen_by(actor, at).filter(state=RoundState.AWARDED)
    latest: dict[int, BannerRound] = {}
    for row in rows.order_by("body__name", "-year", "-quarter", "-pk"):
        latest.setdefault(row.body_id, row)
    return list(latest.values())


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
