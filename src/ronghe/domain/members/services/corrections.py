"""Corrections of the own record: asked by the person, carried out or refused by the branch (PI-04)."""

from __future__ import annotations

from datetime import date, datetime

from django.db import IntegrityError, transaction

from ronghe.domain.members.calc.fields import DAYS, NotAValue, cleaned
from ronghe.domain.members.enums import CORRECTION_FLOW, SEALED_FIELDS, CorrectionField
from ronghe.domain.members.facts import (
    CORRECTION_ACCEPTED,
    CORRECTION_ASKED,
    CORRECTION_REFUSED,
    CORRECTION_WITHDRAWN,
)
from ronghe.domain.members.models import RecordCorrection
from ronghe.domain.members.rules import ASK_CORRECTION, DECIDE_CORRECTION
from ronghe.domain.members.selectors.corrections import deciding_body, value_on_record
from ronghe.domain.org.facts import PERSON_EDITED
from ronghe.domain.org.models import Person
from ronghe.domain.org.models.people import initials_of
from ronghe.domain.org.rules import SEE_IDENTITY
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.org.services.looks import COMPARTMENT
from ronghe.kernel.access.looks import record_look
from ronghe.kernel.errors import DomainError
from ronghe.kernel.facts.kinds import FactKind
from ronghe.kernel.facts.record import Draft, record
from ronghe.kernel.sealed import keyed_digest, open_text, seal_text
from ronghe.kernel.words import N_, _

WHY = {
    "empty": N_("没有填写"),
    "too_long": N_("太长"),
    "not_a_day": N_("不是日期，请写成 2026-09-14"),
    "day_to_come": N_("日期还没有到"),
    "not_a_gender": N_("不在可选的性别里"),
    "not_a_phone": N_("不是手机号，也不是带区号的座机"),
    "not_an_id_number": N_("不是 18 位身份证号，或校验位不对（ID-01）"),
}


class ValueUnfit(DomainError):
    code = "value_unfit"
    sentence = N_("%(field)s：%(why)s。")
    status = 422


class NothingToCorrect(DomainError):
    code = "nothing_to_correct"
    sentence = N_("%(field)s现在就是这个内容，不用更正。")


class CorrectionOpen(DomainError):
    code = "correction_open"
    sentence = N_("%(field)s已有一份更正申请在等处理，撤回后才能重新申请。")


class NobodyDecides(DomainError):
    code = "nobody_decides"
    sentence = N_("您还没有编入党支部，所在单位也没有党组织，没有人能受理（PO-13）。请联系党群部门。")


class OwnCorrection(DomainError):
    code = "own_correction"
    sentence = N_("自己的申请不能自己处理，请由上级组织或本支部另一位委员处理。")


class RecordChanged(DomainError):
    code = "record_changed"
    sentence = N_("申请之后，%(field)s已经改过。请退回并说明，由本人核对后重新申请。")


class ValueTaken(DomainError):
    code = "value_taken"
    sentence = N_("这个%(field)s已登记在另一个人名下（ID-01），不能更正。请核对后退回申请。")


class RefusedWithoutReason(DomainError):
    code = "refused_without_reason"
    sentence = N_("不采纳须写明原因，本人会看到。")
    status = 422


@transaction.atomic
def ask_correction(
    *, person: Person, field: CorrectionField, value: str, reason: str, actor: Person, at: datetime
) -> RecordCorrection:
    """Ask the branch to correct one field of the own record.

    :raises NotAllowed: it is somebody else's record
    :raises ValueUnfit: the value cannot stand in that field
    :raises NothingToCorrect: it stands there already
    :raises NobodyDecides: neither a home nor a body of the unit is there to ask
    :raises CorrectionOpen: a request for that field waits
    """
    ASK_CORRECTION.require(actor, person, at=at)
    wanted = CorrectionField(field)
    try:
        new = cleaned(wanted, value, today=local_day(at))
    except NotAValue as error:
        raise ValueUnfit(field=_label(wanted), why=_(WHY[str(error)])) from error
    old = value_on_record(person, wanted)
    if new == old:
        raise NothingToCorrect(field=_label(wanted))
    body = deciding_body(person, local_day(at))
    if body is None:
        raise NobodyDecides
    try:
        with transaction.atomic():
            correction = RecordCorrection.objects.create(
                person=person, body=body, field=wanted, old_sealed=seal_text(old) if old else None,
                new_sealed=seal_text(new), reason=reason.strip(), asked_at=at,
            )  # fmt: skip
    except IntegrityError as error:
        raise CorrectionOpen(field=_label(wanted)) from error
    record(Draft(CORRECTION_ASKED, at, actor, about=person, body=body.pk, attributes={"field": wanted},
                 source=correction))  # fmt: skip
    return correction


@transaction.atomic
def accept_correction(*, correction: RecordCorrection, actor: Person, at: datetime) -> RecordCorrection:
    """Carry the correction out.

    :raises NotAllowed: the actor does not lead the branch
    :raises OwnCorrection: it is the actor's own record
    :raises RecordChanged: the field was changed since
    :raises ValueTaken: somebody else has that number
    :raises StepNotAllowed: it does not wait any more
    """
    _require_deciding(correction, actor, at)
    field = CorrectionField(correction.field)
    CORRECTION_FLOW.advance(correction, "accept", decided_by=actor, decided_at=at)
    person = Person.objects.get(pk=correction.person_id)
    if value_on_record(person, field) != (open_text(correction.old_sealed) if correction.old_sealed else ""):
        raise RecordChanged(field=_label(field))
    changes = _columns(field, open_text(correction.new_sealed))
    for name, value in changes.items():
        setattr(person, name, value)
    try:
        with transaction.atomic():
            person.save(update_fields=sorted(changes))
    except IntegrityError as error:
        raise ValueTaken(field=_label(field)) from error
    record(Draft(PERSON_EDITED, at, actor, about=person, body=correction.body_id,
                 attributes={"fields": field, "count": 1}, source=person))  # fmt: skip
    _record(CORRECTION_ACCEPTED, correction, actor, at)
    return correction


@transaction.atomic
def refuse_correction(*, correction: RecordCorrection, reason: str, actor: Person, at: datetime) -> RecordCorrection:
    """Refuse the correction with a reason that the person reads.

    :raises NotAllowed: the actor does not lead the branch
    :raises OwnCorrection: it is the actor's own record
    :raises RefusedWithoutReason: no reason is given
    :raises StepNotAllowed: it does not wait any more
    """
    _require_deciding(correction, actor, at)
    if not reason.strip():
        raise RefusedWithoutReason
    CORRECTION_FLOW.advance(correction, "refuse", decided_by=actor, decided_at=at, refusal=reason.strip())
    _record(CORRECTION_REFUSED, correction, actor, at)
    return correction


@transaction.atomic
def withdraw_correction(*, correction: RecordCorrection, actor: Person, at: datetime) -> RecordCorrection:
    """Take the own request back while it waits.

    :raises NotAllowed: it is somebody else's
    :raises StepNotAllowed: it does not wait any more
    """
    ASK_CORRECTION.require(actor, correction.person, at=at)
    CORRECTION_FLOW.advance(correction, "withdraw", decided_at=at)
    _record(CORRECTION_WITHDRAWN, correction, actor, at)
    return correction


@transaction.atomic
def open_correction(*, correction: RecordCorrection, actor: Person, at: datetime) -> tuple[str, str]:
    """Return the old and the new value in clear; of a sealed field the look is on record first (PI-09, SE-11).

    :raises NotAllowed: the actor may not see the person's numbers
    """
    if correction.field in SEALED_FIELDS:
        SEE_IDENTITY.require(actor, correction.person, at=at)
        record_look(by=actor, about=correction.person, compartment=COMPARTMENT, at=at)
    else:
        DECIDE_CORRECTION.require(actor, correction, at=at)
    return open_text(correction.old_sealed) if correction.old_sealed else "", open_text(correction.new_sealed)


def _require_deciding(correction: RecordCorrection, actor: Person, at: datetime) -> None:
    DECIDE_CORRECTION.require(actor, correction, at=at)
    if correction.person_id == actor.pk:
        raise OwnCorrection


def _columns(field: CorrectionField, value: str) -> dict[str, object]:
    if field == CorrectionField.ID_NUMBER:
        return {"id_sealed": seal_text(value), "id_digest": keyed_digest(value)}
    if field == CorrectionField.PHONE:
        return {"phone_sealed": seal_text(value)}
    if field == CorrectionField.NAME:
        return {"name": value, "initials": initials_of(value)}
    return {field.value: date.fromisoformat(value) if field in DAYS else value}


def _record(kind: FactKind, correction: RecordCorrection, actor: Person, at: datetime) -> None:
    record(Draft(kind, at, actor, about=correction.person, body=correction.body_id,
                 attributes={"field": correction.field}, source=correction))  # fmt: skip


def _label(field: CorrectionField) -> str:
    return _(str(field.label))
