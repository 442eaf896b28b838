"""现场三会: what the room records. `sitemeetings.chain_closed` is the one fact that says all three were held, in order.

Nothing tells whose mind is not settled: of 三定 a fact holds counts only.
"""

from __future__ import annotations

from ronghe.kernel.facts.kinds import Code, Day, Flag, Whole, declare
from ronghe.kernel.words import N_

CHAIN_BEGUN = declare("sitemeetings.chain_begun", N_("现场三会开始"), attributes={"day": Day()})
MEETING_OPENED = declare(
    "sitemeetings.meeting_opened", N_("三会之一开始"), attributes={"meeting": Code(), "day": Day()}
)
MEETING_CLOSED = declare(
    "sitemeetings.meeting_closed",
    N_("三会之一结束"),
    attributes={"meeting": Code(), "day": Day(), "present": Whole(), "signed": Whole(), "settled": Whole()},
)
MEETING_UNDONE = declare("sitemeetings.meeting_undone", N_("三会之一取消重开"), attributes={"meeting": Code()})
TEXT_WRITTEN = declare(
    "sitemeetings.text_written",
    N_("写交底内容"),
    attributes={"meeting": Code(), "version": Whole(), "voided": Whole()},
)
SIGNED = declare(
    "sitemeetings.signed",
    N_("三会签字"),
    attributes={"meeting": Code(), "role": Code(), "way": Code(), "is_late": Flag()},
)
CAME = declare("sitemeetings.came", N_("到达现场"), attributes={"missed": Whole()})
LEFT = declare("sitemeetings.left", N_("离开现场"))
LATE_BRIEFED = declare("sitemeetings.late_briefed", N_("补交底"), attributes={"meeting": Code()})
MINDS_SETTLED = declare("sitemeetings.minds_settled", N_("确认三定"), attributes={"people": Whole()})
CHECKS_CONFIRMED = declare(
    "sitemeetings.checks_confirmed", N_("确认检查表"), attributes={"meeting": Code(), "lines": Whole()}
)
TALK_HELD = declare("sitemeetings.talk_held", N_("三定后谈心"))
CHAIN_CALLED_OFF = declare("sitemeetings.chain_called_off", N_("取消现场三会"), attributes={"day": Day()})
CHAIN_CLOSED = declare(
    "sitemeetings.chain_closed",
    N_("现场三会开完"),
    attributes={"day": Day(), "people": Whole(), "late": Whole(), "signatures": Whole(), "minutes": Whole()},
)
