"""问卷: what waits for my answer, answering, how far a survey is, extending and closing it.

No page with answers may be kept by a browser or a proxy: what was chosen would lie there.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from ronghe.domain.org.models import Person
from ronghe.domain.surveys.calc.shown import LEAST
from ronghe.domain.surveys.enums import Audience, Purpose, SurveyState
from ronghe.domain.surveys.models import Survey, SurveyPerson
from ronghe.domain.surveys.rules import DRAW_UP, RUN_SURVEY, SEE_RESULTS
from ronghe.domain.surveys.selectors.judging import judged_title
from ronghe.domain.surveys.selectors.surveys import (
    bodies_to_ask,
    list_surveys,
    progress_of,
    surveys_seen_by,
    waiting_for,
)
from ronghe.domain.surveys.services.answering import AnswersUnfit, answer_survey
from ronghe.domain.surveys.services.closing import close_survey, drop_survey, extend_survey
from ronghe.kernel.errors import DomainError
from ronghe.kernel.words import _
from ronghe.ui import toasts
from ronghe.web.paging import asked_order, asked_page, number_of
from ronghe.web.paging import page_of as paged
from ronghe.web.requests import actor_of
from ronghe.web.surveys.forms import AnswerForm, ClosingForm, DropForm, usual_closing

LONGEST_SEARCH = 40
ORDERS = {
    "made": ["made_at"], "-made": ["-made_at"], "title": ["title"], "-title": ["-title"], "ends": ["closes_at"],
    "-ends": ["-closes_at"],
}  # fmt: skip
SHAPES = {
    SurveyState.DRAFT: "upcoming",
    SurveyState.OPEN: "running",
    SurveyState.CLOSED: "done",
    SurveyState.DROPPED: "waived",
}


@login_required
def survey_list(request: HttpRequest) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    found = Q()
    if (state := request.GET.get("state", "")) in SurveyState.values:
        found &= Q(state=state)
    if (purpose := request.GET.get("purpose", "")) in Purpose.values:
        found &= Q(purpose=purpose)
    if request.GET.get("mine"):
        found &= Q(pk__in=waiting_for(actor, now).order_by().values("survey_id"))
    if (body := number_of(request.GET.get("body"))) is not None:
        found &= Q(body=body)
    if text := request.GET.get("q", "").strip()[:LONGEST_SEARCH]:
        found &= Q(title__contains=text) | Q(body__name__contains=text)
    order = asked_order(request, ORDERS, "-made")
    page = paged(list_surveys(actor, now, filters=found, order_by=order, page=asked_page(request)))
    context = {
        "page": page,
        "rows": [(row, _shape(row, now)) for row in page.object_list],
        "states": SurveyState.choices,
        "purposes": Purpose.choices,
        "can_ask": bodies_to_ask(actor, now).exists(),
        "is_filtered": bool(found),
    }
    template = "surveys/survey_list.html#rows" if request.htmx else "surveys/survey_list.html"  # type: ignore[attr-defined]
    answer = render(request, template, context)
    answer["Vary"] = "HX-Request"
    return answer


@never_cache
@login_required
def survey_detail(request: HttpRequest, pk: int) -> HttpResponse:
    return show_survey(request, seen_survey(request, pk))


@never_cache
@login_required
@require_POST
def survey_answer(request: HttpRequest, pk: int) -> HttpResponse:
    survey = seen_survey(request, pk)
    form = AnswerForm(request.POST, questions=list(survey.questions.order_by("number")))
    if not form.is_valid():
        return show_survey(request, survey, status=422, answer_form=form)
    try:
        answer_survey(survey=survey, answers=form.answers(), actor=actor_of(request), at=timezone.now())
    except AnswersUnfit as error:
        form.refuse(error.by_question())
        return show_survey(request, survey, status=422, answer_form=form)
    except DomainError as error:
        toasts.refused(request, str(error))
    else:
        toasts.done(request, _("已交，谢谢。") if survey.is_named else _("已交，谢谢。您答了什么，系统也查不到。"))
    return redirect("web:survey_detail", pk)


@login_required
@require_POST
def survey_extend(request: HttpRequest, pk: int) -> HttpResponse:
    survey, form = seen_survey(request, pk), ClosingForm(request.POST)
    if form.is_valid():
        try:
            extend_survey(survey=survey, actor=actor_of(request), at=timezone.now(), **form.cleaned_data)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            toasts.done(request, _("截止时间已改。"))
            return redirect("web:survey_detail", pk)
    return show_survey(request, survey, status=422, closing_form=form)


@login_required
@require_POST
def survey_close(request: HttpRequest, pk: int) -> HttpResponse:
    def act(survey: Survey, actor: Person, now: datetime) -> None:
        close_survey(survey=survey, actor=actor, at=now)

    return act_on(request, pk, act, _("已结束，结果已算好。"))


@login_required
@require_POST
def survey_drop(request: HttpRequest, pk: int) -> HttpResponse:
    form = DropForm(request.POST)
    reason = form.cleaned_data["reason"] if form.is_valid() else ""

    def act(survey: Survey, actor: Person, now: datetime) -> None:
        drop_survey(survey=survey, actor=actor, at=now, reason=reason)

    return act_on(request, pk, act, _("已撤下。"))


def act_on(request: HttpRequest, pk: int, act: Callable[[Survey, Person, datetime], None], done: str) -> HttpResponse:
    """Do one act on a survey; a refusal is said on its page."""
    survey = seen_survey(request, pk)
    try:
        act(survey, actor_of(request), timezone.now())
    except DomainError as error:
        toasts.refused(request, str(error))
    else:
        toasts.done(request, done)
    return redirect("web:survey_detail", pk)


def seen_survey(request: HttpRequest, pk: int) -> Survey:
    return get_object_or_404(surveys_seen_by(actor_of(request), timezone.now()), pk=pk)


def show_survey(request: HttpRequest, survey: Survey, *, status: int = 200, **given: Any) -> HttpResponse:
    """The page of a survey: questions to answer, or how far it is; a form that was refused stands open on it."""
    actor, now = actor_of(request), timezone.now()
    mine = SurveyPerson.objects.filter(survey=survey, person=actor).first()
    runs = survey.state == SurveyState.OPEN and survey.closes_at is not None and now < survey.closes_at
    may_run = RUN_SURVEY.allows(actor, survey, at=now)
    is_draft = survey.state == SurveyState.DRAFT
    questions = list(survey.questions.order_by("number"))
    may_answer = runs and mine is not None and not mine.has_answered
    context = {
        "survey": survey,
        "shape": _shape(survey, now),
        "questions": questions,
        "runs": runs,
        "is_draft": is_draft,
        "is_open": survey.state == SurveyState.OPEN,
        "is_asked": mine is not None and not is_draft,
        "has_answered": mine is not None and mine.has_answered,
        "may_answer": may_answer,
        "answer_form": AnswerForm(questions=questions) if may_answer else None,
        "may_run": may_run,
        "may_copy": may_run or DRAW_UP.allows(actor, survey.body, at=now),
        "sees_results": survey.state == SurveyState.CLOSED and SEE_RESULTS.allows(actor, survey, at=now),
        "progress": progress_of(survey)
        if not is_draft and (may_run or SEE_RESULTS.allows(actor, survey, at=now))
        else None,
        "closing_form": ClosingForm(initial={"closes_at": survey.closes_at or usual_closing(now)}),
        "drop_form": DropForm(),
        "is_list": survey.audience == Audience.LIST,
        "listed_count": survey.people.count() if is_draft and survey.audience == Audience.LIST else None,
        "least": LEAST,
        "judged_title": judged_title(survey),
        **given,
    }
    return render(request, "surveys/survey_detail.html", context, status=status)


def _shape(survey: Survey, now: datetime) -> str:
    if survey.state == SurveyState.OPEN and survey.closes_at is not None and now >= survey.closes_at:
        return "attention"
    return SHAPES[SurveyState(survey.state)]
