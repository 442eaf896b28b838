"""学习交流: joint study by programme; lectures, pairs and visits in rooms of their own."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Field, File, Query, Router, Schema, Status, UploadedFile

from ronghe.api.acting import actor_of
from ronghe.api.printing import paper_answer
from ronghe.api.v1.exchange_lectures import router as lectures
from ronghe.api.v1.exchange_pairs import router as pairs
from ronghe.api.v1.exchange_visits import router as visits
from ronghe.api.v1.shapes import PAGE_SIZE, Named, Page, listed_answer, named
from ronghe.domain.exchange.documents import programme_document
from ronghe.domain.exchange.enums import LineState, ProgrammeState, StudyMode, TopicKind
from ronghe.domain.exchange.models import StudyLine, StudyProgramme, StudyQuestion
from ronghe.domain.exchange.selectors.circles import bodies_to_plan_in, people_around
from ronghe.domain.exchange.selectors.holders import (
    agreements_to_hold,
    forces_to_hold,
    main_of_agreement,
    points_to_study,
    zones_to_hold,
)
from ronghe.domain.exchange.selectors.mine import my_year
from ronghe.domain.exchange.selectors.study import (
    lines_seen_by,
    list_programmes,
    months_with_lines,
    programmes_seen_by,
)
from ronghe.domain.exchange.services.planning import plan_study
from ronghe.domain.exchange.services.programmes import (
    ProgrammeText,
    add_line,
    add_material,
    add_point,
    answer_question,
    ask_question,
    drop_line,
    end_programme,
    open_programme,
    take_line_back,
)
from ronghe.domain.org.models import Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.work.services.files import Upload
from ronghe.kernel.errors import NotFound
from ronghe.kernel.printing import PaperForm

router = Router(tags=["exchange"])
router.add_router("/lectures", lectures)
router.add_router("/pairs", pairs)
router.add_router("/visits", visits)


class StudyProgrammeRow(Schema):
    id: int
    title: str
    body: Named
    starts_on: date
    ends_on: date
    mode: StudyMode
    state: ProgrammeState
    topics: int


class StudyQuestionRow(Schema):
    id: int
    text: str
    asked_by: Named
    answer: str


class StudyLineRow(Schema):
    id: int
    month: date = Field(description="月份的第一天")
    kind: TopicKind
    topic: str
    preparer: Named | None
    state: LineState
    activity: int | None
    held_on: date | None
    next_step: str = Field(description="学完的下一步")
    questions: list[StudyQuestionRow]


class StudyMonthRow(Schema):
    month: date
    state: Literal["held", "planned", "due", "missed", "upcoming"] = Field(description="missed 是空着的月份（SD-06）")
    lines: list[StudyLineRow]


class StudyProgrammeAnswer(Schema):
    id: int
    title: str
    state: ProgrammeState
    sides: list[Named]
    months: list[StudyMonthRow]


class StudyProgrammeRequest(Schema):
    holder: Literal["task_force", "zone", "agreement", "body"]
    holder_id: int
    title: str = Field(max_length=80)
    starts_on: date
    ends_on: date
    place: str = Field(max_length=80)
    mode: StudyMode = StudyMode.BOTH
    chat: str = Field("", max_length=200)


class StudyLineRequest(Schema):
    month: date
    kind: TopicKind
    topic: str = Field(max_length=110)
    preparer: int | None = None
    mode: StudyMode | None = None


class StudyPlanRequest(Schema):
    scheduled_from: datetime
    scheduled_until: datetime
    place: str = Field("", max_length=80)


class StudyPlanAnswer(Schema):
    activity: int
    left_out: list[Named] = Field(description="您不能替它安排的联办组织，请它自己加入")


class StudyQuestionRequest(Schema):
    text: str = Field(max_length=300)


class StudyReplyRequest(Schema):
    answer: str = Field(max_length=600)


class MyExchangeYear(Schema):
    year: int
    studies: int
    lectures: int
    taught: int = Field(description="听课人次")
    visits: int
    practices: int
    pairs: int


@router.get("/programmes", response=Page[StudyProgrammeRow], summary="联合学习计划", operation_id="exchange_programmes")
def programme_list(request: HttpRequest, q: str = Query("", max_length=40), page: int = Query(1, ge=1)) -> Any:
    rows = list_programmes(actor_of(request), timezone.now(), words=q, page=page, size=PAGE_SIZE)
    return listed_answer(rows, _row)


@router.post(
    "/programmes", response={201: StudyProgrammeAnswer}, summary="定学习计划", operation_id="exchange_programme_open"
)
def programme_open(request: HttpRequest, wanted: StudyProgrammeRequest) -> Status[Any]:
    actor, now = actor_of(request), timezone.now()
    holder: dict[str, Any]
    if wanted.holder == "task_force":
        holder = {"task_force": get_object_or_404(forces_to_hold(actor, now), pk=wanted.holder_id)}
    elif wanted.holder == "zone":
        holder = {"zone": get_object_or_404(zones_to_hold(actor, now), pk=wanted.holder_id)}
    elif wanted.holder == "agreement":
        agreement = get_object_or_404(agreements_to_hold(actor, now), pk=wanted.holder_id)
        holder = {"agreement": agreement, "body": main_of_agreement(agreement, actor, now)}
    else:
        holder = {"body": get_object_or_404(bodies_to_plan_in(actor, now), pk=wanted.holder_id)}
    text = ProgrammeText(**wanted.dict(exclude={"holder", "holder_id"}))
    return Status(201, _whole(open_programme(text=text, actor=actor, at=now, **holder)))


@router.get(
    "/programmes/{programme_id}",
    response=StudyProgrammeAnswer,
    summary="一份学习计划",
    operation_id="exchange_programme",
)
def programme_detail(request: HttpRequest, programme_id: int) -> Any:
    return _whole(_seen(request, programme_id))


@router.get("/programmes/{programme_id}/print.{form}", summary="打印学习计划", operation_id="exchange_programme_print")
def programme_print(request: HttpRequest, programme_id: int, form: PaperForm) -> Any:
    programme, today = _seen(request, programme_id), local_day(timezone.now())
    sides = [side.body.name for side in programme.sides.select_related("body").order_by("pk")]
    document = programme_document(programme, months_with_lines(programme, today), sides, printed_on=today)
    return paper_answer(request, document, form, source=programme)


@router.post(
    "/programmes/{programme_id}/lines", response={201: StudyLineRow}, summary="加题目", operation_id="exchange_line_add"
)
def line_add(request: HttpRequest, programme_id: int, wanted: StudyLineRequest) -> Status[Any]:
    actor, now = actor_of(request), timezone.now()
    programme = _seen(request, programme_id)
    preparer: Person | None = None
    if wanted.preparer is not None:
        preparer = get_object_or_404(people_around(programme.body, local_day(now)), pk=wanted.preparer)
    line = add_line(
        programme=programme, month=wanted.month, kind=wanted.kind, topic=wanted.topic, preparer=preparer,
        mode=wanted.mode, actor=actor, at=now,
    )  # fmt: skip
    return Status(201, _line(line, []))


@router.post(
    "/programmes/{programme_id}/points/{point_id}", response={201: StudyLineRow}, summary="难点列为题目",
    operation_id="exchange_point_add",
)  # fmt: skip
def point_add(request: HttpRequest, programme_id: int, point_id: int) -> Status[Any]:
    actor, now = actor_of(request), timezone.now()
    programme = _seen(request, programme_id)
    point = get_object_or_404(points_to_study(programme, actor, now), pk=point_id)
    return Status(201, _line(add_point(programme=programme, point=point, actor=actor, at=now), []))


@router.post(
    "/programmes/{programme_id}/end",
    response=StudyProgrammeAnswer,
    summary="结束计划",
    operation_id="exchange_programme_end",
)
def programme_end(request: HttpRequest, programme_id: int) -> Any:
    programme = _seen(request, programme_id)
    return _whole(end_programme(programme=programme, actor=actor_of(request), at=timezone.now()))


@router.post("/lines/{line_id}/plan", response=StudyPlanAnswer, summary="安排学习", operation_id="exchange_line_plan")
def line_plan(request: HttpRequest, line_id: int, wanted: StudyPlanRequest) -> Any:
    planned = plan_study(line=_line_seen(request, line_id), actor=actor_of(request), at=timezone.now(), **wanted.dict())
    return {"activity": planned.activity.pk, "left_out": [named(body) for body in planned.left_out]}


@router.post(
    "/lines/{line_id}/drop", response=StudyLineRow, summary="取消或恢复题目", operation_id="exchange_line_drop"
)
def line_drop(request: HttpRequest, line_id: int) -> Any:
    line = _line_seen(request, line_id)
    act = take_line_back if line.state == LineState.DROPPED else drop_line
    return _line(act(line=line, actor=actor_of(request), at=timezone.now()), [])


@router.post(
    "/lines/{line_id}/materials",
    response={201: StudyLineRow},
    summary="放学习材料",
    operation_id="exchange_line_material",
)
def line_material(request: HttpRequest, line_id: int, photo: File[UploadedFile]) -> Status[Any]:
    line = _line_seen(request, line_id)
    upload = Upload(photo.name or "", photo)
    add_material(line=line, upload=upload, actor=actor_of(request), at=timezone.now())
    return Status(201, _line(line, []))


@router.post(
    "/lines/{line_id}/questions",
    response={201: StudyQuestionRow},
    summary="学习前提问",
    operation_id="exchange_line_ask",
)
def line_ask(request: HttpRequest, line_id: int, wanted: StudyQuestionRequest) -> Status[Any]:
    line = _line_seen(request, line_id)
    made = ask_question(line=line, text=wanted.text, actor=actor_of(request), at=timezone.now())
    return Status(201, _question(made))


@router.post(
    "/lines/{line_id}/questions/{question_id}", response=StudyQuestionRow, summary="答复学习提问",
    operation_id="exchange_line_answer",
)  # fmt: skip
def line_answer(request: HttpRequest, line_id: int, question_id: int, wanted: StudyReplyRequest) -> Any:
    rows = _line_seen(request, line_id).questions.select_related("line__programme", "asked_by")
    found = get_object_or_404(rows, pk=question_id)
    return _question(answer_question(question=found, answer=wanted.answer, actor=actor_of(request), at=timezone.now()))


@router.get("/mine", response=MyExchangeYear, summary="我的学和教", operation_id="exchange_mine")
def mine(request: HttpRequest, year: int | None = Query(None, ge=2000, le=2999)) -> Any:
    """只有您自己看得到。"""
    found = my_year(actor_of(request), year or local_day(timezone.now()).year)
    return {
        "year": found.year, "studies": len(found.studies), "lectures": found.record.times, "taught": found.record.people,
        "visits": len(found.visits), "practices": len(found.practices), "pairs": len(found.pairs),
    }  # fmt: skip


def _seen(request: HttpRequest, pk: int) -> StudyProgramme:
    found = programmes_seen_by(actor_of(request), timezone.now()).filter(pk=pk).first()
    if found is None:
        raise NotFound
    return found


def _line_seen(request: HttpRequest, pk: int) -> StudyLine:
    found = lines_seen_by(actor_of(request), timezone.now()).filter(pk=pk).first()
    if found is None:
        raise NotFound
    return found


def _row(row: Any) -> dict[str, Any]:
    return {
        "id": row.pk, "title": row.title, "body": named(row.body), "starts_on": row.starts_on, "ends_on": row.ends_on,
        "mode": row.mode, "state": row.state, "topics": row.topics,
    }  # fmt: skip


def _whole(programme: StudyProgramme) -> dict[str, Any]:
    months = months_with_lines(programme, local_day(timezone.now()))
    return {
        "id": programme.pk, "title": programme.title, "state": programme.state,
        "sides": [named(side.body) for side in programme.sides.select_related("body").order_by("pk")],
        "months": [
            {"month": view.month.first, "state": view.month.state.value,
             "lines": [_line(one.line, one.questions) for one in view.lines]}
            for view in months
        ],
    }  # fmt: skip


def _line(line: StudyLine, questions: list[StudyQuestion]) -> dict[str, Any]:
    return {
        "id": line.pk, "month": line.month, "kind": line.kind, "topic": line.topic, "preparer": named(line.preparer),
        "state": line.state, "activity": line.activity_id, "held_on": line.held_on,
        "next_step": line.activity.next_step if line.activity is not None else "",
        "questions": [_question(row) for row in questions],
    }  # fmt: skip


def _question(row: StudyQuestion) -> dict[str, Any]:
    return {"id": row.pk, "text": row.text, "asked_by": named(row.asked_by), "answer": row.answer}
