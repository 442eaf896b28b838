"""Drawing a survey up: from a template or empty, its words, its questions, its list, and putting it to people."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from ronghe.domain.org.models import Person
from ronghe.domain.org.selectors.people import people_seen_by
from ronghe.domain.surveys.calc.templates import TEMPLATES, Template, template_called
from ronghe.domain.surveys.enums import Purpose, QuestionType, SurveyState
from ronghe.domain.surveys.models import Survey, SurveyQuestion
from ronghe.domain.surveys.rules import RUN_SURVEY
from ronghe.domain.surveys.selectors.judging import judged_items, judged_key
from ronghe.domain.surveys.selectors.surveys import bodies_to_ask
from ronghe.domain.surveys.services.drafting import (
    QuestionWords,
    change_draft,
    copy_survey,
    draw_up,
    open_survey,
)
from ronghe.domain.surveys.services.judging import count_for
from ronghe.kernel.errors import DomainError, NotAllowed
from ronghe.kernel.words import _
from ronghe.ui import toasts
from ronghe.web.paging import number_of
from ronghe.web.requests import actor_of
from ronghe.web.surveys.forms import ClosingForm, CreateForm, JudgingForm, QuestionForm, WordsForm, known_question
from ronghe.web.surveys.views import seen_survey, show_survey

PEOPLE_SHOWN = 300


@login_required
def survey_create(request: HttpRequest) -> HttpResponse:
    """From a template (`?template=needs`), or empty."""
    actor, now = actor_of(request), timezone.now()
    bodies = bodies_to_ask(actor, now)
    if not bodies.exists():
        raise NotAllowed
    template = template_called(request.GET.get("template", ""))
    initial: dict[str, Any] = {"body": number_of(request.GET.get("body"))}
    if template is not None:
        initial |= {"title": template.title, "intro": template.intro, "purpose": Purpose(template.id)}
    form = CreateForm(request.POST or None, bodies=bodies, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            survey = draw_up(
                body=form.cleaned_data["body"], words=form.words(), questions=questions_of(template), actor=actor, at=now,
                source=_source(request),
            )  # fmt: skip
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            toasts.done(request, _("草稿已存下，看过题目就能发出。"))
            return redirect("web:survey_detail", survey.pk)
    context = {"form": form, "templates": TEMPLATES, "chosen": template}
    return render(request, "surveys/survey_form.html", context, status=422 if form.errors else 200)


@login_required
def survey_edit(request: HttpRequest, pk: int) -> HttpResponse:
    survey = _draft(request, pk)
    initial = {
        name: getattr(survey, name) for name in ("title", "intro", "purpose", "audience", "is_named", "shows_results")
    }
    form = WordsForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            change_draft(survey=survey, words=form.words(), actor=actor_of(request), at=timezone.now())
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            return redirect("web:survey_detail", pk)
    return render(
        request, "surveys/survey_edit.html", {"form": form, "survey": survey}, status=422 if form.errors else 200
    )


@login_required
def survey_judge(request: HttpRequest, pk: int) -> HttpResponse:
    """Which item of a sheet the marks count for, about whom, in which period (PP-06)."""
    survey, now = _draft(request, pk), timezone.now()
    initial = {
        "item": judged_key(survey), "judged": survey.judged_name,
        "period": survey.judged_period or f"{now.year}Q{(timezone.localdate(now).month + 2) // 3}",
    }  # fmt: skip
    form = JudgingForm(request.POST or None, items=judged_items().values(), initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            count_for(survey=survey, actor=actor_of(request), at=now, **form.cleaned_data)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            toasts.done(request, _("已存下。"))
            return redirect("web:survey_detail", pk)
    context = {"form": form, "survey": survey}
    return render(request, "surveys/survey_judge.html", context, status=422 if form.errors else 200)


@login_required
def question_add(request: HttpRequest, pk: int) -> HttpResponse:
    survey = _draft(request, pk)
    known = list(survey.questions.order_by("number"))
    section = known[-1].section if known else ""
    return _question_form(request, survey, known, None, {"section": section})


@login_required
def question_edit(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    survey = _draft(request, pk)
    known = list(survey.questions.order_by("number"))
    if not 1 <= number <= len(known):
        raise Http404
    return _question_form(request, survey, known, number, known_question(known[number - 1]))


@login_required
@require_POST
def question_act(request: HttpRequest, pk: int, number: int, act: str) -> HttpResponse:
    """Move a question up, or take it out."""
    survey = _draft(request, pk)
    lines = [as_words(row) for row in survey.questions.order_by("number")]
    if act not in ("up", "remove") or not 1 <= number <= len(lines):
        raise Http404
    line = lines.pop(number - 1)
    if act == "up":
        lines.insert(max(number - 2, 0), line)
    _change(request, survey, lines)
    return redirect("web:survey_detail", pk)


@login_required
def people_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """The list of a survey that asks named people only: searched and ticked."""
    survey, actor, now = _draft(request, pk), actor_of(request), timezone.now()
    seen = people_seen_by(actor, now).filter(valid_until=None).select_related("unit")
    listed = list(Person.objects.filter(surveys_to_answer__survey=survey).select_related("unit").order_by("name", "pk"))
    if request.method == "POST":
        keys = {key for text in request.POST.getlist("person") if (key := number_of(text)) is not None}
        kept = [person for person in listed if person.pk in keys]
        new = list(seen.filter(pk__in=keys - {person.pk for person in kept}))
        try:
            change_draft(survey=survey, people=[*kept, *new], actor=actor, at=now)
        except DomainError as error:
            toasts.refused(request, str(error))
        else:
            toasts.done(request, _("名单已存下，共 %(count)s 人。") % {"count": len(kept) + len(new)})
        return redirect("web:survey_people" if request.POST.get("more") else "web:survey_detail", pk)
    text = request.GET.get("q", "").strip()[:40]
    chosen = {person.pk for person in listed}
    found = seen.filter(name__contains=text) | seen.filter(unit__name__contains=text) if text else seen
    offered = [
        person for person in found.order_by("unit__name", "name", "pk")[:PEOPLE_SHOWN] if person.pk not in chosen
    ]
    context = {"survey": survey, "listed": listed, "offered": offered, "asked": text}
    return render(request, "surveys/survey_people.html", context)


@login_required
@require_POST
def survey_open(request: HttpRequest, pk: int) -> HttpResponse:
    survey, form = _draft(request, pk), ClosingForm(request.POST)
    if form.is_valid():
        try:
            open_survey(survey=survey, actor=actor_of(request), at=timezone.now(), **form.cleaned_data)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            toasts.done(request, _("已发出，名单里的人在今日看得到。"))
            return redirect("web:survey_detail", pk)
    return show_survey(request, survey, status=422, closing_form=form)


@login_required
@require_POST
def survey_copy(request: HttpRequest, pk: int) -> HttpResponse:
    survey = seen_survey(request, pk)
    try:
        made = copy_survey(survey=survey, actor=actor_of(request), at=timezone.now())
    except DomainError as error:
        toasts.refused(request, str(error))
        return redirect("web:survey_detail", pk)
    toasts.done(request, _("已复制成新草稿。"))
    return redirect("web:survey_detail", made.pk)


def questions_of(template: Template | None) -> list[QuestionWords]:
    """Return the questions of a template as they are drawn up; none of none."""
    return [
        QuestionWords(
            line.text, QuestionType(line.asked.type), line.asked.options, line.asked.rows, line.section,
            line.asked.is_required,
        )
        for line in (template.lines if template is not None else ())
    ]  # fmt: skip


def as_words(row: SurveyQuestion) -> QuestionWords:
    return QuestionWords(row.text, QuestionType(row.type), row.options, row.rows, row.section, row.is_required)


def _question_form(
    request: HttpRequest, survey: Survey, known: Sequence[SurveyQuestion], number: int | None, initial: dict[str, Any]
) -> HttpResponse:
    form = QuestionForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        lines = [as_words(row) for row in known]
        if number is None:
            lines.append(form.question())
        else:
            lines[number - 1] = form.question()
        try:
            change_draft(survey=survey, questions=lines, actor=actor_of(request), at=timezone.now())
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            return redirect("web:survey_question_add" if request.POST.get("more") else "web:survey_detail", survey.pk)
    context = {"form": form, "survey": survey, "number": number, "next_number": len(known) + 1}
    return render(request, "surveys/question_form.html", context, status=422 if form.errors else 200)


def _change(request: HttpRequest, survey: Survey, lines: Sequence[QuestionWords]) -> None:
    now: datetime = timezone.now()
    try:
        change_draft(survey=survey, questions=lines, actor=actor_of(request), at=now)
    except DomainError as error:
        toasts.refused(request, str(error))


def _draft(request: HttpRequest, pk: int) -> Survey:
    """Return a draft of the reader's own; one that was put is not changed any more."""
    survey = seen_survey(request, pk)
    if survey.state != SurveyState.DRAFT or not RUN_SURVEY.allows(actor_of(request), survey, at=timezone.now()):
        raise Http404
    return survey


def _source(request: HttpRequest) -> tuple[str, int] | None:
    label, colon, key = request.GET.get("source", "").partition(":")
    number = number_of(key)
    return (label, number) if colon and number is not None and label.replace(".", "").isalpha() else None
