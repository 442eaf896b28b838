"""A zone's co-built branch with its lead, a contractor's crew with Party members in it, and home branches here and elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from ronghe.domain.floating.models import FloatingStay
from ronghe.domain.floating.selectors import months_after
from ronghe.domain.floating.services.stays import Home, attach_stay, find_stay, verify_stay
from ronghe.domain.org.enums import MembershipKind, PartyOrgKind, PostRole
from ronghe.domain.org.models import AdminUnit, PartyOrg, Person
from tests.factories.org import LONG_AGO, make_body, make_person, make_post, make_unit

NOW = datetime(2026, 9, 14, 7, 40, tzinfo=ZoneInfo("Asia/Shanghai"))
TODAY = NOW.date()
FAR_HOME = Home(name="巴中市恩阳区上八庙镇党支部", contact="冉书记", phone="13976497003")


@dataclass
class FloatingStory:
    committee: PartyOrg
    zone: PartyOrg
    branch: PartyOrg
    crew: AdminUnit
    clerk: Person
    lead: Person
    secretary: Person
    member: Person
    worker: Person
    outsider: Person


def make_story() -> FloatingStory:
    """南I-1 zone; 油建二公司（劳务） works in it; 苟长青 is a Party member of a far branch; 北二's secretary is 高远."""
    company = make_unit("演示公司")
    crew = make_unit("油建二公司（劳务）", parent=company)
    committee = make_body("公司党委", kind=PartyOrgKind.COMMITTEE, unit=company)
    zone = make_body("南I-1共建党支部", parent=committee, kind=PartyOrgKind.CO_BUILT_BRANCH)
    branch = make_body("北二采油队党支部", parent=committee)
    story = FloatingStory(
        committee=committee,
        zone=zone,
        branch=branch,
        crew=crew,
        clerk=make_person("沈清", unit=company),
        lead=make_person("喇十七", unit=company),
        secretary=make_person("高远", home=branch),
        member=make_person("罗一鸣", home=branch),
        worker=make_person("苟长青", unit=crew, participates_in=zone),
        outsider=make_person("倪春梅", home=make_body("采油七队党支部")),
    )
    Person.objects.filter(pk=story.worker.pk).update(employment="劳务派遣", outside_home_branch=FAR_HOME.name)
    story.worker.refresh_from_db()
    make_post(story.clerk, PostRole.COMMITTEE_CLERK, body=committee)
    make_post(story.lead, PostRole.ZONE_LEAD, body=zone)
    make_post(story.secretary, PostRole.SECRETARY, body=branch)
    return story


def found(story: FloatingStory) -> FloatingStay:
    return find_stay(person=story.worker, body=story.zone, actor=story.lead, at=NOW)


def verified(story: FloatingStory, home: Home = FAR_HOME) -> FloatingStay:
    return verify_stay(stay=found(story), home=home, on=TODAY, actor=story.lead, at=NOW)


def attached(story: FloatingStory, home: Home = FAR_HOME) -> FloatingStay:
    return attach_stay(stay=verified(story, home), body=story.zone, since=TODAY, actor=story.lead, at=NOW)


def take_part(person: Person, body: PartyOrg) -> None:
    person.memberships.create(body=body, kind=MembershipKind.PARTICIPATION, valid_from=LONG_AGO)


def months_ago(count: int):
    return months_after(TODAY, -count)
