"""The grid: who is covered by whom, where the gaps are, and what is done about them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, time, timedelta
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ronghe.domain.grid.calc.kinds import KINDS
from ronghe.domain.grid.calc.state import Body
from ronghe.domain.grid.rules import CHANGE_SETTINGS, DISMISS_GAP, NAME_MEMBERS, SEE_GRID, TASK_GAP
from ronghe.domain.grid.selectors.coverage import Coverage, FoundGap, coverage, grid_roots
from ronghe.domain.grid.selectors.settings import bodies_setting, terms_of
from ronghe.domain.grid.services.gaps import dismiss_gap, give_gap_tasks
from ronghe.domain.grid.services.settings import change_settings
from ronghe.domain.org.models import PartyOrg, Person
from ronghe.kernel.errors import DomainError, NotFound
from ronghe.kernel.tabular.writing import SheetOut
from ronghe.ui import toasts
from ronghe.web.files import excel_answer
from ronghe.web.grid.acts import lines_of as gap_lines
from ronghe.web.grid.acts import ways_of
from ronghe.web.grid.drawing import draw, lines_of
from ronghe.web.grid.figures import figure_rows
from ronghe.web.grid.forms import DismissForm, DueForm, SettingsForm
from ronghe.web.paging import asked_filters, asked_page, number_of
from ronghe.web.requests import actor_of

PAGE = 20
TASK_DAYS, DISMISS_DAYS = 14, 30
LISTED = 400
"""Lines of the map as a list at most."""


@login_required
def grid(request: HttpRequest) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    if "body" not in request.GET and not grid_roots(actor, now):
        return render(request, "grid/nothing.html", {})
    found = _coverage(request, actor, now)
    return render(request, "grid/grid.html", _context(request, actor, now, found, DueForm(initial=_due(now))))


@login_required
def grid_export(request: HttpRequest) -> HttpResponseBase:
    """The figures by body, and the gaps that the page shows with these filters, as a workbook."""
    actor, now = actor_of(request), timezone.now()
    found = _coverage(request, actor, now)
    return excel_answer(
        [_bodies_sheet(found), _units_sheet(found), _gaps_sheet(_chosen(request, found))],
        _("网格覆盖") + f"_{found.state.day:%Y%m%d}.xlsx",
    )


@login_required
@require_POST
def gap_tasks(request: HttpRequest) -> HttpResponse:
    """Give the chosen gaps as tasks to whoever answers for them."""
    actor, now = actor_of(request), timezone.now()
    found = _coverage(request, actor, now)
    form = DueForm(request.POST)
    if form.is_valid():
        try:
            given = give_gap_tasks(
                coverage=found, keys=request.POST.getlist("chosen"), due_at=form.cleaned_data["due_at"],
                actor=actor, at=now,
            )  # fmt: skip
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            toasts.done(request, _("已派发 %(number)s 件补缺任务。") % {"number": len(given)})
            return redirect(_back(request))
    return render(request, "grid/grid.html", _context(request, actor, now, found, form), status=422)


@login_required
def gap_dismiss(request: HttpRequest) -> HttpResponse:
    """One gap, and letting it stand until a day."""
    actor, now = actor_of(request), timezone.now()
    found = _coverage(request, actor, now)
    row = found.by_key.get(request.GET.get("gap", ""))
    if row is None or not DISMISS_GAP.allows(actor, PartyOrg.objects.get(pk=row.gap.place.body), at=now):
        raise Http404
    initial = {"until": timezone.localdate(now) + timedelta(days=DISMISS_DAYS)}
    form = DismissForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            dismiss_gap(coverage=found, key=row.gap.key, actor=actor, at=now, **form.cleaned_data)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            toasts.done(request, _("已记下，到 %(day)s 再提。") % {"day": form.cleaned_data["until"]})
            return redirect(_back(request))
    context = {
        "row": row,
        "form": form,
        "back": _back(request),
        "act": ways_of([row.gap], actor, now)[row.gap.key],
        "label": _(row.gap.kind.label),
    }
    return render(request, "grid/gap_dismiss.html", context, status=422 if form.errors else 200)


@login_required
def grid_settings(request: HttpRequest) -> HttpResponse:
    """How many employees a member is named for, and how many working days each level has."""
    actor, now = actor_of(request), timezone.now()
    body = get_object_or_404(bodies_setting(actor, now), pk=number_of(request.GET.get("body")) or 0)
    terms = terms_of(body.pk, timezone.localdate(now))
    initial = {name: getattr(terms, name) for name in SettingsForm.base_fields}
    form = SettingsForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            change_settings(body=body, terms=form.terms(), actor=actor, at=now)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            toasts.done(request, _("已存下，正在走的时限不变。"))
            return redirect(_of(body.pk))
    return render(request, "grid/settings.html", {"form": form, "of": body}, status=422 if form.errors else 200)


def _coverage(request: HttpRequest, actor: Person, now: datetime) -> Coverage:
    """The part of the grid that is asked for: a body by its id, or everything that the actor sees."""
    try:
        if "body" not in request.GET:
            return coverage(actor, now)
        body = get_object_or_404(PartyOrg, pk=number_of(request.GET["body"]) or 0)
        return coverage(actor, now, body=body)
    except NotFound as error:
        raise Http404 from error


def _context(request: HttpRequest, actor: Person, now: datetime, found: Coverage, form: DueForm) -> dict[str, Any]:
    page = Paginator(_chosen(request, found), PAGE).get_page(asked_page(request))
    roots = sorted(found.tree, key=lambda node: -node.weight)
    root = roots[0] if roots else None
    counts = Counter(row.gap.kind.code for row in found.standing)
    shown = list(page.object_list)
    bodies = PartyOrg.objects.filter(pk__in={row.gap.place.body for row in shown})
    dismissible = set(DISMISS_GAP.narrow(actor, bodies, at=now).values_list("pk", flat=True))
    query = asked_filters(request)
    return {
        "coverage": found,
        "figures": found.figures,
        "figure_rows": figure_rows(found, query),
        "root": root,
        "others": [(node, _of(node.body.pk)) for node in roots[1:]],
        "drawing": draw(root, counts=_level_counts(found)) if root is not None and root.employees else None,
        "lines": lines_of(root)[:LISTED] if root is not None else [],
        "page": page,
        "rows": gap_lines(shown, actor=actor, at=now, dismissible=dismissible, query=query),
        "taskable": set(TASK_GAP.narrow(actor, bodies, at=now).values_list("pk", flat=True)),
        "kinds": [(code, f"{_(kind.title)} {counts[code]}") for code, kind in KINDS.items() if counts[code]],
        "shows": [("", _("全部")), ("failed", _("须补")), ("attention", _("提示")), ("decided", _("暂不处理"))],
        "bins": _bins(found.figures.distribution),
        "export_query": query,
        "query": query,
        "form": form,
        **_ways(actor, root.body if root is not None else None, now),
    }


def _ways(actor: Person, body: Body | None, now: datetime) -> dict[str, Any]:
    """Where the page leads from its body: up, to its settings, to naming members; nothing where the actor may not."""
    if body is None:
        return {}
    here = PartyOrg(pk=body.pk)
    above = PartyOrg.objects.filter(pk=body.parent or 0).first()
    seen = above is not None and SEE_GRID.allows(actor, above, at=now)
    return {
        "above": above if seen else None,
        "above_href": _of(above.pk) if above is not None and seen else "",
        "settings_href": _of(body.pk, "web:grid_settings") if CHANGE_SETTINGS.allows(actor, here, at=now) else "",
        "liaisons_href": _of(body.pk, "web:grid_liaisons") if NAME_MEMBERS.allows(actor, here, at=now) else "",
    }


def _of(body: int, page: str = "web:grid") -> str:
    return f"{reverse(page)}?body={body}"


def _chosen(request: HttpRequest, found: Coverage) -> list[FoundGap]:
    """The gaps that the query string asks for; those that somebody let stand only where it asks for them."""
    show, code = request.GET.get("show", ""), request.GET.get("kind", "")
    rows = [row for row in found.found if row.dismissal is not None] if show == "decided" else found.standing
    if show in {"failed", "attention"}:
        rows = [row for row in rows if row.gap.kind.severity == show]
    if code in KINDS:
        rows = [row for row in rows if row.gap.kind.code == code]
    return rows


def _level_counts(found: Coverage) -> dict[str, str]:
    bodies, figures = found.figures.bodies, found.figures
    return {
        "root": _("%(number)s 个党委") % {"number": bodies["committee"]},
        "upper": _("%(number)s 个总支") % {"number": bodies["general_branch"]} if bodies["general_branch"] else "",
        "branch": _("%(number)s 个支部") % {"number": bodies["branch"]},
        "cell": _("%(number)s 个班组") % {"number": figures.teams},
        "mark": _("%(number)s 座班站") % {"number": figures.stations.all},
    }


def _bins(distribution: Any) -> list[tuple[str, int, int]]:
    """Name, teams, and height in steps of twelve of each bin."""
    names = [_("不足 1"), "1–2", "2–3", "3–4", "4–5", _("5 起")]
    most = max([*distribution, 1])
    return [(name, number, -(-number * 12 // most)) for name, number in zip(names, distribution, strict=True)]


def _due(now: datetime) -> dict[str, Any]:
    day = timezone.localdate(now) + timedelta(days=TASK_DAYS)
    return {"due_at": timezone.make_aware(datetime.combine(day, time(18, 0)))}


def _back(request: HttpRequest) -> str:
    query = request.GET.copy()
    query.pop("gap", None)
    return reverse("web:grid") + (f"?{query.urlencode()}" if query else "") + "#gaps"


def _bodies_sheet(found: Coverage) -> SheetOut:
    state = found.state
    counts = Counter(row.gap.place.body for row in found.standing)
    heads = [_("组织"), _("上级"), _("正式党员"), _("党员"), _("职工"), _("书记"), _("任期到"), _("缺口")]
    lines: Iterator[list[Any]] = (
        [
            body.name, state.bodies[body.parent].name if body.parent in state.bodies else "", body.formal, body.members,
            state.employees_below[body.pk], _("有") if body.has_secretary else _("空缺"),
            f"{body.term_ends}" if body.term_ends else "", counts[body.pk],
        ]
        for body in state.bodies.values()
    )  # fmt: skip
    return SheetOut(title=_("党组织"), head=heads, rows=lines, widths=[36, 30, 10, 10, 10, 10, 14, 8])


def _units_sheet(found: Coverage) -> SheetOut:
    state = found.state
    words = {"attended": _("有人值守"), "sparse": _("少人值守"), "unattended": _("无人值守")}
    heads = [_("班站和部门"), _("组织"), _("职工"), _("党员"), _("没有联系党员的职工"), _("值守方式")]
    lines: Iterator[list[Any]] = (
        [state.label(unit), state.bodies[body].name, unit.employees, unit.members, unit.unnamed,
         words.get(unit.staffing or "", "")]
        for body, units in state.units_of_body.items()
        for unit in units
    )  # fmt: skip
    return SheetOut(title=_("班站"), head=heads, rows=lines, widths=[36, 36, 10, 10, 20, 12])


def _gaps_sheet(rows: list[FoundGap]) -> SheetOut:
    heads = [_("在哪里"), _("上级"), _("缺口"), _("情况"), _("建议"), _("依据"), _("派给"), _("暂不处理到"), _("原因")]
    lines: Iterator[list[Any]] = (
        [
            row.gap.place.name, row.gap.place.above, row.gap.title, row.gap.situation, row.gap.suggestion,
            row.gap.kind.rule, row.task.task.assignee.name if row.task else "",
            f"{row.dismissal.until}" if row.dismissal else "", row.dismissal.reason if row.dismissal else "",
        ]
        for row in rows
    )  # fmt: skip
    return SheetOut(title=_("缺口"), head=heads, rows=lines, widths=[34, 30, 22, 44, 50, 10, 10, 14, 30])
