"""Topics, forms and attendance in depth over HTTP."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from ronghe.demo.models_shipped import playbook_named
from ronghe.domain.playbooks.services import adopt_playbook
from ronghe.domain.rhythm.enums import ActivityType
from ronghe.domain.rhythm.models import Attendance
from ronghe.domain.rhythm.services.agenda import add_agenda_item
from ronghe.domain.rhythm.services.codes import sign_in_code
from ronghe.domain.rhythm.services.sign_in import sign_in_with_code
from tests.factories.org import make_account, make_body, make_person
from tests.factories.rhythm import make_meeting, make_zone

pytestmark = pytest.mark.django_db
HERE = "/api/v1/rhythm"


def client_of(person) -> Client:
    client = Client()
    client.force_login(make_account(person))
    return client


@pytest.fixture
def story():
    story, now = make_zone(), timezone.now()
    adopt_playbook(
        body=story.body, playbook=playbook_named("daqing_zone"), since=now.date() - timedelta(days=40),
        actor=story.clerk, at=now - timedelta(days=40),
    )  # fmt: skip
    return story


@pytest.fixture
def lead(story):
    return client_of(story.lead)


@pytest.fixture
def check(story):
    return _held(story, ActivityType.CONTRACTOR_SAFETY_CHECK)


@pytest.fixture
def meeting(story):
    """Everybody in the zone is expected here, so everybody who signed in votes."""
    return _held(story, ActivityType.ALLIANCE_MEETING)


def _held(story, kind):
    now = timezone.now()
    held = make_meeting(story, now, activity_type=kind)
    for person in (story.lead, *story.members[:2]):
        sign_in_with_code(code=sign_in_code(held, at=now), actor=person, at=now)
    return held


def post(client, path, **body):
    return client.post(f"{HERE}{path}", body, content_type="application/json")


def put(client, path, **body):
    return client.put(f"{HERE}{path}", body, content_type="application/json")


def test_the_form_is_filled_in_and_the_record_closed(story, check, lead):
    here, line = f"/activities/{check.pk}", check.form.checks[0].id
    assert lead.get(f"{HERE}{here}/form").json()["missing"] == ["检查项目"]
    put(lead, f"{here}/checks/{line}", answer="concern", note="缺一份证")
    unsaid = put(lead, f"{here}/checks/{check.form.checks[1].id}", answer="concern")
    rest = post(lead, f"{here}/checks-fine")
    put(lead, f"{here}/figures/{check.form.figures[0].id}", value="3")
    wrong = put(lead, f"{here}/figures/{check.form.figures[0].id}", value="-3")
    put(lead, f"{here}/outcome", next_step="补证")
    number = add_agenda_item(activity=check, topic="五关", actor=story.lead, at=timezone.now()).number
    refused = post(lead, f"/activities/{check.pk}/topics/{number}/vote", method="oral", votes_for=9)

    form = lead.get(f"{HERE}{here}/form").json()
    closed = post(lead, f"{here}/close")

    assert (unsaid.json()["code"], wrong.json()["code"]) == ("problem_unsaid", "figure_refused")
    assert rest.json()["count"] == len(check.form.checks) - 1
    assert (form["missing"], form["next_step"], form["checks"][0]["note"]) == ([], "补证", "缺一份证")
    assert (refused.status_code, refused.json()["code"]) == (422, "more_votes_than_voters")
    assert (closed.status_code, closed.json()["missing"]) == (200, [])


def test_missing_pieces_are_refused_without_a_reason(story, check, lead):
    add_agenda_item(activity=check, topic="五关", actor=story.lead, at=timezone.now())
    refused = post(lead, f"/activities/{check.pk}/close")
    closed = post(lead, f"/activities/{check.pk}/close", without="停工")
    assert (refused.status_code, refused.json()["code"]) == (422, "pieces_missing")
    assert closed.json()["missing"] == ["检查项目"]


def test_a_topic_with_speech_dissent_vote_and_task(story, meeting, lead):
    item = add_agenda_item(activity=meeting, topic="五关", actor=story.lead, at=timezone.now())
    here, member = f"/activities/{meeting.pk}/topics/{item.number}", story.members[0]
    spoken = post(lead, f"{here}/speeches", person=member.pk, text="同意")
    post(lead, f"{here}/dissents", person=member.pk, text="应先公示")
    put(lead, here, topic="五关检查", notes="议过", decision="同意")
    voted = post(lead, f"{here}/vote", method="show_of_hands", votes_for=3)
    ballot = post(lead, f"{here}/ballot")
    matter = post(lead, f"{here}/matter", matter="election")

    topic = lead.get(f"{HERE}{here}").json()
    assert (spoken.status_code, topic["speeches"][0]["text"], topic["dissents"][0]["text"]) == (201, "同意", "应先公示")
    assert (topic["topic"], topic["decision"], voted.json()["votes_for"]) == ("五关检查", "同意", 3)
    assert (ballot.json()["code"], matter.json()["code"]) == ("voted_already", "voted_already")
    assert lead.delete(f"{HERE}{here}/speeches/{spoken.json()['id']}").status_code == 204
    assert lead.get(f"{HERE}/activities/{meeting.pk}/topics/9999").status_code == 404
    assert post(lead, f"{here}/speeches", person=987654, text="x").status_code == 404


def test_a_ballot_is_opened_from_a_topic(story, meeting, lead):
    item = add_agenda_item(activity=meeting, topic="五关", actor=story.lead, at=timezone.now())
    opened = post(lead, f"/activities/{meeting.pk}/topics/{item.number}/ballot")
    admitted = post(lead, f"/activities/{meeting.pk}/topics/{item.number}/ballot/admit")
    assert (opened.status_code, admitted.json()["count"]) == (201, 0)
    assert lead.get(f"{HERE}/activities/{meeting.pk}/topics/{item.number}").json()["ballot"] == opened.json()["ballot"]


def test_online_late_left_and_own_leave(story, check, lead):
    here, absent = f"/activities/{check.pk}", client_of(story.members[2])
    refused = post(absent, f"{here}/online/join")
    put(lead, f"{here}/online", on=True)
    assert post(absent, f"{here}/online/join").status_code == 204
    person = story.members[2].pk
    put(lead, f"{here}/attendances/{person}/late", on=True)
    put(lead, f"{here}/attendances/{person}/left", on=True)
    row = Attendance.objects.get(person=person)
    assert (refused.json()["code"], row.way, row.is_late, row.left_at is not None) == (
        "online_refused", "online", True, True,
    )  # fmt: skip
    assert post(absent, f"{here}/leaves/own", kind="sick").status_code in (409, 422)


def test_outlook_and_strangers(story, check, lead):
    asked = {"body": story.body.pk, "activity_type": "weekly_meeting", "day": "2026-09-18"}
    assert lead.get(f"{HERE}/outlook", asked).json() == {"met": [], "barred": []}
    stranger = client_of(make_person("外人", home=make_body("别的支部")))
    assert stranger.get(f"{HERE}/outlook", asked).status_code == 404
    assert stranger.get(f"{HERE}/activities/{check.pk}/form").status_code == 404
