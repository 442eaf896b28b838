"""Acts of a roll-out: drafting, piloting, reviewing, rolling out, ending."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.playbooks.selectors.books import find_shelved, shelf
from ronghe.domain.rollouts.enums import Decision, Measure, RolloutKind, RolloutState
from ronghe.domain.rollouts.rules import ROLL_OUT, RUN_PILOT
from ronghe.domain.rollouts.selectors.rollouts import bodies_to_adopt, bodies_to_draft_for, bodies_to_roll_out_to
from ronghe.domain.rollouts.services.piloting import (
    call_back_pilot,
    call_off,
    conclude_pilot,
    draft_rollout,
    review_pilot,
    start_pilot,
)
from ronghe.domain.rollouts.services.spreading import end_rollout, roll_out
from ronghe.kernel.errors import DomainError
from ronghe.ui import toasts
from ronghe.web.requests import actor_of
from ronghe.web.rollouts.forms import FindingsForm, PilotForm, ReviewForm, RolloutForm, SpreadForm
from ronghe.web.rollouts.views import rollout_page, seen_rollout

USUAL_PILOT, USUAL_NOTICE = timedelta(days=60), timedelta(days=60)
"""What the forms propose."""
OFFERED = 1_000
"""Units written into the page at most."""
USUAL_MEASURES = (Measure.ON_TIME, Measure.MET, Measure.HELD, Measure.PRESENT)


@login_required
def rollout_draft(request: HttpRequest) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    bodies = bodies_to_draft_for(actor, now).select_related("parent")
    if not bodies.exists():
        raise Http404
    playbooks = [
        (one.reference, _("%(title)s 第 %(version)s 版") % {"title": one.title, "version": one.version})
        for one in shelf()
    ]
    initial = {"playbook": request.GET.get("playbook"), "kind": RolloutKind.MODEL}
    form = RolloutForm(request.POST or None, bodies=bodies, playbooks=playbooks, initial=initial)
    if request.method == "POST" and form.is_valid():
        given = dict(form.cleaned_data)
        one = find_shelved(actor, given.pop("playbook"), now)
        try:
            if one is None:
                raise Http404
            rollout = draft_rollout(
                playbook=one.playbook, kind=RolloutKind(given.pop("kind")), actor=actor, at=now, **given
            )  # fmt: skip
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            return redirect("web:rollout_detail", rollout.pk)
    return render(request, "rollouts/rollout_form.html", {"form": form}, status=422 if form.errors else 200)


@login_required
def pilot_start(request: HttpRequest, pk: int) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    rollout = seen_rollout(request, pk)
    if not RUN_PILOT.allows(actor, rollout, at=now) or rollout.state != RolloutState.DRAFT:
        raise Http404
    bodies = bodies_to_adopt(actor, rollout.version.playbook, now)
    today = local_day(now)
    initial = {"from_on": today, "last_on": today + USUAL_PILOT, "measures": [m.value for m in USUAL_MEASURES]}
    form = PilotForm(request.POST or None, bodies=bodies, initial=initial)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            start_pilot(
                rollout=rollout, bodies=list(given["bodies"]), from_on=given["from_on"],
                until_on=_after(given["last_on"]), measures=[Measure(one) for one in given["measures"]], actor=actor,
                at=now,
            )  # fmt: skip
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            toasts.done(request, _("试点已开始，试点单位的应办事项已排好。"))
            return redirect("web:rollout_detail", pk)
    context = {"form": form, "rollout": rollout}
    return render(request, "rollouts/pilot_form.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def pilot_call_back(request: HttpRequest, pk: int) -> HttpResponse:
    return _done(request, pk, call_back_pilot, _("试点已撤回。"))


@login_required
@require_POST
def pilot_conclude(request: HttpRequest, pk: int) -> HttpResponse:
    rollout, form = seen_rollout(request, pk), FindingsForm(request.POST)
    if form.is_valid():
        try:
            conclude_pilot(rollout=rollout, actor=actor_of(request), at=timezone.now(), **form.cleaned_data)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            toasts.done(request, _("试点已结束，等党委评审。"))
            return redirect("web:rollout_detail", pk)
    return rollout_page(request, seen_rollout(request, pk), findings=form)


@login_required
@require_POST
def pilot_review(request: HttpRequest, pk: int) -> HttpResponse:
    rollout, form = seen_rollout(request, pk), ReviewForm(request.POST)
    if form.is_valid():
        given = dict(form.cleaned_data)
        try:
            review_pilot(
                rollout=rollout, decision=Decision(given.pop("decision")), actor=actor_of(request), at=timezone.now(),
                **given,
            )  # fmt: skip
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            toasts.done(request, _("评审已记下。"))
            return redirect("web:rollout_detail", pk)
    return rollout_page(request, seen_rollout(request, pk), review=form)


@login_required
def rollout_spread(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose the units that are to take it up, and by when."""
    actor, now = actor_of(request), timezone.now()
    rollout = seen_rollout(request, pk)
    is_open = rollout.state in {RolloutState.REVIEWED, RolloutState.ROLLED_OUT}
    if not is_open or not ROLL_OUT.allows(actor, rollout, at=now):
        raise Http404
    bodies = bodies_to_roll_out_to(rollout, actor, now)
    form = SpreadForm(request.POST or None, bodies=bodies, initial={"due_on": local_day(now) + USUAL_NOTICE})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            roll_out(rollout=rollout, bodies=list(given["bodies"]), due_on=given["due_on"], actor=actor, at=now)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            toasts.done(request, _("推广名单已定，各单位在今日里会看到。"))
            return redirect("web:rollout_detail", pk)
    context = {"form": form, "rollout": rollout, "offered": list(bodies[:OFFERED])}
    return render(request, "rollouts/spread_form.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def rollout_end(request: HttpRequest, pk: int) -> HttpResponse:
    return _done(request, pk, end_rollout, _("推广已结束，各单位采用的不变。"))


@login_required
@require_POST
def rollout_call_off(request: HttpRequest, pk: int) -> HttpResponse:
    return _done(request, pk, call_off, _("已不再推广。"))


def _done(request: HttpRequest, pk: int, act: Callable[..., Any], said: str) -> HttpResponse:
    try:
        act(rollout=seen_rollout(request, pk), actor=actor_of(request), at=timezone.now())
    except DomainError as error:
        toasts.refused(request, str(error))
    else:
        toasts.done(request, said)
    return redirect("web:rollout_detail", pk)


def _after(day: Any) -> Any:
    """Return the day after; the last day that there is stays."""
    return day + timedelta(days=1) if day < day.max else day
