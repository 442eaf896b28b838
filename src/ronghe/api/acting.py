"""Who acts through the API: the person behind the session or the token."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from ronghe.domain.org.models import Person
from ronghe.kernel.errors import NotAllowed


def actor_of(request: HttpRequest) -> Person:
    """Return the person behind the account.

    :raises NotAllowed: nobody was linked to the account yet
    """
    account: Any = request.user
    actor: Person | None = account.actor
    if actor is None:
        raise NotAllowed
    return actor
