"""What the members' room records. A correction names its field, never a value."""

from __future__ import annotations

from ronghe.kernel.facts.kinds import Code, Flag, Whole, declare
from ronghe.kernel.words import N_

SKILL_CLAIMED = declare("members.skill_claimed", N_("申报工种"), attributes={"is_main": Flag()})
SKILL_CONFIRMED = declare("members.skill_confirmed", N_("确认工种"), attributes={"is_main": Flag()})
SKILL_REFUSED = declare("members.skill_refused", N_("工种未认可"))
SKILL_ENDED = declare("members.skill_ended", N_("取消工种"))
SKILLS_IMPORTED = declare("members.skills_imported", N_("导入技能表"), attributes={"rows": Whole(), "changed": Whole()})
BROAD_NAMES_KEPT = declare(
    "members.broad_names_kept", N_("更新大岗位、大工种对照表"), attributes={"kind": Code(), "entries": Whole()}
)
MENTOR_PAIRED = declare("members.mentor_paired", N_("结对传帮带"), attributes={"kind": Code(), "is_mentor": Flag()})
MENTOR_PARTED = declare("members.mentor_parted", N_("传帮带结束"), attributes={"kind": Code(), "is_mentor": Flag()})
CORRECTION_ASKED = declare("members.correction_asked", N_("申请更正档案"), attributes={"field": Code()})
CORRECTION_ACCEPTED = declare("members.correction_accepted", N_("档案已更正"), attributes={"field": Code()})
CORRECTION_REFUSED = declare("members.correction_refused", N_("更正未采纳"), attributes={"field": Code()})
CORRECTION_WITHDRAWN = declare("members.correction_withdrawn", N_("撤回更正申请"), attributes={"field": Code()})
CARD_SHOWN = declare("members.card_shown", N_("同意亮身份"))
CARD_HIDDEN = declare("members.card_hidden", N_("撤回亮身份"))
MEMBERS_PLACED = declare("members.placed_together", N_("成批编组"), attributes={"people": Whole(), "undone": Flag()})
