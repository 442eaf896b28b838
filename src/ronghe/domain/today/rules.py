"""Who sees how much lies on whom: whoever leads them, and everybody their own. Nobody is ranked in public."""

from __future__ import annotations

from datetime import datetime

from ronghe.domain.org.enums import PostRole
from ronghe.domain.org.models import Person
from ronghe.domain.org.rules import LEADERS, MASS_LEADERS
from ronghe.domain.org.rules.reaches import Belonging, ByUnit, Own, UnitOfMyBody, local_day, posts_of
from ronghe.kernel.access.permissions import Grant, Permission

SEE_LOAD = Permission(
    "today.see_load",
    Grant((), Own("pk")),
    Grant(LEADERS | MASS_LEADERS | {PostRole.ZONE_LEAD, PostRole.GROUP_LEADER}, Belonging()),
    Grant(LEADERS | {PostRole.TEAM_LEADER}, ByUnit("unit_id")),
    Grant(LEADERS, UnitOfMyBody("unit_id")),
)
"""Asked of the person on whom it lies."""


def may_see_loads(actor: Person, at: datetime) -> bool:
    """Tell whether `actor` leads anybody at all: the posts that were read already say it."""
    return any(post.role in grant.roles for post in posts_of(actor, local_day(at)) for grant in SEE_LOAD.grants)
