"""Governing documents: which mechanisms stand on them, and what is to be looked at again after a new version."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Count, Q, QuerySet

from ronghe.domain.org.models import Person
from ronghe.domain.playbooks.calc.model import Document, Mechanism, Playbook
from ronghe.domain.playbooks.enums import CheckState
from ronghe.domain.playbooks.models import Adoption, DocumentCheck, GoverningDocument, PlaybookVersion, read_together
from ronghe.domain.playbooks.rules import SEE_DOCUMENT
from ronghe.domain.playbooks.selectors.books import Shelved, newest, shelf


@dataclass(slots=True)
class Cited:
    """A document as playbooks cite it, with the mechanisms that stand on it: (playbook, mechanism), each told once."""

    document: Document
    versions: list[str] = field(default_factory=list)
    """As the playbooks name them."""
    mechanisms: list[tuple[Playbook, Mechanism]] = field(default_factory=list)
    registered: GoverningDocument | None = None
    """The version that was registered last."""


def cited_documents() -> list[Cited]:
    """Return every document that a playbook of the shelf cites, the most cited first."""
    found: dict[str, Cited] = {}
    books = [one.playbook for one in newest(shelf()).values()]
    known = {book.id for book in books}
    for book in books:
        for document in book.documents:
            cited = found.setdefault(document.id, Cited(document))
            if document.version and document.version not in cited.versions:
                cited.versions.append(document.version)
        for mechanism in book.mechanisms:
            # What a base says is told at the base, not again at each playbook on top of it.
            if mechanism.origin != book.id and mechanism.origin in known:
                continue
            for document_id in {cite.document for cite in mechanism.cites}:
                found[document_id].mechanisms.append((book, mechanism))
    for row in GoverningDocument.objects.order_by("effective_from", "pk"):
        if row.document in found:
            found[row.document].registered = row
    return sorted(found.values(), key=lambda cited: (-len(cited.mechanisms), cited.document.id))


def documents_seen_by(actor: Person, at: datetime) -> QuerySet[Any]:
    """Return the versions registered, the latest first, each with how many checks it has and how many wait."""
    rows = SEE_DOCUMENT.narrow(actor, GoverningDocument.objects.all(), at=at)
    waiting = Count("checks", filter=~Q(checks__state=CheckState.CHECKED))
    rows = rows.annotate(all_checks=Count("checks"), waiting=waiting).select_related("body", "registered_by")
    return rows.order_by("-effective_from", "-pk")


def checks_of(document: GoverningDocument) -> QuerySet[DocumentCheck]:
    """Return what is to be looked at, by playbook and mechanism."""
    return document.checks.select_related("settled_by").order_by("playbook", "mechanism", "pk")


def bodies_working_by(mechanisms: Iterable[tuple[str, str]]) -> Mapping[tuple[str, str], int]:
    """Return for each (playbook id, mechanism id) how many bodies owe the mechanism now, whichever playbook holds it.

    Two statements, and the texts of the versions in force the first time.
    """
    counted: dict[tuple[str, str], int] = defaultdict(int)
    wanted = set(mechanisms)
    rows = Adoption.objects.filter(valid_until=None).order_by()
    per_version = rows.values("version", "body__kind").annotate(bodies=Count("body", distinct=True))
    groups = list(per_version)
    versions = PlaybookVersion.objects.in_bulk({group["version"] for group in groups})
    read_together(versions.values())
    for group in groups:
        book = versions[group["version"]].playbook
        for mechanism in book.mechanisms:
            key = (mechanism.origin, mechanism.id)
            if key in wanted and group["body__kind"] in mechanism.body_kinds:
                counted[key] += group["bodies"]
    return counted


def touched_by(document: str, shelved: Collection[Shelved]) -> list[tuple[str, str]]:
    """Return (reference of the playbook, mechanism) of everything that stands on a document, told where it is written."""
    books = [one.playbook for one in newest(shelved).values()]
    known = {book.id for book in books}
    return [
        (book.reference, mechanism.id)
        for book in books
        for mechanism in book.mechanisms
        if (mechanism.origin == book.id or mechanism.origin not in known)
        and any(cite.document == document for cite in mechanism.cites)
    ]
