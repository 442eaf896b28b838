"""问卷."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Q
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Field, Query, Router, Schema, Status

from ronghe.api.acting import actor_of
from ronghe.api.v1.shapes import PAGE_SIZE, Named, Page, listed_answer, named
from ronghe.domain.org.models import Person
from ronghe.domain.org.selectors.people import people_seen_by
from ronghe.domain.surveys.calc.templates import TEMPLATES
from ronghe.domain.surveys.enums import Audience, Purpose, QuestionType, SurveyState
from ronghe.domain.surveys.models import Survey
from ronghe.domain.surveys.rules import SEE_RESULTS
from ronghe.domain.surveys.selectors.judging import judged_items, judged_key
from ronghe.domain.surveys.selectors.results import Bar, GroupResult, QuestionResult, results_of, rounded
from ronghe.domain.surveys.selectors.surveys import (
    bodies_to_ask,
    list_surveys,
    progress_of,
    surveys_seen_by,
    waiting_for,
)
from ronghe.domain.surveys.services.answering import answer_survey
from ronghe.domain.surveys.services.closing import close_survey, drop_survey, extend_survey
from ronghe.domain.surveys.services.drafting import (
    QuestionWords,
    SurveyWords,
    change_draft,
    copy_survey,
    draw_up,
    open_survey,
)
from ronghe.domain.surveys.services.judging import count_for
from ronghe.kernel.errors import NotAllowed

router = Router(tags=["surveys"])


class SurveyQuestionShape(Schema):
    text: str = Field(max_length=120)
    type: QuestionType
    options: list[str] = Field(default=[], description="单选、多选的选项")
    rows: list[str] = Field(default=[], description="逐项打分的各项，每项 1 至 5 分")
    section: str = Field(default="", max_length=40)
    is_required: bool = True


class SurveyQuestionAnswer(SurveyQuestionShape):
    number: int


class SurveyTemplateAnswer(Schema):
    id: str
    title: str
    intro: str
    questions: list[SurveyQuestionAnswer]


class SurveyRow(Schema):
    id: int
    title: str
    purpose: Purpose
    state: SurveyState
    body: Named
    made_by: Named
    is_named: bool
    closes_at: datetime | None


class SurveyAnswerShape(SurveyRow):
    intro: str
    audience: Audience
    shows_results: bool
    questions: list[SurveyQuestionAnswer]
    waits_for_me: bool
    people: int | None = Field(description="名单人数；只给看得到结果的人")
    answered: int | None
    drop_reason: str
    judged_item: str = Field(description="计入评分表的哪一项，空的不计入考评")
    judged_name: str
    judged_period: str


class SurveyBar(Schema):
    title: str
    count: int
    percent: Decimal


class SurveyGroupAnswer(Schema):
    name: str
    answers: int | None = Field(description="空的是人数太少，或者能相减推出，不公布")
    bars: list[SurveyBar]
    mean: Decimal | None


class SurveyMatrixRow(Schema):
    title: str
    mean: Decimal
    bars: list[SurveyBar]


class SurveyQuestionResult(Schema):
    number: int
    text: str
    answers: int | None = Field(description="少于 5 人不公布")
    bars: list[SurveyBar]
    rows: list[SurveyMatrixRow]
    mean: Decimal | None
    texts: list[str] = Field(description="次序打乱")
    groups: list[SurveyGroupAnswer]


class SurveyResultsAnswer(Schema):
    people: int
    answered: int
    is_hidden: bool
    questions: list[SurveyQuestionResult]


class SurveyWordsRequest(Schema):
    title: str = Field(max_length=120)
    intro: str = Field(default="", max_length=400)
    purpose: Purpose = Purpose.OTHER
    audience: Audience = Audience.BELOW
    is_named: bool = False
    shows_results: bool = False
    questions: list[SurveyQuestionShape] = []
    people: list[int] = Field(default=[], description="指定名单时写")


class SurveyDrawUpRequest(SurveyWordsRequest):
    body: int


class SurveyClosingRequest(Schema):
    closes_at: datetime


class SurveyJudgingRequest(Schema):
    item: str = Field(max_length=60, description="计入评分表的哪一项，空的是不计入考评")
    judged: str = Field(default="", max_length=80, description="评价谁：组织、班组的全称，党员的姓名或员工号")
    period: str = Field(default="", max_length=20, description="计入哪一期，例如 2026Q4")


class SurveyItemRow(Schema):
    item: str
    title: str
    level: str
    out_of: Decimal


class SurveyDropRequest(Schema):
    reason: str = Field(default="", max_length=120)


class SurveyAnswersRequest(Schema):
    answers: dict[int, Any] = Field(description="题号 → 选项序号、序号列表、分数、数或文字；逐项打分写分数列表")


@router.get("", response=Page[SurveyRow], summary="问卷清单", operation_id="surveys_list")
def survey_list(
    request: HttpRequest, state: SurveyState | None = None, purpose: Purpose | None = None, mine: bool = False,
    page: int = Query(1, ge=1),
) -> Any:  # fmt: skip
    actor, now = actor_of(request), timezone.now()
    found = Q() if state is None else Q(state=state)
    if purpose is not None:
        found &= Q(purpose=purpose)
    if mine:
        found &= Q(pk__in=waiting_for(actor, now).order_by().values("survey_id"))
    return listed_answer(list_surveys(actor, now, filters=found, page=page, size=PAGE_SIZE), _row)


@router.get("/templates", response=list[SurveyTemplateAnswer], summary="现成的问卷", operation_id="surveys_templates")
def survey_templates(request: HttpRequest) -> Any:
    actor_of(request)
    return [
        {
            "id": one.id, "title": one.title, "intro": one.intro,
            "questions": [
                {"number": line.asked.number, "text": line.text, "type": line.asked.type,
                 "options": list(line.asked.options), "rows": list(line.asked.rows), "section": line.section,
                 "is_required": line.asked.is_required}
                for line in one.lines
            ],
        }
        for one in TEMPLATES
    ]  # fmt: skip


@router.get("/items", response=list[SurveyItemRow], summary="问卷可以计入的项目", operation_id="surveys_items")
def survey_items(request: HttpRequest) -> Any:
    actor_of(request)
    return [
        {"item": one.key, "title": one.title, "level": one.level, "out_of": one.out_of}
        for one in judged_items().values()
    ]


@router.post("", response={201: SurveyAnswerShape}, summary="起草问卷", operation_id="surveys_draw_up")
def survey_draw_up(request: HttpRequest, wanted: SurveyDrawUpRequest) -> Any:
    actor, now = actor_of(request), timezone.now()
    body = get_object_or_404(bodies_to_ask(actor, now), pk=wanted.body)
    survey = draw_up(
        body=body, words=_words(wanted), questions=_questions(wanted), people=_people(actor, wanted.people), actor=actor,
        at=now,
    )  # fmt: skip
    return Status(201, _whole(survey, actor, now))


@router.get("/{survey_id}", response=SurveyAnswerShape, summary="一份问卷", operation_id="surveys_show")
def survey_show(request: HttpRequest, survey_id: int) -> Any:
    actor = actor_of(request)
    return _whole(_seen(actor, survey_id), actor, timezone.now())


@router.put("/{survey_id}", response=SurveyAnswerShape, summary="改草稿", operation_id="surveys_change")
def survey_change(request: HttpRequest, survey_id: int, wanted: SurveyWordsRequest) -> Any:
    actor, now = actor_of(request), timezone.now()
    survey = change_draft(
        survey=_seen(actor, survey_id), words=_words(wanted), questions=_questions(wanted),
        people=_people(actor, wanted.people), actor=actor, at=now,
    )  # fmt: skip
    return _whole(survey, actor, now)


@router.put("/{survey_id}/judging", response=SurveyAnswerShape, summary="计入考评", operation_id="surveys_judging")
def survey_judging(request: HttpRequest, survey_id: int, wanted: SurveyJudgingRequest) -> Any:
    """员工匿名评，一人一票；只能改草稿。"""
    actor, now = actor_of(request), timezone.now()
    survey = count_for(survey=_seen(actor, survey_id), actor=actor, at=now, **wanted.dict())
    return _whole(survey, actor, now)


@router.post("/{survey_id}/open", response=SurveyAnswerShape, summary="发出", operation_id="surveys_open")
def survey_open(request: HttpRequest, survey_id: int, wanted: SurveyClosingRequest) -> Any:
    actor, now = actor_of(request), timezone.now()
    survey = open_survey(survey=_seen(actor, survey_id), closes_at=wanted.closes_at, actor=actor, at=now)
    return _whole(survey, actor, now)


@router.post("/{survey_id}/answer", response={204: None}, summary="答题", operation_id="surveys_answer")
def survey_answer(request: HttpRequest, survey_id: int, wanted: SurveyAnswersRequest) -> Status[None]:
    """本人答题，一人一份，交出后不能更改；匿名的没有回执。"""
    actor = actor_of(request)
    answer_survey(survey=_seen(actor, survey_id), answers=wanted.answers, actor=actor, at=timezone.now())
    return Status(204, None)


@router.post("/{survey_id}/extend", response=SurveyAnswerShape, summary="改截止时间", operation_id="surveys_extend")
def survey_extend(request: HttpRequest, survey_id: int, wanted: SurveyClosingRequest) -> Any:
    actor, now = actor_of(request), timezone.now()
    survey = extend_survey(survey=_seen(actor, survey_id), closes_at=wanted.closes_at, actor=actor, at=now)
    return _whole(survey, actor, now)


@router.post("/{survey_id}/close", response=SurveyAnswerShape, summary="提前结束", operation_id="surveys_close")
def survey_close(request: HttpRequest, survey_id: int) -> Any:
    actor, now = actor_of(request), timezone.now()
    return _whole(close_survey(survey=_seen(actor, survey_id), actor=actor, at=now), actor, now)


@router.post("/{survey_id}/drop", response=SurveyAnswerShape, summary="撤下", operation_id="surveys_drop")
def survey_drop(request: HttpRequest, survey_id: int, wanted: SurveyDropRequest) -> Any:
    actor, now = actor_of(request), timezone.now()
    survey = drop_survey(survey=_seen(actor, survey_id), reason=wanted.reason, actor=actor, at=now)
    return _whole(survey, actor, now)


@router.post(
    "/{survey_id}/copy", response={201: SurveyAnswerShape}, summary="复制成新草稿", operation_id="surveys_copy"
)
def survey_copy(request: HttpRequest, survey_id: int) -> Any:
    actor, now = actor_of(request), timezone.now()
    return Status(201, _whole(copy_survey(survey=_seen(actor, survey_id), actor=actor, at=now), actor, now))


@router.get("/{survey_id}/results", response=SurveyResultsAnswer, summary="结果", operation_id="surveys_results")
def survey_results(request: HttpRequest, survey_id: int) -> Any:
    actor = actor_of(request)
    survey = _seen(actor, survey_id)
    if not SEE_RESULTS.allows(actor, survey, at=timezone.now()):
        raise NotAllowed
    results = results_of(survey)
    return {
        "people": results.people, "answered": results.answered, "is_hidden": results.is_hidden,
        "questions": [_result(one) for one in results.questions],
    }  # fmt: skip


def _seen(actor: Person, survey_id: int) -> Survey:
    return get_object_or_404(surveys_seen_by(actor, timezone.now()), pk=survey_id)


def _people(actor: Person, keys: list[int]) -> list[Person]:
    rows = people_seen_by(actor, timezone.now()).filter(valid_until=None)
    return [get_object_or_404(rows, pk=key) for key in keys]


def _words(wanted: SurveyWordsRequest) -> SurveyWords:
    return SurveyWords(
        wanted.title, wanted.intro, wanted.purpose, wanted.audience, wanted.is_named, wanted.shows_results
    )


def _questions(wanted: SurveyWordsRequest) -> list[QuestionWords]:
    return [
        QuestionWords(one.text, one.type, one.options, one.rows, one.section, one.is_required)
        for one in wanted.questions
    ]


def _row(survey: Survey) -> dict[str, Any]:
    return {
        "id": survey.pk, "title": survey.title, "purpose": survey.purpose, "state": survey.state,
        "body": named(survey.body), "made_by": named(survey.made_by), "is_named": survey.is_named,
        "closes_at": survey.closes_at,
    }  # fmt: skip


def _whole(survey: Survey, actor: Person, now: datetime) -> dict[str, Any]:
    sees = survey.state != SurveyState.DRAFT and SEE_RESULTS.allows(actor, survey, at=now)
    progress = progress_of(survey) if sees else None
    return {
        **_row(survey), "intro": survey.intro, "audience": survey.audience, "shows_results": survey.shows_results,
        "questions": [
            {"number": row.number, "text": row.text, "type": row.type, "options": row.options, "rows": row.rows,
             "section": row.section, "is_required": row.is_required}
            for row in survey.questions.order_by("number")
        ],
        "waits_for_me": waiting_for(actor, now).filter(survey=survey).exists(),
        "people": progress.people if progress is not None else None,
        "answered": progress.answered if progress is not None else None, "drop_reason": survey.drop_reason,
        "judged_item": judged_key(survey), "judged_name": survey.judged_name, "judged_period": survey.judged_period,
    }  # fmt: skip


def _result(one: QuestionResult) -> dict[str, Any]:
    return {
        "number": one.question.number, "text": one.question.text, "answers": one.answers,
        "bars": [_bar(bar) for bar in one.bars],
        "rows": [
            {"title": row.title, "mean": rounded(row.mean), "bars": [_bar(bar) for bar in row.bars]} for row in one.rows
        ],
        "mean": rounded(one.mean) if one.mean is not None else None, "texts": [text.text for text in one.texts],
        "groups": [_group(group) for group in one.groups],
    }  # fmt: skip


def _group(group: GroupResult) -> dict[str, Any]:
    return {
        "name": group.name, "answers": group.answers, "bars": [_bar(bar) for bar in group.bars],
        "mean": rounded(group.mean) if group.mean is not None else None,
    }  # fmt: skip


def _bar(bar: Bar) -> dict[str, Any]:
    return {"title": bar.title, "count": bar.count, "percent": rounded(bar.share * 100)}
