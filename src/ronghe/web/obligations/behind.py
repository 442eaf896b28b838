"""谁落后了: bodies with what they miss, since when and why; the same as a workbook."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ronghe.domain.obligations.calc.behind import Why
from ronghe.domain.obligations.selectors.behind import BehindRow, What, list_behind, may_see_behind
from ronghe.kernel.access.listing import COUNTED
from ronghe.kernel.calendar.periods import DaySpan, PeriodKind, period_around
from ronghe.kernel.tabular.writing import SheetOut
from ronghe.kernel.words import listed
from ronghe.web.files import excel_answer
from ronghe.web.obligations.explained import vacancy_words
from ronghe.web.paging import asked_filters, asked_page, number_of, page_of
from ronghe.web.requests import actor_of

SPANS = [("month", _("本月")), ("quarter", _("本季")), ("year", _("全年"))]
WHATS = [(What.MISSED, _("漏办")), (What.DUE, _("待办")), (What.LATE, _("迟办")), (What.UNADOPTED, _("没有采用范本"))]
WHYS = {
    Why.ASKED: _("申请免办中"),
    Why.NOBODY: _("没有人负责"),
    Why.VACANT: _("职务空缺"),
    Why.SHUT_DOWN: _("停工"),
    Why.HOLIDAY: _("放假"),
    Why.UNADOPTED: _("没有采用范本"),
}


@login_required
def behind(request: HttpRequest) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    listed_rows = list_behind(actor, now, page=asked_page(request), **_asked(request))
    if not listed_rows.count and not may_see_behind(actor, now):
        raise Http404
    context = {
        "page": page_of(listed_rows),
        "lines": [(row, [WHYS[why] for why in row.why]) for row in listed_rows.rows],
        "what": str(_asked(request)["what"]),
        "whats": WHATS,
        "spans": SPANS,
        "asked_text": request.GET.get("q", ""),
        "export_query": asked_filters(request),
    }
    template = "obligations/behind.html"
    answer = render(request, f"{template}#rows" if request.htmx else template, context)  # type: ignore[attr-defined]
    answer["Vary"] = "HX-Request"
    return answer


@login_required
def behind_export(request: HttpRequest) -> HttpResponseBase:
    """What the list shows with these filters, one line a mechanism; a body without any adoption one line."""
    actor, now = actor_of(request), timezone.now()
    if not may_see_behind(actor, now):
        raise Http404
    rows = list_behind(actor, now, size=COUNTED, **_asked(request)).rows
    heads = [
        _("组织"),
        _("上级"),
        _("制度"),
        _("谁负责"),
        _("姓名"),
        _("漏办"),
        _("待办"),
        _("迟办"),
        _("从何时起"),
        _("为什么"),
    ]
    lines = (line for row in rows for line in _lines(row))
    sheet = SheetOut(
        title=str(_("谁落后了")), head=[str(head) for head in heads], rows=lines,
        widths=[28, 24, 24, 16, 16, 8, 8, 8, 12, 30],
    )  # fmt: skip
    return excel_answer([sheet], f"{_('谁落后了')}_{timezone.localdate(now):%Y%m%d}.xlsx")


def _lines(row: BehindRow) -> list[list[Any]]:
    why = listed(str(WHYS[one]) for one in row.why)
    above = row.body.parent.name if row.body.parent is not None else ""
    if not row.lines:
        return [[row.body.name, above, "", "", "", 0, 0, 0, None, why]]
    return [
        [row.body.name, above, line.title, line.role, listed(line.names), line.missed, line.due, line.late, line.since,
         why or vacancy_words(line.answer)]
        for line in row.lines
    ]  # fmt: skip


def _asked(request: HttpRequest) -> dict[str, Any]:
    what, kind = request.GET.get("what", ""), request.GET.get("span", "year")
    return {
        "span": _until_now(kind if kind in dict(SPANS) else "year"),
        "what": What(what) if what in set(What) else What.MISSED,
        "below": number_of(request.GET.get("below")),
        "text": request.GET.get("q", "").strip()[:40],
        "by_since": request.GET.get("sort") == "since",
    }


def _until_now(kind: str) -> DaySpan:
    return period_around(timezone.localdate(timezone.now()), PeriodKind(kind)).span
