"""One task: what is known of it, what its foreman tells with a tap, what the planner changes; and everything that is mine."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ronghe.domain.org.models import Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.schedule.calc.worktime import last_day_of, minute_of
from ronghe.domain.schedule.models import ProgressReport, Schedule, ScheduleTask
from ronghe.domain.schedule.rules import PLAN_SCHEDULE, REPORT_PROGRESS
from ronghe.domain.schedule.selectors.loading import links_text
from ronghe.domain.schedule.selectors.people import people_for
from ronghe.domain.schedule.selectors.schedules import PlanView, tasks_of, view_plan
from ronghe.domain.schedule.services.progress import report_finish, report_percent, report_start, take_back_report
from ronghe.domain.schedule.services.tasks import (
    add_task,
    change_task,
    move_task,
    place_task,
    remove_task,
    restore_task,
)
from ronghe.kernel.errors import DomainError
from ronghe.ui import toasts
from ronghe.web.paging import number_of
from ronghe.web.requests import actor_of
from ronghe.web.schedule.forms import DayForm, ReportForm, TaskForm, initial_of
from ronghe.web.schedule.presenting import (
    act,
    constraint_word,
    finish_day,
    plan_context,
    seen_schedule,
    seen_task,
    shape_of,
)

QUARTERS = (25, 50, 75)
MINE_SHOWN = 60
REPORTS_SHOWN = 30


@login_required
def mine(request: HttpRequest) -> HttpResponse:
    """The tasks that the reader answers for, the next due first: a tap each."""
    actor, now = actor_of(request), timezone.now()
    tasks: list[Any] = list(tasks_of(actor, now)[:MINE_SHOWN])
    today = local_day(now)
    rows = []
    for task in tasks:
        due = finish_day(task.due_at)
        is_late = due is not None and due < today
        shape = "failed" if is_late else "running" if task.actual_start is not None else "upcoming"
        rows.append((task, shape, due, (due - today).days if due is not None else None))
    return render(request, "schedule/mine.html", {"rows": rows, "quarters": QUARTERS, "next": request.path})


@login_required
def task_detail(request: HttpRequest, pk: int) -> HttpResponse:
    return _detail(request, seen_task(request, pk))


@login_required
def report_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Lead from what a report met, a duty say, to its task."""
    report = get_object_or_404(ProgressReport, pk=pk)
    return redirect("web:schedule_task", seen_task(request, report.task_id).pk)


@login_required
def task_create(request: HttpRequest, project: int) -> HttpResponse:
    schedule = seen_schedule(request, project)
    actor, now = actor_of(request), timezone.now()
    PLAN_SCHEDULE.require(actor, schedule, at=now)
    after = schedule.tasks.standing().filter(pk=number_of(request.GET.get("after")) or 0).first()
    form = _task_form(request, schedule, {"lot": after.lot_id if after is not None else None, "days": 1})
    if request.method == "POST" and form.is_valid():
        try:
            task = add_task(
                schedule=schedule, text=form.text, actor=actor, at=now, after=after,
                is_below=request.GET.get("below") == "1" and after is not None,
            )  # fmt: skip
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            toasts.done(request, _("已加入计划，编号 %(uid)s。") % {"uid": task.uid},
                        undo=reverse("web:schedule_task_remove", args=[task.pk]))  # fmt: skip
            return redirect("web:schedule", schedule.project_id)
    context = plan_context(request, schedule, "gantt") | {"form": form, "after": after}
    return render(request, "schedule/task_form.html", context, status=422 if form.errors else 200)


@login_required
def task_edit(request: HttpRequest, pk: int) -> HttpResponse:
    task = seen_task(request, pk)
    actor, now = actor_of(request), timezone.now()
    PLAN_SCHEDULE.require(actor, task.schedule, at=now)
    form = _task_form(request, task.schedule, initial_of(task))
    if request.method == "POST" and form.is_valid():
        try:
            change_task(task=task, text=form.text, actor=actor, at=now)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            toasts.done(request, _("已改，计划重新排过。"))
            return redirect("web:schedule_task", pk)
    context = plan_context(request, task.schedule, "gantt") | {"form": form, "task": task}
    return render(request, "schedule/task_form.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def task_place(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a task on a day: what dragging its bar sends, and the form on its page."""
    task, form = seen_task(request, pk), DayForm(request.POST)
    back = request.POST.get("back", "")
    where = reverse("web:schedule", args=[task.schedule.project_id]) if back == "plan" else _page(task)
    if not form.is_valid():
        toasts.refused(request, _("日期没有写对，请写成 2026-03-01。"))
        return redirect(where)
    day = form.cleaned_data["day"]
    said = _("“%(name)s”从 %(day)s 起。") % {"name": task.name, "day": day} if day else _("已按前置任务排。")
    return act(request, lambda a, t: place_task(task=task, day=day, actor=a, at=t), said, where)


@login_required
@require_POST
def task_move(request: HttpRequest, pk: int, way: str) -> HttpResponse:
    task = seen_task(request, pk)
    return act(request, lambda a, t: move_task(task=task, way=way, actor=a, at=t), _("已移动。"), _page(task))


@login_required
@require_POST
def task_remove(request: HttpRequest, pk: int) -> HttpResponse:
    task = seen_task(request, pk)
    return act(
        request, lambda a, t: remove_task(task=task, actor=a, at=t), _("“%(name)s”已从计划里去掉。") % {"name": task.name},
        reverse("web:schedule", args=[task.schedule.project_id]), undo=reverse("web:schedule_task_restore", args=[pk]),
    )  # fmt: skip


@login_required
@require_POST
def task_restore(request: HttpRequest, pk: int) -> HttpResponse:
    task = seen_task(request, pk)
    return act(request, lambda a, t: restore_task(task=task, actor=a, at=t), _("已放回计划。"), _page(task))


@login_required
@require_POST
def task_report(request: HttpRequest, pk: int) -> HttpResponse:
    """A tap of the foreman: begun, so far, done; today unless a day is given."""
    task, form = seen_task(request, pk), ReportForm(request.POST)
    back = reverse("web:schedule_mine") if request.POST.get("back") == "mine" else _page(task)
    if not form.is_valid():
        if back == _page(task):
            return _detail(request, task, form)
        toasts.refused(request, _("没有记下，请打开这个任务再报。"))
        return redirect(back)
    given = form.cleaned_data

    def do(actor: Person, at: datetime) -> Any:
        match given["kind"]:
            case "started":
                return report_start(task=task, actor=actor, at=at, day=given["day"], note=given["note"])
            case "finished":
                return report_finish(
                    task=task, actor=actor, at=at, day=given["day"], started_on=given["started_on"], note=given["note"]
                )
            case _:
                return report_percent(
                    task=task, percent=given["percent"] or 0, actor=actor, at=at, started_on=given["started_on"],
                    note=given["note"],
                )  # fmt: skip

    words = {"started": _("已记：开始了。"), "finished": _("已记：完成了。")}
    said = words.get(given["kind"]) or _("已记：干到 %(percent)s%%。") % {"percent": given["percent"]}
    return act(request, do, said, back, undo=reverse("web:schedule_task_take_back", args=[pk]))


@login_required
@require_POST
def task_take_back(request: HttpRequest, pk: int) -> HttpResponse:
    task = seen_task(request, pk)
    return act(request, lambda a, t: take_back_report(task=task, actor=a, at=t), _("已撤回上一次进度。"), _page(task))


def _page(task: ScheduleTask) -> str:
    return reverse("web:schedule_task", args=[task.pk])


def _task_form(request: HttpRequest, schedule: Schedule, initial: dict[str, Any]) -> TaskForm:
    people = people_for(schedule, timezone.localdate())
    data = request.POST if request.method == "POST" else None
    return TaskForm(data, initial=initial, lots=schedule.lots.order_by("pk"), people=people)


def _detail(request: HttpRequest, task: ScheduleTask, form: ReportForm | None = None) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    view = view_plan(task.schedule, now)
    here = view.loaded.by_pk.get(task.pk, task)
    here.schedule, here.lot = task.schedule, task.lot
    may_report = (
        task.removed_at is None and here.is_active and not here.is_summary
        and REPORT_PROGRESS.allows(actor, task, at=now)
    )  # fmt: skip
    reports = list(task.reports.select_related("reported_by", "reversed_by").order_by("-pk")[:REPORTS_SHOWN])
    context = plan_context(request, task.schedule, "gantt") | {
        "task": here, "view": view, "number": view.loaded.numbers.get(task.pk, ""), "shape": shape_of(view, here),
        "percent": view.percent_of(here), "due": view.due_on(here), "slip": view.slip(here),
        "line": view.lines.get(task.pk), "finish": finish_day(here.actual_finish or here.forecast_finish),
        "planned_finish": finish_day(here.finish_at), "actual_finish": finish_day(here.actual_finish),
        "baseline_finish": finish_day(view.lines[task.pk].finish_at) if task.pk in view.lines else None,
        "waits_for": _neighbours(view, here, before=True), "waited_by": _neighbours(view, here, before=False),
        "pushes": _pushed(view, here), "constraint": constraint_word(here), "constraint_day": _constraint_day(here),
        "deadline": finish_day(here.deadline_at), "reports": reports, "may_report": may_report,
        "can_take_back": may_report and any(
            not row.reverses_id and not hasattr(row, "reversed_by") and row.kind != "imported" for row in reports
        ),
        "quarters": [one for one in QUARTERS if one > here.percent], "form": form or ReportForm(),
        "day_form": DayForm(initial={"day": local_day(here.start_at) if here.start_at else None}),
        "ways": [("up", _("上移")), ("down", _("下移")), ("in", _("降一级")), ("out", _("升一级"))],
        "links": links_text(here), "float_days": here.total_float // task.schedule.minutes_per_day,
        "days": _days(here),
    }  # fmt: skip
    return render(request, "schedule/task.html", context, status=422 if form is not None else 200)


def _days(task: ScheduleTask) -> Any:
    return initial_of(task)["days"]


def _constraint_day(task: ScheduleTask) -> Any:
    return None if task.constraint_at is None else last_day_of(minute_of(task.constraint_at))


def _neighbours(view: PlanView, task: ScheduleTask, *, before: bool) -> list[tuple[Any, ScheduleTask]]:
    """Return the links of a task with the task at their other end."""
    if before:
        return [(link, view.loaded.by_pk[link.predecessor_id]) for link in view.loaded.links_of.get(task.pk, ())]
    return [
        (link, view.loaded.by_pk[link.task_id]) for link in view.loaded.links if link.predecessor_id == task.pk
    ]  # fmt: skip


def _pushed(view: PlanView, task: ScheduleTask) -> list[ScheduleTask]:
    """Return what a late task holds up by the kept forecast."""
    if task.actual_finish is not None or view.slip(task) <= 0:
        return []
    waiting, found = [task.uid], dict[int, ScheduleTask]()
    while waiting:
        uid = waiting.pop()
        for other in view.loaded.tasks:
            if other.driver_uid == uid and other.pk not in found:
                found[other.pk] = other
                waiting.append(other.uid)
    return sorted(found.values(), key=lambda other: other.row)
