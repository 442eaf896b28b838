"""Whose programme it is: the body that the studies are held in, and the bodies of all sides."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q, QuerySet

from ronghe.domain.agreements.enums import BINDING
from ronghe.domain.agreements.models import Agreement
from ronghe.domain.exchange.models import StudyProgramme
from ronghe.domain.exchange.rules import OPEN_PROGRAMME
from ronghe.domain.org.models import PartyOrg, Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.taskforces.enums import OPEN_POINTS
from ronghe.domain.taskforces.models import DifficultPoint, TaskForce
from ronghe.domain.taskforces.rules import SEE_POINT
from ronghe.domain.taskforces.selectors import forces_seen_by
from ronghe.domain.zones.models import CollaborationZone
from ronghe.domain.zones.selectors import participating_units, zones_seen_by


@dataclass(frozen=True, slots=True)
class Holder:
    """`main` holds the studies; `sides` read and keep the programme, those in `hosts` hold them together with it."""

    main: PartyOrg
    sides: tuple[PartyOrg, ...]
    hosts: Collection[int] = frozenset()


def holder_of_body(
    *, body: PartyOrg | None, task_force: TaskForce | None, zone: CollaborationZone | None, agreement: Agreement | None,
    day: date | None = None,
) -> Holder | None:  # fmt: skip
    """Return the holder; `None` where the task force or zone has no body yet, or nothing was named.

    People of both sides take part in the body of a task force or zone, so the sides host nothing besides; an agreement has
    no body, so the other sides host with the one that plans.
    """
    if task_force is not None:
        if task_force.body is None:
            return None
        sides = [side.body for side in task_force.sides.select_related("body").order_by("pk")]
        return Holder(task_force.body, _once([task_force.body, *sides]))
    if zone is not None:
        if zone.body is None:
            return None
        parties = participating_units(zone, day or zone.started_on or local_day(zone.proposed_at))
        return Holder(zone.body, _once([zone.body, *(one.home_branch for one in parties if one.home_branch)]))
    if agreement is not None:
        parts = [party.body for party in agreement.parties.select_related("body").order_by("position")]
        main = body if body is not None and body.pk in {part.pk for part in parts} else parts[0]
        return Holder(main, _once([main, *parts]), frozenset(part.pk for part in parts if part.pk != main.pk))
    return Holder(body, (body,)) if body is not None else None


def main_of_agreement(agreement: Agreement, actor: Person, at: datetime) -> PartyOrg | None:
    """Return the actor's own side of an agreement: the first one that the actor leads."""
    parts = [party.body for party in agreement.parties.select_related("body").order_by("position")]
    return next((part for part in parts if OPEN_PROGRAMME.allows(actor, part, at=at)), None)


def forces_to_hold(actor: Person, at: datetime) -> QuerySet[TaskForce]:
    """Return the running task forces that `actor` sees, as holders to choose from."""
    return forces_seen_by(actor, at).filter(body__isnull=False, closed_at=None)


def zones_to_hold(actor: Person, at: datetime) -> QuerySet[CollaborationZone]:
    """Return the living zones that `actor` sees, as holders to choose from."""
    return zones_seen_by(actor, at).filter(body__isnull=False, dissolved_on=None)


def agreements_to_hold(actor: Person, at: datetime) -> QuerySet[Agreement]:
    """Return the agreements in force of which the actor leads a side, by title."""
    led = OPEN_PROGRAMME.narrow(actor, PartyOrg.objects.all(), at=at).order_by().values("pk")
    rows = Agreement.objects.filter(state__in=sorted(BINDING), parties__body__in=led).distinct()
    return rows.order_by("title", "pk")


def points_to_study(programme: StudyProgramme, actor: Person, at: datetime) -> QuerySet[DifficultPoint]:
    """Return the open difficult points of the programme's sides that are not listed yet, as far as `actor` sees them."""
    of = Q(pk=None)
    if programme.task_force_id is not None:
        of |= Q(task_force=programme.task_force_id)
    if programme.zone_id is not None:
        of |= Q(task_force__zone=programme.zone_id)
    if programme.agreement_id is not None:
        of |= Q(task_force__agreement=programme.agreement_id)
    listed = programme.lines.exclude(state="dropped").filter(point__isnull=False).order_by().values("point_id")
    rows = DifficultPoint.objects.filter(of, state__in=sorted(OPEN_POINTS)).exclude(pk__in=listed)
    return SEE_POINT.narrow(actor, rows, at=at).select_related("task_force").order_by("due_on", "pk")


def _once(bodies: list[PartyOrg]) -> tuple[PartyOrg, ...]:
    return tuple({body.pk: body for body in bodies}.values())
