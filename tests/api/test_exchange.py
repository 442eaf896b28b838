"""学习交流 through the API: the same acts as the pages, the same refusals."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import timezone

from ronghe.api.v1.exchange import StudyProgrammeAnswer, StudyProgrammeRow
from ronghe.api.v1.exchange_lectures import LectureAnswer, LectureRow
from ronghe.api.v1.exchange_pairs import MentorPairRow, PairAnswer
from ronghe.api.v1.exchange_visits import LearningVisitAnswer, LearningVisitRow, PracticeRow
from tests.factories.exchange import make_given, make_held, make_lecture, make_pair, make_running
from tests.factories.org import make_account

pytestmark = pytest.mark.django_db
HOME = "/api/v1/rhythm/exchange"


@pytest.fixture(autouse=True)
def _today(monkeypatch, morning):
    monkeypatch.setattr(timezone, "now", lambda: morning)


@pytest.fixture
def story(morning):
    return make_running(morning)


def client_of(person) -> Client:
    client = Client()
    client.force_login(person.account or make_account(person))
    return client


def get(actor, path):
    return client_of(actor).get(HOME + path)


def send(actor, path, method="post", **body):
    return getattr(client_of(actor), method)(HOME + path, body, content_type="application/json")


def test_a_programme_from_opening_to_planning(story):
    given = {"holder": "task_force", "holder_id": story.force.pk, "title": "攻关学习", "starts_on": "2026-09-01",
             "ends_on": "2026-12-31", "place": "攻关室"}  # fmt: skip
    assert send(story.members[0], "/programmes", **given).status_code == 403
    made = send(story.secretary, "/programmes", **given)
    assert made.status_code == 201
    path = f"/programmes/{made.json()['id']}"
    assert send(story.secretary, f"{path}/points/{story.points[0].pk}").json()["kind"] == "difficulty"
    line = send(
        story.secretary, f"{path}/lines", month="2026-10-01", kind="safety", topic="受限空间", preparer=story.leader.pk
    ).json()
    asked = send(story.members[0], f"/lines/{line['id']}/questions", text="监护人做什么？").json()
    assert send(story.leader, f"/lines/{line['id']}/questions/{asked['id']}", answer="看人").json()["answer"] == "看人"
    span = {"scheduled_from": "2026-10-08T09:00:00+08:00", "scheduled_until": "2026-10-08T10:00:00+08:00"}
    assert send(story.secretary, f"/lines/{line['id']}/plan", **span).json()["left_out"] == []
    refused = send(story.secretary, f"/lines/{line['id']}/plan", **span)
    assert (refused.status_code, refused.json()["code"]) == (409, "step_not_allowed")
    whole = StudyProgrammeAnswer(**get(story.members[1], path).json())
    assert [month.state for month in whole.months] == ["due", "planned", "upcoming", "upcoming"]
    assert StudyProgrammeRow(**get(story.secretary, "/programmes").json()["items"][0]).topics == 2
    assert get(story.outsider, path).status_code == 404
    assert get(story.secretary, f"{path}/print.pdf").status_code == 200
    assert send(story.secretary, f"{path}/end").json()["state"] == "ended"


def test_a_lecture_is_offered_wanted_and_rated(story, morning):
    given = {"title": "机封怎么换", "kind": "business", "minutes": 45, "audience": "维修班"}
    made = send(story.members[0], "/lectures", **given)
    assert made.status_code == 201
    path = f"/lectures/{made.json()['id']}"
    assert send(story.leader, f"{path}/want").json()["wanted"] == 1
    span = {"scheduled_from": "2026-10-08T09:00:00+08:00", "scheduled_until": "2026-10-08T10:00:00+08:00"}
    assert send(story.secretary, f"{path}/plan", body=story.branch.pk, place="会议室", **span).status_code == 201
    lecture = make_lecture(story, morning)
    session = make_given(lecture, story, morning, listeners=[story.leader])
    rated = send(story.leader, f"/lectures/{lecture.pk}/sessions/{session.pk}/rating", usefulness=5, clarity=4)
    assert LectureAnswer(**rated.json()).sessions[0].usefulness is None
    assert (
        send(story.guide, f"/lectures/{lecture.pk}/sessions/{session.pk}/rating", usefulness=5, clarity=4).status_code
        == 403
    )
    assert LectureRow(**get(story.leader, "/lectures?q=机封").json()["items"][0])
    assert send(story.members[0], f"{path}/withdraw").json()["state"] == "withdrawn"
    assert get(story.members[0], "/mine").json()["taught"] == 1


def test_a_pair_is_drafted_signed_and_reviewed(story, morning):
    pair = make_pair(story, morning)
    path = f"/pairs/{pair.pk}"
    assert MentorPairRow(**get(story.secretary, "/pairs?state=without").json()["items"][0]).state is None
    programme = {
        "starts_on": "2026-09-14", "until_on": "2027-09-13", "witness": story.secretary.pk,
        "goals": [{"what": "调校", "due_on": "2027-09-13", "unit": "台", "target": "12"},
                  {"what": "看图", "due_on": "2027-09-13"}],
    }  # fmt: skip
    assert send(pair.apprentice, f"{path}/programme", "put", **programme).status_code == 403
    assert send(pair.mentor, f"{path}/programme", "put", **programme).json()["state"] == "draft"
    digest = send(pair.mentor, f"{path}/submit").json()["digest"]
    for person in (pair.mentor, pair.apprentice, story.secretary):
        answer = send(person, f"{path}/sign", digest=digest)
    assert PairAnswer(**answer.json()).state == "running"
    assert send(pair.mentor, f"{path}/notes", kind="work", text="换表", day="2026-09-14").status_code == 204
    review = {"held_on": "2026-09-14", "mentor_word": "肯学", "apprentice_word": "会了", "figures": {"1": "12"}}
    done = send(story.secretary, f"{path}/reviews", **review)
    assert (done.status_code, done.json()["goals"][0]["is_met"]) == (201, True)
    assert get(pair.apprentice, f"{path}/agreement.pdf").status_code == 200
    assert get(story.outsider, path).status_code == 404


def test_a_visit_and_what_was_taken_home(story, morning):
    given = {"body": story.branch.pk, "direction": "benchmark", "day": "2026-09-14", "place": "信息站", "purpose": "学网关",
             "host_body": story.other.pk}  # fmt: skip
    made = send(story.secretary, "/visits", **given)
    assert made.status_code == 201
    path = f"/visits/{made.json()['id']}"
    assert send(story.secretary, f"{path}/hold", people=[999999]).status_code == 404
    assert send(story.secretary, f"{path}/hold", people=[story.leader.pk]).json()["state"] == "held"
    gap = send(story.secretary, f"{path}/benchmarks", indicator="完好率", better="up", ours="92.5", theirs="96")
    assert gap.json()["benchmarks"][0]["gap"] in ("3.5", "3.5000")
    line = gap.json()["benchmarks"][0]["id"]
    assert send(story.secretary, f"{path}/benchmarks/{line}", actual="97").json()["benchmarks"][0]["is_reached"] is True
    practice = send(story.secretary, f"{path}/practices", title="双人巡检", owner=story.leader.pk).json()
    home = f"/visits/practices/{practice['id']}"
    assert send(story.leader, f"{home}/result", outcome="partly").status_code == 422
    assert send(story.leader, f"{home}/result", outcome="adopted", said="漏检少了").json()["state"] == "adopted"
    assert send(story.leader, f"{home}/offer").json()["is_offered"] is True
    assert PracticeRow(**get(story.other_secretary, "/visits/practices?offered=true").json()["items"][0])
    assert get(story.secretary, "/visits/adoption").json()["rate"] in ("100.00", "100")
    assert send(story.leader, f"{home}/result", "delete").json()["state"] == "open"
    assert LearningVisitAnswer(**send(story.other_secretary, f"{path}/thanks", thanks="欢迎").json()).thanks == "欢迎"
    assert get(story.secretary, f"{path}/print.docx").status_code == 200
    assert LearningVisitRow(**get(story.secretary, "/visits").json()["items"][0]).taken == 1


def test_a_visit_becomes_an_activity_or_is_called_off(story):
    given = {"body": story.branch.pk, "direction": "invite_in", "day": "2026-09-20", "place": "会议室", "purpose": "请专家",
             "host_name": "刘教授"}  # fmt: skip
    first, second = (send(story.secretary, "/visits", **given).json()["id"] for _ in range(2))
    span = {"scheduled_from": "2026-09-20T09:00:00+08:00", "scheduled_until": "2026-09-20T12:00:00+08:00"}
    assert send(story.secretary, f"/visits/{first}/activity", **span).json()["activity"] is not None
    assert send(story.secretary, f"/visits/{second}/off").json()["state"] == "called_off"


def test_strangers_find_nothing(story, morning):
    visit = make_held(story, morning)
    assert get(story.outsider, f"/visits/{visit.pk}").status_code == 404
    for path in ("/programmes", "/lectures", "/pairs", "/visits", "/visits/practices"):
        assert get(story.outsider, path).json()["count"] == 0
