"""免办申请: asking for several at once, and what the superior says to it."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ronghe.domain.obligations.enums import REQUEST_FLOW, RequestState
from ronghe.domain.obligations.rules import ANSWER_REQUEST, ASK_WAIVER, WAIVE_OBLIGATION, WITHDRAW_REQUEST
from ronghe.domain.obligations.selectors.requests import (
    MOST,
    askable,
    list_requests,
    requests_seen_by,
    requests_to_answer,
    touched_by,
)
from ronghe.domain.obligations.services.asking import ask_waiver, grant_waiver, refuse_waiver, take_back_request
from ronghe.domain.obligations.services.waiving import waive_several
from ronghe.domain.zones.models import ShutDown
from ronghe.kernel.errors import DomainError, NotAllowed
from ronghe.ui import toasts
from ronghe.web.obligations.forms import AnswerForm, AskForm
from ronghe.web.paging import asked_page, number_of, page_of
from ronghe.web.requests import actor_of

SHAPES = {
    RequestState.ASKED: "due",
    RequestState.GRANTED: "done",
    RequestState.REFUSED: "attention",
    RequestState.WITHDRAWN: "waived",
}


@login_required
def waiver_ask(request: HttpRequest) -> HttpResponse:
    """Several duties at once: the superior lets off directly, everybody else asks."""
    actor, now = actor_of(request), timezone.now()
    asked = request.POST if request.method == "POST" else request.GET
    shut_down = _shut_down(asked.get("shut_down"))
    if shut_down is not None and not asked.getlist("chosen"):
        rows = touched_by(shut_down, actor, now)
    else:
        pks = [number for text in asked.getlist("chosen")[:MOST] if (number := number_of(text)) is not None]
        rows = askable(actor, now, pks)
    decides = bool(rows) and all(WAIVE_OBLIGATION.allows(actor, row, at=now) for row in rows)
    if rows and not decides:
        rows = [row for row in rows if ASK_WAIVER.allows(actor, row, at=now)]
        if not rows:
            raise NotAllowed
    known = {"reason": shut_down.reason if shut_down is not None else ""}
    form = AskForm(request.POST or None, initial=known)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        try:
            if decides:
                made = waive_several(obligations=rows, reason=reason, actor=actor, at=now)
                toasts.done(request, _("已免办 %(count)s 件。") % {"count": len(made)})
                return redirect("web:obligations")
            found = ask_waiver(obligations=rows, reason=reason, actor=actor, at=now)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            toasts.done(request, _("申请已报上级。"))
            return redirect("web:waiver_request", found.pk)
    context = {"rows": rows, "form": form, "decides": decides, "shut_down": shut_down}
    return render(request, "obligations/waiver_ask.html", context, status=422 if form.errors else 200)


@login_required
def waiver_requests(request: HttpRequest) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    page = page_of(list_requests(actor, now, state=request.GET.get("state", ""), page=asked_page(request)))
    context = {
        "page": page,
        "lines": [(row, SHAPES[RequestState(row.state)]) for row in page.object_list],
        "waiting": requests_to_answer(actor, now).count(),
        "choices": [("", _("全部")), *RequestState.choices],
    }
    return render(request, "obligations/waiver_requests.html", context)


@login_required
def waiver_request(request: HttpRequest, pk: int) -> HttpResponse:
    return render(request, "obligations/waiver_request.html", _context(request, pk))


@login_required
@require_POST
def waiver_answer(request: HttpRequest, pk: int) -> HttpResponse:
    context = _context(request, pk)
    form = AnswerForm(request.POST)
    given: dict[str, Any] = {"request": context["asked"], "actor": actor_of(request), "at": timezone.now()}
    if form.is_valid():
        answer = form.cleaned_data["answer"]
        try:
            if request.POST.get("way") == "grant":
                grant_waiver(answer=answer, **given)
            else:
                refuse_waiver(answer=answer, **given)
        except DomainError as error:
            if isinstance(error, NotAllowed):
                raise
            form.add_error(None, str(error))
        else:
            toasts.done(request, _("已答复。"))
            return redirect("web:waiver_request", pk)
    return render(request, "obligations/waiver_request.html", {**context, "form": form}, status=422)


@login_required
@require_POST
def waiver_take_back(request: HttpRequest, pk: int) -> HttpResponse:
    asked = get_object_or_404(requests_seen_by(actor_of(request), timezone.now()), pk=pk)
    take_back_request(request=asked, actor=actor_of(request), at=timezone.now())
    toasts.done(request, _("申请已撤回。"))
    return redirect("web:waiver_request", pk)


def _shut_down(text: str | None) -> ShutDown | None:
    number = number_of(text)
    if number is None:
        return None
    found = ShutDown.objects.select_related("zone").filter(pk=number, zone__body__isnull=False).first()
    if found is None:
        raise Http404
    return found


def _context(request: HttpRequest, pk: int) -> dict[str, Any]:
    actor, now = actor_of(request), timezone.now()
    asked = get_object_or_404(requests_seen_by(actor, now), pk=pk)
    return {
        "asked": asked,
        "shape": SHAPES[RequestState(asked.state)],
        "items": [item.obligation for item in asked.items.all()],
        "can_answer": REQUEST_FLOW.allows(asked, "grant") and ANSWER_REQUEST.allows(actor, asked, at=now),
        "can_take_back": REQUEST_FLOW.allows(asked, "withdraw") and WITHDRAW_REQUEST.allows(actor, asked, at=now),
        "form": AnswerForm(),
    }
