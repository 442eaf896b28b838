"""The own record: corrections asked and decided, and the member card with identity shown (亮身份)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ronghe.domain.members.enums import CORRECTION_FLOW, CorrectionField
from ronghe.domain.members.models import RecordCorrection
from ronghe.domain.members.rules import DECIDE_CORRECTION
from ronghe.domain.members.selectors.cards import consent_of, face_of, unasked_face
from ronghe.domain.members.selectors.corrections import (
    corrections_of,
    corrections_seen_by,
    corrections_waiting,
    shown,
)
from ronghe.domain.members.services.cards import hide_card, show_card
from ronghe.domain.members.services.corrections import (
    accept_correction,
    ask_correction,
    open_correction,
    refuse_correction,
    withdraw_correction,
)
from ronghe.domain.org.rules import SEE_IDENTITY
from ronghe.domain.rhythm.services.codes import CardRefused, member_card, person_of_card
from ronghe.kernel.calendar.moments import day_of
from ronghe.kernel.errors import DomainError
from ronghe.ui import toasts
from ronghe.web.members.acting import ActPage, act_page, posted
from ronghe.web.members.forms import CorrectionForm, RefusalForm
from ronghe.web.requests import actor_of

SHOWN = 50


@login_required
def correction_list(request: HttpRequest) -> HttpResponse:
    """What waits for the reader to decide, and what became of what the reader asked for."""
    actor, now = actor_of(request), timezone.now()
    context = {
        "waiting": [shown(row) for row in corrections_waiting(actor, now)[:SHOWN]],
        "mine": [shown(row) for row in corrections_of(actor)[:SHOWN]],
    }
    return render(request, "members/corrections.html", context)


@login_required
def correction_create(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)

    def act(given: dict[str, Any]) -> str:
        ask_correction(person=actor, actor=actor, at=timezone.now(), **given)
        return _("申请已交给本支部，办理结果会显示在这里。")

    asked = request.GET.get("field", "")
    initial = {"field": asked} if asked in CorrectionField.values else {}
    form = CorrectionForm(posted(request), initial=initial)
    note = _("由所在支部核实后更正。证件号和电话加密保存，只显示前 3 位和后 4 位。")
    page = ActPage(_("申请更正档案"), _("申请"), reverse("web:corrections"), _("更正申请"), note)
    return act_page(request, form, page, act)


@login_required
def correction_detail(request: HttpRequest, pk: int) -> HttpResponse:
    return _detail(request, _correction(request, pk))


@login_required
@require_POST
def correction_open(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the numbers of a request whole; a POST, since the look is recorded."""
    correction = _correction(request, pk)
    clear = open_correction(correction=correction, actor=actor_of(request), at=timezone.now())
    answer = _detail(request, correction, clear=clear)
    answer["Cache-Control"] = "no-store"
    return answer


@login_required
@require_POST
def correction_accept(request: HttpRequest, pk: int) -> HttpResponse:
    correction = _correction(request, pk)
    _must_decide(request, correction)
    try:
        accept_correction(correction=correction, actor=actor_of(request), at=timezone.now())
    except DomainError as error:
        return _detail(request, _correction(request, pk), refused=str(error))
    toasts.done(request, _("已更正，本人可以看到。"))
    return redirect("web:correction_detail", pk)


@login_required
@require_POST
def correction_refuse(request: HttpRequest, pk: int) -> HttpResponse:
    correction = _correction(request, pk)
    _must_decide(request, correction)
    form = RefusalForm(request.POST)
    if form.is_valid():
        try:
            refuse_correction(
                correction=correction, reason=form.cleaned_data["reason"], actor=actor_of(request), at=timezone.now()
            )
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            toasts.done(request, _("已退回，本人可以看到原因。"))
            return redirect("web:correction_detail", pk)
    return _detail(request, _correction(request, pk), form=form)


@login_required
@require_POST
def correction_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    correction = _correction(request, pk)
    if correction.person_id != actor_of(request).pk:
        raise Http404
    try:
        withdraw_correction(correction=correction, actor=actor_of(request), at=timezone.now())
    except DomainError as error:
        toasts.refused(request, str(error))
    else:
        toasts.done(request, _("已撤回。"))
    return redirect("web:corrections")


@login_required
def card_own(request: HttpRequest) -> HttpResponse:
    """The reader's own card; whether it shows an identity to others is the reader's to say."""
    actor, now = actor_of(request), timezone.now()
    consent = consent_of(actor)
    card = member_card(actor)
    context = {
        "person": actor, "consent": consent, "card": card,
        "check_url": request.build_absolute_uri(reverse("web:member_card_check", args=[card])),
        "face": unasked_face(actor, actor.political_status or "", day_of(now)) if actor.is_party_member else None,
    }  # fmt: skip
    return render(request, "members/card.html", context)


@login_required
@require_POST
def card_consent(request: HttpRequest) -> HttpResponse:
    """Consent, or withdraw the consent (`show=0`)."""
    actor, now = actor_of(request), timezone.now()
    hides = request.POST.get("show") == "0"
    try:
        (hide_card if hides else show_card)(person=actor, actor=actor, at=now)
    except DomainError as error:
        toasts.refused(request, str(error))
    else:
        toasts.done(
            request, _("已撤回，别人扫码看不到您的信息。") if hides else _("已同意，同事扫码能看到您的党员身份。")
        )
    return redirect("web:member_card")


@login_required
def card_check(request: HttpRequest, code: str) -> HttpResponse:
    """Whose card this is, for a colleague who scanned it; nothing of whoever does not consent."""
    try:
        face = face_of(person_of_card(code), day_of(timezone.now()))
    except CardRefused:
        face = None
    return render(request, "members/card_check.html", {"face": face}, status=200 if face is not None else 404)


def _correction(request: HttpRequest, pk: int) -> RecordCorrection:
    found: RecordCorrection = get_object_or_404(corrections_seen_by(actor_of(request), timezone.now()), pk=pk)
    return found


def _must_decide(request: HttpRequest, correction: RecordCorrection) -> None:
    if not DECIDE_CORRECTION.allows(actor_of(request), correction, at=timezone.now()):
        raise Http404


def _detail(
    request: HttpRequest, correction: RecordCorrection, *, clear: tuple[str, str] | None = None,
    form: RefusalForm | None = None, refused: str = "",
) -> HttpResponse:  # fmt: skip
    actor, now = actor_of(request), timezone.now()
    one = shown(correction)
    waits = CORRECTION_FLOW.allows(correction, "accept")
    decides = waits and correction.person_id != actor.pk and DECIDE_CORRECTION.allows(actor, correction, at=now)
    context = {
        "correction": correction, "old": clear[0] or "—" if clear else one.old, "new": clear[1] if clear else one.new,
        "field": str(CorrectionField(correction.field).label), "mark": _mark(correction), "decides": decides,
        "can_open": one.is_sealed and clear is None and _may_look(request, correction, now),
        "withdraws": waits and correction.person_id == actor.pk, "form": form or RefusalForm(), "refused": refused,
        "is_open": clear is not None,
    }  # fmt: skip
    bad = bool(refused) or (form is not None and bool(form.errors))
    return render(request, "members/correction.html", context, status=422 if bad else 200)


def _may_look(request: HttpRequest, correction: RecordCorrection, now: datetime) -> bool:
    return SEE_IDENTITY.allows(actor_of(request), correction.person, at=now)


def _mark(correction: RecordCorrection) -> str:
    marks = {"asked": "due", "accepted": "done", "refused": "failed", "withdrawn": "waived"}
    return marks[correction.state]
