"""The permissions. When a step may be taken is said by the flow, and what it lacks by `calc.standing`."""

from __future__ import annotations

from ronghe.domain.org.enums import PostRole
from ronghe.domain.org.rules import LEADERS, TEAM, WATCHERS
from ronghe.domain.org.rules.reaches import ByBody, InBodyOf, Own
from ronghe.domain.permits.enums import PartRole
from ronghe.domain.permits.rules.reaches import AtSite, OnPermit, ToTakeOver
from ronghe.kernel.access.permissions import Grant, Permission

SAFETY = frozenset({PostRole.HSE_OFFICER, PostRole.PROJECT_MANAGER, PostRole.ZONE_LEAD})
KEEPERS = SAFETY | {PostRole.COMMITTEE_CLERK, PostRole.SECRETARY, PostRole.DEPUTY_SECRETARY}
GIVING = frozenset({PartRole.JOB_LEADER, PartRole.GUARDIAN})

SEE_SITE = Permission(
    "permits.see_site",
    Grant(LEADERS | WATCHERS | TEAM | SAFETY, ByBody("body_id")),
    Grant((), InBodyOf("body_id")),
    Grant((), AtSite("pk")),
)
KEEP_SITE = Permission("permits.keep_site", Grant(KEEPERS, ByBody("body_id")))
"""Offices, own numbers, the old baseline, the code on the gate."""
MAKE_SITE = Permission("permits.make_site", Grant(KEEPERS, ByBody("pk")))
"""Asked of the body."""
REQUEST_PERMIT = Permission(
    "permits.request_permit",
    Grant(LEADERS | TEAM | SAFETY, ByBody("body_id")),
    Grant((), InBodyOf("body_id")),
    Grant((), AtSite("pk")),
)
"""Asked of the site: everybody who works in it, contractors that take part in its zone among them."""
WATCH_SITE = Permission(
    "permits.watch_site",
    Grant(TEAM | SAFETY, ByBody("body_id")),
    Grant((), AtSite("pk")),
)
"""Read the wind, raise and clear an alarm, say what else goes on."""

SEE_PERMIT = Permission(
    "permits.see_permit",
    Grant(LEADERS | WATCHERS | TEAM | SAFETY, ByBody("site__body_id")),
    Grant((), InBodyOf("site__body_id")),
    Grant((), AtSite()),
    Grant((), Own("applicant_id")),
    Grant((), OnPermit()),
    Grant((), ToTakeOver()),
)
"""What goes on beside one's work is everybody's business who works there."""
EDIT_PERMIT = Permission(
    "permits.edit_permit", Grant((), Own("applicant_id")), Grant((), OnPermit({PartRole.JOB_LEADER}))
)
"""Fill in, change, submit, cancel."""
SIGN_PERMIT = Permission("permits.sign_permit", Grant((), AtSite()), Grant((), OnPermit()))
"""As what somebody signs is looked at for each signature; nobody signs for somebody else."""
LEAD_PERMIT = Permission("permits.lead_permit", Grant((), OnPermit(GIVING)))
"""Start, see to measures, stop, go on, finish, hand over."""
TEST_GAS = Permission(
    "permits.test_gas", Grant((), OnPermit({PartRole.GAS_TESTER})), Grant((), AtSite(offices={"gas_tester"}))
)
STOP_PERMIT = Permission("permits.stop_permit", *SEE_PERMIT.grants)
"""Whoever sees danger stops the work; going on is asked of those who lead it."""
REJECT_PERMIT = Permission("permits.reject_permit", Grant(SAFETY, ByBody("site__body_id")), Grant((), AtSite()))
