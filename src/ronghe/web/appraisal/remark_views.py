"""Self-check, review and objections on the pages of a run, and what follows from it."""

from __future__ import annotations

import io
from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ronghe.domain.appraisal.enums import RUN_FLOW, RemarkState, RunState
from ronghe.domain.appraisal.models import Remark, Run
from ronghe.domain.appraisal.rules import PUBLISH_RUN, REVIEW_RUN, SEE_WHOLE_RUN
from ronghe.domain.appraisal.selectors.consequences import consequence_lines, consequence_sheets, consequences_of
from ronghe.domain.appraisal.selectors.remarks import (
    answers_for,
    may_answer,
    missing_facts,
    remark_seen_by,
    remarks_on,
)
from ronghe.domain.appraisal.selectors.results import result_seen_by
from ronghe.domain.appraisal.selectors.runs import run_seen_by
from ronghe.domain.appraisal.selectors.sheets import sheet_of_run, title_of
from ronghe.domain.appraisal.selectors.subjects import names_of
from ronghe.domain.appraisal.selectors.wording import period_title
from ronghe.domain.appraisal.services.remarks import (
    add_remark,
    answer_remark,
    begin_review,
    object_to_result,
    open_check,
    take_back_remark,
)
from ronghe.domain.appraisal.tasks import compute_now_or_later
from ronghe.domain.org.models import Person
from ronghe.kernel.errors import DomainError
from ronghe.kernel.language import in_language
from ronghe.kernel.tabular.writing import write_csv
from ronghe.ui import toasts
from ronghe.ui.formats import day as day_words
from ronghe.web.appraisal.input_forms import AnswerForm, CheckForm, RemarkForm
from ronghe.web.files import excel_answer, file_answer
from ronghe.web.requests import actor_of

MARKS = {
    RemarkState.OPEN: "due",
    RemarkState.UPHELD: "done",
    RemarkState.REJECTED: "waived",
    RemarkState.TAKEN_BACK: "waived",
}


def remark_panel(run: Run, actor: Person, now: datetime) -> dict[str, Any]:
    """What the page of a run shows of the self-check and objections, and which acts it offers."""
    remarks = remarks_on(run, actor, now)
    names = names_of(run.level, {remark.subject for remark in remarks}) if remarks else {}
    items = {node.id: in_language(node.title) for node in sheet_of_run(run).nodes} if remarks else {}
    may_publish = PUBLISH_RUN.allows(actor, run, at=now)
    is_over = run.check_until is not None and timezone.localdate(now) > run.check_until
    return {
        "remarks": [
            {
                "remark": remark,
                "name": names.get(remark.subject, "—"),
                "item": items.get(remark.node, ""),
                "mark": MARKS[RemarkState(remark.state)],
                "is_late": remark.is_open and timezone.localdate(now) > remark.due_on,
                "form": AnswerForm(prefix=f"r{remark.pk}") if may_answer(actor, remark, now) else None,
                "may_take_back": remark.is_open and remark.made_by_id == actor.pk,
            }
            for remark in remarks
        ],
        "can_check": may_publish and RUN_FLOW.allows(run, "open_check"),
        "check_form": CheckForm(),
        "can_review": RUN_FLOW.allows(run, "begin_review")
        and is_over
        and (may_publish or REVIEW_RUN.allows(actor, run, at=now)),
        "can_apply": run.state == RunState.FINAL and SEE_WHOLE_RUN.allows(actor, run, at=now),
    }


def may_say(run: Run, actor: Person, subject: int, body: int | None, now: datetime) -> str:
    """Return what the actor may say about a result now: a remark, an objection, or nothing."""
    today = timezone.localdate(now)
    if run.state == RunState.SELF_CHECK and run.check_until is not None and today <= run.check_until:
        return "remark" if answers_for(actor, run, now).allows(subject, body) else ""
    if run.state == RunState.PUBLIC_NOTICE and run.notice_last_on is not None and today <= run.notice_last_on:
        return "objection"
    return ""


@login_required
@require_POST
def run_check(request: HttpRequest, pk: int) -> HttpResponse:
    actor, now, form = actor_of(request), timezone.now(), CheckForm(request.POST)
    run = run_seen_by(actor, pk, now)
    try:
        open_check(run=run, actor=actor, at=now, workdays=form.cleaned_data["workdays"] if form.is_valid() else 0)
        toasts.done(request, _("已开始自查，被考评的单位能看到自己的草稿。"))
    except DomainError as error:
        toasts.refused(request, str(error))
    return redirect("web:run_detail", pk)


@login_required
@require_POST
def run_review(request: HttpRequest, pk: int) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    try:
        begin_review(run=run_seen_by(actor, pk, now), actor=actor, at=now)
        toasts.done(request, _("已开始复核。"))
    except DomainError as error:
        toasts.refused(request, str(error))
    return redirect("web:run_detail", pk)


@login_required
def remark_add(request: HttpRequest, pk: int, subject: int) -> HttpResponse:
    """Say what is wrong with a result: in the self-check a remark, during the notice an objection."""
    actor, now = actor_of(request), timezone.now()
    run = run_seen_by(actor, pk, now)
    result = result_seen_by(actor, run, subject, now)
    word = may_say(run, actor, subject, result.row.body, now)
    if not word:
        toasts.refused(request, _("现在不能对这个结果提意见：自查和公示期间才可以。"))
        return redirect("web:run_explain", pk, subject)
    own = answers_for(actor, run, now).allows(subject, result.row.body)
    late = _("（计算之后记的）")
    facts = [
        (fact.id, f"{day_words(fact.at, 'short')} {fact.title}{late if fact.is_after else ''}")
        for fact in (missing_facts(run, subject) if own else ())
    ]
    nodes = [(node.id, in_language(node.title)) for node in sheet_of_run(run).nodes]
    form = RemarkForm(request.POST or None, nodes=nodes, facts=facts, initial={"node": request.GET.get("node", "")})
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        act = add_remark if word == "remark" else object_to_result
        try:
            act(
                run=run, subject=subject, text=said["text"], node=said["node"], fact=said.get("fact"), actor=actor, at=now
            )  # fmt: skip
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            toasts.done(request, _("已提出，答复后在这次考评的页面能看到。"))
            return redirect("web:run_detail", pk)
    context = {
        "run": run, "subject": subject, "name": result.name, "form": form, "is_objection": word == "objection",
        "title": title_of(run), "period": period_title(run.period), "own": own, "count": len(facts),
    }  # fmt: skip
    return render(request, "appraisal/remark_form.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def remark_answer(request: HttpRequest, pk: int) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    remark = remark_seen_by(actor, pk, now)
    form = AnswerForm(request.POST, prefix=f"r{pk}")
    if not form.is_valid():
        toasts.refused(request, _("请选成立或不成立，并写明理由。"))
        return redirect("web:run_detail", remark.run_id)
    try:
        remark = answer_remark(remark=remark, actor=actor, at=now, **form.cleaned_data)
        if remark.run.state == RunState.COMPUTING:
            compute_now_or_later(run=remark.run, at=now)
            toasts.done(request, _("异议成立，考评已重算，需要再公示一次。"))
        else:
            toasts.done(request, _("已答复。"))
    except DomainError as error:
        toasts.refused(request, str(error))
    return redirect("web:run_detail", remark.run_id)


@login_required
@require_POST
def remark_take_back(request: HttpRequest, pk: int) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    remark: Remark = remark_seen_by(actor, pk, now)
    try:
        take_back_remark(remark=remark, actor=actor, at=now)
        toasts.done(request, _("已收回。"))
    except DomainError as error:
        toasts.refused(request, str(error))
    return redirect("web:run_detail", remark.run_id)


@login_required
def run_consequences(request: HttpRequest, pk: int) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    run = run_seen_by(actor, pk, now)
    rows = consequences_of(run, actor, now)
    context = {"run": run, "title": title_of(run), "period": period_title(run.period), "rows": rows}
    return render(request, "appraisal/consequences.html", context)


@login_required
def run_consequences_file(request: HttpRequest, pk: int, form: str) -> HttpResponseBase:
    actor, now = actor_of(request), timezone.now()
    run = run_seen_by(actor, pk, now)
    word = _("结果运用")
    name = f"{title_of(run)} {period_title(run.period)} {word}"
    if form == "xlsx":
        return excel_answer(consequence_sheets(run, actor, now), f"{name}.xlsx")
    if form != "csv":
        raise Http404
    text = io.StringIO()
    write_csv(text, consequence_lines(run, actor, now))
    return file_answer(text.getvalue().encode("utf-8-sig"), f"{name}.csv", "text/csv; charset=utf-8")
