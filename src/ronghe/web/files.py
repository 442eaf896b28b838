"""Answers that are files."""

from __future__ import annotations

from collections.abc import Iterable
from tempfile import TemporaryFile
from urllib.parse import quote

from django.http import FileResponse, HttpResponse

from ronghe.kernel.tabular.writing import SheetOut, write_workbook

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def file_answer(content: bytes, name: str, media_type: str) -> HttpResponse:
    """Return a download; a Chinese name reaches every browser whole (RFC 6266)."""
    answer = HttpResponse(content, content_type=media_type)
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


def excel_answer(sheets: Iterable[SheetOut], name: str) -> FileResponse:
    """Return a workbook; it is written row by row to a file that is gone after the answer."""
    file = TemporaryFile()  # noqa: SIM115 - FileResponse closes it
    write_workbook(file, sheets)
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=name, content_type=XLSX)
