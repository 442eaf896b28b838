"""Carriers with promises that were judged, for cards, badges, the board of promises and campaigns."""

from __future__ import annotations

from datetime import datetime, timedelta

from ronghe.domain.carriers.enums import CarrierType
from ronghe.domain.carriers.models import Carrier
from ronghe.domain.carriers.services.promises import report_promise
from ronghe.domain.items.models import WorkItem
from ronghe.domain.items.services.steps import Said, take_step
from ronghe.domain.shows.models import ShowCompeteCampaign
from ronghe.domain.shows.services.campaigns import CampaignText, open_campaign
from tests.factories.carriers import CarrierStory, make_carrier, make_story, promised
from tests.factories.rhythm import photo

__all__ = ["CarrierStory", "make_story"]
WORDS = CampaignText("南八三亮四比一创建", "比协作", "创建“党员先锋示范站”")


def make_post(story: CarrierStory, at: datetime, *, titles: tuple[str, ...] = ("票证差错为零",), **changes) -> Carrier:
    """Return an active model post of the captain with promises due in thirty days."""
    return make_carrier(
        story, at, type_=CarrierType.MODEL_POST, **{"name": "中控示范岗", **changes},
        promises=[promised(at, title=title, target=None, unit="") for title in titles],
    )  # fmt: skip


def judge(carrier: Carrier, number: int, story: CarrierStory, at: datetime, *, kept: bool = True) -> WorkItem:
    """Report a promise with a picture and let the secretary find it kept or not."""
    item = carrier.promises.get(number=number).item
    report_promise(item=item, note="上墙公示", actor=carrier.lead, at=at, uploads=[photo()])
    said = Said(note="抽查属实" if kept else "两次超时")
    return take_step(
        item=item, step="keep" if kept else "fail", actor=story.secretary, at=at + timedelta(hours=1), said=said
    )


def make_campaign(story: CarrierStory, at: datetime, **changes) -> ShowCompeteCampaign:
    given = {"body": story.committee, "text": WORDS, "starts_on": at.date(), "actor": story.clerk, "at": at, **changes}
    return open_campaign(**given)
