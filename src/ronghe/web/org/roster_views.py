"""导入花名册: upload, preview, accept or give up; the report as a workbook."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory, TemporaryFile
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.files.uploadedfile import UploadedFile
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ronghe.domain.org.calc.roster.problems import SEVERITY_WORDS, SHORT, Severity
from ronghe.domain.org.calc.roster.reading import SourceFile
from ronghe.domain.org.enums import RosterState
from ronghe.domain.org.models import RosterImport
from ronghe.domain.org.selectors.rosters import bodies_to_import_into, imports_seen_by
from ronghe.domain.org.services.rosters import (
    accept_roster,
    discard_roster,
    kept_preview,
    report_on,
    upload_roster,
)
from ronghe.kernel.errors import DomainError, NotAllowed
from ronghe.web.files import XLSX
from ronghe.web.org.roster_forms import ReasonsForm, RosterForm
from ronghe.web.requests import actor_of

SHOWN_IMPORTS = 20
SHOWN_PROBLEMS = 100
SHOWN_CHANGES = 100
STATES = {"error": "failed", "warning": "attention", "notice": "running"}


@login_required
def roster_list(request: HttpRequest) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    bodies = bodies_to_import_into(actor, now)
    if not bodies.exists():
        raise NotAllowed
    form = RosterForm(request.POST or None, request.FILES or None, bodies=bodies)
    if request.method == "POST" and form.is_valid():
        given = dict(form.cleaned_data)
        try:
            with laid_out(given.pop("uploads")) as files:
                uploaded = upload_roster(files=files, actor=actor, at=now, **given)
        except DomainError as error:
            form.add_error("declares_unclassified" if error.code == "not_declared" else "uploads", str(error))
        else:
            return redirect("web:roster_detail", pk=uploaded.pk)
    context = {"form": form, "imports": imports_seen_by(actor, now)[:SHOWN_IMPORTS]}
    return render(request, "org/roster_list.html", context, status=422 if form.errors else 200)


@login_required
def roster_detail(request: HttpRequest, pk: int) -> HttpResponse:
    found = _seen(request, pk)
    return render(request, "org/roster_detail.html", _context(found))


@login_required
@require_POST
def roster_accept(request: HttpRequest, pk: int) -> HttpResponse:
    found = _seen(request, pk)
    context = _context(found, request.POST)
    form = context["form"]
    if form.is_valid():
        try:
            done = accept_roster(
                roster_import=found, actor=actor_of(request), at=timezone.now(), reasons=form.cleaned_data
            )
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("已导入：新增 %(added)s 人，更新 %(changed)s 人。") % done.counts)
            return redirect("web:roster_detail", pk=pk)
    return render(request, "org/roster_detail.html", context, status=422)


@login_required
@require_POST
def roster_discard(request: HttpRequest, pk: int) -> HttpResponse:
    discard_roster(roster_import=_seen(request, pk), actor=actor_of(request), at=timezone.now())
    messages.success(request, _("已放弃，上传的文件已删除。"))
    return redirect("web:roster_list")


@login_required
def roster_report(request: HttpRequest, pk: int) -> FileResponse:
    found = _seen(request, pk)
    file = TemporaryFile()  # noqa: SIM115 - FileResponse closes it
    report_on(roster_import=found, actor=actor_of(request), at=timezone.now(), target=file)
    file.seek(0)
    answer = FileResponse(file, as_attachment=True, filename=_("花名册问题") + f"_{found.pk}.xlsx", content_type=XLSX)
    answer["Cache-Control"] = "no-store"
    return answer


def _seen(request: HttpRequest, pk: int) -> RosterImport:
    return get_object_or_404(imports_seen_by(actor_of(request), timezone.now()), pk=pk)


def _context(found: RosterImport, posted: Any = None) -> dict[str, Any]:
    kept = kept_preview(found)
    codes = [
        about | {"label": _(SHORT[about["code"]]), "state": STATES[about["severity"]]}
        for about in kept.get("codes", [])
    ]
    warnings = [about for about in codes if about["severity"] == Severity.WARNING.value]
    errors = sum(about["count"] for about in codes if about["severity"] == Severity.ERROR.value)
    sheets = [
        sheet
        | {
            "used": [c for c in sheet["columns"] if c["column"]],
            "unused": [c for c in sheet["columns"] if not c["column"]],
        }
        for sheet in kept.get("sheets", [])
    ]
    problems = [
        p | {"state": STATES[p["severity"]], "word": _(SEVERITY_WORDS[p["severity"]])}
        for p in kept.get("problems", [])[:SHOWN_PROBLEMS]
    ]
    changes = kept.get("changes", [])[:SHOWN_CHANGES]
    plan = kept.get("plan", {})
    writes = sum(count for name, count in plan.items() if name != "unchanged")
    return {
        "roster": found, "kept": kept, "codes": codes, "sheets": sheets, "problems": problems, "changes": changes,
        "error_count": errors, "is_open": found.state == RosterState.PREVIEWED, "writes": writes,
        "state_word": str(RosterState(found.state).label), "counts": found.counts,
        "more_problems": max(kept.get("problem_count", 0) - len(problems), 0),
        "form": ReasonsForm(posted, codes=warnings),
        "reasons": [(_(SHORT[code]), reason) for code, reason in found.reasons.items()],
    }  # fmt: skip


@contextmanager
def laid_out(uploads: list[UploadedFile[Any]]) -> Iterator[list[SourceFile]]:
    """Lay uploads out as files for as long as they are read."""
    with TemporaryDirectory(prefix="ronghe-upload-") as folder:
        files = []
        for number, upload in enumerate(uploads):
            path = Path(folder) / str(number)
            with path.open("wb") as file:
                for piece in upload.chunks():
                    file.write(piece)
            files.append(SourceFile(path, upload.name or str(number)))
        yield files
