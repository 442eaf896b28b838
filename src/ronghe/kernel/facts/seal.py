"""Sealing: each unsealed fact gets the next place, each batch a signed root chained to the one before."""

from __future__ import annotations

import hmac
import json
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef

from ronghe.kernel.facts.digests import canonical, chained, digest, mark, merkle_root
from ronghe.kernel.facts.models import Fact, Seal, SealedFact, utc_text
from ronghe.kernel.facts.signing import sign

BATCH = 20_000
RACES = 20
"""Batches lost to another sealer before something else must be wrong."""
FIRST_CHAIN = bytes(32)


@dataclass(frozen=True, slots=True)
class Sealing:
    """What one run of the job did. `refused` are the ids of rows that the program never wrote: they stay unsealed."""

    sealed: int
    batches: int
    refused: tuple[int, ...]


def seal_facts(*, at: datetime, batch: int = BATCH) -> Sealing:
    """Seal everything recorded so far; run by a job, and before a run is made final.

    Two sealers at once cannot both win: places and batch numbers are primary keys, so the second one's batch fails
    and is read again, smaller or empty by then.
    """
    sealed = batches = lost = 0
    refused: list[int] = []
    while facts := _unsealed(after=max(refused, default=0), limit=batch):
        honest, forged = _told_apart(facts)
        try:
            seal = _seal_batch(honest, at) if honest else None
        except IntegrityError:
            lost += 1
            if lost > RACES:
                raise
            continue
        refused += forged
        if seal is not None:
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
    """NOT EXISTS, since PostgreSQL answers NOT IN over millions of rows one by one."""
    sealed = SealedFact.objects.filter(fact_id=OuterRef("pk"))
    return list(Fact.objects.filter(~Exists(sealed), pk__gt=after).order_by("pk")[:limit])


def _told_apart(facts: list[Fact]) -> tuple[list[Fact], list[int]]:
    """Return the facts that carry the program's mark, and the ids of those that do not."""
    honest, forged = [], []
    for fact in facts:
        if hmac.compare_digest(bytes(fact.mac), mark(canonical(fact))):
            honest.append(fact)
        else:
            forged.append(fact.pk)
    return honest, forged


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
    root = merkle_root([bytes(row.digest) for row in rows])
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
