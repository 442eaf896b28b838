"""`ronghe verify`: was any fact altered, removed or put in behind the program's back?"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import Exists, OuterRef, Subquery

from ronghe.kernel.db.append_only import missing_triggers
from ronghe.kernel.facts.digests import canonical, chained, digest, mark, merkle_root
from ronghe.kernel.facts.models import Fact, Seal, SealedFact
from ronghe.kernel.facts.seal import FIRST_CHAIN, seal_statement
from ronghe.kernel.facts.signing import is_signed
from ronghe.kernel.words import N_, _

CHUNK = 5_000


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is not as it was written. `id` is the fact's, `None` where the fault is of no single fact."""

    id: int | None
    kind: str | None
    why: str
    """`altered`, `missing`, `added`, `moved`, `seal_broken`, `seal_missing`, `trigger_missing`."""
    detail: str = ""

    @property
    def sentence(self) -> str:
        return _(_SENTENCES[self.why]) % {"id": self.id, "kind": self.kind, "detail": self.detail}


_SENTENCES = {
    "altered": N_("第 %(id)s 号事实（%(kind)s）在封存后被改动。"),
    "missing": N_("第 %(id)s 号事实已封存，但表里没有了。"),
    "added": N_("第 %(id)s 号事实（%(kind)s）不是由本系统写入的，或写入后被改动。"),
    "moved": N_("第 %(id)s 号事实的封存次序被改动。"),
    "seal_broken": N_("第 %(detail)s 批封存的校验对不上。"),
    "seal_missing": N_("封存日志里有第 %(detail)s 批，数据库里没有或不一致。"),
    "trigger_missing": N_("防改触发器 %(detail)s 不在了，请运行 ronghe migrate。"),
}


@dataclass(frozen=True, slots=True)
class Verification:
    facts: int
    unsealed: int
    faults: tuple[Fault, ...]

    @property
    def ok(self) -> bool:
        return not self.faults

    def as_json(self) -> dict[str, Any]:
        bad = [{"id": f.id, "kind": f.kind, "why": f.why, "detail": f.sentence} for f in self.faults]
        return {"ok": self.ok, "facts": self.facts, "unsealed": self.unsealed, "bad": bad}


def verify() -> Verification:
    """Read every fact and every seal once, in bounded memory, and say what is wrong."""
    faults = [Fault(None, None, "trigger_missing", name) for name in missing_triggers()]
    facts, unsealed = Fact.objects.count(), 0
    for fact in _each_fact():
        content = canonical(fact)
        sealed = fact.sealed_digest
        unsealed += sealed is None
        if sealed is None:
            faults += [Fault(fact.pk, fact.kind, "added")] * (bytes(fact.mac) != mark(content))
        elif bytes(sealed) != digest(fact.pk, content):
            faults.append(Fault(fact.pk, fact.kind, "altered"))
    faults += _missing_facts()
    faults += _broken_seals()
    return Verification(facts, unsealed, tuple(faults))


def _each_fact() -> Iterator[Any]:
    sealed = SealedFact.objects.filter(fact_id=OuterRef("pk")).values("digest")
    return Fact.objects.annotate(sealed_digest=Subquery(sealed)).order_by("pk").iterator(chunk_size=CHUNK)


def _missing_facts() -> list[Fault]:
    gone = SealedFact.objects.filter(~Exists(Fact.objects.filter(pk=OuterRef("fact_id")))).order_by("seq")
    return [Fault(row.fact_id, None, "missing") for row in gone.iterator(chunk_size=CHUNK)]


def _broken_seals() -> list[Fault]:
    faults = []
    chain, next_seq = FIRST_CHAIN, 1
    logged = _logged_chains()
    for seal in Seal.objects.order_by("number").iterator():
        rows = SealedFact.objects.filter(seq__gte=seal.first_seq, seq__lte=seal.last_seq).order_by("seq")
        leaves = [bytes(leaf) for leaf in rows.values_list("digest", flat=True)]
        sound = (
            seal.first_seq == next_seq
            and len(leaves) == seal.last_seq - seal.first_seq + 1
            and merkle_root(leaves) == bytes(seal.root)
            and chained(chain, seal.number, bytes(seal.root)) == bytes(seal.chain)
            and is_signed(seal_statement(seal), bytes(seal.signature), seal.key_id)
        )
        if not sound:
            faults.append(Fault(None, None, "seal_broken", str(seal.number)))
        if logged.pop(seal.number, None) not in (None, bytes(seal.chain).hex()):
            faults.append(Fault(None, None, "seal_missing", str(seal.number)))
        chain, next_seq = bytes(seal.chain), seal.last_seq + 1
    faults += [Fault(None, None, "seal_missing", str(number)) for number in sorted(logged)]
    stray = SealedFact.objects.filter(seq__gte=next_seq).order_by("seq").values_list("fact_id", flat=True)
    return faults + [Fault(fact_id, None, "moved") for fact_id in stray.iterator()]


def _logged_chains() -> dict[int, str]:
    path = settings.HOME.seals_log
    if not path.exists():
        return {}
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    return {line["number"]: line["chain"] for line in lines}
