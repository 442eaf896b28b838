"""A hearing and one reporter with everything that their pages show and offer."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

from django.db.models import Q
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone

from ronghe.domain.decisions.models import Matter
from ronghe.domain.hearings.calc.marks import grades_from
from ronghe.domain.hearings.enums import HearingState, ObjectionState
from ronghe.domain.hearings.models import Hearing, HearingReporter
from ronghe.domain.hearings.rules import ANSWER_OBJECTION, PLAN_HEARING, REMARK, RUN_HEARING
from ronghe.domain.hearings.selectors import (
    GroupView,
    distribution_of,
    facts_beside,
    groups_of,
    hearings_seen_by,
    people_below,
    reporters_of,
    reporters_seen_by,
    secretaries_below,
)
from ronghe.domain.org.models import Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.rhythm.rules import PLAN_ACTIVITY, SEE_ACTIVITY
from ronghe.web.hearings.forms import (
    AnswerForm,
    EvaluatorsForm,
    ObjectionForm,
    ProblemForm,
    ReasonForm,
    RemarkForm,
    ReportersForm,
)
from ronghe.web.requests import actor_of

HEARING_SHAPES = {
    HearingState.PLANNED: "upcoming",
    HearingState.VOTING: "running",
    HearingState.COUNTED: "due",
    HearingState.CLOSED: "done",
    HearingState.CALLED_OFF: "waived",
}
GRADE_SHAPES = ("done", "done", "attention", "failed")
TASK_SHAPES = {
    "open": "due",
    "submitted": "running",
    "returned": "attention",
    "accepted": "done",
    "cancelled": "waived",
}


def seen_hearing(request: HttpRequest, pk: int) -> Hearing:
    return get_object_or_404(hearings_seen_by(actor_of(request), timezone.now()), pk=pk)


def seen_reporter(request: HttpRequest, pk: int, reporter: int) -> HearingReporter:
    rows = reporters_seen_by(actor_of(request), timezone.now()).select_related("result", "objection")
    return get_object_or_404(rows, pk=reporter, hearing=pk)


def offered_to(group: GroupView) -> Any:
    """Return whom the form of a group offers to keep: who marks in it."""
    return Person.objects.filter(pk__in=[person.pk for person in group.people]).select_related("unit").order_by("name")


def reporters_offered(hearing: Hearing) -> Any:
    day = local_day(timezone.now())
    posts = [post.person_id for post in secretaries_below(hearing.body, day)]
    kept = hearing.reporters.order_by().values("person_id")
    return (
        Person.objects.filter(Q(pk__in=posts) | Q(pk__in=kept))
        .exclude(pk=hearing.chair_id)
        .select_related("unit")
        .order_by("name", "pk")
    )


def hearing_context(request: HttpRequest, hearing: Hearing, *, failed: Any = None, group: int = 0) -> dict[str, Any]:
    """Return what the page of a hearing shows; `failed` is the form that was refused, of `group` where it is one's."""
    actor, now = actor_of(request), timezone.now()
    may_plan = PLAN_HEARING.allows(actor, hearing.body, at=now)
    may_run = RUN_HEARING.allows(actor, hearing, at=now)
    is_planned = hearing.state == HearingState.PLANNED
    reporters = reporters_of(hearing, actor, now)
    groups = groups_of(hearing) if may_run or all(view.is_seen for view in reporters) else []
    lines = []
    for view in groups:
        form = None
        if may_plan and is_planned:
            initial = {"weight": view.group.weight, "people": [person.pk for person in view.people]}
            form = EvaluatorsForm(people=offered_to(view), initial=initial, prefix=None)
            if isinstance(failed, EvaluatorsForm) and group == view.group.pk:
                form = failed
        lines.append((view, form))
    activity = hearing.activity
    reporters_form = None
    if may_plan and is_planned:
        chosen = [view.reporter.person_id for view in reporters]
        reporters_form = ReportersForm(people=reporters_offered(hearing), initial={"people": chosen})
    return {
        "hearing": hearing,
        "shape": HEARING_SHAPES[HearingState(hearing.state)],
        "reporters": reporters,
        "groups": lines,
        "weights": sum((view.group.weight for view in groups), start=0),
        "grades": grades_from(hearing.grades),
        "may_plan": may_plan,
        "may_run": may_run,
        "is_planned": is_planned,
        "sees_all": all(view.is_seen for view in reporters),
        "may_arrange": activity is None and is_planned and PLAN_ACTIVITY.allows(actor, hearing.body, at=now),
        "sees_activity": activity is not None and SEE_ACTIVITY.allows(actor, activity, at=now),
        "mine": next((view for view in reporters if view.reporter.person_id == actor.pk), None),
        "reporters_form": failed if isinstance(failed, ReportersForm) else reporters_form,
        "reason_form": failed if isinstance(failed, ReasonForm) else ReasonForm(),
        "failed": type(failed).__name__ if failed is not None else "",
        "failed_group": group,
        "can_close": hearing.objections_until is not None and local_day(now) > hearing.objections_until,
    }


def reporter_context(request: HttpRequest, reporter: HearingReporter, *, failed: Any = None) -> dict[str, Any]:
    """Return what one reporter's page shows: report, records beside it, remarks, result, objection, problems."""
    actor, now = actor_of(request), timezone.now()
    hearing, day = reporter.hearing, local_day(now)
    is_mine = reporter.person_id == actor.pk
    result = getattr(reporter, "result", None)
    objection = getattr(reporter, "objection", None)
    grades = grades_from(hearing.grades)
    may_run = RUN_HEARING.allows(actor, hearing, at=now)
    is_over = hearing.state in (HearingState.CLOSED, HearingState.CALLED_OFF)
    people = people_below(hearing.body, day)
    may_object = (
        is_mine and objection is None and hearing.state == HearingState.COUNTED
        and hearing.objections_until is not None and day <= hearing.objections_until
    )  # fmt: skip
    may_answer = (
        objection is not None and objection.state == ObjectionState.OPEN and not is_mine
        and ANSWER_OBJECTION.allows(actor, reporter, at=now)
    )  # fmt: skip
    due = timezone.make_aware(datetime.combine(day + timedelta(days=30), time(18, 0)))
    forms: dict[str, Any] = {
        "remark_form": RemarkForm(people=people, initial={"said_by": actor.pk})
        if not is_over and REMARK.allows(actor, reporter, at=now) else None,
        "problem_form": ProblemForm(initial={"due_at": timezone.localtime(due)}) if may_run and not is_over else None,
        "objection_form": ObjectionForm() if may_object else None,
        "answer_form": AnswerForm() if may_answer else None,
    }  # fmt: skip
    if failed is not None:
        forms |= {name: failed for name, form in forms.items() if form is not None and type(form) is type(failed)}
    problems = reporter.problems.select_related("task").order_by("task__due_at", "pk")
    return forms | {
        "reporter": reporter,
        "hearing": hearing,
        "is_mine": is_mine,
        "may_hand_in": is_mine and hearing.state == HearingState.PLANNED,
        "beside": facts_beside(reporter, day),
        "followed": followed_of(reporter),
        "result": result,
        "grade": next((grade for grade in grades if result is not None and grade.code == result.grade), None),
        "grades": grades,
        "groups": distribution_of(result) if result is not None else [],
        "objection": objection,
        "remarks": list(reporter.remarks.select_related("said_by").order_by("pk")),
        "problems": [(row, TASK_SHAPES.get(row.task.state, "due")) for row in problems],
        "failed": type(failed).__name__ if failed is not None else "",
    }


def followed_of(reporter: HearingReporter) -> dict[str, int]:
    """Return how many matters of the reporter's body were decided in the year, and how many of them are carried out."""
    rows = Matter.objects.filter(body=reporter.body_id, decided_on__year=reporter.hearing.year)
    states = list(rows.exclude(state="rejected").order_by().values_list("state", flat=True))
    return {"decided": len(states), "done": states.count("done")}
