"""Who stands on which of the four sides of a zone, and what of its sheet a side reads."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime

from ronghe.domain.org.models import AdminUnit, Person
from ronghe.domain.org.rules.reaches import local_day, standing_of
from ronghe.domain.zones.enums import SIDE_OF, SheetSide
from ronghe.domain.zones.models import CollaborationZone, ParticipatingUnit
from ronghe.domain.zones.rules import SEE_WHOLE_SHEET, parts_of
from ronghe.kernel.db.tree import on_day


def sides_by_unit(zone: CollaborationZone, units: Iterable[int], day: date) -> Mapping[int, tuple[str, ...]]:
    """Return the sides of each of `units` that takes part in the zone on `day`, or stands below one that does; two statements.

    Of two participating units above each other the nearer one counts; sides come in their order.
    """
    found: dict[int, set[str]] = defaultdict(set)
    parties = ParticipatingUnit.objects.filter(on_day(day), zone=zone).order_by("pk")
    for unit, role in parties.values_list("unit_id", "role"):
        found[unit].add(SIDE_OF[role])
    return {unit: _in_order(found[above]) for unit, above in nearest_units(found, set(units), day).items()}


def nearest_units(above: Collection[int], units: Collection[int], day: date) -> dict[int, int]:
    """Return for each of `units` the nearest of `above` that it is or stands below on `day`; one statement."""
    links = AdminUnit.links().filter(on_day(day), ancestor_id__in=above, descendant_id__in=units)
    nearest: dict[int, tuple[int, int]] = {}
    for descendant, ancestor, depth in links.order_by().values_list("descendant_id", "ancestor_id", "depth"):
        if descendant not in nearest or depth < nearest[descendant][1]:
            nearest[descendant] = (ancestor, depth)
    return {unit: ancestor for unit, (ancestor, _depth) in nearest.items()}


def sides_held(actor: Person, zone: CollaborationZone, at: datetime) -> frozenset[str]:
    """Return the sides of the zone on which `actor` stands; three statements."""
    day = local_day(at)
    bodies = set(standing_of(actor, day).bodies)
    named = {
        SIDE_OF[party.role]
        for party in parts_of(actor, day).filter(zone=zone)
        if party.contact_id == actor.pk or party.home_branch_id in bodies
    }
    if actor.unit_id is None:
        return frozenset(named)
    return frozenset(named) | frozenset(sides_by_unit(zone, [actor.unit_id], day).get(actor.unit_id, ()))


def sides_to_read(actor: Person, zone: CollaborationZone, at: datetime) -> frozenset[str] | None:
    """Return the sides whose lines `actor` reads besides the shared ones; `None` for the whole sheet."""
    return None if SEE_WHOLE_SHEET.allows(actor, zone, at=at) else sides_held(actor, zone, at)


def is_read_by(sides: Collection[str], mine: frozenset[str] | None) -> bool:
    """Tell whether a line of these `sides` is read by whom `sides_to_read` gave `mine`: the own side's, and what several share."""
    return mine is None or len(sides) > 1 or not mine.isdisjoint(sides)


def _in_order(sides: Collection[str]) -> tuple[str, ...]:
    return tuple(side.value for side in SheetSide if side in sides)
