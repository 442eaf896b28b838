"""Obligations as an actor may see them, with their state."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Model, QuerySet

from ronghe.domain.obligations.enums import ObligationState
from ronghe.domain.obligations.models import Obligation
from ronghe.domain.obligations.rules import SEE_OBLIGATION
from ronghe.domain.org.models import PartyOrg, Person
from ronghe.kernel.access.listing import Listed, list_seen
from ronghe.kernel.calendar.moments import day_of
from ronghe.kernel.calendar.periods import DaySpan
from ronghe.kernel.facts.models import Fact


def obligations_seen_by(actor: Person, at: datetime, *, walk: bool = True) -> QuerySet[Obligation]:
    """Return the obligations that `actor` may see, each with its `state` on the day of `at`, earliest due first.

    To be cut to one, or read whole; a page of them is `list_obligations`.
    """
    rows = SEE_OBLIGATION.narrow(actor, Obligation.objects.all(), at=at, walk=walk)
    return _for_a_page(rows, at)


def list_obligations(
    actor: Person,
    at: datetime,
    *,
    choice: str = "open",
    body_id: int | None = None,
    descending: bool = False,
    page: int = 1,
    size: int = 20,
) -> Listed[Obligation]:
    """Return one page of what `actor` may see, each with its `state`, by due day; `choice` as in `ObligationQuerySet.chosen`."""
    day = day_of(at)
    rows: QuerySet[Obligation] = Obligation.objects.chosen(choice, day).with_state(day)
    if body_id is not None:
        rows = rows.filter(body_id=body_id)
    rows = rows.select_related("body", "version", "match", "waiver", "grade")
    order = ("-due_on",) if descending else ("due_on",)
    return list_seen(SEE_OBLIGATION, actor, rows, order_by=order, at=at, page=page, size=size)


def obligations_of(body: PartyOrg, span: DaySpan, at: datetime) -> QuerySet[Obligation]:
    """Return what `body` owes within `span`, each with its `state` on the day of `at`, earliest due first."""
    rows = Obligation.objects.filter(body=body, counts_on__gte=span.from_on, counts_on__lt=span.until_on)
    return _for_a_page(rows, at)


def obligations_met_by(record: Model) -> QuerySet[Obligation]:
    """Return what a record met, of whichever bodies, in the order of body and mechanism: the "同时计入" of its page."""
    facts = Fact.objects.filter(source_type=record._meta.label_lower, source_id=record.pk).order_by()  # noqa: SLF001
    rows = Obligation.objects.filter(match__fact__in=facts.values("pk"))
    return rows.select_related("body", "version").order_by("body__name", "mechanism", "occurrence")


def state_counts(rows: QuerySet[Any]) -> Mapping[str, int]:
    """Return how many obligations are in each state, zeros included; `rows` carry their state."""
    counted = dict(rows.order_by().values_list("state").annotate(count=Count("pk")))
    return {state.value: counted.get(state.value, 0) for state in ObligationState}


def states_by_body(day: date, span: DaySpan, body_ids: Collection[int] | None = None) -> dict[int, dict[str, int]]:
    """Return how many obligations that count in `span` each body has in each state on `day`, in one statement.

    Of all bodies, or of these; a state in which a body has none is left out.
    """
    rows: Any = Obligation.objects.filter(counts_on__gte=span.from_on, counts_on__lt=span.until_on)
    if body_ids is not None:
        rows = rows.filter(body_id__in=body_ids)
    dated = rows.with_state(day).order_by()
    found: dict[int, dict[str, int]] = {}
    for body, state, count in dated.values_list("body_id", "state").annotate(count=Count("pk")).iterator():
        found.setdefault(body, {})[state] = count
    return found


def _for_a_page(rows: QuerySet[Obligation], at: datetime) -> QuerySet[Obligation]:
    dated: QuerySet[Obligation] = rows.with_state(day_of(at))  # type: ignore[attr-defined]
    return dated.select_related("body", "version", "match", "waiver", "grade").order_by("due_on", "pk")
