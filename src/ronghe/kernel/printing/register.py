"""Papers leave with an address at which they can be checked, and are looked up by the digest at their foot."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import models, transaction

from ronghe.kernel.documents import OfficialDocument, content_digest
from ronghe.kernel.documents.layout import GBT_9704, PageLayout
from ronghe.kernel.printing import PaperForm, printed
from ronghe.kernel.printing.models import PrintedPaper

CHECK_PATH = "/check/"
"""The page that checks a paper; short, for it is printed as a code of 15 mm."""
_NOT_HEX = re.compile(r"[^0-9a-f]")


def issued(
    document: OfficialDocument, form: PaperForm, *, at: datetime, source: models.Model | None = None, address: str = "",
    layout: PageLayout = GBT_9704,
) -> bytes:  # fmt: skip
    """Return the document as PDF or Word and keep its digest, so that the paper can be checked later.

    `source` is the record it was made from. `address` is where this platform is reached (`https://…`), by default the
    setting `RONGHE_ADDRESS`; without either the PDF carries the digest alone.
    """
    digest = content_digest(document)
    _keep(document, digest, source, at)
    base = (address or settings.ADDRESS).rstrip("/")
    check_url = f"{base}{CHECK_PATH}{digest}/" if base else None
    return printed(document, form, check_url=check_url, layout=layout)


@dataclass(frozen=True, slots=True)
class Checked:
    """What is known of a digest: the paper, and the latest one printed from the same record where that differs."""

    paper: PrintedPaper
    later: PrintedPaper | None


def check_digest(typed: str) -> Checked | None:
    """Return what is known of a digest as somebody typed or scanned it; spaces and capitals do not matter."""
    digest = _NOT_HEX.sub("", typed.lower()[:200])
    paper = PrintedPaper.objects.filter(digest=digest).first() if len(digest) == 64 else None
    if paper is None:
        return None
    return Checked(paper, _later(paper))


def _later(paper: PrintedPaper) -> PrintedPaper | None:
    if paper.source_id is None:
        return None
    same = PrintedPaper.objects.filter(
        source_type=paper.source_type, source_id=paper.source_id, title=paper.title, printed_at__gt=paper.printed_at
    )
    return same.order_by("-printed_at", "-pk").first()


def _keep(document: OfficialDocument, digest: str, source: models.Model | None, at: datetime) -> None:
    if PrintedPaper.objects.filter(digest=digest).exists():
        return
    with transaction.atomic():
        PrintedPaper.objects.get_or_create(
            digest=digest,
            defaults={
                "title": document.title.replace("\n", "")[:200],
                "issuer": document.issuer[:120],
                "number": document.head.number[:80] if document.head else "",
                "dated": document.dated,
                "source_type": source._meta.label_lower if source is not None else "",  # noqa: SLF001 - Django's name
                "source_id": source.pk if source is not None else None,
                "printed_at": at,
            },
        )
