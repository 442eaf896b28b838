"""What one person learnt and taught in a year: asked by that person alone."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q

from ronghe.domain.exchange.enums import LineState, SessionState, VisitState
from ronghe.domain.exchange.models import LearningVisit, LectureSession, Practice, StudyLine
from ronghe.domain.exchange.selectors.lectures import LecturerRecord, record_of
from ronghe.domain.members.models import MentorPair
from ronghe.domain.org.models import Person
from ronghe.domain.rhythm.enums import STUDIES, ActivityState, AttendanceStatus
from ronghe.domain.rhythm.models import Attendance


@dataclass(frozen=True, slots=True)
class MyYear:
    """A year of learning and teaching; every list the latest first."""

    year: int
    studies: list[Attendance]
    sessions: list[LectureSession]
    record: LecturerRecord
    pairs: list[MentorPair]
    visits: list[LearningVisit]
    practices: list[Practice]
    prepared: list[StudyLine]


def my_year(person: Person, year: int) -> MyYear:
    """Return what `person` learnt and taught in `year`: eight reads."""
    came = Attendance.objects.filter(
        person=person, status=AttendanceStatus.PRESENT, activity__state=ActivityState.CLOSED,
        activity__activity_type__in=sorted(STUDIES), activity__day__year=year,
    )  # fmt: skip
    sessions = LectureSession.objects.filter(
        lecture__lecturer=person, state=SessionState.GIVEN, activity__day__year=year
    )
    pairs = MentorPair.objects.filter(Q(mentor=person) | Q(apprentice=person), valid_from__year__lte=year)
    pairs = pairs.filter(Q(valid_until=None) | Q(valid_until__year__gte=year))
    visits = LearningVisit.objects.filter(people__person=person, state=VisitState.HELD, day__year=year)
    return MyYear(
        year,
        list(came.select_related("activity__body").order_by("-activity__day", "-pk")),
        list(sessions.select_related("lecture", "activity__body").order_by("-activity__day", "-pk")),
        record_of(person, year=year),
        list(pairs.select_related("mentor", "apprentice", "programme").order_by("-valid_from", "-pk")),
        list(visits.select_related("body").order_by("-day", "-pk")),
        list(Practice.objects.filter(owner=person, taken_at__year=year).select_related("visit").order_by("-taken_at")),
        list(
            StudyLine.objects.filter(preparer=person, month__year=year)
            .exclude(state=LineState.DROPPED).select_related("programme").order_by("-month", "-pk")
        ),
    )  # fmt: skip
