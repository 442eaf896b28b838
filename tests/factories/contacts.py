"""A committee with a station to look after, and union and league beside a branch."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from ronghe.domain.contacts.enums import Cadence, ContactKind
from ronghe.domain.contacts.models import ContactPoint
from ronghe.domain.contacts.services.points import set_contact
from ronghe.domain.org.enums import MembershipKind, PartyOrgKind, PoliticalStatus, PostRole, UnitKind
from ronghe.domain.org.models import AdminUnit, PartyOrg, Person
from ronghe.domain.org.services.people import join_body
from tests.factories.org import LONG_AGO, SET_UP_AT, make_body, make_person, make_post, make_unit

SINCE = date(2026, 7, 1)


@dataclass(frozen=True)
class ContactStory:
    """沈国庆 sits on the committee; 郭大海 is secretary of the branch whose station 马会军 leads; 孙梅 chairs the union."""

    area: AdminUnit
    station: AdminUnit
    committee: PartyOrg
    branch: PartyOrg
    union: PartyOrg
    league: PartyOrg
    clerk: Person
    visitor: Person
    successor: Person
    secretary: Person
    foreman: Person
    worker: Person
    chair: Person
    youth: Person


def make_contacts() -> ContactStory:
    area = make_unit("义隆作业区", kind=UnitKind.OPERATION_AREA)
    station = make_unit("义隆首站", parent=area, kind=UnitKind.STATION)
    committee = make_body("作业区党委", kind=PartyOrgKind.COMMITTEE, unit=area)
    branch = make_body("义隆首站党支部", parent=committee, unit=station)
    union = make_body("义隆首站分工会", parent=branch, kind=PartyOrgKind.UNION_BRANCH, unit=station)
    league = make_body("义隆首站团支部", parent=branch, kind=PartyOrgKind.LEAGUE_BRANCH, unit=station)
    clerk, visitor, successor = make_person("周玉兰"), make_person("沈国庆"), make_person("丁卫东")
    make_post(clerk, PostRole.COMMITTEE_CLERK, body=committee)
    for person in (visitor, successor):
        make_post(person, PostRole.COMMITTEE_MEMBER, body=committee)
    secretary = make_person("郭大海", home=branch, unit=station)
    make_post(secretary, PostRole.SECRETARY, body=branch)
    foreman = make_person("马会军", unit=station, status=PoliticalStatus.MASSES)
    make_post(foreman, PostRole.TEAM_LEADER, unit=station)
    worker = make_person("田小雨", unit=station, status=PoliticalStatus.LEAGUE_MEMBER)
    chair = make_person("孙梅", home=branch, unit=station)
    make_post(chair, PostRole.UNION_CHAIR, body=union)
    youth = make_person("何青", unit=station, status=PoliticalStatus.LEAGUE_MEMBER)
    make_post(youth, PostRole.LEAGUE_SECRETARY, body=league)
    join_body(person=chair, body=union, kind=MembershipKind.UNION, since=LONG_AGO, actor=None, at=SET_UP_AT)
    join_body(person=youth, body=league, kind=MembershipKind.LEAGUE, since=LONG_AGO, actor=None, at=SET_UP_AT)
    return ContactStory(
        area, station, committee, branch, union, league, clerk, visitor, successor, secretary, foreman, worker, chair,
        youth,
    )  # fmt: skip


def make_contact(
    story: ContactStory, *, since: date = SINCE, cadence: Cadence | None = None, holder: Person | None = None
) -> ContactPoint:
    """Return the committee member's safety contact with the station."""
    return set_contact(
        kind=ContactKind.SAFETY, holder=holder or story.visitor, body=story.committee, since=since,
        approval_ref="党委会〔2026〕9号", cadence=cadence, actor=story.clerk, at=SET_UP_AT, to_unit=story.station,
    )  # fmt: skip


def make_care(story: ContactStory, *, since: date = SINCE) -> ContactPoint:
    """Return the union chair's care of the worker."""
    return set_contact(
        kind=ContactKind.CARE, holder=story.chair, body=story.union, since=since, approval_ref="工会委员会〔2026〕2号",
        actor=story.clerk, at=SET_UP_AT, to_person=story.worker,
    )  # fmt: skip
