"""项目: what an actor may see."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet

from ronghe.domain.org.models import Person
from ronghe.domain.projects.models import Project
from ronghe.domain.projects.rules import SEE_PROJECT
from ronghe.kernel.access.listing import Listed, list_seen


def projects_seen_by(actor: Person, at: datetime) -> QuerySet[Project]:
    """Return the projects that `actor` may see, by name; to be cut to one, or chosen from."""
    rows = SEE_PROJECT.narrow(actor, Project.objects.all(), at=at)
    return rows.select_related("unit", "body").order_by("name", "pk")


def list_projects(
    actor: Person, at: datetime, *, words: str = "", kind: str = "", state: str = "", page: int = 1, size: int = 50
) -> Listed[Project]:
    """Return one page of the projects that `actor` may see, by name; `words` occur in the name."""
    rows = Project.objects.select_related("unit", "body")
    if words:
        rows = rows.filter(name__icontains=words)
    if kind:
        rows = rows.filter(kind=kind)
    if state:
        rows = rows.filter(state=state)
    return list_seen(SEE_PROJECT, actor, rows, order_by=("name",), at=at, page=page, size=size)
