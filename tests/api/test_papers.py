"""Papers over the API: drafted, revised, issued, received, checked."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import timezone

from ronghe.kernel.printing.models import PrintedPaper
from tests.factories.org import make_account
from tests.factories.rhythm import make_zone, plan_meeting

pytestmark = pytest.mark.django_db


class Caller(Client):
    """Sends bodies as JSON."""

    def post(self, path, data=None, content_type="application/json", **extra):
        return super().post(path, data, content_type, **extra)

    def put(self, path, data=None, content_type="application/json", **extra):
        return super().put(path, data, content_type, **extra)


@pytest.fixture
def now(monkeypatch, morning):
    monkeypatch.setattr(timezone, "now", lambda: morning)
    return morning


@pytest.fixture
def story(now):
    return make_zone()


@pytest.fixture
def lead(story):
    client = Caller()
    client.force_login(story.lead.account or make_account(story.lead))
    return client


@pytest.fixture
def notice(lead, story, now):
    return lead.post("/api/v1/papers/notices", {"activity": plan_meeting(story, now).pk}).json()


def test_a_notice_goes_its_way(lead, story, notice):
    path = f"/api/v1/papers/{notice['id']}"
    revised = lead.put(
        path, {"revision": 1, "title": "防冻通知", "text": "照办。", "recipients": [story.body.pk]}
    ).json()
    issued = lead.post(
        f"{path}/issue", {"revision": revised["revision"], "dated": "2026-09-14", "code": "南一联建"}
    ).json()
    received = lead.post(f"{path}/recipients/{issued['recipients'][0]['id']}/receive").json()
    withdrawn = lead.post(f"{path}/withdraw", {"why": "写错"}).json()

    assert issued["number"] == "南一联建〔2026〕1号"
    assert received["recipients"][0]["received_by"]["id"] == story.lead.pk
    assert (withdrawn["state"], withdrawn["withdrawn_why"]) == ("withdrawn", "写错")
    assert [row["title"] for row in lead.get("/api/v1/papers").json()["items"]] == ["防冻通知"]


def test_a_bulletin_wants_days_in_order(lead, story, now):
    wanted = {"body": story.body.pk, "from_on": "2026-09-14", "until_on": "2026-09-14"}

    assert lead.post("/api/v1/papers/bulletins", wanted).status_code == 422
    assert lead.post("/api/v1/papers/bulletins", wanted | {"until_on": "2026-09-15"}).status_code == 201


def test_own_words_and_throwing_away(lead, story, now):
    wanted = {
        "kind": "notice",
        "body": story.body.pk,
        "title": "通知",
        "text": "照办。",
        "recipients": [story.committee.pk],
    }
    made = lead.post("/api/v1/papers", wanted).json()

    assert [row["body"]["id"] for row in made["recipients"]] == [story.committee.pk]
    assert lead.delete(f"/api/v1/papers/{made['id']}").status_code == 204
    assert lead.get(f"/api/v1/papers/{made['id']}").status_code == 404


def test_a_recipient_out_of_sight_is_absent(lead, story, now):
    wanted = {"kind": "notice", "body": story.body.pk, "title": "通知", "text": "照办。", "recipients": [10**9]}

    assert lead.post("/api/v1/papers", wanted).status_code == 404


def test_anybody_checks_a_code(lead, client, notice):
    lead.post(f"/api/v1/papers/{notice['id']}/issue", {"revision": 1, "dated": "2026-09-14", "code": "甲"})
    assert lead.get(f"/api/v1/papers/{notice['id']}/paper.docx").content.startswith(b"PK")

    known = client.get(f"/api/v1/papers/check/{PrintedPaper.objects.get().digest}").json()

    assert known["is_known"]
    assert client.get("/api/v1/papers/check/00").json()["is_known"] is False
