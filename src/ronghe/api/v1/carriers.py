"""先锋载体: carriers, their people, promises, results and reviews. A promise is an item (`/work/items`), reported here."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Query, Router, Status

from ronghe.api.acting import actor_of
from ronghe.api.printing import paper_answer
from ronghe.api.v1.callups import router as callups
from ronghe.api.v1.carrier_shapes import (
    CarrierAnswer,
    CarrierBoardCard,
    CarrierEndRequest,
    CarrierLoad,
    CarrierPersonRequest,
    CarrierPromise,
    CarrierReasonRequest,
    CarrierRecord,
    CarrierRenewRequest,
    CarrierRequest,
    CarrierResultRequest,
    CarrierReviewRequest,
    CarrierRow,
    CarrierTextRequest,
    PromiseReportRequest,
    PromiseRequest,
    RecordRequest,
)
from ronghe.api.v1.shapes import PAGE_SIZE, Page, listed_answer, named
from ronghe.domain.carriers.documents import carrier_document
from ronghe.domain.carriers.enums import CarrierState, CarrierType
from ronghe.domain.carriers.models import Carrier, CarrierMember, CarrierResult, PromiseLine
from ronghe.domain.carriers.selectors.carriers import (
    bodies_to_propose_for,
    carriers_filtered,
    carriers_seen_by,
    list_carriers,
    people_of,
)
from ronghe.domain.carriers.selectors.promises import (
    board,
    kept_of,
    loads_of,
    promises_of,
    promises_seen_by,
    records_offered,
)
from ronghe.domain.carriers.services.people import add_member, remove_member
from ronghe.domain.carriers.services.promises import Promised, add_promise, drop_promise, report_promise
from ronghe.domain.carriers.services.proposing import (
    CarrierText,
    amend_carrier,
    approve_carrier,
    propose_carrier,
    return_carrier,
    submit_carrier,
    withdraw_carrier,
)
from ronghe.domain.carriers.services.running import (
    end_carrier,
    renew_carrier,
    review_carrier,
    take_back_result,
    write_result,
)
from ronghe.domain.items.services.showing import RecordOf
from ronghe.domain.org.models import Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.projects.selectors import projects_seen_by
from ronghe.domain.taskforces.selectors import forces_seen_by
from ronghe.domain.zones.selectors import zones_seen_by
from ronghe.kernel.errors import NotFound
from ronghe.kernel.printing import PaperForm

router = Router(tags=["carriers"])
router.add_router("/calls", callups)
ACTS = {"approve": approve_carrier, "submit": submit_carrier, "withdraw": withdraw_carrier}
"""Acts that ask nothing but the carrier."""


@router.get("", response=Page[CarrierRow], summary="先锋载体清单", operation_id="carriers_list")
def carrier_list(
    request: HttpRequest, type: CarrierType | None = None, state: CarrierState | None = None, q: str = "",  # noqa: A002
    mine: bool = False, due: bool = False, body: int | None = None, page: int = Query(1, ge=1),
) -> Any:  # fmt: skip
    actor, now = actor_of(request), timezone.now()
    rows = carriers_filtered(
        actor, now, words=q.strip(), type_=type or "", state=state or "", mine=mine, due=due, body=body
    )
    listed = list_carriers(actor, now, rows, page=page, size=PAGE_SIZE)
    kept = kept_of([one.pk for one in listed.rows], now)
    return listed_answer(listed, lambda one: _row(one, kept[one.pk]))


@router.post("", response={201: CarrierAnswer}, summary="提出先锋载体", operation_id="carriers_propose")
def carrier_propose(request: HttpRequest, wanted: CarrierRequest) -> Status[Any]:
    actor, now = actor_of(request), timezone.now()
    body = get_object_or_404(bodies_to_propose_for(actor, now), pk=wanted.body)
    made = propose_carrier(
        type_=wanted.type, text=_text(actor, now, wanted), body=body,
        people=[(_person(one.person), one.part.value, one.duty) for one in wanted.people],
        promises=[_promised(one) for one in wanted.promises], actor=actor, at=now,
    )  # fmt: skip
    return Status(201, _whole(made, now))


@router.get("/board", response=Page[CarrierBoardCard], summary="承诺公示", operation_id="carriers_board")
def carrier_board(
    request: HttpRequest, type: CarrierType | None = None, q: str = "", body: int | None = None,  # noqa: A002
    page: int = Query(1, ge=1),
) -> Any:  # fmt: skip
    actor, now = actor_of(request), timezone.now()
    listed, cards = board(actor, now, words=q.strip(), type_=type or "", body=body, page=page, size=PAGE_SIZE)
    kept = kept_of([card.carrier.pk for card in cards], now)
    by_key = {card.carrier.pk: card for card in cards}
    return listed_answer(
        listed,
        lambda one: {
            "carrier": _row(one, kept[one.pk]), "people": by_key[one.pk].people,
            "promises": [_promise(line) for line in by_key[one.pk].promises],
        },
    )  # fmt: skip


@router.get("/people", response=list[CarrierLoad], summary="谁在几个载体里", operation_id="carriers_people")
def carrier_people(request: HttpRequest, q: str = "", page: int = Query(1, ge=1)) -> Any:
    _count, loads = loads_of(actor_of(request), timezone.now(), words=q.strip(), page=page, size=PAGE_SIZE)
    return [
        {
            "person": named(load.person), "carriers": [named(row.carrier) for row in load.parts],
            "promises": load.promises, "hours": load.hours,
        }
        for load in loads
    ]  # fmt: skip


@router.post(
    "/promises/{item_id}/report", response=CarrierPromise, summary="申报兑现", operation_id="carriers_report_promise"
)
def promise_report(request: HttpRequest, item_id: int, wanted: PromiseReportRequest) -> Any:
    actor, now = actor_of(request), timezone.now()
    line = get_object_or_404(promises_seen_by(actor, now), item_id=item_id)
    report_promise(
        item=line.item, note=wanted.note, actual=wanted.actual, records=_records(wanted.records), actor=actor, at=now
    )
    return _promise(line)


@router.get("/{int:carrier_id}", response=CarrierAnswer, summary="一个先锋载体", operation_id="carriers_detail")
def carrier_detail(request: HttpRequest, carrier_id: int) -> Any:
    return _whole(_seen(actor_of(request), carrier_id), timezone.now())


@router.put("/{int:carrier_id}", response=CarrierAnswer, summary="更改先锋载体", operation_id="carriers_amend")
def carrier_amend(request: HttpRequest, carrier_id: int, wanted: CarrierTextRequest) -> Any:
    actor, now = actor_of(request), timezone.now()
    carrier = _seen(actor, carrier_id)
    return _whole(amend_carrier(carrier=carrier, text=_text(actor, now, wanted), actor=actor, at=now), now)


@router.get(
    "/{int:carrier_id}/records",
    response=list[CarrierRecord],
    summary="可以作证明的记录",
    operation_id="carriers_records",
)
def carrier_records(request: HttpRequest, carrier_id: int) -> Any:
    actor = actor_of(request)
    offered = records_offered(_seen(actor, carrier_id), actor, timezone.now(), most=PAGE_SIZE)
    return [{"source_type": one.source_type, "source_id": one.source_id, "name": one.name} for one in offered]


@router.get("/{int:carrier_id}/print.{form}", summary="公示牌", operation_id="carriers_print")
def carrier_print(request: HttpRequest, carrier_id: int, form: PaperForm) -> HttpResponse:
    carrier, now = _seen(actor_of(request), carrier_id), timezone.now()
    lines = [line for line in promises_of([carrier])[carrier.pk] if line.item.state != "waived"]
    document = carrier_document(carrier, people_of(carrier), lines, printed_on=local_day(now))
    return paper_answer(request, document, form, source=carrier)


@router.post("/{int:carrier_id}/return", response=CarrierAnswer, summary="退回", operation_id="carriers_return")
def carrier_return(request: HttpRequest, carrier_id: int, wanted: CarrierReasonRequest) -> Any:
    actor, now = actor_of(request), timezone.now()
    carrier = _seen(actor, carrier_id)
    return _whole(return_carrier(carrier=carrier, reason=wanted.reason, actor=actor, at=now), now)


@router.post(
    "/{int:carrier_id}/members", response=CarrierAnswer, summary="编入一人", operation_id="carriers_add_member"
)
def member_add(request: HttpRequest, carrier_id: int, wanted: CarrierPersonRequest) -> Any:
    actor, now = actor_of(request), timezone.now()
    carrier, person = _seen(actor, carrier_id), _person(wanted.person)
    add_member(carrier=carrier, person=person, part=wanted.part, duty=wanted.duty, actor=actor, at=now)
    return _whole(_seen(actor, carrier_id), now)


@router.post(
    "/{int:carrier_id}/members/{member_id}/leave",
    response=CarrierAnswer,
    summary="退出",
    operation_id="carriers_remove_member",
)
def member_leave(request: HttpRequest, carrier_id: int, member_id: int) -> Any:
    actor, now = actor_of(request), timezone.now()
    rows = CarrierMember.objects.filter(carrier=_seen(actor, carrier_id), valid_until=None).select_related("carrier")
    remove_member(member=get_object_or_404(rows, pk=member_id), actor=actor, at=now)
    return _whole(_seen(actor, carrier_id), now)


@router.post(
    "/{int:carrier_id}/promises", response=CarrierAnswer, summary="加承诺", operation_id="carriers_add_promise"
)
def promise_add(request: HttpRequest, carrier_id: int, wanted: PromiseRequest) -> Any:
    actor, now = actor_of(request), timezone.now()
    carrier = _seen(actor, carrier_id)
    add_promise(carrier=carrier, promised=_promised(wanted), actor=actor, at=now)
    return _whole(carrier, now)


@router.post(
    "/{int:carrier_id}/promises/{promise_id}/drop",
    response=CarrierAnswer,
    summary="划去还没公示的承诺",
    operation_id="carriers_drop_promise",
)
def promise_drop(request: HttpRequest, carrier_id: int, promise_id: int) -> Any:
    actor, now = actor_of(request), timezone.now()
    carrier = _seen(actor, carrier_id)
    rows = PromiseLine.objects.filter(carrier=carrier).select_related("carrier", "item__owner")
    drop_promise(line=get_object_or_404(rows, pk=promise_id), actor=actor, at=now)
    return _whole(carrier, now)


@router.post(
    "/{int:carrier_id}/results", response=CarrierAnswer, summary="记成果", operation_id="carriers_write_result"
)
def result_write(request: HttpRequest, carrier_id: int, wanted: CarrierResultRequest) -> Any:
    actor, now = actor_of(request), timezone.now()
    carrier = _seen(actor, carrier_id)
    write_result(
        carrier=carrier, text=wanted.text, figure=wanted.figure, unit=wanted.unit, records=_records(wanted.records),
        actor=actor, at=now,
    )  # fmt: skip
    return _whole(carrier, now)


@router.post(
    "/{int:carrier_id}/results/{result_id}/take-back",
    response=CarrierAnswer,
    summary="撤下记错的成果",
    operation_id="carriers_take_back_result",
)
def result_take_back(request: HttpRequest, carrier_id: int, result_id: int) -> Any:
    actor, now = actor_of(request), timezone.now()
    carrier = _seen(actor, carrier_id)
    rows = CarrierResult.objects.filter(carrier=carrier).select_related("carrier")
    take_back_result(result=get_object_or_404(rows, pk=result_id), actor=actor, at=now)
    return _whole(carrier, now)


@router.post("/{int:carrier_id}/review", response=CarrierAnswer, summary="评议", operation_id="carriers_review")
def carrier_review(request: HttpRequest, carrier_id: int, wanted: CarrierReviewRequest) -> Any:
    actor, now = actor_of(request), timezone.now()
    review_carrier(carrier=_seen(actor, carrier_id), grade=wanted.grade, text=wanted.text, actor=actor, at=now)
    return _whole(_seen(actor, carrier_id), now)


@router.post("/{int:carrier_id}/renew", response=CarrierAnswer, summary="续期", operation_id="carriers_renew")
def carrier_renew(request: HttpRequest, carrier_id: int, wanted: CarrierRenewRequest) -> Any:
    actor, now = actor_of(request), timezone.now()
    carrier = _seen(actor, carrier_id)
    return _whole(renew_carrier(carrier=carrier, until_on=wanted.until_on, note=wanted.note, actor=actor, at=now), now)


@router.post("/{int:carrier_id}/end", response=CarrierAnswer, summary="结束", operation_id="carriers_end")
def carrier_end(request: HttpRequest, carrier_id: int, wanted: CarrierEndRequest) -> Any:
    actor, now = actor_of(request), timezone.now()
    carrier = _seen(actor, carrier_id)
    return _whole(end_carrier(carrier=carrier, reason=wanted.reason, note=wanted.note, actor=actor, at=now), now)


@router.post(
    "/{int:carrier_id}/{act}", response=CarrierAnswer, summary="批准、重新提交、撤回", operation_id="carriers_act"
)
def carrier_act(request: HttpRequest, carrier_id: int, act: str) -> Any:
    actor, now = actor_of(request), timezone.now()
    carrier = _seen(actor, carrier_id)
    if act not in ACTS:
        raise NotFound
    return _whole(ACTS[act](carrier=carrier, actor=actor, at=now), now)


def _seen(actor: Person, key: int) -> Carrier:
    found: Carrier = get_object_or_404(carriers_seen_by(actor, timezone.now()), pk=key)
    return found


def _person(key: int) -> Person:
    return get_object_or_404(Person, pk=key)


def _text(actor: Person, now: datetime, wanted: CarrierTextRequest) -> CarrierText:
    """Return what was sent; zone, project and task force are found among those that the actor sees."""

    def among(rows: Any, key: int | None) -> Any:
        return get_object_or_404(rows, pk=key) if key is not None else None

    return CarrierText(
        name=wanted.name, from_on=wanted.from_on, until_on=wanted.until_on, lead=_person(wanted.lead),
        values=wanted.values, place=wanted.place, zone=among(zones_seen_by(actor, now), wanted.zone),
        project=among(projects_seen_by(actor, now), wanted.project),
        force=among(forces_seen_by(actor, now), wanted.force),
    )  # fmt: skip


def _promised(wanted: PromiseRequest) -> Promised:
    return Promised(
        title=wanted.title, measure=wanted.measure, due_on=wanted.due_on, target=wanted.target, unit=wanted.unit,
        direction=wanted.direction.value,
    )  # fmt: skip


def _records(wanted: list[RecordRequest]) -> list[RecordOf]:
    return [RecordOf(one.source_type, one.source_id, "") for one in wanted]


def _row(carrier: Carrier, kept: Any) -> dict[str, Any]:
    names = ("type", "name", "place", "state", "from_on", "until_on", "review_on")
    return {
        "id": carrier.pk, **{name: getattr(carrier, name) for name in names}, "body": named(carrier.body),
        "zone": named(carrier.zone), "project": named(carrier.project), "lead": named(carrier.lead), "kept": kept.kept,
        "not_kept": kept.not_kept, "still_open": kept.still_open,
    }  # fmt: skip


def _promise(line: PromiseLine) -> dict[str, Any]:
    item = line.item
    numbers = {name: item.values.get(name) for name in ("target", "unit", "direction", "actual")}
    return {
        "id": line.pk, "item": item.pk, "number": line.number, "title": item.title, "measure": item.text,
        "due_at": item.due_at, "owner": named(item.owner), "state": item.state, **numbers,
    }  # fmt: skip


def _whole(carrier: Carrier, now: datetime) -> dict[str, Any]:
    results = carrier.results.select_related("by").prefetch_related("records").order_by("-at", "-pk")
    names = ("id", "part", "duty", "valid_from", "valid_until")
    return {
        **_row(carrier, kept_of([carrier.pk], now)[carrier.pk]),
        "values": carrier.values,
        "promises": [_promise(line) for line in promises_of([carrier])[carrier.pk]],
        "people": [
            {"person": named(row.person), **{name: getattr(row, name) for name in names}} for row in people_of(carrier)
        ],
        "results": [_result(row) for row in results],
        "reviews": [
            {"grade": row.grade, "text": row.text, "kept": row.kept, "not_kept": row.not_kept,
             "still_open": row.still_open, "by": named(row.by), "at": row.at}
            for row in carrier.reviews.select_related("by").order_by("-at", "-pk")
        ],
    }  # fmt: skip


def _result(row: CarrierResult) -> dict[str, Any]:
    return {
        "id": row.pk, "text": row.text, "figure": row.figure, "unit": row.unit, "by": named(row.by), "at": row.at,
        "is_taken_back": row.taken_back_at is not None,
        "records": [
            {"source_type": one.source_type, "source_id": one.source_id, "name": one.name} for one in row.records.all()
        ],
    }  # fmt: skip
