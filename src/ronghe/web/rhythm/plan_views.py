"""What becomes of a plan: moved, called off, held together with other bodies."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ronghe.domain.rhythm.enums import ActivityType
from ronghe.domain.rhythm.models import Activity
from ronghe.domain.rhythm.selectors import activities_seen_by
from ronghe.domain.rhythm.services.changes import call_off_activity, move_activity
from ronghe.domain.rhythm.services.hosts import HostAs, add_host, withdraw_host
from ronghe.kernel.errors import DomainError
from ronghe.ui import toasts
from ronghe.ui.formats import moment_of
from ronghe.web.requests import actor_of
from ronghe.web.rhythm.forms import HostForm, MoveForm, OffForm
from ronghe.web.rhythm.presenting import activity_context, hosts_to_ask


@login_required
@require_POST
def activity_move(request: HttpRequest, pk: int) -> HttpResponse:
    activity, form = _seen(request, pk), MoveForm(request.POST)
    if form.is_valid():
        try:
            move_activity(activity=activity, actor=actor_of(request), at=timezone.now(), **form.cleaned_data)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            toasts.done(
                request, _("已改到%(moment)s，参加的人看得到原因。") % {"moment": moment_of(activity.scheduled_from)}
            )
            return redirect("web:activity_detail", pk)
    return _again(request, pk, move_form=form)


@login_required
@require_POST
def activity_off(request: HttpRequest, pk: int) -> HttpResponse:
    activity, form = _seen(request, pk), OffForm(request.POST)
    if form.is_valid():
        try:
            call_off_activity(activity=activity, actor=actor_of(request), at=timezone.now(), **form.cleaned_data)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            toasts.done(request, _("%(title)s已取消。") % {"title": activity.get_activity_type_display()})
            return redirect("web:activity_detail", pk)
    return _again(request, pk, off_form=form)


@login_required
@require_POST
def host_add(request: HttpRequest, pk: int) -> HttpResponse:
    activity, actor, now = _seen(request, pk), actor_of(request), timezone.now()
    form = HostForm(request.POST, bodies=hosts_to_ask(actor, activity, now))
    if form.is_valid():
        host = HostAs(form.cleaned_data["body"], ActivityType(form.cleaned_data["counts_as"]))
        try:
            add_host(activity=activity, host=host, actor=actor, at=now)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            toasts.done(request, _("与“%(body)s”联办，只记一次。") % {"body": host.body.name})
            return redirect("web:activity_detail", pk)
    return _again(request, pk, host_form=form)


@login_required
@require_POST
def host_withdraw(request: HttpRequest, pk: int, host_pk: int) -> HttpResponse:
    activity = _seen(request, pk)
    host = get_object_or_404(activity.hosts.select_related("body", "activity"), pk=host_pk)
    try:
        withdraw_host(host=host, actor=actor_of(request), at=timezone.now())
    except DomainError as error:
        toasts.refused(request, str(error))
    else:
        toasts.done(request, _("“%(body)s”不再联办。") % {"body": host.body.name})
    return redirect("web:activity_detail", pk)


def _again(request: HttpRequest, pk: int, **forms: Form) -> HttpResponse:
    context = activity_context(request, _seen(request, pk), **forms)
    return render(request, "rhythm/activity_detail.html", context, status=422)


def _seen(request: HttpRequest, pk: int) -> Activity:
    rows = activities_seen_by(actor_of(request), timezone.now()).select_related("recorder", "body__unit")
    return get_object_or_404(rows, pk=pk)
