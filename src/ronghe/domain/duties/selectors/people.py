"""Who may answer for a side: its people, and whoever takes part in the zone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from django.db.models import Q, QuerySet

from ronghe.domain.duties.calc.shares import SIDES
from ronghe.domain.org.models import AdminUnit, Person
from ronghe.domain.zones.enums import SIDE_OF
from ronghe.domain.zones.models import CollaborationZone
from ronghe.domain.zones.selectors import participating_units, people_of
from ronghe.domain.zones.selectors.sides import sides_by_unit
from ronghe.kernel.db.tree import descendants


def people_to_name(zone: CollaborationZone, day: date, side: str) -> QuerySet[Person]:
    """Return who may answer for `side` on `day`, by name: people of its units, its contacts, and who takes part in the zone.

    Of those who take part, whoever belongs to another side is left out.
    """
    parties = list(participating_units(zone, day))
    own = {party.unit_id for party in parties if SIDE_OF[party.role] == side}
    others = {party.unit_id for party in parties} - own
    contacts = {party.contact_id for party in parties if party.contact_id and SIDE_OF[party.role] == side}
    nearer = descendants(AdminUnit, sorted(own), day=day).filter(descendant_id__in=others)
    of_side = Q(unit_id__in=descendants(AdminUnit, sorted(own), day=day)) & ~Q(
        unit_id__in=descendants(AdminUnit, nearer, day=day)
    )
    elsewhere = Q(unit_id__in=descendants(AdminUnit, sorted(others), day=day))
    here = Q(pk__in=people_of(zone, day).order_by().values("pk")) & (~elsewhere | Q(unit=None))
    rows = Person.objects.filter(Q(pk__in=contacts) | of_side | here, valid_until=None)
    return rows.select_related("unit").order_by("name", "pk")


def people_of_sides(zone: CollaborationZone, day: date, people: Iterable[Person]) -> Mapping[int, frozenset[str]]:
    """Return for which sides each of `people` may answer, by the person's id; four statements."""
    wanted = {person.pk: person for person in people}
    if not wanted:
        return {}
    units = sides_by_unit(zone, {person.unit_id for person in wanted.values() if person.unit_id is not None}, day)
    here = set(people_of(zone, day).filter(pk__in=wanted).order_by().values_list("pk", flat=True))
    found: dict[int, set[str]] = {}
    for pk, person in wanted.items():
        own = units.get(person.unit_id or 0, ())
        found[pk] = set(own) if own else set(SIDES) if pk in here else set()
    for party in participating_units(zone, day):
        if party.contact_id in found:
            found[party.contact_id].add(SIDE_OF[party.role])
    return {pk: frozenset(sides) for pk, sides in found.items()}
