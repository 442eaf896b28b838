"""What the platform already holds of each item of a checklist: the visitor sees it first, and asks only for what is missing."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count

from ronghe.domain.inspections.calc.checklists import CheckItem, Checklist, Proof
from ronghe.domain.obligations.models import Obligation
from ronghe.domain.playbooks.models import PlaybookVersion
from ronghe.kernel.calendar.moments import day_of, moment_of
from ronghe.kernel.facts.models import Fact

SHOWN = 3
"""Records of an item that are linked; of the others only how many there are."""


@dataclass(frozen=True, slots=True)
class HeldRecord:
    """A record that shows something: the kind of fact, its attributes, its day, and where it came from."""

    kind: str
    values: Mapping[str, object]
    on: date
    source_type: str | None
    source_id: int | None


@dataclass(frozen=True, slots=True)
class Kept:
    """How one mechanism was kept by the body: done in time, late, missed, still open."""

    mechanism: str
    title: str
    done: int = 0
    late: int = 0
    missed: int = 0
    open: int = 0


@dataclass(frozen=True, slots=True)
class Held:
    """What is held of one item: how many records, the latest of them, mechanisms as they were kept."""

    count: int = 0
    latest: tuple[HeldRecord, ...] = ()
    kept: tuple[Kept, ...] = ()
    is_shown: bool = True
    """Whether the checklist says at all how it is shown; else one has to ask."""

    @property
    def is_missing(self) -> bool:
        """Nothing is held, or something was missed: what the visitor asks about."""
        met = any(one.done or one.late for one in self.kept)
        return (not self.count and not met) or any(one.missed for one in self.kept)

    @property
    def records(self) -> int:
        """Records and occurrences that were met, together."""
        return self.count + sum(one.done + one.late for one in self.kept)


def held_for(sheet: Checklist, body_id: int, at: datetime) -> dict[str, Held]:
    """Return what is held of each item and veto of `sheet` by a body at `at`, by id; three statements, however many items."""
    day = day_of(at)
    since = day - timedelta(days=sheet.looks_back_days)
    looked_at = [*sheet.items, *sheet.vetoes]
    records = _records(looked_at, body_id, since, at)
    kept = _mechanisms(looked_at, body_id, since, day)
    return {item.id: _held(item, records, kept) for item in looked_at}


def _held(item: CheckItem, records: list[HeldRecord], kept: Mapping[str, Kept]) -> Held:
    fitting = [
        one for one in records if any(proof.fact == one.kind and proof.fits(one.values) for proof in item.shown_by)
    ]
    names = dict.fromkeys(name for proof in item.shown_by for name in proof.mechanisms)
    return Held(
        len(fitting), tuple(fitting[:SHOWN]), tuple(kept[name] for name in names if name in kept), bool(item.shown_by)
    )


def _records(items: Iterable[CheckItem], body_id: int, since: date, at: datetime) -> list[HeldRecord]:
    """Return the records of every kind that an item names, the latest first; what was reversed is left out."""
    kinds = {proof.fact for proof in _proofs(items) if proof.fact}
    rows = Fact.objects.filter(body=body_id, kind__in=kinds, occurred_at__gte=moment_of(since), occurred_at__lte=at)
    columns = rows.order_by("-occurred_at", "-pk").values_list(
        "pk", "kind", "attributes", "occurred_at", "source_type", "source_id", "reverses"
    )
    found = list(columns)
    undone = {reverses for *_rest, reverses in found if reverses is not None}
    return [
        HeldRecord(kind, json.loads(values), day_of(moment), source_type, source_id)
        for pk, kind, values, moment, source_type, source_id, reverses in found
        if reverses is None and pk not in undone
    ]


def _mechanisms(items: Iterable[CheckItem], body_id: int, since: date, day: date) -> dict[str, Kept]:
    names = {name for proof in _proofs(items) for name in proof.mechanisms}
    rows: Any = Obligation.objects.filter(body=body_id, mechanism__in=names, counts_on__gte=since, window_from__lte=day)
    counted = rows.with_state(day).order_by().values_list("mechanism", "state", "version").annotate(n=Count("pk"))
    numbers: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    version_of: dict[str, int] = {}
    for mechanism, state, version, number in counted:
        numbers[mechanism][state] += number
        version_of[mechanism] = max(version, version_of.get(mechanism, 0))
    versions = PlaybookVersion.objects.in_bulk(set(version_of.values()))
    return {
        name: Kept(
            name, versions[version_of[name]].playbook.mechanism(name).title.here,
            states["done"], states["late"], states["missed"], states["due"],
        )
        for name, states in numbers.items()
    }  # fmt: skip


def _proofs(items: Iterable[CheckItem]) -> Iterable[Proof]:
    return (proof for item in items for proof in item.shown_by)
