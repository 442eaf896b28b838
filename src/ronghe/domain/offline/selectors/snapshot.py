"""What a phone takes along into the field: gatherings and permits of today and tomorrow, and what may be done there.

As little as the work needs: names of others go only to whoever runs the gathering.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import Q

from ronghe.domain.offline.models import Device
from ronghe.domain.offline.selectors.permits import CarriedPermit, permits_carried
from ronghe.domain.org.models import PartyOrg, Person
from ronghe.domain.org.rules.reaches import local_day, posts_of, standing_of
from ronghe.domain.rhythm.enums import HUDDLES, TYPES_OF_TREE, ActivityState, ActivityType, AttendanceStatus
from ronghe.domain.rhythm.models import Activity, ActivityHost, AgendaItem, Attendance
from ronghe.domain.rhythm.rules import PLAN_ACTIVITY, RUN_ACTIVITY, RUNNERS
from ronghe.domain.rhythm.selectors import activities_seen_by, expected_people

MOST_MEETINGS = 16
MOST_BODIES = 6
CLOSED_KEPT = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class SnapshotPerson:
    """One line of a sign-in sheet as the phone shows it."""

    person: Person
    status: str | None = None
    way: str | None = None
    time: datetime | None = None
    leave_kind: str | None = None


@dataclass(frozen=True, slots=True)
class SnapshotMeeting:
    """A gathering, its people (all of them for whoever runs it, else only oneself), its agenda, and the rights."""

    activity: Activity
    can_run: bool
    people: list[SnapshotPerson]
    agenda: list[AgendaItem]


@dataclass(frozen=True, slots=True)
class SnapshotHuddle:
    """Huddles that the person may open without having planned them, and whom they would expect.

    All kinds are there: a phone that was last on line in the evening leaves out what it knows to be held on its own day.
    """

    body: PartyOrg
    kinds: list[ActivityType]
    people: list[SnapshotPerson]


@dataclass(frozen=True, slots=True)
class Snapshot:
    at: datetime
    person: Person
    device: Device | None = None
    meetings: list[SnapshotMeeting] = field(default_factory=list)
    huddles: list[SnapshotHuddle] = field(default_factory=list)
    permits: list[CarriedPermit] = field(default_factory=list)


def snapshot_for(person: Person, at: datetime, *, key: str = "") -> Snapshot:
    """Return what the person's phone takes along; `key` names the device that asks, so that it learns its own state."""
    device = Device.objects.filter(person=person, key=key).first() if key else None
    activities = _gatherings(person, at)
    meetings = _meetings(person, activities, at)
    return Snapshot(at, person, device, meetings, _huddles(person, at), permits_carried(person, at))


def _gatherings(person: Person, at: datetime) -> list[Activity]:
    today = local_day(at)
    mine = standing_of(person, today).bodies
    run_at = {post.body_id for post in posts_of(person, today) if post.body_id and post.role in RUNNERS}
    bodies = sorted({*mine, *run_at})
    here = Q(body__in=bodies) | Q(pk__in=ActivityHost.objects.filter(body__in=bodies).order_by().values("activity_id"))
    rows = activities_seen_by(person, at).filter(
        here | Q(chair=person) | Q(recorder=person), day__in=[today, today + timedelta(days=1)]
    )
    found = rows.exclude(state=ActivityState.CALLED_OFF).order_by("day", "scheduled_from", "pk")[:MOST_MEETINGS]
    return [row for row in found if row.closed_at is None or at - row.closed_at < CLOSED_KEPT]


def _meetings(person: Person, activities: list[Activity], at: datetime) -> list[SnapshotMeeting]:
    agenda: dict[int, list[AgendaItem]] = defaultdict(list)
    noted: dict[int, dict[int, Attendance]] = defaultdict(dict)
    if activities:
        for item in AgendaItem.objects.filter(activity__in=activities).order_by("activity", "number"):
            agenda[item.activity_id].append(item)
        rows = Attendance.objects.filter(activity__in=activities).select_related("person", "person__unit")
        for row in rows.order_by("pk"):
            noted[row.activity_id][row.person_id] = row
    return [_meeting(person, one, agenda[one.pk], noted[one.pk], at) for one in activities]


def _meeting(
    person: Person, activity: Activity, agenda: list[AgendaItem], noted: dict[int, Attendance], at: datetime
) -> SnapshotMeeting:
    can_run = RUN_ACTIVITY.allows(person, activity, at=at)
    if can_run:
        known = {one.pk: one for one in expected_people(activity)}
        known |= {row.person_id: row.person for row in noted.values() if row.person_id not in known}
        shown = list(known.values())
    else:
        shown = [person]
    return SnapshotMeeting(activity, can_run, [_line(one, noted.get(one.pk)) for one in shown], agenda)


def _line(person: Person, row: Attendance | None) -> SnapshotPerson:
    if row is None or row.status == AttendanceStatus.ABSENT:
        return SnapshotPerson(person)
    return SnapshotPerson(person, row.status, row.way, row.signed_at, row.leave_kind)


def _huddles(person: Person, at: datetime) -> list[SnapshotHuddle]:
    today = local_day(at)
    run_at = {post.body_id for post in posts_of(person, today) if post.body_id and post.role in RUNNERS}
    if not run_at:
        return []
    rows = PLAN_ACTIVITY.narrow(person, PartyOrg.objects.filter(pk__in=sorted(run_at), valid_until=None), at=at)
    found = []
    for body in rows.select_related("unit").order_by("name", "pk")[:MOST_BODIES]:
        wanted = HUDDLES & TYPES_OF_TREE[body.tree]
        kinds = [kind for kind in ActivityType if kind in wanted]
        if kinds:
            would_be = Activity(activity_type=kinds[0], body=body, day=today)
            people = [SnapshotPerson(one) for one in expected_people(would_be)]
            found.append(SnapshotHuddle(body, kinds, people))
    return found
