"""What regrouping records: of the branch, never of a person; who moved where is recorded by the organization's room."""

from __future__ import annotations

from ronghe.kernel.facts.kinds import Day, Whole, declare
from ronghe.kernel.words import N_

REGROUPING_OPENED = declare("regrouping.opened", N_("着手划分党小组"), attributes={"groups": Whole()})
REGROUPING_SUBMITTED = declare(
    "regrouping.submitted", N_("党小组划分方案报支委会研究"), attributes={"groups": Whole(), "people": Whole()}
)
REGROUPING_RETURNED = declare("regrouping.returned", N_("退回党小组划分方案"))
REGROUPING_APPROVED = declare(
    "regrouping.approved",
    N_("支委会研究通过党小组划分"),
    attributes={"decided_on": Day(), "effective_on": Day()},
)
REGROUPING_CARRIED_OUT = declare(
    "regrouping.carried_out",
    N_("执行党小组划分"),
    attributes={"founded": Whole(), "ended": Whole(), "moved": Whole(), "leaders": Whole()},
)
REGROUPING_UNDONE = declare("regrouping.undone", N_("撤回党小组划分的执行"), attributes={"moved": Whole()})
REGROUPING_DROPPED = declare("regrouping.dropped", N_("不再办理党小组划分"))
TRAVEL_SET = declare("regrouping.travel_set", N_("填报站场路程"), attributes={"ways": Whole()})
