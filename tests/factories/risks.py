"""An area of the zone with risks in it, and somebody who looks after safety there."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from ronghe.domain.org.enums import PostRole
from ronghe.domain.org.models import Person
from ronghe.domain.risks.enums import RiskGrade
from ronghe.domain.risks.models import Risk, RiskArea
from ronghe.domain.risks.services.areas import AreaText, open_area
from ronghe.domain.risks.services.registering import RiskText, add_risk
from tests.factories.org import make_person, make_post
from tests.factories.rhythm import ZoneStory


def safety_of(story: ZoneStory, name: str = "何建安") -> Person:
    """Return who looks after safety in the zone's branch."""
    person = make_person(name, home=story.branch, participates_in=story.body)
    make_post(person, PostRole.HSE_OFFICER, body=story.body)
    return person


def make_area(story: ZoneStory, at: datetime, *, name: str = "原油脱水区") -> RiskArea:
    text = AreaText(name, "3 号沟以东到围墙", story.committee.unit, story.zone)
    return open_area(text=text, body=story.body, actor=story.lead, at=at)


def make_risk(
    story: ZoneStory, at: datetime, *, area: RiskArea | None = None, title: str = "管沟内油气积聚",
    grade: RiskGrade = RiskGrade.YELLOW, owner: Person | None = None, **more: Any,
) -> Risk:  # fmt: skip
    """Return a risk in an area of the zone, entered by its lead; the first member answers for it."""
    text = RiskText(title, grade, "动火前 30 分钟复测，机械通风", owner or story.members[0], **more)
    return add_risk(area=area or make_area(story, at), text=text, actor=story.lead, at=at)
