"""项目: what an actor may see."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from ronghe.domain.org.enums import GROUP_KINDS, PARTY_KINDS
from ronghe.domain.org.models import PartyOrg, Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.projects.enums import ProjectKind, ProjectState
from ronghe.domain.projects.models import Project
from ronghe.domain.projects.rules import REGISTER_PROJECT, SEE_PROJECT
from ronghe.kernel.access.listing import Listed, list_seen

ORDERS = {
    sign + word: [sign + field]
    for word, field in (("name", "name"), ("ends", "ends_on"), ("starts", "starts_on"), ("money", "investment_yuan"))
    for sign in ("", "-")
}
"""The words by which a list is sorted."""


def projects_seen_by(actor: Person, at: datetime) -> QuerySet[Project]:
    """Return the projects that `actor` may see, by name; to be cut to one, or chosen from."""
    rows = SEE_PROJECT.narrow(actor, Project.objects.all(), at=at)
    return rows.select_related("unit", "body").order_by("name", "pk")


def projects_found(*, words: str = "", kind: str = "", state: str = "", late: bool = False, at: datetime) -> Any:
    """Return all projects that a filter leaves, seen or not: `words` occur in name, place or unit; `late` ones are past
    their planned last day and not completed.
    """
    rows = Project.objects.select_related("unit", "body")
    if words:
        rows = rows.filter(Q(name__icontains=words) | Q(place__icontains=words) | Q(unit__name__icontains=words))
    if kind in ProjectKind.values:
        rows = rows.filter(kind=kind)
    if state in ProjectState.values:
        rows = rows.filter(state=state)
    if late:
        rows = rows.filter(ends_on__lt=local_day(at), state__in=[ProjectState.PLANNED, ProjectState.UNDER_WAY])
    return rows


def list_projects(
    actor: Person, at: datetime, *, words: str = "", kind: str = "", state: str = "", late: bool = False,
    sort: str = "name", page: int = 1, size: int = 50,
) -> Listed[Project]:  # fmt: skip
    """Return one page of the projects that `actor` may see, filtered as `projects_found` does, in one of `ORDERS`."""
    rows = projects_found(words=words, kind=kind, state=state, late=late, at=at)
    return list_seen(SEE_PROJECT, actor, rows, order_by=ORDERS.get(sort, ORDERS["name"]), at=at, page=page, size=size)


def bodies_to_register_for(actor: Person, at: datetime) -> QuerySet[PartyOrg]:
    """Return the bodies that may answer for a project which `actor` registers, by name: those with a unit of their own."""
    rows = PartyOrg.objects.filter(valid_until=None, kind__in=sorted(PARTY_KINDS - GROUP_KINDS), unit__isnull=False)
    return REGISTER_PROJECT.narrow(actor, rows, at=at).select_related("unit").order_by("name", "pk")
