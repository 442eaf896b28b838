"""Reading a part of the organization into a `GridState`: the same number of statements whatever its size."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from django.db.models import Count, Exists, F, FilteredRelation, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Coalesce

from ronghe.domain.contacts.models import ContactPoint
from ronghe.domain.elections.models import Term
from ronghe.domain.elections.rules import figures_in_force
from ronghe.domain.grid.calc.state import LEVELS, Body, GridState, Site, Unit
from ronghe.domain.grid.enums import OPEN_STATES, RequestState
from ronghe.domain.grid.models import GridLiaison, GridRequest
from ronghe.domain.grid.selectors.settings import settings_of
from ronghe.domain.org.calc.thresholds import Figures
from ronghe.domain.org.enums import PARTY_KINDS, PARTY_MEMBERS, MembershipKind, PoliticalStatus, PostRole
from ronghe.domain.org.models import AdminUnit, Membership, PartyOrg, Person, PostHolding, StationMode
from ronghe.domain.org.selectors.headcounts import with_status
from ronghe.domain.pairing.models import GroupTeamLink
from ronghe.domain.structure.models import RuleFigure
from ronghe.domain.zones.models import CollaborationZone, ParticipatingUnit
from ronghe.kernel.calendar.moments import day_of
from ronghe.kernel.db.tree import descendants, on_day


def read_state(roots: Collection[int], day: date) -> GridState:
    """Return everything below the bodies `roots` as it stands on `day`."""
    below = descendants(PartyOrg, list(roots), day=day)
    carried = PartyOrg.objects.filter(on_day(day), pk__in=below, unit__isnull=False).order_by()
    inside = descendants(AdminUnit, carried.values("unit_id"), day=day)
    bodies = _bodies(below, day)
    units = _units(inside, day)
    homes = _count_members(bodies, below, day)
    _mark_posts(bodies, units, below, inside, day)
    _mark_terms(bodies, below, day)
    _count_requests(bodies, below, day)
    carriers, party_units = _carriers(inside, day)
    return GridState(
        day=day,
        roots=[pk for pk in roots if pk in bodies],
        bodies=bodies,
        units=units,
        carriers=carriers,
        homes_of_units=homes,
        pairs=dict(
            GroupTeamLink.objects.filter(on_day(day), group__in=below).order_by("pk").values_list("group_id", "team_id")
        ),
        party_units=party_units,
        sites=_sites(below, day),
        overloaded=_overloaded(bodies, below, day),
        figures=Figures(dict(RuleFigure.objects.order_by("pk").values_list("code", "figure"))),
        remind_months=figures_in_force().remind_months,
    )


def _parents(model: Any, below: Any, day: date) -> dict[int, int]:
    """Return what each node stood right below on `day`."""
    links = model.links().filter(on_day(day), depth=1, descendant_id__in=below).order_by()
    return dict(links.values_list("descendant_id", "ancestor_id"))


def _bodies(below: Any, day: date) -> dict[int, Body]:
    parents = _parents(PartyOrg, below, day)
    rows = PartyOrg.objects.filter(on_day(day), pk__in=below, kind__in=PARTY_KINDS).order_by("pk")
    return {
        pk: Body(pk, parents.get(pk), name, kind, unit, is_approved=bool(approval))
        for pk, name, kind, unit, approval in rows.values_list("pk", "name", "kind", "unit_id", "approval_ref")
    }


def _units(inside: Any, day: date) -> dict[int, Unit]:
    """Return the units with their people counted: who is a member, who of them has no home, who has no named member."""
    parents = _parents(AdminUnit, inside, day)
    rows = AdminUnit.objects.filter(on_day(day), pk__in=inside).order_by("pk")
    units = {pk: Unit(pk, parents.get(pk), name, kind) for pk, name, kind in rows.values_list("pk", "name", "kind")}
    for pk, employees, members, homeless, named in _people(inside, day):
        if pk in units:
            unit = units[pk]
            unit.employees, unit.members, unit.homeless = employees, members, homeless
            unit.unnamed = employees - members - named
    modes = StationMode.objects.filter(on_day(day), station__in=inside).order_by("pk")
    for pk, staffing in modes.values_list("station_id", "staffing"):
        if pk in units:
            units[pk].staffing = staffing
    return units


def _people(inside: Any, day: date) -> Any:
    """One statement over everybody at work there on `day`, grouped by unit."""
    people: QuerySet[Any] = Person.objects.filter(on_day(day), unit__in=inside)
    joined = with_status(people, day, person="").alias(
        home=FilteredRelation(
            "memberships", condition=Q(memberships__kind=MembershipKind.HOME) & _dated("memberships", day)
        ),
        liaison=FilteredRelation("grid_members", condition=_dated("grid_members", day)),
        known=Coalesce(F("status"), Value("")),
    )
    is_member = Q(known__in=PARTY_MEMBERS)
    still_there = Q(liaison__member__valid_until=None) | Q(liaison__member__valid_until__gt=day)
    still_named = Q(liaison__member__political_status__in=PARTY_MEMBERS) & still_there
    return (
        joined.order_by()
        .values("unit_id")
        .annotate(
            employees=Count("pk", distinct=True),
            members=Count("pk", distinct=True, filter=is_member),
            homeless=Count("pk", distinct=True, filter=is_member & Q(home__pk=None)),
            named=Count("pk", distinct=True, filter=~is_member & still_named),
        )
        .values_list("unit_id", "employees", "members", "homeless", "named")
    )


def _dated(relation: str, day: date) -> Q:
    return on_day(day, f"{relation}__")


def _count_members(bodies: Mapping[int, Body], below: Any, day: date) -> dict[int, int]:
    """Count the home members of bodies and groups, and return the branch in which most members of each unit are at home."""
    rows = Membership.objects.filter(on_day(day), kind=MembershipKind.HOME, body__in=below)
    counted = with_status(rows, day).filter(status__in=PARTY_MEMBERS).order_by()
    homes: dict[int, Counter[int]] = defaultdict(Counter)
    grouped = counted.values_list("body_id", "group_id", "person__unit_id", "status").annotate(n=Count("person_id"))
    for body_id, group_id, unit_id, status, number in grouped:
        full = number if status == PoliticalStatus.FULL_MEMBER else 0
        body, group = bodies.get(body_id), bodies.get(group_id or 0)
        for place in (body, group):
            if place is not None:
                place.formal += full
                place.members += number
        if body is not None and group is None:
            body.ungrouped += number
        if group is not None and unit_id is not None:
            group.members_by_unit[unit_id] = group.members_by_unit.get(unit_id, 0) + number
        if unit_id is not None:
            homes[unit_id][body_id] += number
    return {unit: min(found, key=lambda pk: (-found[pk], pk)) for unit, found in homes.items()}


def _mark_posts(bodies: Mapping[int, Body], units: Mapping[int, Unit], below: Any, inside: Any, day: date) -> None:
    roles = (PostRole.SECRETARY, PostRole.DEPUTY_SECRETARY, PostRole.COMMITTEE_CLERK, PostRole.GROUP_LEADER)
    held = with_status(PostHolding.objects.filter(on_day(day), body__in=below, role__in=roles), day).order_by("pk")
    for pk, role, person, status in held.values_list("body_id", "role", "person_id", "status"):
        body = bodies.get(pk)
        if body is None:
            continue
        if role == PostRole.GROUP_LEADER:
            if body.leader is None:
                body.leader, body.is_leader_formal = person, status == PoliticalStatus.FULL_MEMBER
        elif role == PostRole.COMMITTEE_CLERK:
            body.clerk = body.clerk or person
        elif role == PostRole.SECRETARY and not body.has_secretary:
            body.secretary, body.has_secretary = person, True
        else:
            body.secretary = body.secretary or person
    leading = PostHolding.objects.filter(on_day(day), unit__in=inside, role=PostRole.TEAM_LEADER).order_by("-pk")
    for unit, person in leading.values_list("unit_id", "person_id"):
        if unit in units:
            units[unit].leader = person


def _mark_terms(bodies: Mapping[int, Body], below: Any, day: date) -> None:
    running = Q(ended_on=None) | Q(ended_on__gt=day)
    terms = Term.objects.filter(running, started_on__lte=day, body__in=below).order_by("started_on", "pk")
    for pk, ends in terms.values_list("body_id", "ends_on"):
        if pk in bodies:
            bodies[pk].term_ends = ends
    contacts = ContactPoint.objects.filter(on_day(day), to_body__in=below).order_by()
    for pk in contacts.values_list("to_body_id", flat=True).distinct():
        if pk in bodies:
            bodies[pk].has_contact = True


def _count_requests(bodies: Mapping[int, Body], below: Any, day: date) -> None:
    late = Q(state=RequestState.WAITING, due_on__lt=day)
    rows = GridRequest.objects.filter(branch__in=below, state__in=OPEN_STATES).order_by()
    counted = rows.values("branch_id").annotate(number=Count("pk"), late=Count("pk", filter=late))
    for pk, number, overdue in counted.values_list("branch_id", "number", "late"):
        if pk in bodies:
            bodies[pk].open_requests, bodies[pk].late_requests = number, overdue


def _carriers(inside: Any, day: date) -> tuple[dict[int, list[tuple[int, str]]], frozenset[int]]:
    """Return which bodies of the map each unit carries, wherever in the tree they are, and the units that carry any."""
    carriers: dict[int, list[tuple[int, str]]] = defaultdict(list)
    rows = PartyOrg.objects.filter(on_day(day), unit__in=inside, kind__in=PARTY_KINDS).order_by("pk")
    carrying = set()
    for unit, pk, kind in rows.values_list("unit_id", "pk", "kind"):
        carrying.add(unit)
        if kind in LEVELS:
            carriers[unit].append((pk, kind))
    return carriers, frozenset(carrying)


def _sites(below: Any, day: date) -> list[Site]:
    zones = CollaborationZone.objects.filter(sponsor__in=below).order_by("pk")
    sites = [
        Site(pk, name, sponsor, started or day_of(proposed), has_body=body is not None)
        for pk, name, sponsor, body, started, proposed in zones.values_list(
            "pk", "name", "sponsor_id", "body_id", "started_on", "proposed_at"
        )
    ]
    own = PartyOrg.objects.filter(on_day(day), unit=OuterRef("unit_id"), kind__in=PARTY_KINDS)
    sides: Any = ParticipatingUnit.objects.filter(on_day(day), zone__sponsor__in=below)
    sides = sides.annotate(has_body=Exists(own) | Q(home_branch__isnull=False)).order_by("pk")
    found: dict[tuple[int, int], Site] = {}
    for zone, sponsor, unit, name, has_body, since in sides.values_list(
        "zone_id", "zone__sponsor_id", "unit_id", "unit__name", "has_body", "valid_from"
    ):
        known = found.get((zone, unit))
        is_there = has_body or (known is not None and known.has_body)
        found[zone, unit] = Site(zone, name, sponsor, since, has_body=is_there, unit=unit)
    return [*sites, *found.values()]


def _overloaded(bodies: Mapping[int, Body], below: Any, day: date) -> dict[int, tuple[int, int]]:
    """Return the branches whose members are named for too many, each by its own setting or the nearest above: two reads."""
    most = settings_of({pk: body.parent for pk, body in bodies.items()}, day)
    fewest = min((terms.employees_per_member for terms in most.values()), default=0)
    loads = (
        GridLiaison.objects.filter(on_day(day), body__in=below)
        .order_by()
        .values("body_id", "member_id")
        .annotate(n=Count("pk"))
        .filter(n__gt=fewest)
    )
    found: Counter[int] = Counter()
    for body, number in loads.values_list("body_id", "n"):
        if body in most and number > most[body].employees_per_member:
            found[body] += 1
    return {body: (number, most[body].employees_per_member) for body, number in found.items()}
