"""专项督察: calls for many bodies — the list, issuing one, its progress and what most of them lack."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from ronghe.domain.inspections.enums import InspectionForm, InspectionState
from ronghe.domain.inspections.models import InspectionCall
from ronghe.domain.inspections.rules import RUN_CALL
from ronghe.domain.inspections.selectors.inspections import (
    bodies_to_call_for,
    bodies_to_visit,
    calls_seen_by,
    common_problems,
    inspections_of_call,
    list_calls,
    people_to_send,
)
from ronghe.domain.inspections.services.arranging import close_call, issue_call
from ronghe.domain.org.rules.reaches import local_day
from ronghe.kernel.errors import DomainError, NotAllowed
from ronghe.kernel.words import _
from ronghe.ui import toasts
from ronghe.web.inspections.forms import CallForm, ConclusionForm
from ronghe.web.inspections.presenting import shape_of
from ronghe.web.paging import asked_page
from ronghe.web.paging import page_of as paged
from ronghe.web.requests import actor_of


@login_required
def inspection_calls(request: HttpRequest) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    page = paged(list_calls(actor, now, page=asked_page(request)))
    may_issue = bodies_to_call_for(actor, now).exists() and bodies_to_visit(actor, now).exists()
    return render(request, "inspections/call_list.html", {"page": page, "may_issue": may_issue})


@login_required
def inspection_call_new(request: HttpRequest) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    issuers, bodies = bodies_to_call_for(actor, now), bodies_to_visit(actor, now)
    if not issuers.exists() or not bodies.exists():
        raise NotAllowed
    today = local_day(now)
    initial = {"planned_on": today, "until_on": today, "leader": actor.pk, "body": issuers.first()}
    form = CallForm(
        request.POST or None, issuers=issuers, bodies=bodies, people=people_to_send(actor, now), initial=initial
    )
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        try:
            call = issue_call(
                title=typed["title"], body=typed["body"], bodies=list(typed["bodies"]),
                plan=form.plan(InspectionForm.SPECIAL), actor=actor, at=now,
            )  # fmt: skip
        except NotAllowed:
            raise
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            toasts.done(request, _("已部署，组员的今日里会看到要去的每个组织。"))
            return redirect("web:inspection_call", call.pk)
    return render(request, "inspections/call_form.html", {"form": form}, status=422 if form.errors else 200)


@login_required
def inspection_call(request: HttpRequest, pk: int) -> HttpResponse:
    return _show(request, _seen(request, pk))


@login_required
@require_POST
def inspection_call_close(request: HttpRequest, pk: int) -> HttpResponse:
    call, form = _seen(request, pk), ConclusionForm(request.POST)
    if form.is_valid():
        try:
            close_call(
                call=call, conclusion=form.cleaned_data["conclusion"], actor=actor_of(request), at=timezone.now()
            )
        except NotAllowed:
            raise
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            toasts.done(request, _("专项督察已结束。"))
            return redirect("web:inspection_call", call.pk)
    return _show(request, call, form=form, status=422)


def _show(request: HttpRequest, call: Any, *, form: Any = None, status: int = 200) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    visits = list(inspections_of_call(call))
    over = {InspectionState.SEALED, InspectionState.CALLED_OFF}
    runs = call.closed_at is None and RUN_CALL.allows(actor, call, at=now)
    context = {
        "call": call,
        "lines": [(one, *shape_of(one, local_day(now))) for one in visits],
        "items": len(visits[0].sheet.items) + len(visits[0].sheet.vetoes) if visits else 0,
        "common": common_problems(call),
        "waiting": sum(1 for one in visits if one.state not in over),
        "form": (form or ConclusionForm()) if runs else None,
    }
    return render(request, "inspections/call_detail.html", context, status=status)


def _seen(request: HttpRequest, pk: int) -> InspectionCall:
    found: InspectionCall = get_object_or_404(calls_seen_by(actor_of(request), timezone.now()), pk=pk)
    return found
