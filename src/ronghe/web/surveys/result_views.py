"""What came of a survey: bars, means and texts, as a workbook, on paper; a text that becomes a need."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from ronghe.domain.items.models import WorkItem
from ronghe.domain.items.services.showing import RecordOf
from ronghe.domain.needs.enums import NeedTag
from ronghe.domain.needs.rules import RAISE_NEED
from ronghe.domain.needs.services.raising import NeedText, raise_need
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.surveys.calc.shown import LEAST
from ronghe.domain.surveys.documents import results_document
from ronghe.domain.surveys.models import Survey, SurveyText
from ronghe.domain.surveys.rules import RUN_SURVEY, SEE_NAMES, SEE_RESULTS
from ronghe.domain.surveys.selectors.results import Results, in_words, named_answers, results_of, rounded
from ronghe.kernel.errors import DomainError, NotAllowed
from ronghe.kernel.tabular.writing import SheetOut
from ronghe.kernel.words import _
from ronghe.ui import toasts
from ronghe.web.files import excel_answer, paper_answer
from ronghe.web.requests import actor_of
from ronghe.web.surveys.views import seen_survey

SURVEY = "surveys.survey"
LONGEST_TITLE = 120


@never_cache
@login_required
def survey_results(request: HttpRequest, pk: int) -> HttpResponse:
    survey, results = _results(request, pk)
    actor, now = actor_of(request), timezone.now()
    may_raise = RUN_SURVEY.allows(actor, survey, at=now) and RAISE_NEED.allows(actor, survey.body, at=now)
    sees_names = survey.is_named and SEE_NAMES.allows(actor, survey, at=now)
    raised = _raised(survey) if may_raise else {}
    questions = [one.question for one in results.questions]
    names = [
        (row.place.person.name, [in_words(question, row.values.get(str(question.number))) for question in questions])
        for row in (named_answers(survey) if sees_names else ())
    ]
    context = {
        "survey": survey,
        "results": results,
        "may_raise": may_raise,
        "lines": [
            (one, [(text, raised.get(text.text[:LONGEST_TITLE])) for text in one.texts]) for one in results.questions
        ],
        "tags": NeedTag.choices,
        "least": LEAST,
        "questions": questions,
        "names": names,
    }
    return render(request, "surveys/survey_results.html", context)


@login_required
def results_export(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The results as a workbook; of a survey that keeps names, who answered what too, for whoever asked."""
    survey, results = _results(request, pk)
    sheets = [
        SheetOut(_("结果"), [_("题号"), _("题目"), _("选项"), _("单位"), _("人数"), _("占比（%）"), _("平均")],
                 _lines(results), [6, 40, 24, 24, 8, 10, 10]),
        SheetOut(_("文字"), [_("题号"), _("题目"), _("写的话")],
                 ((one.question.number, one.question.text, text.text) for one in results.questions for text in one.texts),
                 [6, 40, 60]),
    ]  # fmt: skip
    if survey.is_named and SEE_NAMES.allows(actor_of(request), survey, at=timezone.now()):
        questions = [one.question for one in results.questions]
        rows = (
            [row.place.person.name, row.place.group.name if row.place.group else "",
             *(in_words(question, row.values.get(str(question.number))) for question in questions)]
            for row in named_answers(survey)
        )  # fmt: skip
        sheets.append(SheetOut(_("记名答卷"), [_("姓名"), _("单位"), *(one.text for one in questions)], rows, [10, 24]))
    return excel_answer(sheets, f"{survey.title}_{timezone.localtime():%Y%m%d}.xlsx")


@login_required
def results_print(request: HttpRequest, pk: int, form: str) -> HttpResponse:
    survey, results = _results(request, pk)
    document = results_document(results, printed_on=local_day(timezone.now()))
    return paper_answer(request, document, form, source=survey)


@login_required
@require_POST
def text_to_need(request: HttpRequest, pk: int, text: int) -> HttpResponse:
    """Raise what somebody wrote as a need, without a person: whoever asked stands for it."""
    survey, _results_seen = _results(request, pk)
    actor, now = actor_of(request), timezone.now()
    RUN_SURVEY.require(actor, survey, at=now)
    row = get_object_or_404(SurveyText, pk=text, question__survey=survey)
    source = RecordOf(SURVEY, survey.pk, survey.title)
    words = row.text if len(row.text) > LONGEST_TITLE else ""
    given = NeedText(row.text[:LONGEST_TITLE], [request.POST.get("tag", "")], text=words, source=source)
    try:
        item = raise_need(text=given, body=survey.body, actor=actor, at=now)
    except DomainError as error:
        toasts.refused(request, str(error))
    else:
        toasts.done(request, _("“%(title)s”已转为需求。") % {"title": item.title})
    return redirect("web:survey_results", pk)


def _results(request: HttpRequest, pk: int) -> tuple[Survey, Results]:
    survey = seen_survey(request, pk)
    if not SEE_RESULTS.allows(actor_of(request), survey, at=timezone.now()):
        raise NotAllowed
    return survey, results_of(survey)


def _raised(survey: Survey) -> dict[str, int]:
    """Return the needs that came from the survey, by their words."""
    rows = WorkItem.objects.filter(source_type=SURVEY, source_id=survey.pk).exclude(state__in=("withdrawn", "refused"))
    return dict(rows.values_list("title", "pk"))


def _lines(results: Results) -> Iterator[Sequence[Any]]:
    whole = _("全部")
    for one in results.questions:
        number, text = one.question.number, one.question.text
        if one.answers is None:
            yield [number, text, _("人数太少，不公布"), whole, None, None, None]
            continue
        yield [number, text, _("作答"), whole, one.answers, None, _mean(one.mean)]
        for bar in one.bars:
            yield [number, text, bar.title, whole, bar.count, rounded(bar.share * 100), None]
        for row in one.rows:
            yield [number, text, row.title, whole, None, None, rounded(row.mean)]
        for group in one.groups:
            yield [number, text, _("作答"), group.name, group.answers, None, _mean(group.mean)]
            for bar in group.bars:
                yield [number, text, bar.title, group.name, bar.count, rounded(bar.share * 100), None]


def _mean(value: Fraction | None) -> Decimal | None:
    return None if value is None else rounded(value)
