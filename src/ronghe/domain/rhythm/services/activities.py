"""Activities are planned and opened."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.db import IntegrityError, transaction

from ronghe.domain.org.models import PartyOrg, Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.rhythm.enums import (
    ACTIVITY_FLOW,
    HUDDLES,
    SAFETY_CHECKS,
    TYPES_OF_TREE,
    ActivityState,
    ActivityType,
    ItemOrigin,
)
from ronghe.domain.rhythm.facts import ACTIVITY_OPENED, ACTIVITY_PLANNED, CHAIR_NAMED
from ronghe.domain.rhythm.models import Activity, AgendaItem
from ronghe.domain.rhythm.rules import CHAIR_ACTIVITY, PLAN_ACTIVITY, PLAN_CHECK, RUN_ACTIVITY, right_to_plan
from ronghe.domain.rhythm.selectors import huddle_on
from ronghe.domain.rhythm.selectors.expected import lead_of
from ronghe.domain.rhythm.selectors.followup import FOLLOW_UP_TITLE, follow_up_lines, follow_up_of
from ronghe.domain.rhythm.selectors.forms import adopted_form
from ronghe.domain.rhythm.selectors.voting import default_matter
from ronghe.domain.rhythm.services.hosts import HostAs, add_host
from ronghe.domain.rhythm.services.sign_in import sign_in_by_opening
from ronghe.domain.zones.selectors import zone_of
from ronghe.kernel.errors import DomainError
from ronghe.kernel.facts.kinds import FactKind
from ronghe.kernel.facts.record import Draft, record
from ronghe.kernel.words import N_, _
from ronghe.kernel.workflow import StepNotAllowed


class HuddleAlreadyThere(DomainError):
    code = "huddle_already_there"
    sentence = N_("“%(body)s”%(day)s的%(activity_type)s已经有了，请打开那一条。")


class NotAHuddle(DomainError):
    code = "not_a_huddle"
    sentence = N_("“%(activity_type)s”不是碰头会，请先安排再开始。")
    status = 422


class ChairMissing(DomainError):
    code = "chair_missing"
    sentence = N_("“%(body)s”没有在任的书记、副书记。请先定谁主持，再开始。")


class ClerkChairs(DomainError):
    code = "clerk_chairs"
    sentence = N_("干事准备会议、做记录，不主持“%(body)s”的会。请选书记、副书记或委员主持。")
    status = 422


class NotASafetyCheck(DomainError):
    code = "not_a_safety_check"
    sentence = N_("“%(activity_type)s”不是安全检查，请先安排再开始。")
    status = 422


class CheckGoesOn(DomainError):
    code = "check_goes_on"
    sentence = N_("“%(body)s”今天的%(activity_type)s正在进行，请打开那一条接着填。")


class WindowEmpty(DomainError):
    code = "window_empty"
    sentence = N_("结束时间要晚于开始时间。")
    status = 422


class NotItsDay(DomainError):
    code = "not_its_day"
    sentence = N_("这场碰头安排在 %(day)s，只能在当天开始。")


class NotOfThisTree(DomainError):
    code = "not_of_this_tree"
    sentence = N_("“%(body)s”是%(tree)s，不安排%(activity_type)s，请换一类活动，或由相应组织安排后联办。")
    status = 422


@transaction.atomic
def plan_activity(
    *, activity_type: ActivityType, body: PartyOrg, place: str, scheduled_from: datetime, scheduled_until: datetime,
    actor: Person, at: datetime, chair: Person | None = None, recorder: Person | None = None,
    hosts: Sequence[HostAs] = (),
) -> Activity:  # fmt: skip
    """Plan an activity of `body`, alone or together with `hosts`; the chair is whoever plans it unless told.

    Planned by the body's clerk, who records it, it is chaired by the secretary, else the deputy.

    What `body` works by gives it its form: the agenda to begin with, checks and figures, who is expected, how one signs in.

    :raises WindowEmpty: it would end before it begins
    :raises NotOfThisTree: bodies of this tree hold no such gathering
    :raises HuddleAlreadyThere: the body has this huddle on that day
    :raises ClerkChairs: a clerk is to chair
    :raises HostRefused: a host among them cannot hold it together with the body
    """
    right_to_plan(activity_type).require(actor, body, at=at)
    if scheduled_until <= scheduled_from:
        raise WindowEmpty
    if activity_type not in TYPES_OF_TREE[body.tree]:
        raise NotOfThisTree(
            body=body.name, tree=_(str(body.tree.label)), activity_type=_(str(ActivityType(activity_type).label))
        )
    activity = _create(
        activity_type, body, local_day(scheduled_from), place=place, scheduled_from=scheduled_from,
        scheduled_until=scheduled_until, chair=_chair_for(body, chair, actor, at),
        recorder=recorder or _clerk(body, actor, at),
    )  # fmt: skip
    _record(activity, ACTIVITY_PLANNED, actor, at)
    for host in hosts:
        add_host(activity=activity, host=host, actor=actor, at=at)
    return activity


@transaction.atomic
def open_activity(*, activity: Activity, actor: Person, at: datetime) -> Activity:
    """Open a planned activity; from now on people sign in. Held on another day than planned, it counts for that day.

    The agenda of a meeting begins with what became of the last one's decisions.

    :raises NotItsDay: a huddle belongs to its day
    :raises ChairMissing: opened by the clerk of a body that nobody leads
    :raises StepNotAllowed: it is open or closed
    """
    RUN_ACTIVITY.require(actor, activity, at=at)
    day = local_day(at)
    if activity.is_huddle and activity.day != day:
        raise NotItsDay(day=activity.day)
    chair = activity.chair or _chair_for(activity.body, None, actor, at)
    if chair is None:
        raise ChairMissing(body=activity.body.name)
    ACTIVITY_FLOW.advance(activity, "open", opened_at=at, day=day, chair=chair, recorder=activity.recorder or actor)
    if not activity.is_huddle:
        _put_follow_up_first(activity)
    _record(activity, ACTIVITY_OPENED, actor, at)
    return activity


@transaction.atomic
def open_huddle(
    *, body: PartyOrg, activity_type: ActivityType, actor: Person, at: datetime, place: str | None = None
) -> Activity:
    """Open the huddle of the day of `at` in Shanghai, planned or not; the actor chairs and keeps the record.

    :raises ChairMissing: opened by the clerk of a body that nobody leads
    :raises NotAHuddle: meetings are planned first
    :raises HuddleAlreadyThere: it is open or closed
    """
    PLAN_ACTIVITY.require(actor, body, at=at)
    if activity_type not in HUDDLES:
        raise NotAHuddle(activity_type=ActivityType(activity_type).label)
    day = local_day(at)
    planned = huddle_on(body, activity_type, day)
    if planned is not None and planned.state == ActivityState.PLANNED:
        return open_activity(activity=planned, actor=actor, at=at)
    chair = _chair_for(body, None, actor, at)
    if chair is None:
        raise ChairMissing(body=body.name)
    activity = _create(
        activity_type, body, day, place=place, state=ActivityState.OPEN, chair=chair, recorder=actor, opened_at=at
    )
    _record(activity, ACTIVITY_OPENED, actor, at)
    return activity


@transaction.atomic
def name_chair(*, activity: Activity, person: Person, actor: Person, at: datetime) -> Activity:
    """Say who chairs, while it is planned or open; anybody but somebody who is the body's clerk and nothing else.

    :raises ClerkChairs: the clerk
    :raises StepNotAllowed: it is closed or called off
    """
    RUN_ACTIVITY.require(actor, activity, at=at)
    if activity.state not in (ActivityState.PLANNED, ActivityState.OPEN):
        raise StepNotAllowed(state=activity.get_state_display())
    if _only_records(activity.body, person, at):
        raise ClerkChairs(body=activity.body.name)
    activity.chair = person
    activity.save(update_fields=["chair"])
    attributes = {"activity_type": activity.activity_type}
    record(Draft(CHAIR_NAMED, at, actor, about=person, body=activity.body_id, zone=activity.zone_id,
                 attributes=attributes, source=activity))  # fmt: skip
    return activity


@transaction.atomic
def open_check(
    *, body: PartyOrg, activity_type: ActivityType, actor: Person, at: datetime, place: str | None = None
) -> Activity:
    """Begin a safety check of today, planned or not; the actor makes the round, and so is there and keeps the record.

    :raises NotASafetyCheck: everything else is planned first
    :raises CheckGoesOn: one of this kind is open today
    """
    PLAN_CHECK.require(actor, body, at=at)
    if activity_type not in SAFETY_CHECKS:
        raise NotASafetyCheck(activity_type=_(str(ActivityType(activity_type).label)))
    day = local_day(at)
    # Two taps make one check: the row of the body is held while it is asked whether one goes on.
    PartyOrg.objects.select_for_update().get(pk=body.pk)
    today = Activity.objects.filter(body=body, activity_type=activity_type, day=day)
    if today.filter(state=ActivityState.OPEN).exists():
        raise CheckGoesOn(body=body.name, activity_type=_(str(ActivityType(activity_type).label)))
    rows = today.filter(state=ActivityState.PLANNED).select_related("body", "zone", "chair", "recorder", "version")
    planned = rows.order_by("scheduled_from", "pk").first()
    if planned is not None:
        activity = open_activity(activity=planned, actor=actor, at=at)
    else:
        chair = _chair_for(body, None, actor, at) or actor
        activity = _create(
            activity_type, body, day, place=place, state=ActivityState.OPEN, chair=chair, recorder=actor, opened_at=at
        )
        _record(activity, ACTIVITY_OPENED, actor, at)
    sign_in_by_opening(activity, actor, at)
    return activity


def _only_records(body: PartyOrg, person: Person, at: datetime) -> bool:
    """Tell whether a person plans for the body as its clerk and by no other post."""
    return PLAN_ACTIVITY.allows(person, body, at=at) and not CHAIR_ACTIVITY.allows(person, body, at=at)


def _clerk(body: PartyOrg, actor: Person, at: datetime) -> Person | None:
    return actor if _only_records(body, actor, at) else None


def _chair_for(body: PartyOrg, asked: Person | None, actor: Person, at: datetime) -> Person | None:
    if asked is not None and asked.pk == actor.pk and _only_records(body, actor, at):
        raise ClerkChairs(body=body.name)
    return asked or (lead_of(body, local_day(at)) if _only_records(body, actor, at) else actor)


def _create(activity_type: ActivityType, body: PartyOrg, day: date, *, place: str | None, **values: object) -> Activity:
    zone, found = zone_of(body), adopted_form(body, activity_type, day)
    version, mechanism = found or (None, None)
    held_at = place or (zone.place if zone is not None else None) or (body.unit.name if body.unit else body.name)
    try:
        with transaction.atomic():
            activity = Activity.objects.create(
                activity_type=activity_type, body=body, zone=zone, day=day, place=held_at, version=version,
                mechanism=mechanism.id if mechanism is not None else None, **values,
            )  # fmt: skip
    except IntegrityError as error:
        name = ActivityType(activity_type).label
        raise HuddleAlreadyThere(body=body.name, day=day, activity_type=name) from error
    AgendaItem.objects.bulk_create(
        AgendaItem(activity=activity, number=number, topic=topic.zh, origin=ItemOrigin.FORM,
                   matter=default_matter(activity_type))
        for number, topic in enumerate(mechanism.agenda if mechanism is not None else (), start=1)
    )  # fmt: skip
    return activity


def _put_follow_up_first(activity: Activity) -> None:
    """Let the agenda begin with what became of the last meeting's decisions, as it stands now.

    Where the form has a line for it, it is that line; the record then keeps how things stood on this day.
    """
    follow_up = follow_up_of(activity)
    if follow_up is None:
        return
    notes = "\n".join(follow_up_lines(follow_up))
    own = activity.agenda_items.filter(origin=ItemOrigin.FORM, topic=FOLLOW_UP_TITLE)
    if own.update(notes=notes, origin=ItemOrigin.FOLLOW_UP):
        return
    for item in activity.agenda_items.order_by("-number"):  # the last one first: two never share a number
        item.number += 1
        item.save(update_fields=["number"])
    AgendaItem.objects.create(
        activity=activity, number=1, topic=FOLLOW_UP_TITLE, notes=notes, origin=ItemOrigin.FOLLOW_UP
    )


def _record(activity: Activity, kind: FactKind, actor: Person, at: datetime) -> None:
    attributes = {"activity_type": activity.activity_type, "day": activity.day}
    record(Draft(kind, at, actor, body=activity.body_id, zone=activity.zone_id, attributes=attributes, source=activity))
