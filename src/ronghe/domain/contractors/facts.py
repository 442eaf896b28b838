"""What the room of contractors records. Facts of a company are about nobody; those of workers are about the person."""

from __future__ import annotations

from ronghe.kernel.facts.kinds import Code, Flag, Whole, choice, declare
from ronghe.kernel.words import N_

COMPANY_REGISTERED = declare("contractors.registered", N_("登记承包商"), attributes={"what": Code()})
GATE_REVIEWED = declare("contractors.gate_reviewed", N_("五关评审"), attributes={"gate": Code(), "passed": Flag()})
AGREEMENT_SIGNED = declare("contractors.agreement_signed", N_("签订安全协议"))
STANDING_CHANGED = declare(
    "contractors.standing_changed",
    N_("承包商准入变动"),
    attributes={"what": choice("admit", "suspend", "resume", "list", "delist", "leave")},
)
APPEAL_FILED = declare("contractors.appeal_filed", N_("黑名单申诉"))
APPEAL_DECIDED = declare("contractors.appeal_decided", N_("黑名单申诉复核"), attributes={"granted": Flag()})
COMPANY_SCORED = declare(
    "contractors.scored",
    N_("承包商检查评分"),
    attributes={"mechanism": Code(), "score": Whole(), "problems": Whole()},
)
WORKER_ENGAGED = declare("contractors.worker_engaged", N_("外来人员登记"), attributes={"employment": Code()})
WORKER_LEFT = declare("contractors.worker_left", N_("外来人员离开"))
PASS_ISSUED = declare("contractors.pass_issued", N_("发入场证"))
PASS_REVOKED = declare("contractors.pass_revoked", N_("收回入场证"))
GATE_PASSED = declare(
    "contractors.gate_passed",
    N_("门岗进出"),
    attributes={"direction": choice("in", "out"), "passed": Flag(), "way": choice("scanned", "typed")},
)
