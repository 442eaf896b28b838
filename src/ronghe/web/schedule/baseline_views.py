"""基线: what was put up, what it changes against the one in force, who approved it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ronghe.domain.org.models import Person
from ronghe.domain.schedule.enums import BaselineState
from ronghe.domain.schedule.models import Baseline
from ronghe.domain.schedule.rules import APPROVE_BASELINE, WITHDRAW_BASELINE
from ronghe.domain.schedule.selectors.loading import baseline_in_force
from ronghe.domain.schedule.selectors.schedules import baselines_to_decide, changes_between
from ronghe.domain.schedule.services.baselines import (
    approve_baseline,
    propose_baseline,
    refuse_baseline,
    withdraw_baseline,
)
from ronghe.kernel.errors import DomainError, NotAllowed
from ronghe.ui import toasts
from ronghe.web.requests import actor_of
from ronghe.web.schedule.forms import DecisionForm, ProposeForm
from ronghe.web.schedule.presenting import BASELINE_SHAPES, act, plan_context, seen_schedule

CHANGES_SHOWN = 200


@login_required
def baselines(request: HttpRequest, project: int) -> HttpResponse:
    """All baselines of a plan, the latest first; posted, the plan's dates are put up."""
    schedule = seen_schedule(request, project)
    form = ProposeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            made = propose_baseline(
                schedule=schedule, actor=actor_of(request), at=timezone.now(), reason=form.cleaned_data["reason"]
            )
        except NotAllowed:
            raise
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            toasts.done(request, _("已报批，批准人在今日看得到。"))
            return redirect("web:schedule_baseline", made.pk)
    rows = list(schedule.baselines.select_related("proposed_by", "decided_by").order_by("-number"))
    in_force = baseline_in_force(schedule)
    context = plan_context(request, schedule, "baselines") | {
        "rows": [(row, BASELINE_SHAPES[BaselineState(row.state)], row == in_force) for row in rows], "form": form,
        "in_force": in_force, "waits": any(row.state == BaselineState.PROPOSED for row in rows),
    }  # fmt: skip
    return render(request, "schedule/baselines.html", context, status=422 if form.errors else 200)


@login_required
def baselines_waiting(request: HttpRequest) -> HttpResponse:
    """The baselines that wait for the reader."""
    rows = baselines_to_decide(actor_of(request), timezone.now())
    return render(request, "schedule/waiting.html", {"rows": list(rows[:CHANGES_SHOWN])})


@login_required
def baseline(request: HttpRequest, pk: int) -> HttpResponse:
    return _page(request, _seen(request, pk), DecisionForm())


@login_required
@require_POST
def baseline_step(request: HttpRequest, pk: int, ruling: str) -> HttpResponse:
    found, form = _seen(request, pk), DecisionForm(request.POST)
    back = reverse("web:schedule_baseline", args=[pk])
    if not form.is_valid():
        return _page(request, found, form)
    words = form.cleaned_data["decision"]

    def do(actor: Person, at: datetime) -> Any:
        if ruling == "approve":
            digest = form.cleaned_data["digest"]
            return approve_baseline(baseline=found, digest=digest, decision=words, actor=actor, at=at)
        if ruling == "refuse":
            return refuse_baseline(baseline=found, decision=words, actor=actor, at=at)
        return withdraw_baseline(baseline=found, actor=actor, at=at)

    said = {
        "approve": _("已批准，从现在起按这份基线衡量。"),
        "refuse": _("已退回，原基线不变。"),
        "withdraw": _("已撤回。"),
    }
    return act(request, do, said[ruling], back)


def _seen(request: HttpRequest, pk: int) -> Baseline:
    rows = Baseline.objects.select_related("schedule__project", "proposed_by", "decided_by")
    found = get_object_or_404(rows, pk=pk)
    found.schedule = seen_schedule(request, found.schedule.project_id)
    return found


def _page(request: HttpRequest, found: Baseline, form: DecisionForm) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    before = (
        found.schedule.baselines.filter(state=BaselineState.APPROVED, number__lt=found.number)
        .order_by("-number")
        .first()
    )
    form.initial["digest"] = found.digest
    changes = changes_between(before, found)
    is_open = found.state == BaselineState.PROPOSED
    context = plan_context(request, found.schedule, "baselines") | {
        "baseline": found, "before": before, "changes": changes[:CHANGES_SHOWN], "change_count": len(changes),
        "shape": BASELINE_SHAPES[BaselineState(found.state)], "form": form,
        "may_decide": is_open and APPROVE_BASELINE.allows(actor, found, at=now),
        "may_withdraw": is_open and WITHDRAW_BASELINE.allows(actor, found, at=now), "is_open": is_open,
    }  # fmt: skip
    return render(request, "schedule/baseline.html", context, status=422 if form.errors else 200)
