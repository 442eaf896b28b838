"""What the zones' room records."""

from __future__ import annotations

from ronghe.kernel.facts.kinds import Code, Day, Flag, Whole, declare
from ronghe.kernel.words import N_

ZONE_PROPOSED = declare(
    "zones.zone_proposed", N_("拟建协作区"), attributes={"mode": Code(), "advised": Code(), "is_pilot": Flag()}
)
ZONE_CHANGED = declare("zones.zone_changed", N_("更改协作区信息"), attributes={"field": Code()})
ZONE_AGREED = declare("zones.zone_agreed", N_("各方同意建区"), attributes={"parties": Whole()})
ZONE_RETURNED = declare("zones.zone_returned", N_("退回建区申请"))
ZONE_WITHDRAWN = declare("zones.zone_withdrawn", N_("撤回建区申请"))
ZONE_APPROVED = declare("zones.zone_approved", N_("批准建区"))
ZONE_STARTED = declare("zones.zone_started", N_("协作区启动"), attributes={"mode": Code(), "safety_complete": Flag()})
PROJECT_JOINED = declare("zones.project_joined", N_("项目加入协作区"), attributes={"project": Whole()})
PROJECT_LEFT = declare("zones.project_left", N_("项目退出协作区"), attributes={"project": Whole()})
UNIT_JOINED = declare("zones.unit_joined", N_("参建单位加入"), attributes={"role": Code()})
UNIT_CHANGED = declare("zones.unit_changed", N_("更改参建单位"), attributes={"role": Code(), "field": Code()})
UNIT_LEFT = declare("zones.unit_left", N_("参建单位退出"), attributes={"role": Code()})
SHUT_DOWN_PLANNED = declare("zones.shut_down_planned", N_("安排停工"), attributes={"from_on": Day(), "until_on": Day()})
SHUT_DOWN_LIFTED = declare("zones.shut_down_lifted", N_("提前复工"), attributes={"until_on": Day()})
LINE_ADDED = declare("zones.line_added", N_("责任清单写入一条"), attributes={"topic": Code(), "lead": Code()})
LINE_CHANGED = declare("zones.line_changed", N_("责任清单修改一条"), attributes={"topic": Code(), "field": Code()})
LINE_ENDED = declare("zones.line_ended", N_("责任清单停用一条"), attributes={"topic": Code()})
PARAMETER_SET = declare("zones.parameter_set", N_("设定建区参数"), attributes={"name": Code(), "value": Whole()})
ZONE_EVALUATED = declare("zones.zone_evaluated", N_("协作区评估"), attributes={"day": Day(), "score": Whole()})
SIDE_COMMENTED = declare("zones.side_commented", N_("参建单位对评估的意见"))
ZONE_DISSOLVED = declare(
    "zones.zone_dissolved", N_("协作区解散"),
    attributes={"day": Day(), "adoptions": Whole(), "participations": Whole(), "floating": Whole(), "posts": Whole(),
                "call_off": Flag(), "hand_over": Flag()},
)  # fmt: skip
"""`call_off` and `hand_over` say what was decided about meetings still planned and tasks still open."""
