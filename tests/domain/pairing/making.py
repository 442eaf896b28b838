"""A branch with a group and a team that are to be one, its secretary, the committee's clerk, and the people of the team."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from ronghe.domain.org.enums import MembershipKind, PartyOrgKind, PoliticalStatus, PostRole, UnitKind
from ronghe.domain.org.models import AdminUnit, Membership, PartyOrg, Person
from ronghe.domain.pairing.models import GroupTeamLink, LeaderPower
from ronghe.domain.pairing.services.pairs import appoint_leader, link_pair
from ronghe.domain.pairing.services.powers import grant_power
from tests.factories.org import LONG_AGO, make_body, make_person, make_post, make_unit

NOW = datetime(2026, 9, 14, 7, 40, tzinfo=ZoneInfo("Asia/Shanghai"))
TODAY = NOW.date()
SINCE = date(2026, 9, 1)


@dataclass
class PairStory:
    committee: PartyOrg
    branch: PartyOrg
    group: PartyOrg
    team: AdminUnit
    clerk: Person
    secretary: Person
    leader: Person
    welder: Person
    outsider: Person
    link: GroupTeamLink | None = None


def make_story() -> PairStory:
    """采油一厂: 南一站党支部 with 第一党小组, and 注水班 which is not paired with it yet."""
    plant = make_unit("采油一厂", kind=UnitKind.COMPANY)
    area = make_unit("南一作业区", parent=plant, kind=UnitKind.OPERATION_AREA)
    team = make_unit("注水班", parent=area, kind=UnitKind.TEAM)
    committee = make_body("采油一厂党委", kind=PartyOrgKind.COMMITTEE, unit=plant)
    branch = make_body("南一作业区党支部", parent=committee, unit=area)
    group = make_body("第一党小组", parent=branch, kind=PartyOrgKind.PARTY_GROUP)
    story = PairStory(
        committee=committee,
        branch=branch,
        group=group,
        team=team,
        clerk=make_person("沈清", unit=plant),
        secretary=make_person("高远", home=branch, unit=area),
        leader=make_person("罗一鸣", home=branch, unit=team),
        welder=make_person("焊工老刘", unit=team, status=PoliticalStatus.MASSES),
        outsider=make_person("倪春梅", home=make_body("采油七队党支部")),
    )
    Membership.objects.filter(person=story.leader).update(group=group)
    make_post(story.clerk, PostRole.COMMITTEE_CLERK, body=committee)
    make_post(story.secretary, PostRole.SECRETARY, body=branch)
    return story


def paired() -> PairStory:
    """Group and team are one, and 罗一鸣 leads both."""
    story = make_story()
    story.link = link_pair(group=story.group, team=story.team, since=SINCE, actor=story.secretary, at=NOW)
    appoint_leader(link=story.link, person=story.leader, since=SINCE, actor=story.clerk, at=NOW)
    return story


def granted(
    story: PairStory, power: str = "attendance", *, since: date = SINCE, until: date | None = None
) -> LeaderPower:
    return grant_power(
        link=story.link,
        power=power,
        since=since,
        until=until,
        document="支委会〔2026〕9号",
        actor=story.secretary,
        at=NOW,
    )


def join_group(person: Person, story: PairStory) -> None:
    Membership.objects.create(
        person=person, body=story.branch, kind=MembershipKind.HOME, group=story.group, valid_from=LONG_AGO
    )
