"""两组共建: group and team as one thing, its leader and what the leader may do."""

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
from ronghe.domain.org.rules import APPOINT, APPOINT_IN_UNIT
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.pairing.models import GroupTeamLink, LeaderPower
from ronghe.domain.pairing.rules import GRANT_POWER, LINK_PAIR, LIST_POWER, SEE_PAIR
from ronghe.domain.pairing.selectors import (
    groups_unpaired,
    open_proposals,
    pair_states,
    pairs_seen_by,
    people_of_pair,
    power_list,
    powers_held,
    powers_of_pair,
    teams_unpaired,
    uses_seen_by,
)
from ronghe.domain.pairing.services.pairs import appoint_leader, decline_leader, end_pair, link_pair, propose_leader
from ronghe.domain.pairing.services.powers import grant_power, list_power, withdraw_power
from ronghe.kernel.access.listing import list_seen
from ronghe.kernel.db.tree import on_day
from ronghe.kernel.errors import DomainError, NotAllowed
from ronghe.ui import toasts
from ronghe.web.paging import asked_page, number_of, page_of
from ronghe.web.pairing.forms import EndForm, GrantForm, LeaderForm, OwnPowerForm, PairForm
from ronghe.web.requests import actor_of

OFFERED = 60
"""Unpaired groups and teams written into the page at most."""
SHOWN_USES = 20
SHAPES = {"recorded": "done", "proposed": "due", "adopted": "done", "returned": "attention"}


@login_required
def pair_list(request: HttpRequest) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    rows = GroupTeamLink.objects.filter(on_day(local_day(now))).select_related("group__parent", "team")
    if text := request.GET.get("q", "").strip():
        rows = rows.filter(group__name__contains=text) | rows.filter(team__name__contains=text)
    listed = list_seen(SEE_PAIR, actor, rows, order_by=["group__name"], at=now, page=asked_page(request))
    groups, teams = list(groups_unpaired(actor, now)[:OFFERED]), []
    if groups:
        teams = list(teams_unpaired(actor, now)[:OFFERED])
    context = {
        "page": page_of(listed),
        "states": pair_states(list(listed.rows), local_day(now)),
        "groups": groups,
        "teams": teams,
        "has_powers": bool(powers_held(actor, local_day(now))),
        "asked_text": request.GET.get("q", ""),
    }
    return render(request, "pairing/pair_list.html", context)


@login_required
def pair_create(request: HttpRequest) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    groups = groups_unpaired(actor, now)
    if not LINK_PAIR.narrow(actor, groups.model.objects.filter(kind="party_group"), at=now).exists():
        raise Http404
    asked = {name: number_of(request.GET.get(name)) for name in ("group", "team")}
    form = PairForm(
        request.POST or None, groups=groups, teams=teams_unpaired(actor, now),
        initial={**asked, "since": local_day(now)},
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        try:
            link = link_pair(actor=actor, at=now, **form.cleaned_data)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            toasts.done(request, _("“%(group)s”与“%(team)s”已结成一对。") % {"group": link.group, "team": link.team})
            return redirect("web:pair_detail", link.pk)
    return render(request, "pairing/pair_form.html", {"form": form}, status=422 if form.errors else 200)


@login_required
def pair_detail(request: HttpRequest, pk: int) -> HttpResponse:
    return render(request, "pairing/pair_detail.html", _context(request, _seen(request, pk)))


@login_required
@require_POST
def pair_appoint(request: HttpRequest, pk: int) -> HttpResponse:
    link = _seen(request, pk)
    form = LeaderForm(request.POST, people=people_of_pair(link, local_day(timezone.now())))

    def act(actor: Person, at: datetime) -> None:
        appoint_leader(link=link, actor=actor, at=at, **form.cleaned_data)

    return _act(request, link, form, act, said=_("已任命，组长和班长现在是同一人。"))


@login_required
@require_POST
def pair_propose(request: HttpRequest, pk: int) -> HttpResponse:
    link = _seen(request, pk)
    form = LeaderForm(request.POST, people=people_of_pair(link, local_day(timezone.now())))
    form.fields["since"].required = False

    def act(actor: Person, at: datetime) -> None:
        propose_leader(link=link, person=form.cleaned_data["person"], actor=actor, at=at)

    return _act(request, link, form, act, said=_("人选已报党群部门。"))


@login_required
@require_POST
def pair_decline(request: HttpRequest, pk: int, proposal: int) -> HttpResponse:
    link = _seen(request, pk)
    found = get_object_or_404(open_proposals([link]), pk=proposal)

    def act(actor: Person, at: datetime) -> None:
        decline_leader(proposal=found, actor=actor, at=at)

    return _act(request, link, None, act, said=_("已退回支部另提人选。"))


@login_required
@require_POST
def pair_grant(request: HttpRequest, pk: int) -> HttpResponse:
    link = _seen(request, pk)
    form = GrantForm(request.POST)

    def act(actor: Person, at: datetime) -> None:
        given = dict(form.cleaned_data)
        for power in given.pop("powers"):
            grant_power(link=link, power=power, actor=actor, at=at, **given)

    return _act(request, link, form, act, said=_("已授权。"))


@login_required
@require_POST
def pair_withdraw(request: HttpRequest, pk: int, power: int) -> HttpResponse:
    link = _seen(request, pk)
    found = get_object_or_404(LeaderPower.objects.select_related("link__group", "leader"), pk=power, link=link)

    def act(actor: Person, at: datetime) -> None:
        withdraw_power(power=found, until=local_day(at), actor=actor, at=at)

    return _act(request, link, None, act, said=_("从今天起收回。"))


@login_required
@require_POST
def pair_list_power(request: HttpRequest, pk: int) -> HttpResponse:
    link = _seen(request, pk)
    form = OwnPowerForm(request.POST)

    def act(actor: Person, at: datetime) -> None:
        list_power(body=link.group, actor=actor, at=at, **form.cleaned_data)

    return _act(request, link, form, act, said=_("已列入职权清单，可以授予了。"))


@login_required
@require_POST
def pair_end(request: HttpRequest, pk: int) -> HttpResponse:
    link = _seen(request, pk)
    form = EndForm(request.POST)

    def act(actor: Person, at: datetime) -> None:
        end_pair(link=link, until=form.cleaned_data["until"], actor=actor, at=at)

    return _act(request, link, form, act, said=_("共建已结束。"))


def _act(
    request: HttpRequest, link: GroupTeamLink, form: Any, act: Callable[[Person, datetime], None], *, said: str
) -> HttpResponse:
    """Do one act on a pair; what stands against it is said beside the form, with what was typed."""
    if form is not None and not form.is_valid():
        return render(request, "pairing/pair_detail.html", _context(request, link, failed=form), status=422)
    try:
        act(actor_of(request), timezone.now())
    except DomainError as error:
        if form is None or isinstance(error, NotAllowed):
            raise
        form.add_error(None, str(error))
        return render(request, "pairing/pair_detail.html", _context(request, link, failed=form), status=422)
    toasts.done(request, said)
    return redirect("web:pair_detail", link.pk)


def _seen(request: HttpRequest, pk: int) -> GroupTeamLink:
    return get_object_or_404(pairs_seen_by(actor_of(request), timezone.now()), pk=pk)


def _context(request: HttpRequest, link: GroupTeamLink, *, failed: Any = None) -> dict[str, Any]:
    actor, now = actor_of(request), timezone.now()
    day = local_day(now)
    state = pair_states([link], day)[0]
    people = people_of_pair(link, day)
    names = {power.code: power.name for power in power_list()}
    is_open = link.valid_until is None
    may_appoint = (
        is_open and APPOINT.allows(actor, link.group, at=now) and APPOINT_IN_UNIT.allows(actor, link.team, at=now)
    )
    wanted = state.candidates[0].pk if len(state.candidates) == 1 else None
    forms = {
        "leader_form": LeaderForm(people=people, initial={"since": day, "person": wanted}),
        "grant_form": GrantForm(initial={"since": day}),
        "own_form": OwnPowerForm(),
        "end_form": EndForm(initial={"until": day}),
    }
    if failed is not None:
        forms |= {name: failed for name, form in forms.items() if type(form) is type(failed)}
    return forms | {
        "link": link, "state": state, "is_open": is_open, "people": people,
        "powers": [(power, names.get(power.power, power.power), _holds(power, day)) for power in powers_of_pair(link)],
        "uses": [(use, names.get(use.power.power, ""), SHAPES[use.state]) for use in uses_seen_by(actor, now).filter(power__link=link)[:SHOWN_USES]],
        "proposals": list(open_proposals([link])),
        "may_appoint": may_appoint,
        "may_link": is_open and LINK_PAIR.allows(actor, link.group, at=now),
        "may_grant": is_open and GRANT_POWER.allows(actor, link, at=now),
        "may_list": is_open and LIST_POWER.allows(actor, link.group, at=now),
        "failed": type(failed).__name__ if failed is not None else "",
    }  # fmt: skip


def _holds(power: LeaderPower, day: Any) -> bool:
    return power.valid_until is None or power.valid_until > day
