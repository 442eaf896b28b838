"""范本: the shipped models, and which body works by which."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Query, Router, Schema

from ronghe.api.acting import actor_of
from ronghe.api.v1.shapes import PAGE_SIZE, Named, Page, page_answer
from ronghe.domain.org.selectors.people import bodies_seen_by
from ronghe.domain.playbooks.calc.shipped import shipped_playbook, shipped_playbooks
from ronghe.domain.playbooks.calc.wording import cadence_words
from ronghe.domain.playbooks.models import Adoption
from ronghe.domain.playbooks.rules import SEE_ADOPTION
from ronghe.domain.playbooks.services import adopt_playbook
from ronghe.kernel.access.listing import list_seen

router = Router(tags=["playbooks"])


class PlaybookRow(Schema):
    id: str
    version: int
    title: str
    mechanisms: int
    sheets: list[str]


class MechanismRow(Schema):
    id: str
    title: str
    dimension: str
    cadence: str
    answers: str


class PlaybookAnswer(PlaybookRow):
    digest: str
    details: list[MechanismRow]


class AdoptionRow(Schema):
    id: int
    body: Named
    playbook: str
    valid_from: date
    valid_until: date | None

    @staticmethod
    def resolve_playbook(row: Any) -> str:
        return str(row.version)


class AdoptRequest(Schema):
    body: int
    since: date


@router.get("/", response=list[PlaybookRow], summary="范本清单", operation_id="playbooks_list")
def playbook_list(request: HttpRequest) -> Any:
    actor_of(request)
    return [_row(book) for book in shipped_playbooks()]


@router.get("/adoptions", response=Page[AdoptionRow], summary="谁在执行哪份范本", operation_id="playbooks_adoptions")
def adoption_list(request: HttpRequest, page: int = Query(1, ge=1)) -> Any:
    rows = Adoption.objects.select_related("body", "version")
    actor, now = actor_of(request), timezone.now()
    listed = list_seen(SEE_ADOPTION, actor, rows, order_by=["-valid_from"], at=now, page=page, size=PAGE_SIZE)
    return page_answer(listed)


@router.get("/{playbook_id}", response=PlaybookAnswer, summary="一份范本", operation_id="playbooks_detail")
def playbook_detail(request: HttpRequest, playbook_id: str) -> Any:
    actor_of(request)
    book = _known(playbook_id)
    details = [
        {
            "id": mechanism.id,
            "title": mechanism.title.here,
            "dimension": mechanism.dimension,
            "cadence": cadence_words(mechanism),
            "answers": mechanism.answers,
        }
        for mechanism in book.mechanisms
    ]
    return {**_row(book), "digest": book.digest, "details": details}


@router.post("/{playbook_id}/adopt", response=AdoptionRow, summary="采用一份范本", operation_id="playbooks_adopt")
def playbook_adopt(request: HttpRequest, playbook_id: str, wanted: AdoptRequest) -> Any:
    actor, now = actor_of(request), timezone.now()
    body = get_object_or_404(bodies_seen_by(actor, now), pk=wanted.body)
    return adopt_playbook(body=body, playbook=_known(playbook_id), since=wanted.since, actor=actor, at=now)


def _row(book: Any) -> dict[str, Any]:
    return {
        "id": book.id,
        "version": book.version,
        "title": book.title.here,
        "mechanisms": len(book.mechanisms),
        "sheets": [str(sheet["id"]) for sheet in book.sheets],
    }


def _known(playbook_id: str) -> Any:
    book = shipped_playbook(playbook_id)
    if book is None:
        raise Http404
    return book
