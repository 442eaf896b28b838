"""今日 of people with 500 open items each among two million items, against a bare Django view.

    python benchmarks/my_day.py                                  # 50,000 items, a minute
    python benchmarks/my_day.py --full                           # 2,000,000 items: the committed target
    python benchmarks/my_day.py --database-url postgres://postgres@localhost/bench

The field of `pages.py` with 1,000 people, to whom the items are dealt out, a quarter of them open. The server, the reference and
the way of measuring are those of `pages.py`: the same middleware, session and user, and the same template rendered from
constants, asked in turn with the platform. Four people ask: leader of one team, clerk of a third of all, clerk of the whole,
secretary of a branch who leads a zone; each owns 500 open items besides what the posts bring.

Targets: req/s ÷ bare ≥ 0.4 for the day; the list of all items, of which everybody sees another part, ≥ 0.35 as any page; no
more statements among two million than among fifty thousand.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from pages import SCOPES, Client, Server, _own_database, measure

HERE = Path(__file__).parent
PEOPLE, OWN = 1_000, 500
LEAST = {"today": 0.40, "today part": 0.40, "items": 0.35, "load": 0.35}
MOST_SQL = {"today": 8, "today part": 8, "items": 8, "load": 12}
ADDRESSES = (
    ("today", "/", False), ("today part", "/", True), ("items", "/work/items/", False), ("load", "/today/load/", False),
    ("api today", "/api/v1/today", False),
)  # fmt: skip
OPEN_STATES = (
    ("claim", "running"),
    ("claim", "submitted"),
    ("need", "triaged"),
    ("need", "raised"),
    ("lookback", "acting"),
)
CLOSED_STATES = (("claim", "accepted"), ("need", "closed"), ("lookback", "closed"))
TITLES = ("管线焊口复检", "视频与周界联动", "胶粘挂网试验段", "夜班交接单合并", "电缆沟回填验收", "三号罐基础养护")


def build(items: int) -> None:
    """Fill the database of the environment; a process of its own, since settings are read once."""
    import django

    django.setup()
    from django.db import connection, transaction
    from field import build_field, insert

    from ronghe.cli.platform import collect_static
    from ronghe.domain.items.models import WorkItem
    from ronghe.kernel.db.fresh import bring_up_to_date

    bring_up_to_date()
    if connection.vendor == "sqlite":
        connection.cursor().execute("PRAGMA synchronous=OFF")
    build_field(PEOPLE)
    fields = ("title", "since", "due_at", "closed_at", "kind", "state", "body", "owner", "raised_by", "raised_at")
    with transaction.atomic():
        insert(WorkItem, fields, _items(items))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    collect_static()
    print(json.dumps({"items": WorkItem.objects.count(), "open": WorkItem.objects.filter(closed_at=None).count()}))


def _items(count: int) -> Iterator[tuple[Any, ...]]:
    """Deal the items out: 500 open ones to each who logs in, the rest to everybody in turn, a quarter of them open."""
    from django.utils import timezone
    from field import BRANCH

    chance, now = random.Random(11), timezone.now()
    branches = max(3, PEOPLE // BRANCH)
    owners = [number for number in (1, 4, 7, 10) for _item in range(OWN)]
    for number in range(count):
        is_own = number < len(owners)
        owner = owners[number] if is_own else 1 + number % PEOPLE
        body = 5 + min((owner - 1) // BRANCH, branches - 1)
        is_open = is_own or number % 4 == 0
        kind, state = ("claim", "running") if is_own else chance.choice(OPEN_STATES if is_open else CLOSED_STATES)
        yield _row(number, kind, state, body, owner, now, chance, is_open=is_open)


def _row(
    number: int, kind: str, state: str, body: int, owner: int, now: datetime, chance: random.Random, *, is_open: bool
) -> tuple[Any, ...]:
    raised = now - timedelta(days=chance.randint(20, 400))
    due = (
        raised + timedelta(days=chance.randint(5, 40))
        if not is_open
        else now + timedelta(hours=chance.randint(-200, 900))
    )
    nobody = state == "raised"
    return (
        f"{TITLES[number % len(TITLES)]} {number}", raised + timedelta(days=1), due, None if is_open else due,
        kind, state, body, None if nobody else owner, 1 + (owner + 1) % PEOPLE, raised,
    )  # fmt: skip


def run(items: int, rounds: int, database_url: str) -> list[str]:
    """Measure one size, print it and return what missed its target."""
    home = tempfile.mkdtemp(prefix="ronghe-bench-")
    environment = {**os.environ, "RONGHE_HOME": home, "DJANGO_SETTINGS_MODULE": "pages_server",
                   "PYTHONPATH": os.pathsep.join([str(HERE), os.environ.get("PYTHONPATH", "")]),
                   "PYTHONUNBUFFERED": "1"}  # fmt: skip
    environment["RONGHE_DATABASE_URL"] = _own_database(database_url, items) if database_url else ""
    misses = []
    try:
        started = time.perf_counter()
        built = subprocess.run([sys.executable, __file__, "--build", str(items)], env=environment, check=True,
                               stdout=subprocess.PIPE)  # fmt: skip
        made = json.loads(built.stdout.splitlines()[-1])
        vendor = "PostgreSQL" if database_url else "SQLite"
        print(
            f"{made['items']:,} items, {made['open']:,} open, {vendor}; built in {time.perf_counter() - started:.0f} s"
        )
        print(f"{'':12}{'rights':8}{'req/s':>8}{'÷ bare':>8}{'CPU-ms':>8}{'bare':>8}{'SQL':>5}")
        with Server(environment) as server:
            for scope in SCOPES:
                client = Client(server.port)
                client.log_in(scope, "Ronghe-2026")
                for name, path, part in ADDRESSES:
                    asked = measure(server, client, name, scope, path, part, rounds)
                    assert asked is not None, path
                    print(
                        f"{name:12}{scope:8}{asked.rate:8.1f}{asked.ratio:8.2f}{asked.cpu_ms:8.1f}{asked.bare_ms:8.1f}{asked.statements:5}"
                    )
                    if asked.is_page and asked.ratio < LEAST[name]:
                        misses.append(f"{name} for {scope}: {asked.ratio:.2f} < {LEAST[name]}")
                    if asked.is_page and asked.statements > MOST_SQL[name]:
                        misses.append(f"{name} for {scope}: {asked.statements} SQL > {MOST_SQL[name]}")
        return misses
    finally:
        shutil.rmtree(home)


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--items", type=int, default=50_000)
    options.add_argument("--full", action="store_true", help="two million items")
    options.add_argument("--database-url", default="", help="PostgreSQL; a database of this name and the size is made")
    options.add_argument("--rounds", type=int, default=3, help="rounds of ten requests")
    options.add_argument("--build", type=int, help=argparse.SUPPRESS)
    chosen = options.parse_args()
    if chosen.build:
        build(chosen.build)
        return 0
    misses = run(2_000_000 if chosen.full else chosen.items, chosen.rounds, chosen.database_url)
    print("\n".join(misses) or "every target met")
    return 1 if misses else 0


if __name__ == "__main__":
    sys.exit(main())
