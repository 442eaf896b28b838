"""A company is registered, passes five gates, signs, is admitted, stopped, listed, heard, and leaves (PC-06, PC-07, PC-20)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.models import Max

from ronghe.domain.contractors.calc.credit_code import credit_code_of, is_credit_code
from ronghe.domain.contractors.enums import (
    APPEAL_FLOW,
    CONTRACTOR_FLOW,
    ContractorKind,
    ContractorState,
    Gate,
    Standing,
)
from ronghe.domain.contractors.facts import (
    AGREEMENT_SIGNED,
    APPEAL_DECIDED,
    APPEAL_FILED,
    COMPANY_REGISTERED,
    GATE_REVIEWED,
    STANDING_CHANGED,
)
from ronghe.domain.contractors.models import Appeal, Contractor, ContractorAgreement, GateReview, StandingChange
from ronghe.domain.contractors.rules import DECIDE_CONTRACTOR, KEEP_CONTRACTOR, REGISTER_CONTRACTOR
from ronghe.domain.contractors.selectors.companies import agreement_on, gates_of
from ronghe.domain.contractors.services.papers import KeptFile, add_gate_files
from ronghe.domain.contractors.services.rounds import note_round
from ronghe.domain.org.models import AdminUnit, PartyOrg, Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.kernel.errors import DomainError
from ronghe.kernel.facts.kinds import FactKind
from ronghe.kernel.facts.record import Draft, record
from ronghe.kernel.words import N_, _, listed


class CreditCodeWrong(DomainError):
    code = "credit_code_wrong"
    sentence = N_("统一社会信用代码“%(code)s”不对：18 位，末位是校验位。请对照营业执照。")
    status = 422


class CompanyKnown(DomainError):
    code = "company_known"
    sentence = N_("“%(body)s”已经登记过信用代码 %(code)s 的单位，请在原来的登记上办理。")


class CompanyUnnamed(DomainError):
    code = "company_unnamed"
    sentence = N_("请写单位名称。")
    status = 422


class ParentMissing(DomainError):
    code = "parent_missing"
    sentence = N_("分包商要选它的承包商；承包商要在同一组织登记、没有退出（PC-06）。")
    status = 422


class EvidenceMissing(DomainError):
    code = "evidence_missing"
    sentence = N_("请写明依据的材料或文号。")
    status = 422


class DayAhead(DomainError):
    code = "day_ahead"
    sentence = N_("日期 %(on)s 还没有到，请改日期。")
    status = 422


class TermBackwards(DomainError):
    code = "term_backwards"
    sentence = N_("协议从 %(since)s 到 %(until)s（不含），止期要晚于起期。")
    status = 422


class AgreementKnown(DomainError):
    code = "agreement_known"
    sentence = N_("编号“%(number)s”的安全协议已经登记过。")


class GatesOpen(DomainError):
    code = "gates_open"
    sentence = N_("还不能准入（PC-06、PC-07），缺：%(missing)s。")


class ReasonMissing(DomainError):
    code = "reason_missing"
    sentence = N_("请写明理由。")
    status = 422


class ListedUntil(DomainError):
    code = "listed_until"
    sentence = N_("黑名单期限到 %(until)s，没到期不能移出；有异议请申诉（PC-20）。")


class NotListed(DomainError):
    code = "not_listed"
    sentence = N_("这家单位不在黑名单上，不用申诉。")


class AppealThere(DomainError):
    code = "appeal_there"
    sentence = N_("这次列入黑名单已经申诉过，一次只能申诉一回（PC-20）。")


class OwnDecision(DomainError):
    code = "own_decision"
    sentence = N_("列入黑名单是您办的，申诉要由别人复核（PC-20）。")


AGREEMENT_MISSING = N_("有效的安全协议")


@transaction.atomic
def register_contractor(
    *, name: str, credit_code: str, kind: ContractorKind, body: PartyOrg, actor: Person, at: datetime,
    parent: Contractor | None = None, unit: AdminUnit | None = None,
) -> Contractor:  # fmt: skip
    """Register a company for admission.

    :raises CompanyUnnamed, CreditCodeWrong: what was typed
    :raises ParentMissing: a subcontractor without its contractor
    :raises CompanyKnown: the body has registered it
    """
    REGISTER_CONTRACTOR.require(actor, body, at=at)
    code = credit_code_of(credit_code)
    if not name.strip():
        raise CompanyUnnamed
    if not is_credit_code(code):
        raise CreditCodeWrong(code=code)
    if kind == ContractorKind.SUBCONTRACTOR and parent is None:
        raise ParentMissing
    if parent is not None and (parent.body_id != body.pk or parent.state == ContractorState.LEFT):
        raise ParentMissing
    try:
        with transaction.atomic():
            row = Contractor.objects.create(
                name=name.strip(), credit_code=code, kind=kind, parent=parent, body=body, unit=unit, registered_at=at,
                registered_by=actor,
            )  # fmt: skip
    except IntegrityError as error:
        raise CompanyKnown(body=body.name, code=code) from error
    _tell(COMPANY_REGISTERED, row, actor, at, what=kind)
    return row


@transaction.atomic
def review_gate(
    *, contractor: Contractor, gate: Gate, passed: bool, evidence: str, on: date, actor: Person, at: datetime,
    files: Sequence[KeptFile] = (),
) -> GateReview:  # fmt: skip
    """Note how a company stood at one of the five gates, with what proves it, on paper and in files (PC-06).

    :raises EvidenceMissing: without it
    :raises DayAhead: it has not been yet
    :raises TooManyFiles: more than a review takes
    """
    KEEP_CONTRACTOR.require(actor, contractor, at=at)
    if not evidence.strip():
        raise EvidenceMissing
    if on > local_day(at):
        raise DayAhead(on=on)
    row = GateReview.objects.create(
        contractor=contractor, gate=gate, passed=passed, evidence=evidence.strip(), reviewed_on=on, reviewed_by=actor,
        reviewed_at=at,
    )  # fmt: skip
    _tell(GATE_REVIEWED, contractor, actor, at, gate=gate, passed=passed)
    add_gate_files(review=row, files=files, actor=actor, at=at)
    return row


@transaction.atomic
def note_agreement(
    *, contractor: Contractor, number: str, officer: str, signed_on: date, from_on: date, until_on: date,
    actor: Person, at: datetime,
) -> ContractorAgreement:  # fmt: skip
    """Note a signed safety agreement with its term and the safety officer it names (PC-07, PC-08).

    :raises EvidenceMissing: without a number or an officer
    :raises DayAhead: it is not signed yet
    :raises TermBackwards: it ends before it begins
    :raises AgreementKnown: that number is on record
    """
    KEEP_CONTRACTOR.require(actor, contractor, at=at)
    if not number.strip() or not officer.strip():
        raise EvidenceMissing
    if signed_on > local_day(at):
        raise DayAhead(on=signed_on)
    if until_on <= from_on:
        raise TermBackwards(since=from_on, until=until_on)
    try:
        with transaction.atomic():
            row = ContractorAgreement.objects.create(
                contractor=contractor, number=number.strip(), officer=officer.strip(), signed_on=signed_on,
                from_on=from_on, until_on=until_on, noted_by=actor,
            )  # fmt: skip
    except IntegrityError as error:
        raise AgreementKnown(number=number.strip()) from error
    _tell(AGREEMENT_SIGNED, contractor, actor, at)
    return row


@transaction.atomic
def admit_contractor(*, contractor: Contractor, actor: Person, at: datetime) -> StandingChange:
    """Admit a company that passed all five gates and has a safety agreement in force (PC-06, PC-07).

    :raises GatesOpen: what is missing
    :raises StepNotAllowed, Stale: it is not up for admission
    """
    DECIDE_CONTRACTOR.require(actor, contractor, at=at)
    missing = missing_to_admit(contractor, local_day(at))
    if missing:
        raise GatesOpen(missing=listed(missing))
    return _change(contractor, Standing.ADMIT, "", "", None, actor, at)


def missing_to_admit(contractor: Contractor, day: date) -> list[str]:
    """Return what a company lacks for admission, in words: gates, then the agreement."""
    missing = [str(line.gate.label) for line in gates_of(contractor) if not line.is_passed]
    return missing if agreement_on(contractor, day) is not None else [*missing, _(AGREEMENT_MISSING)]


@transaction.atomic
def suspend_contractor(
    *, contractor: Contractor, reason: str, actor: Person, at: datetime, reference: str = ""
) -> StandingChange:
    """Stop a company's work at once; nobody of it comes in until it is resumed.

    :raises ReasonMissing: without saying why
    :raises StepNotAllowed, Stale: it is not admitted
    """
    KEEP_CONTRACTOR.require(actor, contractor, at=at)
    return _change(contractor, Standing.SUSPEND, _said(reason), reference, None, actor, at)


@transaction.atomic
def resume_contractor(*, contractor: Contractor, reason: str, actor: Person, at: datetime) -> StandingChange:
    """Let a stopped company work again."""
    DECIDE_CONTRACTOR.require(actor, contractor, at=at)
    return _change(contractor, Standing.RESUME, _said(reason), "", None, actor, at)


@transaction.atomic
def list_contractor(
    *, contractor: Contractor, reason: str, reference: str, actor: Person, at: datetime, until_on: date | None = None
) -> StandingChange:
    """Put a company on the black list, until a day where the unit's rules set one (PC-20).

    :raises ReasonMissing: without saying why
    :raises EvidenceMissing: without the paper that decided it
    :raises StepNotAllowed, Stale: it is listed, or gone
    """
    DECIDE_CONTRACTOR.require(actor, contractor, at=at)
    if not reference.strip():
        raise EvidenceMissing
    return _change(contractor, Standing.LIST, _said(reason), reference, until_on, actor, at)


@transaction.atomic
def delist_contractor(*, contractor: Contractor, reason: str, actor: Person, at: datetime) -> StandingChange:
    """Take a company off the black list once its time is over; it passes the gates anew (PC-20).

    :raises ListedUntil: its time is not over
    :raises StepNotAllowed, Stale: it is not listed
    """
    DECIDE_CONTRACTOR.require(actor, contractor, at=at)
    change = last_listing(contractor)
    if change is not None and change.until_on is not None and change.until_on > local_day(at):
        raise ListedUntil(until=change.until_on)
    return _change(contractor, Standing.DELIST, _said(reason), "", None, actor, at)


@transaction.atomic
def let_go(*, contractor: Contractor, reason: str, actor: Person, at: datetime) -> StandingChange:
    """End the work of a company here; its people's engagements and passes end with it."""
    from ronghe.domain.contractors.services.workers import end_worker

    DECIDE_CONTRACTOR.require(actor, contractor, at=at)
    change = _change(contractor, Standing.LEAVE, _said(reason), "", None, actor, at)
    for worker in contractor.workers.filter(until_on=None).select_related("person", "contractor").order_by("pk"):
        end_worker(worker=worker, on=local_day(at), actor=actor, at=at)
    return change


@transaction.atomic
def file_appeal(*, contractor: Contractor, text: str, actor: Person, at: datetime) -> Appeal:
    """File what a listed company says against it; whoever keeps the company files it for them.

    :raises NotListed: it is not on the list
    :raises ReasonMissing: without saying why
    :raises AppealThere: this listing was appealed against before
    """
    KEEP_CONTRACTOR.require(actor, contractor, at=at)
    change = last_listing(contractor)
    if contractor.state != ContractorState.LISTED or change is None:
        raise NotListed
    try:
        with transaction.atomic():
            appeal = Appeal.objects.create(change=change, text=_said(text), filed_by=actor, filed_at=at)
    except IntegrityError as error:
        raise AppealThere from error
    _tell(APPEAL_FILED, contractor, actor, at)
    return appeal


@transaction.atomic
def decide_appeal(*, appeal: Appeal, grants: bool, answer: str, actor: Person, at: datetime) -> Appeal:
    """Uphold the listing or take it back; never by who listed the company.

    :raises OwnDecision: the actor listed it
    :raises ReasonMissing: without an answer
    :raises StepNotAllowed, Stale: it was decided before
    """
    contractor = appeal.change.contractor
    DECIDE_CONTRACTOR.require(actor, contractor, at=at)
    if appeal.change.made_by_id == actor.pk:
        raise OwnDecision
    said = _said(answer)
    APPEAL_FLOW.advance(appeal, "grant" if grants else "uphold", answer=said, decided_by=actor, decided_at=at)
    _tell(APPEAL_DECIDED, contractor, actor, at, granted=grants)
    if grants:
        _change(contractor, Standing.DELIST, said[:200], "", None, actor, at)
    return appeal


def last_listing(contractor: Contractor) -> StandingChange | None:
    """Return the act that put the company on the black list last."""
    return contractor.changes.filter(what=Standing.LIST).order_by("-pk").first()


def _change(
    contractor: Contractor, what: Standing, reason: str, reference: str, until_on: date | None, actor: Person,
    at: datetime,
) -> StandingChange:  # fmt: skip
    CONTRACTOR_FLOW.advance(contractor, what)
    reviewed = contractor.gate_reviews.aggregate(last=Max("pk"))["last"] or 0
    row = StandingChange.objects.create(
        contractor=contractor, what=what, reason=reason, reference=reference.strip(), until_on=until_on,
        gates_until=reviewed, made_by=actor, made_at=at,
    )  # fmt: skip
    _tell(STANDING_CHANGED, contractor, actor, at, what=what)
    if what in (Standing.SUSPEND, Standing.LIST, Standing.LEAVE):
        note_round(contractor=contractor, on=local_day(at), actor=actor, at=at)
    return row


def _said(reason: str) -> str:
    if not reason.strip():
        raise ReasonMissing
    return reason.strip()


def _tell(kind: FactKind, contractor: Contractor, actor: Person, at: datetime, **said: object) -> None:
    said["contractor"] = contractor.pk
    record(Draft(kind, at, actor, body=contractor.body_id, unit=contractor.unit_id, attributes=said, source=contractor))
