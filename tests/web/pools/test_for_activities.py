"""订资源: from the activity's page with its hours, back from the booking; moved and given up with the activity."""

from __future__ import annotations

from datetime import timedelta

import pytest
from click.testing import CliRunner
from django.test import Client
from django.urls import reverse

from ronghe.cli.main import cli
from ronghe.domain.pools.enums import ItemKind
from ronghe.domain.pools.models import Booking
from ronghe.domain.pools.services.items import offer_item
from ronghe.domain.rhythm.enums import ActivityType
from ronghe.domain.rhythm.selectors.bookings import bookings_open_for
from ronghe.domain.rhythm.services.activities import plan_activity
from ronghe.domain.rhythm.services.bookings import BookingsInTheWay, book_for_activity
from tests.factories.org import make_account, make_person
from tests.factories.pools import NINE, NOW, booked, make_pool

pytestmark = pytest.mark.django_db


@pytest.fixture
def story(now):
    story = make_pool(capacity=2)
    story.zone.lead.unit = story.host.side.unit
    story.zone.lead.save()
    return story


@pytest.fixture
def meeting(story):
    return plan_activity(
        activity_type=ActivityType.WEEKLY_MEETING, body=story.zone.body, place="活动板房", scheduled_from=NINE,
        scheduled_until=NINE + timedelta(hours=1), actor=story.zone.lead, at=NOW,
    )  # fmt: skip


def test_it_is_booked_with_the_hours_filled_in_and_leads_back(story, meeting, as_person):
    lead, path = as_person(story.zone.lead), f"/rhythm/activities/{meeting.pk}/"
    form = lead.get(path).context["booking_form"]
    assert [form[name].value().hour for name in ("starts_at", "ends_at")] == [9, 10]

    lead.post(f"{path}book/", {
        "item": story.item.pk, "quantity": 1, "starts_at": "2026-09-14T09:00", "ends_at": "2026-09-14T10:00",
    })  # fmt: skip

    assert Booking.objects.get().state == "approved"
    assert "活动板房" in lead.get(path).content.decode()
    assert path in lead.get(f"/pools/{story.item.pk}/").content.decode()
    refused = lead.post(f"{path}book/", {
        "item": story.item.pk, "quantity": 2, "starts_at": "2026-09-14T09:00", "ends_at": "2026-09-14T10:00",
    })  # fmt: skip
    assert refused.status_code == 422

    lead.post(f"{path}off/", {"reason": "停工"})
    assert Booking.objects.get().state == "cancelled"


def test_the_api_and_the_command_book_for_it_too(story, meeting):
    client = Client()
    client.force_login(make_account(story.zone.lead, "liulp"))
    path = f"/api/v1/rhythm/activities/{meeting.pk}/bookings"
    made = client.post(path, {"item": story.item.pk}, content_type="application/json")
    assert (made.status_code, made.json()["state"]) == (201, "approved")
    said = CliRunner().invoke(cli, ["--as", "liulp", "pool", "book", str(story.item.pk), "--for", str(meeting.pk)])
    assert said.exit_code == 0, said.output
    assert len(client.get(path).json()) == 2
    off = CliRunner().invoke(cli, ["--as", "liulp", "huddle", "off", str(meeting.pk), "--reason", "停工"])
    assert off.exit_code == 0
    assert {row.state for row in Booking.objects.all()} == {"cancelled"}


def test_closures_from_the_command_line(story):
    make_account(story.zone.lead, "liulp")
    number = str(story.item.pk)
    runner = CliRunner()
    assert "停用" in runner.invoke(
        cli, ["--as", "liulp", "pool", "close", number, "2026-10-01", "2026-10-07", "--reason", "检修"]
    ).output  # fmt: skip
    assert "2026-10-01 — 2026-10-07  检修" in runner.invoke(cli, ["--as", "liulp", "pool", "closures", number]).output
    offered = runner.invoke(
        cli, ["--as", "liulp", "pool", "offer", "吊车", "--kind", "vehicle", "--part", story.host.key]
    )
    assert "可以预订了" in offered.output
    assert "已收回" in runner.invoke(cli, ["--as", "liulp", "pool", "withdraw", number]).output


AFTERNOON = {"scheduled_from": "2026-09-14T14:00", "scheduled_until": "2026-09-14T15:00"}


def taken_in_the_afternoon(story, meeting):
    """The room goes with the meeting, unless both of it are gone by then."""
    booking = book_for_activity(activity=meeting, item=story.item, actor=story.zone.lead, at=NOW)
    booked(story, start=5, quantity=2)
    other = offer_item(part=story.host, kind=ItemKind.ROOM, title="二号会议室", actor=story.zone.lead, at=NOW)
    return booking, other


def test_before_the_move_the_page_says_what_goes_along_and_what_cannot(story, meeting, as_person):
    lead, path = as_person(story.zone.lead), f"/rhythm/activities/{meeting.pk}/"
    booking, _other = taken_in_the_afternoon(story, meeting)
    assert "订的资源跟着改" in lead.get(path).content.decode()
    asked = f"{path}move/bookings/"
    evening = {"scheduled_from": "2026-09-14T16:30", "scheduled_until": "2026-09-14T17:30"}
    assert "一起改到" in lead.get(asked, evening).content.decode()
    shown = lead.get(asked, AFTERNOON).content.decode()
    for words in ("施工员已订", "改订“二号会议室", "不要了"):
        assert words in shown
    for nonsense in ({}, {"scheduled_from": "x"}, AFTERNOON | {"scheduled_until": "2026-09-14T13:00"}):
        assert "施工员" not in lead.get(asked, nonsense).content.decode()
    reader = as_person(story.borrower)
    assert "施工员" not in reader.get(asked, AFTERNOON).content.decode()
    assert as_person(make_person()).get(asked, AFTERNOON).status_code == 404
    assert Booking.objects.get(pk=booking.pk).starts_at == NINE


@pytest.mark.parametrize("choice", ["none", "other"])
def test_who_moves_says_what_becomes_of_what_is_taken(story, meeting, as_person, choice):
    lead, path = as_person(story.zone.lead), f"/rhythm/activities/{meeting.pk}/"
    booking, other = taken_in_the_afternoon(story, meeting)
    sent = AFTERNOON | {"reason": "对方来不了"}
    undecided = lead.post(f"{path}move/", sent)
    assert undecided.status_code == 422
    assert "请选怎么办" in undecided.content.decode()
    assert lead.post(f"{path}move/", sent | {f"booking_{booking.pk}": "999"}).status_code == 422

    word = "none" if choice == "none" else str(other.pk)
    assert lead.post(f"{path}move/", sent | {f"booking_{booking.pk}": word}).status_code == 302

    meeting.refresh_from_db()
    assert meeting.scheduled_from == NINE + timedelta(hours=5)
    kept = [row.item.title for row in bookings_open_for(meeting)]
    assert kept == ([] if choice == "none" else ["二号会议室"])


def test_the_calendar_does_not_move_it_over_what_is_taken(story, meeting, as_person):
    book_for_activity(activity=meeting, item=story.item, actor=story.zone.lead, at=NOW)
    booked(story, start=24, quantity=2)
    lead = as_person(story.zone.lead)
    sent = lead.post(reverse("web:calendar_move", args=["activity", meeting.pk]), {"day": "2026-09-15"}, follow=True)
    assert "活动板房：施工员已订" in sent.content.decode()
    meeting.refresh_from_db()
    assert meeting.day == NOW.date()


def test_the_api_foresees_and_moves(story, meeting):
    client = Client()
    client.force_login(make_account(story.zone.lead, "liulp"))
    booking, other = taken_in_the_afternoon(story, meeting)
    path = f"/api/v1/rhythm/activities/{meeting.pk}"
    hours = {"scheduled_from": "2026-09-14T14:00:00+08:00", "scheduled_until": "2026-09-14T15:00:00+08:00"}
    (told,) = client.get(f"{path}/bookings/foreseen", hours).json()
    assert (told["booking"]["id"], told["instead"]) == (booking.pk, [{"id": other.pk, "name": "二号会议室"}])
    wanted = hours | {"reason": "对方来不了"}
    refused = client.post(f"{path}/move", wanted, content_type="application/json")
    assert (refused.status_code, refused.json()["code"]) == (409, "bookings_in_the_way")
    for nothing in ({"instead": [{"booking": booking.pk, "item": 10**9}]}, {"without": [10**9]}):
        assert client.post(f"{path}/move", wanted | nothing, content_type="application/json").status_code == 404
    instead = {"instead": [{"booking": booking.pk, "item": other.pk}]}
    assert client.post(f"{path}/move", wanted | instead, content_type="application/json").status_code == 200
    assert [row.item_id for row in bookings_open_for(meeting)] == [other.pk]


def test_the_command_line_foresees_and_moves(story, meeting):
    make_account(story.zone.lead, "liulp")
    booking, other = taken_in_the_afternoon(story, meeting)
    move = [
        "--as",
        "liulp",
        "huddle",
        "move",
        str(meeting.pk),
        "--from",
        "2026-09-14 14:00",
        "--until",
        "2026-09-14 15:00",
    ]
    foreseen = CliRunner().invoke(cli, [*move, "--foresee"])
    assert f"可改订 {other.pk}  二号会议室" in foreseen.output
    refused = CliRunner().invoke(cli, [*move, "--reason", "对方来不了"])
    assert isinstance(refused.exception, BookingsInTheWay)
    assert CliRunner().invoke(cli, [*move, "--reason", "x", "--instead", "nonsense"]).exit_code == 2
    moved = CliRunner().invoke(cli, [*move, "--reason", "对方来不了", "--without", str(booking.pk)])
    assert moved.exit_code == 0, moved.output
    assert not bookings_open_for(meeting)
