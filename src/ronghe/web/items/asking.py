"""What the pages of all kinds ask for: filters of a list, and where a new item belongs."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import F, Q
from django.db.models.expressions import OrderBy
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy

from ronghe.domain.items.models import WorkItem
from ronghe.domain.items.rules import ItemKind, declared_kinds
from ronghe.domain.items.selectors import SOONEST
from ronghe.domain.items.services.showing import RecordOf
from ronghe.domain.org.models import Person
from ronghe.domain.projects.models import Project
from ronghe.domain.projects.rules import SEE_PROJECT
from ronghe.domain.zones.models import CollaborationZone
from ronghe.domain.zones.rules import SEE_ZONE
from ronghe.kernel.words import _
from ronghe.web.paging import number_of

OPEN, CLOSED, ALL = "open", "closed", "all"
STATES = [(OPEN, gettext_lazy("没办结")), (CLOSED, gettext_lazy("已办结")), (ALL, gettext_lazy("全部"))]
LATEST = F("due_at").desc(nulls_last=True)
"""What has no deadline comes last, whichever way one looks; the databases alone would disagree."""
ORDERS: dict[str, list[str | OrderBy]] = {
    "due": [SOONEST], "-due": [LATEST], "raised": ["raised_at"], "-raised": ["-raised_at"], "title": ["title"],
    "-title": ["-title"],
}  # fmt: skip


def filters_of(request: HttpRequest, actor: Person, now: datetime, kind: ItemKind | None) -> Q:
    """Return the filters of the query string, alike for the page and its export; unfinished ones unless asked."""
    found = Q(kind=kind.id) if kind is not None else Q()
    asked_kind = request.GET.get("kind", "")
    if kind is None and asked_kind in declared_kinds():
        found &= Q(kind=asked_kind)
    state = request.GET.get("state", OPEN)
    if kind is not None and state in kind.state_by_id:
        found &= Q(state=state)
    elif state == CLOSED:
        found &= Q(closed_at__isnull=False)
    elif state != ALL:
        found &= Q(closed_at=None)
    if text := request.GET.get("q", "").strip():
        found &= Q(title__contains=text) | Q(owner__name__contains=text)
    if request.GET.get("mine"):
        found &= Q(owner=actor) | Q(raised_by=actor)
    if request.GET.get("overdue"):
        found &= Q(closed_at=None, due_at__lt=now)
    for name in ("body", "zone", "project", "force"):
        if (number := number_of(request.GET.get(name))) is not None:
            found &= Q(**{name: number})
    return found


def states_of(kind: ItemKind | None) -> list[tuple[str, Any]]:
    """Return the states to choose from: those of the kind, or only whether it is settled."""
    if kind is None:
        return list(STATES)
    return [(OPEN, _("没办结")), *((state.id, _(state.title)) for state in kind.states), (ALL, _("全部"))]


def belonging(request: HttpRequest, actor: Person, now: datetime) -> dict[str, Any]:
    """Return zone, project and source that the address names, as far as the actor may see them."""
    found: dict[str, Any] = {}
    if (zone := number_of(request.GET.get("zone"))) is not None:
        rows = SEE_ZONE.narrow(actor, CollaborationZone.objects.filter(pk=zone), at=now, walk=True)
        found["zone"] = rows.first()
    if (project := number_of(request.GET.get("project"))) is not None:
        found["project"] = SEE_PROJECT.narrow(actor, Project.objects.filter(pk=project), at=now, walk=True).first()
    label, colon, key = request.GET.get("source", "").partition(":")
    if colon and (number := number_of(key)) is not None and label.replace(".", "").isalpha() and len(label) <= 48:
        found["source"] = RecordOf(label, number, "")
    return {name: value for name, value in found.items() if value is not None}


def item_seen(rows: Any, pk: int) -> WorkItem:
    """Return one item of `rows` with everything that its page shows."""
    related = ("owner", "body", "zone", "project", "force", "unit", "raised_by", "settled_by", "part_of", "merged_into")
    item: WorkItem = get_object_or_404(rows.select_related(*related), pk=pk)
    return item
