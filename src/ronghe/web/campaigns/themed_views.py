"""“党建+”主题活动: the list, planning one, giving a theme, the result, and the year."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ronghe.domain.campaigns.calc.themes import kind_for
from ronghe.domain.campaigns.enums import Theme
from ronghe.domain.campaigns.models import ThemedActivity
from ronghe.domain.campaigns.rules import RUN_THEMED
from ronghe.domain.campaigns.selectors.themes import (
    TASKS_OFFERED,
    bodies_to_plan_for,
    came_to,
    figures_of,
    form_of,
    list_themed,
    results_waiting,
    solved_among,
    standing_result,
    tasks_offered,
    tasks_taken_up,
    themed_seen_by,
    themes_for,
    themes_of,
    without_theme,
)
from ronghe.domain.campaigns.services.themed import (
    ThemedPlan,
    change_theme,
    enter_result,
    give_theme,
    leave_out_task,
    note_problem,
    plan_themed,
    take_up_task,
    withdraw_theme,
)
from ronghe.domain.org.models import Person
from ronghe.domain.org.rules.reaches import local_day, standing_of
from ronghe.domain.playbooks.models import read_together
from ronghe.domain.rhythm.enums import TYPES_OF_TREE, ActivityState
from ronghe.domain.rhythm.models import Activity
from ronghe.domain.rhythm.selectors import expected_people
from ronghe.domain.work.models import Task
from ronghe.domain.work.rules import SEE_TASK
from ronghe.kernel.errors import DomainError, NotAllowed
from ronghe.kernel.tabular.writing import SheetOut
from ronghe.kernel.words import listed
from ronghe.ui import toasts
from ronghe.web.campaigns.forms import ProblemForm, ResultForm, TaskForm, ThemedForm
from ronghe.web.files import excel_answer
from ronghe.web.paging import asked_page, number_of, page_of
from ronghe.web.requests import actor_of

LONGEST_SEARCH = 40
UNTHEMED = 6
"""Activities without a theme that the list offers at once."""
HOSTS = 40
ACTIVITY_SHAPES = {
    ActivityState.PLANNED: "upcoming",
    ActivityState.OPEN: "running",
    ActivityState.CLOSED: "done",
    ActivityState.CALLED_OFF: "waived",
}
TASK_SHAPES = {
    "open": "due",
    "submitted": "running",
    "returned": "attention",
    "accepted": "done",
    "cancelled": "waived",
}


@login_required
def themed_list(request: HttpRequest) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    found = Q()
    if text := request.GET.get("q", "").strip()[:LONGEST_SEARCH]:
        found &= Q(title__contains=text) | Q(activity__body__name__contains=text)
    if (theme := request.GET.get("theme", "")) in Theme.values:
        found &= Q(theme=theme)
    elif theme == "own":
        found &= ~Q(theme__in=Theme.values)
    if request.GET.get("waiting") == "1":
        found &= Q(results_count=0, activity__state=ActivityState.CLOSED)
    page = page_of(list_themed(actor, now, filters=found, page=asked_page(request)))
    rows: list[Any] = list(page.object_list)
    read_together(row.version for row in rows if row.version is not None)
    context: dict[str, Any] = {
        "page": page,
        "lines": [_line(row) for row in rows],
        "themes": [*Theme.choices, ("own", _("单位自定"))],
        "is_filtered": bool(found),
    }
    if not request.htmx:  # type: ignore[attr-defined]
        unthemed = list(without_theme(actor, now).select_related("body", "version")[:UNTHEMED])
        context["unthemed"] = [(one, [form for _version, form in themes_for(one)]) for one in unthemed]
        context["waiting"] = list(results_waiting(actor, now).select_related("activity__body")[:UNTHEMED])
        context["can_plan"] = bodies_to_plan_for(actor, now).exists()
    template = "campaigns/themed_list.html#rows" if request.htmx else "campaigns/themed_list.html"  # type: ignore[attr-defined]
    answer = render(request, template, context)
    answer["Vary"] = "HX-Request"
    return answer


@login_required
def themed_create(request: HttpRequest) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    bodies = bodies_to_plan_for(actor, now)
    asked = number_of(request.POST.get("body") or request.GET.get("body"))
    body = bodies.filter(pk=asked).first() if asked else _nearest(actor, now, bodies)
    if body is None:
        raise NotAllowed
    day = local_day(now)
    themes = [
        (form.code, form.title.here)
        for _version, form in themes_of(body, day)
        if kind_for(form.code, TYPES_OF_TREE[body.tree]) is not None
    ]
    begins = timezone.localtime(now).replace(hour=14, minute=30, second=0, microsecond=0) + timedelta(days=3)
    wanted = request.GET.get("theme", "")
    initial = {
        "theme": wanted if wanted in dict(themes) else (themes[0][0] if themes else ""), "starts_at": begins,
        "ends_at": begins + timedelta(hours=2), "place": body.unit.name if body.unit else "",
    }  # fmt: skip
    others = bodies.exclude(pk=body.pk)
    form = ThemedForm(request.POST or None, themes=themes, bodies=others, initial=initial)
    if request.method == "POST" and form.is_valid():
        given = {**form.cleaned_data, "hosts": list(form.cleaned_data["hosts"])}
        try:
            themed = plan_themed(body=body, plan=ThemedPlan(**given), actor=actor, at=now)
        except NotAllowed:
            raise
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            toasts.done(request, _("已安排，参加的人在今日看得到。"))
            return redirect("web:themed_detail", themed.pk)
    shown = list(others[: HOSTS + 1])
    field: Any = form.fields["hosts"]
    field.choices = [(one.pk, one.name) for one in shown[:HOSTS]]
    context = {"form": form, "held_by": body, "others": shown[:HOSTS], "themes": themes}
    return render(request, "campaigns/themed_form.html", context, status=422 if form.errors else 200)


@login_required
def themed_detail(request: HttpRequest, pk: int) -> HttpResponse:
    return render(request, "campaigns/themed_detail.html", _context(request, _seen(request, pk)))


@login_required
@require_POST
def theme_give(request: HttpRequest, activity: int) -> HttpResponse:
    """One tap: the activity has the theme; 撤销 takes it off again."""
    actor, now = actor_of(request), timezone.now()
    found = get_object_or_404(without_theme(actor, now), pk=activity)
    try:
        themed = give_theme(activity=found, theme=request.POST.get("theme", "")[:60], actor=actor, at=now)
    except NotAllowed:
        raise
    except DomainError as error:
        toasts.refused(request, str(error))
    else:
        undo = reverse("web:theme_withdraw", args=[themed.pk])
        toasts.done(request, _("已定为“%(theme)s”主题。") % {"theme": themed.get_theme_display()}, undo=undo)
    return redirect("web:themed")


@login_required
@require_POST
def theme_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    themed = _seen(request, pk)
    return _plain(
        request, themed, lambda a, t: withdraw_theme(themed=themed, actor=a, at=t), _("主题已撤下，活动照常。"),
        then="web:themed",
    )  # fmt: skip


@login_required
@require_POST
def theme_change(request: HttpRequest, pk: int) -> HttpResponse:
    themed, theme = _seen(request, pk), request.POST.get("theme", "")[:60]
    return _plain(
        request, themed, lambda a, t: change_theme(themed=themed, theme=theme, actor=a, at=t), _("主题已改。")
    )


@login_required
@require_POST
def themed_result(request: HttpRequest, pk: int) -> HttpResponse:
    themed = _seen(request, pk)
    before, tasks = standing_result(themed), tasks_taken_up(themed)
    lines = figures_of(themed, before, solved=solved_among(tasks))
    form = ResultForm(request.POST, lines=lines, is_correction=before is not None)

    def act(actor: Person, at: datetime) -> None:
        said = {name: form.cleaned_data.get(name, "") for name in ("note", "reason")}
        enter_result(themed=themed, figures=form.values, actor=actor, at=at, **said)

    return _act(request, themed, form, act, _("成效已记下，计入这个主题。"))


@login_required
@require_POST
def themed_task(request: HttpRequest, pk: int) -> HttpResponse:
    themed, actor, now = _seen(request, pk), actor_of(request), timezone.now()
    form = TaskForm(request.POST, tasks=tasks_offered(themed, actor, now), most=TASKS_OFFERED)
    return _act(
        request, themed, form,
        lambda a, t: take_up_task(themed=themed, task=form.cleaned_data["task"], actor=a, at=t), _("任务已列入。"),
    )  # fmt: skip


@login_required
@require_POST
def themed_task_out(request: HttpRequest, pk: int, task: int) -> HttpResponse:
    themed = _seen(request, pk)
    row = get_object_or_404(Task, pk=task, themed_activities__themed=themed)
    return _plain(
        request,
        themed,
        lambda a, t: leave_out_task(themed=themed, task=row, actor=a, at=t),
        _("已不再列入，任务照常。"),
    )


@login_required
@require_POST
def themed_problem(request: HttpRequest, pk: int) -> HttpResponse:
    themed = _seen(request, pk)
    form = ProblemForm(request.POST, people=expected_people(themed.activity))
    return _act(
        request, themed, form, lambda a, t: note_problem(themed=themed, actor=a, at=t, **form.cleaned_data),
        _("问题已转为任务。"),
    )  # fmt: skip


@login_required
def themed_export(request: HttpRequest) -> FileResponse:
    actor, now = actor_of(request), timezone.now()
    seen = themed_seen_by(actor, now).order_by("-activity__day", "-pk")[:5_000]
    rows = list(seen.prefetch_related("results"))
    read_together(row.version for row in rows if row.version is not None)
    heads = [_("日期"), _("活动名称"), _("主题"), _("组织"), _("地点"), _("情况"), _("到会"), _("成效数字"), _("成效")]
    lines: Iterator[Sequence[Any]] = (_sheet_line(row) for row in rows)
    sheet = SheetOut(title=_("主题活动"), head=heads, rows=lines, widths=[12, 28, 12, 30, 20, 10, 8, 30, 40])
    return excel_answer([sheet], f"{_('主题活动')}_{local_day(now):%Y%m%d}.xlsx")


def _nearest(actor: Person, now: datetime, bodies: Any) -> Any:
    """Return the body to begin with: one that the actor belongs to or holds a post in, else the first."""
    standing = standing_of(actor, local_day(now))
    own = [post.body_id for post in standing.posts if post.body_id] + list(standing.bodies)
    return bodies.filter(pk__in=own).first() or bodies.first()


def _seen(request: HttpRequest, pk: int) -> ThemedActivity:
    return get_object_or_404(themed_seen_by(actor_of(request), timezone.now()), pk=pk)


def figure_words(row: ThemedActivity, figures: dict[str, str] | None) -> str:
    """Return a result in words: 参加 26 人."""
    if not figures:
        return ""
    named = {one.id: one for one in form_of(row).figures}
    parts = []
    for code, value in figures.items():
        figure = named.get(code)
        parts.append(f"{figure.title.here} {value} {figure.unit.here}" if figure else f"{code} {value}")
    return listed(parts)


def _line(row: Any) -> dict[str, Any]:
    activity = row.activity
    state = ActivityState(activity.state)
    waits = state == ActivityState.CLOSED and not row.results_count
    return {
        "row": row,
        "activity": activity,
        "brought": figure_words(row, row.brought),
        "word": _("待填成效") if waits else str(state.label),
        "shape": "attention" if waits else ACTIVITY_SHAPES[state],
    }


def _sheet_line(row: Any) -> list[Any]:
    latest = max(row.results.all(), key=lambda one: one.number, default=None)
    activity = row.activity
    return [
        activity.day, row.title, row.get_theme_display(), activity.body.name, activity.place,
        activity.get_state_display(), latest.present if latest else None,
        figure_words(row, latest.figures) if latest else "", latest.note if latest else "",
    ]  # fmt: skip


def _context(request: HttpRequest, themed: ThemedActivity, *, failed: Any = None) -> dict[str, Any]:
    actor, now = actor_of(request), timezone.now()
    activity: Activity = themed.activity
    may_run = RUN_THEMED.allows(actor, themed, at=now)
    tasks = tasks_taken_up(themed)
    result = standing_result(themed)
    lines = figures_of(themed, result, solved=solved_among(tasks))
    is_over = activity.state == ActivityState.CLOSED
    seen = set(SEE_TASK.narrow(actor, Task.objects.filter(pk__in=[one.pk for one in tasks]), at=now, walk=True)
               .values_list("pk", flat=True))  # fmt: skip
    forms: dict[str, Any] = {
        "result_form": ResultForm(lines=lines, is_correction=result is not None,
                                  initial={"note": result.note if result else ""}) if may_run and is_over else None,
        "task_form": TaskForm(tasks=tasks_offered(themed, actor, now), most=TASKS_OFFERED) if may_run else None,
        "problem_form": ProblemForm(people=expected_people(activity), initial={"due_at": timezone.localtime(now).replace(
            hour=18, minute=0) + timedelta(days=14)}) if may_run and activity.state != ActivityState.CALLED_OFF else None,
    }  # fmt: skip
    if failed is not None:
        forms |= {name: failed for name, form in forms.items() if form is not None and type(form) is type(failed)}
    can_change = may_run and result is None
    return forms | {
        "themed": themed,
        "activity": activity,
        "shape": ACTIVITY_SHAPES[ActivityState(activity.state)],
        "hosts": [host.body.name for host in activity.host_rows],
        "came": came_to(activity) if is_over or activity.state == ActivityState.OPEN else None,
        "result": result,
        "results": list(themed.results.select_related("entered_by").order_by("number")),
        "figures": [line for line in lines if line.value is not None],
        "words": figure_words(themed, result.figures if result else None),
        "tasks": [(one, TASK_SHAPES.get(one.state, "due"), one.pk in seen) for one in tasks],
        "solved": solved_among(tasks),
        "may_run": may_run,
        "themes": [form for _version, form in themes_for(activity) if form.code != themed.theme] if can_change else [],
        "can_change": can_change,
        "failed": type(failed).__name__ if failed is not None else "",
    }


def _plain(
    request: HttpRequest, themed: ThemedActivity, act: Callable[[Person, datetime], Any], said: str, *, then: str = ""
) -> HttpResponse:
    """Do an act without a form, and go back."""
    try:
        act(actor_of(request), timezone.now())
    except NotAllowed:
        raise
    except DomainError as error:
        toasts.refused(request, str(error))
    else:
        toasts.done(request, said)
        if then:
            return redirect(then)
    return redirect("web:themed_detail", themed.pk)


def _act(
    request: HttpRequest, themed: ThemedActivity, form: Any, act: Callable[[Person, datetime], Any], said: str
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
            return redirect("web:themed_detail", themed.pk)
    return render(
        request, "campaigns/themed_detail.html", _context(request, _seen(request, themed.pk), failed=form), status=422
    )
