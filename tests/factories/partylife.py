"""A branch with its committee and members, and what its Party life leaves behind."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from ronghe.domain.org.enums import PartyOrgKind, PoliticalStatus, PostRole
from ronghe.domain.org.models import PartyOrg, Person
from ronghe.domain.partylife.enums import SiteKind, TalkTopic
from ronghe.domain.partylife.models import RedSite, Talk
from ronghe.domain.partylife.services.sites import SiteText, keep_site
from ronghe.domain.partylife.services.talks import record_talk
from ronghe.domain.rhythm.enums import ActivityType
from ronghe.domain.rhythm.models import Activity
from ronghe.domain.rhythm.services.activities import open_activity, plan_activity
from ronghe.domain.rhythm.services.agenda import add_agenda_item
from ronghe.domain.rhythm.services.closing import close_activity
from ronghe.domain.rhythm.services.codes import member_card
from ronghe.domain.rhythm.services.sign_in import sign_in_with_card
from tests.factories.kept import kept
from tests.factories.org import make_body, make_person, make_post, make_unit

JOINED = (date(2006, 9, 20), date(2012, 2, 29), date(2016, 9, 14))


@dataclass(frozen=True)
class LifeStory:
    """陶建业 is the branch's secretary, 于德江 its org member; three plain members, a worker without Party, a clerk above."""

    committee: PartyOrg
    branch: PartyOrg
    clerk: Person
    auditor: Person
    secretary: Person
    officer: Person
    members: list[Person]
    worker: Person
    stranger: Person

    @property
    def people(self) -> list[Person]:
        return [self.secretary, self.officer, *self.members]


@kept
def make_life(name: str = "采油一厂") -> LifeStory:
    plant = make_unit(name)
    committee = make_body(f"{name}党委", kind=PartyOrgKind.COMMITTEE, unit=plant)
    branch = make_body(f"{name}南区党支部", parent=committee, unit=plant)
    clerk, auditor = make_person("周玉兰", unit=plant), make_person("纪明", unit=plant)
    make_post(clerk, PostRole.COMMITTEE_CLERK, body=committee)
    make_post(auditor, PostRole.AUDITOR, body=committee)
    secretary = make_person("陶建业", home=branch, unit=plant)
    officer = make_person("于德江", home=branch, unit=plant)
    make_post(secretary, PostRole.SECRETARY, body=branch)
    make_post(officer, PostRole.ORG_MEMBER, body=branch)
    members = [make_person(who, home=branch, unit=plant) for who in ("段小龙", "何秀兰", "蒋大山")]
    for person, joined in zip(members, JOINED, strict=True):
        person.joined_party_on = joined
        person.save(update_fields=["joined_party_on"])
    worker = make_person("苗壮", unit=plant, status=PoliticalStatus.MASSES)
    stranger = make_person("倪春梅", home=make_body(f"{name}以外党支部"))
    return LifeStory(committee, branch, clerk, auditor, secretary, officer, members, worker, stranger)


def make_talk(one: Person, two: Person, at: datetime, *, days_ago: int = 0, text: str = "") -> Talk:
    day = at.date() - timedelta(days=days_ago)
    return record_talk(other=two, day=day, topics=[TalkTopic.WORK], text=text, actor=one, at=at)


def talk_all(story: LifeStory, at: datetime) -> list[Talk]:
    """Let everybody talk whom PM-09 wants to: the two of the committee, each member with one of it and with another."""
    first, second, third = story.members
    pairs = [(story.secretary, story.officer), (story.secretary, first), (story.secretary, second),
             (story.officer, third), (first, second), (second, third)]  # fmt: skip
    return [make_talk(one, two, at) for one, two in pairs]


def make_site(story: LifeStory, at: datetime, *, name: str = "铁人王进喜纪念馆", **changes: object) -> RedSite:
    given = {
        "kind": SiteKind.MEMORIAL, "address": "大庆市让胡路区", "latitude": Decimal("46.58800"),
        "longitude": Decimal("125.10300"), "about": "铁人事迹陈列",
    }  # fmt: skip
    text = SiteText(name=name, **{**given, **changes})  # type: ignore[arg-type]
    return keep_site(text=text, body=story.committee, actor=story.clerk, at=at)


def make_gathering(
    story: LifeStory, at: datetime, *, kind: ActivityType = ActivityType.THEME_PARTY_DAY, hours: int = 2,
    came: list[Person] | None = None, activity: Activity | None = None,
) -> Activity:  # fmt: skip
    """Return a gathering of the branch that was held from `at` on and closed after so many hours."""
    activity = activity or plan_activity(
        activity_type=kind, body=story.branch, place="会议室", scheduled_from=at,
        scheduled_until=at + timedelta(hours=hours), actor=story.secretary, at=at,
    )  # fmt: skip
    activity = open_activity(activity=activity, actor=story.secretary, at=at)
    add_agenda_item(activity=activity, topic="学习", notes="学了原文。", actor=story.secretary, at=at)
    for person in story.people if came is None else came:
        sign_in_with_card(activity=activity, card=member_card(person), actor=story.secretary, at=at)
    close_activity(activity=activity, actor=story.secretary, at=at + timedelta(hours=hours))
    return Activity.objects.select_related("body").get(pk=activity.pk)
