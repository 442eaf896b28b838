"""四方责任: opening a sheet, issuing a version, agreeing for a unit or objecting."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from ronghe.domain.duties.models import DutySheet
from ronghe.domain.duties.rules import SPEAK_FOR_UNIT
from ronghe.domain.duties.selectors.sheets import zones_to_open
from ronghe.domain.duties.services.accepting import agree_for_unit, issue_sheet, object_for_unit
from ronghe.domain.duties.services.sheets import open_sheet
from ronghe.domain.org.models import Person
from ronghe.domain.zones.models import ParticipatingUnit
from ronghe.kernel.errors import DomainError, NotAllowed
from ronghe.kernel.words import _
from ronghe.ui import toasts
from ronghe.web.duties.forms import ObjectForm
from ronghe.web.duties.presenting import seen_sheet
from ronghe.web.requests import actor_of


@login_required
@require_POST
def sheet_open(request: HttpRequest, zone: int) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    found = get_object_or_404(zones_to_open(actor, now), pk=zone)
    try:
        sheet = open_sheet(zone=found, actor=actor, at=now)
    except DomainError as error:
        toasts.refused(request, str(error))
        return redirect("web:duties")
    toasts.done(request, _("清单已起好，责任清单的各条都在上面了。"))
    return redirect("web:duty_sheet", sheet.pk)


@login_required
@require_POST
def sheet_issue(request: HttpRequest, pk: int) -> HttpResponse:
    def act(sheet: DutySheet, actor: Person, now: datetime) -> str:
        version = issue_sheet(sheet=sheet, actor=actor, at=now, note=request.POST.get("note", ""))
        return _("第 %(number)s 版已发布，请各方确认。") % {"number": version.number}

    return _act(request, pk, act)


@login_required
@require_POST
def side_agree(request: HttpRequest, pk: int, party: int) -> HttpResponse:
    def act(sheet: DutySheet, actor: Person, now: datetime) -> str:
        found = _party(sheet, party)
        agree_for_unit(sheet=sheet, party=found, digest=request.POST.get("digest", ""), actor=actor, at=now)
        return _("已代表%(unit)s确认。") % {"unit": found.unit.name}

    return _act(request, pk, act)


@login_required
def side_object(request: HttpRequest, pk: int, party: int) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    sheet = seen_sheet(request, pk)
    found = _party(sheet, party)
    SPEAK_FOR_UNIT.require(actor, found, at=now)
    form = ObjectForm(request.POST or None, initial={"digest": request.GET.get("digest", "")})
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        try:
            object_for_unit(
                sheet=sheet, party=found, digest=typed["digest"], reason=typed["reason"], actor=actor, at=now
            )
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            toasts.done(request, _("异议已提出，等清单的管理人改。"))
            return redirect("web:duty_sheet", pk)
    context = {"form": form, "sheet": sheet, "party": found}
    return render(request, "duties/side_object.html", context, status=422 if form.errors else 200)


def _party(sheet: DutySheet, pk: int) -> ParticipatingUnit:
    rows = ParticipatingUnit.objects.select_related("unit", "zone__sponsor", "zone__body")
    return get_object_or_404(rows, pk=pk, zone=sheet.zone_id, valid_until=None)


def _act(request: HttpRequest, pk: int, act: Callable[[DutySheet, Person, datetime], str]) -> HttpResponse:
    sheet = seen_sheet(request, pk)
    try:
        said = act(sheet, actor_of(request), timezone.now())
    except NotAllowed:
        raise
    except DomainError as error:
        toasts.refused(request, str(error))
    else:
        toasts.done(request, said)
    return redirect("web:duty_sheet", pk)
