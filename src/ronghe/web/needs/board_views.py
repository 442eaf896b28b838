"""The board of needs: how many, how fast, how satisfied, by tag and by body; and the targets of a body."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from ronghe.domain.needs.enums import NeedTag
from ronghe.domain.needs.rules import NEED, SET_TARGETS
from ronghe.domain.needs.selectors import BoardRow, boards_for, lives_below, row_of, targets_of
from ronghe.domain.needs.services.moments import set_targets
from ronghe.domain.org.rules.reaches import local_day
from ronghe.kernel.errors import DomainError, NotAllowed
from ronghe.kernel.words import _
from ronghe.ui import toasts
from ronghe.web.needs.forms import TargetsForm
from ronghe.web.paging import number_of
from ronghe.web.requests import actor_of

PERIODS = {"month": 30, "quarter": 90, "year": 365}
BODIES = 30
"""Lines by body, those with most needs."""


@login_required
def board(request: HttpRequest) -> HttpResponse:
    return _board(request)


@login_required
@require_POST
def targets(request: HttpRequest, pk: int) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    body = get_object_or_404(boards_for(actor, now), pk=pk)
    SET_TARGETS.require(actor, body, at=now)
    form = TargetsForm(request.POST)
    if form.is_valid():
        try:
            set_targets(body=body, actor=actor, at=now, **form.cleaned_data)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            toasts.done(request, _("时限已设定，所属组织没有另设的都按它。"))
            return redirect(f"{request.path.rsplit('/', 3)[0]}/?body={pk}")
    return _board(request, asked=pk, refused=form)


def _board(request: HttpRequest, *, asked: int | None = None, refused: TargetsForm | None = None) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    bodies = list(boards_for(actor, now))
    if not bodies:
        raise NotAllowed
    wanted = asked or number_of(request.GET.get("body"))
    body = next((one for one in bodies if one.pk == wanted), None) or min(
        bodies, key=lambda one: (one.parent_id or 0, one.pk)
    )
    period = request.GET.get("period", "year")
    lives = lives_below(body, now, _since(period, now))
    triage_days, answer_days = targets_of(body, now)
    form = refused or TargetsForm(initial={"triage_days": triage_days, "answer_days": answer_days})
    whole = row_of(body.name, "", lives, now)
    context = {
        "body": body,
        "bodies": [(str(one.pk), one.name) for one in bodies[:200]],
        "periods": [("month", _("近 30 天")), ("quarter", _("近 90 天")), ("year", _("近一年")), ("all", _("全部"))],
        "whole": whole,
        "rows": [
            row_of(str(tag.label), tag.value, [life for life in lives if tag.value in life.tags], now)
            for tag in NeedTag
        ],
        "by_body": _by_body(lives, now),
        "states": [(state.id, _(state.title)) for state in NEED.states],
        "state_counts": [(_(state.title), state.id, whole.states.get(state.id, 0)) for state in NEED.states],
        "triage_days": triage_days,
        "answer_days": answer_days,
        "targets_form": form if SET_TARGETS.allows(actor, body, at=now) else None,
    }
    return render(request, "needs/need_board.html", context, status=422 if form.errors else 200)


def _by_body(lives: Any, now: datetime) -> list[BoardRow]:
    found: dict[int, list[Any]] = {}
    for life in lives:
        found.setdefault(life.body, []).append(life)
    most = sorted(found.values(), key=lambda rows: (-len(rows), rows[0].body_name))[:BODIES]
    return [row_of(rows[0].body_name, str(rows[0].body), rows, now) for rows in most]


def _since(period: str, now: datetime) -> date | None:
    days = PERIODS.get(period)
    return None if days is None else local_day(now - timedelta(days=days))
