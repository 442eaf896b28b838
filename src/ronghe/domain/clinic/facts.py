"""专家门诊: what the room records besides the steps of the item. No word of a case is in any of them.

`help` is the kind of help. A rating is about nobody: it counts how helpful the clinic is and ranks no expert.
"""

from __future__ import annotations

from ronghe.domain.clinic.enums import HelpKind, SlotWay
from ronghe.kernel.facts.kinds import Day, Flag, Whole, choice, declare
from ronghe.kernel.words import N_

_HELP = choice(*HelpKind.values)
_WAY = choice(*SlotWay.values)

FIELD_OPENED = declare("clinic.field_opened", N_("开一个门诊专业"))
FIELD_CHANGED = declare("clinic.field_changed", N_("更改门诊专业"), attributes={"closed": Flag()})
EXPERT_NAMED = declare("clinic.expert_named", N_("推荐门诊专家"), attributes={"by_self": Flag()})
EXPERT_JOINED = declare("clinic.expert_joined", N_("专家开始坐诊"))
EXPERT_DECLINED = declare("clinic.expert_declined", N_("没有同意坐诊"))
EXPERT_CHANGED = declare("clinic.expert_changed", N_("更改专家名片"))
EXPERT_ENDED = declare("clinic.expert_ended", N_("专家不再坐诊"))
HOURS_SET = declare("clinic.hours_set", N_("定坐诊时间"), attributes={"weekday": Whole(), "way": _WAY})
HOURS_CLOSED = declare("clinic.hours_closed", N_("停一个坐诊时间"), attributes={"weekday": Whole(), "way": _WAY})
AWAY_SET = declare("clinic.away_set", N_("登记不坐诊的日子"), attributes={"from_on": Day(), "until_on": Day()})
AWAY_ENDED = declare("clinic.away_ended", N_("取消不坐诊的日子"), attributes={"from_on": Day(), "until_on": Day()})
CASE_ANSWERED = declare(
    "clinic.case_answered", N_("专家答复"),
    attributes={"help": _HELP, "round": Whole(), "on_time": Flag(), "hours": Whole()},
)  # fmt: skip
"""About the expert; `hours` since it was asked, `round` how often it was answered."""
CASE_SOLVED = declare("clinic.case_solved", N_("专家解决问题"), attributes={"help": _HELP, "round": Whole()})
"""About the expert. Reversed where the case is opened again."""
CASE_RATED = declare("clinic.case_rated", N_("评价专家门诊"), attributes={"help": _HELP, "score": Whole()})
"""About nobody. Reversed where the case is opened again."""
VISIT_BOOKED = declare("clinic.visit_booked", N_("预约专家"), attributes={"way": _WAY, "day": Day()})
VISIT_MOVED = declare("clinic.visit_moved", N_("改预约的时间"), attributes={"way": _WAY, "day": Day()})
VISIT_CALLED_OFF = declare("clinic.visit_called_off", N_("取消预约"), attributes={"way": _WAY, "day": Day()})
VISIT_HELD = declare("clinic.visit_held", N_("专家坐诊"), attributes={"help": _HELP, "way": _WAY, "day": Day()})
"""About the expert."""
VISIT_MISSED = declare("clinic.visit_missed", N_("预约没见成"), attributes={"way": _WAY, "day": Day()})
"""About nobody: it lays the blame on neither. Reversed where the visit was held after all."""
PIECE_PROPOSED = declare("clinic.piece_proposed", N_("推荐门诊知识"), attributes={"version": Whole()})
PIECE_AGREED = declare("clinic.piece_agreed", N_("同意公开门诊知识"), attributes={"agreed": Flag()})
PIECE_RETURNED = declare("clinic.piece_returned", N_("退回门诊知识"), attributes={"version": Whole()})
PIECE_PUBLISHED = declare("clinic.piece_published", N_("发布门诊知识"), attributes={"version": Whole()})
"""About the expert, who has the credit. Reversed where it is taken down."""
PIECE_UPDATED = declare("clinic.piece_updated", N_("更新门诊知识"), attributes={"version": Whole()})
"""About the expert; a later version of what is published already."""
PIECE_TAKEN_DOWN = declare("clinic.piece_taken_down", N_("撤下门诊知识"))
PIECE_OUTDATED = declare("clinic.piece_outdated", N_("标记门诊知识过时"), attributes={"outdated": Flag()})
