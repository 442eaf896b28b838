"""Writing facts: in the transaction of the act, by the service that performs it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from itertools import islice
from typing import Protocol

from django.db import IntegrityError, models, transaction
from django.utils import timezone

from ronghe.kernel.calendar.moments import day_of
from ronghe.kernel.db.bulk import BulkInsert
from ronghe.kernel.facts.digests import marks
from ronghe.kernel.facts.kinds import FactKind, FactRefused, declared_kinds
from ronghe.kernel.facts.models import POINT, Fact, FactKey


class HasToken(Protocol):
    """A person, as far as facts know persons."""

    @property
    def token(self) -> int: ...


HomeLookup = Callable[[Sequence[int], datetime], Mapping[int, int]]
Handler = Callable[[Fact], None]

_home_lookup: list[HomeLookup] = []
_handlers: dict[str, list[Handler]] = {}
_TOKENS_A_READ = 10_000
_DRAFTS_AT_ONCE = 5_000
"""SQLite takes 32,766 parameters a statement by default."""


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
    if key is None:
        return record_many([draft])[0]
    known = _recorded_under(key)
    try:
        with transaction.atomic():
            return known or _record_under(key, draft)
    except IntegrityError:
        # The same act arrived twice at once; the other one was committed first, and this one was rolled back.
        known = _recorded_under(key)
        if known is None:
            raise
        return known


def _recorded_under(key: str) -> Fact | None:
    known = FactKey.objects.filter(key=key).first()
    return Fact.objects.get(pk=known.fact_id) if known is not None else None


def _record_under(key: str, draft: Draft) -> Fact:
    fact = record_many([draft])[0]
    FactKey.objects.create(key=key, fact_id=fact.pk)
    return fact


def record_many(drafts: Iterable[Draft]) -> list[Fact]:
    """Write facts in order and return them; all or none.

    :raises FactRefused: one of them does not fit its declared kind, or reverses what was reversed before
    :raises MomentWithoutZone: a time without a zone, which would be another moment on another machine
    """
    facts = _prepared(drafts)
    with transaction.atomic():
        written = Fact.objects.bulk_create(facts, batch_size=2000)
        for fact in written:
            if fact.reverses is not None:
                _claim_reversal(fact)
            _tell_handlers(fact)
    return written


@dataclass(slots=True)
class FactBatch:
    """Very many facts made ready before the lock is taken, for imports; none of them reverses another."""

    handled: list[Fact]
    """Facts of kinds that somebody handles; each is told as `record` would."""
    rows: BulkInsert
    """All others: rows without objects, which take a fifth of the memory."""

    def write(self) -> None:
        """Write them; the caller holds the transaction."""
        self.rows.write()
        for fact in Fact.objects.bulk_create(self.handled, batch_size=2000):
            _tell_handlers(fact)


def prepare_batch(drafts: Iterable[Draft]) -> FactBatch:
    """Return facts ready to be written, their marks made.

    :raises FactRefused: one of them does not fit its declared kind
    """
    columns = [field for field in Fact._meta.concrete_fields if not field.primary_key]  # noqa: SLF001 - Django's name
    batch = FactBatch([], BulkInsert(Fact, [field.name for field in columns]))
    waiting = iter(drafts)
    while chunk := list(islice(waiting, _DRAFTS_AT_ONCE)):
        for fact in _prepared(chunk):
            if fact.kind in _handlers:
                batch.handled.append(fact)
            else:
                batch.rows.add([getattr(fact, field.attname) for field in columns])
    return batch


def _prepared(drafts: Iterable[Draft]) -> list[Fact]:
    drafts = list(drafts)
    now = timezone.now()
    homes = _homes(drafts)
    facts = [_fact(draft, now, homes) for draft in drafts]
    marks(facts)
    return facts


@transaction.atomic
def reverse(fact: Fact, *, by: HasToken, at: datetime) -> Fact:
    """Record that `fact` does not count, with its amount negated. It counts in the period of what it reverses.

    :raises FactRefused: the fact is itself a reversal, or was reversed before
    """
    if fact.reverses is not None:
        raise FactRefused(kind=fact.kind, why="reverses")
    copy = Fact(
        kind=fact.kind, occurred_at=at, recorded_at=timezone.now(), recorded_by=by.token, subject=fact.subject,
        body=fact.body, home_body=fact.home_body, unit=fact.unit, zone=fact.zone, project=fact.project,
        quantity=None if fact.quantity is None else -fact.quantity, measure=fact.measure,
        attributes=fact.attributes, source_type=fact.source_type, source_id=fact.source_id, reverses=fact.pk,
    )  # fmt: skip
    marks([copy])
    copy.save(force_insert=True)
    _claim_reversal(copy)
    _tell_handlers(copy)
    return copy


def _claim_reversal(reversal: Fact) -> None:
    """Hold the one place there is for reversing a fact, so that of two who correct at once one is told.

    The place is a key and not a constraint on `reverses`, which no partitioned table of facts could carry.
    """
    try:
        with transaction.atomic():
            FactKey.objects.create(key=f"reverses:{reversal.reverses}", fact_id=reversal.pk)
    except IntegrityError as error:
        raise FactRefused(kind=reversal.kind, why="reverses") from error


def _tell_handlers(fact: Fact) -> None:
    for handler in _handlers.get(fact.kind, ()):
        handler(fact)


def _homes(drafts: Sequence[Draft]) -> Mapping[tuple[int, date], int]:
    """Return the home branch of each person on each day that occurs: one read a day and ten thousand people."""
    if not _home_lookup:
        return {}
    moments: dict[date, datetime] = {}
    tokens: dict[date, set[int]] = {}
    for draft in drafts:
        if draft.about is not None:
            day = day_of(draft.at)
            moments.setdefault(day, draft.at)
            tokens.setdefault(day, set()).add(draft.about.token)
    homes: dict[tuple[int, date], int] = {}
    for day, wanted in tokens.items():
        ordered = sorted(wanted)
        for start in range(0, len(ordered), _TOKENS_A_READ):
            found = _home_lookup[0](ordered[start : start + _TOKENS_A_READ], moments[day])
            homes.update({(token, day): body for token, body in found.items()})
    return homes


def _fact(draft: Draft, now: datetime, homes: Mapping[tuple[int, date], int]) -> Fact:
    kind = draft.kind
    day = day_of(draft.at)
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
        home_body=homes.get((subject, day)) if subject is not None else None,
        unit=draft.unit,
        zone=draft.zone,
        project=draft.project,
        quantity=None if draft.quantity is None else _stored(draft.quantity, kind.name),
        measure=kind.measure,
        attributes=json.dumps(kind.clean(draft.attributes), sort_keys=True, separators=(",", ":")),
        source_type=draft.source._meta.label_lower if draft.source is not None else None,  # noqa: SLF001
        source_id=draft.source.pk if draft.source is not None else None,
        reverses=draft.reverses.pk if draft.reverses is not None else None,
    )


def _stored(quantity: Decimal | int, kind: str) -> int:
    """Return the quantity in 1/10,000, exactly or not at all."""
    scaled = Decimal(quantity) * POINT
    if isinstance(quantity, float) or not scaled.is_finite() or scaled != scaled.to_integral_value():
        raise FactRefused(kind=kind, why=f"quantity = {quantity}")
    return int(scaled)
