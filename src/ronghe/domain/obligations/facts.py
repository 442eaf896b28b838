"""What the obligations' room records. Why something was waived or moved stands beside it, not in the fact."""

from __future__ import annotations

from ronghe.kernel.facts.kinds import Code, Day, Whole, declare
from ronghe.kernel.words import N_

_WHICH = {"mechanism": Code(), "occurrence": Code()}

OBLIGATION_WAIVED = declare("obligations.waived", N_("免办"), attributes=_WHICH)
WAIVER_WITHDRAWN = declare("obligations.waiver_withdrawn", N_("撤销免办"), attributes=_WHICH)
PLANNED_DAY_MOVED = declare(
    "obligations.planned_day_moved", N_("应办改期"), attributes={**_WHICH, "from_day": Day(), "day": Day()}
)
WAIVER_ASKED = declare("obligations.waiver_asked", N_("申请免办"), attributes={"obligations": Whole()})
WAIVER_GRANTED = declare("obligations.waiver_granted", N_("同意免办"), attributes={"obligations": Whole()})
WAIVER_REFUSED = declare("obligations.waiver_refused", N_("不同意免办"), attributes={"obligations": Whole()})
WAIVER_TAKEN_BACK = declare("obligations.waiver_taken_back", N_("撤回免办申请"), attributes={"obligations": Whole()})
