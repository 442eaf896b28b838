"""How a fact becomes bytes, a digest and a keyed mark, and how a batch becomes one root."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterable, Sequence
from functools import cache

from django.conf import settings

from ronghe.kernel.facts.models import Fact, utc_text

FIELDS = (
    "kind", "occurred_at", "recorded_at", "recorded_by", "subject", "body", "home_body", "unit", "zone", "project",
    "quantity", "measure", "attributes", "source_type", "source_id", "reverses",
)  # fmt: skip
"""The sealed fields in their sealed order; a new field goes to the end, so that old digests stay what they are."""

_LEAF, _NODE = b"\x00", b"\x01"


def canonical(fact: Fact) -> bytes:
    """Return the bytes that stand for the fact. The id is left out: it is not known before the row is written."""
    values = [getattr(fact, name) for name in FIELDS]
    values[1], values[2] = utc_text(fact.occurred_at), utc_text(fact.recorded_at)
    return json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode()


def mark(content: bytes) -> bytes:
    """Return the keyed mark that only the program can make."""
    return hmac.digest(_mark_key(), content, "sha256")


def digest(fact_id: int, content: bytes) -> bytes:
    """Return what is sealed: content and id together, so that two equal facts cannot be exchanged."""
    return hashlib.sha256(b"%d:" % fact_id + content).digest()


def merkle_root(leaves: Sequence[bytes]) -> bytes:
    """Return the root over digests in order; leaves and inner nodes are told apart, an odd one moves up alone."""
    level = [hashlib.sha256(_LEAF + leaf).digest() for leaf in leaves]
    while len(level) > 1:
        pairs = [hashlib.sha256(_NODE + level[i] + level[i + 1]).digest() for i in range(0, len(level) - 1, 2)]
        level = pairs + level[len(pairs) * 2 :]
    return level[0]


def chained(before: bytes, number: int, root: bytes) -> bytes:
    """Return the link that binds a batch to all batches before it."""
    return hashlib.sha256(before + b"%d:" % number + root).digest()


def marks(facts: Iterable[Fact]) -> None:
    """Set the keyed mark on facts about to be written."""
    for fact in facts:
        fact.mac = mark(canonical(fact))


@cache
def _mark_key() -> bytes:
    return settings.HOME.secret("fact_marks").encode()
