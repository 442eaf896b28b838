"""The grid of 5,000 bodies and 200,000 people ÷ the same counts by bare grouped SQL, in one run.

    python benchmarks/grid.py

Prints the statements for 500 bodies and for 5,000 (they must be equal), the seconds, and the ratio to the reference: the
grouped statements written by hand (people by unit, memberships by body, group, unit and status, the two trees, posts),
each fetched as tuples, without the Python that finds gaps and draws the tree. Then the page as the clerk gets it, and one
branch of it. Target: equal statements, and at most 4 times the reference for all gaps and figures.
"""

from __future__ import annotations

import gc
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import date

os.environ["RONGHE_HOME"] = tempfile.mkdtemp(prefix="ronghe-bench-")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ronghe.config.settings.base")

import django

django.setup()

# Imports after django.setup: models need their settings.
from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402
from django.utils import timezone  # noqa: E402
from field import insert  # noqa: E402

from ronghe.domain.grid.models import GridLiaison  # noqa: E402
from ronghe.domain.grid.selectors.coverage import Coverage, coverage  # noqa: E402
from ronghe.domain.org.models import (  # noqa: E402
    AdminUnit,
    AdminUnitLink,
    Membership,
    PartyOrg,
    PartyOrgLink,
    Person,
    PostHolding,
)
from ronghe.kernel.access.models import Account  # noqa: E402
from ronghe.kernel.db.fresh import bring_up_to_date  # noqa: E402

SINCE = date(2020, 1, 1)
ROUNDS = 3
PLANTS = 20
BRANCHES, SMALL_BRANCHES, TEAMS, PEOPLE = 1000, 96, 4, 50
"""Branches in all and at first, teams (and groups) a branch, people a team: 1 + 20 + 1,000 + 4,000 bodies."""
FIRST_BRANCH, FIRST_TEAM = 100, 10_000
CLERK = 1

REFERENCE = (
    """
    SELECT p.unit_id, count(*), sum(CASE WHEN coalesce(s.status, p.political_status) IN ('01', '02') THEN 1 ELSE 0 END),
           sum(CASE WHEN m.id IS NULL THEN 1 ELSE 0 END), sum(CASE WHEN l.id IS NULL THEN 0 ELSE 1 END)
      FROM org_person p
      LEFT JOIN org_person_status s ON s.person_id = p.id AND s.valid_from <= %(d)s
                                   AND (s.valid_until IS NULL OR s.valid_until > %(d)s)
      LEFT JOIN org_membership m ON m.person_id = p.id AND m.kind = 'home' AND m.valid_from <= %(d)s
                                AND (m.valid_until IS NULL OR m.valid_until > %(d)s)
      LEFT JOIN grid_liaison l ON l.employee_id = p.id AND l.valid_from <= %(d)s
                              AND (l.valid_until IS NULL OR l.valid_until > %(d)s)
     WHERE p.valid_from <= %(d)s AND (p.valid_until IS NULL OR p.valid_until > %(d)s)
     GROUP BY p.unit_id
    """,
    """
    SELECT m.body_id, m.group_id, p.unit_id, coalesce(s.status, p.political_status), count(*)
      FROM org_membership m JOIN org_person p ON p.id = m.person_id
      LEFT JOIN org_person_status s ON s.person_id = p.id AND s.valid_from <= %(d)s
                                   AND (s.valid_until IS NULL OR s.valid_until > %(d)s)
     WHERE m.kind = 'home' AND m.valid_from <= %(d)s AND (m.valid_until IS NULL OR m.valid_until > %(d)s)
     GROUP BY 1, 2, 3, 4
    """,
    "SELECT id, parent_id, name, kind, unit_id FROM org_party_org",
    "SELECT id, parent_id, name, kind FROM org_admin_unit",
    "SELECT body_id, unit_id, role, person_id FROM org_post_holding",
)


def found(branches: range) -> None:
    """Write the branches of the range with their units, teams, groups, people, posts and named members."""
    with transaction.atomic():
        for model, link_model, kinds in (
            (PartyOrg, PartyOrgLink, ("committee", "committee", "branch", "party_group")),
            (AdminUnit, AdminUnitLink, ("company", "unit", "operation_area", "team")),
        ):
            nodes, links = [], []
            for pk, above, level in _nodes(branches):
                carried = (pk if level < 3 else None,) if model is PartyOrg else ()
                nodes.append((pk, above[-1] if above else None, f"第{pk}", kinds[level], SINCE, *carried))
                links += [(up, pk, depth, SINCE) for depth, up in enumerate(reversed([*above, pk]))]
            names = ("id", "parent", "name", "kind", "valid_from")
            insert(model, (*names, "unit") if model is PartyOrg else names, nodes)
            insert(link_model, ("ancestor", "descendant", "depth", "valid_from"), links)
        _people(branches)


def _nodes(branches: range) -> Iterator[tuple[int, list[int], int]]:
    if not branches.start:
        yield 1, [], 0
        for plant in range(PLANTS):
            yield 2 + plant, [1], 1
    for branch in branches:
        pk, above = FIRST_BRANCH + branch, [1, 2 + branch % PLANTS]
        yield pk, above, 2
        for team in range(TEAMS):
            yield _team(branch, team), [*above, pk], 3


def _team(branch: int, team: int) -> int:
    return FIRST_TEAM + branch * TEAMS + team


def _people(branches: range) -> None:
    people, homes, named, posts = [], [], [], []
    for branch in branches:
        body = FIRST_BRANCH + branch
        for team in range(TEAMS):
            unit = _team(branch, team)
            first = (branch * TEAMS + team) * PEOPLE + 1
            for number in range(PEOPLE):
                pk = first + number
                is_member = number % 4 == 0 and branch % 50 != 7  # some teams have nobody of the Party
                people.append((pk, 10_000_000_000 + pk, f"职工{pk}", "zg", "01" if is_member else "13", unit, SINCE))
                if is_member:
                    homes.append((pk, body, "home", unit, SINCE))
                elif branch % 50 != 7 and branch % 3:
                    named.append((pk, first, body, SINCE))
            posts.append((first, "group_leader", unit, None, "elected", SINCE))
            posts.append((first, "team_leader", None, unit, "appointed", SINCE))
        posts.append((_first_of(branch), "secretary", body, None, "elected", SINCE))
    insert(Person, ("id", "token", "name", "initials", "political_status", "unit", "valid_from"), people)
    insert(Membership, ("person", "body", "kind", "group", "valid_from"), homes)
    insert(GridLiaison, ("employee", "member", "body", "valid_from"), named)
    insert(PostHolding, ("person", "role", "body", "unit", "source", "valid_from"), posts)


def _first_of(branch: int) -> int:
    return branch * TEAMS * PEOPLE + 1


def clerk() -> Person:
    account = Account.objects.create(
        login="clerk", password="!", must_change_password=False, password_changed_at=timezone.now()
    )
    Person.objects.filter(pk=CLERK).update(account=account)
    PostHolding.objects.create(person_id=CLERK, role="committee_clerk", body_id=1, source="appointed", valid_from=SINCE)
    return Person.objects.get(pk=CLERK)


def whole() -> Coverage:
    got = coverage(Person.objects.get(pk=CLERK), timezone.now())
    assert got.figures.employees
    assert got.tree
    return got


def by_hand() -> int:
    rows = 0
    with connection.cursor() as cursor:
        for statement in REFERENCE:
            cursor.execute(statement, {"d": timezone.localdate().isoformat()} if "%(d)s" in statement else None)
            rows += len(cursor.fetchall())
    return rows


def seconds(act: Callable[[], object]) -> float:
    gc.collect()
    begin = time.perf_counter()
    act()
    return time.perf_counter() - begin


def statements() -> int:
    with CaptureQueriesContext(connection) as asked:
        whole()
    return len(asked)


def main() -> None:
    bring_up_to_date()
    settings.ALLOWED_HOSTS = ["*"]
    found(range(SMALL_BRANCHES))
    actor = clerk()
    few, small = statements(), PartyOrg.objects.count()
    found(range(SMALL_BRANCHES, BRANCHES))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    many, bodies, people = statements(), PartyOrg.objects.count(), Person.objects.count()
    got = whole()
    ours = min(seconds(whole) for _round in range(ROUNDS))
    bare = min(seconds(by_hand) for _round in range(ROUNDS))
    browser = Client()
    call_command("collectstatic", interactive=False, verbosity=0)
    browser.force_login(actor.account)
    page = min(seconds(lambda: browser.get("/org/grid/")) for _round in range(ROUNDS))
    part = min(seconds(lambda: browser.get(f"/org/grid/?body={FIRST_BRANCH}")) for _round in range(ROUNDS))
    size = len(browser.get("/org/grid/").content)
    print(f"{bodies} bodies, {people} people, {len(got.found)} gaps, {connection.vendor}")
    print(f"statements: {few} for {small} bodies, {many} for {bodies}")
    print(f"coverage and all gaps {ours:.2f} s, grouped SQL by hand {bare:.2f} s, ratio {ours / bare:.2f} (at most 4)")
    print(f"page of the committee {page:.2f} s, {size // 1024} KiB; page of one branch {part:.2f} s")
    sys.exit(0 if few == many and ours <= 4 * bare else 1)


if __name__ == "__main__":
    main()
