"""工作事项: every kind of work item through one set of calls; `/kinds` says what each kind asks for."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Q
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Field, File, Query, Router, Schema, Status, UploadedFile

from ronghe.api.acting import actor_of
from ronghe.api.v1.shapes import PAGE_SIZE, Named, Page, listed_answer, named
from ronghe.domain.items.calc.fields import FieldType
from ronghe.domain.items.models import ItemPerson, WorkItem
from ronghe.domain.items.rules import ItemKind, Need, declared_kinds
from ronghe.domain.items.selectors import bodies_to_raise_for, items_seen_by, list_items, people_to_ask, record_of
from ronghe.domain.items.services.changing import Changed, add_note, change_item, let_go, let_in
from ronghe.domain.items.services.raising import ItemText, raise_item
from ronghe.domain.items.services.steps import Said, steps_open_to, take_step
from ronghe.domain.org.models import Person
from ronghe.domain.work.services.files import Upload
from ronghe.kernel.errors import NotFound
from ronghe.kernel.words import _

router = Router(tags=["items"])


class ItemFieldShape(Schema):
    id: str
    title: str
    type: FieldType
    is_required: bool
    unit: str
    choices: dict[str, str]


class ItemStepShape(Schema):
    id: str
    title: str
    sources: list[str]
    target: str
    asks: list[str]
    requires: list[str]
    note: Need
    evidence: Need
    due: Need
    names_owner: bool = Field(description="要写明由谁来办")
    signs: bool = Field(description="本人签字承诺")


class ItemKindShape(Schema):
    id: str
    title: str
    states: dict[str, str]
    fields: list[ItemFieldShape]
    raised_with: list[str] = Field(description="提出时填写的字段")
    steps: list[ItemStepShape]
    parts: dict[str, str]


class ItemRow(Schema):
    id: int
    kind: str
    title: str
    state: str
    body: Named
    zone: Named | None
    owner: Named | None
    raised_by: Named
    raised_at: datetime
    due_at: datetime | None
    closed_at: datetime | None
    is_overdue: bool
    percent: int


class ItemMoment(Schema):
    step: str
    from_state: str
    to_state: str
    by: Named | None
    at: datetime
    note: str


class ItemNoteAnswer(Schema):
    id: int
    text: str
    percent: int | None
    by: Named
    at: datetime


class ItemEvidenceAnswer(Schema):
    id: int
    name: str
    sha256: str | None = Field(description="文件的摘要；平台里的记录没有")
    source: str | None = Field(description="平台里的记录，如 rhythm.activity:12")
    is_reused: bool


class ItemClockAnswer(Schema):
    id: str
    title: str
    hours: int
    is_running: bool
    is_over_target: bool


class ItemPartAnswer(Schema):
    id: int
    person: Named
    part: str
    duty: str


class ItemPledgeAnswer(Schema):
    person: Named
    digest: str
    signed_at: datetime
    is_current: bool = Field(description="签字后内容没有改过")


class ItemAnswer(ItemRow):
    text: str
    place: str
    values: dict[str, Any]
    round: int
    level: int
    merged_into: int | None
    part_of: int | None
    open_steps: list[str] = Field(description="您现在可以做的步骤")
    history: list[ItemMoment]
    notes: list[ItemNoteAnswer]
    evidence: list[ItemEvidenceAnswer]
    clocks: list[ItemClockAnswer]
    people: list[ItemPartAnswer]
    pledges: list[ItemPledgeAnswer]


class ItemRaiseRequest(Schema):
    kind: str
    body: int
    title: str = Field(max_length=120)
    text: str = Field(default="", max_length=2000)
    place: str = Field(default="", max_length=80)
    due_at: datetime | None = None
    values: dict[str, Any] = {}


class ItemStepRequest(Schema):
    note: str = Field(default="", max_length=1000)
    values: dict[str, Any] = {}
    owner: int | None = None
    due_at: datetime | None = None


class ItemNoteRequest(Schema):
    text: str = Field(max_length=1000)
    percent: int | None = Field(default=None, ge=0, le=100)


class ItemChangeRequest(Schema):
    title: str | None = Field(default=None, max_length=120)
    text: str | None = Field(default=None, max_length=2000)
    place: str | None = Field(default=None, max_length=80)
    due_at: datetime | None = None
    values: dict[str, Any] | None = None
    reason: str = Field(default="", max_length=400)


class ItemPartRequest(Schema):
    person: int
    part: str
    duty: str = Field(default="", max_length=120)


@router.get("/kinds", response=list[ItemKindShape], summary="有哪几类事项", operation_id="items_kinds")
def kinds(request: HttpRequest) -> Any:
    actor_of(request)
    return [_kind(kind) for kind in declared_kinds().values()]


@router.get("", response=Page[ItemRow], summary="事项", operation_id="items_list")
def item_list(
    request: HttpRequest,
    kind: str | None = None,
    state: str | None = None,
    is_open: bool | None = None,
    mine: bool = False,
    q: str | None = None,
    page: int = Query(1, ge=1),
) -> Any:
    actor, now = actor_of(request), timezone.now()
    filters = Q(state=state) if state else Q()
    if is_open is not None:
        filters &= Q(closed_at__isnull=is_open)
    if mine:
        filters &= Q(owner=actor) | Q(raised_by=actor)
    if q:
        filters &= Q(title__contains=q)
    listed = list_items(actor, now, kind=kind or "", filters=filters, page=page, size=PAGE_SIZE)
    return listed_answer(listed, lambda item: _row(item, now))


@router.post("", response={201: ItemAnswer}, summary="提出事项", operation_id="items_raise")
def item_raise(request: HttpRequest, wanted: ItemRaiseRequest) -> Any:
    actor, now = actor_of(request), timezone.now()
    kind = declared_kinds().get(wanted.kind)
    if kind is None:
        raise NotFound
    body = get_object_or_404(bodies_to_raise_for(kind, actor, now), pk=wanted.body)
    text = ItemText(wanted.title, wanted.text, wanted.values, wanted.due_at, wanted.place)
    item = raise_item(kind=kind, text=text, body=body, actor=actor, at=now)
    return Status(201, _whole(item, actor, now))


@router.get("/{item_id}", response=ItemAnswer, summary="一件事项", operation_id="items_show")
def item_show(request: HttpRequest, item_id: int) -> Any:
    actor, now = actor_of(request), timezone.now()
    return _whole(_seen(actor, item_id), actor, now)


@router.post("/{item_id}/steps/{step}", response=ItemAnswer, summary="办一步", operation_id="items_step")
def item_step(request: HttpRequest, item_id: int, step: str, wanted: ItemStepRequest) -> Any:
    actor, now = actor_of(request), timezone.now()
    item = _seen(actor, item_id)
    owner = _person(item, actor, wanted.owner) if wanted.owner is not None else None
    said = Said(note=wanted.note, values=wanted.values, owner=owner, due_at=wanted.due_at)
    take_step(item=item, step=step, actor=actor, at=now, said=said)
    return _whole(item, actor, now)


@router.post("/{item_id}/notes", response={201: ItemAnswer}, summary="记进展", operation_id="items_note")
def item_note(request: HttpRequest, item_id: int, wanted: ItemNoteRequest) -> Any:
    actor, now = actor_of(request), timezone.now()
    item = _seen(actor, item_id)
    add_note(item=item, text=wanted.text, percent=wanted.percent, actor=actor, at=now)
    return Status(201, _whole(item, actor, now))


@router.post("/{item_id}/files", response={201: ItemAnswer}, summary="附凭据", operation_id="items_files")
def item_files(request: HttpRequest, item_id: int, photo: File[list[UploadedFile]]) -> Any:
    actor, now = actor_of(request), timezone.now()
    item = _seen(actor, item_id)
    uploads = [Upload(file.name or "", file) for file in photo]
    add_note(item=item, text="", actor=actor, at=now, uploads=uploads)
    return Status(201, _whole(item, actor, now))


@router.patch("/{item_id}", response=ItemAnswer, summary="更改事项", operation_id="items_change")
def item_change(request: HttpRequest, item_id: int, wanted: ItemChangeRequest) -> Any:
    actor, now = actor_of(request), timezone.now()
    item = _seen(actor, item_id)
    changed = Changed(wanted.title, wanted.text, wanted.values, wanted.due_at, wanted.place)
    change_item(item=item, changed=changed, actor=actor, at=now, reason=wanted.reason)
    return _whole(item, actor, now)


@router.post("/{item_id}/people", response={201: ItemAnswer}, summary="加人", operation_id="items_join")
def item_join(request: HttpRequest, item_id: int, wanted: ItemPartRequest) -> Any:
    actor, now = actor_of(request), timezone.now()
    item = _seen(actor, item_id)
    let_in(
        item=item, person=_person(item, actor, wanted.person), part=wanted.part, duty=wanted.duty, actor=actor, at=now
    )
    return Status(201, _whole(item, actor, now))


@router.delete("/{item_id}/people/{row_id}", response=ItemAnswer, summary="移出", operation_id="items_leave")
def item_leave(request: HttpRequest, item_id: int, row_id: int) -> Any:
    actor, now = actor_of(request), timezone.now()
    item = _seen(actor, item_id)
    row = get_object_or_404(ItemPerson.objects.select_related("item", "person"), pk=row_id, item=item)
    let_go(row=row, actor=actor, at=now)
    return _whole(item, actor, now)


def _seen(actor: Person, item_id: int) -> WorkItem:
    return get_object_or_404(items_seen_by(actor, timezone.now()), pk=item_id)


def _person(item: WorkItem, actor: Person, person_id: int) -> Person:
    return get_object_or_404(people_to_ask(item, actor, timezone.now()), pk=person_id)


def _kind(kind: ItemKind) -> dict[str, Any]:
    return {
        "id": kind.id,
        "title": _(kind.title),
        "states": {state.id: _(state.title) for state in kind.states},
        "fields": [
            {
                "id": spec.id, "title": _(spec.title), "type": spec.type, "is_required": spec.is_required,
                "unit": _(spec.unit) if spec.unit else "", "choices": {code: _(word) for code, word in spec.choices},
            }
            for spec in kind.fields
        ],
        "raised_with": [spec.id for spec in kind.raised_with],
        "steps": [
            {
                "id": step.id, "title": _(step.title), "sources": sorted(step.sources), "target": step.target,
                "asks": list(step.asks), "requires": list(step.requires), "note": step.note, "evidence": step.evidence,
                "due": step.due, "names_owner": step.gives == "chosen", "signs": step.signs,
            }
            for step in kind.steps
            if not step.is_inner
        ],
        "parts": {code: _(word) for code, word in kind.parts.items()},
    }  # fmt: skip


def _row(item: WorkItem, now: datetime) -> dict[str, Any]:
    return {
        "id": item.pk,
        "kind": item.kind,
        "title": item.title,
        "state": item.state,
        "body": named(item.body),
        "zone": named(item.zone),
        "owner": named(item.owner),
        "raised_by": named(item.raised_by),
        "raised_at": item.raised_at,
        "due_at": item.due_at,
        "closed_at": item.closed_at,
        "is_overdue": item.is_overdue(now),
        "percent": item.percent,
    }


def _whole(item: WorkItem, actor: Person, now: datetime) -> dict[str, Any]:
    record = record_of(item, now)
    return {
        **_row(item, now),
        "text": item.text,
        "place": item.place,
        "values": item.values,
        "round": item.round,
        "level": item.level,
        "merged_into": item.merged_into_id,
        "part_of": item.part_of_id,
        "open_steps": [step.id for step in steps_open_to(item, actor, now)],
        "history": [
            {"step": row.step, "from_state": row.from_state, "to_state": row.to_state, "by": named(row.by),
             "at": row.at, "note": row.note}
            for row in record.steps
        ],
        "notes": [
            {"id": row.pk, "text": row.text, "percent": row.percent, "by": named(row.by), "at": row.at}
            for row in record.notes
        ],
        "evidence": [
            {"id": row.pk, "name": row.name, "sha256": row.file.sha256 if row.file else None,
             "source": f"{row.source_type}:{row.source_id}" if row.source_type else None, "is_reused": row.is_reused}
            for row in record.evidence
        ],
        "clocks": [
            {"id": clock.spec.id, "title": _(clock.spec.title), "hours": clock.hours,
             "is_running": clock.stopped_at is None, "is_over_target": clock.is_over_target}
            for clock in record.clocks
        ],
        "people": [
            {"id": row.pk, "person": named(row.person), "part": row.part, "duty": row.duty}
            for row in record.people
            if row.until is None
        ],
        "pledges": [
            {"person": named(signed.pledge.person), "digest": signed.pledge.digest,
             "signed_at": signed.pledge.signed_at, "is_current": signed.is_current}
            for signed in record.pledges
        ],
    }  # fmt: skip
