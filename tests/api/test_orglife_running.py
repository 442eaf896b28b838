"""组织生活会 through the API: arranged, prepared, voided, reviewed; and what is put down stays sealed."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from ronghe.kernel.access.models import Look
from tests.factories.orglife import begin_meeting, make_branch, make_marking, make_session, make_told, place_of
from tests.factories.rhythm import photo
from tests.factories.ways_in import Api

pytestmark = pytest.mark.django_db
HOME = "/rhythm/org-life"


@pytest.fixture(autouse=True)
def _today(monkeypatch, morning):
    monkeypatch.setattr(timezone, "now", lambda: morning)


@pytest.fixture
def story():
    return make_branch()


def test_a_session_is_prepared_with_words_or_a_file_and_called_off(story, morning):
    session, own = make_session(story, morning), Api(story.secretary, HOME)
    here = f"/{session.pk}"
    file = SimpleUploadedFile("座谈.jpg", photo().content.read(), "image/jpeg")
    assert own.upload(f"{here}/preparations", item="opinions", note="", file=file).status_code == 200
    assert own.upload(f"{here}/preparations", item="talks", note="").status_code == 422
    assert own.delete(f"{here}/preparations/opinions").status_code == 200
    assert own.post(f"{here}/refresh").status_code == 200
    assert own.post(f"{here}/meetings").status_code == 409
    assert own.put(f"{here}/study", study=999).status_code == 404
    assert Api(story.members[0], HOME).post(f"{here}/call-off", reason="不想开").status_code == 403
    assert own.post(f"{here}/call-off", reason="改期").json()["state"] == "called_off"


def test_who_is_let_off_takes_part_again_and_words_are_put_down(story, morning):
    session, own = make_session(story, morning), Api(story.secretary, HOME)
    member = place_of(session, story.members[0])
    own.put(f"/members/{member.pk}/exemption", reason="sick")
    assert own.post(f"/members/{member.pk}/take-in").status_code == 204
    assert place_of(session, story.members[0]).exemption == ""
    begin_meeting(session, story.everybody, morning)
    said = {"said_by": story.members[1].pk, "text": "抓得不紧"}
    answer = own.post(f"/members/{member.pk}/criticisms", **said)
    assert (answer.status_code, answer.content) == (204, b"")
    assert own.post(f"/members/{member.pk}/criticisms", **said | {"said_by": story.clerk.pk}).status_code == 404
    assert own.post(f"/members/{member.pk}/measure", kind="help", reasons="结对").status_code in (409, 422)


def test_marking_is_opened_to_late_comers_and_voided(story, morning):
    session, own = make_marking(story, morning), Api(story.secretary, HOME)
    assert own.post(f"/{session.pk}/admit").status_code == 200
    assert Api(story.clerk, HOME).post(f"/{session.pk}/stop", reason="名单错了").status_code in (403, 409)
    assert own.post(f"/{session.pk}/stop", reason="名单错了").status_code == 200


def test_the_list_is_looked_at_again(story, morning):
    session, own = make_told(story, morning), Api(story.secretary, HOME)
    assert own.post(f"/{session.pk}/review", note="").status_code in (409, 422)
    assert own.post(f"/{session.pk}/corrections/999/keep").status_code == 404
    assert Api(story.members[0], HOME).post(f"/{session.pk}/review", note="代写").status_code == 403


def test_measures_and_what_is_said_of_the_committee_are_read_on_the_record(story, morning):
    session = make_told(story, morning)
    row, looks = session.members.get(person=story.members[0]), Look.objects.count()
    secretary, member = Api(story.secretary, HOME), Api(story.members[0], HOME)
    assert secretary.post(f"/members/{row.pk}/measure/read").json() == {"kind": "", "reasons": ""}
    assert Look.objects.count() == looks
    assert secretary.post(f"/{session.pk}/opinions/read").json() == []
    assert Look.objects.count() == looks + 1
    assert member.post(f"/{session.pk}/opinions/read").status_code == 403
    assert Look.objects.count() == looks + 1
