from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from ronghe.domain.org.enums import PostRole
from ronghe.domain.rhythm.enums import ActivityType
from ronghe.domain.rhythm.models import Activity, Attendance
from ronghe.domain.rhythm.services.closing import close_activity
from ronghe.domain.rhythm.services.codes import member_card, sign_in_code
from ronghe.domain.rhythm.services.sign_in import sign_in_with_code
from ronghe.domain.work.models import Task
from tests.factories.org import make_account, make_person, make_post
from tests.factories.rhythm import make_huddle, make_meeting, make_zone

pytestmark = pytest.mark.django_db

HERE = "/api/v1/rhythm"


def client_of(person) -> Client:
    client = Client()
    client.force_login(person.account or make_account(person))
    return client


def send(client, path, **body):
    return client.post(f"{HERE}{path}", body, content_type="application/json")


@pytest.fixture
def story():
    return make_zone()


@pytest.fixture
def lead(story):
    return client_of(story.lead)


@pytest.fixture
def huddle(story):
    return make_huddle(story, timezone.now())


def test_a_whole_morning_through_the_api(story, lead):
    opened = send(lead, "/huddles", body=story.body.pk, activity_type="morning_huddle")
    assert opened.status_code == 201
    here = f"/activities/{opened.json()['id']}"
    code = lead.get(f"{HERE}{here}/code").json()["code"]
    first, second, third = story.members

    own = send(client_of(first), "/sign-ins", code=code)
    card = send(lead, f"{here}/cards", card=member_card(second))
    ticked = send(lead, f"{here}/ticks", person=third.pk)
    away = send(client_of(story.lead), f"{here}/leaves", person=story.lead.pk, kind="training")
    due = (timezone.now() + timedelta(hours=9)).isoformat()
    item = send(lead, f"{here}/agenda", topic="3号沟积水", assignee=first.pk, due_at=due)
    closed = send(lead, f"{here}/close")

    assert [answer.status_code for answer in (own, card, ticked, away, item, closed)] == [200, 200, 200, 200, 201, 200]
    assert [answer.json()["counts_as_signature"] for answer in (own, card, ticked)] == [True, True, False]
    assert ticked.json()["recorded_by"] == {"id": story.lead.pk, "name": "刘丽萍"}
    assert item.json()["task"]["assignee"]["name"] == first.name
    assert Task.objects.get().zone == story.zone
    assert closed.json()["tally"] == {
        "expected": 4, "present": 3, "signed": 2, "on_leave": 1, "absent": 0, "guests": 0,
    }  # fmt: skip
    assert (closed.json()["activity"]["state"], closed.json()["met"]) == ("closed", [])
    record = lead.get(f"{HERE}{here}").json()
    assert [row["person"]["name"] for row in record["attended"]] == [first.name, second.name, third.name]
    assert [(row["status"], row["leave_kind"]) for row in record["away"]] == [("leave", "training")]
    assert [row["topic"] for row in record["agenda"]] == ["3号沟积水"]


def test_list_shows_what_is_seen_latest_first(story, lead, huddle):
    sign_in_with_code(code=sign_in_code(huddle, at=timezone.now()), actor=story.members[0], at=timezone.now())
    other = make_zone(name="别处", plant_name="别厂")
    make_huddle(other, timezone.now())

    answer = lead.get(f"{HERE}/activities").json()

    assert (answer["count"], answer["is_more"], answer["page"], answer["pages"]) == (1, False, 1, 1)
    [row] = answer["items"]
    assert (row["id"], row["title"], row["came_count"]) == (huddle.pk, "早碰头", 1)
    assert row["body"] == {"id": story.body.pk, "name": story.body.name}


def test_list_filters_by_type_state_and_body(story, lead, huddle):
    make_meeting(story, timezone.now(), activity_type=ActivityType.THEME_PARTY_DAY)

    def titles(**filters):
        return [row["title"] for row in lead.get(f"{HERE}/activities", filters).json()["items"]]

    assert titles(activity_type="theme_party_day") == ["主题党日"]
    assert titles(state="closed") == []
    assert titles(body=story.body.pk, state="open") == ["主题党日", "早碰头"]


@pytest.mark.parametrize("rows", [1, 3])
def test_list_takes_five_statements_for_one_row_and_for_three(story, lead, rows, django_assert_num_queries):
    for activity_type in list(ActivityType)[:rows]:
        make_meeting(story, timezone.now(), activity_type=activity_type)
    lead.get(f"{HERE}/activities")

    with django_assert_num_queries(5):
        assert len(lead.get(f"{HERE}/activities").json()["items"]) == rows


def test_sign_in_takes_at_most_eight_statements(story, huddle, django_assert_max_num_queries):
    client = client_of(story.members[0])
    client.get("/api/v1/me")
    code = sign_in_code(huddle, at=timezone.now())

    with django_assert_max_num_queries(8):
        assert send(client, "/sign-ins", code=code).status_code == 200


def test_what_is_not_seen_is_not_there(story, huddle):
    stranger = client_of(make_person("赵六"))

    assert stranger.get(f"{HERE}/activities/{huddle.pk}").status_code == 404
    assert send(stranger, f"/activities/{huddle.pk}/close").json()["code"] == "not_found"
    assert send(stranger, "/huddles", body=story.body.pk).status_code == 404
    assert stranger.get(f"{HERE}/activities").json()["items"] == []


def test_nobody_comes_in_without_logging_in(huddle):
    assert Client().get(f"{HERE}/activities").status_code == 401
    assert send(Client(), "/sign-ins", code="x").status_code == 401


def test_member_sees_and_may_not(story, huddle):
    member = client_of(story.members[0])

    refused = [
        send(member, f"/activities/{huddle.pk}/close"),
        send(member, f"/activities/{huddle.pk}/ticks", person=story.members[1].pk),
        send(member, f"/activities/{huddle.pk}/agenda", topic="x"),
        send(member, "/huddles", body=story.body.pk, activity_type="evening_huddle"),
        member.get(f"{HERE}/activities/{huddle.pk}/code"),
    ]

    assert [(answer.status_code, answer.json()["code"]) for answer in refused] == [(403, "not_allowed")] * 5


def test_refusals_carry_code_sentence_and_status(story, lead, huddle):
    again = send(lead, "/huddles", body=story.body.pk)
    empty = send(lead, f"/activities/{huddle.pk}/close")
    forged = send(lead, "/sign-ins", code="1.2:x")
    late = send(lead, f"/activities/{huddle.pk}/agenda", topic="x", assignee=story.lead.pk,
                due_at="2020-01-01T00:00:00+08:00")  # fmt: skip
    lecture = make_meeting(story, timezone.now(), activity_type=ActivityType.PARTY_LECTURE)
    ticked = send(lead, f"/activities/{lecture.pk}/ticks", person=story.members[0].pk)

    assert [(answer.status_code, answer.json()["code"]) for answer in (again, empty, forged, late, ticked)] == [
        (409, "huddle_already_there"), (409, "nobody_came"), (422, "code_refused"), (422, "deadline_past"),
        (409, "ticking_refused"),
    ]  # fmt: skip
    assert "本人签到" in ticked.json()["detail"]


def test_expired_code_is_refused(story, huddle):
    code = sign_in_code(huddle, at=timezone.now() - timedelta(minutes=3))

    answer = send(client_of(story.members[0]), "/sign-ins", code=code)

    assert (answer.status_code, answer.json()["code"], Attendance.objects.count()) == (409, "code_expired", 0)


def test_misshapen_requests_name_their_fields(lead, story, huddle):
    answer = send(lead, "/huddles", body="x", activity_type="tea")
    without_zone = send(lead, f"/activities/{huddle.pk}/agenda", topic="x", due_at="2030-01-01T00:00:00")

    assert answer.status_code == 422
    assert sorted(answer.json()["fields"]) == ["body.wanted.activity_type", "body.wanted.body"]
    assert list(without_zone.json()["fields"]) == ["body.wanted.due_at"]


def test_person_out_of_sight_is_not_named(story, huddle, lead):
    hidden = make_person("外单位的人")

    assert send(lead, f"/activities/{huddle.pk}/ticks", person=hidden.pk).status_code == 404


def test_correction_is_added_to_a_closed_record(story, lead, huddle):
    now = timezone.now()
    sign_in_with_code(code=sign_in_code(huddle, at=now), actor=story.lead, at=now)
    assert send(lead, f"/activities/{huddle.pk}/corrections", text="x").json()["code"] == "nothing_to_correct"
    close_activity(activity=Activity.objects.get(), actor=story.lead, at=now)

    answer = send(lead, f"/activities/{huddle.pk}/corrections", text="漏记", kind="came", person=story.members[0].pk)

    assert (answer.status_code, answer.json()["person"]["name"]) == (201, story.members[0].name)
    assert [row["kind"] for row in lead.get(f"{HERE}/activities/{huddle.pk}").json()["corrections"]] == ["came"]


def test_planned_activity_is_opened(story, lead):
    from ronghe.domain.rhythm.services.activities import plan_activity

    now = timezone.now()
    planned = plan_activity(
        activity_type=ActivityType.THEME_PARTY_DAY, body=story.body, place="x", scheduled_from=now,
        scheduled_until=now + timedelta(hours=1), actor=story.lead, at=now,
    )  # fmt: skip

    assert send(lead, f"/activities/{planned.pk}/open").json()["state"] == "open"
    assert send(lead, f"/activities/{planned.pk}/open").json()["code"] == "step_not_allowed"


@pytest.mark.parametrize(("form", "begins"), [("pdf", b"%PDF"), ("docx", b"PK")])
def test_record_comes_as_an_official_document(lead, huddle, form, begins):
    assert lead.get(f"/api/v1/rhythm/activities/{huddle.pk}/record.{form}").content.startswith(begins)


def test_record_has_two_forms_and_no_third(lead, huddle):
    assert lead.get(f"/api/v1/rhythm/activities/{huddle.pk}/record.odt").status_code == 422


def test_the_clerk_plans_over_the_api_and_names_the_chair(story):
    clerk = client_of(story.clerk)
    window = {"scheduled_from": "2099-09-16T15:00:00+08:00", "scheduled_until": "2099-09-16T16:00:00+08:00"}
    planned = send(
        clerk, "/activities", body=story.committee.pk, activity_type="party_committee_meeting", place="二楼", **window
    )
    assert planned.status_code == 201
    deputy = make_person("马会军")
    make_post(deputy, PostRole.DEPUTY_SECRETARY, body=story.committee)

    path = f"{HERE}/activities/{planned.json()['id']}/chair"
    named = clerk.put(path, {"person": deputy.pk}, content_type="application/json")

    assert named.json() == {"id": deputy.pk, "name": "马会军"}
    assert clerk.put(path, {"person": 10**9}, content_type="application/json").status_code == 404
