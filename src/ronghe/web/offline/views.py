"""One's phones, what they reported, and what becomes of what was not taken."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ronghe.domain.offline.calc.acts import WORDS, ref_of
from ronghe.domain.offline.enums import ActKind, ActState, MinutesChoice
from ronghe.domain.offline.models import ReceivedAct
from ronghe.domain.offline.selectors import (
    acts_refused_of,
    acts_seen_by,
    devices_seen_by,
    huddle_to_join,
    list_acts,
    list_devices,
)
from ronghe.domain.offline.services.applying import MinutesChanged
from ronghe.domain.offline.services.devices import revoke_device
from ronghe.domain.offline.services.settling import can_redo, choose_minutes, join_existing, redo_act, void_act
from ronghe.domain.org.models import Person
from ronghe.domain.rhythm.models import Activity, AgendaItem
from ronghe.kernel.access.models import Administrator
from ronghe.kernel.errors import DomainError, NotAllowed
from ronghe.ui import toasts
from ronghe.web.paging import asked_page, page_of
from ronghe.web.requests import actor_of

REFUSED_SHOWN = 50


class LostForm(forms.Form):
    """Since when a phone is lost; nothing said means now."""

    lost_at = forms.DateTimeField(required=False)


@dataclass(frozen=True, slots=True)
class RefusedLine:
    """An act that was not taken: its words, what stands against them, and the ways out."""

    act: ReceivedAct
    words: list[tuple[str, str, str]]
    """Name, label and text of each piece of writing."""
    item: AgendaItem | None
    to_join: Activity | None
    can_redo: bool

    @property
    def is_conflict(self) -> bool:
        return self.item is not None


@login_required
def act_list(request: HttpRequest) -> HttpResponse:
    """What the reader's phones reported, what was not taken on top."""
    actor, now = actor_of(request), timezone.now()
    filters = Q(state=request.GET["state"]) if request.GET.get("state", "") in ActState.values else Q()
    page = page_of(list_acts(actor, now, filters=filters, page=asked_page(request)))
    refused = list(acts_refused_of(actor, now)[:REFUSED_SHOWN])
    context = {"page": page, "refused": _lines(refused), "states": ActState.choices}
    template = "offline/act_list.html#rows" if request.htmx else "offline/act_list.html"  # type: ignore[attr-defined]
    answer = render(request, template, context)
    answer["Vary"] = "HX-Request"
    return answer


@login_required
@require_POST
def act_redo(request: HttpRequest, pk: int) -> HttpResponse:
    words = {
        name: request.POST[name] for name in ("topic", "notes", "decision", "reason", "note") if name in request.POST
    }
    return _act(request, pk, lambda act, actor: redo_act(act=act, words=words, actor=actor, at=timezone.now()))


@login_required
@require_POST
def act_join(request: HttpRequest, pk: int) -> HttpResponse:
    return _act(request, pk, lambda act, actor: join_existing(act=act, actor=actor, at=timezone.now()))


@login_required
@require_POST
def act_choose(request: HttpRequest, pk: int) -> HttpResponse:
    asked = request.POST.get("choice", "")
    choice = MinutesChoice(asked) if asked in MinutesChoice.values else MinutesChoice.BOTH
    return _act(
        request, pk, lambda act, actor: choose_minutes(act=act, choice=choice, actor=actor, at=timezone.now())
    )  # fmt: skip


@login_required
@require_POST
def act_void(request: HttpRequest, pk: int) -> HttpResponse:
    return _act(request, pk, lambda act, actor: void_act(act=act, actor=actor, at=timezone.now()))


@login_required
def device_list(request: HttpRequest) -> HttpResponse:
    """One's own phones; the security administrator's list is everybody's, to be searched by log-in or name."""
    actor, now = actor_of(request), timezone.now()
    _refuse_other_administrators(request)
    asked = request.GET.get("q", "").strip()[:64]
    is_keeper = request.user.administrator == Administrator.SECURITY  # type: ignore[union-attr]
    filters = Q(person__account__login=asked) | Q(person__name=asked) if asked and is_keeper else Q()
    page = page_of(list_devices(actor, now, filters=filters, page=asked_page(request)))
    context = {"page": page, "is_keeper": is_keeper, "asked": asked}
    return render(request, "offline/device_list.html", context)


@login_required
@require_POST
def device_revoke(request: HttpRequest, pk: int) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    _refuse_other_administrators(request)
    device = get_object_or_404(devices_seen_by(actor, now), pk=pk)
    form = LostForm(request.POST)
    if not form.is_valid():
        toasts.refused(request, _("丢失时间没有看懂，请重填。"))
        return redirect("web:offline_devices")
    try:
        revoke_device(device=device, actor=actor, at=now, lost_at=form.cleaned_data["lost_at"])
    except DomainError as error:
        toasts.refused(request, str(error))
    else:
        toasts.done(request, _("“%(name)s”已停用，它还没有报来的不再收。") % {"name": device.name})
    return redirect("web:offline_devices")


def _refuse_other_administrators(request: HttpRequest) -> None:
    administrator = request.user.administrator  # type: ignore[union-attr]
    if administrator and administrator != Administrator.SECURITY:
        raise NotAllowed


def _act(request: HttpRequest, pk: int, settle: Callable[[ReceivedAct, Person], ReceivedAct]) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    act = get_object_or_404(acts_seen_by(actor, now), pk=pk)
    try:
        settled = settle(act, actor)
    except DomainError as error:
        toasts.refused(request, str(error))
    else:
        toasts.done(request, _("%(title)s：%(state)s。") % {
            "title": settled.get_kind_display(), "state": settled.get_state_display(),
        })  # fmt: skip
    return redirect("web:offline_acts")


def _lines(acts: list[ReceivedAct]) -> list[RefusedLine]:
    labels = {
        "topic": _("议题"),
        "notes": _("发言和讨论"),
        "decision": _("决定"),
        "reason": _("事由"),
        "note": _("说明"),
    }
    items = _items(acts)
    return [
        RefusedLine(
            act,
            [(name, labels[name], (act.payload or {}).get(name, "")) for name in WORDS.get(act.kind, ())],
            items.get(act.pk),
            huddle_to_join(act) if act.kind == ActKind.OPEN_HUDDLE else None,
            can_redo(act),
        )
        for act in acts
    ]


def _items(acts: list[ReceivedAct]) -> dict[int, AgendaItem]:
    """Return, by act, the line of minutes as it stands, for those of which there are two texts: two statements."""
    asked: dict[int, Any] = {
        act.pk: ref_of((act.payload or {})["item"]) for act in acts if act.code == MinutesChanged.code
    }
    made = {ref.act for ref in asked.values() if ref.act}
    known = dict(ReceivedAct.objects.filter(act_id__in=made).values_list("act_id", "item")) if made else {}
    numbers = {pk: ref.number or known.get(ref.act) for pk, ref in asked.items()}
    rows = AgendaItem.objects.in_bulk([number for number in numbers.values() if number]) if numbers else {}
    return {pk: rows[number] for pk, number in numbers.items() if number in rows}
