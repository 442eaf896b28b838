"""工作事项: what the room records, alike for every kind of item; `item` says which kind, `step` what was done.

A fact about an item is about its owner, where it has one. `hours` are whole hours since it was raised, `on_time` is whether
it came by its deadline; both stand with the step that closes an item and with every other one.
"""

from __future__ import annotations

from ronghe.kernel.facts.kinds import Code, Day, Flag, Whole, declare
from ronghe.kernel.words import N_

ITEM_RAISED = declare("items.raised", N_("提出事项"), attributes={"item": Code(), "due_on": Day()})
ITEM_MOVED = declare(
    "items.moved",
    N_("办理事项"),
    attributes={
        "item": Code(),
        "step": Code(),
        "from_state": Code(),
        "to_state": Code(),
        "is_closed": Flag(),
        "on_time": Flag(),
        "hours": Whole(),
        "round": Whole(),
        "evidence": Whole(),
    },
)
ITEM_NOTED = declare("items.noted", N_("记事项进展"), attributes={"item": Code(), "percent": Whole()})
ITEM_CHANGED = declare("items.changed", N_("更改事项"), attributes={"item": Code(), "due_on": Day()})
ITEM_PLEDGED = declare("items.pledged", N_("签字承诺"), attributes={"item": Code()})
ITEM_ESCALATED = declare("items.escalated", N_("事项逾期上报"), attributes={"item": Code(), "level": Whole()})
ITEM_MERGED = declare("items.merged", N_("并入同类事项"), attributes={"item": Code()})
PERSON_JOINED = declare("items.person_joined", N_("加入事项"), attributes={"item": Code(), "part": Code()})
PERSON_LEFT = declare("items.person_left", N_("退出事项"), attributes={"item": Code(), "part": Code()})
