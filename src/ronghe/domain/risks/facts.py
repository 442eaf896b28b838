"""风险台账: what the room records. Grades are the words of `RiskGrade.code`; `cause` is the kind of record that raised one."""

from __future__ import annotations

from ronghe.kernel.facts.kinds import Code, Day, Flag, Whole, declare
from ronghe.kernel.words import N_

AREA_OPENED = declare("risks.area_opened", N_("划定安全区域"))
AREA_CHANGED = declare("risks.area_changed", N_("更改安全区域"))
AREA_CLOSED = declare("risks.area_closed", N_("撤销安全区域"))
RISK_ENTERED = declare("risks.entered", N_("登记风险"), attributes={"grade": Code()})
RISK_CHANGED = declare(
    "risks.changed", N_("更改风险"), attributes={"grade": Code(), "before": Code(), "version": Whole()}
)
RISK_RAISED = declare(
    "risks.raised", N_("风险升级"), attributes={"grade": Code(), "before": Code(), "cause": Code(), "version": Whole()}
)
RISK_REVIEWED = declare(
    "risks.reviewed", N_("复评风险"),
    attributes={"grade": Code(), "before": Code(), "is_put_back": Flag(), "version": Whole()},
)  # fmt: skip
RISK_CLOSED = declare("risks.closed", N_("销去风险"), attributes={"grade": Code()})
SAFETY_ACCIDENT = declare(
    "safety.accident",
    N_("发生事故事件"),
    attributes={"kind": Code(), "grade": Code(), "class_code": Code(), "happened_on": Day(), "is_counted": Flag()},
)
"""Recorded by the room of incidents, at the moment when it happened; withdrawn, it is reversed. It stands here so that rooms
above, which know nothing of each other, can listen: a project's days without an accident begin anew (control).
"""
