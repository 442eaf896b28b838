"""The form of the mechanism, filled in while the activity is open; and who is late, left, or takes part online."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ronghe.domain.org.models import Person
from ronghe.domain.rhythm.enums import CheckAnswer, LeaveKind
from ronghe.domain.rhythm.models import Activity, Attendance
from ronghe.domain.rhythm.selectors import activities_seen_by, expected_people
from ronghe.domain.rhythm.selectors.forms import figure_lines
from ronghe.domain.rhythm.services.forms import (
    answer_check,
    answer_rest_fine,
    enter_figure,
    make_task_of_check,
    write_outcome,
)
from ronghe.domain.rhythm.services.sign_in import allow_online, mark_late, mark_left, note_leave, sign_in_online
from ronghe.kernel.errors import DomainError
from ronghe.ui import toasts
from ronghe.web.requests import actor_of
from ronghe.web.rhythm.presenting import activity_context
from ronghe.web.rhythm.record_forms import FiguresForm, OutcomeForm, TaskForm

LONGEST_NOTE = 200


@login_required
@require_POST
def check_answer(request: HttpRequest, pk: int, check_id: str) -> HttpResponse:
    """One tap a line; a problem comes with its words."""
    said = request.POST.get("answer", "")

    def act(activity: Activity, actor: Person) -> None:
        answer_check(
            activity=activity, check_id=check_id, answer=CheckAnswer(said if said in CheckAnswer.values else "fine"),
            note=request.POST.get("note", "")[:LONGEST_NOTE], actor=actor, at=timezone.now(),
        )  # fmt: skip

    return _acted(request, pk, act, fragment="form")


@login_required
@require_POST
def checks_rest_fine(request: HttpRequest, pk: int) -> HttpResponse:
    def act(activity: Activity, actor: Person) -> None:
        answer_rest_fine(activity=activity, actor=actor, at=timezone.now())

    return _acted(request, pk, act, fragment="form")


@login_required
@require_POST
def check_task(request: HttpRequest, pk: int, check_id: str) -> HttpResponse:
    activity, actor, now = _seen(request, pk), actor_of(request), timezone.now()
    form = TaskForm(request.POST, people=expected_people(activity), now=now)
    if form.is_valid():
        try:
            row = make_task_of_check(activity=activity, check_id=check_id, actor=actor, at=now, **form.cleaned_data)
        except DomainError as error:
            toasts.refused(request, str(error))
        else:
            who = row.task.assignee.name if row.task else ""
            toasts.done(request, _("已转为任务，由%(name)s办。") % {"name": who})
    else:
        toasts.refused(request, _("转为任务要选人，并写明期限。"))
    return redirect("web:activity_detail", pk)


@login_required
@require_POST
def figures_save(request: HttpRequest, pk: int) -> HttpResponse:
    activity, actor, now = _seen(request, pk), actor_of(request), timezone.now()
    form = FiguresForm(request.POST, lines=figure_lines(activity))
    if form.is_valid():
        try:
            for figure, value in form.values().items():
                enter_figure(activity=activity, figure_id=figure, value=value, actor=actor, at=now)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            toasts.done(request, _("数据已记下。"))
            return redirect("web:activity_detail", pk)
    return _again(request, pk, figures_form=form)


@login_required
@require_POST
def outcome_save(request: HttpRequest, pk: int) -> HttpResponse:
    activity, form = _seen(request, pk), OutcomeForm(request.POST)
    if form.is_valid():
        try:
            write_outcome(activity=activity, actor=actor_of(request), at=timezone.now(), **form.cleaned_data)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            toasts.done(request, _("已记下。"))
            return redirect("web:activity_detail", pk)
    return _again(request, pk, outcome_form=form)


@login_required
@require_POST
def online_switch(request: HttpRequest, pk: int) -> HttpResponse:
    def act(activity: Activity, actor: Person) -> None:
        allowed = request.POST.get("allow") == "1"
        allow_online(activity=activity, is_allowed=allowed, actor=actor, at=timezone.now())

    return _acted(request, pk, act)


@login_required
@require_POST
def online_join(request: HttpRequest, pk: int) -> HttpResponse:
    def act(activity: Activity, actor: Person) -> None:
        sign_in_online(activity=activity, actor=actor, at=timezone.now())
        toasts.done(request, _("已记线上参会；线上参会不算表决到会。"))

    return _acted(request, pk, act)


@login_required
@require_POST
def own_leave(request: HttpRequest, pk: int) -> HttpResponse:
    """请假 by oneself: kind and a word."""
    kind = request.POST.get("kind", "")

    def act(activity: Activity, actor: Person) -> None:
        note_leave(
            activity=activity, person=actor, kind=LeaveKind(kind if kind in LeaveKind.values else LeaveKind.OTHER),
            reason=request.POST.get("reason", "").strip()[:120] or None, actor=actor,
            at=timezone.now(),
        )  # fmt: skip
        toasts.done(request, _("已请假，主持人看得到。"))

    return _acted(request, pk, act)


@login_required
@require_POST
def attendance_late(request: HttpRequest, pk: int, attendance_pk: int) -> HttpResponse:
    def act(activity: Activity, actor: Person) -> None:
        row = _row(activity, attendance_pk)
        mark_late(attendance=row, is_late=request.POST.get("late") == "1", actor=actor, at=timezone.now())

    return _acted(request, pk, act, fragment="sheet")


@login_required
@require_POST
def attendance_left(request: HttpRequest, pk: int, attendance_pk: int) -> HttpResponse:
    def act(activity: Activity, actor: Person) -> None:
        row = _row(activity, attendance_pk)
        mark_left(attendance=row, has_left=request.POST.get("left") == "1", actor=actor, at=timezone.now())

    return _acted(request, pk, act, fragment="sheet")


def _row(activity: Activity, pk: int) -> Attendance:
    return get_object_or_404(Attendance.objects.select_related("person"), pk=pk, activity=activity)


def _acted(
    request: HttpRequest, pk: int, act: Callable[[Activity, Person], Any], *, fragment: str = ""
) -> HttpResponse:
    activity = _seen(request, pk)
    try:
        act(activity, actor_of(request))
    except DomainError as error:
        toasts.refused(request, str(error))
    if request.htmx and fragment:  # type: ignore[attr-defined]
        context = activity_context(request, _seen(request, pk))
        return render(request, f"rhythm/_{fragment}.html", {**context, "is_fragment": True})
    return redirect("web:activity_detail", pk)


def _again(request: HttpRequest, pk: int, **forms: Any) -> HttpResponse:
    context = activity_context(request, _seen(request, pk), **forms)
    return render(request, "rhythm/activity_detail.html", context, status=422)


def _seen(request: HttpRequest, pk: int) -> Activity:
    rows = activities_seen_by(actor_of(request), timezone.now()).select_related("recorder", "body__unit")
    return get_object_or_404(rows, pk=pk)
