"""Activities as an actor may see them, who is expected, and the record that the file holds."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db.models import Count, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from ronghe.domain.org.models import PartyOrg, Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.rhythm.calc.attendance import Mark, Tally, tally
from ronghe.domain.rhythm.enums import ActivityState, ActivityType, AttendanceStatus, LeaveKind
from ronghe.domain.rhythm.models import (
    Activity,
    ActivityChange,
    ActivityHost,
    ActivityPhoto,
    AgendaDissent,
    AgendaItem,
    AgendaSpeech,
    Attendance,
    Correction,
)
from ronghe.domain.rhythm.rules import SEE_ACTIVITY
from ronghe.domain.rhythm.selectors.expected import expected_people, leaves_out_off_shift
from ronghe.domain.rhythm.selectors.forms import CheckLine, FigureLine, check_lines, figure_lines
from ronghe.kernel.access.listing import Listed, list_seen
from ronghe.kernel.db.tree import on_day

LOOKED_BACK = timedelta(days=30)
"""What should have been held longer ago stands in the calendar and on nobody's list of today."""


def activities_seen_by(actor: Person, at: datetime) -> QuerySet[Activity]:
    """Return the activities that `actor` may see, the latest day first: to be cut to one, to a day, to a zone."""
    rows = SEE_ACTIVITY.narrow(actor, Activity.objects.all(), at=at, walk=True)
    return rows.select_related("body", "zone", "chair", "recorder", "version").order_by("-day", "-pk")


def list_activities(
    actor: Person, at: datetime, *, filters: Q | None = None, page: int = 1, size: int = 50
) -> Listed[Activity]:
    """Return one page of the activities that `actor` may see, the latest day first; two statements.

    Each has `came_count`, how many signed in so far, guests included.
    """
    came = Attendance.objects.filter(activity=OuterRef("pk"), status=AttendanceStatus.PRESENT).order_by()
    count = Subquery(came.values("activity").annotate(n=Count("pk")).values("n"))
    rows = Activity.objects.filter(filters or Q()).annotate(came_count=Coalesce(count, 0))
    rows = rows.select_related("body", "zone", "chair")
    return list_seen(SEE_ACTIVITY, actor, rows, order_by=("-day", "-pk"), at=at, page=page, size=size)


def open_activities_of(person: Person, at: datetime) -> QuerySet[Activity]:
    """Return the open activities of the bodies that `person` belongs to, the latest first: where to sign in now."""
    mine = person.memberships.filter(on_day(local_day(at)))
    here = Q(body__in=mine.order_by().values("body_id")) | Q(body__in=mine.order_by().values("group_id"))
    hosted = Q(pk__in=ActivityHost.objects.filter(here).order_by().values("activity_id"))
    rows = Activity.objects.filter(here | hosted, state=ActivityState.OPEN).select_related("body", "zone", "chair")
    return rows.order_by("-opened_at", "-pk")


def activities_ahead_of(person: Person, at: datetime, until: date) -> QuerySet[Activity]:
    """Return the planned activities that `person` chairs, records or is expected at with the own bodies, up to, not
    including, `until`; of those whose day has passed only what the person was to open, within a month.
    """
    day = local_day(at)
    mine = person.memberships.filter(on_day(day)).order_by()
    bodies = Q(body__in=mine.values("body_id")) | Q(body__in=mine.values("group_id"))
    hosted = Q(pk__in=ActivityHost.objects.filter(bodies).values("activity_id"))
    runs = Q(chair=person) | Q(recorder=person)
    rows = Activity.objects.filter(state=ActivityState.PLANNED, day__gte=day - LOOKED_BACK, day__lt=until)
    return rows.filter(runs | Q(day__gte=day) & (bodies | hosted))


def huddle_on(body: PartyOrg, activity_type: ActivityType, day: date) -> Activity | None:
    """Return the body's huddle of a type on a day."""
    rows = Activity.objects.filter(body=body, activity_type=activity_type, day=day)
    rows = rows.exclude(state=ActivityState.CALLED_OFF)
    return rows.select_related("body", "zone", "chair", "recorder").order_by("pk").first()


def held_by(body_id: int) -> Q:
    """Return the condition that an activity is the body's, as its main body or as a host."""
    return Q(body=body_id) | Q(pk__in=ActivityHost.objects.filter(body=body_id).order_by().values("activity_id"))


def with_last_change(rows: QuerySet[Activity]) -> QuerySet[Activity]:
    """Add `changed` ("moved", "called_off" or nothing) and `change_reason`, of the latest change of each plan."""
    latest = ActivityChange.objects.filter(activity=OuterRef("pk")).order_by("-made_at", "-pk")
    return rows.annotate(
        changed=Subquery(latest.values("kind")[:1]), change_reason=Subquery(latest.values("reason")[:1])
    )


def changes_of(activity: Activity) -> QuerySet[ActivityChange]:
    """Return how the plan was moved and why it was called off, oldest first."""
    return activity.changes.select_related("made_by").order_by("made_at", "pk")


def attendances_of(activity: Activity) -> QuerySet[Attendance]:
    """Return everybody known to have come, to be on leave or absent, in the order in which they were noted."""
    return activity.attendances.select_related("person", "person__unit", "recorded_by").order_by("recorded_at", "pk")


def agenda_of(activity: Activity) -> QuerySet[AgendaItem]:
    """Return the agenda in order, each item with its task, its ballot, who said what and who dissents."""
    rows = activity.agenda_items.select_related("task", "task__assignee", "ballot", "applicant")
    said = AgendaSpeech.objects.select_related("person").order_by("pk")
    noted = AgendaDissent.objects.select_related("person").order_by("pk")
    return rows.prefetch_related(Prefetch("speeches", said), Prefetch("dissents", noted)).order_by("number")


def photos_of(activity: Activity) -> QuerySet[ActivityPhoto]:
    """Return the activity's pictures, oldest first."""
    return activity.photos.select_related("file", "added_by").order_by("added_at", "pk")


def corrections_of(activity: Activity) -> QuerySet[Correction]:
    """Return what was put right after closing, oldest first."""
    return activity.corrections.select_related("person", "made_by").order_by("made_at", "pk")


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One line of the sign-in sheet; without an attendance the person has not come yet."""

    person: Person
    attendance: Attendance | None
    is_expected: bool

    @property
    def is_present(self) -> bool:
        return self.attendance is not None and self.attendance.status == AttendanceStatus.PRESENT

    @property
    def counts_as_signature(self) -> bool:
        return self.attendance is not None and self.attendance.counts_as_signature


@dataclass(frozen=True, slots=True)
class SignInSheet:
    """Everybody expected, by name, then the guests in the order in which they came; and the counts."""

    rows: list[SheetRow]
    tally: Tally


def sign_in_sheet(activity: Activity) -> SignInSheet:
    """Return who is expected and who came so far, in two reads; of a closed activity as it was closed, in one."""
    noted = {row.person_id: row for row in attendances_of(activity)}
    if activity.state == ActivityState.CLOSED:
        owed = [row.person for row in noted.values() if not row.is_guest]
        expected = sorted(owed, key=lambda person: (person.name, person.pk))
    else:
        expected = list(expected_people(activity))
    rows = [SheetRow(person, noted.get(person.pk), is_expected=True) for person in expected]
    known = {person.pk for person in expected}
    rows += [SheetRow(row.person, row, is_expected=False) for pk, row in noted.items() if pk not in known]
    return SignInSheet(rows, tally_of(activity, known, list(noted.values())))


def tally_of(activity: Activity, expected: set[int], noted: list[Attendance]) -> Tally:
    """Return the counts of an activity from who is expected and what was noted."""
    marks = [
        Mark(
            row.person_id,
            is_present=row.status == AttendanceStatus.PRESENT,
            is_signature=row.counts_as_signature,
            is_on_leave=row.status == AttendanceStatus.LEAVE,
            is_off_shift=row.leave_kind == LeaveKind.OFF_SHIFT,
        )
        for row in noted
    ]
    return tally(expected, marks, leaves_out_off_shift=leaves_out_off_shift(activity))


@dataclass(frozen=True, slots=True)
class ActivityRecord:
    """The record of an activity with every element of PM-14.

    `attended` are the expected who came and `guests` those who came unexpected (列席), each in the order of coming; `away`
    the expected who did not, by name, with kind of leave and reason. `checks` and `figures` are the form of its mechanism.
    """

    activity: Activity
    tally: Tally
    attended: list[Attendance]
    guests: list[Attendance]
    away: list[SheetRow]
    agenda: list[AgendaItem]
    photos: list[ActivityPhoto]
    corrections: list[Correction]
    checks: list[CheckLine] = field(default_factory=list)
    figures: list[FigureLine] = field(default_factory=list)


def record_of(activity: Activity) -> ActivityRecord:
    """Return the activity's record as it stands now; of a closed one it stays as it was, corrections are added."""
    sheet = sign_in_sheet(activity)
    came = sorted((row for row in sheet.rows if row.is_present), key=_came_at)
    return ActivityRecord(
        activity=activity,
        tally=sheet.tally,
        attended=[row.attendance for row in came if row.attendance is not None and row.is_expected],
        guests=[row.attendance for row in came if row.attendance is not None and not row.is_expected],
        away=[row for row in sheet.rows if row.is_expected and not row.is_present],
        agenda=list(agenda_of(activity)),
        photos=list(photos_of(activity)),
        corrections=list(corrections_of(activity)),
        checks=check_lines(activity),
        figures=figure_lines(activity),
    )


def _came_at(row: SheetRow) -> tuple[datetime, int]:
    if row.attendance is None or row.attendance.signed_at is None:
        raise AssertionError(row)
    return row.attendance.signed_at, row.attendance.pk
