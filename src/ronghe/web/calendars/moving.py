"""移到…: by form or by dragging, at once, with the way back in the toast."""

from __future__ import annotations

from datetime import time
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ronghe.domain.calendars.services.moving import move_back, move_to_day
from ronghe.domain.obligations.selectors import obligations_seen_by
from ronghe.domain.obligations.selectors.requests import moves_of
from ronghe.domain.obligations.services.moving import move_planned_day
from ronghe.domain.rhythm.selectors import activities_seen_by
from ronghe.kernel.errors import DomainError, NotAllowed
from ronghe.ui import toasts
from ronghe.ui.formats import day as in_words
from ronghe.web.calendars.asked import day_in
from ronghe.web.requests import actor_of

LONGEST = 120


@login_required
@require_POST
def calendar_move(request: HttpRequest, kind: str, pk: str) -> HttpResponse:
    """Move a duty's planned day or a planned activity to the day that was sent, and go back to the calendar."""
    actor, now = actor_of(request), timezone.now()
    to = day_in(request.POST.get("day"))
    reason = request.POST.get("reason", "").strip()[:LONGEST] or _("在日历上改期")
    thing: Any
    if kind == "duty":
        thing = get_object_or_404(obligations_seen_by(actor, now), pk=pk)
    else:
        thing = get_object_or_404(activities_seen_by(actor, now), pk=pk)
    if to is None:
        toasts.refused(request, _("看不懂要移到哪一天，请重选。"))
        return _back(request)
    try:
        if kind == "duty":
            move_planned_day(obligation=thing, to=to, reason=reason, actor=actor, at=now)
        else:
            starts = _time_in(request.POST.get("starts", ""))
            move_to_day(activity=thing, to=to, starts=starts, reason=reason, actor=actor, at=now)
    except NotAllowed:
        raise
    except DomainError as error:
        toasts.refused(request, str(error))
    else:
        undo = reverse("web:calendar_move_back", args=[kind, pk])
        toasts.done(request, _("已移到 %(day)s。") % {"day": in_words(to)}, undo=undo)
    return _back(request)


@login_required
@require_POST
def calendar_move_back(request: HttpRequest, kind: str, pk: str) -> HttpResponse:
    """撤销: back to where it stood before the last move."""
    actor, now = actor_of(request), timezone.now()
    try:
        if kind == "duty":
            duty: Any = get_object_or_404(obligations_seen_by(actor, now), pk=pk)
            last = moves_of(duty).last()
            if last is not None and last.now == duty.planned_on:
                move_planned_day(obligation=duty, to=last.was, reason=_("撤销改期"), actor=actor, at=now)
                toasts.done(request, _("已移回 %(day)s。") % {"day": in_words(last.was)})
        else:
            activity = get_object_or_404(activities_seen_by(actor, now), pk=pk)
            before = move_back(activity=activity, actor=actor, at=now)
            if before is not None:
                toasts.done(request, _("已移回 %(day)s。") % {"day": in_words(before)})
    except NotAllowed:
        raise
    except DomainError as error:
        toasts.refused(request, str(error))
    return _back(request)


def _time_in(text: str) -> time | None:
    try:
        return time.fromisoformat(text).replace(tzinfo=None)
    except ValueError:
        return None


def _back(request: HttpRequest) -> HttpResponse:
    """To the view from which it was moved."""
    where = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(where, allowed_hosts={request.get_host()}):
        where = reverse("web:calendar")
    return redirect(where)
