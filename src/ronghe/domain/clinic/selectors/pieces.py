"""Knowledge as an actor may see it: searched, by field, similar to what is typed, and what waits for review."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import reduce
from operator import or_

from django.db.models import Count, F, Q, QuerySet
from django.db.models.expressions import OrderBy

from ronghe.domain.clinic.enums import PieceState, VersionState
from ronghe.domain.clinic.models import HelpedMark, Piece, PieceVersion
from ronghe.domain.clinic.rules import REVIEW, SEE_PIECE
from ronghe.domain.items.calc.doubles import most_alike, pairs_of
from ronghe.domain.org.models import Person
from ronghe.kernel.access.listing import Listed, list_seen
from ronghe.kernel.sealed import keyed_digest

COMPARED = 300
"""Pieces that share a pair of signs with what is typed, the newest, are compared in full."""
PAIRS = 24
ORDERS = {"new": ["-published_at"], "helped": ["-helped_count", "-published_at"], "title": ["title"]}


def pieces_seen_by(actor: Person, at: datetime) -> QuerySet[Piece]:
    """Return the pieces that `actor` may see: to be cut to one or a few."""
    rows = SEE_PIECE.narrow(actor, Piece.objects.all(), at=at, walk=True)
    return with_helped(rows).select_related("field", "expert__unit", "body", "outdated_by").order_by("-pk")


def with_helped(rows: QuerySet[Piece]) -> QuerySet[Piece]:
    """Add how many people each helped (`helped_count`)."""
    return rows.annotate(helped_count=Count("helped"))


def list_pieces(
    actor: Person, at: datetime, *, words: str = "", field: int | None = None, state: str = "", expert: int | None = None,
    order: str = "", page: int = 1, size: int = 20,
) -> Listed[Piece]:  # fmt: skip
    """Return one page of what `actor` may see; what is published unless another state is asked for.

    What is outdated comes last.
    """
    wanted = state if state in PieceState.values else PieceState.PUBLISHED
    rows = with_helped(Piece.objects.filter(state=wanted)).select_related("field", "expert", "body")
    if words.strip():
        rows = rows.matching(words)  # type: ignore[attr-defined]
    if field is not None:
        rows = rows.filter(field=field)
    if expert is not None:
        rows = rows.filter(expert=expert)
    by: list[str | OrderBy] = [F("outdated_at").asc(nulls_first=True), *ORDERS.get(order, ORDERS["new"])]
    return list_seen(SEE_PIECE, actor, rows, order_by=by, at=at, page=page, size=size)


def similar_pieces(text: str, *, most: int = 3) -> list[Piece]:
    """Return published pieces that look like `text`, the most alike first; one or two statements."""
    pairs = sorted(pairs_of(text), key=lambda pair: (-len(pair), pair))[:PAIRS]
    if not pairs:
        return []
    some = reduce(or_, (Q(title__icontains=pair) | Q(question__icontains=pair) for pair in pairs))
    rows = Piece.objects.filter(some, state=PieceState.PUBLISHED, outdated_at=None).order_by("-published_at", "-pk")
    titles = list(rows.values_list("pk", "title", "question")[:COMPARED])
    keys = most_alike(text, [(pk, title) for pk, title, _question in titles], most=most)
    keys += [key for key in most_alike(text, [(pk, f"{a} {b}") for pk, a, b in titles], most=most) if key not in keys]
    found = Piece.objects.select_related("field", "expert").in_bulk(keys[:most])
    return [found[key] for key in keys[:most]]


def pieces_to_review(actor: Person, at: datetime) -> QuerySet[Piece]:
    """Return the pieces with a version that `actor` may review, the longest waiting first."""
    rows = Piece.objects.filter(versions__state=VersionState.REVIEW)
    return (
        REVIEW.narrow(actor, rows, at=at).select_related("field", "expert", "written_by").order_by("proposed_at", "pk")
    )


def pieces_to_agree(person: Person, at: datetime) -> QuerySet[Piece]:  # noqa: ARG001 - as every inbox
    """Return the pieces that tell a case of `person`'s and wait for the word that they may."""
    return Piece.objects.filter(asker=person, state=PieceState.CONSENT).order_by("proposed_at", "pk")


def pieces_returned_to(person: Person, at: datetime) -> QuerySet[Piece]:  # noqa: ARG001 - as every inbox
    """Return the pieces that came back to `person` to be written better."""
    returned = Piece.objects.filter(written_by=person, versions__state=VersionState.RETURNED)
    return returned.distinct().order_by("proposed_at", "pk")


def versions_of(piece: Piece) -> Sequence[PieceVersion]:
    """Return the versions of a piece, the newest first."""
    return list(piece.versions.select_related("written_by", "reviewed_by").order_by("-number"))


def mark_of(piece: Piece, person: Person) -> str:
    """Return what stands for a person among those whom a piece helped; nobody can tell the person from it."""
    return keyed_digest(f"clinic-helped:{piece.pk}:{person.token}")


def was_helped(piece: Piece, person: Person) -> bool:
    return HelpedMark.objects.filter(piece=piece, mark=mark_of(piece, person)).exists()
