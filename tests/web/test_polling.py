"""A page that fetches itself again does not keep a session alive before which nobody sits (SE-01)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone

from tests.factories.rhythm import make_huddle

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(story, now) -> str:
    return f"/rhythm/activities/{make_huddle(story, now).pk}/"


def test_sheet_of_an_open_huddle_fetches_itself_and_says_so(page, lead):
    markup = lead.get(page).content.decode()

    assert f'id="sheet" class="stack-4" hx-get="{page}" hx-trigger="every 20s"' in markup
    assert """hx-headers='{"X-Poll": "1"}'""" in markup


@pytest.mark.parametrize(("header", "is_out"), [({"X-Poll": "1"}, True), ({}, False)])
def test_a_poll_is_no_sign_of_life(page, lead, now, monkeypatch, header, is_out):
    """SE-01: the limit is reached although the page asked every few minutes; a person's own requests go on."""
    lead.get(page)
    step = settings.SESSION_IDLE / 3
    for number in range(1, 5):
        monkeypatch.setattr(timezone, "now", lambda at=now + number * step: at)
        answer = lead.get(page, headers={"HX-Request": "true", **header})

    assert ("HX-Redirect" in answer.headers) is is_out


def test_exactly_at_the_limit_the_session_still_lives(page, lead, now, monkeypatch):
    lead.get(page)

    monkeypatch.setattr(timezone, "now", lambda: now + settings.SESSION_IDLE)
    assert lead.get(page, headers={"X-Poll": "1"}).status_code == 200
    monkeypatch.setattr(timezone, "now", lambda: now + settings.SESSION_IDLE + timedelta(seconds=1))
    assert lead.get(page, headers={"X-Poll": "1"})["Location"].endswith("?idle=1")


def test_pages_travel_compressed_and_files_as_they_are(page, lead, now):
    asked = {"Accept-Encoding": "gzip"}

    assert lead.get(page, headers=asked)["Content-Encoding"] == "gzip"
    export = lead.get("/work/tasks/export/", headers=asked)
    assert "Content-Encoding" not in export.headers
    export.getvalue()
