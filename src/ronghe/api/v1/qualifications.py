"""证件和培训: certificates, lessons, breaks, violations, health; who lacks what for which work."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Field, File, Form, Query, Router, Schema, Status, UploadedFile

from ronghe.api.acting import actor_of
from ronghe.api.uploads import laid_out
from ronghe.api.v1.shapes import PAGE_SIZE, Named, Page, listed_answer, named
from ronghe.domain.org.models import Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.qualifications.enums import BreakKind, CertificateFilter, LessonLevel
from ronghe.domain.qualifications.models import Certificate, HealthRestriction, Lesson
from ronghe.domain.qualifications.rules import OPEN_HEALTH
from ronghe.domain.qualifications.selectors.book import current_book, kind_choices, operation_choices
from ronghe.domain.qualifications.selectors.fitness import lacking
from ronghe.domain.qualifications.selectors.records import (
    certificates_filtered,
    certificates_seen_by,
    list_certificates,
    people_seen_by,
    people_to_keep,
    record_of,
    standing_on,
)
from ronghe.domain.qualifications.services.certificates import (
    CertificateText,
    enter_certificate,
    examine_practice,
    open_number,
    review_certificate,
    withdraw_certificate,
)
from ronghe.domain.qualifications.services.health import lift_restriction, note_restriction, open_restriction
from ronghe.domain.qualifications.services.importing import import_certificates
from ronghe.domain.qualifications.services.lessons import (
    LessonText,
    note_break,
    note_lesson,
    note_lessons,
    note_violation,
    withdraw_lesson,
)
from ronghe.kernel.errors import NotFound

router = Router(tags=["qualifications"])
MOST = 200


class CertificateRow(Schema):
    id: int
    person: Named
    kind: str
    title: str
    number_end: str = Field(description="编号后四位")
    issuer: str
    issued_on: date
    review_on: date | None
    expires_on: date = Field(description="当天还有效")
    due_on: date = Field(description="复审或到期，取早的")
    standing: CertificateFilter = Field(description="held 在册；due 快到期；over 已过期；withdrawn 已注销")


class CertificateRequest(Schema):
    kind: str = Field(max_length=40)
    number: str = Field(max_length=60)
    issued_on: date
    review_on: date | None = None
    expires_on: date | None = None
    issuer: str = Field("", max_length=80)
    is_long_service: bool = False


class CertificatePracticeRequest(Schema):
    passed: bool
    on: date


class ReviewOfCertificate(CertificatePracticeRequest):
    hours: Decimal = Field(Decimal(0), ge=0, le=999, description="复审前培训学时（PC-15）")
    is_long_service: bool = False


class WithdrawRequest(Schema):
    reason: str = Field(max_length=200)


class NumberAnswer(Schema):
    number: str


class SafetyLessonRequest(Schema):
    level: LessonLevel
    held_on: date
    hours: Decimal = Field(max_digits=5, decimal_places=1)
    topic: str = Field("", max_length=80)
    mark: Decimal | None = Field(None, max_digits=5, decimal_places=1, ge=0)
    passed: bool | None = Field(None, description="没有考核不写")


class ClassRequest(SafetyLessonRequest):
    people: list[int] = Field(min_length=1, max_length=MOST)


class SafetyLessonRow(Schema):
    id: int
    level: LessonLevel
    held_on: date
    hours: Decimal
    passed: bool | None
    is_withdrawn: bool


class WorkBreakRequest(Schema):
    kind: BreakKind
    began_on: date
    ended_on: date


class ProvenRequest(Schema):
    on: date
    reference: str = Field(max_length=80)
    is_grave: bool = False


class HealthRequest(Schema):
    text: str = Field(max_length=400)
    operations: list[str]
    on: date


class HealthRow(Schema):
    id: int
    noted_on: date
    lifted_on: date | None


class HealthText(Schema):
    text: str


class LiftRequest(Schema):
    on: date


class LackRow(Schema):
    code: str
    rule: str
    sentence: str


class LackingAnswer(Schema):
    person: Named
    lacks: list[LackRow]


class ProvenRow(Schema):
    happened_on: date
    is_grave: bool
    reference: str
    item: int | None = Field(description="在平台上查实的，是哪条违章")


class QualifiedPerson(Schema):
    person: Named
    certificates: list[CertificateRow]
    lessons: list[SafetyLessonRow]
    violations: list[ProvenRow]
    restrictions: list[HealthRow] = Field(description="只给能打开的人")


class BookEntry(Schema):
    id: str
    title: str


class BookAnswer(Schema):
    kinds: list[BookEntry]
    operations: list[BookEntry]


class ImportedCertificates(Schema):
    rows: int
    added: int
    same: int
    is_dry: bool


@router.get("", response=Page[CertificateRow], summary="证件清单", operation_id="qualifications_list")
def certificate_list(
    request: HttpRequest, search: str = "", kind: str = "", standing: CertificateFilter | None = None,
    page: int = Query(1, ge=1),
) -> Any:  # fmt: skip
    actor, now = actor_of(request), timezone.now()
    rows = certificates_filtered(local_day(now), words=search, kind=kind, which=standing or "")
    return listed_answer(list_certificates(actor, now, rows, page=page, size=PAGE_SIZE), _row)


@router.get("/book", response=BookAnswer, summary="证件种类和作业种类", operation_id="qualifications_book")
def book(request: HttpRequest) -> Any:  # noqa: ARG001
    return {
        "kinds": [{"id": key, "title": title} for key, title in kind_choices()],
        "operations": [{"id": key, "title": title} for key, title in operation_choices()],
    }


@router.get(
    "/lacking", response=list[LackingAnswer], summary="上票条件：谁还缺什么", operation_id="qualifications_lacking"
)
def lacking_list(request: HttpRequest, operation: str, person: list[int] = Query(...), on: date | None = None) -> Any:  # noqa: B008
    actor, now = actor_of(request), timezone.now()
    people = list(people_seen_by(actor, now).filter(pk__in=person[:MOST]))
    found = lacking([one.pk for one in people], operation, on or local_day(now))
    return [
        {
            "person": named(one),
            "lacks": [{"code": lack.code, "rule": lack.rule, "sentence": lack.sentence} for lack in found[one.pk]],
        }
        for one in people
    ]


@router.post("/import", response=ImportedCertificates, summary="导入证件表", operation_id="qualifications_import")
def certificates_import(request: HttpRequest, file: File[UploadedFile], dry_run: Form[bool] = True) -> Any:
    """一行一本证；不写 dry_run=false 只检查。有一行不对就一行也不写。"""
    actor, now = actor_of(request), timezone.now()
    with laid_out(file) as path:
        return import_certificates(path=path, name=file.name or "", actor=actor, at=now, dry_run=dry_run)


@router.post(
    "/lessons", response={201: list[SafetyLessonRow]}, summary="登记一班培训", operation_id="qualifications_class"
)
def class_note(request: HttpRequest, wanted: ClassRequest) -> Status[Any]:
    actor, now = actor_of(request), timezone.now()
    given = wanted.dict()
    keys = set(given.pop("people"))
    people = list(people_to_keep(actor, now).filter(pk__in=keys))
    if len(people) != len(keys):
        raise NotFound
    done = note_lessons(people=people, text=LessonText(**given), actor=actor, at=now)
    return Status(201, [_lesson(one) for one in done])


@router.post(
    "/lessons/{lesson_id}/withdraw", response=SafetyLessonRow, summary="撤销录错的培训",
    operation_id="qualifications_withdraw_lesson",
)  # fmt: skip
def lesson_withdraw(request: HttpRequest, lesson_id: int) -> Any:
    actor, now = actor_of(request), timezone.now()
    mine = Lesson.objects.filter(person__in=people_to_keep(actor, now).order_by()).select_related("person")
    return _lesson(withdraw_lesson(lesson=get_object_or_404(mine, pk=lesson_id), actor=actor, at=now))


@router.post(
    "/health/{restriction_id}/open",
    response=HealthText,
    summary="打开健康限制，留记录",
    operation_id="qualifications_open_health",
)
def health_open(request: HttpRequest, restriction_id: int) -> Any:
    actor, now = actor_of(request), timezone.now()
    return {"text": open_restriction(restriction=_restriction(actor, restriction_id), actor=actor, at=now)}


@router.post(
    "/health/{restriction_id}/lift",
    response=HealthRow,
    summary="解除健康限制",
    operation_id="qualifications_lift_health",
)
def health_lift(request: HttpRequest, restriction_id: int, wanted: LiftRequest) -> Any:
    actor = actor_of(request)
    row = _restriction(actor, restriction_id)
    return _health(lift_restriction(restriction=row, on=wanted.on, actor=actor, at=timezone.now()))


@router.get(
    "/people/{person_id}", response=QualifiedPerson, summary="一个人的证件和培训", operation_id="qualifications_person"
)
def person_detail(request: HttpRequest, person_id: int) -> Any:
    actor, now = actor_of(request), timezone.now()
    about = _person(actor, person_id)
    record = record_of(about, actor, now)
    return {
        "person": named(about),
        "certificates": [_row(row) for row in record.certificates],
        "lessons": [_lesson(row) for row in record.lessons],
        "violations": record.violations,
        "restrictions": [_health(row) for row in record.restrictions],
    }


@router.post(
    "/people/{person_id}/certificates",
    response={201: CertificateRow},
    summary="登记证件",
    operation_id="qualifications_enter",
)
def certificate_enter(request: HttpRequest, person_id: int, wanted: CertificateRequest) -> Status[Any]:
    actor = actor_of(request)
    text = CertificateText(**wanted.dict())
    row = enter_certificate(person=_person(actor, person_id), text=text, actor=actor, at=timezone.now())
    return Status(201, _row(row))


@router.post(
    "/people/{person_id}/lessons",
    response={201: SafetyLessonRow},
    summary="登记培训",
    operation_id="qualifications_lesson",
)
def lesson_note(request: HttpRequest, person_id: int, wanted: SafetyLessonRequest) -> Status[Any]:
    actor = actor_of(request)
    text = LessonText(**wanted.dict())
    return Status(
        201, _lesson(note_lesson(person=_person(actor, person_id), text=text, actor=actor, at=timezone.now()))
    )


@router.post(
    "/people/{person_id}/breaks", response={201: None}, summary="登记转岗离岗", operation_id="qualifications_break"
)
def break_note(request: HttpRequest, person_id: int, wanted: WorkBreakRequest) -> Status[None]:
    actor = actor_of(request)
    note_break(person=_person(actor, person_id), actor=actor, at=timezone.now(), **wanted.dict())
    return Status(201, None)


@router.post(
    "/people/{person_id}/violations",
    response={201: None},
    summary="登记查实违章",
    operation_id="qualifications_violation",
)
def violation_note(request: HttpRequest, person_id: int, wanted: ProvenRequest) -> Status[None]:
    actor = actor_of(request)
    note_violation(person=_person(actor, person_id), actor=actor, at=timezone.now(), **wanted.dict())
    return Status(201, None)


@router.post(
    "/people/{person_id}/health",
    response={201: HealthRow},
    summary="登记健康限制",
    operation_id="qualifications_health",
)
def health_note(request: HttpRequest, person_id: int, wanted: HealthRequest) -> Status[Any]:
    actor = actor_of(request)
    row = note_restriction(person=_person(actor, person_id), actor=actor, at=timezone.now(), **wanted.dict())
    return Status(201, _health(row))


@router.get("/{certificate_id}", response=CertificateRow, summary="一本证件", operation_id="qualifications_detail")
def certificate_detail(request: HttpRequest, certificate_id: int) -> Any:
    return _row(_seen(actor_of(request), certificate_id))


@router.post(
    "/{certificate_id}/number",
    response=NumberAnswer,
    summary="看完整编号，留记录",
    operation_id="qualifications_number",
)
def number_open(request: HttpRequest, certificate_id: int) -> Any:
    actor = actor_of(request)
    return {"number": open_number(certificate=_seen(actor, certificate_id), actor=actor, at=timezone.now())}


@router.post(
    "/{certificate_id}/review", response=CertificateRow, summary="登记复审", operation_id="qualifications_review"
)
def certificate_review(request: HttpRequest, certificate_id: int, wanted: ReviewOfCertificate) -> Any:
    actor = actor_of(request)
    row = _seen(actor, certificate_id)
    return _row(review_certificate(certificate=row, actor=actor, at=timezone.now(), **wanted.dict()))


@router.post(
    "/{certificate_id}/practice", response={201: None}, summary="登记实操考试", operation_id="qualifications_practice"
)
def certificate_practice(request: HttpRequest, certificate_id: int, wanted: CertificatePracticeRequest) -> Status[None]:
    actor = actor_of(request)
    examine_practice(certificate=_seen(actor, certificate_id), actor=actor, at=timezone.now(), **wanted.dict())
    return Status(201, None)


@router.post(
    "/{certificate_id}/withdraw", response=CertificateRow, summary="注销证件", operation_id="qualifications_withdraw"
)
def certificate_withdraw(request: HttpRequest, certificate_id: int, wanted: WithdrawRequest) -> Any:
    actor = actor_of(request)
    row = _seen(actor, certificate_id)
    return _row(withdraw_certificate(certificate=row, reason=wanted.reason, actor=actor, at=timezone.now()))


def _seen(actor: Person, certificate_id: int) -> Certificate:
    return get_object_or_404(certificates_seen_by(actor, timezone.now()), pk=certificate_id)


def _person(actor: Person, person_id: int) -> Person:
    return get_object_or_404(people_seen_by(actor, timezone.now()), pk=person_id)


def _restriction(actor: Person, restriction_id: int) -> HealthRestriction:
    row = get_object_or_404(HealthRestriction.objects.select_related("person__unit"), pk=restriction_id)
    if not OPEN_HEALTH.allows(actor, row.person, at=timezone.now()):
        raise NotFound
    return row


def _row(row: Certificate) -> dict[str, Any]:
    kind = current_book().kinds.get(row.kind)
    now: datetime = timezone.now()
    return {
        "id": row.pk, "person": named(row.person), "kind": row.kind, "title": kind.title if kind else row.kind,
        "number_end": row.number_end, "issuer": row.issuer, "issued_on": row.issued_on, "review_on": row.review_on,
        "expires_on": row.expires_on, "due_on": row.due_on, "standing": standing_on(row, local_day(now)),
    }  # fmt: skip


def _lesson(row: Lesson) -> dict[str, Any]:
    return {
        "id": row.pk, "level": row.level, "held_on": row.held_on, "hours": row.hours, "passed": row.passed,
        "is_withdrawn": row.withdrawn_at is not None,
    }  # fmt: skip


def _health(row: HealthRestriction) -> dict[str, Any]:
    return {"id": row.pk, "noted_on": row.noted_on, "lifted_on": row.lifted_on}
