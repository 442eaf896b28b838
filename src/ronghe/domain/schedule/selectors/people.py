"""Who may answer for a task: the people of the project's unit and body, of the zones that serve it and of the lots' builders."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from django.db.models import Q, QuerySet

from ronghe.domain.org.models import AdminUnit, Membership, Person
from ronghe.domain.schedule.models import Schedule
from ronghe.domain.zones.models import ParticipatingUnit
from ronghe.kernel.db.tree import descendants


def people_for(schedule: Schedule, day: date) -> QuerySet[Person]:
    """Return the people who take part in the project, by name."""
    project = schedule.project
    parts = ParticipatingUnit.objects.filter(zone__zone_projects__project=project, valid_until=None)
    units = [
        project.unit_id,
        *parts.order_by().values_list("unit_id", flat=True),
        *schedule.lots.filter(unit__isnull=False).order_by().values_list("unit_id", flat=True),
    ]
    below = descendants(AdminUnit, sorted({pk for pk in units if pk is not None}), day=day)
    bodies = Q(body_id=project.body_id) | Q(body__zone__zone_projects__project=project)
    members = Membership.objects.filter(bodies, valid_until=None).order_by().values("person_id")
    rows = Person.objects.filter(Q(unit_id__in=below) | Q(pk__in=members), valid_until=None)
    return rows.select_related("unit").order_by("name", "pk")


def people_by_name(schedule: Schedule, names: Collection[str], day: date) -> dict[str, list[Person]]:
    """Return who of them bears each of these names."""
    found: dict[str, list[Person]] = {}
    if names:
        for person in people_for(schedule, day).filter(name__in=sorted(names)):
            found.setdefault(person.name, []).append(person)
    return found


def units_for(schedule: Schedule, day: date) -> QuerySet[AdminUnit]:
    """Return the units that may build a lot: those that take part in the project's zones, and the one that runs it."""
    parts = (
        ParticipatingUnit.objects.filter(zone__zone_projects__project=schedule.project_id).order_by().values("unit_id")
    )
    known = schedule.lots.filter(unit__isnull=False).order_by().values("unit_id")
    below = descendants(AdminUnit, [schedule.project.unit_id], day=day)
    rows = AdminUnit.objects.filter(Q(pk__in=parts) | Q(pk__in=known) | Q(pk__in=below), valid_until=None)
    return rows.order_by("name", "pk")
