"""What one person's day consists of: where to sign in now, what is owed, what waits for a decision, what was held."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from ronghe.domain.contacts.selectors import visits_due_of
from ronghe.domain.elections.enums import TermDue
from ronghe.domain.elections.selectors.terms import reminders_for
from ronghe.domain.obligations.enums import ObligationState
from ronghe.domain.obligations.models import Obligation
from ronghe.domain.org.models import Membership, PartyOrg, Person
from ronghe.domain.org.rules.reaches import posts_of
from ronghe.domain.rhythm.enums import ActivityState, ActivityType, AttendanceStatus
from ronghe.domain.rhythm.models import Activity, Attendance
from ronghe.domain.rhythm.rules import PLAN_ACTIVITY
from ronghe.domain.rhythm.selectors import activities_seen_by, open_activities_of
from ronghe.domain.work.selectors import tasks_of, tasks_to_settle
from ronghe.domain.zones.models import CollaborationZone
from ronghe.kernel.db.tree import on_day
from ronghe.kernel.words import counted
from ronghe.ui.formats import clock, moment_of
from ronghe.ui.formats import day as in_words

SHOWN = 12
VISITS_SHOWN = 4
ZONES_SHOWN = 3
PLANNED_AHEAD = timedelta(days=7)
NOON = 12
TERM_SHAPES = {
    TermDue.OVERDUE: "failed",
    TermDue.ONE_MONTH: "attention",
    TermDue.THREE_MONTHS: "due",
    TermDue.SIX_MONTHS: "upcoming",
}


@dataclass(frozen=True, slots=True)
class DayItem:
    """One line of the day."""

    title: str
    state: str
    time: str = ""
    note: str = ""
    href: str = ""
    past: bool = False


@dataclass(frozen=True, slots=True)
class HuddleCard:
    """The huddle of a zone as it stands today: to be opened, open, or closed."""

    zone: CollaborationZone
    kind: str
    title: str
    activity: Activity | None
    present: int
    expected: int

    @property
    def is_open(self) -> bool:
        return self.activity is not None and self.activity.state == ActivityState.OPEN

    @property
    def is_closed(self) -> bool:
        return self.activity is not None and self.activity.state == ActivityState.CLOSED


@dataclass(frozen=True, slots=True)
class SignInCard:
    """An open activity of a body of mine; `signed_at` once I am there."""

    activity: Activity
    signed_at: datetime | None


def huddles_to_run(actor: Person, now: datetime, day: date) -> list[HuddleCard]:
    """Return the morning's huddle until noon, then the evening's, of the zones whose huddle the actor may open."""
    zones = _zones_run_by(actor, now)
    bodies = [zone.body_id for zone in zones]
    kind = ActivityType.MORNING_HUDDLE if timezone.localtime(now).hour < NOON else ActivityType.EVENING_HUDDLE
    rows = Activity.objects.filter(body__in=bodies, activity_type=kind, day=day).order_by("pk")
    came = Count("attendances", filter=Q(attendances__status=AttendanceStatus.PRESENT))
    by_body = {row.body_id: row for row in rows.annotate(came_count=came)} if bodies else {}
    members = Membership.objects.filter(on_day(day), body__in=bodies).order_by().values("body_id")
    sizes = dict(members.values_list("body_id").annotate(size=Count("person", distinct=True))) if bodies else {}
    cards = []
    for zone in zones:
        activity = by_body.get(zone.body_id or 0)
        came_count = getattr(activity, "came_count", 0)
        expected = activity.expected_count if activity is not None else None
        cards.append(
            HuddleCard(zone, kind.value, str(kind.label), activity, came_count, expected or sizes.get(zone.body_id, 0))
        )
    return cards


def places_to_sign_in(actor: Person, now: datetime, *, but: set[int]) -> list[SignInCard]:
    """Return the open activities of the actor's bodies, the latest first, without those in `but`."""
    found = [row for row in open_activities_of(actor, now)[:SHOWN] if row.pk not in but]
    mine = Attendance.objects.filter(activity__in=found, person=actor, status=AttendanceStatus.PRESENT).order_by("pk")
    signed = dict(mine.values_list("activity_id", "signed_at")) if found else {}
    return [SignInCard(row, signed.get(row.pk)) for row in found]


def tasks_to_do(actor: Person, now: datetime) -> list[DayItem]:
    return [
        DayItem(
            title=task.title,
            state="failed" if task.is_overdue(now) else "due",
            time=clock(task.due_at) if timezone.localdate(task.due_at) == timezone.localdate(now) else "",
            note=_("任务 · %(due)s 前 · %(body)s") % {"due": moment_of(task.due_at), "body": task.body.name},
            href=reverse("web:task_detail", args=[task.pk]),
        )
        for task in tasks_of(actor)[:SHOWN]
    ]


def visits_to_make(actor: Person, day: date) -> list[DayItem]:
    """Return the contacts whose visit of the present period the actor still owes, the longest overdue first."""
    return [
        DayItem(
            title=_("走访：%(target)s") % {"target": contact.target.name},
            state="failed" if contact.due_on < day else "due",
            note=_("%(kind)s · %(due)s前") % {"kind": contact.get_kind_display(), "due": in_words(contact.due_on)},
            href=f"{reverse('web:visit_create')}?contact={contact.pk}",
        )
        for contact in visits_due_of(actor, day)[:VISITS_SHOWN]
    ]


def duties_of_posts(actor: Person, day: date) -> list[DayItem]:
    """Return what the actor answers for by a post in the very body that owes it, the earliest due first."""
    held = {(post.body_id, post.role) for post in posts_of(actor, day) if post.body_id is not None}
    if not held:
        return []
    rows: Any = Obligation.objects.open_on(day).filter(body__in=sorted({body for body, _role in held}))
    rows = rows.with_state(day).select_related("body", "version")
    rows = rows.order_by("due_on", F("starts_at").asc(nulls_last=True), "pk")
    return [
        DayItem(
            title=row.title,
            state=str(ObligationState(row.state)),
            time=clock(row.starts_at) if row.starts_at else "",
            note=_("%(body)s · %(due)s到期") % {"body": row.body.name, "due": in_words(row.due_on)},
            href=reverse("web:obligation_detail", args=[row.pk]),
        )
        for row in rows
        if (row.body_id, row.definition.answers) in held
    ]


def terms_to_renew(actor: Person, now: datetime) -> list[DayItem]:
    """Return the terms running out in the bodies that the actor leads, and one line for all below the actor's office."""
    told = reminders_for(actor, now)
    items = [
        DayItem(
            title=_("%(body)s第 %(number)s 届%(due)s")
            % {"body": state.body.name, "number": state.term.number, "due": state.due.label},
            state=TERM_SHAPES[state.due],
            note=_("%(day)s届满") % {"day": in_words(state.term.ends_on, "year")}
            + (_(" · 选举%(state)s") % {"state": state.election.get_state_display()} if state.election else ""),
            href=reverse("web:body_terms", args=[state.body.pk]),
        )
        for state in told.states[:SHOWN]
        if state.term is not None
    ]
    if told.below:
        items.append(
            DayItem(
                title=counted("下级有 %(count)s 个组织的任期将届满或已届满", told.below) % {"count": told.below},
                state="attention",
                note=_("任期换届"),
                href=f"{reverse('web:terms')}?due=pressing",
            )
        )
    return items


def planned_for(actor: Person, now: datetime, day: date) -> list[DayItem]:
    """Return the planned activities of today and the coming week that the actor may see, in their order."""
    rows = activities_seen_by(actor, now).filter(state=ActivityState.PLANNED, day__gte=day, day__lt=day + PLANNED_AHEAD)
    return [
        DayItem(
            title=str(row.get_activity_type_display()),
            state="due" if row.day == day else "upcoming",
            time=clock(row.scheduled_from) if row.scheduled_from else "",
            note=_("%(day)s · %(place)s · %(body)s")
            % {"day": in_words(row.day), "place": row.place, "body": row.body.name},
            href=reverse("web:activity_detail", args=[row.pk]),
        )
        for row in rows.order_by("day", "scheduled_from", "pk")[:SHOWN]
    ]


def waiting_for(actor: Person, now: datetime) -> list[DayItem]:
    """Return the submitted tasks that wait for the actor's decision."""
    return [
        DayItem(
            title=task.title,
            state="attention",
            note=_("%(name)s %(time)s 提交，请验收")
            % {"name": task.assignee.name, "time": moment_of(task.submitted_at)},
            href=reverse("web:task_detail", args=[task.pk]),
        )
        for task in tasks_to_settle(actor, now)[:SHOWN]
    ]


def held_on(actor: Person, now: datetime, day: date) -> list[DayItem]:
    """Return what was held and closed on the day."""
    rows = activities_seen_by(actor, now).filter(day=day, state=ActivityState.CLOSED)
    return [
        DayItem(
            title=str(row.get_activity_type_display()),
            state="done",
            time=clock(row.opened_at),
            note=_("%(body)s · %(count)s 人到场") % {"body": row.body.name, "count": row.present_count},
            href=reverse("web:activity_detail", args=[row.pk]),
            past=True,
        )
        for row in rows[:SHOWN]
    ]


def _zones_run_by(actor: Person, now: datetime) -> list[CollaborationZone]:
    led = PLAN_ACTIVITY.narrow(actor, PartyOrg.objects.filter(valid_until=None), at=now).order_by().values("pk")
    rows: Any = CollaborationZone.objects.running().filter(body__in=led)
    return list(rows.select_related("body").order_by("name", "pk")[:ZONES_SHOWN])
