"""党建联盟: what the room records. No fact names a partner or says what was settled."""

from __future__ import annotations

from ronghe.domain.alliances.enums import ContactForm, Side
from ronghe.kernel.facts.kinds import Code, Day, Whole, choice, declare
from ronghe.kernel.words import N_

_SIDE = choice(Side.OURS, Side.THEIRS)

ALLIANCE_FOUNDED = declare("alliances.founded", N_("建立党建联盟"), attributes={"kind": Code()})
ALLIANCE_ENDED = declare("alliances.ended", N_("结束党建联盟"))
PARTNER_ADDED = declare("alliances.partner_added", N_("联盟伙伴加入"))
PARTNER_WITHDRAWN = declare("alliances.partner_withdrawn", N_("联盟伙伴退出"))
PARTNER_INVITED = declare("alliances.partner_invited", N_("邀请联盟伙伴登录"), attributes={"until": Day()})
INVITATION_REVOKED = declare("alliances.invitation_revoked", N_("收回联盟邀请"))
INVITATION_ACCEPTED = declare("alliances.invitation_accepted", N_("联盟伙伴开通登录"))
CONTACT_HELD = declare(
    "alliances.contact_held",
    N_("联盟沟通"),
    attributes={"form": choice(*ContactForm.values), "day": Day(), "partners": Whole()},
)
DIFFICULTY_RAISED = declare("alliances.difficulty_raised", N_("联盟提出难题"), attributes={"side": _SIDE})
DIFFICULTY_CLAIMED = declare("alliances.difficulty_claimed", N_("认领联盟难题"), attributes={"side": _SIDE})
DIFFICULTY_MOVED = declare("alliances.difficulty_moved", N_("推进联盟难题"), attributes={"side": _SIDE, "step": Code()})
DIFFICULTY_RESOLVED = declare(
    "alliances.difficulty_resolved", N_("解决联盟难题"), attributes={"side": _SIDE, "days": Whole()}
)
