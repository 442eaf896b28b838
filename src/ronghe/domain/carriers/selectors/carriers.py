"""Carriers: lists, one with its people and history, what waits for whom, how much one person carries."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Q, QuerySet

from ronghe.domain.carriers.calc.shifts import hours_of
from ronghe.domain.carriers.calc.types import TEAMS
from ronghe.domain.carriers.enums import CarrierState, Part
from ronghe.domain.carriers.models import Carrier, CarrierMember
from ronghe.domain.carriers.rules import CALL_UP, DECIDE, END, PROPOSE, REVIEW, SEE_CARRIER
from ronghe.domain.elections.calc.terms import add_months
from ronghe.domain.org.enums import MembershipKind
from ronghe.domain.org.models import AdminUnit, Membership, PartyOrg, Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.playbooks.selectors.adoptions import key_of
from ronghe.kernel.access.listing import Listed, list_seen
from ronghe.kernel.db.tree import descendants, on_day

_PARTS = tuple(Part)
JOINED = ("body", "zone", "project", "force", "lead")


def carriers_seen_by(actor: Person, at: datetime) -> QuerySet[Carrier]:
    """Return the carriers that `actor` may see, the newest first: to be cut to one or a few."""
    rows = SEE_CARRIER.narrow(actor, Carrier.objects.all(), at=at, walk=True)
    return rows.select_related(*JOINED, "proposed_by", "decided_by").order_by("-proposed_at", "-pk")


def carriers_filtered(
    actor: Person, at: datetime, *, words: str = "", type_: str = "", state: str = "", mine: bool = False,
    body: int | None = None, zone: int | None = None, due: bool = False,
) -> QuerySet[Carrier]:  # fmt: skip
    """Return carriers by these filters, whoever may see them; `words` occur in name, place, body or head."""
    rows = Carrier.objects.select_related(*JOINED)
    if words:
        rows = rows.filter(
            Q(name__contains=words) | Q(place__contains=words) | Q(body__name__contains=words)
            | Q(lead__name__contains=words)
        )  # fmt: skip
    if type_:
        rows = rows.filter(type=type_)
    if state:
        rows = rows.filter(state=state)
    if mine:
        inside = CarrierMember.objects.filter(on_day(local_day(at)), person=actor).order_by()
        rows = rows.filter(pk__in=inside.values("carrier_id"))
    if due:
        rows = rows.filter(_due_on(local_day(at)))
    if body is not None:
        rows = rows.filter(body=body)
    return rows.filter(zone=zone) if zone is not None else rows


def list_carriers(
    actor: Person, at: datetime, rows: QuerySet[Carrier], *, order_by: Sequence[Any] = ("-proposed_at",), page: int = 1,
    size: int = 20,
) -> Listed[Carrier]:  # fmt: skip
    """Return one page of `rows` as far as `actor` may see them; two statements."""
    return list_seen(SEE_CARRIER, actor, rows, order_by=order_by, at=at, page=page, size=size)


def bodies_to_propose_for(actor: Person, at: datetime) -> QuerySet[PartyOrg]:
    """Return the bodies for which `actor` may propose a carrier, by name."""
    return PROPOSE.narrow(actor, PartyOrg.objects.filter(valid_until=None), at=at).order_by("name", "pk")


def may_belong(body: PartyOrg, zone_body: int | None, at: datetime) -> QuerySet[Person]:
    """Return who may be in a carrier of `body`, by name: whoever belongs to it or below, to the zone, or to its unit."""
    day = local_day(at)
    below = descendants(PartyOrg, [body.pk], day=day)
    kinds = [MembershipKind.HOME, MembershipKind.PARTICIPATION]
    inside = Membership.objects.filter(on_day(day), kind__in=kinds).order_by()
    who = Q(pk__in=inside.filter(body_id__in=below).values("person_id"))
    if zone_body is not None:
        who |= Q(pk__in=inside.filter(body=zone_body).values("person_id"))
    if body.unit_id is not None:
        who |= Q(unit__in=descendants(AdminUnit, [body.unit_id], day=day))
    rows = Person.objects.filter(who, Q(valid_until=None) | Q(valid_until__gt=day))
    return rows.select_related("unit").order_by("name", "pk")


def people_of(carrier: Carrier) -> list[CarrierMember]:
    """Return everybody who is or was in a carrier: those inside first, the head in front, then the deputies, then by name."""
    rows = list(carrier.members.select_related("person__unit").order_by("person__name", "pk"))
    return sorted(rows, key=lambda row: (row.valid_until is not None, _PARTS.index(Part(row.part))))


def carriers_to_decide(actor: Person, at: datetime) -> QuerySet[Carrier]:
    """Return the carriers that wait for `actor` to approve them, the longest waiting first."""
    rows = DECIDE.narrow(actor, Carrier.objects.filter(state=CarrierState.PROPOSED), at=at)
    return rows.select_related("body", "lead").order_by("proposed_at", "pk")


def carriers_due(actor: Person, at: datetime) -> QuerySet[Carrier]:
    """Return the active carriers that `actor` is to review, or to renew or end because their time is over."""
    rows = Carrier.objects.filter(state=CarrierState.ACTIVE)
    day = local_day(at)
    review = REVIEW.narrow(actor, rows.filter(review_on__lte=day, until_on__gt=day), at=at).order_by().values("pk")
    over = END.narrow(actor, rows.filter(until_on__lte=day), at=at).order_by().values("pk")
    found = Carrier.objects.filter(pk__in=review.union(over))
    return found.select_related("body", "lead").order_by("until_on", "pk")


def teams_to_call(actor: Person, at: datetime) -> QuerySet[Carrier]:
    """Return the active teams that `actor` may call up, those free first, the own one in front."""
    rows = CALL_UP.narrow(actor, Carrier.objects.filter(type__in=TEAMS, state=CarrierState.ACTIVE), at=at)
    busy = rows.filter(call_teams__is_busy=True).order_by().values("pk")
    return rows.exclude(pk__in=busy).select_related("body", "lead", "zone").order_by("type", "name", "pk")


@dataclass(slots=True)
class Load:
    """How much one person carries: the active carriers with the part in each, and promises still open."""

    person: Person
    parts: list[CarrierMember] = field(default_factory=list)
    promises: int = 0
    minutes: int = 0
    """Held in shifts of call-ups in the year."""

    @property
    def count(self) -> int:
        return len(self.parts)

    @property
    def hours(self) -> Decimal:
        return hours_of(self.minutes)


def parts_of(people: Collection[int], day: date) -> dict[int, list[CarrierMember]]:
    """Return the parts of several people in active carriers by person; one statement."""
    rows = CarrierMember.objects.filter(on_day(day), person__in=people, carrier__state=CarrierState.ACTIVE)
    found: dict[int, list[CarrierMember]] = {}
    for row in rows.select_related("carrier").order_by("carrier__name", "pk"):
        found.setdefault(row.person_id, []).append(row)
    return found


def next_review(carrier: Carrier, day: date) -> date:
    """Return when a carrier that was looked at on `day` is to be looked at again: at its end at the latest (PP-07)."""
    months = key_of("carrier_review_months", carrier.body, day)
    return min(add_months(day, months), carrier.until_on)


def _due_on(day: date) -> Q:
    return Q(state=CarrierState.ACTIVE) & (Q(review_on__lte=day) | Q(until_on__lte=day))
