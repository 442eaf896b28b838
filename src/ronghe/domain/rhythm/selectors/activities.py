"""Activities as an actor may see them, who is expected, and the record that the file holds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from ronghe.domain.org.enums import PARTY_MEMBERS, MembershipKind, PostRole
from ronghe.domain.org.models import Membership, PartyOrg, Person, PostHolding
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.rhythm.calc.attendance import Mark, Tally, tally
from ronghe.domain.rhythm.enums import ActivityState, ActivityType, AttendanceStatus, LeaveKind
from ronghe.domain.rhythm.models import (
    Activity,
    ActivityChange,
    ActivityHost,
    ActivityPhoto,
    AgendaItem,
    Attendance,
    Correction,
)
from ronghe.domain.rhythm.rules import SEE_ACTIVITY
from ronghe.kernel.access.listing import Listed, list_seen
from ronghe.kernel.db.tree import on_day

COMMITTEE = frozenset(
    {
        PostRole.SECRETARY,
        PostRole.DEPUTY_SECRETARY,
        PostRole.ORG_MEMBER,
        PostRole.PUBLICITY_MEMBER,
        PostRole.DISCIPLINE_MEMBER,
        PostRole.COMMITTEE_MEMBER,
    }
)
UNION_COMMITTEE = frozenset(
    {PostRole.UNION_CHAIR, PostRole.UNION_DEPUTY, PostRole.UNION_MEMBER, PostRole.WOMEN_OFFICER}
)
LEAGUE_COMMITTEE = frozenset({PostRole.LEAGUE_SECRETARY, PostRole.LEAGUE_DEPUTY, PostRole.LEAGUE_MEMBER})
COMMITTEE_OF = {
    ActivityType.COMMITTEE_MEETING: COMMITTEE,
    ActivityType.UNION_COMMITTEE_MEETING: UNION_COMMITTEE,
    ActivityType.LEAGUE_COMMITTEE_MEETING: LEAGUE_COMMITTEE,
}
"""Gatherings of a body's committee alone."""
LEADS = frozenset(
    {
        PostRole.SECRETARY,
        PostRole.DEPUTY_SECRETARY,
        PostRole.ZONE_LEAD,
        PostRole.GROUP_LEADER,
        PostRole.TEAM_LEADER,
    }
)
OF_LEADS = frozenset(
    {
        ActivityType.JOINT_CONFERENCE,
        ActivityType.WEEKLY_MEETING,
        ActivityType.MONTHLY_ANALYSIS,
        ActivityType.TWO_PLUS_ONE_APPRAISAL,
    }
)
"""Gatherings of the units' leads, not of everybody in the zone."""


def activities_seen_by(actor: Person, at: datetime) -> QuerySet[Activity]:
    """Return the activities that `actor` may see, the latest day first: to be cut to one, to a day, to a zone."""
    rows = SEE_ACTIVITY.narrow(actor, Activity.objects.all(), at=at, walk=True)
    return rows.select_related("body", "zone", "chair", "recorder").order_by("-day", "-pk")


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


def huddle_on(body: PartyOrg, activity_type: ActivityType, day: date) -> Activity | None:
    """Return the body's huddle of a type on a day."""
    rows = Activity.objects.filter(body=body, activity_type=activity_type, day=day)
    rows = rows.exclude(state=ActivityState.CALLED_OFF)
    return rows.select_related("body", "zone", "chair", "recorder").order_by("pk").first()


def held_by(body_id: int) -> Q:
    """Return the condition that an activity is the body's, as its main body or as a host."""
    return Q(body=body_id) | Q(pk__in=ActivityHost.objects.filter(body=body_id).order_by().values("activity_id"))


def expected_people(activity: Activity) -> QuerySet[Person]:
    """Return who is expected, by name, as the bodies stood on the activity's day.

    A committee meeting expects the committee, a general meeting the members at home, conferences of the units the leads,
    everything else everybody who belongs to the body or group. Held together, each host expects its own, once a person.
    Whoever is off shift is still in this list.
    """
    wanted = _expected_in(activity.body_id, activity.activity_type, activity.day)
    for host in activity.host_rows:
        wanted |= _expected_in(host.body_id, host.counts_as, activity.day)
    return Person.objects.filter(wanted).select_related("unit").order_by("name", "pk")


@dataclass(frozen=True, slots=True)
class Part:
    """What an activity is for one of the bodies that hold it, and the ids of those whom that body expects."""

    body_id: int
    counts_as: str
    expected: set[int]


def parts_of(activity: Activity) -> list[Part]:
    """Return what the activity is for its main body and for each host; one read a body."""
    held = [(activity.body_id, activity.activity_type)]
    held += [(host.body_id, host.counts_as) for host in activity.host_rows]
    return [
        Part(body_id, kind, set(Person.objects.filter(_expected_in(body_id, kind, activity.day)).order_by()
                                .values_list("pk", flat=True)))
        for body_id, kind in held
    ]  # fmt: skip


def _expected_in(body_id: int, activity_type: str, day: date) -> Q:
    members = Membership.objects.filter(on_day(day), Q(body=body_id) | Q(group=body_id))
    posts = PostHolding.objects.filter(on_day(day))
    if activity_type in COMMITTEE_OF:
        roles = COMMITTEE_OF[ActivityType(activity_type)]
        return Q(pk__in=_people(posts.filter(role__in=roles, body=body_id)))
    if activity_type == ActivityType.GENERAL_MEETING:
        at_home = members.filter(kind=MembershipKind.HOME)
        return Q(pk__in=_people(at_home), political_status__in=PARTY_MEMBERS)
    if activity_type in OF_LEADS:
        leads = posts.filter(role__in=LEADS)
        here = Q(pk__in=_people(members)) & Q(pk__in=_people(leads))
        return here | Q(pk__in=_people(leads.filter(body=body_id)))
    return Q(pk__in=_people(members))


def with_last_change(rows: QuerySet[Activity]) -> QuerySet[Activity]:
    """Add `changed` ("moved", "called_off" or nothing) and `change_reason`, of the latest change of each plan."""
    latest = ActivityChange.objects.filter(activity=OuterRef("pk")).order_by("-made_at", "-pk")
    return rows.annotate(
        changed=Subquery(latest.values("kind")[:1]), change_reason=Subquery(latest.values("reason")[:1])
    )


def changes_of(activity: Activity) -> QuerySet[ActivityChange]:
    """Return how the plan was moved and why it was called off, oldest first."""
    return activity.changes.select_related("made_by").order_by("made_at", "pk")


def is_expected(activity: Activity, person: Person) -> bool:
    """Tell whether `person` is expected at the activity."""
    return expected_people(activity).filter(pk=person.pk).exists()


def attendances_of(activity: Activity) -> QuerySet[Attendance]:
    """Return everybody known to have come, to be on leave or absent, in the order in which they were noted."""
    return activity.attendances.select_related("person", "person__unit", "recorded_by").order_by("recorded_at", "pk")


def agenda_of(activity: Activity) -> QuerySet[AgendaItem]:
    """Return the agenda in order, each item with its task and who answers for it."""
    return activity.agenda_items.select_related("task", "task__assignee").order_by("number")


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
    return tally(expected, marks, leaves_out_off_shift=activity.is_huddle)


@dataclass(frozen=True, slots=True)
class ActivityRecord:
    """The record of an activity with every element of PM-14.

    `attended` are the expected who came and `guests` those who came unexpected (列席), each in the order of coming; `away`
    the expected who did not, by name, with kind of leave and reason.
    """

    activity: Activity
    tally: Tally
    attended: list[Attendance]
    guests: list[Attendance]
    away: list[SheetRow]
    agenda: list[AgendaItem]
    photos: list[ActivityPhoto]
    corrections: list[Correction]


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
    )


def _came_at(row: SheetRow) -> tuple[datetime, int]:
    if row.attendance is None or row.attendance.signed_at is None:
        raise AssertionError(row)
    return row.attendance.signed_at, row.attendance.pk


def _people(rows: QuerySet[Membership] | QuerySet[PostHolding]) -> Any:
    return rows.order_by().values("person_id")
