"""Pictures and ticks of an activity, a move taken back, reminders, themes: the less common acts through the API."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from ronghe.domain.rhythm.services.sign_in import tick_present
from tests.factories.campaigns import make_story, plan
from tests.factories.org import make_person
from tests.factories.rhythm import make_huddle, make_zone, photo, plan_meeting
from tests.factories.ways_in import Api

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today(monkeypatch, morning):
    monkeypatch.setattr(timezone, "now", lambda: morning)


def test_a_picture_is_added_and_a_tick_taken_back(morning):
    story = make_zone()
    huddle, lead = make_huddle(story, morning), Api(story.lead, "/rhythm")
    here = f"/activities/{huddle.pk}"
    picture = SimpleUploadedFile("现场.jpg", photo().content.read(), "image/jpeg")
    assert len(lead.upload(f"{here}/photos", photo=[picture]).json()["photos"]) == 1
    tick_present(activity=huddle, person=story.members[0], actor=story.lead, at=morning)
    assert Api(story.members[1], "/rhythm").post(f"{here}/untick", person=story.members[0].pk).status_code == 403
    assert lead.post(f"{here}/untick", person=story.members[0].pk).status_code == 204
    assert lead.post(f"{here}/untick", person=story.members[0].pk).status_code == 404
    assert Api(make_person("外人"), "/rhythm").post(f"{here}/untick", person=1).status_code == 404


def test_a_move_is_taken_back_and_all_reminders_read(morning):
    story = make_zone()
    meeting, lead = plan_meeting(story, morning), Api(story.lead, "")
    begins = meeting.scheduled_from
    assert lead.post(f"/calendar/activity/{meeting.pk}/move", day="2026-09-20", reason="停产").status_code == 204
    assert lead.post(f"/calendar/activity/{meeting.pk}/move-back").status_code == 204
    meeting.refresh_from_db()
    assert meeting.scheduled_from == begins
    assert lead.post("/reminders/read-all").json() == {"count": 0}


def test_a_theme_is_changed_takes_problems_up_and_is_withdrawn(morning):
    story = make_story()
    themed = plan(story, morning)
    own = Api(story.secretary, f"/rhythm/campaigns/themed/{themed.pk}")
    assert own.put("/theme", theme="production").json()["theme"] == "production"
    assert own.put("/theme", theme="nothing").status_code == 422
    due = "2026-09-30T18:00:00+08:00"
    assert own.post("/problems", problem="护栏松动", assignee=story.members[0].pk, due_at=due).status_code == 201
    task = themed.tasks.get().task_id
    assert own.delete(f"/tasks/{task}").status_code == 200
    assert own.put(f"/tasks/{task}").status_code == 200
    assert own.put("/tasks/999").status_code == 404
    assert Api(story.members[0], f"/rhythm/campaigns/themed/{themed.pk}").delete("/theme").status_code == 403
    assert own.delete("/theme").status_code == 204
