"""三查四定: the three checks, their points, and the word that a project is ready for commissioning."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from ronghe.domain.control.enums import Aspect
from ronghe.domain.control.models import Readiness
from ronghe.domain.control.rules import DECLARE_READY, POINT, RAISE_POINT
from ronghe.domain.control.selectors.readiness import standing_of_project
from ronghe.domain.control.services.readying import declare_ready, raise_point, record_aspect, take_ready_back
from ronghe.domain.items.models import WorkItem
from ronghe.domain.items.rules import SEE_ITEM
from ronghe.domain.items.selectors import SOONEST
from ronghe.domain.items.services.filling import in_words
from ronghe.domain.org.rules.reaches import local_day
from ronghe.kernel.errors import DomainError
from ronghe.kernel.words import _
from ronghe.ui import toasts
from ronghe.web.control.forms import AspectForm, PointForm, ReasonForm
from ronghe.web.control.presenting import people_for, project_of, settle, uploads_of
from ronghe.web.items.asking import filters_of, states_of
from ronghe.web.items.presenting import PANELS, line_of
from ronghe.web.paging import asked_filters, asked_page
from ronghe.web.requests import actor_of
from ronghe.web.rhythm.forms import default_deadline

A_PAGE = 20


@login_required
def control_readiness(request: HttpRequest, pk: int) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    project = project_of(request, pk)
    rows = WorkItem.objects.filter(filters_of(request, actor, now, POINT), project=project)
    aspect = request.GET.get("aspect", "")
    if aspect in Aspect.values:
        rows = rows.filter(values__aspect=aspect)
    seen = SEE_ITEM.narrow(actor, rows, at=now).select_related("owner", "raised_by", "body").order_by(SOONEST, "pk")
    page = Paginator(seen, A_PAGE).get_page(asked_page(request))
    may_raise = RAISE_POINT.allows(actor, project, at=now)
    context: dict[str, Any] = {
        "project": project,
        "page": page,
        "lines": [(line_of(item, now), dict(_values(item))) for item in page],
        "states": states_of(POINT),
        "aspects": Aspect.choices,
        "asked_text": request.GET.get("q", "").strip(),
        "export_query": asked_filters(request),
        "may_raise": may_raise,
    }
    if not request.htmx:  # type: ignore[attr-defined]
        context |= {
            "standing": standing_of_project(project),
            "may_declare": DECLARE_READY.allows(actor, project, at=now),
            "aspect_form": AspectForm(initial={"checked_on": local_day(now)}) if may_raise else None,
        }
    wanted = "control/readiness.html#rows" if request.htmx else "control/readiness.html"  # type: ignore[attr-defined]
    answer = render(request, wanted, context)
    answer["Vary"] = "HX-Request"
    return answer


@login_required
@require_POST
def control_aspect(request: HttpRequest, pk: int) -> HttpResponse:
    project, form = project_of(request, pk), AspectForm(request.POST)

    def act(actor: Any) -> None:
        typed = form.cleaned_data
        record_aspect(
            project=project, aspect=Aspect(typed["aspect"]), checked_on=typed["checked_on"], note=typed["note"],
            actor=actor, at=timezone.now(),
        )  # fmt: skip

    return settle(request, act, _("这一查已记。查出的问题逐条登记。"), "web:control_readiness", pk, form=form)


@login_required
def control_point_create(request: HttpRequest, pk: int) -> HttpResponse:
    project, actor, now = project_of(request, pk), actor_of(request), timezone.now()
    RAISE_POINT.require(actor, project, at=now)
    asked = request.GET.get("aspect", "")
    initial = {"due_at": default_deadline(now), "aspect": asked if asked in Aspect.values else Aspect.QUALITY}
    form = PointForm(request.POST or None, people=people_for(request, project), initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            raise_point(project=project, text=form.point(), actor=actor, at=now, uploads=uploads_of(request))
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            toasts.done(request, _("已登记，整改好了由别人核实销项。"))
            return redirect("web:control_readiness", pk)
    return render(
        request, "control/point_form.html", {"project": project, "form": form}, status=422 if form.errors else 200
    )


@login_required
@require_POST
def control_ready(request: HttpRequest, pk: int) -> HttpResponse:
    project = project_of(request, pk)
    return settle(
        request, lambda actor: declare_ready(project=project, actor=actor, at=timezone.now()),
        _("已确认具备投产条件。"), "web:control_readiness", pk,
    )  # fmt: skip


@login_required
@require_POST
def control_ready_back(request: HttpRequest, pk: int) -> HttpResponse:
    project, form = project_of(request, pk), ReasonForm(request.POST)
    rows = Readiness.objects.filter(project=project, taken_back_at=None).select_related("project__body")
    ready = get_object_or_404(rows)

    def act(actor: Any) -> None:
        take_ready_back(readiness=ready, reason=form.cleaned_data["reason"], actor=actor, at=timezone.now())

    return settle(request, act, _("已撤回确认。"), "web:control_readiness", pk, form=form)


def fill_project(request: HttpRequest, item: WorkItem) -> dict[str, Any]:  # noqa: ARG001 - as every panel
    """The way from a point back to its project's control."""
    return {}


PANELS[POINT.id] = ("control/_point_panel.html", fill_project)


def _values(item: WorkItem) -> list[tuple[str, str]]:
    return [(spec.id, words) for spec, words in in_words(POINT, item.values)]
