"""What this subject records: acts on bodies from proposal to their day, and changes of units. No names, no grounds."""

from __future__ import annotations

from ronghe.kernel.facts.kinds import Code, Day, Flag, Whole, declare
from ronghe.kernel.words import N_

ACT_PROPOSED = declare("structure.act_proposed", N_("提出组织调整"), attributes={"act": Code(), "effective_on": Day()})
ACT_APPROVED = declare("structure.act_approved", N_("批准组织调整"), attributes={"act": Code(), "on_time": Flag()})
ACT_REFUSED = declare("structure.act_refused", N_("未批准组织调整"), attributes={"act": Code()})
ACT_WITHDRAWN = declare("structure.act_withdrawn", N_("撤回组织调整"), attributes={"act": Code()})
ACT_CARRIED_OUT = declare(
    "structure.act_carried_out",
    N_("组织调整生效"),
    attributes={"act": Code(), "effective_on": Day(), "people": Whole(), "bodies": Whole(), "posts": Whole()},
)
ACT_KNOWN = declare("structure.act_known", N_("知晓党小组调整"), attributes={"act": Code()})
BODY_RENAMED = declare("structure.body_renamed", N_("党组织更名"))
BODY_CONVERTED = declare("structure.body_converted", N_("党组织改设"), attributes={"org_kind": Code()})
BODY_DISSOLVED = declare("structure.body_dissolved", N_("撤销党组织"))
UNIT_RENAMED = declare("structure.unit_renamed", N_("行政单位更名"))
UNIT_CLOSED = declare("structure.unit_closed", N_("撤销行政单位"))
FIGURE_SET = declare("structure.figure_set", N_("调整标准数值"), attributes={"code": Code(), "figure": Whole()})
