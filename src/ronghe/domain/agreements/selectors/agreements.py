"""Agreements as an actor may see them, and the one that binds on a day."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from ronghe.domain.agreements.enums import BINDING, AgreementKind, AgreementState
from ronghe.domain.agreements.models import Agreement, AgreementParty
from ronghe.domain.agreements.rules import SEE_AGREEMENT
from ronghe.domain.org.models import Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.projects.models import Project
from ronghe.kernel.access.listing import Listed, list_seen
from ronghe.kernel.db.tree import on_day

ORDERS = {
    sign + word: [sign + field]
    for word, field in (
        ("title", "title"), ("ends", "ends_on"), ("review", "review_on"), ("project", "project__name"),
        ("drafted", "drafted_at"),
    )
    for sign in ("", "-")
}  # fmt: skip
"""The words by which a list is sorted; the newest come first unless told."""


def agreements_seen_by(actor: Person, at: datetime) -> QuerySet[Agreement]:
    """Return the agreements that `actor` may see, by title, with project; their sides in one more statement."""
    rows = SEE_AGREEMENT.narrow(actor, Agreement.objects.all(), at=at)
    return rows.select_related("project", "supplements").prefetch_related(with_sides()).order_by("title", "pk")


def with_sides() -> Prefetch[Any]:
    """Return the read of all sides with their names, one statement for a whole list."""
    return Prefetch("parties", AgreementParty.objects.select_related("body__unit", "unit"))


def agreements_found(
    *, at: datetime, words: str = "", kind: str = "", state: str = "", project: int | None = None,
    body: int | None = None, due: bool = False,
) -> QuerySet[Agreement]:  # fmt: skip
    """Return all agreements that a filter leaves, seen or not: `words` occur in title, project or a side's name,
    `due` are those whose review is due or whose term is over.
    """
    rows = Agreement.objects.select_related("project").prefetch_related(with_sides())
    if words:
        side = AgreementParty.objects.filter(agreement=OuterRef("pk"), body__name__icontains=words)
        rows = rows.filter(Q(title__icontains=words) | Q(project__name__icontains=words) | Exists(side))
    if kind in AgreementKind.values:
        rows = rows.filter(kind=kind)
    if state in AgreementState.values:
        rows = rows.filter(state=state)
    if project is not None:
        rows = rows.filter(project_id=project)
    if body is not None:
        rows = rows.filter(Exists(AgreementParty.objects.filter(agreement=OuterRef("pk"), body_id=body)))
    if due:
        today = local_day(at)
        over = Q(review_on__lte=today) | Q(valid_until__lte=today)
        rows = rows.filter(over, state=AgreementState.IN_FORCE)
    return rows


def list_agreements(
    actor: Person, at: datetime, *, words: str = "", kind: str = "", state: str = "", project: int | None = None,
    body: int | None = None, due: bool = False, sort: str = "-drafted", page: int = 1, size: int = 50,
) -> Listed[Agreement]:  # fmt: skip
    """Return one page of the agreements that `actor` may see, filtered as `agreements_found` does, in one of `ORDERS`."""
    rows = agreements_found(at=at, words=words, kind=kind, state=state, project=project, body=body, due=due)
    order = ORDERS.get(sort, ORDERS["-drafted"])
    return list_seen(SEE_AGREEMENT, actor, rows, order_by=order, at=at, page=page, size=size)


def agreement_in_force(project: Project, day: date) -> Agreement | None:
    """Return the letter of intent that binds the project's branches on `day`, the one in force longest (SD-02).

    Its first day and its last day count; a supplement alone binds nobody.
    """
    return _in_force(project, day, AgreementKind.LETTER_OF_INTENT)


def safety_agreement_in_force(project: Project, day: date) -> Agreement | None:
    """Return the safety management agreement of the units on the project on `day` (PC-08)."""
    return _in_force(project, day, AgreementKind.SAFETY)


def _in_force(project: Project, day: date, kind: AgreementKind) -> Agreement | None:
    rows = Agreement.objects.filter(
        on_day(day), project=project, kind=kind, supplements=None, state__in=sorted(BINDING)
    )
    return rows.order_by("valid_from", "pk").first()
