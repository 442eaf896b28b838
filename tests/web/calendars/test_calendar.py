"""日历 on the page: views, scopes, what is picked, moving by form and by dragging."""

from __future__ import annotations

from datetime import date

import pytest

from ronghe.domain.obligations.models import Obligation, ObligationMove
from ronghe.domain.org.enums import PostRole
from ronghe.domain.rhythm.enums import ActivityType
from ronghe.domain.rhythm.models import Activity
from tests.factories.calendars import adopt_two, plan
from tests.factories.org import make_post
from tests.factories.rhythm import make_meeting
from tests.web.making import hold

pytestmark = pytest.mark.django_db

CALENDAR = "/calendar/"


@pytest.fixture
def duties(story):
    return adopt_two(story)


@pytest.fixture
def september(duties):
    """The theme day of 25 September."""
    return next(row for row in duties if row.planned_on == date(2026, 9, 25))


def titles(answer) -> dict[str, list[str]]:
    """What stands on each day that has something."""
    return {
        f"{cell.day.on:%m-%d}": [entry.title for entry, _href, _drag in cell.entries]
        for week in answer.context["weeks"]
        for cell in week
        if cell.entries
    }


def test_month_shows_duties_on_their_days_and_activities_at_their_hours(story, duties, lead, now):
    plan(story, date(2026, 9, 18), 15, now)

    assert titles(lead.get(CALENDAR)) == {
        "09-18": ["周例会"], "09-25": ["主题党日"], "09-30": ["党课"], "08-31": ["主题党日"],
    }  # fmt: skip


def test_month_is_whole_weeks_with_today_and_free_days(lead):
    answer = lead.get(CALENDAR, {"on": "2026-10-15"})
    days = [cell.day for week in answer.context["weeks"] for cell in week]

    assert (days[0].on, days[-1].on, len(days)) == (date(2026, 9, 28), date(2026, 11, 1), 35)
    holiday = next(day for day in days if day.on == date(2026, 10, 1))
    assert (holiday.is_free, holiday.note != "", holiday.is_outside) == (True, True, False)
    assert [day.on for day in days if day.is_made_up] == [date(2026, 10, 10)]
    today = [cell.day for week in lead.get(CALENDAR).context["weeks"] for cell in week if cell.day.is_today]
    assert [day.on for day in today] == [date(2026, 9, 14)]


@pytest.mark.parametrize("view", ["month", "week", "list", "bars", "²", ""])
@pytest.mark.parametrize("on", ["2026-09-14", "0001-01-01", "9999-12-31", "²", ""])
def test_every_view_of_every_day_is_a_page(duties, lead, view, on):
    for extra in ({}, {"kind": "duty", "state": "failed", "who": "me", "pick": "duty-99999999999999999999"}):
        assert lead.get(CALENDAR, {"view": view, "on": on, **extra}).status_code == 200


def test_meeting_that_met_a_duty_stands_for_it(story, duties, lead, now):
    hold(story, make_meeting(story, now, activity_type=ActivityType.THEME_PARTY_DAY), now)

    answer = lead.get(CALENDAR, {"view": "list"})
    entries = [entry for cell in answer.context["listed"] for entry, _href, _drag in cell.entries]

    assert [(entry.title, entry.meets) for entry in entries] == [("主题党日", ("主题党日", "党课"))]


def test_filters_cut_by_kind_and_state_and_whose(story, duties, lead, member, now):
    plan(story, date(2026, 9, 18), 15, now)

    assert titles(lead.get(CALENDAR, {"kind": "activity"})) == {"09-18": ["周例会"]}
    assert titles(lead.get(CALENDAR, {"state": "failed"})) == {"08-31": ["主题党日"]}
    assert titles(member.get(CALENDAR, {"who": "me", "kind": "duty"})) == {}
    assert titles(lead.get(CALENDAR, {"who": "me", "kind": "duty"})) == titles(lead.get(CALENDAR, {"kind": "duty"}))


def test_scope_is_a_body_or_a_zone_within_sight(story, duties, lead, stranger, as_person):
    clerk = as_person(story.clerk)

    assert titles(clerk.get(CALENDAR)) == {}
    for scope in (f"body-{story.body.pk}", f"zone-{story.zone.pk}"):
        assert "09-25" in titles(clerk.get(CALENDAR, {"scope": scope}))
        assert stranger.get(CALENDAR, {"scope": scope}).status_code == 404
    for nonsense in ("body-", "body-²", "zone-99", "body-" + "9" * 30, "house-1"):
        assert clerk.get(CALENDAR, {"scope": nonsense}).status_code == 404


def test_picked_duty_says_who_answers_and_what_one_meeting_would_meet(story, september, lead):
    picked = lead.get(CALENDAR, {"pick": f"duty-{september.pk}"}).context["picked"]

    ((way, plan_query),) = picked["ways"]
    assert picked["names"] == "刘丽萍"
    assert [duty.title for duty in way.duties] == ["主题党日", "党课"]
    assert way.day == date(2026, 9, 25)
    assert plan_query == f"?type=theme_party_day&body={story.body.pk}&day=2026-09-25"


def test_picked_duty_tints_its_window_and_hatches_its_grace(september, lead):
    answer = lead.get(CALENDAR, {"pick": f"duty-{september.pk}", "on": "2026-09-30"})
    tints = {cell.day.on: cell.day.tint for week in answer.context["weeks"] for cell in week}

    assert (tints[date(2026, 9, 1)], tints[date(2026, 9, 30)]) == ("window", "window")
    assert (tints[date(2026, 10, 1)], tints[date(2026, 8, 31)]) == ("grace", "")


def move(browser, key: str, day: str, **further):
    kind, _sep, pk = key.partition("-")
    return browser.post(f"{CALENDAR}{kind}/{pk}/move/", {"day": day, **further})


def test_pm_05_duty_is_dragged_within_its_window_and_brought_back(september, lead):
    answer = move(lead, f"duty-{september.pk}", "2026-09-28", next=f"{CALENDAR}?view=week")

    assert answer["Location"] == f"{CALENDAR}?view=week"
    assert Obligation.objects.get(pk=september.pk).planned_on == date(2026, 9, 28)
    lead.post(f"{CALENDAR}duty/{september.pk}/move/back/")
    assert Obligation.objects.get(pk=september.pk).planned_on == date(2026, 9, 25)


def test_pm_05_dragged_beyond_the_window_it_stays_and_says_why(september, lead):
    answer = move(lead, f"duty-{september.pk}", "2026-10-02")

    assert ObligationMove.objects.count() == 0
    assert "PM-05" in lead.get(answer["Location"]).content.decode()


def test_planned_activity_is_dragged_at_its_hour_and_brought_back(story, lead, now):
    meeting = plan(story, date(2026, 9, 18), 15, now)

    move(lead, f"activity-{meeting.pk}", "2026-09-21")

    moved = Activity.objects.get(pk=meeting.pk)
    assert (moved.day, moved.scheduled_from.astimezone(now.tzinfo).hour) == (date(2026, 9, 21), 15)
    assert moved.scheduled_until - moved.scheduled_from == meeting.scheduled_until - meeting.scheduled_from
    lead.post(f"{CALENDAR}activity/{meeting.pk}/move/back/")
    assert Activity.objects.get(pk=meeting.pk).day == date(2026, 9, 18)


def test_form_moves_to_another_hour_with_its_own_reason(story, lead, now):
    meeting = plan(story, date(2026, 9, 18), 15, now)

    move(lead, f"activity-{meeting.pk}", "2026-09-18", starts="16:30", reason="会议室占用")

    assert Activity.objects.get(pk=meeting.pk).changes.get().reason == "会议室占用"


@pytest.mark.parametrize("day", ["", "²", "9999-12-31", "0001-01-01", "2026-02-30"])
def test_nonsense_moves_nothing(story, september, lead, now, day):
    meeting = plan(story, date(2026, 9, 18), 15, now)
    was = Activity.objects.get(pk=meeting.pk).day

    for key in (f"duty-{september.pk}", f"activity-{meeting.pk}"):
        assert move(lead, key, day, starts="25:99", next="//evil.example/")["Location"] == CALENDAR

    assert ObligationMove.objects.count() == 0
    assert day == "9999-12-31" or Activity.objects.get(pk=meeting.pk).day == was


def test_who_may_not_move_gets_no_form_and_a_refusal(story, september, member, stranger, now):
    meeting = plan(story, date(2026, 9, 18), 15, now)

    for key in (f"duty-{september.pk}", f"activity-{meeting.pk}"):
        assert member.get(CALENDAR, {"pick": key}).context["picked"]["may_move"] is False
        assert move(member, key, "2026-09-28").status_code == 403
        assert move(stranger, key, "2026-09-28").status_code == 404


def test_part_of_the_page_is_the_board(duties, lead):
    assert b"<html" not in lead.fragment(CALENDAR).content


def test_month_costs_the_same_for_few_and_for_many_and_whatever_the_span(story, duties, lead, statements, now):
    few = statements(lead, CALENDAR)
    for n in range(15, 30):
        plan(story, date(2026, 9, n), 9, now)
    make_post(story.members[0], PostRole.SECRETARY, body=story.branch)

    assert statements(lead, CALENDAR) == statements(lead, f"{CALENDAR}?view=week") == few <= 12
    assert statements(lead, f"{CALENDAR}?view=list&on=2026-01-01") == few


def test_administrators_have_no_calendar(administrator):
    assert administrator.get(CALENDAR).status_code == 403


def test_calendar_wants_a_log_in(client):
    assert client.get(CALENDAR)["Location"] == f"/login/?next={CALENDAR}"
