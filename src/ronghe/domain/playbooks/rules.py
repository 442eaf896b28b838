"""Who may see what a body works by, who decides it, and who writes a unit's own playbook."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q

from ronghe.domain.org.enums import PostRole
from ronghe.domain.org.models import Person
from ronghe.domain.org.rules import LEADERS, TEAM, WATCHERS
from ronghe.domain.org.rules.reaches import ByBody, InBodyOf, local_day, standing_of
from ronghe.kernel.access.permissions import Grant, Permission

DECIDERS = frozenset({PostRole.COMMITTEE_CLERK, PostRole.SECRETARY, PostRole.ZONE_LEAD})
WRITERS = frozenset({PostRole.COMMITTEE_CLERK, PostRole.SECRETARY})


@dataclass(frozen=True, slots=True)
class Standing:
    """The actor holds a post or belongs to a body: what all of the field may read. Roles do not matter."""

    def holds(self, actor: Person, roles: frozenset[str], thing: Any, at: datetime) -> bool:  # noqa: ARG002
        standing = standing_of(actor, local_day(at))
        return bool(standing.posts or standing.bodies)

    def rows(self, actor: Person, roles: frozenset[str], at: datetime, *, walk: bool) -> Q | None:  # noqa: ARG002
        return ~Q(pk=None) if self.holds(actor, roles, None, at) else None


SEE_ADOPTION = Permission(
    "playbooks.see_adoption", Grant(LEADERS | WATCHERS | TEAM, ByBody("body_id")), Grant((), InBodyOf("body_id"))
)
ADOPT_PLAYBOOK = Permission("playbooks.adopt_playbook", Grant(DECIDERS, ByBody("pk")))
"""Asked of the body that adopts."""
END_ADOPTION = Permission("playbooks.end_adoption", Grant(DECIDERS, ByBody("body_id")))

SEE_PLAYBOOK = Permission("playbooks.see_playbook", Grant((), Standing()))
"""A version that was put forward is open to the field: a model is there to be taken up."""
WRITE_PLAYBOOK = Permission("playbooks.write_playbook", Grant(WRITERS, ByBody("pk")))
"""Asked of the body whose own playbook it becomes."""
EDIT_DRAFT = Permission("playbooks.edit_draft", Grant(WRITERS, ByBody("body_id")))
"""To see a draft is to write it."""

SEE_DOCUMENT = Permission("playbooks.see_document", Grant((), Standing()))
REGISTER_DOCUMENT = Permission("playbooks.register_document", Grant({PostRole.COMMITTEE_CLERK}, ByBody("pk")))
"""Asked of the committee whose office took note of the document."""
CHECK_MECHANISM = Permission("playbooks.check_mechanism", Grant(WRITERS, ByBody("document__body_id")))
