"""Who may do what here: 党员."""

from __future__ import annotations

from ronghe.domain.org.enums import PostRole
from ronghe.domain.org.rules import LEADERS
from ronghe.domain.org.rules.reaches import Belonging, ByBody, ByUnit, Own, UnitOfMyBody
from ronghe.kernel.access.permissions import Grant, Permission

KEEP_SKILLS = Permission(
    "members.keep_skills",
    Grant(LEADERS, Belonging(at_home=True)),
    Grant(LEADERS, UnitOfMyBody("unit_id")),
    Grant({PostRole.TEAM_LEADER}, ByUnit()),
)
"""Asked of the person whose trade is entered or confirmed."""
CLAIM_SKILL = Permission("members.claim_skill", Grant((), Own("pk")))
"""Asked of the person, who claims for nobody else."""
KEEP_MENTORS = Permission(
    "members.keep_mentors",
    Grant(LEADERS, Belonging(at_home=True)),
    Grant(LEADERS, UnitOfMyBody("unit_id")),
    Grant({PostRole.TEAM_LEADER}, ByUnit()),
)
"""Asked of the apprentice."""
KEEP_BROAD_NAMES = Permission("members.keep_broad_names", Grant(LEADERS, UnitOfMyBody()))
"""Asked of the unit that keeps the table."""
ASK_CORRECTION = Permission("members.ask_correction", Grant((), Own("pk")))
"""Asked of the person whose record it is."""
SEE_CORRECTION = Permission("members.see_correction", Grant(LEADERS, ByBody("body_id")), Grant((), Own("person_id")))
DECIDE_CORRECTION = Permission("members.decide_correction", Grant(LEADERS, ByBody("body_id")))
SHOW_CARD = Permission("members.show_card", Grant((), Own("pk")))
"""Asked of the person: nobody consents for another (PI-01)."""
