"""回头看: what the room records besides the steps of the item. A closed session meets the duty to look back."""

from __future__ import annotations

from ronghe.kernel.facts.kinds import Day, Whole, declare
from ronghe.kernel.words import N_

ANALYSED = declare(
    "lookbacks.analysed", N_("分析问题原因"), attributes={"round": Whole(), "whys": Whole(), "causes": Whole()}
)
MEASURE_SET = declare("lookbacks.measure_set", N_("定改进措施"), attributes={"round": Whole(), "due_on": Day()})
RECURRED = declare("lookbacks.recurred", N_("问题又发生"), attributes={"times": Whole()})
SESSION_OPENED = declare("lookbacks.session_opened", N_("开始回头看"), attributes={"from_on": Day(), "until_on": Day()})
FINDING_PICKED = declare("lookbacks.finding_picked", N_("从记录里挑出问题"))
FINDING_DROPPED = declare("lookbacks.finding_dropped", N_("撤下挑出的问题"))
SESSION_CLOSED = declare(
    "lookbacks.session_closed", N_("完成回头看"),
    attributes={
        "from_on": Day(), "until_on": Day(), "shown": Whole(), "found": Whole(), "recurred": Whole(), "open": Whole(),
    },
)  # fmt: skip
"""`shown` is how much the records showed, `found` how many findings were picked, `open` how many older ones are open.
One that is taken back is reversed."""
