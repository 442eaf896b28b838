"""四方责任: gathering rows, writing one, fixing who does what, dropping one, importing a table."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from ronghe.domain.duties.documents import import_heads
from ronghe.domain.duties.enums import RowSource
from ronghe.domain.duties.models import DutySheet
from ronghe.domain.duties.selectors.candidates import candidates_of
from ronghe.domain.duties.selectors.reading import SheetRow
from ronghe.domain.duties.selectors.sheets import row_seen
from ronghe.domain.duties.selectors.tables import read_table, unpack
from ronghe.domain.duties.services.rows import add_row, fix_row, take_lines
from ronghe.domain.duties.services.sheets import drop_row, gather_rows
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.zones.rules import KEEP_SHEET
from ronghe.kernel.errors import DomainError, NotAllowed
from ronghe.kernel.tabular.writing import SheetOut
from ronghe.kernel.words import _
from ronghe.ui import toasts
from ronghe.web.duties.forms import FixForm, RowForm, SidesForm, TableForm, TakeOverForm, known_of
from ronghe.web.duties.presenting import cells_of, seen_sheet
from ronghe.web.files import excel_answer
from ronghe.web.members.acting import laid_out
from ronghe.web.requests import actor_of

WIDTHS = [8, 22, 44, 14, 14, 14, 14, 12, 10, 22]


@login_required
def rows_gather(request: HttpRequest, pk: int) -> HttpResponse:
    sheet, actor, now = _kept(request, pk), actor_of(request), timezone.now()
    if request.method == "POST":
        try:
            rows = gather_rows(sheet=sheet, keys=request.POST.getlist("keys"), actor=actor, at=now)
        except DomainError as error:
            toasts.refused(request, str(error))
            return redirect("web:duty_rows_gather", pk)
        toasts.done(request, _("收进了 %(count)s 条，请定各方分工。") % {"count": len(rows)})
        return redirect("web:duty_sheet", pk)
    offered = candidates_of(sheet, actor, now)
    groups = [(source, [one for one in offered if one.source is source]) for source in RowSource]
    context = {"sheet": sheet, "groups": [(source, found) for source, found in groups if found]}
    return render(request, "duties/rows_gather.html", context)


@login_required
def row_add(request: HttpRequest, pk: int) -> HttpResponse:
    sheet, actor, now = _kept(request, pk), actor_of(request), timezone.now()
    form = RowForm(request.POST or None, sheet=sheet, day=local_day(now))

    def act() -> None:
        add_row(sheet=sheet, text=form.text(), actor=actor, at=now)

    if request.method == "POST" and _done(form, act):
        toasts.done(request, _("已写入，发布后请各方确认。"))
        return redirect("web:duty_sheet", pk)
    return render(request, "duties/row_form.html", {"form": form, "sheet": sheet}, status=422 if form.errors else 200)


@login_required
def row_fix(request: HttpRequest, pk: int, row: int) -> HttpResponse:
    sheet, actor, now = _kept(request, pk), actor_of(request), timezone.now()
    found = _row(request, sheet, row)
    held = found.held if found.source in (RowSource.ITEM, RowSource.POINT) else frozenset()
    form = FixForm(
        request.POST or None, sheet=sheet, day=local_day(now), held=held, initial=known_of(found),
        is_dated_here=found.source is RowSource.CLAUSE,
    )  # fmt: skip

    def act() -> None:
        fix_row(row=found.row, plan=form.plan(), actor=actor, at=now)

    if request.method == "POST" and _done(form, act):
        toasts.done(request, _("已改，发布后请改动到的各方重新确认。"))
        return redirect("web:duty_sheet", pk)
    context = {
        "form": form,
        "sheet": sheet,
        "row": found,
        "held": [cell for cell in cells_of(found.shares) if cell[0] in held],
    }
    return render(request, "duties/row_fix.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def row_drop(request: HttpRequest, pk: int, row: int) -> HttpResponse:
    sheet = _kept(request, pk)
    found = _row(request, sheet, row)
    try:
        drop_row(row=found.row, actor=actor_of(request), at=timezone.now())
    except DomainError as error:
        toasts.refused(request, str(error))
    else:
        toasts.done(request, _("已移出清单，来处的记录还在；移错了可以再收进来。"))
    return redirect("web:duty_sheet", pk)


@login_required
def rows_import(request: HttpRequest, pk: int) -> HttpResponse:
    """Upload, see every problem by its cell, then take over: nothing is written before that."""
    sheet, actor, now = _kept(request, pk), actor_of(request), timezone.now()
    day = local_day(now)
    form, take, preview = TableForm(), None, None
    if request.method == "POST" and "packed" in request.POST:
        take = TakeOverForm(request.POST)
        if take.is_valid():
            try:
                preview = unpack(take.cleaned_data["packed"], sheet, day)
                preview.refuse_problems()
                rows = take_lines(sheet=sheet, lines=preview.lines, actor=actor, at=now)
            except NotAllowed:
                raise
            except DomainError as error:
                take.add_error(None, str(error))
            else:
                toasts.done(request, _("已导入 %(count)s 条。") % {"count": len(rows)})
                return redirect("web:duty_sheet", pk)
    elif request.method == "POST":
        form = TableForm(request.POST, request.FILES)
        if form.is_valid():
            upload = form.cleaned_data["table"]
            try:
                with laid_out(upload) as path:
                    preview = read_table(path, upload.name, sheet, day)
            except DomainError as error:
                form.add_error("table", str(error))
            else:
                take = TakeOverForm(initial={"packed": preview.packed()})
    context = {
        "sheet": sheet, "form": form, "take": take, "preview": preview, "heads": import_heads(),
        "rows": [(row, [(key, row.cells[key], row.problems.get(key, "")) for key in row.cells]) for row in preview.rows]
        if preview is not None else [],
        "problems": preview.problems if preview is not None else [],
    }  # fmt: skip
    is_wrong = bool(form.errors) or (take is not None and bool(take.errors))
    return render(request, "duties/rows_import.html", context, status=422 if is_wrong else 200)


@login_required
def import_table(request: HttpRequest, pk: int) -> FileResponse:
    """The heads alone, to be filled in."""
    sheet = _kept(request, pk)
    out = SheetOut(title=_("责任表"), head=import_heads(), rows=[], widths=WIDTHS)
    return excel_answer([out], f"{sheet.zone.name}_{_('责任表')}.xlsx")


def _kept(request: HttpRequest, pk: int) -> DutySheet:
    sheet = seen_sheet(request, pk)
    KEEP_SHEET.require(actor_of(request), sheet.zone, at=timezone.now())
    return sheet


def _row(request: HttpRequest, sheet: DutySheet, pk: int) -> SheetRow:
    found = row_seen(sheet, pk, actor_of(request), timezone.now())
    if found is None:
        raise Http404
    found.row.sheet = sheet
    return found


def _done(form: SidesForm, act: Callable[[], None]) -> bool:
    """Do it, or write beside the form what stands against it."""
    if not form.is_valid():
        return False
    try:
        act()
    except NotAllowed:
        raise
    except DomainError as error:
        form.add_error(None, str(error))
        return False
    return True
