"""任务领办清单: what one may claim, the sheets, one sheet with its tasks, drawing up, publishing, signing, printing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from ronghe.domain.claims.documents import sheet_document
from ronghe.domain.claims.enums import SheetState
from ronghe.domain.claims.models import ClaimSheet
from ronghe.domain.claims.rules import CLAIM, CLAIM_TASK, MANAGE_SHEET, SIGN_FOR_BODY
from ronghe.domain.claims.selectors import (
    SheetView,
    bodies_to_split,
    claimable_by,
    counts_of,
    forces_to_split,
    list_sheets,
    points_without_task,
    sheets_seen_by,
    sides_of,
    view_of,
)
from ronghe.domain.claims.services.sheets import add_task, close_sheet, draw_up_sheet, publish_sheet, sign_sheet
from ronghe.domain.items.services.filling import ValuesUnfit
from ronghe.domain.org.models import Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.taskforces.models import DifficultPoint
from ronghe.kernel.calendar.moments import moment_of
from ronghe.kernel.documents.layout import GBT_9704_LANDSCAPE
from ronghe.kernel.errors import DomainError, NotAllowed
from ronghe.kernel.tabular.writing import SheetOut
from ronghe.kernel.words import N_, _
from ronghe.ui import toasts
from ronghe.web.claims.forms import SheetForm, TaskForm
from ronghe.web.files import excel_answer, paper_answer
from ronghe.web.items.presenting import line_of
from ronghe.web.items.views import item_list
from ronghe.web.paging import asked_page, number_of, page_of
from ronghe.web.requests import actor_of
from ronghe.web.rhythm.forms import default_deadline

STATES = [("open", N_("没办结")), (SheetState.CLOSED.value, N_("已办结")), ("all", N_("全部"))]
SHAPES = {SheetState.DRAFT: "due", SheetState.PUBLISHED: "running", SheetState.CLOSED: "done"}
CLAIMABLE = 6
"""Tasks in front; the list has the rest."""
AT_END_OF_WORK = time(18, 0)


@login_required
def claims(request: HttpRequest) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    filters = Q()
    if text := request.GET.get("q", "").strip():
        filters &= Q(title__contains=text) | Q(body__name__contains=text)
    state = request.GET.get("state", "open")
    if state in SheetState.values:
        filters &= Q(state=state)
    elif state != "all":
        filters &= ~Q(state=SheetState.CLOSED)
    page = page_of(list_sheets(actor, now, filters=filters, page=asked_page(request)))
    counts = counts_of(list(page.object_list), now)
    free = list(claimable_by(actor, now)[: CLAIMABLE + 1])
    context = {
        "page": page,
        "sheets": [(sheet, counts[sheet.pk], SHAPES[SheetState(sheet.state)]) for sheet in page.object_list],
        "states": [(code, _(word)) for code, word in STATES],
        "is_filtered": bool(text) or state != "open",
        "free": [line_of(item, now) for item in free[:CLAIMABLE]],
        "is_more_free": len(free) > CLAIMABLE,
        "can_draw_up": bodies_to_split(actor, now).exists(),
    }
    template = "claims/claims.html#rows" if request.htmx else "claims/claims.html"  # type: ignore[attr-defined]
    answer = render(request, template, context)
    answer["Vary"] = "HX-Request"
    return answer


@login_required
def claim_tasks(request: HttpRequest) -> HttpResponse:
    return item_list(request, CLAIM_TASK, template="claims/claim_tasks.html")


@login_required
def sheet_create(request: HttpRequest) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    bodies = bodies_to_split(actor, now)
    if not bodies.exists():
        raise NotAllowed
    forces = forces_to_split(actor, now)
    initial = {"force": number_of(request.GET.get("force"))}
    form = SheetForm(request.POST or None, forces=forces, bodies=bodies, initial=initial)
    if request.method == "POST" and form.is_valid():
        force = form.cleaned_data["force"]
        body = force.body if force is not None else form.cleaned_data["body"]
        title = form.cleaned_data["title"] or (force.name if force is not None else "")
        try:
            sheet = draw_up_sheet(title=title, body=body, force=force, actor=actor, at=now)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            toasts.done(request, _("清单已起好，请把难点分解成任务。"))
            return redirect("web:claim_sheet", sheet.pk)
    return render(request, "claims/sheet_form.html", {"form": form}, status=422 if form.errors else 200)


@login_required
def sheet_detail(request: HttpRequest, pk: int) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    sheet = _seen(request, pk)
    view = view_of(sheet, now)
    may_manage = MANAGE_SHEET.allows(actor, sheet, at=now)
    context = {
        "sheet": sheet,
        "view": view,
        "shape": SHAPES[SheetState(sheet.state)],
        "points": [(part, [_line(line, view, actor, now) for line in part.lines]) for part in view.points],
        "may_manage": may_manage and sheet.state != SheetState.CLOSED,
        "missing": [(point, _split_page(sheet, point)) for point in points_without_task(sheet)] if may_manage else [],
        "waits_to_be_published": sum(line.item.state == "draft" for line in view.lines),
        "sides": [
            (side, sheet.state == SheetState.PUBLISHED and SIGN_FOR_BODY.allows(actor, side.body, at=now))
            for side in view.sides
        ],
        "can_close": may_manage and sheet.state == SheetState.PUBLISHED and _all_settled(view),
    }
    return render(request, "claims/sheet_detail.html", context)


@login_required
def task_add(request: HttpRequest, pk: int) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    sheet = _seen(request, pk)
    MANAGE_SHEET.require(actor, sheet, at=now)
    points = DifficultPoint.objects.filter(task_force=sheet.force_id).order_by("number")
    form = TaskForm(request.POST or None, points=points, initial=_known(request, sheet, now))
    if request.method == "POST" and form.is_valid():
        try:
            add_task(sheet=sheet, task=form.text(), actor=actor, at=now)
        except ValuesUnfit as error:
            for name, sentence in error.by_field().items():
                form.add_error(name, sentence)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            toasts.done(request, _("任务已加到清单上。"))
            return redirect("web:claim_sheet", pk)
    return render(request, "claims/task_form.html", {"form": form, "sheet": sheet}, status=422 if form.errors else 200)


@login_required
@require_POST
def sheet_publish(request: HttpRequest, pk: int) -> HttpResponse:
    def act(sheet: ClaimSheet, actor: Person, now: datetime) -> str:
        version = publish_sheet(sheet=sheet, actor=actor, at=now)
        return _("第 %(number)s 版已发布，可以领办了。") % {"number": version.number}

    return _act(request, pk, act)


@login_required
@require_POST
def sheet_sign(request: HttpRequest, pk: int, body: int) -> HttpResponse:
    def act(sheet: ClaimSheet, actor: Person, now: datetime) -> str:
        side = next((side for side in sides_of(sheet) if side.pk == body), None)
        if side is None:
            raise NotAllowed
        sign_sheet(sheet=sheet, body=side, actor=actor, at=now)
        return _("已代表%(body)s签字。") % {"body": side.name}

    return _act(request, pk, act)


@login_required
@require_POST
def sheet_close(request: HttpRequest, pk: int) -> HttpResponse:
    def act(sheet: ClaimSheet, actor: Person, now: datetime) -> str:
        close_sheet(sheet=sheet, actor=actor, at=now)
        return _("清单已办结。")

    return _act(request, pk, act)


@login_required
def sheet_print(request: HttpRequest, pk: int, form: str) -> HttpResponse:
    sheet, now = _seen(request, pk), timezone.now()
    document = sheet_document(view_of(sheet, now), printed_on=local_day(now))
    return paper_answer(request, document, form, source=sheet, layout=GBT_9704_LANDSCAPE)


@login_required
def sheet_export(request: HttpRequest, pk: int) -> FileResponse:
    """The sheet as a workbook, a line a task."""
    sheet, now = _seen(request, pk), timezone.now()
    view = view_of(sheet, now)
    heads = [_("序号"), _("难点"), _("任务"), *(_(spec.title) for spec in CLAIM_TASK.raised_with), _("目标"), _("人员"),
             _("时限"), _("状态"), _("签字时间")]  # fmt: skip
    rows = ([*_cells(line, view, now)] for line in view.lines)
    widths = [6, 20, 28, *(28 for _spec in CLAIM_TASK.raised_with), 28, 10, 17, 10, 17]
    return excel_answer([SheetOut(title=_("领办清单"), head=heads, rows=rows, widths=widths)], f"{sheet.title}.xlsx")


def _line(line: Any, view: SheetView, actor: Person, now: datetime) -> dict[str, Any]:
    item = line.item
    return {
        "number": line.number,
        "shown": line_of(item, now),
        "values": item.values,
        "pledge": view.pledged.get(item.pk),
        "may_claim": item.state == "published" and CLAIM.allows(actor, item, at=now),
    }


def _split_page(sheet: ClaimSheet, point: DifficultPoint) -> str:
    return f"{reverse('web:claim_task_add', args=[sheet.pk])}?point={point.pk}"


def _known(request: HttpRequest, sheet: ClaimSheet, now: datetime) -> dict[str, Any]:
    """What a difficult point knows already: its words, its goal and its day."""
    point = None
    if sheet.force_id is not None and (number := number_of(request.GET.get("point"))) is not None:
        point = DifficultPoint.objects.filter(pk=number, task_force=sheet.force_id).first()
    if point is None:
        return {"due_at": default_deadline(now)}
    end = moment_of(point.due_on, AT_END_OF_WORK) if point.due_on is not None else None
    due_at = end if end is not None and end > now else default_deadline(now)
    return {"point": point.pk, "title": point.title, "goal": point.goal, "due_at": due_at}


def _all_settled(view: SheetView) -> bool:
    return all(line.item.is_closed for line in view.lines)


def _cells(line: Any, view: SheetView, now: datetime) -> list[Any]:
    item, pledge = line.item, view.pledged.get(line.item.pk)
    signed = f"{timezone.localtime(pledge.signed_at):%Y-%m-%d %H:%M}" if pledge is not None else ""
    return [
        line.number, line.point.title if line.point is not None else "", item.title,
        *(item.values.get(spec.id, "") for spec in CLAIM_TASK.raised_with), item.text,
        item.owner.name if item.owner is not None else "",
        f"{timezone.localtime(item.due_at):%Y-%m-%d %H:%M}" if item.due_at else "", line_of(item, now).word, signed,
    ]  # fmt: skip


def _seen(request: HttpRequest, pk: int) -> ClaimSheet:
    sheet: ClaimSheet = get_object_or_404(sheets_seen_by(actor_of(request), timezone.now()), pk=pk)
    return sheet


def _act(request: HttpRequest, pk: int, act: Callable[[ClaimSheet, Person, datetime], str]) -> HttpResponse:
    sheet = _seen(request, pk)
    try:
        said = act(sheet, actor_of(request), timezone.now())
    except DomainError as error:
        toasts.refused(request, str(error))
    else:
        toasts.done(request, said)
    return redirect("web:claim_sheet", pk)
