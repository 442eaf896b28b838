"""Promises: the public board, how a carrier's promises stand, the records that may show one, the load of people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Q, QuerySet

from ronghe.domain.agreements.selectors import agreement_in_force
from ronghe.domain.carriers.enums import CarrierState
from ronghe.domain.carriers.models import Carrier, CarrierMember, PromiseLine, ShiftPerson
from ronghe.domain.carriers.selectors.carriers import Load, carriers_filtered, list_carriers, parts_of
from ronghe.domain.items.models import WorkItem
from ronghe.domain.items.rules import SEE_ITEM
from ronghe.domain.items.services.showing import RecordOf
from ronghe.domain.org.models import Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.org.selectors.people import people_seen_by
from ronghe.domain.rhythm.enums import ActivityState, AttendanceStatus
from ronghe.domain.rhythm.selectors import activities_seen_by
from ronghe.domain.work.enums import TaskState
from ronghe.domain.work.models import Task
from ronghe.domain.work.rules import SEE_TASK
from ronghe.kernel.access.listing import Listed
from ronghe.kernel.calendar.moments import moment_of
from ronghe.kernel.db.tree import on_day

OFFERED = 6
"""Records of each kind offered to show something, the latest first."""


@dataclass(frozen=True, slots=True)
class Kept:
    """How many promises stand where; what was waived counts nowhere."""

    kept: int = 0
    not_kept: int = 0
    still_open: int = 0
    overdue: int = 0

    @property
    def total(self) -> int:
        return self.kept + self.not_kept + self.still_open


@dataclass(slots=True)
class BoardCard:
    """A carrier on the public board with its promises in their order."""

    carrier: Carrier
    promises: list[PromiseLine] = field(default_factory=list)
    people: int = 0


def kept_of(carriers: Collection[int], now: datetime) -> dict[int, Kept]:
    """Return how the promises of several carriers stand, by carrier; one statement."""
    rows = PromiseLine.objects.filter(carrier__in=carriers).order_by().values("carrier_id")
    found = rows.annotate(
        kept=Count("pk", filter=Q(item__state="kept")),
        not_kept=Count("pk", filter=Q(item__state="not_kept")),
        still_open=Count("pk", filter=Q(item__closed_at=None)),
        overdue=Count("pk", filter=Q(item__closed_at=None, item__due_at__lt=now)),
    )
    by_carrier = {
        row["carrier_id"]: Kept(row["kept"], row["not_kept"], row["still_open"], row["overdue"]) for row in found
    }
    return {key: by_carrier.get(key, Kept()) for key in carriers}


def promises_of(carriers: Sequence[Carrier]) -> dict[int, list[PromiseLine]]:
    """Return the promises of several carriers with their items, in their order; one statement."""
    rows = PromiseLine.objects.filter(carrier__in=[one.pk for one in carriers])
    found: dict[int, list[PromiseLine]] = {carrier.pk: [] for carrier in carriers}
    for row in rows.select_related("item__owner", "item__body").order_by("carrier_id", "number"):
        found[row.carrier_id].append(row)
    return found


def board(
    actor: Person, at: datetime, *, words: str = "", type_: str = "", body: int | None = None, page: int = 1,
    size: int = 12,
) -> tuple[Listed[Carrier], list[BoardCard]]:  # fmt: skip
    """Return a page of the active carriers with who promised what until when, and what was kept; four statements."""
    rows = carriers_filtered(actor, at, words=words, type_=type_, state=CarrierState.ACTIVE, body=body)
    listed = list_carriers(actor, at, rows, order_by=("name",), page=page, size=size)
    carriers = list(listed.rows)
    promised = promises_of(carriers)
    inside = CarrierMember.objects.filter(on_day(local_day(at)), carrier__in=[one.pk for one in carriers])
    people = Counter(inside.order_by().values_list("carrier_id", flat=True))
    return listed, [BoardCard(carrier, promised[carrier.pk], people[carrier.pk]) for carrier in carriers]


def loads_of(actor: Person, at: datetime, *, words: str = "", page: int = 1, size: int = 20) -> tuple[int, list[Load]]:
    """Return how many people carry something and one page of them, who carries most first, as far as `actor` sees them."""
    day = local_day(at)
    parts = CarrierMember.objects.filter(on_day(day), carrier__state=CarrierState.ACTIVE).order_by()
    counted = parts.values("person_id").annotate(n=Count("pk")).values_list("person_id", "n")
    carried: dict[int, int] = dict(counted)
    rows = people_seen_by(actor, at).filter(pk__in=carried)
    if words:
        rows = rows.filter(name__contains=words)
    people = sorted(rows, key=lambda person: -carried[person.pk])
    start = (min(page, max(1, -(-len(people) // size))) - 1) * size
    return len(people), filled_loads(people[start : start + size], at)


def filled_loads(people: Sequence[Person], at: datetime) -> list[Load]:
    """Return the load of these people in their order; three statements."""
    day, keys = local_day(at), [person.pk for person in people]
    parts = parts_of(keys, day)
    promised = WorkItem.objects.filter(kind="promise", owner__in=keys, closed_at=None).order_by()
    counted: Any = promised.values("owner_id").annotate(n=Count("pk")).values_list("owner_id", "n")
    promises: dict[int, int] = dict(counted)
    held = minutes_in_year(keys, day.year)
    return [
        Load(person, parts.get(person.pk, []), promises.get(person.pk, 0), held.get(person.pk, 0)) for person in people
    ]


def minutes_in_year(people: Collection[int], year: int) -> dict[int, int]:
    """Return the minutes held in shifts that began in a year, by person; one statement."""
    from_at, until_at = moment_of(date(year, 1, 1)), moment_of(date(year + 1, 1, 1))
    rows = ShiftPerson.objects.filter(
        is_held=True, row__person__in=people, starts_at__gte=from_at, starts_at__lt=until_at
    )
    held = Counter[int]()
    for part in rows.select_related("row").order_by():
        held[part.row.person_id] += part.minutes
    return held


def records_offered(carrier: Carrier, actor: Person, at: datetime, *, most: int = OFFERED) -> list[RecordOf]:
    """Return records that may show what the carrier's people did, the latest first of each kind, as `actor` sees them.

    Tasks that were accepted, items that were settled, activities that were held with them, and the project's agreement.
    """
    since = moment_of(carrier.from_on)
    people = list(carrier.members.order_by().values_list("person_id", flat=True))
    tasks = Task.objects.filter(assignee__in=people, state=TaskState.ACCEPTED, settled_at__gte=since)
    items = WorkItem.objects.filter(owner__in=people, closed_at__gte=since).exclude(kind="promise")
    held = activities_seen_by(actor, at).filter(
        state=ActivityState.CLOSED, day__gte=carrier.from_on, attendances__person__in=people,
        attendances__status=AttendanceStatus.PRESENT,
    )  # fmt: skip
    found = [
        *_records("work.task", SEE_TASK.narrow(actor, tasks, at=at).order_by("-settled_at", "-pk")[:most]),
        *_records("items.workitem", SEE_ITEM.narrow(actor, items, at=at).order_by("-closed_at", "-pk")[:most]),
        *(
            RecordOf("rhythm.activity", row.pk, f"{row.get_activity_type_display()} {row.day:%Y-%m-%d}")
            for row in held.order_by("-day", "-pk").distinct()[:most]
        ),
    ]
    agreement = agreement_in_force(carrier.project, local_day(at)) if carrier.project is not None else None
    if agreement is not None:
        found.append(RecordOf("agreements.agreement", agreement.pk, agreement.title))
    return found


def _records(source_type: str, rows: Iterable[Any]) -> list[RecordOf]:
    return [RecordOf(source_type, row.pk, row.title) for row in rows]


def promises_seen_by(actor: Person, at: datetime) -> QuerySet[PromiseLine]:
    """Return the promises whose item `actor` may see: to be cut to one."""
    seen = SEE_ITEM.narrow(actor, WorkItem.objects.filter(kind="promise"), at=at, walk=True).order_by()
    rows = PromiseLine.objects.filter(item__in=seen.values("pk"))
    return rows.select_related("carrier__body", "carrier__lead", "carrier__project", "item__owner", "item__body")
