"""今日 and 我的: what is shown to whom, at the same price for one thing and for three."""

from __future__ import annotations

from datetime import timedelta

import pytest

from ronghe.domain.org.enums import PostRole
from ronghe.domain.rhythm.enums import ActivityType
from ronghe.domain.rhythm.services.activities import plan_activity
from ronghe.domain.rhythm.services.codes import member_card, sign_in_code
from ronghe.domain.rhythm.services.sign_in import sign_in_with_code
from tests.factories.org import make_post
from tests.factories.rhythm import make_huddle, make_meeting, make_task
from tests.web.conftest import text_of
from tests.web.making import hold, submitted_task

pytestmark = pytest.mark.django_db


def plan(story, at, *, kind=ActivityType.WEEKLY_MEETING, hours=2):
    starts = at + timedelta(hours=hours)
    return plan_activity(
        activity_type=kind, body=story.body, place="会议室", scheduled_from=starts,
        scheduled_until=starts + timedelta(hours=1), actor=story.lead, at=at,
    )  # fmt: skip


def test_a_stranger_must_log_in_first(client, db):
    for path in ("/", "/me/"):
        assert client.get(path)["Location"] == f"/login/?next={path}"


def test_today_offers_the_lead_the_morning_huddle(story, lead):
    answer = lead.get("/")

    (card,) = answer.context["huddles"]
    assert (card.zone, card.kind, card.activity, card.expected) == (story.zone, "morning_huddle", None, 4)
    assert "早碰头" in text_of(answer.content.decode())
    assert answer.context["sign_ins"] == []


def test_today_shows_the_lead_how_many_signed_in(story, lead, now):
    huddle = make_huddle(story, now)
    sign_in_with_code(code=sign_in_code(huddle, at=now), actor=story.members[0], at=now)

    (card,) = lead.get("/").context["huddles"]

    assert (card.activity, card.is_open, card.present, card.expected) == (huddle, True, 1, 4)


def test_today_tells_a_member_where_to_sign_in_until_he_is_there(story, member, now):
    assert member.get("/").context["sign_ins"] == []
    huddle = make_huddle(story, now)

    answer = member.get("/")
    (waiting,) = answer.context["sign_ins"]
    assert (waiting.activity, waiting.signed_at) == (huddle, None)
    assert "扫签到码" in answer.content.decode()

    sign_in_with_code(code=sign_in_code(huddle, at=now), actor=story.members[0], at=now)
    answer = member.get("/")
    assert [card.signed_at for card in answer.context["sign_ins"]] == [now]
    assert "扫签到码" not in answer.content.decode()


def test_today_of_a_stranger_holds_nothing_of_the_zone(story, stranger, duty, now):
    make_huddle(story, now)
    make_task(story, now)
    plan(story, now)

    context = stranger.get("/").context

    assert [context[name] for name in ("huddles", "sign_ins", "items", "planned", "decisions", "held")] == [[]] * 6


def test_today_lists_tasks_then_what_the_post_answers_for(story, member, duty, now):
    make_post(story.members[0], PostRole.SECRETARY, body=story.body)
    make_task(story, now, title="清理3号沟")

    items = member.get("/").context["items"]

    assert [(item.title, item.state, item.time) for item in items] == [
        ("清理3号沟", "due", "17:40"),
        ("主题党日", "due", ""),
    ]


def test_today_leaves_out_duties_of_other_bodies_below(story, duty, as_person):
    """陈建国 is secretary of the committee above: the branch's own secretary answers for the theme day."""
    assert as_person(story.secretary).get("/").context["items"] == []


def test_today_shows_what_was_held_what_waits_and_what_is_planned(story, lead, now):
    hold(story, make_huddle(story, now), now)
    submitted_task(story, now)
    plan(story, now)
    plan(story, now, hours=24 * 8)

    context = lead.get("/").context

    assert [item.title for item in context["held"]] == ["早碰头"]
    assert [item.title for item in context["decisions"]] == ["清理3号沟"]
    assert [(item.title, item.state, item.time) for item in context["planned"]] == [("周例会", "due", "09:40")]


def test_today_costs_the_same_for_one_and_for_three(story, lead, now, statements):
    def add(number):
        make_task(story, now, assignee=story.lead, title=f"任务{number}")
        submitted_task(story, now)
        plan(story, now, hours=number)
        make_meeting(story, now, activity_type=ActivityType.WEEKLY_MEETING)

    add(1)
    one = statements(lead, "/")
    add(2)
    add(3)

    assert statements(lead, "/") == one


def test_me_holds_the_members_own_card(story, member):
    answer = member.get("/me/")

    assert answer.context["card"] == member_card(story.members[0])
    assert answer.context["person"] == story.members[0]


def test_me_shows_an_administrator_no_card_and_no_party_place(administrator):
    answer = administrator.get("/me/")

    assert answer.context["card"] == ""
    assert "/work/tasks/" not in answer.content.decode()


def test_today_sends_an_administrator_to_the_own_page(administrator):
    assert administrator.get("/")["Location"] == "/administration/"
