"""Organization-life sessions through the API: the same acts as the pages, the same refusals."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import timezone

from ronghe.api.v1.orglife_shapes import LifeSessionAnswer, LifeSessionRow
from ronghe.domain.orglife.models import LifeSession
from ronghe.domain.orglife.selectors.members import to_rate
from tests.factories.org import make_account
from tests.factories.orglife import begin_meeting, fill_in, make_branch, make_told, place_of, vote

pytestmark = pytest.mark.django_db
HOME = "/api/v1/rhythm/org-life"


@pytest.fixture(autouse=True)
def _today(monkeypatch, morning):
    monkeypatch.setattr(timezone, "now", lambda: morning)


def client_of(person) -> Client:
    client = Client()
    client.force_login(person.account or make_account(person))
    return client


def get(actor, path):
    return client_of(actor).get(path)


def send(actor, path, how="post", **body):
    return getattr(client_of(actor), how)(path, body, content_type="application/json")


def test_a_session_goes_from_the_plan_to_the_objection(morning):
    story = make_branch()
    given = {
        "body": story.branch.pk, "year": 2026, "theme": "找差距", "chair": story.secretary.pk,
        "starts_at": "2026-09-28T06:00:00Z", "ends_at": "2026-09-28T09:00:00Z", "place": "会议室",
    }  # fmt: skip
    assert send(story.members[0], HOME, **given).status_code == 404
    made = send(story.secretary, HOME, **given)
    assert made.status_code == 201
    LifeSessionAnswer(**made.json())
    session = LifeSession.objects.get()
    path = f"{HOME}/{session.pk}"
    one = story.members[0]
    mine = place_of(session, one)
    assert send(one, f"{path}/statement", "put", text="对照").status_code == 204
    assert send(one, f"{path}/self", "put", grade="qualified", text="差距").status_code == 204
    ratings = [{"member": row.pk, "grade": "qualified"} for row in to_rate(mine)]
    assert send(one, f"{path}/ratings", "put", ratings=ratings[1:]).status_code == 422
    assert send(one, f"{path}/ratings", "put", ratings=ratings).status_code == 204
    assert send(one, f"{path}/opinions", text="多下站").status_code == 204
    fill_in(session, [person for person in story.everybody if person != one], morning)
    begin_meeting(session, story.everybody, morning)
    assert send(story.secretary, f"{path}/open").json()["present"] == 9
    vote(session, story.everybody, 2, morning)
    send(story.secretary, f"{path}/count")
    grade = f"{HOME}/members/{mine.pk}/grade"
    assert send(one, grade, "put", grade="excellent", reasons="好").status_code == 403
    assert send(story.secretary, grade, "put", grade="excellent", reasons="带头").status_code == 204
    hidden = get(one, path).json()["members"]
    assert [row["grade"] for row in hidden if row["person"]["name"] == one.name] == [""]
    send(story.secretary, f"{path}/rest")
    send(story.organizer, f"{path}/rest")
    told = send(story.secretary, f"{path}/tell").json()
    assert (told["state"], told["most_excellent"]) == ("told", 3)
    assert send(one, f"{HOME}/members/{mine.pk}/acknowledge").status_code == 204
    assert send(one, f"{HOME}/members/{mine.pk}/read").json()["reasons"] == "带头"
    other = place_of(session, story.members[1])
    assert send(story.members[1], f"{HOME}/members/{other.pk}/objection", text="复核").status_code == 204
    answered = send(story.secretary, f"{HOME}/members/{other.pk}/answer", is_upheld=False, answer="维持")
    assert answered.status_code == 204
    assert send(story.secretary, f"{path}/report").json()["reported_at"] is not None
    listed = send(
        story.secretary, f"{path}/corrections", level="branch", problem="下站少", measure="每周一次",
        due_at="2026-11-30T10:00:00Z", assignee=story.organizer.pk,
    ).json()["corrections"]  # fmt: skip
    carried = send(story.secretary, f"{path}/corrections/{listed[0]['id']}/carry", reason="明年")
    assert carried.json()["corrections"][0]["is_carried"] is True
    assert send(story.secretary, f"{path}/close").json()["code"] == "life_meeting_not_held"


def test_lists_hold_what_the_reader_may_see(morning):
    story, other = make_branch(), make_branch("别处党支部")
    make_told(story, morning)
    (row,) = get(story.clerk, HOME).json()["items"]
    LifeSessionRow(**row)
    assert (row["members"], row["graded"]) == (9, 8)
    assert get(other.members[0], HOME).json()["items"] == []
    over = get(story.clerk, f"{HOME}/overview?body={story.committee.pk}&year=2026").json()
    assert over[0]["grades"]["excellent"] == 1
    assert get(story.clerk, f"{HOME}/leaders?body={story.committee.pk}&year=2026").json() == []
    assert get(story.members[0], f"{HOME}/overview?body={story.committee.pk}&year=2026").status_code == 404
