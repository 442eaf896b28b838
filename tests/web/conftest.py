"""A browser without a screen that watches what every page must hold, and a zone to look at."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from ronghe.domain.obligations.models import Obligation
from ronghe.domain.org.models import Person
from ronghe.domain.playbooks.services import adopt_playbook
from ronghe.kernel.access.models import Administrator
from tests.domain.playbooks.making import THEME_DAY, playbook
from tests.factories.org import make_account, make_body, make_person
from tests.factories.rhythm import ZoneStory, make_zone

WRITES = re.compile(
    r'^\s*(INSERT|UPDATE|DELETE)\b(?!.*"?(django_session|kernel_printed_paper|kernel_look)"?)',
    re.IGNORECASE | re.DOTALL,
)
FAULTS = {
    "a template mark in the output": re.compile(r"\{\{|\{%"),
    "an inline handler": re.compile(r"<[^>]+\son[a-z]+=", re.IGNORECASE),
    "an inline style": re.compile(r"<[^>]+\sstyle=", re.IGNORECASE),
    "an inline script": re.compile(r"<script(?![^>]*\ssrc=)", re.IGNORECASE),
    "hx-on": re.compile(r"<[^>]+\shx-on", re.IGNORECASE),
}


class Browser(Client):
    """Refuses pages with template marks, inline handlers, styles or scripts, and a GET that writes.

    A recorded look, the session's last-seen and the digest of a printed paper are the only rows that a GET may write (house style, section 3).
    """

    def request(self, **request):
        reads = request.get("REQUEST_METHOD") in {"GET", "HEAD"}
        with connection.execute_wrapper(_refuse_writes) if reads else _anything():
            answer = super().request(**request)
        is_page = answer.headers.get("Content-Type", "").startswith("text/html")
        if is_page and not answer.streaming and "Content-Encoding" not in answer.headers:
            text = answer.content.decode()
            found = [fault for fault, pattern in FAULTS.items() if pattern.search(text)]
            assert found == [], (request.get("PATH_INFO"), found)
        return answer

    def fragment(self, path: str, data=None, *, post: bool = False):
        """Ask as htmx does."""
        return (self.post if post else self.get)(path, data, headers={"HX-Request": "true"})


@contextmanager
def _anything() -> Iterator[None]:
    yield


def _refuse_writes(execute, sql, params, many, context):
    assert not WRITES.match(sql), f"a GET writes: {sql}"
    return execute(sql, params, many, context)


def squeezed(text: str) -> str:
    """Markup without what differs between two answers: white space and the token of the form."""
    text = re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "", text)
    return re.sub(r"\s+", " ", text).strip()


def text_of(markup: str) -> str:
    """The words of a page, without tags."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", markup))


@pytest.fixture
def now(monkeypatch, morning: datetime) -> datetime:
    """Every page believes that it is the morning of 14 September 2026."""
    monkeypatch.setattr(timezone, "now", lambda: morning)
    return morning


@pytest.fixture
def story(db, now: datetime) -> ZoneStory:
    return make_zone()


@pytest.fixture
def duty(story: ZoneStory) -> Obligation:
    """September's theme day, owed by the zone's co-built branch."""
    book = playbook(THEME_DAY)
    adopt_playbook(body=story.body, playbook=book, since=date(2026, 9, 1), actor=None, at=timezone.now())
    return Obligation.objects.get(occurrence="2026-09-01")


@pytest.fixture
def as_person(now: datetime) -> Callable[[Person], Browser]:
    """Log somebody in and return their browser."""

    def logged_in(person: Person) -> Browser:
        browser = Browser()
        browser.force_login(person.account or make_account(person))
        return browser

    return logged_in


@pytest.fixture
def lead(story, as_person) -> Browser:
    return as_person(story.lead)


@pytest.fixture
def member(story, as_person) -> Browser:
    return as_person(story.members[0])


@pytest.fixture
def stranger(story, as_person) -> Browser:
    """倪春梅 is a member elsewhere; nothing of the zone is hers to see."""
    return as_person(make_person("倪春梅", home=make_body("采油七队党支部")))


@pytest.fixture(params=list(Administrator), ids=[administrator.value for administrator in Administrator])
def administrator(request, story, as_person) -> Browser:
    person = make_person("查守静")
    make_account(person, administrator=request.param)
    return as_person(Person.objects.get(pk=person.pk))


@pytest.fixture
def statements() -> Callable[[Browser, str], int]:
    """How many statements a page costs once everything that is kept is warm."""

    def counted(browser: Browser, path: str) -> int:
        assert browser.get(path).status_code == 200
        with CaptureQueriesContext(connection) as captured:
            assert browser.get(path).status_code == 200
        return len(captured)

    return counted
