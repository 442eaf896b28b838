"""What waits for somebody in the schedules, told to 今日; a task there is reported with one tap."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Case, F, Value, When

from ronghe.domain.org.models import Person
from ronghe.domain.schedule.selectors.schedules import amounts_to_vouch, baselines_to_decide, tasks_due_of
from ronghe.domain.schedule.services.progress import report_finish, report_percent, report_start, take_back_report
from ronghe.kernel.errors import NotFound
from ronghe.kernel.inbox import Act, Done, Inbox, Row, Says, Telling, Topic, Weight, declare_inbox
from ronghe.kernel.words import N_, _

WHOLE = 100
SHARES = (25, 50, 75)
"""Percent that one tap reports; any other one is typed on the task's page."""
BACK = "take-back"


def _tell(row: Row, _person: Person, at: datetime) -> Telling:
    done, is_begun = row.one or 0, row.code != ""
    finish = Act(_("完成了"), "finish")
    shares = [Act(_("干到 %(n)s%%") % {"n": n}, f"percent-{n}", is_aside=True) for n in SHARES if n > done]
    acts = (
        (finish, *shares)
        if is_begun
        else (Act(_("开始了"), "start"), Act(_("完成了"), "finish", is_aside=True), *shares)
    )
    late = row.due_at is not None and row.due_at < at
    shape = "failed" if late else "running" if is_begun else "due"
    why = _("进度计划里由您负责，%(lot)s") % {"lot": row.who} if row.who else _("进度计划里由您负责")
    return Telling(row.what, why, shape, acts, share=(done, WHOLE) if done else None)


def _do(pk: int, act: str, person: Person, at: datetime) -> Done:
    """Report with one tap; the report is taken back by the service that takes back the last one."""
    word, _dash, what = act.partition("-")
    task = tasks_due_of(person, at).filter(pk=pk).first()
    if act == BACK:
        return _take_back(pk, person, at)
    if task is None:
        raise NotFound
    if act == "start":
        report_start(task=task, actor=person, at=at)
        return Done(_("已记：开始了。"), undo=BACK)
    if act == "finish":
        report_finish(task=task, actor=person, at=at)
        return Done(_("已记：完成了。"), undo=BACK)
    if word != "percent" or what not in {str(n) for n in SHARES}:
        raise NotFound
    report_percent(task=task, percent=int(what), actor=person, at=at)
    return Done(_("已记：干到 %(n)s%%。") % {"n": what}, undo=BACK)


def _take_back(pk: int, person: Person, at: datetime) -> Done:
    """Take the tap back; a task that is done is not among those that wait any more."""
    task = person.schedule_tasks.select_related("schedule__project", "lot").filter(pk=pk, removed_at=None).first()
    if task is None:
        raise NotFound
    take_back_report(task=task, actor=person, at=at)
    return Done(_("已撤回上一次进度。"))


_PROJECT = F("schedule__project__name")

TASKS = declare_inbox(
    Inbox("schedule_tasks", N_("进度任务等您报"), "schedule_mine", tasks_due_of, Topic.WORK,
          Says(what="name", who="lot__name", where=_PROJECT, due_at="due_at",
               code=Case(When(actual_start=None, then=Value("")), default=Value("begun")), figures=("percent",)),
          page="schedule_task", is_owed=True, tell=_tell, do=_do)
)  # fmt: skip
BASELINES = declare_inbox(
    Inbox("schedule_baselines", N_("进度基线等您批准"), "schedule_waiting", baselines_to_decide, Topic.DECIDING,
          Says(what="schedule__project__name", who="proposed_by__name", since="proposed_at"),
          page="schedule_baseline", weight=Weight.HEAVY, is_named=False)
)  # fmt: skip
AMOUNTS = declare_inbox(
    Inbox("schedule_amounts", N_("项目投资等您核实"), "schedules", amounts_to_vouch, Topic.DECIDING,
          Says(what="source", who="entered_by__name", where=_PROJECT, since="entered_at",
               args=("schedule__project_id",)), page="schedule_money", is_named=False)
)  # fmt: skip
