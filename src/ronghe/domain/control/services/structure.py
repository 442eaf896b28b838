"""The structure of acceptance is built up (PJ-04): part by part, from rows of a table, from a template, from another project."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max

from ronghe.domain.control.calc.plan import MOST_NOTICE_HOURS, PlanRow, circle_in, linked
from ronghe.domain.control.enums import PartLevel, Point, ProcessState
from ronghe.domain.control.facts import STRUCTURE_CHANGED
from ronghe.domain.control.models import ProcessLink, ProcessTemplate, WorkPart, WorkProcess
from ronghe.domain.control.rules import KEEP_STRUCTURE, SEE_CONTROL
from ronghe.domain.control.selectors.structure import path_of, plan_of
from ronghe.domain.control.services.past import refuse_past, take_over, write_past
from ronghe.domain.control.services.telling import tell
from ronghe.domain.org.models import Person
from ronghe.domain.projects.models import Project
from ronghe.kernel.errors import DomainError, Stale
from ronghe.kernel.words import N_

LEVELS = tuple(PartLevel)
MOST_ROWS = 2000
NAME_LENGTH, LOT_LENGTH, STANDARD_LENGTH = 80, 80, 400


class PlanEmpty(DomainError):
    code = "control_plan_empty"
    sentence = N_("没有可写入的工序。")
    status = 422


class PlanTooLong(DomainError):
    code = "control_plan_too_long"
    sentence = N_("一次最多写入 %(most)s 道工序，请分几次。")
    status = 422


class ProcessUnfit(DomainError):
    code = "control_process_unfit"
    sentence = N_("每道工序要有名称（最多 80 个字）、所属的四级验收划分，见证点的通知时间在 1 到 %(most)s 小时之间。")
    status = 422


class ProcessThere(DomainError):
    code = "control_process_there"
    sentence = N_("检验批“%(part)s”里已有工序“%(name)s”。")


class PartThere(DomainError):
    code = "control_part_there"
    sentence = N_("同一级里已有“%(name)s”，请换个名称。")


class PartMisplaced(DomainError):
    code = "control_part_misplaced"
    sentence = N_("验收划分按 单位工程→分部工程→分项工程→检验批 一级一级编，“%(name)s”放错了级。")
    status = 422


class PartInUse(DomainError):
    code = "control_part_in_use"
    sentence = N_("“%(name)s”下面还有内容，先删下面的。")


class ProcessBegun(DomainError):
    code = "control_process_begun"
    sentence = N_("“%(name)s”已经开始或有记录，不能改动、删除。")


class CircularBefore(DomainError):
    code = "control_circular_before"
    sentence = N_("前道工序绕成了圈：%(circle)s。请去掉其中一个。")
    status = 422


class OtherProject(DomainError):
    code = "control_other_project"
    sentence = N_("前道工序要从同一个项目里选。")
    status = 422


@transaction.atomic
def build_structure(
    *, project: Project, rows: Sequence[PlanRow], actor: Person, at: datetime, act: str = "import"
) -> list[WorkProcess]:
    """Write processes with the parts that they lie in; parts that are there are used. All or none.

    Rows with a past are taken over as accepted on paper, with their people and days.

    :raises PlanEmpty, PlanTooLong, ProcessUnfit: nothing to write, too much, or a row without a name
    :raises ProcessThere: an inspection lot has a process of that name
    :raises CircularBefore: the order goes round in a circle
    :raises PastUnfit: a past that cannot have been
    """
    KEEP_STRUCTURE.require(actor, project, at=at)
    _refuse_unfit(rows)
    refuse_past([(row.name, row.past) for row in rows if row.past is not None], at)
    before = linked(rows)
    _refuse_circles(rows, before)
    Project.objects.select_for_update(of=("self",)).get(
        pk=project.pk
    )  # of two imports the second sees the first's parts
    parts, made = _parts_for(project, rows)
    processes = _processes_for(project, rows, parts, at)
    ProcessLink.objects.bulk_create(
        ProcessLink(process=processes[place], before=processes[other])
        for place, others in enumerate(before)
        for other in others
    )
    write_past(
        project=project, pairs=[(process, row.past) for process, row in zip(processes, rows, strict=True) if row.past],
        actor=actor, at=at,
    )  # fmt: skip
    tell(STRUCTURE_CHANGED, project, actor, at, project, act=act, parts=made, processes=len(processes))
    return processes


def use_template(*, template: ProcessTemplate, part: WorkPart, actor: Person, at: datetime) -> list[WorkProcess]:
    """Write the processes of a template into an inspection lot, one after the other.

    :raises PartMisplaced: the part is no inspection lot
    """
    names = path_of(part)
    if len(names) != len(LEVELS):
        raise PartMisplaced(name=part.name)
    lines = template.lines.order_by("number")
    rows = [
        PlanRow((names[0], names[1], names[2], names[3]), line.name, line.point, line.standard, line.notice_hours)
        for line in lines
    ]
    return build_structure(project=part.project, rows=rows, actor=actor, at=at, act="template")


def copy_structure(*, source: Project, project: Project, actor: Person, at: datetime) -> list[WorkProcess]:
    """Write the whole structure of another project, its processes and their order, as not begun.

    :raises NotAllowed: the actor does not see the other project
    """
    SEE_CONTROL.require(actor, source, at=at)
    return build_structure(project=project, rows=plan_of(source), actor=actor, at=at, act="copy")


@transaction.atomic
def add_part(
    *, project: Project, level: PartLevel, name: str, actor: Person, at: datetime, parent: WorkPart | None = None,
    lot: str = "",
) -> WorkPart:  # fmt: skip
    """Add one part. A unit work or a division may hold one of its own level (子单位、子分部).

    :raises PartMisplaced: below a part of the wrong level, or of another project
    :raises PartThere: the name is taken there
    """
    KEEP_STRUCTURE.require(actor, project, at=at)
    name, lot = name.strip(), lot.strip()
    if not name or len(name) > NAME_LENGTH or len(lot) > LOT_LENGTH or not _fits_below(level, parent, project):
        raise PartMisplaced(name=name)
    place = (WorkPart.objects.filter(project=project).aggregate(last=Max("place"))["last"] or 0) + 1
    try:
        with transaction.atomic():
            part = WorkPart.objects.create(
                project=project, parent=parent, level=level, name=name, place=place, lot=lot if parent is None else ""
            )
    except IntegrityError as error:
        raise PartThere(name=name) from error
    tell(STRUCTURE_CHANGED, project, actor, at, project, act="part", parts=1, processes=0)
    return part


@transaction.atomic
def change_part(*, part: WorkPart, name: str, lot: str, actor: Person, at: datetime) -> WorkPart:
    """Give a part another name, and a unit work another lot.

    :raises PartThere: the name is taken there
    """
    KEEP_STRUCTURE.require(actor, part.project, at=at)
    if not name.strip() or len(name.strip()) > NAME_LENGTH or len(lot.strip()) > LOT_LENGTH:
        raise PartMisplaced(name=name)
    part.name, part.lot = name.strip(), lot.strip() if part.parent_id is None else ""
    try:
        with transaction.atomic():
            part.save(update_fields=["name", "lot"])
    except IntegrityError as error:
        raise PartThere(name=part.name) from error
    tell(STRUCTURE_CHANGED, part.project, actor, at, part.project, act="rename", parts=1, processes=0)
    return part


@transaction.atomic
def drop_part(*, part: WorkPart, actor: Person, at: datetime) -> None:
    """Take an empty part away.

    :raises PartInUse: something lies in it
    """
    KEEP_STRUCTURE.require(actor, part.project, at=at)
    if part.children.exists() or part.processes.exists():
        raise PartInUse(name=part.name)
    project = part.project
    part.delete()
    tell(STRUCTURE_CHANGED, project, actor, at, project, act="drop_part", parts=1, processes=0)


@transaction.atomic
def change_process(
    *, process: WorkProcess, row: PlanRow, actor: Person, at: datetime, before: Sequence[WorkProcess] | None = None
) -> WorkProcess:
    """Change what a process is, and what must be accepted before it, as long as nobody has entered it.

    :raises ProcessBegun: somebody has
    :raises OtherProject: a process before it is of another project
    :raises CircularBefore: it would wait for itself
    """
    KEEP_STRUCTURE.require(actor, process.project, at=at)
    _refuse_unfit([row])
    _refuse_begun(process)
    if before is not None:
        _link_anew(process, before)
    values: dict[str, Any] = {
        "name": row.name.strip(), "point": row.point, "standard": row.standard.strip(), "notice_hours": row.notice_hours,
    }  # fmt: skip
    if not WorkProcess.objects.filter(pk=process.pk, state=ProcessState.WAITING).update(**values):
        raise Stale
    for name, value in values.items():
        setattr(process, name, value)
    tell(STRUCTURE_CHANGED, process.project, actor, at, process.project, act="change", parts=0, processes=1)
    return process


@transaction.atomic
def drop_process(*, process: WorkProcess, actor: Person, at: datetime) -> None:
    """Take a process away that nobody has entered; what came after it comes after what was before it.

    :raises ProcessBegun: somebody has, or an idle record points at it
    """
    KEEP_STRUCTURE.require(actor, process.project, at=at)
    _refuse_begun(process)
    if process.idle_claims.exists():
        raise ProcessBegun(name=process.name)
    before = list(process.links.order_by("pk").values_list("before_id", flat=True))
    after = list(process.links_after.order_by("pk").values_list("process_id", flat=True))
    ProcessLink.objects.bulk_create(
        [ProcessLink(process_id=later, before_id=earlier) for later in after for earlier in before],
        ignore_conflicts=True,
    )
    project = process.project
    if not WorkProcess.objects.filter(pk=process.pk, state=ProcessState.WAITING).delete()[0]:
        raise Stale
    tell(STRUCTURE_CHANGED, project, actor, at, project, act="drop", parts=0, processes=1)


def _refuse_unfit(rows: Sequence[PlanRow]) -> None:
    if not rows:
        raise PlanEmpty
    if len(rows) > MOST_ROWS:
        raise PlanTooLong(most=MOST_ROWS)
    for row in rows:
        names = (*row.parts, row.name)
        if (
            any(not name.strip() or len(name.strip()) > NAME_LENGTH for name in names)
            or row.point not in Point.values or not 1 <= row.notice_hours <= MOST_NOTICE_HOURS
            or len(row.lot) > LOT_LENGTH or len(row.standard) > STANDARD_LENGTH
        ):  # fmt: skip
            raise ProcessUnfit(most=MOST_NOTICE_HOURS)


def _refuse_circles(rows: Sequence[PlanRow], before: Sequence[tuple[int, ...]]) -> None:
    befores = dict(enumerate(before))
    for place in befores:
        if circle := circle_in(befores, place):
            raise CircularBefore(circle=" ← ".join(rows[one].name for one in circle))


def _refuse_begun(process: WorkProcess) -> None:
    if process.state != ProcessState.WAITING or process.records.exists():
        raise ProcessBegun(name=process.name)


def _parts_for(project: Project, rows: Sequence[PlanRow]) -> tuple[dict[tuple[str, ...], WorkPart], int]:
    """Return the part of each path of names, those that were missing made level by level, and how many were."""
    known = {part.pk: part for part in WorkPart.objects.filter(project=project)}
    for part in known.values():
        part.parent = known.get(part.parent_id or 0)
    paths = {path_of(part): part for part in known.values()}
    place, made = max((part.place for part in known.values()), default=0), 0
    for depth, level in enumerate(LEVELS, start=1):
        missing: dict[tuple[str, ...], WorkPart] = {}
        for row in rows:
            path = tuple(name.strip() for name in row.parts[:depth])
            if path not in paths and path not in missing:
                place += 1
                lot = row.lot.strip() if depth == 1 else ""
                missing[path] = WorkPart(
                    project=project, parent=paths.get(path[:-1]), level=level, name=path[-1], place=place, lot=lot
                )
        WorkPart.objects.bulk_create(missing.values())
        paths |= missing
        made += len(missing)
    return paths, made


def _processes_for(
    project: Project, rows: Sequence[PlanRow], parts: dict[tuple[str, ...], WorkPart], at: datetime
) -> list[WorkProcess]:
    lots = {parts[tuple(name.strip() for name in row.parts)].pk for row in rows}
    there = WorkProcess.objects.filter(part__in=lots).values_list("part_id", "name", "number")
    taken = {(part, name) for part, name, _number in there}
    last: dict[int, int] = {}
    for part_id, _name, number in there:
        last[part_id] = max(last.get(part_id, 0), number)
    made = []
    for row in rows:
        part, name = parts[tuple(name.strip() for name in row.parts)], row.name.strip()
        if (part.pk, name) in taken:
            raise ProcessThere(part=part.name, name=name)
        if part.level != PartLevel.INSPECTION_LOT:
            raise PartMisplaced(name=part.name)
        taken.add((part.pk, name))
        last[part.pk] = last.get(part.pk, 0) + 1
        process = WorkProcess(
            project=project, part=part, number=last[part.pk], name=name, point=row.point,
            standard=row.standard.strip(), notice_hours=row.notice_hours, since=at,
        )  # fmt: skip
        if row.past is not None:
            take_over(process, row.past, at)
        made.append(process)
    return WorkProcess.objects.bulk_create(made)


def _fits_below(level: PartLevel, parent: WorkPart | None, project: Project) -> bool:
    if parent is None:
        return level == PartLevel.UNIT_WORK
    if parent.project_id != project.pk:
        return False
    above, own = LEVELS.index(PartLevel(parent.level)), LEVELS.index(level)
    is_sub_level = (
        above == own
        and level in (PartLevel.UNIT_WORK, PartLevel.DIVISION)
        and (parent.parent is None or parent.parent.level != parent.level)
    )
    return own == above + 1 or is_sub_level


def _link_anew(process: WorkProcess, before: Sequence[WorkProcess]) -> None:
    if any(one.project_id != process.project_id for one in before):
        raise OtherProject
    befores: dict[int, list[int]] = {}
    rows = ProcessLink.objects.filter(process__project=process.project_id).exclude(process=process)
    for later, earlier in rows.order_by("pk").values_list("process_id", "before_id"):
        befores.setdefault(later, []).append(earlier)
    befores[process.pk] = [one.pk for one in before]
    if circle := circle_in(befores, process.pk):
        names = dict(WorkProcess.objects.filter(pk__in=circle).values_list("pk", "name"))
        raise CircularBefore(circle=" ← ".join(names[one] for one in circle))
    process.links.all().delete()
    ProcessLink.objects.bulk_create(ProcessLink(process=process, before=one) for one in dict.fromkeys(before))
