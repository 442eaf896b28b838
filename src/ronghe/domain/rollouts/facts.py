"""What the roll-outs' room records. `playbook` is `id@version`; findings and reasons stand in the rows, not here."""

from __future__ import annotations

from ronghe.kernel.facts.kinds import Code, Day, Whole, choice, declare
from ronghe.kernel.words import N_

ROLLOUT_DRAFTED = declare(
    "rollouts.drafted", N_("起草推广"), attributes={"playbook": Code(), "kind": choice("benchmark", "model", "case")}
)
PILOT_STARTED = declare(
    "rollouts.pilot_started",
    N_("开始试点"),
    attributes={"playbook": Code(), "from_on": Day(), "until_on": Day(), "bodies": Whole()},
)
PILOT_CALLED_BACK = declare("rollouts.pilot_called_back", N_("撤回试点"))
PILOT_CONCLUDED = declare("rollouts.pilot_concluded", N_("试点结束"), attributes={"measures": Whole()})
PILOT_REVIEWED = declare(
    "rollouts.pilot_reviewed", N_("评审试点"), attributes={"decision": choice("approved", "again", "refused")}
)
ROLLED_OUT = declare(
    "rollouts.rolled_out", N_("开始推广"), attributes={"playbook": Code(), "bodies": Whole(), "due_on": Day()}
)
TARGETS_NAMED = declare("rollouts.targets_named", N_("增加推广单位"), attributes={"bodies": Whole(), "due_on": Day()})
TARGET_RELEASED = declare("rollouts.target_released", N_("撤下推广单位"))
NOT_YET = declare("rollouts.not_yet", N_("说明尚未采用"))
EFFECT_TOLD = declare("rollouts.effect_told", N_("回填效果"))
ROLLOUT_ENDED = declare("rollouts.ended", N_("结束推广"))
ROLLOUT_CALLED_OFF = declare("rollouts.called_off", N_("不再推广"))
