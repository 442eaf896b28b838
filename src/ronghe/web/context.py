"""What the shell needs on every page."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def shell(request: HttpRequest) -> dict[str, Any]:
    user = getattr(request, "user", None)
    return {
        "user": user,
        "actor": user.actor if user is not None and user.is_authenticated else None,
        "is_demo": settings.HOME.is_demo,
        "csp_nonce": None,
    }
