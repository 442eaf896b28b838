"""项目攻关临时党小组: what the room records. Texts stay in the rows; a resolved point tells its hours from raised to resolved."""

from __future__ import annotations

from ronghe.kernel.facts.kinds import Code, Day, Flag, Whole, declare
from ronghe.kernel.words import N_

FORCE_PROPOSED = declare("taskforces.proposed", N_("提出攻关临时党小组"), attributes={"people": Whole()})
FORCE_SUBMITTED = declare("taskforces.submitted", N_("重新提交攻关临时党小组"), attributes={"people": Whole()})
FORCE_RETURNED = declare("taskforces.returned", N_("退回攻关临时党小组"))
FORCE_WITHDRAWN = declare("taskforces.withdrawn", N_("撤回攻关临时党小组"))
FORCE_APPROVED = declare("taskforces.approved", N_("批准攻关临时党小组"), attributes={"people": Whole()})
FORCE_STARTED = declare("taskforces.started", N_("攻关临时党小组启动"), attributes={"points": Whole()})
FORCE_CALLED_OFF = declare("taskforces.called_off", N_("取消攻关临时党小组"))
FORCE_DESCRIBED = declare("taskforces.described", N_("更改攻关临时党小组信息"), attributes={"field": Code()})
MEMBER_ADDED = declare("taskforces.member_added", N_("加入攻关临时党小组"), attributes={"part": Code()})
MEMBER_LEFT = declare("taskforces.member_left", N_("退出攻关临时党小组"), attributes={"part": Code()})
POINT_RAISED = declare("taskforces.point_raised", N_("提出攻关难点"), attributes={"difficulty": Code()})
POINT_FIXED = declare(
    "taskforces.point_fixed",
    N_("攻关难点四定"),
    attributes={"difficulty": Code(), "people": Whole(), "is_measured": Flag(), "due_on": Day(), "missing": Whole()},
)
PROGRESS_NOTED = declare("taskforces.progress_noted", N_("记攻关进展"), attributes={"difficulty": Code()})
POINT_RESOLVED = declare(
    "taskforces.point_resolved",
    N_("攻关难点解决"),
    attributes={"difficulty": Code(), "hours": Whole(), "on_time": Flag(), "met_target": Flag()},
)
POINT_REOPENED = declare("taskforces.point_reopened", N_("重开攻关难点"), attributes={"difficulty": Code()})
POINT_HANDED_OVER = declare("taskforces.point_handed_over", N_("移交攻关难点"), attributes={"difficulty": Code()})
TRACKED = declare("taskforces.tracked", N_("记跟踪指导"), attributes={"day": Day()})
WINDING_UP = declare("taskforces.winding_up", N_("攻关临时党小组收尾"), attributes={"reason": Code()})
FORCE_RESUMED = declare("taskforces.resumed", N_("攻关临时党小组继续攻关"))
OUTCOME_WRITTEN = declare(
    "taskforces.outcome_written", N_("总结攻关成果"), attributes={"outcome": Code(), "figures": Whole()}
)
OUTCOME_FILE_ADDED = declare("taskforces.outcome_file_added", N_("附攻关成果材料"))
FORCE_CLOSED = declare(
    "taskforces.closed",
    N_("攻关临时党小组结束"),
    attributes={"reason": Code(), "points": Whole(), "resolved": Whole(), "handed_over": Whole(), "days": Whole()},
)
