"""工序: what can be checked now, the list, one process with its record, and its acts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from ronghe.domain.control.enums import Check, Point, ProcessState
from ronghe.domain.control.models import WorkPart, WorkProcess
from ronghe.domain.control.rules import ACCEPT, CHECK, KEEP_STRUCTURE, RATE, REOPEN
from ronghe.domain.control.selectors.records import last_act, record_of
from ronghe.domain.control.selectors.standards import rule_of, terms_of
from ronghe.domain.control.selectors.structure import (
    befores_of,
    path_of,
    processes_of,
    processes_to_accept,
    processes_to_check,
    tallies_of,
)
from ronghe.domain.control.services.accepting import accept_process, reopen_process, stand_by
from ronghe.domain.control.services.checking import (
    check_process,
    send_back,
    start_process,
    take_back,
    tell_witness,
)
from ronghe.domain.control.services.moving import Shown
from ronghe.domain.control.services.rating import rate_many, rate_process
from ronghe.domain.org.models import Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.kernel.errors import DomainError
from ronghe.kernel.tabular.writing import SheetOut
from ronghe.kernel.words import N_, _
from ronghe.ui import toasts
from ronghe.web.control.forms import ShownForm, first_problem
from ronghe.web.control.presenting import process_line, process_of, project_of, uploads_of
from ronghe.web.files import excel_answer
from ronghe.web.lookbacks.linking import look_back_on
from ronghe.web.paging import asked_filters, asked_page, number_of
from ronghe.web.requests import actor_of

A_PAGE, AT_HAND = 30, 40
RATINGS = (("excellent", N_("优质")), ("plain", N_("非优质")), ("unrated", N_("未评级")))

Do = Callable[[WorkProcess, Person, datetime, Shown], Any]


def _checking(check: Check) -> Do:
    return lambda process, actor, at, shown: check_process(
        process=process, check=check, actor=actor, at=at, shown=shown
    )


def _rating(*, is_excellent: bool) -> Do:
    return lambda process, actor, at, shown: rate_process(
        process=process, is_excellent=is_excellent, actor=actor, at=at, words=shown.note
    )


ACTS: dict[str, tuple[Do, str]] = {
    "start": (lambda one, actor, at, shown: start_process(process=one, actor=actor, at=at, shown=shown), N_("已开始。")),
    "self": (_checking(Check.SELF), N_("已自检，等别人互检。")),
    "mutual": (_checking(Check.MUTUAL), N_("已互检，等第三个人专检。")),
    "special": (_checking(Check.SPECIAL), N_("已专检，报监理验收。")),
    "tell": (lambda one, actor, at, shown: tell_witness(process=one, actor=actor, at=at, words=shown.note),
             N_("已通知监理见证，开始计时。")),
    "standby": (lambda one, actor, at, shown: stand_by(process=one, actor=actor, at=at, shown=shown), N_("旁站已记。")),
    "accept": (lambda one, actor, at, shown: accept_process(process=one, actor=actor, at=at, shown=shown),
               N_("验收合格，可以进入下道工序。")),
    "return": (lambda one, actor, at, shown: send_back(process=one, actor=actor, at=at, shown=shown),
               N_("已退回返工。")),
    "reopen": (lambda one, actor, at, shown: reopen_process(process=one, actor=actor, at=at, shown=shown),
               N_("已重新打开，后面的工序先停。")),
    "rate": (_rating(is_excellent=True), N_("已评为优质。")),
    "rate-plain": (_rating(is_excellent=False), N_("已评为非优质。")),
    "undo": (lambda one, actor, at, _shown: take_back(process=one, actor=actor, at=at), N_("已撤回。")),
}  # fmt: skip
UNDOABLE = frozenset({"start", "self", "mutual", "special", "accept"})


@dataclass(frozen=True, slots=True)
class Offers:
    """What the reader may do to a process now."""

    check: Check | None = None
    is_mine_already: bool = False
    """The next check is not for the reader, who made another one."""
    start: bool = False
    tell: bool = False
    standby: bool = False
    accept: bool = False
    send_back: bool = False
    reopen: bool = False
    rate: bool = False
    rate_plain: bool = False
    undo: bool = False


@login_required
def control_processes(request: HttpRequest, pk: int) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    project = project_of(request, pk)
    filters = _filters(request)
    page = Paginator(processes_of(project, **filters), A_PAGE).get_page(asked_page(request))
    lines = [process_line(one) for one in page.object_list]
    part = WorkPart.objects.filter(pk=filters["part"], project=project).first() if filters["part"] else None
    context: dict[str, Any] = {
        "project": project,
        "page": page,
        "lines": lines,
        "part": part,
        "part_path": " › ".join(path_of(part)) if part is not None else "",
        "states": [("all", _("全部")), ("open", _("没验收")), *ProcessState.choices],
        "points": Point.choices,
        "ratings": [(code, _(word)) for code, word in RATINGS],
        "asked_text": request.GET.get("q", "").strip(),
        "export_query": asked_filters(request),
        "can_rate": any(RATE.allows(actor, line.process, at=now) for line in lines[:1]),
    }
    if not request.htmx:  # type: ignore[attr-defined]
        context |= {
            "tally": tallies_of([project.pk])[project.pk],
            "to_check": [process_line(one) for one in processes_to_check(actor, now, project)[:AT_HAND]],
            "to_accept": [process_line(one) for one in processes_to_accept(actor, now, project)[:AT_HAND]],
            "may_keep": KEEP_STRUCTURE.allows(actor, project, at=now),
        }
    wanted = "control/processes.html#rows" if request.htmx else "control/processes.html"  # type: ignore[attr-defined]
    answer = render(request, wanted, context)
    answer["Vary"] = "HX-Request"
    return answer


@login_required
def control_processes_export(request: HttpRequest, pk: int) -> HttpResponseBase:
    """What the list shows with these filters, whole: accepted and excellent in columns of their own (PJ-06)."""
    project = project_of(request, pk)
    heads = [_("标段"), _("单位工程"), _("分部工程"), _("分项工程"), _("检验批"), _("序号"), _("工序"), _("控制点"), _("状态"), _("自检人"),
             _("互检人"), _("专检人"), _("实测点"), _("合格点"), _("验收人"), _("验收时间"), _("评级"), _("评级人"), _("返工次数")]  # fmt: skip
    rows = (_cells(one) for one in processes_of(project, **_filters(request)).iterator(chunk_size=1000))
    widths = [10, 20, 20, 20, 20, 6, 26, 12, 12, 10, 10, 10, 8, 8, 10, 17, 8, 10, 8]
    sheet = SheetOut(title=_("工序"), head=heads, rows=rows, widths=widths)
    return excel_answer([sheet], f"{project.name}_{_('工序')}_{local_day(timezone.now()):%Y%m%d}.xlsx")


@login_required
def control_process(request: HttpRequest, pk: int) -> HttpResponse:
    return _show(request, process_of(request, pk))


@login_required
@require_POST
def control_process_act(request: HttpRequest, pk: int, act: str) -> HttpResponse:
    """Do one act; back to the list where it was done from there."""
    if act not in ACTS:
        raise Http404
    process, actor, now = process_of(request, pk), actor_of(request), timezone.now()
    do, said = ACTS[act]
    form = ShownForm(request.POST)
    to = reverse("web:control_process", args=[pk])
    if request.POST.get("from") == "list":
        to = reverse("web:control_processes", args=[process.project_id])
    if not form.is_valid():
        toasts.refused(request, first_problem(form))
        return redirect(to)
    typed = form.cleaned_data
    shown = Shown(typed["note"], uploads_of(request), typed["measured"] or 0, typed["passed"] or 0)
    try:
        do(process, actor, now, shown)
    except DomainError as error:
        toasts.refused(request, str(error))
    else:
        undo = reverse("web:control_process_act", args=[pk, "undo"]) if act in UNDOABLE else ""
        toasts.done(request, _(said), undo=undo)
    return redirect(to)


@login_required
@require_POST
def control_rate_many(request: HttpRequest, pk: int) -> HttpResponse:
    """Rate the chosen ones as excellent; those that are not are named with the reason."""
    project, actor, now = project_of(request, pk), actor_of(request), timezone.now()
    chosen = [number for text in request.POST.getlist("chosen") if (number := number_of(text)) is not None]
    done, refused = rate_many(processes=list(processes_of(project).filter(pk__in=chosen)), actor=actor, at=now)
    if done:
        toasts.done(request, _("%(count)s 道工序已评为优质。") % {"count": done})
    for words in refused[:AT_HAND]:
        toasts.refused(request, words)
    return redirect("web:control_processes", pk)


def _show(request: HttpRequest, process: WorkProcess) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    before = befores_of(process)
    waiting = [one for one in before if one.state != ProcessState.ACCEPTED and not one.has_run_out(now)]
    context = {
        "process": process,
        "project": process.project,
        "line": process_line(process),
        "befores": [process_line(one) for one in before],
        "blocking": [one.name for one in waiting] if process.state != ProcessState.ACCEPTED else [],
        "records": record_of(process),
        "offers": _offers(process, actor, now),
        "rule": rule_of(process.project.body_id, local_day(now)),
        "terms": terms_of(process.project.body_id, local_day(now)),
        "may_keep": process.state == ProcessState.WAITING and KEEP_STRUCTURE.allows(actor, process.project, at=now),
        "losses": process.idle_claims.select_related("item").order_by("-happened_on", "-pk")[:AT_HAND],
        "loss_query": f"?process={process.pk}",
        "look_back": look_back_on("control.workprocess", process.pk, actor, now) if process.reworks else "",
    }
    return render(request, "control/process.html", context)


def _offers(process: WorkProcess, actor: Person, now: datetime) -> Offers:
    state, line = ProcessState(process.state), process_line(process)
    checks, accepts = CHECK.allows(actor, process, at=now), ACCEPT.allows(actor, process, at=now)
    is_under_way = state not in (ProcessState.WAITING, ProcessState.ACCEPTED)
    is_checked = state in (ProcessState.SELF_CHECKED, ProcessState.MUTUAL_CHECKED)
    rates = state == ProcessState.ACCEPTED and RATE.allows(actor, process, at=now)
    last = last_act(process)
    return Offers(
        check=line.check if checks and actor.pk not in process.checkers else None,
        is_mine_already=checks and line.check is not None and actor.pk in process.checkers,
        start=checks and state == ProcessState.WAITING,
        tell=checks and is_under_way and process.point == Point.WITNESS and process.told_at is None,
        standby=accepts and is_under_way,
        accept=accepts and state == ProcessState.SUBMITTED,
        send_back=(accepts and state == ProcessState.SUBMITTED) or (checks and is_checked),
        reopen=state == ProcessState.ACCEPTED and REOPEN.allows(actor, process, at=now),
        rate=rates and process.is_excellent is not True,
        rate_plain=rates and process.is_excellent is not False,
        undo=last is not None and last.by_id == actor.pk and last.act in UNDOABLE,
    )


def _filters(request: HttpRequest) -> dict[str, Any]:
    return {
        "words": request.GET.get("q", "").strip(),
        "state": request.GET.get("state", ""),
        "point": request.GET.get("point", ""),
        "rating": request.GET.get("rating", ""),
        "part": number_of(request.GET.get("part")),
    }


def _cells(one: WorkProcess) -> list[Any]:
    top = one.part
    while top.parent is not None:
        top = top.parent
    rating = "" if one.is_excellent is None else _("优质") if one.is_excellent else _("非优质")
    names = [person.name if person else "" for person in (one.self_by, one.mutual_by, one.special_by)]
    accepted = f"{timezone.localtime(one.accepted_at):%Y-%m-%d %H:%M}" if one.accepted_at else ""
    return [
        top.lot, *path_of(one.part), one.number, one.name, one.get_point_display(), process_line(one).word, *names,
        one.measured, one.passed, one.accepted_by.name if one.accepted_by else "", accepted, rating,
        one.rated_by.name if one.rated_by else "", one.reworks,
    ]  # fmt: skip
