"""项目管控: projects side by side, and one project with everything about its control."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from ronghe.domain.control.enums import IncidentKind
from ronghe.domain.control.models import Incident
from ronghe.domain.control.rules import (
    KEEP_STRUCTURE,
    MANAGE,
    RECORD_INCIDENT,
    SET_RULE,
    WITHDRAW_INCIDENT,
)
from ronghe.domain.control.selectors.home import ORDERS, ProjectLine, lines_of, list_control, zone_line
from ronghe.domain.control.selectors.readiness import standing_of_project
from ronghe.domain.control.selectors.register import approvals_of, incidents_of, losses_of
from ronghe.domain.control.selectors.reviews import (
    pace_of_project,
    reviews_to_answer,
    reviews_to_give,
    reviews_to_issue,
)
from ronghe.domain.control.selectors.sides import zone_of_project
from ronghe.domain.control.selectors.structure import (
    flattened,
    lots_of,
    processes_to_accept,
    processes_to_check,
    templates_kept_by,
    tree_of,
)
from ronghe.domain.control.services.counting import record_incident, withdraw_incident
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.projects.enums import ProjectState
from ronghe.domain.zones.selectors import zones_seen_by
from ronghe.kernel.tabular.writing import SheetOut
from ronghe.kernel.words import _
from ronghe.web.control.forms import IncidentForm, ReasonForm
from ronghe.web.control.presenting import PROJECT_SHAPES, process_line, project_of, settle
from ronghe.web.files import excel_answer
from ronghe.web.paging import asked_filters, asked_page, number_of, page_of
from ronghe.web.requests import actor_of

A_PAGE, EXPORTED, OFFERED = 20, 2000, 200
IN_FRONT = 5
"""What waits for the reader and is shown at once."""


@login_required
def control_home(request: HttpRequest) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    listed = list_control(actor, now, page=asked_page(request), size=A_PAGE, **_filters(request))
    zones = list(zones_seen_by(actor, now)[:OFFERED])
    asked = _filters(request)["zone"]
    zone = next((one for one in zones if one.pk == asked), None)
    context: dict[str, Any] = {
        "page": page_of(listed),
        "lines": [(line, PROJECT_SHAPES[line.project.state]) for line in lines_of(listed.rows, now)],
        "zones": [(str(one.pk), one.name) for one in zones],
        "zone": zone_line(zone, local_day(now)) if zone is not None else None,
        "states": [("all", _("全部")), *ProjectState.choices],
        "asked_text": request.GET.get("q", "").strip(),
        "export_query": asked_filters(request),
    }
    if not request.htmx:  # type: ignore[attr-defined]
        context |= {
            "to_accept": [process_line(one) for one in processes_to_accept(actor, now)[:IN_FRONT]],
            "to_check": [process_line(one) for one in processes_to_check(actor, now)[:IN_FRONT]],
            "to_give": list(reviews_to_give(actor, now)[:IN_FRONT]),
            "to_answer": list(reviews_to_answer(actor, now)[:IN_FRONT]),
            "to_issue": list(reviews_to_issue(actor, now)[:IN_FRONT]),
            "keeps_templates": templates_kept_by(actor, now).exists(),
        }
    wanted = "control/home.html#rows" if request.htmx else "control/home.html"  # type: ignore[attr-defined]
    answer = render(request, wanted, context)
    answer["Vary"] = "HX-Request"
    return answer


@login_required
def control_export(request: HttpRequest) -> HttpResponseBase:
    actor, now = actor_of(request), timezone.now()
    rows = list_control(actor, now, size=EXPORTED, **_filters(request)).rows
    heads = [_("项目"), _("状态"), _("工序"), _("已验收"), _("验收率（%）"), _("优质"), _("优质率（%）"), _("返工次数"), _("无事故天数"),
             _("无污染天数"), _("审图用时（工作日）"), _("在审图纸"), _("三查四定未销项"), _("窝工返工工时"), _("窝工返工费用（元）"),
             _("外部审批未取得"), _("其中超期")]  # fmt: skip
    sheet = SheetOut(
        title=_("项目管控"),
        head=heads,
        rows=(_cells(line) for line in lines_of(rows, now)),
        widths=[36, 10, *[12] * 15],
    )
    return excel_answer([sheet], f"{_('项目管控')}_{local_day(now):%Y%m%d}.xlsx")


@login_required
def control_project(request: HttpRequest, pk: int) -> HttpResponse:
    """总览: every figure once, and what the reader can do here now."""
    actor, now = actor_of(request), timezone.now()
    project, today = project_of(request, pk), local_day(now)
    [line] = lines_of([project], now)
    tree = tree_of(project)
    may_record = RECORD_INCIDENT.allows(actor, project, at=now)
    incidents = list(incidents_of(project)[:20])
    context = {
        "project": project,
        "shape": PROJECT_SHAPES[project.state],
        "line": line,
        "tree": flattened(tree),
        "lots": [(name or _("未分标段"), tally) for name, tally in lots_of(tree)] if any(n.part.lot for n in tree) else [],
        "standing": standing_of_project(project),
        "pace": pace_of_project(project, today),
        "losses": losses_of(project, actor, now),
        "approvals": approvals_of(project, actor, now, state="open")[:IN_FRONT],
        "zone": zone_of_project(project, today),
        "to_check": [process_line(one) for one in processes_to_check(actor, now, project)[:IN_FRONT]],
        "to_accept": [process_line(one) for one in processes_to_accept(actor, now, project)[:IN_FRONT]],
        "incidents": [(one, one.withdrawn_at is None and WITHDRAW_INCIDENT.allows(actor, one, at=now)) for one in incidents],
        "incident_form": IncidentForm(initial={"happened_on": today}) if may_record else None,
        "may_keep": KEEP_STRUCTURE.allows(actor, project, at=now),
        "may_manage": MANAGE.allows(actor, project, at=now),
        "may_rule": SET_RULE.allows(actor, project.body, at=now),
    }  # fmt: skip
    return render(request, "control/project.html", context)


@login_required
@require_POST
def control_incident(request: HttpRequest, pk: int) -> HttpResponse:
    project, form = project_of(request, pk), IncidentForm(request.POST)

    def act(actor: Any) -> None:
        typed = form.cleaned_data
        record_incident(
            project=project, kind=IncidentKind(typed["kind"]), happened_on=typed["happened_on"], actor=actor,
            at=timezone.now(), class_code=typed["class_code"], note=typed["note"],
        )  # fmt: skip

    return settle(request, act, _("已登记，天数重新计。"), "web:control_project", pk, form=form)


@login_required
@require_POST
def control_incident_withdraw(request: HttpRequest, pk: int, incident: int) -> HttpResponse:
    project, form = project_of(request, pk), ReasonForm(request.POST)
    row = get_object_or_404(Incident.objects.select_related("project__body"), pk=incident, project=project)

    def act(actor: Any) -> None:
        withdraw_incident(incident=row, reason=form.cleaned_data["reason"], actor=actor, at=timezone.now())

    return settle(request, act, _("已撤销，天数按其余的算。"), "web:control_project", pk, form=form)


def _filters(request: HttpRequest) -> dict[str, Any]:
    state, sort = request.GET.get("state", ""), request.GET.get("sort", "")
    return {
        "words": request.GET.get("q", "").strip(),
        "state": state if state in ProjectState.values else "",
        "zone": number_of(request.GET.get("zone")),
        "sort": sort if sort in ORDERS else "name",
    }


def _cells(line: ProjectLine) -> list[Any]:
    tally, (accidents, pollution) = line.tally, line.counters
    return [
        line.project.name, line.project.get_state_display(), tally.all, tally.accepted, tally.accepted_share, tally.excellent,
        tally.excellent_share, tally.reworks, accidents.days, pollution.days, line.review_days, line.reviews_open,
        line.open_points, line.loss_hours, line.loss_yuan, line.approvals_open, line.approvals_late,
    ]  # fmt: skip
