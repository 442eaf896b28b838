"""What the playbooks' room records. `playbook` is `id@version`."""

from __future__ import annotations

from ronghe.kernel.facts.kinds import Code, Day, declare
from ronghe.kernel.words import N_

PLAYBOOK_ADOPTED = declare("zones.adopted_playbook", N_("采用范本"), attributes={"playbook": Code(), "from_on": Day()})
ADOPTION_ENDED = declare("zones.ended_playbook", N_("停用范本"), attributes={"playbook": Code(), "until_on": Day()})
