"""Pairs as one thing: group, team, the one leader or why there is none, and what the leader may do."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db.models import Count, Q, QuerySet

from ronghe.domain.org.enums import PARTY_MEMBERS, PartyOrgKind, PostRole, UnitKind
from ronghe.domain.org.models import AdminUnit, Membership, PartyOrg, Person, PostHolding
from ronghe.domain.org.rules import SEE_UNIT
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.pairing.enums import SHIPPED_WAYS, PowerWay, ShippedPower
from ronghe.domain.pairing.models import GroupTeamLink, LeaderPower, LeaderProposal, OwnPower, PowerUse
from ronghe.domain.pairing.rules import LINK_PAIR, SEE_PAIR, SEE_USE
from ronghe.kernel.db.tree import on_day

TEAM_KINDS = (UnitKind.TEAM, UnitKind.STATION)
"""What counts as a production team: a team, or a station that is one (班站)."""


@dataclass(frozen=True, slots=True)
class Power:
    """One entry of the list of powers."""

    code: str
    name: str
    way: PowerWay


@dataclass(slots=True)
class PairState:
    """A pair on a day. `leader` is there when the same one person leads group and team."""

    link: GroupTeamLink
    group_leaders: list[Person] = field(default_factory=list)
    team_leaders: list[Person] = field(default_factory=list)
    members: int = 0
    people: int = 0
    powers: int = 0

    @property
    def leader(self) -> Person | None:
        led = {person.pk for person in self.group_leaders} & {person.pk for person in self.team_leaders}
        alone = len(self.group_leaders) == 1 and len(self.team_leaders) == 1
        return self.group_leaders[0] if led and alone else None

    @property
    def candidates(self) -> list[Person]:
        """Whoever leads one of the two now."""
        return list({person.pk: person for person in (*self.group_leaders, *self.team_leaders)}.values())


def power_list() -> list[Power]:
    """Return the powers that may be granted: the shipped ones, then the units' own by name."""
    shipped = [Power(code.value, str(code.label), way) for code, way in SHIPPED_WAYS.items()]
    own = OwnPower.objects.order_by("name", "pk")
    return shipped + [Power(row.code, row.name, PowerWay(row.way)) for row in own]


def power_named(code: str) -> Power | None:
    """Return the power of that code, None where the list has none."""
    if code in ShippedPower.values:
        shipped = ShippedPower(code)
        return Power(code, str(shipped.label), SHIPPED_WAYS[shipped])
    own = OwnPower.objects.filter(code=code).first()
    return None if own is None else Power(own.code, own.name, PowerWay(own.way))


def pairs_seen_by(actor: Person, at: datetime) -> QuerySet[GroupTeamLink]:
    """Return the pairs, present and past, that `actor` may see, by group."""
    rows = SEE_PAIR.narrow(actor, GroupTeamLink.objects.all(), at=at)
    return rows.select_related("group__parent", "team").order_by("group__name", "pk")


def pair_states(links: Sequence[GroupTeamLink], day: date) -> list[PairState]:
    """Return what holds of each link on `day`, in their order: four reads, however many links."""
    states = [PairState(link) for link in links]
    groups, teams = [link.group_id for link in links], [link.team_id for link in links]
    led: dict[tuple[str, int], list[Person]] = defaultdict(list)
    posts = PostHolding.objects.held_on(day).filter(
        Q(body_id__in=groups, role=PostRole.GROUP_LEADER) | Q(unit_id__in=teams, role=PostRole.TEAM_LEADER)
    )
    for post in posts.select_related("person").order_by("valid_from", "pk"):
        led["group" if post.body_id else "team", post.body_id or post.unit_id].append(post.person)  # type: ignore[index]
    inside = Membership.objects.filter(on_day(day), group_id__in=groups, person__political_status__in=PARTY_MEMBERS)
    members = dict(inside.order_by().values_list("group_id").annotate(n=Count("person_id", distinct=True)))
    here = Person.objects.filter(on_day(day), unit_id__in=teams).order_by()
    people = dict(here.values_list("unit_id").annotate(n=Count("pk")))
    held = LeaderPower.objects.filter(on_day(day), link__in=[link.pk for link in links]).order_by()
    powers = dict(held.values_list("link_id").annotate(n=Count("pk")))
    for state in states:
        state.group_leaders = led["group", state.link.group_id]
        state.team_leaders = led["team", state.link.team_id]
        state.members, state.people = members.get(state.link.group_id, 0), people.get(state.link.team_id, 0)
        state.powers = powers.get(state.link.pk, 0)
    return states


def groups_unpaired(actor: Person, at: datetime) -> QuerySet[PartyOrg]:
    """Return the Party groups without a team, as far as `actor` may pair them, by name."""
    day = local_day(at)
    paired = GroupTeamLink.objects.filter(on_day(day)).order_by().values("group_id")
    rows = PartyOrg.objects.filter(on_day(day), kind=PartyOrgKind.PARTY_GROUP).exclude(pk__in=paired)
    return LINK_PAIR.narrow(actor, rows, at=at).select_related("parent").order_by("name", "pk")


def teams_unpaired(actor: Person, at: datetime) -> QuerySet[AdminUnit]:
    """Return the teams without a Party group that `actor` sees, by name."""
    day = local_day(at)
    paired = GroupTeamLink.objects.filter(on_day(day)).order_by().values("team_id")
    rows = AdminUnit.objects.filter(on_day(day), kind__in=TEAM_KINDS).exclude(pk__in=paired)
    return SEE_UNIT.narrow(actor, rows, at=at).select_related("parent").order_by("name", "pk")


def people_of_pair(link: GroupTeamLink, day: date) -> QuerySet[Person]:
    """Return everybody in the team or the group on `day`, by name: whom a use of a power may name."""
    inside = Membership.objects.filter(on_day(day), group_id=link.group_id).order_by().values("person_id")
    rows = Person.objects.filter(Q(unit_id=link.team_id) | Q(pk__in=inside)).filter(on_day(day))
    return rows.select_related("unit").order_by("name", "pk")


def powers_of_pair(link: GroupTeamLink) -> QuerySet[LeaderPower]:
    """Return the powers granted in a pair, newest first, past ones too, each with how often it was used."""
    rows = link.powers.select_related("leader", "granted_by").annotate(used=Count("uses"))
    return rows.order_by("-valid_from", "-pk")


def powers_held(person: Person, day: date) -> list[LeaderPower]:
    """Return the powers that a leader may use on `day`, in the order of the list."""
    held = list(LeaderPower.objects.filter(on_day(day), leader=person).select_related("link__group", "link__team"))
    order = {power.code: place for place, power in enumerate(power_list())}
    return sorted(held, key=lambda row: (row.link_id, order.get(row.power, len(order)), row.pk))


def used_on(powers: Sequence[LeaderPower], day: date) -> set[int]:
    """Return which of the powers were used for `day`."""
    return set(PowerUse.objects.filter(power__in=powers, day=day).order_by().values_list("power_id", flat=True))


def uses_seen_by(actor: Person, at: datetime) -> QuerySet[PowerUse]:
    """Return the uses of powers that `actor` may see, newest first."""
    rows = SEE_USE.narrow(actor, PowerUse.objects.all(), at=at)
    return rows.select_related("power__leader", "power__link__group", "power__link__team").order_by("-used_at", "-pk")


def open_proposals(links: Sequence[GroupTeamLink]) -> QuerySet[LeaderProposal]:
    """Return the leaders proposed for these pairs that wait for the office, oldest first."""
    rows = LeaderProposal.objects.filter(link__in=[link.pk for link in links], state="open")
    return rows.select_related("person", "proposed_by", "link__group", "link__team").order_by("proposed_at", "pk")
