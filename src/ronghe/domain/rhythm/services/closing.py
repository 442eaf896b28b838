"""Closing an activity: the one act that is at once evidence, attendance, points and a line of the report."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from ronghe.domain.ballots.enums import BallotState
from ronghe.domain.obligations.models import Obligation
from ronghe.domain.obligations.selectors import obligations_met_by
from ronghe.domain.org.models import Person
from ronghe.domain.rhythm.calc.attendance import Tally
from ronghe.domain.rhythm.calc.pieces import TITLES, Piece
from ronghe.domain.rhythm.enums import (
    ACTIVITY_FLOW,
    SAFETY_CHECKS,
    ActivityState,
    AttendanceStatus,
    AttendanceWay,
    CheckAnswer,
    CorrectionKind,
)
from ronghe.domain.rhythm.facts import ACTIVITY_CLOSED, ATTENDED, RECORD_CORRECTED
from ronghe.domain.rhythm.models import Activity, AgendaItem, Attendance, Correction
from ronghe.domain.rhythm.rules import RUN_ACTIVITY
from ronghe.domain.rhythm.selectors import expected_people, parts_of, tally_of
from ronghe.domain.rhythm.selectors.forms import is_on_record, is_written, pieces_missing
from ronghe.domain.rhythm.services.sign_in import AlreadyPresent, TickingRefused
from ronghe.kernel.errors import DomainError
from ronghe.kernel.facts.models import Fact
from ronghe.kernel.facts.record import Draft, record, record_many, reverse
from ronghe.kernel.words import N_, _, listed


class NobodyCame(DomainError):
    code = "nobody_came"
    sentence = N_("还没有人签到，不能结束；请先签到。")


class RecordIncomplete(DomainError):
    """PM-14."""

    code = "record_incomplete"
    sentence = N_("会议记录至少要有一个议题写了内容，请补上再结束。")


class ChecksUnanswered(RecordIncomplete):
    code = "checks_unanswered"
    sentence = N_("检查项目还没有逐项填完，请填完再结束；没有检查项目的，写一个议题。")


class NothingToCorrect(DomainError):
    code = "nothing_to_correct"
    sentence = N_("还没有结束，请直接修改记录。")


class NotAmongAttended(DomainError):
    code = "not_among_attended"
    sentence = N_("记录里没有%(name)s到会，不用更正。")


class CorrectionEmpty(DomainError):
    code = "correction_empty"
    sentence = N_("请写明更正什么、为什么。")
    status = 422


class PersonMissing(DomainError):
    code = "person_missing"
    sentence = N_("请写明更正谁的到会情况。")
    status = 422


class PiecesMissing(DomainError):
    """C2: each institution has its evidence."""

    code = "pieces_missing"
    sentence = N_("按制度还缺：%(pieces)s。请补上，或写明原因再结束；缺了的，应办事项可能不算办结。")
    status = 422


class VoteStillRunning(DomainError):
    code = "vote_still_running"
    sentence = N_("“%(topic)s”还在无记名投票，请先计票或作废，再结束。")


@dataclass(frozen=True, slots=True)
class Closing:
    """What closing did: the closed activity, its counts, its fact, and which duties it met (同时计入).

    `missing` is what its mechanism requires and it was closed without.
    """

    activity: Activity
    tally: Tally
    fact: Fact
    met: list[Obligation]
    missing: list[Piece] = field(default_factory=list)


@transaction.atomic
def close_activity(*, activity: Activity, actor: Person, at: datetime, without: str | None = None) -> Closing:
    """Close an activity and record that it took place.

    Where somebody sits before the screen, `without` is the reason for closing without what the mechanism requires, "" when
    there is none yet: then what is missing is named first. A program that leaves it out closes, and the record says what
    was missing.

    It counts for the day on which it was opened, even if closed past midnight. Two who close at once: one does, the other
    is told. Recording it is what meets the duties: they are matched in the same transaction.

    :raises StepNotAllowed: it is not open
    :raises Stale: somebody else closed it a moment ago
    :raises NobodyCame: nobody signed in
    :raises RecordIncomplete: a meeting without a topic (PM-14); a huddle may have none
    :raises ChecksUnanswered: a safety check with open lines and no topic; answered, its form is the record
    :raises VoteStillRunning: a secret ballot on a topic is open
    :raises PiecesMissing: something that is required is not there, and `without` is empty
    """
    RUN_ACTIVITY.require(actor, activity, at=at)
    # The step comes before the count: from here on no sign-in can slip in between.
    ACTIVITY_FLOW.advance(activity, "close", closed_at=at, closed_by=actor, expected_count=0, present_count=0)
    noted = list(activity.attendances.select_related("person").order_by("pk"))
    agenda = list(activity.agenda_items.prefetch_related("speeches").order_by("number"))
    if not any(row.status == AttendanceStatus.PRESENT for row in noted):
        raise NobodyCame
    if not is_on_record(activity, agenda):
        raise ChecksUnanswered if activity.activity_type in SAFETY_CHECKS else RecordIncomplete
    _refuse_running_vote(activity)
    missing = pieces_missing(activity, agenda=agenda)
    if missing and without is not None and not without.strip():
        raise PiecesMissing(pieces=listed(_(TITLES[piece]) for piece in missing))
    expected = set(expected_people(activity).order_by().values_list("pk", flat=True))
    counts = tally_of(activity, expected, noted)
    _complete_sheet(activity, expected, noted, actor, at)
    activity.expected_count, activity.present_count = counts.expected, counts.present
    activity.missing = [piece.value for piece in missing]
    activity.missing_reason = (without or "").strip()[:120] if missing else ""
    activity.save(update_fields=["expected_count", "present_count", "missing", "missing_reason"])
    fact = _record_closing(activity, agenda, noted, actor)
    came = [row for row in noted if row.status == AttendanceStatus.PRESENT]
    record_many(_attended(activity, row, fact) for row in came)
    return Closing(activity, counts, fact, list(obligations_met_by(activity)), missing)


@transaction.atomic
def correct_record(
    *, activity: Activity, text: str, actor: Person, at: datetime, kind: CorrectionKind = CorrectionKind.TEXT,
    person: Person | None = None,
) -> Correction:  # fmt: skip
    """Add a correction to a closed record, which itself stays as it was (PM-14).

    `came` and `did_not_come` are about `person` and change whether attending counts; to add somebody is to sign for him,
    so the three meetings and the lecture refuse it (PM-15).

    :raises NothingToCorrect: the activity is not closed
    :raises CorrectionEmpty: no words
    :raises PersonMissing: a correction about somebody who is not named
    :raises TickingRefused: adding somebody to a meeting that wants everybody's own act
    :raises AlreadyPresent: the person is on record
    :raises NotAmongAttended: the person is not
    """
    RUN_ACTIVITY.require(actor, activity, at=at)
    if activity.state != ActivityState.CLOSED:
        raise NothingToCorrect
    if not text.strip():
        raise CorrectionEmpty
    if person is None and kind != CorrectionKind.TEXT:
        raise PersonMissing
    # Serialises corrections about the same person; on SQLite the transaction does.
    Activity.objects.select_for_update().get(pk=activity.pk)
    about = person if kind != CorrectionKind.TEXT else None
    correction = Correction.objects.create(
        activity=activity, kind=kind, text=text.strip(), person=about, made_by=actor, made_at=at
    )
    record(
        Draft(RECORD_CORRECTED, at, actor, about=about, body=activity.body_id, zone=activity.zone_id,
              attributes={"activity_type": activity.activity_type, "correction": kind}, source=correction)
    )  # fmt: skip
    if about is not None and kind == CorrectionKind.CAME:
        _add_attended(activity, about, actor)
    if about is not None and kind == CorrectionKind.DID_NOT_COME:
        _reverse_attended(activity, about, actor, at)
    return correction


def _complete_sheet(
    activity: Activity, expected: set[int], noted: list[Attendance], actor: Person, at: datetime
) -> None:
    """Write down who was absent, and who was a guest, as it stood at closing."""
    known = {row.person_id for row in noted}
    Attendance.objects.bulk_create(
        [
            Attendance(
                activity=activity, person_id=person, status=AttendanceStatus.ABSENT, recorded_by=actor, recorded_at=at
            )
            for person in sorted(expected - known)
        ],
        batch_size=500,
    )
    for guest in (True, False):
        wrong = [row.pk for row in noted if row.is_guest != guest and (row.person_id not in expected) == guest]
        if wrong:
            Attendance.objects.filter(pk__in=wrong).update(is_guest=guest)


def _record_closing(activity: Activity, agenda: list[AgendaItem], noted: list[Attendance], actor: Person) -> Fact:
    """Record that it took place, once of each body that held it, and return the main body's fact.

    Each body is told its own counts, for a majority of the branch is not a majority of everybody there. All facts lie there
    before the first is matched with duties, so that mechanisms that bar each other see one record of many bodies.
    """
    photos = activity.photos.count()
    topics = [item for item in agenda if is_written(item)]
    answers = list(activity.checks.values_list("answer", flat=True))
    filled_in = {
        "topics": len(topics),
        "decisions": sum(1 for item in agenda if item.decision or item.task_id),
        "tasks": sum(1 for item in agenda if item.task_id),
        "votes": sum(1 for item in agenda if item.has_vote),
        "photos": photos,
        "has_minutes": bool(topics),
        "checks": len(answers),
        "problems": sum(1 for answer in answers if answer == CheckAnswer.CONCERN),
        "missing": len(activity.missing),
    }
    drafts = []
    for part in parts_of(activity):
        counts = tally_of(activity, part.expected, noted)
        attributes = {
            "activity_type": part.counts_as,
            "day": activity.day,
            "expected": counts.expected,
            "present": counts.present,
            "signed": counts.signed,
            "on_leave": counts.on_leave,
            "absent": counts.absent,
            "guests": counts.guests,
            **filled_in,
        }
        drafts.append(
            Draft(ACTIVITY_CLOSED, _held_at(activity), actor, body=part.body_id, zone=activity.zone_id,
                  attributes=attributes, source=activity)
        )  # fmt: skip
    return record_many(drafts)[0]


def _refuse_running_vote(activity: Activity) -> None:
    running = activity.agenda_items.filter(ballot__state=BallotState.OPEN).order_by("number").first()
    if running is not None:
        raise VoteStillRunning(topic=running.topic)


def _held_at(activity: Activity) -> datetime:
    if activity.opened_at is None:
        raise AssertionError(activity)
    return activity.opened_at


def _attended(activity: Activity, row: Attendance, closing: Fact) -> Draft:
    attributes = {
        "activity_type": activity.activity_type,
        "way": row.way,
        "is_signature": row.counts_as_signature,
        "is_guest": row.is_guest,
        "role": _role(activity, row.person_id),
        "closing": closing.pk,
    }
    return Draft(
        ATTENDED, row.signed_at or _held_at(activity), row.recorded_by, about=row.person, body=activity.body_id,
        zone=activity.zone_id, attributes=attributes, source=activity,
    )  # fmt: skip


def _role(activity: Activity, person_id: int) -> str:
    if person_id == activity.chair_id:
        return "chair"
    return "recorder" if person_id == activity.recorder_id else "attendee"


def _facts_of(activity: Activity) -> list[Fact]:
    source = activity._meta.label_lower  # noqa: SLF001 - Django's name
    return list(Fact.objects.filter(source_type=source, source_id=activity.pk).order_by("pk"))


def _standing(activity: Activity, person: Person) -> Fact | None:
    """Return the fact that says that the person attended, unless it was reversed."""
    facts = _facts_of(activity)
    undone = {fact.reverses for fact in facts}
    mine = [f for f in facts if f.kind == ATTENDED.name and f.subject == person.token and f.reverses is None]
    return next((fact for fact in mine if fact.pk not in undone), None)


def _add_attended(activity: Activity, person: Person, actor: Person) -> None:
    if not activity.allows_ticking:
        raise TickingRefused(activity_type=activity.get_activity_type_display())
    if _standing(activity, person) is not None:
        raise AlreadyPresent(name=person.name)
    closing = next(fact for fact in _facts_of(activity) if fact.kind == ACTIVITY_CLOSED.name)
    attributes = {
        "activity_type": activity.activity_type, "way": AttendanceWay.TICKED, "is_signature": False,
        "role": "attendee", "closing": closing.pk,
    }  # fmt: skip
    record(
        Draft(ATTENDED, _held_at(activity), actor, about=person, body=activity.body_id, zone=activity.zone_id,
              attributes=attributes, source=activity)
    )  # fmt: skip


def _reverse_attended(activity: Activity, person: Person, actor: Person, at: datetime) -> None:
    fact = _standing(activity, person)
    if fact is None:
        raise NotAmongAttended(name=person.name)
    reverse(fact, by=actor, at=at)
