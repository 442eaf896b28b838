"""A field of many people, written straight into the tables: what the pages are measured on.

One company, three plants, a branch and an operation area to each hundred people, a Party group and a team to each
twelve; twenty facts a person, a year of the shipped playbook's obligations for every branch, a hundred activities and
tasks a branch, one zone with its huddle open. The shape of a team and of a branch is the same whatever the size.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db import connection, models, transaction
from django.utils import timezone

from ronghe.domain.obligations.models import Obligation, ObligationMatch
from ronghe.domain.obligations.services.generating import generate_obligations
from ronghe.domain.org.models import (
    AdminUnit,
    AdminUnitLink,
    Membership,
    PartyOrg,
    PartyOrgLink,
    Person,
    PostHolding,
)
from ronghe.domain.playbooks.calc.digest import canonical_text
from ronghe.domain.playbooks.calc.library import SHIPPED
from ronghe.domain.playbooks.calc.loading import load_playbook
from ronghe.domain.playbooks.models import Adoption, PlaybookText, PlaybookVersion
from ronghe.domain.rhythm.models import Activity, Attendance
from ronghe.domain.work.models import Task
from ronghe.domain.zones.models import CollaborationZone
from ronghe.kernel.access.models import Account
from ronghe.kernel.facts.models import Fact

PASSWORD = "Ronghe-2026"
SINCE = date(2020, 1, 1)
TEAM, BRANCH = 12, 96
"""People a team (and Party group), and a branch (and operation area)."""
FACTS_A_PERSON = 20
ACTIVITIES_A_BRANCH, CAME, TASKS_A_BRANCH = 100, 6, 100
IN_ZONE, SIGNED_IN = 60, 45
SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕"
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉萍红梅建国志鹏飞海波宏宇欣雪"
TITLES = ("管线焊口复检", "动火票复核", "三号罐基础养护记录", "电缆沟回填", "监护人到位检查", "吊装方案交底")

BODY, UNIT, FIRST_PERSON = 1, 1, 1


@dataclass(frozen=True, slots=True)
class Field:
    """What a benchmark needs to know of the field. `logins` are role → log-in name."""

    people: int
    facts: int
    obligations: int
    huddle: int
    logins: dict[str, str]


def build_field(people: int) -> Field:
    """Fill an empty, migrated database."""
    builder = _Builder(people)
    with transaction.atomic():
        builder.trees()
        builder.persons()
        builder.zone()
        builder.posts()
        builder.adopt()
    generate_obligations(at=builder.now)
    with transaction.atomic():
        builder.facts()
        builder.matches()
        builder.activities()
        builder.tasks()
        builder.huddle()
    with connection.cursor() as cursor:
        for model in () if connection.vendor == "sqlite" else _WITH_IDS:
            table = model._meta.db_table
            cursor.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))")
        cursor.execute("ANALYZE")
    huddle = Activity.objects.get(state="open")
    return Field(people, people * FACTS_A_PERSON, Obligation.objects.count(), huddle.pk, builder.logins)


_WITH_IDS: tuple[type[models.Model], ...] = (AdminUnit, PartyOrg, Person, CollaborationZone)


class _Builder:
    def __init__(self, people: int) -> None:
        self.now = timezone.now()
        self.today = timezone.localdate(self.now)
        self.chance = random.Random(7)
        self.people = people
        self.branches = max(3, people // BRANCH)
        self.teams_a_branch = BRANCH // TEAM
        self.logins: dict[str, str] = {}
        self.zone_body = 0
        self.zone_office = 0
        self.tokens: list[int] = []

    # The ids are laid out so that nothing needs to be looked up: 1 the whole, 2–4 the plants, then branches, then teams.

    def plant_of(self, branch: int) -> int:
        return 2 + branch % 3

    def branch_id(self, branch: int) -> int:
        return 5 + branch

    def team_id(self, branch: int, team: int) -> int:
        return 5 + self.branches + branch * self.teams_a_branch + team

    def place_of(self, person: int) -> tuple[int, int]:
        """Return branch and team of the person with this number, counted from nothing."""
        branch = min(person // BRANCH, self.branches - 1)
        return branch, person // TEAM % self.teams_a_branch

    def trees(self) -> None:
        for model, link_model, kinds, names in (
            (PartyOrg, PartyOrgLink, ("committee", "committee", "branch", "party_group"), ("党委", "党委", "党支部", "党小组")),
            (AdminUnit, AdminUnitLink, ("company", "unit", "operation_area", "team"), ("油田公司", "采油厂", "作业区", "班")),
        ):  # fmt: skip
            nodes, links = [], []
            for pk, above, level, number in self._nodes():
                nodes.append((pk, above[-1] if above else None, f"第{number}{names[level]}", kinds[level], SINCE))
                links += [
                    (ancestor, pk, depth, SINCE) for depth, ancestor in enumerate(reversed([*above, pk]))
                ]  # fmt: skip
            insert(model, ("id", "parent", "name", "kind", "valid_from"), nodes)
            insert(link_model, ("ancestor", "descendant", "depth", "valid_from"), links)
        office = AdminUnit(pk=1_000_001, parent_id=2, name="联合项目部", kind="joint_project_office", valid_from=SINCE)
        body = PartyOrg(
            pk=1_000_001, parent_id=2, name="南I-1联合站改造共建党支部", kind="co_built_branch", valid_from=SINCE
        )
        for node, link_model in ((office, AdminUnitLink), (body, PartyOrgLink)):
            node.save(force_insert=True)
            links = [(1, node.pk, 2, SINCE), (2, node.pk, 1, SINCE), (node.pk, node.pk, 0, SINCE)]
            insert(link_model, ("ancestor", "descendant", "depth", "valid_from"), links)
        self.zone_body, self.zone_office = body.pk, office.pk

    def _nodes(self) -> Iterator[tuple[int, list[int], int, int]]:
        yield 1, [], 0, 1
        for plant in range(3):
            yield 2 + plant, [1], 1, plant + 1
        for branch in range(self.branches):
            above = [1, self.plant_of(branch)]
            yield self.branch_id(branch), above, 2, branch + 1
            for team in range(self.teams_a_branch):
                yield self.team_id(branch, team), [*above, self.branch_id(branch)], 3, team + 1

    def persons(self) -> None:
        self.tokens = [10_000_000_000 + number for number in range(self.people)]
        rows = []
        for number, token in enumerate(self.tokens):
            name = self.chance.choice(SURNAMES) + self.chance.choice(GIVEN) + self.chance.choice(GIVEN)
            status = "01" if number % 3 == 0 else "13"
            joined = date(2005 + number % 18, 1 + number % 12, 1) if number % 3 == 0 else None
            rows.append((
                number + 1, token, name, "abc", f"S{number:07d}", "1", status, joined, "运行岗", "输油工",
                self.team_id(*self.place_of(number)), SINCE,
            ))  # fmt: skip
        insert(Person, ("id", "token", "name", "initials", "staff_number", "gender", "political_status",
                        "joined_party_on", "job_title", "trade", "unit", "valid_from"), rows)  # fmt: skip
        members = [
            (number + 1, self.branch_id(self.place_of(number)[0]), "home", self.team_id(*self.place_of(number)), SINCE)
            for number in range(0, self.people, 3)
        ]
        insert(Membership, ("person", "body", "kind", "group", "valid_from"), members)

    def zone(self) -> None:
        """Persons 0 to 59, of the first branch, work in the zone."""
        zone = CollaborationZone.objects.create(
            name="南I-1联合站改造协作区", purpose="南I-1联合站改造", mode="project_based", state="running", sponsor_id=2,
            body_id=self.zone_body, office_id=self.zone_office, place="现场活动室", proposed_at=self.now, started_on=SINCE,
        )  # fmt: skip
        self.zone_id = zone.pk
        rows = [(number + 1, self.zone_body, "participation", None, SINCE) for number in range(IN_ZONE)]
        insert(Membership, ("person", "body", "kind", "group", "valid_from"), rows)

    def posts(self) -> None:
        """Four people log in: rights of one team, of a third of all, of all, and the zone's lead."""
        hashed = make_password(PASSWORD)
        own = self.branch_id(0)
        for role, number, posts in (
            ("team", 0, [("group_leader", self.team_id(0, 0), None), ("team_leader", None, self.team_id(0, 0))]),
            ("third", 3, [("committee_clerk", 2, None), ("team_leader", None, 2)]),
            ("clerk", 6, [("committee_clerk", 1, None)]),
            ("lead", 9, [("zone_lead", self.zone_body, None), ("secretary", own, None)]),
        ):
            account = Account.objects.create(
                login=role, password=hashed, must_change_password=False, password_changed_at=self.now
            )
            Person.objects.filter(pk=number + 1).update(account=account)
            for post, body, unit in posts:
                PostHolding.objects.create(
                    person_id=number + 1, role=post, body_id=body, unit_id=unit, source="appointed", valid_from=SINCE
                )
            self.logins[role] = role
        # Every other branch has its secretary, as a field has.
        rows = [(branch * BRANCH + 1, "secretary", self.branch_id(branch), "elected", SINCE)
                for branch in range(1, self.branches)]  # fmt: skip
        insert(PostHolding, ("person", "role", "body", "source", "valid_from"), rows)

    def adopt(self) -> None:
        begun = self.today.replace(month=1, day=1)
        for file, bodies in (
            ("branch_base.yaml", [self.branch_id(branch) for branch in range(self.branches)]),
            ("daqing_zone.yaml", [self.zone_body]),
        ):
            book = load_playbook(SHIPPED / file).playbook
            assert book is not None
            version = PlaybookVersion.objects.create(
                playbook_id=book.id, version=book.version, title_zh=book.title.zh, title_en=book.title.en,
                digest=book.digest, kept_at=self.now,
            )  # fmt: skip
            PlaybookText.objects.create(version=version, content=canonical_text(book.content))
            insert(Adoption, ("body", "version", "valid_from", "adopted_at"),
                   ((body, version.pk, begun, self.now) for body in bodies))  # fmt: skip

    def facts(self) -> None:
        mark = b"\0" * 32
        start = self.now - timedelta(days=365)
        gap = timedelta(days=365) / (self.people * FACTS_A_PERSON)
        members = (
            ("rhythm.attended", start + gap * n, start + gap * n, self.tokens[n % self.people], 5, 10_000, "{}", mark)
            for n in range(self.people * FACTS_A_PERSON)
        )
        insert(
            Fact, ("kind", "occurred_at", "recorded_at", "subject", "body", "quantity", "attributes", "mac"), members
        )

    def matches(self) -> None:
        """Nine in ten of what was due until yesterday was met."""
        past = Obligation.objects.filter(due_on__lt=self.today).order_by("pk").values_list("pk", "due_on")
        rows = ((pk, 1 + pk, due_on) for pk, due_on in past.iterator(chunk_size=5000) if pk % 10)
        insert(ObligationMatch, ("obligation", "fact", "met_on"), list(rows))
        Obligation.objects.filter(match__isnull=False).update(is_settled=True)

    def activities(self) -> None:
        rows, came = [], []
        for branch in range(self.branches):
            for number in range(ACTIVITIES_A_BRANCH):
                day = self.today - timedelta(days=1 + number * 3)
                at = datetime.combine(day, time(1, 0), UTC)
                pk = 1 + len(rows)
                chair = self._member(branch, number)
                rows.append((pk, "theme_party_day", self.branch_id(branch), day, "会议室", "closed", chair, chair, at, at,
                             chair, CAME, CAME))  # fmt: skip
                for seat in range(CAME):
                    person = self._member(branch, number + seat)
                    came.append((pk, person, "present", "own_phone", at, person, at, False))
        insert(Activity, ("id", "activity_type", "body", "day", "place", "state", "chair", "recorder", "opened_at",
                          "closed_at", "closed_by", "expected_count", "present_count"), rows)  # fmt: skip
        insert(Attendance, ("activity", "person", "status", "way", "signed_at", "recorded_by", "recorded_at", "is_guest"),
               came)  # fmt: skip
        if connection.vendor != "sqlite":
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT setval(pg_get_serial_sequence('rhythm_activity', 'id'), (SELECT max(id) FROM rhythm_activity))"
                )

    def _member(self, branch: int, turn: int) -> int:
        return branch * BRANCH + 1 + turn * 3 % BRANCH

    def tasks(self) -> None:
        rows = []
        for branch in range(self.branches):
            for number in range(TASKS_A_BRANCH):
                due = self.now + timedelta(hours=number * 7 - 400)
                state = ("open", "accepted", "accepted", "submitted")[number % 4]
                submitted = None if state == "open" else due - timedelta(hours=3)
                # The secretary opened them; whoever does them is somebody else.
                assignee, opener = self._member(branch, 1 + number % 30), self._member(branch, 0)
                rows.append((TITLES[number % len(TITLES)], self.branch_id(branch), assignee, state, due, opener,
                             due - timedelta(days=2), submitted, int(state != "open"),
                             opener if state == "accepted" else None))  # fmt: skip
        insert(Task, ("title", "body", "assignee", "state", "due_at", "opened_by", "opened_at", "submitted_at", "round",
                      "settled_by"), rows)  # fmt: skip

    def huddle(self) -> None:
        lead = 10
        activity = Activity.objects.create(
            activity_type="morning_huddle", body_id=self.zone_body, zone_id=self.zone_id, day=self.today, place="现场活动室",
            state="open", chair_id=lead, recorder_id=lead, opened_at=self.now,
        )  # fmt: skip
        rows = [
            (activity.pk, number + 1, "present", ("own_phone", "card", "ticked")[number % 3], self.now,
             number + 1 if number % 3 == 0 else lead, self.now, False)
            for number in range(SIGNED_IN)
        ]  # fmt: skip
        insert(Attendance, ("activity", "person", "status", "way", "signed_at", "recorded_by", "recorded_at", "is_guest"),
               rows)  # fmt: skip


def insert(model: type[models.Model], fields: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Write rows of one model by its field names; what is not named has its default."""
    known = {field.name: field for field in model._meta.concrete_fields}
    defaults = {
        name: field.get_default()
        for name, field in known.items()
        if name not in fields and field.has_default() and not field.primary_key
    }
    columns = [connection.ops.quote_name(known[name].column) for name in (*fields, *defaults)]
    rest = tuple(known[name].get_db_prep_save(value, connection) for name, value in defaults.items())
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row((*row, *rest))
            return
        prepare = [_sqlite_value(known[name]) for name in fields]
        marks = ", ".join("?" * len(columns))
        cursor.connection.executemany(
            f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})",
            ((*(ready(value) for ready, value in zip(prepare, row, strict=True)), *rest) for row in rows),
        )


def _sqlite_value(field: Any) -> Any:
    """How a value is written by hand on SQLite: moments as naive UTC text, days as text, the rest as it is."""
    if isinstance(field, models.DateTimeField):
        return lambda value: None if value is None else value.astimezone(UTC).replace(tzinfo=None).isoformat(" ")
    if isinstance(field, models.DateField):
        return lambda value: None if value is None else value.isoformat()
    return lambda value: value
