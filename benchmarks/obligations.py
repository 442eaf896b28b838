"""Obligations of 10,000 branches for a year ÷ the bare SQL that inserts the same rows, in one run.

    python benchmarks/obligations.py [BODIES]

Target: at most 3 (docs/domain/requirements.md C1). Both sides write the same rows into the same table with the same
indexes and constraints, in one transaction; the reference has its rows ready as tuples before the clock starts.
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
        cursor.execute(f"DELETE FROM {TABLE}")


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
    ratio = min(ours) / min(bare)
    print(f"{bodies} bodies, {len(rows)} obligations of a year, {connection.vendor}")
    print(f"generated {min(ours):.2f} s, bare SQL {min(bare):.2f} s, ratio {ratio:.2f} (at most 3)")
    print(f"generated again, nothing to change: {again:.2f} s")
    sys.exit(0 if ratio <= 3 else 1)


if __name__ == "__main__":
    main()
