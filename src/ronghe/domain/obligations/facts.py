"""What the obligations' room records. Why something was waived stands in the waiver, not in the fact."""

from __future__ import annotations

from ronghe.kernel.facts.kinds import Code, declare
from ronghe.kernel.words import N_

OBLIGATION_WAIVED = declare("obligations.waived", N_("免办"), attributes={"mechanism": Code(), "occurrence": Code()})
WAIVER_WITHDRAWN = declare(
    "obligations.waiver_withdrawn", N_("撤销免办"), attributes={"mechanism": Code(), "occurrence": Code()}
)
