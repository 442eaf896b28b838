"""An accident in the zone, reported half an hour after it happened."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from ronghe.domain.incidents.models import Accident
from ronghe.domain.incidents.services.reporting import AccidentText, Figures, report_accident
from ronghe.domain.org.models import Person
from tests.factories.rhythm import ZoneStory

ONE_HURT = Figures(injured=1)


def make_accident(
    story: ZoneStory, at: datetime, *, by: Person | None = None, title: str = "管沟塌方，一人重伤", **more: Any
) -> Accident:
    given = {
        "happened_at": at - timedelta(minutes=30),
        "body": story.body,
        "place": "3 号沟",
        "figures": ONE_HURT,
        **more,
    }
    return report_accident(text=AccidentText(title, **given), actor=by or story.members[0], at=at)
