"""Every address of the platform: pages at the root, the API below `/api/v1/`."""

from __future__ import annotations

from django.urls import include, path

from ronghe.api.api import api

urlpatterns = [
    path("api/v1/", api.urls),
    path("", include("ronghe.web.urls")),
    path("", include("ronghe.ui.urls")),
]

handler403 = "ronghe.web.errors.forbidden"
handler404 = "ronghe.web.errors.absent"
handler500 = "ronghe.web.errors.failed"
