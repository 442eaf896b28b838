"""范本: every model there is, drafts of a unit's own, comparing, adopting, and the documents they stand on."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Field, Query, Router, Schema, Status

from ronghe.api.acting import actor_of
from ronghe.api.v1.shapes import PAGE_SIZE, Named, Page, named, page_answer
from ronghe.domain.org.models import Person
from ronghe.domain.org.selectors.people import bodies_seen_by
from ronghe.domain.playbooks.calc.comparing import compare
from ronghe.domain.playbooks.calc.loading import load_playbook
from ronghe.domain.playbooks.calc.names import named as in_words
from ronghe.domain.playbooks.calc.wording import cadence_words
from ronghe.domain.playbooks.enums import CheckState, DraftState
from ronghe.domain.playbooks.models import Adoption, DocumentCheck, PlaybookDraft
from ronghe.domain.playbooks.rules import CHECK_MECHANISM, SEE_ADOPTION
from ronghe.domain.playbooks.selectors import adoptions_seen_by
from ronghe.domain.playbooks.selectors.books import Shelved, find_shelved, library_for, newest, shelf, source_of
from ronghe.domain.playbooks.selectors.documents import checks_of, cited_documents, documents_seen_by
from ronghe.domain.playbooks.selectors.drafts import drafts_seen_by
from ronghe.domain.playbooks.services import adopt_playbook, end_adoption
from ronghe.domain.playbooks.services.batches import AT_ONCE, carry_on, start_batch
from ronghe.domain.playbooks.services.drafting import (
    LONGEST_TEXT,
    begin_draft,
    discard_draft,
    go_back_to,
    put_forward,
    save_draft,
    take_back_draft,
)
from ronghe.domain.playbooks.services.governing import register_document, settle_check
from ronghe.domain.playbooks.tasks import adopt_for_many
from ronghe.domain.rollouts.selectors.foresight import Foreseen, foresee
from ronghe.domain.rollouts.selectors.practice import practice_of, text_of_practice
from ronghe.kernel.access.listing import list_seen

router = Router(tags=["playbooks"])

LARGEST = 2_147_483_647


class PlaybookRow(Schema):
    id: str
    version: int
    title: str
    mechanisms: int
    sheets: list[str]
    origin: str = Field("", description="写它的组织；随平台提供的为空")


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


class AdoptManyRequest(Schema):
    bodies: list[int] = Field(min_length=1, max_length=5000)
    since: date


class AdoptionBatchAnswer(Schema):
    id: int
    state: str = Field(description="running 正在采用；done 已办完")
    count: int
    done: int
    refused: dict[str, str] = Field(description="没有采用的组织编号和拒绝代码")


class UntilAdoptionRequest(Schema):
    until: date


class ForeseenLine(Schema):
    title: str
    was: date | None = Field(description="现在的限期")
    will: date | None = Field(description="采用后的限期")
    is_met: bool


class ForeseenAnswer(Schema):
    body: Named
    since: date
    conflict: str = Field(description="不能采用的代码，能采用为空")
    added: list[ForeseenLine]
    gone: list[ForeseenLine]
    moved: list[ForeseenLine]
    kept: int
    kept_met: int


class PlaybookDifference(Schema):
    field: str
    title: str
    a: str
    b: str


class ComparedMechanism(Schema):
    id: str
    title: str
    kind: str = Field(description="changed 不同；only_a 只在左边；only_b 只在右边")
    differences: list[PlaybookDifference]


class ComparedDuties(Schema):
    kind: str
    a: int
    b: int


class PlaybookComparison(Schema):
    a: str
    b: str
    mechanisms: list[ComparedMechanism]
    duties: list[ComparedDuties]
    same: int


class ProblemRow(Schema):
    line: int
    column: int
    path: str
    code: str
    severity: str
    message: str


class PlaybookTextRequest(Schema):
    text: str = Field(max_length=LONGEST_TEXT * 2)


class CheckedText(Schema):
    ok: bool
    playbook: str | None
    problems: list[ProblemRow]


class DraftRow(Schema):
    id: int
    body: Named
    title: str
    base: str
    note: str
    state: str = Field(description="open 起草中；put_forward 已定为版本；discarded 已丢弃")
    revision: int = Field(description="存的时候要带上读到的这个数")
    saved_at: datetime
    version: str | None


class DraftAnswer(DraftRow):
    text: str


class DraftRequest(Schema):
    body: int
    base: str = Field("", max_length=80, description="从哪份范本之上写起，例 daqing_zone 或 daqing_zone@1")
    text: str | None = Field(None, max_length=LONGEST_TEXT * 2, description="自己的文字；写了就不看 base")
    note: str = Field("", max_length=200)


class PracticeRequest(Schema):
    body: int


class SaveDraftRequest(PlaybookTextRequest):
    revision: int = Field(ge=1, le=LARGEST)


class DraftRevisionRequest(Schema):
    revision: int = Field(ge=1, le=LARGEST)


class PutForwardRequest(DraftRevisionRequest):
    note: str = Field("", max_length=200)


class CitedDocumentRow(Schema):
    document: str
    title: str
    versions: list[str]
    mechanisms: list[str] = Field(description="范本编号.制度编号")


class GoverningDocumentRow(Schema):
    id: int
    document: str
    title: str
    version: str
    effective_from: date
    body: Named
    waiting: int = Field(description="还没有核对完的制度")


class DocumentCheckRow(Schema):
    id: int
    playbook: str
    mechanism: str
    state: CheckState = Field(description="open 待核对；checked 核对过；to_change 需改")
    note: str


class GoverningDocumentAnswer(GoverningDocumentRow):
    checks: list[DocumentCheckRow]


class GoverningDocumentRequest(Schema):
    body: int
    document: str = Field(max_length=60)
    version: str = Field(min_length=1, max_length=40)
    effective_from: date
    number: str = Field("", max_length=80)
    note: str = Field("", max_length=400)


class SettleCheckRequest(Schema):
    outcome: CheckState
    note: str = Field("", max_length=200)


@router.get("/", response=list[PlaybookRow], summary="范本清单", operation_id="playbooks_list")
def playbook_list(request: HttpRequest) -> Any:
    actor_of(request)
    return [_row(one) for one in newest(shelf()).values()]


@router.get("/adoptions", response=Page[AdoptionRow], summary="谁在执行哪份范本", operation_id="playbooks_adoptions")
def adoption_list(request: HttpRequest, page: int = Query(1, ge=1)) -> Any:
    rows = Adoption.objects.select_related("body", "version")
    actor, now = actor_of(request), timezone.now()
    listed = list_seen(SEE_ADOPTION, actor, rows, order_by=["-valid_from"], at=now, page=page, size=PAGE_SIZE)
    return page_answer(listed)


@router.get("/compare", response=PlaybookComparison, summary="对照两份范本", operation_id="playbooks_compare")
def playbook_compare(request: HttpRequest, a: str, b: str) -> Any:
    actor, now = actor_of(request), timezone.now()
    first, second = (_known(actor, name, now) for name in (a, b))
    comparison = compare(first.playbook, second.playbook)
    return {
        "a": first.reference,
        "b": second.reference,
        "mechanisms": [
            {
                "id": pair.mechanism.id,
                "title": pair.mechanism.title.here,
                "kind": "only_b" if pair.a is None else "only_a" if pair.b is None else "changed",
                "differences": [
                    {"field": one.field, "title": one.title, "a": one.a, "b": one.b} for one in pair.differences
                ],
            }
            for pair in comparison.pairs
            if not pair.is_same
        ],
        "duties": [{"kind": in_words(duty.kind), "a": duty.a, "b": duty.b} for duty in comparison.duties],
        "same": len(comparison.same),
    }


@router.post("/check", response=CheckedText, summary="检查范本的文字", operation_id="playbooks_check")
def playbook_check(request: HttpRequest, wanted: PlaybookTextRequest) -> Any:
    actor_of(request)
    loaded = load_playbook(wanted.text, library_for(wanted.text))
    return {
        "ok": loaded.is_usable,
        "playbook": loaded.playbook.reference if loaded.playbook else None,
        "problems": [problem.as_data() for problem in loaded.problems],
    }


@router.get("/drafts", response=list[DraftRow], summary="范本草稿", operation_id="playbooks_drafts")
def draft_list(request: HttpRequest, state: DraftState = DraftState.OPEN) -> Any:
    actor, now = actor_of(request), timezone.now()
    return [_draft(row) for row in drafts_seen_by(actor, now).filter(state=state).defer("text")[:PAGE_SIZE]]


@router.post("/drafts", response={201: DraftAnswer}, summary="起草范本", operation_id="playbooks_draft")
def draft_begin(request: HttpRequest, wanted: DraftRequest) -> Status[Any]:
    actor, now = actor_of(request), timezone.now()
    body = get_object_or_404(bodies_seen_by(actor, now), pk=wanted.body)
    base = _known(actor, wanted.base, now) if wanted.base else None
    draft = begin_draft(body=body, base=base, text=wanted.text, note=wanted.note, actor=actor, at=now)
    return Status(201, _draft_whole(draft))


@router.post(
    "/drafts/practice", response={201: DraftAnswer}, summary="由实际做法起草范本", operation_id="playbooks_draft_practice"
)  # fmt: skip
def draft_practice(request: HttpRequest, wanted: PracticeRequest) -> Status[Any]:
    actor, now = actor_of(request), timezone.now()
    body = get_object_or_404(bodies_seen_by(actor, now), pk=wanted.body)
    practice = practice_of(body, now)
    if practice is None:
        raise Http404
    base = find_shelved(actor, str(practice.adoption.version), now)
    draft = begin_draft(body=body, base=base, text=text_of_practice(practice), actor=actor, at=now)
    return Status(201, _draft_whole(draft))


@router.get("/drafts/{draft_id}", response=DraftAnswer, summary="一份草稿", operation_id="playbooks_draft_detail")
def draft_detail(request: HttpRequest, draft_id: int) -> Any:
    return _draft_whole(_own_draft(request, draft_id))


@router.post("/drafts/{draft_id}/save", response=DraftRow, summary="存草稿", operation_id="playbooks_draft_save")
def draft_save(request: HttpRequest, draft_id: int, wanted: SaveDraftRequest) -> Any:
    actor, now = actor_of(request), timezone.now()
    draft = _own_draft(request, draft_id)
    return _draft(save_draft(draft=draft, text=wanted.text, revision=wanted.revision, actor=actor, at=now))


@router.post(
    "/drafts/{draft_id}/texts/{number}/restore", response=DraftRow, summary="回到旧稿",
    operation_id="playbooks_draft_restore",
)  # fmt: skip
def draft_restore(request: HttpRequest, draft_id: int, number: int, wanted: DraftRevisionRequest) -> Any:
    draft = _own_draft(request, draft_id)
    kept = get_object_or_404(draft.revisions, number=number)
    return _draft(
        go_back_to(draft=draft, kept=kept, revision=wanted.revision, actor=actor_of(request), at=timezone.now())
    )


@router.post(
    "/drafts/{draft_id}/put-forward", response=PlaybookRow, summary="草稿定为版本",
    operation_id="playbooks_draft_put_forward",
)  # fmt: skip
def draft_put_forward(request: HttpRequest, draft_id: int, wanted: PutForwardRequest) -> Any:
    actor, now = actor_of(request), timezone.now()
    draft = _own_draft(request, draft_id)
    version = put_forward(draft=draft, revision=wanted.revision, note=wanted.note, actor=actor, at=now)
    return _row(_known(actor, str(version), now))


@router.post(
    "/drafts/{draft_id}/discard", response=DraftRow, summary="丢弃草稿", operation_id="playbooks_draft_discard"
)
def draft_discard(request: HttpRequest, draft_id: int) -> Any:
    return _draft(discard_draft(draft=_own_draft(request, draft_id), actor=actor_of(request), at=timezone.now()))


@router.post(
    "/drafts/{draft_id}/take-back", response=DraftRow, summary="取回丢弃的草稿", operation_id="playbooks_draft_take_back"
)  # fmt: skip
def draft_take_back(request: HttpRequest, draft_id: int) -> Any:
    return _draft(take_back_draft(draft=_own_draft(request, draft_id), actor=actor_of(request), at=timezone.now()))


@router.get("/documents", response=list[CitedDocumentRow], summary="范本引用的文件", operation_id="playbooks_documents")
def document_list(request: HttpRequest) -> Any:
    actor_of(request)
    return [
        {
            "document": one.document.id,
            "title": one.document.title.here,
            "versions": one.versions,
            "mechanisms": [f"{book.id}.{mechanism.id}" for book, mechanism in one.mechanisms],
        }
        for one in cited_documents()
    ]


@router.get(
    "/documents/registered", response=list[GoverningDocumentRow], summary="登记过的文件新版",
    operation_id="playbooks_documents_registered",
)  # fmt: skip
def registered_list(request: HttpRequest) -> Any:
    return [_document(row) for row in documents_seen_by(actor_of(request), timezone.now())[:PAGE_SIZE]]


@router.post(
    "/documents/registered", response={201: GoverningDocumentAnswer}, summary="登记文件新版",
    operation_id="playbooks_document_register",
)  # fmt: skip
def document_register(request: HttpRequest, wanted: GoverningDocumentRequest) -> Status[Any]:
    actor, now = actor_of(request), timezone.now()
    given = wanted.model_dump()
    body = get_object_or_404(bodies_seen_by(actor, now), pk=given.pop("body"))
    row = register_document(body=body, actor=actor, at=now, **given)
    return Status(201, _document_whole(documents_seen_by(actor, now).get(pk=row.pk)))


@router.get(
    "/documents/registered/{document_id}", response=GoverningDocumentAnswer, summary="一份文件新版和要核对的制度",
    operation_id="playbooks_document_detail",
)  # fmt: skip
def document_detail(request: HttpRequest, document_id: int) -> Any:
    rows = documents_seen_by(actor_of(request), timezone.now())
    return _document_whole(get_object_or_404(rows, pk=document_id))


@router.post(
    "/documents/checks/{check_id}", response=DocumentCheckRow, summary="核对一项制度",
    operation_id="playbooks_document_check",
)  # fmt: skip
def check_settle(request: HttpRequest, check_id: int, wanted: SettleCheckRequest) -> Any:
    actor, now = actor_of(request), timezone.now()
    rows = CHECK_MECHANISM.narrow(actor, DocumentCheck.objects.select_related("document"), at=now)
    check = get_object_or_404(rows, pk=check_id)
    return settle_check(check=check, outcome=wanted.outcome, note=wanted.note, actor=actor, at=now)


@router.post("/adoptions/{adoption_id}/end", response=AdoptionRow, summary="停用范本", operation_id="playbooks_end")
def adoption_end(request: HttpRequest, adoption_id: int, wanted: UntilAdoptionRequest) -> Any:
    actor, now = actor_of(request), timezone.now()
    adoption = get_object_or_404(adoptions_seen_by(actor, now), pk=adoption_id)
    return end_adoption(adoption=adoption, until=wanted.until, actor=actor, at=now)


@router.get("/{playbook_id}", response=PlaybookAnswer, summary="一份范本", operation_id="playbooks_detail")
def playbook_detail(request: HttpRequest, playbook_id: str) -> Any:
    one = _known(actor_of(request), playbook_id, timezone.now())
    details = [
        {
            "id": mechanism.id,
            "title": mechanism.title.here,
            "dimension": mechanism.dimension,
            "cadence": cadence_words(mechanism),
            "answers": mechanism.answers,
        }
        for mechanism in one.playbook.mechanisms
    ]
    return {**_row(one), "digest": one.playbook.digest, "details": details}


@router.get(
    "/{playbook_id}/source", response=PlaybookTextRequest, summary="范本的原文", operation_id="playbooks_source"
)
def playbook_source(request: HttpRequest, playbook_id: str) -> Any:
    text = source_of(_known(actor_of(request), playbook_id, timezone.now()))
    if not text:
        raise Http404
    return {"text": text}


@router.post("/{playbook_id}/adopt", response=AdoptionRow, summary="采用一份范本", operation_id="playbooks_adopt")
def playbook_adopt(request: HttpRequest, playbook_id: str, wanted: AdoptRequest) -> Any:
    actor, now = actor_of(request), timezone.now()
    body = get_object_or_404(bodies_seen_by(actor, now), pk=wanted.body)
    playbook = _known(actor, playbook_id, now).playbook
    return adopt_playbook(body=body, playbook=playbook, since=wanted.since, actor=actor, at=now)


@router.post(
    "/{playbook_id}/foresee", response=list[ForeseenAnswer], summary="采用以后应办事项会怎样变",
    operation_id="playbooks_foresee",
)  # fmt: skip
def playbook_foresee(request: HttpRequest, playbook_id: str, wanted: AdoptManyRequest) -> Any:
    actor, now = actor_of(request), timezone.now()
    playbook = _known(actor, playbook_id, now).playbook
    bodies = list(bodies_seen_by(actor, now).filter(pk__in=wanted.bodies).order_by("name", "pk")[:PAGE_SIZE])
    return [_foreseen(row) for row in foresee(bodies, playbook, wanted.since)]


@router.post(
    "/{playbook_id}/adopt-many", response={201: AdoptionBatchAnswer}, summary="给多个组织采用一份范本",
    operation_id="playbooks_adopt_many",
)  # fmt: skip
def playbook_adopt_many(request: HttpRequest, playbook_id: str, wanted: AdoptManyRequest) -> Status[Any]:
    actor, now = actor_of(request), timezone.now()
    playbook = _known(actor, playbook_id, now).playbook
    bodies = list(bodies_seen_by(actor, now).filter(pk__in=wanted.bodies).order_by("pk"))
    if len(bodies) != len(set(wanted.bodies)):
        raise Http404
    batch = start_batch(bodies=bodies, playbook=playbook, since=wanted.since, actor=actor, at=now)
    if len(bodies) > AT_ONCE:
        adopt_for_many.enqueue(batch_id=batch.pk)
    else:
        carry_on(batch=batch, at=now)
    return Status(
        201,
        {"id": batch.pk, "state": batch.state, "count": batch.count, "done": batch.done, "refused": batch.refused},
    )


def _row(one: Shelved) -> dict[str, Any]:
    book = one.playbook
    return {
        "id": book.id,
        "version": book.version,
        "title": book.title.here,
        "mechanisms": len(book.mechanisms),
        "sheets": [str(sheet["id"]) for sheet in book.sheets],
        "origin": one.origin_name,
    }


def _known(actor: Person, reference: str, at: datetime) -> Shelved:
    found = find_shelved(actor, reference, at)
    if found is None:
        raise Http404
    return found


def _own_draft(request: HttpRequest, draft_id: int) -> PlaybookDraft:
    return get_object_or_404(drafts_seen_by(actor_of(request), timezone.now()), pk=draft_id)


def _draft(row: PlaybookDraft) -> dict[str, Any]:
    return {
        "id": row.pk,
        "body": named(row.body),
        "title": row.title,
        "base": row.base,
        "note": row.note,
        "state": row.state,
        "revision": row.revision,
        "saved_at": row.saved_at,
        "version": str(row.version) if row.version else None,
    }


def _draft_whole(row: PlaybookDraft) -> dict[str, Any]:
    return {**_draft(row), "text": row.text}


def _document(row: Any) -> dict[str, Any]:
    return {
        "id": row.pk,
        "document": row.document,
        "title": row.title,
        "version": row.version,
        "effective_from": row.effective_from,
        "body": named(row.body),
        "waiting": row.waiting,
    }


def _document_whole(row: Any) -> dict[str, Any]:
    return {**_document(row), "checks": list(checks_of(row))}


def _foreseen(row: Foreseen) -> dict[str, Any]:
    def told(lines: Any) -> list[dict[str, Any]]:
        return [
            {
                "title": line.title,
                "was": line.was.due_on if line.was else None,
                "will": line.will.due_on if line.will else None,
                "is_met": line.is_met,
            }
            for line in lines
        ]

    return {
        "body": named(row.body),
        "since": row.since,
        "conflict": row.conflict,
        "added": told(row.added),
        "gone": told(row.gone),
        "moved": told(row.moved),
        "kept": row.kept,
        "kept_met": row.kept_met,
    }
