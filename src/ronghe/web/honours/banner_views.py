"""流动红旗: where it hangs, the rounds, opening one, counting it, settling among equals."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from ronghe.domain.honours.calc.ratings import best_of
from ronghe.domain.honours.enums import ROUND_FLOW, RoundState
from ronghe.domain.honours.models import BannerOffice, BannerRound
from ronghe.domain.honours.rules import RUN_ROUND
from ronghe.domain.honours.selectors.banner import (
    hanging_now,
    list_rounds,
    offices_of,
    offices_offered,
    rating_progress,
    trend_of,
    waits_for,
)
from ronghe.domain.honours.selectors.selection import bodies_to_call_for
from ronghe.domain.honours.services.banner import call_off_round, count_round, open_round, rate_offices, settle_tie
from ronghe.domain.org.rules.reaches import local_day
from ronghe.kernel.errors import DomainError, NotAllowed
from ronghe.ui import toasts
from ronghe.web.honours.forms import RatingForm, ReasonForm, RoundForm, SettleForm
from ronghe.web.honours.presenting import ROUND_SHAPES, plain_act, seen_round
from ronghe.web.members.acting import ActPage, posted
from ronghe.web.paging import asked_page, number_of, page_of
from ronghe.web.qualifications.acting import field_act
from ronghe.web.requests import actor_of


@login_required
def banner_board(request: HttpRequest) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    page = page_of(list_rounds(actor, now, page=asked_page(request)))
    context = {
        "page": page,
        "lines": [(row, ROUND_SHAPES[RoundState(row.state)]) for row in page.object_list],
        "hanging": hanging_now(actor, now),
        "can_open": bodies_to_call_for(actor, now).exists(),
    }
    return render(request, "honours/banner_board.html", context)


@login_required
def round_create(request: HttpRequest) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    bodies = bodies_to_call_for(actor, now)
    asked = number_of(request.POST.get("body") or request.GET.get("body"))
    body = bodies.filter(pk=asked).first() if asked else bodies.first()
    if body is None:
        raise NotAllowed
    day = local_day(now)
    form = RoundForm(
        posted(request), bodies=bodies, offices=offices_offered(body, day),
        initial={"body": body.pk, "year": day.year, "quarter": (day.month + 2) // 3},
    )  # fmt: skip

    def act(given: dict[str, Any]) -> str:
        given["offices"] = list(given["offices"])
        open_round(actor=actor, at=now, **given)
        return _("评分已开始，基层的人在今日看得到。")

    page = ActPage(
        _("开始评流动红旗"), _("开始评分"), reverse("web:banner"), _("流动红旗"),
        _("%(body)s：基层给机关打分，无记名，一人一票；机关的人不评自己。") % {"body": body.name},
    )  # fmt: skip
    return field_act(request, form, page, act)


@login_required
def round_detail(request: HttpRequest, pk: int) -> HttpResponse:
    found, now, actor = seen_round(request, pk), timezone.now(), actor_of(request)
    may_run = RUN_ROUND.allows(actor, found, at=now)
    context = {
        "found": found,
        "shape": ROUND_SHAPES[RoundState(found.state)],
        "offices": offices_of(found),
        "trend": trend_of(found.body),
        "may_rate": waits_for(found, actor),
        "has_rated": found.ballot is not None
        and found.ballot.voters.filter(person=actor).exclude(way="waiting").exists(),
        "progress": rating_progress(found) if found.state == RoundState.RATING else None,
        "can_count": may_run and found.state == RoundState.RATING,
        "can_settle": may_run and found.state == RoundState.TIED,
        "can_call_off": may_run and ROUND_FLOW.allows(found, "call_off"),
    }
    return render(request, "honours/round_detail.html", context)


@never_cache
@login_required
def round_rate(request: HttpRequest, pk: int) -> HttpResponse:
    """All offices on one page, given at once; what was given never comes back."""
    found, actor = seen_round(request, pk), actor_of(request)
    if not waits_for(found, actor) and request.method != "POST":
        return redirect("web:banner_round", pk)
    form = RatingForm(request.POST or None, offices=list(found.offices.select_related("body").order_by("place")))
    if request.method == "POST" and form.is_valid():
        try:
            rate_offices(found=found, ratings=form.ratings(), actor=actor, at=timezone.now())
        except DomainError as error:
            toasts.refused(request, str(error))
        else:
            toasts.done(request, _("已评分。评了什么只有您自己知道，系统也查不到。"))
        return redirect("web:banner_round", pk)
    context = {"found": found, "form": form}
    return render(request, "honours/round_rate.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def round_count(request: HttpRequest, pk: int) -> HttpResponse:
    found = seen_round(request, pk)
    return plain_act(
        request, lambda a, t: count_round(found=found, actor=a, at=t), _("已计分。"), "web:banner_round", pk
    )


@login_required
def round_settle(request: HttpRequest, pk: int) -> HttpResponse:
    found, actor = seen_round(request, pk), actor_of(request)
    RUN_ROUND.require(actor, found)
    offices = offices_of(found)
    best = best_of({office.pk: office.mean for office in offices})
    equals = [office for office in offices if office.pk in best]
    form = SettleForm(posted(request), offices=equals)

    def act(given: dict[str, Any]) -> str:
        winner = get_object_or_404(BannerOffice, pk=given["winner"], round=found)
        settle_tie(found=found, winner=winner, reason=given["reason"], actor=actor, at=timezone.now())
        return _("已授旗。")

    return field_act(request, form, _page(found, _("在并列的里定"), _("授旗")), act)


@login_required
def round_call_off(request: HttpRequest, pk: int) -> HttpResponse:
    found, actor = seen_round(request, pk), actor_of(request)
    RUN_ROUND.require(actor, found)

    def act(given: dict[str, Any]) -> str:
        call_off_round(found=found, reason=given["reason"], actor=actor, at=timezone.now())
        return _("评分已取消，投的票不算。")

    return field_act(
        request, ReasonForm(posted(request)), _page(found, _("取消评分"), _("取消评分"), is_grave=True), act
    )


def _page(found: BannerRound, title: str, button: str, *, is_grave: bool = False) -> ActPage:
    back = reverse("web:banner_round", args=[found.pk])
    crumb = _("%(year)s 年第 %(quarter)s 季度") % {"year": found.year, "quarter": found.quarter}
    return ActPage(title, button, back, crumb, is_grave=is_grave)
