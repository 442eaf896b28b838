"""Proven violations from wherever they were proven: one entry, counted here (PC-16).

What is confirmed on the platform lies in a room above this one; that room declares it, so nobody types it in again, and what
is overturned there counts here no more.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import date

from ronghe.domain.qualifications.calc.violations import Proven, counting
from ronghe.domain.qualifications.enums import ReviewKind
from ronghe.domain.qualifications.models import Certificate, ProvenViolation

Source = Callable[[Collection[int]], Mapping[int, Iterable[Proven]]]
"""The violations that stand against each of these people, by person."""

_SOURCES: list[Source] = []


def declare_violations(source: Source) -> Source:
    """Let the violations of another room count at reviews."""
    _SOURCES.append(source)
    return source


def proven_against(person_ids: Collection[int]) -> dict[int, list[Proven]]:
    """Return the violations proven against each of these people, newest first; one statement for each place."""
    found: dict[int, list[Proven]] = defaultdict(list)
    for row in ProvenViolation.objects.filter(person__in=list(person_ids)).order_by("pk"):
        found[row.person_id].append(Proven(row.happened_on, row.is_grave, row.reference))
    for source in _SOURCES:
        for person, rows in source(person_ids).items():
            found[person] += rows
    return {one: sorted(found[one], key=lambda row: row.happened_on, reverse=True) for one in person_ids}


def counted_at_review(certificate: Certificate) -> list[Proven]:
    """Return the violations that count at the next review of a certificate: since the last one that was passed (PC-16)."""
    rows = proven_against([certificate.person_id])[certificate.person_id]
    return counting(rows, certificate.number_digest, last_passed(certificate))


def last_passed(certificate: Certificate) -> date:
    """Return the day of the last review that was passed, else the day of issue."""
    passed = certificate.reviews.filter(kind=ReviewKind.REVIEW, passed=True).order_by("-held_on", "-pk").first()
    return passed.held_on if passed is not None else certificate.issued_on
