"""Sealing: each unsealed fact gets the next place, each batch a signed root chained to the one before."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from django.conf import settings
from django.db import transaction

from ronghe.kernel.facts.digests import canonical, chained, digest, mark, merkle_root
from ronghe.kernel.facts.models import Fact, Seal, SealedFact, utc_text
from ronghe.kernel.facts.signing import sign

BATCH = 20_000
FIRST_CHAIN = bytes(32)


@dataclass(frozen=True, slots=True)
class Sealing:
    """What one run of the job did. `refused` are the ids of rows that the program never wrote: they stay unsealed."""

    sealed: int
    batches: int
    refused: tuple[int, ...]


def seal_facts(*, at: datetime, batch: int = BATCH) -> Sealing:
    """Seal everything recorded so far; run by a job, and before a run is made final.

    Two sealers at once cannot both win: places and batch numbers are primary keys, so the second one's
    transaction fails and it finds less to do next time.
    """
    sealed = batches = 0
    refused: list[int] = []
    while facts := list(_unsealed(after=max(refused, default=0), limit=batch)):
        honest = [fact for fact in facts if bytes(fact.mac) == mark(canonical(fact))]
        refused += [fact.pk for fact in facts if bytes(fact.mac) != mark(canonical(fact))]
        if honest:
            seal = _seal_batch(honest, at)
            transaction.on_commit(partial(_append_to_log, seal))
            sealed += len(honest)
            batches += 1
    return Sealing(sealed, batches, tuple(refused))


def cutoff_seq() -> int:
    """Return the last sealed place; a scoring run counts facts up to it."""
    return SealedFact.objects.order_by("-seq").values_list("seq", flat=True).first() or 0


def seal_statement(seal: Seal) -> bytes:
    """Return the bytes that are signed: everything that a seal says."""
    fields = [seal.number, seal.first_seq, seal.last_seq, bytes(seal.root).hex(), bytes(seal.chain).hex()]
    return json.dumps([*fields, utc_text(seal.sealed_at)], separators=(",", ":")).encode()


def _unsealed(*, after: int, limit: int) -> list[Fact]:
    sealed = SealedFact.objects.order_by().values("fact_id")
    return list(Fact.objects.exclude(pk__in=sealed).filter(pk__gt=after).order_by("pk")[:limit])


@transaction.atomic
def _seal_batch(facts: list[Fact], at: datetime) -> Seal:
    last = Seal.objects.order_by("-number").first()
    number = last.number + 1 if last else 1
    first_seq = last.last_seq + 1 if last else 1
    rows = [
        SealedFact(seq=seq, fact_id=fact.pk, digest=digest(fact.pk, canonical(fact)))
        for seq, fact in enumerate(facts, start=first_seq)
    ]
    SealedFact.objects.bulk_create(rows, batch_size=2000)
    root = merkle_root([row.digest for row in rows])
    chain = chained(bytes(last.chain) if last else FIRST_CHAIN, number, root)
    seal = Seal(
        number=number, first_seq=first_seq, last_seq=rows[-1].seq, root=root, chain=chain, sealed_at=at,
    )  # fmt: skip
    seal.signature, seal.key_id = sign(seal_statement(seal))
    seal.save(force_insert=True)
    return seal


def _append_to_log(seal: Seal) -> None:
    """Write the seal outside the database too, so that replacing the whole database is noticed."""
    line = {
        "number": seal.number,
        "first_seq": seal.first_seq,
        "last_seq": seal.last_seq,
        "root": bytes(seal.root).hex(),
        "chain": bytes(seal.chain).hex(),
        "sealed_at": utc_text(seal.sealed_at),
        "key_id": seal.key_id,
        "signature": bytes(seal.signature).hex(),
    }
    path = settings.HOME.seals_log
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="utf-8") as log:
        log.write(json.dumps(line, separators=(",", ":")) + "\n")
