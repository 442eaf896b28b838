"""评议: listed, opened, marked on a phone, counted; what came out with who is missing and how strict each was."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ronghe.domain.appraisal.enums import PANEL_FLOW, PanelState
from ronghe.domain.appraisal.models import Panel
from ronghe.domain.appraisal.rules import RUN_PANEL
from ronghe.domain.appraisal.selectors.panels import (
    SMALL,
    bodies_below,
    bodies_to_open_for,
    list_panels,
    panel_items,
    panel_seen_by,
    people_below,
    reviewer_of,
    reviewers_seen,
    sheets_of,
    subjects_of,
)
from ronghe.domain.appraisal.selectors.wording import period_title
from ronghe.domain.appraisal.services.panels import count_panel, declare_conflict, give_marks, open_panel, void_panel
from ronghe.domain.org.models import Person
from ronghe.kernel.errors import DomainError, NotAllowed
from ronghe.ui import toasts
from ronghe.web.appraisal.input_forms import PanelForm, ReasonForm
from ronghe.web.paging import asked_page, number_of, page_of
from ronghe.web.requests import actor_of

MARKS = {PanelState.OPEN: "running", PanelState.COUNTED: "done", PanelState.VOIDED: "waived"}


@login_required
def panel_list(request: HttpRequest) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    state = request.GET.get("state", "")
    listed = list_panels(actor, now, state=state if state in PanelState.values else "", page=asked_page(request))
    titles = panel_items()
    context = {
        "page": page_of(listed),
        "lines": [
            (panel, titles.get(panel.item, panel.item), MARKS[PanelState(panel.state)], period_title(panel.period))
            for panel in listed
        ],
        "states": [("", _("全部")), *((value, str(label)) for value, label in PanelState.choices)],
        "can_open": bodies_to_open_for(actor, now).exists(),
        "is_filtered": bool(state),
    }
    template = "appraisal/panel_list.html"
    answer = render(request, f"{template}#rows" if request.htmx else template, context)  # type: ignore[attr-defined]
    answer["Vary"] = "HX-Request"
    return answer


@login_required
def panel_open(request: HttpRequest) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    bodies = bodies_to_open_for(actor, now)
    asked = number_of(request.POST.get("body") or request.GET.get("body"))
    body = get_object_or_404(bodies, pk=asked) if asked else bodies.order_by("pk").first()
    if body is None:
        raise NotAllowed(permission="appraisal.open_panel")
    form = PanelForm(
        request.POST or None, items=panel_items(), bodies=bodies_below(body, now), known=people_below(body, now)
    )
    if request.method == "POST" and form.is_valid():
        try:
            panel = open_panel(body=body, plan=form.plan(), actor=actor, at=now)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            toasts.done(request, _("已发起，评议人在“今日”能看到。"))
            return redirect("web:panel_detail", panel.pk)
    context = {"form": form, "body": body, "others": bodies.exclude(pk=body.pk)[:30]}
    return render(request, "appraisal/panel_form.html", context, status=422 if form.errors else 200)


@login_required
def panel_detail(request: HttpRequest, pk: int) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    return render(request, "appraisal/panel_detail.html", _context(panel_seen_by(actor, pk, now), actor, now))


@login_required
@require_POST
def panel_mark(request: HttpRequest, pk: int) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    panel = panel_seen_by(actor, pk, now)
    reviewer = reviewer_of(panel, actor)
    if reviewer is None:
        raise Http404
    typed: dict[str, str] = {name: str(value) for name, value in request.POST.items() if name.startswith("m-")}
    try:
        give_marks(reviewer=reviewer, marks=_marks(typed, len(panel.criteria)), actor=actor, at=now)
    except DomainError as error:
        context = _context(panel, actor, now, typed) | {"refusal": str(error)}
        return render(request, "appraisal/panel_detail.html", context, status=422)
    toasts.done(request, _("已交。") if panel.is_secret else _("已交，截止前可以改。"))
    return redirect("web:panel_detail", pk)


@login_required
@require_POST
def panel_conflict(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    def act(panel: Panel, actor: Person, now: datetime, reason: str) -> str:
        reviewer = reviewer_of(panel, actor)
        subject = next((one for one in subjects_of(panel) if one.number == number), None)
        if reviewer is None or subject is None:
            raise Http404
        declare_conflict(reviewer=reviewer, subject=subject, reason=reason, actor=actor, at=now)
        return _("已声明回避，您不再评这个对象。")

    return _acted(request, pk, act)


@login_required
@require_POST
def panel_count(request: HttpRequest, pk: int) -> HttpResponse:
    def act(panel: Panel, actor: Person, now: datetime, reason: str) -> str:  # noqa: ARG001 - as every act
        count_panel(panel=panel, actor=actor, at=now)
        return _("已计分，下一次计算就计入。")

    return _acted(request, pk, act)


@login_required
@require_POST
def panel_void(request: HttpRequest, pk: int) -> HttpResponse:
    def act(panel: Panel, actor: Person, now: datetime, reason: str) -> str:
        void_panel(panel=panel, reason=reason, actor=actor, at=now)
        return _("已作废，计过的分已冲销。")

    return _acted(request, pk, act)


def _acted(request: HttpRequest, pk: int, act: Callable[[Panel, Person, datetime, str], str]) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    panel = panel_seen_by(actor, pk, now)
    try:
        toasts.done(request, act(panel, actor, now, request.POST.get("reason", "")[:120]))
    except DomainError as error:
        toasts.refused(request, str(error))
    return redirect("web:panel_detail", pk)


def _marks(typed: dict[str, str], criteria: int) -> dict[int, list[int]]:
    """Return the marks by subject; what is no whole number is left out, which the service refuses by name."""
    found: dict[int, list[int]] = {}
    for subject in {number_of(name.split("-")[1]) for name in typed if name.count("-") == 2}:
        given = [number_of(typed.get(f"m-{subject}-{place}")) for place in range(1, criteria + 1)]
        if subject is not None:
            found[subject] = [mark for mark in given if mark is not None]
    return found


def _context(panel: Panel, actor: Person, now: datetime, typed: dict[str, str] | None = None) -> dict[str, Any]:
    reviewer = reviewer_of(panel, actor)
    is_open = panel.state == PanelState.OPEN and timezone.localdate(now) <= panel.closes_on
    may_mark = reviewer is not None and is_open and not (panel.is_secret and reviewer.has_marked)
    sheets = []
    for sheet in sheets_of(reviewer) if reviewer is not None and may_mark else ():
        number = sheet.subject.number
        cells = []
        for place, criterion in enumerate(panel.criteria, start=1):
            name = f"m-{number}-{place}"
            given = str(sheet.marks[place - 1]) if len(sheet.marks) >= place else ""
            cells.append((criterion["title"], name, (typed or {}).get(name, given)))
        sheets.append((sheet, cells))
    lines = reviewers_seen(panel, actor, now)
    asked, done = panel.reviewers.count(), panel.reviewers.filter(has_marked=True).count()
    sees_results = bool(lines) and panel.state == PanelState.COUNTED
    may_run = RUN_PANEL.allows(actor, panel, at=now)
    return {
        "panel": panel,
        "period": period_title(panel.period),
        "state": MARKS[PanelState(panel.state)],
        "item": panel_items().get(panel.item, panel.item),
        "criteria": panel.criteria,
        "subjects": subjects_of(panel),
        "sheets": sheets,
        "reviewer": reviewer,
        "lines": lines,
        "asked": asked,
        "done": done,
        "sees_results": sees_results,
        "shows_marks": sees_results and not panel.is_secret,
        "small": SMALL,
        "can_count": may_run and PANEL_FLOW.allows(panel, "count"),
        "can_void": may_run and PANEL_FLOW.allows(panel, "void"),
        "void_form": ReasonForm(),
        "refusal": "",
    }
