"""Acts on a chain. Each answers with the page as it stands then, or with the part of it that htmx asked for."""

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

from ronghe.domain.org.models import Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.sitemeetings.enums import ChainStage, Meeting
from ronghe.domain.sitemeetings.models import ChainPerson, SiteChain
from ronghe.domain.sitemeetings.rules import RUN_CHAIN, WRITE_BRIEFING
from ronghe.domain.sitemeetings.selectors import board_of, people_to_note
from ronghe.domain.sitemeetings.selectors.boards import state_of
from ronghe.domain.sitemeetings.services.chains import (
    call_off_chain,
    close_meeting,
    confirm_checks,
    open_meeting,
    undo_meeting,
)
from ronghe.domain.sitemeetings.services.minds import hold_talk, set_mind, settle_all
from ronghe.domain.sitemeetings.services.signing import (
    brief_late,
    briefed_in_words,
    note_came,
    note_left,
    sign_due_with_card,
    sign_late,
    sign_meeting,
)
from ronghe.domain.sitemeetings.services.texts import set_briefer, write_text
from ronghe.kernel.errors import DomainError, NotAllowed
from ronghe.ui import toasts
from ronghe.web.requests import actor_of
from ronghe.web.sitemeetings.forms import OffForm, TextForm
from ronghe.web.sitemeetings.presenting import chain_context
from ronghe.web.sitemeetings.views import person_of, seen_chain

Act = Callable[[SiteChain, Person, datetime], Any]


@login_required
@require_POST
def meeting_open(request: HttpRequest, pk: int, meeting: str) -> HttpResponse:
    which = _meeting(meeting)

    def act(chain: SiteChain, actor: Person, at: datetime) -> None:
        open_meeting(chain=chain, meeting=which, actor=actor, at=at)
        toasts.done(request, _("%(meeting)s已开始。") % {"meeting": which.label})

    return _act(request, pk, act)


@login_required
@require_POST
def meeting_close(request: HttpRequest, pk: int, meeting: str) -> HttpResponse:
    which = _meeting(meeting)

    def act(chain: SiteChain, actor: Person, at: datetime) -> None:
        close_meeting(chain=chain, meeting=which, actor=actor, at=at)
        if chain.stage == ChainStage.CLOSED:
            toasts.done(request, _("三会都已开完，签全的人可以上岗。"))
        else:
            toasts.done(request, _("%(meeting)s已结束。") % {"meeting": which.label})

    return _act(request, pk, act)


@login_required
@require_POST
def meeting_check(request: HttpRequest, pk: int, meeting: str) -> HttpResponse:
    """The rest of the playbook's checklist in one tap."""
    which = _meeting(meeting)

    def act(chain: SiteChain, actor: Person, at: datetime) -> None:
        count = confirm_checks(chain=chain, meeting=which, actor=actor, at=at)
        toasts.done(request, _("检查表 %(count)s 项已确认。") % {"count": count})

    return _act(request, pk, act)


@login_required
@require_POST
def meeting_undo(request: HttpRequest, pk: int, meeting: str) -> HttpResponse:
    """Take back an opening by mistake; nobody has signed."""
    which = _meeting(meeting)

    def act(chain: SiteChain, actor: Person, at: datetime) -> None:
        undo_meeting(chain=chain, meeting=which, reason=_("开错了，重开"), actor=actor, at=at)
        toasts.done(request, _("已撤回，可以重开。"))

    return _act(request, pk, act)


@login_required
@require_POST
def meeting_sign(request: HttpRequest, pk: int, meeting: str) -> HttpResponse:
    """A tap of one's own; who came by the code brings the pass, and may not see the chain before signing."""
    which, actor, now = _meeting(meeting), actor_of(request), timezone.now()
    entry = request.POST.get("entry", "")
    chain = get_object_or_404(SiteChain, pk=pk) if entry else seen_chain(request, pk)
    try:
        sign_meeting(chain=chain, meeting=which, actor=actor, at=now, entry=entry)
    except NotAllowed:
        raise Http404 from None
    except DomainError as error:
        toasts.refused(request, str(error))
    else:
        toasts.done(request, _("已签%(meeting)s。") % {"meeting": which.label})
    return _back(request, pk)


@login_required
@require_POST
def chain_sign_late(request: HttpRequest, pk: int) -> HttpResponse:
    def act(chain: SiteChain, actor: Person, at: datetime) -> None:
        sign_late(chain=chain, actor=actor, at=at)
        toasts.done(request, _("补交底已签。"))

    return _act(request, pk, act)


@login_required
def chain_card(request: HttpRequest, pk: int) -> HttpResponse:
    """The leader's camera: somebody's own card signs what waits for them."""
    chain, actor, now = seen_chain(request, pk), actor_of(request), timezone.now()
    RUN_CHAIN.require(actor, chain, at=now)
    if request.method == "POST":
        try:
            signed = sign_due_with_card(chain=chain, card=request.POST.get("code", ""), actor=actor, at=now)
        except DomainError as error:
            toasts.refused(request, str(error))
        else:
            toasts.done(request, _("%(name)s已签字。") % {"name": signed[0].person.name})
    return render(request, "sitemeetings/chain_card.html", {"chain": chain, "part": board_of(chain).now})


@login_required
def meeting_text(request: HttpRequest, pk: int, meeting: str) -> HttpResponse:
    """What a meeting says; changed, it voids what was signed, and the page says how many."""
    chain, which, actor, now = seen_chain(request, pk), _meeting(meeting), actor_of(request), timezone.now()
    WRITE_BRIEFING.require(actor, chain, at=now)
    part = board_of(chain).part(which)
    is_ahead = state_of(chain.stage, which) in ("next", "locked") and RUN_CHAIN.allows(actor, chain, at=now)
    form = TextForm(
        request.POST if request.method == "POST" else None, meeting=which,
        people=people_to_note(chain.body, local_day(now)) if is_ahead else None,
        initial={"heading": part.text.heading, "text": part.text.text} if part.text else {},
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            write_text(chain=chain, meeting=which, heading=given["heading"], text=given["text"], actor=actor, at=now)
            if given.get("briefer") is not None:
                set_briefer(chain=chain, meeting=which, briefer=given["briefer"], actor=actor, at=now)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            toasts.done(request, _("%(meeting)s的内容已存下。") % {"meeting": which.label})
            return redirect("web:site_chain", pk)
    context = {"form": form, "chain": chain, "part": part, "signed": sum(1 for row in part.signed if not row.is_void)}
    return render(request, "sitemeetings/meeting_text.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def person_came(request: HttpRequest, pk: int) -> HttpResponse:
    def act(chain: SiteChain, actor: Person, at: datetime) -> None:
        person = person_of(request, people_to_note(chain.body, chain.day))
        row = note_came(chain=chain, person=person, actor=actor, at=at)
        said = _("%(name)s已记到场，须补交底。") if row.missed else _("%(name)s已记到场。")
        toasts.done(request, said % {"name": person.name})

    return _act(request, pk, act)


@login_required
@require_POST
def person_left(request: HttpRequest, pk: int) -> HttpResponse:
    def act(chain: SiteChain, actor: Person, at: datetime) -> None:
        person = person_of(request, _on_chain(chain))
        note_left(chain=chain, person=person, actor=actor, at=at)
        toasts.done(request, _("%(name)s已记离场。") % {"name": person.name})

    return _act(request, pk, act)


@login_required
@require_POST
def person_brief(request: HttpRequest, pk: int) -> HttpResponse:
    def act(chain: SiteChain, actor: Person, at: datetime) -> None:
        person = person_of(request, _on_chain(chain))
        told = brief_late(chain=chain, person=person, actor=actor, at=at)
        said = _("已向%(name)s补交底：%(meetings)s。等本人签字。")
        toasts.done(request, said % {"name": person.name, "meetings": briefed_in_words(told)})

    return _act(request, pk, act)


@login_required
@require_POST
def minds_settle(request: HttpRequest, pk: int) -> HttpResponse:
    def act(chain: SiteChain, actor: Person, at: datetime) -> None:
        count = settle_all(chain=chain, actor=actor, at=at)
        toasts.done(request, _("%(count)s 人已确认三定。") % {"count": count})

    return _act(request, pk, act)


@login_required
@require_POST
def mind_set(request: HttpRequest, pk: int) -> HttpResponse:
    def act(chain: SiteChain, actor: Person, at: datetime) -> None:
        person = person_of(request, _on_chain(chain))
        is_settled = request.POST.get("settled") == "1"
        set_mind(chain=chain, person=person, is_settled=is_settled, actor=actor, at=at)
        said = _("%(name)s已确认三定。") if is_settled else _("%(name)s记为需谈心，组员看不到。")
        toasts.done(request, said % {"name": person.name})

    return _act(request, pk, act)


@login_required
@require_POST
def talk_hold(request: HttpRequest, pk: int, row: int) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    found = get_object_or_404(
        ChainPerson.objects.select_related("chain", "person"), pk=row, chain=seen_chain(request, pk)
    )
    try:
        hold_talk(row=found, actor=actor, at=now)
    except NotAllowed:
        raise Http404 from None
    except DomainError as error:
        toasts.refused(request, str(error))
    else:
        toasts.done(request, _("已记谈心。"))
    return redirect("web:site_meetings")


@login_required
@require_POST
def chain_off(request: HttpRequest, pk: int) -> HttpResponse:
    chain, form = seen_chain(request, pk), OffForm(request.POST)
    if form.is_valid():
        try:
            call_off_chain(chain=chain, reason=form.cleaned_data["reason"], actor=actor_of(request), at=timezone.now())
        except NotAllowed:
            raise
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            toasts.done(request, _("现场三会已取消。"))
            return redirect("web:site_chain", pk)
    context = chain_context(request, chain, off_form=form)
    return render(request, "sitemeetings/chain_detail.html", context, status=422)


def _meeting(name: str) -> Meeting:
    if name not in Meeting.values:
        raise Http404
    return Meeting(name)


def _on_chain(chain: SiteChain) -> Any:
    return Person.objects.filter(site_days__chain=chain)


def _act(request: HttpRequest, pk: int, act: Act) -> HttpResponse:
    """Do one act on a chain; a refusal is said where the reader looks, and the page shows how things stand."""
    chain = seen_chain(request, pk)
    try:
        act(chain, actor_of(request), timezone.now())
    except NotAllowed:
        raise
    except DomainError as error:
        toasts.refused(request, str(error))
    return _back(request, pk)


def _back(request: HttpRequest, pk: int) -> HttpResponse:
    if not request.htmx:  # type: ignore[attr-defined]
        return redirect("web:site_chain", pk)
    context = chain_context(request, seen_chain(request, pk))
    return render(request, "sitemeetings/chain_detail.html#chain", context)
