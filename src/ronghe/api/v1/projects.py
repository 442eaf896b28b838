"""项目."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Field, Query, Router, Schema, Status

from ronghe.api.acting import actor_of
from ronghe.api.v1.shapes import PAGE_SIZE, Named, Page, listed_answer, named
from ronghe.domain.org.models import Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.org.selectors.people import bodies_seen_by, units_seen_by
from ronghe.domain.projects.enums import Difficulty, ProjectKind, ProjectState
from ronghe.domain.projects.models import Project
from ronghe.domain.projects.selectors import list_projects, projects_seen_by
from ronghe.domain.projects.services.projects import (
    call_off_project,
    change_project,
    complete_project,
    register_project,
    start_project,
    take_back,
)
from ronghe.kernel.errors import NotFound

router = Router(tags=["projects"])

MOST_YUAN = 10**13


class ProjectRow(Schema):
    id: int
    name: str
    kind: ProjectKind
    difficulty: Difficulty = Field(description="ordinary 一般；hard 较大；very_hard 很大")
    state: ProjectState = Field(description="planned 未开工；under_way 在建；completed 已完工；called_off 已取消")
    unit: Named
    body: Named = Field(description="负责的党组织")
    place: str
    investment_yuan: int | None = Field(description="投资，元；不知道为空")
    is_epc: bool
    summary: str
    starts_on: date
    ends_on: date = Field(description="计划完工日期")
    started_on: date | None
    completed_on: date | None


class ProjectRequest(Schema):
    name: str = Field(max_length=120)
    kind: ProjectKind
    body: int = Field(description="负责的党组织")
    unit: int | None = Field(None, description="建设单位，不给为党组织所在单位")
    starts_on: date
    ends_on: date
    difficulty: Difficulty = Difficulty.ORDINARY
    place: str = Field("", max_length=80)
    investment_yuan: int | None = Field(None, ge=0, le=MOST_YUAN)
    is_epc: bool = False
    summary: str = Field("", max_length=400)


class ProjectChange(Schema):
    """What is not given stays as it is."""

    name: str | None = Field(None, max_length=120)
    kind: ProjectKind | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    difficulty: Difficulty | None = None
    place: str | None = Field(None, max_length=80)
    investment_yuan: int | None = Field(None, ge=0, le=MOST_YUAN)
    is_epc: bool | None = None
    summary: str | None = Field(None, max_length=400)


class ProjectDayRequest(Schema):
    day: date | None = Field(None, description="不给为今天")


@router.get("", response=Page[ProjectRow], summary="项目清单", operation_id="projects_list")
def project_list(
    request: HttpRequest, q: str = Query("", max_length=60), kind: ProjectKind | None = None,
    state: ProjectState | None = None, late: bool = Query(False, description="只看超过计划完工日期的"),
    sort: str = Query("name", max_length=10, description="name、starts、ends、money，前面加 - 倒排"),
    page: int = Query(1, ge=1),
) -> Any:  # fmt: skip
    listed = list_projects(
        actor_of(request), timezone.now(), words=q, kind=kind or "", state=state or "", late=late, sort=sort, page=page,
        size=PAGE_SIZE,
    )  # fmt: skip
    return listed_answer(listed, _row)


@router.post("", response={201: ProjectRow}, summary="登记项目", operation_id="projects_register")
def project_register(request: HttpRequest, wanted: ProjectRequest) -> Status[Any]:
    actor, now = actor_of(request), timezone.now()
    given = wanted.dict()
    body = get_object_or_404(bodies_seen_by(actor, now), pk=given.pop("body"))
    asked = given.pop("unit")
    unit = body.unit if asked is None else get_object_or_404(units_seen_by(actor, now), pk=asked)
    if unit is None:
        raise NotFound
    return Status(201, _row(register_project(body=body, unit=unit, actor=actor, at=now, **given)))


@router.get("/{project_id}", response=ProjectRow, summary="一个项目", operation_id="projects_detail")
def project_detail(request: HttpRequest, project_id: int) -> Any:
    return _row(_seen(actor_of(request), project_id))


@router.patch("/{project_id}", response=ProjectRow, summary="更改项目信息", operation_id="projects_change")
def project_change(request: HttpRequest, project_id: int, wanted: ProjectChange) -> Any:
    actor = actor_of(request)
    given = wanted.dict(exclude_unset=True)
    changes = {name: value for name, value in given.items() if value is not None or name == "investment_yuan"}
    return _row(change_project(project=_seen(actor, project_id), actor=actor, at=timezone.now(), **changes))


@router.post("/{project_id}/start", response=ProjectRow, summary="登记开工", operation_id="projects_start")
def project_start(request: HttpRequest, project_id: int, wanted: ProjectDayRequest) -> Any:
    actor, now = actor_of(request), timezone.now()
    day = wanted.day or local_day(now)
    return _row(start_project(project=_seen(actor, project_id), day=day, actor=actor, at=now))


@router.post("/{project_id}/complete", response=ProjectRow, summary="登记完工", operation_id="projects_complete")
def project_complete(request: HttpRequest, project_id: int, wanted: ProjectDayRequest) -> Any:
    actor, now = actor_of(request), timezone.now()
    day = wanted.day or local_day(now)
    return _row(complete_project(project=_seen(actor, project_id), day=day, actor=actor, at=now))


@router.post("/{project_id}/call-off", response=ProjectRow, summary="取消项目", operation_id="projects_call_off")
def project_call_off(request: HttpRequest, project_id: int) -> Any:
    actor, now = actor_of(request), timezone.now()
    return _row(call_off_project(project=_seen(actor, project_id), day=local_day(now), actor=actor, at=now))


@router.post(
    "/{project_id}/take-back", response=ProjectRow, summary="撤回开工、完工或取消", operation_id="projects_take_back"
)
def project_take_back(request: HttpRequest, project_id: int) -> Any:
    actor = actor_of(request)
    return _row(take_back(project=_seen(actor, project_id), actor=actor, at=timezone.now()))


def _seen(actor: Person, project_id: int) -> Project:
    return get_object_or_404(projects_seen_by(actor, timezone.now()), pk=project_id)


def _row(project: Project) -> dict[str, Any]:
    names = (
        "name", "kind", "difficulty", "state", "place", "investment_yuan", "is_epc", "summary", "starts_on", "ends_on",
        "started_on", "completed_on",
    )  # fmt: skip
    return {name: getattr(project, name) for name in names} | {
        "id": project.pk, "unit": named(project.unit), "body": named(project.body),
    }  # fmt: skip
