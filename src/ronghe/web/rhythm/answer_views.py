"""我提的问题: what I raised on visits, what was answered, and my word to it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ronghe.domain.rhythm.enums import AnswerRating
from ronghe.domain.rhythm.models import ProblemAnswer, VisitProblem
from ronghe.domain.rhythm.selectors.answers import problems_raised_by
from ronghe.domain.rhythm.services.answers import TAKE_BACK_WITHIN, rate_answer, take_back_rating
from ronghe.kernel.errors import DomainError
from ronghe.ui import toasts
from ronghe.web.paging import asked_page
from ronghe.web.requests import actor_of
from ronghe.web.rhythm.visit_forms import RatingForm

PAGE_SIZE = 20


@dataclass(frozen=True, slots=True)
class RaisedLine:
    """A problem of mine: where, how far it is, every answer, and the one that waits for my word."""

    problem: VisitProblem
    where: str
    state: str
    word: str
    answers: list[ProblemAnswer]
    waiting: ProblemAnswer | None
    may_take_back: ProblemAnswer | None


@login_required
def problem_answers(request: HttpRequest) -> HttpResponse:
    return _page(request, {})


@login_required
@require_POST
def answer_rate(request: HttpRequest, pk: int) -> HttpResponse:
    actor = actor_of(request)
    answer = get_object_or_404(_mine(request), pk=pk)
    form = RatingForm(request.POST)
    if form.is_valid():
        rating = AnswerRating(form.cleaned_data["rating"])
        try:
            rate_answer(answer=answer, rating=rating, words=form.cleaned_data["words"], actor=actor, at=timezone.now())
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            if rating == AnswerRating.SATISFIED:
                undo = reverse("web:answer_take_back", args=[pk])
                toasts.done(request, _("已记下：满意。"), undo=undo)
            else:
                toasts.done(request, _("已重新交办，走访的人和办的人都看得到。"))
            return redirect("web:problem_answers")
    return _page(request, {pk: form}, status=422)


@login_required
@require_POST
def answer_take_back(request: HttpRequest, pk: int) -> HttpResponse:
    answer = get_object_or_404(_mine(request), pk=pk)
    try:
        take_back_rating(answer=answer, actor=actor_of(request), at=timezone.now())
    except DomainError as error:
        toasts.refused(request, str(error))
    else:
        toasts.done(request, _("评价已撤回，请重新选。"))
    return redirect("web:problem_answers")


def _mine(request: HttpRequest) -> Any:
    rows = ProblemAnswer.objects.filter(problem__raised_by=actor_of(request))
    return rows.select_related("task__assignee", "problem__visit__body", "problem__visit__visitor")


def _page(request: HttpRequest, failed: dict[int, RatingForm], *, status: int = 200) -> HttpResponse:
    now = timezone.now()
    page: Any = Paginator(problems_raised_by(actor_of(request)), PAGE_SIZE).get_page(asked_page(request))
    lines = []
    for problem in page.object_list:
        answers = list(problem.answers.all())
        last = answers[-1] if answers else None
        waiting = last if last is not None and last.rating is None else None
        back = (
            last if last is not None and last.rating == AnswerRating.SATISFIED and last.rated_at is not None
            and now - last.rated_at <= TAKE_BACK_WITHIN else None
        )  # fmt: skip
        state, word = _state(problem, last)
        visit = problem.visit
        where = visit.unit.name if visit.unit else visit.body.name
        form = failed.get(waiting.pk, RatingForm()) if waiting is not None else None
        lines.append((RaisedLine(problem, where, state, word, answers, waiting, back), form))
    return render(request, "rhythm/problem_answers.html", {"page": page, "lines": lines}, status=status)


def _state(problem: VisitProblem, last: ProblemAnswer | None) -> tuple[str, str]:
    if last is None:
        return ("waived", _("不办了")) if problem.task.state == "cancelled" else ("running", _("正在办"))
    if last.rating is None:
        return "attention", _("等您评价")
    if last.rating == AnswerRating.SATISFIED:
        return "done", _("满意")
    return "running", _("重新办理")
