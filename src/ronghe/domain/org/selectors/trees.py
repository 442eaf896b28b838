"""The trees as they stand on a day, with the counts that a page shows, in a constant number of reads."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Count

from ronghe.domain.org.enums import GROUP_KINDS, PARTY_MEMBERS
from ronghe.domain.org.models import AdminUnit, Membership, PartyOrg, Person
from ronghe.domain.org.rules import SEE_PARTY_ORG, SEE_UNIT
from ronghe.domain.org.rules.reaches import local_day
from ronghe.kernel.db.tree import on_day


@dataclass(slots=True)
class Branch:
    """A node with what stands below it. `count` is of the people in the node itself."""

    node: Any
    count: int = 0
    children: list[Branch] = field(default_factory=list)

    @property
    def total(self) -> int:
        return self.count + sum(child.total for child in self.children)


def party_tree(actor: Person, at: datetime) -> list[Branch]:
    """Return the Party bodies that `actor` may see, nested, with the Party members of each: two reads."""
    day = local_day(at)
    bodies = SEE_PARTY_ORG.narrow(actor, PartyOrg.objects.filter(on_day(day)), at=at).order_by("kind", "name", "pk")
    members = Membership.objects.filter(on_day(day), person__political_status__in=PARTY_MEMBERS).order_by()
    counts = Counter(dict(members.values_list("body_id").annotate(n=Count("person_id", distinct=True))))
    counts.update(
        dict(members.filter(group__isnull=False).values_list("group_id").annotate(n=Count("person_id", distinct=True)))
    )
    return _nested(list(bodies), counts)


def unit_tree(actor: Person, at: datetime) -> list[Branch]:
    """Return the units that `actor` may see, nested, with the people of each: two reads."""
    day = local_day(at)
    units = SEE_UNIT.narrow(actor, AdminUnit.objects.filter(on_day(day)), at=at).order_by("name", "pk")
    people = Person.objects.filter(on_day(day), unit__isnull=False).order_by()
    return _nested(list(units), Counter(dict(people.values_list("unit_id").annotate(n=Count("pk")))))


def groups_are_not_bodies(branches: Iterable[Branch]) -> int:
    """Return how many bodies there are; a group is not one (PO-08)."""
    return sum((b.node.kind not in GROUP_KINDS) + groups_are_not_bodies(b.children) for b in branches)


def _nested(nodes: list[Any], counts: Counter[int]) -> list[Branch]:
    branches = {node.pk: Branch(node, counts.get(node.pk, 0)) for node in nodes}
    roots: list[Branch] = []
    for node in nodes:
        above = branches.get(node.parent_id)
        (above.children if above is not None else roots).append(branches[node.pk])
    return roots
