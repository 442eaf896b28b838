"""Requests: raising one with a thumb, what became of mine, what waits for me, and one with its story."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ronghe.domain.grid.enums import OPEN_STATES, REQUEST_FLOW, RequestKind, RequestState
from ronghe.domain.grid.models import GridRequest
from ronghe.domain.grid.rules import ANSWER_REQUEST, ANSWERERS, CLOSE_REQUEST
from ronghe.domain.grid.selectors.coverage import grid_roots
from ronghe.domain.grid.selectors.liaisons import employees_of, member_named_for
from ronghe.domain.grid.selectors.requests import (
    branch_for,
    list_requests,
    own_requests,
    raiser_shown,
    requests_seen_by,
    requests_to_answer,
    story_of,
)
from ronghe.domain.grid.services import requests as services
from ronghe.domain.org.models import Person
from ronghe.domain.org.rules.reaches import posts_of
from ronghe.domain.org.selectors.people import people_seen_by
from ronghe.domain.work.rules import OPEN_TASK
from ronghe.kernel.errors import DomainError
from ronghe.ui import toasts
from ronghe.web.grid.forms import RequestForm, RequestTaskForm, TextForm
from ronghe.web.paging import asked_page, page_of
from ronghe.web.requests import actor_of
from ronghe.web.rhythm.forms import default_deadline

SHOWN = 20


@login_required
def request_list(request: HttpRequest) -> HttpResponse:
    """Raise a request, and see one's own, those that wait for one, and those that passed by one."""
    actor, now = actor_of(request), timezone.now()
    day = timezone.localdate(now)
    employees = Person.objects.filter(pk__in=[person.pk for person in employees_of(actor, day)]).order_by("name", "pk")
    form = RequestForm(request.POST or None, employees=employees, initial={"kind": RequestKind.PRODUCTION})
    if request.method == "POST" and form.is_valid():
        wanted = form.cleaned_data
        try:
            raised = services.raise_request(
                raiser=wanted["raiser"] or actor, kind=wanted["kind"], text=wanted["text"],
                is_anonymous=wanted["is_anonymous"], actor=actor, at=now,
            )  # fmt: skip
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            toasts.done(request, _("已交给%(level)s。") % {"level": _whose(raised)})
            return redirect("web:grid_request", raised.pk)
    context = {**_lists(request, actor, now), "form": form, "employees": employees}
    return render(request, "grid/request_list.html", context, status=422 if form.errors else 200)


@login_required
def request_detail(request: HttpRequest, pk: int) -> HttpResponse:
    return render(request, "grid/request_detail.html", _context(request, _seen(request, pk), None))


@login_required
@require_POST
def request_answer(request: HttpRequest, pk: int) -> HttpResponse:
    def act(found: GridRequest, actor: Person, form: Any) -> None:
        services.answer_request(request=found, text=form.cleaned_data["text"], actor=actor, at=timezone.now())

    return _act(request, pk, act, form=TextForm(request.POST, prefix="answer"), said=_("已答复。"))


@login_required
@require_POST
def request_up(request: HttpRequest, pk: int) -> HttpResponse:
    def act(found: GridRequest, actor: Person, form: Any) -> None:
        services.pass_up(request=found, note=form.cleaned_data["text"], actor=actor, at=timezone.now())

    return _act(request, pk, act, form=TextForm(request.POST, prefix="up"), said=_("已转上一级。"))


@login_required
@require_POST
def request_reopen(request: HttpRequest, pk: int) -> HttpResponse:
    def act(found: GridRequest, actor: Person, form: Any) -> None:
        services.reopen_request(request=found, reason=form.cleaned_data["text"], actor=actor, at=timezone.now())

    return _act(request, pk, act, form=TextForm(request.POST, prefix="reopen"), said=_("已交上一级再办。"))


@login_required
@require_POST
def request_solved(request: HttpRequest, pk: int) -> HttpResponse:
    def act(found: GridRequest, actor: Person, _form: Any) -> None:
        services.confirm_solved(request=found, actor=actor, at=timezone.now())

    return _act(request, pk, act, form=None, said=_("已办结。"))


@login_required
@require_POST
def request_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    def act(found: GridRequest, actor: Person, _form: Any) -> None:
        services.withdraw_request(request=found, actor=actor, at=timezone.now())

    return _act(request, pk, act, form=None, said=_("已撤回。"))


@login_required
@require_POST
def request_task(request: HttpRequest, pk: int) -> HttpResponse:
    def act(found: GridRequest, actor: Person, form: Any) -> None:
        services.make_request_task(request=found, actor=actor, at=timezone.now(), **form.cleaned_data)

    people = people_seen_by(actor_of(request), timezone.now()).filter(valid_until=None)
    form = RequestTaskForm(request.POST, people=people, prefix="task")
    return _act(request, pk, act, form=form, said=_("已转为任务。"))


def _act(
    request: HttpRequest, pk: int, act: Callable[[GridRequest, Person, Any], None], *, form: Any, said: str
) -> HttpResponse:
    """Do one act on a request; a refusal stands beside the form on its page, with what was typed."""
    found = _seen(request, pk)
    if form is not None and not form.is_valid():
        return render(request, "grid/request_detail.html", _context(request, found, form), status=422)
    try:
        act(found, actor_of(request), form)
    except DomainError as error:
        if form is None:
            toasts.refused(request, str(error))
            return redirect("web:grid_request", pk)
        form.add_error(None, str(error))
        return render(request, "grid/request_detail.html", _context(request, _seen(request, pk), form), status=422)
    toasts.done(request, said)
    return redirect("web:grid_request", pk)


def _seen(request: HttpRequest, pk: int) -> GridRequest:
    return get_object_or_404(requests_seen_by(actor_of(request), timezone.now()), pk=pk)


def _lists(request: HttpRequest, actor: Person, now: datetime) -> dict[str, Any]:
    day = timezone.localdate(now)
    answers = any(post.role in ANSWERERS and post.body_id for post in posts_of(actor, day))
    show = request.GET.get("show", "open")
    filters = Q(state__in=OPEN_STATES) if show == "open" else Q(state=show) if show in RequestState.values else Q()
    page = (
        page_of(list_requests(actor, now, filters=filters, page=asked_page(request), size=SHOWN)) if answers else None
    )
    return {
        "member": member_named_for(actor, day),
        "branch": branch_for(actor, day),
        "to_answer": [_line(row, actor, day) for row in requests_to_answer(actor, now)[:SHOWN]],
        "mine": [_line(row, actor, day) for row in own_requests(actor)[:SHOWN]],
        "page": page,
        "passed": [_line(row, actor, day) for row in page.object_list] if page is not None else [],
        "shows": [("open", _("在办")), ("solved", _("已解决")), ("all", _("全部"))],
        "sees_grid": bool(grid_roots(actor, now)),
    }


def _line(row: GridRequest, actor: Person, day: Any) -> dict[str, Any]:
    return {"row": row, "raiser": raiser_shown(row, actor), "state": _shape(row, day), "whose": _whose(row)}


def _whose(row: GridRequest) -> str:
    """Who has it now, in words."""
    if row.level == "member" and row.handler is not None:
        return _("联系党员%(name)s") % {"name": row.handler.name}
    return row.body.name


def _shape(row: GridRequest, day: Any) -> str:
    if row.is_overdue(day):
        return "failed"
    shapes = {"waiting": "due", "answered": "attention", "solved": "done", "withdrawn": "waived"}
    return shapes[row.state]


def _context(request: HttpRequest, found: GridRequest, failed: Any) -> dict[str, Any]:
    actor, now = actor_of(request), timezone.now()
    day = timezone.localdate(now)
    answers = REQUEST_FLOW.allows(found, "answer") and ANSWER_REQUEST.allows(actor, found, at=now)
    closes = CLOSE_REQUEST.allows(actor, found, at=now)
    tasks = answers and found.task_id is None and OPEN_TASK.allows(actor, found.body, at=now)
    forms = {prefix: TextForm(prefix=prefix) for prefix in ("answer", "up", "reopen")}
    forms["task"] = None  # type: ignore[assignment]
    if tasks:
        people = people_seen_by(actor, now).filter(valid_until=None)
        initial = {"due_at": default_deadline(now)}
        forms["task"] = RequestTaskForm(people=people, prefix="task", initial=initial)  # type: ignore[assignment]
    if failed is not None:
        forms[failed.prefix] = failed
    return {
        "found": found,
        "raiser": raiser_shown(found, actor),
        "whose": _whose(found),
        "state": _shape(found, day),
        "overdue": found.is_overdue(day),
        "story": story_of(found, actor),
        "forms": forms,
        "can_answer": answers,
        "can_confirm": closes and REQUEST_FLOW.allows(found, "confirm"),
        "can_withdraw": closes and REQUEST_FLOW.allows(found, "withdraw"),
    }
