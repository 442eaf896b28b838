"""先锋载体: what the room records. `type` is the type of carrier, `occasion` what people were called up for; no words, no names.

A promise that was kept or not is told by `items.moved` of the kind `promise`, step `keep` or `fail`.
"""

from __future__ import annotations

from ronghe.kernel.facts.kinds import Code, Day, Flag, Whole, declare
from ronghe.kernel.words import N_

CARRIER_PROPOSED = declare(
    "carriers.proposed", N_("提出先锋载体"), attributes={"type": Code(), "people": Whole(), "promises": Whole()}
)
CARRIER_SUBMITTED = declare("carriers.submitted", N_("重新提交先锋载体"), attributes={"type": Code()})
CARRIER_RETURNED = declare("carriers.returned", N_("退回先锋载体"), attributes={"type": Code()})
CARRIER_WITHDRAWN = declare("carriers.withdrawn", N_("撤回先锋载体"), attributes={"type": Code()})
CARRIER_APPROVED = declare(
    "carriers.approved", N_("批准先锋载体"), attributes={"type": Code(), "people": Whole(), "promises": Whole()}
)
CARRIER_AMENDED = declare("carriers.amended", N_("更改先锋载体"), attributes={"type": Code(), "field": Code()})
MEMBER_JOINED = declare("carriers.member_joined", N_("加入先锋载体"), attributes={"type": Code(), "part": Code()})
MEMBER_LEFT = declare(
    "carriers.member_left", N_("退出先锋载体"), attributes={"type": Code(), "part": Code(), "days": Whole()}
)
CARRIER_REVIEWED = declare(
    "carriers.reviewed", N_("评议先锋载体"),
    attributes={
        "type": Code(), "grade": Code(), "kept": Whole(), "not_kept": Whole(), "on_time": Flag(), "carrier": Whole(),
    },
)  # fmt: skip
RESULT_WRITTEN = declare(
    "carriers.result_written", N_("记先锋载体成果"),
    attributes={"type": Code(), "is_measured": Flag(), "records": Whole()},
)  # fmt: skip
CARRIER_RENEWED = declare("carriers.renewed", N_("先锋载体续期"), attributes={"type": Code(), "until_on": Day()})
CARRIER_ENDED = declare(
    "carriers.ended", N_("先锋载体结束"),
    attributes={"type": Code(), "reason": Code(), "days": Whole(), "kept": Whole(), "not_kept": Whole()},
)  # fmt: skip

CALLED = declare("carriers.called", N_("紧急集结"), attributes={"occasion": Code(), "people": Whole()})
"""One for each team that is called; `body` is the team's."""
TEAM_ASKED = declare("carriers.team_asked", N_("请求邻队支援"), attributes={"occasion": Code()})
TEAM_DECLINED = declare("carriers.team_declined", N_("不能支援"), attributes={"occasion": Code()})
CALLED_OFF = declare("carriers.called_off", N_("取消集结"), attributes={"occasion": Code()})
COMMAND_PASSED = declare("carriers.command_passed", N_("移交指挥"), attributes={"occasion": Code()})
ANSWERED = declare(
    "carriers.answered", N_("应答集结"),
    attributes={"occasion": Code(), "answer": Code(), "minutes": Whole(), "by_other": Flag()},
)  # fmt: skip
"""`minutes` since the call, whole ones. Another answer reverses the one before."""
ARRIVED = declare(
    "carriers.arrived", N_("集结到位"), attributes={"occasion": Code(), "minutes": Whole(), "by_other": Flag()}
)
SHIFTS_PLANNED = declare(
    "carriers.shifts_planned", N_("排班"), attributes={"occasion": Code(), "shifts": Whole(), "people": Whole()}
)
SHIFT_CHANGED = declare("carriers.shift_changed", N_("调整班次"), attributes={"occasion": Code(), "what": Code()})
HANDED_OVER = declare("carriers.handed_over", N_("交接班"), attributes={"occasion": Code(), "number": Whole()})
SHIFT_HELD = declare("carriers.shift_held", N_("值守"), measure="hour", attributes={"occasion": Code(), "day": Day()})
"""Hours are exact: shifts begin and end on a quarter."""
LOGGED = declare(
    "carriers.logged", N_("记现场日志"),
    attributes={"occasion": Code(), "pictures": Whole(), "is_correction": Flag()},
)  # fmt: skip
NEED_RAISED = declare("carriers.need_raised", N_("提出需要"), attributes={"occasion": Code(), "need": Code()})
NEED_SETTLED = declare(
    "carriers.need_settled", N_("落实需要"), attributes={"occasion": Code(), "need": Code(), "step": Code()}
)
STOOD_DOWN = declare(
    "carriers.stood_down", N_("解除集结"), measure="hour",
    attributes={"occasion": Code(), "people": Whole(), "shifts": Whole(), "injuries": Whole()},
)  # fmt: skip
CALL_VERIFIED = declare("carriers.call_verified", N_("核实集结成效"), attributes={"occasion": Code(), "agrees": Flag()})
