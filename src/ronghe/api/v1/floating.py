"""流动党员."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Field, Query, Router, Schema, Status

from ronghe.api.acting import actor_of
from ronghe.api.printing import paper_answer
from ronghe.api.v1.shapes import PAGE_SIZE, Named, Page, listed_answer, named
from ronghe.domain.floating.documents import letter_document, slip_document
from ronghe.domain.floating.enums import StayDirection, StaySource, StayState
from ronghe.domain.floating.models import FloatingStay
from ronghe.domain.floating.rules import SEE_STAY
from ronghe.domain.floating.selectors import (
    away_lines,
    bodies_above,
    branches_to_agree_on,
    candidates,
    homes_of,
    hosts,
    kept_slip,
    members_at_home,
    stays_seen_by,
    stays_to_answer,
)
from ronghe.domain.floating.services.away import agree_sides, note_away, note_contact
from ronghe.domain.floating.services.stays import (
    Home,
    acknowledge_slip,
    acknowledge_stay,
    attach_many,
    attach_stay,
    dismiss_stay,
    end_stay,
    find_by_hand,
    find_stay,
    inform_home,
    verify_stay,
)
from ronghe.domain.org.enums import HOME_KINDS, PoliticalStatus
from ronghe.domain.org.models import PartyOrg, Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.org.selectors.people import units_seen_by
from ronghe.kernel.access.listing import list_seen
from ronghe.kernel.printing import PaperForm

router = Router(tags=["floating"])
SHOWN = 500


class SlipRow(Schema):
    kind: str = Field(description="事实类别")
    title: str
    count: int
    hours: str = Field(description="学时，没有为空")


class StayRow(Schema):
    id: int
    person: Named
    direction: StayDirection
    state: StayState = Field(
        description="found 待核实；verified 已核实；attached 已编入；away 外出中；left 已离场；dismissed 不属于流动党员"
    )
    source: StaySource
    body: Named
    unit: Named | None
    home: str = Field(description="原党支部名称")
    found_on: date
    attached_on: date | None
    left_on: date | None
    informed_at: datetime | None
    acknowledged_at: datetime | None
    slip_acknowledged_at: datetime | None
    has_vote_here: bool = Field(description="流入的党员在流入地没有表决权（PF-02）")


class StayAnswer(StayRow):
    slip: list[SlipRow] = Field(description="离场回执的内容")


class CandidateRow(Schema):
    id: int
    name: str
    unit: Named | None
    outside_home_branch: str | None


class AwayRow(Schema):
    stay: StayRow
    last_on: date | None
    due_on: date | None = Field(description="出国（境）党员下次联系的期限（PF-04）")
    is_overdue: bool


class HomeRequest(Schema):
    branch: int | None = Field(None, description="原党支部在本平台时的编号")
    name: str = Field("", max_length=80)
    contact: str = Field("", max_length=40)
    phone: str = Field("", max_length=40)


class ByHandRequest(HomeRequest):
    person_name: str = Field(min_length=1, max_length=40)
    status: Literal["full_member", "probationary_member"] = "full_member"
    unit: int = Field(description="在哪个单位干活")
    body: int = Field(description="由哪个组织接收")


class SidesRequest(Schema):
    host: int = Field(description="流入地党组织编号，是上级之一")
    home: str = Field(min_length=1, max_length=80, description="流出地党组织")
    document: str = Field(min_length=1, max_length=120, description="商定文件")
    on: date | None = Field(None, description="哪天商定的，不写为今天")


class SidesAnswer(Schema):
    body: Named
    host: Named
    home: str
    document: str
    agreed_on: date


class FindRequest(Schema):
    person: int
    body: int


class BulkRequest(Schema):
    people: list[int] = Field(min_length=1, max_length=200)
    body: int
    contact: str = Field("", max_length=40)
    phone: str = Field("", max_length=40)


class AttachRequest(Schema):
    body: int
    since: date


class StayDayRequest(Schema):
    on: date


class ContactRequest(StayDayRequest):
    note: str = Field("", max_length=200)


class StayReasonRequest(Schema):
    reason: str = Field(max_length=200)


class AwayRequest(Schema):
    person: int
    body: int = Field(description="本人组织关系所在的党支部")
    since: date
    back_by: date | None = None
    destination: str = Field(max_length=80)
    is_abroad: bool = False


@router.get("", response=Page[StayRow], summary="流动党员清单", operation_id="floating_list")
def stay_list(request: HttpRequest, state: StayState | None = None, page: int = Query(1, ge=1)) -> Any:
    rows: Any = FloatingStay.objects.select_related("person", "body", "unit", "home_branch")
    if state is not None:
        rows = rows.filter(state=state)
    actor, now = actor_of(request), timezone.now()
    listed = list_seen(SEE_STAY, actor, rows, order_by=["-found_on"], at=now, page=page, size=PAGE_SIZE)
    return listed_answer(listed, _row)


@router.post("", response={201: StayRow}, summary="登记一名流动党员", operation_id="floating_find")
def stay_find(request: HttpRequest, wanted: FindRequest) -> Status[Any]:
    actor, now = actor_of(request), timezone.now()
    person = get_object_or_404(candidates(actor, now), pk=wanted.person)
    body = get_object_or_404(hosts(actor, now), pk=wanted.body)
    return Status(201, _row(find_stay(person=person, body=body, actor=actor, at=now)))


@router.get(
    "/candidates", response=list[CandidateRow], summary="平台发现的流动党员", operation_id="floating_candidates"
)
def candidate_list(request: HttpRequest) -> Any:
    return list(candidates(actor_of(request), timezone.now())[:SHOWN])


@router.post(
    "/by-hand", response={201: StayRow}, summary="手工登记名册里没有的人", operation_id="floating_find_by_hand"
)
def stay_by_hand(request: HttpRequest, wanted: ByHandRequest) -> Status[Any]:
    actor, now = actor_of(request), timezone.now()
    stay = find_by_hand(
        name=wanted.person_name, unit=get_object_or_404(units_seen_by(actor, now), pk=wanted.unit),
        body=get_object_or_404(hosts(actor, now), pk=wanted.body), status=PoliticalStatus[wanted.status.upper()],
        home=_home_of(wanted), actor=actor, at=now,
    )  # fmt: skip
    return Status(201, _row(stay))


@router.post(
    "/branches/{body_id}/sides", response={201: SidesAnswer}, summary="登记流动党员党支部的商定文件",
    operation_id="floating_agree_sides",
)  # fmt: skip
def sides_agree(request: HttpRequest, body_id: int, wanted: SidesRequest) -> Status[Any]:
    actor, now = actor_of(request), timezone.now()
    branch = get_object_or_404(branches_to_agree_on(actor, now), pk=body_id)
    host = get_object_or_404(bodies_above(branch), pk=wanted.host)
    made = agree_sides(
        body=branch, host=host, home=wanted.home, document=wanted.document, on=wanted.on or local_day(now), actor=actor,
        at=now,
    )  # fmt: skip
    answer = {"body": named(branch), "host": named(host), "home": made.home, "document": made.document}
    return Status(201, answer | {"agreed_on": made.agreed_on})


@router.post("/bulk", response={201: list[StayRow]}, summary="批量登记并编入", operation_id="floating_bulk")
def stays_bulk(request: HttpRequest, wanted: BulkRequest) -> Status[Any]:
    actor, now = actor_of(request), timezone.now()
    people = list(candidates(actor, now).filter(pk__in=wanted.people))
    body = get_object_or_404(hosts(actor, now), pk=wanted.body)
    home = Home(contact=wanted.contact, phone=wanted.phone)
    stays = attach_many(people=people, body=body, home=home, since=local_day(now), actor=actor, at=now)
    return Status(201, [_row(stay) for stay in stays])


@router.get("/waiting", response=list[StayRow], summary="等本支部确认的", operation_id="floating_waiting")
def waiting(request: HttpRequest) -> Any:
    return [_row(stay) for stay in stays_to_answer(actor_of(request), timezone.now())[:SHOWN]]


@router.get("/away", response=list[AwayRow], summary="本支部外出党员", operation_id="floating_away")
def away(request: HttpRequest, due: bool = Query(False, description="只看该联系的")) -> Any:
    lines = away_lines(actor_of(request), timezone.now(), only_due=due)
    return [
        {"stay": _row(line.stay), "last_on": line.last_on, "due_on": line.due_on, "is_overdue": line.is_overdue}
        for line in lines
    ]


@router.post("/away", response={201: StayRow}, summary="登记外出", operation_id="floating_note_away")
def away_note(request: HttpRequest, wanted: AwayRequest) -> Status[Any]:
    actor, now = actor_of(request), timezone.now()
    given = wanted.dict()
    person = get_object_or_404(members_at_home(actor, now), pk=given.pop("person"))
    body = get_object_or_404(homes_of(actor, now), pk=given.pop("body"))
    return Status(201, _row(note_away(person=person, body=body, actor=actor, at=now, **given)))


@router.get("/{stay_id}", response=StayAnswer, summary="一名流动党员", operation_id="floating_detail")
def stay_detail(request: HttpRequest, stay_id: int) -> Any:
    return _whole(_seen(actor_of(request), stay_id))


@router.post("/{stay_id}/verify", response=StayAnswer, summary="与原支部核实", operation_id="floating_verify")
def stay_verify(request: HttpRequest, stay_id: int, wanted: HomeRequest) -> Any:
    actor, now = actor_of(request), timezone.now()
    home = _home_of(wanted)
    return _whole(verify_stay(stay=_seen(actor, stay_id), home=home, on=local_day(now), actor=actor, at=now))


@router.post("/{stay_id}/attach", response=StayAnswer, summary="编入", operation_id="floating_attach")
def stay_attach(request: HttpRequest, stay_id: int, wanted: AttachRequest) -> Any:
    actor, now = actor_of(request), timezone.now()
    body = get_object_or_404(hosts(actor, now), pk=wanted.body)
    return _whole(attach_stay(stay=_seen(actor, stay_id), body=body, since=wanted.since, actor=actor, at=now))


@router.post("/{stay_id}/inform", response=StayAnswer, summary="记为已发函", operation_id="floating_inform")
def stay_inform(request: HttpRequest, stay_id: int) -> Any:
    actor = actor_of(request)
    return _whole(inform_home(stay=_seen(actor, stay_id), actor=actor, at=timezone.now()))


@router.post(
    "/{stay_id}/acknowledge", response=StayAnswer, summary="原支部确认知悉", operation_id="floating_acknowledge"
)
def stay_acknowledge(request: HttpRequest, stay_id: int) -> Any:
    actor = actor_of(request)
    return _whole(acknowledge_stay(stay=_seen(actor, stay_id), actor=actor, at=timezone.now()))


@router.post("/{stay_id}/contact", response=StayAnswer, summary="登记联系", operation_id="floating_contact")
def stay_contact(request: HttpRequest, stay_id: int, wanted: ContactRequest) -> Any:
    actor = actor_of(request)
    stay = _seen(actor, stay_id)
    note_contact(stay=stay, on=wanted.on, note=wanted.note, actor=actor, at=timezone.now())
    return _whole(stay)


@router.post("/{stay_id}/end", response=StayAnswer, summary="离场或回来", operation_id="floating_end")
def stay_end(request: HttpRequest, stay_id: int, wanted: StayDayRequest) -> Any:
    actor = actor_of(request)
    return _whole(end_stay(stay=_seen(actor, stay_id), on=wanted.on, actor=actor, at=timezone.now()))


@router.post("/{stay_id}/take-slip", response=StayAnswer, summary="收下回执", operation_id="floating_take_slip")
def slip_acknowledge(request: HttpRequest, stay_id: int) -> Any:
    actor = actor_of(request)
    return _whole(acknowledge_slip(stay=_seen(actor, stay_id), actor=actor, at=timezone.now()))


@router.post("/{stay_id}/dismiss", response=StayAnswer, summary="不属于流动党员", operation_id="floating_dismiss")
def stay_dismiss(request: HttpRequest, stay_id: int, wanted: StayReasonRequest) -> Any:
    actor = actor_of(request)
    return _whole(dismiss_stay(stay=_seen(actor, stay_id), reason=wanted.reason, actor=actor, at=timezone.now()))


@router.get("/{stay_id}/letter.{form}", summary="给原支部的函", operation_id="floating_letter")
def letter_file(request: HttpRequest, stay_id: int, form: PaperForm) -> HttpResponse:
    stay = _seen(actor_of(request), stay_id)
    return paper_answer(request, letter_document(stay, issued_on=local_day(timezone.now())), form, source=stay)


@router.get("/{stay_id}/slip.{form}", summary="离场回执", operation_id="floating_slip")
def slip_file(request: HttpRequest, stay_id: int, form: PaperForm) -> HttpResponse:
    stay = _seen(actor_of(request), stay_id)
    return paper_answer(request, slip_document(stay), form, source=stay)


def _home_of(wanted: HomeRequest) -> Home:
    branches = PartyOrg.objects.filter(valid_until=None, kind__in=HOME_KINDS)
    branch = get_object_or_404(branches, pk=wanted.branch) if wanted.branch is not None else None
    return Home(branch, wanted.name, wanted.contact, wanted.phone)


def _seen(actor: Person, stay_id: int) -> FloatingStay:
    return get_object_or_404(stays_seen_by(actor, timezone.now()).select_related("membership"), pk=stay_id)


def _row(stay: FloatingStay) -> dict[str, Any]:
    return {
        "id": stay.pk, "person": named(stay.person), "direction": stay.direction, "state": stay.state,
        "source": stay.source, "body": named(stay.body), "unit": named(stay.unit), "home": stay.home_name,
        "found_on": stay.found_on, "attached_on": stay.attached_on, "left_on": stay.left_on,
        "informed_at": stay.informed_at, "acknowledged_at": stay.acknowledged_at,
        "slip_acknowledged_at": stay.slip_acknowledged_at, "has_vote_here": stay.has_vote_here,
    }  # fmt: skip


def _whole(stay: FloatingStay) -> dict[str, Any]:
    slip = [
        {"kind": line.kind, "title": line.title, "count": line.count, "hours": line.hours} for line in kept_slip(stay)
    ]
    return {**_row(stay), "slip": slip}
