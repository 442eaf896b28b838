"""揭榜挂帅: what the room records; the challenge itself tells of its steps (`items.moved`, item `challenge`)."""

from __future__ import annotations

from ronghe.kernel.facts.kinds import Code, Day, Flag, Whole, declare
from ronghe.kernel.words import N_

BID_MADE = declare("challenges.bid_made", N_("揭榜"), attributes={"people": Whole(), "days": Whole()})
BID_WITHDRAWN = declare("challenges.bid_withdrawn", N_("撤回揭榜"))
PANEL_NAMED = declare("challenges.panel_named", N_("成立评榜组"), attributes={"people": Whole()})
CONFLICT_DECLARED = declare("challenges.conflict_declared", N_("申报利益关系"), attributes={"conflicts": Whole()})
BID_SCORED = declare("challenges.bid_scored", N_("评榜打分"))
BID_SELECTED = declare("challenges.bid_selected", N_("定榜"), attributes={"bids": Whole(), "is_top": Flag()})
MILESTONES_SET = declare("challenges.milestones_set", N_("定里程碑"), attributes={"milestones": Whole()})
MILESTONE_CHECKED = declare(
    "challenges.milestone_checked", N_("里程碑核验"), attributes={"number": Whole(), "on_time": Flag(), "due_on": Day()}
)
REWARD_PAID = declare("challenges.reward_paid", N_("兑现奖励"), measure="CNY")
FAILURE_FOUND = declare("challenges.failure_found", N_("揭榜未成认定"), attributes={"finding": Code()})
