"""组织生活 through the API: the same acts as the pages, the same refusals, and never what was said."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import timezone

from ronghe.api.v1.partylife import LifeTalkRow
from ronghe.api.v1.partylife_hours import StudyEntryRow
from ronghe.api.v1.partylife_keeping import LifeOathRow
from ronghe.api.v1.partylife_sites import LifeClassRow, RedSiteRow
from ronghe.kernel.access.models import Look
from tests.factories.org import make_account
from tests.factories.partylife import make_gathering, make_life, make_site, make_talk

pytestmark = pytest.mark.django_db
HOME = "/api/v1/rhythm/party-life"
DAY = "2026-09-14"


@pytest.fixture(autouse=True)
def _today(monkeypatch, morning):
    monkeypatch.setattr(timezone, "now", lambda: morning)


@pytest.fixture
def life(morning):
    return make_life()


def client_of(person) -> Client:
    client = Client()
    client.force_login(person.account or make_account(person))
    return client


def get(actor, path):
    return client_of(actor).get(HOME + path)


def post(actor, path, **body):
    return client_of(actor).post(HOME + path, body, content_type="application/json")


def test_a_talk_is_recorded_confirmed_and_never_told_with_its_words(life, morning):
    made = post(life.secretary, "/talks", other=life.members[0].pk, day=DAY, topics=["family"], text="家里困难")
    assert made.status_code == 201
    assert "family" not in made.content.decode()
    assert "家里" not in get(life.members[0], "/talks").content.decode()
    number = made.json()["id"]
    assert post(life.officer, f"/talks/{number}/confirm").status_code == 403
    assert post(life.members[0], f"/talks/{number}/confirm").json()["state"] == "confirmed"
    assert post(life.secretary, f"/talks/{number}/void", doubt="twice").json()["state"] == "voided"
    assert post(life.secretary, "/talks", other=life.stranger.pk, day=DAY).status_code == 404
    LifeTalkRow.model_validate(get(life.clerk, "/talks").json()["items"][0])


def test_pairs_next_and_plans(life, morning):
    talk = make_talk(life.secretary, life.members[0], morning)
    assert post(life.members[0], f"/talks/{talk.pk}/decline", doubt="not_held").json()["state"] == "declined"
    found = get(life.secretary, f"/pairs/{life.branch.pk}").json()
    assert (found["met"], found["total"], len(found["missing"])) == (0, 7, 7)
    assert get(life.members[0], f"/pairs/{life.branch.pk}").status_code == 404
    assert len(get(life.secretary, "/talks/next").json()) == 4
    assert post(life.secretary, "/talk-plans", other=life.officer.pk, day="2026-09-20").status_code == 201


def test_birthdays_and_oaths(life, morning):
    people = [person.pk for person in life.members]
    assert [row["years"] for row in get(life.secretary, f"/birthdays/{life.branch.pk}").json()] == [14, 10, 20]
    given = {"body": life.branch.pk, "people": people, "day": DAY}
    assert post(life.secretary, "/birthdays", way="card", **given).status_code == 201
    assert post(life.secretary, "/birthdays", way="card", **given).status_code == 409
    oath = {**given, "kind": "renewal", "led_by": life.secretary.pk}
    assert post(life.secretary, "/oaths", **oath).status_code == 201
    assert post(life.secretary, "/oaths", **{**oath, "kind": "admission"}).status_code == 422
    LifeOathRow.model_validate(get(life.members[0], "/oaths").json()["items"][0])


def test_sites_and_classes(life, morning):
    site = make_site(life, morning)
    RedSiteRow.model_validate(get(life.stranger, "/red-sites").json()["items"][0])
    given = {"body": life.committee.pk, "name": "旧址", "kind": "former_site"}
    assert post(life.clerk, "/red-sites", **given).status_code == 201
    assert post(life.clerk, "/red-sites", **given).status_code == 409
    assert post(life.members[0], "/red-sites", **given).status_code == 404
    assert post(life.members[0], f"/red-sites/{site.pk}/stars", stars=5).status_code == 403
    assert get(life.clerk, "/red-sites/near/zone-1").json() == []
    line = post(
        life.secretary, "/classes", body=life.branch.pk, topic="大庆会战", planned_on="2026-09-20",
        teller=life.members[0].pk,
    )  # fmt: skip
    hours = {"scheduled_from": "2026-09-20T16:00:00+08:00", "scheduled_until": "2026-09-20T17:00:00+08:00"}
    assert post(life.secretary, f"/classes/{line.json()['id']}/plan", **hours).json()["activity"]
    LifeClassRow.model_validate(get(life.members[1], "/classes").json()["items"][0])


def test_hours(life, morning):
    make_gathering(life, morning)
    own = get(life.members[0], "/hours").json()
    assert (own["total"], own["lines"][0]["minutes"], own["rules_version"]) == ("2.00", 120, 0)
    given = {"day": DAY, "title": "党校", "form": "off_job", "amount": "2"}
    assert post(life.members[0], "/study-entries", person=life.members[0].pk, **given).status_code == 422
    made = post(life.secretary, "/study-entries", person=life.members[0].pk, **given)
    assert made.json()["state"] == "confirmed"
    assert (
        post(life.secretary, f"/study-entries/{made.json()['id']}/refuse", reason="不对").json()["state"] == "refused"
    )
    assert len(get(life.secretary, f"/hours/{life.branch.pk}?behind=true").json()) == 5
    StudyEntryRow.model_validate(get(life.members[0], "/study-entries").json()["items"][0])


def test_what_was_talked_about_is_read_by_the_two_on_the_record(life, morning):
    talk, looks = make_talk(life.secretary, life.members[0], morning, text="谈了工作"), Look.objects.count()
    assert post(life.members[0], f"/talks/{talk.pk}/read").json() == {"text": "谈了工作"}
    assert Look.objects.count() == looks + 1
    assert post(life.officer, f"/talks/{talk.pk}/read").status_code in (403, 404)
    assert Look.objects.count() == looks + 1
