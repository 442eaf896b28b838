"""Who is asked, and in which groups what came of it is shown."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db.models import Q, QuerySet

from ronghe.domain.org.models import AdminUnit, Membership, PartyOrg, Person
from ronghe.domain.org.selectors.people import people_in
from ronghe.domain.surveys.enums import Audience
from ronghe.domain.surveys.models import Survey
from ronghe.kernel.db.tree import descendants, on_day
from ronghe.kernel.words import _


def audience_of(survey: Survey, day: date) -> QuerySet[Person]:
    """Return who would be asked on `day`, by name: Party members and others alike."""
    if survey.audience == Audience.BODY:
        return people_in(survey.body, day)
    rows = Person.objects.filter(valid_until=None).select_related("unit").order_by("name", "pk")
    if survey.audience == Audience.LIST:
        return rows.filter(pk__in=survey.people.order_by().values("person_id"))
    bodies = descendants(PartyOrg, [survey.body_id], day=day)
    inside = Membership.objects.filter(on_day(day), body_id__in=bodies).order_by().values("person_id")
    found = Q(pk__in=inside)
    if survey.body.unit_id is not None:
        found |= Q(unit_id__in=descendants(AdminUnit, [survey.body.unit_id], day=day))
    return rows.filter(found)


def grouped(body: PartyOrg, people: Iterable[Person], day: date) -> list[tuple[AdminUnit | None, str, list[int]]]:
    """Return the units right below that of `body`, each with the ids of its people; by name, people without one last.

    Whoever stands outside of it, or right in it, is grouped by the own unit.
    """
    listed = list(people)
    units = {person.unit_id for person in listed if person.unit_id is not None}
    near: dict[int, int] = {}
    if body.unit_id is not None:
        below = descendants(AdminUnit, [body.unit_id], day=day)
        first = AdminUnit.objects.filter(parent=body.unit_id, pk__in=below).order_by().values("pk")
        links = AdminUnit.links().filter(on_day(day), ancestor_id__in=first, descendant_id__in=units)
        near = dict(links.order_by("depth").values_list("descendant_id", "ancestor_id"))
    found: dict[int | None, list[int]] = {}
    for person in listed:
        key = None if person.unit_id is None else near.get(person.unit_id, person.unit_id)
        found.setdefault(key, []).append(person.pk)
    named = AdminUnit.objects.in_bulk([key for key in found if key is not None])
    rows = [(named.get(key) if key is not None else None, ids) for key, ids in found.items()]
    rows.sort(key=lambda row: (row[0] is None, row[0].name if row[0] is not None else "", row[1]))
    return [(unit, unit.name if unit is not None else _("未分单位"), ids) for unit, ids in rows]
