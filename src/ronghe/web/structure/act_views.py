"""Acts on bodies: proposed in a form, shown with what they would do, decided, withdrawn, noted."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from ronghe.domain.org.enums import PartyOrgKind
from ronghe.domain.org.models import PartyOrg, Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.org.selectors.people import bodies_seen_by, units_seen_by
from ronghe.domain.structure.calc.placing import kinds_below
from ronghe.domain.structure.enums import ACT_FLOW, OPEN_STATES, ActKind, ActState
from ronghe.domain.structure.models import BodyAct
from ronghe.domain.structure.rules import DECIDE_ACT, NOTE_ACT, PROPOSE_ACT, WITHDRAW_ACT
from ronghe.domain.structure.selectors.acts import acts_seen_by, acts_to_decide, acts_to_note, list_acts
from ronghe.domain.structure.selectors.previews import preview_of
from ronghe.domain.structure.services.deciding import approve_act, note_act, refuse_act, withdraw_act
from ronghe.domain.structure.services.proposing import propose_act
from ronghe.kernel.errors import DomainError
from ronghe.ui import toasts
from ronghe.web.paging import asked_page, number_of, page_of
from ronghe.web.requests import actor_of
from ronghe.web.structure.affected import affected_by
from ronghe.web.structure.forms import FORMS, ActForm, ApproveForm, FoundForm, ReasonForm, acts_offered

OPEN = "open"
STATES = [
    (OPEN, gettext_lazy("在办")),
    (ActState.CARRIED_OUT.value, gettext_lazy("已生效")),
    (ActState.REFUSED.value, gettext_lazy("未批准")),
    ("all", gettext_lazy("全部")),
]
SHAPES = {
    ActState.PROPOSED: "due",
    ActState.APPROVED: "running",
    ActState.CARRIED_OUT: "done",
    ActState.REFUSED: "failed",
    ActState.WITHDRAWN: "waived",
}


@login_required
def body_acts(request: HttpRequest) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    state = request.GET.get("state", OPEN)
    filters = Q()
    if state in ActState.values:
        filters = Q(state=state)
    elif state != "all":
        filters = Q(state__in=OPEN_STATES)
    page = page_of(list_acts(actor, now, filters=filters, page=asked_page(request)))
    context = {
        "page": page,
        "lines": [(act, shape_of(act, now)) for act in page.object_list],
        "states": STATES,
        "to_decide": list(acts_to_decide(actor, now)),
        "to_note": list(acts_to_note(actor, now)),
        "can_propose": PROPOSE_ACT.narrow(actor, PartyOrg.objects.filter(valid_until=None), at=now).exists(),
    }
    return render(request, "structure/act_list.html", context)


@login_required
def body_act_create(request: HttpRequest) -> HttpResponse:
    """A form for the act that the query string names; without one, the acts and bodies to choose from."""
    actor, now = actor_of(request), timezone.now()
    mine = PROPOSE_ACT.narrow(actor, PartyOrg.objects.filter(valid_until=None), at=now)
    if not mine.exists():
        raise Http404
    act, body, parent = _asked(request, mine)
    if act is None or (act == ActKind.FOUND and parent is None) or (act != ActKind.FOUND and body is None):
        rows = mine.select_related("parent").order_by("name", "pk")
        choices = {"acts": ActKind.choices, "asked_act": act, "offered": rows[:400]}
        return render(request, "structure/act_choose.html", choices)
    kind = request.GET.get("kind", "")
    if act == ActKind.FOUND and parent is not None and kind not in kinds_below(parent.kind):
        kinds = [(one, PartyOrgKind(one).label) for one in kinds_below(parent.kind)]
        return render(request, "structure/act_kind.html", {"parent": parent, "kinds": kinds})
    form = _form(request, act, body, parent, kind)
    if request.method == "POST" and form.is_valid():
        try:
            made = propose_act(wanted=form.wanted(), actor=actor, at=now)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            toasts.done(request, _said(made))
            return redirect("web:body_act_detail", made.pk)
    context = {"form": form, "act": act, "act_word": act.label, "org": body, "parent": parent,
               "kind_word": PartyOrgKind(kind).label if kind else ""}  # fmt: skip
    return render(request, "structure/act_form.html", context, status=422 if form.errors else 200)


@login_required
def body_act_detail(request: HttpRequest, pk: int) -> HttpResponse:
    return render(request, "structure/act_detail.html", _context(request, _seen(request, pk)))


@login_required
@require_POST
def body_act_approve(request: HttpRequest, pk: int) -> HttpResponse:
    def do(act: BodyAct, actor: Person, given: dict[str, Any]) -> str:
        return _said(approve_act(act=act, actor=actor, at=timezone.now(), **given))

    return _act(request, pk, ApproveForm(request.POST), do)


@login_required
@require_POST
def body_act_refuse(request: HttpRequest, pk: int) -> HttpResponse:
    def do(act: BodyAct, actor: Person, given: dict[str, Any]) -> str:
        refuse_act(act=act, actor=actor, at=timezone.now(), **given)
        return _("已退回，提出人会看到原因。")

    return _act(request, pk, ReasonForm(request.POST), do)


@login_required
@require_POST
def body_act_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    def do(act: BodyAct, actor: Person, _given: dict[str, Any]) -> str:
        withdraw_act(act=act, actor=actor, at=timezone.now())
        return _("已撤回。")

    return _act(request, pk, None, do)


@login_required
@require_POST
def body_act_note(request: HttpRequest, pk: int) -> HttpResponse:
    def do(act: BodyAct, actor: Person, _given: dict[str, Any]) -> str:
        note_act(act=act, actor=actor, at=timezone.now())
        return _("已登记知晓。")

    return _act(request, pk, None, do)


def shape_of(act: BodyAct, now: datetime) -> str:
    """Return the shape in which the state is shown; what is late by PO-11 stands out."""
    return "late" if act.is_overdue(local_day(now)) else SHAPES[ActState(act.state)]


def _asked(request: HttpRequest, mine: Any) -> tuple[ActKind | None, PartyOrg | None, PartyOrg | None]:
    """Return act, body and parent of the query string; whatever is none of mine is as if it were absent."""
    word = request.GET.get("act", "")
    act = ActKind(word) if word in ActKind.values else None
    rows = mine.select_related("parent")
    body = rows.filter(pk=number_of(request.GET.get("body")) or 0).first()
    parent = rows.filter(pk=number_of(request.GET.get("parent")) or 0).first()
    if act == ActKind.FOUND and parent is None:
        parent = body
    return act, body, parent


def _form(
    request: HttpRequest, act: ActKind, body: PartyOrg | None, parent: PartyOrg | None, kind: str
) -> ActForm | FoundForm:
    actor, now = actor_of(request), timezone.now()
    bodies = bodies_seen_by(actor, now)
    initial = {"effective_on": local_day(now), "name": body.name if body is not None and act == ActKind.RENAME else ""}
    if act == ActKind.FOUND and parent is not None:
        units = units_seen_by(actor, now)
        return FoundForm(
            request.POST or None, parent=parent, body_kind=PartyOrgKind(kind), units=units, body=None, bodies=bodies,
            initial=initial,
        )  # fmt: skip
    return FORMS[act](request.POST or None, body=body, bodies=bodies, initial=initial)


def _said(act: BodyAct) -> str:
    if act.state == ActState.CARRIED_OUT:
        return _("已生效。")
    if act.state == ActState.APPROVED:
        return _("已批准，到生效日期自动办理。")
    return _("已提出，等“%(body)s”批准。") % {"body": act.approver.name}


def _act(
    request: HttpRequest, pk: int, form: Any, do: Callable[[BodyAct, Person, dict[str, Any]], str]
) -> HttpResponse:
    """Do one step of an act; a refusal stands on its page, with what was typed."""
    act = _seen(request, pk)
    if form is not None and not form.is_valid():
        return render(request, "structure/act_detail.html", _context(request, act, failed=form), status=422)
    try:
        said = do(act, actor_of(request), form.cleaned_data if form is not None else {})
    except DomainError as error:
        if form is None or error.status == 403:
            toasts.refused(request, str(error))
            return redirect("web:body_act_detail", pk)
        form.add_error(None, str(error))
        fresh = _seen(request, pk)
        return render(request, "structure/act_detail.html", _context(request, fresh, failed=form), status=422)
    toasts.done(request, said)
    return redirect("web:body_act_detail", pk)


def _seen(request: HttpRequest, pk: int) -> BodyAct:
    return get_object_or_404(acts_seen_by(actor_of(request), timezone.now()), pk=pk)


def _context(request: HttpRequest, act: BodyAct, *, failed: Any = None) -> dict[str, Any]:
    actor, now = actor_of(request), timezone.now()
    is_open = act.state in OPEN_STATES
    return {
        "act": act,
        "shape": shape_of(act, now),
        "is_overdue": act.is_overdue(local_day(now)),
        "preview": preview_of(act) if is_open else None,
        "affected": affected_by(act) if is_open else [],
        "parts": list(act.parts.select_related("body").order_by("place", "number")),
        "covered": [row.unit for row in act.covered.select_related("unit").order_by("pk")],
        "can_decide": ACT_FLOW.allows(act, "approve") and DECIDE_ACT.allows(actor, act, at=now),
        "can_withdraw": ACT_FLOW.allows(act, "withdraw") and WITHDRAW_ACT.allows(actor, act, at=now),
        "can_note": act.reports_to_id is not None
        and act.known_at is None
        and act.state == ActState.CARRIED_OUT
        and NOTE_ACT.allows(actor, act, at=now),
        "approve_form": failed if isinstance(failed, ApproveForm) else ApproveForm(
            initial={"approval_ref": act.approval_ref or ""}
        ),
        "reason_form": failed if isinstance(failed, ReasonForm) else ReasonForm(),
    }  # fmt: skip


def act_links(body: PartyOrg, actor: Person, now: datetime) -> list[tuple[str, str, str]]:
    """Return the acts that the page of a body offers: query string, word and icon; none without the right."""
    if body.valid_until is not None or not PROPOSE_ACT.allows(actor, body, at=now):
        return []
    offered = [(f"?act={kind}&body={body.pk}", str(kind.label), "org") for kind in acts_offered(body)]
    if kinds_below(body.kind):
        offered.insert(0, (f"?act={ActKind.FOUND}&parent={body.pk}", _("在下面设立"), "plus"))
    return offered
