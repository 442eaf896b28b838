"""议事决策."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Q
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import File, Query, Router, Status
from ninja.files import UploadedFile

from ronghe.api.acting import actor_of
from ronghe.api.v1.decision_books import lists_router, rules_router
from ronghe.api.v1.decision_charters import router as charters
from ronghe.api.v1.decision_shapes import (
    DecisionMatterRequest,
    LeaderRow,
    MatterAnswer,
    MatterAvoidRequest,
    MatterChecksRequest,
    MatterElsewhereRequest,
    MatterPartRequest,
    MatterReportRequest,
    MatterRow,
    MatterScheduleRequest,
    MatterSettleRequest,
)
from ronghe.api.v1.decision_sheets import lines_router, sheets_router
from ronghe.api.v1.shapes import PAGE_SIZE, Page, listed_answer, named
from ronghe.domain.decisions.enums import MatterState
from ronghe.domain.decisions.models import Matter, MatterAvoidance, Sitting
from ronghe.domain.decisions.rules import SEE_LEADERS
from ronghe.domain.decisions.selectors.leaders import figures_of, leaders_of
from ronghe.domain.decisions.selectors.matters import (
    LineView,
    bodies_to_raise_in,
    entries_offered,
    lines_of,
    list_matters,
    matters_seen_by,
    meetings_for,
    meetings_to_report_to,
    members_of,
    sittings_of,
)
from ronghe.domain.decisions.services.following import give_line, report_progress
from ronghe.domain.decisions.services.matters import (
    add_paper,
    note_avoidance,
    note_checks,
    prepare_matter,
    raise_matter,
    take_back_avoidance,
    withdraw_matter,
)
from ronghe.domain.decisions.services.meetings import (
    Dissent,
    Votes,
    defer_matter,
    schedule_matter,
    settle_elsewhere,
    settle_matter,
)
from ronghe.domain.org.models import PartyOrg, Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.org.selectors.people import people_seen_by
from ronghe.domain.work.services.files import Upload

router = Router(tags=["decisions"])
router.add_router("/lists", lists_router)
router.add_router("/rules", rules_router)
router.add_router("/charters", charters)
router.add_router("/sheets", sheets_router)
router.add_router("/lines", lines_router)


@router.get("/matters", response=Page[MatterRow], summary="决策事项", operation_id="matters_list")
def matter_list(request: HttpRequest, state: MatterState | None = None, page: int = Query(1, ge=1)) -> Any:
    found = Q(state=state) if state is not None else Q()
    listed = list_matters(actor_of(request), timezone.now(), filters=found, page=page, size=PAGE_SIZE)
    return listed_answer(listed, _row)


@router.post("/matters", response={201: MatterAnswer}, summary="提出决策事项", operation_id="matters_raise")
def matter_raise(request: HttpRequest, wanted: DecisionMatterRequest) -> Status[Any]:
    actor, now = actor_of(request), timezone.now()
    bodies = bodies_to_raise_in(actor, now)
    body = get_object_or_404(bodies, pk=wanted.body)
    entry = get_object_or_404(entries_offered(bodies), pk=wanted.entry) if wanted.entry is not None else None
    given = wanted.dict(exclude={"body", "entry"})
    return Status(201, _whole(raise_matter(body=body, entry=entry, actor=actor, at=now, **given)))


@router.get("/matters/{matter_id}", response=MatterAnswer, summary="一件决策事项", operation_id="matters_detail")
def matter_detail(request: HttpRequest, matter_id: int) -> Any:
    return _whole(_seen(actor_of(request), matter_id))


@router.post(
    "/matters/{matter_id}/checks", response=MatterAnswer, summary="记审查和征求意见", operation_id="matters_checks"
)
def matter_checks(request: HttpRequest, matter_id: int, wanted: MatterChecksRequest) -> Any:
    actor = actor_of(request)
    return _whole(note_checks(matter=_seen(actor, matter_id), actor=actor, at=timezone.now(), **wanted.dict()))


@router.post("/matters/{matter_id}/prepare", response=MatterAnswer, summary="准备完毕", operation_id="matters_prepare")
def matter_prepare(request: HttpRequest, matter_id: int) -> Any:
    actor = actor_of(request)
    return _whole(prepare_matter(matter=_seen(actor, matter_id), actor=actor, at=timezone.now()))


@router.post(
    "/matters/{matter_id}/withdraw", response=MatterAnswer, summary="撤回事项", operation_id="matters_withdraw"
)
def matter_withdraw(request: HttpRequest, matter_id: int) -> Any:
    actor = actor_of(request)
    return _whole(withdraw_matter(matter=_seen(actor, matter_id), actor=actor, at=timezone.now()))


@router.post(
    "/matters/{matter_id}/schedule", response=MatterAnswer, summary="列入会议", operation_id="matters_schedule"
)
def matter_schedule(request: HttpRequest, matter_id: int, wanted: MatterScheduleRequest) -> Any:
    actor, now = actor_of(request), timezone.now()
    matter = _seen(actor, matter_id)
    activity = get_object_or_404(meetings_for(matter, local_day(now)), pk=wanted.activity)
    schedule_matter(matter=matter, activity=activity, purpose=wanted.purpose, reason=wanted.reason, actor=actor, at=now)
    return _whole(matter)


@router.post(
    "/matters/{matter_id}/papers", response={201: MatterAnswer}, summary="附上会材料", operation_id="matters_paper"
)
def matter_paper(request: HttpRequest, matter_id: int, paper: File[UploadedFile]) -> Status[Any]:
    actor = actor_of(request)
    matter = _seen(actor, matter_id)
    add_paper(matter=matter, upload=Upload(paper.name or "", paper), actor=actor, at=timezone.now())
    return Status(201, _whole(matter))


@router.post(
    "/matters/{matter_id}/avoidances", response={201: MatterAnswer}, summary="记回避", operation_id="matters_avoid"
)
def matter_avoid(request: HttpRequest, matter_id: int, wanted: MatterAvoidRequest) -> Status[Any]:
    actor, now = actor_of(request), timezone.now()
    matter = _seen(actor, matter_id)
    person = get_object_or_404(members_of(matter.forum, matter.body, local_day(now)), pk=wanted.person)
    note_avoidance(matter=matter, person=person, reason=wanted.reason, actor=actor, at=now)
    return Status(201, _whole(matter))


@router.delete(
    "/matters/{matter_id}/avoidances/{avoidance_id}", response=MatterAnswer, summary="撤回回避",
    operation_id="matters_avoid_back",
)  # fmt: skip
def matter_avoid_back(request: HttpRequest, matter_id: int, avoidance_id: int) -> Any:
    actor = actor_of(request)
    matter = _seen(actor, matter_id)
    found = get_object_or_404(MatterAvoidance.objects.select_related("matter"), pk=avoidance_id, matter=matter)
    take_back_avoidance(avoidance=found, actor=actor, at=timezone.now())
    return _whole(matter)


@router.post("/matters/{matter_id}/defer", response=MatterAnswer, summary="撤下议程", operation_id="matters_defer")
def matter_defer(request: HttpRequest, matter_id: int) -> Any:
    actor = actor_of(request)
    return _whole(defer_matter(matter=_seen(actor, matter_id), actor=actor, at=timezone.now()))


@router.post("/matters/{matter_id}/settle", response=MatterAnswer, summary="记表决", operation_id="matters_settle")
def matter_settle(request: HttpRequest, matter_id: int, wanted: MatterSettleRequest) -> Any:
    actor, now = actor_of(request), timezone.now()
    matter, people = _seen(actor, matter_id), people_seen_by(actor, now)
    dissents = [Dissent(get_object_or_404(people, pk=one.person), one.text) for one in wanted.dissents]
    votes = Votes(wanted.votes_for, wanted.votes_against, wanted.votes_abstained, wanted.method)
    settle_matter(matter=matter, decision=wanted.decision, votes=votes, dissents=dissents, actor=actor, at=now)
    return _whole(matter)


@router.post(
    "/matters/{matter_id}/elsewhere", response=MatterAnswer, summary="记班子会、职代会的决定",
    operation_id="matters_elsewhere",
)  # fmt: skip
def matter_elsewhere(request: HttpRequest, matter_id: int, wanted: MatterElsewhereRequest) -> Any:
    actor = actor_of(request)
    matter = _seen(actor, matter_id)
    settle_elsewhere(matter=matter, actor=actor, at=timezone.now(), **wanted.dict())
    return _whole(matter)


@router.post(
    "/matters/{matter_id}/parts", response={201: MatterAnswer}, summary="分解成任务", operation_id="matters_part"
)
def matter_part(request: HttpRequest, matter_id: int, wanted: MatterPartRequest) -> Status[Any]:
    actor, now = actor_of(request), timezone.now()
    matter = _seen(actor, matter_id)
    assignee = get_object_or_404(people_seen_by(actor, now), pk=wanted.assignee)
    give_line(matter=matter, title=wanted.title, assignee=assignee, due_at=wanted.due_at, actor=actor, at=now)
    return Status(201, _whole(matter))


@router.post(
    "/matters/{matter_id}/reports", response={201: MatterAnswer}, summary="报落实情况", operation_id="matters_report"
)
def matter_report(request: HttpRequest, matter_id: int, wanted: MatterReportRequest) -> Status[Any]:
    actor = actor_of(request)
    matter = _seen(actor, matter_id)
    rows = meetings_to_report_to(matter)
    activity = get_object_or_404(rows, pk=wanted.activity) if wanted.activity is not None else None
    given = wanted.dict() | {"activity": activity}
    report_progress(matter=matter, actor=actor, at=timezone.now(), **given)
    return Status(201, _whole(matter))


@router.get("/leaders/{body_id}", response=list[LeaderRow], summary="班子深入分管领域", operation_id="leaders_figures")
def leader_figures(request: HttpRequest, body_id: int, year: int | None = Query(None, ge=2000, le=2999)) -> Any:
    now = timezone.now()
    day = local_day(now)
    seen = SEE_LEADERS.narrow(actor_of(request), PartyOrg.objects.all(), at=now)
    body = get_object_or_404(seen, pk=body_id)
    chosen = year or day.year
    rows = figures_of(leaders_of(body, day), date(chosen, 1, 1), date(chosen + 1, 1, 1))
    return [
        {"person": named(row.person), "research": row.research, "reports": row.reports, "lectures": row.lectures}
        for row in rows
    ]


def _seen(actor: Person, matter_id: int) -> Matter:
    return get_object_or_404(matters_seen_by(actor, timezone.now()), pk=matter_id)


def _row(matter: Any) -> dict[str, Any]:
    entry = matter.entry
    return {
        "id": matter.pk, "title": matter.title, "body": named(matter.body), "category": matter.category,
        "forum": matter.forum, "state": matter.state, "list_version": entry.of_list.number if entry else None,
        "raised_by": named(matter.raised_by), "raised_at": matter.raised_at, "decided_on": matter.decided_on,
        "due_on": matter.due_on, "parts": matter.parts, "parts_done": matter.parts_done, "is_late": matter.is_late,
    }  # fmt: skip


def _whole(matter: Matter) -> dict[str, Any]:
    return {
        "id": matter.pk, "title": matter.title, "body": named(matter.body), "summary": matter.summary,
        "state": matter.state, "departures": list(matter.departures.order_by("pk").values_list("kind", flat=True)),
        "sittings": [_sitting(view.sitting) for view in sittings_of(matter)],
        "parts": [_part(view) for view in lines_of(matter, timezone.now())],
        "avoidances": [
            {"id": row.pk, "person": named(row.person), "reason": row.reason}
            for row in matter.avoidances.select_related("person").order_by("pk")
        ],
        "papers": list(matter.papers.order_by("pk").values_list("name", flat=True)),
    }  # fmt: skip


def _sitting(row: Sitting) -> dict[str, Any]:
    return {
        "purpose": row.purpose, "forum": row.forum, "held_on": row.held_on, "activity": row.activity_id,
        "document": row.document, "outcome": row.outcome, "decision": row.decision, "entitled": row.entitled,
        "avoided": row.avoided, "present": row.present, "votes_for": row.votes_for,
        "votes_against": row.votes_against, "votes_abstained": row.votes_abstained,
    }  # fmt: skip


def _part(view: LineView) -> dict[str, Any]:
    task = view.task
    return {
        "id": view.line.pk, "task": task.pk, "title": task.title, "assignee": named(task.assignee),
        "due_at": task.due_at, "state": task.state, "is_overdue": view.is_overdue,
    }  # fmt: skip
