"""The camera of the bottom bar reads every code of the platform: passes, permits, sites, stations, cards; others are said to be none."""

from __future__ import annotations

import pytest
from django.urls import reverse

from ronghe.domain.contractors.services.workers import pass_code
from ronghe.domain.permits.services.codes import permit_code
from ronghe.domain.rhythm.services.codes import member_card, station_code
from tests.factories.contractors import make_admitted, make_pass, make_site, make_worker
from tests.factories.org import make_person, make_unit
from tests.factories.permits import make_story, requested
from tests.web.conftest import text_of

pytestmark = pytest.mark.django_db
SCAN = "/scan/"


@pytest.fixture
def site(now):
    return make_site()


@pytest.fixture
def worker(site):
    return make_worker(site, make_admitted(site))


def read(browser, code):
    return browser.post(SCAN, {"code": code})


def test_a_pass_leads_the_guard_to_the_gate_with_the_code_filled_in(site, worker, as_person):
    code = pass_code(make_pass(site, worker))
    guard = as_person(site.guard)

    gate = read(guard, code)["Location"]

    assert gate.startswith(f"{reverse('web:gate')}?site={site.zone.pk}&code=")
    assert f'value="{code}"' in guard.get(gate).content.decode()
    assert guard.post(gate, {"code": code}).context["passage"].passed is True


def test_a_pass_leads_its_bearer_to_the_own_page_and_a_stranger_to_a_sentence(site, worker, as_person):
    code = pass_code(make_pass(site, worker))

    assert read(as_person(worker.person), code)["Location"] == reverse("web:worker_detail", args=[worker.pk])
    refused = read(as_person(site.outsider), code)
    assert refused.status_code == 422
    assert "这是入场证" in text_of(refused.content.decode())


def test_permit_and_site_codes_lead_to_their_pages_with_and_without_their_address(now, as_person):
    story = make_story(now)
    permit = requested(story, now)
    leader, code = as_person(story.leader), permit_code(permit, at=now)
    enter, here = reverse("web:permit_enter", args=[code]), reverse("web:permit_site_enter", args=[story.site.code])

    assert read(leader, code)["Location"] == enter
    assert read(leader, f"https://ronghe.example{enter}")["Location"] == enter
    assert read(leader, story.site.code)["Location"] == here
    assert read(leader, f"http://10.0.0.8:8000{here}")["Location"] == here
    assert read(as_person(story.outsider), story.site.code).status_code == 422


def test_a_station_s_code_alone_leads_to_its_visit_and_a_card_says_who_reads_it(site, as_person):
    officer = as_person(site.officer)
    code = station_code(make_unit("北二注水站"))

    assert read(officer, code)["Location"] == reverse("web:visit_scan", args=[code])
    refused = read(officer, member_card(make_person("罗一鸣")))
    assert refused.status_code == 422
    assert "党员卡" in text_of(refused.content.decode())


@pytest.mark.parametrize(
    "code",
    ["abc", "12", "https://u.wechat.com/abc", "https://ronghe.example/logout/", "https://ronghe.example/field/gate/",
     "1:forged", "://", "https://[", "x" * 3000, "�\x01"],
)  # fmt: skip
def test_what_is_no_code_of_the_platform_is_said_to_be_none_and_followed_nowhere(site, as_person, code):
    refused = read(as_person(site.officer), code)

    assert refused.status_code == 422
    assert "这不是本平台的二维码" in text_of(refused.content.decode())
