"""A challenge of the zone's committee: proposed, posted, bid for, judged, carried out."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal

from ronghe.domain.challenges.models import Bid
from ronghe.domain.challenges.rules import CHALLENGE
from ronghe.domain.challenges.services.carrying_out import MilestoneText, sign_pledge
from ronghe.domain.challenges.services.judging import declare_interest, name_panel, score_bid, select_bid
from ronghe.domain.challenges.services.posting import Offer, Terms, close_bidding, make_bid, publish, set_terms
from ronghe.domain.items.models import WorkItem
from ronghe.domain.items.services.raising import ItemText, raise_item
from ronghe.domain.org.models import Person
from tests.factories.org import make_person
from tests.factories.rhythm import ZoneStory, make_zone

BIDDING = timedelta(days=10)
VALUES = {"field": "production", "wanted": "单井清蜡周期延长一倍"}
POINTS = {"plan": 80, "ability": 80, "time": 80, "price": 80}


@dataclass
class ChallengeStory:
    """陈建国 (secretary) posts; the zone's members lead teams; three experts judge."""

    zone: ZoneStory
    item: WorkItem
    experts: list[Person]
    bids: list[Bid] = field(default_factory=list)

    @property
    def poster(self) -> Person:
        return self.zone.secretary


def make_proposed(at: datetime) -> ChallengeStory:
    zone = make_zone(members=4)
    text = ItemText("井筒结蜡治理", text="冬季清蜡频繁。", values=VALUES)
    item = raise_item(kind=CHALLENGE, text=text, body=zone.committee, actor=zone.clerk, at=at)
    return ChallengeStory(zone, item, [make_person(f"专家{number}", home=zone.branch) for number in range(3)])


def terms(at: datetime, **more: object) -> Terms:
    given = {"bids_until": at + BIDDING, "reward": Decimal("50000.00"), "acceptance": "连续 30 天不卡泵"}
    return Terms(**{**given, **more})  # type: ignore[arg-type]


def make_posted(at: datetime) -> ChallengeStory:
    story = make_proposed(at)
    set_terms(item=story.item, terms=terms(at), actor=story.poster, at=at)
    publish(item=story.item, actor=story.poster, at=at)
    return story


def bid(story: ChallengeStory, leader: Person, at: datetime, *, days: int = 60, team: tuple[Person, ...] = ()) -> Bid:
    offer = Offer("空心抽油杆电热", days, Decimal(12000), team)
    made = make_bid(item=story.item, offer=offer, actor=leader, at=at)
    story.bids.append(made)
    return made


def make_judging(at: datetime, *, bids: int = 2) -> ChallengeStory:
    """Return a challenge with bids on which the panel, named, has not yet said anything."""
    story = make_posted(at)
    for leader in story.zone.members[:bids]:
        bid(story, leader, at)
    after = at + BIDDING + timedelta(minutes=1)
    close_bidding(item=story.item, actor=story.poster, at=after)
    name_panel(item=story.item, people=story.experts, actor=story.poster, at=after)
    return story


def judge(story: ChallengeStory, at: datetime, *, best: int = 0) -> None:
    """Let all experts declare no interest and score; the bid at place `best` gets more."""
    for panelist in story.item.panel.select_related("person", "item"):
        declare_interest(panelist=panelist, interests={}, actor=panelist.person, at=at)
        for place, made in enumerate(story.bids):
            points = {name: value + 10 * (place == best) for name, value in POINTS.items()}
            score_bid(panelist=panelist, bid=made, points=points, actor=panelist.person, at=at)


def make_running(at: datetime) -> ChallengeStory:
    """Return a challenge whose chosen team has signed with two milestones."""
    story = make_judging(at)
    later = at + timedelta(days=11)
    judge(story, later)
    select_bid(item=story.item, bid=story.bids[0], actor=story.poster, at=later)
    milestones = [
        MilestoneText("样机下井", (later + timedelta(days=20)).date(), 40),
        MilestoneText("30 天连续运行", (later + timedelta(days=60)).date(), 60),
    ]
    sign_pledge(item=story.item, milestones=milestones, actor=story.zone.members[0], at=later)
    return story
