"""Findings as an actor may see them: lists, those of boards, and whose effect is to be looked at."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from django.db.models import F, Q, QuerySet

from ronghe.domain.inspections.rules import FINDING, LOOK_AT_EFFECT, RAISE_FINDING
from ronghe.domain.items.models import WorkItem
from ronghe.domain.items.rules import SEE_ITEM
from ronghe.domain.items.selectors import SOONEST
from ronghe.domain.org.models import PartyOrg, Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.kernel.access.listing import Listed, list_seen

JOINED = ("owner", "body", "zone", "raised_by", "inspection_finding__inspection")


def list_findings(
    actor: Person, at: datetime, *, filters: Q | None = None, order_by: Sequence[Any] = (SOONEST,), page: int = 1,
    size: int = 20,
) -> Listed[WorkItem]:  # fmt: skip
    """Return one page of the findings that `actor` may see; two statements."""
    rows = WorkItem.objects.filter(filters or Q(), kind=FINDING.id).select_related(*JOINED)
    return list_seen(SEE_ITEM, actor, rows, order_by=order_by, at=at, page=page, size=size)


def findings_seen_by(actor: Person, at: datetime) -> QuerySet[WorkItem]:
    """Return the findings that `actor` may see, the newest first."""
    rows = SEE_ITEM.narrow(actor, WorkItem.objects.filter(kind=FINDING.id), at=at, walk=True)
    return rows.select_related(*JOINED).order_by("-raised_at", "-pk")


def findings_on_boards(actor: Person, at: datetime, subjects: Collection[int]) -> dict[tuple[int, str], list[WorkItem]]:
    """Return the findings that `actor` may see by what an appraisal scored and its board, the newest first; one statement.

    Closed ones stand last: what was done about a board is read beside what became of it.
    """
    rows = SEE_ITEM.narrow(
        actor, WorkItem.objects.filter(kind=FINDING.id, inspection_finding__subject__in=list(subjects)), at=at, walk=True
    )  # fmt: skip
    ordered = rows.exclude(inspection_finding__board="").exclude(state="dismissed").select_related(*JOINED)
    found: dict[tuple[int, str], list[WorkItem]] = {}
    for item in ordered.order_by(F("closed_at").asc(nulls_first=True), "-raised_at", "-pk"):
        own: Any = item.inspection_finding
        found.setdefault((own.subject, own.board), []).append(item)
    return found


def effects_to_look_at(actor: Person, at: datetime) -> QuerySet[WorkItem]:
    """Return the findings that were carried out and whose day has come, for whoever may say whether it has worked."""
    due = WorkItem.objects.filter(
        kind=FINDING.id, state="watching", closed_at=None, inspection_finding__effect_on__lte=local_day(at)
    )
    return LOOK_AT_EFFECT.narrow(actor, due, at=at).order_by("due_at", "pk")


def bodies_to_find_in(actor: Person, at: datetime) -> QuerySet[PartyOrg]:
    """Return the bodies in which `actor` may raise a finding, by name."""
    return RAISE_FINDING.narrow(actor, PartyOrg.objects.filter(valid_until=None), at=at).order_by("name", "pk")
