"""项目管控: who may see, build up, check, accept, rate, review, claim and count. Whoever does never judges."""

from __future__ import annotations

from ronghe.domain.control.rules.reaches import (
    BUILDERS,
    DESIGNERS,
    OWNERS,
    SUPERVISORS,
    FromUnit,
    InPlaceOfSupervisor,
    InReview,
    InZone,
    OnSide,
)
from ronghe.domain.items.rules import NotBy
from ronghe.domain.org.enums import PostRole
from ronghe.domain.org.rules import LEADERS, TEAM, WATCHERS
from ronghe.domain.org.rules.reaches import ByBody, ByUnit, Own
from ronghe.domain.projects.rules import SEE_PROJECT
from ronghe.domain.zones.enums import ParticipantRole
from ronghe.domain.zones.rules import LeadingZone
from ronghe.kernel.access.permissions import Grant, Permission

MANAGERS = frozenset(
    {PostRole.PROJECT_MANAGER, PostRole.ZONE_LEAD, PostRole.SECRETARY, PostRole.DEPUTY_SECRETARY,
     PostRole.COMMITTEE_CLERK}
)  # fmt: skip
"""Who runs the control of a project: by a post at its body, its unit, or the zone that serves it."""
SEERS = LEADERS | WATCHERS | TEAM | {PostRole.PROJECT_MANAGER, PostRole.HSE_OFFICER}
SAFETY = frozenset({PostRole.HSE_OFFICER})
EVERY_SIDE = frozenset(ParticipantRole.values)
CHECKERS = ("self_by_id", "mutual_by_id", "special_by_id")


def _managing(path: str) -> tuple[Grant, ...]:
    """Return the grants of who runs a project's control; `path` leads to the project, "" where the thing is one."""
    start = f"{path}__" if path else ""
    return (
        Grant(MANAGERS, ByBody(f"{start}body_id")),
        Grant(MANAGERS, ByUnit(f"{start}unit_id")),
        Grant(MANAGERS, LeadingZone(f"{path}_id" if path else "pk")),
    )


SEE_CONTROL = Permission(
    "control.see_control", *SEE_PROJECT.grants, Grant(SEERS, LeadingZone("pk")), Grant((), InZone("pk"))
)
"""Asked of the project: who sees it, and whoever takes part in a zone that serves it."""
MANAGE = Permission("control.manage", *_managing(""))
"""Asked of the project."""
KEEP_STRUCTURE = Permission(
    "control.keep_structure", *_managing(""), Grant((), OnSide(BUILDERS | OWNERS, "pk", in_person=True))
)
"""Asked of the project: managers, and the contacts of builder and owner."""
KEEP_TEMPLATE = Permission("control.keep_template", Grant(MANAGERS, ByBody("pk")))
SET_RULE = Permission("control.set_rule", Grant(MANAGERS, ByBody("pk")))
"""Both asked of the body whose they are."""
CHECK = Permission("control.check", Grant((), OnSide(BUILDERS)))
"""Start, and the three checks (PJ-05): the builder's people. That each check is by another person is for the service."""
ACCEPT = Permission(
    "control.accept",
    Grant((), NotBy(OnSide(SUPERVISORS), CHECKERS)),
    Grant((), NotBy(InPlaceOfSupervisor(), CHECKERS)),
)
"""Accept, stand by, send back: the supervisor, where there is none the owner; never who checked."""
REOPEN = Permission("control.reopen", *ACCEPT.grants, *_managing("project"))
RATE = Permission(
    "control.rate",
    *(Grant(grant.roles, NotBy(grant.reach, (*CHECKERS, "accepted_by_id"))) for grant in _managing("project")),
    Grant((), NotBy(OnSide(OWNERS), (*CHECKERS, "accepted_by_id"))),
)
"""The company's rating (PJ-06): neither who checked nor who accepted."""

SUBMIT_REVIEW = Permission("control.submit_review", *_managing(""), Grant((), OnSide(DESIGNERS, "pk")))
"""Asked of the project."""
DESIGN = Permission("control.design", Grant((), Own("submitted_by_id")), Grant((), OnSide(DESIGNERS)))
"""Answer, hand in again, withdraw: who submitted it, and the designer's people."""
REVIEW = Permission("control.review", Grant((), InReview()))
ISSUE = Permission(
    "control.issue",
    *(Grant(grant.roles, NotBy(grant.reach, ("submitted_by_id",))) for grant in _managing("project")),
    Grant((), NotBy(OnSide(OWNERS), ("submitted_by_id",))),
)
ANSWER_COMMENT = Permission("control.answer_comment", Grant((), Own("owner_id")), Grant((), OnSide(DESIGNERS)))
ACCEPT_COMMENT = Permission(
    "control.accept_comment", Grant((), Own("raised_by_id")), Grant((), NotBy(InReview("source_id")))
)
"""Whoever made it, or sits in the same review: an item, whose source is the review."""

RAISE_POINT = Permission(
    "control.raise_point", *_managing(""), Grant((), OnSide(EVERY_SIDE, "pk")), Grant(SAFETY, ByBody("body_id")),
    Grant(SAFETY, LeadingZone("pk")),
)  # fmt: skip
"""Asked of the project: three checks before commissioning (PJ-09)."""
DO_POINT = Permission("control.do_point", Grant((), Own("owner_id")))
VERIFY_POINT = Permission(
    "control.verify_point",
    *(Grant(grant.roles, NotBy(grant.reach)) for grant in _managing("project")),
    Grant((), NotBy(OnSide(SUPERVISORS | OWNERS))),
    Grant(SAFETY, NotBy(LeadingZone())),
    Grant((), NotBy(Own("raised_by_id"))),
)
"""Never who put it right."""
EDIT_POINT = Permission("control.edit_point", Grant((), Own("raised_by_id")), *_managing("project"))
DECLARE_READY = Permission("control.declare_ready", *_managing(""), Grant((), OnSide(OWNERS, "pk")))

RECORD_LOSS = Permission("control.record_loss", *_managing(""), Grant((), OnSide(EVERY_SIDE, "pk")))
"""Asked of the project."""
ANSWER_LOSS = Permission(
    "control.answer_loss",
    Grant((), NotBy(FromUnit("idle_claim__answers_unit_id"), ("raised_by_id",))),
    Grant((), NotBy(Own("owner_id"), ("raised_by_id",))),
)
"""Asked of the item: the people of the unit that is to answer for it, and whom it named."""
OWN_ITEM = Permission("control.own_item", Grant((), Own("raised_by_id")))
"""Take back, or hand in again, what one raised."""
ADD_CAUSE = Permission("control.add_cause", Grant(MANAGERS, ByBody("pk")))

KEEP_APPROVAL = Permission(
    "control.keep_approval", *_managing(""), Grant((), OnSide(OWNERS | {ParticipantRole.EPC_CONTRACTOR}, "pk"))
)
"""Asked of the project."""
DO_APPROVAL = Permission("control.do_approval", Grant((), Own("owner_id")), *_managing("project"))
SEE_CONTACT = Permission("control.see_contact", Grant((), Own("owner_id")), *_managing("project"))
"""The office number of an authority: each look is recorded."""

RECORD_INCIDENT = Permission(
    "control.record_incident",
    Grant(SAFETY, ByBody("body_id")),
    Grant(SAFETY, ByUnit("unit_id")),
    Grant(SAFETY, LeadingZone("pk")),
)
"""Asked of the project."""
WITHDRAW_INCIDENT = Permission(
    "control.withdraw_incident",
    *(Grant(grant.roles | SAFETY, NotBy(grant.reach, ("recorded_by_id",))) for grant in _managing("project")),
)
RAISE_BY_HAND = Permission("control.raise_by_hand")
"""Nobody's: the items of this room are raised by its own services, whose right is asked of the project."""
