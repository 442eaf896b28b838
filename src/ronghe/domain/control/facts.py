"""项目管控: what the room records besides the steps of its items. Every fact names the project; none holds words."""

from __future__ import annotations

from ronghe.kernel.facts.kinds import Code, Flag, Whole, declare
from ronghe.kernel.words import N_

STRUCTURE_CHANGED = declare(
    "control.structure_changed",
    N_("编制验收划分和工序"),
    attributes={"act": Code(), "parts": Whole(), "processes": Whole()},
)
TEMPLATE_CHANGED = declare(
    "control.template_changed", N_("编制工序模板"), attributes={"act": Code(), "processes": Whole()}
)
PROCESS_MOVED = declare(
    "control.process_moved", N_("工序报验"), attributes={"act": Code(), "point": Code(), "round": Whole()}
)
"""A start, one of the three checks, a notice or a stand-by."""
PROCESS_ACCEPTED = declare(
    "control.process_accepted", N_("工序验收合格"),
    attributes={"point": Code(), "round": Whole(), "is_unattended": Flag(), "is_first_time": Flag()},
)  # fmt: skip
PROCESS_SENT_BACK = declare(
    "control.process_sent_back", N_("工序退回或返工"), attributes={"act": Code(), "point": Code(), "round": Whole()}
)
PROCESS_RATED = declare("control.process_rated", N_("工序评级"), attributes={"is_excellent": Flag()})
RULE_SET = declare("control.rule_set", N_("设定管控标准"), attributes={"rule": Code()})
"""Of what is excellent, or of how long a review shall take."""
REVIEW_MOVED = declare(
    "control.review_moved", N_("设计审查"),
    attributes={"step": Code(), "round": Whole(), "comments": Whole(), "minutes": Whole()},
)  # fmt: skip
"""`minutes` of working time from submitted to issued, with the step that issues."""
REVIEW_OPINION = declare(
    "control.review_opinion", N_("审图意见"),
    attributes={"round": Whole(), "agrees": Flag(), "comments": Whole(), "for_another": Flag()},
)  # fmt: skip
REVIEW_LATE = declare("control.review_late", N_("审图超期上报"), attributes={"level": Whole()})
ASPECT_CHECKED = declare("control.aspect_checked", N_("三查"), attributes={"aspect": Code()})
READY_DECLARED = declare("control.ready_declared", N_("具备投产条件"))
"""Taken back, it is reversed."""
LOSS_AGREED = declare(
    "control.loss_agreed", N_("窝工返工双方认定"), measure="CNY",
    attributes={"kind": Code(), "cause": Code(), "minutes": Whole(), "people": Whole()},
)  # fmt: skip
"""Man-minutes and cost that both sides agreed on; counted once, when they agree."""
CAUSE_ADDED = declare("control.cause_added", N_("增减窝工原因"), attributes={"act": Code()})
APPROVAL_STAGE = declare(
    "control.approval_stage",
    N_("外部审批进展"),
    attributes={"kind": Code(), "act": Code(), "stage": Whole(), "days": Whole()},
)
"""`days` are calendar days: in the stage that ended, or since submitted with what is got."""
INCIDENT_RECORDED = declare("control.incident_recorded", N_("登记事故或污染"), attributes={"kind": Code()})
"""Sets the count of free days back; withdrawn, it is reversed."""
