"""观摩、对标、走出去请进来: visits, figures side by side, and what was taken home."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Field, Query, Router, Schema, Status

from ronghe.api.acting import actor_of
from ronghe.api.printing import paper_answer
from ronghe.api.v1.shapes import PAGE_SIZE, Named, Page, listed_answer, named
from ronghe.domain.exchange.documents import visit_document
from ronghe.domain.exchange.enums import Better, PracticeState, VisitDirection, VisitState
from ronghe.domain.exchange.models import LearningVisit, Practice
from ronghe.domain.exchange.selectors.circles import bodies_to_visit_for, hosts_named, people_around
from ronghe.domain.exchange.selectors.visits import (
    adoption_of,
    benchmarks_of,
    list_practices,
    list_visits,
    practices_seen_by,
    visits_seen_by,
)
from ronghe.domain.exchange.services.planning import plan_visit_activity
from ronghe.domain.exchange.services.practices import (
    PracticeResult,
    offer_practice,
    reopen_practice,
    settle_practice,
    take_home,
)
from ronghe.domain.exchange.services.visits import (
    BenchmarkText,
    VisitText,
    answer_visit,
    call_off_visit,
    follow_benchmark,
    hold_visit,
    note_benchmark,
    plan_visit,
    write_seen,
)
from ronghe.domain.org.models import Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.kernel.errors import NotFound
from ronghe.kernel.printing import PaperForm

router = Router(tags=["exchange"])


class LearningVisitRow(Schema):
    id: int
    direction: VisitDirection
    body: Named
    host_name: str
    purpose: str
    day: date
    state: VisitState
    visitors: int
    taken: int = Field(description="带回的做法")
    used: int


class BenchmarkRow(Schema):
    id: int
    indicator: str
    unit: str
    better: Better
    ours: Decimal
    theirs: Decimal
    gap: Decimal = Field(description="正数是我们落后")
    target: Decimal | None
    due_on: date | None
    owner: Named | None
    actual: Decimal | None
    is_reached: bool | None


class PracticeRow(Schema):
    id: int
    title: str
    visit: int
    owner: Named
    due_on: date
    state: PracticeState
    is_offered: bool
    change: str = Field(description="前后变化")
    said: str


class LearningVisitAnswer(Schema):
    id: int
    direction: VisitDirection
    body: Named
    host_name: str
    host_body: Named | None
    purpose: str
    day: date
    place: str
    state: VisitState
    activity: int | None
    seen: str
    thanks: str
    visitors: list[Named]
    benchmarks: list[BenchmarkRow]
    practices: list[PracticeRow]


class AdoptionAnswer(Schema):
    taken: int
    used: int
    partly: int
    refused: int
    waiting: int
    rate: Decimal | None = Field(description="填写过的里面采用和部分采用的百分比")


class LearningVisitRequest(Schema):
    body: int
    direction: VisitDirection
    day: date
    place: str = Field(max_length=80)
    purpose: str = Field(max_length=120)
    host_body: int | None = None
    host_name: str = Field("", max_length=80)
    to_see: str = Field("", max_length=400)


class VisitHoldRequest(Schema):
    people: list[int] = Field(min_length=1, max_length=300)
    seen: str = Field("", max_length=1000)


class VisitSpanRequest(Schema):
    scheduled_from: datetime
    scheduled_until: datetime


class VisitSeenRequest(Schema):
    seen: str = Field(max_length=1000)


class VisitThanksRequest(Schema):
    thanks: str = Field(max_length=400)


class BenchmarkRequest(Schema):
    indicator: str = Field(max_length=60)
    better: Better
    ours: Decimal = Field(max_digits=14, decimal_places=4)
    theirs: Decimal = Field(max_digits=14, decimal_places=4)
    unit: str = Field("", max_length=12)
    target: Decimal | None = Field(None, max_digits=14, decimal_places=4)
    due_on: date | None = None
    measure: str = Field("", max_length=200)
    owner: int | None = None


class BenchmarkFollowRequest(Schema):
    actual: Decimal = Field(max_digits=14, decimal_places=4)


class TakenPracticeRequest(Schema):
    title: str = Field(max_length=80)
    owner: int
    text: str = Field("", max_length=600)


class PracticeResultRequest(Schema):
    outcome: PracticeState
    said: str = Field("", max_length=400)
    figure: str = Field("", max_length=40)
    unit: str = Field("", max_length=12)
    before: Decimal | None = Field(None, max_digits=14, decimal_places=4)
    after: Decimal | None = Field(None, max_digits=14, decimal_places=4)


class PracticeOfferRequest(Schema):
    is_offered: bool = True


@router.get("", response=Page[LearningVisitRow], summary="观摩学习", operation_id="exchange_visits")
def visit_list(
    request: HttpRequest, q: str = Query("", max_length=40), direction: VisitDirection | None = None,
    page: int = Query(1, ge=1),
) -> Any:  # fmt: skip
    rows = list_visits(
        actor_of(request), timezone.now(), words=q, direction=direction or "", page=page,
        size=PAGE_SIZE,
    )  # fmt: skip
    return listed_answer(rows, _row)


@router.post("", response={201: LearningVisitAnswer}, summary="安排观摩", operation_id="exchange_visit_plan")
def visit_plan(request: HttpRequest, wanted: LearningVisitRequest) -> Status[Any]:
    actor, now = actor_of(request), timezone.now()
    body = get_object_or_404(bodies_to_visit_for(actor, now), pk=wanted.body)
    host = get_object_or_404(hosts_named(""), pk=wanted.host_body) if wanted.host_body is not None else None
    text = VisitText(**wanted.dict(exclude={"body", "host_body"}), host_body=host)
    return Status(201, _whole(plan_visit(body=body, text=text, actor=actor, at=now)))


@router.get("/practices", response=Page[PracticeRow], summary="我们的做法", operation_id="exchange_practices")
def practice_list(
    request: HttpRequest, q: str = Query("", max_length=40), state: PracticeState | None = None, offered: bool = False,
    page: int = Query(1, ge=1),
) -> Any:  # fmt: skip
    rows = list_practices(
        actor_of(request), timezone.now(), words=q, state=state or "", offered=offered, page=page,
        size=PAGE_SIZE,
    )  # fmt: skip
    return listed_answer(rows, _practice)


@router.get("/adoption", response=AdoptionAnswer, summary="做法采用率", operation_id="exchange_adoption")
def adoption(request: HttpRequest) -> Any:
    found = adoption_of(actor_of(request), timezone.now())
    names = ("taken", "used", "partly", "refused", "waiting", "rate")
    return {name: getattr(found, name) for name in names}


@router.post(
    "/practices/{practice_id}/result",
    response=PracticeRow,
    summary="填写是否采用",
    operation_id="exchange_practice_settle",
)
def practice_settle(request: HttpRequest, practice_id: int, wanted: PracticeResultRequest) -> Any:
    practice = _practice_seen(request, practice_id)
    result = PracticeResult(**wanted.dict())
    return _practice(settle_practice(practice=practice, result=result, actor=actor_of(request), at=timezone.now()))


@router.delete(
    "/practices/{practice_id}/result", response=PracticeRow, summary="重新填写", operation_id="exchange_practice_reopen"
)
def practice_reopen(request: HttpRequest, practice_id: int) -> Any:
    practice = _practice_seen(request, practice_id)
    return _practice(reopen_practice(practice=practice, actor=actor_of(request), at=timezone.now()))


@router.post(
    "/practices/{practice_id}/offer", response=PracticeRow, summary="推荐做法", operation_id="exchange_practice_offer"
)
def practice_offer(request: HttpRequest, practice_id: int, wanted: PracticeOfferRequest) -> Any:
    practice = _practice_seen(request, practice_id)
    return _practice(
        offer_practice(practice=practice, is_offered=wanted.is_offered, actor=actor_of(request), at=timezone.now())
    )


@router.get("/{visit_id}", response=LearningVisitAnswer, summary="一次观摩", operation_id="exchange_visit")
def visit_detail(request: HttpRequest, visit_id: int) -> Any:
    return _whole(_seen(request, visit_id))


@router.post("/{visit_id}/hold", response=LearningVisitAnswer, summary="记观摩", operation_id="exchange_visit_hold")
def visit_hold(request: HttpRequest, visit_id: int, wanted: VisitHoldRequest) -> Any:
    visit = _seen(request, visit_id)
    people = list(_people(visit).filter(pk__in=wanted.people))
    if len(people) < len(set(wanted.people)):
        raise NotFound
    return _whole(hold_visit(visit=visit, people=people, seen=wanted.seen, actor=actor_of(request), at=timezone.now()))


@router.post(
    "/{visit_id}/activity",
    response={201: LearningVisitAnswer},
    summary="安排成活动",
    operation_id="exchange_visit_activity",
)
def visit_activity(request: HttpRequest, visit_id: int, wanted: VisitSpanRequest) -> Status[Any]:
    visit = _seen(request, visit_id)
    plan_visit_activity(visit=visit, actor=actor_of(request), at=timezone.now(), **wanted.dict())
    return Status(201, _whole(visit))


@router.post("/{visit_id}/off", response=LearningVisitAnswer, summary="取消观摩", operation_id="exchange_visit_off")
def visit_off(request: HttpRequest, visit_id: int) -> Any:
    return _whole(call_off_visit(visit=_seen(request, visit_id), actor=actor_of(request), at=timezone.now()))


@router.put("/{visit_id}/seen", response=LearningVisitAnswer, summary="写见闻", operation_id="exchange_visit_seen")
def visit_seen(request: HttpRequest, visit_id: int, wanted: VisitSeenRequest) -> Any:
    visit = _seen(request, visit_id)
    return _whole(write_seen(visit=visit, seen=wanted.seen, actor=actor_of(request), at=timezone.now()))


@router.post(
    "/{visit_id}/thanks", response=LearningVisitAnswer, summary="接待方反馈", operation_id="exchange_visit_answer"
)
def visit_answer(request: HttpRequest, visit_id: int, wanted: VisitThanksRequest) -> Any:
    visit = _seen(request, visit_id)
    return _whole(answer_visit(visit=visit, thanks=wanted.thanks, actor=actor_of(request), at=timezone.now()))


@router.post(
    "/{visit_id}/benchmarks",
    response={201: LearningVisitAnswer},
    summary="对一项指标",
    operation_id="exchange_benchmark_add",
)
def benchmark_add(request: HttpRequest, visit_id: int, wanted: BenchmarkRequest) -> Status[Any]:
    visit = _seen(request, visit_id)
    owner = get_object_or_404(_people(visit), pk=wanted.owner) if wanted.owner is not None else None
    given = BenchmarkText(**wanted.dict(exclude={"owner"}), owner=owner)
    note_benchmark(visit=visit, given=given, actor=actor_of(request), at=timezone.now())
    return Status(201, _whole(visit))


@router.post(
    "/{visit_id}/benchmarks/{line_id}",
    response=LearningVisitAnswer,
    summary="更新指标",
    operation_id="exchange_benchmark_follow",
)
def benchmark_follow(request: HttpRequest, visit_id: int, line_id: int, wanted: BenchmarkFollowRequest) -> Any:
    visit = _seen(request, visit_id)
    line = get_object_or_404(visit.benchmarks.select_related("visit"), pk=line_id)
    follow_benchmark(line=line, actual=wanted.actual, actor=actor_of(request), at=timezone.now())
    return _whole(visit)


@router.post(
    "/{visit_id}/practices", response={201: PracticeRow}, summary="带回一项做法", operation_id="exchange_practice_add"
)
def practice_add(request: HttpRequest, visit_id: int, wanted: TakenPracticeRequest) -> Status[Any]:
    visit = _seen(request, visit_id)
    owner = get_object_or_404(_people(visit), pk=wanted.owner)
    made = take_home(
        visit=visit, title=wanted.title, text=wanted.text, owner=owner, actor=actor_of(request), at=timezone.now()
    )
    return Status(201, _practice(made))


@router.get("/{visit_id}/print.{form}", summary="打印观摩学习报告", operation_id="exchange_visit_print")
def visit_print(request: HttpRequest, visit_id: int, form: PaperForm) -> Any:
    visit = _seen(request, visit_id)
    people = [row.person.name for row in visit.people.select_related("person").order_by("person__name", "pk")]
    lines = benchmarks_of(visit.benchmarks.select_related("owner").order_by("pk"))
    practices = list(visit.practices.select_related("owner").order_by("pk"))
    document = visit_document(visit, people, lines, practices, printed_on=local_day(timezone.now()))
    return paper_answer(request, document, form, source=visit)


def _seen(request: HttpRequest, pk: int) -> LearningVisit:
    found = visits_seen_by(actor_of(request), timezone.now()).filter(pk=pk).first()
    if found is None:
        raise NotFound
    return found


def _practice_seen(request: HttpRequest, pk: int) -> Practice:
    found = practices_seen_by(actor_of(request), timezone.now()).filter(pk=pk).first()
    if found is None:
        raise NotFound
    return found


def _people(visit: LearningVisit) -> Any:
    return people_around(visit.body, local_day(timezone.now())).select_related(None)


def _row(row: Any) -> dict[str, Any]:
    return {
        "id": row.pk, "direction": row.direction, "body": named(row.body), "host_name": row.host_name,
        "purpose": row.purpose, "day": row.day, "state": row.state, "visitors": row.went, "taken": row.taken,
        "used": row.used,
    }  # fmt: skip


def _practice(row: Practice) -> dict[str, Any]:
    return {
        "id": row.pk, "title": row.title, "visit": row.visit_id, "owner": named(row.owner), "due_on": row.due_on,
        "state": row.state, "is_offered": row.is_offered, "change": row.change, "said": row.said,
    }  # fmt: skip


def _whole(visit: LearningVisit) -> dict[str, Any]:
    people: list[Person] = [row.person for row in visit.people.select_related("person").order_by("person__name", "pk")]
    views = benchmarks_of(visit.benchmarks.select_related("owner").order_by("pk"))
    return {
        "id": visit.pk, "direction": visit.direction, "body": named(visit.body), "host_name": visit.host_name,
        "host_body": named(visit.host_body), "purpose": visit.purpose, "day": visit.day, "place": visit.place,
        "state": visit.state, "activity": visit.activity_id, "seen": visit.seen, "thanks": visit.thanks,
        "visitors": [named(person) for person in people],
        "benchmarks": [
            {"id": one.line.pk, "indicator": one.line.indicator, "unit": one.line.unit, "better": one.line.better,
             "ours": one.line.ours, "theirs": one.line.theirs, "gap": one.gap, "target": one.line.target,
             "due_on": one.line.due_on, "owner": named(one.line.owner), "actual": one.line.actual,
             "is_reached": one.is_reached}
            for one in views
        ],
        "practices": [_practice(row) for row in visit.practices.select_related("owner").order_by("pk")],
    }  # fmt: skip
