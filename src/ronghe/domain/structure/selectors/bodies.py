"""One body or unit as an actor may see it, standing or ended, with what belongs to it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from ronghe.domain.org.models import AdminUnit, PartyOrg, Person, PostHolding
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.org.selectors.trees import bodies_on, units_on
from ronghe.domain.structure.models import BodyCharter, FormerIdentity


@dataclass(frozen=True, slots=True)
class Stay:
    """Where a body or unit hung, from a day until a day."""

    parent: str
    since: date
    until: date | None


def body_seen(actor: Person, at: datetime, pk: int) -> PartyOrg | None:
    """Return the body if `actor` may see it; of an ended one its last day is asked."""
    body = PartyOrg.objects.select_related("parent", "unit").filter(pk=pk).first()
    if body is None:
        return None
    return body if bodies_on(actor, at, _last_day(body, at)).filter(pk=pk).exists() else None


def unit_seen(actor: Person, at: datetime, pk: int) -> AdminUnit | None:
    """Return the unit if `actor` may see it; of an ended one its last day is asked."""
    unit = AdminUnit.objects.select_related("parent").filter(pk=pk).first()
    if unit is None:
        return None
    return unit if units_on(actor, at, _last_day(unit, at)).filter(pk=pk).exists() else None


def _last_day(node: PartyOrg | AdminUnit, at: datetime) -> date:
    today = local_day(at)
    return today if node.valid_until is None else min(today, node.valid_until - timedelta(days=1))


def charter_of(body: PartyOrg) -> BodyCharter | None:
    """Return what a temporary, floating or covering body was founded on."""
    return BodyCharter.objects.filter(body=body).select_related("outflow", "inflow").first()


def posts_in(body: PartyOrg) -> list[PostHolding]:
    """Return the posts held in a body now, with who holds them, in the order of the roles."""
    rows = PostHolding.objects.filter(body=body, valid_until=None).select_related("person")
    return list(rows.order_by("role", "valid_from", "pk"))


def covered_units_of(body: PartyOrg) -> list[AdminUnit]:
    """Return the units that a joint or regional branch covers now, by name (PO-03)."""
    rows = body.covered_units.filter(valid_until=None).select_related("unit").order_by("unit__name", "pk")
    return [row.unit for row in rows]


def former_names(node: PartyOrg | AdminUnit) -> list[FormerIdentity]:
    """Return what a body or unit was called before, the latest first."""
    rows: list[FormerIdentity] = list(node.former_identities.order_by("-valid_until", "-pk"))
    return rows


def stays_of(node: PartyOrg | AdminUnit) -> list[Stay]:
    """Return below what a body or unit hung, the latest first."""
    links = type(node).links().filter(descendant=node, depth=1).select_related("ancestor")
    return [
        Stay(link.ancestor.name, link.valid_from, link.valid_until) for link in links.order_by("-valid_from", "-pk")
    ]  # fmt: skip
