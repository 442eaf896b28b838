"""The request as pages see it: with the person who asks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpRequest

from ronghe.domain.org.models import Person
from ronghe.kernel.access.models import Account

if TYPE_CHECKING:
    from django_htmx.middleware import HtmxDetails


class PageRequest(HttpRequest):
    user: Account
    htmx: HtmxDetails


def actor_of(request: HttpRequest) -> Person:
    """Return the person behind the session."""
    person: Person = request.user.actor  # type: ignore[union-attr]
    return person
