"""Who may see, set up, approve, run and judge a carrier; who may call up a team, command it and verify what it did."""

from __future__ import annotations

from ronghe.domain.carriers.enums import HEADS, TeamState
from ronghe.domain.carriers.rules.reaches import Called, InCarrier, NotInCarrier, NotOnSite, OfTeam, Published
from ronghe.domain.items.rules import NotBy
from ronghe.domain.org.enums import PostRole
from ronghe.domain.org.rules import LEADERS, MASS_LEADERS, TEAM, WATCHERS
from ronghe.domain.org.rules.reaches import ByBody, InBodyOf, Own
from ronghe.kernel.access.permissions import Grant, Permission

DECIDERS = frozenset({PostRole.COMMITTEE_CLERK, PostRole.SECRETARY, PostRole.DEPUTY_SECRETARY, PostRole.ZONE_LEAD})
MANAGERS = DECIDERS | {PostRole.ORG_MEMBER, PostRole.GROUP_LEADER}
CALLERS = DECIDERS | {PostRole.HSE_OFFICER, PostRole.PROJECT_MANAGER}
"""Who may call up the teams of a body besides their captains."""

SEE_CARRIER = Permission(
    "carriers.see_carrier",
    Grant(LEADERS | WATCHERS | TEAM | MASS_LEADERS | CALLERS, ByBody("body_id")),
    Grant((), InBodyOf("body_id")),
    Grant((), InBodyOf("zone__body_id")),
    Grant((), Own("proposed_by_id")),
    Grant((), InCarrier()),
    Grant((), Published()),
)
PROPOSE = Permission("carriers.propose", Grant(LEADERS | TEAM | MASS_LEADERS, ByBody("pk")), Grant((), InBodyOf("pk")))
"""Asked of the body: everybody in it may propose one."""
AMEND = Permission("carriers.amend", Grant(MANAGERS, ByBody("body_id")), Grant((), Own("proposed_by_id")))
"""Words, people and promises while it is proposed; and withdraw it."""
DECIDE = Permission("carriers.decide", Grant(DECIDERS, NotBy(ByBody("body_id"), ("proposed_by_id", "lead_id"))))
"""Approve or return: never one's own proposal, never what one leads."""
MANAGE = Permission("carriers.manage", Grant(MANAGERS, ByBody("body_id")), Grant((), InCarrier(parts=HEADS)))
"""People and results of an active one."""
REVIEW = Permission("carriers.review", Grant(DECIDERS | WATCHERS, NotInCarrier(ByBody("body_id"))))
END = Permission("carriers.end", Grant(DECIDERS, NotBy(ByBody("body_id"), ("lead_id",))))
"""Renew or end, and change what was approved."""

CALL_UP = Permission(
    "carriers.call_up",
    Grant(CALLERS, ByBody("body_id")),
    Grant(CALLERS, ByBody("zone__body_id")),
    Grant((), InCarrier(parts=HEADS)),
)
"""Asked of the team."""
_EITHER = frozenset({TeamState.CALLED, TeamState.ASKED})
SEE_CALL = Permission(
    "carriers.see_call",
    Grant(LEADERS | WATCHERS | TEAM | CALLERS, ByBody("body_id")),
    Grant(CALLERS, ByBody("zone__body_id")),
    Grant((), Own("called_by_id")),
    Grant((), Own("commander_id")),
    Grant((), Called()),
    Grant(CALLERS, OfTeam(ByBody("carrier__body_id"), _EITHER)),
    Grant((), OfTeam(InCarrier("carrier_id", HEADS), _EITHER)),
)
COMMAND = Permission(
    "carriers.command",
    Grant(CALLERS, ByBody("body_id")),
    Grant(CALLERS, ByBody("zone__body_id")),
    Grant((), Own("called_by_id")),
    Grant((), Own("commander_id")),
    Grant((), OfTeam(InCarrier("carrier_id", HEADS))),
)
"""Teams, shifts, needs, standing down."""
TAKE_PART = Permission("carriers.take_part", *COMMAND.grants, Grant((), Called()))
"""Write the log, say what is needed, sign a hand-over."""
ANSWER_CALL = Permission(
    "carriers.answer_call",
    Grant((), Own("person_id")),
    Grant(CALLERS, ByBody("call__body_id")),
    Grant(CALLERS, ByBody("team__carrier__body_id")),
    Grant((), Own("call__called_by_id")),
    Grant((), Own("call__commander_id")),
    Grant((), InCarrier("team__carrier_id", HEADS)),
)
"""Asked of one person on the roster: the own answer, or another's where somebody leads the person here."""
SEND_TEAM = Permission(
    "carriers.send_team",
    Grant(CALLERS, ByBody("carrier__body_id")),
    Grant((), InCarrier("carrier_id", HEADS)),
)
"""Asked of a team in a call-up: whether it goes where its help was asked for."""
VERIFY_CALL = Permission(
    "carriers.verify_call",
    Grant(CALLERS | WATCHERS, NotOnSite(NotBy(ByBody("body_id"), ("commander_id", "ended_by_id", "called_by_id")))),
)
"""Never by who called, commanded, reported, or was on site."""
