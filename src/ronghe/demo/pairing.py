"""Two pairs of group and team: one whose leader uses the powers, one whose two leaders are not the same person."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from ronghe.demo.history import at
from ronghe.demo.organization import Field
from ronghe.domain.org.enums import MembershipKind, PartyOrgKind, PoliticalStatus, PostRole, UnitKind
from ronghe.domain.org.models import AdminUnit, Membership, PartyOrg, Person
from ronghe.domain.org.services.people import move_in_group, take_post
from ronghe.domain.org.services.trees import create_party_org, create_unit
from ronghe.domain.pairing.models import GroupTeamLink
from ronghe.domain.pairing.services.pairs import appoint_leader, link_pair, propose_leader
from ronghe.domain.pairing.services.powers import adopt_use, grant_power, use_power

MINE = "第一采油厂第三油矿"
"""Its branch has members enough for two groups; the zone lead (xiequ) leads the first, the secretary (shuji) adopts."""
POWERS = ("attendance", "daily_assignment", "bonus_proposal", "honour_proposal")


def show_pairing(field: Field, since: date, now: datetime) -> None:
    """Build the mine's groups on its teams, appoint, grant, and use for some days."""
    before = at(since, 8, 0)
    branch = PartyOrg.objects.get(name=f"{MINE}党支部")
    members = list(Membership.objects.filter(body=branch, kind=MembershipKind.HOME, valid_until=None).order_by("pk"))
    members.sort(key=lambda row: (row.person_id != field.lead.pk, row.person.posts.exists(), row.pk))
    full = [row for row in members if row.person.political_status == PoliticalStatus.FULL_MEMBER]
    half = len(members) // 2
    first = _pair(field, branch, "第一党小组", "采油一班", members[:half], since, before)
    second = _pair(field, branch, "第二党小组", "采油二班", members[half:], since, before)
    leader = full[0].person
    appoint_leader(link=first, person=leader, since=since, actor=field.clerk, at=before)
    inside = next(row.person for row in full if row in members[half:])
    foreman = Person.objects.filter(unit=second.team, political_status=PoliticalStatus.MASSES).order_by("pk")[0]
    take_post(person=inside, role=PostRole.GROUP_LEADER, body=second.group, since=since, actor=field.clerk, at=before)
    take_post(person=foreman, role=PostRole.TEAM_LEADER, unit=second.team, since=since, actor=field.clerk, at=before)
    propose_leader(link=second, person=inside, actor=field.clerk, at=now)
    _use(field, first, leader, [row.person for row in members[1:half]], since, now)


def _pair(
    field: Field, branch: PartyOrg, group_name: str, team_name: str, members: list[Membership], since: date, at_: datetime
) -> GroupTeamLink:  # fmt: skip
    unit = AdminUnit.objects.get(name=MINE)
    team = create_unit(name=team_name, kind=UnitKind.TEAM, parent=unit, since=since, actor=None, at=at_)
    group = create_party_org(
        name=group_name, kind=PartyOrgKind.PARTY_GROUP, parent=branch, since=since, actor=None, at=at_
    )
    crew = Person.objects.filter(unit=unit, political_status=PoliticalStatus.MASSES).order_by("pk")[:4]
    Person.objects.filter(pk__in=[*(row.person_id for row in members), *(one.pk for one in crew)]).update(unit=team)
    for membership in members:
        move_in_group(membership=membership, group=group, since=since, actor=field.clerk, at=at_)
    return link_pair(group=group, team=team, since=since, actor=field.clerk, at=at_)


def _use(
    field: Field, link: GroupTeamLink, leader: Person, mates: list[Person], since: date, now: datetime
) -> None:  # fmt: skip
    granted = {
        power: grant_power(
            link=link, power=power, since=since, until=None, document="支委会决定〔2026〕9号", actor=field.clerk,
            at=at(since, 9, 0),
        )
        for power in POWERS
    }  # fmt: skip
    for days in (3, 2, 1):
        day = now.date() - timedelta(days=days)
        absent = mates[:1] if days == 2 else []
        use_power(power=granted["attendance"], day=day, actor=leader, at=at(day, 7, 50), people=absent)
    yesterday = now.date() - timedelta(days=1)
    use_power(
        power=granted["daily_assignment"], day=yesterday, actor=leader, at=at(yesterday, 8, 5), people=mates[:2],
        text="南侧集油管线动火点警戒，配合焊口试压",
    )  # fmt: skip
    praised = use_power(
        power=granted["honour_proposal"], day=yesterday, actor=leader, at=at(yesterday, 17, 30), people=mates[:1],
        text="发现并处理两处管线渗漏，推荐为季度安全之星",
    )  # fmt: skip
    use_power(
        power=granted["bonus_proposal"], day=yesterday, actor=leader, at=at(yesterday, 17, 40), people=mates[:2],
        text="停产对接期间值守两夜，建议当月奖金上浮一档",
    )  # fmt: skip
    secretary = Person.objects.filter(
        posts__role=PostRole.SECRETARY, posts__body=link.group.parent, posts__valid_until=None
    ).order_by("pk")[0]
    adopt_use(use=praised, actor=secretary, at=now)
