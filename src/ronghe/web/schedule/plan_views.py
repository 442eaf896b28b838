"""One plan: its picture, what comes in two weeks, its trend, its calendar and lots."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.projects.selectors import projects_seen_by
from ronghe.domain.schedule.calc.gantt import HEAD, Bar, Zoom
from ronghe.domain.schedule.calc.network import LinksInCircle, LinkToOwnSummary
from ronghe.domain.schedule.enums import BaseCalendar
from ronghe.domain.schedule.models import DayOff, Lot, Schedule, ScheduleTask
from ronghe.domain.schedule.selectors.people import units_for
from ronghe.domain.schedule.selectors.schedules import PlanView, schedules_seen_by, standings, view_plan
from ronghe.domain.schedule.services.plans import (
    add_days_off,
    add_lot,
    change_lot,
    lift_days_off,
    remove_lot,
    set_calendar,
)
from ronghe.domain.zones.selectors.calendars import shut_downs_of
from ronghe.kernel.errors import DomainError, NotAllowed
from ronghe.ui import toasts
from ronghe.web.requests import actor_of
from ronghe.web.schedule.drawing import shapes, small_bar
from ronghe.web.schedule.forms import CalendarForm, DaysOffForm, LotForm
from ronghe.web.schedule.presenting import act, finish_day, plan_context, seen_schedule, shape_of
from ronghe.web.schedule.trend import trend_picture

ONLY = ("key", "late", "critical")


@login_required
def plan(request: HttpRequest, project: int) -> HttpResponse:
    """The schedule of a project; of a project without one, the list where it can be drawn up."""
    schedule = schedules_seen_by(actor_of(request), timezone.now()).filter(project_id=project).first()
    if schedule is None:
        seen = projects_seen_by(actor_of(request), timezone.now())
        get_object_or_404(seen, pk=project)
        return redirect("web:schedules")
    context = plan_context(request, schedule, "gantt") | _picture(request, schedule)
    template = "schedule/plan.html#picture" if request.htmx else "schedule/plan.html"  # type: ignore[attr-defined]
    answer = render(request, template, context)
    answer["Vary"] = "HX-Request"
    return answer


@login_required
def ahead(request: HttpRequest, project: int) -> HttpResponse:
    schedule = seen_schedule(request, project)
    view = view_plan(schedule, timezone.now())
    context = plan_context(request, schedule, "ahead") | {
        "late": [(task, days, pushes, view.due_on(task)) for task, days, pushes in view.late()],
        "ahead": [(task, shape_of(view, task), view.due_on(task), view.slip(task)) for task in view.ahead()],
    }
    return render(request, "schedule/ahead.html", context)


@login_required
def trend(request: HttpRequest, project: int) -> HttpResponse:
    schedule = seen_schedule(request, project)
    view = view_plan(schedule, timezone.now())
    points = view.curve()
    context = plan_context(request, schedule, "trend") | {
        "picture": trend_picture(points, view.today, view.actual_share()) if points else None,
        "points": [point for point in points if point.actual is not None or point.day >= view.today][:60],
        "planned": view.planned_share(), "actual": view.actual_share(), "has_baseline": view.baseline is not None,
        "weeks": list(schedule.weeks.order_by("-day")[:60]),
    }  # fmt: skip
    return render(request, "schedule/trend.html", context)


@login_required
def setup(request: HttpRequest, project: int) -> HttpResponse:
    return _setup(request, seen_schedule(request, project))


@login_required
@require_POST
def calendar_set(request: HttpRequest, project: int) -> HttpResponse:
    schedule, form = seen_schedule(request, project), CalendarForm(request.POST)
    given = form.cleaned_data if form.is_valid() else {}

    def do(actor: Any, at: Any) -> None:
        set_calendar(
            schedule=schedule, base=BaseCalendar(given["base"]), begins_on=given["begins_on"], actor=actor, at=at
        )

    return _on_form(request, schedule, "calendar_form", form, do, _("日历已改，计划重新排过。"))


@login_required
@require_POST
def days_off_add(request: HttpRequest, project: int) -> HttpResponse:
    schedule, form = seen_schedule(request, project), DaysOffForm(request.POST)
    return _on_form(
        request, schedule, "days_off_form", form,
        lambda a, t: add_days_off(schedule=schedule, actor=a, at=t, **form.cleaned_data), _("停工已登记，计划重新排过。"),
    )  # fmt: skip


@login_required
@require_POST
def days_off_lift(request: HttpRequest, pk: int) -> HttpResponse:
    day_off = get_object_or_404(DayOff.objects.select_related("schedule__project", "schedule__calendar"), pk=pk)
    schedule = seen_schedule(request, day_off.schedule.project_id)
    back = reverse("web:schedule_setup", args=[schedule.project_id])
    return act(request, lambda a, t: lift_days_off(day_off=day_off, actor=a, at=t), _("这几天照常施工。"), back)


@login_required
@require_POST
def lot_add(request: HttpRequest, project: int) -> HttpResponse:
    schedule = seen_schedule(request, project)
    form = LotForm(request.POST, units=units_for(schedule, timezone.localdate()))
    return _on_form(
        request, schedule, "lot_form", form,
        lambda a, t: add_lot(schedule=schedule, actor=a, at=t, **form.cleaned_data), _("标段已加。"),
    )  # fmt: skip


@login_required
@require_POST
def lot_change(request: HttpRequest, pk: int) -> HttpResponse:
    lot, schedule = _seen_lot(request, pk)
    form = LotForm(request.POST, units=units_for(schedule, timezone.localdate()))
    return _on_form(
        request, schedule, "lot_form", form, lambda a, t: change_lot(lot=lot, actor=a, at=t, **form.cleaned_data),
        _("标段已改。"),
    )  # fmt: skip


@login_required
@require_POST
def lot_remove(request: HttpRequest, pk: int) -> HttpResponse:
    lot, schedule = _seen_lot(request, pk)
    back = reverse("web:schedule_setup", args=[schedule.project_id])
    return act(request, lambda a, t: remove_lot(lot=lot, actor=a, at=t), _("标段已删。"), back)


def _seen_lot(request: HttpRequest, pk: int) -> tuple[Lot, Schedule]:
    lot = get_object_or_404(Lot.objects.select_related("schedule__project"), pk=pk)
    return lot, seen_schedule(request, lot.schedule.project_id)


def _on_form(request: HttpRequest, schedule: Schedule, name: str, form: Any, do: Any, said: str) -> HttpResponse:
    """Do the act of a form; what stands against it is said beside it."""
    if form.is_valid():
        try:
            do(actor_of(request), timezone.now())
        except NotAllowed:
            raise
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            toasts.done(request, said)
            return redirect("web:schedule_setup", schedule.project_id)
    return _setup(request, seen_schedule(request, schedule.project_id), failed=(name, form))


def _setup(request: HttpRequest, schedule: Schedule, failed: tuple[str, Any] | None = None) -> HttpResponse:
    day = timezone.localdate()
    units: Any = units_for(schedule, day)
    lots = list(schedule.lots.select_related("unit").order_by("pk"))
    context = plan_context(request, schedule, "setup") | {
        "lots": [(lot, LotForm(units=units, initial={"name": lot.name, "unit": lot.unit_id})) for lot in lots],
        "days_off": schedule.days_off.order_by("from_on", "pk"),
        "zone_stops": [stop for zone in _zones(schedule) for stop in shut_downs_of(zone)],
        "calendar_form": CalendarForm(initial={"base": schedule.base, "begins_on": schedule.begins_on}),
        "days_off_form": DaysOffForm(), "lot_form": LotForm(units=units), "base": BaseCalendar(schedule.base).label,
    }  # fmt: skip
    if failed is not None:
        context[failed[0]] = failed[1]
    return render(request, "schedule/setup.html", context, status=422 if failed is not None else 200)


def _zones(schedule: Schedule) -> list[Any]:
    return [row.zone for row in schedule.project.zone_projects.select_related("zone").order_by("pk")]


def _picture(request: HttpRequest, schedule: Schedule) -> dict[str, Any]:
    """Return the rows, the chart and the figures, as zoom, folding and filter have them."""
    view = view_plan(schedule, timezone.now())
    asked = request.GET
    zoom = Zoom(asked["zoom"]) if asked.get("zoom") in set(Zoom) else Zoom.WEEK
    only = asked.get("only", "") if asked.get("only") in ONLY else ""
    closed = {int(part) for part in asked.get("closed", "").split(",")[:500] if part.isdigit() and len(part) < 10}
    shown = view.shown(closed, only=only)
    try:
        chart, trouble = view.chart(zoom, shown), ""
    except (LinksInCircle, LinkToOwnSummary) as error:
        chart, trouble = None, str(error)
    bars = {bar.line.uid: bar for bar in chart.bars} if chart is not None else {}
    query = QueryDict(mutable=True)
    for key in ("zoom", "only"):
        if asked.get(key):
            query[key] = asked[key]
    drags = {
        row.uid: (row.pk, local_day(start))
        for row in shown
        if row.actual_start is None and (start := row.forecast_start or row.start_at) is not None
    }
    return {
        "chart": chart, "trouble": trouble, "standing": standings([schedule])[0], "head_height": HEAD, "zoom": zoom,
        "late_count": sum(view.is_late(task) for task in view.loaded.leaves()),
        "rows": [_row(view, task, bars.get(task.uid), closed, query) for task in shown],
        "shapes": shapes(chart, drags) if chart is not None else "",
        "task_address": reverse("web:schedule_task", args=[0]).removesuffix("0/"),
        "words": {"start": _("开始"), "finish": _("完成")},
        "zooms": [(Zoom.DAY, _("日")), (Zoom.WEEK, _("周")), (Zoom.MONTH, _("月"))],
        "onlys": [("", _("全部")), ("critical", _("关键路径")), ("key", _("关键任务")), ("late", _("晚了的"))],
        "planned": view.planned_share(), "actual": view.actual_share(),
    }  # fmt: skip


def _row(view: PlanView, task: ScheduleTask, bar: Bar | None, closed: set[int], query: QueryDict) -> dict[str, Any]:
    fold = ""
    if task.is_summary:
        turned = query.copy()
        turned["closed"] = ",".join(map(str, sorted(closed ^ {task.uid})))
        fold = turned.urlencode()
    start = task.actual_start or task.forecast_start or task.start_at
    finish = finish_day(task.actual_finish or task.forecast_finish or task.finish_at)
    slip = view.slip(task)
    return {
        "task": task, "indent": min(task.level - 1, 6), "percent": view.percent_of(task), "fold": fold,
        "is_closed": task.uid in closed, "shape": shape_of(view, task),
        "look": " gantt-summary" if task.is_summary else "" if task.is_active else " gantt-off",
        "slip": slip if slip > 0 and task.is_active and not task.is_summary else 0,
        "small": small_bar(bar) if bar is not None else "", "start": f"{local_day(start):%m-%d}" if start else "",
        "finish": f"{finish:%m-%d}" if finish else "",
    }  # fmt: skip
