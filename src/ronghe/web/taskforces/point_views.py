"""攻关难点: across all groups with the clock of each kind, one with its four fixes, and what is done about it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ronghe.domain.org.models import Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.taskforces.calc.clock import Clocked, in_words
from ronghe.domain.taskforces.enums import OPEN_POINTS, DifficultyKind, ForceState, PointState
from ronghe.domain.taskforces.models import DifficultPoint, TaskForce
from ronghe.domain.taskforces.rules import LEAD_TASK_FORCE, NOTE_POINT, RAISE_POINT, RESOLVE_POINT
from ronghe.domain.taskforces.selectors import clock_by_kind, list_points, members_on, point_lines, points_seen_by
from ronghe.domain.taskforces.services.points import (
    RAISED_IN,
    fix_point,
    hand_over_point,
    note_progress,
    raise_point,
    reopen_point,
    resolve_point,
)
from ronghe.kernel.errors import DomainError, NotAllowed
from ronghe.kernel.tabular.writing import SheetOut
from ronghe.kernel.words import counted
from ronghe.ui import toasts
from ronghe.web.files import excel_answer
from ronghe.web.paging import asked_filters, asked_order, asked_page, page_of
from ronghe.web.requests import actor_of
from ronghe.web.taskforces.forms import HandOverForm, NoteForm, PointForm, ResolveForm, fixes_initial
from ronghe.web.taskforces.presenting import shown
from ronghe.web.taskforces.views import seen_force

ORDERS = {
    "due": ["due_on"], "-due": ["-due_on"], "raised": ["raised_at"], "-raised": ["-raised_at"],
    "title": ["title"], "-title": ["-title"],
}  # fmt: skip
EXPORTED = 10_000


@login_required
def point_list(request: HttpRequest) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    listed = list_points(
        actor, now, page=asked_page(request), size=20, order_by=asked_order(request, ORDERS, "-raised"),
        **_filters(request),
    )  # fmt: skip
    context = {
        "page": page_of(listed),
        "lines": shown(point_lines(list(listed.rows), local_day(now), with_notes=False)),
        "kinds": DifficultyKind.choices,
        "states": PointState.choices,
        "asked_text": request.GET.get("q", "").strip(),
        "export_query": asked_filters(request),
        "clocks": [],
    }
    if not request.htmx:  # type: ignore[attr-defined]
        context["clocks"] = [(clock, *_spoken(clock)) for clock in clock_by_kind(actor, now)]
    template = "taskforces/point_list.html#rows" if request.htmx else "taskforces/point_list.html"  # type: ignore[attr-defined]
    answer = render(request, template, context)
    answer["Vary"] = "HX-Request"
    return answer


@login_required
def point_export(request: HttpRequest) -> FileResponse:
    """What the list shows with these filters as a workbook, with people, goal and the hours that it took."""
    actor, now = actor_of(request), timezone.now()
    listed = list_points(actor, now, size=EXPORTED, order_by=["-raised_at"], **_filters(request))
    lines = point_lines(list(listed.rows), local_day(now), with_notes=False)
    heads = [_("难点"), _("类别"), _("小组"), _("负责人"), _("目标"), _("时限"), _("状态"), _("提出"), _("解决"), _("用时（小时）"), _("结果")]  # fmt: skip
    rows: Iterator[Sequence[Any]] = (
        [line.point.title, line.point.get_kind_display(), line.point.task_force.name,
         line.in_charge.name if line.in_charge else "", line.point.goal, line.point.due_on, word,
         local_day(line.point.raised_at), local_day(line.point.settled_at) if line.point.settled_at else None,
         line.hours, line.point.result]
        for line, _shape, word in shown(lines)
    )  # fmt: skip
    sheet = SheetOut(title=_("攻关难点"), head=heads, rows=rows, widths=[30, 12, 26, 10, 30, 12, 14, 12, 12, 12, 40])
    return excel_answer([sheet], _("攻关难点") + f"_{local_day(now):%Y%m%d}.xlsx")


@login_required
def point_create(request: HttpRequest, pk: int) -> HttpResponse:
    """提出难点: what it is, and the four fixes at once where they are known."""
    actor, now = actor_of(request), timezone.now()
    force = seen_force(request, pk)
    RAISE_POINT.require(actor, force, at=now)
    leads = LEAD_TASK_FORCE.allows(actor, force, at=now)
    people = _people(force, now) if leads else []
    form = PointForm(request.POST if request.method == "POST" else None, people=people)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            point = raise_point(
                force=force, title=given["title"], kind=DifficultyKind(given["kind"]), text=given["text"],
                fixes=form.fixes() if leads and form.has_fixes else None, actor=actor, at=now,
            )  # fmt: skip
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            toasts.done(request, _("难点已提出，从现在起计时。"))
            return redirect("web:difficult_point", point.pk)
    context = {"form": form, "force": force, "leads": leads, "point": None}
    return render(request, "taskforces/point_form.html", context, status=422 if form.errors else 200)


@login_required
def point_fix(request: HttpRequest, pk: int) -> HttpResponse:
    """四定: who, to what end, with which duty, by when."""
    actor, now = actor_of(request), timezone.now()
    point = _seen(request, pk)
    LEAD_TASK_FORCE.require(actor, point.task_force, at=now)
    [line] = point_lines([point], local_day(now))
    form = PointForm(
        request.POST if request.method == "POST" else None, people=_people(point.task_force, now), fixes_only=True,
        whole=point.task_force.is_running,
        initial=fixes_initial(line),
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        try:
            fix_point(point=point, fixes=form.fixes(), actor=actor, at=now)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            toasts.done(request, _("四定已存下。"))
            return redirect("web:difficult_point", point.pk)
    context = {"form": form, "force": point.task_force, "leads": True, "point": point}
    return render(request, "taskforces/point_form.html", context, status=422 if form.errors else 200)


@login_required
def point_detail(request: HttpRequest, pk: int) -> HttpResponse:
    return render(request, "taskforces/point_detail.html", _context(request, _seen(request, pk)))


@login_required
@require_POST
def point_note(request: HttpRequest, pk: int) -> HttpResponse:
    form = NoteForm(request.POST)

    def act(point: DifficultPoint, actor: Person, at: datetime) -> None:
        note_progress(point=point, actor=actor, at=at, **form.cleaned_data)

    return _formed(request, pk, form, act, said=_("进展已记下。"))


@login_required
@require_POST
def point_resolve(request: HttpRequest, pk: int) -> HttpResponse:
    form = ResolveForm(request.POST)

    def act(point: DifficultPoint, actor: Person, at: datetime) -> None:
        resolve_point(point=point, actor=actor, at=at, **form.cleaned_data)

    return _formed(request, pk, form, act, said=_("难点已办结，计时停止。"))


@login_required
@require_POST
def point_hand_over(request: HttpRequest, pk: int) -> HttpResponse:
    form = HandOverForm(request.POST)

    def act(point: DifficultPoint, actor: Person, at: datetime) -> None:
        hand_over_point(point=point, to=form.cleaned_data["to"], actor=actor, at=at)

    return _formed(request, pk, form, act, said=_("难点已移交。"))


@login_required
@require_POST
def point_reopen(request: HttpRequest, pk: int) -> HttpResponse:
    try:
        reopen_point(point=_seen(request, pk), actor=actor_of(request), at=timezone.now())
    except NotAllowed:
        raise
    except DomainError as error:
        toasts.refused(request, str(error))
    else:
        toasts.done(request, _("难点已重开，继续计时。"))
    return redirect("web:difficult_point", pk)


def _seen(request: HttpRequest, pk: int) -> DifficultPoint:
    rows = points_seen_by(actor_of(request), timezone.now()).select_related("raised_by", "settled_by")
    return get_object_or_404(rows, pk=pk)


def _people(force: TaskForce, now: datetime) -> list[Person]:
    day = local_day(now)
    return [row.person for row in members_on(force, day)]


def _filters(request: HttpRequest) -> dict[str, Any]:
    kind, state = request.GET.get("kind", ""), request.GET.get("state", "")
    return {
        "words": request.GET.get("q", "").strip(),
        "kind": kind if kind in DifficultyKind.values else "",
        "state": state if state in PointState.values else "",
        "overdue": bool(request.GET.get("overdue")),
        "mine": bool(request.GET.get("mine")),
    }


def _spoken(clock: Clocked) -> tuple[str, str, str]:
    """Return the kind in words, and the middle and the longest time."""
    times = [_span(hours) for hours in (clock.median_hours, clock.longest_hours)]
    return str(DifficultyKind(clock.kind).label), times[0], times[1]


def _span(hours: int | None) -> str:
    if hours is None:
        return "—"
    count, unit = in_words(hours)
    said = counted("%(count)s 小时", count) if unit == "hours" else counted("%(count)s 天", count)
    return said % {"count": count}


def _formed(
    request: HttpRequest, pk: int, form: Any, act: Callable[[DifficultPoint, Person, datetime], None], *, said: str
) -> HttpResponse:
    point = _seen(request, pk)
    if form.is_valid():
        try:
            act(point, actor_of(request), timezone.now())
        except NotAllowed:
            raise
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            toasts.done(request, said)
            return redirect("web:difficult_point", pk)
    return render(request, "taskforces/point_detail.html", _context(request, point, failed=form), status=422)


def _context(request: HttpRequest, point: DifficultPoint, *, failed: Any = None) -> dict[str, Any]:
    actor, now = actor_of(request), timezone.now()
    force = point.task_force
    [(line, shape, word)] = shown(point_lines([point], local_day(now)))
    works = force.is_running and point.state == PointState.FIXED
    can_lead = LEAD_TASK_FORCE.allows(actor, force, at=now)
    forms: dict[str, Any] = {"note_form": NoteForm(), "resolve_form": ResolveForm(), "hand_over_form": HandOverForm()}
    if failed is not None:
        forms |= {name: failed for name, form in forms.items() if type(form) is type(failed)}
    can_resolve = force.is_running and RESOLVE_POINT.allows(actor, point, at=now)
    return forms | {
        "point": point, "force": force, "line": line, "shape": shape, "word": word,
        "took": _span(line.hours) if line.hours is not None else "",
        "can_fix": can_lead and point.is_open and (force.state in RAISED_IN or force.state == ForceState.CLOSING),
        "can_note": works and NOTE_POINT.allows(actor, point, at=now),
        "can_resolve": works and can_resolve,
        "can_reopen": point.state == PointState.RESOLVED and can_resolve,
        "can_hand_over": force.is_running and can_lead and point.state in OPEN_POINTS,
        "failed": type(failed).__name__ if failed is not None else "",
    }  # fmt: skip
