"""Who lacks what for a kind of work: the pure question that gates ask, and permits will, in five statements for any number of people."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import date

from django.db.models import Max, Q, QuerySet

from ronghe.domain.org.models import Person, PostHolding
from ronghe.domain.qualifications.calc.book import Operation
from ronghe.domain.qualifications.calc.fitness import Break, Held, Lack, Lesson, Record
from ronghe.domain.qualifications.calc.fitness import lacking as lacks_of
from ronghe.domain.qualifications.enums import BreakKind, CertificateState, ReviewKind
from ronghe.domain.qualifications.models import Certificate, HealthBar, WorkBreak
from ronghe.domain.qualifications.models import Lesson as LessonRow
from ronghe.domain.qualifications.selectors.book import current_book
from ronghe.kernel.db.tree import on_day
from ronghe.kernel.errors import DomainError
from ronghe.kernel.sealed import keyed_digest
from ronghe.kernel.words import N_

Lacks = dict[int, list[Lack]]


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
    work, book, people = operation_called(operation), current_book(), sorted(set(person_ids))
    lessons: dict[int, list[Lesson]] = defaultdict(list)
    for row in LessonRow.objects.filter(person__in=people, withdrawn_at=None, held_on__lte=on).order_by("pk"):
        lessons[row.person_id].append(Lesson(row.level, row.held_on, row.hours, row.passed))
    held: dict[int, list[Held]] = defaultdict(list)
    practiced = Max(
        "reviews__held_on", filter=Q(reviews__kind=ReviewKind.PRACTICE, reviews__passed=True, reviews__held_on__lte=on)
    )
    rows = Certificate.objects.filter(person__in=people, kind__in=work.certificates, state=CertificateState.HELD)
    for one in rows.annotate(practiced_on=practiced).order_by("pk"):
        kind = book.kinds[one.kind]
        held[one.person_id].append(Held(kind, one.issued_on, one.review_on, one.expires_on, one.practiced_on))
    breaks: dict[int, list[Break]] = defaultdict(list)
    for rest in WorkBreak.objects.filter(person__in=people).order_by("pk"):
        breaks[rest.person_id].append(Break(rest.began_on, rest.ended_on, rest.kind == BreakKind.TRANSFER))
    barred = _barred(people, work.id, on)
    return {pk: lacks_of(Record(lessons[pk], held[pk], breaks[pk], pk in barred), work, book, on) for pk in people}


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


def _barred(people: Collection[int], operation: str, on: date) -> set[int]:
    tokens = Person.objects.filter(pk__in=people).order_by().values_list("pk", "token")
    digests = {bar_digest(token, operation): pk for pk, token in tokens}
    rows = HealthBar.objects.filter(digest__in=digests, restriction__noted_on__lte=on).order_by()
    rows = rows.filter(Q(restriction__lifted_on=None) | Q(restriction__lifted_on__gt=on))
    return {digests[digest] for digest in rows.values_list("digest", flat=True)}
