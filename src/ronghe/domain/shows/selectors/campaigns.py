"""三亮四比一创建 of a body on one page: its contests of a quarter, its branches' promises, and what it creates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet

from ronghe.domain.contests.enums import ContestState
from ronghe.domain.contests.models import Contest
from ronghe.domain.contests.selectors.contests import Standings, standings_of
from ronghe.domain.org.models import PartyOrg, Person
from ronghe.domain.shows.calc.ratio import Ratio
from ronghe.domain.shows.models import ShowCompeteCampaign
from ronghe.domain.shows.rules import OPEN_CAMPAIGN, SEE_CAMPAIGN
from ronghe.domain.shows.selectors.wall import ratios_by_body
from ronghe.kernel.access.listing import Listed, list_seen
from ronghe.kernel.calendar.periods import Period, PeriodKind, period_around, read_period
from ronghe.kernel.db.tree import descendants, on_day
from ronghe.kernel.errors import DomainError

MOST_CONTESTS = 4
"""On one page; the others are in the list of contests."""
MOST_QUARTERS = 12


@dataclass(frozen=True, slots=True)
class BodyRatio:
    body: PartyOrg
    ratio: Ratio


@dataclass(frozen=True, slots=True)
class CampaignQuarter:
    """How a campaign stands in a quarter: the standings of its contests, and promises that were judged in it."""

    campaign: ShowCompeteCampaign
    quarter: Period
    contests: Sequence[tuple[Contest, Standings]]
    branches: Sequence[BodyRatio]
    ratio: Ratio


def campaigns_seen_by(actor: Person, at: datetime) -> QuerySet[ShowCompeteCampaign]:
    rows = SEE_CAMPAIGN.narrow(actor, ShowCompeteCampaign.objects.all(), at=at, walk=True)
    return rows.select_related("body", "opened_by").order_by("-opened_at", "-pk")


def list_campaigns(
    actor: Person, at: datetime, *, page: int = 1, size: int = 20
) -> Listed[ShowCompeteCampaign]:  # fmt: skip
    rows = ShowCompeteCampaign.objects.select_related("body")
    return list_seen(SEE_CAMPAIGN, actor, rows, order_by=("-opened_at",), at=at, page=page, size=size)


def bodies_to_open_for(actor: Person, at: datetime, day: date) -> QuerySet[PartyOrg]:
    """Return the bodies for which `actor` may open a campaign, those without one, by name."""
    rows = PartyOrg.objects.filter(on_day(day)).exclude(
        pk__in=ShowCompeteCampaign.objects.filter(ends_on=None).order_by().values("body_id")
    )
    return OPEN_CAMPAIGN.narrow(actor, rows, at=at).order_by("name", "pk")


def fourth_of(body: PartyOrg, day: date) -> str:
    """Return what the body, or the nearest above it, compares fourth; "" where nobody said (PP-09)."""
    depth = dict(
        PartyOrg.links().filter(on_day(day), descendant_id=body.pk).values_list("ancestor_id", "depth")
    )  # fmt: skip
    rows = ShowCompeteCampaign.objects.filter(body__in=depth, ends_on=None).order_by("pk")
    nearest = sorted(rows, key=lambda row: depth[row.body_id])
    return nearest[0].fourth if nearest else ""


def quarters_of(campaign: ShowCompeteCampaign, day: date) -> list[Period]:
    """Return the quarters in which the campaign ran, the latest first, not more than three years of them."""
    current = period_around(min(day, campaign.ends_on or day), PeriodKind.QUARTER)
    found = [current]
    while found[-1].span.from_on > campaign.starts_on and len(found) < MOST_QUARTERS:
        found.append(found[-1].previous())
    return found


def asked_quarter(campaign: ShowCompeteCampaign, day: date, text: str) -> Period:
    """Return the quarter that was asked for, or the latest one."""
    known = quarters_of(campaign, day)
    try:
        wanted = read_period(text) if text else known[0]
    except DomainError:
        return known[0]
    return wanted if wanted in known else known[0]


def campaign_in(campaign: ShowCompeteCampaign, quarter: Period) -> CampaignQuarter:
    """Return how a campaign stands in a quarter; a constant number of statements for each of its few contests."""
    span = quarter.span
    rows = Contest.objects.filter(
        body=campaign.body_id, starts_on__lt=span.until_on, ends_on__gte=span.from_on
    ).exclude(state=ContestState.CALLED_OFF)  # fmt: skip
    contests = list(rows.select_related("body", "title").order_by("-starts_on", "-pk")[:MOST_CONTESTS])
    below = PartyOrg.objects.filter(pk__in=descendants(PartyOrg, [campaign.body_id], day=span.last_on))
    bodies = list(below.order_by("name", "pk"))
    from_at, until_at = span.moments()
    found = ratios_by_body([body.pk for body in bodies], from_at, until_at)
    branches = [BodyRatio(body, found[body.pk]) for body in bodies if body.pk in found]
    return CampaignQuarter(
        campaign, quarter, [(one, standings_of(one)) for one in contests], branches,
        sum((one.ratio for one in branches), Ratio()),
    )  # fmt: skip
