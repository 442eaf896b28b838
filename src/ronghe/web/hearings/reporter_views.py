"""One reporter: the report with the records beside it, remarks, the own result, objection and answer, problems."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_POST

from ronghe.domain.hearings.documents import result_document
from ronghe.domain.hearings.enums import RemarkKind
from ronghe.domain.hearings.models import HearingReporter
from ronghe.domain.hearings.rules import HAND_IN
from ronghe.domain.hearings.selectors import facts_beside, people_below
from ronghe.domain.hearings.services.reporting import (
    answer_objection,
    hand_in_report,
    note_problem,
    note_remark,
    object_to_result,
)
from ronghe.domain.org.models import Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.work.services.files import Upload, path_of
from ronghe.kernel.errors import DomainError, NotAllowed
from ronghe.ui import toasts
from ronghe.web.files import paper_answer
from ronghe.web.hearings.forms import AnswerForm, ObjectionForm, ProblemForm, RemarkForm, ReportForm
from ronghe.web.hearings.presenting import followed_of, reporter_context, seen_reporter
from ronghe.web.requests import actor_of


@login_required
def reporter_detail(request: HttpRequest, pk: int, reporter: int) -> HttpResponse:
    return render(
        request, "hearings/reporter_detail.html", reporter_context(request, seen_reporter(request, pk, reporter))
    )


@login_required
def report_edit(request: HttpRequest, pk: int, reporter: int) -> HttpResponse:
    """Write the report beside what the records say."""
    row, actor, now = seen_reporter(request, pk, reporter), actor_of(request), timezone.now()
    HAND_IN.require(actor, row, at=now)
    form = ReportForm(request.POST or None, request.FILES or None, initial={"text": row.report})
    if request.method == "POST" and form.is_valid():
        sent = form.cleaned_data["file"]
        upload = Upload(sent.name or "", sent) if sent else None
        try:
            hand_in_report(reporter=row, text=form.cleaned_data["text"], upload=upload, actor=actor, at=now)
        except NotAllowed:
            raise
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            toasts.done(request, _("报告已提交，测评开始前还可以改。"))
            return redirect("web:hearing_reporter", pk, reporter)
    context = {
        "form": form, "reporter": row, "hearing": row.hearing, "beside": facts_beside(row, local_day(now)),
        "followed": followed_of(row),
    }  # fmt: skip
    return render(request, "hearings/report_form.html", context, status=422 if form.errors else 200)


@login_required
@cache_control(private=True, max_age=3600)
def report_file(request: HttpRequest, pk: int, reporter: int) -> HttpResponseBase:
    file = seen_reporter(request, pk, reporter).file
    if file is None:
        raise Http404
    answer = FileResponse(path_of(file.sha256).open("rb"), content_type=file.media_type)
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "sandbox"
    return answer


@login_required
@require_POST
def reporter_remark(request: HttpRequest, pk: int, reporter: int) -> HttpResponse:
    row = seen_reporter(request, pk, reporter)
    form = RemarkForm(request.POST, people=people_below(row.hearing.body, local_day(timezone.now())))

    def act(actor: Person, at: datetime) -> Any:
        given = dict(form.cleaned_data)
        kind = RemarkKind(given.pop("kind"))
        note_remark(reporter=row, kind=kind, actor=actor, at=at, **given)

    return _act(request, row, form, act, _("已记下。"))


@login_required
@require_POST
def reporter_problem(request: HttpRequest, pk: int, reporter: int) -> HttpResponse:
    row, form = seen_reporter(request, pk, reporter), ProblemForm(request.POST)

    def act(actor: Person, at: datetime) -> Any:
        note_problem(reporter=row, actor=actor, at=at, **form.cleaned_data)

    return _act(request, row, form, act, _("已列入问题清单，述职人在今日看得到。"))


@login_required
@require_POST
def reporter_object(request: HttpRequest, pk: int, reporter: int) -> HttpResponse:
    row, form = seen_reporter(request, pk, reporter), ObjectionForm(request.POST)

    def act(actor: Person, at: datetime) -> Any:
        object_to_result(reporter=row, actor=actor, at=at, **form.cleaned_data)

    return _act(request, row, form, act, _("异议已提出。"))


@login_required
@require_POST
def reporter_answer(request: HttpRequest, pk: int, reporter: int) -> HttpResponse:
    row, form = seen_reporter(request, pk, reporter), AnswerForm(request.POST)
    objection = getattr(row, "objection", None)
    if objection is None:
        raise Http404

    def act(actor: Person, at: datetime) -> Any:
        answer_objection(objection=objection, actor=actor, at=at, **form.cleaned_data)

    return _act(request, row, form, act, _("已答复。"))


@login_required
def reporter_print(request: HttpRequest, pk: int, reporter: int, form: str) -> HttpResponse:
    row = seen_reporter(request, pk, reporter)
    remarks = list(row.remarks.select_related("said_by").order_by("pk"))
    document = result_document(row, remarks, printed_on=local_day(timezone.now()))
    return paper_answer(request, document, form, source=row, name=_("述职评议个人结果"))


def _act(
    request: HttpRequest, row: HearingReporter, form: Any, act: Callable[[Person, datetime], Any], said: str
) -> HttpResponse:
    if form.is_valid():
        try:
            act(actor_of(request), timezone.now())
        except NotAllowed:
            raise
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            toasts.done(request, said)
            return redirect("web:hearing_reporter", row.hearing_id, row.pk)
    context = reporter_context(request, seen_reporter(request, row.hearing_id, row.pk), failed=form)
    return render(request, "hearings/reporter_detail.html", context, status=422)
