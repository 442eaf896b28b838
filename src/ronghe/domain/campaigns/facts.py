"""主题活动、专项活动: what the room records.

`activity_held` is told of every body that held a themed activity, with the record's own source, so that closing it and
its result are one record. Its quantity is the first figure of its result, which `figure` names. `campaign` is the playbook's id, so that a summary meets
the duty of its own campaign and of no other.
"""

from __future__ import annotations

from ronghe.kernel.facts.kinds import Code, Day, Whole, declare
from ronghe.kernel.words import N_

THEME_GIVEN = declare("campaigns.theme_given", N_("定活动主题"), attributes={"theme": Code()})
THEME_WITHDRAWN = declare("campaigns.theme_withdrawn", N_("撤下活动主题"), attributes={"theme": Code()})
ACTIVITY_HELD = declare(
    "campaigns.activity_held",
    N_("举办主题活动"),
    measure="figure",
    attributes={
        "theme": Code(),
        "day": Day(),
        "figure": Code(),
        "figures": Whole(),
        "present": Whole(),
        "tasks": Whole(),
        "solved": Whole(),
    },
)
STAGE_DONE = declare(
    "campaigns.stage_done",
    N_("专项活动阶段小结"),
    attributes={
        "campaign": Code(),
        "playbook": Code(),
        "stage": Code(),
        "missing": Whole(),
        "met": Whole(),
        "late": Whole(),
        "activities": Whole(),
        "present": Whole(),
    },
)
SUMMARY_CORRECTED = declare(
    "campaigns.summary_corrected", N_("更正阶段小结"), attributes={"stage": Code(), "version": Whole()}
)
REPORT_HANDED_IN = declare(
    "campaigns.report_handed_in", N_("提交专项活动报告"), attributes={"playbook": Code(), "round": Whole()}
)
REPORT_TAKEN_BACK = declare("campaigns.report_taken_back", N_("撤回专项活动报告"), attributes={"playbook": Code()})
REPORT_RETURNED = declare(
    "campaigns.report_returned", N_("退回专项活动报告"), attributes={"playbook": Code(), "round": Whole()}
)
REPORT_ACCEPTED = declare(
    "campaigns.report_accepted", N_("审阅专项活动报告"), attributes={"playbook": Code(), "round": Whole()}
)
