"""What the zones' room records."""

from __future__ import annotations

from ronghe.kernel.facts.kinds import Code, Day, declare
from ronghe.kernel.words import N_

ZONE_PROPOSED = declare("zones.zone_proposed", N_("拟建协作区"), attributes={"mode": Code()})
ZONE_AGREED = declare("zones.zone_agreed", N_("各方同意建区"))
ZONE_APPROVED = declare("zones.zone_approved", N_("批准建区"))
ZONE_STARTED = declare("zones.zone_started", N_("协作区启动"), attributes={"mode": Code()})
UNIT_JOINED = declare("zones.unit_joined", N_("参建单位加入"), attributes={"role": Code()})
UNIT_LEFT = declare("zones.unit_left", N_("参建单位退出"), attributes={"role": Code()})
SHUT_DOWN_PLANNED = declare("zones.shut_down_planned", N_("安排停工"), attributes={"from_on": Day(), "until_on": Day()})
SHUT_DOWN_LIFTED = declare("zones.shut_down_lifted", N_("提前复工"), attributes={"until_on": Day()})
