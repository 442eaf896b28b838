"""Workers are registered once, get a pass when nothing stands against it, and leave; Party members go to 流动党员 (PF-03, PC-19)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.core.signing import BadSignature, Signer
from django.db import IntegrityError, transaction

from ronghe.domain.contractors.enums import EMPLOYMENT_WORDS, ContractorState, Employment
from ronghe.domain.contractors.facts import PASS_ISSUED, PASS_REVOKED, WORKER_ENGAGED, WORKER_LEFT
from ronghe.domain.contractors.models import Contractor, EntryPass, Presence, Worker
from ronghe.domain.contractors.rules import KEEP_CONTRACTOR, KEEP_WORKER
from ronghe.domain.contractors.selectors.companies import agreement_on
from ronghe.domain.contractors.selectors.people import bars_to_pass
from ronghe.domain.floating.services.stays import report_stay
from ronghe.domain.org.calc.roster.identity import SHAPE, birth_of, gender_of, has_right_check, number_of
from ronghe.domain.org.enums import PARTY_MEMBERS, PoliticalStatus
from ronghe.domain.org.facts import PERSON_ADDED
from ronghe.domain.org.models import Person
from ronghe.domain.org.models.people import initials_of
from ronghe.domain.org.rules.reaches import local_day
from ronghe.kernel.errors import DomainError, Stale
from ronghe.kernel.facts.kinds import FactKind
from ronghe.kernel.facts.record import Draft, record
from ronghe.kernel.sealed import keyed_digest, seal_text
from ronghe.kernel.words import N_, listed

_PASSES = Signer(salt="ronghe.contractors.entry_pass")
DAY = timedelta(days=1)


class IdentityWrong(DomainError):
    code = "identity_wrong"
    sentence = N_("身份证号不对：18 位，末位是校验位，出生日期要有这一天。请对照身份证。")
    status = 422


class IdentityTaken(DomainError):
    code = "identity_taken"
    sentence = N_("这个身份证号已登记在别的姓名下，请核对姓名和号码。")


class WorkerUnnamed(DomainError):
    code = "worker_unnamed"
    sentence = N_("请写姓名。")
    status = 422


class WorkerElsewhere(DomainError):
    code = "worker_elsewhere"
    sentence = N_("%(name)s已由一家单位登记在场，不能重复登记。原单位先办离开。")


class CompanyGone(DomainError):
    code = "company_gone"
    sentence = N_("“%(company)s”%(state)s，不能登记人员（PC-06）。")


class LeavesBeforeCame(DomainError):
    code = "leaves_before_came"
    sentence = N_("离开日期 %(on)s 不在登记以后、今天以前，请改日期。")
    status = 422


class StillInside(DomainError):
    code = "still_inside"
    sentence = N_("%(name)s还在场内，请先登记出场。")


class PassBarred(DomainError):
    code = "pass_barred"
    sentence = N_("不能给%(name)s发入场证：%(bars)s。")


class PassThere(DomainError):
    code = "pass_there"
    sentence = N_("%(name)s已有入场证，要换先收回原来的。")


class PassTooLong(DomainError):
    code = "pass_too_long"
    sentence = N_("入场证最晚到 %(last)s（安全协议的最后一天），不能早于今天（PC-07）。")
    status = 422


class NoReasonSaid(DomainError):
    code = "no_reason_said"
    sentence = N_("请写明理由。")
    status = 422


class PassRefused(DomainError):
    code = "pass_refused"
    sentence = N_("这不是本系统的入场证，请扫入场证上的二维码，或输入证号。")
    status = 422


@dataclass(frozen=True, slots=True)
class WorkerText:
    """Who comes: name and identity number as on the card, and for a Party member where the home branch is (PF-03)."""

    name: str
    identity: str
    employment: Employment
    job: str = ""
    status: PoliticalStatus | None = None
    home_branch: str = ""


@transaction.atomic
def register_worker(*, contractor: Contractor, text: WorkerText, on: date, actor: Person, at: datetime) -> Worker:
    """Put somebody on a company's register; whoever is on file by the identity number is not typed in again.

    A Party member is reported to 流动党员, whose branch verifies with the home (PF-03).

    :raises WorkerUnnamed, IdentityWrong: what was typed
    :raises IdentityTaken: the number belongs to another name
    :raises WorkerElsewhere: some company has the person on its register
    :raises CompanyGone: the company is listed or has left
    """
    KEEP_CONTRACTOR.require(actor, contractor, at=at)
    if contractor.state in (ContractorState.LISTED, ContractorState.LEFT):
        raise CompanyGone(company=contractor.name, state=contractor.get_state_display())
    if on > local_day(at):
        raise LeavesBeforeCame(on=on)
    person = _person(contractor, text, on, actor, at)
    try:
        with transaction.atomic():
            worker = Worker.objects.create(
                contractor=contractor, person=person, employment=text.employment, job=text.job.strip(), from_on=on,
                registered_by=actor,
            )  # fmt: skip
    except IntegrityError as error:
        raise WorkerElsewhere(name=person.name) from error
    _tell(WORKER_ENGAGED, worker, actor, at, employment=text.employment)
    if person.is_party_member:
        report_stay(person=person, body=contractor.body, actor=actor, at=at)
    return worker


@transaction.atomic
def end_worker(*, worker: Worker, on: date, actor: Person, at: datetime) -> Worker:
    """End an engagement on the day `on` (not included); the pass is taken back.

    :raises StillInside: the worker is on site
    :raises LeavesBeforeCame: before it began, or ahead
    :raises Stale: it has ended already
    """
    KEEP_WORKER.require(actor, worker, at=at)
    if Presence.objects.filter(worker=worker).exists():
        raise StillInside(name=worker.person.name)
    if not worker.from_on <= on <= local_day(at):
        raise LeavesBeforeCame(on=on)
    if not Worker.objects.filter(pk=worker.pk, until_on=None).update(until_on=on):
        raise Stale
    worker.until_on = on
    EntryPass.objects.filter(worker=worker, revoked_at=None).update(revoked_at=at, revoked_reason="离开")
    _tell(WORKER_LEFT, worker, actor, at)
    return worker


@transaction.atomic
def issue_pass(*, worker: Worker, last_on: date, actor: Person, at: datetime) -> EntryPass:
    """Issue a pass, good through `last_on`, to whom nothing bars (PC-19).

    :raises PassBarred: the company, its agreement, training or exam; all of it is named with its rules
    :raises PassTooLong: past the agreement's last day, or over already
    :raises PassThere: there is one
    """
    KEEP_WORKER.require(actor, worker, at=at)
    today = local_day(at)
    if bars := bars_to_pass([worker], today)[worker.pk]:
        raise PassBarred(name=worker.person.name, bars=listed(bars))
    agreement = agreement_on(worker.contractor, today)
    assert agreement is not None  # without one it was barred
    latest = agreement.until_on - DAY
    if not today <= last_on <= latest:
        raise PassTooLong(last=latest)
    try:
        with transaction.atomic():
            row = EntryPass.objects.create(worker=worker, issued_on=today, last_on=last_on, issued_by=actor)
    except IntegrityError as error:
        raise PassThere(name=worker.person.name) from error
    _tell(PASS_ISSUED, worker, actor, at)
    return row


@transaction.atomic
def revoke_pass(*, entry_pass: EntryPass, reason: str, actor: Person, at: datetime) -> EntryPass:
    """Take a pass back: lost, or for a reason of safety.

    :raises NoReasonSaid: without saying why
    :raises Stale: it was taken back before
    """
    KEEP_WORKER.require(actor, entry_pass.worker, at=at)
    if not reason.strip():
        raise NoReasonSaid
    rows = EntryPass.objects.filter(pk=entry_pass.pk, revoked_at=None)
    if not rows.update(revoked_at=at, revoked_reason=reason.strip()):
        raise Stale
    entry_pass.revoked_at, entry_pass.revoked_reason = at, reason.strip()
    _tell(PASS_REVOKED, entry_pass.worker, actor, at)
    return entry_pass


def pass_code(entry_pass: EntryPass) -> str:
    """Return what the QR code of a pass says: its number, signed with this installation's key."""
    return _PASSES.sign(str(entry_pass.pk))


def worker_of_pass(text: str) -> tuple[Worker, bool]:
    """Return whose pass this is, and whether its code was scanned; a number alone was typed off the pass.

    A pass that was taken back still says whose it was: the gate refuses it with the reason.

    :raises PassRefused: not made here
    """
    said = text.strip().rstrip("/").rpartition("/")[2]
    is_scanned = not (said.isascii() and said.isdigit())
    try:
        number = _PASSES.unsign(said) if is_scanned else said[:18]
    except BadSignature as error:
        raise PassRefused from error
    row = EntryPass.objects.filter(pk=int(number)).select_related("worker__person", "worker__contractor__body").first()
    if row is None:
        raise PassRefused
    return row.worker, is_scanned


def _person(contractor: Contractor, text: WorkerText, on: date, actor: Person, at: datetime) -> Person:
    """Return the person on file with this number, else put the person on file."""
    name, number = text.name.strip(), number_of(text.identity)
    if not name:
        raise WorkerUnnamed
    if not SHAPE.fullmatch(number) or not has_right_check(number) or birth_of(number) is None:
        raise IdentityWrong
    digest = keyed_digest(number)
    known = Person.objects.filter(id_digest=digest).first()
    if known is not None:
        if known.name != name:
            raise IdentityTaken
        return known
    is_member = text.status in PARTY_MEMBERS
    try:
        with transaction.atomic():
            person = Person.objects.create(
                name=name, initials=initials_of(name), id_sealed=seal_text(number), id_digest=digest,
                gender=gender_of(number), born_on=birth_of(number), political_status=text.status,
                employment=EMPLOYMENT_WORDS[text.employment], unit=contractor.unit,
                outside_home_branch=(text.home_branch.strip() or None) if is_member else None, valid_from=on,
            )  # fmt: skip
    except IntegrityError as error:  # somebody else put the person on file a moment ago
        raise Stale from error
    said = {"political_status": text.status} if text.status else {}
    record(Draft(PERSON_ADDED, at, actor, about=person, body=contractor.body_id, attributes=said))
    return person


def _tell(kind: FactKind, worker: Worker, actor: Person, at: datetime, **said: object) -> None:
    company = worker.contractor
    record(
        Draft(kind, at, actor, about=worker.person, body=company.body_id, unit=company.unit_id,
              attributes={**said, "contractor": company.pk},
              source=worker)
    )  # fmt: skip
