"""How many zones there are, of whom, and how they grew (SD-19): live counts over what an actor may see."""

from __future__ import annotations

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


def zone_figures(actor: Person, at: datetime, day: date) -> ZoneFigures:
    """Return the figures over what `actor` may see; three statements.

    A key project is one under way or coming that is hard or very hard.
    """
    zones = SEE_ZONE.narrow(actor, CollaborationZone.objects.exclude(state=ZoneState.WITHDRAWN), at=at)
    counted = zones.order_by().aggregate(all=Count("pk"), running=Count("pk", filter=Q(state__in=LIVING)))
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
        counted["all"], counted["running"], units["hosts"], units["teams"], covered["served"], covered["all"]
    )


def growth_of(actor: Person, at: datetime) -> list[tuple[date, int]]:
    """Return month and number of zones started up to its end, for each month in which one started; one statement."""
    zones = SEE_ZONE.narrow(actor, CollaborationZone.objects.filter(started_on__isnull=False), at=at)
    months = zones.order_by().annotate(month=TruncMonth("started_on")).values_list("month")
    found, total = [], 0
    for month, count in months.annotate(count=Count("pk")).order_by("month"):
        total += count
        found.append((month, total))
    return found
