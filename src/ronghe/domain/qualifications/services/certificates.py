"""A certificate is entered, reviewed and withdrawn; its number is opened on record (PC-14 to PC-17)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import IntegrityError, transaction

from ronghe.domain.org.models import Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.qualifications.calc.book import DAY, CertificateKind, number_kept
from ronghe.domain.qualifications.calc.violations import bars_review
from ronghe.domain.qualifications.enums import CERTIFICATE_FLOW, CertificateState, ReviewKind
from ronghe.domain.qualifications.facts import CERTIFICATE_ENTERED, CERTIFICATE_REVIEWED, CERTIFICATE_WITHDRAWN
from ronghe.domain.qualifications.models import Certificate, CertificateReview
from ronghe.domain.qualifications.rules import KEEP_CERTIFICATE, KEEP_RECORD
from ronghe.domain.qualifications.selectors.book import current_book
from ronghe.domain.qualifications.selectors.violations import counted_at_review
from ronghe.kernel.access.looks import record_look
from ronghe.kernel.errors import DomainError, Stale
from ronghe.kernel.facts.record import Draft, record
from ronghe.kernel.sealed import keyed_digest, open_text, seal_text
from ronghe.kernel.words import N_

COMPARTMENT = "certificate_number"


class NoSuchKind(DomainError):
    code = "no_such_kind"
    sentence = N_("没有“%(kind)s”这种证件，请从列出的种类里选。")
    status = 422


class NumberMissing(DomainError):
    code = "number_missing"
    sentence = N_("请写证件编号。")
    status = 422


class CertificateKnown(DomainError):
    code = "certificate_known"
    sentence = N_("这本“%(kind)s”证件（尾号 %(end)s）已经登记过，不能重复登记。要改请先注销原来的。")


class IssuedInFuture(DomainError):
    code = "issued_in_future"
    sentence = N_("发证日期 %(on)s 还没有到，请核对。")
    status = 422


class TermsUnfit(DomainError):
    code = "terms_unfit"
    sentence = N_(
        "“%(kind)s”证件 %(issued)s 发证，有效期最长到 %(last)s（%(rule)s），填的日期 %(given)s 不对，请核对原证。"
    )
    status = 422


class ReviewInFuture(DomainError):
    code = "review_in_future"
    sentence = N_("考核日期 %(on)s 不在发证以后、今天以前，请改日期。")
    status = 422


class NoReviewNeeded(DomainError):
    code = "no_review_needed"
    sentence = N_("“%(kind)s”证件到期换证，不复审（%(rule)s）。")


class ReviewTooEarly(DomainError):
    code = "review_too_early"
    sentence = N_("复审在期满前 60 日内申请（PC-15）：这本证 %(first)s 起才能复审。")


class ReviewHoursShort(DomainError):
    code = "review_hours_short"
    sentence = N_("复审前培训不少于 %(needed)s 学时（PC-15），填的是 %(hours)s。")
    status = 422


class ViolationsBar(DomainError):
    code = "violations_bar"
    sentence = N_("上次复审以来查实违章 %(count)s 次，或造成严重后果，复审不能通过（PC-16）。")


class ReviewNoted(DomainError):
    code = "review_noted"
    sentence = N_("%(on)s 的考核已经登记过。")


class NoReasonGiven(DomainError):
    code = "no_reason_given"
    sentence = N_("请写明理由。")
    status = 422


@dataclass(frozen=True, slots=True)
class CertificateText:
    """What stands on a certificate. Without days of review and end they follow from the day of issue."""

    kind: str
    number: str
    issued_on: date
    review_on: date | None = None
    expires_on: date | None = None
    issuer: str = ""
    is_long_service: bool = False


@transaction.atomic
def enter_certificate(*, person: Person, text: CertificateText, actor: Person, at: datetime) -> Certificate:
    """Put a certificate on record, once its original was looked at (PC-14, PC-17).

    :raises NoSuchKind, NumberMissing, IssuedInFuture: what was typed
    :raises TermsUnfit: longer than certificates of the kind can hold, or ended before it began
    :raises CertificateKnown: it is on record, this person's or another's
    """
    KEEP_RECORD.require(actor, person, at=at)
    row = certificate_from(person, text, local_day(at))
    row.entered_by, row.entered_at = actor, at
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        raise CertificateKnown(kind=kind_of(row.kind).title, end=row.number_end) from error
    _record_entered(row, actor, at)
    return row


def certificate_from(person: Person, text: CertificateText, today: date) -> Certificate:
    """Return the row that `text` makes, its dates checked; nothing is written.

    :raises DomainError: what is wrong with it
    """
    kind, number = kind_of(text.kind), number_kept(text.number)
    if not number:
        raise NumberMissing
    if text.issued_on > today:
        raise IssuedInFuture(on=text.issued_on)
    family = kind.family
    last = family.last_day(text.issued_on)
    expires = text.expires_on or last
    review = text.review_on or family.review_day(text.issued_on, long_service=text.is_long_service)
    review = min(review, expires) if review is not None else None
    for given in filter(None, (text.expires_on, text.review_on)):
        if not text.issued_on <= given <= last:
            raise TermsUnfit(kind=kind.title, issued=text.issued_on, last=last, rule=family.rule, given=given)
    due = min(expires, review) if review is not None else expires
    return Certificate(
        person=person, kind=kind.id, number_sealed=seal_text(number), number_digest=keyed_digest(number),
        number_end=number[-4:], issuer=text.issuer.strip(), issued_on=text.issued_on, review_on=review,
        expires_on=expires, due_on=due, warn_from=family.warned_from(due), is_long_service=text.is_long_service,
    )  # fmt: skip


@transaction.atomic
def review_certificate(
    *, certificate: Certificate, passed: bool, on: date, hours: Decimal, actor: Person, at: datetime,
    is_long_service: bool = False,
) -> Certificate:  # fmt: skip
    """Note a review; passed, the next one is due three years on, six after ten lawful years (PC-14), never after the end.

    :raises NoReviewNeeded: certificates of the kind are renewed, not reviewed
    :raises ReviewTooEarly: before the sixty days in which one applies (PC-15)
    :raises ReviewHoursShort: less training than is asked for (PC-15)
    :raises ViolationsBar: two proven violations, or a grave one, since the last review (PC-16)
    """
    family = _open_for_exam(certificate, on, actor, at).family
    if family.review_years is None or certificate.review_on is None:
        raise NoReviewNeeded(kind=kind_of(certificate.kind).title, rule=family.rule)
    first = family.warned_from(certificate.review_on)
    if on < first:
        raise ReviewTooEarly(first=first)
    if passed and hours < family.review_hours:
        raise ReviewHoursShort(needed=f"{family.review_hours:f}", hours=f"{hours:f}")
    if passed:
        _refuse_violator(certificate, family.violations)
    following = None
    if passed:
        base = certificate.review_on + DAY if on <= certificate.review_on else on
        wanted = family.review_day(base, long_service=is_long_service)
        assert wanted is not None  # a family with reviews
        following = min(wanted, certificate.expires_on)
    _note_exam(certificate, ReviewKind.REVIEW, passed, on, hours, following, actor, at)
    if following is not None:
        rows = Certificate.objects.filter(
            pk=certificate.pk, review_on=certificate.review_on, state=CertificateState.HELD
        )
        due = min(following, certificate.expires_on)
        if not rows.update(
            review_on=following, due_on=due, warn_from=family.warned_from(due), is_long_service=is_long_service
        ):
            raise Stale
        certificate.refresh_from_db()
    return certificate


@transaction.atomic
def examine_practice(
    *, certificate: Certificate, passed: bool, on: date, actor: Person, at: datetime
) -> CertificateReview:
    """Note the practical exam that is asked for after six months away (PC-15)."""
    _open_for_exam(certificate, on, actor, at)
    return _note_exam(certificate, ReviewKind.PRACTICE, passed, on, Decimal(0), None, actor, at)


@transaction.atomic
def withdraw_certificate(*, certificate: Certificate, reason: str, actor: Person, at: datetime) -> Certificate:
    """Take a certificate off the record: revoked, renewed under another number, or entered by mistake.

    :raises NoReasonGiven: without saying why
    :raises StepNotAllowed, Stale: it was withdrawn before
    """
    KEEP_CERTIFICATE.require(actor, certificate, at=at)
    if not reason.strip():
        raise NoReasonGiven
    CERTIFICATE_FLOW.advance(certificate, "withdraw", withdrawn_reason=reason.strip())
    record(
        Draft(CERTIFICATE_WITHDRAWN, at, actor, about=certificate.person, unit=certificate.person.unit_id,
              attributes={"kind": certificate.kind}, source=certificate)
    )  # fmt: skip
    return certificate


def open_number(*, certificate: Certificate, actor: Person, at: datetime) -> str:
    """Return the whole number; the look is on record (PI-01)."""
    KEEP_CERTIFICATE.require(actor, certificate, at=at)
    record_look(by=actor, about=certificate.person, compartment=COMPARTMENT, at=at)
    return open_text(certificate.number_sealed)


def kind_of(kind: str) -> CertificateKind:
    """Return a kind of the unit's book.

    :raises NoSuchKind: it has none of this id
    """
    found = current_book().kinds.get(kind)
    if found is None:
        raise NoSuchKind(kind=kind)
    return found


def _record_entered(row: Certificate, actor: Person, at: datetime) -> None:
    record(
        Draft(CERTIFICATE_ENTERED, at, actor, about=row.person, unit=row.person.unit_id,
              attributes={"kind": row.kind, "due": row.due_on}, source=row)
    )  # fmt: skip


def _open_for_exam(certificate: Certificate, on: date, actor: Person, at: datetime) -> CertificateKind:
    KEEP_CERTIFICATE.require(actor, certificate, at=at)
    if certificate.state != CertificateState.HELD:
        raise Stale
    if not certificate.issued_on <= on <= local_day(at):
        raise ReviewInFuture(on=on)
    return kind_of(certificate.kind)


def _refuse_violator(certificate: Certificate, limit: int | None) -> None:
    proven = counted_at_review(certificate)
    if bars_review(proven, limit):
        raise ViolationsBar(count=len(proven))


def _note_exam(
    certificate: Certificate, kind: ReviewKind, passed: bool, on: date, hours: Decimal, following: date | None,
    actor: Person, at: datetime,
) -> CertificateReview:  # fmt: skip
    try:
        with transaction.atomic():
            row = CertificateReview.objects.create(
                certificate=certificate, kind=kind, held_on=on, passed=passed, hours=hours, review_on=following,
                noted_by=actor, noted_at=at,
            )  # fmt: skip
    except IntegrityError as error:
        raise ReviewNoted(on=on) from error
    record(
        Draft(CERTIFICATE_REVIEWED, at, actor, about=certificate.person, unit=certificate.person.unit_id,
              attributes={"kind": certificate.kind, "what": kind, "passed": passed}, source=certificate)
    )  # fmt: skip
    return row
