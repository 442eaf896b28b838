"""隐患和违章: what `items.moved` cannot say."""

from __future__ import annotations

from ronghe.kernel.facts.kinds import Code, Flag, Whole, declare
from ronghe.kernel.words import N_

FINDING_REPORTED = declare(
    "hazards.reported", N_("上报隐患、违章"), attributes={"item": Code(), "grade": Code(), "is_by_machine": Flag()}
)
HAZARD_ASSESSED = declare("hazards.assessed", N_("评估隐患"), attributes={"grade": Code(), "days": Whole()})
"""`days` until it is to be put right."""
VIOLATION_CONFIRMED = declare(
    "hazards.violation_confirmed", N_("查实违章"),
    attributes={"sort": Code(), "grade": Code(), "is_serious_harm": Flag(), "has_certificate": Flag(), "is_by_machine": Flag(),
                "contractor": Whole()},
)  # fmt: skip
"""About who did it, where that is known, with the company that brought them. Overturned, it is reversed."""
