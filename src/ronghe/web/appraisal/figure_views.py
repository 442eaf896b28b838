"""指标: figures listed, entered, imported from a table, exported."""

from __future__ import annotations

import json
from datetime import datetime

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from ronghe.domain.appraisal.calc.figure_table import HEADS
from ronghe.domain.appraisal.models import Run
from ronghe.domain.appraisal.rules import PUBLISH_RUN
from ronghe.domain.appraisal.selectors.figure_checks import FigurePreview, reference_of, whose_of
from ronghe.domain.appraisal.selectors.figures import (
    bodies_to_enter_for,
    figure_titles,
    figures_seen_by,
    list_figures,
    units_to_enter_for,
)
from ronghe.domain.appraisal.selectors.results import results_seen_by
from ronghe.domain.appraisal.selectors.run_figures import figures_for_run, items_asked_by, lines_to_enter
from ronghe.domain.appraisal.selectors.runs import run_seen_by
from ronghe.domain.appraisal.selectors.sheets import note_of, sheet_of_run, title_of
from ronghe.domain.appraisal.selectors.wording import period_title
from ronghe.domain.appraisal.services.figures import enter_figures, enter_for_run, try_table
from ronghe.domain.appraisal.tasks import compute_now_or_later
from ronghe.domain.org.models import Person
from ronghe.kernel.errors import DomainError, NotAllowed
from ronghe.kernel.tabular.writing import SheetOut
from ronghe.kernel.words import N_
from ronghe.ui import toasts
from ronghe.web.appraisal.input_forms import FigureForm, FigureTableForm, RunFiguresForm, TakeFiguresForm
from ronghe.web.files import excel_answer
from ronghe.web.members.acting import laid_out
from ronghe.web.paging import asked_filters, asked_page, page_of
from ronghe.web.requests import actor_of

A_PAGE = 30
LONGEST_ID = 19
SHOWN = 200
MOST = 20_000
OFFERED = 500
"""Names offered while somebody types whose figure it is."""
AT_ONCE = 200
"""Subjects of a run whose figures are typed on one page; more come in a table."""
EXAMPLE = ("output_rate", N_("南一联合站党支部"), "2026Q3", "98.5", N_("生产日报"), N_("生产运行科 王工"), "")


@login_required
def figure_list(request: HttpRequest) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    titles = figure_titles()
    item, everything = request.GET.get("item", ""), request.GET.get("state") == "all"
    listed = list_figures(
        actor, now, period=request.GET.get("period", "")[:20], item=item, text=request.GET.get("q", "").strip()[:60],
        only_current=not everything, page=asked_page(request), size=A_PAGE,
    )  # fmt: skip
    context = {
        "page": page_of(listed),
        "lines": [
            (
                row,
                titles.get(row.item, row.item),
                period_title(row.period),
                f"{row.value.normalize():f}",
                reference_of(whose_of(row)),
            )
            for row in listed
        ],
        "items": [("", _("全部指标")), *sorted(titles.items())],
        "states": [("", _("有效的")), ("all", _("连同已更正的"))],
        "is_filtered": bool(request.GET.keys() - {"page"}),
        "can_enter": bodies_to_enter_for(actor, now).exists(),
        "query": asked_filters(request),
    }
    template = "appraisal/figure_list.html"
    answer = render(request, f"{template}#rows" if request.htmx else template, context)  # type: ignore[attr-defined]
    answer["Vary"] = "HX-Request"
    return answer


@login_required
def figure_export(request: HttpRequest) -> HttpResponseBase:
    """Every figure that the reader may see, those that were corrected as well."""
    actor, now = actor_of(request), timezone.now()
    head = [_("编号"), *(_(title) for title in HEADS.values()), _("填报人"), _("填报时间"), _("有效")]
    rows = (
        [row.pk, row.item, row.whose, row.period, float(row.value), row.source, row.vouched_by, row.corrects_id or "",
         row.entered_by.name, f"{timezone.localtime(row.entered_at):%Y-%m-%d %H:%M}",
         _("是") if row.is_current else _("否")]
        for row in figures_seen_by(actor, now)[:MOST]
    )  # fmt: skip
    widths = [8, 18, 28, 10, 12, 26, 18, 10, 10, 18, 8]
    return excel_answer([SheetOut(_("指标"), head, rows, widths)], f"{_('指标')}.xlsx")


@login_required
def figure_table(request: HttpRequest) -> HttpResponseBase:  # noqa: ARG001 - the same for everybody
    """The empty table, and what the indicators are called."""
    known = sorted(figure_titles().items())
    rows = [(known[0][0] if known else EXAMPLE[0], *(_(cell) if cell else "" for cell in EXAMPLE[1:]))]
    sheets = [
        SheetOut(_("填报"), [_(title) for title in HEADS.values()], rows, [18, 28, 10, 12, 26, 18, 10]),
        SheetOut(_("指标清单"), [_("代码"), _("名称")], known, [22, 40]),
    ]
    return excel_answer(sheets, f"{_('指标填报')}.xlsx")


@login_required
def figure_enter(request: HttpRequest) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    titles = figure_titles()
    known = {name: request.GET.get(name, "") for name in ("item", "whose", "period", "corrects")}
    form = FigureForm(request.POST or None, items=titles, initial=known)
    if request.method == "POST" and form.is_valid():
        try:
            [made] = enter_figures(lines=[(_("这一条"), form.line())], actor=actor, at=now)[1]
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            toasts.done(request, _("已写入，编号 %(number)s。下一次计算就计入。") % {"number": made.pk})
            return redirect("web:figures")
    context = {"form": form, "places": _places(actor)[:OFFERED]}
    return render(request, "appraisal/figure_form.html", context, status=422 if form.errors else 200)


@login_required
def figure_run(request: HttpRequest, pk: int) -> HttpResponse:
    """The figures that a draft waits for, for every subject on one page; the run is computed again."""
    actor, now = actor_of(request), timezone.now()
    run = run_seen_by(actor, pk, now)
    items = items_asked_by(run)
    if not (items and PUBLISH_RUN.allows(actor, run, at=now)):
        toasts.refused(request, _("这次考评现在不用填数。"))
        return redirect("web:run_detail", pk)
    asked = request.GET.get("item", "")
    item = asked if asked in items else next(iter(items))
    page = results_seen_by(actor, run, now, limit=AT_ONCE)
    rows = figures_for_run(run, page.rows, item)
    form = RunFiguresForm(request.POST or None, rows=rows)
    if request.method == "POST" and form.is_valid():
        lines = lines_to_enter(run, rows, item, form.values, form.said)
        try:
            made = enter_for_run(run=run, lines=lines, actor=actor, at=now)
            compute_now_or_later(run=run, at=now)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            toasts.done(request, _("写入 %(count)s 个数并重算。") % {"count": len(made)})
            return redirect("web:run_detail", pk)
    context = {
        "run": run, "title": title_of(run), "period": period_title(run.period), "form": form, "item": item,
        "items": list(items.items()), "item_title": items[item], "note": note_of(sheet_of_run(run)),
        "more": page.count - len(rows),
    }  # fmt: skip
    return render(request, "appraisal/figure_run.html", context, status=422 if form.errors else 200)


@login_required
def figure_import(request: HttpRequest) -> HttpResponse:
    """Look a table through, then write all of it; `run` names a draft that is computed again afterwards."""
    actor, now = actor_of(request), timezone.now()
    _places(actor)
    asked = request.GET.get("run", "")
    run = run_seen_by(actor, int(asked), now) if asked.isdecimal() and len(asked) < LONGEST_ID else None
    form, take, preview = FigureTableForm(), TakeFiguresForm(), None
    if request.method == "POST" and "packed" in request.POST:
        take = TakeFiguresForm(request.POST)
        if take.is_valid():
            rows, name = take.cleaned_data["packed"], take.cleaned_data["name"]
            try:
                count = _taken(rows, name, run, actor, now)
            except DomainError as error:
                take.add_error(None, str(error))
            else:
                toasts.done(request, _("写入 %(count)s 个数，下一次计算就计入。") % {"count": count})
                return redirect("web:run_detail", run.pk) if run else redirect("web:figures")
    elif request.method == "POST":
        form = FigureTableForm(request.POST, request.FILES)
        if form.is_valid():
            table = form.cleaned_data["table"]
            try:
                with laid_out(table) as path:
                    preview = try_table(path=path, name=table.name or "", actor=actor, at=now)
            except DomainError as error:
                form.add_error("table", str(error))
            else:
                take = TakeFiguresForm(initial={"packed": _packed(preview), "name": (table.name or "")[:120]})
    context = {
        "form": form, "take": take, "preview": preview, "problems": preview.problems if preview else [], "run": run,
        "rows": preview.entries[:SHOWN] if preview else [], "count": len(preview.entries) if preview else 0,
    }  # fmt: skip
    status = 422 if form.errors or take.errors else 200
    return render(request, "appraisal/figure_import.html", context, status=status)


def _taken(rows: list[tuple[str, dict[str, str]]], name: str, run: Run | None, actor: Person, now: datetime) -> int:
    if run is None:
        return len(enter_figures(lines=rows, actor=actor, at=now, file_name=name)[1])
    made = enter_for_run(run=run, lines=rows, actor=actor, at=now, file_name=name)
    compute_now_or_later(run=run, at=now)
    return len(made)


def _packed(preview: FigurePreview) -> str:
    return json.dumps([[one.row.place, dict(one.row.cells)] for one in preview.entries], ensure_ascii=False)


def _places(actor: Person) -> list[str]:
    """Return whom one may enter figures for, by name.

    :raises NotAllowed: for nobody
    """
    now = timezone.now()
    bodies = [body.name for body in bodies_to_enter_for(actor, now)]
    names = list(dict.fromkeys([*bodies, *(unit.name for unit in units_to_enter_for(actor, now))]))
    if not names:
        raise NotAllowed(permission="appraisal.enter_figure")
    return names
