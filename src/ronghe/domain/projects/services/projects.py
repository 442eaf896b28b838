"""A project is registered, changed, started, completed, called off; and the last of these taken back."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction

from ronghe.domain.org.models import AdminUnit, PartyOrg, Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.projects.enums import PROJECT_FLOW, Difficulty, ProjectKind, ProjectState
from ronghe.domain.projects.facts import (
    PROJECT_CALLED_OFF,
    PROJECT_CHANGED,
    PROJECT_COMPLETED,
    PROJECT_REGISTERED,
    PROJECT_STARTED,
    PROJECT_TAKEN_BACK,
)
from ronghe.domain.projects.models import Project
from ronghe.domain.projects.rules import CHANGE_PROJECT, REGISTER_PROJECT
from ronghe.kernel.errors import DomainError
from ronghe.kernel.facts.kinds import FactKind
from ronghe.kernel.facts.record import Draft, record, record_many
from ronghe.kernel.words import N_

CHANGEABLE = ("name", "kind", "difficulty", "place", "investment_yuan", "is_epc", "summary", "starts_on", "ends_on")


class ProjectNameTaken(DomainError):
    code = "project_name_taken"
    sentence = N_("“%(unit)s”已登记项目“%(name)s”，请换个名称。")


class ProjectDaysReversed(DomainError):
    code = "project_days_reversed"
    sentence = N_("计划完工日期不能早于开工日期。")
    status = 422


class ProjectMoneyNegative(DomainError):
    code = "project_money_negative"
    sentence = N_("投资不能是负数。")
    status = 422


class ProjectFieldUnknown(DomainError):
    code = "project_field_unknown"
    sentence = N_("项目没有“%(field)s”这一项可改。")
    status = 422


class CompletedBeforeStart(DomainError):
    code = "completed_before_start"
    sentence = N_("完工日期不能早于实际开工的 %(day)s。")
    status = 422


class ProjectDayToCome(DomainError):
    code = "project_day_to_come"
    sentence = N_("%(day)s 还没有到，到那天再登记。")
    status = 422


class ProjectUnnamed(DomainError):
    code = "project_unnamed"
    sentence = N_("请写项目名称。")
    status = 422


class NothingToTakeBack(DomainError):
    code = "nothing_to_take_back"
    sentence = N_("项目还没有开工、完工或取消，没有可撤回的。")


@transaction.atomic
def register_project(
    *, name: str, kind: ProjectKind, unit: AdminUnit, body: PartyOrg, starts_on: date, ends_on: date, actor: Person,
    at: datetime, difficulty: Difficulty = Difficulty.ORDINARY, place: str = "", investment_yuan: int | None = None,
    is_epc: bool = False, summary: str = "",
) -> Project:  # fmt: skip
    """Register a project that `unit` runs and for which `body` answers; money in whole yuan.

    :raises ProjectNameTaken: the unit has a project of that name
    :raises ProjectDaysReversed: it would end before it begins
    :raises ProjectMoneyNegative: less than nothing
    """
    REGISTER_PROJECT.require(actor, body, at=at)
    project = Project(
        name=_typed(name), kind=kind, unit=unit, body=body, starts_on=starts_on, ends_on=ends_on, difficulty=difficulty,
        place=_typed(place), investment_yuan=investment_yuan, is_epc=is_epc, summary=_typed(summary), registered_at=at,
    )  # fmt: skip
    _save(project)
    record(
        Draft(PROJECT_REGISTERED, at, actor, body=body.pk, unit=unit.pk, source=project,
              attributes={"kind": kind, "starts_on": starts_on, "ends_on": ends_on})
    )  # fmt: skip
    return project


@transaction.atomic
def change_project(*, project: Project, actor: Person, at: datetime, **changes: Any) -> Project:
    """Change what is known of a project; fields as in `CHANGEABLE`. One fact a changed field.

    :raises ProjectFieldUnknown: another field
    """
    CHANGE_PROJECT.require(actor, project, at=at)
    for field in changes:
        if field not in CHANGEABLE:
            raise ProjectFieldUnknown(field=field)
    changes = {field: _typed(value) if isinstance(value, str) else value for field, value in changes.items()}
    changed = [field for field, value in changes.items() if getattr(project, field) != value]
    for field in changed:
        setattr(project, field, changes[field])
    if changed:
        _save(project)
    record_many(
        Draft(PROJECT_CHANGED, at, actor, body=project.body_id, unit=project.unit_id, source=project,
              attributes={"field": field})
        for field in changed
    )  # fmt: skip
    return project


@transaction.atomic
def start_project(*, project: Project, day: date, actor: Person, at: datetime) -> Project:
    """Note the day on which work began.

    :raises ProjectDayToCome: that day is still to come
    """
    CHANGE_PROJECT.require(actor, project, at=at)
    _refuse_to_come(day, at)
    PROJECT_FLOW.advance(project, "start", started_on=day)
    _record(PROJECT_STARTED, project, actor, at, day=day)
    return project


@transaction.atomic
def complete_project(*, project: Project, day: date, actor: Person, at: datetime) -> Project:
    """Note the day on which it was completed.

    :raises ProjectDayToCome: that day is still to come
    :raises CompletedBeforeStart: work began later
    """
    CHANGE_PROJECT.require(actor, project, at=at)
    _refuse_to_come(day, at)
    if project.started_on is not None and day < project.started_on:
        raise CompletedBeforeStart(day=project.started_on)
    PROJECT_FLOW.advance(project, "complete", completed_on=day)
    _record(PROJECT_COMPLETED, project, actor, at, day=day, on_time=day <= project.ends_on)
    return project


@transaction.atomic
def call_off_project(*, project: Project, day: date, actor: Person, at: datetime) -> Project:
    """Call a project off that is not completed."""
    CHANGE_PROJECT.require(actor, project, at=at)
    PROJECT_FLOW.advance(project, "call_off")
    _record(PROJECT_CALLED_OFF, project, actor, at, day=day)
    return project


@transaction.atomic
def take_back(*, project: Project, actor: Person, at: datetime) -> Project:
    """Undo the last start, completion or calling-off, which was a mistake.

    :raises NothingToTakeBack: it is only planned yet
    """
    CHANGE_PROJECT.require(actor, project, at=at)
    match project.state:
        case ProjectState.UNDER_WAY:
            step, changes = "unstart", {"started_on": None}
        case ProjectState.COMPLETED:
            step, changes = "reopen", {"completed_on": None}
        case ProjectState.CALLED_OFF:
            step, changes = ("plan_again" if project.started_on is None else "go_on"), {}
        case _:
            raise NothingToTakeBack
    PROJECT_FLOW.advance(project, step, **changes)
    _record(PROJECT_TAKEN_BACK, project, actor, at, step=step)
    return project


def _typed(text: str) -> str:
    """Return what somebody typed as it is kept: trimmed, without the sign that no database takes."""
    return text.replace("\x00", "").strip()


def _refuse_to_come(day: date, at: datetime) -> None:
    if day > local_day(at):
        raise ProjectDayToCome(day=day)


def _save(project: Project) -> None:
    if not project.name.strip():
        raise ProjectUnnamed
    if project.ends_on < project.starts_on:
        raise ProjectDaysReversed
    if project.investment_yuan is not None and project.investment_yuan < 0:
        raise ProjectMoneyNegative
    try:
        with transaction.atomic():
            project.save()
    except IntegrityError as error:
        raise ProjectNameTaken(unit=project.unit.name, name=project.name) from error


def _record(kind: FactKind, project: Project, actor: Person, at: datetime, **attributes: Any) -> None:
    record(Draft(kind, at, actor, body=project.body_id, unit=project.unit_id, source=project, attributes=attributes))
