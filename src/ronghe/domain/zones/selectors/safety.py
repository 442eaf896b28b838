"""What PC-08 asks of a zone and what of it is filled: the safety agreements of its projects, and the officer."""

from __future__ import annotations

from datetime import date

from django.db.models import Q, QuerySet

from ronghe.domain.agreements.enums import AgreementKind, AgreementState
from ronghe.domain.agreements.models import Agreement
from ronghe.domain.org.enums import PostRole
from ronghe.domain.org.models import PostHolding
from ronghe.domain.zones.calc.safety import SafetyState, safety_state
from ronghe.domain.zones.enums import WORKING_ROLES
from ronghe.domain.zones.models import CollaborationZone, ZoneProject
from ronghe.kernel.db.tree import on_day


def safety_of(zone: CollaborationZone, day: date) -> SafetyState:
    """Return what is filled and missing on `day` (PC-08); three statements.

    The dedicated officer is the one an agreement names, or whoever holds that post in the zone.
    """
    working = zone.participating_units.filter(on_day(day), role__in=sorted(WORKING_ROLES)).order_by()
    agreed: dict[int, set[int]] = {}
    officers: set[int] = set()
    for pk, officer, unit in (
        safety_agreements_of(zone, day).order_by().values_list("pk", "safety_officer_id", "parties__unit_id")
    ):
        agreed.setdefault(pk, set()).add(unit)
        officers |= {officer} if officer else set()
    units = [frozenset(found - {None}) for found in agreed.values()]
    held = len(officers) or officers_of(zone, day).count()
    return safety_state(set(working.values_list("unit_id", flat=True)), units, held)


def officers_of(zone: CollaborationZone, day: date) -> QuerySet[PostHolding]:
    """Return the posts of safety officer in the zone's two bodies on `day`; nobody before the start."""
    place = Q(body__isnull=False, body=zone.body_id) | Q(unit__isnull=False, unit=zone.office_id)
    rows = PostHolding.objects.filter(place, on_day(day), role=PostRole.HSE_OFFICER)
    return rows.select_related("person__unit").order_by("person__name", "pk")


def safety_agreements_of(zone: CollaborationZone, day: date) -> QuerySet[Agreement]:
    """Return the safety agreements on the zone's projects that hold on `day`, the latest first."""
    mine = ZoneProject.objects.filter(on_day(day), zone=zone).order_by().values("project_id")
    rows = Agreement.objects.filter(
        kind=AgreementKind.SAFETY, state=AgreementState.IN_FORCE, project__in=mine, valid_from__lte=day,
        valid_until__gt=day,
    )  # fmt: skip
    return rows.order_by("-valid_from", "-pk")
