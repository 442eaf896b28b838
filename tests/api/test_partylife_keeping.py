"""组织生活 through the API: what is taken back, changed, put right, and the register of red sites."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from ronghe.domain.partylife.models import BirthdayKeeping
from tests.factories.partylife import make_life, make_site
from tests.factories.rhythm import photo
from tests.factories.ways_in import Api

pytestmark = pytest.mark.django_db
HOME = "/rhythm/party-life"
FIGURES = {"member_goal": "40", "leader_goal": "64", "together_hour": "1", "lecture_half_day": "4", "off_job_day": "8",
           "online_cap": "20"}  # fmt: skip


@pytest.fixture(autouse=True)
def _today(monkeypatch, morning):
    monkeypatch.setattr(timezone, "now", lambda: morning)


@pytest.fixture
def life():
    return make_life()


def picture():
    return SimpleUploadedFile("现场.jpg", photo().content.read(), "image/jpeg")


def test_a_plan_to_talk_is_dropped_by_whoever_made_it(life):
    own = Api(life.secretary, HOME)
    plan = own.post("/talk-plans", other=life.officer.pk, day="2026-09-20").json()["id"]
    assert Api(life.officer, HOME).delete(f"/talk-plans/{plan}").status_code == 404
    assert own.delete(f"/talk-plans/{plan}").json()["id"] == plan
    assert own.delete(f"/talk-plans/{plan}").status_code in (404, 409)


def test_a_birthday_gets_a_picture_and_words_and_is_taken_back(life):
    own = Api(life.secretary, HOME)
    member = life.members[0]
    own.post("/birthdays", body=life.branch.pk, people=[member.pk], day="2026-09-14", way="card")
    here = f"/birthdays/records/{BirthdayKeeping.objects.get().pk}"
    assert own.upload(f"{here}/photos", photo=picture()).status_code == 200
    assert Api(member, HOME).put(f"{here}/people/{member.pk}/words", words="不忘初心").status_code == 200
    assert Api(life.members[1], HOME).put(f"{here}/people/{member.pk}/words", words="代写").status_code == 403
    assert own.post(f"{here}/void", reason="").status_code == 422
    assert own.post(f"{here}/void", reason="记错了人").status_code == 200
    assert (
        own.post("/birthdays", body=life.branch.pk, people=[member.pk], day="2026-09-14", way="card").status_code == 201
    )


def test_an_oath_is_taken_back(life):
    own = Api(life.secretary, HOME)
    people = [person.pk for person in life.members]
    made = own.post("/oaths", body=life.branch.pk, people=people, day="2026-09-14", kind="renewal",
                    led_by=life.secretary.pk).json()["id"]  # fmt: skip
    assert Api(life.members[0], HOME).post(f"/oaths/{made}/void", reason="不想").status_code == 403
    assert own.post(f"/oaths/{made}/void", reason="没有办成").json()["is_void"] is True
    assert own.post(f"/oaths/{made}/void", reason="又一次").status_code == 409


def test_a_red_site_is_closed_opened_visited_and_a_table_brought_in(life, morning):
    site = make_site(life, morning)
    clerk = Api(life.clerk, HOME)
    visit = {"body": life.branch.pk, "scheduled_from": "2026-09-20T09:00:00+08:00",
             "scheduled_until": "2026-09-20T12:00:00+08:00"}  # fmt: skip
    assert Api(life.secretary, HOME).post(f"/red-sites/{site.pk}/visit", **visit).status_code == 201
    assert clerk.post(f"/red-sites/{site.pk}/close", reason="修缮").status_code == 200
    assert Api(life.secretary, HOME).post(f"/red-sites/{site.pk}/visit", **visit).status_code == 409
    assert clerk.post(f"/red-sites/{site.pk}/open").status_code == 200
    assert Api(life.members[0], HOME).post(f"/red-sites/{site.pk}/close", reason="玩").status_code == 403
    table = SimpleUploadedFile("a.csv", "不是表头\n1\n".encode(), "text/csv")
    assert clerk.upload("/red-sites/import", table=table, body=life.committee.pk).status_code == 422
    assert clerk.put("/red-sites/near/zone-999", latitude="46.6", longitude="125.1").status_code == 404


def test_a_class_is_changed_gets_its_paper_is_dropped_and_restored(life):
    own = Api(life.secretary, HOME)
    line = own.post("/classes", body=life.branch.pk, topic="大庆会战", planned_on="2026-09-20",
                    teller=life.members[0].pk).json()["id"]  # fmt: skip
    changed = own.put(f"/classes/{line}", topic="铁人精神", planned_on="2026-09-27", teller=life.members[1].pk).json()
    assert (changed["topic"], changed["teller"]["id"]) == ("铁人精神", life.members[1].pk)
    assert own.upload(f"/classes/{line}/material", material=picture()).status_code == 200
    assert own.post(f"/classes/{line}/drop").status_code == 200
    assert own.post(f"/classes/{line}/restore").status_code == 200
    assert own.post(f"/classes/{line}/restore").status_code == 409
    assert Api(life.stranger, HOME).put(f"/classes/{line}", topic="x", planned_on="2026-09-27").status_code == 404


def test_hours_are_disputed_answered_withdrawn_and_their_rules_set(life):
    own, secretary, clerk = (Api(person, HOME) for person in (life.members[0], life.secretary, life.clerk))
    dispute = own.post("/study-disputes", text="少了一次党课").json()["id"]
    assert [row["id"] for row in secretary.get("/study-disputes").json()] == [dispute]
    assert own.post(f"/study-disputes/{dispute}/answer", is_upheld=True, answer="同意自己").status_code == 403
    assert (
        secretary.post(f"/study-disputes/{dispute}/answer", is_upheld=False, answer="已核对").json()["answer"]
        == "已核对"
    )
    assert (
        Api(life.stranger, HOME).post(f"/study-disputes/{dispute}/answer", is_upheld=True, answer="x").status_code
        == 404
    )
    said = {"valid_from": "2026-01-01", "basis": "教育培训规划"}
    assert clerk.put(f"/study-rules/{life.committee.pk}", **FIGURES, **said).json()["version"] == 1
    assert own.put(f"/study-rules/{life.committee.pk}", **FIGURES, **said).status_code == 404
