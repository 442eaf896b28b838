"""项目管控: projects side by side, the structure of acceptance, processes and their acts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import File, Form, Query, Router, Status, UploadedFile

from ronghe.api.acting import actor_of
from ronghe.api.v1 import control_shapes as shapes
from ronghe.api.v1.control_register import router as register
from ronghe.api.v1.control_structure import ControlPartAnswer, ControlPartRequest, part_answer
from ronghe.api.v1.control_structure import router as structure_router
from ronghe.api.v1.control_works import project_seen, readiness_answer
from ronghe.api.v1.control_works import router as works
from ronghe.api.v1.shapes import PAGE_SIZE, Page, listed_answer, named
from ronghe.domain.control.calc.acceptance import Tally
from ronghe.domain.control.calc.plan import PlanRow
from ronghe.domain.control.enums import Check
from ronghe.domain.control.models import ProcessTemplate, WorkPart, WorkProcess
from ronghe.domain.control.selectors.home import ProjectLine, lines_of, list_control
from ronghe.domain.control.selectors.records import record_of
from ronghe.domain.control.selectors.structure import (
    befores_of,
    flattened,
    lots_of,
    path_of,
    processes_of,
    processes_seen_by,
    processes_to_accept,
    processes_to_check,
    templates_for,
    templates_kept_by,
    tree_of,
)
from ronghe.domain.control.services.accepting import accept_process, reopen_process, stand_by
from ronghe.domain.control.services.checking import (
    check_process,
    send_back,
    start_process,
    take_back,
    tell_witness,
)
from ronghe.domain.control.services.moving import Shown
from ronghe.domain.control.services.rating import rate_many, rate_process
from ronghe.domain.control.services.structure import add_part, build_structure, copy_structure, use_template
from ronghe.domain.control.services.templates import LineIn, save_template
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.org.selectors.people import bodies_seen_by
from ronghe.domain.work.services.files import Upload
from ronghe.kernel.access.listing import Listed
from ronghe.kernel.errors import NotFound

router = Router(tags=["control"])
Do = Callable[..., Any]


def _check(check: Check) -> Do:
    return lambda process, shown, **by: check_process(process=process, check=check, shown=shown, **by)


def _rate(*, is_excellent: bool) -> Do:
    return lambda process, shown, **by: rate_process(process=process, is_excellent=is_excellent, words=shown.note, **by)


ACTS: dict[str, Do] = {
    "start": start_process,
    "self": _check(Check.SELF),
    "mutual": _check(Check.MUTUAL),
    "special": _check(Check.SPECIAL),
    "tell": lambda process, shown, **by: tell_witness(process=process, words=shown.note, **by),
    "standby": stand_by,
    "accept": accept_process,
    "return": send_back,
    "reopen": reopen_process,
    "rate": _rate(is_excellent=True),
    "rate-plain": _rate(is_excellent=False),
    "undo": lambda process, shown, **by: take_back(process=process, **by),  # noqa: ARG005 - as every act
}


@router.get("", response=Page[shapes.ControlProjectRow], summary="各项目的管控数字", operation_id="control_projects")
def projects(
    request: HttpRequest, q: str = "", state: str = "", zone: int | None = None, page: int = Query(1, ge=1)
) -> Any:
    actor, now = actor_of(request), timezone.now()
    listed = list_control(actor, now, words=q, state=state, zone=zone, page=page, size=PAGE_SIZE)
    lines = lines_of(listed.rows, now)
    return listed_answer(Listed(lines, listed.count, listed.page, listed.size), _line)


@router.get(
    "/todo", response=list[shapes.ControlProcessRow], summary="现在等您检查、验收的工序", operation_id="control_todo"
)
def todo(request: HttpRequest, project: int | None = None) -> Any:
    actor, now = actor_of(request), timezone.now()
    wanted = project_seen(request, project) if project is not None else None
    found = [*processes_to_accept(actor, now, wanted)[:PAGE_SIZE], *processes_to_check(actor, now, wanted)[:PAGE_SIZE]]
    return [_row(one) for one in found]


@router.get(
    "/templates", response=list[shapes.ControlTemplateAnswer], summary="工序模板", operation_id="control_templates"
)
def templates(request: HttpRequest, body: int) -> Any:
    """The templates that a body may use: its own and those above it."""
    found = get_object_or_404(bodies_seen_by(actor_of(request), timezone.now()), pk=body)
    return [_template(one) for one in templates_for(found.pk, local_day(timezone.now()))]


@router.post(
    "/templates", response=shapes.ControlTemplateAnswer, summary="写工序模板", operation_id="control_template_save"
)
def template_save(request: HttpRequest, wanted: shapes.ControlTemplateRequest) -> Any:
    actor, now = actor_of(request), timezone.now()
    body = get_object_or_404(templates_kept_by(actor, now), pk=wanted.body)
    lines = [LineIn(line.name, line.point.value, line.standard, line.notice_hours) for line in wanted.lines]
    return _template(save_template(body=body, name=wanted.name, lines=lines, actor=actor, at=now))


@router.get(
    "/processes/{process_id}", response=shapes.ControlProcessAnswer, summary="一道工序", operation_id="control_process"
)
def process(request: HttpRequest, process_id: int) -> Any:
    return _answer(_process(request, process_id))


@router.post(
    "/processes/{process_id}/{act}", response=shapes.ControlProcessAnswer, summary="检查、验收、评级等",
    operation_id="control_process_act",
)  # fmt: skip
def process_act(request: HttpRequest, process_id: int, act: str, wanted: shapes.ControlShownRequest) -> Any:
    """`act`: start, self, mutual, special, tell, standby, accept, return, reopen, rate, rate-plain, undo."""
    return _act(request, process_id, act, Shown(wanted.note, (), wanted.measured, wanted.passed))


@router.post(
    "/processes/{process_id}/{act}/files", response=shapes.ControlProcessAnswer, summary="检查、验收等，附照片",
    operation_id="control_process_act_files",
)  # fmt: skip
def process_act_files(
    request: HttpRequest, process_id: int, act: str, photo: File[list[UploadedFile]],
    note: Annotated[str, Form()] = "", measured: Annotated[int, Form()] = 0, passed: Annotated[int, Form()] = 0,
) -> Any:  # fmt: skip
    uploads = [Upload(file.name or "", file) for file in photo]
    return _act(request, process_id, act, Shown(note[:400], uploads, measured, passed))


@router.get(
    "/{project_id}", response=shapes.ControlProjectAnswer, summary="一个项目的管控", operation_id="control_project"
)
def project(request: HttpRequest, project_id: int) -> Any:
    found, now = project_seen(request, project_id), timezone.now()
    [line] = lines_of([found], now)
    lots = [{"lot": lot, "tally": _tally(tally)} for lot, tally in lots_of(tree_of(found))]
    return {**_line(line), "lots": lots, "readiness": readiness_answer(found)}


@router.get("/{project_id}/parts", response=list[shapes.ControlPart], summary="验收划分", operation_id="control_parts")
def parts(request: HttpRequest, project_id: int) -> Any:
    return [
        {
            "id": node.part.pk, "name": node.part.name, "level": node.part.level, "depth": node.depth,
            "lot": node.part.lot, "tally": _tally(node.tally),
        }
        for node in flattened(tree_of(project_seen(request, project_id)))
    ]  # fmt: skip


@router.post(
    "/{project_id}/parts", response={201: ControlPartAnswer}, summary="加一个验收划分", operation_id="control_part_add"
)
def part_add(request: HttpRequest, project_id: int, wanted: ControlPartRequest) -> Any:
    project = project_seen(request, project_id)
    parent = get_object_or_404(WorkPart, pk=wanted.below, project=project) if wanted.below is not None else None
    part = add_part(
        project=project, level=wanted.level, name=wanted.name, parent=parent, lot=wanted.lot, actor=actor_of(request),
        at=timezone.now(),
    )  # fmt: skip
    return Status(201, part_answer(part))


@router.get(
    "/{project_id}/processes", response=Page[shapes.ControlProcessRow], summary="工序", operation_id="control_processes"
)
def processes(
    request: HttpRequest, project_id: int, q: str = "", state: str = "", point: str = "", rating: str = "",
    part: int | None = None, page: int = Query(1, ge=1),
) -> Any:  # fmt: skip
    found = project_seen(request, project_id)
    rows = processes_of(found, words=q, state=state, point=point, rating=rating, part=part)
    count = rows.count()
    last = max(1, -(-count // PAGE_SIZE))
    start = (min(page, last) - 1) * PAGE_SIZE
    return listed_answer(Listed(list(rows[start : start + PAGE_SIZE]), count, min(page, last), PAGE_SIZE), _row)


@router.post(
    "/{project_id}/structure", response=list[shapes.ControlProcessRow], summary="写入验收划分和工序",
    operation_id="control_structure",
)  # fmt: skip
def structure(request: HttpRequest, project_id: int, wanted: shapes.ControlStructureRequest) -> Any:
    rows = [
        PlanRow(
            (row.unit_work, row.division, row.section, row.inspection_lot), row.name, row.point.value, row.standard,
            row.notice_hours, row.lot, None if row.before is None else tuple(row.before),
        )
        for row in wanted.rows
    ]  # fmt: skip
    made = build_structure(
        project=project_seen(request, project_id), rows=rows, actor=actor_of(request), at=timezone.now()
    )
    return [_row(one) for one in made]


@router.post(
    "/{project_id}/structure/copy", response=list[shapes.ControlProcessRow], summary="从别的项目复制",
    operation_id="control_structure_copy",
)  # fmt: skip
def structure_copy(request: HttpRequest, project_id: int, wanted: shapes.ControlCopyRequest) -> Any:
    source, found = project_seen(request, wanted.source), project_seen(request, project_id)
    made = copy_structure(source=source, project=found, actor=actor_of(request), at=timezone.now())
    return [_row(one) for one in made]


@router.post(
    "/{project_id}/structure/template", response=list[shapes.ControlProcessRow], summary="用工序模板",
    operation_id="control_structure_template",
)  # fmt: skip
def structure_template(request: HttpRequest, project_id: int, wanted: shapes.ControlUseTemplateRequest) -> Any:
    found, now = project_seen(request, project_id), timezone.now()
    template = get_object_or_404(templates_for(found.body_id, local_day(now)), pk=wanted.template)
    part = get_object_or_404(WorkPart.objects.select_related("project"), pk=wanted.part, project=found)
    return [_row(one) for one in use_template(template=template, part=part, actor=actor_of(request), at=now)]


@router.post(
    "/{project_id}/rate", response=shapes.ControlMany, summary="几道一起评为优质", operation_id="control_rate_many"
)
def rate_several(request: HttpRequest, project_id: int, wanted: shapes.ControlRateRequest) -> Any:
    rows = list(processes_of(project_seen(request, project_id)).filter(pk__in=wanted.processes[:PAGE_SIZE]))
    done, refused = rate_many(processes=rows, actor=actor_of(request), at=timezone.now())
    return {"done": done, "refused": refused}


router.add_router("", structure_router)
router.add_router("", works)
router.add_router("", register)


def _act(request: HttpRequest, process_id: int, act: str, shown: Shown) -> dict[str, Any]:
    if act not in ACTS:
        raise NotFound
    found = _process(request, process_id)
    ACTS[act](process=found, shown=shown, actor=actor_of(request), at=timezone.now())
    return _answer(_process(request, process_id))


def _process(request: HttpRequest, process_id: int) -> WorkProcess:
    found: WorkProcess = get_object_or_404(processes_seen_by(actor_of(request), timezone.now()), pk=process_id)
    return found


def _tally(tally: Tally) -> dict[str, Any]:
    names = ("all", "accepted", "accepted_share", "unattended", "rated", "excellent", "excellent_share", "waiting", "hold",
             "reworks")  # fmt: skip
    return {name: getattr(tally, name) for name in names}


def _line(line: ProjectLine) -> dict[str, Any]:
    counters = [
        {"kind": one.kind.value, "days": one.days, "count": one.count, "last_on": one.last_on} for one in line.counters
    ]
    return {
        "project": named(line.project), "state": line.project.state, "tally": _tally(line.tally), "counters": counters,
        "review_days": line.review_days, "review_old_days": line.pace.old_days,
        "review_target_days": line.pace.target_days, "reviews_open": line.reviews_open, "open_points": line.open_points,
        "is_ready": line.is_ready, "loss_hours": line.loss_hours, "loss_yuan": line.loss_yuan,
        "approvals_open": line.approvals_open, "approvals_late": line.approvals_late,
    }  # fmt: skip


def _row(one: WorkProcess) -> dict[str, Any]:
    return {
        "id": one.pk, "project": one.project_id, "part": named(one.part), "path": list(path_of(one.part)),
        "number": one.number, "name": one.name, "point": one.point, "state": one.state,
        "is_unattended": one.is_unattended, "is_excellent": one.is_excellent, "round": one.round, "reworks": one.reworks,
    }  # fmt: skip


def _answer(one: WorkProcess) -> dict[str, Any]:
    people = {
        name: named(getattr(one, name)) for name in ("self_by", "mutual_by", "special_by", "accepted_by", "rated_by")
    }
    records = [
        {
            "act": row.act, "round": row.round, "by": named(row.by), "at": row.at, "note": row.note,
            "is_undone": row.is_undone, "pictures": [picture.file.sha256 for picture in row.pictures.all()],
        }
        for row in record_of(one)
    ]  # fmt: skip
    return {
        **_row(one), **people, "standard": one.standard, "notice_hours": one.notice_hours, "measured": one.measured,
        "passed": one.passed, "accepted_at": one.accepted_at, "witness_until": one.witness_until,
        "before": [named(before) for before in befores_of(one)], "records": records,
    }  # fmt: skip


def _template(template: ProcessTemplate) -> dict[str, Any]:
    lines = [
        {"name": line.name, "point": line.point, "standard": line.standard, "notice_hours": line.notice_hours}
        for line in template.lines.order_by("number")
    ]
    return {"id": template.pk, "body": named(template.body), "name": template.name, "lines": lines}
