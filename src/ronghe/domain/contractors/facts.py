"""What the room of contractors records. `contractor` says which company, by which its appraisal finds the fact.

Facts of a company are about nobody; those of workers are about the person.
"""

from __future__ import annotations

from ronghe.kernel.facts.kinds import Code, Flag, Whole, choice, declare
from ronghe.kernel.words import N_

_COMPANY = {"contractor": Whole()}

COMPANY_REGISTERED = declare("contractors.registered", N_("登记承包商"), attributes={**_COMPANY, "what": Code()})
GATE_REVIEWED = declare(
    "contractors.gate_reviewed", N_("五关评审"), attributes={**_COMPANY, "gate": Code(), "passed": Flag()}
)
GATE_FILES_ADDED = declare(
    "contractors.gate_files_added", N_("附五关评审材料"), attributes={**_COMPANY, "gate": Code(), "files": Whole()}
)
AGREEMENT_SIGNED = declare("contractors.agreement_signed", N_("签订安全协议"), attributes=_COMPANY)
STANDING_CHANGED = declare(
    "contractors.standing_changed",
    N_("承包商准入变动"),
    attributes={**_COMPANY, "what": choice("admit", "suspend", "resume", "list", "delist", "leave")},
)
APPEAL_FILED = declare("contractors.appeal_filed", N_("黑名单申诉"), attributes=_COMPANY)
APPEAL_DECIDED = declare("contractors.appeal_decided", N_("黑名单申诉复核"), attributes={**_COMPANY, "granted": Flag()})
COMPANY_SCORED = declare(
    "contractors.scored",
    N_("承包商检查评分"),
    measure="point",
    attributes={**_COMPANY, "mechanism": Code(), "score": Whole(), "problems": Whole()},
)
ROUND_CHECKED = declare(
    "contractors.round_checked", N_("承包商逐家检查完"), attributes={"mechanism": Code(), "companies": Whole()}
)
"""Every admitted company of a mechanism was checked in the period: that is what the body owes."""
WORKER_ENGAGED = declare(
    "contractors.worker_engaged", N_("外来人员登记"), attributes={**_COMPANY, "employment": Code()}
)
WORKER_LEFT = declare("contractors.worker_left", N_("外来人员离开"), attributes=_COMPANY)
PASS_ISSUED = declare("contractors.pass_issued", N_("发入场证"), attributes=_COMPANY)
PASS_REVOKED = declare("contractors.pass_revoked", N_("收回入场证"), attributes=_COMPANY)
GATE_PASSED = declare(
    "contractors.gate_passed",
    N_("门岗进出"),
    attributes={
        **_COMPANY, "direction": choice("in", "out"), "passed": Flag(), "way": choice("scanned", "typed"),
        "untrained": Flag(),
    },
)  # fmt: skip
"""`untrained`: not let in, and training, exam or certificate was among what was missing."""
