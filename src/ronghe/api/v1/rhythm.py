"""节拍: huddles and meetings; opening, signing in three ways, the agenda, closing, the record."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Field, Query, Router, Schema, Status
from pydantic import AwareDatetime

from ronghe.api.acting import actor_of
from ronghe.api.printing import paper_answer
from ronghe.api.v1.activities import router as activities_router
from ronghe.api.v1.activity_bookings import router as activity_bookings_router
from ronghe.api.v1.activity_finding import activity_seen, person_meant
from ronghe.api.v1.attendance import AttendanceAnswer, AwayAnswer
from ronghe.api.v1.attendance import router as attendance_router
from ronghe.api.v1.shapes import PAGE_SIZE, Named, Page, listed_answer, named
from ronghe.api.v1.topics import router as topics_router
from ronghe.api.v1.visits import router as visits_router
from ronghe.domain.obligations.models import Obligation
from ronghe.domain.org.models import PartyOrg, Person
from ronghe.domain.org.selectors.people import bodies_seen_by
from ronghe.domain.pools.selectors.items import items_to_book
from ronghe.domain.rhythm.calc.pieces import TITLES
from ronghe.domain.rhythm.documents import record_document
from ronghe.domain.rhythm.enums import (
    SAFETY_CHECKS,
    ActivityState,
    ActivityType,
    ChangeKind,
    CorrectionKind,
    Matter,
    VoteMethod,
    VoteOutcome,
)
from ronghe.domain.rhythm.selectors import (
    ActivityRecord,
    changes_of,
    held_by,
    list_activities,
    record_of,
)
from ronghe.domain.rhythm.services.activities import open_activity, open_check, open_huddle, plan_activity
from ronghe.domain.rhythm.services.agenda import add_agenda_item
from ronghe.domain.rhythm.services.changes import call_off_activity, move_activity
from ronghe.domain.rhythm.services.closing import close_activity, correct_record
from ronghe.domain.rhythm.services.hosts import HostAs, add_host, withdraw_host
from ronghe.kernel.errors import NotFound
from ronghe.kernel.printing import PaperForm
from ronghe.kernel.words import _

router = Router(tags=["rhythm"])
router.add_router("/visits", visits_router)
router.add_router("", activities_router)
router.add_router("", attendance_router)
router.add_router("", topics_router)
router.add_router("", activity_bookings_router)


class ActivityRow(Schema):
    id: int
    activity_type: ActivityType
    title: str = Field(alias="get_activity_type_display")
    body: Named
    zone: Named | None
    chair: Named | None
    day: date
    place: str
    state: ActivityState = Field(description="planned 已安排；open 进行中；closed 已结束；called_off 已取消")
    opened_at: datetime | None
    closed_at: datetime | None
    expected_count: int | None = Field(description="应到；结束后才有")
    present_count: int | None = Field(description="实到，不含列席；结束后才有")


class ListedActivity(ActivityRow):
    came_count: int = Field(description="已签到人数，含列席")


class TaskOfItem(Schema):
    id: int
    assignee: Named
    due_at: datetime


class AgendaAnswer(Schema):
    id: int
    number: int
    topic: str
    notes: str
    decision: str | None
    vote_method: VoteMethod | None
    votes_for: int | None
    votes_against: int | None
    votes_abstained: int | None
    matter: Matter
    vote_outcome: VoteOutcome | None = Field(description="按类别的口径计票（PM-11、PM-12）")
    task: TaskOfItem | None


class TallyAnswer(Schema):
    expected: int = Field(description="应到；碰头会不含轮休的人")
    present: int = Field(description="实到，不含列席")
    signed: int = Field(description="其中本人签到")
    on_leave: int
    absent: int
    guests: int = Field(description="列席")


class CorrectionAnswer(Schema):
    kind: CorrectionKind
    text: str
    person: Named | None
    made_by: Named
    made_at: datetime


class RecordAnswer(Schema):
    """会议记录，要素按 PM-14。"""

    activity: ActivityRow
    recorder: Named | None
    tally: TallyAnswer
    attended: list[AttendanceAnswer]
    guests: list[AttendanceAnswer]
    away: list[AwayAnswer]
    agenda: list[AgendaAnswer]
    corrections: list[CorrectionAnswer]
    hosts: list[HostAnswer] = Field(description="联办组织")
    changes: list[PlanChangeAnswer] = Field(description="改期、取消")


class DutyAnswer(Schema):
    body: Named
    mechanism: str
    title: str
    due_on: date


class ClosingAnswer(Schema):
    activity: ActivityRow
    tally: TallyAnswer
    met: list[DutyAnswer] = Field(description="同时计入")
    missing: list[str] = Field(description="按制度缺的材料")


class OpenRequest(Schema):
    body: int = Field(description="党组织编号")
    activity_type: ActivityType = Field(
        ActivityType.MORNING_HUDDLE, description="早碰头、晚碰头、日碰头，或一类安全检查"
    )
    place: str | None = Field(None, max_length=80)


class AgendaRequest(Schema):
    topic: str = Field(max_length=120)
    notes: str = ""
    decision: str | None = Field(None, max_length=400)
    assignee: int | None = Field(None, description="责任人编号；连同期限填写就转为任务")
    due_at: AwareDatetime | None = Field(None, description="期限，须带时区")


class HostRequest(Schema):
    body: int = Field(description="联办组织编号")
    counts_as: ActivityType = Field(description="在那边算作哪类活动")


class HostAnswer(Schema):
    id: int
    body: Named
    counts_as: ActivityType


class PlanActivityRequest(Schema):
    activity_type: ActivityType
    body: int = Field(description="主办组织编号")
    place: str = Field("", max_length=80)
    scheduled_from: AwareDatetime
    scheduled_until: AwareDatetime
    hosts: list[HostRequest] = Field(default_factory=list, description="联办组织；只记一次，各家都算")


class BookedInstead(Schema):
    booking: int
    item: int = Field(description="改订哪项共享资源")


class MoveActivityRequest(Schema):
    scheduled_from: AwareDatetime
    scheduled_until: AwareDatetime
    reason: str = Field(max_length=120)
    without: list[int] = Field(default_factory=list, description="不要了的预订；没有写到的一起改")
    instead: list[BookedInstead] = Field(default_factory=list, description="改订别的")


class CallOffRequest(Schema):
    reason: str = Field(max_length=120)


class PlanChangeAnswer(Schema):
    kind: ChangeKind
    reason: str
    was_from: datetime | None
    now_from: datetime | None
    made_by: Named
    made_at: datetime


class CloseRequest(Schema):
    without: str = Field("", max_length=120, description="按制度缺了材料也要结束的原因")


class CorrectionRequest(Schema):
    text: str = Field(max_length=400)
    kind: CorrectionKind = CorrectionKind.TEXT
    person: int | None = None


@router.get("/activities", response=Page[ListedActivity], summary="活动清单", operation_id="activities_list")
def activity_list(
    request: HttpRequest,
    activity_type: ActivityType | None = None,
    state: ActivityState | None = None,
    body: int | None = Query(None, description="党组织编号"),
    from_day: date | None = None,
    until_day: date | None = None,
    q: str = Query("", max_length=40, description="搜组织、地点、主持人"),
    page: int = Query(1, ge=1),
) -> Any:
    asked = {"activity_type": activity_type, "state": state}
    filters = Q(**{name: value for name, value in asked.items() if value is not None})
    filters &= held_by(body) if body is not None else Q()
    filters &= Q(day__gte=from_day) if from_day is not None else Q()
    filters &= Q(day__lte=until_day) if until_day is not None else Q()
    if text := q.strip():
        filters &= Q(body__name__contains=text) | Q(place__contains=text) | Q(chair__name__contains=text)
    listed = list_activities(actor_of(request), timezone.now(), filters=filters, page=page, size=PAGE_SIZE)
    return listed_answer(listed, _row)


@router.get("/activities/{activity_id}", response=RecordAnswer, summary="活动记录", operation_id="activities_record")
def activity_record(request: HttpRequest, activity_id: int) -> Any:
    return _record_answer(record_of(activity_seen(actor_of(request), activity_id)))


@router.get(
    "/activities/{activity_id}/record.{form}", summary="活动记录的 PDF 或 Word",
    operation_id="activities_record_file",
)  # fmt: skip
def activity_record_file(request: HttpRequest, activity_id: int, form: PaperForm) -> HttpResponse:
    activity = activity_seen(actor_of(request), activity_id)
    document = record_document(record_of(activity))
    return paper_answer(request, document, form, source=activity)


@router.post("/activities", response={201: ActivityRow}, summary="安排一次活动", operation_id="activities_plan")
def activity_plan(request: HttpRequest, wanted: PlanActivityRequest) -> Any:
    actor, now = actor_of(request), timezone.now()
    hosts = [HostAs(_body(actor, host.body), host.counts_as) for host in wanted.hosts]
    activity = plan_activity(
        activity_type=wanted.activity_type, body=_body(actor, wanted.body), place=wanted.place,
        scheduled_from=wanted.scheduled_from, scheduled_until=wanted.scheduled_until, hosts=hosts, actor=actor, at=now,
    )  # fmt: skip
    return Status(201, activity)


@router.post("/activities/{activity_id}/move", response=ActivityRow, summary="改期", operation_id="activities_move")
def activity_move(request: HttpRequest, activity_id: int, wanted: MoveActivityRequest) -> Any:
    """改期留痕：原定何时、改到何时、为什么（PM-05）。订的共享资源一起改；改不过去的要写明怎么办。"""
    actor, now = actor_of(request), timezone.now()
    items = items_to_book(actor, now).in_bulk([one.item for one in wanted.instead])
    if any(one.item not in items for one in wanted.instead):
        raise NotFound
    return move_activity(
        activity=activity_seen(actor, activity_id), scheduled_from=wanted.scheduled_from,
        scheduled_until=wanted.scheduled_until, reason=wanted.reason, without=wanted.without,
        instead={one.booking: items[one.item] for one in wanted.instead}, actor=actor, at=now,
    )  # fmt: skip


@router.post("/activities/{activity_id}/off", response=ActivityRow, summary="取消", operation_id="activities_off")
def activity_off(request: HttpRequest, activity_id: int, wanted: CallOffRequest) -> Any:
    actor = actor_of(request)
    activity = activity_seen(actor, activity_id)
    return call_off_activity(activity=activity, reason=wanted.reason, actor=actor, at=timezone.now())


@router.post(
    "/activities/{activity_id}/hosts", response={201: HostAnswer}, summary="加一家联办", operation_id="hosts_add"
)
def host_add(request: HttpRequest, activity_id: int, wanted: HostRequest) -> Any:
    actor = actor_of(request)
    host = HostAs(_body(actor, wanted.body), wanted.counts_as)
    return Status(201, add_host(activity=activity_seen(actor, activity_id), host=host, actor=actor, at=timezone.now()))


@router.delete(
    "/activities/{activity_id}/hosts/{host_id}", response={204: None}, summary="撤下一家联办",
    operation_id="hosts_withdraw",
)  # fmt: skip
def host_withdraw(request: HttpRequest, activity_id: int, host_id: int) -> Any:
    actor = actor_of(request)
    rows = activity_seen(actor, activity_id).hosts.select_related("body", "activity")
    withdraw_host(host=get_object_or_404(rows, pk=host_id), actor=actor, at=timezone.now())
    return Status(204, None)


@router.post("/huddles", response={201: ActivityRow}, summary="开始今天的碰头会或安全检查", operation_id="huddles_open")
def huddle_open(request: HttpRequest, wanted: OpenRequest) -> Any:
    actor, now = actor_of(request), timezone.now()
    body = get_object_or_404(bodies_seen_by(actor, now), pk=wanted.body)
    begin = open_check if wanted.activity_type in SAFETY_CHECKS else open_huddle
    activity = begin(body=body, activity_type=wanted.activity_type, actor=actor, at=now, place=wanted.place)
    return Status(201, activity)


@router.post(
    "/activities/{activity_id}/open", response=ActivityRow, summary="开始已安排的活动", operation_id="activities_open"
)
def activity_open(request: HttpRequest, activity_id: int) -> Any:
    actor = actor_of(request)
    return open_activity(activity=activity_seen(actor, activity_id), actor=actor, at=timezone.now())


@router.post(
    "/activities/{activity_id}/agenda", response={201: AgendaAnswer}, summary="加一个议题", operation_id="agenda_add"
)
def agenda_add(request: HttpRequest, activity_id: int, wanted: AgendaRequest) -> Any:
    actor, now = actor_of(request), timezone.now()
    activity = activity_seen(actor, activity_id)
    assignee = person_meant(actor, activity, wanted.assignee) if wanted.assignee is not None else None
    item = add_agenda_item(
        activity=activity, topic=wanted.topic, notes=wanted.notes, decision=wanted.decision, assignee=assignee,
        due_at=wanted.due_at, actor=actor, at=now,
    )  # fmt: skip
    return Status(201, item)


@router.post(
    "/activities/{activity_id}/close", response=ClosingAnswer, summary="结束活动", operation_id="activities_close"
)
def activity_close(request: HttpRequest, activity_id: int, wanted: CloseRequest | None = None) -> Any:
    """按制度缺材料时先说缺什么；写明原因也能结束。"""
    actor = actor_of(request)
    closing = close_activity(
        activity=activity_seen(actor, activity_id),
        actor=actor,
        at=timezone.now(),
        without=wanted.without if wanted else "",
    )
    return {
        "missing": [_(TITLES[piece]) for piece in closing.missing],
        "activity": closing.activity,
        "tally": closing.tally,
        "met": [_duty(obligation) for obligation in closing.met],
    }


@router.post(
    "/activities/{activity_id}/corrections", response={201: CorrectionAnswer}, summary="更正记录",
    operation_id="activities_correct",
)  # fmt: skip
def activity_correct(request: HttpRequest, activity_id: int, wanted: CorrectionRequest) -> Any:
    actor = actor_of(request)
    activity = activity_seen(actor, activity_id)
    person = person_meant(actor, activity, wanted.person) if wanted.person is not None else None
    correction = correct_record(
        activity=activity, text=wanted.text, kind=wanted.kind, person=person, actor=actor, at=timezone.now()
    )
    return Status(201, correction)


def _body(actor: Person, body_id: int) -> PartyOrg:
    return get_object_or_404(bodies_seen_by(actor, timezone.now()), pk=body_id)


def _duty(obligation: Obligation) -> dict[str, Any]:
    return {
        "body": obligation.body,
        "mechanism": obligation.mechanism,
        "title": obligation.definition.title.here,
        "due_on": obligation.due_on,
    }


def _record_answer(record: ActivityRecord) -> dict[str, Any]:
    return {
        "activity": record.activity,
        "recorder": record.activity.recorder,
        "tally": record.tally,
        "attended": record.attended,
        "guests": record.guests,
        "away": [AwayAnswer.from_row(row) for row in record.away],
        "agenda": record.agenda,
        "corrections": record.corrections,
        "hosts": record.activity.host_rows,
        "changes": list(changes_of(record.activity)),
    }


def _row(activity: Any) -> dict[str, Any]:
    return {
        "id": activity.pk, "activity_type": activity.activity_type, "title": activity.get_activity_type_display(),
        "body": named(activity.body), "zone": named(activity.zone), "chair": named(activity.chair), "day": activity.day,
        "place": activity.place, "state": activity.state, "opened_at": activity.opened_at,
        "closed_at": activity.closed_at, "expected_count": activity.expected_count,
        "present_count": activity.present_count, "came_count": activity.came_count,
    }  # fmt: skip
