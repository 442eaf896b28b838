"""攻关党小组: the list, proposing one, and its page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from ronghe.domain.agreements.selectors import agreement_in_force
from ronghe.domain.org.models import PartyOrg, Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.projects.models import Project
from ronghe.domain.projects.selectors import projects_seen_by
from ronghe.domain.taskforces.enums import ForceState
from ronghe.domain.taskforces.models import TaskForce
from ronghe.domain.taskforces.rules import SEE_TASK_FORCE
from ronghe.domain.taskforces.selectors import forces_seen_by, list_forces, may_be_asked, parents_to_choose
from ronghe.domain.taskforces.services.proposing import propose_task_force, sides_of
from ronghe.domain.work.models import StoredFile
from ronghe.domain.work.services.files import path_of
from ronghe.domain.zones.models import CollaborationZone
from ronghe.kernel.errors import DomainError
from ronghe.kernel.tabular.writing import SheetOut
from ronghe.ui import toasts
from ronghe.web.files import excel_answer
from ronghe.web.paging import asked_filters, asked_order, asked_page, number_of, page_of
from ronghe.web.requests import actor_of
from ronghe.web.taskforces.forms import ProposeForm
from ronghe.web.taskforces.presenting import FORCE_SHAPES, force_context

ORDERS = {
    "name": ["name"], "-name": ["-name"], "proposed": ["proposed_at"], "-proposed": ["-proposed_at"],
    "state": ["state", "-proposed_at"], "-state": ["-state", "-proposed_at"],
}  # fmt: skip


@login_required
def force_list(request: HttpRequest) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    words = request.GET.get("q", "").strip()
    listed = list_forces(
        actor, now, words=words, state=_state(request), project=number_of(request.GET.get("project")),
        page=asked_page(request), size=20, order_by=asked_order(request, ORDERS, "-proposed"),
    )  # fmt: skip
    context = {
        "page": page_of(listed),
        "lines": [(force, FORCE_SHAPES[ForceState(force.state)]) for force in listed.rows],
        "states": ForceState.choices,
        "asked_text": words,
        "can_propose": parents_to_choose(actor, now).exists(),
        "export_query": asked_filters(request),
    }
    template = "taskforces/force_list.html#rows" if request.htmx else "taskforces/force_list.html"  # type: ignore[attr-defined]
    answer = render(request, template, context)
    answer["Vary"] = "HX-Request"
    return answer


@login_required
def force_export(request: HttpRequest) -> FileResponse:
    """What the list shows with these filters, whole, as a workbook."""
    actor, now = actor_of(request), timezone.now()
    rows: Any = TaskForce.objects.all()
    if words := request.GET.get("q", "").strip():
        rows = rows.filter(name__icontains=words) | rows.filter(project__name__icontains=words)
    if state := _state(request):
        rows = rows.filter(state=state)
    seen: Any = SEE_TASK_FORCE.narrow(actor, rows, at=now).select_related("project", "parent").order_by("-pk")
    heads = [
        _("小组"),
        _("项目"),
        _("设在"),
        _("状态"),
        _("特色"),
        _("品牌"),
        _("临时阵地"),
        _("提出"),
        _("启动"),
        _("结束"),
    ]
    lines: Iterator[Sequence[Any]] = (
        [row.name, row.project.name, row.parent.name, row.get_state_display(), row.feature, row.brand, row.base_place,
         _day(row.proposed_at), _day(row.started_at), _day(row.closed_at)]
        for row in seen.iterator(chunk_size=2000)
    )  # fmt: skip
    sheet = SheetOut(title=_("攻关党小组"), head=heads, rows=lines, widths=[30, 30, 24, 14, 30, 16, 24, 12, 12, 12])
    return excel_answer([sheet], _("攻关党小组") + f"_{local_day(now):%Y%m%d}.xlsx")


@login_required
def force_create(request: HttpRequest) -> HttpResponse:
    """成立小组: a project is chosen, the rest is filled in from its agreement; people come from the sides."""
    actor, now = actor_of(request), timezone.now()
    parents = parents_to_choose(actor, now)
    if not parents.exists():
        raise Http404
    projects = projects_seen_by(actor, now).filter(state__in=["planned", "under_way"])
    asked = number_of(request.POST.get("project") or request.GET.get("project"))
    project = projects.filter(pk=asked).first() if asked is not None else _only(projects)
    zone_bodies = _zones(project)
    form = ProposeForm(
        request.POST if request.method == "POST" else None, projects=projects, parents=parents,
        people=may_be_asked(_bodies(project, parents, now), now), initial=_proposal(project, parents, actor),
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        given = dict(form.cleaned_data)
        given["people"] = [one for one in given["people"] if one not in (given["leader"], given["guide"])]
        try:
            force = propose_task_force(actor=actor, at=now, zone=zone_bodies.get(given["parent"].pk), **given)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            toasts.done(request, _("“%(name)s”已报党群部门批准。") % {"name": force.name})
            return redirect("web:taskforce_detail", force.pk)
    context = {
        "form": form, "project": project,
        "agreement": agreement_in_force(project, local_day(now)) if project is not None else None,
    }  # fmt: skip
    return render(request, "taskforces/force_form.html", context, status=422 if form.errors else 200)


@login_required
def force_detail(request: HttpRequest, pk: int) -> HttpResponse:
    return render(request, "taskforces/force_detail.html", force_context(request, seen_force(request, pk)))


@login_required
def force_file(request: HttpRequest, pk: int, sha256: str) -> HttpResponseBase:
    """A picture or paper of the group, for whoever sees the group."""
    force = seen_force(request, pk)
    file = get_object_or_404(StoredFile, sha256=sha256)
    if force.mark_id != file.pk and not force.outcome_files.filter(file=file).exists():
        raise Http404
    answer = FileResponse(path_of(sha256).open("rb"), content_type=file.media_type)
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "sandbox"
    return answer


def seen_force(request: HttpRequest, pk: int) -> TaskForce:
    """Return the group, as far as the reader sees it."""
    return get_object_or_404(
        forces_seen_by(actor_of(request), timezone.now()).select_related(
            "mark", "decided_by", "closed_by", "proposed_by"
        ),
        pk=pk,
    )


def _state(request: HttpRequest) -> str:
    state = request.GET.get("state", "")
    return state if state in ForceState.values else ""


def _only(projects: Any) -> Project | None:
    """Return the project where there is but one to choose."""
    found = list(projects[:2])
    return found[0] if len(found) == 1 else None


def _zones(project: Project | None) -> dict[int, CollaborationZone]:
    if project is None:
        return {}
    rows = CollaborationZone.objects.filter(projects=project, body__isnull=False).order_by("pk")
    return {zone.body_id: zone for zone in rows if zone.body_id is not None}


def _bodies(project: Project | None, parents: Any, now: datetime) -> set[int]:
    """Return from which branches people are offered: the sides of the agreement, else the actor's own."""
    agreement = agreement_in_force(project, local_day(now)) if project is not None else None
    if agreement is not None:
        return {body.pk for body in sides_of(agreement)} | set(parents.values_list("pk", flat=True))
    return set(parents.values_list("pk", flat=True))


def _proposal(project: Project | None, parents: Any, actor: Person) -> dict[str, Any]:
    own: PartyOrg | None = parents.filter(posts__person=actor, posts__valid_until=None).first() or parents.first()
    if project is None:
        return {"parent": own}
    return {
        "project": project, "parent": own, "base_place": project.place,
        "name": _("%(project)s攻关临时党小组") % {"project": project.name[:40]},
    }  # fmt: skip


def _day(moment: datetime | None) -> Any:
    return local_day(moment) if moment is not None else None
