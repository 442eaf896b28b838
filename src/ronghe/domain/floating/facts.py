"""What stays of floating members record. Every fact but the last is about the member."""

from __future__ import annotations

from ronghe.kernel.facts.kinds import Code, Flag, Whole, choice, declare
from ronghe.kernel.words import N_

STAY_FOUND = declare(
    "floating.found", N_("登记流动党员"), attributes={"direction": choice("incoming", "outgoing"), "source": Code()}
)
STAY_VERIFIED = declare("floating.verified", N_("与原党支部核实"), attributes={"home_is_here": Flag()})
STAY_ATTACHED = declare("floating.attached", N_("流动党员编入"))
HOME_INFORMED = declare("floating.home_informed", N_("告知原党支部"), attributes={"way": choice("platform", "letter")})
HOME_ANSWERED = declare("floating.home_answered", N_("原党支部确认"), attributes={"what": choice("stay", "slip")})
STAY_LEFT = declare("floating.left", N_("流动党员离场"), attributes={"days": Whole(), "records": Whole()})
STAY_DISMISSED = declare("floating.dismissed", N_("不属于流动党员"))
AWAY_CONTACTED = declare("floating.contacted", N_("联系外出党员"), attributes={"is_abroad": Flag()})
SIDES_AGREED = declare("floating.sides_agreed", N_("流出地与流入地商定设立"))
