"""One page for every act on a person: a form, one service, back to where it came from."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from ronghe.domain.org.models import Person
from ronghe.domain.org.selectors.people import person_seen_by
from ronghe.kernel.access.permissions import Permission
from ronghe.kernel.errors import DomainError
from ronghe.ui import toasts
from ronghe.web.requests import actor_of


@dataclass(frozen=True, slots=True)
class ActPage:
    """What the page of an act says: its title, what the button does, where it goes back to, a note, whose it is."""

    title: str
    button: str
    back: str
    crumb: str
    note: str = ""
    is_grave: bool = False


def posted(request: HttpRequest) -> QueryDict | None:
    """Return what was posted, were it nothing at all; `None` for a page that is only looked at."""
    return request.POST if request.method == "POST" else None


def seen_person(request: HttpRequest, pk: int, permission: Permission | None = None) -> Person:
    """Return a person whom the reader may see, and with `permission` do that to; else there is nothing there."""
    actor, now = actor_of(request), timezone.now()
    person: Person = get_object_or_404(person_seen_by(actor, now), pk=pk)
    if permission is not None and not permission.allows(actor, person, at=now):
        raise Http404
    return person


def act_page(
    request: HttpRequest, form: forms.Form, page: ActPage, act: Callable[[dict[str, Any]], str]
) -> HttpResponse:
    """Show the form; posted, do the act, which returns what to say, and go back; a refusal stands beside the form."""
    if request.method == "POST" and form.is_valid():
        try:
            said = act(form.cleaned_data)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            toasts.done(request, said)
            return redirect(page.back)
    context = {"form": form, "act": page, "files": form.is_multipart()}
    return render(request, "members/act.html", context, status=422 if form.errors else 200)


@contextmanager
def laid_out(upload: UploadedFile[Any]) -> Iterator[Path]:
    """Lay an upload out as a file for as long as it is read."""
    with TemporaryDirectory(prefix="ronghe-upload-") as folder:
        path = Path(folder) / "table"
        with path.open("wb") as file:
            for piece in upload.chunks():
                file.write(piece)
        yield path
