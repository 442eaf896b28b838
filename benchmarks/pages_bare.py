"""Addresses of the reference: one view for all, and the platform's own below it so that names resolve."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import include, path, re_path, resolve
from pages_server import taken

from ronghe.config import urls as platform

_kept: dict[tuple[Any, ...], tuple[str, dict[str, Any], dict[str, Any]]] = {}


@login_required
def bare(request: HttpRequest, **_parts: str) -> HttpResponse:
    asked = (request.user.pk, request.get_full_path(), bool(request.htmx))  # type: ignore[attr-defined]
    if asked not in _kept:
        found = resolve(request.path, "ronghe.config.urls")
        _kept[asked] = taken(request, lambda given: found.func(given, *found.args, **found.kwargs), found.func)
    template, context, kept = _kept[asked]
    request.kept_shell = kept  # type: ignore[attr-defined]
    return render(request, template, context)


urlpatterns = [re_path(r"^(?!static/)(?P<rest>.*)$", bare), path("", include(platform.urlpatterns))]
handler403, handler404, handler500 = platform.handler403, platform.handler404, platform.handler500
