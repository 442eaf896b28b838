"""Visits are recorded in one act, with what was seen, what it leads to, and when the contact is due again; and put right."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time

from django.db import IntegrityError, transaction
from django.db.models import Max

from ronghe.domain.contacts.models import ContactPoint
from ronghe.domain.contacts.services.points import keep_last_visit
from ronghe.domain.org.models import AdminUnit, PartyOrg, Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.rhythm.enums import Seen, VisitCorrectionKind, VisitKind
from ronghe.domain.rhythm.facts import VISIT_CORRECTED, VISITED
from ronghe.domain.rhythm.models import Visit, VisitCorrection, VisitFinding, VisitPhoto, VisitProblem
from ronghe.domain.rhythm.rules import CORRECT_VISIT, READ_CARE, VISIT_BODY, VISIT_CONTACT, questions_of
from ronghe.domain.rhythm.selectors.visits import body_of_contact
from ronghe.domain.work.services.files import PreparedFile, Upload, keep_file, prepare_file
from ronghe.domain.work.services.tasks import give_task
from ronghe.domain.zones.selectors import zone_of
from ronghe.kernel.access.looks import record_look
from ronghe.kernel.calendar.moments import SHANGHAI
from ronghe.kernel.errors import DomainError, NotFound, Stale
from ronghe.kernel.facts.models import Fact
from ronghe.kernel.facts.record import Draft, record, reverse
from ronghe.kernel.sealed import open_text, seal_text
from ronghe.kernel.words import N_

COMPARTMENT = "care"
NOON = time(12)


class VisitEmpty(DomainError):
    code = "visit_empty"
    sentence = N_("还没有记下什么：请至少勾一项、写一句、记一个问题或拍一张照片。")
    status = 422


class VisitAhead(DomainError):
    code = "visit_ahead"
    sentence = N_("%(day)s 还没到，走访之后再记。")
    status = 422


class NotWithinContact(DomainError):
    code = "not_within_contact"
    sentence = N_("%(day)s 不在这个联系点的期间里，请改日期，或不按联系点另记一次走访。")
    status = 422


class QuestionUnknown(DomainError):
    code = "question_unknown"
    sentence = N_("这类走访没有“%(question)s”这一项。")
    status = 422


class ProblemIncomplete(DomainError):
    code = "problem_incomplete"
    sentence = N_("每个问题都要写明是什么、谁来办、何时办完。")
    status = 422


class RaiserOfCare(DomainError):
    code = "raiser_of_care"
    sentence = N_("连心关爱不记问题是谁提的，办好了请当面答复。")
    status = 422


class RaisedByVisitor(DomainError):
    code = "raised_by_visitor"
    sentence = N_("问题是您自己发现的，不用写“谁提的”。")
    status = 422


class PhotoOfCare(DomainError):
    code = "photo_of_care"
    sentence = N_("连心关爱不留照片，内容写在记录里，只有工会干部能看。")
    status = 422


class CorrectionOfVisitEmpty(DomainError):
    code = "correction_of_visit_empty"
    sentence = N_("请写明更正什么、为什么。")
    status = 422


class VisitVoided(DomainError):
    code = "visit_voided"
    sentence = N_("这次走访已经作废，不用再办；确有走访的，请重新记一次。")


@dataclass(frozen=True, slots=True)
class Finding:
    """What was seen on one question."""

    seen: Seen
    note: str = ""


@dataclass(frozen=True, slots=True)
class Problem:
    """What is to be solved, by whom, until when: it becomes a task."""

    title: str
    assignee: Person
    due_at: datetime
    raised_by: Person | None = None
    """Who brought it up; counts as met, and gets the answer."""


@dataclass(frozen=True, slots=True)
class Place:
    """What was visited where no contact says so: a body, and a unit of which it answers."""

    body: PartyOrg
    unit: AdminUnit | None = None


@dataclass(frozen=True, slots=True)
class Account:
    """What the visitor has to say."""

    place: str = ""
    note: str = ""
    findings: Mapping[str, Finding] = field(default_factory=dict)
    """By the code of the question."""
    problems: Sequence[Problem] = ()
    met: Sequence[Person] = ()


def record_visit(
    *, to: ContactPoint | Place, day: date, account: Account, actor: Person, at: datetime,
    uploads: Sequence[Upload] = (), entry: str | None = None,
) -> Visit:  # fmt: skip
    """Record a visit of the actor, to a contact or to a place; each problem becomes a task at once.

    Sent a second time with the same `entry`, it is the first one. Of a care visit the text is sealed.

    :raises NotAllowed: the contact is somebody else's, or the body lies out of the actor's reach
    :raises VisitAhead: the day is still to come
    :raises NotWithinContact: the contact does not hold on that day
    :raises VisitEmpty: nothing was seen, said, found or photographed
    :raises QuestionUnknown: an answer to what this kind does not ask
    :raises ProblemIncomplete: a problem without words
    :raises DeadlinePast: a problem whose deadline is over
    :raises PhotoOfCare: pictures of a care visit
    :raises RaiserOfCare: who raised a problem on a care visit is nobody's talk
    :raises RaisedByVisitor: the visitor raises nothing with himself
    """
    known = _entered(actor, entry)
    if known is not None:
        return known
    _refuse_unfit(to, day, account, uploads, actor, at)
    files = [prepare_file(upload) for upload in uploads]
    try:
        return _write(to, day, account, files, actor, at, entry)
    except IntegrityError:
        known = _entered(actor, entry)  # the same form arrived twice at once, and the other one was first
        if known is None:
            raise
        return known


@transaction.atomic
def correct_visit(
    *, visit: Visit, text: str, actor: Person, at: datetime, kind: VisitCorrectionKind = VisitCorrectionKind.TEXT
) -> VisitCorrection:
    """Add a correction; the record itself stays. A voided visit counts no more, and the contact is due as before it.

    Tasks that it led to go on: a problem does not vanish with the record.

    :raises CorrectionOfVisitEmpty: no words
    :raises VisitVoided: it was voided before
    :raises Stale: somebody else voided it a moment ago
    """
    CORRECT_VISIT.require(actor, visit, at=at)
    if not text.strip():
        raise CorrectionOfVisitEmpty
    if visit.voided_at is not None:
        raise VisitVoided
    said = {"sealed": seal_text(text.strip())} if visit.is_care else {"text": text.strip()}
    if kind == VisitCorrectionKind.VOID:
        _void(visit, actor, at)
    correction = VisitCorrection.objects.create(visit=visit, kind=kind, made_by=actor, made_at=at, **said)
    record(
        Draft(VISIT_CORRECTED, at, actor, about=visit.visitor, body=visit.body_id, unit=visit.unit_id,
              attributes={"visit": visit.kind, "correction": kind}, source=correction)
    )  # fmt: skip
    return correction


@dataclass(frozen=True, slots=True)
class CareText:
    """What was said on a care visit, in clear."""

    findings: dict[str, Finding]
    note: str
    corrections: list[str]


def open_care(*, visit: Visit, actor: Person, at: datetime) -> CareText:
    """Return what was said on a care visit; the look is on record before anything is shown (SE-11).

    :raises NotAllowed: the actor is neither the visitor nor a union officer of the very body
    :raises NotFound: the visit is not sealed
    """
    READ_CARE.require(actor, visit, at=at)
    if visit.sealed is None:
        raise NotFound
    record_look(by=actor, about=visit.person, compartment=COMPARTMENT, at=at)
    said = json.loads(open_text(visit.sealed))
    rows = visit.corrections.filter(sealed__isnull=False).order_by("made_at", "pk")
    return CareText(
        findings={code: Finding(Seen(seen), note) for code, (seen, note) in said["findings"].items()},
        note=said["note"],
        corrections=[open_text(row.sealed) for row in rows if row.sealed],
    )


def kind_of(to: ContactPoint | Place) -> VisitKind:
    """Return what a visit there is for."""
    return VisitKind(to.kind) if isinstance(to, ContactPoint) else VisitKind.ROUND


def _entered(actor: Person, entry: str | None) -> Visit | None:
    return Visit.objects.filter(entry=entry, visitor=actor).first() if entry else None


def _refuse_unfit(
    to: ContactPoint | Place, day: date, account: Account, uploads: Sequence[Upload], actor: Person, at: datetime
) -> None:
    if isinstance(to, ContactPoint):
        VISIT_CONTACT.require(actor, to, at=at)
        if day < to.valid_from or (to.valid_until is not None and day >= to.valid_until):
            raise NotWithinContact(day=day)
    else:
        VISIT_BODY.require(actor, to.body, at=at)
    if day > local_day(at):
        raise VisitAhead(day=day)
    kind = kind_of(to)
    asked = {question.code for question in questions_of(kind)}
    for code in account.findings:
        if code not in asked:
            raise QuestionUnknown(question=code)
    if any(not problem.title.strip() for problem in account.problems):
        raise ProblemIncomplete
    raisers = [problem.raised_by for problem in account.problems if problem.raised_by is not None]
    if raisers and kind == VisitKind.CARE:
        raise RaiserOfCare
    if any(person.pk == actor.pk for person in raisers):
        raise RaisedByVisitor
    if uploads and kind == VisitKind.CARE:
        raise PhotoOfCare
    if not (account.findings or account.note.strip() or account.problems or uploads):
        raise VisitEmpty


@transaction.atomic
def _write(
    to: ContactPoint | Place, day: date, account: Account, files: Sequence[PreparedFile], actor: Person,
    at: datetime, entry: str | None,
) -> Visit:  # fmt: skip
    visit = _made(to, day, account, actor, at, entry)
    visit.met.set(_met(account))
    if not visit.is_care:
        VisitFinding.objects.bulk_create(
            VisitFinding(visit=visit, question=code, seen=one.seen, note=one.note.strip())
            for code, one in account.findings.items()
        )
    zone = zone_of(visit.body)
    for number, problem in enumerate(account.problems, start=1):
        task = give_task(
            title=problem.title.strip(), assignee=problem.assignee, due_at=problem.due_at, body=visit.body, zone=zone,
            actor=actor, at=at,
        )  # fmt: skip
        VisitProblem.objects.create(visit=visit, number=number, task=task, raised_by=problem.raised_by)
    for file in files:
        VisitPhoto.objects.get_or_create(
            visit=visit, file=keep_file(file, at=at), defaults={"name": file.name, "added_at": at}
        )
    _record_visited(visit, account, len(files))
    if isinstance(to, ContactPoint):
        _place_contact(to)
    return visit


def _met(account: Account) -> set[Person]:
    """Return whom one met: those who are named, and whoever raised a problem."""
    return {*account.met, *(one.raised_by for one in account.problems if one.raised_by is not None)}


def _made(
    to: ContactPoint | Place, day: date, account: Account, actor: Person, at: datetime, entry: str | None
) -> Visit:
    if isinstance(to, ContactPoint):
        # Held until the transaction ends: whoever ends the contact meanwhile waits, and sees this visit.
        fresh: ContactPoint = ContactPoint.objects.select_for_update().get(pk=to.pk)
        if fresh.valid_until is not None and day >= fresh.valid_until:
            raise NotWithinContact(day=day)
        contact, body, unit, person = to, body_of_contact(to, day), to.to_unit, to.to_person
        where = to.target.name if person is None else (person.unit.name if person.unit else "")
    else:
        contact, body, unit, person = None, to.body, to.unit, None
        where = unit.name if unit is not None else body.name
    kind = kind_of(to)
    sealed = seal_text(_as_json(account)) if kind == VisitKind.CARE else None
    return Visit.objects.create(
        kind=kind, contact=contact, visitor=actor, body=body, unit=unit, person=person, day=day,
        place=(account.place.strip() or where or body.name)[:80], note="" if sealed else account.note.strip(),
        sealed=sealed, entry=entry or None, recorded_at=at,
    )  # fmt: skip


def _as_json(account: Account) -> str:
    findings = {code: (one.seen.value, one.note.strip()) for code, one in account.findings.items()}
    return json.dumps({"findings": findings, "note": account.note.strip()}, ensure_ascii=False)


def _record_visited(visit: Visit, account: Account, photos: int) -> None:
    """One visit. Of care nothing is told but that it was held: no counts of answers, for they would tell how it stands."""
    told: dict[str, object] = {
        "visit": visit.kind,
        "target": "person" if visit.person_id else "unit" if visit.unit_id else "body",
        "day": visit.day,
        "by_contact": visit.contact_id is not None,
    }
    if not visit.is_care:
        told |= {
            "answers": len(account.findings),
            "concerns": sum(1 for one in account.findings.values() if one.seen == Seen.CONCERN),
            "met": len(_met(account)),
            "problems": len(account.problems),
            "photos": photos,
        }
    record(
        Draft(VISITED, _moment(visit), visit.visitor, about=visit.visitor, body=visit.body_id, unit=visit.unit_id,
              quantity=1, attributes=told, source=visit)
    )  # fmt: skip


def _moment(visit: Visit) -> datetime:
    """Return when the visit counts: the moment of recording on the day itself, else noon of its day."""
    if local_day(visit.recorded_at) == visit.day:
        return visit.recorded_at
    return datetime.combine(visit.day, NOON, SHANGHAI)


def _place_contact(contact: ContactPoint) -> None:
    standing = Visit.objects.filter(contact=contact, voided_at=None)
    fresh = keep_last_visit(contact.pk, standing.aggregate(last=Max("day"))["last"])
    contact.last_visit_on, contact.asked_from, contact.due_on = fresh.last_visit_on, fresh.asked_from, fresh.due_on


def _void(visit: Visit, actor: Person, at: datetime) -> None:
    if not Visit.objects.filter(pk=visit.pk, voided_at=None).update(voided_at=at):
        raise Stale
    visit.voided_at = at
    source = visit._meta.label_lower  # noqa: SLF001 - Django's name
    fact = Fact.objects.get(kind=VISITED.name, source_type=source, source_id=visit.pk, reverses=None)
    reverse(fact, by=actor, at=at)
    if visit.contact is not None:
        _place_contact(visit.contact)
