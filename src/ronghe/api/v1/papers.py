"""公文."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Field, Query, Router, Schema, Status

from ronghe.api.acting import actor_of
from ronghe.api.printing import paper_answer
from ronghe.api.v1.shapes import PAGE_SIZE, Named, Page, listed_answer, named
from ronghe.domain.org.models import PartyOrg, Person
from ronghe.domain.org.selectors.people import bodies_seen_by
from ronghe.domain.papers.documents import paper_document, paper_number
from ronghe.domain.papers.enums import PaperKind, PaperState
from ronghe.domain.papers.models import Paper
from ronghe.domain.papers.selectors import list_papers, papers_seen_by, recipients_of
from ronghe.domain.papers.services.drafting import (
    discard_paper,
    draft_bulletin,
    draft_notice,
    draft_paper,
    revise_paper,
)
from ronghe.domain.papers.services.issuing import issue_paper, receive_paper, withdraw_paper
from ronghe.domain.rhythm.selectors import activities_seen_by
from ronghe.kernel.calendar.periods import DaySpan
from ronghe.kernel.errors import DomainError, NotFound
from ronghe.kernel.printing import PaperForm
from ronghe.kernel.printing.register import check_digest
from ronghe.kernel.words import N_

router = Router(tags=["papers"])


class SpanReversed(DomainError):
    code = "paper_span_reversed"
    sentence = N_("结束日期要晚于开始日期。")
    status = 422


class PaperRow(Schema):
    id: int
    kind: PaperKind
    body: Named
    title: str
    number: str = Field(description="编号；草稿没有")
    state: PaperState
    dated: date | None
    revision: int


class PaperRecipientRow(Schema):
    id: int
    body: Named
    received_by: Named | None
    received_at: datetime | None


class PaperAnswer(PaperRow):
    text: str
    copies_to: str
    withdrawn_why: str
    recipients: list[PaperRecipientRow]


class PaperNoticeRequest(Schema):
    activity: int = Field(description="已安排的活动")


class PaperBulletinRequest(Schema):
    body: int
    from_on: date
    until_on: date = Field(description="到这天（不含）")


class PaperRequest(Schema):
    kind: PaperKind
    body: int
    title: str = Field(max_length=120)
    text: str = Field(max_length=20_000)
    recipients: list[int] = []
    copies_to: str = Field("", max_length=400)


class PaperRevisionRequest(Schema):
    revision: int = Field(description="您读到的是第几次存的")
    title: str = Field(max_length=120)
    text: str = Field(max_length=20_000)
    recipients: list[int]
    copies_to: str = Field("", max_length=400)


class PaperIssueRequest(Schema):
    revision: int
    dated: date
    code: str = Field("", max_length=24, description="发文机关代字；简报不用")


class PaperWhyRequest(Schema):
    why: str = Field(max_length=200)


class PaperCheckAnswer(Schema):
    is_known: bool
    title: str = ""
    issuer: str = ""
    number: str = ""
    dated: date | None = None
    printed_at: datetime | None = None
    later_at: datetime | None = Field(None, description="同一记录后来又印过不同内容，最近一次的时间")


@router.get("", response=Page[PaperRow], summary="公文列表", operation_id="papers_list")
def paper_list(
    request: HttpRequest, q: str = "", kind: PaperKind | None = None, state: PaperState | None = None,
    page: int = Query(1, ge=1),
) -> Any:  # fmt: skip
    listed = list_papers(
        actor_of(request), timezone.now(), words=q[:80], kind=kind or "", state=state or "", page=page, size=PAGE_SIZE
    )
    return listed_answer(listed, _row)


@router.post("", response={201: PaperAnswer}, summary="自己写一份", operation_id="papers_draft")
def paper_draft(request: HttpRequest, wanted: PaperRequest) -> Status[Any]:
    actor, now = actor_of(request), timezone.now()
    paper = draft_paper(
        kind=wanted.kind, body=_body(actor, wanted.body), title=wanted.title, text=wanted.text, actor=actor, at=now,
        recipients=_bodies(actor, wanted.recipients), copies_to=wanted.copies_to,
    )  # fmt: skip
    return Status(201, _whole(paper))


@router.post("/notices", response={201: PaperAnswer}, summary="从活动起草通知", operation_id="papers_draft_notice")
def notice_draft(request: HttpRequest, wanted: PaperNoticeRequest) -> Status[Any]:
    actor, now = actor_of(request), timezone.now()
    activity = get_object_or_404(activities_seen_by(actor, now), pk=wanted.activity)
    return Status(201, _whole(draft_notice(activity=activity, actor=actor, at=now)))


@router.post("/bulletins", response={201: PaperAnswer}, summary="从记录起草简报", operation_id="papers_draft_bulletin")
def bulletin_draft(request: HttpRequest, wanted: PaperBulletinRequest) -> Status[Any]:
    actor, now = actor_of(request), timezone.now()
    if wanted.until_on <= wanted.from_on:
        raise SpanReversed
    span = DaySpan(wanted.from_on, wanted.until_on)
    return Status(201, _whole(draft_bulletin(body=_body(actor, wanted.body), span=span, actor=actor, at=now)))


@router.get("/check/{code}", response=PaperCheckAnswer, auth=None, summary="核对校验码", operation_id="papers_check")
def paper_check(request: HttpRequest, code: str) -> Any:  # noqa: ARG001
    found = check_digest(code)
    if found is None:
        return PaperCheckAnswer(is_known=False, later_at=None)
    paper = found.paper
    return PaperCheckAnswer(
        is_known=True, title=paper.title, issuer=paper.issuer, number=paper.number, dated=paper.dated,
        printed_at=paper.printed_at, later_at=found.later.printed_at if found.later else None,
    )  # fmt: skip


@router.get("/{paper_id}", response=PaperAnswer, summary="一份公文", operation_id="papers_detail")
def paper_detail(request: HttpRequest, paper_id: int) -> Any:
    return _whole(_seen(actor_of(request), paper_id))


@router.put("/{paper_id}", response=PaperAnswer, summary="改草稿", operation_id="papers_revise")
def paper_revise(request: HttpRequest, paper_id: int, wanted: PaperRevisionRequest) -> Any:
    actor = actor_of(request)
    paper = revise_paper(
        paper=_seen(actor, paper_id), revision=wanted.revision, title=wanted.title, text=wanted.text,
        copies_to=wanted.copies_to, recipients=_bodies(actor, wanted.recipients), actor=actor, at=timezone.now(),
    )  # fmt: skip
    return _whole(paper)


@router.delete("/{paper_id}", response={204: None}, summary="删去草稿", operation_id="papers_discard")
def paper_discard(request: HttpRequest, paper_id: int) -> Status[None]:
    actor = actor_of(request)
    discard_paper(paper=_seen(actor, paper_id), actor=actor, at=timezone.now())
    return Status(204, None)


@router.post("/{paper_id}/issue", response=PaperAnswer, summary="印发", operation_id="papers_issue")
def paper_issue(request: HttpRequest, paper_id: int, wanted: PaperIssueRequest) -> Any:
    actor = actor_of(request)
    return _whole(issue_paper(paper=_seen(actor, paper_id), actor=actor, at=timezone.now(), **wanted.dict()))


@router.post("/{paper_id}/withdraw", response=PaperAnswer, summary="撤回", operation_id="papers_withdraw")
def paper_withdraw(request: HttpRequest, paper_id: int, wanted: PaperWhyRequest) -> Any:
    actor = actor_of(request)
    return _whole(withdraw_paper(paper=_seen(actor, paper_id), why=wanted.why, actor=actor, at=timezone.now()))


@router.post(
    "/{paper_id}/recipients/{recipient_id}/receive", response=PaperAnswer, summary="签收", operation_id="papers_receive"
)
def paper_receive(request: HttpRequest, paper_id: int, recipient_id: int) -> Any:
    actor = actor_of(request)
    paper = _seen(actor, paper_id)
    recipient = get_object_or_404(recipients_of(paper).select_related("paper"), pk=recipient_id)
    receive_paper(recipient=recipient, actor=actor, at=timezone.now())
    return _whole(paper)


@router.get("/{paper_id}/paper.{form}", summary="打印件", operation_id="papers_file")
def paper_file(request: HttpRequest, paper_id: int, form: PaperForm) -> HttpResponse:
    paper = _seen(actor_of(request), paper_id)
    return paper_answer(request, paper_document(paper), form, source=paper)


def _seen(actor: Person, paper_id: int) -> Paper:
    return get_object_or_404(papers_seen_by(actor, timezone.now()), pk=paper_id)


def _body(actor: Person, body_id: int) -> PartyOrg:
    return get_object_or_404(bodies_seen_by(actor, timezone.now()), pk=body_id)


def _bodies(actor: Person, ids: list[int]) -> list[PartyOrg]:
    """Bodies that the drafter sees, and the superiors of those."""
    seen = bodies_seen_by(actor, timezone.now())
    found = PartyOrg.objects.filter(pk__in=ids) & (
        PartyOrg.objects.filter(pk__in=seen.order_by().values("pk"))
        | PartyOrg.objects.filter(pk__in=seen.order_by().values("parent_id"))
    )
    rows = list(found.order_by("pk"))
    if len(rows) != len(set(ids)):
        raise NotFound
    return rows


def _row(paper: Paper) -> dict[str, Any]:
    return {
        "id": paper.pk, "kind": paper.kind, "body": named(paper.body), "title": paper.title,
        "number": paper_number(paper), "state": paper.state, "dated": paper.dated, "revision": paper.revision,
    }  # fmt: skip


def _whole(paper: Paper) -> dict[str, Any]:
    recipients = [
        {"id": row.pk, "body": named(row.body), "received_by": named(row.received_by), "received_at": row.received_at}
        for row in recipients_of(paper)
    ]
    return {
        **_row(paper), "text": paper.text, "copies_to": paper.copies_to, "withdrawn_why": paper.withdrawn_why,
        "recipients": recipients,
    }  # fmt: skip
