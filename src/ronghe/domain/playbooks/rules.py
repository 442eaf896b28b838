"""Who may see what a body works by, and who decides it."""

from __future__ import annotations

from ronghe.domain.org.enums import PostRole
from ronghe.domain.org.rules import LEADERS, TEAM, WATCHERS
from ronghe.domain.org.rules.reaches import ByBody, InBodyOf
from ronghe.kernel.access.permissions import Grant, Permission

DECIDERS = frozenset({PostRole.COMMITTEE_CLERK, PostRole.SECRETARY, PostRole.ZONE_LEAD})

SEE_ADOPTION = Permission(
    "playbooks.see_adoption", Grant(LEADERS | WATCHERS | TEAM, ByBody("body_id")), Grant((), InBodyOf("body_id"))
)
ADOPT_PLAYBOOK = Permission("playbooks.adopt_playbook", Grant(DECIDERS, ByBody("pk")))
"""Asked of the body that adopts."""
END_ADOPTION = Permission("playbooks.end_adoption", Grant(DECIDERS, ByBody("body_id")))
