"""How much a page weighs over the wire, with collected and compressed files and the server of the product."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

FIRST, LATER = 250_000, 30_000
"""Compressed bytes of a first visit and of every later page (docs/ui.md)."""

BUILD = """
import django
django.setup()
from django.core.management import call_command
from django.utils import timezone
call_command("migrate", verbosity=0)
call_command("collectstatic", interactive=False, verbosity=0)
from ronghe.domain.org.services.people import open_account
from tests.factories.rhythm import make_zone, make_task, make_huddle
story = make_zone(members=20)
open_account(person=story.lead, login="liuliping", password="Derrick-2026", actor=None, at=timezone.now(),
             must_change_password=False)
for number in range(20):
    make_task(story, timezone.now(), title=f"任务{number}")
make_huddle(story, timezone.now())
"""


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    home = tmp_path_factory.mktemp("served")
    root = Path(__file__).parents[2]
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {name: value for name, value in os.environ.items() if name != "RONGHE_DATABASE_URL"}
    environment |= {
        "RONGHE_HOME": str(home), "DJANGO_SETTINGS_MODULE": "ronghe.config.settings.base",
        "PYTHONPATH": os.pathsep.join([str(root / "src"), str(root)]),
    }  # fmt: skip
    subprocess.run([sys.executable, "-c", BUILD], env=environment, cwd=root, check=True)
    server = subprocess.Popen(
        [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port),
         "--workers", "1", "--no-ws", "ronghe.config.wsgi:application"],
        env=environment, cwd=root, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    address = f"http://127.0.0.1:{port}"
    for _time in range(100):
        try:
            urllib.request.urlopen(f"{address}/login/").close()
            break
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.2)
    yield address
    server.terminate()
    server.wait(20)


def weights(page, paths: list[str]) -> dict[str, int]:
    """Visit the paths one after another; return the bytes that came over the wire for each."""
    wire = page.context.new_cdp_session(page)
    wire.send("Network.enable")
    came: list[int] = []
    wire.on("Network.loadingFinished", lambda event: came.append(int(event["encodedDataLength"])))
    found = {}
    for path in paths:
        came.clear()
        page.goto(path, wait_until="networkidle")
        found[path] = sum(came)
    return found


def test_pages_are_light_enough_for_a_site_with_bad_signal(served, browser):
    context = browser.new_context(base_url=served, viewport={"width": 390, "height": 844})
    page = context.new_page()
    first = weights(page, ["/login/"])
    page.fill("[name=login]", "liuliping")
    page.fill("[name=password]", "Derrick-2026")
    page.press("[name=password]", "Enter")
    page.wait_for_url(lambda address: "/login" not in address)
    page.goto("/", wait_until="networkidle")
    warm = ["/", "/work/tasks/", "/rhythm/activities/", "/rhythm/activities/1/", "/zones/1/", "/obligations/"]
    weights(page, warm)  # each kind of page brings a small sheet of its own the first time
    later = weights(page, warm)

    cold = browser.new_context(
        base_url=served, viewport={"width": 390, "height": 844}, storage_state=context.storage_state()
    )
    first |= weights(cold.new_page(), ["/"])
    context.close()
    cold.close()

    sys.stdout.write(json.dumps({"first": first, "later": later}) + "\n")
    assert max(first.values()) <= FIRST
    assert max(later.values()) <= LATER
