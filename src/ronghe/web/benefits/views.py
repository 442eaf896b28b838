"""效益点: the list, reckoning before and after, review, verification, taking back, shares, paper."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from ronghe.domain.benefits.documents import idea_document
from ronghe.domain.benefits.enums import Stage
from ronghe.domain.benefits.models import Reckoning
from ronghe.domain.benefits.rules import BENEFIT
from ronghe.domain.benefits.selectors.book import with_lines
from ronghe.domain.benefits.services.booking import reverse_idea, set_shares, verify_idea
from ronghe.domain.benefits.services.reckoning import estimate_idea, realise_idea
from ronghe.domain.benefits.services.reviewing import approve_idea
from ronghe.domain.items.models import WorkItem
from ronghe.domain.items.rules import SEE_ITEM
from ronghe.domain.org.models import Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.kernel.errors import DomainError
from ronghe.kernel.words import _
from ronghe.ui import toasts
from ronghe.web.benefits.forms import NoteForm, ReasonForm, ReckoningForm, refusal
from ronghe.web.benefits.presenting import seen_idea, shares_form
from ronghe.web.files import paper_answer
from ronghe.web.items.presenting import page_of
from ronghe.web.items.views import item_list, uploads_of
from ronghe.web.requests import actor_of


@login_required
def benefits(request: HttpRequest) -> HttpResponse:
    return item_list(request, BENEFIT, template="benefits/benefits.html")


@login_required
def benefit_estimate(request: HttpRequest, pk: int) -> HttpResponse:
    return _reckon(request, pk, Stage.ESTIMATE)


@login_required
def benefit_realise(request: HttpRequest, pk: int) -> HttpResponse:
    return _reckon(request, pk, Stage.ACTUAL)


def _reckon(request: HttpRequest, pk: int, stage: Stage) -> HttpResponse:
    """Work out a saving on a page of its own: what was reckoned last stands there already."""
    item, actor, now = seen_idea(request, pk), actor_of(request), timezone.now()
    spec = BENEFIT.step_by_id["estimate" if stage == Stage.ESTIMATE else "realise"]
    spec.right.require(actor, item, at=now)
    if not BENEFIT.flow.allows(item, spec.id):
        toasts.refused(request, _("“%(title)s”现在不能测算，请看它的状态。") % {"title": item.title})
        return redirect(page_of(item))
    form = ReckoningForm(request.POST or None, known=_last(item))
    if form.is_bound and form.is_valid():
        given: dict[str, Any] = {
            "item": item, "reckoning": form.reckoning(), "actor": actor, "at": now, "uploads": uploads_of(request),
        }  # fmt: skip
        try:
            if stage == Stage.ESTIMATE:
                estimate_idea(**given)
            else:
                realise_idea(**given, note=form.cleaned_data["note"])
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            toasts.done(request, _(spec.said))
            return redirect(page_of(item))
    context = {"item": item, "form": form, "spec": spec, "is_actual": stage == Stage.ACTUAL}
    return render(request, "benefits/reckon.html", context, status=422 if form.errors else 200)


def _last(item: WorkItem) -> Reckoning | None:
    """Return what was reckoned last: the newest actual, else the newest estimate."""
    rows = Reckoning.objects.filter(item=item).prefetch_related("lines").order_by("stage", "-number")
    return rows.first()


@login_required
@require_POST
def benefit_approve(request: HttpRequest, pk: int) -> HttpResponse:
    item, form = seen_idea(request, pk), NoteForm(request.POST)

    def act(actor: Person, at: datetime) -> str:
        approve_idea(item=item, actor=actor, at=at, note=form.cleaned_data["note"])
        step = "pass_up" if item.state == "second" else "approve"
        return _(BENEFIT.step_by_id[step].said)

    return _act(request, item, form, act)


@login_required
@require_POST
def benefit_verify(request: HttpRequest, pk: int) -> HttpResponse:
    item, form = seen_idea(request, pk), NoteForm(request.POST)

    def act(actor: Person, at: datetime) -> str:
        verify_idea(item=item, actor=actor, at=at, note=form.cleaned_data["note"])
        return _(BENEFIT.step_by_id["verify"].said)

    return _act(request, item, form, act)


@login_required
@require_POST
def benefit_reverse(request: HttpRequest, pk: int) -> HttpResponse:
    item, form = seen_idea(request, pk), ReasonForm(request.POST)

    def act(actor: Person, at: datetime) -> str:
        reverse_idea(item=item, reason=form.cleaned_data["reason"], actor=actor, at=at)
        return _(BENEFIT.step_by_id["reverse"].said)

    return _act(request, item, form, act)


@login_required
@require_POST
def benefit_shares(request: HttpRequest, pk: int) -> HttpResponse:
    item = seen_idea(request, pk)
    form = shares_form(item, with_lines([item])[0], request.POST)

    def act(actor: Person, at: datetime) -> str:
        set_shares(item=item, shares=form.shares(), actor=actor, at=at)
        return _("功劳份额已定。")

    return _act(request, item, form, act)


@login_required
def benefit_print(request: HttpRequest, pk: int, form: str) -> HttpResponse:
    item = seen_idea(request, pk)
    document = idea_document(with_lines([item])[0], printed_on=local_day(timezone.now()))
    return paper_answer(request, document, form, source=item)


def _act(request: HttpRequest, item: WorkItem, form: Any, act: Callable[[Person, datetime], str]) -> HttpResponse:
    """Do one act on an idea and say what was done, or why not."""
    actor, now = actor_of(request), timezone.now()
    if not form.is_valid():
        toasts.refused(request, refusal(form))
        return redirect(page_of(item))
    try:
        done = act(actor, now)
    except DomainError as error:
        toasts.refused(request, str(error))
    else:
        toasts.done(request, done)
    item.refresh_from_db()
    return redirect(page_of(item) if SEE_ITEM.allows(actor, item, at=now) else "web:benefits")
