"""Permits over the acts endpoint: no session, one answer, the snapshot says what may be signed; a lost phone with its hour."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from tests.factories.offline import Phone
from tests.factories.permits import make_story, requested

pytestmark = pytest.mark.django_db
HERE = "/api/v1/offline"


@pytest.fixture
def story(monkeypatch, morning):
    monkeypatch.setattr(timezone, "now", lambda: morning)
    return make_story(morning)


def test_a_permit_is_carried_signed_reported_and_its_lost_phone_named(story, morning):
    permit = requested(story, morning)
    phone = Phone(story.leader, morning - timedelta(hours=1))
    client = Client()
    client.force_login(story.leader.account)
    [carried] = client.get(f"{HERE}/snapshot?key={phone.key}").json()["permits"]
    assert carried["digest"] == permit.digest
    [role] = [one for one in carried["roles"] if one["role"] == "risk_builder"]
    assert (role["may"], role["is_open"], role["is_on_site"]) == ([story.leader.pk], True, False)
    phone.does(
        "permit_sign", morning, permit=permit.pk, digest=carried["digest"], role="risk_builder", office="", code="", place="",
        way="own_phone",
    )  # fmt: skip
    acts = {"acts": [{"text": one.text, "signature": one.signature} for one in phone.queue]}
    first, second = (
        Client().post(f"{HERE}/acts", acts, content_type="application/json").json()["results"] for _ in range(2)
    )
    assert first == second
    assert (first[0]["state"], first[0]["permit"]) == ("taken", permit.pk)
    [row] = client.get(f"{HERE}/acts").json()["items"]
    assert (row["permit"], row["is_clock_off"]) == (permit.pk, False)

    [signature] = client.get(f"/api/v1/field/permits/{permit.pk}").json()["signatures"]
    assert (signature["stands"], signature["void_rule"]) == (True, "")
    address = f"{HERE}/devices/{phone.device.pk}/revoke"
    wrong = {"lost_at": (morning + timedelta(hours=1)).isoformat()}
    assert client.post(address, wrong, content_type="application/json").status_code == 422
    lost = {"lost_at": (morning - timedelta(minutes=1)).isoformat()}
    assert client.post(address, lost, content_type="application/json").json()["lost_at"] is not None
    [signature] = client.get(f"/api/v1/field/permits/{permit.pk}").json()["signatures"]
    assert (signature["stands"], signature["void_rule"]) == (False, "PM-15")
