"""精准问需: what `items.moved` cannot say."""

from __future__ import annotations

from ronghe.kernel.facts.kinds import Code, Day, Flag, Whole, declare
from ronghe.kernel.words import N_

NEED_RATED = declare("needs.rated", N_("评价帮扶"), attributes={"score": Whole(), "solved": Flag(), "round": Whole()})
HELP_AGREED = declare("needs.help_agreed", N_("约定帮扶时间"), attributes={"way": Code(), "day": Day()})
HELP_CALLED_OFF = declare("needs.help_called_off", N_("取消约定的帮扶"), attributes={"way": Code(), "day": Day()})
GAIN_VERIFIED = declare("needs.gain_verified", N_("核实帮扶效果"), measure="hour", attributes={"tag": Code()})
"""Hours saved a month; `tag` is the first of the need's. About who helped, like the next one."""
MONEY_VERIFIED = declare("needs.money_verified", N_("核实帮扶节约的资金"), measure="CNY", attributes={"tag": Code()})
TARGETS_SET = declare(
    "needs.targets_set", N_("设定问需办理时限"), attributes={"triage_days": Whole(), "answer_days": Whole()}
)
