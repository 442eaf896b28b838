"""A branch that works by the shipped member points: 罗一鸣 applies, 何春 leads the group, 折静 and 高远 decide."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from ronghe.domain.items.models import WorkItem
from ronghe.domain.items.services.steps import Said, take_step
from ronghe.domain.merits.services.applying import Application, apply_for
from ronghe.domain.org.enums import PartyOrgKind, PostRole
from ronghe.domain.org.models import Membership, PartyOrg, Person
from ronghe.domain.playbooks.calc.shipped import shipped_playbook
from ronghe.domain.playbooks.services import adopt_playbook
from tests.factories.org import make_body, make_person, make_post
from tests.factories.rhythm import photo


@dataclass
class MeritStory:
    committee: PartyOrg
    branch: PartyOrg
    group: PartyOrg
    member: Person
    group_leader: Person
    org_member: Person
    secretary: Person
    clerk: Person
    other: Person
    """Another member of the branch."""
    stranger: Person
    """Secretary of another branch."""


def make_merits(at: datetime, *, adopts: bool = True) -> MeritStory:
    committee = make_body("采油一厂党委", kind=PartyOrgKind.COMMITTEE)
    branch = make_body("南一联合站党支部", parent=committee)
    group = make_body("南一第一党小组", parent=branch, kind=PartyOrgKind.PARTY_GROUP)
    elsewhere = make_body("北二采油队党支部", parent=committee)
    story = MeritStory(
        committee, branch, group,
        member=make_person("罗一鸣", home=branch), group_leader=make_person("何春", home=branch),
        org_member=make_person("折静", home=branch), secretary=make_person("高远", home=branch),
        clerk=make_person("沈清"), other=make_person("李江", home=branch),
        stranger=make_person("拓晓红", home=elsewhere),
    )  # fmt: skip
    Membership.objects.filter(person=story.member).update(group=group)
    make_post(story.group_leader, PostRole.GROUP_LEADER, body=group)
    make_post(story.org_member, PostRole.ORG_MEMBER, body=branch)
    make_post(story.secretary, PostRole.SECRETARY, body=branch)
    make_post(story.clerk, PostRole.COMMITTEE_CLERK, body=committee)
    make_post(story.stranger, PostRole.SECRETARY, body=elsewhere)
    if adopts:
        playbook = shipped_playbook("member_points")
        assert playbook is not None
        adopt_playbook(body=branch, playbook=playbook, since=date(2026, 1, 1), actor=None, at=at)
    return story


def applied(story: MeritStory, at: datetime, *, reward: str = "innovation", **more: Any) -> WorkItem:
    given = Application(reward, more.pop("title", "卡具改进"), more.pop("done_on", at.date()), **more)
    uploads = () if given.record is not None else (photo(),)
    return apply_for(member=story.member, given=given, actor=story.member, at=at, uploads=uploads)


def on_notice(story: MeritStory, at: datetime, **more: Any) -> WorkItem:
    item = applied(story, at, **more)
    for step, actor in (("check", story.group_leader), ("review", story.org_member), ("approve", story.secretary)):
        item = take_step(item=item, step=step, actor=actor, at=at, said=Said())
    return item
