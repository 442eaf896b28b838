"""Answers that are files."""

from __future__ import annotations

from collections.abc import Iterable
from tempfile import TemporaryFile
from urllib.parse import quote

from django.db import models
from django.http import FileResponse, HttpRequest, HttpResponse
from django.utils import timezone

from ronghe.kernel.documents import OfficialDocument
from ronghe.kernel.documents.layout import GBT_9704, PageLayout
from ronghe.kernel.printing import MEDIA_TYPES, PaperForm
from ronghe.kernel.printing.register import issued
from ronghe.kernel.tabular.writing import SheetOut, write_workbook

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def file_answer(content: bytes, name: str, media_type: str) -> HttpResponse:
    """Return a download; a Chinese name reaches every browser whole (RFC 6266)."""
    answer = HttpResponse(content, content_type=media_type)
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


def paper_answer(
    request: HttpRequest, document: OfficialDocument, form: str, *, source: models.Model, name: str = "",
    layout: PageLayout = GBT_9704,
) -> HttpResponse:  # fmt: skip
    """Return an official document as a download; its digest is kept, and the PDF says where it can be checked.

    `source` is the record that it was made from; the file is called `name`, by default the document's title.
    """
    paper = PaperForm(form)
    content = issued(
        document, paper, at=timezone.now(), source=source, address=request.build_absolute_uri("/"), layout=layout
    )
    return file_answer(content, f"{name or document.title.replace(chr(10), '')}.{paper}", MEDIA_TYPES[paper])


def excel_answer(sheets: Iterable[SheetOut], name: str) -> FileResponse:
    """Return a workbook; it is written row by row to a file that is gone after the answer."""
    file = TemporaryFile()  # noqa: SIM115 - FileResponse closes it
    write_workbook(file, sheets)
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=name, content_type=XLSX)
