"""The text on the table: a new version, what a version changed, remarks, consents."""

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

from ronghe.domain.agreements.calc.diff import content_diff
from ronghe.domain.agreements.enums import AgreementKind, AgreementState
from ronghe.domain.agreements.models import Agreement, AgreementComment, AgreementParty
from ronghe.domain.agreements.rules import SEE_NEGOTIATION
from ronghe.domain.agreements.selectors.negotiation import content_of, side_states, version_on_table
from ronghe.domain.agreements.selectors.sides import officers_to_name
from ronghe.domain.agreements.services.drafting import call_off
from ronghe.domain.agreements.services.negotiating import (
    comment,
    consent,
    revise,
    settle_comment,
    withdraw_consent,
)
from ronghe.domain.org.models import Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.kernel.errors import DomainError, NotAllowed
from ronghe.ui import toasts
from ronghe.web.agreements.forms import (
    CommentForm,
    GoalFormSet,
    SectionFormSet,
    TextForm,
    content_typed,
    initial_of,
)
from ronghe.web.agreements.presenting import page_context, places_of, seen, spoken_for, version_of
from ronghe.web.paging import number_of
from ronghe.web.requests import actor_of


@login_required
def agreement_edit(request: HttpRequest, pk: int) -> HttpResponse:
    agreement = seen(request, pk)
    party = spoken_for(request, agreement)
    if agreement.state != AgreementState.NEGOTIATING:
        toasts.refused(request, _("现在的状态是“%(state)s”，不能改文本。") % {"state": agreement.get_state_display()})
        return redirect("web:agreement_detail", pk)
    version = version_on_table(agreement)
    known = content_of(version)
    officers = None
    if agreement.kind == AgreementKind.SAFETY:
        officers = officers_to_name(agreement, local_day(timezone.now()))
    first, sections, goals = initial_of(known)
    given = request.POST if request.method == "POST" else None
    first |= {"base": version.number, "safety_officer": agreement.safety_officer_id}
    forms = (
        TextForm(given, officers=officers, initial=first),
        SectionFormSet(given, prefix="section", initial=sections),
        GoalFormSet(given, prefix="goal", initial=goals),
    )
    sound = [form.is_valid() for form in forms] if given is not None else [False]  # each asked, to show all faults
    if all(sound):
        text = forms[0]
        typed = text.cleaned_data
        try:
            made = revise(
                agreement=agreement, party=party, content=content_typed(*forms, known=known), base=typed["base"],
                note_text=typed["note"], safety_officer=typed.get("safety_officer"), consents=typed["consents"],
                actor=actor_of(request), at=timezone.now(),
            )  # fmt: skip
        except DomainError as error:
            text.add_error(None, str(error))
        else:
            toasts.done(request, _said(made.number, side_states(agreement, version)))
            return redirect("web:agreement_detail", pk)
    is_wrong = given is not None
    context = {
        "agreement": agreement, "version": version, "party": party, "text": forms[0], "sections": forms[1],
        "goals": forms[2], "is_safety": officers is not None,
    }  # fmt: skip
    return render(request, "agreements/agreement_edit.html", context, status=422 if is_wrong else 200)


def _said(number: int, sides: list[Any]) -> str:
    """Say which consents the new version made worthless."""
    dropped = [side.party.name for side in sides if side.consent]
    if not dropped:
        return _("已存为第 %(number)s 稿。") % {"number": number}
    return _("已存为第 %(number)s 稿，%(sides)s对上一稿的同意已失效，要重新同意。") % {
        "number": number, "sides": _("、").join(dropped),
    }  # fmt: skip


@login_required
def agreement_version(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """One version beside the one before it, or beside `?against=`."""
    agreement = seen(request, pk)
    if not SEE_NEGOTIATION.allows(actor_of(request), agreement, at=timezone.now()):
        raise Http404
    version = version_of(agreement, number)
    against = number_of(request.GET.get("against"))
    against = number - 1 if against is None or against == number else against
    before = version_of(agreement, against) if against > 0 else None
    content = content_of(version)
    context = {
        "agreement": agreement, "version": version, "before": before, "content": content,
        "parts": content_diff(content_of(before), content) if before is not None else None,
        "places": places_of(content, []), "numbers": range(1, agreement.current + 1),
    }  # fmt: skip
    return render(request, "agreements/agreement_version.html", context)


@login_required
@require_POST
def agreement_comment(request: HttpRequest, pk: int) -> HttpResponse:
    agreement, form = seen(request, pk), CommentForm(request.POST)

    def act(party: AgreementParty, actor: Person, at: datetime) -> None:
        given = form.cleaned_data
        answered = None
        if given["reply_to"]:
            answered = get_object_or_404(AgreementComment, pk=given["reply_to"], agreement=agreement)
        comment(
            agreement=agreement, party=party, text=given["text"], section=given["section"], reply_to=answered,
            actor=actor, at=at,
        )  # fmt: skip

    return _act(request, agreement, act, form=form, said=_("已提出，对方看得到。"))


@login_required
@require_POST
def agreement_comment_settle(request: HttpRequest, pk: int, comment_id: int) -> HttpResponse:
    agreement = seen(request, pk)
    rows = AgreementComment.objects.select_related("agreement")
    remark = get_object_or_404(rows, pk=comment_id, agreement=agreement, reply_to=None)
    is_settled = remark.settled_at is None

    def act(party: AgreementParty, actor: Person, at: datetime) -> None:
        settle_comment(remark=remark, party=party, is_settled=is_settled, actor=actor, at=at)

    return _act(request, agreement, act, said=_("意见已办结。") if is_settled else _("意见又打开了。"))


@login_required
@require_POST
def agreement_consent(request: HttpRequest, pk: int) -> HttpResponse:
    agreement = seen(request, pk)
    number = number_of(request.POST.get("number")) or 0

    def act(party: AgreementParty, actor: Person, at: datetime) -> None:
        consent(agreement=agreement, party=party, number=number, actor=actor, at=at)

    return _act(request, agreement, act, said=_("已同意第 %(number)s 稿。") % {"number": number})


@login_required
@require_POST
def agreement_consent_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    agreement = seen(request, pk)

    def act(party: AgreementParty, actor: Person, at: datetime) -> None:
        withdraw_consent(agreement=agreement, party=party, actor=actor, at=at)

    return _act(request, agreement, act, said=_("同意已撤回。"))


@login_required
@require_POST
def agreement_call_off(request: HttpRequest, pk: int) -> HttpResponse:
    agreement = seen(request, pk)

    def act(party: AgreementParty, actor: Person, at: datetime) -> None:
        call_off(agreement=agreement, party=party, actor=actor, at=at)

    return _act(request, agreement, act, said=_("已取消，文本留存可查。"))


def _act(
    request: HttpRequest, agreement: Agreement, act: Callable[[AgreementParty, Person, datetime], None], *, said: str,
    form: Any = None,
) -> HttpResponse:  # fmt: skip
    """Do one act for the side spoken for; what stands against it is said with what was typed."""
    if form is not None and not form.is_valid():
        return _again(request, agreement, form)
    try:
        act(spoken_for(request, agreement), actor_of(request), timezone.now())
    except DomainError as error:
        if form is None or isinstance(error, NotAllowed):
            raise
        form.add_error(None, str(error))
        return _again(request, agreement, form)
    toasts.done(request, said)
    return redirect("web:agreement_detail", agreement.pk)


def _again(request: HttpRequest, agreement: Agreement, form: Any) -> HttpResponse:
    context = page_context(request, agreement, failed=form)
    return render(request, "agreements/agreement_detail.html", context, status=422)
