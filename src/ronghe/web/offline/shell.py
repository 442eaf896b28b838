"""The app as a phone keeps it: one page that says nothing of anybody, its files, the worker, the manifest, the icons."""

from __future__ import annotations

import hashlib
import json
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.cache import patch_cache_control, patch_vary_headers

from ronghe.kernel.words import _
from ronghe.ui.app_icon import ICON_SIZES, PAPER, icon_png
from ronghe.web.offline.words import leave_kinds, words

STYLES = ("tokens", "reset", "base", "components", "shell", "pages/huddle", "pages/field")
SCRIPTS = (
    "store", "report", "keys", "acts", "picture", "parts", "dialogs", "scanning", "home", "meeting", "permits", "kept", "app",
)  # fmt: skip
WORKER_SCRIPTS = ("store", "report", "worker")
DECODER = "ui/vendor/jsqr-1.4.0.js"
TAG = "ronghe-report"
ATTENTION, FAILED = timedelta(hours=2), timedelta(hours=24)
"""From these ages on an act that was not reported asks for attention, and then is late."""


def app(request: HttpRequest) -> HttpResponse:
    """The page: the same for everybody, so that whoever takes the phone next finds nothing of the one before."""
    answer = render(
        request, "offline/app.html", {"words": _json(words()), "config": _json(_config()), **_files_of_page()}
    )
    patch_vary_headers(answer, ["Accept-Language"])
    patch_cache_control(answer, no_cache=True)
    return answer


def worker(_request: HttpRequest) -> HttpResponse:
    """The service worker's own lines: what to keep, and where its script lies. It may answer for the whole site."""
    shell = {
        "version": shell_version(), "files": shell_files(), "page": reverse("web:offline"),
        "logout": reverse("web:logout"), "tag": TAG,
    }  # fmt: skip
    scripts = [_script(name) for name in WORKER_SCRIPTS]
    text = f"self.rongheShell = {_json(shell)};\nimportScripts(...{_json(scripts)});\n"
    answer = HttpResponse(text, content_type="text/javascript; charset=utf-8")
    answer["Service-Worker-Allowed"] = "/"
    patch_cache_control(answer, no_cache=True)
    return answer


def manifest(_request: HttpRequest) -> HttpResponse:
    """What the phone shows of the app once it is installed."""
    start = reverse("web:offline")
    icons = [
        {"src": reverse("web:offline_icon", args=[size]), "sizes": f"{size}x{size}", "type": "image/png",
         "purpose": purpose}
        for size in ICON_SIZES for purpose in ("any", "maskable")
    ]  # fmt: skip
    answer = JsonResponse(
        {
            "id": start, "name": _("融合"), "short_name": _("融合"), "description": _("党建与生产一本账"),
            "lang": "zh-CN", "start_url": start, "scope": "/", "display": "standalone", "orientation": "portrait",
            "theme_color": PAPER, "background_color": "#f4f5f7", "icons": icons,
        },
        content_type="application/manifest+json",
        json_dumps_params={"ensure_ascii": False},
    )  # fmt: skip
    patch_cache_control(answer, max_age=3600)
    return answer


def icon(_request: HttpRequest, size: int) -> HttpResponse:
    if size not in ICON_SIZES:
        raise Http404
    answer = HttpResponse(icon_png(size), content_type="image/png")
    patch_cache_control(answer, max_age=86_400)
    return answer


def authority(_request: HttpRequest) -> HttpResponse:
    """The certificate of the local authority, for a phone to trust; where a unit brings its own there is none."""
    path = settings.HOME.tls / "ca.crt"
    if not path.exists():
        raise Http404
    answer = HttpResponse(path.read_bytes(), content_type="application/x-x509-ca-cert")
    answer["Content-Disposition"] = 'attachment; filename="ronghe-ca.crt"'
    return answer


def shell_files() -> list[str]:
    """Return the addresses that a phone keeps: the page, its looks, its scripts, the icons, the decoder."""
    styles = [static(f"ui/css/{name}.css") for name in STYLES]
    others = [static("ui/icons.svg"), static("ui/mark.svg"), static("ui/js/theme_first.js"), static(DECODER)]
    return [reverse("web:offline"), *styles, *[_script(name) for name in SCRIPTS], *others]


@cache
def shell_version() -> str:
    """Return what changes when any kept file does. A process serves one release, so it is worked out once."""
    names = [f"ui/css/{name}.css" for name in STYLES]
    names += [f"ui/js/offline/{name}.js" for name in {*SCRIPTS, *WORKER_SCRIPTS}]
    digest = hashlib.sha256()
    for name in sorted([*names, "ui/icons.svg", DECODER]):
        found = finders.find(name)
        digest.update(name.encode() + (Path(found).read_bytes() if isinstance(found, str) else b""))
    for part in (Path(__file__), Path(__file__).with_name("words.py")):
        digest.update(part.read_bytes())
    return digest.hexdigest()[:16]


def script_sources() -> list[Path]:
    """Return where the scripts lie, for the tests that read them."""
    found = [finders.find(f"ui/js/offline/{name}.js") for name in SCRIPTS]
    return [Path(path) for path in found if isinstance(path, str)]


def _files_of_page() -> dict[str, Any]:
    return {
        "styles": [static(f"ui/css/{name}.css") for name in STYLES],
        "scripts": [_script(name) for name in SCRIPTS],
    }


def _config() -> dict[str, Any]:
    return {
        "sprite": static("ui/icons.svg"),
        "decoder": static(DECODER),
        "zone": settings.TIME_ZONE,
        "tag": TAG,
        "attentionMs": ATTENTION // timedelta(milliseconds=1),
        "failedMs": FAILED // timedelta(milliseconds=1),
        "leaveKinds": leave_kinds(),
        "addresses": {
            "report": reverse("api:offline_report"),
            "acts": reverse("api:offline_report"),
            "snapshot": reverse("api:offline_snapshot"),
            "devices_api": reverse("api:offline_devices"),
            "devices": reverse("web:offline_devices"),
            "reported": reverse("web:offline_acts"),
            "worker": reverse("web:offline_worker"),
            "login": f"{reverse('web:login')}?next={reverse('web:offline')}",
        },
    }


def _script(name: str) -> str:
    return static(f"ui/js/offline/{name}.js")


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
