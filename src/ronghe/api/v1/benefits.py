"""效益账: what only this kind of item knows; ideas are raised, listed and stepped at `/work/items`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Field, Query, Router, Schema, Status

from ronghe.api.acting import actor_of
from ronghe.api.v1.shapes import Named, named
from ronghe.domain.benefits.calc.reckoning import LineIn, yuan
from ronghe.domain.benefits.enums import EntryKind
from ronghe.domain.benefits.models import ScheduleGain
from ronghe.domain.benefits.rules import BENEFIT
from ronghe.domain.benefits.selectors.book import FIELDS, Idea, Scope, Told, book_of, ideas_listed, with_lines
from ronghe.domain.benefits.services.booking import reverse_idea, set_shares, verify_idea
from ronghe.domain.benefits.services.gains import enter_gain, verify_gain, withdraw_gain
from ronghe.domain.benefits.services.reckoning import ReckoningIn, estimate_idea, realise_idea
from ronghe.domain.benefits.services.reviewing import LimitUnfit, approve_idea, set_limit
from ronghe.domain.items.models import WorkItem
from ronghe.domain.items.selectors import items_seen_by
from ronghe.domain.items.services.showing import RecordOf
from ronghe.domain.org.models import Person
from ronghe.domain.org.selectors.people import bodies_seen_by, people_seen_by
from ronghe.domain.projects.selectors import projects_seen_by
from ronghe.domain.zones.selectors import zones_seen_by
from ronghe.kernel.errors import NotFound

router = Router(tags=["benefits"])
AT_ONCE = 500


class BenefitLine(Schema):
    what: str = Field(max_length=80)
    unit: str = Field("", max_length=12)
    before_quantity: Decimal = Field(description="原来的数量，最多 3 位小数")
    before_price: Decimal = Field(description="原来的单价，元，最多 2 位小数")
    after_quantity: Decimal
    after_price: Decimal


class BenefitReckonRequest(Schema):
    lines: list[BenefitLine] = []
    days_before: int = 0
    days_after: int = 0
    basis: str = Field(max_length=1000, description="数从哪里来")
    note: str = Field("", max_length=1000)
    evidence: list[str] = Field([], description="平台里的记录，如 work.task:12")


class BenefitNoteRequest(Schema):
    note: str = Field("", max_length=1000)


class BenefitReverseRequest(Schema):
    reason: str = Field(max_length=1000)


class BenefitShareIn(Schema):
    person: int
    percent: Decimal


class BenefitSharesRequest(Schema):
    shares: list[BenefitShareIn]


class BenefitReckonedLine(BenefitLine):
    saved: Decimal


class BenefitReckoned(Schema):
    amount: Decimal
    days: int
    number: int
    basis: str
    by: Named
    lines: list[BenefitReckonedLine]


class BenefitEntryAnswer(Schema):
    id: int
    kind: EntryKind
    amount: Decimal
    days: int
    booked_on: date
    by: Named
    reason: str


class BenefitShareAnswer(Schema):
    person: Named
    percent: Decimal
    amount: Decimal = Field(description="相当于多少元，不入账")


class BenefitIdea(Schema):
    id: int
    title: str
    state: str
    project: Named | None
    estimate: BenefitReckoned | None
    actual: BenefitReckoned | None
    entries: list[BenefitEntryAnswer]
    shares: list[BenefitShareAnswer]


class BenefitSums(Schema):
    estimated: Decimal
    approved: Decimal
    realised: Decimal
    verified: Decimal
    reversed: Decimal
    net: Decimal


class BenefitMonth(BenefitSums):
    month: date


class BenefitGainAnswer(Schema):
    id: int
    project: Named
    days: int
    is_verified: bool


class BenefitBook(Schema):
    total: BenefitSums
    months: list[BenefitMonth]
    days: int
    days_apart: int = Field(description="天数可能重叠、不相加的效益点个数")
    gains: list[BenefitGainAnswer]
    ideas: list[BenefitIdea] = Field(description="最多 500 个")


class BenefitGainRequest(Schema):
    days: int
    basis: str = Field(max_length=400)


class BenefitLimitRequest(Schema):
    amount: Decimal | None = Field(description="超过多少元要上级复审；空为不要")


@router.get("/book", response=BenefitBook, summary="效益账", operation_id="benefits_book")
def benefit_book(
    request: HttpRequest, zone: int | None = None, body: int | None = None, project: int | None = None,
    year: int | None = Query(None, ge=1, le=9998),
) -> Any:  # fmt: skip
    actor, now = actor_of(request), timezone.now()
    scope = Scope(
        zone=get_object_or_404(zones_seen_by(actor, now), pk=zone) if zone is not None else None,
        body=get_object_or_404(bodies_seen_by(actor, now), pk=body) if body is not None else None,
        project=get_object_or_404(projects_seen_by(actor, now), pk=project) if project is not None else None,
        year=year,
    )
    book = book_of(scope, actor, now)
    return {
        "total": _sums(book.total),
        "months": [{"month": month, **_sums(sums)} for month, sums in book.months],
        "days": book.days.sum,
        "days_apart": book.days.apart,
        "gains": [_gain(gain) for gain in book.gains],
        "ideas": [_idea(idea) for idea in with_lines(list(ideas_listed(scope, actor, now)[:AT_ONCE]))],
    }


@router.get("/{item_id}", response=BenefitIdea, summary="效益点的测算、账和份额", operation_id="benefits_show")
def benefit_show(request: HttpRequest, item_id: int) -> Any:
    return _idea(with_lines([_seen(actor_of(request), item_id)])[0])


@router.post("/{item_id}/estimate", response=BenefitIdea, summary="测算效益", operation_id="benefits_estimate")
def benefit_estimate(request: HttpRequest, item_id: int, wanted: BenefitReckonRequest) -> Any:
    actor, now = actor_of(request), timezone.now()
    item = _seen(actor, item_id)
    estimate_idea(item=item, reckoning=_reckoning(wanted), actor=actor, at=now, records=_records(wanted.evidence))
    return _idea(with_lines([item])[0])


@router.post("/{item_id}/realise", response=BenefitIdea, summary="填报实际效益", operation_id="benefits_realise")
def benefit_realise(request: HttpRequest, item_id: int, wanted: BenefitReckonRequest) -> Any:
    actor, now = actor_of(request), timezone.now()
    item = _seen(actor, item_id)
    realise_idea(
        item=item,
        reckoning=_reckoning(wanted),
        actor=actor,
        at=now,
        records=_records(wanted.evidence),
        note=wanted.note,
    )
    return _idea(with_lines([item])[0])


@router.post("/{item_id}/approve", response=BenefitIdea, summary="审核通过", operation_id="benefits_approve")
def benefit_approve(request: HttpRequest, item_id: int, wanted: BenefitNoteRequest) -> Any:
    actor, now = actor_of(request), timezone.now()
    item = approve_idea(item=_seen(actor, item_id), actor=actor, at=now, note=wanted.note)
    return _idea(with_lines([item])[0])


@router.post("/{item_id}/verify", response=BenefitIdea, summary="核定入账", operation_id="benefits_verify")
def benefit_verify(request: HttpRequest, item_id: int, wanted: BenefitNoteRequest) -> Any:
    actor, now = actor_of(request), timezone.now()
    item = _seen(actor, item_id)
    verify_idea(item=item, actor=actor, at=now, note=wanted.note)
    return _idea(with_lines([item])[0])


@router.post("/{item_id}/reverse", response=BenefitIdea, summary="冲回", operation_id="benefits_reverse")
def benefit_reverse(request: HttpRequest, item_id: int, wanted: BenefitReverseRequest) -> Any:
    actor, now = actor_of(request), timezone.now()
    item = _seen(actor, item_id)
    reverse_idea(item=item, reason=wanted.reason, actor=actor, at=now)
    return _idea(with_lines([item])[0])


@router.put("/{item_id}/shares", response=BenefitIdea, summary="定功劳份额", operation_id="benefits_set_shares")
def benefit_shares(request: HttpRequest, item_id: int, wanted: BenefitSharesRequest) -> Any:
    actor, now = actor_of(request), timezone.now()
    item = _seen(actor, item_id)
    people = {row.pk: row for row in people_seen_by(actor, now).filter(pk__in=[one.person for one in wanted.shares])}
    if any(one.person not in people for one in wanted.shares):
        raise NotFound
    shares = [(people[one.person], one.percent) for one in wanted.shares]
    set_shares(item=item, shares=shares, actor=actor, at=now)
    return _idea(with_lines([item])[0])


@router.post(
    "/gains/{project_id}", response={201: BenefitGainAnswer}, summary="登记项目工期节约",
    operation_id="benefits_enter_gain",
)  # fmt: skip
def benefit_gain_enter(request: HttpRequest, project_id: int, wanted: BenefitGainRequest) -> Any:
    actor, now = actor_of(request), timezone.now()
    project = get_object_or_404(projects_seen_by(actor, now), pk=project_id)
    return Status(201, _gain(enter_gain(project=project, days=wanted.days, basis=wanted.basis, actor=actor, at=now)))


@router.post(
    "/gains/{gain_id}/verify",
    response=BenefitGainAnswer,
    summary="核定项目工期节约",
    operation_id="benefits_verify_gain",
)
def benefit_gain_verify(request: HttpRequest, gain_id: int) -> Any:
    actor, now = actor_of(request), timezone.now()
    return _gain(verify_gain(gain=_seen_gain(actor, gain_id), actor=actor, at=now))


@router.post(
    "/gains/{gain_id}/withdraw", response=BenefitGainAnswer, summary="撤下项目工期节约",
    operation_id="benefits_withdraw_gain",
)  # fmt: skip
def benefit_gain_withdraw(request: HttpRequest, gain_id: int, wanted: BenefitReverseRequest) -> Any:
    actor, now = actor_of(request), timezone.now()
    return _gain(withdraw_gain(gain=_seen_gain(actor, gain_id), reason=wanted.reason, actor=actor, at=now))


@router.put("/limits/{body_id}", response={204: None}, summary="定复审金额", operation_id="benefits_set_limit")
def benefit_limit(request: HttpRequest, body_id: int, wanted: BenefitLimitRequest) -> Any:
    actor, now = actor_of(request), timezone.now()
    body = get_object_or_404(bodies_seen_by(actor, now), pk=body_id)
    amount = wanted.amount
    if amount is not None and (
        not amount.is_finite() or abs(amount) > 10**12 or amount != amount.quantize(Decimal("0.01"))
    ):
        raise LimitUnfit
    set_limit(body=body, fen=None if amount is None else int(amount * 100), actor=actor, at=now)
    return Status(204, None)


def _seen(actor: Person, item_id: int) -> WorkItem:
    rows = items_seen_by(actor, timezone.now()).filter(kind=BENEFIT.id).select_related("project", "benefit")
    item: WorkItem = get_object_or_404(rows, pk=item_id)
    return item


def _seen_gain(actor: Person, gain_id: int) -> ScheduleGain:
    projects = projects_seen_by(actor, timezone.now()).order_by().values("pk")
    rows = ScheduleGain.objects.filter(withdrawn_at=None, project__in=projects).select_related("project")
    return get_object_or_404(rows, pk=gain_id)


def _reckoning(wanted: BenefitReckonRequest) -> ReckoningIn:
    lines = [LineIn(**line.dict()) for line in wanted.lines]
    return ReckoningIn(lines, wanted.days_before, wanted.days_after, wanted.basis)


def _records(given: Sequence[str]) -> list[RecordOf]:
    found = []
    for one in given:
        label, colon, key = one.partition(":")
        if not colon or not key.isascii() or not key.isdigit() or len(key) > 18 or len(label) > 48:
            raise NotFound
        found.append(RecordOf(label, int(key), one))
    return found


def _sums(sums: Any) -> dict[str, Decimal]:
    return {name: yuan(getattr(sums, name)) for name in (*FIELDS, "net")}


def _told(told: Told | None) -> dict[str, Any] | None:
    if told is None:
        return None
    row = told.reckoning
    lines = [
        {
            "what": line.what, "unit": line.unit, "before_quantity": line.before_quantity,
            "before_price": line.before_price, "after_quantity": line.after_quantity, "after_price": line.after_price,
            "saved": line.yuan,
        }
        for line in told.lines
    ]  # fmt: skip
    return {
        "amount": row.yuan, "days": row.days, "number": row.number, "basis": row.basis, "by": named(row.by), "lines": lines,
    }  # fmt: skip


def _idea(idea: Idea) -> dict[str, Any]:
    item = idea.item
    return {
        "id": item.pk,
        "title": item.title,
        "state": item.state,
        "project": named(item.project),
        "estimate": _told(idea.estimate),
        "actual": _told(idea.actual),
        "entries": [
            {
                "id": entry.pk, "kind": entry.kind, "amount": entry.yuan, "days": entry.days,
                "booked_on": entry.booked_on, "by": named(entry.by), "reason": entry.reason,
            }
            for entry in idea.entries
        ],
        "shares": [
            {"person": named(share.person), "percent": share.percent, "amount": yuan(fen)} for share, fen in idea.shares
        ],
    }  # fmt: skip


def _gain(gain: ScheduleGain) -> dict[str, Any]:
    return {
        "id": gain.pk, "project": named(gain.project), "days": gain.days, "is_verified": gain.verified_at is not None,
    }  # fmt: skip
