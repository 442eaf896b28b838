"""What the playbooks' room records. `playbook` is `id@version`. Drafts are no facts: nobody works by one."""

from __future__ import annotations

from ronghe.kernel.facts.kinds import Code, Day, Whole, choice, declare
from ronghe.kernel.words import N_

PLAYBOOK_ADOPTED = declare("zones.adopted_playbook", N_("采用范本"), attributes={"playbook": Code(), "from_on": Day()})
ADOPTION_ENDED = declare("zones.ended_playbook", N_("停用范本"), attributes={"playbook": Code(), "until_on": Day()})
VERSION_PUT_FORWARD = declare("playbooks.version_put_forward", N_("定为版本"), attributes={"playbook": Code()})
DOCUMENT_REGISTERED = declare(
    "playbooks.document_registered",
    N_("登记文件新版本"),
    attributes={"document": Code(), "effective_from": Day(), "mechanisms": Whole()},
)
MECHANISM_CHECKED = declare(
    "playbooks.mechanism_checked",
    N_("核对制度"),
    attributes={
        "playbook": Code(),
        "mechanism": Code(),
        "outcome": choice("open", "checked", "to_change"),
    },
)
