"""Evidence put aside, records looked for again, who briefs, and checks confirmed in one call."""

from __future__ import annotations

import pytest
from django.utils import timezone

from tests.factories.planning import QUARTER, check_of, make_agreed, make_field, make_gathering
from tests.factories.taskforces import make_running
from tests.factories.ways_in import Api

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today(monkeypatch, morning):
    monkeypatch.setattr(timezone, "now", lambda: morning)


def test_evidence_is_put_aside_and_records_looked_for_again(morning):
    field = make_field()
    plan, own = make_agreed(field, morning), Api(field.secretary, "/rhythm/plans")
    meeting = make_gathering(field, morning, topics=("杂项",))
    check = f"/checks/{check_of(plan, 'planned').pk}"
    own.post(f"{check}/evidence", activity=meeting.pk)
    chosen = check_of(plan, "planned").evidence.get().pk
    assert Api(field.member, "/rhythm/plans").delete(f"{check}/evidence/{chosen}").status_code == 403
    assert own.delete(f"{check}/evidence/{chosen}").status_code == 200
    assert own.delete(f"{check}/evidence/{chosen + 9}").status_code == 404
    assert own.post(f"/{plan.pk}/rounds/{QUARTER}/refresh").status_code == 200
    assert own.post(f"/{plan.pk}/rounds/1999Q1/refresh").status_code == 404


def test_who_briefs_is_named_before_the_meeting_and_checks_are_confirmed(morning):
    story = make_running(morning)
    own = Api(story.leader, "/rhythm/site-meetings")
    given = {"body": story.body.pk, "place": "1号站", "group": {"heading": "重要论述"}, "safety": {"text": "触电：断电"},
             "technical": {"text": "先断后接"}}  # fmt: skip
    chain = own.post("", **given).json()["id"]
    assert own.put(f"/{chain}/meetings/technical/briefer", person=story.members[0].pk).status_code == 200
    assert own.put(f"/{chain}/meetings/group/briefer", person=story.members[0].pk).status_code == 409
    assert own.put(f"/{chain}/meetings/technical/briefer", person=story.clerk.pk).status_code in (404, 409)
    assert own.post(f"/{chain}/meetings/group/confirm-checks").json() == {"confirmed": 0}
    other = Api(story.outsider, "/rhythm/site-meetings")
    assert other.post(f"/{chain}/meetings/group/confirm-checks").status_code == 404
