"""What the pages of the clinic share: one act with its word, times in an address, what is searched for."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from ronghe.domain.org.models import Person
from ronghe.kernel.errors import DomainError, NotAllowed
from ronghe.ui import toasts
from ronghe.web.requests import actor_of

LONGEST_SEARCH = 40


def acted(request: HttpRequest, act: Callable[[Person, datetime], Any], said: str, form: Any = None) -> bool:
    """Do it and say so; tell whether it was done. A refusal stands on the form, or becomes a message.

    An act may return its own word.
    """
    if form is not None and not form.is_valid():
        return False
    try:
        told = act(actor_of(request), timezone.now())
    except NotAllowed:
        raise
    except DomainError as error:
        if form is None:
            toasts.refused(request, str(error))
        else:
            form.add_error(None, str(error))
        return False
    toasts.done(request, told if isinstance(told, str) else said)
    return True


def asked_words(request: HttpRequest) -> str:
    """Return what is searched for, cut and without the sign that no database takes."""
    return request.GET.get("q", "").strip()[:LONGEST_SEARCH]


def slot_key(moment: datetime) -> str:
    """Return a time as it stands in an address."""
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%MZ}"


def slot_of(text: str | None) -> datetime | None:
    """Return the time that `slot_key` wrote, `None` where it is none."""
    try:
        moment = datetime.fromisoformat(text or "")
    except ValueError:
        return None
    return moment if moment.tzinfo is not None else None
