"""How many zones there are, of whom, and how they grew (SD-19): live counts over what an actor may see."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Exists, OuterRef, Q
from django.db.models.functions import TruncMonth

from ronghe.domain.org.models import Person
from ronghe.domain.projects.enums import Difficulty, ProjectState
from ronghe.domain.projects.models import Project
from ronghe.domain.projects.rules import SEE_PROJECT
from ronghe.domain.zones.enums import LIVING, ParticipantRole, ZoneState
from ronghe.domain.zones.models import CollaborationZone, ParticipatingUnit, ZoneProject
from ronghe.domain.zones.rules import SEE_ZONE
from ronghe.kernel.db.tree import on_day

NOT_OURS = frozenset({ParticipantRole.HOST_SITE, ParticipantRole.OWNER})


@dataclass(frozen=True, slots=True)
class ZoneFigures:
    """`running` of `zones` work now; `hosts` and `teams` are distinct units; `covered` of `key_projects` have a zone."""

    zones: int
    running: int
    hosts: int
    teams: int
    covered: int
    key_projects: int


@dataclass(frozen=True, slots=True)
class ZoneGroups:
    """The zones that somebody sees, grouped: enough for the filter by sponsor, the counts and the growth at once."""

    rows: tuple[tuple[int, str, str, date | None, int], ...]
    """Sponsor, its name, state, month of the start, how many."""

    @property
    def sponsors(self) -> list[tuple[int, str]]:
        """The sponsors by name."""
        return sorted({(pk, name) for pk, name, *_rest in self.rows}, key=lambda one: (one[1], one[0]))

    @property
    def growth(self) -> list[tuple[date, int]]:
        """Month and number of zones started up to its end, for each month in which one started."""
        started: Counter[date] = Counter()
        for _pk, _name, _state, month, count in self.rows:
            if month is not None:
                started[month] += count
        total, found = 0, []
        for month in sorted(started):
            total += started[month]
            found.append((month, total))
        return found

    def count(self, states: Collection[str]) -> int:
        """Return how many zones are in one of the states."""
        return sum(count for *_rest, state, _month, count in self.rows if state in states)


def zone_groups(actor: Person, at: datetime) -> ZoneGroups:
    """Return the zones that `actor` may see, grouped; one statement."""
    zones = SEE_ZONE.narrow(actor, CollaborationZone.objects.all(), at=at).order_by()
    rows = zones.annotate(month=TruncMonth("started_on")).values_list("sponsor_id", "sponsor__name", "state", "month")
    return ZoneGroups(tuple(rows.annotate(count=Count("pk"))))


def zone_figures(actor: Person, at: datetime, day: date, groups: ZoneGroups | None = None) -> ZoneFigures:
    """Return the figures over what `actor` may see; two statements, and one more without the groups.

    A key project is one under way or coming that is hard or very hard.
    """
    groups = groups or zone_groups(actor, at)
    zones = SEE_ZONE.narrow(actor, CollaborationZone.objects.all(), at=at)
    living = zones.filter(state__in=LIVING).order_by().values("pk")
    units = ParticipatingUnit.objects.filter(on_day(day), zone__in=living).order_by().aggregate(
        hosts=Count("unit", distinct=True, filter=Q(role=ParticipantRole.HOST_SITE)),
        teams=Count("unit", distinct=True, filter=~Q(role__in=sorted(NOT_OURS))),
    )  # fmt: skip
    key = Project.objects.filter(
        state__in=[ProjectState.PLANNED, ProjectState.UNDER_WAY],
        difficulty__in=[Difficulty.HARD, Difficulty.VERY_HARD],
    )  # fmt: skip
    served = ZoneProject.objects.filter(on_day(day), project=OuterRef("pk"), zone__state__in=LIVING)
    projects = SEE_PROJECT.narrow(actor, key, at=at).annotate(is_served=Exists(served)).order_by()
    covered = projects.aggregate(all=Count("pk"), served=Count("pk", filter=Q(is_served=True)))
    return ZoneFigures(
        groups.count(set(ZoneState) - {ZoneState.WITHDRAWN}),
        groups.count(LIVING),
        units["hosts"],
        units["teams"],
        covered["served"],
        covered["all"],
    )
