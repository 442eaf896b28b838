"""项目: the list, one project with what was agreed and founded for it, its begin and end."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ronghe.domain.agreements.selectors import agreement_in_force, agreements_seen_by, safety_agreement_in_force
from ronghe.domain.agreements.selectors.sides import drafts_somewhere
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.org.selectors.people import units_seen_by
from ronghe.domain.projects.enums import PROJECT_FLOW, ProjectKind, ProjectState
from ronghe.domain.projects.models import Project
from ronghe.domain.projects.rules import CHANGE_PROJECT, SEE_PROJECT
from ronghe.domain.projects.selectors import (
    bodies_to_register_for,
    list_projects,
    projects_found,
    projects_seen_by,
)
from ronghe.domain.projects.services.projects import (
    call_off_project,
    change_project,
    complete_project,
    register_project,
    start_project,
    take_back,
)
from ronghe.domain.taskforces.selectors.forces import forces_seen_by, parents_to_choose
from ronghe.domain.zones.selectors import zones_seen_by
from ronghe.kernel.errors import DomainError, NotAllowed
from ronghe.kernel.tabular.writing import SheetOut
from ronghe.ui import toasts
from ronghe.web.agreements.presenting import rows_of
from ronghe.web.choosing import OFFERED
from ronghe.web.files import excel_answer
from ronghe.web.paging import asked_filters, asked_page, page_of
from ronghe.web.projects.forms import DayForm, ProjectForm, initial_of
from ronghe.web.requests import actor_of

SHAPES = {
    ProjectState.PLANNED: "upcoming",
    ProjectState.UNDER_WAY: "running",
    ProjectState.COMPLETED: "done",
    ProjectState.CALLED_OFF: "waived",
}
OPEN = (ProjectState.PLANNED, ProjectState.UNDER_WAY)


@login_required
def project_list(request: HttpRequest) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    listed = list_projects(
        actor, now, sort=request.GET.get("sort", ""), page=asked_page(request), size=20, **_filters(request)
    )
    context: dict[str, Any] = {
        "page": page_of(listed),
        "rows": [(project, SHAPES[ProjectState(project.state)], _late_by(project, now)) for project in listed],
        "kinds": ProjectKind.choices,
        "states": [("all", _("全部")), *ProjectState.choices],
        "asked_text": request.GET.get("q", ""),
        "export_query": asked_filters(request),
    }
    if not request.htmx:  # type: ignore[attr-defined]
        context["can_register"] = bodies_to_register_for(actor, now).exists()
    template = "projects/project_list.html#rows" if request.htmx else "projects/project_list.html"  # type: ignore[attr-defined]
    answer = render(request, template, context)
    answer["Vary"] = "HX-Request"
    return answer


@login_required
def project_export(request: HttpRequest) -> FileResponse:
    """What the list shows with these filters, whole, as a workbook."""
    actor, now = actor_of(request), timezone.now()
    rows = SEE_PROJECT.narrow(actor, projects_found(at=now, **_filters(request)), at=now).order_by("name", "pk")
    heads = [
        _("项目"), _("类别"), _("难度"), _("状态"), _("建设单位"), _("负责党组织"), _("地点"), _("投资（万元）"),
        _("计划开工"), _("计划完工"), _("实际开工"), _("实际完工"),
    ]  # fmt: skip
    lines: Iterator[Sequence[Any]] = (
        [row.name, str(row.get_kind_display()), str(row.get_difficulty_display()), str(row.get_state_display()),
         row.unit.name, row.body.name, row.place,
         row.investment_wan,
         row.starts_on, row.ends_on, row.started_on, row.completed_on]
        for row in rows.iterator(chunk_size=2000)
    )  # fmt: skip
    sheet = SheetOut(title=_("项目"), head=heads, rows=lines, widths=[40, 14, 8, 10, 24, 24, 20, 12, 12, 12, 12, 12])
    return excel_answer([sheet], _("项目") + f"_{local_day(now):%Y%m%d}.xlsx")


@login_required
def project_create(request: HttpRequest) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    bodies = bodies_to_register_for(actor, now)
    mine = list(bodies[:2])
    if not mine:
        raise NotAllowed
    day = local_day(now)
    form = ProjectForm(
        request.POST if request.method == "POST" else None, bodies=bodies, units=units_seen_by(actor, now),
        initial={"body": mine[0].pk, "starts_on": day},
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        try:
            project = register_project(actor=actor, at=now, **form.given)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            toasts.done(request, _("项目已登记。"))
            return redirect("web:project_detail", project.pk)
    context = {"form": form, "one_body": mine[0] if len(mine) == 1 else None}
    return render(request, "projects/project_form.html", context, status=422 if form.errors else 200)


@login_required
def project_edit(request: HttpRequest, pk: int) -> HttpResponse:
    project, actor, now = _seen(request, pk), actor_of(request), timezone.now()
    CHANGE_PROJECT.require(actor, project, at=now)
    form = ProjectForm(request.POST if request.method == "POST" else None, initial=initial_of(project))
    if request.method == "POST" and form.is_valid():
        try:
            change_project(project=project, actor=actor, at=now, **form.given)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            toasts.done(request, _("已改。"))
            return redirect("web:project_detail", pk)
    context = {"form": form, "project": project}
    return render(request, "projects/project_form.html", context, status=422 if form.errors else 200)


@login_required
def project_detail(request: HttpRequest, pk: int) -> HttpResponse:
    return render(request, "projects/project_detail.html", _context(request, _seen(request, pk), DayForm()))


@login_required
@require_POST
def project_start(request: HttpRequest, pk: int) -> HttpResponse:
    return _on_a_day(request, pk, start_project, _("已开工。"))


@login_required
@require_POST
def project_complete(request: HttpRequest, pk: int) -> HttpResponse:
    return _on_a_day(request, pk, complete_project, _("已完工。"))


@login_required
@require_POST
def project_call_off(request: HttpRequest, pk: int) -> HttpResponse:
    project, now = _seen(request, pk), timezone.now()
    call_off_project(project=project, day=local_day(now), actor=actor_of(request), at=now)
    toasts.done(request, _("项目已取消。"), undo=reverse("web:project_take_back", args=[pk]))
    return redirect("web:project_detail", pk)


@login_required
@require_POST
def project_take_back(request: HttpRequest, pk: int) -> HttpResponse:
    project = take_back(project=_seen(request, pk), actor=actor_of(request), at=timezone.now())
    toasts.done(request, _("已撤回，现在是“%(state)s”。") % {"state": project.get_state_display()})
    return redirect("web:project_detail", pk)


def _on_a_day(request: HttpRequest, pk: int, act: Callable[..., Project], said: str) -> HttpResponse:
    """Do one act of a day; what stands against it is said beside the form."""
    project, form, now = _seen(request, pk), DayForm(request.POST), timezone.now()
    if form.is_valid():
        try:
            act(project=project, day=form.cleaned_data["day"], actor=actor_of(request), at=now)
        except DomainError as error:
            if isinstance(error, NotAllowed):
                raise
            form.add_error(None, str(error))
        else:
            toasts.done(request, said, undo=reverse("web:project_take_back", args=[pk]))
            return redirect("web:project_detail", pk)
    return render(request, "projects/project_detail.html", _context(request, project, form), status=422)


def _seen(request: HttpRequest, pk: int) -> Project:
    return get_object_or_404(projects_seen_by(actor_of(request), timezone.now()), pk=pk)


def _context(request: HttpRequest, project: Project, form: DayForm) -> dict[str, Any]:
    actor, now = actor_of(request), timezone.now()
    day = local_day(now)
    may_change = CHANGE_PROJECT.allows(actor, project, at=now)
    is_open = project.state in OPEN
    if not form.is_bound:
        form.initial = {"day": day}
    agreements = agreements_seen_by(actor, now).filter(project=project).order_by("-drafted_at")
    letter = agreement_in_force(project, day)
    zones = zones_seen_by(actor, now).filter(pk__in=project.zone_projects.order_by().values("zone_id"))
    return {
        "project": project, "shape": SHAPES[ProjectState(project.state)], "form": form, "may_change": may_change,
        "late": _late_by(project, now), "agreements": rows_of(list(agreements[:OFFERED]), now),
        "zones": list(zones[:OFFERED]), "forces": list(forces_seen_by(actor, now).filter(project=project)[:OFFERED]),
        "letter": letter, "safety": safety_agreement_in_force(project, day),
        "may_draft": is_open and drafts_somewhere(actor, now), "is_open": is_open,
        "may_propose": is_open and letter is not None and parents_to_choose(actor, now).exists(),
        "can_start": may_change and PROJECT_FLOW.allows(project, "start"),
        "can_complete": may_change and PROJECT_FLOW.allows(project, "complete"),
        "can_call_off": may_change and PROJECT_FLOW.allows(project, "call_off"),
        "can_take_back": may_change and project.state != ProjectState.PLANNED,
        "progress": _time_gone(project, day), "project_query": f"?project={project.pk}",
    }  # fmt: skip


def _late_by(project: Project, at: datetime) -> int:
    """Return how many days a project is past its planned end, or was when it was completed; 0 where it is not."""
    if project.state == ProjectState.CALLED_OFF:
        return 0
    last = project.completed_on or local_day(at)
    return max((last - project.ends_on).days, 0)


def _time_gone(project: Project, day: date) -> int:
    """Return how much of the planned time is over, in percent."""
    whole = (project.ends_on - project.starts_on) + timedelta(days=1)
    gone = min(max((project.completed_on or day) - project.starts_on, timedelta(0)), whole)
    return gone * 100 // whole


def _filters(request: HttpRequest) -> dict[str, Any]:
    asked = request.GET
    return {
        "words": asked.get("q", "").strip(), "kind": asked.get("kind", ""), "state": asked.get("state", ""),
        "late": "late" in asked,
    }  # fmt: skip
