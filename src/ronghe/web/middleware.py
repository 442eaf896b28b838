"""What every page has in common: sessions that end, and refusals that become an answer people can read."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django_htmx.http import HttpResponseClientRedirect

from ronghe.kernel.access.login import password_is_due
from ronghe.kernel.access.models import Account
from ronghe.kernel.access.tokens import PasswordDue
from ronghe.kernel.clean import NUL, without_nul
from ronghe.kernel.errors import DomainError, NotAllowed, NotLoggedIn
from ronghe.kernel.words import N_
from ronghe.web.errors import refused

Answer = Callable[[HttpRequest], HttpResponse]

MEGABYTE = 1_048_576
SEEN = "seen_at"
SEEN_EVERY = timedelta(minutes=1)
POLL = "X-Poll"
"""A page that fetches itself again says so: nobody sits before it, and the idle session must still end (SE-01)."""

OPEN_TO_ADMINISTRATORS = frozenset(
    {
        "today",
        "me",
        "login",
        "logout",
        "change_password",
        "language",
        "administration",
        "account_unlock",
        "verification_start",
        "offline_devices",
        "offline_device_revoke",
        "paper_check",
        "paper_check_digest",
        "badge_public",
    }
)


class CleanText:
    """Leaves NUL out of addresses and forms, so that no page need think of it; the API does the same (`api/speaking.py`)."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        asked = request.META.get("QUERY_STRING", "")
        if "%00" in asked or NUL in asked:
            request.META["QUERY_STRING"] = asked.replace("%00", "").replace(NUL, "")
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: Any) -> None:
        if request.method != "POST" or request.path.startswith("/api/"):
            return
        if any(NUL in text for _name, texts in request.POST.lists() for text in texts):
            clean = request.POST.copy()
            for name, texts in request.POST.lists():
                clean.setlist(name, without_nul(texts))
            request.POST = clean  # type: ignore[assignment]


class SessionOver(NotLoggedIn):
    """Said to programs, which cannot follow a page."""

    sentence = N_("登录已过期，请重新登录。")


class SessionLimits:
    """Idle sessions end, sooner for administrators (SE-01); an overdue password is changed before anything else.

    A page is sent on; a part of a page sends the whole page on (`HX-Redirect`); a program gets a status and a code.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path.startswith(settings.STATIC_URL):
            return self.get_response(request)
        answer = self._stopped(request) or self.get_response(request)
        return _of_whole_page(request, answer)

    def _stopped(self, request: HttpRequest) -> HttpResponse | None:
        """Return the answer of a session that may not go on, `None` for all others."""
        account = request.user
        if not isinstance(account, Account):
            return None
        now = timezone.now()
        if self._is_idle(request, account, now):
            logout(request)
            return _sent_on(request, f"{reverse(settings.LOGIN_URL)}?idle=1", SessionOver())
        if POLL not in request.headers:
            self._note_seen(request, now)
        if password_is_due(account, now) and request.path not in self._open_paths():
            return _sent_on(request, reverse("web:change_password"), PasswordDue())
        return None

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
        return {reverse("web:change_password"), reverse("web:logout"), reverse("web:language")}


def _sent_on(request: HttpRequest, where: str, why: DomainError) -> HttpResponse:
    if request.path.startswith("/api/"):
        return JsonResponse({"code": why.code, "detail": str(why), "fields": {}}, status=why.status)
    return redirect(where)


def _of_whole_page(request: HttpRequest, answer: HttpResponse) -> HttpResponse:
    """A log-in page inside a table would be no way on, so htmx is told to leave the page."""
    is_part = getattr(request, "htmx", False)
    where = answer.get("Location", "") if is_part and answer.status_code == 302 else ""
    if where.startswith((reverse(settings.LOGIN_URL), reverse("web:change_password"))):
        return HttpResponseClientRedirect(where)
    return answer


class AdministratorsApart:
    """The three administrators reach their own pages and no Party page, whatever posts they hold (SE-08)."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: Any) -> HttpResponse | None:
        match = request.resolver_match
        if match is None or match.app_name != "web" or match.url_name in OPEN_TO_ADMINISTRATORS:
            return None
        account = request.user
        if account.is_authenticated and account.administrator:
            return refused(request, NotAllowed())
        return None


class CompressedPages(GZipMiddleware):
    """Pages and answers of the API travel compressed; files are so already, or are not to be touched."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if not response.headers.get("Content-Type", "").startswith(("text/html", "application/json")):
            return response
        answer: HttpResponseBase = super().process_response(request, response)
        return answer


class RequestTooLarge(DomainError):
    code = "request_too_large"
    sentence = N_(
        "这次要传 %(size)s MB，超过一次的上限 %(limit)s MB，没有接收。请分几次传；视频请截取要紧的画面，或在说明里写明存放的地方。"
    )
    status = 413


class RequestSize:
    """Refuses a request by the size that it declares, before a byte of it is read: no video fills the disk.

    It stands before whatever reads the form (the check of the token does), so no session and no page around the words.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        limit, declared = settings.REQUEST_MAX_BYTES, request.META.get("CONTENT_LENGTH") or "0"
        if not declared.isdigit() or int(declared) <= limit:
            return self.get_response(request)
        error = RequestTooLarge(size=-(-int(declared) // MEGABYTE), limit=limit // MEGABYTE)
        if request.path.startswith("/api/"):
            answer: HttpResponse = JsonResponse(
                {"code": error.code, "detail": str(error), "fields": {}}, status=error.status
            )
        else:
            answer = render(request, "web/too_large.html", {"error": error}, status=error.status)
        answer["Connection"] = "close"  # the rest of the body is nobody's to read
        return answer


class DomainErrors:
    """A refusal that no view caught becomes a calm page, or a fragment for htmx, with the right status."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        return refused(request, exception) if isinstance(exception, DomainError) else None
