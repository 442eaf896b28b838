"""The server is killed (kill -9) while 200 people sign in: what was acknowledged is there, and nothing twice."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.faults.server import ROOT, Server, environment, gather

PEOPLE = 200
KILLED_AFTER = 60


def rows_of(home, statement):
    with sqlite3.connect(home / "ronghe.sqlite3") as connection:
        return connection.execute(statement).fetchall()


def sign_everybody_in(server, story, *, until=None):
    """Return the people whose sign-in was acknowledged; `until` is told of each, and may have the server killed."""
    code = server.code(story["huddle"], story["lead"])
    acknowledged, lock = [], threading.Lock()

    def sign(person, session):
        try:
            status, _answer = server.post("/rhythm/sign-ins", session, {"code": code})
        except OSError:
            return
        assert status == 200
        with lock:
            acknowledged.append(int(person))
            if until is not None:
                until(len(acknowledged))

    with ThreadPoolExecutor(8) as phones:
        list(phones.map(lambda pair: sign(*pair), story["sessions"].items()))
    return acknowledged


@pytest.mark.slow
def test_every_acknowledged_sign_in_survives_kill_9_and_none_is_there_twice(tmp_path):
    story = gather(tmp_path, PEOPLE)

    with Server(tmp_path) as server:
        acknowledged = sign_everybody_in(
            server, story, until=lambda count: server.kill() if count == KILLED_AFTER else None
        )

    assert KILLED_AFTER <= len(acknowledged) < PEOPLE
    assert rows_of(tmp_path, "PRAGMA integrity_check") == [("ok",)]
    before = dict(rows_of(tmp_path, "SELECT person_id, signed_at FROM rhythm_attendance"))
    assert set(acknowledged) <= set(before)
    assert len(before) < PEOPLE

    with Server(tmp_path) as server:
        again = sign_everybody_in(server, story)
        status, closing = server.post(f"/rhythm/activities/{story['huddle']}/close", story["lead"])

    assert sorted(again) == sorted(map(int, story["sessions"]))
    after = rows_of(tmp_path, "SELECT person_id, signed_at FROM rhythm_attendance WHERE status = 'present'")
    assert len(after) == len(dict(after)) == PEOPLE
    assert {person: dict(after)[person] for person in before} == before
    assert (status, closing["tally"]["present"], closing["tally"]["signed"]) == (200, PEOPLE, PEOPLE)
    assert rows_of(
        tmp_path, "SELECT count(*), count(DISTINCT subject) FROM kernel_fact WHERE kind = 'rhythm.attended'"
    ) == [(PEOPLE, PEOPLE)]
    verified = subprocess.run(
        [sys.executable, "-m", "ronghe", "verify", "--json"],
        env=environment(tmp_path), cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert json.loads(verified.stdout)["ok"] is True
