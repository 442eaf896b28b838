"""回头看: causes, measures, recurrences and sessions; findings are raised, listed and stepped at `/work/items`."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Field, Query, Router, Schema, Status

from ronghe.api.acting import actor_of
from ronghe.api.v1.shapes import Named, Page, listed_answer, named
from ronghe.domain.items.models import WorkItem
from ronghe.domain.items.selectors import items_seen_by
from ronghe.domain.items.services.showing import RecordOf
from ronghe.domain.lookbacks.enums import Head, Lapse
from ronghe.domain.lookbacks.models import LookSession, SessionFinding
from ronghe.domain.lookbacks.rules import LOOKBACK, RUN_SESSION
from ronghe.domain.lookbacks.selectors import (
    bodies_to_look_back,
    findings_of,
    lapse_called,
    lapses_of,
    list_recurring,
    list_sessions,
    look_record_of,
    people_for_measures,
    sessions_seen_by,
)
from ronghe.domain.lookbacks.services.analysing import (
    AnalysisIn,
    add_measure,
    begin_measures,
    hand_in_result,
    write_analysis,
)
from ronghe.domain.lookbacks.services.recurring import join_old, note_recurrence
from ronghe.domain.lookbacks.services.sessions import (
    close_session,
    drop_finding,
    open_session,
    pick_finding,
    reopen_session,
)
from ronghe.domain.org.models import Person

router = Router(tags=["lookbacks"])


class LookAnalysisIn(Schema):
    problem_behind: str = Field(max_length=400, description="问题背后的问题")
    cause: str = Field(max_length=400)
    cause_behind: str = Field(max_length=400, description="原因背后的原因")
    whys: list[str] = Field(description="追问，2 到 5 个为什么")
    bones: dict[Head, list[str]] = Field({}, description="鱼骨图，人机料法环测各有哪些原因")


class LookAnalysisAnswer(LookAnalysisIn):
    round: int = Field(description="第几次重新打开后写的，0 是第一次")
    by: Named


class LookMeasureIn(Schema):
    title: str = Field(max_length=120)
    assignee: int
    due_at: datetime


class LookMeasureAnswer(Schema):
    id: int
    round: int
    task: int
    title: str
    assignee: Named
    due_at: datetime
    state: str


class LookRecurrenceAnswer(Schema):
    number: int
    text: str
    finding: int | None
    by: Named
    at: datetime


class LookAnswer(Schema):
    id: int
    title: str
    state: str
    times: int = Field(description="又发生了几次")
    analyses: list[LookAnalysisAnswer]
    measures: list[LookMeasureAnswer]
    recurrences: list[LookRecurrenceAnswer]


class LookTextRequest(Schema):
    text: str = Field(max_length=1000)


class LookJoinRequest(Schema):
    old: int = Field(description="旧问题的编号")


class LookRecurringRow(Schema):
    id: int
    title: str
    state: str
    body: Named
    times: int


class LookSessionRow(Schema):
    id: int
    body: Named
    from_on: date
    until_on: date = Field(description="不含这一天")
    is_closed: bool
    found: int


class LookSessionRequest(Schema):
    body: int
    from_on: date
    until_on: date = Field(description="不含这一天")


class LookLapseLine(Schema):
    lapse: Lapse
    source: str = Field(description="哪条记录，如 work.task:12")
    title: str
    body: str
    who: str
    day: date | None


class LookFindingAnswer(Schema):
    id: int
    item: int
    title: str
    state: str
    source: str | None


class LookSessionAnswer(LookSessionRow):
    conclusion: str
    shown: dict[str, int]
    lapses: list[LookLapseLine] = Field(description="记录里没有一起办的；只给主持的人，完成后不再列")
    findings: list[LookFindingAnswer]


class LookPickRequest(Schema):
    title: str = Field(max_length=120)
    source: str | None = Field(None, description="照哪条记录挑的，须是这次列出的")


@router.get("/recurring", response=Page[LookRecurringRow], summary="反复发生的问题", operation_id="lookbacks_recurring")
def look_recurring(request: HttpRequest, page: int = Query(1, ge=1)) -> Any:
    listed = list_recurring(actor_of(request), timezone.now(), page=page)
    return listed_answer(
        listed,
        lambda row: {
            "id": row.pk, "title": row.title, "state": row.state, "body": named(row.body), "times": row.times,
        },
    )  # fmt: skip


@router.get("/sessions", response=Page[LookSessionRow], summary="融合工作回头看", operation_id="lookbacks_sessions")
def look_sessions(request: HttpRequest, page: int = Query(1, ge=1)) -> Any:
    listed = list_sessions(actor_of(request), timezone.now(), page=page)
    return listed_answer(listed, lambda row: _row(row, row.found))


@router.post(
    "/sessions", response={201: LookSessionAnswer}, summary="开始回头看", operation_id="lookbacks_open_session"
)
def look_session_open(request: HttpRequest, wanted: LookSessionRequest) -> Any:
    actor, now = actor_of(request), timezone.now()
    body = get_object_or_404(bodies_to_look_back(actor, now), pk=wanted.body)
    session = open_session(body=body, from_on=wanted.from_on, until_on=wanted.until_on, actor=actor, at=now)
    return Status(201, _session(session, actor, now))


@router.get(
    "/sessions/{session_id}", response=LookSessionAnswer, summary="一次回头看", operation_id="lookbacks_session"
)
def look_session(request: HttpRequest, session_id: int) -> Any:
    actor, now = actor_of(request), timezone.now()
    return _session(_seen_session(actor, session_id), actor, now)


@router.post(
    "/sessions/{session_id}/findings", response={201: LookSessionAnswer}, summary="挑出问题",
    operation_id="lookbacks_pick",
)  # fmt: skip
def look_session_pick(request: HttpRequest, session_id: int, wanted: LookPickRequest) -> Any:
    actor, now = actor_of(request), timezone.now()
    session, source = _seen_session(actor, session_id), None
    label, _colon, key = (wanted.source or "").partition(":")
    if key.isascii() and key.isdigit() and len(key) <= 18:
        line = lapse_called(lapses_of(session.body, session.from_on, session.until_on, now), label, int(key))
        source = RecordOf(line.source_type, line.source_id, line.title) if line is not None else None
    pick_finding(session=session, title=wanted.title, source=source, actor=actor, at=now)
    return Status(201, _session(session, actor, now))


@router.delete(
    "/sessions/{session_id}/findings/{finding_id}", response=LookSessionAnswer, summary="撤下挑出的问题",
    operation_id="lookbacks_drop",
)  # fmt: skip
def look_session_drop(request: HttpRequest, session_id: int, finding_id: int) -> Any:
    actor, now = actor_of(request), timezone.now()
    session = _seen_session(actor, session_id)
    rows = SessionFinding.objects.select_related("item", "session__body")
    drop_finding(finding=get_object_or_404(rows, pk=finding_id, session=session), actor=actor, at=now)
    return _session(session, actor, now)


@router.post(
    "/sessions/{session_id}/close",
    response=LookSessionAnswer,
    summary="完成回头看",
    operation_id="lookbacks_close_session",
)
def look_session_close(request: HttpRequest, session_id: int, wanted: LookTextRequest) -> Any:
    actor, now = actor_of(request), timezone.now()
    session = close_session(session=_seen_session(actor, session_id), conclusion=wanted.text, actor=actor, at=now)
    return _session(session, actor, now)


@router.post(
    "/sessions/{session_id}/reopen",
    response=LookSessionAnswer,
    summary="撤销完成",
    operation_id="lookbacks_reopen_session",
)
def look_session_reopen(request: HttpRequest, session_id: int) -> Any:
    actor, now = actor_of(request), timezone.now()
    session = reopen_session(session=_seen_session(actor, session_id), actor=actor, at=now)
    return _session(session, actor, now)


@router.get("/{item_id}", response=LookAnswer, summary="问题的原因、措施和复发", operation_id="lookbacks_show")
def look_show(request: HttpRequest, item_id: int) -> Any:
    return _whole(_seen(actor_of(request), item_id))


@router.put("/{item_id}/analysis", response=LookAnswer, summary="写原因", operation_id="lookbacks_analyse")
def look_analyse(request: HttpRequest, item_id: int, wanted: LookAnalysisIn) -> Any:
    actor, now = actor_of(request), timezone.now()
    item = _seen(actor, item_id)
    bones = {str(head): texts for head, texts in wanted.bones.items() if head != Head.WHY}
    given = AnalysisIn(wanted.problem_behind, wanted.cause, wanted.cause_behind, wanted.whys, bones)
    write_analysis(item=item, given=given, actor=actor, at=now)
    return _whole(item)


@router.post("/{item_id}/measures", response={201: LookAnswer}, summary="定措施", operation_id="lookbacks_add_measure")
def look_measure(request: HttpRequest, item_id: int, wanted: LookMeasureIn) -> Any:
    actor, now = actor_of(request), timezone.now()
    item = _seen(actor, item_id)
    person = get_object_or_404(people_for_measures(item, actor, now), pk=wanted.assignee)
    add_measure(item=item, title=wanted.title, assignee=person, due_at=wanted.due_at, actor=actor, at=now)
    return Status(201, _whole(item))


@router.post("/{item_id}/begin", response=LookAnswer, summary="开始整改", operation_id="lookbacks_begin")
def look_begin(request: HttpRequest, item_id: int) -> Any:
    actor, now = actor_of(request), timezone.now()
    return _whole(begin_measures(item=_seen(actor, item_id), actor=actor, at=now))


@router.post("/{item_id}/submit", response=LookAnswer, summary="交验", operation_id="lookbacks_submit")
def look_submit(request: HttpRequest, item_id: int, wanted: LookTextRequest) -> Any:
    actor, now = actor_of(request), timezone.now()
    return _whole(hand_in_result(item=_seen(actor, item_id), note=wanted.text, actor=actor, at=now))


@router.post("/{item_id}/recurrences", response={201: LookAnswer}, summary="又发生了", operation_id="lookbacks_recur")
def look_recur(request: HttpRequest, item_id: int, wanted: LookTextRequest) -> Any:
    actor, now = actor_of(request), timezone.now()
    item = _seen(actor, item_id)
    note_recurrence(item=item, text=wanted.text, actor=actor, at=now)
    return Status(201, _whole(item))


@router.post("/{item_id}/join", response=LookAnswer, summary="并入旧问题", operation_id="lookbacks_join")
def look_join(request: HttpRequest, item_id: int, wanted: LookJoinRequest) -> Any:
    """答旧问题；旧问题已销号的重新打开。"""
    actor, now = actor_of(request), timezone.now()
    old = _seen(actor, wanted.old)
    join_old(finding=_seen(actor, item_id), old=old, actor=actor, at=now)
    return _whole(old)


def _seen(actor: Person, item_id: int) -> WorkItem:
    item: WorkItem = get_object_or_404(items_seen_by(actor, timezone.now()).filter(kind=LOOKBACK.id), pk=item_id)
    return item


def _seen_session(actor: Person, session_id: int) -> LookSession:
    session: LookSession = get_object_or_404(sessions_seen_by(actor, timezone.now()), pk=session_id)
    return session


def _whole(item: WorkItem) -> dict[str, Any]:
    record = look_record_of(item)
    return {
        "id": item.pk,
        "title": item.title,
        "state": item.state,
        "times": record.times,
        "analyses": [
            {
                "round": why.analysis.round, "problem_behind": why.analysis.problem_behind,
                "cause": why.analysis.cause, "cause_behind": why.analysis.cause_behind, "whys": why.whys,
                "bones": {head: texts for head, texts in why.bones.items() if texts}, "by": named(why.analysis.by),
            }
            for why in record.analyses
        ],
        "measures": [
            {
                "id": row.pk, "round": row.round, "task": row.task_id, "title": row.task.title,
                "assignee": named(row.task.assignee), "due_at": row.task.due_at, "state": row.task.state,
            }
            for row in record.measures
        ],
        "recurrences": [
            {"number": row.number, "text": row.text, "finding": row.finding_id, "by": named(row.by), "at": row.at}
            for row in record.recurrences
        ],
    }  # fmt: skip


def _row(session: LookSession, found: int) -> dict[str, Any]:
    return {
        "id": session.pk, "body": named(session.body), "from_on": session.from_on, "until_on": session.until_on,
        "is_closed": session.closed_at is not None, "found": found,
    }  # fmt: skip


def _session(session: LookSession, actor: Person, now: datetime) -> dict[str, Any]:
    findings = findings_of(session)
    walks = session.closed_at is None and RUN_SESSION.allows(actor, session, at=now)
    lapses = lapses_of(session.body, session.from_on, session.until_on, now) if walks else []
    return {
        **_row(session, len(findings)),
        "conclusion": session.conclusion,
        "shown": session.shown,
        "lapses": [
            {
                "lapse": line.lapse, "source": f"{line.source_type}:{line.source_id}", "title": line.title,
                "body": line.body, "who": line.who, "day": line.day,
            }
            for group in lapses
            for line in group.lines
        ],
        "findings": [
            {
                "id": row.pk, "item": row.item_id, "title": row.item.title, "state": row.item.state,
                "source": f"{row.source_type}:{row.source_id}" if row.source_type else None,
            }
            for row in findings
        ],
    }  # fmt: skip
