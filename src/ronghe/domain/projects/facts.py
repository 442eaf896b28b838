"""项目: what the room records. Of a change the fact names the fields."""

from __future__ import annotations

from ronghe.kernel.facts.kinds import Code, Day, Flag, declare
from ronghe.kernel.words import N_

PROJECT_REGISTERED = declare(
    "projects.registered", N_("登记项目"), attributes={"kind": Code(), "starts_on": Day(), "ends_on": Day()}
)
PROJECT_CHANGED = declare("projects.changed", N_("更改项目信息"), attributes={"field": Code()})
PROJECT_STARTED = declare("projects.started", N_("项目开工"), attributes={"day": Day()})
PROJECT_COMPLETED = declare("projects.completed", N_("项目完工"), attributes={"day": Day(), "on_time": Flag()})
PROJECT_CALLED_OFF = declare("projects.called_off", N_("取消项目"), attributes={"day": Day()})
PROJECT_TAKEN_BACK = declare("projects.taken_back", N_("撤回项目状态"), attributes={"step": Code()})
"""A start, completion or calling-off that was a mistake; `step` is what was done instead."""
