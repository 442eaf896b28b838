"""The page without signal says nothing of anybody; one's phones and reports are one's own."""

from __future__ import annotations

import html
import io
import json
import re
from datetime import timedelta

import pytest
from django.test import Client
from PIL import Image

from ronghe.domain.offline.calc.acts import item_digest
from ronghe.domain.offline.models import Device, ReceivedAct
from ronghe.domain.offline.services.taking import take_acts
from ronghe.domain.rhythm.enums import ActivityType
from ronghe.domain.rhythm.models import AgendaItem, Attendance
from ronghe.domain.rhythm.services.activities import open_huddle
from ronghe.domain.rhythm.services.agenda import add_agenda_item, edit_agenda_item
from ronghe.kernel.access.models import Administrator
from ronghe.ui.app_icon import ICON_SIZES
from ronghe.web.offline import shell
from tests.factories.offline import Phone
from tests.factories.rhythm import make_huddle
from tests.web.conftest import text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def phone(story, now) -> Phone:
    return Phone(story.lead, now - timedelta(hours=1), name="3号防爆手机")


@pytest.fixture
def second(story, phone, now) -> ReceivedAct:
    """The opening of a huddle that was there already, and what was done in it."""
    opened = phone.does("open_huddle", now, body=story.body.pk, activity_type="morning_huddle")
    phone.does("tick", now, activity=opened, person=story.members[0].pk)
    open_huddle(body=story.body, activity_type=ActivityType.MORNING_HUDDLE, actor=story.secretary, at=now)
    take_acts(acts=phone.queue, at=now)
    return ReceivedAct.objects.get(number=1)


@pytest.fixture
def conflict(story, phone, now) -> ReceivedAct:
    huddle = make_huddle(story, now)
    item = add_agenda_item(activity=huddle, topic="补焊", actor=story.lead, at=now)
    base = item_digest("补焊", "", "")
    phone.does("agenda_edit", now, activity=huddle.pk, item=item.pk, base=base, topic="补焊", notes="夜里焊")
    edit_agenda_item(item=item, actor=story.lead, at=now, topic="补焊", notes="白天焊", decision=None)
    take_acts(acts=phone.queue, at=now)
    return ReceivedAct.objects.get()


def test_the_page_is_the_same_for_everybody_and_sets_nothing(story, lead, member):
    pages = [browser.get("/offline/") for browser in (Client(), lead, member)]

    assert [page.status_code for page in pages] == [200] * 3
    assert len({page.content for page in pages}) == 1
    assert pages[0].cookies == {}
    assert story.lead.name not in pages[1].content.decode()


def test_every_word_and_file_that_the_scripts_ask_for_is_there(db):
    page = Client().get("/offline/").content.decode()
    words, config = (
        json.loads(html.unescape(re.search(rf'id="offline-{name}" data-json="([^"]*)"', page).group(1)))
        for name in ("words", "config")
    )
    scripts = "".join(path.read_text() for path in shell.script_sources())
    asked = set(re.findall(r'\bwords\.(\w+)|\bsaid\(\s*"(\w+)"', scripts))
    names = {one or other for one, other in asked}

    assert names - set(words) == set()
    assert set(re.findall(r"config\.addresses\.(\w+)", scripts)) - set(config["addresses"]) == set()
    unasked = {name for name in words if not re.match(r"(act|way|state)_", name)} - names
    assert {name for name in unasked if f'"{name}"' not in scripts} == set()


def test_worker_may_answer_for_the_whole_site_and_changes_with_its_files(db, monkeypatch):
    answer = Client().get("/offline/sw.js")

    assert (answer["Service-Worker-Allowed"], answer["Content-Type"]) == ("/", "text/javascript; charset=utf-8")
    assert answer["Cache-Control"] == "no-cache"
    assert f'"version": "{shell.shell_version()}"' in answer.content.decode()
    shell.shell_version.cache_clear()
    before = shell.shell_version()
    monkeypatch.setattr(shell, "STYLES", (*shell.STYLES, "print"))
    shell.shell_version.cache_clear()
    assert shell.shell_version() != before
    shell.shell_version.cache_clear()


def test_every_file_of_the_shell_is_served(db):
    found = {}
    for address in shell.shell_files():
        answer = Client().get(address)
        found[address] = answer.status_code
        answer.close()

    assert found == dict.fromkeys(shell.shell_files(), 200)


@pytest.mark.parametrize("size", ICON_SIZES)
def test_icons_are_pictures_of_their_size(db, size):
    answer = Client().get(f"/offline/icon-{size}.png")

    assert Image.open(io.BytesIO(answer.content)).size == (size, size)


def test_other_sizes_and_a_missing_authority_are_not_there(db):
    for address in ("/offline/icon-77.png", "/offline/icon-99999999999999999999.png", "/offline/ronghe-ca.crt"):
        assert Client().get(address).status_code == 404


def test_authority_is_handed_out_where_there_is_one(db, settings):
    path = settings.HOME.tls / "ca.crt"
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(b"certificate")
    try:
        assert Client().get("/offline/ronghe-ca.crt").content == b"certificate"
    finally:
        path.unlink()


def test_refused_huddle_is_seen_on_today_and_joined(story, lead, second):
    assert "现场记录没有收下" in text_of(lead.get("/").content.decode())
    page = text_of(lead.get("/offline/acts/").content.decode())
    assert "已经有了" in page
    assert "并入 07:40 那一场" in page

    answer = lead.post(f"/offline/acts/{second.pk}/join/", follow=True)

    assert "开碰头会：已收下。" in text_of(answer.content.decode())
    assert Attendance.objects.get().person == story.members[0]
    assert "现场记录没有收下" not in text_of(lead.get("/").content.decode())


def test_two_texts_stand_side_by_side(lead, conflict):
    page = text_of(lead.get("/offline/acts/").content.decode())
    assert "我写的" in page
    assert "夜里焊" in page
    assert "白天焊" in page

    lead.post(f"/offline/acts/{conflict.pk}/choose/", {"choice": "both"})

    assert AgendaItem.objects.get().notes == "白天焊\n——\n夜里焊"


def test_voided_act_leaves_the_list_of_the_refused(lead, second):
    lead.post(f"/offline/acts/{second.pk}/void/")

    assert set(ReceivedAct.objects.values_list("state", flat=True)) == {"voided"}


def test_refused_again_is_said_and_stays(lead, second):
    answer = lead.post(f"/offline/acts/{second.pk}/redo/", follow=True)

    assert "已经有了" in text_of(answer.content.decode())
    assert ReceivedAct.objects.get(pk=second.pk).state == "refused"


@pytest.mark.parametrize("words", [{"topic": "长" * 500}, {"notes": "x\x00y"}, {"topic": ""}])
def test_words_beyond_measure_are_refused_calmly(lead, conflict, words):
    assert lead.post(f"/offline/acts/{conflict.pk}/redo/", words).status_code == 302
    assert ReceivedAct.objects.get().state == "refused"


def test_strangers_find_nothing(second, member, stranger, as_person, story):
    for browser in (member, stranger, as_person(story.secretary)):
        assert browser.get("/offline/acts/").status_code == 200
        for act in ("redo", "join", "void", "choose"):
            assert browser.post(f"/offline/acts/{second.pk}/{act}/").status_code == 404
        assert browser.post(f"/offline/devices/{second.device_id}/revoke/").status_code == 404
    assert Client().get("/offline/acts/").status_code == 302
    assert "3号防爆手机" not in member.get("/offline/devices/").content.decode()


def test_own_phone_is_stopped(lead, phone):
    assert "3号防爆手机" in lead.get("/offline/devices/").content.decode()
    answer = lead.post(f"/offline/devices/{phone.device.pk}/revoke/", follow=True)

    assert "已停用" in text_of(answer.content.decode())
    assert Device.objects.get().revoked_by == phone.person
    assert lead.post(f"/offline/devices/{phone.device.pk}/revoke/", follow=True).status_code == 200


def test_security_administrator_stops_phones_and_sees_no_reports_se_08(story, phone, administrator):
    """SE-08: the other two find nothing."""
    keeper = Device.objects.get()
    is_security = administrator.get("/offline/devices/?q=刘丽萍").status_code == 200

    assert administrator.get("/offline/acts/").status_code == 403
    answer = administrator.post(f"/offline/devices/{keeper.pk}/revoke/")
    keeper.refresh_from_db()
    assert (keeper.revoked_at is not None, answer.status_code) == ((True, 302) if is_security else (False, 403))


def test_only_the_security_administrator_is_let_in(story, phone, as_person, now):
    from ronghe.domain.org.models import Person
    from tests.factories.org import make_account, make_person

    seen = {}
    for administrator in Administrator:
        person = make_person()
        make_account(person, administrator=administrator)
        seen[administrator.value] = as_person(Person.objects.get(pk=person.pk)).get("/offline/devices/").status_code
    assert seen == {"system_admin": 403, "security_admin": 200, "audit_admin": 403}


@pytest.mark.parametrize("address", ["/offline/acts/", "/offline/devices/"])
def test_lists_cost_the_same_with_one_row_and_with_many(story, lead, phone, second, statements, address, now):
    few = statements(lead, address)
    for _ in range(3):
        Phone(story.lead, now)
    for number in range(12):
        phone.does("tick", now, activity=second.act_id, person=story.members[number % 3].pk)
    take_acts(acts=phone.queue, at=now)

    assert statements(lead, address) <= few
    assert few <= 12


def test_filter_by_outcome(lead, second):
    assert "等前一项" not in text_of(lead.get("/offline/acts/?state=taken").content.decode())
    assert lead.get("/offline/acts/?state=nonsense&page=-1").status_code == 200
