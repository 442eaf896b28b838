"""What the grid records: who is named for whom, how requests went up and were answered, what was decided about gaps.

A request that was raised without a name has facts without a person, so that nobody finds the name through them.
"""

from __future__ import annotations

from ronghe.domain.grid.calc.kinds import KINDS
from ronghe.domain.grid.enums import GridLevel, RequestKind
from ronghe.kernel.facts.kinds import Day, Flag, Whole, choice, declare
from ronghe.kernel.words import N_

_LEVEL = choice(*GridLevel.values)
_KIND = choice(*RequestKind.values)
_GAP = choice(*KINDS)

SETTINGS_CHANGED = declare("grid.settings_changed", N_("改网格参数"))
MEMBER_NAMED = declare("grid.member_named", N_("确定联系党员"), attributes={"since": Day()})
MEMBER_RELEASED = declare("grid.member_released", N_("不再联系"), attributes={"until": Day()})
GAP_DISMISSED = declare("grid.gap_dismissed", N_("缺口暂不处理"), attributes={"gap": _GAP, "until": Day()})
GAP_TASKED = declare("grid.gap_tasked", N_("派发补缺任务"), attributes={"gap": _GAP, "due_on": Day()})
REQUEST_RAISED = declare("grid.request_raised", N_("提出诉求"), attributes={"about": _KIND, "level": _LEVEL})
REQUEST_ANSWERED = declare(
    "grid.request_answered", N_("答复诉求"), attributes={"level": _LEVEL, "on_time": Flag(), "days": Whole()}
)
REQUEST_PASSED_UP = declare("grid.request_passed_up", N_("诉求转上一级"), attributes={"level": _LEVEL})
REQUEST_RISEN = declare("grid.request_risen", N_("诉求超期上行"), attributes={"level": _LEVEL})
REQUEST_REOPENED = declare("grid.request_reopened", N_("诉求没有解决"), attributes={"level": _LEVEL})
REQUEST_SOLVED = declare("grid.request_solved", N_("诉求已解决"), attributes={"level": _LEVEL, "days": Whole()})
REQUEST_WITHDRAWN = declare("grid.request_withdrawn", N_("撤回诉求"), attributes={"level": _LEVEL})
REQUEST_TASKED = declare("grid.request_tasked", N_("诉求转为任务"), attributes={"level": _LEVEL})
