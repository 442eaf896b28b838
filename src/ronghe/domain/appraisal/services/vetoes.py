"""One-vote vetoes (一票否决): raised with evidence, reviewed by another, in force for a term, lifted (RT-07, AP-01).

In force it is a fact `veto.raised` in every period that its term touches, written when a run of that period is computed;
the sheet says what follows, and a veto wins over every other rule. Lifting reverses what lies behind the day.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Protocol

from django.db import IntegrityError, transaction

from ronghe.domain.appraisal.enums import VETO_FLOW, VetoState
from ronghe.domain.appraisal.facts import VETO_FILES_ADDED, VETO_LIFTED, VETO_PROPOSED, VETO_RAISED, VETO_REVIEWED
from ronghe.domain.appraisal.models import VetoCase, VetoFact, VetoFile
from ronghe.domain.appraisal.rules import RAISE_VETO, REVIEW_VETO
from ronghe.domain.appraisal.selectors.vetoes import lifted_earlier, veto_kinds, vetoes_touching
from ronghe.domain.org.enums import MembershipKind
from ronghe.domain.org.models import Membership, PartyOrg, Person
from ronghe.kernel.calendar.moments import day_of, moment_of
from ronghe.kernel.calendar.periods import DAY, DaySpan
from ronghe.kernel.db.tree import on_day
from ronghe.kernel.errors import DomainError
from ronghe.kernel.facts.models import Fact
from ronghe.kernel.facts.record import Draft, record, reverse
from ronghe.kernel.words import N_
from ronghe.kernel.workflow import StepNotAllowed

NOON = time(12)
MOST_FILES = 10


class VetoUnknown(DomainError):
    code = "veto_unknown"
    sentence = N_("没有评分表列出否决项“%(veto)s”。请从清单里选。")
    status = 422


class EvidenceMissing(DomainError):
    code = "evidence_missing"
    sentence = N_("一票否决要写明依据：文号、记录编号或事故编号。")
    status = 422


class VetoDaysWrong(DomainError):
    code = "veto_days_wrong"
    sentence = N_("发生日期不能晚于今天，期限不能早于发生日期。")
    status = 422


class PersonElsewhere(DomainError):
    code = "veto_person_elsewhere"
    sentence = N_("%(name)s那天不是%(body)s的党员，请选本人所在的党支部。")
    status = 422


class VetoTwice(DomainError):
    code = "veto_twice"
    sentence = N_("同一天的同一项否决已经提出过，请在清单里查看。")


class VetoOwnMatter(DomainError):
    code = "veto_own_matter"
    sentence = N_("提出一票否决的人不能复核或解除，请由另外一人办理。")
    status = 403


class VetoReasonMissing(DomainError):
    code = "veto_reason_missing"
    sentence = N_("复核和解除都要写明理由。")
    status = 422


class TooManyVetoFiles(DomainError):
    code = "too_many_veto_files"
    sentence = N_("一条否决最多附 %(most)s 个文件，已有 %(there)s 个，这次又传了 %(more)s 个。请合成一个 PDF 再传。")
    status = 422


class KeptFile(Protocol):
    """A checked file that whoever hands it over keeps: the room of files stands on the doing side."""

    @property
    def name(self) -> str: ...

    def keep(self, *, at: datetime) -> int:
        """Make the file known and return its id."""
        ...


def raise_veto(
    *, body: PartyOrg, veto: str, evidence: str, happened_on: date, until_on: date, actor: Person, at: datetime,
    person: Person | None = None, files: Sequence[KeptFile] = (),
) -> VetoCase:  # fmt: skip
    """Raise a veto against `body`, or against `person` whose branch it is; it waits for the review of another.

    :raises VetoUnknown, EvidenceMissing, VetoDaysWrong, PersonElsewhere: what is said does not hold together
    :raises VetoTwice: it was raised for that day already
    :raises TooManyVetoFiles: more than `MOST_FILES`
    """
    RAISE_VETO.require(actor, body, at=at)
    kind = veto_kinds().get(veto)
    if kind is None:
        raise VetoUnknown(veto=veto)
    if not evidence.strip():
        raise EvidenceMissing
    if happened_on > day_of(at) or until_on < happened_on:
        raise VetoDaysWrong
    if person is not None:
        homes = Membership.objects.filter(on_day(happened_on), kind=MembershipKind.HOME, person=person, body=body)
        if not homes.exists():
            raise PersonElsewhere(name=person.name, body=body.name)
    try:
        with transaction.atomic():
            case = VetoCase.objects.create(
                veto=veto, title_zh=kind.zh, title_en=kind.en, body=body, person=person, happened_on=happened_on,
                evidence=evidence.strip(), until_on=until_on, raised_by=actor, raised_at=at,
            )  # fmt: skip
            attributes = {"item": veto, "until": until_on}
            record(Draft(VETO_PROPOSED, at, actor, about=person, body=body.pk, attributes=attributes, source=case))
            _attach(case, files, actor, at)
    except IntegrityError as error:
        raise VetoTwice from error
    return case


@transaction.atomic
def add_veto_files(*, case: VetoCase, files: Sequence[KeptFile], actor: Person, at: datetime) -> list[VetoFile]:
    """Attach files to a veto that waits for its review; the same bytes once. What was reviewed keeps what it was reviewed by.

    :raises TooManyVetoFiles: they would be more than `MOST_FILES` in all
    :raises StepNotAllowed: it was reviewed already
    """
    RAISE_VETO.require(actor, case.body, at=at)
    fresh = VetoCase.objects.select_for_update().get(pk=case.pk)
    if fresh.state != VetoState.RAISED:
        raise StepNotAllowed(state=fresh.get_state_display())
    return _attach(case, files, actor, at)


def _attach(case: VetoCase, files: Sequence[KeptFile], actor: Person, at: datetime) -> list[VetoFile]:
    there = case.files.count() if files else 0
    if there + len(files) > MOST_FILES:
        raise TooManyVetoFiles(most=MOST_FILES, there=there, more=len(files))
    made = []
    for file in files:
        row, is_new = VetoFile.objects.get_or_create(
            case=case, file_id=file.keep(at=at), defaults={"name": file.name, "added_by": actor, "added_at": at}
        )
        made += [row] if is_new else []
    if made:
        attributes = {"item": case.veto, "files": len(made)}
        record(
            Draft(VETO_FILES_ADDED, at, actor, about=case.person, body=case.body_id, attributes=attributes, source=case)
        )
    return made


@transaction.atomic
def review_veto(*, case: VetoCase, holds: bool, remark: str, actor: Person, at: datetime) -> VetoCase:
    """Look a veto's evidence through: it is in force from the day it happened on, or refused.

    :raises VetoOwnMatter: the actor raised it
    :raises VetoReasonMissing: no reason given
    :raises StepNotAllowed: it was reviewed already
    """
    _require_another(case, actor, at, remark)
    VETO_FLOW.advance(
        case, "confirm" if holds else "refuse", reviewed_by=actor, reviewed_at=at, review=remark.strip()
    )  # fmt: skip
    attributes = {"item": case.veto, "holds": holds}
    record(Draft(VETO_REVIEWED, at, actor, about=case.person, body=case.body_id, attributes=attributes, source=case))
    if holds:
        _carry(case, case.happened_on)
    return case


@transaction.atomic
def lift_veto(*, case: VetoCase, reason: str, actor: Person, at: datetime, from_on: date | None = None) -> VetoCase:
    """End a veto on the day before `from_on` (today unless told); from the day it happened on, it never held.

    :raises VetoOwnMatter: the actor raised it
    :raises VetoReasonMissing: no reason given
    :raises VetoDaysWrong: `from_on` lies before it happened
    :raises StepNotAllowed: it is not in force
    """
    _require_another(case, actor, at, reason)
    since = from_on or day_of(at)
    if since < case.happened_on:
        raise VetoDaysWrong
    VETO_FLOW.advance(
        case, "lift", lifted_by=actor, lifted_at=at, lift_reason=reason.strip(),
        until_on=max(case.happened_on, min(case.until_on, since - DAY)),
    )  # fmt: skip
    attributes = {"item": case.veto, "from": since}
    record(Draft(VETO_LIFTED, at, actor, about=case.person, body=case.body_id, attributes=attributes, source=case))
    for carried in case.facts.filter(day__gte=since, is_reversed=False):
        reverse(Fact.objects.get(pk=carried.fact), by=actor, at=at)
        VetoFact.objects.filter(pk=carried.pk).update(is_reversed=True)
    return case


@transaction.atomic
def carry_vetoes(*, bodies: Sequence[int], span: DaySpan) -> int:
    """Let the vetoes whose term touches the period count in it; what counts there already is left. Returns how many were added."""
    cases = [
        *vetoes_touching(bodies, span.from_on, span.until_on),
        *(case for case in lifted_earlier(bodies, span.from_on, span.until_on) if _held(case)),
    ]
    added = 0
    for case in cases:
        days = {one.day for one in case.facts.all() if not one.is_reversed}
        if not any(span.from_on <= day < span.until_on for day in days):
            _carry(case, max(case.happened_on, span.from_on))
            added += 1
    return added


def _held(case: VetoCase) -> bool:
    """Whether it was in force for a time: lifted from its first day on it never was."""
    return any(one.day == case.happened_on and not one.is_reversed for one in case.facts.all())


def _carry(case: VetoCase, day: date) -> None:
    fact = record(
        Draft(
            VETO_RAISED,
            moment_of(day, NOON),
            case.reviewed_by,
            about=case.person,
            body=case.body_id,
            attributes={"item": case.veto},
            source=case,
        )
    )
    VetoFact.objects.create(case=case, day=day, fact=fact.pk)


def _require_another(case: VetoCase, actor: Person, at: datetime, reason: str) -> None:
    REVIEW_VETO.require(actor, case, at=at)
    if actor.pk in (case.raised_by_id, case.person_id):
        raise VetoOwnMatter
    if not reason.strip():
        raise VetoReasonMissing
