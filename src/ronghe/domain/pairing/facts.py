"""What pairs of group and team record. Every fact of a power is about the leader who holds it (A2)."""

from __future__ import annotations

from ronghe.kernel.facts.kinds import Code, Day, Whole, declare
from ronghe.kernel.words import N_

PAIR_LINKED = declare("pairing.linked", N_("党小组与班组共建"))
PAIR_ENDED = declare("pairing.ended", N_("结束两组共建"))
LEADER_PROPOSED = declare("pairing.leader_proposed", N_("提出组长人选"))
LEADER_DECLINED = declare("pairing.leader_declined", N_("组长人选未采纳"))
POWER_LISTED = declare("pairing.power_listed", N_("增列一项职权"), attributes={"power": Code()})
POWER_GRANTED = declare("pairing.power_granted", N_("授予职权"), attributes={"power": Code(), "until": Day()})
POWER_WITHDRAWN = declare("pairing.power_withdrawn", N_("收回职权"), attributes={"power": Code()})
POWER_USED = declare(
    "pairing.power_used", N_("行使职权"), attributes={"power": Code(), "day": Day(), "people": Whole()}
)
PROPOSAL_ADOPTED = declare("pairing.proposal_adopted", N_("采纳组长建议"), attributes={"power": Code()})
PROPOSAL_RETURNED = declare("pairing.proposal_returned", N_("退回组长建议"), attributes={"power": Code()})
