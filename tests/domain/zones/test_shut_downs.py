from __future__ import annotations

from datetime import date

import pytest

from ronghe.domain.zones.models import ShutDown
from ronghe.domain.zones.selectors import site_calendar
from ronghe.domain.zones.services.shut_downs import (
    NotShutDown,
    ShutDownEmpty,
    ShutDownOverlaps,
    lift_shut_down,
    plan_shut_down,
)
from ronghe.kernel.errors import NotAllowed
from ronghe.kernel.facts.models import Fact
from tests.factories.rhythm import make_zone

pytestmark = pytest.mark.django_db

STOP = date(2026, 9, 20)
RESUME = date(2026, 9, 25)


def test_shut_down_stops_the_site_from_its_first_day_to_the_day_before_its_end(morning):
    story = make_zone()

    plan_shut_down(zone=story.zone, from_on=STOP, until_on=RESUME, reason="装置检修", actor=story.lead, at=morning)

    calendar = site_calendar(story.zone)
    days = [date(2026, 9, 19), STOP, date(2026, 9, 24), RESUME]
    assert [calendar.is_working(day) for day in days] == [True, False, False, True]
    assert calendar.note_on(STOP) == "装置检修"
    fact = Fact.objects.latest("pk")
    assert (fact.kind, fact.body, fact.values) == (
        "zones.shut_down_planned", story.body.pk, {"from_on": "2026-09-20", "until_on": "2026-09-25"},
    )  # fmt: skip


@pytest.mark.parametrize("until_on", [STOP, date(2026, 9, 19)])
def test_shut_down_without_a_day_is_refused(morning, until_on):
    story = make_zone()

    with pytest.raises(ShutDownEmpty):
        plan_shut_down(zone=story.zone, from_on=STOP, until_on=until_on, reason="检修", actor=story.lead, at=morning)


@pytest.mark.parametrize(
    ("from_on", "until_on", "overlaps"),
    [
        (date(2026, 9, 19), STOP, False),
        (date(2026, 9, 19), date(2026, 9, 21), True),
        (date(2026, 9, 24), RESUME, True),
        (RESUME, date(2026, 9, 26), False),
    ],
)
def test_shut_downs_touch_but_never_overlap(morning, from_on, until_on, overlaps):
    story = make_zone()
    plan = {"zone": story.zone, "reason": "检修", "actor": story.lead, "at": morning}
    plan_shut_down(from_on=STOP, until_on=RESUME, **plan)

    if overlaps:
        with pytest.raises(ShutDownOverlaps, match="2026-09-20"):
            plan_shut_down(from_on=from_on, until_on=until_on, **plan)
    else:
        plan_shut_down(from_on=from_on, until_on=until_on, **plan)

    assert ShutDown.objects.count() == (1 if overlaps else 2)


def test_lifting_lets_work_resume_earlier_and_only_earlier(morning):
    story = make_zone()
    shut_down = plan_shut_down(
        zone=story.zone, from_on=STOP, until_on=RESUME, reason="检修", actor=story.lead, at=morning
    )

    with pytest.raises(NotShutDown):
        lift_shut_down(shut_down=shut_down, resume_on=RESUME, actor=story.lead, at=morning)
    lift_shut_down(shut_down=shut_down, resume_on=date(2026, 9, 24), actor=story.lead, at=morning)

    calendar = site_calendar(story.zone)
    assert [calendar.is_working(date(2026, 9, day)) for day in (23, 24)] == [False, True]


def test_shut_down_called_off_before_it_began_leaves_no_trace_in_the_calendar(morning):
    story = make_zone()
    shut_down = plan_shut_down(
        zone=story.zone, from_on=STOP, until_on=RESUME, reason="检修", actor=story.lead, at=morning
    )

    lift_shut_down(shut_down=shut_down, resume_on=date(2026, 9, 15), actor=story.lead, at=morning)

    assert site_calendar(story.zone).shut_downs == ()
    assert story.zone.shut_downs.get().until_on == STOP


def test_member_of_the_zone_plans_no_shut_down(morning):
    story = make_zone()

    with pytest.raises(NotAllowed):
        plan_shut_down(zone=story.zone, from_on=STOP, until_on=RESUME, reason="x", actor=story.members[0], at=morning)
    shut_down = plan_shut_down(
        zone=story.zone, from_on=STOP, until_on=RESUME, reason="检修", actor=story.lead, at=morning
    )
    with pytest.raises(NotAllowed):
        lift_shut_down(shut_down=shut_down, resume_on=STOP, actor=story.members[0], at=morning)
