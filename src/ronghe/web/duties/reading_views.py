"""四方责任: the sheets, one sheet as a matrix, a version with what it changed, print and export."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from ronghe.domain.duties.documents import sheet_document, table_heads, table_rows
from ronghe.domain.duties.enums import RowKind, Standing, Verdict
from ronghe.domain.duties.selectors.accepting import sheets_to_agree
from ronghe.domain.duties.selectors.candidates import candidates_of
from ronghe.domain.duties.selectors.sheets import list_sheets, row_counts, version_seen, view_of, zones_to_open
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.zones.enums import SheetSide
from ronghe.domain.zones.rules import SEE_ZONE
from ronghe.kernel.documents.layout import GBT_9704_LANDSCAPE
from ronghe.kernel.tabular.writing import SheetOut
from ronghe.kernel.words import N_, _
from ronghe.web.duties.presenting import (
    VIEWS,
    cells_of,
    narrowed,
    said_in,
    seen_sheet,
    shown_gaps,
    shown_rows,
    shown_sides,
)
from ronghe.web.files import excel_answer, paper_answer
from ronghe.web.paging import asked_filters, asked_page, page_of
from ronghe.web.requests import actor_of

STATES = [("running", N_("在用")), ("all", N_("全部"))]
WIDTHS = [8, 22, 44, 14, 14, 14, 14, 12, 10, 22, 10, 10]


@login_required
def duties(request: HttpRequest) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    words, state = request.GET.get("q", "").strip(), request.GET.get("state", "running")
    listed = list_sheets(actor, now, words=words, running=state != "all", page=asked_page(request))
    counts = row_counts(list(listed.rows))
    waiting = set(sheets_to_agree(actor, now).order_by().values_list("pk", flat=True))
    page = page_of(listed)
    context = {
        "page": page,
        "sheets": [(sheet, counts[sheet.pk], sheet.pk in waiting) for sheet in page.object_list],
        "states": [(code, _(word)) for code, word in STATES],
        "is_filtered": bool(words) or state == "all",
        "openable": list(zones_to_open(actor, now)[:20]),
    }
    template = "duties/duties.html#rows" if request.htmx else "duties/duties.html"  # type: ignore[attr-defined]
    answer = render(request, template, context)
    answer["Vary"] = "HX-Request"
    return answer


@login_required
def sheet_detail(request: HttpRequest, pk: int) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    sheet = seen_sheet(request, pk)
    view = view_of(sheet, actor, now)
    rows = narrowed(view, request)
    projects = {row.project.pk: row.project.name for row in view.rows if row.project is not None}
    context = {
        "sheet": sheet,
        "view": view,
        "rows": shown_rows(rows, view, actor, now),
        "views": [(code, _(word)) for code, word in VIEWS if code != "ours" or view.mine],
        "sides": [("", _("全部")), *SheetSide.choices],
        "kinds": [("", _("全部")), *RowKind.choices],
        "states": [("", _("全部")), *Standing.choices],
        "projects": [("", _("全部")), *projects.items()] if projects else [],
        "columns": list(SheetSide),
        "is_filtered": any(request.GET.get(name) for name in ("q", "side", "kind", "state", "project", "gaps", "view")),
        "overdue": view.count(Standing.OVERDUE),
        "done": view.count(Standing.DONE),
        "export_query": asked_filters(request),
    }
    if request.htmx:  # type: ignore[attr-defined]
        answer = render(request, "duties/sheet_detail.html#rows", context)
    else:
        context |= {
            "sees_zone": SEE_ZONE.allows(actor, sheet.zone, at=now),
            "gaps": shown_gaps(view, actor, now),
            "shown_sides": shown_sides(view, actor, now),
            "changed": said_in(view.changed),
            "outside": len(candidates_of(sheet, actor, now)) if view.may_keep else 0,
            "blocking": sum(gap.blocks for gap in view.gaps),
            "issue_title": _("第 %(n)s 版以后改了 %(count)s 条") % {"n": sheet.version, "count": len(view.changed)}
            if sheet.version
            else _("清单还没有发布"),
        }
        answer = render(request, "duties/sheet_detail.html", context)
    answer["Vary"] = "HX-Request"
    return answer


@login_required
def sheet_version(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    sheet = seen_sheet(request, pk)
    found = version_seen(sheet, number, actor, now)
    if found is None:
        raise Http404
    version, rows, changes = found
    context = {
        "sheet": sheet,
        "version": version,
        "rows": [(row, cells_of(row.shares)) for row in rows],
        "columns": list(SheetSide),
        "changes": said_in(changes),
        "said": [
            (word, "done" if word.verdict == Verdict.AGREED else "now")
            for word in version.said.select_related("unit", "person").order_by("said_at", "pk")
        ],
    }
    return render(request, "duties/sheet_version.html", context)


@login_required
def sheet_print(request: HttpRequest, pk: int, form: str) -> HttpResponse:
    sheet, now = seen_sheet(request, pk), timezone.now()
    document = sheet_document(view_of(sheet, actor_of(request), now), printed_on=local_day(now))
    return paper_answer(request, document, form, source=sheet, layout=GBT_9704_LANDSCAPE)


@login_required
def sheet_export(request: HttpRequest, pk: int) -> FileResponse:
    sheet, now = seen_sheet(request, pk), timezone.now()
    view = view_of(sheet, actor_of(request), now)
    rows = table_rows(view, narrowed(view, request))
    out = SheetOut(title=_("四方责任清单"), head=table_heads(), rows=rows, widths=WIDTHS)
    return excel_answer([out], f"{sheet.zone.name}_{_('四方责任清单')}_{local_day(now):%Y%m%d}.xlsx")
