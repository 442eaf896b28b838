"""One act of a page: done and said, or refused beside its form, or above the page where there is none."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time, timedelta
from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from ronghe.domain.org.models import Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.kernel.errors import DomainError, NotAllowed
from ronghe.ui import toasts
from ronghe.web.requests import actor_of

LONGEST_SEARCH = 40


def acted(request: HttpRequest, act: Callable[[Person, datetime], Any], said: str, form: Any = None) -> bool:
    """Do it and say so; tell whether it was done. A refusal stands on the form, or becomes a message."""
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
    if form is not None and form.errors:
        return False
    toasts.done(request, told if isinstance(told, str) else said)
    return True


def asked_words(request: HttpRequest) -> str:
    """Return what is searched for, cut and without the sign that no database takes."""
    return request.GET.get("q", "").strip()[:LONGEST_SEARCH]


def next_week(at: datetime, *, minutes: int = 60, days: int = 7) -> dict[str, datetime]:
    """Return a span to begin with: in `days`, at nine, for so many minutes, as a form's initial values."""
    begins = timezone.make_aware(datetime.combine(local_day(at) + timedelta(days=days), time(9, 0)))
    return {
        "scheduled_from": timezone.localtime(begins),
        "scheduled_until": timezone.localtime(begins + timedelta(minutes=minutes)),
    }
