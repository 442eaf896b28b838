"""Writing facts: in the transaction of the act, by the service that performs it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Protocol

from django.db import models, transaction
from django.utils import timezone

from ronghe.kernel.facts.digests import marks
from ronghe.kernel.facts.kinds import FactKind, FactRefused, declared_kinds
from ronghe.kernel.facts.models import POINT, Fact, FactKey


class HasToken(Protocol):
    """A person, as far as facts know persons."""

    @property
    def token(self) -> int | None: ...


HomeLookup = Callable[[Sequence[int], datetime], Mapping[int, int]]
Handler = Callable[[Fact], None]

_home_lookup: list[HomeLookup] = []
_handlers: dict[str, list[Handler]] = {}


@dataclass(frozen=True, slots=True)
class Draft:
    """A fact about to be recorded. Amounts are `Decimal`; `about` is the person it is about, `by` who recorded it."""

    kind: FactKind
    at: datetime
    by: HasToken | None
    about: HasToken | None = None
    body: int | None = None
    unit: int | None = None
    zone: int | None = None
    project: int | None = None
    quantity: Decimal | int | None = None
    attributes: Mapping[str, object] = field(default_factory=dict)
    source: models.Model | None = None
    reverses: Fact | None = None


def stamp_homes_with(lookup: HomeLookup) -> None:
    """Name the lookup that knows each person's home branch on a day; called once by the organization's room."""
    _home_lookup[:] = [lookup]


def on_fact(kind: FactKind) -> Callable[[Handler], Handler]:
    """Register a handler that runs in the same transaction as facts of this kind; slow work becomes a job there."""

    def register(handler: Handler) -> Handler:
        _handlers.setdefault(kind.name, []).append(handler)
        return handler

    return register


def record(draft: Draft, *, key: str | None = None) -> Fact:
    """Write one fact and return it. The same `key` a second time returns the first fact and writes nothing.

    :raises FactRefused: attributes or quantity do not fit the declared kind
    """
    with transaction.atomic():
        if key is not None and (known := FactKey.objects.filter(key=key).first()) is not None:
            return Fact.objects.get(pk=known.fact_id)
        fact = record_many([draft])[0]
        if key is not None:
            FactKey.objects.create(key=key, fact_id=fact.pk)
        return fact


def record_many(drafts: Iterable[Draft]) -> list[Fact]:
    """Write facts in order and return them; all or none."""
    drafts = list(drafts)
    now = timezone.now()
    homes = _homes(drafts)
    facts = [_fact(draft, now, homes) for draft in drafts]
    marks(facts)
    with transaction.atomic():
        written = Fact.objects.bulk_create(facts, batch_size=2000)
        for fact in written:
            for handler in _handlers.get(fact.kind, ()):
                handler(fact)
    return written


def reverse(fact: Fact, *, by: HasToken, at: datetime) -> Fact:
    """Record that `fact` does not count. It counts in the period of what it reverses.

    :raises FactRefused: the fact is itself a reversal, or was reversed before
    """
    if fact.reverses is not None or Fact.objects.filter(reverses=fact.pk).exists():
        raise FactRefused(kind=fact.kind, why="reverses")
    copy = Fact(
        kind=fact.kind, occurred_at=at, recorded_at=timezone.now(), recorded_by=by.token, subject=fact.subject,
        body=fact.body, home_body=fact.home_body, unit=fact.unit, zone=fact.zone, project=fact.project,
        quantity=None if fact.quantity is None else -fact.quantity, measure=fact.measure,
        attributes=fact.attributes, source_type=fact.source_type, source_id=fact.source_id, reverses=fact.pk,
    )  # fmt: skip
    marks([copy])
    copy.save(force_insert=True)
    for handler in _handlers.get(copy.kind, ()):
        handler(copy)
    return copy


def _homes(drafts: Sequence[Draft]) -> Mapping[int, int]:
    tokens = sorted({d.about.token for d in drafts if d.about is not None and d.about.token is not None})
    if not tokens or not _home_lookup:
        return {}
    return _home_lookup[0](tokens, max(d.at for d in drafts))


def _fact(draft: Draft, now: datetime, homes: Mapping[int, int]) -> Fact:
    kind = draft.kind
    if kind.name not in declared_kinds():
        raise FactRefused(kind=kind.name, why="kind")
    if (draft.quantity is None) != (kind.measure is None):
        raise FactRefused(kind=kind.name, why="quantity")
    subject = draft.about.token if draft.about is not None else None
    return Fact(
        kind=kind.name,
        occurred_at=draft.at,
        recorded_at=now,
        recorded_by=draft.by.token if draft.by is not None else None,
        subject=subject,
        body=draft.body,
        home_body=homes.get(subject) if subject is not None else None,
        unit=draft.unit,
        zone=draft.zone,
        project=draft.project,
        quantity=None if draft.quantity is None else _stored(draft.quantity),
        measure=kind.measure,
        attributes=json.dumps(kind.clean(draft.attributes), sort_keys=True, separators=(",", ":")),
        source_type=draft.source._meta.label_lower if draft.source is not None else None,  # noqa: SLF001
        source_id=draft.source.pk if draft.source is not None else None,
        reverses=draft.reverses.pk if draft.reverses is not None else None,
    )


def _stored(quantity: Decimal | int) -> int:
    scaled = Decimal(quantity) * POINT
    if scaled != scaled.to_integral_value():
        raise FactRefused(kind="quantity", why=str(quantity))
    return int(scaled)
