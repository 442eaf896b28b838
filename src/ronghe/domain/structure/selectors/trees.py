"""The three trees and the units as they stood on a day: names, kinds, places and counts of that day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db.models import Count

from ronghe.domain.org.enums import (
    LEAGUE_KINDS,
    PARTY_KINDS,
    PARTY_MEMBERS,
    UNION_KINDS,
    WORKING_KINDS,
    BodyTree,
    MembershipKind,
    PartyOrgKind,
    PoliticalStatus,
    UnitKind,
)
from ronghe.domain.org.models import AdminUnit, Membership, PartyOrg, Person
from ronghe.domain.org.selectors.headcounts import Headcount, with_status
from ronghe.domain.org.selectors.trees import Branch, bodies_on, nested, parents_on, units_on
from ronghe.domain.structure.models import FormerIdentity
from ronghe.kernel.db.tree import on_day

KINDS_OF = {BodyTree.PARTY: PARTY_KINDS, BodyTree.UNION: UNION_KINDS, BodyTree.LEAGUE: LEAGUE_KINDS}
MEMBERS_OF = {
    BodyTree.PARTY: MembershipKind.HOME,
    BodyTree.UNION: MembershipKind.UNION,
    BodyTree.LEAGUE: MembershipKind.LEAGUE,
}
_PLACE_OF_KIND = {kind: place for kinds in (PartyOrgKind, UnitKind) for place, kind in enumerate(kinds.values)}


def body_tree(actor: Person, at: datetime, *, day: date, tree: BodyTree = BodyTree.PARTY) -> list[Branch]:
    """Return the bodies of a tree as they stood on `day`, nested, as far as `actor` may see them.

    A group's people are counted in the group and in nothing above it a second time: `count` of a branch with groups is
    of those who are in none of them.
    """
    rows = list(bodies_on(actor, at, day).filter(kind__in=KINDS_OF[tree]))
    counts = _counts(rows, day, tree)
    known = former_identities("body", day)
    branches = [_branch(row, known, counts.get(row.pk)) for row in rows]
    return nested(sorted(branches, key=_order), parents_on(PartyOrg, day))


def unit_tree(actor: Person, at: datetime, *, day: date) -> list[Branch]:
    """Return the units as they stood on `day`, nested, with the people on file in each; as far as `actor` may see them."""
    rows = list(units_on(actor, at, day))
    people = Person.objects.filter(on_day(day), unit__isnull=False).order_by()
    counts = {pk: Headcount(0, n) for pk, n in people.values_list("unit_id").annotate(n=Count("pk"))}
    known = former_identities("unit", day)
    branches = [_branch(row, known, counts.get(row.pk)) for row in rows]
    return nested(sorted(branches, key=_order), parents_on(AdminUnit, day))


def former_identities(place: str, day: date) -> dict[int, tuple[str, str]]:
    """Return name and kind on `day` of what was called otherwise then, by id; `place` is "body" or "unit"."""
    rows = FormerIdentity.objects.filter(on_day(day), **{f"{place}__isnull": False}).order_by()
    return {pk: (name, kind) for pk, name, kind in rows.values_list(f"{place}_id", "name", "kind")}


def body_as_of(body: PartyOrg, day: date) -> tuple[str, str]:
    """Return what a body was called and which kind it was on `day`."""
    former = body.former_identities.filter(on_day(day)).order_by("pk").first()
    return (former.name, former.kind) if former is not None else (body.name, body.kind)


def _branch(node: Any, known: dict[int, tuple[str, str]], headcount: Headcount | None) -> Branch:
    name, kind = known.get(node.pk, (node.name, node.kind))
    count = headcount or Headcount()
    return Branch(node, name, kind, count.all, count.formal, is_apart=kind in WORKING_KINDS)


def _order(branch: Branch) -> tuple[int, str, int]:
    return (_PLACE_OF_KIND.get(branch.kind, 0), branch.name, branch.node.pk)


def _counts(rows: Sequence[PartyOrg], day: date, tree: BodyTree) -> dict[int, Headcount]:
    """Return the headcounts of each body, or of the group in which its members stand; one grouped statement.

    In a working body of the Party tree those who take part are counted, who are counted at home as well.
    """
    shown = {row.pk: row.kind for row in rows}
    kinds = [MEMBERS_OF[tree], MembershipKind.PARTICIPATION] if tree == BodyTree.PARTY else [MEMBERS_OF[tree]]
    members = with_status(Membership.objects.filter(on_day(day), kind__in=kinds), day).order_by()
    if tree == BodyTree.PARTY:
        members = members.filter(status__in=PARTY_MEMBERS)
    counts: dict[int, Headcount] = defaultdict(Headcount)
    grouped = members.values_list("kind", "body_id", "group_id", "status").annotate(n=Count("person_id", distinct=True))
    for kind, body, group, status, number in grouped:
        if kind == MembershipKind.PARTICIPATION and shown.get(body) not in WORKING_KINDS:
            continue
        formal = number if status == PoliticalStatus.FULL_MEMBER else 0
        counts[group if group in shown else body] += Headcount(formal, number)
    return counts
