"""The sides of a project (PJ-01): the zone that serves it, the units that take part, and for which of them somebody stands."""

from __future__ import annotations

from datetime import date, datetime

from django.db.models import QuerySet

from ronghe.domain.control.rules.reaches import parties_of
from ronghe.domain.control.rules.rights import EVERY_SIDE, SEE_CONTROL
from ronghe.domain.org.models import Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.org.selectors.people import people_in
from ronghe.domain.projects.models import Project
from ronghe.domain.schedule.models import Lot
from ronghe.domain.zones.models import CollaborationZone, ParticipatingUnit
from ronghe.kernel.db.tree import on_day


def projects_controlled(actor: Person, at: datetime) -> QuerySet[Project]:
    """Return the projects whose control `actor` may see, by name: to be cut to one, or chosen from."""
    rows = SEE_CONTROL.narrow(actor, Project.objects.all(), at=at)
    return rows.select_related("unit", "body").order_by("name", "pk")


def zone_of_project(project: Project, day: date) -> CollaborationZone | None:
    """Return the zone that serves the project on `day`; the oldest where there are several."""
    rows = CollaborationZone.objects.filter(
        on_day(day, "zone_projects__"), zone_projects__project=project, body__isnull=False
    )
    return rows.select_related("body").order_by("pk").first()


def parties_of_project(project: Project, day: date) -> QuerySet[ParticipatingUnit]:
    """Return the units that take part in zones that serve the project on `day`, by unit and role."""
    rows = ParticipatingUnit.objects.filter(
        on_day(day), on_day(day, "zone__zone_projects__"), zone__zone_projects__project=project
    )
    return rows.select_related("unit", "contact", "zone").order_by("unit__name", "role", "pk")


def my_parties(actor: Person, project: Project, at: datetime) -> QuerySet[ParticipatingUnit]:
    """Return the participations in the project for which `actor` stands, by unit and role."""
    mine = parties_of(actor, EVERY_SIDE, local_day(at)).values("pk")
    return parties_of_project(project, local_day(at)).filter(pk__in=mine)


def people_of_project(project: Project, day: date) -> QuerySet[Person]:
    """Return who takes part in the zone that serves the project on `day`, by name; nobody where none does."""
    zone = zone_of_project(project, day)
    return people_in(zone.body, day) if zone is not None and zone.body is not None else Person.objects.none()


def lots_offered(project: Project) -> list[str]:
    """Return the names of the lots (标段) that the project's schedule knows, to be chosen from."""
    return list(Lot.objects.filter(schedule__project=project).order_by("name").values_list("name", flat=True))
