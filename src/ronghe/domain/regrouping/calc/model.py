"""What a regrouping is asked: the people, the stations, what every group needs, what the secretary fixed (A4, SD-07).

Ids are opaque whole numbers of the caller; names of trades, posts, duties and certificates are the unit's own words.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from ronghe.domain.regrouping.calc.travel import Travel

MIN_MEMBERS, MIN_FORMAL = 3, 1
"""PO-09: a Party group has three members at least, one of them full."""

FEMALE = "2"
"""GB/T 2261.1 (ID-05)."""


class Standing(StrEnum):
    FULL = "full"
    PROBATIONARY = "probationary"
    NONE = "none"


class Dimension(StrEnum):
    """What is spread evenly. `PARTY` is the number of Party members, `LENGTH` their length of membership."""

    SIZE = "size"
    PARTY = "party"
    TRADES = "trades"
    POSTS = "posts"
    DUTIES = "duties"
    GENDER = "gender"
    AGE = "age"
    LENGTH = "length"


class NeedKind(StrEnum):
    TRADE = "trade"
    POST = "post"
    DUTY = "duty"
    CERTIFICATE = "certificate"


@dataclass(frozen=True, slots=True)
class Station:
    """`hub`: may be a hub station (中心站). `staffing`: a value of StaffingMode, or nothing."""

    id: int
    name: str
    hub: bool = True
    staffing: str = ""


@dataclass(frozen=True, slots=True)
class Member:
    """One person to be placed, Party member or not.

    `may_lead`: qualified for both roles, leader of the Party group and of the team. `leads`: leads one of today's
    groups. `group`: today's group, counted from 0. `party_months`: whole months of Party membership.
    """

    id: int
    name: str
    broad_post: str = ""
    trade: str = ""
    further_trades: frozenset[str] = frozenset()
    certificates: frozenset[str] = frozenset()
    duties: frozenset[str] = frozenset()
    home_station: int | None = None
    gender: str = ""
    age: int | None = None
    party_months: int | None = None
    standing: Standing = Standing.NONE
    may_lead: bool = False
    leads: bool = False
    group: int | None = None

    @property
    def is_party(self) -> bool:
        return self.standing is not Standing.NONE

    @property
    def can_lead(self) -> bool:
        """PO-09: a probationary member does not lead a Party group."""
        return self.may_lead and self.standing is Standing.FULL

    def names(self, kind: NeedKind) -> frozenset[str] | tuple[str, ...]:
        """Return what this person counts for; a further trade counts as the main one does (一专多能)."""
        if kind is NeedKind.TRADE:
            return self.further_trades | {self.trade} if self.further_trades else (self.trade,)
        if kind is NeedKind.POST:
            return (self.broad_post,)
        return self.duties if kind is NeedKind.DUTY else self.certificates

    def has(self, kind: NeedKind, name: str) -> bool:
        return name in self.names(kind)


@dataclass(frozen=True, slots=True)
class Need:
    """At least `minimum` people with something in every group, or only where the hub is this station or staffed so.

    Of several needs for the same thing a group answers to the narrowest: its hub's, its staffing's, the general one.
    """

    kind: NeedKind
    name: str
    minimum: int
    hub: int | None = None
    staffing: str = ""


@dataclass(frozen=True, slots=True)
class Requirements:
    """What every group must have. `least` and `most` are people in a group, where the unit sets them."""

    needs: tuple[Need, ...] = ()
    min_members: int = MIN_MEMBERS
    min_formal: int = MIN_FORMAL
    leader: bool = True
    least: int = 0
    most: int | None = None


@dataclass(frozen=True, slots=True)
class Pin:
    """The person stays with this hub station, or with the group that continues today's group."""

    member: int
    hub: int | None = None
    group: int | None = None


@dataclass(frozen=True, slots=True)
class Weights:
    """What one unit outside the tightest band costs, and what a minute, a move and a new leader cost.

    A person too many or too few costs the weight of the dimension; in age and length a person-year beyond an average of
    one year off does, and a person of 45 or more counts ten of those. With nought the band still holds and costs nothing;
    what `Problem.spread` leaves out is not looked at.
    """

    size: int = 60
    party: int = 20
    trades: int = 40
    posts: int = 30
    duties: int = 30
    gender: int = 20
    age: int = 2
    length: int = 1
    travel: int = 1
    moves: int = 10
    leaders: int = 20

    def of(self, dimension: Dimension) -> int:
        return int(getattr(self, dimension.value))


RELAXING_ORDER = (
    Dimension.LENGTH,
    Dimension.AGE,
    Dimension.GENDER,
    Dimension.PARTY,
    Dimension.DUTIES,
    Dimension.POSTS,
    Dimension.TRADES,
    Dimension.SIZE,
)
"""What gives way first stands first."""


@dataclass(frozen=True, slots=True)
class Settings:
    """How to search. Stored with the proposal, so that it can be repeated.

    `gap_e4`: stop at this distance from the proven bound, in 1/10,000. `patience_ms`: how long the tightest bands may
    stay without an answer, in time of the processor, before a first proposal is sought with wider ones. `hub_sets`: how
    many sets of hub stations are tried.
    """

    seed: int = 1
    workers: int = 2
    time_limit_ms: int = 30_000
    gap_e4: int = 100
    order: tuple[Dimension, ...] = RELAXING_ORDER
    patience_ms: int = 500
    hub_sets: int = 1


class BadProblem(ValueError):
    """The question names what it does not contain, or the same thing twice: a fault of the program."""


@dataclass(frozen=True, slots=True)
class Problem:
    """All that a regrouping is asked. `apart` and `together` are pairs of members' ids, `spread` what is spread evenly."""

    members: tuple[Member, ...]
    stations: tuple[Station, ...] = ()
    travel: Travel = field(default_factory=Travel)
    requirements: Requirements = Requirements()
    pins: tuple[Pin, ...] = ()
    apart: tuple[tuple[int, int], ...] = ()
    together: tuple[tuple[int, int], ...] = ()
    weights: Weights = Weights()
    spread: tuple[Dimension, ...] = tuple(Dimension)

    def __post_init__(self) -> None:
        people, places = [m.id for m in self.members], [s.id for s in self.stations]
        if len(set(people)) < len(people) or len(set(places)) < len(places):
            raise BadProblem("an id stands twice")
        known, sites = set(people), set(places)
        named = {pin.member for pin in self.pins} | {one for pair in (*self.apart, *self.together) for one in pair}
        if not named <= known:
            raise BadProblem(f"unknown members {sorted(named - known)}")
        homes = {m.home_station for m in self.members if m.home_station is not None}
        if not homes <= sites:
            raise BadProblem(f"unknown stations {sorted(homes - sites)}")
        if any(first == second for first, second in (*self.apart, *self.together)):
            raise BadProblem("a pair of one person")
        if any((pin.hub is None) == (pin.group is None) for pin in self.pins):
            raise BadProblem("a pin names a hub station or a group of today")

    def station(self, station_id: int) -> Station:
        return next(station for station in self.stations if station.id == station_id)

    def member(self, member_id: int) -> Member:
        return next(member for member in self.members if member.id == member_id)


@dataclass(frozen=True, slots=True)
class Area:
    """The place of one group: its hub, all stations of its region, today's group that it continues."""

    hub: int | None
    stations: tuple[int, ...] = ()
    continues: int | None = None


@dataclass(frozen=True, slots=True)
class Assignment:
    """A grouping: the areas, and for each member the index of the area. Who is not in `where` is not placed."""

    areas: tuple[Area, ...]
    where: Mapping[int, int]
    leaders: tuple[int | None, ...] = ()

    def members_of(self, group: int) -> tuple[int, ...]:
        return tuple(member for member, at in self.where.items() if at == group)

    def leader_of(self, group: int) -> int | None:
        return self.leaders[group] if group < len(self.leaders) else None
