"""The board of a zone, and the acts of its life that a button does."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ronghe.domain.floating.enums import StayState
from ronghe.domain.obligations.enums import ObligationState
from ronghe.domain.org.models import Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.org.selectors.people import units_seen_by
from ronghe.domain.playbooks.selectors import adoptions_of
from ronghe.domain.rhythm.rules import PLAN_CHECK
from ronghe.domain.rhythm.selectors import activities_seen_by
from ronghe.domain.zones.enums import FOUNDING, LIVING, ZONE_FLOW, ZoneMode, ZoneState
from ronghe.domain.zones.models import CollaborationZone, ZoneEvaluation
from ronghe.domain.zones.rules import FOUND_ZONE, RUN_ZONE
from ronghe.domain.zones.selectors import projects_of, shut_downs_of
from ronghe.domain.zones.selectors.advice import advice_for
from ronghe.domain.zones.selectors.endings import stays_of
from ronghe.domain.zones.selectors.people import BRANCH_POSTS, OFFICE_POSTS, posts_in, sides_of
from ronghe.domain.zones.selectors.safety import safety_of
from ronghe.domain.zones.services.founding import (
    agree_zone,
    approve_zone,
    change_zone,
    return_zone,
    start_zone,
    withdraw_zone,
)
from ronghe.domain.zones.services.shut_downs import plan_shut_down
from ronghe.web.requests import actor_of
from ronghe.web.zones.acting import do, linked, seen
from ronghe.web.zones.forms import ApproveForm, EditForm, ReturnForm, ShutDownForm, StartForm
from ronghe.web.zones.institutions import dimensions_of, institutions_of, month_from
from ronghe.web.zones.list_views import STATE_SHAPES, reasons_of

UNITS_OFFERED = 200
BOARD = "web:zone_detail"
STEPS = (ZoneState.PROPOSED, ZoneState.AGREED, ZoneState.APPROVED, ZoneState.RUNNING, ZoneState.EVALUATED,
         ZoneState.DISSOLVED)  # fmt: skip


@login_required
def zone_detail(request: HttpRequest, pk: int) -> HttpResponse:
    return _board(request, seen(request, pk))


@login_required
@require_POST
def zone_edit(request: HttpRequest, pk: int) -> HttpResponse:
    zone, form = seen(request, pk), EditForm(request.POST)

    def act(actor: Person, at: datetime) -> None:
        change_zone(zone=zone, actor=actor, at=at, **form.cleaned_data)

    return _do(request, zone, form, act, _("已改。"))


@login_required
@require_POST
def zone_agree(request: HttpRequest, pk: int) -> HttpResponse:
    zone = seen(request, pk)

    def act(actor: Person, at: datetime) -> None:
        agree_zone(zone=zone, actor=actor, at=at)

    return _do(request, zone, None, act, _("已记下各方同意，等待批准。"))


@login_required
@require_POST
def zone_return(request: HttpRequest, pk: int) -> HttpResponse:
    zone, form = seen(request, pk), ReturnForm(request.POST)

    def act(actor: Person, at: datetime) -> None:
        return_zone(zone=zone, actor=actor, at=at, **form.cleaned_data)

    return _do(request, zone, form, act, _("已退回。"))


@login_required
@require_POST
def zone_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    zone = seen(request, pk)

    def act(actor: Person, at: datetime) -> None:
        withdraw_zone(zone=zone, actor=actor, at=at)

    return _do(request, zone, None, act, _("已撤回，名称可以再用。"))


@login_required
@require_POST
def zone_approve(request: HttpRequest, pk: int) -> HttpResponse:
    zone, form = seen(request, pk), ApproveForm(request.POST)

    def act(actor: Person, at: datetime) -> None:
        approve_zone(zone=zone, actor=actor, at=at, **form.cleaned_data)

    return _do(request, zone, form, act, _("已批准。"))


@login_required
@require_POST
def zone_start(request: HttpRequest, pk: int) -> HttpResponse:
    zone = seen(request, pk)
    form = StartForm(request.POST, units=units_seen_by(actor_of(request), timezone.now()))

    def act(actor: Person, at: datetime) -> None:
        start_zone(zone=zone, actor=actor, at=at, **form.cleaned_data)

    return _do(request, zone, form, act, _("已启动，共建党支部和联合项目部已成立。"))


@login_required
@require_POST
def shut_down_plan(request: HttpRequest, pk: int) -> HttpResponse:
    zone, form = seen(request, pk), ShutDownForm(request.POST)

    def act(actor: Person, at: datetime) -> None:
        plan_shut_down(zone=zone, actor=actor, at=at, **form.cleaned_data)

    return _do(request, zone, form, act, _("停工已记入，停工日的应办事项已去掉。"))


def _do(request: HttpRequest, zone: CollaborationZone, form: Any, act: Any, said: str) -> HttpResponse:
    return do(request, form, act, lambda failed: _board(request, zone, failed), said=said, to=BOARD, pk=zone.pk)


def _board(request: HttpRequest, zone: CollaborationZone, failed: Any = None) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    day = local_day(now)
    may_found, can_run = FOUND_ZONE.allows(actor, zone, at=now), RUN_ZONE.allows(actor, zone, at=now)
    context: dict[str, Any] = {
        "zone": zone,
        "shape": STATE_SHAPES[ZoneState(zone.state)],
        "steps": _steps(zone),
        "is_living": zone.state in LIVING,
        "days": (day - zone.started_on).days + 1 if zone.started_on and zone.state in LIVING else None,
        "sides": sides_of(zone, day),
        "project_rows": list(projects_of(zone, day)),
        "safety": safety_of(zone, day),
        "may_found": may_found,
        "can_run": can_run,
        "may": {step: may_found and ZONE_FLOW.allows(zone, step) for step in ZONE_FLOW.steps},
        "may_evaluate": can_run and ZONE_FLOW.allows(zone, "evaluate"),
        "can_plan": zone.state in LIVING and PLAN_CHECK.allows(actor, zone.body, at=now),
        "plan_query": f"?body={zone.body_id}",
        "evaluation": ZoneEvaluation.objects.filter(zone=zone).first(),
    }
    context |= _forms(request, zone, day, failed)
    context |= linked(request, [row.project_id for row in context["project_rows"]], [zone.agreement_id])
    if zone.state in FOUNDING and context["project_rows"]:
        advice = advice_for([row.project for row in context["project_rows"]], zone.sponsor, day)
        context |= {"advised": ZoneMode(advice.mode).label, "reasons": reasons_of(advice)}
    if zone.body is not None:
        context |= _running(zone, actor, now)
    return render(request, "zones/zone_detail.html", context, status=422 if failed is not None else 200)


def _running(zone: CollaborationZone, actor: Person, now: datetime) -> dict[str, Any]:
    """What a started zone has besides: people in posts, institutions, the three dimensions, what was held last."""
    day = local_day(now)
    institutions = institutions_of(zone, now)
    posts = list(posts_in(zone, day))
    here = [row for one in institutions for row in one.owed]
    this_month = [row for row in here if month_from(day) <= row.counts_on <= day]
    latest = list(activities_seen_by(actor, now).filter(zone=zone).exclude(state="called_off")[:8])
    return {
        "branch_posts": [post for post in posts if post.role in BRANCH_POSTS],
        "office_posts": [post for post in posts if post.role in OFFICE_POSTS],
        "floating_count": stays_of(zone).filter(state=StayState.ATTACHED).count(),
        "adoptions": list(adoptions_of(zone.body, day)) if zone.body is not None else [],
        "six": [one for one in institutions if one.group == "six_institutions"],
        "dimensions": dimensions_of(zone, institutions, month_from(day), day),
        "month_owed": len(this_month),
        "month_met": sum(row.state in {ObligationState.DONE, ObligationState.LATE} for row in this_month),
        "latest": latest,
        "shut_downs": list(shut_downs_of(zone)),
    }


def _forms(request: HttpRequest, zone: CollaborationZone, day: Any, failed: Any) -> dict[str, Any]:
    forms = {
        "edit_form": EditForm(
            initial={"name": zone.name, "purpose": zone.purpose, "place": zone.place, "is_pilot": zone.is_pilot}
        ),
        "return_form": ReturnForm(),
        "approve_form": ApproveForm(),
        "shut_down_form": ShutDownForm(),
    }
    if ZONE_FLOW.allows(zone, "start"):
        units = units_seen_by(actor_of(request), timezone.now())
        above = zone.sponsor.unit_id
        forms["start_form"] = StartForm(units=units, initial={"since": day, "office_below": above})
    if failed is not None:
        forms |= {name: failed for name, form in forms.items() if type(form) is type(failed)}
    return {**forms, "failed": type(failed).__name__ if failed is not None else ""}


def _steps(zone: CollaborationZone) -> list[tuple[str, str]]:
    """Return each step of a zone's life in words with how it stands: done, now or next."""
    place = STEPS.index(ZoneState(zone.state)) if zone.state in STEPS else -1
    return [
        (str(state.label), "done" if number < place else "now" if number == place else "next")
        for number, state in enumerate(STEPS)
    ]
