"""荣誉: what the room records. A title is told by its number: words of a unit's own are no part of a fact."""

from __future__ import annotations

from ronghe.kernel.facts.kinds import Code, Day, Flag, Whole, declare
from ronghe.kernel.words import N_

TITLE_KEPT = declare("honours.title_kept", N_("登记荣誉名称"), attributes={"title": Whole(), "level": Code()})
TITLE_RETIRED = declare("honours.title_retired", N_("停用或恢复荣誉名称"), attributes={"title": Whole()})
HONOUR_ENTERED = declare(
    "honours.entered", N_("获得荣誉"), attributes={"title": Whole(), "level": Code(), "year": Whole()}
)
HONOURS_IMPORTED = declare("honours.imported", N_("导入荣誉台账"), attributes={"rows": Whole(), "added": Whole()})
HONOUR_WITHDRAWN = declare("honours.withdrawn", N_("撤销荣誉"), attributes={"title": Whole(), "year": Whole()})
CALL_OPENED = declare("honours.call_opened", N_("发布评选通知"), attributes={"until": Day(), "quota": Whole()})
CALL_MOVED = declare("honours.call_moved", N_("评选进到下一步"), attributes={"state": Code()})
NOMINATED = declare("honours.nominated", N_("提名"), attributes={"holder": Code()})
NOMINATION_WITHDRAWN = declare("honours.nomination_withdrawn", N_("撤回提名"))
VETTED = declare("honours.vetted", N_("出具评选审查意见"), attributes={"aspect": Code(), "passes": Flag()})
NOTICE_POSTED = declare("honours.notice_posted", N_("公示拟表彰名单"), attributes={"until": Day(), "chosen": Whole()})
CALL_OBJECTED = declare("honours.objected", N_("对拟表彰名单提出异议"))
CALL_OBJECTION_ANSWERED = declare("honours.objection_answered", N_("答复评选异议"), attributes={"answer": Code()})
CALL_AWARDED = declare("honours.call_awarded", N_("评选表彰"), attributes={"awarded": Whole()})
ROUND_OPENED = declare(
    "honours.round_opened", N_("流动红旗开始评分"), attributes={"offices": Whole(), "voters": Whole()}
)
BANNER_AWARDED = declare(
    "honours.banner_awarded", N_("授流动红旗"), attributes={"year": Whole(), "quarter": Whole(), "tied": Flag()}
)
ROUND_ENDED = declare("honours.round_ended", N_("流动红旗本轮未授旗"), attributes={"state": Code()})
