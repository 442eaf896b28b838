"""Units and stations: set up, moved, renamed, closed; how a station is manned and whose region it lies in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from ronghe.domain.org.calc.stations import WORDS, StationDuty
from ronghe.domain.org.enums import StaffingMode, UnitKind
from ronghe.domain.org.models import AdminUnit, PartyOrg, Person, StationMode
from ronghe.domain.org.rules import CHANGE_UNITS
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.org.services.trees import create_unit, set_station_mode
from ronghe.domain.structure.selectors.bodies import former_names, stays_of, unit_seen
from ronghe.domain.structure.selectors.figures import figures_in_force
from ronghe.domain.structure.selectors.stations import (
    duties_of,
    mode_of,
    regions_on,
    stations_missing_party_duty,
)
from ronghe.domain.structure.services.units import close_unit, move_unit, rename_unit, what_is_left
from ronghe.kernel.errors import DomainError
from ronghe.ui import toasts
from ronghe.web.paging import number_of
from ronghe.web.requests import actor_of
from ronghe.web.structure.forms import ModeForm, UnitCloseForm, UnitForm, UnitMoveForm, UnitRenameForm
from ronghe.web.structure.tree_views import asked_day

STATION_KINDS = frozenset({UnitKind.STATION, UnitKind.TEAM})


@login_required
def unit_detail(request: HttpRequest, pk: int) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    unit = unit_seen(actor, now, pk)
    if unit is None:
        raise Http404
    today = local_day(now)
    mode = mode_of(unit, today)
    figures = figures_in_force()
    stands = unit.valid_until is None
    context = {
        "unit": unit,
        "mode": mode,
        "duties": [_(WORDS[duty]) for duty in duties_of(mode, figures)] if mode is not None else [],
        "misses_party": mode is not None and stations_missing_party_duty(today).filter(pk=unit.pk).exists(),
        "modes": list(StationMode.objects.filter(station=unit).select_related("hub").order_by("-valid_from", "-pk")),
        "region": list(StationMode.objects.filter(hub=unit, valid_until=None).select_related("station").order_by(
            "station__name", "pk")),
        "below": list(AdminUnit.objects.filter(parent=unit, valid_until=None).order_by("name", "pk")),
        "party_bodies": list(PartyOrg.objects.filter(unit=unit, valid_until=None).order_by("name", "pk")),
        "people_count": Person.objects.filter(unit=unit, valid_until=None).count(),
        "stays": stays_of(unit),
        "former": former_names(unit),
        "is_station": unit.kind in STATION_KINDS or mode is not None,
        "can_change": stands and CHANGE_UNITS.allows(actor, unit, at=now),
    }  # fmt: skip
    return render(request, "structure/unit_detail.html", context)


@login_required
def unit_create(request: HttpRequest) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    mine = CHANGE_UNITS.narrow(actor, AdminUnit.objects.filter(valid_until=None), at=now).order_by("name", "pk")
    if not mine.exists():
        raise Http404
    initial = {"since": local_day(now), "parent": number_of(request.GET.get("parent"))}
    form = UnitForm(request.POST or None, units=mine, initial=initial)
    if request.method == "POST" and form.is_valid():
        given = {**form.cleaned_data, "kind": UnitKind(form.cleaned_data["kind"])}
        try:
            unit = create_unit(actor=actor, at=now, **given)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            toasts.done(request, _("已设立“%(name)s”。") % {"name": unit.name})
            return redirect("web:unit_detail", unit.pk)
    context = {"form": form, "title": _("设立单位"), "unit": None, "verb": _("设立")}
    return render(request, "structure/unit_form.html", context, status=422 if form.errors else 200)


@login_required
def unit_move(request: HttpRequest, pk: int) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    unit = _changeable(request, pk)
    others = CHANGE_UNITS.narrow(actor, AdminUnit.objects.filter(valid_until=None).exclude(pk=pk), at=now)
    form = UnitMoveForm(request.POST or None, units=others.order_by("name", "pk"), initial={"since": local_day(now)})

    def act(given: dict[str, Any]) -> None:
        move_unit(unit=unit, actor=actor, at=now, **given)

    return _form(request, unit, form, act, title=_("调整隶属"), verb=_("调整"))


@login_required
def unit_rename(request: HttpRequest, pk: int) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    unit = _changeable(request, pk)
    form = UnitRenameForm(request.POST or None, initial={"since": local_day(now), "name": unit.name})

    def act(given: dict[str, Any]) -> None:
        rename_unit(unit=unit, actor=actor, at=now, **given)

    return _form(request, unit, form, act, title=_("更名"), verb=_("改名"))


@login_required
def unit_close(request: HttpRequest, pk: int) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    unit = _changeable(request, pk)
    form = UnitCloseForm(request.POST or None, initial={"until": local_day(now)})

    def act(given: dict[str, Any]) -> None:
        close_unit(unit=unit, actor=actor, at=now, **given)

    return _form(request, unit, form, act, title=_("撤销单位"), verb=_("撤销单位"), left=what_is_left(unit))


@login_required
def station_mode(request: HttpRequest, pk: int) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    unit = _changeable(request, pk)
    mode = mode_of(unit, local_day(now))
    hubs = AdminUnit.objects.filter(modes__is_hub=True, modes__valid_until=None).exclude(pk=pk).order_by("name", "pk")
    initial = {"since": local_day(now), "staffing": StaffingMode.ATTENDED}
    if mode is not None:
        initial |= {"staffing": StaffingMode(mode.staffing)}
    form = ModeForm(request.POST or None, hubs=hubs, initial={
        **initial, "is_hub": mode is not None and mode.is_hub, "hub": mode.hub_id if mode is not None else None,
    })  # fmt: skip

    def act(given: dict[str, Any]) -> None:
        wanted = {**given, "staffing": StaffingMode(given["staffing"])}
        set_station_mode(station=unit, actor=actor, at=now, **wanted)

    return _form(request, unit, form, act, title=_("值守方式"), verb=_("存下"))


@login_required
def stations(request: HttpRequest) -> HttpResponse:
    """The hubs with their regions, and which stations miss a Party duty."""
    actor, now = actor_of(request), timezone.now()
    day = asked_day(request, now)
    figures = figures_in_force()
    missing = set(stations_missing_party_duty(day).values_list("pk", flat=True))
    regions = [
        (region.hub, [(mode, _duty_words(duties_of(mode, figures)), mode.station_id in missing)
                      for mode in ([region.hub] if region.hub is not None else []) + region.stations])
        for region in regions_on(actor, now, day)
    ]  # fmt: skip
    context = {"regions": regions, "day": day, "today": local_day(now)}
    return render(request, "structure/stations.html", context)


def _duty_words(duties: tuple[StationDuty, ...]) -> str:
    return " + ".join(_(WORDS[duty]) for duty in duties)


def _changeable(request: HttpRequest, pk: int) -> AdminUnit:
    """Return the unit if the reader may change it; else it is as if it were absent."""
    actor, now = actor_of(request), timezone.now()
    unit = unit_seen(actor, now, pk)
    if unit is None or unit.valid_until is not None or not CHANGE_UNITS.allows(actor, unit, at=now):
        raise Http404
    return unit


def _form(
    request: HttpRequest, unit: AdminUnit, form: Any, act: Callable[[dict[str, Any]], None], *, title: str, verb: str,
    left: list[str] | None = None,
) -> HttpResponse:  # fmt: skip
    if request.method == "POST" and form.is_valid():
        try:
            act(form.cleaned_data)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            toasts.done(request, _("已办理。"))
            return redirect("web:unit_detail", unit.pk)
    context = {"form": form, "title": title, "unit": unit, "verb": verb, "left": left or []}
    return render(request, "structure/unit_form.html", context, status=422 if form.errors else 200)
