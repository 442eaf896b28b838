"""The pages of refusal."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from ronghe.kernel.errors import DomainError, NotAllowed, NotFound


def refused(request: HttpRequest, error: DomainError) -> HttpResponse:
    """Show why something cannot be done and the way on."""
    template = "web/refused.html#body" if getattr(request, "htmx", False) else "web/refused.html"
    return render(request, template, {"error": error, "status": error.status}, status=error.status)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001
    return refused(request, NotAllowed())


def absent(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001
    return refused(request, NotFound())


def failed(request: HttpRequest, *_args: Any) -> HttpResponse:
    """The page nobody should see: without the shell, since whatever broke may be in it."""
    return render(None, "web/failed.html", {"path": request.path}, status=500)
