"""中文 or English: the browser says which, the reader's own choice wins, and English pages are English throughout."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date

import pytest
from django.conf import settings
from django.urls import resolve, reverse
from django.utils import timezone, translation

from ronghe.domain.agreements.models import Agreement
from ronghe.domain.org.enums import PostRole
from ronghe.domain.org.models import AdminUnit, PartyOrg, Person
from ronghe.domain.playbooks.services import adopt_playbook
from ronghe.domain.projects.models import Project
from ronghe.domain.rhythm.enums import ActivityType
from ronghe.domain.rhythm.models import Activity, AgendaItem
from ronghe.domain.rhythm.services.agenda import add_agenda_item
from ronghe.domain.rhythm.services.closing import close_activity
from ronghe.domain.rhythm.services.codes import sign_in_code
from ronghe.domain.rhythm.services.sign_in import sign_in_with_code, tick_present
from ronghe.domain.zones.models import CollaborationZone
from ronghe.kernel.access.models import Administrator
from tests.domain.playbooks.making import shipped
from tests.factories.appraisal import OCTOBER, final_run, make_field
from tests.factories.org import make_account, make_person, make_post
from tests.factories.rhythm import make_huddle, make_meeting, make_task
from tests.web.test_crawl import RECORDS_ALIKE, Page

CJK = re.compile(r"[\u3000-\u3011\u3400-\u9fff\uff00-\uffef]+")
MATERIAL = re.compile(r"简体中文|[\u4e00-\u9fff]+〔\d{4}〕\d+号|学习|违章")
"""The switch names each language in itself; numbers of Chinese documents; the kinds of fact that the tests declare."""

FILES = re.compile(
    r"^/(static|gallery|files)/|/export/|/record\.|/summary\.|/report/|/print/|\.(pdf|docx|ics|png|crt)$"
    r"|/hours/$|/picture/|/plate\.|^/agreements/\d|^/projects/\d|/file/$|^/calendar/|/oaths/read/$|^/work/surveys/new/"
)
"""Addresses that answer with a file, with samples, with the oath, with questions for people here to be put as they stand, with
the announced names of holidays, or with what branches signed: its words are as they were signed."""


def chinese_in(answer) -> list[str]:
    return CJK.findall(MATERIAL.sub("", answer.content.decode()))


def english(browser):
    browser.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return browser


@pytest.fixture(autouse=True)
def language_of_this_test():
    """A request leaves its language behind on the thread."""
    with translation.override("zh-hans"):
        yield


@pytest.mark.django_db
def test_a_page_speaks_the_browsers_language(client):
    assert 'lang="zh-CN"' in client.get("/login/", headers={"Accept-Language": "fr"}).content.decode()
    assert 'lang="en"' in client.get("/login/", headers={"Accept-Language": "en-GB,en;q=0.9"}).content.decode()


@pytest.mark.django_db
def test_the_readers_choice_wins_over_the_browser_and_stays(client):
    answer = client.post(reverse("web:language"), {"language": "en", "next": "/login/?next=/me/"})

    assert (answer.status_code, answer["Location"]) == (302, "/login/?next=/me/")
    assert client.cookies[settings.LANGUAGE_COOKIE_NAME].value == "en"
    assert "<h1>Log in</h1>" in client.get("/login/", headers={"Accept-Language": "zh-CN"}).content.decode()


@pytest.mark.django_db
def test_the_choice_leads_nowhere_else(client):
    answer = client.post(reverse("web:language"), {"language": "en", "next": "https://elsewhere.example/"})

    assert answer["Location"] == "/"


@pytest.mark.django_db
def test_an_unknown_language_changes_nothing(client):
    client.post(reverse("web:language"), {"language": "xx", "next": "/login/"})

    assert settings.LANGUAGE_COOKIE_NAME not in client.cookies


def test_every_reader_has_the_switch_an_administrator_too(lead, administrator):
    for browser in (lead, administrator):
        page = browser.get("/me/").content.decode()
        assert f'action="{reverse("web:language")}"' in page
        assert '<button type="submit" name="language" value="zh-hans" lang="zh-hans" aria-pressed="true">' in page
        assert browser.post(reverse("web:language"), {"language": "en", "next": "/me/"})["Location"] == "/me/"
        assert '<html lang="en"' in browser.get("/me/").content.decode()


@pytest.mark.django_db
def test_the_api_refuses_in_the_callers_language(client):
    answer = client.get("/api/v1/zones/", headers={"Accept-Language": "en"})

    assert answer.status_code == 401
    assert not CJK.search(answer.content.decode())


@pytest.mark.django_db
def test_the_contract_of_the_api_speaks_the_callers_language(client):
    assert not CJK.search(client.get("/api/v1/openapi.json", headers={"Accept-Language": "en"}).content.decode())


@pytest.fixture
def ascii_story(story, now):
    """The zone with something of every kind, and everything in it named in Latin letters."""
    make_post(story.members[0], PostRole.SECRETARY, body=story.branch)
    adopt_playbook(
        body=story.body, playbook=shipped("daqing_zone"), since=date(2026, 7, 1), actor=None, at=timezone.now()
    )
    huddle = make_huddle(story, now)
    tick_present(activity=huddle, person=story.members[0], actor=story.lead, at=now)
    for kind in (ActivityType.JOINT_CONFERENCE, ActivityType.WEEKLY_MEETING):
        meeting = make_meeting(story, now, activity_type=kind)
        sign_in_with_code(code=sign_in_code(meeting, at=now), actor=story.lead, at=now)
        add_agenda_item(activity=meeting, topic="Pipe rack", actor=story.lead, at=now, notes="", decision="As planned.")
        close_activity(activity=meeting, actor=story.lead, at=now)
    make_task(story, now, title="Clear trench 3")
    named_in_latin()
    return story


def named_in_latin() -> None:
    for number, person in enumerate(Person.objects.all()):
        Person.objects.filter(pk=person.pk).update(name=f"Person {number}", initials=f"p{number}")
    for model in (PartyOrg, AdminUnit):
        for number, row in enumerate(model.objects.all()):
            model.objects.filter(pk=row.pk).update(name=f"Body {number}")
    CollaborationZone.objects.update(name="South I-1", purpose="Rebuilding South I-1", place="Site hut")
    Activity.objects.update(place="Site hut")
    AgendaItem.objects.update(topic="Pipe rack")
    Project.objects.update(name="Rebuilding South I-1")
    Agreement.objects.update(title="Letter of intent")


@pytest.mark.parametrize("role", ["lead", "clerk"])
def test_an_english_page_has_no_chinese(ascii_story, as_person, role):
    person = {"lead": ascii_story.lead, "clerk": ascii_story.clerk}[role]
    browser = english(as_person(Person.objects.get(pk=person.pk)))
    found: dict[str, list[str]] = {}
    seen, waiting = set(), ["/"]
    alike: Counter[object] = Counter()
    while waiting:
        path = waiting.pop().partition("#")[0]
        if (
            path in seen or path.count("=") > 1 or not path.startswith("/") or FILES.search(path)
        ):  # one filter is enough
            continue
        seen.add(path)
        alike[route := (resolve(path.partition("?")[0]).route, path.partition("?")[2].partition("=")[0])] += 1
        if alike[route] > RECORDS_ALIKE:
            continue
        answer = browser.get(path, follow=True)
        if answer.streaming:
            answer.getvalue()  # read to its end, so that its file is closed
            continue
        if chinese := chinese_in(answer):
            found[path] = chinese
        waiting += [link for link in Page(answer.content.decode()).links if "page=" not in link]

    assert sorted(found) == [], found
    assert {"/", "/me/", "/org/", "/zones/", "/obligations/", "/work/tasks/", "/rhythm/activities/"} <= seen


@pytest.mark.parametrize("kind", list(Administrator))
def test_the_administrators_pages_have_no_chinese_in_english(db, as_person, kind):
    person = make_person("Administrator")
    make_account(person, administrator=kind)
    browser = english(as_person(Person.objects.get(pk=person.pk)))

    assert {path: chinese_in(browser.get(path)) for path in ("/administration/", "/password/", "/me/", "/work/tasks/")} == {
        "/administration/": [], "/password/": [], "/me/": [], "/work/tasks/": [],
    }  # fmt: skip


def test_an_appraisal_in_english_has_no_chinese(db, as_person, monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: OCTOBER)
    field = make_field()
    run = final_run(field)
    named_in_latin()
    browser = english(as_person(Person.objects.get(pk=field.clerk.pk)))
    paths = ["/appraisal/runs/", f"/appraisal/runs/{run.pk}/", f"/appraisal/runs/{run.pk}/results/{field.south.pk}/"]

    assert {path: chinese_in(browser.get(path)) for path in paths} == {path: [] for path in paths}
