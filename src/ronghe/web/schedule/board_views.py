"""进度计划 over all projects: the list, beginning one, the rates of a year, key tasks by zone."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.projects.enums import ProjectState
from ronghe.domain.schedule.documents import key_rows, standing_rows
from ronghe.domain.schedule.enums import BaseCalendar
from ronghe.domain.schedule.rules import SEE_SCHEDULE
from ronghe.domain.schedule.selectors.figures import figures_of, key_tasks_of
from ronghe.domain.schedule.selectors.schedules import (
    amounts_to_vouch,
    baselines_to_decide,
    list_schedules,
    projects_without,
    schedules_found,
    standings,
)
from ronghe.domain.schedule.services.plans import start_schedule
from ronghe.kernel.calendar.periods import Period, PeriodKind, period_around
from ronghe.kernel.errors import DomainError, NotAllowed
from ronghe.kernel.tabular.writing import SheetOut
from ronghe.ui import toasts
from ronghe.web.choosing import OFFERED
from ronghe.web.files import excel_answer
from ronghe.web.paging import asked_filters, asked_page, number_of, page_of
from ronghe.web.requests import actor_of
from ronghe.web.schedule.forms import StartForm

YEARS_BACK = 5
EXPORTED = 1000


@login_required
def schedules(request: HttpRequest) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    listed = list_schedules(actor, now, sort=request.GET.get("sort", ""), page=asked_page(request), **_filters(request))
    context: dict[str, Any] = {
        "page": page_of(listed), "rows": standings(list(listed)), "states": [("", _("全部")), *ProjectState.choices],
        "asked_text": request.GET.get("q", ""), "query": asked_filters(request),
    }  # fmt: skip
    if not request.htmx:  # type: ignore[attr-defined]
        context |= {
            "start": _start_form(request), "figures": figures_of(actor, now, _year(request).span),
            "year": _year(request).label, "waiting": baselines_to_decide(actor, now).count(),
            "vouching": amounts_to_vouch(actor, now).count(),
        }  # fmt: skip
    template = "schedule/schedules.html#rows" if request.htmx else "schedule/schedules.html"  # type: ignore[attr-defined]
    answer = render(request, template, context)
    answer["Vary"] = "HX-Request"
    return answer


@login_required
def schedules_export(request: HttpRequest) -> FileResponse:
    """What the list shows with these filters, whole, as a workbook."""
    actor, now = actor_of(request), timezone.now()
    rows = SEE_SCHEDULE.narrow(actor, schedules_found(**_filters(request)), at=now).order_by("project__name", "pk")
    heads, lines = standing_rows(standings(list(rows[:EXPORTED])))
    sheet = SheetOut(title=_("进度计划"), head=heads, rows=lines, widths=[36, 24, 10, 12, 12, 12, 12, 10, 8])
    return excel_answer([sheet], f"{_('进度计划')}_{local_day(now):%Y%m%d}.xlsx")


@login_required
@require_POST
def schedule_start(request: HttpRequest) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    form = StartForm(request.POST, projects=projects_without(actor, now))
    if not form.is_valid():
        toasts.refused(request, _("没有可以编计划的项目，或者它已有计划。"))
        return redirect("web:schedules")
    project = form.cleaned_data["project"]
    try:
        start_schedule(project=project, base=BaseCalendar(form.cleaned_data["base"]), actor=actor, at=now)
    except NotAllowed:
        raise
    except DomainError as error:
        toasts.refused(request, str(error))
    else:
        toasts.done(request, _("计划已建，逐条加任务，或从 Project、Excel 导入。"))
    return redirect("web:schedule", project.pk)


@login_required
def schedule_figures(request: HttpRequest) -> HttpResponse:
    """The rates of a year with every project that counts for them."""
    actor, now = actor_of(request), timezone.now()
    year = _year(request)
    this = local_day(now).year
    context = {
        "figures": figures_of(actor, now, year.span), "year": year.label,
        "years": [(str(number), str(number)) for number in range(this + 1, this - YEARS_BACK, -1)],
    }  # fmt: skip
    return render(request, "schedule/figures.html", context)


@login_required
def key_tasks(request: HttpRequest) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    everything = key_tasks_of(actor, now)
    zone = number_of(request.GET.get("zone"))
    found = everything if zone is None and "done" not in request.GET else _asked_keys(request)
    zones = [(str(one.pk), one.name) for one, _average in everything.zones if one is not None]
    context = {"found": found, "zones": zones, "query": asked_filters(request)}
    template = "schedule/key.html#rows" if request.htmx else "schedule/key.html"  # type: ignore[attr-defined]
    answer = render(request, template, context)
    answer["Vary"] = "HX-Request"
    return answer


@login_required
def key_tasks_export(request: HttpRequest) -> FileResponse:
    heads, lines = key_rows(_asked_keys(request))
    sheet = SheetOut(title=_("关键任务"), head=heads, rows=lines, widths=[32, 32, 30, 16, 24, 10, 10, 10, 12, 12])
    return excel_answer([sheet], f"{_('关键任务')}_{local_day(timezone.now()):%Y%m%d}.xlsx")


def _asked_keys(request: HttpRequest) -> Any:
    return key_tasks_of(
        actor_of(request), timezone.now(), zone=number_of(request.GET.get("zone")), done="done" in request.GET
    )


def _start_form(request: HttpRequest) -> StartForm | None:
    projects = projects_without(actor_of(request), timezone.now())
    return StartForm(projects=projects[:OFFERED]) if projects.exists() else None


def _year(request: HttpRequest) -> Period:
    """Return the year that was asked for, this one where none was."""
    today = local_day(timezone.now())
    asked = number_of(request.GET.get("year"))
    day = today.replace(year=asked, day=1) if asked is not None and today.year - 50 < asked < today.year + 20 else today
    return period_around(day, PeriodKind.YEAR)


def _filters(request: HttpRequest) -> dict[str, Any]:
    asked = request.GET
    return {"words": asked.get("q", "").strip()[:60], "state": asked.get("state", ""), "late": "late" in asked}
