"""Who may see and keep what people are qualified for; health is a compartment of its own."""

from __future__ import annotations

from ronghe.domain.org.enums import PostRole
from ronghe.domain.org.rules import LEADERS, TEAM, WATCHERS
from ronghe.domain.org.rules.reaches import Belonging, ByUnit, Own, UnitOfMyBody
from ronghe.kernel.access.permissions import Grant, Permission

SAFETY = frozenset({PostRole.HSE_OFFICER})
KEEPERS = SAFETY | {PostRole.PROJECT_MANAGER, PostRole.COMMITTEE_CLERK}
SEERS = LEADERS | WATCHERS | TEAM | KEEPERS

SEE_RECORD = Permission(
    "qualifications.see_record",
    Grant(SEERS, ByUnit()),
    Grant(LEADERS | WATCHERS | KEEPERS, UnitOfMyBody("unit_id")),
    Grant(SEERS, Belonging()),
    Grant((), Own("pk")),
)
"""Asked of the person."""
SEE_CERTIFICATE = Permission(
    "qualifications.see_certificate",
    Grant(SEERS, ByUnit("person__unit_id")),
    Grant(LEADERS | WATCHERS | KEEPERS, UnitOfMyBody("person__unit_id")),
    Grant(SEERS, Belonging("person_id")),
    Grant((), Own("person_id")),
)
KEEP_RECORD = Permission(
    "qualifications.keep_record",
    Grant(KEEPERS, ByUnit()),
    Grant(KEEPERS, UnitOfMyBody("unit_id")),
    Grant(KEEPERS, Belonging()),
)
"""Asked of the person: enter certificates, reviews, lessons, breaks and violations."""
KEEP_CERTIFICATE = Permission(
    "qualifications.keep_certificate",
    Grant(KEEPERS, ByUnit("person__unit_id")),
    Grant(KEEPERS, UnitOfMyBody("person__unit_id")),
    Grant(KEEPERS, Belonging("person_id")),
)
KEEP_HEALTH = Permission(
    "qualifications.keep_health",
    Grant(SAFETY, ByUnit()),
    Grant(SAFETY, UnitOfMyBody("unit_id")),
    Grant(SAFETY, Belonging()),
)
"""Asked of the person. Safety officers alone: each look is recorded (PI-01), and what permits learn is that there is a bar."""
OPEN_HEALTH = Permission(
    "qualifications.open_health",
    Grant(SAFETY, ByUnit()),
    Grant(SAFETY, UnitOfMyBody("unit_id")),
    Grant(SAFETY, Belonging()),
    Grant((), Own("pk")),
)
