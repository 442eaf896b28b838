"""Matters: what there is, raising one, and one matter whole."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ronghe.domain.decisions.enums import Category, MatterState
from ronghe.domain.decisions.models import Matter, MatterReport
from ronghe.domain.decisions.selectors.matters import (
    OPEN_STATES,
    bodies_to_raise_in,
    entries_offered,
    list_matters,
    matters_for_export,
    overdue,
)
from ronghe.domain.decisions.services.matters import raise_matter
from ronghe.domain.org.rules.reaches import local_day
from ronghe.kernel.errors import DomainError, NotAllowed
from ronghe.kernel.tabular.writing import SheetOut
from ronghe.ui import toasts
from ronghe.web.decisions.forms import MatterForm
from ronghe.web.decisions.presenting import MATTER_SHAPES, matter_context, matters_seen
from ronghe.web.files import excel_answer
from ronghe.web.paging import asked_filters, asked_order, asked_page, number_of, page_of
from ronghe.web.requests import actor_of

LONGEST_SEARCH = 40
STATES = [
    ("open", gettext_lazy("没办结")),
    ("following", gettext_lazy("落实中")),
    ("over", gettext_lazy("已办结")),
    ("all", gettext_lazy("全部")),
]
ORDERS = {
    "raised": ["raised_at"],
    "-raised": ["-raised_at"],
    "title": ["title"],
    "due": ["due_on"],
    "-due": ["-due_on"],
}


@login_required
def matter_list(request: HttpRequest) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    order = asked_order(request, ORDERS, "-raised")
    page = page_of(list_matters(actor, now, filters=_filters(request), order=order, page=asked_page(request)))
    context: dict[str, Any] = {
        "page": page,
        "lines": [(matter, MATTER_SHAPES[matter.state]) for matter in page.object_list],
        "states": STATES,
        "categories": Category.choices,
        "is_filtered": asked_filters(request),
        "export_query": asked_filters(request),
    }
    if not request.htmx:  # type: ignore[attr-defined]
        context["can_raise"] = bodies_to_raise_in(actor, now).exists()
    template = "decisions/matter_list.html#rows" if request.htmx else "decisions/matter_list.html"  # type: ignore[attr-defined]
    answer = render(request, template, context)
    answer["Vary"] = "HX-Request"
    return answer


@login_required
def matter_export(request: HttpRequest) -> FileResponse:
    """What the list shows with these filters, whole, as a workbook."""
    actor, now = actor_of(request), timezone.now()
    heads = [_("事项"), _("组织"), _("类别"), _("谁决定"), _("状态"), _("谁提出"), _("提出时间"), _("决定日期"),
             _("落实期限"), _("落实项"), _("已落实"), _("逾期")]  # fmt: skip
    rows: Any = matters_for_export(actor, now, _filters(request))
    lines: Iterator[Sequence[Any]] = (
        [row.title, row.body.name, row.entry.category_name if row.entry else str(row.get_category_display()),
         str(row.get_forum_display()), row.get_state_display(), row.raised_by.name,
         timezone.localtime(row.raised_at), row.decided_on, row.due_on, row.parts, row.parts_done,
         _("是") if row.is_late and row.state == MatterState.FOLLOWING else ""]
        for row in rows.iterator(chunk_size=1000)
    )  # fmt: skip
    sheet = SheetOut(title=_("决策事项"), head=heads, rows=lines, widths=[36, 28, 12, 12, 14, 10, 18, 12, 12, 8, 8, 6])
    return excel_answer([sheet], _("决策事项") + f"_{local_day(now):%Y%m%d}.xlsx")


@login_required
def matter_report_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Lead from what a report met, a duty say, to its matter."""
    report = get_object_or_404(MatterReport, pk=pk, matter__in=matters_seen(request).order_by())
    return redirect("web:matter_detail", report.matter_id)


@login_required
def matter_create(request: HttpRequest) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    bodies = bodies_to_raise_in(actor, now)
    mine = list(bodies[:2])
    if not mine:
        raise NotAllowed
    entries = entries_offered(bodies)
    asked = number_of(request.GET.get("entry"))
    entry = entries.filter(pk=asked).first() if asked else None
    first = entry.of_list.body_id if entry is not None else _first_with_list(entries, mine[0].pk)
    form = MatterForm(
        request.POST or None, bodies=bodies, entries=entries, one_body=len(mine) == 1,
        initial={"body": number_of(request.GET.get("body")) or first, "entry": entry},
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        chosen = given["entry"]
        try:
            matter = raise_matter(
                body=chosen.of_list.body if chosen is not None else given["body"], title=given["title"], entry=chosen,
                summary=given["summary"], category=given["category"] or Category.DECISION,
                forum=given["forum"] or "party_committee", outside_reason=given["outside_reason"], actor=actor, at=now,
            )  # fmt: skip
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            toasts.done(request, _("已提出，准备好材料就可以上会。"))
            return redirect("web:matter_detail", matter.pk)
    context = {"form": form, "one_body": mine[0] if len(mine) == 1 else None}
    return render(request, "decisions/matter_form.html", context, status=422 if form.errors else 200)


@login_required
def matter_detail(request: HttpRequest, pk: int) -> HttpResponse:
    matter = get_object_or_404(matters_seen(request), pk=pk)
    return render(request, "decisions/matter_detail.html", matter_context(request, matter))


def _first_with_list(entries: Any, otherwise: int) -> int:
    found = entries.first()
    return int(found.of_list.body_id) if found is not None else otherwise


def _filters(request: HttpRequest) -> Q:
    """The filters of the query string, as they stand for page and export alike."""
    found, now = Q(), timezone.now()
    asked = request.GET.get("state", "open")
    if asked == "open":
        found &= Q(state__in=OPEN_STATES)
    elif asked == "over":
        found &= ~Q(state__in=OPEN_STATES)
    elif asked == "following":
        found &= Q(state=MatterState.FOLLOWING)
    if (category := request.GET.get("category", "")) in Category.values:
        found &= Q(category=category)
    if request.GET.get("late"):
        found &= overdue(now)
    if request.GET.get("departed"):
        found &= Q(pk__in=Matter.objects.filter(departures__isnull=False).order_by().values("pk"))
    if text := request.GET.get("q", "").strip()[:LONGEST_SEARCH]:
        found &= Q(title__contains=text) | Q(body__name__contains=text)
    return found
