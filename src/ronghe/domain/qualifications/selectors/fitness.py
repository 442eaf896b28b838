"""Who lacks what for a kind of work: the question that gates and permits ask, in six statements for any number of people."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date

from django.db.models import Q, QuerySet

from ronghe.domain.org.models import Person, PostHolding
from ronghe.domain.qualifications.calc.book import Book, Operation
from ronghe.domain.qualifications.calc.fitness import Break, Held, Lack, Lesson, Record
from ronghe.domain.qualifications.calc.fitness import lacking as lacks_of
from ronghe.domain.qualifications.enums import BreakKind, CertificateState, ReviewKind
from ronghe.domain.qualifications.models import Certificate, CertificateReview, HealthBar, WorkBreak
from ronghe.domain.qualifications.models import Lesson as LessonRow
from ronghe.domain.qualifications.selectors.book import current_book
from ronghe.kernel.db.tree import on_day
from ronghe.kernel.errors import DomainError
from ronghe.kernel.sealed import keyed_digest
from ronghe.kernel.words import N_

Lacks = dict[int, list[Lack]]


@dataclass(frozen=True, slots=True)
class Ask:
    """May this person do this kind of work on this day?"""

    person_id: int
    operation: str
    on: date


class NoSuchOperation(DomainError):
    code = "no_such_operation"
    sentence = N_("没有“%(operation)s”这种作业，请从列出的作业里选。")
    status = 422


def operation_called(operation: str) -> Operation:
    """Return the kind of work with this id.

    :raises NoSuchOperation: the unit's book knows none
    """
    found = current_book().operations.get(operation)
    if found is None:
        raise NoSuchOperation(operation=operation)
    return found


def lacking(person_ids: Collection[int], operation: str, on: date) -> Lacks:
    """Return for each person what is missing for `operation` on the day `on`, with the rule number; empty lists for the fit.

    Training (PC-11, PC-12, PC-19), certificates (PC-14, PC-15, PC-17, PW-11), health (PW-11: that there is a bar, never why).

    :raises NoSuchOperation: the unit's book knows none of this name
    """
    work = operation_called(operation)
    found = lacking_each([Ask(pk, work.id, on) for pk in person_ids])
    return {ask.person_id: lacks for ask, lacks in found.items()}


def lacking_each(asks: Collection[Ask]) -> dict[Ask, list[Lack]]:
    """Return the answer to each of many questions, about several kinds of work and days; six statements for any number.

    :raises NoSuchOperation: the unit's book knows none of this name
    """
    book, works = current_book(), {ask.operation: operation_called(ask.operation) for ask in asks}
    people = sorted({ask.person_id for ask in asks})
    records, barred = _records(people, works.values(), book), _barred(asks)
    return {
        ask: lacks_of(replace(records[ask.person_id], is_barred=ask in barred), works[ask.operation], book, ask.on)
        for ask in asks
    }


def standing_certificates(person_ids: Collection[int], kind: str, on: date) -> dict[int, Certificate]:
    """Return of each person the certificate of a kind that holds on `on` and longest; one statement."""
    rows = Certificate.objects.filter(
        Q(review_on=None) | Q(review_on__gte=on), person__in=list(person_ids), kind=kind, state=CertificateState.HELD,
        issued_on__lte=on, expires_on__gte=on,
    )  # fmt: skip
    return {row.person_id: row for row in rows.order_by("expires_on", "pk")}


def _records(people: Collection[int], works: Iterable[Operation], book: Book) -> dict[int, Record]:
    lessons: dict[int, list[Lesson]] = defaultdict(list)
    for row in LessonRow.objects.filter(person__in=people, withdrawn_at=None).order_by("pk"):
        lessons[row.person_id].append(Lesson(row.level, row.held_on, row.hours, row.passed))
    wanted = {kind for work in works for kind in work.certificates}
    certificates = Certificate.objects.filter(person__in=people, kind__in=wanted, state=CertificateState.HELD)
    exams: dict[int, list[date]] = defaultdict(list)
    practice = CertificateReview.objects.filter(
        kind=ReviewKind.PRACTICE, passed=True, certificate__in=certificates.order_by().values("pk")
    )
    for certificate, held_on in practice.order_by().values_list("certificate_id", "held_on"):
        exams[certificate].append(held_on)
    held: dict[int, list[Held]] = defaultdict(list)
    for one in certificates.order_by("pk"):
        kind = book.kinds[one.kind]
        held[one.person_id].append(Held(kind, one.issued_on, one.review_on, one.expires_on, tuple(exams[one.pk])))
    breaks: dict[int, list[Break]] = defaultdict(list)
    for rest in WorkBreak.objects.filter(person__in=people).order_by("pk"):
        breaks[rest.person_id].append(Break(rest.began_on, rest.ended_on, rest.kind == BreakKind.TRANSFER))
    return {pk: Record(lessons[pk], held[pk], breaks[pk]) for pk in people}


def managers(on: date) -> QuerySet[Person]:
    """Return who holds on the day `on` a post of which the book asks for the hours of managers (PC-13)."""
    asked = current_book().managers
    posts = PostHolding.objects.filter(on_day(on), role__in=asked.posts if asked is not None else ())
    return Person.objects.filter(pk__in=posts.order_by().values("person_id"))


def managing_lacks(person: Person, on: date) -> list[Lack] | None:
    """Return what a manager lacks for the post, `None` for whoever holds none (PC-13)."""
    work = next((one for one in current_book().operations.values() if one.is_managing), None)
    if work is None or not managers(on).filter(pk=person.pk).exists():
        return None
    return lacking([person.pk], work.id, on)[person.pk]


def bar_digest(token: int, operation: str) -> str:
    """Return the digest under which a bar of a person for an operation is kept."""
    return keyed_digest(f"health:{token}:{operation}")


def _barred(asks: Collection[Ask]) -> set[Ask]:
    people = {ask.person_id for ask in asks}
    tokens = dict(Person.objects.filter(pk__in=people).order_by().values_list("pk", "token"))
    digests = {ask: bar_digest(tokens[ask.person_id], ask.operation) for ask in asks if ask.person_id in tokens}
    rows = HealthBar.objects.filter(digest__in=set(digests.values())).order_by()
    spans: dict[str, list[tuple[date, date | None]]] = defaultdict(list)
    for digest, noted, lifted in rows.values_list("digest", "restriction__noted_on", "restriction__lifted_on"):
        spans[digest].append((noted, lifted))
    return {
        ask for ask, digest in digests.items()
        if any(noted <= ask.on and (lifted is None or lifted > ask.on) for noted, lifted in spans[digest])
    }  # fmt: skip
