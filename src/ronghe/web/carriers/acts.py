"""Acts on a carrier: a button where nothing is asked, a form beside which a refusal stands where something is."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from ronghe.domain.carriers.enums import EndReason, Part, ReviewGrade
from ronghe.domain.carriers.models import Carrier, CarrierResult, PromiseLine
from ronghe.domain.carriers.selectors.carriers import may_belong
from ronghe.domain.carriers.selectors.promises import records_offered
from ronghe.domain.carriers.services.people import add_member, remove_member
from ronghe.domain.carriers.services.promises import add_promise, drop_promise
from ronghe.domain.carriers.services.proposing import (
    approve_carrier,
    return_carrier,
    submit_carrier,
    withdraw_carrier,
)
from ronghe.domain.carriers.services.running import (
    end_carrier,
    renew_carrier,
    review_carrier,
    take_back_result,
    write_result,
)
from ronghe.domain.org.models import Person
from ronghe.kernel.errors import DomainError, NotAllowed
from ronghe.kernel.words import _
from ronghe.ui import toasts
from ronghe.web.carriers.forms import (
    EndForm,
    MemberForm,
    PromiseForm,
    ReasonForm,
    RenewForm,
    ResultForm,
    ReviewForm,
    records_of,
)
from ronghe.web.carriers.presenting import carrier_context
from ronghe.web.carriers.views import seen_carrier
from ronghe.web.requests import actor_of

Act = Callable[[Carrier, Person, datetime], Any]


@login_required
@require_POST
def carrier_approve(request: HttpRequest, pk: int) -> HttpResponse:
    def act(carrier: Carrier, actor: Person, at: datetime) -> None:
        approve_carrier(carrier=carrier, actor=actor, at=at)

    return _act(request, pk, act, _("已批准，承诺已公示。"))


@login_required
@require_POST
def carrier_submit(request: HttpRequest, pk: int) -> HttpResponse:
    def act(carrier: Carrier, actor: Person, at: datetime) -> None:
        submit_carrier(carrier=carrier, actor=actor, at=at)

    return _act(request, pk, act, _("已重新提交。"))


@login_required
@require_POST
def carrier_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    def act(carrier: Carrier, actor: Person, at: datetime) -> None:
        withdraw_carrier(carrier=carrier, actor=actor, at=at)

    return _act(request, pk, act, _("已撤回。"))


@login_required
@require_POST
def carrier_return(request: HttpRequest, pk: int) -> HttpResponse:
    form = ReasonForm(request.POST)

    def act(carrier: Carrier, actor: Person, at: datetime) -> None:
        return_carrier(carrier=carrier, reason=form.cleaned_data["reason"], actor=actor, at=at)

    return _act(request, pk, act, _("已退回。"), form=form)


@login_required
@require_POST
def member_add(request: HttpRequest, pk: int) -> HttpResponse:
    carrier = seen_carrier(request, pk)
    zone_body = carrier.zone.body_id if carrier.zone else None
    form = MemberForm(request.POST, people=may_belong(carrier.body, zone_body, timezone.now()))

    def act(carrier: Carrier, actor: Person, at: datetime) -> None:
        typed = form.cleaned_data
        add_member(
            carrier=carrier, person=typed["person"], part=Part(typed["part"]), duty=typed["duty"], actor=actor, at=at
        )

    return _act(request, pk, act, _("已编入。"), form=form)


@login_required
@require_POST
def member_remove(request: HttpRequest, pk: int, member: int) -> HttpResponse:
    carrier = seen_carrier(request, pk)
    row = get_object_or_404(carrier.members.filter(valid_until=None).select_related("carrier", "person"), pk=member)

    def act(_carrier: Carrier, actor: Person, at: datetime) -> None:
        remove_member(member=row, actor=actor, at=at)

    return _act(request, pk, act, _("已退出。"))


@login_required
@require_POST
def promise_add(request: HttpRequest, pk: int) -> HttpResponse:
    form = PromiseForm(request.POST)

    def act(carrier: Carrier, actor: Person, at: datetime) -> None:
        add_promise(carrier=carrier, promised=form.promised(), actor=actor, at=at)

    return _act(request, pk, act, _("承诺已加上。"), form=form)


@login_required
@require_POST
def promise_drop(request: HttpRequest, pk: int, promise: int) -> HttpResponse:
    rows = PromiseLine.objects.filter(carrier=seen_carrier(request, pk)).select_related("carrier", "item__owner")
    line = get_object_or_404(rows, pk=promise)

    def act(_carrier: Carrier, actor: Person, at: datetime) -> None:
        drop_promise(line=line, actor=actor, at=at)

    return _act(request, pk, act, _("承诺已划去。"))


@login_required
@require_POST
def result_add(request: HttpRequest, pk: int) -> HttpResponse:
    offered = records_offered(seen_carrier(request, pk), actor_of(request), timezone.now())
    form = ResultForm(request.POST, records=offered)

    def act(carrier: Carrier, actor: Person, at: datetime) -> None:
        typed = form.cleaned_data
        write_result(
            carrier=carrier, text=typed["text"], figure=typed["figure"], unit=typed["unit"],
            records=records_of(form).chosen(typed["records"]), actor=actor, at=at,
        )  # fmt: skip

    return _act(request, pk, act, _("成果已记下。"), form=form)


@login_required
@require_POST
def result_take_back(request: HttpRequest, pk: int, result: int) -> HttpResponse:
    rows = CarrierResult.objects.filter(carrier=seen_carrier(request, pk)).select_related("carrier")
    row = get_object_or_404(rows, pk=result)

    def act(_carrier: Carrier, actor: Person, at: datetime) -> None:
        take_back_result(result=row, actor=actor, at=at)

    return _act(request, pk, act, _("成果已撤下，记录留着。"))


@login_required
@require_POST
def carrier_review(request: HttpRequest, pk: int) -> HttpResponse:
    form = ReviewForm(request.POST)

    def act(carrier: Carrier, actor: Person, at: datetime) -> None:
        typed = form.cleaned_data
        review_carrier(carrier=carrier, grade=ReviewGrade(typed["grade"]), text=typed["text"], actor=actor, at=at)

    return _act(request, pk, act, _("评议已记下。"), form=form)


@login_required
@require_POST
def carrier_renew(request: HttpRequest, pk: int) -> HttpResponse:
    form = RenewForm(request.POST)

    def act(carrier: Carrier, actor: Person, at: datetime) -> None:
        renew_carrier(carrier=carrier, actor=actor, at=at, **form.cleaned_data)

    return _act(request, pk, act, _("已续期。"), form=form)


@login_required
@require_POST
def carrier_end(request: HttpRequest, pk: int) -> HttpResponse:
    form = EndForm(request.POST)

    def act(carrier: Carrier, actor: Person, at: datetime) -> None:
        typed = form.cleaned_data
        end_carrier(carrier=carrier, reason=EndReason(typed["reason"]), note=typed["note"], actor=actor, at=at)

    return _act(request, pk, act, _("已结束，承诺和成果都留着。"), form=form)


def _act(request: HttpRequest, pk: int, act: Act, said: str, *, form: Any = None) -> HttpResponse:
    """Do an act; what stands against it is said beside the form, with what was typed, or where the reader looks."""
    carrier = seen_carrier(request, pk)
    if form is None or form.is_valid():
        try:
            act(carrier, actor_of(request), timezone.now())
        except NotAllowed:
            raise
        except DomainError as error:
            if form is None:
                toasts.refused(request, str(error))
                return redirect("web:carrier_detail", pk)
            form.add_error(None, str(error))
        else:
            toasts.done(request, said)
            return redirect("web:carrier_detail", pk)
    carrier = seen_carrier(request, pk)
    return render(request, "carriers/carrier_detail.html", carrier_context(request, carrier, failed=form), status=422)
