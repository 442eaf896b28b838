"""Naming a Party member for every employee of one body's part of the grid."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ronghe.domain.grid.rules import NAME_MEMBERS
from ronghe.domain.grid.selectors.liaisons import BodyNaming, naming_of
from ronghe.domain.grid.services.liaisons import accept_naming, name_member
from ronghe.domain.org.enums import PARTY_KINDS
from ronghe.domain.org.models import PartyOrg, Person
from ronghe.kernel.errors import DomainError
from ronghe.ui import toasts
from ronghe.web.grid.forms import NameForm
from ronghe.web.paging import number_of
from ronghe.web.requests import actor_of


@login_required
def liaisons(request: HttpRequest) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    body = _body(request, actor, now)
    return _page(request, naming_of(body, timezone.localdate(now)), None)


@login_required
@require_POST
def liaisons_accept(request: HttpRequest) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    body = _body(request, actor, now)
    try:
        proposed = accept_naming(body=body, digest=request.POST.get("digest", ""), actor=actor, at=now)
    except DomainError as error:
        toasts.refused(request, str(error))
    else:
        toasts.done(request, _("已确定 %(number)s 名职工的联系党员。") % {"number": len(proposed.naming.new)})
    return redirect(_here(body))


@login_required
@require_POST
def liaison_name(request: HttpRequest) -> HttpResponse:
    """Name one member for one employee by hand."""
    actor, now = actor_of(request), timezone.now()
    body = _body(request, actor, now)
    part = naming_of(body, timezone.localdate(now))
    form = _form(part, request.POST)
    if form.is_valid():
        try:
            name_member(body=body, actor=actor, at=now, **form.cleaned_data)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            member = form.cleaned_data["member"]
            toasts.done(request, _("已由%(name)s联系。") % {"name": member.name})
            return redirect(_here(body))
    return _page(request, part, form)


def _page(request: HttpRequest, part: BodyNaming, failed: NameForm | None) -> HttpResponse:
    rows = [
        (member, [(person, person.pk in part.naming.kept) for person in people], len(people))
        for member, people in part.rows()
    ]
    context: dict[str, Any] = {
        "part": part,
        "rows": rows,
        "new": len(part.naming.new),
        "form": failed or _form(part, None),
    }
    return render(request, "grid/liaisons.html", context, status=422 if failed is not None else 200)


def _form(part: BodyNaming, data: Any) -> NameForm:
    return NameForm(data, employees=sorted(part.employees), members=sorted(part.members))


def _body(request: HttpRequest, actor: Person, now: datetime) -> PartyOrg:
    rows = PartyOrg.objects.filter(valid_until=None, kind__in=PARTY_KINDS)
    mine = NAME_MEMBERS.narrow(actor, rows, at=now, walk=True)
    return get_object_or_404(mine, pk=number_of(request.GET.get("body")) or 0)


def _here(body: PartyOrg) -> str:
    return f"{reverse('web:grid_liaisons')}?body={body.pk}"
