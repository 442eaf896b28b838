"""共建: zones with their sides, and playbooks with what they ask."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from ronghe.domain.obligations.selectors import obligations_of, state_counts
from ronghe.domain.playbooks.selectors import adoptions_of, adoptions_seen_by
from ronghe.domain.rhythm.rules import PLAN_ACTIVITY
from ronghe.domain.rhythm.selectors import activities_seen_by
from ronghe.domain.zones.rules import RUN_ZONE
from ronghe.domain.zones.selectors import participating_units, people_of, shut_downs_of, zones_seen_by
from ronghe.domain.zones.services.shut_downs import plan_shut_down
from ronghe.kernel.calendar.periods import PeriodKind, period_around
from ronghe.kernel.errors import DomainError
from ronghe.ui import toasts
from ronghe.ui.forms import DateInput
from ronghe.web.requests import actor_of


class ShutDownForm(forms.Form):
    from_on = forms.DateField(label=_("停工第一天"), widget=DateInput())
    until_on = forms.DateField(label=_("复工日"), widget=DateInput())
    reason = forms.CharField(label=_("原因"), max_length=80)


@login_required
def zone_list(request: HttpRequest) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    context = {"zones": list(zones_seen_by(actor, now)[:100]), "adoptions": list(adoptions_seen_by(actor, now)[:50])}
    return render(request, "zones/zone_list.html", context)


@login_required
def zone_detail(request: HttpRequest, pk: int) -> HttpResponse:
    return render(request, "zones/zone_detail.html", _zone_context(request, pk))


@login_required
@require_POST
def shut_down_plan(request: HttpRequest, pk: int) -> HttpResponse:
    context = _zone_context(request, pk)
    form = ShutDownForm(request.POST)
    if form.is_valid():
        try:
            plan_shut_down(zone=context["zone"], actor=actor_of(request), at=timezone.now(), **form.cleaned_data)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            toasts.done(request, str(_("停工已记入，停工日的应办事项已去掉。")))
            return redirect("web:zone_detail", pk)
    return render(request, "zones/zone_detail.html", {**context, "shut_down_form": form}, status=422)


def _zone_context(request: HttpRequest, pk: int) -> dict[str, Any]:
    actor, now = actor_of(request), timezone.now()
    zone = get_object_or_404(zones_seen_by(actor, now), pk=pk)
    day = timezone.localdate(now)
    counts: Mapping[str, int] = {}
    if zone.body is not None:
        counts = state_counts(obligations_of(zone.body, period_around(day, PeriodKind.QUARTER).span, now))
    return {
        "zone": zone,
        "sides": list(participating_units(zone, day)),
        "people_count": people_of(zone, day).count(),
        "adoptions": list(adoptions_of(zone.body, day)) if zone.body is not None else [],
        "shut_downs": list(shut_downs_of(zone)),
        "counts": counts,
        "latest": list(activities_seen_by(actor, now).filter(zone=zone).exclude(state="called_off")[:8]),
        "can_run": RUN_ZONE.allows(actor, zone, at=now),
        "can_plan": zone.body is not None and PLAN_ACTIVITY.allows(actor, zone.body, at=now),
        "plan_query": f"?body={zone.body_id}",
        "shut_down_form": ShutDownForm(),
    }
