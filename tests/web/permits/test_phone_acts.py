"""What phones' keys did on a permit is on its page: both times, a wrong clock, a lost phone; what was refused is with its author."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from ronghe.domain.offline.services.taking import take_acts
from tests.factories.offline import Phone
from tests.factories.org import make_account
from tests.factories.permits import make_story, requested
from tests.web.conftest import text_of

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def story(monkeypatch, morning):
    monkeypatch.setattr(timezone, "now", lambda: morning + HOUR)
    return make_story(morning)


def client_of(person) -> Client:
    client = Client()
    client.force_login(person.account or make_account(person))
    return client


def signs(phone, permit, at, *, digest="") -> None:
    phone.does(
        "permit_sign", at, permit=permit.pk, digest=digest or permit.digest, role="risk_builder", office="", code="",
        place="", way="own_phone",
    )  # fmt: skip


def test_both_times_a_wrong_clock_and_a_lost_phone_are_on_the_page(story, morning):
    permit = requested(story, morning)
    phone = Phone(story.leader, morning - HOUR)
    phone.skew = timedelta(hours=3)
    signs(phone, permit, morning + timedelta(minutes=5))
    take_acts(acts=phone.queue, at=morning + HOUR)
    client = client_of(story.leader)
    page = text_of(client.get(reverse("web:permit_detail", args=[permit.pk])).content.decode())
    for words in ("用手机密钥办的", "手机时钟不准", "10:45", "07:45", "无信号时签，后上报"):
        assert words in page
    assert "手机时钟不准" in client.get(reverse("web:offline_acts")).content.decode()

    address = reverse("web:offline_device_revoke", args=[phone.device.pk])
    assert "没有看懂" in client.post(address, {"lost_at": "昨天"}, follow=True).content.decode()
    assert "已停用" in client.post(address, {"lost_at": "2026-09-14T07:42"}, follow=True).content.decode()
    page = text_of(client.get(reverse("web:permit_detail", args=[permit.pk])).content.decode())
    assert "手机报失，作废（PM-15）" in page
    assert "手机报失以后" in page


def test_what_was_refused_is_with_its_author_and_names_the_permit(story, morning):
    permit = requested(story, morning)
    phone = Phone(story.leader, morning - HOUR)
    signs(phone, permit, morning, digest="0" * 64)
    take_acts(acts=phone.queue, at=morning + HOUR)
    page = client_of(story.leader).get(reverse("web:offline_acts")).content.decode()
    assert "PW-08" in page
    assert permit.number in page
    assert "改后重报" not in page
    other = client_of(story.welder)
    assert permit.number not in other.get(reverse("web:offline_acts")).content.decode()
    assert "PW-08）。请看过" not in other.get(reverse("web:permit_detail", args=[permit.pk])).content.decode()
