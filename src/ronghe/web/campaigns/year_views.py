"""A year of “党建+”: themes, quarters, bodies; what each theme brought, and the gaps."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from ronghe.domain.campaigns.selectors.year import QUARTERS, Year, YearLine, sums_of, year_of
from ronghe.domain.org.rules.reaches import local_day
from ronghe.kernel.access.listing import Listed
from ronghe.kernel.tabular.writing import SheetOut
from ronghe.kernel.words import listed
from ronghe.web.files import excel_answer
from ronghe.web.paging import asked_filters, asked_page, number_of, page_of
from ronghe.web.requests import actor_of

FIRST_YEAR, LAST_YEAR = 2000, 2999
ON_A_PAGE = 20


@login_required
def themed_year(request: HttpRequest) -> HttpResponse:
    year, lines, body = _year(request)
    pages = max(1, -(-len(lines) // ON_A_PAGE))
    number = min(max(asked_page(request), 1), pages)
    shown = lines[(number - 1) * ON_A_PAGE : number * ON_A_PAGE]
    context = {
        "year": year,
        "rows": [_row(line, year) for line in shown],
        "totals": [{"title": title, "held": year.held[code], "sums": year.sums[code]} for code, title in year.themes],
        "one": _quarters(lines[0], year) if body is not None and len(lines) == 1 else None,
        "only_body": body,
        "gaps": year.gaps,
        "page": page_of(Listed(shown, len(lines), number, ON_A_PAGE)),
        "query": asked_filters(request),
        "only": request.GET.get("gaps") == "1",
        "before": str(year.year - 1),
        "after": str(year.year + 1),
    }
    return render(request, "campaigns/year.html", context)


@login_required
def themed_year_export(request: HttpRequest) -> FileResponse:
    """The year as a workbook: a line for each body and theme, a column for each quarter; then the sums."""
    year, lines, _body = _year(request)
    heads = [_("组织"), _("主题")]
    for quarter in QUARTERS:
        heads += [_("%(number)s 季度次数") % {"number": quarter}, _("%(number)s 季度成效") % {"number": quarter},
                  _("%(number)s 季度漏办") % {"number": quarter}]  # fmt: skip
    rows: Iterator[Sequence[Any]] = (_sheet_line(line, code, title) for line in lines for code, title in year.themes)
    sums: list[Sequence[Any]] = [
        [title, year.held[code], one.title, one.value, one.unit]
        for code, title in year.themes
        for one in year.sums[code]
    ]
    sheets = [
        SheetOut(title=_("年度一览"), head=heads, rows=rows, widths=[30, 12, *([12, 24, 10] * 4)]),
        SheetOut(title=_("各主题成效"), head=[_("主题"), _("次数"), _("成效"), _("合计"), _("单位")], rows=sums,
                 widths=[12, 8, 20, 12, 8]),
    ]  # fmt: skip
    return excel_answer(sheets, f"{_('主题活动')}_{year.year}.xlsx")


def _year(request: HttpRequest) -> tuple[Year, list[YearLine], int | None]:
    now = timezone.now()
    asked = number_of(request.GET.get("year"))
    chosen = asked if asked is not None and FIRST_YEAR <= asked <= LAST_YEAR else local_day(now).year
    body = number_of(request.GET.get("body"))
    year = year_of(actor_of(request), now, chosen, body=body)
    lines = year.lines
    if text := request.GET.get("q", "").strip():
        lines = [line for line in lines if text in line.body.name]
    if request.GET.get("gaps") == "1":
        lines = [line for line in lines if line.gaps]
    return year, lines, body


def _row(line: YearLine, year: Year) -> dict[str, Any]:
    cells = []
    for code, title in year.themes:
        of_theme = [line.cell(code, quarter) for quarter in QUARTERS]
        activities = [themed for cell in of_theme for themed in cell.held]
        sums = sums_of(code, [one for cell in of_theme for one in cell.results], activities)
        cells.append(
            {"title": title, "strip": [cell.shape for cell in of_theme], "held": len(activities),
             "sums": listed(f"{one.title} {one.value:f} {one.unit}" for one in sums[:1]),
             "gaps": sum(1 for cell in of_theme if cell.is_gap)}
        )  # fmt: skip
    return {"line": line, "cells": cells}


def _quarters(line: YearLine, year: Year) -> list[dict[str, Any]]:
    """Return one body's year: themes down, quarters across, with the activities themselves."""
    return [
        {"title": title, "cells": [(quarter, line.cell(code, quarter)) for quarter in QUARTERS]}
        for code, title in year.themes
    ]


def _sheet_line(line: YearLine, code: str, title: str) -> list[Any]:
    cells: list[Any] = [line.body.name, title]
    for quarter in QUARTERS:
        cell = line.cell(code, quarter)
        sums = sums_of(code, cell.results, cell.held)
        said = listed(f"{one.title} {one.value:f} {one.unit}" for one in sums)
        cells += [len(cell.held), said, sum(1 for state in cell.states if state == "missed") or None]
    return cells
