"""Certificates in lists, one person's record, and what is due."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Q, QuerySet

from ronghe.domain.org.models import OperatorCertificate, Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.qualifications.calc.violations import Proven
from ronghe.domain.qualifications.enums import CertificateFilter, CertificateState
from ronghe.domain.qualifications.models import (
    Certificate,
    CertificateReview,
    HealthRestriction,
    Lesson,
    WorkBreak,
)
from ronghe.domain.qualifications.rules import KEEP_CERTIFICATE, KEEP_RECORD, OPEN_HEALTH, SEE_CERTIFICATE, SEE_RECORD
from ronghe.domain.qualifications.selectors.violations import proven_against
from ronghe.kernel.access.listing import Listed, list_seen
from ronghe.kernel.sealed import keyed_digest


@dataclass(frozen=True, slots=True)
class PersonRecord:
    """What is on record of one person, newest first; of health only how many restrictions hold, and for whom may open them."""

    certificates: list[Certificate]
    from_roster: list[OperatorCertificate]
    """What the roster says and nobody has checked and entered yet."""
    lessons: list[Lesson]
    breaks: list[WorkBreak]
    violations: list[Proven]
    restrictions: list[HealthRestriction]
    """Empty for whoever may not open them."""


def people_seen_by(actor: Person, at: datetime) -> QuerySet[Person]:
    """Return the people whose record `actor` may see, by name."""
    rows = SEE_RECORD.narrow(actor, Person.objects.filter(valid_until=None), at=at)
    return rows.select_related("unit").order_by("name", "pk")


def people_to_keep(actor: Person, at: datetime) -> QuerySet[Person]:
    """Return the people whose record `actor` keeps, by name."""
    rows = KEEP_RECORD.narrow(actor, Person.objects.filter(valid_until=None), at=at)
    return rows.select_related("unit").order_by("name", "pk")


def certificates_seen_by(actor: Person, at: datetime) -> QuerySet[Certificate]:
    """Return the certificates that `actor` may see."""
    rows = SEE_CERTIFICATE.narrow(actor, Certificate.objects.all(), at=at)
    return rows.select_related("person__unit").order_by("due_on", "pk")


def certificates_filtered(
    on: date, *, words: str = "", kind: str = "", which: str = "", person: int | None = None
) -> QuerySet[Certificate]:
    """Return certificates by name, initials or whole number, by kind, and by what is due on the day `on` (PC-15, PC-17)."""
    rows = Certificate.objects.select_related("person__unit")
    if which == CertificateFilter.WITHDRAWN:
        rows = rows.filter(state=CertificateState.WITHDRAWN)
    else:
        rows = rows.filter(state=CertificateState.HELD)
    if which == CertificateFilter.DUE:
        rows = rows.filter(warn_from__lte=on, due_on__gte=on)
    elif which == CertificateFilter.OVER:
        rows = rows.filter(due_on__lt=on)
    if kind:
        rows = rows.filter(kind=kind)
    if person is not None:
        rows = rows.filter(person=person)
    if wanted := words.strip():
        rows = rows.filter(
            Q(person__name__contains=wanted)
            | Q(person__initials__startswith=wanted.lower())
            | Q(number_digest=keyed_digest(wanted))
        )
    return rows


def list_certificates(
    actor: Person, at: datetime, rows: QuerySet[Certificate], *, order_by: Any = ("due_on",), page: int = 1,
    size: int = 20,
) -> Listed[Certificate]:  # fmt: skip
    """Return one page of those of `rows` that `actor` may see, the soonest due first."""
    return list_seen(SEE_CERTIFICATE, actor, rows, order_by=order_by, at=at, page=page, size=size)


def standing_on(certificate: Certificate, on: date) -> CertificateFilter:
    """Return how a certificate stands on a day: held, due, over or withdrawn; on its last day it still holds (PC-14)."""
    if certificate.state == CertificateState.WITHDRAWN:
        return CertificateFilter.WITHDRAWN
    if certificate.due_on < on:
        return CertificateFilter.OVER
    return CertificateFilter.DUE if certificate.warn_from <= on else CertificateFilter.HELD


def certificates_due(actor: Person, at: datetime) -> QuerySet[Certificate]:
    """Return the certificates within the warning or over (PC-15, PC-17): for who keeps them, and for the holder."""
    rows = Certificate.objects.filter(state=CertificateState.HELD, warn_from__lte=local_day(at))
    kept = KEEP_CERTIFICATE.narrow(actor, rows, at=at).order_by().values("pk")
    return rows.filter(Q(pk__in=kept) | Q(person=actor))


def record_of(person: Person, actor: Person, at: datetime) -> PersonRecord:
    """Return what is on record of a person whom `actor` sees."""
    certificates = list(Certificate.objects.filter(person=person).order_by("state", "due_on", "pk"))
    known = {row.number_digest for row in certificates}
    roster = OperatorCertificate.objects.filter(person=person).order_by("kind", "pk")
    opens = OPEN_HEALTH.allows(actor, person, at=at)
    return PersonRecord(
        certificates=certificates,
        from_roster=[row for row in roster if not row.number or keyed_digest(row.number) not in known],
        lessons=list(Lesson.objects.filter(person=person).order_by("-held_on", "-pk")),
        breaks=list(WorkBreak.objects.filter(person=person).order_by("-began_on", "-pk")),
        violations=proven_against([person.pk])[person.pk],
        restrictions=list(HealthRestriction.objects.filter(person=person).order_by("-noted_on", "-pk"))
        if opens
        else [],
    )


def reviews_of(certificate: Certificate) -> list[CertificateReview]:
    """Return the reviews and practical exams of a certificate, newest first."""
    return list(certificate.reviews.select_related("noted_by").order_by("-held_on", "-pk"))
