"""What the work room records. Every fact of a task is about its assignee.

Points are for `work.task_accepted`: once a task, by somebody else's judgement. `work.task_done` says when the assignee
handed it in, once a round.
"""

from __future__ import annotations

from ronghe.kernel.facts.kinds import Day, Flag, Whole, declare
from ronghe.kernel.words import N_

TASK_OPENED = declare("work.task_opened", N_("下达任务"), attributes={"due_on": Day()})
TASK_DONE = declare(
    "work.task_done", N_("完成任务"), attributes={"on_time": Flag(), "evidence": Whole(), "round": Whole()}
)
TASK_ACCEPTED = declare("work.task_accepted", N_("任务验收"), attributes={"on_time": Flag(), "rounds": Whole()})
TASK_RETURNED = declare("work.task_returned", N_("任务退回"), attributes={"round": Whole()})
TASK_CANCELLED = declare("work.task_cancelled", N_("取消任务"))
TASK_HANDED_OVER = declare("work.task_handed_over", N_("任务移交"))
