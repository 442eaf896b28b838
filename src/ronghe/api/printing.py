"""Answers that are official documents."""

from __future__ import annotations

from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from ronghe.kernel.documents import OfficialDocument
from ronghe.kernel.documents.layout import GBT_9704, PageLayout
from ronghe.kernel.printing import MEDIA_TYPES, PaperForm
from ronghe.kernel.printing.register import issued


def paper_answer(
    request: HttpRequest, document: OfficialDocument, form: PaperForm, *, source: models.Model,
    layout: PageLayout = GBT_9704,
) -> HttpResponse:  # fmt: skip
    """Answer an official document made from `source`; its digest is kept, and the PDF says where it can be checked."""
    content = issued(
        document, form, at=timezone.now(), source=source, address=request.build_absolute_uri("/"), layout=layout
    )
    return HttpResponse(content, content_type=MEDIA_TYPES[form])
