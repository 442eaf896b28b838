"""四同检查: what the room records. `check_closed` ends a quarter's check and meets its duty; each item has a fact beside it."""

from __future__ import annotations

from ronghe.kernel.facts.kinds import Code, Day, Flag, Whole, declare
from ronghe.kernel.words import N_

PLAN_DRAFTED = declare("planning.plan_drafted", N_("编制计划"), attributes={"period": Code(), "items": Whole()})
PLAN_OFFERED = declare("planning.plan_offered", N_("计划送确认"), attributes={"items": Whole()})
PLAN_TAKEN_BACK = declare("planning.plan_taken_back", N_("撤回计划再改"))
PLAN_CONFIRMED = declare(
    "planning.plan_confirmed", N_("确认计划"), attributes={"side": Code(), "version": Whole(), "digest": Code()}
)
PLAN_AGREED = declare("planning.plan_agreed", N_("计划生效"), attributes={"period": Code(), "items": Whole()})
PLAN_CHANGED = declare("planning.plan_changed", N_("变更计划"), attributes={"version": Whole(), "act": Code()})
PLAN_CLOSED = declare("planning.plan_closed", N_("计划结束"), attributes={"done": Whole(), "items": Whole()})
PLAN_REOPENED = declare("planning.plan_reopened", N_("重新打开计划"))
ITEM_DONE = declare("planning.item_done", N_("计划条目完成"), attributes={"day": Day(), "on_time": Flag()})
ITEM_UNDONE = declare("planning.item_undone", N_("撤回计划条目完成"))
CHECK_DECIDED = declare(
    "planning.check_decided", N_("认定四同"), attributes={"aspect": Code(), "step": Code(), "quarter": Code()}
)
EVIDENCE_CHOSEN = declare("planning.evidence_chosen", N_("四同依据"), attributes={"aspect": Code(), "chosen": Flag()})
GAP_OPENED = declare("planning.gap_opened", N_("四同短板转任务"), attributes={"aspect": Code(), "due": Day()})
CHECK_OPENED = declare("planning.check_opened", N_("开始四同检查"), attributes={"quarter": Code()})
ITEM_CHECKED = declare(
    "planning.item_checked",
    N_("一项计划对照四同"),
    attributes={"quarter": Code(), "together": Whole(), "is_joint": Flag()},
)
CHECK_CLOSED = declare(
    "planning.check_closed",
    N_("四同检查结束"),
    attributes={"quarter": Code(), "items": Whole(), "joint": Whole(), "gaps": Whole()},
)
