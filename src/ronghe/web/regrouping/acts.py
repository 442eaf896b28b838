"""What is done on the arrange page: one service each, then back to the page; refusals become toasts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ronghe.domain.org.models import AdminUnit, PartyOrg, Person
from ronghe.domain.regrouping.calc.model import Assignment, Requirements
from ronghe.domain.regrouping.calc.plain import from_plain
from ronghe.domain.regrouping.models import GroupingProposal, Regrouping
from ronghe.domain.regrouping.selectors.asking import question_of
from ronghe.domain.regrouping.selectors.proposals import letter_name
from ronghe.domain.regrouping.services.carrying_out import carry_out, undo_carrying_out
from ronghe.domain.regrouping.services.deciding import (
    approve_regrouping,
    drop_regrouping,
    return_regrouping,
    submit_regrouping,
)
from ronghe.domain.regrouping.services.drafting import change_question, pin_person, set_apart, set_leading
from ronghe.domain.regrouping.services.moving import NoSuchPlace, move_person, put_back, swap_people
from ronghe.domain.regrouping.services.solving import ask_proposal, stop_search
from ronghe.domain.regrouping.tasks import search_proposal
from ronghe.kernel.errors import DomainError
from ronghe.ui import toasts
from ronghe.web.paging import number_of
from ronghe.web.regrouping.forms import ApartForm, ApproveForm, ReasonForm
from ronghe.web.regrouping.reading import lettered, proposals_with, seen, shown
from ronghe.web.regrouping.views import arrange_context
from ronghe.web.requests import actor_of

Act = Callable[[Person, datetime], object]


@login_required
@require_POST
def grouping_solve(request: HttpRequest, pk: int) -> HttpResponse:
    regrouping = seen(request, pk)
    try:
        with transaction.atomic():
            proposal = ask_proposal(regrouping=regrouping, actor=actor_of(request), at=timezone.now())
            search_proposal.enqueue(proposal_id=proposal.pk)
    except DomainError as error:
        toasts.refused(request, str(error))
        return _back(pk)
    return _back(pk, proposal)


@login_required
@require_POST
def grouping_stop(request: HttpRequest, pk: int, letter: str) -> HttpResponse:
    proposal = lettered(seen(request, pk), letter)
    return _done(request, pk, proposal, lambda actor, at: stop_search(proposal=proposal, actor=actor, at=at))


@login_required
@require_POST
def grouping_move(request: HttpRequest, pk: int, letter: str) -> HttpResponse:
    """`place` is the person and the group, `12:1`; `seen` the version of the proposal that was looked at."""
    proposal = lettered(seen(request, pk), letter)

    def act(actor: Person, at: datetime) -> GroupingProposal:
        member, to = _two(request, "place")
        return move_person(proposal=proposal, member=member, to=to, actor=actor, at=at, seen=_version(request))

    return _done(request, pk, proposal, act)


@login_required
@require_POST
def grouping_swap(request: HttpRequest, pk: int, letter: str) -> HttpResponse:
    proposal = lettered(seen(request, pk), letter)

    def act(actor: Person, at: datetime) -> GroupingProposal:
        member, other = _two(request, "pair")
        return swap_people(proposal=proposal, member=member, other=other, actor=actor, at=at, seen=_version(request))

    return _done(request, pk, proposal, act)


@login_required
@require_POST
def grouping_back(request: HttpRequest, pk: int, letter: str) -> HttpResponse:
    proposal = lettered(seen(request, pk), letter)
    return _done(
        request, pk, proposal, lambda actor, at: put_back(proposal=proposal, actor=actor, at=at, seen=_version(request))
    )


@login_required
@require_POST
def grouping_pin(request: HttpRequest, pk: int, letter: str) -> HttpResponse:
    """`pin` is a person: pinned where they stand in this proposal, or freed if pinned."""
    regrouping = seen(request, pk)
    proposal = lettered(regrouping, letter)

    def act(actor: Person, at: datetime) -> None:
        person = get_object_or_404(Person, pk=number_of(request.POST.get("pin")))
        hub, group = None, None
        if all(pin["member"] != person.pk for pin in regrouping.pins):
            hub, group = _place_of(proposal, person.pk)
        pin_person(regrouping=regrouping, person=person, hub=hub, group=group, actor=actor, at=at)

    return _done(request, pk, proposal, act)


@login_required
@require_POST
def grouping_lead(request: HttpRequest, pk: int, letter: str) -> HttpResponse:
    """`lead` is a person and yes or no, `12:1`: whether they may lead group and team."""
    regrouping = seen(request, pk)

    def act(actor: Person, at: datetime) -> None:
        key, said = _two(request, "lead")
        person = get_object_or_404(Person, pk=key)
        set_leading(regrouping=regrouping, person=person, may_lead=bool(said), actor=actor, at=at)

    return _done(request, pk, lettered(regrouping, letter), act)


@login_required
@require_POST
def grouping_apart(request: HttpRequest, pk: int) -> HttpResponse:
    """Two people who must not be in one group; with `free`, no longer."""
    regrouping = seen(request, pk)
    question = question_of(regrouping)
    people = Person.objects.filter(pk__in=question.crew.people).select_related("unit").order_by("name", "pk")
    form = ApartForm(request.POST, people=people)
    if not form.is_valid():
        toasts.refused(request, _("请选两个不同的人。"))
    else:
        try:
            set_apart(
                regrouping=regrouping, first=form.cleaned_data["first"], second=form.cleaned_data["second"],
                apart="free" not in request.POST, actor=actor_of(request), at=timezone.now(),
            )  # fmt: skip
        except DomainError as error:
            toasts.refused(request, str(error))
    return redirect("web:grouping_asked", pk)


@login_required
@require_POST
def grouping_loosen(request: HttpRequest, pk: int) -> HttpResponse:
    """Loosen one rule of a conflict by a step and search again."""
    regrouping = seen(request, pk)
    actor, now = actor_of(request), timezone.now()
    try:
        with transaction.atomic():
            _loosen(regrouping, request.POST.get("rule", ""), actor, now)
            proposal = ask_proposal(regrouping=regrouping, actor=actor, at=now)
            search_proposal.enqueue(proposal_id=proposal.pk)
    except DomainError as error:
        toasts.refused(request, str(error))
        return _back(pk)
    return _back(pk, proposal)


@login_required
@require_POST
def grouping_submit(request: HttpRequest, pk: int, letter: str) -> HttpResponse:
    proposal = lettered(seen(request, pk), letter)

    def act(actor: Person, at: datetime) -> None:
        submit_regrouping(proposal=proposal, actor=actor, at=at)

    return _done(request, pk, proposal, act, said=_("%(name)s已报支委会研究。") % {"name": letter_name(proposal)})


@login_required
@require_POST
def grouping_approve(request: HttpRequest, pk: int) -> HttpResponse:
    form = ApproveForm(request.POST)

    def act(regrouping: Regrouping, actor: Person, at: datetime) -> None:
        approve_regrouping(regrouping=regrouping, actor=actor, at=at, **form.cleaned_data)

    return _settled(request, pk, form, act, said=_("已记下支委会研究结果。"))


@login_required
@require_POST
def grouping_return(request: HttpRequest, pk: int) -> HttpResponse:
    form = ReasonForm(request.POST)

    def act(regrouping: Regrouping, actor: Person, at: datetime) -> None:
        return_regrouping(regrouping=regrouping, reason=form.cleaned_data["reason"], actor=actor, at=at)

    return _settled(request, pk, form, act, said=_("已退回，可以再调整。"))


@login_required
@require_POST
def grouping_drop(request: HttpRequest, pk: int) -> HttpResponse:
    form = ReasonForm(request.POST)

    def act(regrouping: Regrouping, actor: Person, at: datetime) -> None:
        drop_regrouping(regrouping=regrouping, reason=form.cleaned_data["reason"], actor=actor, at=at)

    return _settled(request, pk, form, act, said=_("不再办理。"))


@login_required
@require_POST
def grouping_carry_out(request: HttpRequest, pk: int) -> HttpResponse:
    def act(regrouping: Regrouping, actor: Person, at: datetime) -> None:
        carry_out(regrouping=regrouping, actor=actor, at=at)

    return _settled(request, pk, None, act, said=_("已执行：党小组、成员和组长都已记入。"))


@login_required
@require_POST
def grouping_undo(request: HttpRequest, pk: int) -> HttpResponse:
    def act(regrouping: Regrouping, actor: Person, at: datetime) -> None:
        undo_carrying_out(regrouping=regrouping, actor=actor, at=at)

    return _settled(request, pk, None, act, said=_("已撤回，编组恢复原样。"))


def _loosen(regrouping: Regrouping, rule: str, actor: Person, at: datetime) -> None:
    """Take a pin or a pair back, want one person fewer, leave a limit out, or split into one group fewer."""
    code, _colon, rest = rule.partition(":")
    asked = from_plain(Requirements, regrouping.requirements)
    if code == "pin":
        person = get_object_or_404(Person, pk=number_of(rest))
        pin_person(regrouping=regrouping, person=person, actor=actor, at=at)
        return
    if code == "apart":
        keys = [number_of(part) for part in rest.split(":")]
        people = [get_object_or_404(Person, pk=key) for key in keys[:2]]
        set_apart(regrouping=regrouping, first=people[0], second=people[-1], apart=False, actor=actor, at=at)
        return
    changes: dict[str, Any] = {}
    if code == "need":
        kind, _colon, name = rest.partition(":")
        needs = tuple(
            replace(need, minimum=max(0, need.minimum - 1)) if (need.kind.value, need.name) == (kind, name) else need
            for need in asked.needs
        )
        changes["requirements"] = replace(asked, needs=tuple(need for need in needs if need.minimum))
    elif code in {"least", "most", "leader"}:
        changes["requirements"] = replace(asked, **{code: {"least": 0, "most": None, "leader": False}[code]})  # type: ignore[arg-type]
    elif code == "groups":
        changes["group_count"] = regrouping.group_count - 1
        changes["hubs"] = list(
            AdminUnit.objects.filter(pk__in=regrouping.hubs[: regrouping.group_count - 1]).order_by("pk")
        )
    change_question(regrouping=regrouping, seen=regrouping.settings_version, actor=actor, at=at, **changes)


def _place_of(proposal: GroupingProposal, member: int) -> tuple[AdminUnit | None, PartyOrg | None]:
    """Return the hub station, or the group of today, of the place in which somebody stands.

    :raises NoSuchPlace: nowhere, or in a new group without a hub
    """
    grouping = from_plain(Assignment, proposal.assignment) if proposal.assignment is not None else None
    at = grouping.where.get(member) if grouping is not None else None
    if grouping is None or at is None:
        raise NoSuchPlace
    area = grouping.areas[at]
    if area.hub is not None:
        return AdminUnit.objects.get(pk=area.hub), None
    if area.continues is not None:
        return None, PartyOrg.objects.get(pk=proposal.groups_today[area.continues])
    raise NoSuchPlace


def _two(request: HttpRequest, name: str) -> tuple[int, int]:
    """Return the two numbers of a field such as `12:1`.

    :raises NoSuchPlace: they are none
    """
    first, _colon, second = request.POST.get(name, "").partition(":")
    a, b = number_of(first), number_of(second)
    if a is None or b is None:
        raise NoSuchPlace
    return a, b


def _version(request: HttpRequest) -> int | None:
    return number_of(request.POST.get("seen"))


def _done(request: HttpRequest, pk: int, proposal: GroupingProposal, act: Act, *, said: str = "") -> HttpResponse:
    """Do one act on a proposal and show the one that holds its outcome."""
    held = proposal
    try:
        outcome = act(actor_of(request), timezone.now())
    except DomainError as error:
        toasts.refused(request, str(error))
    else:
        if isinstance(outcome, GroupingProposal):
            held = outcome
        if said:
            toasts.done(request, said)
    return _back(pk, held)


def _settled(
    request: HttpRequest, pk: int, form: Any, act: Callable[[Regrouping, Person, datetime], None], *, said: str
) -> HttpResponse:
    """Do one act of deciding; a refusal stands on the page with what was typed."""
    regrouping = seen(request, pk)
    refused = form is not None and not form.is_valid()
    if not refused:
        try:
            act(regrouping, actor_of(request), timezone.now())
        except DomainError as error:
            if form is None:
                toasts.refused(request, str(error))
                return _back(pk)
            form.add_error(None, str(error))
            refused = True
    if refused:
        regrouping = seen(request, pk)
        proposals = proposals_with(regrouping)
        context = arrange_context(request, regrouping, proposals, shown(regrouping, proposals, None), failed=form)
        return render(request, "regrouping/grouping_detail.html", context, status=422)
    toasts.done(request, said)
    return _back(pk)


def _back(pk: int, proposal: GroupingProposal | None = None) -> HttpResponse:
    address = reverse("web:grouping_detail", args=[pk])
    return redirect(f"{address}?p={proposal.letter}" if proposal is not None else address)
