"""A committee that decides together, its list, and meetings in which it does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from ronghe.domain.decisions.enums import Category, Forum, Purpose, Share
from ronghe.domain.decisions.models import DecisionList, ListEntry, Matter
from ronghe.domain.decisions.services.lists import EntryText, adopt_list, draft_list, set_entry
from ronghe.domain.decisions.services.matters import prepare_matter, raise_matter
from ronghe.domain.decisions.services.meetings import schedule_matter
from ronghe.domain.org.enums import PartyOrgKind, PostRole
from ronghe.domain.org.models import PartyOrg, Person
from ronghe.domain.rhythm.enums import ActivityType
from ronghe.domain.rhythm.models import Activity
from ronghe.domain.rhythm.services.activities import open_activity, plan_activity
from ronghe.domain.rhythm.services.codes import member_card
from ronghe.domain.rhythm.services.sign_in import sign_in_with_card
from tests.factories.kept import kept
from tests.factories.org import make_body, make_person, make_post, make_unit

ENTRIES = (
    EntryText("年度综合计划", preparer="计划部门", basis="议事规则第八条"),
    EntryText("中层干部任免", category=Category.PERSONNEL, quorum=Share.TWO_THIRDS, basis="议事规则第九条"),
    EntryText("重大工程投资", category=Category.PROJECT, forum=Forum.LEADING_GROUP, needs_study=True),
    EntryText("大额资金使用", category=Category.FUNDS, needs_legal_check=True, consulted="财务部门"),
)


@dataclass(frozen=True)
class CommitteeStory:
    """The committee of a plant: a secretary, a deputy and three members; the clerk keeps its list."""

    committee: PartyOrg
    branch: PartyOrg
    clerk: Person
    secretary: Person
    deputy: Person
    members: list[Person]
    auditor: Person
    member: Person
    """A plain Party member of the branch."""

    @property
    def leaders(self) -> list[Person]:
        return [self.secretary, self.deputy, *self.members]


@kept
def make_committee(name: str = "采油一厂党委") -> CommitteeStory:
    plant = make_unit(name.removesuffix("党委"))
    committee = make_body(name, kind=PartyOrgKind.COMMITTEE, unit=plant)
    branch = make_body("南I-1联合站党支部", parent=committee, unit=plant)
    roles = {"周玉兰": PostRole.COMMITTEE_CLERK, "陈建国": PostRole.SECRETARY, "马会军": PostRole.DEPUTY_SECRETARY,
             "纪明": PostRole.AUDITOR}  # fmt: skip
    people = {}
    for who, role in roles.items():
        people[who] = make_person(who, home=branch, unit=plant)
        make_post(people[who], role, body=committee)
    members = []
    for who in ("常有福", "杜秀英", "高来顺"):
        member = make_person(who, home=branch, unit=plant)
        make_post(member, PostRole.COMMITTEE_MEMBER, body=committee)
        members.append(member)
    plain = make_person("段小龙", home=branch, unit=plant)
    return CommitteeStory(
        committee, branch, people["周玉兰"], people["陈建国"], people["马会军"], members, people["纪明"], plain
    )


def make_list(story: CommitteeStory, at: datetime, *, entries: Sequence[EntryText] = ENTRIES) -> dict[str, ListEntry]:
    """Put a list in force and return its lines by title."""
    draft = draft_list(body=story.committee, actor=story.clerk, at=at)
    for entry in entries:
        set_entry(of_list=draft, text=entry, actor=story.clerk, at=at)
    adopt_list(of_list=draft, document="党委会〔2026〕3号", actor=story.clerk, at=at)
    return {entry.title: entry for entry in ListEntry.objects.filter(of_list=draft).select_related("of_list")}


def list_of(story: CommitteeStory) -> DecisionList:
    return DecisionList.objects.get(body=story.committee, state="in_force")


def make_sitting(
    story: CommitteeStory, at: datetime, *, activity_type: ActivityType = ActivityType.PARTY_COMMITTEE_MEETING,
    days: int = 0,
) -> Activity:  # fmt: skip
    """Plan a meeting of the committee, `days` after `at`; the clerk keeps its record."""
    begins = at + timedelta(days=days)
    return plan_activity(
        activity_type=activity_type, body=story.committee, place="二楼会议室", scheduled_from=begins,
        scheduled_until=begins + timedelta(hours=2), actor=story.secretary, recorder=story.clerk, at=at,
    )  # fmt: skip


def begin(story: CommitteeStory, activity: Activity, at: datetime, *, came: Sequence[Person] | None = None) -> Activity:
    """Open a meeting and let people sign in with their cards; everybody who leads unless told."""
    running = open_activity(activity=activity, actor=story.secretary, at=at)
    for person in story.leaders if came is None else came:
        sign_in_with_card(activity=running, card=member_card(person), actor=story.secretary, at=at)
    return running


def make_matter(
    story: CommitteeStory, entry: ListEntry | None, at: datetime, *, title: str = "2027年综合计划"
) -> Matter:
    """Raise a matter and make it ready."""
    matter = raise_matter(
        body=story.committee, title=title, entry=entry, summary="见附件。", actor=story.clerk, at=at,
        outside_reason="" if entry else "上级临时交办",
    )  # fmt: skip
    return prepare_matter(matter=matter, actor=story.clerk, at=at)


def make_matter_before(
    story: CommitteeStory, entry: ListEntry | None, at: datetime, *, came: Sequence[Person] | None = None,
    purpose: Purpose = Purpose.DECIDE,
) -> Matter:  # fmt: skip
    """Raise a matter, put it down for a meeting, and begin that meeting."""
    matter = make_matter(story, entry, at)
    sitting = make_sitting(story, at)
    schedule_matter(matter=matter, activity=sitting, purpose=purpose, actor=story.clerk, at=at)
    begin(story, sitting, at, came=came)
    return Matter.objects.select_related("body", "entry").get(pk=matter.pk)
