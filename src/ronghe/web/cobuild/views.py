"""共建: zones with their sides, and playbooks with what they ask."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from ronghe.domain.obligations.selectors import obligations_of, state_counts
from ronghe.domain.org.models import PartyOrg
from ronghe.domain.playbooks.calc.model import Playbook
from ronghe.domain.playbooks.calc.shipped import shipped_playbook, shipped_playbooks
from ronghe.domain.playbooks.calc.wording import cadence_words
from ronghe.domain.playbooks.rules import ADOPT_PLAYBOOK
from ronghe.domain.playbooks.selectors import adoptions_of, adoptions_seen_by
from ronghe.domain.playbooks.services import adopt_playbook
from ronghe.domain.rhythm.rules import PLAN_ACTIVITY
from ronghe.domain.rhythm.selectors import activities_seen_by
from ronghe.domain.zones.rules import RUN_ZONE
from ronghe.domain.zones.selectors import participating_units, people_of, shut_downs_of, zones_seen_by
from ronghe.domain.zones.services import plan_shut_down
from ronghe.kernel.calendar.periods import PeriodKind, period_around
from ronghe.kernel.errors import DomainError
from ronghe.ui import toasts
from ronghe.ui.forms import DateInput
from ronghe.web.requests import actor_of


class AdoptForm(forms.Form):
    body = forms.ModelChoiceField(label=_("哪个组织采用"), queryset=PartyOrg.objects.none(), empty_label=None)
    since = forms.DateField(label=_("从哪天起"), widget=DateInput())

    def __init__(self, *args: Any, bodies: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices: Any = self.fields["body"]
        choices.queryset = bodies


class ShutDownForm(forms.Form):
    from_on = forms.DateField(label=_("停工第一天"), widget=DateInput())
    until_on = forms.DateField(label=_("复工日"), widget=DateInput())
    reason = forms.CharField(label=_("原因"), max_length=80)


@login_required
def zone_list(request: HttpRequest) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    context = {"zones": list(zones_seen_by(actor, now)[:100]), "adoptions": list(adoptions_seen_by(actor, now)[:50])}
    return render(request, "cobuild/zone_list.html", context)


@login_required
def zone_detail(request: HttpRequest, pk: int) -> HttpResponse:
    return render(request, "cobuild/zone_detail.html", _zone_context(request, pk))


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
    return render(request, "cobuild/zone_detail.html", {**context, "shut_down_form": form}, status=422)


@login_required
def playbook_list(request: HttpRequest) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    adopted = list(adoptions_seen_by(actor, now).filter(valid_until=None)[:200])
    lines = [(book, [row for row in adopted if row.version.playbook_id == book.id]) for book in shipped_playbooks()]
    return render(request, "cobuild/playbook_list.html", {"lines": lines})


@login_required
def playbook_detail(request: HttpRequest, playbook_id: str) -> HttpResponse:
    """A playbook's mechanisms by dimension, and the act of adopting it."""
    actor, now = actor_of(request), timezone.now()
    playbook = _one_shipped(playbook_id)
    bodies = ADOPT_PLAYBOOK.narrow(actor, PartyOrg.objects.filter(valid_until=None), at=now).order_by("name", "pk")
    kinds = {kind.value for mechanism in playbook.mechanisms for kind in mechanism.body_kinds}
    bodies = bodies.filter(kind__in=kinds)
    form = AdoptForm(request.POST or None, bodies=bodies, initial={"since": timezone.localdate(now)})
    if request.method == "POST" and form.is_valid():
        try:
            adoption = adopt_playbook(playbook=playbook, actor=actor, at=now, **form.cleaned_data)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            toasts.done(request, str(_("已采用，应办事项已生成。")))
            return redirect("web:obligation_bars", adoption.body_id)
    shipped = {book.id: book.title.here for book in shipped_playbooks()}
    titles = {entry.id: entry.title.here for entry in playbook.roles}
    documents = {document.id: document.title.here for document in playbook.documents}
    context = {
        "playbook": playbook,
        "bases": [shipped.get(re.split("[@<>=]", base)[0], base) for base in playbook.extends],
        "dimensions": [
            (
                dimension.title.here,
                [
                    (mechanism, cadence_words(mechanism), titles.get(mechanism.answers, mechanism.answers),
                     _("；").join(documents.get(cite.document, cite.document) for cite in mechanism.cites))
                    for mechanism in playbook.mechanisms
                    if mechanism.dimension == dimension.id
                ],
            )
            for dimension in playbook.dimensions
        ],
        "form": form if bodies.exists() else None,
    }  # fmt: skip
    return render(request, "cobuild/playbook_detail.html", context, status=422 if form.errors else 200)


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


def _one_shipped(playbook_id: str) -> Playbook:
    found = shipped_playbook(playbook_id)
    if found is None:
        raise Http404
    return found
