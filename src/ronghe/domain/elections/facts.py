"""What this subject records. Votes are totals; no fact says who voted what."""

from __future__ import annotations

from ronghe.kernel.facts.kinds import Code, Day, Flag, Whole, declare
from ronghe.kernel.words import N_

TERM_STARTED = declare("elections.term_started", N_("任期开始"), attributes={"number": Whole(), "ends_on": Day()})
TERM_ENDED = declare("elections.term_ended", N_("任期结束"), attributes={"number": Whole()})
TERM_SHIFTED = declare(
    "elections.term_shifted", N_("任期延长或提前"), attributes={"from_day": Day(), "to_day": Day(), "days": Whole()}
)
ELECTION_STARTED = declare(
    "elections.election_started", N_("启动选举"), attributes={"election_kind": Code(), "planned_on": Day()}
)
CANDIDATE_NAMED = declare("elections.candidate_named", N_("候选人提名"), attributes={"role": Code(), "stage": Code()})
CANDIDATE_WITHDRAWN = declare("elections.candidate_withdrawn", N_("候选人退出"), attributes={"role": Code()})
CANDIDATES_APPROVED = declare("elections.candidates_approved", N_("候选人批复"), attributes={"candidates": Whole()})
BALLOT_COUNTED = declare(
    "elections.ballot_counted",
    N_("选举计票"),
    attributes={
        "role": Code(),
        "round": Whole(),
        "entitled": Whole(),
        "present": Whole(),
        "issued": Whole(),
        "returned": Whole(),
        "valid": Whole(),
        "elected": Whole(),
    },
)
RESULT_REPORTED = declare("elections.result_reported", N_("上报选举结果"), attributes={"elected": Whole()})
RESULT_RETURNED = declare("elections.result_returned", N_("退回选举结果"))
RESULT_FILED = declare(
    "elections.result_filed", N_("选举结果备案"), attributes={"election_kind": Code(), "elected": Whole()}
)
ELECTION_CANCELLED = declare("elections.election_cancelled", N_("取消选举"))
LEADER_DESIGNATED = declare(
    "elections.leader_designated", N_("指派任职"), attributes={"role": Code(), "is_acting": Flag()}
)
