"""Who may hold a key on a phone, end one, and decide what becomes of an act that was not taken."""

from __future__ import annotations

from ronghe.domain.org.rules.reaches import Administrating, Own
from ronghe.kernel.access.models import Administrator
from ronghe.kernel.access.permissions import Grant, Permission

REGISTER_DEVICE = Permission("offline.register_device", Grant((), Own("pk")))
"""Asked of the person; an administrator's account signs nothing in the field (SE-08), see `devices.register_device`."""
SEE_DEVICE = Permission(
    "offline.see_device",
    Grant((), Own("person_id")),
    Grant({Administrator.SECURITY}, Administrating()),
)
REVOKE_DEVICE = Permission(
    "offline.revoke_device",
    Grant((), Own("person_id")),
    Grant({Administrator.SECURITY}, Administrating()),
)
"""A lost phone is stopped by its owner, or by the security administrator where the owner cannot log in."""
SEE_ACT = Permission("offline.see_act", Grant((), Own("person_id")))
SETTLE_ACT = Permission("offline.settle_act", Grant((), Own("person_id")))
"""Report again, join, choose, void: nobody decides for the author."""
