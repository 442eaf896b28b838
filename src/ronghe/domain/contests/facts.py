"""劳动竞赛: what the room records. Marks are no facts; the place reached is."""

from __future__ import annotations

from ronghe.kernel.facts.kinds import Code, Day, Whole, declare
from ronghe.kernel.words import N_

CONTEST_OPENED = declare(
    "contests.opened", N_("发起劳动竞赛"), attributes={"entry": Code(), "until": Day(), "heads": Whole()}
)
CONTEST_JOINED = declare("contests.joined", N_("报名劳动竞赛"))
CONTEST_LEFT = declare("contests.left", N_("退出劳动竞赛"))
CONTEST_JUDGED = declare("contests.judged", N_("评判劳动竞赛"), attributes={"head": Whole()})
CONTEST_CLOSED = declare("contests.closed", N_("劳动竞赛排名"), attributes={"entries": Whole()})
CONTEST_PLACED = declare("contests.placed", N_("劳动竞赛名次"), attributes={"place": Whole(), "entries": Whole()})
CONTEST_AWARDED = declare("contests.awarded", N_("劳动竞赛表彰"), attributes={"awarded": Whole()})
CONTEST_CALLED_OFF = declare("contests.called_off", N_("取消劳动竞赛"))
