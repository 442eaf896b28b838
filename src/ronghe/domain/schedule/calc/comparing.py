"""What a file would change in a plan: task by task, by their numbers, in words that a reader knows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from ronghe.domain.schedule.calc.links import DATED, OF_FINISH, Constraint, link_text, plain_number
from ronghe.domain.schedule.calc.plan_file import Difference, FileTask
from ronghe.domain.schedule.calc.worktime import day_at, last_day_of
from ronghe.kernel.words import N_, _, listed

TITLES = {
    "name": N_("任务名称"), "level": N_("级别"), "days": N_("工期"), "start": N_("开始"), "finish": N_("完成"),
    "links": N_("前置任务"), "constraint": N_("限制"), "deadline": N_("期限"), "lot": N_("标段"), "person": N_("负责人"),
    "is_key": N_("关键任务"), "is_milestone": N_("里程碑"), "is_active": N_("停用"), "notes": N_("备注"),
}  # fmt: skip


def told(task: FileTask, minutes_per_day: int) -> dict[str, str]:
    """Return what a task says, each field as one text."""
    yes, no = _("是"), _("否")
    links = (link_text(one.predecessor, one.kind, one.lag, minutes_per_day) for one in task.links)
    return {
        "name": task.name, "level": str(task.level), "days": days_text(task, minutes_per_day),
        "start": "" if task.start is None else day_at(task.start).isoformat(),
        "finish": "" if task.finish is None else last_day_of(task.finish).isoformat(),
        "links": listed(sorted(links)), "constraint": _constraint(task),
        "deadline": "" if task.deadline_at is None else last_day_of(task.deadline_at).isoformat(),
        "lot": task.lot, "person": listed(task.people), "is_key": yes if task.is_key else no,
        "is_milestone": yes if task.is_milestone else no, "is_active": no if task.is_active else yes,
        "notes": task.notes,
    }  # fmt: skip


def days_text(task: FileTask, minutes_per_day: int) -> str:
    """Return a duration in days: 12, 0.5, or 3ed by the clock."""
    days = Decimal(task.minutes) / (1440 if task.is_elapsed else minutes_per_day)
    return plain_number(days) + ("ed" if task.is_elapsed else "")


def differences(
    here: Sequence[FileTask], there: Sequence[FileTask], minutes_per_day: int, *, summaries: Mapping[int, bool]
) -> list[Difference]:
    """Return what taking over `there` would change in `here`, in the order of the file, what goes last.

    What a file does not say (`None`, no lot, nobody named) stays. Summaries differ in what is theirs alone, not in dates.
    """
    before = {task.uid: task for task in here}
    found = []
    for task in there:
        old = before.pop(task.uid, None)
        if old is None:
            found.append(Difference(task.uid, task.name, "added"))
            continue
        one, other = told(old, minutes_per_day), told(task, minutes_per_day)
        silent = {
            name
            for name, is_silent in (
                ("lot", not task.lot),
                ("person", not task.people),
                ("is_key", task.is_key is None),
                ("start", task.start is None),
                ("finish", task.finish is None),
            )
            if is_silent
        }
        if summaries.get(task.uid):
            silent |= {"days", "start", "finish", "constraint"}
        fields = tuple(
            (name, one[name], other[name]) for name in TITLES if name not in silent and one[name] != other[name]
        )
        if fields:
            found.append(Difference(task.uid, task.name, "changed", fields))
    found.extend(Difference(task.uid, task.name, "removed") for task in before.values())
    return found


def _constraint(task: FileTask) -> str:
    if task.constraint not in DATED or task.constraint_at is None:
        return "" if task.constraint != Constraint.AS_LATE_AS_POSSIBLE else _("越晚越好")
    day = last_day_of(task.constraint_at) if task.constraint in OF_FINISH else day_at(task.constraint_at)
    words = {
        Constraint.START_NO_EARLIER: _("不早于 %(day)s 开始"), Constraint.START_NO_LATER: _("不晚于 %(day)s 开始"),
        Constraint.FINISH_NO_EARLIER: _("不早于 %(day)s 完成"), Constraint.FINISH_NO_LATER: _("不晚于 %(day)s 完成"),
        Constraint.MUST_START_ON: _("必须于 %(day)s 开始"), Constraint.MUST_FINISH_ON: _("必须于 %(day)s 完成"),
    }  # fmt: skip
    return words[task.constraint] % {"day": day.isoformat()}
