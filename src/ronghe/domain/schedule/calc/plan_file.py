"""A plan on its way in or out, whatever the file: tasks with their links, calendars, and what could not be read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from ronghe.domain.schedule.calc.calendars import CalendarText, calendar_from
from ronghe.domain.schedule.calc.links import Constraint, Lag, LinkKind

MOST_TASKS = 5_000
LONGEST_NAME = 255
LONGEST_NOTES = 2_000


@dataclass(frozen=True, slots=True)
class FileLink:
    """A link to the task that carries it; `row` and `cell` say where a table has it."""

    predecessor: int
    kind: LinkKind = LinkKind.FINISH_START
    lag: Lag = field(default_factory=Lag)


@dataclass(frozen=True, slots=True)
class FileBaseline:
    start: int
    finish: int
    minutes: int


@dataclass(frozen=True, slots=True)
class FileTask:
    """A task as its file has it; moments in minutes (`worktime`), durations in worked minutes or, elapsed, by the clock."""

    uid: int
    name: str
    level: int = 1
    wbs: str = ""
    notes: str = ""
    minutes: int = 0
    duration_format: int = 7
    is_elapsed: bool = False
    is_milestone: bool = False
    is_manual: bool = False
    is_active: bool = True
    constraint: Constraint = Constraint.AS_SOON_AS_POSSIBLE
    constraint_at: int | None = None
    deadline_at: int | None = None
    calendar: int | None = None
    start: int | None = None
    finish: int | None = None
    percent: int = 0
    actual_start: int | None = None
    actual_finish: int | None = None
    links: tuple[FileLink, ...] = ()
    baseline: FileBaseline | None = None
    people: tuple[str, ...] = ()
    lot: str = ""
    is_key: bool | None = None
    """`None` where the file cannot say so: what stands here stays."""


@dataclass(frozen=True, slots=True)
class Remark:
    """What the reader of a file is told: where, what, and whether it stands against taking the file over."""

    where: str
    text: str
    is_error: bool = False


@dataclass(frozen=True, slots=True)
class PlanFile:
    """A plan that was read. `calendar` is the uid of the plan's own among `calendars`, `None` where the file has none."""

    title: str
    tasks: tuple[FileTask, ...]
    begins_at: int | None = None
    minutes_per_day: int = 480
    calendar: int | None = None
    calendars: tuple[CalendarText, ...] = ()
    remarks: tuple[Remark, ...] = ()

    @property
    def errors(self) -> list[Remark]:
        return [one for one in self.remarks if one.is_error]

    @property
    def link_count(self) -> int:
        return sum(len(task.links) for task in self.tasks)

    @property
    def has_baseline(self) -> bool:
        return any(task.baseline is not None for task in self.tasks)

    def summaries(self) -> set[int]:
        """Return the uids of tasks with others below them."""
        return {
            one.uid for one, following in zip(self.tasks, self.tasks[1:], strict=False) if following.level > one.level
        }

    def with_remarks(self, remarks: Sequence[Remark]) -> PlanFile:
        return replace(self, remarks=(*self.remarks, *remarks))

    def as_data(self) -> dict[str, Any]:
        """Return the plan as plain data, to be kept until it is taken over."""
        return {
            "title": self.title, "begins_at": self.begins_at, "minutes_per_day": self.minutes_per_day,
            "calendar": self.calendar, "tasks": [_task_data(task) for task in self.tasks],
            "calendars": [[one.uid, one.name, one.as_data()] for one in self.calendars],
            "remarks": [[one.where, one.text, one.is_error] for one in self.remarks],
        }  # fmt: skip


def plan_from(data: Mapping[str, Any]) -> PlanFile:
    """Return the plan that `as_data` wrote."""
    return PlanFile(
        data["title"], tuple(_task_from(one) for one in data["tasks"]), data["begins_at"], data["minutes_per_day"],
        data["calendar"], tuple(calendar_from(*one) for one in data["calendars"]),
        tuple(Remark(*one) for one in data["remarks"]),
    )  # fmt: skip


def _task_data(task: FileTask) -> dict[str, Any]:
    plain = asdict(task)
    plain["links"] = [[link.predecessor, link.kind, link.lag.amount, link.lag.format] for link in task.links]
    plain["baseline"] = [task.baseline.start, task.baseline.finish, task.baseline.minutes] if task.baseline else None
    return plain


def _task_from(data: Mapping[str, Any]) -> FileTask:
    links = tuple(FileLink(uid, LinkKind(kind), Lag(amount, form)) for uid, kind, amount, form in data["links"])
    baseline = FileBaseline(*data["baseline"]) if data["baseline"] else None
    return FileTask(
        **{**data, "links": links, "baseline": baseline, "constraint": Constraint(data["constraint"]),
           "people": tuple(data["people"])}
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Difference:
    """One task that a file would change: `act` is added, changed or removed; `fields` of (name, before, after) in words."""

    uid: int
    name: str
    act: str
    fields: tuple[tuple[str, str, str], ...] = ()
