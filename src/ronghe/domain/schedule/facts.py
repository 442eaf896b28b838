"""进度计划: what the room records. Days gained are negative where time was lost; money is in yuan."""

from __future__ import annotations

from ronghe.kernel.facts.kinds import Code, Day, Flag, Whole, declare
from ronghe.kernel.words import N_

SCHEDULE_STARTED = declare("schedule.started", N_("编制进度计划"), attributes={"calendar": Code()})
SCHEDULE_CHANGED = declare("schedule.changed", N_("更改进度计划"), attributes={"act": Code(), "task": Whole()})
SCHEDULE_IMPORTED = declare(
    "schedule.imported",
    N_("导入进度计划"),
    attributes={
        "file": Code(),
        "tasks": Whole(),
        "links": Whole(),
        "added": Whole(),
        "changed": Whole(),
        "removed": Whole(),
    },
)
BASELINE_PROPOSED = declare(
    "schedule.baseline_proposed",
    N_("报批基线"),
    attributes={"number": Whole(), "digest": Code(), "commissioned_on": Day()},
)
BASELINE_DECIDED = declare(
    "schedule.baseline_decided",
    N_("基线批复"),
    attributes={"number": Whole(), "step": Code(), "digest": Code(), "commissioned_on": Day()},
)
PROGRESS_REPORTED = declare(
    "schedule.progress_reported", N_("报进度"), attributes={"kind": Code(), "percent": Whole(), "day": Day()}
)
TASK_FINISHED = declare(
    "schedule.task_finished",
    N_("进度任务完成"),
    attributes={"day": Day(), "on_time": Flag(), "days_gained": Whole(), "is_key": Flag()},
)
MILESTONE_REACHED = declare(
    "schedule.milestone_reached",
    N_("到达里程碑"),
    attributes={"stage": Code(), "day": Day(), "on_time": Flag(), "days_gained": Whole()},
)
"""`on_time` and `days_gained` are against the approved baseline (PJ-03), left out where there is none."""
TASK_LATE = declare("schedule.task_late", N_("进度任务晚了"), attributes={"days": Whole(), "pushes": Whole()})
"""Once for each day on which a task was due and not done: what reminders and playbooks count."""
WEEK_KEPT = declare(
    "schedule.week_kept", N_("留存周进度"), attributes={"day": Day(), "planned": Whole(), "actual": Whole()}
)
"""Shares in hundredths of a percent."""
AMOUNT_ENTERED = declare(
    "schedule.amount_entered", N_("登记投资"), measure="CNY", attributes={"kind": Code(), "day": Day()}
)
AMOUNT_SETTLED = declare("schedule.amount_settled", N_("核实投资"), attributes={"kind": Code(), "step": Code()})
