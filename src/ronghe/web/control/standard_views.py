"""What a unit sets for itself: what is excellent, how long a review shall take, and why people stand idle."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from ronghe.domain.control.enums import ShippedCause
from ronghe.domain.control.models import IdleCause
from ronghe.domain.control.rules import ADD_CAUSE, SET_RULE
from ronghe.domain.control.selectors.standards import pace_of, rule_of, terms_of
from ronghe.domain.control.services.losing import add_cause, end_cause
from ronghe.domain.control.services.rating import set_rating_rule
from ronghe.domain.control.services.reviewing import set_baseline
from ronghe.domain.org.models import PartyOrg
from ronghe.domain.org.rules.reaches import local_day
from ronghe.kernel.words import _
from ronghe.web.control.forms import BaselineForm, CauseForm, RuleForm
from ronghe.web.control.presenting import settle
from ronghe.web.requests import actor_of


@login_required
def control_standards(request: HttpRequest, pk: int) -> HttpResponse:
    """The three standards of the body `pk`, each with the form that changes it."""
    body, now = _body(request, pk), timezone.now()
    today = local_day(now)
    terms, pace = terms_of(body.pk, today), pace_of(body.pk, today)
    rule = rule_of(body.pk, today)
    hours = pace.hours
    context = {
        "body": body,
        "rule": rule,
        "terms": terms,
        "pace": pace,
        "shipped": [str(one.label) for one in ShippedCause],
        "own_causes": IdleCause.objects.filter(body=body, ended_at=None).order_by("name", "pk"),
        "rule_form": RuleForm(
            initial={"least_percent": terms.least_percent, "needs_measuring": terms.needs_measuring,
                     "forgives_rework": terms.forgives_rework, "text": rule.text if rule is not None else ""}
        ),
        "baseline_form": BaselineForm(
            initial={"old_days": pace.old_days, "target_days": pace.target_days, "begins": hours.begins,
                     "ends": hours.ends, "break_from": hours.break_from, "break_until": hours.break_until}
        ),
        "cause_form": CauseForm() if ADD_CAUSE.allows(actor_of(request), body, at=now) else None,
    }  # fmt: skip
    return render(request, "control/standards.html", context)


@login_required
@require_POST
def control_rule_set(request: HttpRequest, pk: int) -> HttpResponse:
    body, form = _body(request, pk), RuleForm(request.POST)

    def act(actor: Any) -> None:
        set_rating_rule(body=body, terms=form.terms(), text=form.cleaned_data["text"], actor=actor, at=timezone.now())

    return settle(request, act, _("优质标准已定，以后评级按它。"), "web:control_standards", pk, form=form)


@login_required
@require_POST
def control_baseline_set(request: HttpRequest, pk: int) -> HttpResponse:
    body, form = _body(request, pk), BaselineForm(request.POST)

    def act(actor: Any) -> None:
        old, target = form.days()
        set_baseline(body=body, old_days=old, target_days=target, hours=form.hours(), actor=actor, at=timezone.now())

    return settle(request, act, _("审图时限已定，以后送审的按它。"), "web:control_standards", pk, form=form)


@login_required
@require_POST
def control_cause_add(request: HttpRequest, pk: int) -> HttpResponse:
    body, form = _body(request, pk), CauseForm(request.POST)

    def act(actor: Any) -> None:
        add_cause(body=body, name=form.cleaned_data["name"], actor=actor, at=timezone.now())

    return settle(request, act, _("原因已加。"), "web:control_standards", pk, form=form)


@login_required
@require_POST
def control_cause_end(request: HttpRequest, pk: int, cause: int) -> HttpResponse:
    body = _body(request, pk)
    row = get_object_or_404(IdleCause.objects.select_related("body"), pk=cause, body=body)
    return settle(
        request, lambda actor: end_cause(cause=row, actor=actor, at=timezone.now()), _("已停用，以前选过的不变。"),
        "web:control_standards", pk,
    )  # fmt: skip


def _body(request: HttpRequest, pk: int) -> PartyOrg:
    """Return the body, for whoever sets its standards."""
    rows = SET_RULE.narrow(actor_of(request), PartyOrg.objects.filter(valid_until=None), at=timezone.now())
    body: PartyOrg = get_object_or_404(rows, pk=pk)
    return body
