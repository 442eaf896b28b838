"""今日: what I owe today, in order, on one screen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from ronghe.domain.obligations.enums import ObligationState
from ronghe.domain.obligations.models import Obligation
from ronghe.domain.obligations.rules import SEE_OBLIGATION
from ronghe.domain.org.models import PartyOrg, Person
from ronghe.domain.org.rules.reaches import posts_of
from ronghe.domain.rhythm.enums import ActivityState, ActivityType
from ronghe.domain.rhythm.models import Activity
from ronghe.domain.rhythm.rules import PLAN_ACTIVITY
from ronghe.domain.rhythm.selectors import activities_seen_by
from ronghe.domain.rhythm.services.codes import member_card
from ronghe.domain.work.selectors import tasks_of, tasks_to_settle
from ronghe.domain.zones.models import CollaborationZone
from ronghe.ui.formats import clock, moment_of
from ronghe.web.requests import actor_of

SHOWN = 12


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
    present: int = 0
    expected: int = 0

    @property
    def is_open(self) -> bool:
        return self.activity is not None and self.activity.state == ActivityState.OPEN

    @property
    def is_closed(self) -> bool:
        return self.activity is not None and self.activity.state == ActivityState.CLOSED


@login_required
def today(request: HttpRequest) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    if request.user.administrator:  # type: ignore[union-attr]
        return redirect("web:administration")
    day = timezone.localdate(now)
    items = _tasks(actor, now) + _duties(actor, now, day)
    held = _held_today(actor, now, day)
    context = {
        "day": day,
        "huddles": _huddles(actor, now, day),
        "items": items[:SHOWN],
        "decisions": _decisions(actor, now),
        "held": held,
        "done_count": len(held),
        "all_count": len(items) + len(held),
        "posts": [post.get_role_display() for post in posts_of(actor, day)],
    }
    return render(request, "web/today.html", context)


@login_required
def me(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    context = {"person": actor, "card": member_card(actor), "posts": list(_post_lines(actor))}
    return render(request, "web/me.html", context)


def _huddles(actor: Person, now: datetime, day: date) -> list[HuddleCard]:
    """The morning's huddle until noon, then the evening's, of every zone that the actor leads or takes part in."""
    zones = list(_my_zones(actor, now))
    kind = ActivityType.MORNING_HUDDLE if timezone.localtime(now).hour < 12 else ActivityType.EVENING_HUDDLE
    rows = Activity.objects.filter(body__in=[zone.body_id for zone in zones], activity_type=kind, day=day)
    by_body = {row.body_id: row for row in rows}
    cards = []
    for zone in zones:
        activity = by_body.get(zone.body_id or 0)
        present = activity.attendances.filter(status="present").count() if activity else 0
        expected = zone.body.memberships.filter(valid_until=None).count() if zone.body else 0
        cards.append(HuddleCard(zone, kind.value, str(kind.label), activity, present, expected))
    return cards


def _my_zones(actor: Person, now: datetime) -> Any:
    """The zones whose huddle the actor may open."""
    leads = PLAN_ACTIVITY.narrow(actor, PartyOrg.objects.filter(valid_until=None), at=now).order_by().values("pk")
    return CollaborationZone.objects.running().filter(body__in=leads).select_related("body").order_by("name", "pk")[:3]  # type: ignore[attr-defined]


def _tasks(actor: Person, now: datetime) -> list[DayItem]:
    return [
        DayItem(
            title=task.title,
            state="failed" if task.is_overdue(now) else "due",
            time=moment_of(task.due_at),
            note=_("任务 · %(body)s") % {"body": task.body.name},
            href=reverse("web:task_detail", args=[task.pk]),
        )
        for task in tasks_of(actor)[:SHOWN]
    ]


def _duties(actor: Person, now: datetime, day: date) -> list[DayItem]:
    """What the actor's bodies owe by today, for whoever answers for them."""
    rows = SEE_OBLIGATION.narrow(actor, Obligation.objects.open_on(day), at=now)  # type: ignore[attr-defined]
    rows = rows.with_state(day).select_related("body", "version").order_by("due_on", "pk")  # type: ignore[attr-defined]
    held = {post.role for post in posts_of(actor, day)}
    items = []
    for row in rows[: SHOWN * 2]:
        mechanism = row.definition
        if mechanism.answers not in held:
            continue
        items.append(
            DayItem(
                title=row.title,
                state=str(ObligationState(row.state)),
                time=clock(row.starts_at) if row.starts_at else "",
                note=_("%(body)s · %(due)s 前") % {"body": row.body.name, "due": f"{row.due_on:%m-%d}"},
                href=reverse("web:obligation_detail", args=[row.pk]),
            )
        )
    return items


def _decisions(actor: Person, now: datetime) -> list[DayItem]:
    return [
        DayItem(
            title=task.title,
            state="attention",
            time=moment_of(task.submitted_at),
            note=_("%(name)s提交，请验收") % {"name": task.assignee.name},
            href=reverse("web:task_detail", args=[task.pk]),
        )
        for task in tasks_to_settle(actor, now)[:SHOWN]
    ]


def _held_today(actor: Person, now: datetime, day: date) -> list[DayItem]:
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


def _post_lines(actor: Person) -> list[str]:
    rows = actor.posts.filter(valid_until=None).select_related("body", "unit").order_by("pk")
    return [f"{row.body or row.unit} {row.get_role_display()}" for row in rows]
