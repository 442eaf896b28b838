"""组织生活会与民主评议: what the room records.

`review_held` is told once, when the results are told to everybody, and meets the duty `democratic_appraisal`. Opinions, mutual
ratings and votes leave no fact: its moment would lead to whoever gave them.
"""

from __future__ import annotations

from ronghe.kernel.facts.kinds import Code, Day, Flag, Whole, declare
from ronghe.kernel.words import N_

PLANNED = declare(
    "orglife.planned", N_("安排组织生活会"), attributes={"year": Whole(), "form": Code(), "review": Flag()}
)
CALLED_OFF = declare("orglife.called_off", N_("取消组织生活会"), attributes={"year": Whole()})
PREPARED = declare("orglife.prepared", N_("办妥会前准备"), attributes={"item": Code()})
EXEMPTED = declare("orglife.exempted", N_("民主评议免参加"), attributes={"reason": Code()})
STATEMENT_HANDED_IN = declare("orglife.statement_handed_in", N_("提交对照检查材料"), attributes={"version": Whole()})
SELF_APPRAISED = declare("orglife.self_appraised", N_("民主评议个人自评"), attributes={"year": Whole()})
CRITICIZED = declare("orglife.criticized", N_("记录批评意见"))
MEETING_HELD = declare(
    "orglife.meeting_held",
    N_("召开组织生活会"),
    attributes={"year": Whole(), "form": Code(), "day": Day(), "members": Whole(), "statements": Whole()},
)
MARKING_OPENED = declare(
    "orglife.marking_opened", N_("民主测评开始"), attributes={"members": Whole(), "voters": Whole()}
)
MARKING_STOPPED = declare("orglife.marking_stopped", N_("民主测评作废重来"))
MARKING_COUNTED = declare("orglife.marking_counted", N_("民主测评计票"), attributes={"members": Whole()})
PROPOSED = declare("orglife.grade_proposed", N_("支委会提出评定意见"), attributes={"year": Whole()})
MEASURE_TAKEN = declare("orglife.measure_taken", N_("评议后帮助教育和组织处置"), attributes={"year": Whole()})
REVIEW_HELD = declare(
    "orglife.review_held",
    N_("完成民主评议党员"),
    attributes={
        "year": Whole(), "members": Whole(), "graded": Whole(), "excellent": Whole(), "qualified": Whole(),
        "basic": Whole(), "unqualified": Whole(),
    },
)  # fmt: skip
GRADED = declare("orglife.graded", N_("民主评议等次"), attributes={"grade": Code(), "year": Whole()})
ACKNOWLEDGED = declare("orglife.acknowledged", N_("知悉评议结果"), attributes={"year": Whole()})
OBJECTED = declare("orglife.objected", N_("对评议结果提出异议"), attributes={"year": Whole()})
OBJECTION_ANSWERED = declare("orglife.objection_answered", N_("答复评议异议"), attributes={"answer": Code()})
REPORTED_UP = declare("orglife.reported_up", N_("民主评议结果报上级"), attributes={"year": Whole()})
LISTED = declare("orglife.correction_listed", N_("列入整改清单"), attributes={"level": Code(), "due": Day()})
CARRIED = declare("orglife.correction_carried", N_("整改转入下一年"), attributes={"level": Code()})
LIST_REVIEWED = declare(
    "orglife.corrections_reviewed", N_("回顾整改清单"), attributes={"listed": Whole(), "done": Whole()}
)
RECTIFIED = declare(
    "orglife.rectified", N_("整改清单办结"), attributes={"listed": Whole(), "done": Whole(), "carried": Whole()}
)
CLOSED = declare("orglife.closed", N_("组织生活会办结"), attributes={"year": Whole()})
