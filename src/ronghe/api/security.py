"""Who is calling: a browser's session, or a program's token."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from ninja.security import HttpBearer, django_auth

from ronghe.domain.alliances.rules import is_only_partner
from ronghe.kernel.access.tokens import account_of

_READING = frozenset({"GET", "HEAD", "OPTIONS"})


class TokenAuth(HttpBearer):
    """`Authorization: Bearer rh_…`"""

    def authenticate(self, request: HttpRequest, token: str) -> Any:
        now = timezone.now()
        account = account_of(token, at=now, writes=request.method not in _READING)
        if account is None or is_only_partner(account.actor, now):
            # What keeps partners apart looks at sessions; a token that was issued before opens nothing.
            return None
        request.user = account
        return account


AUTH = [TokenAuth(), django_auth]
