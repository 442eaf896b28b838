"""Contacts of outside partners reach the shared list of their alliances and no other page (B4)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect

from ronghe.domain.alliances.enums import OUTSIDE
from ronghe.kernel.access.models import Account
from ronghe.kernel.errors import NotFound
from ronghe.web.errors import refused

Answer = Callable[[HttpRequest], HttpResponse]

OPEN_TO_PARTNERS = frozenset(
    {
        "alliances", "alliance_detail", "alliance_raise", "alliance_difficulty", "alliance_claim", "alliance_comment",
        "alliance_progress", "alliance_resolve", "alliance_shelve", "alliance_resume", "alliance_withdraw",
        "alliance_invitation", "login", "logout", "change_password", "language", "paper_check", "paper_check_digest",
    }
)  # fmt: skip
SENT_ON = frozenset({"today", "me"})
API = "/api/"
API_OPEN = ("/api/v1/alliances", "/api/v1/openapi.json")


def is_partner(user: Any) -> bool:
    """Tell whether the account is one that came in by an invitation; asks nothing of the database."""
    actor = user.actor if isinstance(user, Account) else None
    return actor is not None and actor.employment == OUTSIDE


class PartnersApart:
    """Whatever else a permission might let through, a partner's contact meets as if it were not there."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: Any) -> HttpResponse | None:
        match = request.resolver_match
        if match is None or not is_partner(request.user):
            return None
        if request.path.startswith(API):
            return None if request.path.startswith(API_OPEN) else _not_there()
        if match.app_name != "web" or match.url_name in OPEN_TO_PARTNERS:
            return None
        return redirect("web:alliances") if match.url_name in SENT_ON else refused(request, NotFound())


def _not_there() -> JsonResponse:
    error = NotFound()
    return JsonResponse({"code": error.code, "detail": str(error), "fields": {}}, status=error.status)
