"""Stations on a day: how they are manned, which duties follow (AL-15), hubs with their regions (AL-16), what is missing."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from django.db.models import QuerySet

from ronghe.domain.org.calc.stations import StationDuty, station_duties
from ronghe.domain.org.calc.thresholds import Figures
from ronghe.domain.org.enums import PARTY_MEMBERS, MembershipKind, PartyOrgKind
from ronghe.domain.org.models import AdminUnit, Membership, PartyOrg, Person, StationMode
from ronghe.domain.org.selectors.headcounts import with_status
from ronghe.domain.org.selectors.trees import units_on
from ronghe.domain.structure.selectors.figures import figures_in_force
from ronghe.kernel.db.tree import on_day


@dataclass(slots=True)
class Region:
    """A hub with the stations of its region; no hub where no region is drawn yet."""

    hub: StationMode | None
    stations: list[StationMode] = field(default_factory=list)


def modes_on(day: date) -> QuerySet[StationMode]:
    """Return how each station is manned on `day`, by name."""
    rows = StationMode.objects.filter(on_day(day)).select_related("station", "hub")
    return rows.order_by("station__name", "station_id")


def mode_of(station: AdminUnit, day: date) -> StationMode | None:
    """Return how a unit is manned as a station on `day`, `None` where it is none."""
    return modes_on(day).filter(station=station).first()


def duties_of(mode: StationMode, figures: Figures) -> tuple[StationDuty, ...]:
    """Return the duties that follow from how a station is manned (AL-15)."""
    return station_duties(mode.staffing, figures=figures)


def regions_on(actor: Person, at: datetime, day: date) -> list[Region]:
    """Return the hubs with their stations on `day`, then the stations of no region, as far as `actor` may see them."""
    modes = list(modes_on(day).filter(station__in=units_on(actor, at, day)))
    regions = {mode.station_id: Region(mode) for mode in modes if mode.is_hub}
    rest = Region(None)
    for mode in modes:
        if not mode.is_hub:
            regions.get(mode.hub_id or 0, rest).stations.append(mode)
    return [*regions.values(), *([rest] if rest.stations else [])]


def stations_missing_party_duty(day: date) -> QuerySet[AdminUnit]:
    """Return the stations with a Party duty (AL-15) and no Party member to do it on `day`, by name; a few statements.

    A member counts who works in the station or below it, or who is in a group that is attached to it or to its teams.
    """
    figures = figures_in_force()
    wanting = [
        mode.station_id for mode in modes_on(day) if StationDuty.PARTY in duties_of(mode, figures)
    ]  # fmt: skip
    people = with_status(Person.objects.filter(on_day(day), unit__isnull=False), day, "")
    working = set(people.filter(status__in=PARTY_MEMBERS).order_by().values_list("unit_id", flat=True))
    grouped = with_status(Membership.objects.filter(on_day(day), kind=MembershipKind.HOME), day)
    groups = grouped.filter(status__in=PARTY_MEMBERS, group__isnull=False).order_by().values("group_id")
    attached = PartyOrg.objects.filter(on_day(day), kind=PartyOrgKind.PARTY_GROUP, unit__isnull=False, pk__in=groups)
    manned = working | set(attached.order_by().values_list("unit_id", flat=True))
    links = AdminUnit.links().filter(on_day(day), ancestor_id__in=wanting).order_by()
    covered = {above for above, below in links.values_list("ancestor_id", "descendant_id") if below in manned}
    missing = [pk for pk in wanting if pk not in covered]
    return AdminUnit.objects.filter(pk__in=missing).select_related("parent").order_by("name", "pk")
