"""学时: what no sheet tells of is entered with its proof and confirmed by somebody else; what is wrong is put right."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.db.models import Max

from ronghe.domain.org.models import PartyOrg, Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.partylife.calc.hours import KINDS, QUARTER, Form, entered
from ronghe.domain.partylife.enums import ENTRY_FLOW, DisputeState, EntryState, StudyForm
from ronghe.domain.partylife.facts import (
    DISPUTE_ANSWERED,
    HOURS_CLAIMED,
    HOURS_CONFIRMED,
    HOURS_DISPUTED,
    HOURS_REFUSED,
    HOURS_WITHDRAWN,
    STUDY_RULES_SET,
)
from ronghe.domain.partylife.models import StudyDispute, StudyEntry, StudyRules
from ronghe.domain.partylife.rules import (
    ANSWER_DISPUTE,
    CLAIM_HOURS,
    SEE_HOURS,
    SET_STUDY_RULES,
    SETTLE_ENTRY,
    WITHDRAW_ENTRY,
)
from ronghe.domain.partylife.selectors.study import home_of, rules_in_force, rules_of
from ronghe.domain.partylife.services.moments import counted_at, reverse_fact
from ronghe.domain.rhythm.enums import ActivityType
from ronghe.domain.rhythm.models import Activity
from ronghe.domain.work.services.files import PreparedFile, Upload, keep_file, prepare_file
from ronghe.kernel.errors import DomainError, Stale
from ronghe.kernel.facts.kinds import FactKind
from ronghe.kernel.facts.record import Draft, record
from ronghe.kernel.words import N_

SOURCE = "partylife.studyentry"
MOST = {
    StudyForm.TOGETHER: Decimal(24),
    StudyForm.LECTURE: Decimal(20),
    StudyForm.OFF_JOB: Decimal(120),
    StudyForm.ONLINE: Decimal(200),
}
"""So much is entered at once at most, in the form's own measure: a slip of the finger is not counted."""
MOST_HOURS = Decimal(2000)


class StudyUntitled(DomainError):
    code = "study_untitled"
    sentence = N_("请写明学了什么。")
    status = 422


class StudyAhead(DomainError):
    code = "study_ahead"
    sentence = N_("%(day)s 还没到，学了再登记。")
    status = 422


class StudyAmountUnfit(DomainError):
    code = "study_amount_unfit"
    sentence = N_("数量要大于 0、不超过 %(most)s，以 0.25 为单位。")
    status = 422


class ProofMissing(DomainError):
    code = "study_proof_missing"
    sentence = N_("请附证明：结业证、通知或学习截图，照片或 PDF。")
    status = 422


class NoHomeForHours(DomainError):
    code = "no_home_for_hours"
    sentence = N_("%(name)s的组织关系不在平台上的支部里，学时没有人认定，请先办组织关系。")


class EntryThere(DomainError):
    code = "study_entry_there"
    sentence = N_("%(day)s 的“%(title)s”已经登记过了。")


class RefusalUnreasoned(DomainError):
    code = "study_refusal_unreasoned"
    sentence = N_("请写明为什么不认定，好让本人补充。")
    status = 422


class DisputeEmpty(DomainError):
    code = "study_dispute_empty"
    sentence = N_("请写明哪里不对、应该是多少。")
    status = 422


class DisputeUnanswered(DomainError):
    code = "study_dispute_unanswered"
    sentence = N_("请写明怎样处理。")
    status = 422


class StudyRulesUnfit(DomainError):
    code = "study_rules_unfit"
    sentence = N_("数值要在 0 到 %(most)s 之间，并写明依据；班子成员的目标不能低于党员的目标。")
    status = 422


@dataclass(frozen=True, slots=True)
class StudyText:
    """What was studied: `amount` in hours together and online, half days of lectures, days off the job."""

    day: date
    title: str
    form: StudyForm
    amount: Decimal


@dataclass(frozen=True, slots=True)
class StudyFigures:
    """The figures of a version (PS-01, PS-03); `kinds` gives the form in which each kind of gathering counts."""

    member_goal: Decimal
    leader_goal: Decimal
    together_hour: Decimal
    lecture_half_day: Decimal
    off_job_day: Decimal
    online_cap: Decimal
    kinds: Mapping[str, str] = field(default_factory=lambda: dict(KINDS))


def claim_hours(
    *, person: Person, text: StudyText, actor: Person, at: datetime, proof: Upload | None = None
) -> StudyEntry:
    """Enter what somebody studied. One's own waits to be confirmed and wants proof; what the secretary enters for others holds.

    :raises StudyUntitled, StudyAhead, StudyAmountUnfit, ProofMissing, NoHomeForHours, EntryThere: see there
    :raises NotAllowed: it is neither the own year nor that of somebody at home below the actor
    """
    CLAIM_HOURS.require(actor, person, at=at)
    if not text.title.strip():
        raise StudyUntitled
    if text.day > local_day(at):
        raise StudyAhead(day=text.day)
    if not 0 < text.amount <= MOST[text.form] or text.amount % QUARTER:
        raise StudyAmountUnfit(most=MOST[text.form])
    home = home_of(person, local_day(at))
    if home is None:
        raise NoHomeForHours(name=person.name)
    if proof is None and actor.pk == person.pk:
        raise ProofMissing
    file = prepare_file(proof) if proof is not None else None
    try:
        return _write(person, home, text, file, actor, at)
    except IntegrityError as error:
        raise EntryThere(day=text.day, title=text.title.strip()) from error


@transaction.atomic
def confirm_entry(*, entry: StudyEntry, actor: Person, at: datetime) -> StudyEntry:
    """Confirm hours; they count by the rules in force now.

    :raises NotAllowed: it is the actor's own
    """
    SETTLE_ENTRY.require(actor, entry, at=at)
    return _confirm(entry, actor, at)


@transaction.atomic
def refuse_entry(*, entry: StudyEntry, reason: str, actor: Person, at: datetime) -> StudyEntry:
    """Refuse hours, or take back that they were confirmed; the person enters them again with what was missing.

    :raises RefusalUnreasoned: nothing says why
    """
    SETTLE_ENTRY.require(actor, entry, at=at)
    if not reason.strip():
        raise RefusalUnreasoned
    was_confirmed = entry.state == EntryState.CONFIRMED
    ENTRY_FLOW.advance(entry, "refuse", settled_by=actor, settled_at=at, reason=reason.strip()[:120])
    if was_confirmed:
        reverse_fact(HOURS_CONFIRMED.name, SOURCE, entry.pk, by=actor, at=at)
    _record(HOURS_REFUSED, entry, actor, at)
    return entry


@transaction.atomic
def withdraw_entry(*, entry: StudyEntry, actor: Person, at: datetime) -> StudyEntry:
    """Take back what waits to be confirmed."""
    WITHDRAW_ENTRY.require(actor, entry, at=at)
    ENTRY_FLOW.advance(entry, "withdraw", settled_at=at)
    _record(HOURS_WITHDRAWN, entry, actor, at)
    return entry


@transaction.atomic
def dispute_hours(
    *, person: Person, year: int, text: str, actor: Person, at: datetime, activity: Activity | None = None
) -> StudyDispute:
    """Say that the own hours are wrong (请更正).

    :raises DisputeEmpty: nothing says what
    :raises NoHomeForHours: nobody would answer
    """
    SEE_HOURS.require(actor, person, at=at)
    if not text.strip():
        raise DisputeEmpty
    home = home_of(person, local_day(at))
    if home is None:
        raise NoHomeForHours(name=person.name)
    dispute = StudyDispute.objects.create(
        person=person, body=home, year=year, activity=activity, text=text.strip()[:200], asked_at=at
    )
    record(Draft(HOURS_DISPUTED, at, actor, about=person, body=home.pk, attributes={"year": year}, source=dispute))
    return dispute


@transaction.atomic
def answer_dispute(*, dispute: StudyDispute, is_upheld: bool, answer: str, actor: Person, at: datetime) -> StudyDispute:
    """Answer what somebody wants put right. What is upheld is corrected where it arose: on the sheet, or by an entry.

    :raises DisputeUnanswered: no words
    :raises Stale: it was answered before
    """
    ANSWER_DISPUTE.require(actor, dispute, at=at)
    if not answer.strip():
        raise DisputeUnanswered
    values = {
        "state": DisputeState.ANSWERED, "is_upheld": is_upheld, "answer": answer.strip()[:200], "answered_by": actor,
        "answered_at": at,
    }  # fmt: skip
    if not StudyDispute.objects.filter(pk=dispute.pk, state=DisputeState.OPEN).update(**values):
        raise Stale
    for name, value in values.items():
        setattr(dispute, name, value)
    record(
        Draft(DISPUTE_ANSWERED, at, actor, about=dispute.person, body=dispute.body_id,
              attributes={"is_upheld": is_upheld}, source=dispute)
    )  # fmt: skip
    return dispute


@transaction.atomic
def set_study_rules(
    *, body: PartyOrg, figures: StudyFigures, valid_from: date, basis: str, actor: Person, at: datetime
) -> StudyRules:
    """Set the figures for a body and all below it from a day on: a new version, the earlier ones stay.

    :raises StudyRulesUnfit: a figure cannot be meant, or nothing says on what it rests
    """
    SET_STUDY_RULES.require(actor, body, at=at)
    numbers = [
        figures.member_goal, figures.leader_goal, figures.together_hour, figures.lecture_half_day, figures.off_job_day,
        figures.online_cap,
    ]  # fmt: skip
    if not basis.strip() or not all(0 <= one <= MOST_HOURS for one in numbers):
        raise StudyRulesUnfit(most=MOST_HOURS)
    known = set(ActivityType.values)
    forms = {Form.TOGETHER.value, Form.LECTURE.value}
    if figures.leader_goal < figures.member_goal or not set(figures.kinds) <= known:
        raise StudyRulesUnfit(most=MOST_HOURS)
    if not set(figures.kinds.values()) <= forms:
        raise StudyRulesUnfit(most=MOST_HOURS)
    last = StudyRules.objects.filter(body=body).aggregate(last=Max("version"))["last"] or 0
    row = StudyRules.objects.create(
        body=body, version=last + 1, valid_from=valid_from, member_goal=figures.member_goal,
        leader_goal=figures.leader_goal, together_hour=figures.together_hour,
        lecture_half_day=figures.lecture_half_day, off_job_day=figures.off_job_day, online_cap=figures.online_cap,
        kinds={str(kind): str(form) for kind, form in figures.kinds.items()}, basis=basis.strip()[:120], set_by=actor,
        set_at=at,
    )  # fmt: skip
    record(Draft(STUDY_RULES_SET, at, actor, body=body.pk, attributes={"version": row.version}, source=row))
    return row


@transaction.atomic
def _write(
    person: Person, home: PartyOrg, text: StudyText, file: PreparedFile | None, actor: Person, at: datetime
) -> StudyEntry:
    entry = StudyEntry.objects.create(
        person=person, body=home, day=text.day, title=text.title.strip()[:80], form=text.form, amount=text.amount,
        hours=_hours(home.pk, text.form, text.amount, text.day), proof=keep_file(file, at=at) if file else None,
        proof_name=file.name if file else "", entered_by=actor, entered_at=at,
    )  # fmt: skip
    record(
        Draft(HOURS_CLAIMED, at, actor, about=person, body=home.pk, quantity=entry.hours,
              attributes={"form": text.form, "day": text.day}, source=entry)
    )  # fmt: skip
    if SETTLE_ENTRY.allows(actor, entry, at=at):
        return _confirm(entry, actor, at)
    return entry


def _confirm(entry: StudyEntry, actor: Person, at: datetime) -> StudyEntry:
    hours = _hours(entry.body_id, StudyForm(entry.form), entry.amount, entry.day)
    ENTRY_FLOW.advance(entry, "confirm", settled_by=actor, settled_at=at, hours=hours)
    record(
        Draft(HOURS_CONFIRMED, counted_at(entry.day, at), actor, about=entry.person, body=entry.body_id,
              quantity=entry.hours, attributes={"form": entry.form, "day": entry.day}, source=entry)
    )  # fmt: skip
    return entry


def _hours(body_id: int, form: StudyForm, amount: Decimal, day: date) -> Decimal:
    rules = rules_of(rules_in_force([body_id], day)[body_id])
    return entered(Form(form.value), Decimal(amount), rules)


def _record(kind: FactKind, entry: StudyEntry, actor: Person, at: datetime) -> None:
    attributes = {"form": entry.form}
    record(Draft(kind, at, actor, about=entry.person, body=entry.body_id, attributes=attributes, source=entry))
