"""Acts on one duty: letting off, moving its day, asking to be let off; each can be taken back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ronghe.domain.obligations.selectors.requests import moves_of
from ronghe.domain.obligations.services.asking import ask_waiver
from ronghe.domain.obligations.services.moving import move_planned_day
from ronghe.domain.obligations.services.waiving import waive, withdraw_waiver
from ronghe.domain.org.models import Person
from ronghe.kernel.errors import DomainError, NotAllowed
from ronghe.ui import toasts
from ronghe.ui.formats import day as in_words
from ronghe.web.obligations.forms import AskForm, MoveForm, WaiveForm
from ronghe.web.obligations.views import detail_context
from ronghe.web.requests import actor_of

Act = Callable[[Person, datetime], object]


@login_required
@require_POST
def obligation_waive(request: HttpRequest, pk: int) -> HttpResponse:
    context = detail_context(request, pk)
    form = WaiveForm(request.POST)

    def act(actor: Person, at: datetime) -> None:
        waive(obligation=context["obligation"], reason=form.cleaned_data["reason"], actor=actor, at=at)

    undo = reverse("web:obligation_unwaive", args=[pk])
    return _act(request, context, "waive_form", form, act, said=_("已免办。"), undo=undo)


@login_required
@require_POST
def obligation_unwaive(request: HttpRequest, pk: int) -> HttpResponse:
    obligation = detail_context(request, pk)["obligation"]
    if hasattr(obligation, "waiver"):
        withdraw_waiver(waiver=obligation.waiver, actor=actor_of(request), at=timezone.now())
    return redirect("web:obligation_detail", pk)


@login_required
@require_POST
def obligation_ask(request: HttpRequest, pk: int) -> HttpResponse:
    context = detail_context(request, pk)
    form = AskForm(request.POST)

    def act(actor: Person, at: datetime) -> None:
        ask_waiver(obligations=[context["obligation"]], reason=form.cleaned_data["reason"], actor=actor, at=at)

    return _act(request, context, "ask_form", form, act, said=_("申请已报上级。"))


@login_required
@require_POST
def obligation_move(request: HttpRequest, pk: int) -> HttpResponse:
    context = detail_context(request, pk)
    form = MoveForm(request.POST)

    def act(actor: Person, at: datetime) -> None:
        given = form.cleaned_data
        move_planned_day(
            obligation=context["obligation"], to=given["day"], reason=given["reason"], actor=actor, at=at
        )  # fmt: skip

    undo = reverse("web:obligation_move_back", args=[pk])
    said = _("已移到 %(day)s。") % {"day": in_words(form.cleaned_data["day"]) if form.is_valid() else ""}
    return _act(request, context, "move_form", form, act, said=said, undo=undo)


@login_required
@require_POST
def obligation_move_back(request: HttpRequest, pk: int) -> HttpResponse:
    """撤销: back to the day before the last move."""
    obligation = detail_context(request, pk)["obligation"]
    last = moves_of(obligation).last()
    if last is not None and last.now == obligation.planned_on:
        try:
            move_planned_day(
                obligation=obligation, to=last.was, reason=_("撤销改期"), actor=actor_of(request), at=timezone.now()
            )
        except NotAllowed:
            raise
        except DomainError as error:
            toasts.refused(request, str(error))
        else:
            toasts.done(request, _("已移回 %(day)s。") % {"day": in_words(last.was)})
    return redirect("web:obligation_detail", pk)


def _act(
    request: HttpRequest, context: dict[str, Any], name: str, form: Any, act: Act, *, said: str, undo: str = ""
) -> HttpResponse:
    """Do one act on a duty; what stands against it is said beside its form, with what was typed."""
    if form.is_valid():
        try:
            act(actor_of(request), timezone.now())
        except DomainError as error:
            if isinstance(error, NotAllowed):
                raise
            form.add_error(None, str(error))
        else:
            toasts.done(request, said, undo=undo)
            return redirect("web:obligation_detail", context["obligation"].pk)
    return render(request, "obligations/obligation_detail.html", {**context, name: form}, status=422)
