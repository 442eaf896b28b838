"""A project gets a schedule; its calendar, its days off and its lots."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import IntegrityError, transaction

from ronghe.domain.org.models import AdminUnit, Person
from ronghe.domain.projects.models import Project
from ronghe.domain.schedule.enums import BaseCalendar
from ronghe.domain.schedule.facts import SCHEDULE_CHANGED, SCHEDULE_STARTED
from ronghe.domain.schedule.models import DayOff, Lot, Schedule
from ronghe.domain.schedule.rules import PLAN_SCHEDULE, START_SCHEDULE
from ronghe.domain.schedule.services.scheduling import hold, tell, work_out
from ronghe.kernel.errors import DomainError
from ronghe.kernel.words import N_

LONGEST_BREAK = timedelta(days=1100)


class ScheduleKnown(DomainError):
    code = "schedule_known"
    sentence = N_("“%(project)s”已有进度计划，直接打开就行。")


class CalendarNotInFile(DomainError):
    code = "schedule_calendar_not_in_file"
    sentence = N_("还没有导入带日历的文件，请选“每天施工”或“法定工作日”。")
    status = 422


class DaysOffReversed(DomainError):
    code = "schedule_days_off_reversed"
    sentence = N_("停工的最后一天不能早于第一天，也不能超过三年。")
    status = 422


class DaysOffKnown(DomainError):
    code = "schedule_days_off_known"
    sentence = N_("从 %(day)s 起的停工已经登记。")


class LotUnnamed(DomainError):
    code = "schedule_lot_unnamed"
    sentence = N_("请写标段名称。")
    status = 422


class LotNameTaken(DomainError):
    code = "schedule_lot_name_taken"
    sentence = N_("已有标段“%(name)s”，请换个名称。")


class LotInUse(DomainError):
    code = "schedule_lot_in_use"
    sentence = N_("标段“%(name)s”下面还有任务或投资，不能删。先把它们移到别的标段。")


@transaction.atomic
def start_schedule(
    *, project: Project, actor: Person, at: datetime, base: BaseCalendar = BaseCalendar.EVERY_DAY,
    begins_on: date | None = None,
) -> Schedule:  # fmt: skip
    """Begin the schedule of a project on the project's own first day unless told.

    :raises ScheduleKnown: it has one
    :raises CalendarNotInFile: a file's calendar before there is a file
    """
    START_SCHEDULE.require(actor, project, at=at)
    if base == BaseCalendar.FILE:
        raise CalendarNotInFile
    try:
        with transaction.atomic():
            schedule = Schedule.objects.create(
                project=project, begins_on=begins_on or project.starts_on, base=base, started_by=actor, started_at=at
            )
    except IntegrityError as error:
        raise ScheduleKnown(project=project.name) from error
    tell(SCHEDULE_STARTED, schedule, actor, at, calendar=base)
    return schedule


@transaction.atomic
def set_calendar(*, schedule: Schedule, base: BaseCalendar, begins_on: date, actor: Person, at: datetime) -> Schedule:
    """Change on which days the project works and when it begins; the plan follows.

    :raises CalendarNotInFile: no file brought a calendar
    """
    PLAN_SCHEDULE.require(actor, schedule, at=at)
    if base == BaseCalendar.FILE and schedule.calendar_id is None:
        raise CalendarNotInFile
    hold(schedule)
    schedule.base, schedule.begins_on = base, begins_on
    schedule.save(update_fields=["base", "begins_on"])
    work_out(schedule, at)
    tell(SCHEDULE_CHANGED, schedule, actor, at, act="calendar")
    return schedule


@transaction.atomic
def add_days_off(
    *, schedule: Schedule, first_on: date, last_on: date, reason: str, actor: Person, at: datetime
) -> DayOff:
    """Let the project rest from `first_on` to `last_on`, both included. The zone's shut-downs count without being entered.

    :raises DaysOffReversed: it would end before it begins, or last longer than three years
    :raises DaysOffKnown: one begins on that day already
    """
    PLAN_SCHEDULE.require(actor, schedule, at=at)
    if not timedelta(0) <= last_on - first_on <= LONGEST_BREAK:
        raise DaysOffReversed
    hold(schedule)
    try:
        with transaction.atomic():
            made = DayOff.objects.create(
                schedule=schedule, from_on=first_on, until_on=last_on + timedelta(days=1), reason=reason.strip()[:80]
            )
    except IntegrityError as error:
        raise DaysOffKnown(day=first_on) from error
    work_out(schedule, at)
    tell(SCHEDULE_CHANGED, schedule, actor, at, act="day_off")
    return made


@transaction.atomic
def lift_days_off(*, day_off: DayOff, actor: Person, at: datetime) -> None:
    """Work on those days after all."""
    schedule = day_off.schedule
    PLAN_SCHEDULE.require(actor, schedule, at=at)
    hold(schedule)
    day_off.delete()
    work_out(schedule, at)
    tell(SCHEDULE_CHANGED, schedule, actor, at, act="day_off_lifted")


@transaction.atomic
def add_lot(*, schedule: Schedule, name: str, unit: AdminUnit | None, actor: Person, at: datetime) -> Lot:
    """Add a lot that `unit` builds.

    :raises LotUnnamed: without a name
    :raises LotNameTaken: there is one of that name
    """
    PLAN_SCHEDULE.require(actor, schedule, at=at)
    lot = _saved(Lot(schedule=schedule, name=name.replace("\x00", "").strip()[:80], unit=unit))
    tell(SCHEDULE_CHANGED, schedule, actor, at, act="lot")
    return lot


@transaction.atomic
def change_lot(*, lot: Lot, name: str, unit: AdminUnit | None, actor: Person, at: datetime) -> Lot:
    """Change a lot's name or who builds it."""
    PLAN_SCHEDULE.require(actor, lot.schedule, at=at)
    lot.name, lot.unit = name.replace("\x00", "").strip()[:80], unit
    _saved(lot)
    tell(SCHEDULE_CHANGED, lot.schedule, actor, at, act="lot")
    return lot


@transaction.atomic
def remove_lot(*, lot: Lot, actor: Person, at: datetime) -> None:
    """Remove a lot that nothing hangs on.

    :raises LotInUse: tasks or amounts of it
    """
    PLAN_SCHEDULE.require(actor, lot.schedule, at=at)
    if lot.tasks.standing().exists() or lot.amounts.exists():
        raise LotInUse(name=lot.name)
    schedule = lot.schedule
    lot.tasks.update(lot=None)
    lot.delete()
    tell(SCHEDULE_CHANGED, schedule, actor, at, act="lot_removed")


def _saved(lot: Lot) -> Lot:
    if not lot.name:
        raise LotUnnamed
    try:
        with transaction.atomic():
            lot.save()
    except IntegrityError as error:
        raise LotNameTaken(name=lot.name) from error
    return lot
