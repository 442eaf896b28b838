"""述职评议 through the API: reporters, the meeting, voiding the marks, and the answer to an objection."""

from __future__ import annotations

import pytest
from django.utils import timezone

from ronghe.domain.hearings.models import Hearing
from ronghe.domain.hearings.services.reporting import object_to_result
from tests.factories.hearings import make_counted, make_field, make_hearing, reporter_of
from tests.factories.ways_in import Api

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today(monkeypatch, morning):
    monkeypatch.setattr(timezone, "now", lambda: morning)


@pytest.fixture
def story():
    return make_field()


def test_reporters_are_left_out_and_come_back_at_the_end(story, morning):
    hearing, clerk = make_hearing(story, morning), Api(story.field.clerk, "/hearings")
    first, second, third = (person.pk for person in story.secretaries)
    clerk.put(f"/{hearing.pk}/reporters", people=[second, third])
    named = clerk.put(f"/{hearing.pk}/reporters", people=[first, second, third]).json()["reporters"]
    assert [row["person"]["id"] for row in named] == [second, third, first]
    assert clerk.put(f"/{hearing.pk}/reporters", people=[story.field.deputy.pk]).status_code in (409, 422)
    assert Api(story.workers[0], "/hearings").put(f"/{hearing.pk}/reporters", people=[first]).status_code == 404


def test_a_meeting_that_a_clerk_above_left_open_is_arranged_once(story, morning):
    hearing, clerk = make_hearing(story, morning), Api(story.field.clerk, "/hearings")
    Hearing.objects.update(activity=None)
    assert clerk.post(f"/{hearing.pk}/meeting").status_code == 200
    assert Hearing.objects.get().activity is not None
    assert clerk.post(f"/{hearing.pk}/meeting").status_code == 409
    assert clerk.post(f"/{hearing.pk}/call-off", reason="改期").json()["state"] == "called_off"


def test_marks_are_voided_with_a_reason(story, morning):
    hearing, clerk = make_hearing(story, morning), Api(story.field.clerk, "/hearings")
    clerk.post(f"/{hearing.pk}/open")
    assert clerk.post(f"/{hearing.pk}/stop", reason="").status_code == 422
    assert Api(story.field.auditor, "/hearings").post(f"/{hearing.pk}/stop", reason="名单错了").status_code == 403
    assert clerk.post(f"/{hearing.pk}/stop", reason="名单错了").json()["state"] == "planned"


def test_an_objection_is_answered_by_somebody_else(story, morning):
    hearing = make_counted(story, morning)
    row = reporter_of(hearing, story.secretaries[2])
    clerk, own = Api(story.field.clerk, "/hearings"), Api(story.secretaries[2], "/hearings")
    path = f"/reporters/{row.pk}/objection/answer"
    assert clerk.post(path, is_upheld=False, answer="没有异议").status_code == 404
    object_to_result(reporter=row, text="请复核", actor=story.secretaries[2], at=morning)
    assert own.post(path, is_upheld=True, answer="同意自己").status_code in (403, 409)
    answered = clerk.post(path, is_upheld=False, answer="复核无误").json()
    assert answered["objection"] == {"text": "请复核", "state": "dismissed", "answer": "复核无误"}
    assert clerk.post(path, is_upheld=True, answer="又答").status_code == 409
