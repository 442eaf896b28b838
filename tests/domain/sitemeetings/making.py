"""A morning on the site of 仪陇: the task force at work, its leader opens the chain, everybody signs."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from ronghe.domain.org.models import Person
from ronghe.domain.rhythm.services.codes import member_card
from ronghe.domain.sitemeetings.enums import Meeting
from ronghe.domain.sitemeetings.models import SiteChain
from ronghe.domain.sitemeetings.services.chains import Prepared, begin_chain, close_meeting, open_meeting
from ronghe.domain.sitemeetings.services.minds import settle_all
from ronghe.domain.sitemeetings.services.signing import sign_meeting, sign_with_card
from tests.factories.taskforces import ForceStory

NOW = datetime(2026, 9, 14, 7, 40, tzinfo=ZoneInfo("Asia/Shanghai"))
TODAY = NOW.date()
PLACE = "仪陇站工艺区"
HAZARDS = "1. 吊装：划警戒区，专人指挥\n2. 触电——断电挂牌上锁"
POINTS = "先断旧仪表，再接网关\n回路测试三遍"


def prepared(**changes: Prepared) -> dict[Meeting, Prepared]:
    given = {
        Meeting.GROUP: Prepared("党的创新理论学习：安全生产重要论述", "结合现场谈体会"),
        Meeting.SAFETY: Prepared("", HAZARDS),
        Meeting.TECHNICAL: Prepared("", POINTS),
    }
    return given | {Meeting(name): value for name, value in changes.items()}


def begun(story: ForceStory, *, at: datetime = NOW, place: str = PLACE) -> SiteChain:
    """Return today's chain with its group meeting open, led by the group's leader."""
    return begin_chain(body=story.body, place=place, prepared=prepared(), actor=story.leader, at=at)


def crew(story: ForceStory) -> list[Person]:
    return [story.leader, story.members[0], story.members[1]]


def sign_all(chain: SiteChain, meeting: Meeting, people: list[Person], *, at: datetime = NOW) -> None:
    for person in people:
        sign_meeting(chain=chain, meeting=meeting, actor=person, at=at)


def by_card(chain: SiteChain, meeting: Meeting, person: Person, leader: Person, *, at: datetime = NOW) -> None:
    sign_with_card(chain=chain, meeting=meeting, card=member_card(person), actor=leader, at=at)


def hold(chain: SiteChain, meeting: Meeting, story: ForceStory, *, at: datetime = NOW) -> SiteChain:
    """Let everybody of the crew sign the open meeting and close it."""
    sign_all(chain, meeting, crew(story), at=at)
    if meeting == Meeting.GROUP:
        settle_all(chain=chain, actor=story.leader, at=at)
    return close_meeting(chain=chain, meeting=meeting, actor=story.leader, at=at)


def complete(story: ForceStory, *, at: datetime = NOW, place: str = PLACE) -> SiteChain:
    """Return a chain of which all three meetings are closed."""
    chain = begun(story, at=at, place=place)
    hold(chain, Meeting.GROUP, story, at=at)
    for meeting in (Meeting.SAFETY, Meeting.TECHNICAL):
        open_meeting(chain=chain, meeting=meeting, actor=story.leader, at=at)
        hold(chain, meeting, story, at=at)
    return chain
