"""What the contact points record. No names: who is a token, where is a body or a unit."""

from __future__ import annotations

from ronghe.kernel.facts.kinds import Code, Flag, declare
from ronghe.kernel.words import N_

CONTACT_SET = declare(
    "contacts.contact_set",
    N_("设立联系点"),
    attributes={"contact": Code(), "target": Code(), "cadence": Code(), "is_handover": Flag()},
)
CONTACT_ENDED = declare(
    "contacts.contact_ended", N_("结束联系点"), attributes={"contact": Code(), "is_handover": Flag()}
)
MASS_ENROLLED = declare(
    "contacts.mass_enrolled", N_("集中编入工会、团组织"), measure="person", attributes={"membership": Code()}
)
