"""What is on record of a zone: its facts, by kind, and what its archive holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import reduce
from operator import or_

from django.db.models import Count, Q, QuerySet

from ronghe.domain.zones.models import CollaborationZone
from ronghe.kernel.facts.kinds import declared_kinds
from ronghe.kernel.facts.models import Fact
from ronghe.kernel.words import _

ROOMS = (
    "zones", "agreements", "rhythm", "sitemeetings", "work", "taskforces", "pools", "exchange", "obligations",
)  # fmt: skip
"""Whose records a zone's archive holds. Who belongs where, talks and votes stay with their own rooms."""


@dataclass(frozen=True, slots=True)
class Kept:
    """One line of an archive: a kind of record, in words, and how many there are."""

    kind: str
    title: str
    count: int


def facts_of(zone: CollaborationZone, kind: str = "") -> QuerySet[Fact]:
    """Return what happened in the zone, the latest first, of one kind if named."""
    # By body, which the index begins with; before the start the sponsor's facts that name the zone.
    place = Q(body=zone.sponsor_id, zone=zone.pk)
    if zone.body_id is not None:
        place |= Q(body=zone.body_id)
    kept = Q(kind=kind) if kind else Q()
    rooms = reduce(or_, (Q(kind__startswith=f"{room}.") for room in ROOMS))
    return Fact.objects.filter(place, rooms, kept).order_by("-occurred_at", "-pk")


def archive_of(zone: CollaborationZone) -> list[Kept]:
    """Return what the archive of the zone holds, most first; one statement."""
    counted = facts_of(zone).order_by().values_list("kind").annotate(count=Count("pk"))
    return in_words({str(kind): int(count) for kind, count in counted})


def in_words(counts: Mapping[str, int]) -> list[Kept]:
    """Return counts by kind with the kinds' names, most first."""
    rows = [Kept(kind, title_of(kind), count) for kind, count in counts.items()]
    return sorted(rows, key=lambda row: (-row.count, row.kind))


def title_of(kind: str) -> str:
    """Return a kind in the reader's language; the code itself where no subject declares it any more."""
    known = declared_kinds().get(kind)
    return _(known.title) if known is not None else kind
