"""三亮四比一创建: what the room records. A consent says how many parts it covers and never which words."""

from __future__ import annotations

from ronghe.kernel.facts.kinds import Code, Flag, Whole, declare
from ronghe.kernel.words import N_

BADGE_ISSUED = declare("shows.badge_issued", N_("发放亮身份胸牌"))
BADGE_STOPPED = declare("shows.badge_stopped", N_("停用亮身份胸牌"), attributes={"renewed": Flag()})
BADGE_AGREED = declare("shows.badge_agreed", N_("同意公开胸牌内容"), attributes={"parts": Whole()})
BADGE_WITHDRAWN = declare("shows.badge_withdrawn", N_("撤回公开胸牌内容"))
STANDARD_SET = declare("shows.standard_set", N_("公布岗位标准"), attributes={"role": Code()})
CAMPAIGN_OPENED = declare("shows.campaign_opened", N_("发起三亮四比一创建"))
CAMPAIGN_CHANGED = declare("shows.campaign_changed", N_("修改三亮四比一创建"))
CAMPAIGN_ENDED = declare("shows.campaign_ended", N_("结束三亮四比一创建"))
