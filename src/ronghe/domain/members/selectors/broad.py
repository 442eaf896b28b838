"""From old posts and trades to broad ones (大岗位、大工种), as a unit keeps the table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Exists, OuterRef, Subquery

from ronghe.domain.members.enums import BroadKind
from ronghe.domain.members.models import BroadName
from ronghe.domain.members.rules import KEEP_BROAD_NAMES
from ronghe.domain.org.models import AdminUnit, PartyOrg, Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.kernel.db.tree import on_day


@dataclass(frozen=True, slots=True)
class BroadMap:
    """Old name → broad name; what is not in the table is a broad name of its own."""

    posts: Mapping[str, str]
    trades: Mapping[str, str]

    def post(self, old: str) -> str:
        return self.posts.get(old, old)

    def trade(self, old: str) -> str:
        return self.trades.get(old, old)


def broad_of(place: AdminUnit | PartyOrg, day: date) -> BroadMap:
    """Return the table that holds in a unit, or in the unit of a body, on `day`: its own entries before those above it."""
    unit_id = place.pk if isinstance(place, AdminUnit) else unit_of_body(place, day)
    above = AdminUnit.links().filter(on_day(day), descendant_id=unit_id).order_by().values_list("ancestor_id", "depth")
    depth = dict(above)
    rows = sorted(BroadName.objects.filter(unit_id__in=depth), key=lambda row: (-depth[row.unit_id], row.pk))
    return BroadMap(
        {row.old: row.broad for row in rows if row.kind == BroadKind.POST},
        {row.old: row.broad for row in rows if row.kind == BroadKind.TRADE},
    )


def units_with_tables(actor: Person, at: datetime, most: int) -> list[AdminUnit]:
    """Return the units whose tables `actor` keeps, those with entries first, then the highest; at most so many."""
    rows = KEEP_BROAD_NAMES.narrow(actor, AdminUnit.objects.filter(valid_until=None), at=at)
    entries = Exists(BroadName.objects.filter(unit_id=OuterRef("pk")))
    above = AdminUnit.links().filter(on_day(local_day(at)), descendant_id=OuterRef("pk")).order_by("-depth")
    ordered = rows.annotate(has_entries=entries, depth=Subquery(above.values("depth")[:1]))
    return list(ordered.order_by("-has_entries", "depth", "name", "pk")[:most])


def unit_of_body(body: PartyOrg, day: date) -> int | None:
    """Return the id of the unit that the body, or the nearest one above it, stands in; `None` where none does."""
    links = PartyOrg.links().filter(on_day(day), descendant=body, ancestor__unit__isnull=False)
    nearest = links.order_by("depth", "pk").values_list("ancestor__unit_id", flat=True).first()
    return int(nearest) if nearest is not None else None
