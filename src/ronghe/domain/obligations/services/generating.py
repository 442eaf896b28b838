"""Obligations from adoptions × cadence × calendar: what is new is added, what moved is moved, what lapsed goes."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import groupby
from typing import Any

from django.db import connection, transaction
from django.db.models import F

from ronghe.domain.obligations.calc.grades import Grade
from ronghe.domain.obligations.calc.instances import InForce
from ronghe.domain.obligations.calc.occurrences import Calendars, OccurrenceBook
from ronghe.domain.obligations.calc.plan import Adopted, Owed, owed
from ronghe.domain.obligations.models import Obligation
from ronghe.domain.obligations.services.grading import grades_of
from ronghe.domain.obligations.services.matching import rematch
from ronghe.domain.obligations.services.moving import moved_days
from ronghe.domain.playbooks.calc.vocabulary import BodyKind
from ronghe.domain.playbooks.models import Adoption
from ronghe.domain.playbooks.selectors import adoptions_in
from ronghe.domain.zones.models import CollaborationZone
from ronghe.domain.zones.selectors import site_calendars
from ronghe.kernel.calendar.calendars import EveryDayCalendar, WorkCalendar, fingerprint, statutory_calendar
from ronghe.kernel.calendar.moments import day_of
from ronghe.kernel.calendar.periods import DaySpan

AHEAD_FROM_MONTH = 10
"""From this month on next year is generated too, so that a plan for January can be made in October."""

BODIES_AT_A_TIME = 500
"""Bounds the memory of comparing with what is there, whatever the number of bodies."""

COLUMNS = (
    "body_id", "version_id", "mechanism", "occurrence", "sitting", "window_from", "due_on", "grace_until",
    "planned_on", "counts_on", "starts_at", "is_provisional", "grade_id",
)  # fmt: skip

Row = tuple[Any, ...]
"""What a body owes, in the order of `COLUMNS` after the body."""
Place = tuple[str, str]
"""Mechanism and occurrence."""

_MECHANISM, _OCCURRENCE, _WINDOW_FROM, _GRACE_UNTIL, _PLANNED_ON = (
    COLUMNS.index(name) - 1 for name in ("mechanism", "occurrence", "window_from", "grace_until", "planned_on")
)


@dataclass(frozen=True, slots=True)
class Generated:
    """How many obligations were added, moved to other days, and removed."""

    added: int = 0
    moved: int = 0
    removed: int = 0

    def __add__(self, other: Generated) -> Generated:
        return Generated(self.added + other.added, self.moved + other.moved, self.removed + other.removed)


def generate_obligations(
    *,
    at: datetime,
    body_ids: Collection[int] | None = None,
    span: DaySpan | None = None,
    statutory: WorkCalendar | None = None,
) -> Generated:
    """Bring the obligations of all bodies, or of these, in line with what they adopted.

    Without `span` everything is compared that counts in the year of `at`, of named bodies from their first adoption
    on; from October (`AHEAD_FROM_MONTH`) in the next year too. Doing it again changes nothing. What was met or waived
    stays so; records are matched again where something changed. Some bodies at a time are brought in line in one
    transaction, so that others can write between.
    """
    span = span or _reach(day_of(at), body_ids)
    adoptions = adoptions_in(_with_its_windows(span), body_ids)
    planner = _Planner(span, statutory or statutory_calendar())
    done = Generated()
    wanted_ids = sorted(set(body_ids)) if body_ids is not None else []
    by_body = {body: list(found) for body, found in groupby(adoptions.iterator(), key=lambda row: row.body_id)}
    every_body = sorted({*by_body, *wanted_ids})
    for start in range(0, len(every_body), BODIES_AT_A_TIME):
        chunk = every_body[start : start + BODIES_AT_A_TIME]
        done += _bring_in_line(chunk, {body: by_body.get(body, []) for body in chunk}, planner)
    return done


def _reach(today: date, body_ids: Collection[int] | None) -> DaySpan:
    until_on = date(today.year + (2 if today.month >= AHEAD_FROM_MONTH else 1), 1, 1)
    from_on = today.replace(month=1, day=1)
    if body_ids is not None:
        rows = Adoption.objects.filter(body_id__in=body_ids).order_by("valid_from")
        from_on = min(from_on, rows.values_list("valid_from", flat=True).first() or from_on)
    return DaySpan(from_on, until_on)


def _with_its_windows(span: DaySpan) -> DaySpan:
    """A yearly duty that counts in the span began with the year, perhaps under an adoption that has ended since."""
    return DaySpan(span.from_on.replace(month=1, day=1), span.until_on)


class _Planner:
    """Computes wanted rows; bodies with the same adoptions and calendars share one list."""

    def __init__(self, span: DaySpan, statutory: WorkCalendar) -> None:
        self.span = span
        self.book = OccurrenceBook()
        every_day = EveryDayCalendar()
        self.default = Calendars(statutory, every_day, every_day)
        self._shared: dict[tuple[Any, ...], tuple[list[Adopted], list[Row]]] = {}

    def calendars_of(self, body_ids: Collection[int]) -> Mapping[int, Calendars]:
        zones = dict(CollaborationZone.objects.filter(body_id__in=body_ids).order_by().values_list("pk", "body_id"))
        if not zones:
            return {}
        return {
            zones[zone]: Calendars(self.default.statutory, self.default.every_day, site)
            for zone, site in site_calendars(zones.keys(), base=self.default.every_day).items()
        }

    def rows(self, adoptions: Sequence[Adoption], own: Calendars | None, grades: Sequence[Grade] = ()) -> list[Row]:
        """Return what a body owes as rows without the body, in the order of `COLUMNS` after it.

        Grades are a body's own, so what they bring is not shared.
        """
        if not adoptions:
            return []
        kind = BodyKind(adoptions[0].body.kind)
        body_until = adoptions[0].body.valid_until or date.max
        terms = tuple(
            (adoption.version_id, adoption.valid_from, min(adoption.valid_until or date.max, body_until))
            for adoption in adoptions
        )
        name = (kind, terms, fingerprint(own.site) if own else None)
        if name not in self._shared:
            adopted = [
                Adopted(version, adoption.version.playbook.mechanisms_for(kind), InForce(from_on, until_on))
                for adoption, (version, from_on, until_on) in zip(adoptions, terms, strict=True)
                if from_on <= until_on
            ]
            graded = {m.id for one in adopted for m in one.mechanisms if m.for_grade is not None}
            by_grade, alike = _chosen(adopted, graded, inside=True), _chosen(adopted, graded, inside=False)
            self._shared[name] = (by_grade, [_row(one) for one in self._owed(alike, own, ())])
        by_grade, shared = self._shared[name]
        return shared + [_row(one) for one in self._owed(by_grade, own, grades)] if by_grade else shared

    def _owed(self, adopted: Sequence[Adopted], own: Calendars | None, grades: Sequence[Grade]) -> list[Owed]:
        return owed(adopted, own or self.default, self.span, self.book, grades)


def _chosen(adopted: Sequence[Adopted], names: Collection[str], *, inside: bool) -> list[Adopted]:
    """Return the adoptions with only the mechanisms that are among `names`, or only the others."""
    if inside and not names:
        return []
    return [
        replace(one, mechanisms=tuple(m for m in one.mechanisms if (m.id in names) is inside)) for one in adopted
    ]  # fmt: skip


def _row(one: Owed) -> Row:
    occurrence = one.occurrence
    return (
        one.version, occurrence.mechanism, occurrence.key, occurrence.sitting, occurrence.window_from,
        occurrence.due_on, occurrence.grace_until, occurrence.planned_on, occurrence.counts_on, occurrence.starts_at,
        occurrence.is_provisional, one.grade,
    )  # fmt: skip


@transaction.atomic
def _bring_in_line(
    body_ids: Sequence[int], adoptions: Mapping[int, Sequence[Adoption]], planner: _Planner
) -> Generated:
    calendars = planner.calendars_of(body_ids)
    there = _there(body_ids, planner.span)
    moves = _moves_by_body(body_ids)
    grades = grades_of(body_ids)
    added: list[tuple[int, list[Row]]] = []
    moved: list[tuple[int, Row]] = []
    touched: set[int] = set()
    for body in body_ids:
        wanted = planner.rows(adoptions[body], calendars.get(body), grades.get(body, ()))
        if body in moves:
            wanted = [_as_moved(row, moves[body]) for row in wanted]
        if body not in there:
            added.append((body, wanted))
            touched |= {body} if wanted else set()
            continue
        known = there[body]
        new = []
        for row in wanted:
            pk_and_row = known.pop((row[1], row[2]), None)
            if pk_and_row is None:
                new.append(row)
            elif pk_and_row[1] != row:
                moved.append((pk_and_row[0], row))
                touched.add(body)
        added.append((body, new))
        touched |= {body} if new else set()
    lapsed = [(body, pk) for body, known in there.items() for pk, _row in known.values()]
    count = _insert(added)
    _move(moved)
    removed, bodies_with_lapsed = _remove(lapsed)
    touched |= bodies_with_lapsed
    if touched:
        rematch(touched, since=planner.span.from_on)
    return Generated(count, len(moved), removed)


def _moves_by_body(body_ids: Sequence[int]) -> dict[int, dict[Place, date]]:
    found: dict[int, dict[Place, date]] = {}
    for (body, mechanism, occurrence), day in moved_days(body_ids).items():
        found.setdefault(body, {})[mechanism, occurrence] = day
    return found


def _as_moved(row: Row, moves: Mapping[Place, date]) -> Row:
    """Put the day to which a body moved it in the place of the cadence's, where that day still lies within reach."""
    day = moves.get((row[_MECHANISM], row[_OCCURRENCE]))
    if day is None or row[_PLANNED_ON] is None or not row[_WINDOW_FROM] <= day < row[_GRACE_UNTIL]:
        return row
    return (*row[:_PLANNED_ON], day, *row[_PLANNED_ON + 1 :])


def _there(body_ids: Sequence[int], span: DaySpan) -> dict[int, dict[tuple[str, str], tuple[int, Row]]]:
    rows = Obligation.objects.filter(
        body_id__in=body_ids, counts_on__gte=span.from_on, counts_on__lt=span.until_on
    ).order_by()
    found: dict[int, dict[tuple[str, str], tuple[int, Row]]] = {}
    for pk, body, *rest in rows.values_list("pk", *COLUMNS):
        found.setdefault(body, {})[rest[1], rest[2]] = (pk, tuple(rest))
    return found


def _insert(added: Iterable[tuple[int, list[Row]]]) -> int:
    """Write plain rows: model instances would take five times as long, and there is nothing in them to run.

    Each shared row is put into the database's form once, not once a body.
    """
    fields = {field.attname: field for field in Obligation._meta.concrete_fields}  # noqa: SLF001 - Django's name
    prepare = [fields[name].get_db_prep_save for name in COLUMNS[1:]]
    prepared: dict[int, Row] = {}

    def in_db_form(row: Row) -> Row:
        if id(row) not in prepared:
            pairs = zip(prepare, row, strict=True)
            prepared[id(row)] = tuple(to_db(value, connection=connection) for to_db, value in pairs)
        return prepared[id(row)]

    rows = [(body, *in_db_form(row)) for body, new in added for row in new]
    if rows:
        quoted = ", ".join(connection.ops.quote_name(fields[name].column or name) for name in COLUMNS)
        table = connection.ops.quote_name(Obligation._meta.db_table)  # noqa: SLF001 - Django's name
        marks = ", ".join(["%s"] * len(COLUMNS))
        with connection.cursor() as cursor:
            cursor.executemany(f"INSERT INTO {table} ({quoted}) VALUES ({marks})", rows)  # noqa: S608 - our own names
    return len(rows)


def _move(moved: Sequence[tuple[int, Row]]) -> None:
    names = COLUMNS[1:]
    rows = [Obligation(pk=pk, **dict(zip(names, row, strict=True))) for pk, row in moved]
    if rows:
        for row in rows:
            row.revision = F("revision") + 1
        changed = [*(name.removesuffix("_id") for name in names), "revision"]
        Obligation.objects.bulk_update(rows, changed, batch_size=200)


def _remove(lapsed: Sequence[tuple[int, int]]) -> tuple[int, set[int]]:
    """Delete what is no longer owed. What somebody waived stays: the decision is a record."""
    body_of = {pk: body for body, pk in lapsed}
    removed: list[int] = []
    pks = sorted(body_of)
    for start in range(0, len(pks), BODIES_AT_A_TIME):
        rows = Obligation.objects.filter(pk__in=pks[start : start + BODIES_AT_A_TIME], waiver=None)
        going = list(rows.order_by("pk").values_list("pk", flat=True))
        Obligation.objects.filter(pk__in=going).delete()
        removed += going
    return len(removed), {body_of[pk] for pk in removed}
