"""积分申请: the one fact that a sheet counts.

`item` is the id of the sheet's node, the quantity its points at the time; taken back, the fact is reversed. What happens
on the way there are steps of an item (`items.moved`).
"""

from __future__ import annotations

from ronghe.kernel.facts.kinds import Code, Whole, declare
from ronghe.kernel.words import N_

GRANTED = declare(
    "merits.granted",
    N_("积分申请通过"),
    measure="point",
    attributes={"item": Code(), "sheet": Code(), "playbook": Code(), "notice_days": Whole()},
)
"""About the member, on the day of what it is for."""
