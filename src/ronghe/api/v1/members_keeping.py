"""党员: placing tried first, tables of trades and broad names, and a correction's values in clear."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Field, File, Router, Schema, Status, UploadedFile

from ronghe.api.acting import actor_of
from ronghe.api.uploads import laid_out
from ronghe.domain.members.enums import BroadKind
from ronghe.domain.members.models import BroadName
from ronghe.domain.members.selectors.corrections import corrections_seen_by
from ronghe.domain.members.services.broad_names import drop_broad_name, import_broad_names
from ronghe.domain.members.services.corrections import open_correction
from ronghe.domain.members.services.skill_import import import_skills
from ronghe.domain.org.models import AdminUnit
from ronghe.domain.org.selectors.people import units_seen_by

router = Router(tags=["members"])


class BroadDropRequest(Schema):
    kind: BroadKind
    old: str = Field(min_length=1, max_length=40)


class BroadCountAnswer(Schema):
    count: int


class SkillCountsAnswer(Schema):
    rows: int
    added: int
    changed: int
    same: int


class CorrectionClear(Schema):
    old: str
    new: str


@router.post(
    "/units/{unit_id}/broad-names/drop", response={204: None}, summary="去掉一条对照", operation_id="members_drop_broad"
)
def broad_drop(request: HttpRequest, unit_id: int, wanted: BroadDropRequest) -> Status[None]:
    rows = BroadName.objects.filter(unit=_unit(request, unit_id)).select_related("unit")
    row = get_object_or_404(rows, kind=wanted.kind, old=wanted.old)
    drop_broad_name(row=row, actor=actor_of(request), at=timezone.now())
    return Status(204, None)


@router.post(
    "/units/{unit_id}/broad-names/import",
    response=BroadCountAnswer,
    summary="导入对照表",
    operation_id="members_import_broad",
)
def broad_import(request: HttpRequest, unit_id: int, file: File[UploadedFile]) -> Any:
    """三列：类别（岗位、工种）、原名称、归入。有一行不对就一行也不导入。"""
    unit = _unit(request, unit_id)
    with laid_out(file) as path:
        count = import_broad_names(
            unit=unit, path=path, name=file.name or "", actor=actor_of(request), at=timezone.now()
        )
    return {"count": count}


@router.post("/skills/import", response=SkillCountsAnswer, summary="导入技能表", operation_id="members_import_skills")
def skills_import(request: HttpRequest, file: File[UploadedFile]) -> Any:
    """一行一个人的一个工种，表头按导出的“技能表”。有一行不对就一行也不导入。"""
    with laid_out(file) as path:
        return import_skills(path=path, name=file.name or "", actor=actor_of(request), at=timezone.now())


@router.post(
    "/corrections/{correction_id}/open", response=CorrectionClear, summary="看原值和新值，留记录",
    operation_id="members_open_correction",
)  # fmt: skip
def correction_open(request: HttpRequest, correction_id: int) -> Any:
    actor, now = actor_of(request), timezone.now()
    found = get_object_or_404(corrections_seen_by(actor, now), pk=correction_id)
    old, new = open_correction(correction=found, actor=actor, at=now)
    return {"old": old, "new": new}


def _unit(request: HttpRequest, unit_id: int) -> AdminUnit:
    found: AdminUnit = get_object_or_404(units_seen_by(actor_of(request), timezone.now()), pk=unit_id)
    return found
