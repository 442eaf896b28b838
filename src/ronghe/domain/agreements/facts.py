"""联创共建合作意向书: what the room records. `body` is the acting side; what concerns all sides is recorded for each."""

from __future__ import annotations

from ronghe.kernel.facts.kinds import Code, Day, Flag, Whole, declare
from ronghe.kernel.words import N_

AGREEMENT_DRAFTED = declare(
    "agreements.drafted", N_("起草意向书"), attributes={"kind": Code(), "parties": Whole(), "is_supplement": Flag()}
)
VERSION_ADDED = declare(
    "agreements.version_added", N_("修改意向书文本"), attributes={"number": Whole(), "dropped": Whole()}
)
"""`dropped` counts the consents to the version before that are worth nothing now."""
COMMENTED = declare("agreements.commented", N_("提出意向书意见"), attributes={"number": Whole(), "is_reply": Flag()})
COMMENT_SETTLED = declare("agreements.comment_settled", N_("意向书意见办结"), attributes={"is_settled": Flag()})
CONSENTED = declare("agreements.consented", N_("同意意向书文本"), attributes={"number": Whole(), "is_last": Flag()})
CONSENT_WITHDRAWN = declare("agreements.consent_withdrawn", N_("撤回对文本的同意"), attributes={"number": Whole()})
SIGNER_AUTHORIZED = declare("agreements.signer_authorized", N_("授权签字人"))
SIGNER_WITHDRAWN = declare("agreements.signer_withdrawn", N_("收回签字授权"))
SIGNED = declare("agreements.signed", N_("签署意向书"), attributes={"number": Whole(), "role": Code()})
SIGNING_REFUSED = declare("agreements.signing_refused", N_("拒签意向书"), attributes={"number": Whole()})
CAME_INTO_FORCE = declare(
    "agreements.came_into_force", N_("意向书生效"), attributes={"kind": Code(), "from_on": Day(), "until_on": Day()}
)
"""Once for each side; `until_on` is the last day."""
EXTENDED = declare("agreements.extended", N_("补充协议延长有效期"), attributes={"until_on": Day()})
CALLED_OFF = declare("agreements.called_off", N_("取消意向书"))
GOAL_READ = declare(
    "agreements.goal_read", N_("登记目标数值"),
    attributes={"head": Code(), "day": Day(), "per_mille": Whole(), "is_correction": Flag()},
)  # fmt: skip
"""`per_mille` of the way from baseline to target."""
REVIEWED = declare(
    "agreements.reviewed", N_("意向书回顾"),
    attributes={"kind": Code(), "held_on": Day(), "goals": Whole(), "on_track": Whole()},
)  # fmt: skip
"""Once for each side, so that each side's duty is met."""
ENDING_PROPOSED = declare("agreements.ending_proposed", N_("提出终止意向书"), attributes={"how": Code()})
ENDING_SETTLED = declare("agreements.ending_settled", N_("终止提议未成"), attributes={"outcome": Code()})
ENDED = declare(
    "agreements.ended", N_("意向书终止"),
    attributes={"how": Code(), "last_day": Day(), "goals": Whole(), "reached": Whole()},
)  # fmt: skip
"""Once for each side."""
