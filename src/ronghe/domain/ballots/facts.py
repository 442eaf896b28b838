"""无记名投票: what the room records. A vote itself leaves no fact: its place and moment would lead to the voter."""

from __future__ import annotations

from ronghe.kernel.facts.kinds import Flag, Whole, declare
from ronghe.kernel.words import N_

BALLOT_OPENED = declare("ballots.ballot_opened", N_("发起无记名投票"), attributes={"items": Whole(), "voters": Whole()})
VOTERS_ADMITTED = declare("ballots.voters_admitted", N_("补入投票人"), attributes={"voters": Whole()})
PAPERS_HANDED = declare("ballots.papers_handed", N_("发出纸票"), attributes={"voters": Whole()})
PAPER_TAKEN_BACK = declare("ballots.paper_taken_back", N_("收回纸票"), attributes={"voters": Whole()})
PAPERS_TOLD = declare("ballots.papers_told", N_("录入纸票"), attributes={"papers": Whole()})
PAPERS_CHECKED = declare("ballots.papers_checked", N_("复核纸票"), attributes={"papers": Whole()})
BALLOT_CLOSED = declare(
    "ballots.ballot_closed",
    N_("无记名投票计票"),
    attributes={"items": Whole(), "voters": Whole(), "cast": Whole(), "papers": Whole(), "is_shown": Flag()},
)
BALLOT_VOIDED = declare("ballots.ballot_voided", N_("作废无记名投票"), attributes={"voters": Whole()})
