"""考评: the runs, one run with its next act, where a score comes from."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from tempfile import TemporaryFile
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Page
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ronghe.domain.appraisal.calc.workbook import write_results_workbook
from ronghe.domain.appraisal.enums import RUN_FLOW, Level, RunState
from ronghe.domain.appraisal.models import Run
from ronghe.domain.appraisal.rules import FINALIZE_RUN, PUBLISH_RUN, SEE_WHOLE_RUN, START_RUN
from ronghe.domain.appraisal.selectors.explaining import (
    earlier_scores,
    explained_for,
    facts_behind,
    faults_behind,
    gap_to_next,
)
from ronghe.domain.appraisal.selectors.kept import playbook_kept
from ronghe.domain.appraisal.selectors.playbooks import playbook_named
from ronghe.domain.appraisal.selectors.reports import report_for, seal_lines
from ronghe.domain.appraisal.selectors.results import grades_seen_by, results_seen_by
from ronghe.domain.appraisal.selectors.runs import replacement_of, run_seen_by, runs_seen_by
from ronghe.domain.appraisal.selectors.sheets import (
    figures_of,
    grade_titles,
    note_of,
    score_shown,
    sheet_of_run,
    title_of,
    veto_titles,
)
from ronghe.domain.appraisal.selectors.subjects import names_of
from ronghe.domain.appraisal.selectors.wording import period_title
from ronghe.domain.appraisal.services.computing import recompute_run
from ronghe.domain.appraisal.services.evidence import settle_question
from ronghe.domain.appraisal.services.runs import finalize_run, publish_run, replace_run, start_run, withdraw_run
from ronghe.domain.appraisal.tasks import compute_now_or_later
from ronghe.domain.org.models import PartyOrg, Person
from ronghe.kernel.access.listing import Listed
from ronghe.kernel.errors import DomainError
from ronghe.ui import toasts
from ronghe.web.appraisal.boards import barrel_card
from ronghe.web.appraisal.closing import closing_lines
from ronghe.web.appraisal.forms import PublishForm, ReplaceForm, StartForm
from ronghe.web.appraisal.peers import peer_card
from ronghe.web.appraisal.presenting import (
    FACTS_AT_ONCE,
    drawn_facts,
    drawn_faults,
    faults_of,
    notice_words,
    period_short,
    stars_of,
    steps_of,
    tree_of,
)
from ronghe.web.appraisal.remark_views import may_say, remark_panel
from ronghe.web.files import XLSX
from ronghe.web.paging import asked_page, page_of
from ronghe.web.requests import actor_of

RESULTS_A_PAGE = 50


@login_required
def run_list(request: HttpRequest) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    state = request.GET.get("state", "")
    listed = runs_seen_by(actor, now, state=state if state in RunState.values else "", page=asked_page(request))
    context = {
        "page": page_of(listed),
        "lines": [(run, title_of(run), period_title(run.period), state_mark_of(run)) for run in listed],
        "states": [("", _("全部")), *((value, str(label)) for value, label in RunState.choices)],
        "can_start": START_RUN.narrow(actor, PartyOrg.objects.filter(valid_until=None), at=now).exists(),
    }
    template = "appraisal/run_list.html"
    answer = render(request, f"{template}#rows" if request.htmx else template, context)  # type: ignore[attr-defined]
    answer["Vary"] = "HX-Request"
    return answer


@login_required
def run_start(request: HttpRequest) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    form = StartForm(request.POST or None, actor=actor, today=timezone.localdate(now))
    if request.method == "POST" and form.is_valid():
        playbook_id, _colon, sheet_id = form.cleaned_data["sheet"].partition(":")
        try:
            run = start_run(
                body=form.cleaned_data["body"], playbook=playbook_named(playbook_id), sheet_id=sheet_id,
                period=form.cleaned_data["period"], actor=actor, at=now,
            )  # fmt: skip
            compute_now_or_later(run=run, at=now)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            return redirect("web:run_detail", run.pk)
    return render(request, "appraisal/run_start.html", {"form": form}, status=422 if form.errors else 200)


@login_required
def run_detail(request: HttpRequest, pk: int) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    run = run_seen_by(actor, pk, now)
    context = {**_frame(run, actor, now), **_results(request, run, actor, now), **remark_panel(run, actor, now)}
    partial = "#progress" if run.state == RunState.COMPUTING else "#rows"
    template = "appraisal/run_detail.html"
    answer = render(request, f"{template}{partial}" if request.htmx else template, context)  # type: ignore[attr-defined]
    answer["Vary"] = "HX-Request"
    return answer


@login_required
def run_explain(request: HttpRequest, pk: int, subject: int) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    run = run_seen_by(actor, pk, now)
    explanation = explained_for(actor, run, subject, now)
    ids = explanation.fact_ids
    facts = {line.id: line for line in facts_behind(run, ids)} if len(ids) <= FACTS_AT_ONCE else None
    sheet, row = explanation.sheet, explanation.result.row
    earlier = earlier_scores(run, subject)
    scores = [*(score for _period, score in earlier), *([] if row.score is None else [_points(row.score)])]
    gap = gap_to_next(explanation)
    vetoes = veto_titles(sheet)
    context = {
        **_frame(run, actor, now),
        "name": explanation.result.name,
        "row": row,
        "total": score_shown(sheet, row.score),
        "grade": grade_titles(sheet).get(row.grade or "", ""),
        "stars": stars_of(row.grade),
        "change": scores[-1] - scores[-2] if len(scores) > 1 else None,
        "fallen": [vetoes.get(veto, veto) for veto in row.vetoes],
        "veto_count": len(vetoes),
        "tree": tree_of(explanation, run, playbook_kept(run), facts, faults_behind(run, subject)),
        "fact_count": len(ids),
        "trend": [f"{score:.2f}" for score in scores] if len(scores) > 1 else [],
        "trend_values": scores,
        "trend_labels": [*(period_short(period) for period, _score in earlier), period_short(run.period)],
        "gap": gap,
        "gap_missing": score_shown(sheet, gap.missing) if gap else "",
        "gap_begins": score_shown(sheet, gap.begins_at) if gap else "",
        "closings": closing_lines(run, explanation),
        "barrel": barrel_card(actor, run, explanation, now),
        "peer": peer_card(actor, run, explanation, now),
        "may_say": may_say(run, actor, subject, row.body, now),
        "chances": [(name, score_shown(sheet, points)) for name, points in gap.chances] if gap else [],
    }
    return render(request, "appraisal/run_explain.html", context)


@login_required
def run_facts(request: HttpRequest, pk: int, subject: int, node_id: str) -> HttpResponse:
    """The facts of one node, fetched when it is opened."""
    actor, now = actor_of(request), timezone.now()
    run = run_seen_by(actor, pk, now)
    explanation = explained_for(actor, run, subject, now)
    node = explanation.node(node_id)
    missed = faults_of(explanation.sheet, node_id, faults_behind(run, subject))
    found = drawn_facts(facts_behind(run, node["facts"]))
    lines = (*drawn_faults(missed, playbook_kept(run)), *found)
    return render(request, "appraisal/_facts.html", {"facts": lines, "more": len(node["facts"]) - len(found)})


@login_required
def run_export(request: HttpRequest, pk: int) -> FileResponse:
    actor, now = actor_of(request), timezone.now()
    run = run_seen_by(actor, pk, now)
    report, lines = report_for(actor, run, now)
    file = TemporaryFile()  # noqa: SIM115 - FileResponse closes it
    write_results_workbook(file, report, lines)
    file.seek(0)
    name = f"{title_of(run)} {period_title(run.period)}.xlsx"
    return FileResponse(file, as_attachment=True, filename=name, content_type=XLSX)


@login_required
@require_POST
def run_recompute(request: HttpRequest, pk: int) -> HttpResponse:
    def act(run: Run, actor: Person, now: datetime) -> str:
        compute_now_or_later(run=recompute_run(run=run, actor=actor, at=now), at=now)
        return _("已重算。")

    return _acted(request, pk, act)


@login_required
@require_POST
def run_settle(request: HttpRequest, pk: int) -> HttpResponse:
    places = {
        int(name.removeprefix("place-")): int(str(value))
        for name, value in request.POST.items()
        if name.startswith("place-") and str(value).isdigit() and name.removeprefix("place-").isdigit()
    }

    def act(run: Run, actor: Person, now: datetime) -> str:
        settle_question(run=run, places=places, actor=actor, at=now)
        compute_now_or_later(run=recompute_run(run=run, actor=actor, at=now), at=now)
        return _("已记下先后并重算。")

    return _acted(request, pk, act)


@login_required
@require_POST
def run_publish(request: HttpRequest, pk: int) -> HttpResponse:
    form = PublishForm(request.POST)

    def act(run: Run, actor: Person, now: datetime) -> str:
        workdays = form.cleaned_data["workdays"] if form.is_valid() else 0
        publish_run(run=run, actor=actor, at=now, workdays=workdays)
        return _("已公示。")

    return _acted(request, pk, act)


@login_required
@require_POST
def run_finalize(request: HttpRequest, pk: int) -> HttpResponse:
    def act(run: Run, actor: Person, now: datetime) -> str:
        finalize_run(run=run, actor=actor, at=now)
        return _("已定稿并封存。")

    return _acted(request, pk, act)


@login_required
@require_POST
def run_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    def act(run: Run, actor: Person, now: datetime) -> str:
        withdraw_run(run=run, actor=actor, at=now)
        return _("已撤回。")

    return _acted(request, pk, act)


@login_required
@require_POST
def run_replace(request: HttpRequest, pk: int) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    run = run_seen_by(actor, pk, now)
    form = ReplaceForm(request.POST)
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    try:
        corrected = replace_run(run=run, playbook=playbook_kept(run), reason=reason, actor=actor, at=now)
        compute_now_or_later(run=corrected, at=now)
    except DomainError as error:
        toasts.refused(request, str(error))
        return redirect("web:run_detail", pk)
    return redirect("web:run_detail", corrected.pk)


def state_mark_of(run: Run) -> str:
    """Return the shape that goes with a run's state."""
    return {
        RunState.COMPUTING: "running",
        RunState.STOPPED: "attention",
        RunState.DRAFT: "upcoming",
        RunState.SELF_CHECK: "due",
        RunState.REVIEW: "due",
        RunState.PUBLIC_NOTICE: "due",
        RunState.FINAL: "done",
        RunState.WITHDRAWN: "waived",
    }[RunState(run.state)]


def _acted(request: HttpRequest, pk: int, act: Callable[[Run, Person, datetime], str]) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    try:
        toasts.done(request, act(run_seen_by(actor, pk, now), actor, now))
    except DomainError as error:
        toasts.refused(request, str(error))
    return redirect("web:run_detail", pk)


def _frame(run: Run, actor: Person, now: datetime) -> dict[str, Any]:
    """What the head of a run's pages shows, and which acts it offers: flow and right both agree."""
    may_publish = PUBLISH_RUN.allows(actor, run, at=now)
    sheet = sheet_of_run(run)
    is_over = run.notice_last_on is not None and timezone.localdate(now) > run.notice_last_on
    return {
        "run": run,
        "title": title_of(run),
        "period": period_title(run.period),
        "state": state_mark_of(run),
        "steps": steps_of(run, now),
        "notice_left": notice_words(run, now),
        "replacement": replacement_of(run) if run.state == RunState.FINAL else None,
        "sees_whole": SEE_WHOLE_RUN.allows(actor, run, at=now),
        "can_publish": may_publish and RUN_FLOW.allows(run, "publish"),
        "can_recompute": may_publish and RUN_FLOW.allows(run, "recompute"),
        "can_withdraw": may_publish and RUN_FLOW.allows(run, "withdraw"),
        "note": note_of(sheet),
        "can_compare": sheet.rank != "off" and run.level != Level.MEMBER,
        "can_fill": may_publish and RUN_FLOW.allows(run, "recompute") and bool(figures_of(sheet)),
        "can_settle": may_publish and run.state == RunState.STOPPED and bool(run.open_questions),
        "can_finalize": FINALIZE_RUN.allows(actor, run, at=now) and RUN_FLOW.allows(run, "finalize"),
        "is_over": is_over,
        "can_replace": run.state == RunState.FINAL and START_RUN.allows(actor, run.body, at=now),
        "publish_form": PublishForm(),
        "replace_form": ReplaceForm(),
    }


def _results(request: HttpRequest, run: Run, actor: Person, now: datetime) -> dict[str, Any]:
    number = asked_page(request)
    found = results_seen_by(actor, run, now, start=(number - 1) * RESULTS_A_PAGE, limit=RESULTS_A_PAGE)
    sheet = sheet_of_run(run)
    grades, vetoes = grade_titles(sheet), veto_titles(sheet)
    counts = grades_seen_by(actor, run, now)
    lines = [
        {
            "row": named.row,
            "name": named.name,
            "total": score_shown(sheet, named.row.score),
            "grade": grades.get(named.row.grade or "", ""),
            "stars": stars_of(named.row.grade),
            "vetoes": [vetoes.get(veto, veto) for veto in named.row.vetoes],
            "href": reverse("web:run_explain", args=[run.pk, named.row.subject]),
        }
        for named in found.rows
    ]
    questions = run.open_questions
    tied = [int(subject) for question in questions for subject in question["subjects"]]
    names = names_of(run.level, tied) if questions else {}
    return {
        "lines": lines,
        "page": _page(found.count, number, lines),
        "bands": [(title, counts.get(band, 0)) for band, title in grades.items()],
        "most": max([*counts.values(), 1]),
        "is_ranked": sheet.rank != "off",
        "is_personal": run.level == Level.MEMBER,
        "sealed": seal_lines(run) if run.results_digest else [],
        "questions": [question["message"] for question in questions],
        "tied": [(subject, names.get(subject, "—")) for subject in dict.fromkeys(tied)],
    }


def _page(count: int, number: int, lines: list[dict[str, Any]]) -> Page[Any]:
    return page_of(Listed(lines, count, number, RESULTS_A_PAGE))


def _points(score: int) -> Any:
    from decimal import Decimal

    return Decimal(score) / 10_000
