"""决策事项清单 and 议事规则: what a body decides and how, drafted, edited and put in force."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Router, Status

from ronghe.api.acting import actor_of
from ronghe.api.v1.decision_shapes import (
    AdoptListRequest,
    DecisionListAnswer,
    DecisionListRow,
    ListEntryRequest,
    ListEntryRow,
    OfBodyRequest,
    RulesRequest,
    RulesRow,
)
from ronghe.api.v1.shapes import named
from ronghe.domain.decisions.models import DecisionList, ListEntry, ProcedureRules
from ronghe.domain.decisions.selectors.matters import bodies_to_raise_in, entries_offered
from ronghe.domain.decisions.selectors.rulebooks import bodies_to_keep, lists_seen_by, rules_seen_by
from ronghe.domain.decisions.services.lists import (
    EntryText,
    RulesText,
    adopt_list,
    adopt_rules,
    draft_list,
    drop_entry,
    set_entry,
)
from ronghe.domain.org.models import Person

lists_router = Router(tags=["decisions"])
rules_router = Router(tags=["decisions"])


@lists_router.get("", response=list[DecisionListRow], summary="决策事项清单各版", operation_id="decision_lists")
def decision_lists(request: HttpRequest) -> Any:
    rows: Any = lists_seen_by(actor_of(request), timezone.now())[:200]
    return [_row(row, row.size) for row in rows]


@lists_router.post("", response={201: DecisionListAnswer}, summary="起草下一版清单", operation_id="decision_list_draft")
def list_draft(request: HttpRequest, wanted: OfBodyRequest) -> Status[Any]:
    actor, now = actor_of(request), timezone.now()
    body = get_object_or_404(bodies_to_keep(actor, now), pk=wanted.body)
    return Status(201, _whole(draft_list(body=body, actor=actor, at=now)))


@lists_router.get(
    "/entries", response=list[ListEntryRow], summary="可以提出的清单事项", operation_id="decision_list_entries"
)
def list_entries(request: HttpRequest) -> Any:
    actor, now = actor_of(request), timezone.now()
    offered = entries_offered(bodies_to_raise_in(actor, now))[:500]
    return [_entry(row) | {"body": named(row.of_list.body)} for row in offered]


@lists_router.get("/{list_id}", response=DecisionListAnswer, summary="一版清单", operation_id="decision_list")
def list_detail(request: HttpRequest, list_id: int) -> Any:
    return _whole(_seen(actor_of(request), list_id))


@lists_router.post(
    "/{list_id}/entries", response={201: DecisionListAnswer}, summary="加一个事项",
    operation_id="decision_list_entry_add",
)  # fmt: skip
def entry_add(request: HttpRequest, list_id: int, wanted: ListEntryRequest) -> Status[Any]:
    actor = actor_of(request)
    of_list = _seen(actor, list_id)
    set_entry(of_list=of_list, text=EntryText(**wanted.dict()), actor=actor, at=timezone.now())
    return Status(201, _whole(of_list))


@lists_router.put(
    "/{list_id}/entries/{entry_id}", response=DecisionListAnswer, summary="改一个事项",
    operation_id="decision_list_entry_change",
)  # fmt: skip
def entry_change(request: HttpRequest, list_id: int, entry_id: int, wanted: ListEntryRequest) -> Any:
    actor = actor_of(request)
    of_list = _seen(actor, list_id)
    entry = _entry_of(of_list, entry_id)
    set_entry(of_list=of_list, text=EntryText(**wanted.dict()), entry=entry, actor=actor, at=timezone.now())
    return _whole(of_list)


@lists_router.delete(
    "/{list_id}/entries/{entry_id}", response=DecisionListAnswer, summary="去掉一个事项",
    operation_id="decision_list_entry_drop",
)  # fmt: skip
def entry_drop(request: HttpRequest, list_id: int, entry_id: int) -> Any:
    actor = actor_of(request)
    of_list = _seen(actor, list_id)
    drop_entry(entry=_entry_of(of_list, entry_id), actor=actor, at=timezone.now())
    return _whole(of_list)


@lists_router.post(
    "/{list_id}/adopt", response=DecisionListAnswer, summary="清单通过生效", operation_id="decision_list_adopt"
)
def list_adopt(request: HttpRequest, list_id: int, wanted: AdoptListRequest) -> Any:
    actor = actor_of(request)
    of_list = _seen(actor, list_id)
    return _whole(adopt_list(of_list=of_list, document=wanted.document, actor=actor, at=timezone.now()))


@rules_router.get("", response=list[RulesRow], summary="议事规则各版", operation_id="procedure_rules")
def rules_list(request: HttpRequest) -> Any:
    return [_rules(row) for row in rules_seen_by(actor_of(request), timezone.now())[:200]]


@rules_router.post("", response={201: RulesRow}, summary="议事规则生效", operation_id="procedure_rules_adopt")
def rules_adopt(request: HttpRequest, wanted: RulesRequest) -> Status[Any]:
    actor, now = actor_of(request), timezone.now()
    body = get_object_or_404(bodies_to_keep(actor, now), pk=wanted.body)
    text = RulesText(**wanted.dict(exclude={"body"}))
    return Status(201, _rules(adopt_rules(body=body, text=text, actor=actor, at=now)))


def _seen(actor: Person, list_id: int) -> DecisionList:
    return get_object_or_404(lists_seen_by(actor, timezone.now()), pk=list_id)


def _entry_of(of_list: DecisionList, entry_id: int) -> ListEntry:
    return get_object_or_404(ListEntry.objects.select_related("of_list__body"), pk=entry_id, of_list=of_list)


def _row(row: DecisionList, size: int) -> dict[str, Any]:
    return {
        "id": row.pk, "body": named(row.body), "number": row.number, "state": row.state, "document": row.document,
        "size": size,
    }  # fmt: skip


def _whole(row: DecisionList) -> dict[str, Any]:
    entries = list(row.entries.order_by("key"))
    return _row(row, len(entries)) | {"entries": [_entry(entry) | {"body": named(row.body)} for entry in entries]}


def _entry(row: ListEntry) -> dict[str, Any]:
    return {
        "id": row.pk, "key": row.key, "title": row.title, "category": row.category,
        "own_category": row.own_category, "forum": row.forum, "needs_study": row.needs_study, "needs_legal_check": row.needs_legal_check,
        "preparer": row.preparer, "consulted": row.consulted, "quorum": row.quorum, "majority": row.majority,
        "majority_of": row.majority_of, "vote_method": row.vote_method, "basis": row.basis,
    }  # fmt: skip


def _rules(row: ProcedureRules) -> dict[str, Any]:
    return {
        "id": row.pk, "body": named(row.body), "number": row.number, "state": row.state, "document": row.document,
        "quorum": row.quorum, "majority": row.majority, "majority_of": row.majority_of,
        "notice_days": row.notice_days, "observers": row.observers, "avoids": row.avoids,
        "allows_urgent": row.allows_urgent, "urgent_words": row.urgent_words,
    }  # fmt: skip
