"""One tap plans a study, a lecture or a visit as an activity; what becomes of the activity comes back to its line here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from ronghe.domain.exchange.calc.months import first_of
from ronghe.domain.exchange.enums import (
    LINE_FLOW,
    SESSION_FLOW,
    VISIT_FLOW,
    LectureState,
    LineState,
    ProgrammeState,
    SessionState,
    VisitState,
)
from ronghe.domain.exchange.facts import LECTURE_GIVEN, LECTURE_PLANNED, LINE_HELD, LINE_PLANNED, VISIT_PLANNED
from ronghe.domain.exchange.models import LearningVisit, Lecture, LectureSession, StudyLine, VisitPerson
from ronghe.domain.exchange.rules import KEEP_PROGRAMME, KEEP_VISIT, SEE_LECTURE
from ronghe.domain.exchange.selectors.study import body_to_plan
from ronghe.domain.exchange.services.programmes import ProgrammeOver
from ronghe.domain.exchange.services.visits import record_held
from ronghe.domain.org.models import PartyOrg, Person
from ronghe.domain.rhythm.enums import ActivityType, AttendanceStatus
from ronghe.domain.rhythm.models import Activity
from ronghe.domain.rhythm.rules import PLAN_ACTIVITY
from ronghe.domain.rhythm.services.activities import plan_activity
from ronghe.domain.rhythm.services.agenda import add_agenda_item
from ronghe.domain.rhythm.services.hosts import HostAs
from ronghe.kernel.errors import DomainError, NotAllowed
from ronghe.kernel.facts.record import Draft, record
from ronghe.kernel.words import N_, _
from ronghe.kernel.workflow import StepNotAllowed


class LectureTakenBack(DomainError):
    code = "lecture_taken_back"
    sentence = N_("“%(title)s”已收回，不能安排；请先请%(name)s重新报名。")


class VisitPlannedAlready(DomainError):
    code = "visit_planned_already"
    sentence = N_("这次观摩已经安排成活动，请打开那一场。")


@dataclass(frozen=True, slots=True)
class Planned:
    """What was planned, and the sides that the actor may not plan for: their leaders join by themselves."""

    activity: Activity
    left_out: tuple[PartyOrg, ...] = ()


@transaction.atomic
def plan_study(
    *, line: StudyLine, scheduled_from: datetime, scheduled_until: datetime, actor: Person, at: datetime,
    place: str = "", chair: Person | None = None,
) -> Planned:  # fmt: skip
    """Plan the activity of a topic; the preparer chairs unless told, and the other sides of an agreement host with it.

    :raises NotAllowed: the actor may plan for none of the sides
    :raises ProgrammeOver: the programme has ended
    :raises StepNotAllowed: the topic is planned, studied or dropped
    """
    programme = line.programme
    KEEP_PROGRAMME.require(actor, programme, at=at)
    if programme.state != ProgrammeState.RUNNING:
        raise ProgrammeOver(title=programme.title)
    if line.state != LineState.LISTED:
        raise StepNotAllowed(state=line.get_state_display())
    body = body_to_plan(programme, actor, at)
    if body is None:
        raise NotAllowed
    sides = [side.body for side in programme.sides.filter(is_host=True).select_related("body").order_by("pk")]
    others = [side for side in {one.pk: one for one in [programme.body, *sides]}.values() if side.pk != body.pk]
    hosts = [side for side in others if PLAN_ACTIVITY.allows(actor, side, at=at)] if sides else []
    activity = plan_activity(
        activity_type=ActivityType.JOINT_STUDY, body=body, place=place.strip() or programme.place,
        scheduled_from=scheduled_from, scheduled_until=scheduled_until, chair=chair or line.preparer or actor,
        recorder=actor, hosts=[HostAs(host, ActivityType.JOINT_STUDY) for host in hosts], actor=actor, at=at,
    )  # fmt: skip
    LINE_FLOW.advance(line, "plan", activity=activity)
    record(Draft(LINE_PLANNED, at, actor, body=programme.body_id, attributes={"day": activity.day}, source=line))
    left_out = tuple(side for side in others if side not in hosts) if sides else ()
    return Planned(activity, left_out)


@transaction.atomic
def plan_lecture(
    *, lecture: Lecture, body: PartyOrg, scheduled_from: datetime, scheduled_until: datetime, place: str,
    actor: Person, at: datetime,
) -> LectureSession:  # fmt: skip
    """Plan a lecture as an activity of a body; the lecturer chairs, whoever plans keeps the record.

    :raises NotAllowed: the actor does not see the lecture, or may not plan for the body
    :raises LectureTakenBack: it is offered no more
    """
    SEE_LECTURE.require(actor, lecture, at=at)
    if lecture.state != LectureState.OFFERED:
        raise LectureTakenBack(title=lecture.title, name=lecture.lecturer.name)
    activity = plan_activity(
        activity_type=ActivityType.MEMBER_LECTURE, body=body, place=place, scheduled_from=scheduled_from,
        scheduled_until=scheduled_until, chair=lecture.lecturer, recorder=actor, actor=actor, at=at,
    )  # fmt: skip
    session = LectureSession.objects.create(lecture=lecture, activity=activity, planned_by=actor, planned_at=at)
    told = {"day": activity.day}
    record(Draft(LECTURE_PLANNED, at, actor, about=lecture.lecturer, body=body.pk, attributes=told, source=lecture))
    return session


@transaction.atomic
def plan_visit_activity(
    *, visit: LearningVisit, scheduled_from: datetime, scheduled_until: datetime, actor: Person, at: datetime
) -> Activity:
    """Make a planned visit an activity, so that people sign in there.

    :raises VisitPlannedAlready: it is one
    :raises StepNotAllowed: it took place, or was called off
    """
    KEEP_VISIT.require(actor, visit, at=at)
    if visit.activity_id is not None:
        raise VisitPlannedAlready
    if visit.state != VisitState.PLANNED:
        raise StepNotAllowed(state=visit.get_state_display())
    visit.activity = plan_activity(
        activity_type=ActivityType.LEARNING_VISIT, body=visit.body, place=visit.place, scheduled_from=scheduled_from,
        scheduled_until=scheduled_until, chair=visit.lead, recorder=actor, actor=actor, at=at,
    )  # fmt: skip
    visit.day = visit.activity.day
    visit.save(update_fields=["activity", "day"])
    told = {"direction": visit.direction, "day": visit.day}
    record(Draft(VISIT_PLANNED, at, actor, body=visit.body_id, attributes=told, source=visit))
    return visit.activity


def put_topic_down(activity_id: int, actor: Person, at: datetime) -> None:
    """Let the agenda of an opened activity begin with what it was planned for; called when it opens."""
    line = StudyLine.objects.filter(activity=activity_id, state=LineState.PLANNED).select_related("activity").first()
    if line is not None and line.activity is not None:
        asked = [f"· {row.text}" for row in line.questions.order_by("pk")]
        notes = "\n".join([_("会前提问："), *asked]) if asked else ""
        add_agenda_item(activity=line.activity, topic=line.topic, notes=notes, actor=actor, at=at)
    session = LectureSession.objects.filter(activity=activity_id).select_related("activity", "lecture").first()
    if session is not None:
        add_agenda_item(activity=session.activity, topic=session.lecture.title, actor=actor, at=at)
    visit = LearningVisit.objects.filter(activity=activity_id).select_related("activity").first()
    if visit is not None and visit.activity is not None:
        add_agenda_item(activity=visit.activity, topic=visit.purpose, actor=actor, at=at)


def take_note_of_closing(activity_id: int, actor: Person | None, at: datetime) -> None:
    """Hold the line, the lecture or the visit whose activity was closed; told twice (of each host), it does nothing more."""
    activity = Activity.objects.get(pk=activity_id)
    came = activity.attendances.filter(status=AttendanceStatus.PRESENT)
    line = StudyLine.objects.filter(activity=activity, state=LineState.PLANNED).select_related("programme").first()
    if line is not None:
        LINE_FLOW.advance(line, "hold", held_on=activity.day)
        told = {"topic": line.kind, "month": first_of(line.month)}
        record(
            Draft(LINE_HELD, at, actor, about=line.preparer, body=line.programme.body_id, attributes=told, source=line)
        )
    session = LectureSession.objects.filter(activity=activity, state=SessionState.PLANNED).first()
    if session is not None:
        lecture = session.lecture
        listeners = came.exclude(person=lecture.lecturer_id).count()
        SESSION_FLOW.advance(session, "give", listeners=listeners, given_at=at)
        given = {"lecture": lecture.kind, "day": activity.day, "listeners": listeners}
        record(
            Draft(LECTURE_GIVEN, at, actor, about=lecture.lecturer, body=activity.body_id, attributes=given,
                  source=lecture)
        )  # fmt: skip
    visit = LearningVisit.objects.filter(activity=activity, state=VisitState.PLANNED).select_related("body").first()
    if visit is not None:
        known = set(visit.people.values_list("person_id", flat=True))
        VisitPerson.objects.bulk_create(
            VisitPerson(visit=visit, person_id=pk) for pk in came.values_list("person_id", flat=True) if pk not in known
        )
        VISIT_FLOW.advance(visit, "hold", held_at=at, day=activity.day)
        record_held(visit, actor, at)


def take_note_of_calling_off(activity_id: int) -> None:
    """Let go of what was planned for an activity that was called off: the topic is listed again, the lecture is offered on."""
    for line in StudyLine.objects.filter(activity=activity_id, state=LineState.PLANNED):
        LINE_FLOW.advance(line, "release", activity=None)
    for session in LectureSession.objects.filter(activity=activity_id, state=SessionState.PLANNED):
        SESSION_FLOW.advance(session, "call_off")
    LearningVisit.objects.filter(activity=activity_id, state=VisitState.PLANNED).update(activity=None)


def take_note_of_moving(activity_id: int) -> None:
    """Let a visit keep the day of its activity."""
    visit = (
        LearningVisit.objects.filter(activity=activity_id, state=VisitState.PLANNED).select_related("activity").first()
    )
    if visit is not None and visit.activity is not None:
        visit.day = visit.activity.day
        visit.save(update_fields=["day"])
