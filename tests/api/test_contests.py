"""劳动竞赛 through the API: opened, judged, entered, closed and awarded."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from ronghe.domain.contests.enums import EntryKind
from tests.factories.contests import COUNTED, accepted, make_contest, make_field, make_prize
from tests.factories.ways_in import Api

pytestmark = pytest.mark.django_db
HOME = "/honours/contests"


@pytest.fixture(autouse=True)
def _today(monkeypatch, morning):
    monkeypatch.setattr(timezone, "now", lambda: morning)


@pytest.fixture
def story():
    return make_field()


def test_a_contest_is_opened_judged_and_called_off(story, morning):
    clerk, judge, member = Api(story.clerk, HOME), Api(story.field.member, HOME), Api(story.members[0], HOME)
    given = {
        "body": story.committee.pk, "name": "百日上产", "starts_on": "2026-09-01", "ends_on": "2026-09-30",
        "heads": [{"words": "比干劲", "weight": 60, "figure": "tasks"}, {"words": "比技能", "weight": 40}],
        "bodies": [branch.pk for branch in story.branches], "judges": [story.field.member.pk, story.field.auditor.pk],
    }  # fmt: skip
    assert member.post(**given).status_code == 404
    made = clerk.post(**given).json()
    assert [row["name"] for row in made["standings"]] == sorted(branch.name for branch in story.branches)
    entry, head = made["standings"][0]["id"], made["heads"][1]["id"]
    marks = {"head": head, "marks": [{"entry": entry, "points": "91.5"}]}
    assert member.post(f"/{made['id']}/judge", **marks).status_code == 403
    assert judge.post(f"/{made['id']}/judge", **marks).status_code == 200
    assert member.get(f"/{made['id']}").json()["standings"][0]["cells"][1]["points"] is None
    assert {row["code"] for row in member.get("/figures").json()} > {"tasks", "huddles"}
    assert member.post(f"/{made['id']}/call-off", reason="停").status_code == 403
    assert clerk.post(f"/{made['id']}/call-off", reason="停产").json()["state"] == "called_off"
    assert member.get("?state=called_off").json()["count"] == 1


def test_people_enter_and_the_best_is_awarded(story, morning, monkeypatch):
    people = make_contest(story, morning, entry_kind=EntryKind.PERSON, heads=COUNTED)
    member = Api(story.members[0], HOME)
    assert len(member.post(f"/{people.pk}/join").json()["standings"]) == 1
    assert member.post(f"/{people.pk}/leave").json()["standings"] == []
    contest = make_contest(story, morning, heads=COUNTED, title=make_prize(story, morning))
    accepted(story.members[0], morning)
    clerk = Api(story.clerk, HOME)
    assert clerk.post(f"/{contest.pk}/close").status_code == 409
    monkeypatch.setattr(timezone, "now", lambda: morning + timedelta(days=20))
    assert clerk.post(f"/{contest.pk}/close").json()["state"] == "closed"
    done = clerk.post(f"/{contest.pk}/award", document_number="1号").json()
    assert (done["state"], done["standings"][0]["honour"] is not None) == ("awarded", True)
