"""One difficulty of the shared list: raised, claimed by each side, moved on, settled."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ronghe.domain.alliances.enums import Side
from ronghe.domain.alliances.models import AllianceDifficulty
from ronghe.domain.alliances.rules import RAISE_FOR_US
from ronghe.domain.alliances.selectors import difficulties_seen_by, our_people, partner_parts_of, partners_of
from ronghe.domain.alliances.services.difficulties import (
    claim_ours,
    claim_theirs,
    comment,
    make_task,
    progress,
    raise_difficulty,
    resolve,
    resume,
    shelve,
    withdraw,
)
from ronghe.domain.org.models import Person
from ronghe.kernel.errors import DomainError, NotAllowed
from ronghe.ui import toasts
from ronghe.web.alliances.forms import CommentForm, DifficultyForm, OwnerForm, ProgressForm, ReasonForm, ResultForm
from ronghe.web.alliances.presenting import difficulty_context
from ronghe.web.alliances.views import act_on, seen_alliance
from ronghe.web.requests import actor_of

Act = Callable[[Person, datetime], Any]


@login_required
@require_POST
def difficulty_raise(request: HttpRequest, pk: int) -> HttpResponse:
    alliance, actor, now = seen_alliance(request, pk), actor_of(request), timezone.now()
    for_us = RAISE_FOR_US.allows(actor, alliance, at=now)
    partners = partners_of(alliance) if for_us else partner_parts_of(actor, alliance, now)
    form = DifficultyForm(request.POST, partners=partners, auto_id="difficulty_%s")

    def act(actor: Person, at: datetime) -> None:
        raise_difficulty(alliance=alliance, actor=actor, at=at, **form.cleaned_data)

    return act_on(request, alliance, form, act, said=_("已列入共同清单，等双方认领。"))


@login_required
def difficulty_detail(request: HttpRequest, pk: int) -> HttpResponse:
    return render(request, "alliances/difficulty.html", difficulty_context(request, _seen(request, pk)))


@login_required
@require_POST
def difficulty_claim(request: HttpRequest, pk: int, side: str) -> HttpResponse:
    claims: dict[str, Callable[..., AllianceDifficulty]] = {Side.OURS: claim_ours, Side.THEIRS: claim_theirs}
    if side not in claims:
        raise Http404
    difficulty = _seen(request, pk)

    def act(actor: Person, at: datetime) -> None:
        claims[side](difficulty=difficulty, actor=actor, at=at)

    return _act(request, difficulty, None, act, said=_("已认领。"))


@login_required
@require_POST
def difficulty_owner(request: HttpRequest, pk: int) -> HttpResponse:
    difficulty = _seen(request, pk)
    form = OwnerForm(request.POST, people=our_people(difficulty.alliance, timezone.now()), auto_id="owner_%s")

    def act(actor: Person, at: datetime) -> None:
        claim_ours(difficulty=difficulty, actor=actor, at=at, owner=form.cleaned_data["owner"])

    return _act(request, difficulty, form, act, said=_("我方牵头人已定。"))


@login_required
@require_POST
def difficulty_comment(request: HttpRequest, pk: int) -> HttpResponse:
    difficulty, form = _seen(request, pk), CommentForm(request.POST, auto_id="comment_%s")

    def act(actor: Person, at: datetime) -> None:
        comment(difficulty=difficulty, text=form.cleaned_data["text"], actor=actor, at=at)

    return _act(request, difficulty, form, act, said=_("已留言。"))


@login_required
@require_POST
def difficulty_progress(request: HttpRequest, pk: int) -> HttpResponse:
    difficulty, form = _seen(request, pk), ProgressForm(request.POST, auto_id="progress_%s")

    def act(actor: Person, at: datetime) -> None:
        next_side = Side(form.cleaned_data["next_side"])
        progress(difficulty=difficulty, text=form.cleaned_data["text"], next_side=next_side, actor=actor, at=at)

    return _act(request, difficulty, form, act, said=_("进展已记下。"))


@login_required
@require_POST
def difficulty_resolve(request: HttpRequest, pk: int) -> HttpResponse:
    difficulty, form = _seen(request, pk), ResultForm(request.POST, auto_id="result_%s")

    def act(actor: Person, at: datetime) -> None:
        resolve(difficulty=difficulty, result=form.cleaned_data["text"], actor=actor, at=at)

    return _act(request, difficulty, form, act, said=_("难题已解决。"))


@login_required
@require_POST
def difficulty_shelve(request: HttpRequest, pk: int) -> HttpResponse:
    difficulty, form = _seen(request, pk), ReasonForm(request.POST, auto_id="reason_%s")

    def act(actor: Person, at: datetime) -> None:
        shelve(difficulty=difficulty, text=form.cleaned_data["text"], actor=actor, at=at)

    return _act(request, difficulty, form, act, said=_("已搁置，可以重新推进。"))


@login_required
@require_POST
def difficulty_resume(request: HttpRequest, pk: int) -> HttpResponse:
    difficulty, form = _seen(request, pk), ReasonForm(request.POST, auto_id="reason_%s")

    def act(actor: Person, at: datetime) -> None:
        resume(difficulty=difficulty, text=form.cleaned_data["text"], actor=actor, at=at)

    return _act(request, difficulty, form, act, said=_("已重新推进。"))


@login_required
@require_POST
def difficulty_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    difficulty = _seen(request, pk)

    def act(actor: Person, at: datetime) -> None:
        withdraw(difficulty=difficulty, actor=actor, at=at)

    return _act(request, difficulty, None, act, said=_("已撤回。"))


@login_required
@require_POST
def difficulty_task(request: HttpRequest, pk: int) -> HttpResponse:
    difficulty = _seen(request, pk)

    def act(actor: Person, at: datetime) -> None:
        make_task(difficulty=difficulty, actor=actor, at=at)

    return _act(request, difficulty, None, act, said=_("我方的部分已转为任务。"))


def _seen(request: HttpRequest, pk: int) -> AllianceDifficulty:
    return get_object_or_404(difficulties_seen_by(actor_of(request), timezone.now()), pk=pk)


def _act(request: HttpRequest, difficulty: AllianceDifficulty, form: Any, act: Act, *, said: str) -> HttpResponse:
    """Do one act; what stands against it is said beside the form, with what was typed."""
    if form is None or form.is_valid():
        try:
            act(actor_of(request), timezone.now())
        except DomainError as error:
            if form is None or isinstance(error, NotAllowed):
                raise
            form.add_error(None, str(error))
        else:
            toasts.done(request, said)
            return redirect("web:alliance_difficulty", difficulty.pk)
    context = difficulty_context(request, difficulty, failed=form)
    return render(request, "alliances/difficulty.html", context, status=422)
