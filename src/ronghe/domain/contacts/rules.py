"""What each kind of contact asks for, and who may see, set up and hand over contact points."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ronghe.domain.contacts.enums import Cadence, ContactKind
from ronghe.domain.org.enums import BodyTree, PostRole
from ronghe.domain.org.rules import LEADERS, MASS_LEADERS, TEAM, WATCHERS
from ronghe.domain.org.rules.reaches import ByBody, ByUnit, InBodyOf, Own
from ronghe.kernel.access.permissions import Grant, Permission
from ronghe.kernel.words import N_

SEE_CONTACT = Permission(
    "contacts.see_contact",
    Grant(LEADERS | WATCHERS | TEAM | MASS_LEADERS, ByBody("body_id")),
    Grant(LEADERS | WATCHERS | TEAM | MASS_LEADERS, ByBody("to_body_id")),
    Grant(LEADERS | TEAM, ByUnit("to_unit_id")),
    Grant((), InBodyOf("to_body_id")),
    Grant((), Own("holder_id")),
    Grant((), Own("to_person_id")),
)
SET_CONTACT = Permission("contacts.set_contact", Grant({PostRole.COMMITTEE_CLERK, PostRole.SECRETARY}, ByBody("pk")))
"""Asked of the body that sets the contact up: of Party bodies."""
SET_CARE = Permission(
    "contacts.set_care",
    Grant(
        {
            PostRole.COMMITTEE_CLERK,
            PostRole.SECRETARY,
            PostRole.UNION_CHAIR,
            PostRole.UNION_DEPUTY,
            PostRole.WOMEN_OFFICER,
        },
        ByBody("pk"),
    ),
)
"""Asked of the body that sets the contact up: of the union's bodies."""

COMMITTEE_POSTS = frozenset(
    {
        PostRole.SECRETARY,
        PostRole.DEPUTY_SECRETARY,
        PostRole.ORG_MEMBER,
        PostRole.PUBLICITY_MEMBER,
        PostRole.DISCIPLINE_MEMBER,
        PostRole.COMMITTEE_MEMBER,
    }
)
MANAGING_POSTS = frozenset({PostRole.PROJECT_MANAGER, PostRole.HSE_OFFICER, PostRole.ZONE_LEAD})
UNION_POSTS = frozenset(
    {
        PostRole.UNION_CHAIR,
        PostRole.UNION_DEPUTY,
        PostRole.UNION_MEMBER,
        PostRole.WOMEN_OFFICER,
        PostRole.UNION_GROUP_LEADER,
    }
)


@dataclass(frozen=True, slots=True)
class Question:
    """One thing that a visit looks at. `code` goes into records, `text` is Chinese source text."""

    code: str
    text: str


@dataclass(frozen=True, slots=True)
class KindOfContact:
    """Everything in which one kind differs from another."""

    holders: frozenset[PostRole]
    """Posts, one of which the holder has on the first day."""
    tree: BodyTree
    """In which tree the body stands that sets it up."""
    cadence: Cadence
    """How often, unless told otherwise."""
    questions: tuple[Question, ...]
    permission: Permission
    """Who sets it up, asked of the body."""
    is_sealed: bool = False
    """What was said stays between visitor and union officers; everybody else learns that the visit was held."""


KINDS: Mapping[ContactKind, KindOfContact] = {
    ContactKind.FIXED_POINT: KindOfContact(
        holders=COMMITTEE_POSTS,
        tree=BodyTree.PARTY,
        cadence=Cadence.QUARTER,
        questions=(
            Question("party_life", N_("组织生活正常开展")),
            Question("production", N_("生产任务推进顺利")),
            Question("team", N_("班子和队伍稳定")),
            Question("people", N_("职工诉求有人管")),
        ),
        permission=SET_CONTACT,
    ),
    ContactKind.SAFETY: KindOfContact(
        holders=COMMITTEE_POSTS | MANAGING_POSTS,
        tree=BodyTree.PARTY,
        cadence=Cadence.MONTH,
        questions=(
            Question("toolbox_talk", N_("班前会讲清当天风险")),
            Question("permits", N_("作业票证齐全、措施落实")),
            Question("hazards", N_("上次隐患已整改")),
            Question("emergency", N_("应急物资和预案到位")),
        ),
        permission=SET_CONTACT,
    ),
    ContactKind.CARE: KindOfContact(
        holders=UNION_POSTS | COMMITTEE_POSTS,
        tree=BodyTree.UNION,
        cadence=Cadence.QUARTER,
        questions=(
            Question("health", N_("身体和情绪稳定")),
            Question("family", N_("家庭没有突出困难")),
            Question("work", N_("工作和倒班安排合适")),
        ),
        permission=SET_CARE,
        is_sealed=True,
    ),
}
