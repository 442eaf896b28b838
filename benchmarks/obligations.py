"""Obligations of 10,000 branches for a year, and what state each body's are in on a day, ÷ bare SQL in one run.

    python benchmarks/obligations.py [BODIES]

Target: at most 3 (docs/domain/requirements.md C1). Both sides write the same rows into the same table with the same
indexes and constraints, in one transaction; the reference has its rows ready as tuples before the clock starts.

The daily state is how many obligations of the year each body has in each of the six states on one day (`states_by_body`),
nine in ten of what was due by then met; the reference is the same count as SQL by hand. The ratio that counts is of both
together. Missed, the committee's list page of it and who is behind are told in milliseconds.
"""

from __future__ import annotations

import gc
import os
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date, datetime

os.environ["RONGHE_HOME"] = tempfile.mkdtemp(prefix="ronghe-bench-")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ronghe.config.settings.base")

import django

django.setup()

# Imports after django.setup: models need their settings.
from django.core.management import call_command  # noqa: E402
from django.db import connection, transaction  # noqa: E402

from ronghe.domain.obligations.models import Obligation  # noqa: E402
from ronghe.domain.obligations.selectors import states_by_body  # noqa: E402
from ronghe.domain.obligations.services.generating import COLUMNS, Generated, generate_obligations  # noqa: E402
from ronghe.domain.org.enums import PartyOrgKind  # noqa: E402
from ronghe.domain.org.models import PartyOrg  # noqa: E402
from ronghe.domain.playbooks.calc.digest import canonical_text  # noqa: E402
from ronghe.domain.playbooks.calc.library import SHIPPED  # noqa: E402
from ronghe.domain.playbooks.calc.loading import load_playbook  # noqa: E402
from ronghe.domain.playbooks.models import Adoption, PlaybookText, PlaybookVersion  # noqa: E402
from ronghe.kernel.calendar.moments import SHANGHAI  # noqa: E402
from ronghe.kernel.calendar.periods import read_period  # noqa: E402

ROUNDS = 3
DAY = date(2026, 9, 14)
BARE_STATES = """
    SELECT o.body_id,
           CASE WHEN w.id IS NOT NULL THEN 'waived' WHEN m.met_on <= o.due_on THEN 'done' WHEN m.id IS NOT NULL THEN 'late'
                WHEN o.window_from > %s THEN 'upcoming' WHEN o.grace_until > %s THEN 'due' ELSE 'missed' END AS state,
           COUNT(*)
      FROM obligations_obligation o
      LEFT JOIN obligations_match m ON m.obligation_id = o.id
      LEFT JOIN obligations_waiver w ON w.obligation_id = o.id
     WHERE o.counts_on >= %s AND o.counts_on < %s
     GROUP BY 1, 2
"""
TABLE = "obligations_obligation"
AT = datetime(2026, 1, 1, 8, 0, tzinfo=SHANGHAI)
YEAR = read_period("2026").span


def set_up(bodies: int) -> None:
    call_command("migrate", verbosity=0)
    book = load_playbook(SHIPPED / "branch_base.yaml").playbook
    assert book is not None
    version = PlaybookVersion.objects.create(
        playbook_id=book.id, version=book.version, title_zh=book.title.zh, title_en=book.title.en,
        digest=book.digest, kept_at=AT,
    )  # fmt: skip
    PlaybookText.objects.create(version=version, content=canonical_text(book.content))
    branches = PartyOrg.objects.bulk_create(
        (PartyOrg(name=f"支部{n}", kind=PartyOrgKind.BRANCH, valid_from=date(2020, 1, 1)) for n in range(bodies)),
        batch_size=2000,
    )
    Adoption.objects.bulk_create(
        (Adoption(body=branch, version=version, valid_from=date(2026, 1, 1), adopted_at=AT) for branch in branches),
        batch_size=2000,
    )


def generate() -> Generated:
    return generate_obligations(at=AT, span=YEAR)


def ready_rows() -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(COLUMNS)} FROM {TABLE} ORDER BY id")
        return list(cursor.fetchall())


def insert(rows: list[tuple[object, ...]]) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        marks = ", ".join(["%s"] * len(COLUMNS))
        cursor.executemany(f"INSERT INTO {TABLE} ({', '.join(COLUMNS)}) VALUES ({marks})", rows)


def empty() -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM obligations_match")
        cursor.execute(f"DELETE FROM {TABLE}")


def meet() -> None:
    """Nine in ten of what was due by the day was met, one in twenty of it late."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO obligations_match (obligation_id, fact, met_on) SELECT id, id, "
            f"CASE WHEN id %% 20 = 1 THEN grace_until ELSE due_on END FROM {TABLE} WHERE due_on < %s AND id %% 10 <> 0",
            [connection.ops.adapt_datefield_value(DAY)],
        )
        cursor.execute(
            f"UPDATE {TABLE} SET is_settled = %s WHERE id IN (SELECT obligation_id FROM obligations_match)",
            [True],
        )


def bare_states() -> dict[int, dict[str, int]]:
    days = [connection.ops.adapt_datefield_value(day) for day in (DAY, DAY, YEAR.from_on, YEAR.until_on)]
    found: dict[int, dict[str, int]] = {}
    with connection.cursor() as cursor:
        cursor.execute(BARE_STATES, days)
        for body, state, count in cursor.fetchall():
            found.setdefault(body, {})[state] = count
    return found


def missed() -> list[Obligation]:
    """What a list of the missed asks for first: a page of the oldest."""
    return list(Obligation.objects.missed_on(DAY).order_by("due_on", "pk")[:20])


def seconds(act: Callable[[], object]) -> float:
    gc.collect()
    begin = time.perf_counter()
    act()
    return time.perf_counter() - begin


def main() -> None:
    bodies = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    set_up(bodies)
    generate()
    rows = ready_rows()
    ours, bare = [], []
    for _round in range(ROUNDS):
        empty()
        ours.append(seconds(generate))
        empty()
        bare.append(seconds(lambda: insert(rows)))
    again = seconds(generate)
    meet()
    assert states_by_body(DAY, YEAR) == bare_states()
    states = [seconds(lambda: states_by_body(DAY, YEAR)) for _round in range(ROUNDS)]
    bare_count = [seconds(bare_states) for _round in range(ROUNDS)]
    ratio = (min(ours) + min(states)) / (min(bare) + min(bare_count))
    print(f"{bodies} bodies, {len(rows)} obligations of a year, {connection.vendor}")
    print(f"generated {min(ours):.2f} s, bare SQL {min(bare):.2f} s, ratio {min(ours) / min(bare):.2f}")
    print(
        f"states of a day {min(states):.2f} s, bare SQL {min(bare_count):.2f} s, ratio {min(states) / min(bare_count):.2f}"
    )
    print(f"both together: ratio {ratio:.2f} (at most 3)")
    print(f"generated again, nothing to change: {again:.2f} s")
    print(f"a page of the missed: {1000 * min(seconds(missed) for _round in range(ROUNDS)):.1f} ms")
    sys.exit(0 if ratio <= 3 else 1)


if __name__ == "__main__":
    main()
