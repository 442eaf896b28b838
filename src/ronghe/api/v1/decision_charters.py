"""党建入章程: the clauses of a charter, what each governs, and what none covers."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Router, Status

from ronghe.api.acting import actor_of
from ronghe.api.v1.decision_shapes import (
    AdoptListRequest,
    CharterAnswer,
    CharterCoverage,
    CharterRequest,
    CharterRow,
    ClauseLinkRequest,
    ClauseRequest,
)
from ronghe.api.v1.shapes import named
from ronghe.domain.decisions.models import Charter, CharterClause, ClauseLink
from ronghe.domain.decisions.selectors.rulebooks import bodies_to_keep, charters_seen_by, coverage_of
from ronghe.domain.decisions.services.charters import (
    adopt_charter,
    draft_charter,
    drop_clause,
    link_clause,
    set_clause,
    unlink_clause,
)
from ronghe.domain.org.models import Person

router = Router(tags=["decisions"])


@router.get("", response=list[CharterRow], summary="章程各版", operation_id="charters")
def charter_list(request: HttpRequest) -> Any:
    rows: Any = charters_seen_by(actor_of(request), timezone.now())[:200]
    return [_row(row, row.size) for row in rows]


@router.post("", response={201: CharterAnswer}, summary="起草下一版章程条款", operation_id="charter_draft")
def charter_draft(request: HttpRequest, wanted: CharterRequest) -> Status[Any]:
    actor, now = actor_of(request), timezone.now()
    body = get_object_or_404(bodies_to_keep(actor, now), pk=wanted.body)
    return Status(201, _whole(draft_charter(body=body, title=wanted.title, actor=actor, at=now)))


@router.get("/{charter_id}", response=CharterAnswer, summary="一版章程条款", operation_id="charter")
def charter_detail(request: HttpRequest, charter_id: int) -> Any:
    return _whole(_seen(actor_of(request), charter_id))


@router.get("/{charter_id}/coverage", response=CharterCoverage, summary="章程条款着落", operation_id="charter_coverage")
def charter_coverage(request: HttpRequest, charter_id: int) -> Any:
    covered = coverage_of(_seen(actor_of(request), charter_id), timezone.now())
    return {"idle": [one.label for one in covered.idle], "baseless": [one.title for one in covered.baseless]}


@router.post(
    "/{charter_id}/clauses", response={201: CharterAnswer}, summary="加一条章程条款", operation_id="charter_clause_add"
)
def clause_add(request: HttpRequest, charter_id: int, wanted: ClauseRequest) -> Status[Any]:
    actor = actor_of(request)
    charter = _seen(actor, charter_id)
    set_clause(charter=charter, actor=actor, at=timezone.now(), **wanted.dict())
    return Status(201, _whole(charter))


@router.put(
    "/{charter_id}/clauses/{clause_id}", response=CharterAnswer, summary="改一条章程条款",
    operation_id="charter_clause_change",
)  # fmt: skip
def clause_change(request: HttpRequest, charter_id: int, clause_id: int, wanted: ClauseRequest) -> Any:
    actor = actor_of(request)
    charter = _seen(actor, charter_id)
    clause = _clause_of(charter, clause_id)
    set_clause(charter=charter, clause=clause, actor=actor, at=timezone.now(), **wanted.dict())
    return _whole(charter)


@router.delete(
    "/{charter_id}/clauses/{clause_id}", response=CharterAnswer, summary="去掉一条章程条款",
    operation_id="charter_clause_drop",
)  # fmt: skip
def clause_drop(request: HttpRequest, charter_id: int, clause_id: int) -> Any:
    actor = actor_of(request)
    charter = _seen(actor, charter_id)
    drop_clause(clause=_clause_of(charter, clause_id), actor=actor, at=timezone.now())
    return _whole(charter)


@router.post(
    "/{charter_id}/clauses/{clause_id}/links", response={201: CharterAnswer}, summary="连上条款管着的事",
    operation_id="charter_clause_link",
)  # fmt: skip
def clause_link(request: HttpRequest, charter_id: int, clause_id: int, wanted: ClauseLinkRequest) -> Status[Any]:
    actor = actor_of(request)
    charter = _seen(actor, charter_id)
    link_clause(clause=_clause_of(charter, clause_id), actor=actor, at=timezone.now(), **wanted.dict())
    return Status(201, _whole(charter))


@router.delete(
    "/{charter_id}/links/{link_id}", response=CharterAnswer, summary="断开条款管着的事",
    operation_id="charter_clause_unlink",
)  # fmt: skip
def clause_unlink(request: HttpRequest, charter_id: int, link_id: int) -> Any:
    actor = actor_of(request)
    charter = _seen(actor, charter_id)
    rows = ClauseLink.objects.select_related("clause__charter__body").filter(clause__charter=charter)
    unlink_clause(link=get_object_or_404(rows, pk=link_id), actor=actor, at=timezone.now())
    return _whole(charter)


@router.post("/{charter_id}/adopt", response=CharterAnswer, summary="章程条款生效", operation_id="charter_adopt")
def charter_adopt(request: HttpRequest, charter_id: int, wanted: AdoptListRequest) -> Any:
    actor = actor_of(request)
    charter = _seen(actor, charter_id)
    return _whole(adopt_charter(charter=charter, document=wanted.document, actor=actor, at=timezone.now()))


def _seen(actor: Person, charter_id: int) -> Charter:
    return get_object_or_404(charters_seen_by(actor, timezone.now()), pk=charter_id)


def _clause_of(charter: Charter, clause_id: int) -> CharterClause:
    return get_object_or_404(CharterClause.objects.select_related("charter__body"), pk=clause_id, charter=charter)


def _row(row: Charter, size: int) -> dict[str, Any]:
    return {
        "id": row.pk, "body": named(row.body), "number": row.number, "state": row.state, "title": row.title,
        "document": row.document, "size": size,
    }  # fmt: skip


def _whole(row: Charter) -> dict[str, Any]:
    lines = coverage_of(row, timezone.now()).lines
    clauses = [
        {
            "id": line.clause.pk,
            "label": line.clause.label,
            "text": line.clause.text,
            "governed": [{"id": one.pk, "governs": one.governs, "title": one.title} for one in line.governed],
        }
        for line in lines
    ]
    return _row(row, len(clauses)) | {"clauses": clauses}
