"""Which record meets which instance: one answer for one set of records, in whatever order they arrived.

The answer is computed from the whole set, records by the time of their act. So a late adoption, a record that comes
late, a reversal or a waiver leads to the same end as if all had been known from the beginning.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from typing import Any

from ronghe.domain.obligations.calc.instances import Instance
from ronghe.domain.obligations.calc.occurrences import Occurrence
from ronghe.domain.playbooks.calc.model import Condition, Mechanism, Satisfaction
from ronghe.kernel.calendar.moments import day_of

Key = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Record:
    """What was recorded of one act: it may belong to several bodies at once."""

    id: str
    kind: str
    occurred_at: datetime
    bodies: frozenset[str]
    attributes: Mapping[str, Any]

    @property
    def day(self) -> date:
        return day_of(self.occurred_at)


@dataclass(frozen=True, slots=True)
class Met:
    """An instance was met by this record on this day."""

    instance: Instance
    record: str
    on: date


def match(
    records: Iterable[Record],
    instances: Iterable[Instance],
    mechanisms: Mapping[str, Mechanism],
    *,
    waived: frozenset[Key] = frozenset(),
) -> dict[Key, Met]:
    """Return which instances are met, by key.

    A record meets at most one instance per body and mechanism: the earliest open one in whose window or grace it
    falls. Several bodies and mechanisms share it, except mechanisms that name each other in `not_with`, over all
    bodies (SD-06): of those the one due first takes it. Waived instances take no record; reversed records are not
    to be passed in. `mechanisms` has every mechanism of the instances.
    """
    open_ones = _open_by_place(instances, waived)
    barred = _barred(mechanisms.values())
    places_of = _places_by_body(open_ones)
    met: dict[Key, Met] = {}
    for record in sorted(records, key=lambda record: (record.occurred_at, record.id)):
        day = record.day
        offers = [
            queue.current
            for body in record.bodies
            for mechanism in places_of.get(body, ())
            if (queue := open_ones[body, mechanism]).advance(day, mechanisms[mechanism], record)
        ]
        taken: set[str] = set()
        for instance in sorted(offers, key=_claim):
            if barred[instance.mechanism] & taken:
                continue
            taken.add(instance.mechanism)
            open_ones[instance.body, instance.mechanism].take(instance)
            met[instance.key] = Met(instance, record.id, day)
    return met


class _Queue:
    """The open instances of one body and mechanism, earliest due first, and the one on offer."""

    __slots__ = ("current", "waiting")

    def __init__(self) -> None:
        self.waiting: list[Instance] = []
        self.current: Instance

    def advance(self, day: date, mechanism: Mechanism, record: Record) -> bool:
        """Put the earliest open instance that may take the record on offer; tell whether there is one."""
        # Records come in order of time, so what a day has left behind is never asked for again.
        while self.waiting and self.waiting[0].occurrence.grace_until <= day:
            self.waiting.pop(0)
        for instance in self.waiting:
            if instance.occurrence.window_from > day:
                return False  # windows of one mechanism begin in the order in which they end
            if instance.accepts(day) and satisfies(record, mechanism, instance.occurrence.sitting):
                self.current = instance
                return True
        return False

    def take(self, instance: Instance) -> None:
        self.waiting.remove(instance)


def satisfies(record: Record, mechanism: Mechanism, sitting: str | None) -> bool:
    """Tell whether a record is what the mechanism, or this sitting of it, asks for."""
    return any(_fits(record, wanted) for wanted in satisfactions(mechanism, sitting))


def satisfactions(mechanism: Mechanism, sitting: str | None) -> tuple[Satisfaction, ...]:
    """Return what satisfies a sitting; one that says nothing of its own takes what the mechanism says."""
    own: Sequence[Satisfaction] = next((one.satisfied_by for one in mechanism.sittings if one.id == sitting), ())
    return tuple(own) or mechanism.satisfied_by


def _fits(record: Record, wanted: Satisfaction) -> bool:
    return record.kind == wanted.kind and all(_holds(condition, record.attributes) for condition in wanted.where)


def _holds(condition: Condition, attributes: Mapping[str, Any]) -> bool:
    value = attributes.get(condition.attribute)
    if value is None:
        return False
    if condition.any_of is not None:
        return value in condition.any_of
    whole = Fraction(1) if condition.of is None else _number(attributes.get(condition.of))
    amount = _number(value)
    if whole is None or amount is None:
        return False
    return (
        (condition.at_least is None or amount >= condition.at_least * whole)
        and (condition.at_most is None or amount <= condition.at_most * whole)
        and (condition.more_than is None or amount > condition.more_than * whole)
    )


def _number(value: Any) -> Fraction | None:
    try:
        return None if value is None or isinstance(value, float) else Fraction(value)
    except (ValueError, TypeError):
        return None


def _claim(instance: Instance) -> tuple[date, date, str, str, str]:
    occurrence: Occurrence = instance.occurrence
    return (occurrence.due_on, occurrence.window_from, instance.mechanism, instance.body, occurrence.key)


def _open_by_place(instances: Iterable[Instance], waived: frozenset[Key]) -> dict[tuple[str, str], _Queue]:
    queues: dict[tuple[str, str], _Queue] = defaultdict(_Queue)
    for instance in instances:
        if instance.key not in waived:
            queues[instance.body, instance.mechanism].waiting.append(instance)
    for queue in queues.values():
        queue.waiting.sort(key=lambda instance: instance.occurrence.order)
    return queues


def _places_by_body(places: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    mechanisms: dict[str, list[str]] = defaultdict(list)
    for body, mechanism in sorted(places):
        mechanisms[body].append(mechanism)
    return mechanisms


def _barred(mechanisms: Iterable[Mechanism]) -> dict[str, set[str]]:
    """`not_with` binds both, whichever of them says it."""
    barred: dict[str, set[str]] = defaultdict(set)
    for mechanism in mechanisms:
        for other in mechanism.not_with:
            barred[mechanism.id].add(other)
            barred[other].add(mechanism.id)
    return barred
