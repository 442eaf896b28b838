"""作业许可: what the room records; `operation` and `grade` are a profile's words, no names and no texts of anybody."""

from __future__ import annotations

from ronghe.kernel.facts.kinds import Code, Flag, Whole, declare
from ronghe.kernel.words import N_

_WHAT = {"kind": Code(), "operation": Code(), "grade": Code()}

SITE_KEPT = declare("permits.site_kept", N_("维护作业现场"), attributes={"what": Code()})
SETTING_SET = declare("permits.setting_set", N_("设定作业许可的数"), attributes={"key": Code()})
BASELINE_SET = declare("permits.baseline_set", N_("登记作业许可旧基线"), measure="hour", attributes={"of": Code()})
REQUESTED = declare("permits.requested", N_("申请作业许可"), attributes=_WHAT)
CHANGED = declare("permits.changed", N_("更改作业许可"), attributes={**_WHAT, "what": Code(), "voided": Whole()})
"""`voided`: how many signatures no longer stand."""
SIGNED = declare(
    "permits.signed", N_("签作业许可"), attributes={**_WHAT, "role": Code(), "way": Code(), "on_site": Flag()}
)
SIGNATURE_VOIDED = declare("permits.signature_voided", N_("作废作业许可签字"), attributes={**_WHAT, "role": Code()})
"""Made with the key of a phone after it was lost."""
MOVED = declare("permits.moved", N_("作业许可流转"), attributes={**_WHAT, "step": Code()})
ISSUED_FACT = declare("permits.issued", N_("签发作业许可"), measure="hour", attributes=_WHAT)
"""Hours from the request to the issue."""
ACTIVATED = declare("permits.activated", N_("作业开工"), attributes=_WHAT)
SUSPENDED = declare("permits.suspended", N_("作业中止"), attributes={**_WHAT, "reason": Code()})
RESUMED = declare("permits.resumed", N_("作业恢复"), attributes={**_WHAT, "minutes": Whole()})
GAS_TESTED = declare("permits.gas_tested", N_("气体检测"), attributes={**_WHAT, "is_fit": Flag()})
SECURED = declare("permits.secured", N_("落实作业措施"), attributes={**_WHAT, "what": Code()})
HANDED_OVER = declare("permits.handed_over", N_("作业交接"), attributes={**_WHAT, "part": Code()})
EXTENDED = declare("permits.extended", N_("作业许可延期"), attributes={**_WHAT, "hours": Whole()})
COMPLETED = declare("permits.completed", N_("作业完工"), measure="hour", attributes=_WHAT)
"""Hours from the first start to the end."""
NOTICED = declare(
    "permits.noticed", N_("现场风力、报警"), attributes={"what": Code(), "level": Whole(), "stopped": Whole()}
)
ACTIVITY_NOTED = declare(
    "permits.activity_noted", N_("登记现场其他作业"), attributes={"activity": Code(), "stopped": Whole()}
)
