"""What the pages of 组织生活 share: one page for every form, one answer for every button, files and the body chosen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import BadRequest
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone

from ronghe.domain.org.models import PartyOrg, Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.partylife.selectors.keeping import nearest_body
from ronghe.domain.work.models import StoredFile
from ronghe.domain.work.services.files import Upload, path_of
from ronghe.kernel.errors import DomainError, NotAllowed
from ronghe.ui import toasts
from ronghe.web.paging import number_of
from ronghe.web.requests import actor_of

Act = Callable[[Person, datetime], Any]
LONGEST_SEARCH = 40


@dataclass(frozen=True, slots=True)
class FormPage:
    """What the page of a form says: title, button, where it goes back to and what that is called, a note, what stands beside."""

    title: str
    button: str
    back: str
    crumb: str
    note: str = ""
    banner: str = ""
    is_grave: bool = False
    beside: dict[str, Any] = field(default_factory=dict)
    template: str = "partylife/act.html"


def form_page(
    request: HttpRequest, form: forms.Form, page: FormPage, act: Callable[[dict[str, Any]], Any]
) -> HttpResponse:
    """Show the form; posted, do the act, which returns what to say and where to go; a refusal stands above the fields."""
    if request.method == "POST" and form.is_valid():
        try:
            said, there = act(form.cleaned_data)
        except NotAllowed:
            raise
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            toasts.done(request, said)
            return redirect(there)
    context = {"form": form, "act": page, "files": form.is_multipart(), **page.beside}
    return render(request, page.template, context, status=422 if form.errors else 200)


def button(request: HttpRequest, act: Act, said: str, back: str, *args: Any, undo: str = "") -> HttpResponse:
    """Do what a button asks; a refusal is told where the reader was."""
    try:
        act(actor_of(request), timezone.now())
    except NotAllowed:
        raise
    except DomainError as error:
        toasts.refused(request, str(error))
    else:
        toasts.done(request, said, undo=undo)
    return redirect(back, *args)


def asked_body(request: HttpRequest, bodies: QuerySet[PartyOrg]) -> PartyOrg | None:
    """Return the body that the address names (`?body=`), else the one nearest to the reader."""
    asked = number_of(request.POST.get("body") or request.GET.get("body"))
    if asked is not None:
        found = bodies.filter(pk=asked).first()
        if found is None:
            raise Http404
        return found
    return nearest_body(actor_of(request), timezone.now(), bodies)


def asked_year(request: HttpRequest) -> int:
    """Return the year that the address names (`?year=`), else the present one."""
    year = number_of(request.GET.get("year")) or local_day(timezone.now()).year
    if not 1950 <= year <= 2999:
        raise BadRequest
    return year


def asked_text(request: HttpRequest) -> str:
    return request.GET.get("q", "").strip()[:LONGEST_SEARCH]


def upload_of(sent: Any) -> Upload | None:
    return Upload(sent.name or "", sent) if sent else None


def stored_answer(file: StoredFile | None) -> HttpResponseBase:
    """Answer with a kept file, in a box of its own."""
    if file is None:
        raise Http404
    answer = FileResponse(path_of(file.sha256).open("rb"), content_type=file.media_type)
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "sandbox"
    return answer
