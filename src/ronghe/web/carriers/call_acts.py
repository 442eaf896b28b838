"""Acts on a call-up: answers, teams, command, log, needs, and its end."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from ronghe.domain.carriers.enums import Answer, NeedKind
from ronghe.domain.carriers.models import CallNeed, CallPerson, CallTeam, CallUp, LogLine
from ronghe.domain.carriers.selectors.calls import items_to_book, neighbouring_teams
from ronghe.domain.carriers.services.answering import answer_call, arrive, take_back_arrival
from ronghe.domain.carriers.services.calling import add_team, answer_request, call_off, pass_command
from ronghe.domain.carriers.services.ending import resume_call, stand_down, verify_call
from ronghe.domain.carriers.services.log import write_line
from ronghe.domain.carriers.services.needs import ask_for_need, book_for_need, raise_need, reopen_need, settle_need
from ronghe.domain.org.models import Person
from ronghe.kernel.errors import DomainError, NotAllowed
from ronghe.kernel.words import _
from ronghe.ui import toasts
from ronghe.web.carriers.call_forms import (
    BookForm,
    CommandForm,
    EndForm,
    LineForm,
    NeedForm,
    NoteForm,
    SettleForm,
    TeamForm,
)
from ronghe.web.carriers.call_presenting import call_context
from ronghe.web.carriers.call_views import seen_call
from ronghe.web.items.views import uploads_of
from ronghe.web.requests import actor_of

Act = Callable[[CallUp, Person, datetime], Any]


@login_required
@require_POST
def row_coming(request: HttpRequest, pk: int, row: int) -> HttpResponse:
    place = _row(request, pk, row)

    def act(_call: CallUp, actor: Person, at: datetime) -> None:
        answer_call(row=place, answer=Answer.COMING, actor=actor, at=at)

    return do(request, pk, act, _("已记下：来。"))


@login_required
@require_POST
def row_cannot(request: HttpRequest, pk: int, row: int) -> HttpResponse:
    """The reason is one of those offered, by its button, or what was typed."""
    place = _row(request, pk, row)
    reason = request.POST.get("reason", "") or request.POST.get("other", "")

    def act(_call: CallUp, actor: Person, at: datetime) -> None:
        answer_call(row=place, answer=Answer.CANNOT, reason=reason[:120], actor=actor, at=at)

    undo = reverse("web:callup_coming", args=[pk, row])
    return do(request, pk, act, _("已记下：来不了。"), undo=undo)


@login_required
@require_POST
def row_here(request: HttpRequest, pk: int, row: int) -> HttpResponse:
    place = _row(request, pk, row)

    def act(_call: CallUp, actor: Person, at: datetime) -> None:
        arrive(row=place, actor=actor, at=at)

    return do(request, pk, act, _("已记下：到位。"), undo=reverse("web:callup_not_here", args=[pk, row]))


@login_required
@require_POST
def row_not_here(request: HttpRequest, pk: int, row: int) -> HttpResponse:
    place = _row(request, pk, row)

    def act(_call: CallUp, actor: Person, at: datetime) -> None:
        take_back_arrival(row=place, actor=actor, at=at)

    return do(request, pk, act, _("到位已撤销。"))


@login_required
@require_POST
def team_add(request: HttpRequest, pk: int) -> HttpResponse:
    form = TeamForm(request.POST, teams=neighbouring_teams(seen_call(request, pk)))

    def act(call: CallUp, actor: Person, at: datetime) -> None:
        add_team(call=call, team=form.cleaned_data["team"], actor=actor, at=at)

    return do(request, pk, act, _("已叫上这支队伍；不归您管的，等对方答复。"), form=form)


@login_required
@require_POST
def team_answer(request: HttpRequest, pk: int, team: int) -> HttpResponse:
    """`sends` comes with the button; without it the reason why not."""
    rows = CallTeam.objects.filter(call=seen_call(request, pk)).select_related("call", "carrier__body")
    asked = get_object_or_404(rows, pk=team)
    sends = bool(request.POST.get("sends"))

    def act(_call: CallUp, actor: Person, at: datetime) -> None:
        answer_request(team=asked, sends=sends, note=request.POST.get("note", ""), actor=actor, at=at)

    return do(request, pk, act, _("已出动，队员都收到了集结。") if sends else _("已答复：不能支援。"))


@login_required
@require_POST
def command_pass(request: HttpRequest, pk: int) -> HttpResponse:
    called = Person.objects.filter(call_parts__call=seen_call(request, pk)).order_by("name", "pk")
    form = CommandForm(request.POST, people=called)

    def act(call: CallUp, actor: Person, at: datetime) -> None:
        pass_command(call=call, to=form.cleaned_data["person"], actor=actor, at=at)

    return do(request, pk, act, _("指挥已移交。"), form=form)


@login_required
@require_POST
def line_add(request: HttpRequest, pk: int) -> HttpResponse:
    form = LineForm(request.POST)

    def act(call: CallUp, actor: Person, at: datetime) -> None:
        typed = form.cleaned_data
        corrects = None
        if typed["corrects"] is not None:
            corrects = get_object_or_404(LogLine, pk=typed["corrects"], call=call)
        write_line(
            call=call, text=typed["text"], happened_at=typed["happened_at"], corrects=corrects, actor=actor, at=at,
            uploads=uploads_of(request),
        )  # fmt: skip

    return do(request, pk, act, _("已记进日志。"), form=form)


@login_required
@require_POST
def need_add(request: HttpRequest, pk: int) -> HttpResponse:
    form = NeedForm(request.POST)

    def act(call: CallUp, actor: Person, at: datetime) -> None:
        typed = form.cleaned_data
        raise_need(
            call=call, kind=NeedKind(typed["kind"]), what=typed["what"], quantity=typed["quantity"], unit=typed["unit"],
            actor=actor, at=at,
        )  # fmt: skip

    return do(request, pk, act, _("需要已提出。"), form=form)


@login_required
@require_POST
def need_step(request: HttpRequest, pk: int, need: int, step: str) -> HttpResponse:
    """Met by word, dropped, booked out of the pool, met by another team, or opened again."""
    call = seen_call(request, pk)
    row = get_object_or_404(CallNeed.objects.select_related("call__body"), pk=need, call=call)
    now, actor = timezone.now(), actor_of(request)
    if step == "book":
        form: Any = BookForm(request.POST, items=items_to_book(call, actor, now))
    elif step == "team":
        form = TeamForm(request.POST, teams=neighbouring_teams(call))
    elif step in ("meet", "drop"):
        form = SettleForm(request.POST)
    elif step == "reopen":
        form = None
    else:
        raise Http404

    def act(_call: CallUp, actor: Person, at: datetime) -> None:
        typed = form.cleaned_data if form is not None else {}
        if step == "book":
            book_for_need(need=row, actor=actor, at=at, **typed)
        elif step == "team":
            ask_for_need(need=row, team=typed["team"], actor=actor, at=at)
        elif step == "reopen":
            reopen_need(need=row, actor=actor, at=at)
        else:
            settle_need(need=row, is_met=step == "meet", how=typed["how"], actor=actor, at=at)

    undo = "" if step == "reopen" else reverse("web:callup_need", args=[pk, need, "reopen"])
    return do(request, pk, act, _("已记下。"), form=form, undo=undo)


@login_required
@require_POST
def callup_call_off(request: HttpRequest, pk: int) -> HttpResponse:
    form = NoteForm(request.POST)

    def act(call: CallUp, actor: Person, at: datetime) -> None:
        call_off(call=call, reason=form.cleaned_data["note"], actor=actor, at=at)

    return do(request, pk, act, _("集结已取消。"), form=form)


@login_required
@require_POST
def callup_stand_down(request: HttpRequest, pk: int) -> HttpResponse:
    form = EndForm(request.POST)

    def act(call: CallUp, actor: Person, at: datetime) -> None:
        stand_down(call=call, outcome=form.outcome(), actor=actor, at=at)

    undo = reverse("web:callup_resume", args=[pk])
    return do(request, pk, act, _("集结已解除，等待核实。"), form=form, undo=undo)


@login_required
@require_POST
def callup_resume(request: HttpRequest, pk: int) -> HttpResponse:
    def act(call: CallUp, actor: Person, at: datetime) -> None:
        resume_call(call=call, actor=actor, at=at)

    return do(request, pk, act, _("集结继续。"))


@login_required
@require_POST
def callup_verify(request: HttpRequest, pk: int) -> HttpResponse:
    form = NoteForm(request.POST)
    agrees = bool(request.POST.get("agrees"))

    def act(call: CallUp, actor: Person, at: datetime) -> None:
        verify_call(call=call, agrees=agrees, note=form.cleaned_data["note"], actor=actor, at=at)

    return do(request, pk, act, _("成效已核实。") if agrees else _("已退回改正。"), form=form)


def do(request: HttpRequest, pk: int, act: Act, said: str, *, form: Any = None, undo: str = "") -> HttpResponse:
    """Do an act; what stands against it is said beside the form, with what was typed, or where the reader looks."""
    call = seen_call(request, pk)
    if form is None or form.is_valid():
        try:
            act(call, actor_of(request), timezone.now())
        except NotAllowed:
            raise
        except DomainError as error:
            if form is None:
                toasts.refused(request, str(error))
                return redirect("web:callup_detail", pk)
            form.add_error(None, str(error))
        else:
            toasts.done(request, said, undo=undo)
            return redirect("web:callup_detail", pk)
    context = call_context(request, seen_call(request, pk), failed=form)
    return render(request, "carriers/callup_detail.html", context, status=422)


def _row(request: HttpRequest, pk: int, row: int) -> CallPerson:
    rows = CallPerson.objects.filter(call=seen_call(request, pk)).select_related("call", "team__carrier", "person")
    return get_object_or_404(rows, pk=row)
