"""What the pages of a plan have in common: the plan that the reader may see, its places, its refusals."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone

from ronghe.domain.org.models import Person
from ronghe.domain.schedule.calc.links import Constraint
from ronghe.domain.schedule.calc.worktime import last_day_of, minute_of
from ronghe.domain.schedule.enums import CONSTRAINT_WORDS, BaselineState
from ronghe.domain.schedule.models import Schedule, ScheduleTask
from ronghe.domain.schedule.rules import ENTER_AMOUNT, PLAN_SCHEDULE
from ronghe.domain.schedule.selectors.schedules import PlanView, schedules_seen_by
from ronghe.kernel.errors import DomainError, NotAllowed
from ronghe.ui import toasts
from ronghe.web.requests import actor_of

BASELINE_SHAPES = {
    BaselineState.PROPOSED: "due",
    BaselineState.APPROVED: "done",
    BaselineState.REFUSED: "failed",
    BaselineState.WITHDRAWN: "waived",
}


def seen_schedule(request: HttpRequest, project: int) -> Schedule:
    """Return the schedule of a project as far as the reader may see it."""
    return get_object_or_404(schedules_seen_by(actor_of(request), timezone.now()), project_id=project)


def seen_task(request: HttpRequest, pk: int) -> ScheduleTask:
    """Return a task of a schedule that the reader may see, removed or not."""
    seen = schedules_seen_by(actor_of(request), timezone.now())
    rows = ScheduleTask.objects.select_related(
        "schedule__project", "schedule__calendar", "lot__unit", "person", "parent"
    )
    return get_object_or_404(rows, pk=pk, schedule__in=seen.order_by())


def plan_context(request: HttpRequest, schedule: Schedule, here: str) -> dict[str, Any]:
    """Return what every page of a plan needs."""
    actor, now = actor_of(request), timezone.now()
    return {
        "schedule": schedule, "project": schedule.project, "place": here,
        "may_plan": PLAN_SCHEDULE.allows(actor, schedule, at=now),
        "may_enter": ENTER_AMOUNT.allows(actor, schedule, at=now),
    }  # fmt: skip


def act(
    request: HttpRequest, do: Callable[[Person, datetime], Any], said: str, back: str, *, undo: str = ""
) -> HttpResponse:
    """Do one act and go back; what stands against it is said above the page."""
    try:
        do(actor_of(request), timezone.now())
    except NotAllowed:
        raise
    except DomainError as error:
        toasts.refused(request, str(error))
    else:
        toasts.done(request, said, undo=undo)
    return redirect(back)


def shape_of(view: PlanView, task: ScheduleTask) -> str:
    """Return the shape of a task's state."""
    if not task.is_active:
        return "waived"
    if task.actual_finish is not None:
        return "late" if view.slip(task) > 0 else "done"
    if view.is_late(task):
        return "failed"
    return "running" if task.actual_start is not None else "upcoming"


def finish_day(moment: datetime | None) -> Any:
    """Return the day that a finish belongs to, `None` of none."""
    return None if moment is None else last_day_of(minute_of(moment))


def constraint_word(task: ScheduleTask) -> str:
    """Return what binds a task to a day, in words; "" where nothing does."""
    constraint = Constraint(task.constraint)
    if constraint == Constraint.AS_SOON_AS_POSSIBLE:
        return ""
    return str(CONSTRAINT_WORDS[constraint])
