"""Who is calling: a browser's session, or a program's token."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from ninja.security import HttpBearer, django_auth

from ronghe.kernel.access.tokens import account_of

_READING = frozenset({"GET", "HEAD", "OPTIONS"})


class TokenAuth(HttpBearer):
    """`Authorization: Bearer rh_…`"""

    def authenticate(self, request: HttpRequest, token: str) -> Any:
        account = account_of(token, at=timezone.now(), writes=request.method not in _READING)
        if account is not None:
            request.user = account
        return account


AUTH = [TokenAuth(), django_auth]
