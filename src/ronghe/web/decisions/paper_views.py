"""A paper put before a meeting, for whoever may see the matter."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.decorators.cache import cache_control

from ronghe.domain.decisions.models import MatterPaper
from ronghe.domain.work.services.files import path_of
from ronghe.web.decisions.presenting import matters_seen


@login_required
@cache_control(private=True, max_age=3600)
def matter_paper_file(request: HttpRequest, pk: int, paper: int) -> HttpResponseBase:
    rows = MatterPaper.objects.select_related("file").filter(matter__in=matters_seen(request).order_by().values("pk"))
    file = get_object_or_404(rows, pk=paper, matter=pk).file
    answer = FileResponse(path_of(file.sha256).open("rb"), content_type=file.media_type)
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "sandbox"
    return answer
