"""督查: the list, arranging, one visit item by item on a phone, sealing, the grade, the report."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from ronghe.domain.inspections.calc.marking import percentage
from ronghe.domain.inspections.documents import inspection_document
from ronghe.domain.inspections.enums import InspectionForm, InspectionState
from ronghe.domain.inspections.models import Inspection
from ronghe.domain.inspections.rules import CALL_OFF, DECIDE_GRADE, SEE_INSPECTION, VISIT
from ronghe.domain.inspections.selectors.evidence import held_for
from ronghe.domain.inspections.selectors.inspections import (
    JOINED,
    ORDERS,
    bodies_to_visit,
    inspections_filtered,
    inspections_seen_by,
    list_inspections,
    people_to_send,
    record_of,
)
from ronghe.domain.inspections.services.arranging import arrange_inspection, call_off
from ronghe.domain.inspections.services.grading import decide_grade
from ronghe.domain.inspections.services.visiting import judge_item, make_finding, seal_inspection
from ronghe.domain.obligations.selectors.lists import obligations_met_by
from ronghe.domain.org.models import Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.kernel.errors import DomainError, NotAllowed
from ronghe.kernel.tabular.writing import SheetOut
from ronghe.kernel.words import _
from ronghe.ui import toasts
from ronghe.web.files import excel_answer, paper_answer
from ronghe.web.inspections.forms import GradeForm, InspectionNewForm, JudgeForm, ReasonForm, SealForm
from ronghe.web.inspections.presenting import line_of, lines_of, shape_of
from ronghe.web.paging import asked_filters, asked_order, asked_page, number_of
from ronghe.web.paging import page_of as paged
from ronghe.web.requests import actor_of

OPEN = (InspectionState.PLANNED, InspectionState.UNDER_WAY)


@login_required
def inspections(request: HttpRequest) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    order = asked_order(request, ORDERS, "-day")
    listed = list_inspections(actor, now, filters=_asked(request), order_by=order, page=asked_page(request))
    context = {
        "page": paged(listed),
        "lines": [(one, *shape_of(one, local_day(now))) for one in listed.rows],
        "forms": InspectionForm.choices,
        "states": [("open", _("没完成")), ("grading", _("待定级")), *InspectionState.choices],
        "is_filtered": bool(asked_filters(request)),
        "export_query": asked_filters(request),
        "may_arrange": bodies_to_visit(actor, now).exists(),
    }
    template = "inspections/inspection_list.html"
    answer = render(request, f"{template}#rows" if request.htmx else template, context)  # type: ignore[attr-defined]
    answer["Vary"] = "HX-Request"
    return answer


@login_required
def inspections_export(request: HttpRequest) -> FileResponse:
    """What the list shows with these filters, whole, as a workbook."""
    actor, now = actor_of(request), timezone.now()
    rows = SEE_INSPECTION.narrow(actor, Inspection.objects.filter(_asked(request)), at=now)
    rows = rows.select_related(*JOINED).order_by("-planned_on", "-pk")
    head = [_("编号"), _("组织"), _("形式"), _("检查表"), _("从"), _("到"), _("状态"), _("得分"), _("满分"), _("得分率"),
            _("一票否决"), _("建议等级"), _("定级"), _("总体评价")]  # fmt: skip
    sheet = SheetOut(
        _("督查"),
        head,
        (_cells(one) for one in rows.iterator(chunk_size=500)),
        [8, 28, 10, 26, 12, 12, 10, 8, 8, 8, 8, 10, 10, 40],
    )
    return excel_answer([sheet], f"{_('督查')}_{local_day(now):%Y%m%d}.xlsx")


@login_required
def inspection_new(request: HttpRequest) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    bodies = bodies_to_visit(actor, now)
    if not bodies.exists():
        raise NotAllowed
    initial = {"body": request.GET.get("body", ""), "form": InspectionForm.ROUTINE, "leader": actor.pk,
               "checklist": "short_visit", "planned_on": local_day(now), "until_on": local_day(now)}  # fmt: skip
    form = InspectionNewForm(request.POST or None, bodies=bodies, people=people_to_send(actor, now), initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            made = arrange_inspection(
                body=form.cleaned_data["body"], plan=form.plan(form.cleaned_data["form"]), actor=actor, at=now
            )
        except NotAllowed:
            raise
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            toasts.done(request, _("已安排，组员的今日里会看到。"))
            return redirect("web:inspection", made.pk)
    return render(request, "inspections/inspection_form.html", {"form": form}, status=422 if form.errors else 200)


@login_required
def inspection(request: HttpRequest, pk: int) -> HttpResponse:
    return _show(request, _seen(request, pk))


@login_required
@require_POST
def inspection_judge(request: HttpRequest, pk: int, item: str) -> HttpResponse:
    """Keep one item by itself: nothing that was said before is lost when the signal is."""
    visit, form = _seen(request, pk), JudgeForm(request.POST)
    refused = ""
    if form.is_valid():
        try:
            judge_item(inspection=visit, item=item, actor=actor_of(request), at=timezone.now(), **form.cleaned_data)
        except NotAllowed:
            raise
        except DomainError as error:
            refused = str(error)
    else:
        refused = " ".join(str(one) for errors in form.errors.values() for one in errors)
    return _answer_item(request, visit, item, refused, form.data)


@login_required
@require_POST
def inspection_finding(request: HttpRequest, pk: int, item: str) -> HttpResponse:
    visit = _seen(request, pk)
    refused = ""
    try:
        make_finding(inspection=visit, item=item, actor=actor_of(request), at=timezone.now())
    except NotAllowed:
        raise
    except DomainError as error:
        refused = str(error)
    return _answer_item(request, visit, item, refused, {})


@login_required
@require_POST
def inspection_seal(request: HttpRequest, pk: int) -> HttpResponse:
    visit, form = _seen(request, pk), SealForm(request.POST)

    def act(actor: Person, now: datetime) -> None:
        seal_inspection(inspection=visit, words=form.cleaned_data["words"], actor=actor, at=now)

    return _act(request, visit, "seal", form, act, _("督查已完成，问题已转被督查的组织定措施。"))


@login_required
@require_POST
def inspection_call_off(request: HttpRequest, pk: int) -> HttpResponse:
    visit, form = _seen(request, pk), ReasonForm(request.POST)

    def act(actor: Person, now: datetime) -> None:
        call_off(inspection=visit, reason=form.cleaned_data["reason"], actor=actor, at=now)

    return _act(request, visit, "call_off", form, act, _("已取消。"))


@login_required
@require_POST
def inspection_grade(request: HttpRequest, pk: int) -> HttpResponse:
    visit = _seen(request, pk)
    form = GradeForm(request.POST, inspection=visit)

    def act(actor: Person, now: datetime) -> None:
        decide_grade(inspection=visit, actor=actor, at=now, **form.cleaned_data)

    return _act(request, visit, "grade", form, act, _("已定级。"))


@login_required
def inspection_print(request: HttpRequest, pk: int, form: str) -> HttpResponse:
    visit, now = _seen(request, pk), timezone.now()
    document = inspection_document(visit, record_of(visit, actor_of(request), now), printed_on=local_day(now))
    return paper_answer(request, document, form, source=visit)


def _asked(request: HttpRequest) -> Any:
    return inspections_filtered(
        form=request.GET.get("form", ""), state=request.GET.get("state", ""), words=request.GET.get("q", ""),
        body=number_of(request.GET.get("body")), mine=actor_of(request) if request.GET.get("mine") else None,
    )  # fmt: skip


def _show(request: HttpRequest, visit: Inspection, *, failed: Any = None, status: int = 200) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    record = record_of(visit, actor, now)
    name, refused = failed or ("", None)
    is_open = visit.state in OPEN
    visits = is_open and VISIT.allows(actor, visit, at=now)
    held = held_for(visit.sheet, visit.body_id, now) if is_open and record.is_shown else {}
    may_grade = (
        visit.form == InspectionForm.ACCEPTANCE and visit.state == InspectionState.SEALED and not visit.grade
        and DECIDE_GRADE.allows(actor, visit, at=now)
    )  # fmt: skip
    word, shape = shape_of(visit, local_day(now))
    context = {
        "visit": visit, "word": word, "shape": shape, "record": record, "visits": visits, "is_open": is_open,
        "parts": lines_of(record, held, visits=visits),
        "total": len(record.judged),
        "percent": percentage(visit.mark, visit.full) if visit.mark is not None and visit.full is not None else None,
        "proposed": visit.sheet.grade_title(visit.proposed), "before": visit.sheet.grade_title(visit.before),
        "grade": visit.sheet.grade_title(visit.grade),
        "met": list(obligations_met_by(visit)),
        "seal_form": (refused if name == "seal" else SealForm()) if visits else None,
        "call_off_form": (refused if name == "call_off" else ReasonForm())
        if is_open and CALL_OFF.allows(actor, visit, at=now) else None,
        "grade_form": (refused if name == "grade" else GradeForm(inspection=visit)) if may_grade else None,
        "notice_over": visit.notice_until is not None and local_day(now) > visit.notice_until,
        "failed": name,
    }  # fmt: skip
    return render(request, "inspections/inspection_detail.html", context, status=status)


def _answer_item(request: HttpRequest, visit: Inspection, item: str, refused: str, typed: Any) -> HttpResponse:
    """Answer with the one item that was asked about, and how far the visit is; without htmx with the page."""
    if not request.htmx:  # type: ignore[attr-defined]
        if refused:
            toasts.refused(request, refused)
        return redirect(f"{request.path.partition('items/')[0]}#item-{item}")
    actor, now = actor_of(request), timezone.now()
    visit.refresh_from_db()
    record = record_of(visit, actor, now)
    asked = next((one for one in record.judged if one.item.id == item), None)
    if asked is None:
        toasts.refused(request, refused)
        return redirect("web:inspection", visit.pk)
    held = held_for(visit.sheet, visit.body_id, now)
    line = line_of(asked, held.get(item), visits=visit.state in OPEN, refused=refused, typed=typed if refused else {})
    context = {"visit": visit, "line": line, "record": record, "total": len(record.judged), "oob": True}
    return render(request, "inspections/_item.html", context, status=422 if refused else 200)


def _act(
    request: HttpRequest, visit: Inspection, name: str, form: Any, act: Callable[[Person, datetime], None], done: str
) -> HttpResponse:
    """Do one act on a visit; a refusal stands on its page, with what was typed."""
    if form.is_valid():
        try:
            act(actor_of(request), timezone.now())
        except NotAllowed:
            raise
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            toasts.done(request, done)
            return redirect("web:inspection", visit.pk)
    visit.refresh_from_db()
    return _show(request, visit, failed=(name, form), status=422)


def _cells(one: Inspection) -> list[Any]:
    percent = percentage(one.mark, one.full) if one.mark is not None and one.full is not None else None
    sheet = one.sheet
    return [
        one.pk, one.body.name, one.get_form_display(), sheet.title, one.planned_on, one.until_on, one.get_state_display(),
        one.mark, one.full, percent, one.vetoes, sheet.grade_title(one.proposed), sheet.grade_title(one.grade), one.words,
    ]  # fmt: skip


def _seen(request: HttpRequest, pk: int) -> Inspection:
    found: Inspection = get_object_or_404(inspections_seen_by(actor_of(request), timezone.now()), pk=pk)
    return found
