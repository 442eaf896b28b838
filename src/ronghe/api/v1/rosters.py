"""花名册: uploaded and previewed, then accepted as a whole or discarded."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Literal

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Field, File, Form, Router, Schema, Status
from ninja.files import UploadedFile

from ronghe.api.acting import actor_of
from ronghe.api.v1.shapes import Named, named
from ronghe.domain.org.calc.roster.reading import SourceFile
from ronghe.domain.org.enums import DifferenceKind, DifferenceState, RosterState
from ronghe.domain.org.models import RosterComparison, RosterDifference, RosterImport
from ronghe.domain.org.selectors.rosters import (
    bodies_to_import_into,
    comparisons_seen_by,
    differences_of_comparison,
    imports_seen_by,
)
from ronghe.domain.org.services.roster_comparisons import (
    close_comparison,
    compare_rosters,
    dismiss,
    shown,
    take_over,
)
from ronghe.domain.org.services.roster_endings import end_missing, take_back
from ronghe.domain.org.services.rosters import accept_roster, discard_roster, kept_preview, upload_roster
from ronghe.kernel.errors import NotFound

router = Router(tags=["rosters"])

SHOWN = 50
FILES: Any = File(..., description="Excel（.xlsx、.xls）、CSV 或网页表格，可以几个")


FURTHER_FILES: Any = File([], description="第二份名单，可以不给")


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


class ComparisonRequest(Schema):
    body: int = Field(description="与哪个党组织的名册比对")
    declares_unclassified: bool = Field(description="声明文件中没有国家秘密（PI-06）；不声明不读取")
    is_full: bool = Field(False, description="名单包括全部在册的人")
    as_of: date | None = None


class ComparisonRow(Schema):
    id: int
    body: Named
    compared_by: Named
    compared_at: datetime
    closed_at: datetime | None
    file_names: dict[str, list[str]] = Field(description="a、b 两份名单的文件名")
    counts: dict[str, int]


class DifferenceRow(Schema):
    id: int
    kind: DifferenceKind = Field(
        description="differs 内容不一致；not_here 本平台没有；not_listed 名单里没有；one_list 只在一份名单里；doubtful 疑似同一人"
    )
    state: DifferenceState
    person: Named | None
    name: str
    field: str
    values: dict[str, str] = Field(description="here 本平台；a、b 两份名单；号码已遮盖")
    reason: str


class ComparisonAnswer(ComparisonRow):
    differences: list[DifferenceRow]


class Chosen(Schema):
    differences: list[int] = Field(min_length=1)


class TakeRequest(Chosen):
    side: Literal["a", "b"]


class DismissRequest(Chosen):
    reason: str = Field(max_length=200)


class SettledAnswer(Schema):
    count: int


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


@router.get("/comparisons", response=list[ComparisonRow], summary="最近的比对", operation_id="roster_comparisons")
def comparisons(request: HttpRequest) -> Any:
    return [_comparison(row) for row in comparisons_seen_by(actor_of(request), timezone.now())[:SHOWN]]


@router.post(
    "/comparisons", response={201: ComparisonAnswer}, summary="比对一份或两份名单，不写入",
    operation_id="roster_compare",
)  # fmt: skip
def compare(
    request: HttpRequest, wanted: Form[ComparisonRequest], list_a: list[UploadedFile] = FILES,
    list_b: list[UploadedFile] = FURTHER_FILES,
) -> Status[Any]:  # fmt: skip
    actor, now = actor_of(request), timezone.now()
    body = get_object_or_404(bodies_to_import_into(actor, now), pk=wanted.body)
    with _laid_out(list_a) as first, _laid_out(list_b) as second:
        found = compare_rosters(
            lists={"a": first, "b": second}, body=body, actor=actor, at=now, is_full=wanted.is_full, as_of=wanted.as_of,
            declares_unclassified=wanted.declares_unclassified,
        )  # fmt: skip
    return Status(201, _whole_comparison(found))


@router.get(
    "/comparisons/{pk}", response=ComparisonAnswer, summary="一次比对", operation_id="roster_comparison"
)  # fmt: skip
def comparison(request: HttpRequest, pk: int) -> Any:
    return _whole_comparison(_seen_comparison(request, pk))


@router.post("/comparisons/{pk}/take", response=SettledAnswer, summary="采用", operation_id="roster_comparison_take")
def comparison_take(request: HttpRequest, pk: int, given: TakeRequest) -> Any:
    found = _seen_comparison(request, pk)
    count = take_over(
        comparison=found, differences=_chosen(found, given), side=given.side, actor=actor_of(request),
        at=timezone.now(),
    )  # fmt: skip
    return {"count": count}


@router.post(
    "/comparisons/{pk}/dismiss", response=SettledAnswer, summary="不采用", operation_id="roster_comparison_dismiss"
)
def comparison_dismiss(request: HttpRequest, pk: int, given: DismissRequest) -> Any:
    found = _seen_comparison(request, pk)
    count = dismiss(
        comparison=found, differences=_chosen(found, given), reason=given.reason, actor=actor_of(request),
        at=timezone.now(),
    )  # fmt: skip
    return {"count": count}


@router.post(
    "/comparisons/{pk}/end",
    response=SettledAnswer,
    summary="名单里没有的人已离开",
    operation_id="roster_comparison_end",
)
def comparison_end(request: HttpRequest, pk: int, given: Chosen) -> Any:
    found = _seen_comparison(request, pk)
    count = end_missing(comparison=found, differences=_chosen(found, given), actor=actor_of(request), at=timezone.now())
    return {"count": count}


@router.post(
    "/comparisons/{pk}/differences/{difference}/back", response=DifferenceRow, summary="撤回离开",
    operation_id="roster_comparison_back",
)  # fmt: skip
def comparison_back(request: HttpRequest, pk: int, difference: int) -> Any:
    found = get_object_or_404(differences_of_comparison(_seen_comparison(request, pk)), pk=difference)
    return _difference(take_back(difference=found, actor=actor_of(request), at=timezone.now()))


@router.post(
    "/comparisons/{pk}/close",
    response=ComparisonRow,
    summary="结束比对，删除名单内容",
    operation_id="roster_comparison_close",
)
def comparison_close(request: HttpRequest, pk: int) -> Any:
    found = _seen_comparison(request, pk)
    return _comparison(close_comparison(comparison=found, actor=actor_of(request), at=timezone.now()))


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


def _seen_comparison(request: HttpRequest, pk: int) -> RosterComparison:
    return get_object_or_404(comparisons_seen_by(actor_of(request), timezone.now()), pk=pk)


def _chosen(found: RosterComparison, given: Chosen) -> list[RosterDifference]:
    rows = list(differences_of_comparison(found).filter(pk__in=given.differences))
    if len(rows) != len(set(given.differences)):
        raise NotFound
    return rows


def _comparison(found: RosterComparison) -> dict[str, Any]:
    return {
        "id": found.pk, "body": named(found.body), "compared_by": named(found.compared_by),
        "compared_at": found.compared_at, "closed_at": found.closed_at, "file_names": found.file_names,
        "counts": found.counts,
    }  # fmt: skip


def _whole_comparison(found: RosterComparison) -> dict[str, Any]:
    return _comparison(found) | {"differences": [_difference(row) for row in differences_of_comparison(found)]}


def _difference(row: RosterDifference) -> dict[str, Any]:
    said = shown(row)
    return {
        "id": row.pk, "kind": row.kind, "state": row.state, "person": named(row.person), "name": said.name,
        "field": row.field, "values": said.values, "reason": row.reason,
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
