"""What the rhythm's room records.

`rhythm.activity_closed` is the one fact that says an activity took place, and obligations are matched with it. Each
attendee's `rhythm.attended` names it in `closing`. `signed` counts those who signed in themselves; `checks` and `problems`
the answers to the mechanism's checklist, `missing` the required pieces that it was closed without. Held together, it is
told once of each host body, in that body's own kind of gathering: the source is the same, so it is one record.
"""

from __future__ import annotations

from ronghe.kernel.facts.kinds import Code, Day, Flag, Whole, declare
from ronghe.kernel.words import N_

ACTIVITY_PLANNED = declare(
    "rhythm.activity_planned", N_("安排活动"), attributes={"activity_type": Code(), "day": Day()}
)
ACTIVITY_OPENED = declare("rhythm.activity_opened", N_("活动开始"), attributes={"activity_type": Code(), "day": Day()})
ACTIVITY_CLOSED = declare(
    "rhythm.activity_closed",
    N_("活动结束"),
    attributes={
        "activity_type": Code(),
        "day": Day(),
        "expected": Whole(),
        "present": Whole(),
        "signed": Whole(),
        "on_leave": Whole(),
        "absent": Whole(),
        "guests": Whole(),
        "topics": Whole(),
        "decisions": Whole(),
        "tasks": Whole(),
        "votes": Whole(),
        "photos": Whole(),
        "has_minutes": Flag(),
        "checks": Whole(),
        "problems": Whole(),
        "missing": Whole(),
    },
)
ATTENDED = declare(
    "rhythm.attended",
    N_("参加活动"),
    attributes={
        "activity_type": Code(),
        "way": Code(),
        "is_signature": Flag(),
        "is_guest": Flag(),
        "role": Code(),
        "closing": Whole(),
    },
)
LEAVE_NOTED = declare("rhythm.leave_noted", N_("登记请假"), attributes={"activity_type": Code()})
TICK_WITHDRAWN = declare("rhythm.tick_withdrawn", N_("撤回代勾"), attributes={"activity_type": Code()})
RECORD_CORRECTED = declare(
    "rhythm.record_corrected", N_("更正会议记录"), attributes={"activity_type": Code(), "correction": Code()}
)
ACTIVITY_MOVED = declare(
    "rhythm.activity_moved",
    N_("活动改期"),
    attributes={"activity_type": Code(), "from_day": Day(), "day": Day()},
)
ACTIVITY_CALLED_OFF = declare(
    "rhythm.activity_called_off", N_("取消活动"), attributes={"activity_type": Code(), "day": Day()}
)
CHAIR_NAMED = declare("rhythm.chair_named", N_("确定主持人"), attributes={"activity_type": Code()})
HOST_ADDED = declare("rhythm.host_added", N_("增加联办组织"), attributes={"activity_type": Code()})
HOST_WITHDRAWN = declare("rhythm.host_withdrawn", N_("撤下联办组织"), attributes={"activity_type": Code()})
VISITED = declare(
    "rhythm.visited",
    N_("走访"),
    measure="visit",
    attributes={
        "visit": Code(),
        "target": Code(),
        "day": Day(),
        "by_contact": Flag(),
        "answers": Whole(),
        "concerns": Whole(),
        "met": Whole(),
        "problems": Whole(),
        "photos": Whole(),
    },
)
VISIT_CORRECTED = declare(
    "rhythm.visit_corrected", N_("更正走访记录"), attributes={"visit": Code(), "correction": Code()}
)
PROBLEM_ANSWERED = declare(
    "rhythm.problem_answered",
    N_("走访的问题已答复"),
    attributes={"visit": Code(), "round": Whole(), "days": Whole()},
)
ANSWER_RATED = declare(
    "rhythm.answer_rated",
    N_("答复已评价"),
    attributes={"visit": Code(), "rating": Code(), "round": Whole()},
)
