"""What the pages of the room share: shapes of states, rows that the reader may see, acts without a form."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from ronghe.domain.honours.enums import (
    CallObjectionState,
    CallState,
    HonourState,
    NominationState,
    RoundState,
    TermFilter,
)
from ronghe.domain.honours.models import BannerRound, Honour, HonourCall, Nomination
from ronghe.domain.honours.selectors.banner import rounds_seen_by
from ronghe.domain.honours.selectors.register import honours_seen_by
from ronghe.domain.honours.selectors.selection import calls_seen_by, nominations_seen_by
from ronghe.domain.org.models import Person
from ronghe.kernel.errors import DomainError, NotAllowed
from ronghe.ui import toasts
from ronghe.web.requests import actor_of

CALL_SHAPES = {
    CallState.NAMING: "running", CallState.VETTING: "running", CallState.VOTING: "running", CallState.COUNTED: "due",
    CallState.NOTICE: "attention", CallState.AWARDED: "done", CallState.CALLED_OFF: "waived",
}  # fmt: skip
NOMINATION_SHAPES = {
    NominationState.NAMED: "running", NominationState.WITHDRAWN: "waived", NominationState.REFUSED: "failed",
    NominationState.PROPOSED: "attention", NominationState.NOT_CHOSEN: "waived", NominationState.DROPPED: "failed",
    NominationState.AWARDED: "done",
}  # fmt: skip
ROUND_SHAPES = {
    RoundState.RATING: "running", RoundState.TIED: "due", RoundState.AWARDED: "done", RoundState.NO_RESULT: "waived",
    RoundState.CALLED_OFF: "waived",
}  # fmt: skip
OBJECTION_SHAPES = {
    CallObjectionState.OPEN: "due", CallObjectionState.UPHELD: "done", CallObjectionState.DISMISSED: "waived",
}  # fmt: skip


def standing_of(honour: Honour, day: date) -> tuple[str, str]:
    """Return shape and word of how an honour stands on a day."""
    if honour.state == HonourState.WITHDRAWN:
        return "failed", str(TermFilter.WITHDRAWN.label)
    if honour.has_ended(day):
        return "waived", str(TermFilter.ENDED.label)
    return "done", str(TermFilter.RUNNING.label)


def seen_honour(request: HttpRequest, pk: int) -> Honour:
    return get_object_or_404(honours_seen_by(actor_of(request), timezone.now()), pk=pk)


def seen_call(request: HttpRequest, pk: int) -> HonourCall:
    return get_object_or_404(calls_seen_by(actor_of(request), timezone.now()), pk=pk)


def seen_nomination(request: HttpRequest, pk: int) -> Nomination:
    return get_object_or_404(nominations_seen_by(actor_of(request), timezone.now()), pk=pk)


def seen_round(request: HttpRequest, pk: int) -> BannerRound:
    return get_object_or_404(rounds_seen_by(actor_of(request), timezone.now()), pk=pk)


def plain_act(request: HttpRequest, act: Callable[[Person, datetime], Any], said: str, *back: Any) -> HttpResponse:
    """Do an act that asks nothing, and go back; a refusal is said there."""
    try:
        act(actor_of(request), timezone.now())
    except NotAllowed:
        raise
    except DomainError as error:
        toasts.refused(request, str(error))
    else:
        toasts.done(request, said)
    return redirect(*back)


def listed(
    request: HttpRequest, template: str, context: dict[str, Any], more: Callable[[], dict[str, Any]]
) -> HttpResponse:
    """Answer a list: its rows alone to htmx, else the page with what only the page shows."""
    if request.htmx:  # type: ignore[attr-defined]
        answer = render(request, f"{template}#rows", context)
    else:
        answer = render(request, template, context | more())
    answer["Vary"] = "HX-Request"
    return answer
