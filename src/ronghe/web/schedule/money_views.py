"""投资: estimate, changes, contracts and payments by lot, with source and who vouches."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ronghe.domain.schedule.documents import money_rows
from ronghe.domain.schedule.enums import AMOUNT_FLOW, AmountKind, AmountState
from ronghe.domain.schedule.models import Amount
from ronghe.domain.schedule.rules import VOUCH_AMOUNT, WITHDRAW_AMOUNT
from ronghe.domain.schedule.selectors.figures import money_of
from ronghe.domain.schedule.services.money import enter_amount, vouch_amount, withdraw_amount
from ronghe.kernel.errors import DomainError, NotAllowed
from ronghe.kernel.tabular.writing import SheetOut
from ronghe.ui import toasts
from ronghe.web.files import excel_answer
from ronghe.web.requests import actor_of
from ronghe.web.schedule.forms import WAN, AmountForm
from ronghe.web.schedule.presenting import act, plan_context, seen_schedule

SHAPES = {AmountState.ENTERED: "due", AmountState.VOUCHED: "done", AmountState.WITHDRAWN: "waived"}
SHOWN = 200


@login_required
def money(request: HttpRequest, project: int) -> HttpResponse:
    """The money of a project; posted, an amount is entered."""
    schedule = seen_schedule(request, project)
    actor, now = actor_of(request), timezone.now()
    lots = schedule.lots.order_by("pk")
    form = AmountForm(
        request.POST if request.method == "POST" else None, lots=lots, initial={"day": timezone.localdate(now)}
    )
    if request.method == "POST" and form.is_valid():
        given = form.given
        try:
            enter_amount(schedule=schedule, actor=actor, at=now, **{**given, "kind": AmountKind(given["kind"])})
        except NotAllowed:
            raise
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            toasts.done(request, _("已登记，核实以后计入合计。"))
            return redirect("web:schedule_money", project)
    found = money_of(schedule)
    vouches, withdraws = (permission.sight_of(actor, now) for permission in (VOUCH_AMOUNT, WITHDRAW_AMOUNT))
    keys = [row.pk for row in found.amounts[:SHOWN]]
    may_vouch, may_withdraw = (
        set(sight.narrow(Amount.objects.filter(pk__in=keys), walk=True).values_list("pk", flat=True))
        for sight in (vouches, withdraws)
    )
    context = plan_context(request, schedule, "money") | {
        "found": found, "form": form, "total": found.total, "ceiling_wan": _wan(found.total.ceiling),
        "figures": [(label, _wan(getattr(found.total, name))) for name, label in AmountKind.choices if name != AmountKind.BUDGET or found.total.budget],
        "amounts": [
            (row, SHAPES[AmountState(row.state)], row.pk in may_vouch and AMOUNT_FLOW.allows(row, "vouch"),
             row.pk in may_withdraw and AMOUNT_FLOW.allows(row, "withdraw"))
            for row in found.amounts[:SHOWN]
        ],
    }  # fmt: skip
    return render(request, "schedule/money.html", context, status=422 if form.errors else 200)


@login_required
def money_export(request: HttpRequest, project: int) -> FileResponse:
    schedule = seen_schedule(request, project)
    found = money_of(schedule)
    sheets = [
        SheetOut(title=title, head=heads, rows=rows, widths=widths) for title, heads, rows, widths in money_rows(found)
    ]
    return excel_answer(sheets, f"{schedule.project.name}_{_('投资')}.xlsx")


@login_required
@require_POST
def amount_vouch(request: HttpRequest, pk: int) -> HttpResponse:
    amount, back = _seen(request, pk)
    return act(request, lambda a, t: vouch_amount(amount=amount, actor=a, at=t), _("已核实，计入合计。"), back)


@login_required
@require_POST
def amount_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    amount, back = _seen(request, pk)
    reason = request.POST.get("reason", "")
    return act(
        request,
        lambda a, t: withdraw_amount(amount=amount, reason=reason, actor=a, at=t),
        _("已撤下，留有记录。"),
        back,
    )


def _seen(request: HttpRequest, pk: int) -> tuple[Amount, str]:
    amount = get_object_or_404(Amount.objects.select_related("schedule__project"), pk=pk)
    schedule = seen_schedule(request, amount.schedule.project_id)
    return amount, reverse("web:schedule_money", args=[schedule.project_id])


def _wan(yuan: Any) -> Any:
    return None if yuan is None else yuan / WAN
