"""职权: the leader's own on the phone, and the uses as the branch and those concerned see them."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.pairing.enums import USE_FLOW, PowerWay, UseState
from ronghe.domain.pairing.models import LeaderPower, PowerUse
from ronghe.domain.pairing.rules import SEE_USE, SETTLE_USE
from ronghe.domain.pairing.selectors import (
    people_of_pair,
    power_list,
    power_named,
    powers_held,
    used_on,
    uses_seen_by,
)
from ronghe.domain.pairing.services.powers import adopt_use, return_use, use_power
from ronghe.kernel.access.listing import list_seen
from ronghe.kernel.errors import DomainError, NotFound
from ronghe.ui import toasts
from ronghe.web.paging import asked_page, page_of
from ronghe.web.pairing.forms import ReasonForm, UseForm
from ronghe.web.pairing.views import SHAPES
from ronghe.web.requests import actor_of

STATES = [
    ("all", gettext_lazy("全部")),
    (UseState.PROPOSED.value, gettext_lazy("待支部研究")),
    (UseState.ADOPTED.value, gettext_lazy("已采纳")),
    (UseState.RETURNED.value, gettext_lazy("已退回")),
]
SHOWN = 10


@login_required
def my_powers(request: HttpRequest) -> HttpResponse:
    """The leader's powers, each one tap from its use; and what was proposed or noted about the reader."""
    actor, now = actor_of(request), timezone.now()
    day = local_day(now)
    held = powers_held(actor, day)
    listed = {power.code: power for power in power_list()}
    used = used_on(held, day)
    seen = uses_seen_by(actor, now)
    context = {
        "lines": [(power, listed.get(power.power), power.pk in used) for power in held],
        "uses": _named(seen.filter(power__leader=actor)[:SHOWN]),
        "about_me": _named(seen.filter(people=actor).exclude(power__leader=actor)[:SHOWN]),
        "today": day,
    }
    return render(request, "pairing/my_powers.html", context)


@login_required
def power_use(request: HttpRequest, pk: int) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    power = _own(request, pk)
    listed = power_named(power.power)
    if listed is None:
        raise NotFound
    people = people_of_pair(power.link, local_day(now)).exclude(pk=actor.pk)
    form = UseForm(request.POST or None, power=listed, people=people, initial={"day": local_day(now)})
    if request.method == "POST" and form.is_valid():
        given = dict(form.cleaned_data) | {"people": list(form.cleaned_data["people"])}
        try:
            use_power(power=power, actor=actor, at=now, **given)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            said = _("已报支部研究。") if listed.way == PowerWay.PROPOSAL else _("已登记。")
            toasts.done(request, said)
            return redirect("web:my_powers")
    context = {"form": form, "power": power, "listed": listed}
    return render(request, "pairing/power_use.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def power_all_here(request: HttpRequest, pk: int) -> HttpResponse:
    """Attendance of today in one tap: everybody came."""
    power, now = _own(request, pk), timezone.now()
    try:
        use_power(power=power, day=local_day(now), actor=actor_of(request), at=now)
    except DomainError as error:
        toasts.refused(request, str(error))
    else:
        toasts.done(request, _("已登记：今天全员到岗。"))
    return redirect("web:my_powers")


@login_required
def use_list(request: HttpRequest) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    rows: Any = PowerUse.objects.select_related("power__leader", "power__link__group", "power__link__team")
    if (state := request.GET.get("state", "all")) in UseState.values:
        rows = rows.filter(state=state)
    if text := request.GET.get("q", "").strip():
        rows = rows.filter(power__leader__name__contains=text)
    listed = list_seen(SEE_USE, actor, rows, order_by=["-used_at"], at=now, page=asked_page(request))
    context = {"page": page_of(listed), "lines": _named(listed.rows), "states": STATES, "asked_text": text}
    template = "pairing/use_list.html#rows" if request.htmx else "pairing/use_list.html"  # type: ignore[attr-defined]
    answer = render(request, template, context)
    answer["Vary"] = "HX-Request"
    return answer


@login_required
def use_detail(request: HttpRequest, pk: int) -> HttpResponse:
    return render(request, "pairing/use_detail.html", _context(request, _seen(request, pk), ReasonForm()))


@login_required
@require_POST
def use_adopt(request: HttpRequest, pk: int) -> HttpResponse:
    adopt_use(use=_seen(request, pk), actor=actor_of(request), at=timezone.now())
    toasts.done(request, _("已采纳。"))
    return redirect("web:power_use_detail", pk)


@login_required
@require_POST
def use_return(request: HttpRequest, pk: int) -> HttpResponse:
    use, form = _seen(request, pk), ReasonForm(request.POST)
    if form.is_valid():
        return_use(use=use, reason=form.cleaned_data["reason"], actor=actor_of(request), at=timezone.now())
        toasts.done(request, _("已退回。"))
        return redirect("web:power_use_detail", pk)
    return render(request, "pairing/use_detail.html", _context(request, use, form), status=422)


def _own(request: HttpRequest, pk: int) -> LeaderPower:
    rows = LeaderPower.objects.filter(leader=actor_of(request)).select_related("link__group", "link__team", "leader")
    return get_object_or_404(rows, pk=pk)


def _seen(request: HttpRequest, pk: int) -> PowerUse:
    return get_object_or_404(uses_seen_by(actor_of(request), timezone.now()).select_related("settled_by"), pk=pk)


def _named(uses: Any) -> list[tuple[PowerUse, str, str]]:
    """Return each use with its power in words and the shape of its state."""
    names = {power.code: power.name for power in power_list()}
    return [(use, names.get(use.power.power, use.power.power), SHAPES[use.state]) for use in uses]


def _context(request: HttpRequest, use: PowerUse, form: ReasonForm) -> dict[str, Any]:
    may_settle = USE_FLOW.allows(use, "adopt") and SETTLE_USE.allows(actor_of(request), use, at=timezone.now())
    [(_use, name, shape)] = _named([use])
    return {
        "use": use, "name": name, "shape": shape, "people": use.people.order_by("name", "pk"), "form": form,
        "may_settle": may_settle,
    }  # fmt: skip
