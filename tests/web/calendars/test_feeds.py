"""订阅: made and shown once, read by a calendar without a session, revoked; parsed by a library that is not ours."""

from __future__ import annotations

import http.client
from contextlib import closing
from datetime import date, datetime, timedelta
from urllib.parse import urlsplit

import pytest
import vobject
from django.test import Client
from django.utils import timezone

from ronghe.domain.calendars.models import CalendarFeed
from ronghe.domain.calendars.services.feeds import FeedThere, make_feed, revoke_feed
from ronghe.domain.obligations.models import Obligation
from ronghe.domain.obligations.services.moving import move_planned_day
from ronghe.domain.rhythm.enums import ActivityType
from ronghe.domain.rhythm.services.changes import call_off_activity, move_activity
from ronghe.kernel.calendar.moments import SHANGHAI
from ronghe.kernel.errors import NotAllowed, Stale
from tests.factories.calendars import adopt_two, plan
from tests.factories.org import make_account, make_body, make_person
from tests.factories.rhythm import make_meeting
from tests.web.making import hold

pytestmark = pytest.mark.django_db

FEEDS = "/calendar/feeds/"


@pytest.fixture
def owner(story):
    make_account(story.lead)
    return story.lead


@pytest.fixture
def secret(story, owner, now):
    adopt_two(story)
    _feed, secret = make_feed(actor=owner, at=now)
    return secret


def read(secret: str, **query: str):
    return Client().get(f"/calendar/feed/{secret}.ics", query)


def events(secret: str, **query: str) -> dict[str, vobject.base.Component]:
    """Return the components by summary and day, as an independent library reads them."""
    calendar = vobject.readOne(read(secret, **query).content.decode())
    parts = [*calendar.contents.get("vevent", []), *calendar.contents.get("vtodo", [])]
    return {f"{part.summary.value} {_day(part):%m-%d}": part for part in parts}


def _day(part) -> date:
    value = (part.dtstart if hasattr(part, "dtstart") else part.due).value
    return value.date() if isinstance(value, datetime) else value


def test_feed_is_a_calendar_of_a_month_that_another_library_reads(story, secret, now):
    plan(story, date(2026, 9, 18), 15, now)
    hold(story, make_meeting(story, now, activity_type=ActivityType.THEME_PARTY_DAY), now)

    calendar = vobject.readOne(read(secret).content.decode())
    september = {key: part for key, part in events(secret).items() if key[-5:-3] == "09"}

    assert calendar.version.value == "2.0"
    assert calendar.x_wr_calname.value == "融合 · 我的日历"
    assert calendar.vtimezone.tzid.value == "Asia/Shanghai"
    body = story.body.name
    assert sorted(september) == [f"主题党日 · {body} 09-14", f"周例会 · {body} 09-18"]
    meeting = september[f"周例会 · {body} 09-18"]
    assert meeting.dtstart.value == datetime(2026, 9, 18, 15, tzinfo=SHANGHAI)
    assert meeting.dtend.value - meeting.dtstart.value == timedelta(hours=1)
    assert (meeting.location.value, meeting.status.value) == ("联合项目部会议室", "CONFIRMED")
    assert meeting.url.value == f"http://testserver/rhythm/activities/{meeting.uid.value.split('@')[0].split('-')[1]}/"
    assert "同时计入：主题党日、党课" in september[f"主题党日 · {body} 09-14"].description.value


def test_duty_is_a_day_and_by_wish_a_task(story, secret):
    day = events(secret)[f"主题党日 · {story.body.name} 09-25"]
    task = events(secret, todo="1")[f"主题党日 · {story.body.name} 09-25"]

    assert (day.name, day.dtstart.value, day.dtend.value) == ("VEVENT", date(2026, 9, 25), date(2026, 9, 26))
    assert day.transp.value == "TRANSPARENT"
    assert (task.name, task.due.value, task.status.value) == ("VTODO", date(2026, 9, 25), "NEEDS-ACTION")
    assert day.uid.value == task.uid.value
    assert "应办期 2026-09-01 至 2026-09-30\n宽限到 2026-10-05" in day.description.value


def test_uid_stays_and_sequence_grows_when_something_is_moved(story, secret, owner, now):
    meeting = plan(story, date(2026, 9, 18), 15, now)
    body = story.body.name
    before = events(secret)
    later = datetime(2026, 9, 21, 10, tzinfo=SHANGHAI)
    move_activity(
        activity=meeting, scheduled_from=later, scheduled_until=later + timedelta(hours=1), reason="下雨", actor=owner,
        at=now,
    )  # fmt: skip
    duty = Obligation.objects.select_related("body", "version").get(planned_on=date(2026, 9, 25))
    move_planned_day(obligation=duty, to=date(2026, 9, 28), reason="抢修", actor=owner, at=now)
    after = events(secret)

    for title, was, is_now in (("周例会", "09-18", "09-21"), ("主题党日", "09-25", "09-28")):
        old, new = before[f"{title} · {body} {was}"], after[f"{title} · {body} {is_now}"]
        assert old.uid.value == new.uid.value
        assert int(new.sequence.value) > int(old.sequence.value)
        assert f"{title} · {body} {was}" not in after


def test_what_was_called_off_is_cancelled_and_not_gone(story, secret, owner, now):
    meeting = plan(story, date(2026, 9, 18), 15, now)
    call_off_activity(activity=meeting, reason="停电", actor=owner, at=now)

    assert events(secret)[f"周例会 · {story.body.name} 09-18"].status.value == "CANCELLED"


def test_long_chinese_lines_are_folded_at_75_octets_and_read_whole(story, secret, now):
    type(story.body).objects.filter(pk=story.body.pk).update(name="南一区联合站老区改造项目协作区共建党支部" * 2)
    plan(story, date(2026, 9, 18), 15, now)
    content = read(secret).content

    assert max(len(line) for line in content.split(b"\r\n")) <= 75
    assert b"\n" not in content.replace(b"\r\n", b"")
    assert f"周例会 · {'南一区联合站老区改造项目协作区共建党支部' * 2} 09-18" in events(secret)


def test_the_same_calendar_has_the_same_bytes_and_tag(secret, monkeypatch, now):
    first = read(secret)
    monkeypatch.setattr(timezone, "now", lambda: now + timedelta(minutes=5))
    again = read(secret)

    assert (first.content, first["ETag"]) == (again.content, again["ETag"])
    unchanged = Client().get(f"/calendar/feed/{secret}.ics", headers={"If-None-Match": f'W/"x", {first["ETag"]}'})
    assert (unchanged.status_code, unchanged.content, unchanged["ETag"]) == (304, b"", first["ETag"])


def test_feed_of_a_body_holds_all_its_duties_and_of_a_person_the_own_ones(story, owner, now):
    adopt_two(story)
    make_account(story.members[0])
    _feed, of_body = make_feed(actor=story.members[0], at=now, body=story.body)
    _feed, of_member = make_feed(actor=story.members[0], at=now)

    assert f"主题党日 · {story.body.name} 09-25" in events(of_body)
    assert b"VEVENT" not in read(of_member).content  # a member answers for nothing
    assert "刘丽萍".encode() not in read(of_body).content.replace(b"\r\n ", b"")


def test_feed_ends_with_what_its_owner_may_see(story, owner, now):
    clerk = story.clerk
    make_account(clerk)
    _feed, secret = make_feed(actor=clerk, at=now, body=story.body)
    assert read(secret).status_code == 200

    clerk.posts.update(valid_until=date(2026, 9, 1))

    assert read(secret).status_code == 404


def test_unknown_revoked_and_orphaned_addresses_are_not_there(story, owner, secret, now):
    assert read("0" * 32).status_code == 404
    assert Client().get("/calendar/feed/short.ics").status_code == 404
    feed = CalendarFeed.objects.get()
    story.lead.account.is_active = False
    story.lead.account.save()
    assert read(secret).status_code == 404
    story.lead.account.is_active = True
    story.lead.account.save()
    assert read(secret).status_code == 200
    revoke_feed(feed=feed, actor=owner, at=now)
    assert read(secret).status_code == 404
    with pytest.raises(Stale):
        revoke_feed(feed=feed, actor=owner, at=now)


def test_reading_is_noted_once_an_hour(secret, monkeypatch, now):
    read(secret)
    monkeypatch.setattr(timezone, "now", lambda: now + timedelta(minutes=59))
    read(secret)
    assert CalendarFeed.objects.get().read_at == now
    monkeypatch.setattr(timezone, "now", lambda: now + timedelta(minutes=60))
    read(secret)
    assert CalendarFeed.objects.get().read_at == now + timedelta(minutes=60)


def test_address_is_shown_once_and_kept_as_a_digest(story, lead, now):
    shown = lead.post(f"{FEEDS}make/")
    address = shown.context["fresh"]["address"]
    secret = address.rpartition("/")[2].removesuffix(".ics")

    assert shown["Cache-Control"] == "no-store"
    assert shown.context["fresh"]["webcal"] == f"webcal://testserver/calendar/feed/{secret}.ics"
    assert secret not in str(list(CalendarFeed.objects.values()))
    assert secret not in lead.get(FEEDS).content.decode()
    assert read(secret).status_code == 200


def test_one_address_a_calendar(story, owner, secret, lead, now):
    with pytest.raises(FeedThere):
        make_feed(actor=owner, at=now)
    assert lead.post(f"{FEEDS}make/")["Location"] == FEEDS
    lead.post(f"{FEEDS}make/", {"body": story.body.pk})
    assert CalendarFeed.objects.count() == 2


def test_feeds_are_made_of_what_one_may_see_and_revoked_by_their_owner(
    story, owner, secret, lead, stranger, member, now
):
    elsewhere = make_body("采油九队党支部")
    with pytest.raises(NotAllowed):
        make_feed(actor=make_person("外人"), at=now, body=story.body)
    for body in (elsewhere.pk, "²", "9" * 30):
        assert lead.post(f"{FEEDS}make/", {"body": body}).status_code == 404
    feed = CalendarFeed.objects.get()
    for browser in (stranger, member):
        assert browser.get(FEEDS).context["feeds"] == []
        assert browser.post(f"{FEEDS}{feed.pk}/revoke/").status_code == 404

    assert lead.post(f"{FEEDS}{feed.pk}/revoke/")["Location"] == FEEDS
    assert read(secret).status_code == 404


def test_administrators_have_no_feeds(administrator):
    assert administrator.get(FEEDS).status_code == 403
    assert administrator.post(f"{FEEDS}make/").status_code == 403


@pytest.mark.django_db(transaction=True)
def test_client_on_the_network_reads_it_and_is_told_when_nothing_changed(live_server, story, owner, now):
    adopt_two(story)
    _feed, secret = make_feed(actor=owner, at=now)
    place = urlsplit(live_server.url)

    def fetch(**headers: str):
        with closing(http.client.HTTPConnection(place.hostname, place.port, timeout=10)) as connection:
            sent = {"User-Agent": "iOS/17 dataaccessd", **headers}
            connection.request("GET", f"/calendar/feed/{secret}.ics", headers=sent)
            with closing(connection.getresponse()) as answer:
                return answer.status, answer.headers, answer.read()

    status, headers, content = fetch()
    again, _headers, nothing = fetch(**{"If-None-Match": headers["ETag"]})

    assert (status, headers["Content-Type"]) == (200, "text/calendar; charset=utf-8")
    assert vobject.readOne(content.decode()).vevent.summary.value
    assert "Set-Cookie" not in headers
    assert (again, nothing) == (304, b"")
