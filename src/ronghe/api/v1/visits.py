"""走访: recorded, listed, answered, put right; of care visits only that they were held."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db.models import Q
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Field, Query, Router, Schema, Status
from pydantic import AwareDatetime

from ronghe.api.acting import actor_of
from ronghe.api.v1.shapes import PAGE_SIZE, Named, Page, listed_answer, named
from ronghe.domain.contacts.selectors import contacts_of
from ronghe.domain.org.models import AdminUnit, PartyOrg, Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.org.selectors.people import person_seen_by
from ronghe.domain.rhythm.enums import AnswerRating, Seen, VisitCorrectionKind, VisitKind
from ronghe.domain.rhythm.models import ProblemAnswer, Visit
from ronghe.domain.rhythm.rules import SEE_RAISER
from ronghe.domain.rhythm.selectors.visits import (
    bodies_to_visit,
    body_of_contact,
    findings_of,
    list_visits,
    people_around,
    problems_of,
    responsible_body,
    visits_seen_by,
)
from ronghe.domain.rhythm.services.answers import rate_answer, take_back_rating
from ronghe.domain.rhythm.services.visits import (
    Account,
    Finding,
    Place,
    Problem,
    correct_visit,
    open_care,
    record_visit,
)
from ronghe.domain.work.enums import TaskState
from ronghe.kernel.errors import NotFound

router = Router(tags=["rhythm"])


class VisitRow(Schema):
    id: int
    kind: VisitKind
    contact: int | None
    visitor: Named
    body: Named
    unit: Named | None
    person: Named | None = Field(description="走访的人；去单位、组织的为空")
    day: date
    place: str
    is_voided: bool = Field(description="已作废，不再算数")
    problem_count: int


class VisitFindingAnswer(Schema):
    question: str
    seen: Seen
    note: str


class VisitRatedAnswer(Schema):
    id: int
    round: int
    days: int = Field(description="几个工作日答复")
    rating: AnswerRating | None = Field(description="satisfied 满意；unsatisfied 不满意；空为还没有评价")
    follow_up: int | None = Field(description="不满意后重新办理的任务")


class VisitOwnAnswer(VisitRatedAnswer):
    title: str
    text: str = Field(description="答复：办的人怎么说")
    answered_at: datetime
    words: str


class VisitRatingRequest(Schema):
    rating: AnswerRating
    words: str = Field("", max_length=200, description="不满意的须写明哪里没有解决")


class VisitProblemAnswer(Schema):
    number: int
    task: int
    title: str
    assignee: Named
    due_at: datetime
    state: TaskState
    answer: str | None = Field(description="答复：办的人怎么说")
    raised_by: Named | None = Field(description="谁提的；只给走访人、本组织负责人和本人")
    answers: list[VisitRatedAnswer] = Field(description="给提问题的人的答复，按先后")


class VisitAnswer(VisitRow):
    note: str = Field(description="连心关爱的为空，内容另开")
    findings: list[VisitFindingAnswer]
    problems: list[VisitProblemAnswer]
    met: list[Named]


class VisitFindingRequest(Schema):
    question: str = Field(max_length=24)
    seen: Seen
    note: str = Field("", max_length=200)


class VisitProblemRequest(Schema):
    title: str = Field(max_length=120)
    assignee: int
    due_at: AwareDatetime
    raised_by: int | None = Field(None, description="谁提的：办好后本人收到答复")


class VisitRequest(Schema):
    contact: int | None = Field(None, description="按联系点走访；不写就写 unit 或 body")
    unit: int | None = None
    body: int | None = None
    day: date | None = Field(None, description="不写就是今天")
    place: str = Field("", max_length=80)
    note: str = Field("", max_length=400)
    findings: list[VisitFindingRequest] = Field(default_factory=list)
    problems: list[VisitProblemRequest] = Field(default_factory=list, description="每个问题变成一项任务")
    met: list[int] = Field(default_factory=list)
    entry: str | None = Field(None, max_length=36, description="同一编号发两次，只记一次")


class VisitCorrectionRequest(Schema):
    text: str = Field(max_length=400)
    kind: VisitCorrectionKind = Field(VisitCorrectionKind.TEXT, description="text 更正；void 作废")


class CareAnswer(Schema):
    findings: list[VisitFindingAnswer]
    note: str
    corrections: list[str]


@router.get("", response=Page[VisitRow], summary="走访清单", operation_id="visits_list")
def visit_list(
    request: HttpRequest, kind: VisitKind | None = None, body: int | None = None, unit: int | None = None,
    page: int = Query(1, ge=1),
) -> Any:  # fmt: skip
    asked = {"kind": kind, "body": body, "unit": unit}
    filters = Q(**{name: value for name, value in asked.items() if value is not None})
    return listed_answer(
        list_visits(actor_of(request), timezone.now(), filters=filters, page=page, size=PAGE_SIZE), _row
    )


@router.get("/answers", response=list[VisitOwnAnswer], summary="我提的问题的答复", operation_id="visits_answers")
def visit_answers(request: HttpRequest, waiting: bool = False) -> Any:
    """最近的在前，最多 100 条；`waiting` 只看还没有评价的。"""
    rows = ProblemAnswer.objects.filter(problem__raised_by=actor_of(request)).select_related("task")
    rows = rows.filter(rating=None) if waiting else rows
    return [_own(row) for row in rows.order_by("-answered_at", "-pk")[:100]]


@router.post("/answers/{answer_id}/rating", response=VisitOwnAnswer, summary="评价答复", operation_id="visits_rate")
def visit_rate(request: HttpRequest, answer_id: int, wanted: VisitRatingRequest) -> Any:
    """不满意的重新办理：另开一项任务，走访的人和办的人都看得到。"""
    actor = actor_of(request)
    answer = _own_answer(actor, answer_id)
    return _own(rate_answer(answer=answer, rating=wanted.rating, words=wanted.words, actor=actor, at=timezone.now()))


@router.delete(
    "/answers/{answer_id}/rating", response=VisitOwnAnswer, summary="撤回“满意”", operation_id="visits_take_back"
)
def visit_take_back(request: HttpRequest, answer_id: int) -> Any:
    actor = actor_of(request)
    return _own(take_back_rating(answer=_own_answer(actor, answer_id), actor=actor, at=timezone.now()))


@router.get("/{visit_id}", response=VisitAnswer, summary="一次走访", operation_id="visits_show")
def visit_show(request: HttpRequest, visit_id: int) -> Any:
    actor = actor_of(request)
    return _answer(_seen(actor, visit_id), actor)


@router.post("", response={201: VisitAnswer}, summary="记走访", operation_id="visits_record")
def visit_record(request: HttpRequest, wanted: VisitRequest) -> Any:
    actor, now = actor_of(request), timezone.now()
    day = local_day(now)
    contact = next((one for one in contacts_of(actor, day) if one.pk == wanted.contact), None)
    if wanted.contact is not None and contact is None:
        raise NotFound
    to = contact or _place(actor, wanted)
    around = people_around(to.body, to.unit, day) if isinstance(to, Place) else None
    if contact is not None:
        around = people_around(body_of_contact(contact, day), contact.to_unit, day)
    account = Account(
        place=wanted.place,
        note=wanted.note,
        met=[_person(actor, around, pk) for pk in wanted.met],
        problems=[_problem(actor, around, one) for one in wanted.problems],
        findings={one.question: Finding(one.seen, one.note) for one in wanted.findings},
    )
    visit = record_visit(to=to, day=wanted.day or day, account=account, actor=actor, at=now, entry=wanted.entry)
    return Status(201, _answer(visit, actor))


@router.post("/{visit_id}/corrections", response=VisitAnswer, summary="更正或作废走访", operation_id="visits_correct")
def visit_correct(request: HttpRequest, visit_id: int, wanted: VisitCorrectionRequest) -> Any:
    actor = actor_of(request)
    visit = _seen(actor, visit_id)
    correct_visit(visit=visit, text=wanted.text, kind=wanted.kind, actor=actor, at=timezone.now())
    return _answer(visit, actor)


@router.post("/{visit_id}/text", response=CareAnswer, summary="看连心关爱的内容", operation_id="visits_text")
def visit_text(request: HttpRequest, visit_id: int) -> Any:
    """只给走访人和本级工会干部；每看一次都有记录。"""
    actor = actor_of(request)
    said = open_care(visit=_seen(actor, visit_id), actor=actor, at=timezone.now())
    findings = [{"question": code, "seen": one.seen, "note": one.note} for code, one in said.findings.items()]
    return {"findings": findings, "note": said.note, "corrections": said.corrections}


def _seen(actor: Person, visit_id: int) -> Visit:
    return get_object_or_404(visits_seen_by(actor, timezone.now()), pk=visit_id)


def _own_answer(actor: Person, answer_id: int) -> ProblemAnswer:
    rows = ProblemAnswer.objects.filter(problem__raised_by=actor)
    rows = rows.select_related("task__assignee", "problem__visit__body", "problem__visit__visitor")
    return get_object_or_404(rows, pk=answer_id)


def _place(actor: Person, wanted: VisitRequest) -> Place:
    now = timezone.now()
    unit = get_object_or_404(AdminUnit, pk=wanted.unit, valid_until=None) if wanted.unit is not None else None
    body: PartyOrg | None = responsible_body(unit, local_day(now)) if unit is not None else None
    asked = body.pk if body is not None else wanted.body
    return Place(get_object_or_404(bodies_to_visit(actor, now), pk=asked or 0), unit)


def _person(actor: Person, around: Any, person_id: int) -> Person:
    """Return somebody of the place visited, or whom the actor may see anyway; everybody else is not there (404)."""
    near: Person | None = around.filter(pk=person_id).first() if around is not None else None
    return near or get_object_or_404(person_seen_by(actor, timezone.now()), pk=person_id)


def _problem(actor: Person, around: Any, wanted: VisitProblemRequest) -> Problem:
    raiser = _person(actor, around, wanted.raised_by) if wanted.raised_by is not None else None
    return Problem(wanted.title, _person(actor, around, wanted.assignee), wanted.due_at, raised_by=raiser)


def _rated(answer: ProblemAnswer) -> dict[str, Any]:
    return {
        "id": answer.pk, "round": answer.round, "days": answer.days, "rating": answer.rating,
        "follow_up": answer.follow_up_id,
    }  # fmt: skip


def _own(answer: ProblemAnswer) -> dict[str, Any]:
    return {
        **_rated(answer), "title": answer.task.title, "text": answer.text, "answered_at": answer.answered_at,
        "words": answer.words,
    }  # fmt: skip


def _answer(visit: Visit, actor: Person) -> dict[str, Any]:
    problems, now = list(problems_of(visit)), timezone.now()
    return {
        **_row(visit, problem_count=len(problems)),
        "note": visit.note,
        "findings": [{"question": r.question, "seen": r.seen, "note": r.note} for r in findings_of(visit)],
        "problems": [
            {"number": row.number, "task": row.task_id, "title": row.task.title, "assignee": row.task.assignee,
             "due_at": row.task.due_at, "state": row.task.state, "answer": row.task.submission_note,
             "raised_by": named(row.raised_by) if SEE_RAISER.allows(actor, row, at=now) else None,
             "answers": [_rated(answer) for answer in row.answers.all()]}
            for row in problems
        ],
        "met": list(visit.met.order_by("name", "pk")),
    }  # fmt: skip


def _row(visit: Any, problem_count: int | None = None) -> dict[str, Any]:
    return {
        "id": visit.pk, "kind": visit.kind, "contact": visit.contact_id, "visitor": named(visit.visitor),
        "body": named(visit.body), "unit": named(visit.unit), "person": named(visit.person), "day": visit.day,
        "place": visit.place, "is_voided": visit.voided_at is not None,
        "problem_count": visit.problem_count if problem_count is None else problem_count,
    }  # fmt: skip
