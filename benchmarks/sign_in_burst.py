"""1,000 people sign in to one huddle within a minute, over HTTP, on SQLite.

    python benchmarks/sign_in_burst.py [PEOPLE]

A real granian server with the options of `ronghe serve`. Everybody has an own session and an own connection, forty are
waiting for an answer at any time, and the code is the one on the lead's screen. The reference is a bare loop that
inserts the same number of rows with the same columns and indexes into the same file, one committed transaction each.

Targets: none lost, none twice, all within 60 s. Printed: p50, p95 and the ratio to the reference, in one run.
"""

from __future__ import annotations

import sqlite3
import statistics
import sys
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests.faults.server import Server, gather

WAITING = 40
LIMIT_S = 60.0


def main(people: int) -> int:
    home = Path(tempfile.mkdtemp(prefix="ronghe-burst-"))
    story = gather(home, people)
    with Server(home) as server:
        taken, seconds = burst(server, story)
    lost, twice = missing(home, story)
    reference = bare_inserts(home, people)
    ordered = sorted(taken)
    print(f"people {people}, waiting at once {WAITING}: {seconds:.1f} s, {people / seconds:.0f} a second")
    print(f"lost={lost} twice={twice}")
    print(f"p50 {statistics.median(ordered) * 1000:.0f} ms, p95 {ordered[int(len(ordered) * 0.95)] * 1000:.0f} ms")
    print(f"bare INSERT loop {reference:.2f} s; ratio {seconds / reference:.1f}")
    met = not lost and not twice and seconds <= LIMIT_S
    print("target met" if met else "TARGET MISSED")
    return 0 if met else 1


def burst(server: Server, story: dict[str, Any]) -> tuple[list[float], float]:
    """Return how long each sign-in took, from the first byte sent to the acknowledgement, and all of them together."""
    screen = Screen(server, story)

    def sign(session: str) -> float:
        begun = time.perf_counter()
        status, answer = server.post("/rhythm/sign-ins", session, {"code": screen.code})
        if status == 409 and answer["code"] == "code_expired":
            status, answer = server.post("/rhythm/sign-ins", session, {"code": screen.fresh()})
        if status != 200:
            raise RuntimeError(answer)
        return time.perf_counter() - begun

    begun = time.perf_counter()
    with ThreadPoolExecutor(WAITING) as phones:
        taken = list(phones.map(sign, story["sessions"].values()))
    return taken, time.perf_counter() - begun


class Screen:
    """The lead's screen: a code that everybody reads, fetched anew when it has changed."""

    def __init__(self, server: Server, story: dict[str, Any]) -> None:
        self.server, self.story, self.lock = server, story, threading.Lock()
        self.code = self.fresh()

    def fresh(self) -> str:
        with self.lock:
            self.code = self.server.code(self.story["huddle"], self.story["lead"])
        return self.code


def missing(home: Path, story: dict[str, Any]) -> tuple[int, int]:
    """Return how many of those who were acknowledged are not in the table, and how many are there twice."""
    with sqlite3.connect(home / "ronghe.sqlite3") as connection:
        rows = [row for (row,) in connection.execute("SELECT person_id FROM rhythm_attendance")]
    return len({int(person) for person in story["sessions"]} - set(rows)), len(rows) - len(set(rows))


def bare_inserts(home: Path, count: int) -> float:
    """Return the seconds that `count` plain inserts take, each committed, with the settings of the platform."""
    connection = sqlite3.connect(home / "ronghe.sqlite3", isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    columns = [row[1] for row in connection.execute("PRAGMA table_info(rhythm_attendance)")]
    row = connection.execute("SELECT * FROM rhythm_attendance LIMIT 1").fetchone()
    connection.execute("CREATE TABLE bare AS SELECT * FROM rhythm_attendance WHERE 0")
    connection.execute("CREATE UNIQUE INDEX bare_once ON bare (activity_id, person_id)")
    for name in ("person_id", "recorded_by_id", "activity_id"):
        connection.execute(f"CREATE INDEX bare_{name} ON bare ({name})")
    place, marks = columns.index("person_id"), ", ".join("?" * len(columns))
    begun = time.perf_counter()
    for number in range(count):
        values = list(row)
        values[place] = number
        connection.execute("BEGIN IMMEDIATE")
        connection.execute(f"INSERT INTO bare VALUES ({marks})", values)
        connection.execute("COMMIT")
    taken = time.perf_counter() - begun
    connection.close()
    return taken


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000))
