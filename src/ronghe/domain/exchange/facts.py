"""学习交流: what the room records.

`pair_reviewed` is told of the body that keeps the pair, `visit_held` of the body that keeps the visit; both meet duties.
A visit that was signed in to as an activity tells `visit_held` with the activity as its source, so that it is one record and
meets a duty once. Who hosted is told apart (`visit_hosted`): to have been visited is not to have gone.
"""

from __future__ import annotations

from ronghe.kernel.facts.kinds import Code, Day, Flag, Whole, declare
from ronghe.kernel.words import N_

PROGRAMME_OPENED = declare(
    "exchange.programme_opened", N_("制定联合学习计划"), attributes={"from": Day(), "sides": Whole()}
)
PROGRAMME_ENDED = declare(
    "exchange.programme_ended", N_("联合学习计划结束"), attributes={"held": Whole(), "gaps": Whole()}
)
LINE_ADDED = declare("exchange.line_added", N_("列入学习题目"), attributes={"topic": Code(), "month": Day()})
LINE_PLANNED = declare("exchange.line_planned", N_("安排联合学习"), attributes={"day": Day()})
LINE_HELD = declare("exchange.line_held", N_("按计划学习了一次"), attributes={"topic": Code(), "month": Day()})
LINE_CHANGED = declare("exchange.line_changed", N_("学习题目取消或恢复"), attributes={"is_dropped": Flag()})
MATERIAL_ADDED = declare("exchange.material_added", N_("上传学习材料"))
QUESTION_ASKED = declare("exchange.question_asked", N_("学习前提问"))
QUESTION_ANSWERED = declare("exchange.question_answered", N_("答复学习提问"))

LECTURE_OFFERED = declare(
    "exchange.lecture_offered", N_("报名上讲台"), attributes={"lecture": Code(), "is_again": Flag()}
)
LECTURE_WITHDRAWN = declare("exchange.lecture_withdrawn", N_("收回讲课报名"))
LECTURE_WANTED = declare("exchange.lecture_wanted", N_("想听一课"), attributes={"is_wanted": Flag()})
LECTURE_PLANNED = declare("exchange.lecture_planned", N_("安排党员上讲台"), attributes={"day": Day()})
LECTURE_GIVEN = declare(
    "exchange.lecture_given", N_("上讲台讲课"), attributes={"lecture": Code(), "day": Day(), "listeners": Whole()}
)
LECTURE_RATED = declare("exchange.lecture_rated", N_("有人评课"))
"""About the lecture; who rated is told to nobody, so it is recorded by nobody."""

PAIR_DRAFTED = declare("exchange.pair_drafted", N_("起草师徒培养计划"), attributes={"goals": Whole()})
PAIR_SUBMITTED = declare("exchange.pair_submitted", N_("师徒协议送签"), attributes={"number": Whole()})
PAIR_REWORKED = declare("exchange.pair_reworked", N_("师徒协议退回修改"))
PAIR_SIGNED = declare("exchange.pair_signed", N_("师徒协议签字"), attributes={"role": Code(), "number": Whole()})
PAIR_STARTED = declare("exchange.pair_started", N_("师徒协议生效"), attributes={"until": Day(), "goals": Whole()})
PAIR_NOTED = declare("exchange.pair_noted", N_("记师徒活动"), attributes={"note": Code(), "day": Day()})
PAIR_REVIEWED = declare(
    "exchange.pair_reviewed",
    N_("评估师徒结对"),
    attributes={"number": Whole(), "goals": Whole(), "met": Whole(), "outcome": Code(), "day": Day()},
)
PAIR_CONCLUDED = declare("exchange.pair_concluded", N_("师徒培养计划办结"), attributes={"outcome": Code()})

VISIT_PLANNED = declare("exchange.visit_planned", N_("安排观摩学习"), attributes={"direction": Code(), "day": Day()})
VISIT_CALLED_OFF = declare("exchange.visit_called_off", N_("取消观摩学习"))
VISIT_HELD = declare(
    "exchange.visit_held",
    N_("观摩学习"),
    measure="visit",
    attributes={"direction": Code(), "day": Day(), "visitors": Whole(), "gaps": Whole(), "practices": Whole()},
)
VISIT_HOSTED = declare("exchange.visit_hosted", N_("接待观摩学习"), attributes={"day": Day(), "visitors": Whole()})
VISIT_ANSWERED = declare("exchange.visit_answered", N_("接待方反馈"))
GAP_NOTED = declare("exchange.gap_noted", N_("对标一项指标"), attributes={"better": Code(), "is_behind": Flag()})
GAP_FOLLOWED = declare("exchange.gap_followed", N_("更新对标指标"), attributes={"is_reached": Flag()})
PRACTICE_TAKEN = declare("exchange.practice_taken", N_("带回一项做法"), attributes={"due": Day()})
PRACTICE_SETTLED = declare("exchange.practice_settled", N_("带回的做法有了结果"), attributes={"outcome": Code()})
PRACTICE_REOPENED = declare("exchange.practice_reopened", N_("带回的做法重新填写"))
PRACTICE_OFFERED = declare("exchange.practice_offered", N_("把做法推荐给大家"), attributes={"is_offered": Flag()})
