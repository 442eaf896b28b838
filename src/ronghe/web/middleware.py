"""What every page has in common: sessions that end, and refusals that become an answer people can read."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from ronghe.kernel.access.login import password_is_due
from ronghe.kernel.access.models import Account
from ronghe.kernel.errors import DomainError
from ronghe.web.errors import refused

Answer = Callable[[HttpRequest], HttpResponse]

SEEN = "seen_at"
SEEN_EVERY = timedelta(minutes=1)


class SessionLimits:
    """Idle sessions end, sooner for administrators (SE-01); an overdue password is changed before anything else."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path.startswith(settings.STATIC_URL) and request.user.is_authenticated:
            account: Account = request.user
            now = timezone.now()
            if self._is_idle(request, account, now):
                logout(request)
                return redirect(f"{reverse(settings.LOGIN_URL)}?idle=1")
            self._note_seen(request, now)
            if password_is_due(account, now) and request.path not in self._open_paths():
                return redirect("web:change_password")
        return self.get_response(request)

    def _is_idle(self, request: HttpRequest, account: Account, now: datetime) -> bool:
        seen = request.session.get(SEEN)
        limit = settings.SESSION_IDLE_ADMINISTRATOR if account.administrator else settings.SESSION_IDLE
        return seen is not None and now - datetime.fromisoformat(seen) > limit

    def _note_seen(self, request: HttpRequest, now: datetime) -> None:
        """At most once a minute: one of the two writes a GET may cause."""
        seen = request.session.get(SEEN)
        if seen is None or now - datetime.fromisoformat(seen) > SEEN_EVERY:
            request.session[SEEN] = now.isoformat()

    def _open_paths(self) -> set[str]:
        return {reverse("web:change_password"), reverse("web:logout")}


class DomainErrors:
    """A refusal that no view caught becomes a calm page, or a fragment for htmx, with the right status."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        return refused(request, exception) if isinstance(exception, DomainError) else None
