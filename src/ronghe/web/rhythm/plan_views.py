"""What becomes of a plan: moved, called off, held together with other bodies."""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth.decorators import login_required
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ronghe.domain.org.models import Person
from ronghe.domain.pools.enums import BookingState
from ronghe.domain.pools.selectors.items import items_to_book
from ronghe.domain.rhythm.calc.shifting import Hours
from ronghe.domain.rhythm.enums import ActivityType
from ronghe.domain.rhythm.models import Activity
from ronghe.domain.rhythm.rules import RUN_ACTIVITY
from ronghe.domain.rhythm.selectors import activities_seen_by
from ronghe.domain.rhythm.selectors.bookings import bookings_open_for
from ronghe.domain.rhythm.selectors.expected import people_to_chair
from ronghe.domain.rhythm.services.activities import name_chair
from ronghe.domain.rhythm.services.bookings import BookingMove, book_for_activity, foresee_bookings
from ronghe.domain.rhythm.services.changes import call_off_activity, move_activity
from ronghe.domain.rhythm.services.hosts import HostAs, add_host, withdraw_host
from ronghe.kernel.errors import DomainError
from ronghe.ui import toasts
from ronghe.ui.formats import moment_of
from ronghe.web.requests import actor_of
from ronghe.web.rhythm.forms import ActivityBookingForm, ChairForm, HostForm, HoursForm, MoveForm, OffForm
from ronghe.web.rhythm.presenting import activity_context, hosts_to_ask


@login_required
@require_POST
def activity_move(request: HttpRequest, pk: int) -> HttpResponse:
    activity, actor, now = _seen(request, pk), actor_of(request), timezone.now()
    form = MoveForm(request.POST, moves=_foreseen(activity, HoursForm(request.POST), actor, now))
    if form.is_valid():
        try:
            move_activity(activity=activity, actor=actor, at=now, **form.given())
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            told = {"moment": moment_of(activity.scheduled_from), "count": bookings_open_for(activity).count()}
            done = _("已改到%(moment)s，参加的人看得到原因。")
            along = _("已改到%(moment)s，订的 %(count)s 项资源也改好了；参加的人看得到原因。")
            toasts.done(request, (along if told["count"] else done) % told)
            return redirect("web:activity_detail", pk)
    return _again(request, pk, move_form=form)


@login_required
def activity_move_bookings(request: HttpRequest, pk: int) -> HttpResponse:
    """What a move to the hours typed so far would do to what is booked."""
    activity, actor, now = _seen(request, pk), actor_of(request), timezone.now()
    moves = _foreseen(activity, HoursForm(request.GET), actor, now)
    context = {"activity": activity, "move_form": MoveForm(moves=moves), "booked_ahead": True}
    return render(request, "rhythm/_move_bookings.html", context)


def _foreseen(activity: Activity, form: HoursForm, actor: Person, now: datetime) -> list[BookingMove]:
    """Return what becomes of what is booked; nothing while the hours are not known, or for whom it is none of the business."""
    if not form.is_valid() or not RUN_ACTIVITY.allows(actor, activity, at=now):
        return []
    after = Hours(form.cleaned_data["scheduled_from"], form.cleaned_data["scheduled_until"])
    if after.ends <= after.begins:
        return []
    return foresee_bookings(activity=activity, after=after, actor=actor, at=now)


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
def activity_chair(request: HttpRequest, pk: int) -> HttpResponse:
    activity = _seen(request, pk)
    form = ChairForm(request.POST, people=people_to_chair(activity))
    if form.is_valid():
        person = form.cleaned_data["chair"]
        try:
            name_chair(activity=activity, person=person, actor=actor_of(request), at=timezone.now())
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            toasts.done(request, _("由%(name)s主持。") % {"name": person.name})
            return redirect("web:activity_detail", pk)
    return _again(request, pk, chair_form=form)


@login_required
@require_POST
def activity_book(request: HttpRequest, pk: int) -> HttpResponse:
    """订资源: something of the pool for this activity, for its own hours unless told otherwise."""
    activity, actor, now = _seen(request, pk), actor_of(request), timezone.now()
    form = ActivityBookingForm(request.POST, items=items_to_book(actor, now))
    if form.is_valid():
        try:
            made = book_for_activity(activity=activity, actor=actor, at=now, **form.cleaned_data)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            is_sure = made.state == BookingState.APPROVED
            toasts.done(request, _("已订好。") if is_sure else _("已报联系人，同意后生效。"))
            return redirect("web:activity_detail", pk)
    return _again(request, pk, booking_form=form)


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
