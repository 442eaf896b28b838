"""Who may see and change the organization."""

from __future__ import annotations

from ronghe.domain.org.enums import PostRole
from ronghe.domain.org.rules.reaches import Administrating, Belonging, ByBody, ByUnit, InBodyOf, Own, UnitOfMyBody
from ronghe.kernel.access.models import Administrator
from ronghe.kernel.access.permissions import Grant, Permission

LEADERS = frozenset({PostRole.COMMITTEE_CLERK, PostRole.SECRETARY, PostRole.DEPUTY_SECRETARY, PostRole.ORG_MEMBER})
WATCHERS = frozenset({PostRole.AUDITOR, PostRole.DISCIPLINE_MEMBER})
TEAM = frozenset({PostRole.GROUP_LEADER, PostRole.TEAM_LEADER, PostRole.ZONE_LEAD})

MASS_LEADERS = frozenset(
    {PostRole.UNION_CHAIR, PostRole.UNION_DEPUTY, PostRole.WOMEN_OFFICER, PostRole.LEAGUE_SECRETARY,
     PostRole.LEAGUE_DEPUTY, PostRole.YOUTH_OFFICER}
)  # fmt: skip
"""Who leads in union and league; their posts are held in bodies of those trees, and reach no further."""

SEE_PARTY_ORG = Permission(
    "org.see_party_org", Grant(LEADERS | WATCHERS | TEAM | MASS_LEADERS, ByBody("pk")), Grant((), InBodyOf("pk"))
)
SEE_UNIT = Permission(
    "org.see_unit", Grant(LEADERS | WATCHERS | TEAM, ByUnit("pk")), Grant(LEADERS | WATCHERS | TEAM, UnitOfMyBody())
)
SEE_PERSON = Permission(
    "org.see_person",
    Grant(LEADERS | WATCHERS | TEAM, ByUnit()),
    Grant(LEADERS | WATCHERS, UnitOfMyBody("unit_id")),
    Grant(LEADERS | WATCHERS | TEAM | MASS_LEADERS, Belonging()),
    Grant((), Own("pk")),
)
OPEN_ACCOUNT = Permission("org.open_account", Grant({Administrator.SYSTEM}, Administrating()))
UNLOCK_ACCOUNT = Permission("org.unlock_account", Grant({Administrator.SECURITY}, Administrating()))
VERIFY_FACTS = Permission("org.verify_facts", Grant({Administrator.AUDIT}, Administrating()))
IMPORT_ROSTER = Permission("org.import_roster", Grant(LEADERS, ByBody("pk")))
CHANGE_TREE = Permission("org.change_tree", Grant({PostRole.COMMITTEE_CLERK, PostRole.SECRETARY}, ByBody("pk")))
APPOINT = Permission(
    "org.appoint",
    Grant({PostRole.COMMITTEE_CLERK}, ByBody("pk")),
)
"""Asked of the body. Posts carry rights, so nobody below the committee's office gives one, by hand or by roster."""
NAME_GROUP_LEADER = Permission(
    "org.name_group_leader",
    Grant({PostRole.COMMITTEE_CLERK, PostRole.SECRETARY, PostRole.DEPUTY_SECRETARY}, ByBody("pk")),
)
"""Asked of a group: the one post that a branch gives itself (PO-09)."""
CHANGE_UNITS = Permission("org.change_units", Grant({PostRole.COMMITTEE_CLERK}, UnitOfMyBody()))
"""Asked of the unit below which another one is set up."""
APPOINT_IN_UNIT = Permission("org.appoint_in_unit", Grant({PostRole.COMMITTEE_CLERK}, UnitOfMyBody()))
"""Asked of the unit."""
ENROL = Permission("org.enrol", Grant(LEADERS | MASS_LEADERS | {PostRole.ZONE_LEAD}, ByBody("pk")))
"""Asked of the body that somebody joins or leaves."""
SEE_IDENTITY = Permission(
    "org.see_identity",
    Grant(LEADERS, ByUnit()),
    Grant(LEADERS, UnitOfMyBody("unit_id")),
    Grant(LEADERS, Belonging()),
    Grant((), Own("pk")),
)
"""Identity numbers are a compartment of their own: each look is recorded, and no administrator is among these roles."""
CHANGE_STATUS = Permission(
    "org.change_status", Grant(LEADERS, Belonging(at_home=True)), Grant(LEADERS, UnitOfMyBody("unit_id"))
)
"""Asked of the person whose political status changes: the home's leaders, and those of the body of the person's unit."""
SEE_VOTING_BARS = Permission("org.see_voting_bars", Grant(LEADERS, Belonging(at_home=True)))
"""Asked of the person. Why somebody has no vote is nobody else's business (PE-08); who sees it also sets and ends it."""
