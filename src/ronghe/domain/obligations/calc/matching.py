"""Which record meets which instance: one answer for one set of records, in whatever order they arrived.

The answer is computed from the whole set, records by the time of their act. So a late adoption, a record that comes
late, a reversal or a waiver leads to the same end as if all had been known from the beginning.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from itertools import groupby
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


Definition = Callable[[Instance], Mechanism]
"""Gives the mechanism of an instance: bodies may work by different versions of it."""


def match(
    records: Iterable[Record],
    instances: Iterable[Instance],
    definition: Definition,
    *,
    waived: frozenset[Key] = frozenset(),
) -> dict[Key, Met]:
    """Return which instances are met, by key.

    A record meets at most one instance per body and mechanism: the earliest open one in whose window or grace it
    falls. Several bodies and mechanisms share it, except mechanisms that name each other in `not_with`, over all
    bodies (SD-06): of those the one due first takes it. Waived instances take no record; reversed records are not
    to be passed in. Records of one id are one act that is told of each body in its own words.
    """
    owed = [instance for instance in instances if instance.key not in waived]
    queues = _queues(owed, definition)
    barred = _barred(queue.mechanism for queue in queues.values())
    mechanisms_of = _mechanisms_by_body(queues)
    met: dict[Key, Met] = {}
    in_order = sorted(records, key=lambda record: (record.occurred_at, record.id, sorted(record.bodies)))
    for (_at, record_id), parts in groupby(in_order, key=lambda record: (record.occurred_at, record.id)):
        offers: dict[tuple[str, str], Instance] = {}
        for record in parts:
            day = record.day
            for body in record.bodies:
                for mechanism in mechanisms_of.get(body, ()):
                    offer = queues[body, mechanism].offer_to(record, day)
                    if offer is not None:
                        offers.setdefault((body, mechanism), offer)
        taken: set[str] = set()
        for instance in sorted(offers.values(), key=_claim):
            if barred[instance.mechanism] & taken:
                continue
            taken.add(instance.mechanism)
            queues[instance.body, instance.mechanism].waiting.remove(instance)
            met[instance.key] = Met(instance, record_id, day)
    return met


@dataclass(slots=True)
class _Queue:
    """The open instances of one body and mechanism, earliest due first."""

    mechanism: Mechanism
    waiting: list[Instance]

    def offer_to(self, record: Record, day: date) -> Instance | None:
        """Return the earliest open instance that the record may meet."""
        # Records come in order of time, so what a day has left behind is never asked for again.
        while self.waiting and self.waiting[0].occurrence.grace_until <= day:
            self.waiting.pop(0)
        for instance in self.waiting:
            if instance.occurrence.window_from > day:
                return None  # windows of one mechanism begin in the order in which they end
            if instance.accepts(day) and satisfies(record, self.mechanism, instance.occurrence.sitting):
                return instance
        return None


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


def _queues(owed: Iterable[Instance], definition: Definition) -> dict[tuple[str, str], _Queue]:
    queues: dict[tuple[str, str], _Queue] = {}
    for instance in sorted(owed, key=lambda instance: instance.occurrence.order):
        place = (instance.body, instance.mechanism)
        if place not in queues:
            queues[place] = _Queue(definition(instance), [])
        queues[place].waiting.append(instance)
    return queues


def _mechanisms_by_body(places: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
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
