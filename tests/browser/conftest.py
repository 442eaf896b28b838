"""A real browser before a real server: two ways of holding a phone, a clock that the story turns, a camera that sees a code."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import segno
from django.conf import settings
from django.db import connection
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, Page

from ronghe.domain.org.models import Person
from ronghe.kernel.db.append_only import lift_triggers
from tests.conftest import BROWSER_ARGUMENTS
from tests.factories.org import PASSWORD, make_account
from tests.factories.rhythm import ZoneStory, make_zone

PHONE = {"width": 390, "height": 844}
DESK = {"width": 1440, "height": 900}
EXPECTED = ("status of 4", "ERR_INTERNET_DISCONNECTED")

# Playwright's own loop runs in this thread; Django would take it for asynchronous code.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")


def pytest_collection_modifyitems(items) -> None:
    """Mark the journeys. The one that fills a whole demonstration first is put first: nobody waits for it at the end."""
    here = Path(__file__).parent
    for item in items:
        if here in Path(item.path).parents:
            item.add_marker(pytest.mark.browser)
    items.sort(key=lambda item: item.path.name != "test_weight.py")


class Clock:
    """What time it is for the server."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at

    def go_on(self, **later: int) -> datetime:
        self.at += timedelta(**later)
        return self.at


@pytest.fixture
def clock(monkeypatch, morning: datetime) -> Clock:
    clock = Clock(morning)
    monkeypatch.setattr(timezone, "now", clock)
    return clock


@pytest.fixture
def emptying_here(playwright) -> None:
    """While Playwright's loop runs, Django gives this thread another connection: it must be emptied the same way."""

    def statements(_style, tables, **_options) -> list[str]:
        lift_triggers()
        return [f"DELETE FROM {connection.ops.quote_name(table)};" for table in tables]

    connection.ops.sql_flush = statements


@pytest.fixture
def story(emptying_here, transactional_db, clock: Clock) -> ZoneStory:
    return make_zone()


class People:
    """Opens windows for people who are logged in and remembers what their browsers complained about."""

    def __init__(self, address: str, browser: Browser) -> None:
        self.address, self.browser = address, browser
        self.complaints: list[str] = []
        self._contexts: list[BrowserContext] = []

    def window(self, *, size: dict[str, int] = PHONE, browser: Browser | None = None) -> Page:
        context = (browser or self.browser).new_context(
            viewport=size, locale="zh-CN", timezone_id="Asia/Shanghai", base_url=self.address, has_touch=size == PHONE
        )
        self._contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", self._heard)
        return page

    def comes_in(self, person: Person, **window) -> Page:
        """Log in through the page, as everybody does."""
        account = person.account or make_account(person)
        page = self.window(**window)
        page.goto("/login/")
        page.fill("[name=login]", account.login)
        page.fill("[name=password]", PASSWORD)
        page.press("[name=password]", "Enter")
        page.wait_for_url(lambda address: "/login" not in address)
        return page

    def _heard(self, said) -> None:
        # A refused form is answered 422, and a story may cut the line: the browser notes both. Policies and scripts must be quiet.
        if said.type == "error" and not any(expected in said.text for expected in EXPECTED):
            self.complaints.append(said.text)

    def leave(self) -> None:
        for context in self._contexts:
            context.close()


@pytest.fixture
def people(live_server, browser) -> Iterator[People]:
    people = People(live_server.url, browser)
    yield people
    people.leave()
    assert people.complaints == []


@pytest.fixture
def empty(emptying_here, transactional_db, clock) -> None:
    """A database that really commits, for a story that begins with other people than the zone's."""


@pytest.fixture
def enters(people) -> Callable[..., Page]:
    """Open a window in which somebody is logged in already: the log-in has its own journey (test_log_in).

    Where the clock goes on by hours everybody comes in again, for a session that nobody uses ends.
    """

    Client().get("/login/")  # the first page of a process reads all addresses; no browser waits for that

    def window(person: Person, *, size: dict[str, int] = PHONE) -> Page:
        client = Client()
        client.force_login(person.account or make_account(person))
        page = people.window(size=size)
        cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
        page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": people.address}])
        return page

    return window


@pytest.fixture
def camera(playwright, chromium, tmp_path) -> Callable[[str], object]:
    """A browser whose camera sees a QR code of the given text."""

    @contextmanager
    def seeing(text: str) -> Iterator[Browser]:
        film = tmp_path / "camera.y4m"
        film.write_bytes(film_of(text))
        arguments = [
            *BROWSER_ARGUMENTS, "--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream",
            f"--use-file-for-fake-video-capture={film}",
        ]  # fmt: skip
        browser = playwright.chromium.launch(executable_path=chromium, args=arguments)
        yield browser
        browser.close()

    return seeing


def film_of(text: str, *, width: int = 640, height: int = 480) -> bytes:
    """Return a film of two grey pictures (YUV4MPEG2) that show the code in the middle, quiet zone and all."""
    code = [bytes(row) for row in segno.make(text, error="m").matrix_iter(border=4)]
    scale = min(width, height) // len(code)
    left, top = (width - scale * len(code)) // 2, (height - scale * len(code)) // 2
    shades = {0: 235, 1: 16}
    white = bytes([235])
    lines = [white * width] * top
    for row in code:
        line = b"".join(bytes([shades[module]]) * scale for module in row)
        lines += [white * left + line + white * (width - left - len(line))] * scale
    lines += [white * width] * (height - len(lines))
    picture = b"FRAME\n" + b"".join(lines) + bytes([128]) * (width * height // 2)
    return f"YUV4MPEG2 W{width} H{height} F10:1 Ip A1:1 C420jpeg\n".encode() + picture * 2
