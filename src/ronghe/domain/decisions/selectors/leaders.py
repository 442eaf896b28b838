"""How often the leaders of a body are in their fields (班子成员常态化深入分管领域): counted from what is on record."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q, QuerySet

from ronghe.domain.decisions.rules import LEADING_GROUP
from ronghe.domain.org.enums import PostRole
from ronghe.domain.org.models import PartyOrg, Person, PostHolding
from ronghe.domain.rhythm.enums import ActivityState, ActivityType, AttendanceStatus, VisitKind
from ronghe.domain.rhythm.models import Activity, Attendance, Visit
from ronghe.domain.rhythm.rules import SEE_ACTIVITY, SEE_VISIT

RESEARCH = (VisitKind.ROUND, VisitKind.FIXED_POINT, VisitKind.SAFETY)
HEARINGS = (ActivityType.REPORT_HEARING, ActivityType.MONTHLY_ANALYSIS, ActivityType.JOINT_CONFERENCE)
LECTURES = (ActivityType.PARTY_LECTURE, ActivityType.MEMBER_LECTURE)


@dataclass(frozen=True, slots=True)
class LeaderFigures:
    """One leader in a span of days: visits made, reports heard as chair or present, lectures chaired."""

    post: PostHolding
    research: int
    reports: int
    lectures: int

    @property
    def person(self) -> Person:
        return self.post.person


@dataclass(frozen=True, slots=True)
class LeaderRecords:
    """The records behind one leader's figures, as far as the reader may see them; `hidden` counts the others."""

    research: Sequence[Visit]
    reports: Sequence[Activity]
    lectures: Sequence[Activity]
    hidden: int


def leaders_of(body: PartyOrg, day: date) -> list[PostHolding]:
    """Return who leads a body on a day: one post a person, the secretary first."""
    rows = PostHolding.objects.held_on(day).filter(body=body, role__in=LEADING_GROUP).select_related("person__unit")
    found: dict[int, PostHolding] = {}
    for post in sorted(rows, key=lambda row: (row.role != PostRole.SECRETARY, row.pk)):
        found.setdefault(post.person_id, post)
    return list(found.values())


def people_to_list(body: PartyOrg, day: date) -> QuerySet[Person]:
    """Return who may answer for a line of a body's responsibility sheet: who leads it, by name."""
    people = Person.objects.filter(pk__in=[post.person_id for post in leaders_of(body, day)])
    return people.select_related("unit").order_by("name", "pk")


def figures_of(leaders: Sequence[PostHolding], from_on: date, until_on: date) -> list[LeaderFigures]:
    """Return the figures of each leader from a day until (not including) a day: four reads, however many leaders."""
    people = [post.person_id for post in leaders]
    visits = Counter(_visits(people, from_on, until_on).values_list("visitor_id", flat=True))
    heard: set[tuple[int, int]] = set()
    meetings = _held(HEARINGS, from_on, until_on)
    heard |= set(meetings.filter(chair__in=people).values_list("chair_id", "pk"))
    came = Attendance.objects.filter(
        person__in=people, status=AttendanceStatus.PRESENT, activity__in=meetings.values("pk")
    )
    heard |= set(came.values_list("person_id", "activity_id"))
    reports = Counter(person for person, _activity in heard)
    lectures = Counter(_held(LECTURES, from_on, until_on).filter(chair__in=people).values_list("chair_id", flat=True))
    return [
        LeaderFigures(post, visits[post.person_id], reports[post.person_id], lectures[post.person_id])
        for post in leaders
    ]


def records_of(person: Person, actor: Person, at: datetime, from_on: date, until_on: date) -> LeaderRecords:
    """Return the records behind a leader's figures that `actor` may see, the latest first."""
    visits = _visits([person.pk], from_on, until_on)
    meetings = _held(HEARINGS, from_on, until_on).filter(
        Q(chair=person) | Q(attendances__person=person, attendances__status=AttendanceStatus.PRESENT)
    )
    meetings = Activity.objects.filter(pk__in=meetings.values("pk"))
    lectures = _held(LECTURES, from_on, until_on).filter(chair=person)
    seen_visits = SEE_VISIT.narrow(actor, visits, at=at).select_related("body", "unit").order_by("-day", "-pk")
    seen_meetings = SEE_ACTIVITY.narrow(actor, meetings, at=at).select_related("body").order_by("-day", "-pk")
    seen_lectures = SEE_ACTIVITY.narrow(actor, lectures, at=at).select_related("body").order_by("-day", "-pk")
    shown = LeaderRecords(list(seen_visits), list(seen_meetings), list(seen_lectures), 0)
    total = visits.count() + meetings.count() + lectures.count()
    hidden = total - len(shown.research) - len(shown.reports) - len(shown.lectures)
    return LeaderRecords(shown.research, shown.reports, shown.lectures, hidden)


def _visits(people: Sequence[int], from_on: date, until_on: date) -> QuerySet[Visit]:
    return Visit.objects.filter(
        visitor__in=people, kind__in=RESEARCH, day__gte=from_on, day__lt=until_on, voided_at=None
    ).order_by()


def _held(kinds: Sequence[ActivityType], from_on: date, until_on: date) -> QuerySet[Activity]:
    return Activity.objects.filter(
        activity_type__in=kinds, day__gte=from_on, day__lt=until_on, state=ActivityState.CLOSED
    ).order_by()
