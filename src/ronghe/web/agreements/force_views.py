"""生效以后: figures of the goals, reviews, supplements, the end."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ronghe.domain.agreements.enums import AgreementState, EndingKind
from ronghe.domain.agreements.models import Agreement, AgreementEnding, AgreementGoal
from ronghe.domain.agreements.selectors.goals import goal_states, history_of
from ronghe.domain.agreements.selectors.sides import acting_of
from ronghe.domain.agreements.services.drafting import draft_supplement
from ronghe.domain.agreements.services.ending import (
    agree_to_ending,
    decline_ending,
    end_agreement,
    withdraw_ending,
)
from ronghe.domain.agreements.services.goals import read_goal
from ronghe.domain.agreements.services.reviewing import review_agreement
from ronghe.domain.org.rules.reaches import local_day
from ronghe.kernel.errors import DomainError, NotAllowed
from ronghe.ui import toasts
from ronghe.web.agreements.forms import EndForm, ReadingForm, ReasonForm, ReviewForm, TermForm
from ronghe.web.agreements.presenting import page_context, seen, spoken_for
from ronghe.web.paging import number_of
from ronghe.web.requests import actor_of


@login_required
def agreement_goal(request: HttpRequest, pk: int, goal: int) -> HttpResponse:
    """One goal over time; a new reading, or one in the place of `?corrects=`."""
    agreement, now = seen(request, pk), timezone.now()
    found = get_object_or_404(AgreementGoal.objects.select_related("agreement"), pk=goal, agreement=agreement)
    history = history_of(found)
    wrong = number_of(request.POST.get("corrects") or request.GET.get("corrects"))
    corrects = next((reading for reading in history if reading.pk == wrong), None)
    initial: dict[str, Any] = {"day": local_day(now)}
    if corrects is not None:
        initial = {"day": corrects.day, "value": corrects.value, "evidence": corrects.evidence}
    form = ReadingForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            read_goal(
                goal=found, party=spoken_for(request, agreement), corrects=corrects, actor=actor_of(request), at=now,
                **form.cleaned_data,
            )  # fmt: skip
        except DomainError as error:
            if isinstance(error, NotAllowed):
                raise
            form.add_error(None, str(error))
        else:
            toasts.done(request, _("已更正。") if corrects else _("数值已登记。"))
            return redirect("web:agreement_goal", pk, goal)
    state = next(state for state in goal_states(agreement, local_day(now)) if state.goal.pk == found.pk)
    may_read = agreement.state == AgreementState.IN_FORCE and bool(acting_of(agreement, actor_of(request), now).acts)
    context = {
        "agreement": agreement, "goal": found, "state": state, "history": history, "form": form, "may_read": may_read,
        "corrects": corrects,
    }  # fmt: skip
    return render(request, "agreements/agreement_goal.html", context, status=422 if form.errors else 200)


@login_required
def agreement_review(request: HttpRequest, pk: int) -> HttpResponse:
    agreement, now = seen(request, pk), timezone.now()
    party = spoken_for(request, agreement)
    if (moved := _not_in_force(request, agreement)) is not None:
        return moved
    states = goal_states(agreement, local_day(now))
    form = ReviewForm(
        request.POST if request.method == "POST" else None, states=states, initial={"held_on": local_day(now)}
    )
    if request.method == "POST" and form.is_valid():
        try:
            review = review_agreement(
                agreement=agreement, party=party, held_on=form.cleaned_data["held_on"],
                conclusion=form.cleaned_data["conclusion"], findings=form.findings, actor=actor_of(request), at=now,
            )  # fmt: skip
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            said = _("回顾已记下。")
            if review.next_on is not None:
                said = _("回顾已记下，下次 %(day)s 前。") % {"day": review.next_on}
            toasts.done(request, said)
            return redirect("web:agreement_detail", pk)
    context = {"agreement": agreement, "form": form}
    return render(request, "agreements/agreement_review.html", context, status=422 if form.errors else 200)


@login_required
def agreement_supplement(request: HttpRequest, pk: int) -> HttpResponse:
    agreement, now = seen(request, pk), timezone.now()
    party = spoken_for(request, agreement)
    if (moved := _not_in_force(request, agreement)) is not None:
        return moved
    last = agreement.ends_on if agreement.valid_until is None else agreement.valid_until - timedelta(days=1)
    form = TermForm(
        request.POST if request.method == "POST" else None,
        initial={"starts_on": local_day(now), "ends_on": max(last, local_day(now))},
    )
    if request.method == "POST" and form.is_valid():
        try:
            made = draft_supplement(
                agreement=agreement, party=party, actor=actor_of(request), at=now, **form.cleaned_data
            )
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            toasts.done(request, _("补充协议已起草，写明改什么后请对方看。"))
            return redirect("web:agreement_edit", made.pk)
    context = {"agreement": agreement, "form": form}
    return render(request, "agreements/agreement_supplement.html", context, status=422 if form.errors else 200)


@login_required
def agreement_end(request: HttpRequest, pk: int) -> HttpResponse:
    agreement, now = seen(request, pk), timezone.now()
    party = spoken_for(request, agreement)
    if (moved := _not_in_force(request, agreement)) is not None:
        return moved
    day = local_day(now)
    is_over = agreement.valid_until is not None and agreement.valid_until <= day + timedelta(days=1)
    first = EndingKind.TERM_OVER if is_over else EndingKind.BOTH_AGREE
    form = EndForm(
        request.POST if request.method == "POST" else None, states=goal_states(agreement, day), initial={"kind": first}
    )
    if request.method == "POST" and form.is_valid():
        try:
            ending = end_agreement(agreement=agreement, party=party, actor=actor_of(request), at=now, **form.given)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            asked = ending.kind == EndingKind.BOTH_AGREE
            toasts.done(request, _("已提出终止，等各方答复。") if asked else _("意向书已终止，成果小结已留存。"))
            return redirect("web:agreement_detail", pk)
    context = {"agreement": agreement, "form": form}
    return render(request, "agreements/agreement_end.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def agreement_ending_answer(request: HttpRequest, pk: int, ending: int, answer: str) -> HttpResponse:
    """Agree to ending, say no with a reason, or take the own side's proposal back."""
    agreement, now, actor = seen(request, pk), timezone.now(), actor_of(request)
    rows = AgreementEnding.objects.select_related("agreement", "party")
    found = get_object_or_404(rows, pk=ending, agreement=agreement)
    if answer == "withdraw":
        withdraw_ending(ending=found, actor=actor, at=now)
        toasts.done(request, _("终止提议已撤回。"))
    elif answer == "agree":
        agree_to_ending(ending=found, party=spoken_for(request, agreement), actor=actor, at=now)
        toasts.done(request, _("已同意终止。"))
    else:
        form = ReasonForm(request.POST)
        if not form.is_valid():
            context = page_context(request, agreement) | {"reason_form": form}
            return render(request, "agreements/agreement_detail.html", context, status=422)
        decline_ending(
            ending=found, party=spoken_for(request, agreement), reason=form.cleaned_data["reason"], actor=actor, at=now
        )
        toasts.done(request, _("已答复不同意，意向书继续有效。"))
    return redirect("web:agreement_detail", pk)


def _not_in_force(request: HttpRequest, agreement: Agreement) -> HttpResponse | None:
    """Lead back to the agreement where it does not bind, and say so."""
    if agreement.state == AgreementState.IN_FORCE:
        return None
    toasts.refused(request, _("现在的状态是“%(state)s”，生效期间才能办。") % {"state": agreement.get_state_display()})
    return redirect("web:agreement_detail", agreement.pk)
