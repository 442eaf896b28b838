"""花名册: uploaded and previewed, then accepted as a whole or discarded."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Field, File, Form, Router, Schema, Status
from ninja.files import UploadedFile

from ronghe.api.acting import actor_of
from ronghe.api.v1.shapes import Named
from ronghe.domain.org.calc.roster.reading import SourceFile
from ronghe.domain.org.enums import RosterState
from ronghe.domain.org.models import RosterImport
from ronghe.domain.org.selectors.rosters import bodies_to_import_into, imports_seen_by
from ronghe.domain.org.services.rosters import accept_roster, discard_roster, kept_preview, upload_roster

router = Router(tags=["rosters"])

SHOWN = 50
FILES: Any = File(..., description="Excel（.xlsx、.xls）、CSV 或网页表格，可以几个")


class RosterUpload(Schema):
    body: int = Field(description="导入到哪个党组织之下")
    declares_unclassified: bool = Field(description="声明文件中没有国家秘密（PI-06）；不声明不读取")
    as_of: date | None = Field(None, description="表中没写填报时间的，按这一天核对")


class ProblemAnswer(Schema):
    file: str
    sheet: str
    row: int = Field(description="行号，与 Excel 中相同")
    column: str
    code: str
    severity: str = Field(description="error 须改正；warning 须核对；notice 供参考")
    message: str


class ChangeAnswer(Schema):
    what: str
    who: str
    field: str
    old: str
    new: str


class RosterAnswer(Schema):
    id: int
    state: RosterState
    body: Named
    uploaded_by: Named
    uploaded_at: datetime
    file_names: list[str]
    counts: dict[str, int]
    reasons: dict[str, str]


class PreviewAnswer(RosterAnswer):
    problems: list[ProblemAnswer] = Field(description="前 500 处；其余见问题报告")
    problem_count: int
    changes: list[ChangeAnswer] = Field(description="前 500 项")


class Reasons(Schema):
    reasons: dict[str, str] = Field(default_factory=dict, description="问题代码 → 接收的理由")


@router.get("", response=list[RosterAnswer], summary="最近的导入")
def rosters(request: HttpRequest) -> Any:
    return list(imports_seen_by(actor_of(request), timezone.now())[:SHOWN])


@router.post("", response={201: PreviewAnswer}, summary="上传并核对，不写入")
def upload(request: HttpRequest, wanted: Form[RosterUpload], files: list[UploadedFile] = FILES) -> Status[Any]:
    actor, now = actor_of(request), timezone.now()
    body = get_object_or_404(bodies_to_import_into(actor, now), pk=wanted.body)
    with _laid_out(files) as sources:
        uploaded = upload_roster(
            files=sources, body=body, actor=actor, at=now, declares_unclassified=wanted.declares_unclassified,
            as_of=wanted.as_of,
        )  # fmt: skip
    return Status(201, _preview(uploaded))


@router.get("/{pk}", response=PreviewAnswer, summary="一次导入")
def roster(request: HttpRequest, pk: int) -> Any:
    return _preview(_seen(request, pk))


@router.post("/{pk}/accept", response=RosterAnswer, summary="确认导入")
def accept(request: HttpRequest, pk: int, given: Reasons) -> Any:
    return accept_roster(
        roster_import=_seen(request, pk), actor=actor_of(request), at=timezone.now(), reasons=given.reasons
    )


@router.post("/{pk}/discard", response=RosterAnswer, summary="放弃")
def discard(request: HttpRequest, pk: int) -> Any:
    return discard_roster(roster_import=_seen(request, pk), actor=actor_of(request), at=timezone.now())


def _seen(request: HttpRequest, pk: int) -> RosterImport:
    return get_object_or_404(imports_seen_by(actor_of(request), timezone.now()), pk=pk)


def _preview(found: RosterImport) -> dict[str, Any]:
    kept = kept_preview(found)
    return {
        "id": found.pk, "state": found.state, "body": found.body, "uploaded_by": found.uploaded_by,
        "uploaded_at": found.uploaded_at, "file_names": found.file_names, "counts": found.counts,
        "reasons": found.reasons, "problems": kept.get("problems", []), "problem_count": kept.get("problem_count", 0),
        "changes": kept.get("changes", []),
    }  # fmt: skip


@contextmanager
def _laid_out(uploads: list[UploadedFile]) -> Iterator[list[SourceFile]]:
    """Lay uploads out as files for as long as they are read."""
    with TemporaryDirectory(prefix="ronghe-upload-") as folder:
        files = []
        for number, given in enumerate(uploads):
            path = Path(folder) / str(number)
            with path.open("wb") as file:
                for piece in given.chunks():
                    file.write(piece)
            files.append(SourceFile(path, given.name or str(number)))
        yield files
