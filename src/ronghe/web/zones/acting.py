"""One act on a zone from a page: done, or told beside the form what stands against it, with what was typed."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone

from ronghe.domain.agreements.models import Agreement
from ronghe.domain.agreements.rules import SEE_AGREEMENT
from ronghe.domain.org.models import Person
from ronghe.domain.projects.selectors import projects_seen_by
from ronghe.domain.zones.models import CollaborationZone
from ronghe.domain.zones.selectors import zones_seen_by
from ronghe.kernel.errors import DomainError, NotAllowed
from ronghe.ui import toasts
from ronghe.web.requests import actor_of

Act = Callable[[Person, datetime], object]
Show = Callable[[Any], HttpResponse]
"""Renders the page again with the form that failed."""


def seen(request: HttpRequest, pk: int) -> CollaborationZone:
    """Return the zone, where the actor may see it; else there is no such page."""
    rows = zones_seen_by(actor_of(request), timezone.now()).select_related("sponsor", "body", "office", "agreement")
    return get_object_or_404(rows, pk=pk)


def linked(request: HttpRequest, projects: Iterable[int], agreements: Iterable[int | None]) -> dict[str, set[int]]:
    """Return which of the projects and agreements the reader may open, for the links to them; two statements."""
    actor, now = actor_of(request), timezone.now()
    papers = SEE_AGREEMENT.narrow(actor, Agreement.objects.filter(pk__in=[pk for pk in agreements if pk]), at=now)
    return {
        "projects_seen": set(projects_seen_by(actor, now).filter(pk__in=list(projects)).values_list("pk", flat=True)),
        "agreements_seen": set(papers.values_list("pk", flat=True)),
    }


def do(request: HttpRequest, form: Any, act: Act, show: Show, *, said: str, to: str, pk: int) -> HttpResponse:
    """Do one act with a form, or show the page again; `form` None is a button alone."""
    if form is not None and not form.is_valid():
        return show(form)
    try:
        act(actor_of(request), timezone.now())
    except DomainError as error:
        if isinstance(error, NotAllowed):
            raise
        if form is None:
            toasts.refused(request, str(error))
            return redirect(to, pk)
        form.add_error(None, str(error))
        return show(form)
    toasts.done(request, said)
    return redirect(to, pk)
