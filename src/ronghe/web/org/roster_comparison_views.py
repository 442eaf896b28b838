"""比对花名册: one list or two held against what is on file, settled difference by difference."""

from __future__ import annotations

from contextlib import ExitStack
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ronghe.domain.org.enums import DifferenceKind, DifferenceState
from ronghe.domain.org.models import RosterComparison, RosterDifference
from ronghe.domain.org.selectors.rosters import bodies_to_import_into, comparisons_seen_by, differences_of_comparison
from ronghe.domain.org.services.roster_comparisons import (
    LISTS,
    close_comparison,
    compare_rosters,
    difference_rows,
    dismiss,
    field_title,
    shown,
    take_over,
)
from ronghe.domain.org.services.roster_endings import end_missing, take_back
from ronghe.kernel.errors import DomainError, NotAllowed
from ronghe.kernel.tabular.writing import SheetOut
from ronghe.ui import toasts
from ronghe.web.files import excel_answer
from ronghe.web.org.roster_forms import ComparisonForm, DismissForm
from ronghe.web.org.roster_views import laid_out
from ronghe.web.paging import asked_filters, asked_page, number_of
from ronghe.web.requests import actor_of

SHOWN = 20
PAGE_SIZE = 50
SHAPES = {"open": "due", "taken": "done", "dismissed": "waived", "ended": "waived"}


@login_required
def comparison_list(request: HttpRequest) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    bodies = bodies_to_import_into(actor, now)
    if not bodies.exists():
        raise NotAllowed
    form = ComparisonForm(request.POST or None, request.FILES or None, bodies=bodies)
    if request.method == "POST" and form.is_valid():
        given = dict(form.cleaned_data)
        try:
            with ExitStack() as kept:
                uploads = {"a": given.pop("list_a"), "b": given.pop("list_b")}
                lists = {side: kept.enter_context(laid_out(files)) for side, files in uploads.items() if files}
                found = compare_rosters(lists=lists, actor=actor, at=now, **given)
        except DomainError as error:
            form.add_error("declares_unclassified" if error.code == "not_declared" else None, str(error))
        else:
            return redirect("web:roster_comparison", pk=found.pk)
    context = {"form": form, "comparisons": comparisons_seen_by(actor, now)[:SHOWN]}
    return render(request, "org/roster_comparison_list.html", context, status=422 if form.errors else 200)


@login_required
def comparison_detail(request: HttpRequest, pk: int) -> HttpResponse:
    return render(request, "org/roster_comparison.html", _context(request, _seen(request, pk)))


@login_required
@require_POST
def comparison_take(request: HttpRequest, pk: int, side: str) -> HttpResponse:
    if side not in {"a", "b"}:
        raise Http404
    comparison = _seen(request, pk)

    def act(chosen: list[RosterDifference]) -> str:
        count = take_over(
            comparison=comparison, differences=chosen, side=side, actor=actor_of(request), at=timezone.now()
        )
        return _("已采用 %(count)s 处，写入名册。") % {"count": count}

    return _settled(request, comparison, act)


@login_required
@require_POST
def comparison_dismiss(request: HttpRequest, pk: int) -> HttpResponse:
    comparison = _seen(request, pk)

    def act(chosen: list[RosterDifference]) -> str:
        reason = request.POST.get("reason", "")
        count = dismiss(
            comparison=comparison, differences=chosen, reason=reason, actor=actor_of(request), at=timezone.now()
        )
        return _("%(count)s 处不采用，名册不变。") % {"count": count}

    return _settled(request, comparison, act)


@login_required
@require_POST
def comparison_end(request: HttpRequest, pk: int) -> HttpResponse:
    comparison = _seen(request, pk)

    def act(chosen: list[RosterDifference]) -> str:
        count = end_missing(comparison=comparison, differences=chosen, actor=actor_of(request), at=timezone.now())
        return _("已办 %(count)s 人离开；办错了可以在“已办离开”里撤回。") % {"count": count}

    return _settled(request, comparison, act)


@login_required
@require_POST
def comparison_take_back(request: HttpRequest, pk: int, difference: int) -> HttpResponse:
    comparison = _seen(request, pk)
    found = get_object_or_404(differences_of_comparison(comparison), pk=difference)
    try:
        take_back(difference=found, actor=actor_of(request), at=timezone.now())
    except DomainError as error:
        toasts.refused(request, str(error))
    else:
        toasts.done(request, _("已撤回，这个人恢复在册。"))
    return redirect("web:roster_comparison", pk)


@login_required
@require_POST
def comparison_close(request: HttpRequest, pk: int) -> HttpResponse:
    close_comparison(comparison=_seen(request, pk), actor=actor_of(request), at=timezone.now())
    toasts.done(request, _("比对已结束，名单内容已删除。"))
    return redirect("web:roster_comparisons")


@login_required
def comparison_export(request: HttpRequest, pk: int) -> HttpResponseBase:
    comparison = _seen(request, pk)
    sides = [title for _side, title in _sides(comparison)]
    heads = [_("类别"), _("姓名"), _("项目"), *sides, _("状态"), _("理由")]
    widths = [14, 10, 12, *[28] * len(sides), 10, 24]
    rows = (list(row) for row in difference_rows(comparison))
    sheet = SheetOut(title=_("比对结果"), head=heads, rows=rows, widths=widths)
    answer = excel_answer([sheet], _("比对结果") + f"_{comparison.pk}.xlsx")
    answer["Cache-Control"] = "no-store"
    return answer


def _settled(request: HttpRequest, comparison: RosterComparison, act: Any) -> HttpResponse:
    """Settle the chosen differences; what stands against it leaves all of them open."""
    keys = [key for text in request.POST.getlist("chosen") if (key := number_of(text)) is not None]
    chosen = list(differences_of_comparison(comparison).filter(pk__in=keys).select_related("comparison__body"))
    try:
        if not chosen:
            toasts.refused(request, _("请先勾选要处理的条目。"))
        else:
            toasts.done(request, act(chosen))
    except DomainError as error:
        if isinstance(error, NotAllowed):
            raise
        toasts.refused(request, str(error))
    where = redirect("web:roster_comparison", comparison.pk)
    where["Location"] += asked_filters(request)
    return where


def _seen(request: HttpRequest, pk: int) -> RosterComparison:
    return get_object_or_404(comparisons_seen_by(actor_of(request), timezone.now()), pk=pk)


def _sides(comparison: RosterComparison) -> list[tuple[str, str]]:
    names = {"a": _("名单甲"), "b": _("名单乙")}
    return [("here", _("本平台")), *((side, names[side]) for side in LISTS if side in comparison.file_names)]


def _context(request: HttpRequest, comparison: RosterComparison) -> dict[str, Any]:
    kind, state = request.GET.get("kind", ""), request.GET.get("state", DifferenceState.OPEN.value)
    rows = differences_of_comparison(
        comparison, kind=kind if kind in DifferenceKind.values else "", state=state if state in DifferenceState.values else ""
    )  # fmt: skip
    page = Paginator(rows, PAGE_SIZE).get_page(asked_page(request))
    sides = _sides(comparison)
    lines = [_line(difference, sides) for difference in page.object_list]
    kinds = [
        (value, f"{label} {comparison.counts[value]}")
        for value, label in DifferenceKind.choices
        if value in comparison.counts
    ]
    return {
        "comparison": comparison, "page": page, "lines": lines, "sides": sides, "is_open": comparison.closed_at is None,
        "kinds": kinds, "states": [(value, str(label)) for value, label in [*DifferenceState.choices, ("all", _("全部"))]],
        "filters_query": asked_filters(request), "reason_form": DismissForm(), "lists": [side for side in sides if side[0] != "here"],
        "files": [(title, comparison.file_names[side]) for side, title in sides if side in comparison.file_names],
    }  # fmt: skip


def _line(difference: RosterDifference, sides: list[tuple[str, str]]) -> dict[str, Any]:
    said = shown(difference)
    return {
        "row": difference,
        "name": said.name or (difference.person.name if difference.person else "—"),
        "what": field_title(difference.field) or str(difference.get_kind_display()),
        "values": [(title, said.values.get(side, "")) for side, title in sides],
        "shape": SHAPES[difference.state],
    }
