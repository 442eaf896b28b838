"""Requests to be let off, as an actor may see and answer them; and what may be asked for."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db.models import Count, Prefetch, QuerySet

from ronghe.domain.obligations.enums import RequestState
from ronghe.domain.obligations.models import Obligation, ObligationMove, WaiverRequest, WaiverRequestItem
from ronghe.domain.obligations.rules import ANSWER_REQUEST, SEE_REQUEST
from ronghe.domain.obligations.selectors.lists import obligations_seen_by
from ronghe.domain.org.models import Person
from ronghe.domain.zones.models import ShutDown
from ronghe.kernel.access.listing import Listed, list_seen

MOST = 200
"""Obligations that one request names at most."""


def requests_to_answer(actor: Person, at: datetime) -> QuerySet[WaiverRequest]:
    """Return the requests that wait for `actor`'s answer, the oldest first."""
    rows = ANSWER_REQUEST.narrow(actor, WaiverRequest.objects.filter(state=RequestState.ASKED), at=at)
    return rows.order_by("asked_at", "pk")


def requests_seen_by(actor: Person, at: datetime) -> QuerySet[WaiverRequest]:
    """Return the requests that `actor` may see, each with its items; to be cut to one."""
    items = WaiverRequestItem.objects.select_related("obligation__body", "obligation__version")
    items = items.order_by("obligation__due_on", "pk")
    rows = SEE_REQUEST.narrow(actor, WaiverRequest.objects.all(), at=at, walk=True)
    return rows.select_related("body", "asked_by", "answered_by").prefetch_related(Prefetch("items", queryset=items))


def list_requests(
    actor: Person, at: datetime, *, state: str = "", page: int = 1, size: int = 20
) -> Listed[WaiverRequest]:
    """Return one page of the requests that `actor` may see, the latest first, each with its `count`."""
    rows = WaiverRequest.objects.annotate(count=Count("items")).select_related("body", "asked_by", "answered_by")
    if state in RequestState.values:
        rows = rows.filter(state=state)
    return list_seen(SEE_REQUEST, actor, rows, order_by=("-asked_at",), at=at, page=page, size=size)


def askable(actor: Person, at: datetime, pks: Collection[int]) -> list[Obligation]:
    """Return those of the obligations that `actor` may see and that are neither met nor waived, earliest due first."""
    rows: Any = obligations_seen_by(actor, at).filter(pk__in=list(pks)[:MOST], is_settled=False)
    return list(rows)


def touched_by(shut_down: ShutDown, actor: Person, at: datetime) -> list[Obligation]:
    """Return what the zone's body still owes that falls due while its site is shut, earliest due first."""
    rows: Any = obligations_seen_by(actor, at).filter(
        body=shut_down.zone.body_id, is_settled=False, due_on__gte=shut_down.from_on, due_on__lt=shut_down.until_on
    )
    return list(rows[:MOST])


def moves_of(obligation: Obligation) -> QuerySet[ObligationMove]:
    """Return how the planned day was moved, oldest first."""
    rows = ObligationMove.objects.filter(
        body_id=obligation.body_id, mechanism=obligation.mechanism, occurrence=obligation.occurrence
    )
    return rows.select_related("moved_by").order_by("pk")
