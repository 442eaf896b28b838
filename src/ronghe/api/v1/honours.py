"""荣誉台账和荣誉目录."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Field, File, Form, Query, Router, Schema, Status, UploadedFile

from ronghe.api.acting import actor_of
from ronghe.api.uploads import laid_out, stored_file, upload_of
from ronghe.api.v1.shapes import PAGE_SIZE, Named, Page, listed_answer, named
from ronghe.domain.honours.enums import Aspect, HolderKind, HonourLevel, TermFilter
from ronghe.domain.honours.models import Honour, HonourTitle
from ronghe.domain.honours.selectors.register import (
    bodies_to_enter_for,
    bodies_with_catalogue,
    honours_filtered,
    honours_seen_by,
    list_honours,
    titles,
)
from ronghe.domain.honours.services.catalogue import (
    LONGEST_TERM,
    TitleText,
    keep_title,
    retire_title,
    take_over_shipped,
)
from ronghe.domain.honours.services.importing import import_honours
from ronghe.domain.honours.services.register import HonourText, enter_honour, withdraw_honour
from ronghe.domain.org.models import Person
from ronghe.domain.org.rules import SEE_PERSON
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.work.services.files import Upload

router = Router(tags=["honours"])


class HonourTitleRow(Schema):
    id: int
    name: str
    level: HonourLevel
    goes_to: HolderKind
    term_months: int | None
    aspects: list[str] = Field(description="评选时要的意见")
    is_retired: bool
    body: Named


class HonourTitleRequest(Schema):
    name: str = Field(max_length=60)
    level: HonourLevel
    goes_to: HolderKind
    term_months: int | None = Field(None, ge=1, le=LONGEST_TERM)
    aspects: list[Aspect] | None = None


class HonourTitleRetiring(Schema):
    is_retired: bool


class HonourRow(Schema):
    id: int
    title: str
    level: HonourLevel
    kind: HolderKind
    holder: str
    body: Named
    year: int
    issuer: str
    document_number: str
    awarded_on: date
    ends_on: date | None
    state: str = Field(description="valid、withdrawn")
    withdrawn_reason: str


class HonourRequest(Schema):
    title: int
    year: int
    body: int
    issuer: str = Field(max_length=80)
    awarded_on: date
    person: int | None = None
    team: str = Field("", max_length=80)
    document_number: str = Field("", max_length=60)
    ends_on: date | None = None


class HonourReason(Schema):
    reason: str = Field(max_length=400)


class HonoursImported(Schema):
    rows: int
    added: int
    same: int
    is_dry: bool


class TitlesTaken(Schema):
    added: int


@router.get("", response=Page[HonourRow], summary="荣誉台账", operation_id="honours_list")
def honour_list(
    request: HttpRequest, q: str = "", level: str = "", year: int | None = None, kind: str = "",
    term: TermFilter | None = None, page: int = Query(1, ge=1),
) -> Any:  # fmt: skip
    now = timezone.now()
    rows = honours_filtered(local_day(now), words=q, level=level, year=year, kind=kind, term=term.value if term else "")
    return listed_answer(list_honours(actor_of(request), now, rows, page=page, size=PAGE_SIZE), _row)


@router.post("", response={201: HonourRow}, summary="登记荣誉", operation_id="honours_enter")
def honour_enter(request: HttpRequest, wanted: HonourRequest) -> Status[Any]:
    return Status(201, _entered(request, wanted, None))


@router.post(
    "/with-proof", response={201: HonourRow}, summary="登记荣誉，附证明材料", operation_id="honours_enter_with_proof"
)
def honour_enter_with_proof(
    request: HttpRequest, wanted: Form[HonourRequest], proof: File[UploadedFile]
) -> Status[Any]:  # fmt: skip
    """证明材料是照片或 PDF；照片里的位置和机型会去掉。"""
    return Status(201, _entered(request, wanted, upload_of(proof)))


@router.get("/{int:honour_id}/proof", summary="荣誉的证明材料", operation_id="honours_proof")
def honour_proof(request: HttpRequest, honour_id: int) -> HttpResponseBase:
    found = get_object_or_404(honours_seen_by(actor_of(request), timezone.now()), pk=honour_id, proof__isnull=False)
    return stored_file(found.proof)


def _entered(request: HttpRequest, wanted: HonourRequest, proof: Upload | None) -> dict[str, Any]:
    actor, now = actor_of(request), timezone.now()
    given = wanted.dict(exclude={"title", "body", "person"})
    people = SEE_PERSON.narrow(actor, Person.objects.all(), at=now)
    text = HonourText(
        **given, title=get_object_or_404(HonourTitle, pk=wanted.title),
        body=get_object_or_404(bodies_to_enter_for(actor, now), pk=wanted.body),
        person=get_object_or_404(people, pk=wanted.person) if wanted.person is not None else None,
    )  # fmt: skip
    return _row(enter_honour(text=text, upload=proof, actor=actor, at=now))


@router.post("/import", response=HonoursImported, summary="导入荣誉台账", operation_id="honours_import")
def honours_import(request: HttpRequest, file: File[UploadedFile], dry_run: Form[bool] = True) -> Any:
    """一行一项荣誉；不写 dry_run=false 只检查。有一行不对就一行也不写。"""
    with laid_out(file) as path:
        return import_honours(
            path=path, name=file.name or "", actor=actor_of(request), at=timezone.now(), dry_run=dry_run
        )


@router.get("/titles", response=list[HonourTitleRow], summary="荣誉目录", operation_id="honours_titles")
def title_list(request: HttpRequest, with_retired: bool = False) -> Any:  # noqa: ARG001 - everybody reads it
    return [_title(row) for row in titles(with_retired=with_retired)]


@router.post("/titles", response={201: HonourTitleRow}, summary="加荣誉名称", operation_id="honours_title_add")
def title_add(request: HttpRequest, body: int, wanted: HonourTitleRequest) -> Status[Any]:
    actor, now = actor_of(request), timezone.now()
    found = get_object_or_404(bodies_with_catalogue(actor, now), pk=body)
    return Status(201, _title(keep_title(body=found, text=_text(wanted), actor=actor, at=now)))


@router.post("/titles/take-over", response=TitlesTaken, summary="放入常用荣誉", operation_id="honours_titles_take_over")
def titles_take_over(request: HttpRequest, body: int) -> Any:
    actor, now = actor_of(request), timezone.now()
    found = get_object_or_404(bodies_with_catalogue(actor, now), pk=body)
    return {"added": take_over_shipped(body=found, actor=actor, at=now)}


@router.put("/titles/{title_id}", response=HonourTitleRow, summary="改荣誉名称", operation_id="honours_title_change")
def title_change(request: HttpRequest, title_id: int, wanted: HonourTitleRequest) -> Any:
    title = get_object_or_404(HonourTitle.objects.select_related("body"), pk=title_id)
    actor, now = actor_of(request), timezone.now()
    return _title(keep_title(body=title.body, text=_text(wanted), title=title, actor=actor, at=now))


@router.post(
    "/titles/{title_id}/retire", response=HonourTitleRow, summary="停用或恢复", operation_id="honours_title_retire"
)
def title_retire(request: HttpRequest, title_id: int, wanted: HonourTitleRetiring) -> Any:
    title = get_object_or_404(HonourTitle.objects.select_related("body"), pk=title_id)
    return _title(retire_title(title=title, is_retired=wanted.is_retired, actor=actor_of(request), at=timezone.now()))


@router.get("/{honour_id}", response=HonourRow, summary="一项荣誉", operation_id="honours_detail")
def honour_detail(request: HttpRequest, honour_id: int) -> Any:
    return _row(_seen(request, honour_id))


@router.post("/{honour_id}/withdraw", response=HonourRow, summary="撤销荣誉", operation_id="honours_withdraw")
def honour_withdraw(request: HttpRequest, honour_id: int, wanted: HonourReason) -> Any:
    honour = _seen(request, honour_id)
    return _row(withdraw_honour(honour=honour, reason=wanted.reason, actor=actor_of(request), at=timezone.now()))


def _seen(request: HttpRequest, honour_id: int) -> Honour:
    return get_object_or_404(honours_seen_by(actor_of(request), timezone.now()), pk=honour_id)


def _text(wanted: HonourTitleRequest) -> TitleText:
    given = wanted.dict(exclude={"aspects"})
    return (
        TitleText(**given) if wanted.aspects is None else TitleText(**given, aspects=[a.value for a in wanted.aspects])
    )


def _title(row: HonourTitle) -> dict[str, Any]:
    return {
        "id": row.pk, "name": row.name, "level": row.level, "goes_to": row.goes_to, "term_months": row.term_months,
        "aspects": row.aspects, "is_retired": row.is_retired, "body": named(row.body),
    }  # fmt: skip


def _row(row: Honour) -> dict[str, Any]:
    return {
        "id": row.pk, "title": row.title.name, "level": row.title.level, "kind": row.kind, "holder": row.holder_name,
        "body": named(row.body), "year": row.year, "issuer": row.issuer, "document_number": row.document_number,
        "awarded_on": row.awarded_on, "ends_on": row.ends_on, "state": row.state,
        "withdrawn_reason": row.withdrawn_reason,
    }  # fmt: skip
