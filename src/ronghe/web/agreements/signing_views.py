"""签字: who signs for a side, the sheet that is signed, refusing."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ronghe.domain.agreements.enums import AgreementState
from ronghe.domain.agreements.models import Agreement, SigningAuthorization
from ronghe.domain.agreements.rules import SIGN_BY_POST
from ronghe.domain.agreements.selectors.negotiation import content_of, side_states, version_on_table
from ronghe.domain.agreements.selectors.sides import acting_of, people_of_side
from ronghe.domain.agreements.services.signing import (
    authorize_signer,
    refuse_to_sign,
    sign,
    withdraw_authorization,
)
from ronghe.domain.org.rules.reaches import local_day
from ronghe.kernel.errors import DomainError, NotAllowed
from ronghe.ui import toasts
from ronghe.web.agreements.forms import ReasonForm, SignerForm
from ronghe.web.agreements.presenting import chosen_side, page_context, places_of, seen
from ronghe.web.requests import actor_of


@login_required
def agreement_sign(request: HttpRequest, pk: int) -> HttpResponse:
    """The sheet: the text that is signed, its digest, who has signed; one act at the end."""
    agreement = seen(request, pk)
    if request.method == "POST":
        sides = acting_of(agreement, actor_of(request), timezone.now()).signs
        sign(
            agreement=agreement, party=chosen_side(request, sides), digest=request.POST.get("digest", ""),
            actor=actor_of(request), at=timezone.now(),
        )  # fmt: skip
        agreement.refresh_from_db()
        said = _("已签字，意向书生效。") if agreement.state == AgreementState.IN_FORCE else _("已签字。")
        toasts.done(request, said)
        return redirect("web:agreement_detail", pk)
    if agreement.state != AgreementState.SIGNING:
        return redirect("web:agreement_detail", pk)
    return render(request, "agreements/agreement_sign.html", _sheet(request, agreement, ReasonForm()))


@login_required
@require_POST
def agreement_refuse(request: HttpRequest, pk: int) -> HttpResponse:
    agreement, form = seen(request, pk), ReasonForm(request.POST)
    if not form.is_valid():
        return render(request, "agreements/agreement_sign.html", _sheet(request, agreement, form), status=422)
    sides = acting_of(agreement, actor_of(request), timezone.now()).signs
    refuse_to_sign(
        agreement=agreement, party=chosen_side(request, sides), reason=form.cleaned_data["reason"],
        actor=actor_of(request), at=timezone.now(),
    )  # fmt: skip
    toasts.done(request, _("已拒签，回到协商。改出新稿后各方重新同意。"))
    return redirect("web:agreement_detail", pk)


@login_required
@require_POST
def agreement_authorize(request: HttpRequest, pk: int) -> HttpResponse:
    agreement, now = seen(request, pk), timezone.now()
    party = chosen_side(request, acting_of(agreement, actor_of(request), now).names)
    form = SignerForm(request.POST, people=people_of_side(party, local_day(now)))
    if form.is_valid():
        try:
            authorize_signer(party=party, actor=actor_of(request), at=now, **form.cleaned_data)
        except DomainError as error:
            if isinstance(error, NotAllowed):
                raise
            form.add_error(None, str(error))
        else:
            toasts.done(request, _("已授权%(name)s签字。") % {"name": form.cleaned_data["person"].name})
            return redirect("web:agreement_detail", pk)
    context = page_context(request, agreement, failed=form)
    return render(request, "agreements/agreement_detail.html", context, status=422)


@login_required
@require_POST
def agreement_authorization_withdraw(request: HttpRequest, pk: int, authorization: int) -> HttpResponse:
    agreement = seen(request, pk)
    rows = SigningAuthorization.objects.filter(party__agreement=agreement).select_related("party__agreement")
    withdraw_authorization(
        authorization=get_object_or_404(rows, pk=authorization), actor=actor_of(request), at=timezone.now()
    )
    toasts.done(request, _("授权已收回。"))
    return redirect("web:agreement_detail", pk)


def _sheet(request: HttpRequest, agreement: Agreement, form: ReasonForm) -> dict[str, Any]:
    actor, now = actor_of(request), timezone.now()
    version = version_on_table(agreement)
    sides = side_states(agreement, version)
    signed = {side.party.pk for side in sides if side.signature}
    mine = [side for side in acting_of(agreement, actor, now).signs if side.pk not in signed]
    content = content_of(version)
    return {
        "agreement": agreement, "version": version, "content": content, "places": places_of(content, []),
        "sides": sides, "mine": mine, "form": form,
        "by_post": {side.pk for side in mine if SIGN_BY_POST.allows(actor, side, at=now)},
    }  # fmt: skip
