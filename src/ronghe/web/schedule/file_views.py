"""Plans in and out: a file with its preview, the plan as Project XML, as Excel, on paper."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ronghe.domain.org.models import Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.schedule.calc.comparing import TITLES
from ronghe.domain.schedule.documents import as_project_xml, empty_rows, plan_document, plan_rows
from ronghe.domain.schedule.enums import FileKind
from ronghe.domain.schedule.models import ScheduleImport
from ronghe.domain.schedule.rules import PLAN_SCHEDULE
from ronghe.domain.schedule.selectors.schedules import view_plan
from ronghe.domain.schedule.services.importing import accept_import, discard_import, preview_of, upload_plan
from ronghe.kernel.documents.layout import GBT_9704_LANDSCAPE
from ronghe.kernel.errors import DomainError, NotAllowed
from ronghe.kernel.tabular.writing import SheetOut
from ronghe.web.files import excel_answer, file_answer, paper_answer
from ronghe.web.members.acting import laid_out
from ronghe.web.requests import actor_of
from ronghe.web.schedule.forms import FileForm, TakeForm
from ronghe.web.schedule.presenting import act, plan_context, seen_schedule

SHOWN = 300
WIDTHS = [8, 8, 40, 10, 12, 12, 18, 16, 10, 10, 12, 10, 12, 12, 12, 30]


@login_required
def import_new(request: HttpRequest, project: int) -> HttpResponse:
    """Choose a file; what it says is shown on a page of its own before anything is written."""
    schedule = seen_schedule(request, project)
    actor, now = actor_of(request), timezone.now()
    PLAN_SCHEDULE.require(actor, schedule, at=now)
    form = FileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data["plan"]
        try:
            with laid_out(given) as path:
                found = upload_plan(schedule=schedule, path=path, name=given.name or "", actor=actor, at=now)
        except NotAllowed:
            raise
        except DomainError as error:
            form.add_error("plan", str(error))
        else:
            return redirect("web:schedule_import_detail", found.pk)
    past = schedule.imports.select_related("uploaded_by").order_by("-uploaded_at", "-pk")[:10]
    context = plan_context(request, schedule, "import") | {"form": form, "past": past}
    return render(request, "schedule/import.html", context, status=422 if form.errors else 200)


@login_required
def table_empty(request: HttpRequest, project: int) -> FileResponse:
    """The table to be filled in, with a line for an example."""
    seen_schedule(request, project)
    heads, rows = empty_rows()
    sheet = SheetOut(title=_("进度计划"), head=heads, rows=rows, widths=WIDTHS)
    return excel_answer([sheet], f"{_('进度计划表')}.xlsx")


@login_required
def import_detail(request: HttpRequest, pk: int) -> HttpResponse:
    found = _seen(request, pk)
    PLAN_SCHEDULE.require(actor_of(request), found.schedule, at=timezone.now())
    preview = preview_of(found)
    context: dict[str, Any] = plan_context(request, found.schedule, "import") | {"found": found, "preview": preview}
    if preview is not None:
        errors = preview.plan.errors
        context |= {
            "errors": errors[:SHOWN], "error_count": len(errors), "counts": preview.counts(),
            "remarks": [one for one in preview.plan.remarks if not one.is_error][:SHOWN],
            "changes": [
                (one, [(_(TITLES[name]), before, after) for name, before, after in one.fields])
                for one in preview.changes[:SHOWN]
            ],
            "form": TakeForm(), "has_baseline": preview.plan.has_baseline,
            "has_calendar": preview.plan.calendar is not None, "is_xml": found.kind == FileKind.MSPDI,
        }  # fmt: skip
    return render(request, "schedule/import_preview.html", context)


@login_required
@require_POST
def import_step(request: HttpRequest, pk: int, settling: str) -> HttpResponse:
    found, form = _seen(request, pk), TakeForm(request.POST)
    form.is_valid()
    project = found.schedule.project_id

    def do(actor: Person, at: datetime) -> Any:
        if settling == "discard":
            return discard_import(found=found, actor=actor, at=at)
        return accept_import(
            found=found, actor=actor, at=at, takes_calendar=form.cleaned_data.get("takes_calendar", False),
            takes_baseline=form.cleaned_data.get("takes_baseline", False),
        )  # fmt: skip

    said = _("已导入计划。") if settling == "accept" else _("已放弃，计划没有变。")
    answer = act(request, do, said, reverse("web:schedule", args=[project]))
    found.refresh_from_db(fields=["state"])
    return (
        redirect("web:schedule_import_detail", pk)
        if found.contents is not None and found.state == "previewed"
        else answer
    )


@login_required
def export_table(request: HttpRequest, project: int) -> FileResponse:
    schedule = seen_schedule(request, project)
    heads, rows = plan_rows(view_plan(schedule, timezone.now()))
    sheet = SheetOut(title=_("进度计划"), head=heads, rows=rows, widths=[*WIDTHS, 12, 12, 12, 10])
    return excel_answer([sheet], f"{schedule.project.name}_{_('进度计划')}.xlsx")


@login_required
def export_xml(request: HttpRequest, project: int) -> HttpResponse:
    """The plan for Microsoft Project."""
    schedule = seen_schedule(request, project)
    content = as_project_xml(view_plan(schedule, timezone.now()))
    return file_answer(content, f"{schedule.project.name}.xml", "application/xml")


@login_required
def print_plan(request: HttpRequest, project: int, form: str) -> HttpResponse:
    schedule = seen_schedule(request, project)
    now = timezone.now()
    document = plan_document(view_plan(schedule, now), printed_on=local_day(now))
    return paper_answer(request, document, form, source=schedule, layout=GBT_9704_LANDSCAPE)


def _seen(request: HttpRequest, pk: int) -> ScheduleImport:
    found = get_object_or_404(ScheduleImport.objects.select_related("schedule__project", "uploaded_by"), pk=pk)
    found.schedule = seen_schedule(request, found.schedule.project_id)
    return found
