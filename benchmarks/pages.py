"""The pages and the list API against a bare Django view, on a field of 1,000 people and of 100,000 with 2 million facts.

    python benchmarks/pages.py                                  # 1,000 people, half a minute
    python benchmarks/pages.py --full                           # 1,000 and 100,000: the committed target, and the growth
    python benchmarks/pages.py --full --database-url postgres://postgres@localhost/bench

A real granian server with one worker and one thread, asked over one kept connection, by people whose rights are cut to
one team, to a third of all, to everything, and by the zone's lead. The reference is asked in turn with the platform,
ten requests at a time: the same middleware, session and user, the same template, rendered from constants
(`pages_server.py`). CPU time is the worker's own, from /proc, so that other work on the machine does not count.

Targets: req/s ÷ bare ≥ 0.35; a page ≤ 35 CPU-ms (its htmx part half of that), a list page ≤ 8 SQL, the huddle's page as a
page of details ≤ 10, the calendar of five subjects ≤ 12; a list API call ≤ 7 CPU-ms and ≤ 5 SQL; within 20 % from 1,000 to 100,000 people for the scopes of
a team and of a third. 今日 is six lists in one and has no target for its statements.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Self
from urllib.parse import urlencode, urlsplit

HERE = Path(__file__).parent
BATCH = 10
LEAST_RATIO, GROWTH = 0.35, 1.20
PAGE_MS, API_MS = 35.0, 7.0
PAGE_SQL, API_SQL = {"huddle": 10, "calendar": 12, "today": 99}, 5
LIST_SQL = 8
SCOPES = ("team", "third", "clerk", "lead")
GROWN = ("team", "third")
"""For whom the price must not grow with the number of people."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One address as measured: `bare_ms` and `ratio` are 0 for the API, which has no template."""

    name: str
    scope: str
    rate: float
    ratio: float
    cpu_ms: float
    bare_ms: float
    statements: int
    is_page: bool
    is_part: bool

    @property
    def misses(self) -> list[str]:
        most_ms = (PAGE_MS / 2 if self.is_part else PAGE_MS) if self.is_page else API_MS
        most_sql = PAGE_SQL.get(self.name, LIST_SQL) if self.is_page else API_SQL
        found = [f"{self.cpu_ms:.1f} CPU-ms > {most_ms:g}"] if self.cpu_ms > most_ms else []
        found += [f"{self.statements} SQL > {most_sql}"] if self.statements > most_sql else []
        if self.is_page and self.ratio < LEAST_RATIO:
            found.append(f"ratio {self.ratio:.2f} < {LEAST_RATIO}")
        return found


def addresses(huddle: int) -> list[tuple[str, str, bool]]:
    """Name, address and whether the part is asked for as htmx does."""
    return [
        ("huddle", f"/rhythm/activities/{huddle}/", False),
        ("obligations", "/obligations/", False),
        ("obligations part", "/obligations/", True),
        ("obligations, all", "/obligations/?state=all", False),
        ("behind", "/obligations/behind/?what=due", False),
        ("calendar", "/calendar/", False),
        ("people", "/org/people/", False),
        ("people part", "/org/people/", True),
        ("tasks", "/work/tasks/", False),
        ("activities", "/rhythm/activities/", False),
        ("today", "/", False),
        ("api obligations", "/api/v1/obligations/", False),
        ("api activities", "/api/v1/rhythm/activities", False),
        ("api tasks", "/api/v1/work/tasks", False),
        ("api people", "/api/v1/org/people", False),
    ]


class Server:
    """Granian with one worker and one thread on a free port, as a process that we alone use."""

    def __init__(self, environment: dict[str, str]) -> None:
        with socket.socket() as chosen:
            chosen.bind(("127.0.0.1", 0))
            self.port = chosen.getsockname()[1]
        self.process = subprocess.Popen(
            [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(self.port),
             "--workers", "1", "--blocking-threads", "1", "--log-level", "warning", "--no-ws",
             "ronghe.config.wsgi:application"],
            env=environment,
        )  # fmt: skip

    def __enter__(self) -> Self:
        for _turn in range(300):
            try:
                if Client(self.port).get("/login/").status == 200:
                    break
            except OSError:
                if self.process.poll() is not None:
                    break
                time.sleep(0.2)
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        if not children:
            raise RuntimeError("the server did not start; its words are above")
        self.worker = int(children[-1])
        return self

    def __exit__(self, *_error: object) -> None:
        self.process.terminate()
        self.process.wait()

    def cpu(self) -> float:
        """Return the seconds of CPU that the worker has used so far, all its threads."""
        tasks = Path(f"/proc/{self.worker}/task").iterdir()
        return sum(int((task / "schedstat").read_text().split()[0]) for task in tasks) / 1e9


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    body: bytes
    headers: dict[str, str]


class Client:
    """One kept connection with one person's cookies."""

    def __init__(self, port: int) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        self.cookies: dict[str, str] = {}

    def get(self, path: str, headers: dict[str, str] | None = None) -> Answer:
        return self._ask("GET", path, None, headers or {})

    def log_in(self, login: str, password: str) -> None:
        page = self.get("/login/").body.decode()
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
        assert token is not None, page[:500]
        form = urlencode({"login": login, "password": password, "csrfmiddlewaretoken": token[1]})
        answer = self._ask("POST", "/login/", form, {"Content-Type": "application/x-www-form-urlencoded"})
        assert answer.status == 302, answer

    def _ask(self, method: str, path: str, body: str | None, headers: dict[str, str]) -> Answer:
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        self.connection.request(method, path, body, {**headers, "Cookie": cookies})
        answer = self.connection.getresponse()
        content = answer.read()
        for line in answer.headers.get_all("Set-Cookie") or []:
            name, _, value = line.partition(";")[0].partition("=")
            self.cookies[name] = value
        return Answer(answer.status, content, {name.lower(): value for name, value in answer.headers.items()})


def measure(server: Server, client: Client, name: str, scope: str, path: str, part: bool, rounds: int) -> Asked | None:
    """Ask the platform and the reference in turn; `None` where the platform has no such address."""
    headers = {"HX-Request": "true"} if part else {}
    is_page = not path.startswith("/api/")
    first = client.get(path, {**headers, "Count": "1"})
    if first.status == 404:
        return None
    assert first.status == 200, (path, first.status, first.body[:300])
    counted = client.get(path, {**headers, "Count": "1"})
    bare = {**headers, "Bare": "1"}
    if is_page:
        client.get(path, bare)
        told = client.get(path, {**bare, "Count": "1"})
        assert told.status == 200, (path, told.status, told.body[-2000:])
        assert told.headers["statements"] == "2", (path, "the reference reads session and user alone", told.headers)
        assert _same(told.body, counted.body), (
            path,
            "the reference shows something else",
            len(told.body),
            len(counted.body),
        )
    spent = {"ours": [0.0, 0.0], "bare": [0.0, 0.0]}
    for _round in range(rounds):
        for side, given in (("ours", headers), ("bare", bare)) if is_page else (("ours", headers),):
            begin, used = time.perf_counter(), server.cpu()
            for _turn in range(BATCH):
                client.get(path, given)
            spent[side][0] += time.perf_counter() - begin
            spent[side][1] += server.cpu() - used
    count = rounds * BATCH
    ours, reference = spent["ours"], spent["bare"]
    return Asked(
        name, scope, count / ours[0], reference[0] / ours[0], ours[1] / count * 1000, reference[1] / count * 1000,
        int(counted.headers["statements"]), is_page, part,
    )  # fmt: skip


def _same(one: bytes, other: bytes) -> bool:
    """Tell whether two pages show the same; tokens differ from page to page."""
    token = re.compile(rb'(csrfmiddlewaretoken" value="|X-CSRFToken&quot;: &quot;|X-CSRFToken": ")\w+')
    return token.sub(rb"\1", one) == token.sub(rb"\1", other)


def measure_field(people: int, rounds: int, database_url: str, only: str) -> list[Asked]:
    home = tempfile.mkdtemp(prefix="ronghe-bench-")
    environment = {**os.environ, "RONGHE_HOME": home, "DJANGO_SETTINGS_MODULE": "pages_server",
                   "PYTHONPATH": str(HERE), "PYTHONUNBUFFERED": "1"}  # fmt: skip
    environment["RONGHE_DATABASE_URL"] = _own_database(database_url, people) if database_url else ""
    try:
        started = time.perf_counter()
        built = subprocess.run([sys.executable, __file__, "--build", str(people)], env=environment, check=True,
                               stdout=subprocess.PIPE)  # fmt: skip
        field = json.loads(built.stdout.splitlines()[-1])
        print(
            f"{people:,} people, {field['facts']:,} facts, {field['obligations']:,} obligations,"
            f" {'PostgreSQL' if database_url else 'SQLite'}; built in {time.perf_counter() - started:.0f} s"
        )
        print(f"{'':18}{'rights':8}{'req/s':>8}{'÷ bare':>8}{'CPU-ms':>8}{'bare':>8}{'÷':>6}{'SQL':>5}")
        found = []
        with Server(environment) as server:
            for scope in SCOPES:
                client = Client(server.port)
                client.log_in(scope, "Ronghe-2026")
                for name, path, part in addresses(field["huddle"]):
                    if only not in name:
                        continue
                    asked = measure(server, client, name, scope, path, part, rounds)
                    if asked is not None:
                        found.append(asked)
                        _print(asked)
        return found
    finally:
        shutil.rmtree(home)


def _print(asked: Asked) -> None:
    cost = f"{asked.cpu_ms / asked.bare_ms:6.2f}" if asked.bare_ms else f"{'':6}"
    bare = (
        f"{asked.ratio:8.2f}{asked.cpu_ms:8.1f}{asked.bare_ms:8.1f}"
        if asked.is_page
        else f"{'':8}{asked.cpu_ms:8.1f}{'':8}"
    )
    print(f"{asked.name:18}{asked.scope:8}{asked.rate:8.1f}{bare}{cost}{asked.statements:5}  {'; '.join(asked.misses)}")


def _own_database(url: str, people: int) -> str:
    """Make an empty database beside the named one; it is left there for a look at its plans."""
    import psycopg

    parts = urlsplit(url)
    name = f"{parts.path.lstrip('/')}_{people}"
    with psycopg.connect(parts._replace(path="/postgres").geturl(), autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}"')
        connection.execute(f'CREATE DATABASE "{name}"')
    return parts._replace(path=f"/{name}").geturl()


def build(people: int) -> None:
    """Fill the database of the environment; a process of its own, since settings are read once."""
    import django

    django.setup()
    from dataclasses import asdict

    from django.db import connection
    from field import build_field

    from ronghe.cli.platform import collect_static
    from ronghe.kernel.db.fresh import bring_up_to_date

    bring_up_to_date()
    if connection.vendor == "sqlite":
        connection.cursor().execute("PRAGMA synchronous=OFF")
    field = build_field(people)
    collect_static()
    print(json.dumps(asdict(field)))


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--people", type=int, default=1_000)
    options.add_argument("--full", action="store_true", help="1,000 and 100,000 people, and how the price grows")
    options.add_argument("--database-url", default="", help="PostgreSQL; databases of this name and the size are made")
    options.add_argument("--rounds", type=int, default=0, help="rounds of ten requests; 2 unless told, 6 with --full")
    options.add_argument("--only", default="", help="addresses whose name contains this")
    options.add_argument("--build", type=int, help=argparse.SUPPRESS)
    chosen = options.parse_args()
    if chosen.build:
        build(chosen.build)
        return 0
    rounds = chosen.rounds or (6 if chosen.full else 2)
    sizes = (1_000, 100_000) if chosen.full else (chosen.people,)
    by_size = [measure_field(people, rounds, chosen.database_url, chosen.only) for people in sizes]
    misses = [asked for found in by_size for asked in found if asked.misses]
    grown = _growth(*by_size) if chosen.full else 0
    print(f"{len(misses)} beyond a target, {grown} grew by more than {GROWTH - 1:.0%}")
    return 1 if misses or grown else 0


def _growth(small: list[Asked], large: list[Asked]) -> int:
    """Print what grew with the number of people; return how many grew too much."""
    before = {(asked.name, asked.scope): asked for asked in small}
    grown = 0
    for asked in large:
        if asked.scope in GROWN:
            times = asked.cpu_ms / before[asked.name, asked.scope].cpu_ms
            grown += times > GROWTH
            print(f"{asked.name:18}{asked.scope:8} 1,000 → 100,000 people: CPU × {times:.2f}")
    return grown


if __name__ == "__main__":
    sys.exit(main())
