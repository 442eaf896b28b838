"""The bodies and units that somebody may see as they stood on a day, and nesting them; a constant number of reads."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.models import Q, QuerySet

from ronghe.domain.org.models import AdminUnit, PartyOrg, Person
from ronghe.domain.org.rules import SEE_PARTY_ORG, SEE_UNIT
from ronghe.domain.org.rules.reaches import local_day, roots, standing_of
from ronghe.kernel.access.permissions import Permission
from ronghe.kernel.db.tree import TreeNode, descendants, on_day


@dataclass(slots=True)
class Branch:
    """A node as it stood on the day asked for, with what stood below it. Counts are of the people in the node itself."""

    node: Any
    name: str
    kind: str
    count: int = 0
    formal: int = 0
    is_apart: bool = False
    """Its people only take part here and are counted at home (PO-12), so totals above leave them out."""
    children: list[Branch] = field(default_factory=list)

    @property
    def total(self) -> int:
        return self.count + sum(child.total for child in self.children if not child.is_apart)

    @property
    def total_formal(self) -> int:
        return self.formal + sum(child.total_formal for child in self.children if not child.is_apart)


def bodies_on(actor: Person, at: datetime, day: date) -> QuerySet[PartyOrg]:
    """Return the bodies that stood on `day`, as far as `actor` may see them at `at`.

    On another day than that of `at`: what stood then below the places in which the actor holds a post now.
    """
    rows = PartyOrg.objects.filter(on_day(day))
    today = local_day(at)
    if day == today:
        return SEE_PARTY_ORG.narrow(actor, rows, at=at)
    mine = roots(actor, _roles(SEE_PARTY_ORG), today, "body")
    own = Q(pk__in=standing_of(actor, today).bodies)
    return rows.filter(own | Q(pk__in=descendants(PartyOrg, mine, day=day)))


def units_on(actor: Person, at: datetime, day: date) -> QuerySet[AdminUnit]:
    """Return the units that stood on `day`, as far as `actor` may see them at `at`; on another day as with bodies."""
    rows = AdminUnit.objects.filter(on_day(day))
    today = local_day(at)
    if day == today:
        return SEE_UNIT.narrow(actor, rows, at=at)
    roles = _roles(SEE_UNIT)
    mine = roots(actor, roles, today, "unit")
    below = descendants(PartyOrg, roots(actor, roles, today, "body"), day=day)
    carrying = PartyOrg.objects.filter(pk__in=below, unit__isnull=False).order_by().values("unit_id")
    reached = Q(pk__in=descendants(AdminUnit, mine, day=day)) | Q(pk__in=descendants(AdminUnit, carrying, day=day))
    return rows.filter(reached)


def parents_on(node_model: type[TreeNode], day: date) -> dict[int, int]:
    """Return the parent of each node that had one on `day`, by id; one read."""
    links = node_model.links().filter(on_day(day), depth=1).order_by()
    return dict(links.values_list("descendant_id", "ancestor_id"))


def nested(branches: Iterable[Branch], parents: Mapping[int, int]) -> list[Branch]:
    """Hang branches below each other, keeping their order; whatever has no parent among them is a root."""
    by_key = {branch.node.pk: branch for branch in branches}
    found: list[Branch] = []
    for pk, branch in by_key.items():
        above = by_key.get(parents.get(pk, 0))
        (above.children if above is not None else found).append(branch)
    return found


def _roles(permission: Permission) -> frozenset[str]:
    return frozenset().union(*(grant.roles for grant in permission.grants))
