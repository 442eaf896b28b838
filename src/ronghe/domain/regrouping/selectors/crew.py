"""Who is to be placed and what is known of them: nothing is typed twice (SD-07, AL-16).

People come from the branch, or from the operation area whose whole staff is placed; trades from confirmed skills and the
roster, broad names from the unit's table, duties from posts, home stations from units. A constant number of reads.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from ronghe.domain.members.selectors.broad import BroadMap, broad_of
from ronghe.domain.members.selectors.skills import HeldSkill, skills_of
from ronghe.domain.org.enums import MembershipKind, PartyOrgKind, PoliticalStatus, PostRole, StaffingMode, UnitKind
from ronghe.domain.org.models import (
    AdminUnit,
    Membership,
    OperatorCertificate,
    PartyOrg,
    Person,
    PersonStatus,
    PostHolding,
    StationMode,
)
from ronghe.domain.regrouping.calc.model import Member, Standing, Station
from ronghe.kernel.db.tree import descendants, on_day
from ronghe.kernel.words import N_

DUTIES: dict[str, str] = {
    PostRole.HSE_OFFICER: N_("安全管理"),
    PostRole.GROUP_LEADER: N_("党小组长"),
    PostRole.TEAM_LEADER: N_("班组长"),
    PostRole.SECRETARY: N_("支委"),
    PostRole.DEPUTY_SECRETARY: N_("支委"),
    PostRole.ORG_MEMBER: N_("支委"),
    PostRole.PUBLICITY_MEMBER: N_("支委"),
    PostRole.DISCIPLINE_MEMBER: N_("支委"),
    PostRole.COMMITTEE_MEMBER: N_("支委"),
    PostRole.UNION_GROUP_LEADER: N_("工会小组长"),
    PostRole.YOUTH_OFFICER: N_("青工干事"),
}
"""Post → the duty that is spread; the members of a branch's committee are one kind."""

LEADING_POSTS = frozenset({PostRole.GROUP_LEADER, PostRole.TEAM_LEADER})
LEADING_TITLES = (N_("班站长"), N_("班组长"), N_("站长"), N_("班长"), N_("副站长"), N_("副班长"))
LEADING_GRADES = frozenset({N_("技师"), N_("高级技师"), N_("特级技师"), N_("首席技师")})
"""Who may lead a team by the records: a post or title of a leader, or the grade of a technician."""

STANDINGS = {
    PoliticalStatus.FULL_MEMBER: Standing.FULL,
    PoliticalStatus.PROBATIONARY_MEMBER: Standing.PROBATIONARY,
}


@dataclass(frozen=True, slots=True)
class Crew:
    """Everybody to be placed on a day, as the solver reads them, with the groups and stations of that day."""

    people: Mapping[int, Person]
    members: tuple[Member, ...]
    groups: tuple[PartyOrg, ...]
    stations: tuple[Station, ...]
    units: Mapping[int, AdminUnit]
    unmanned: frozenset[int]
    """Stations whose staffing nobody has said yet."""

    def fingerprint(self) -> dict[str, list[object]]:
        """Return what must not have changed between asking and carrying out: people, standing, group, station."""
        keys = [group.pk for group in self.groups]
        return {
            str(one.id): [one.standing.value, None if one.group is None else keys[one.group], one.home_station]
            for one in self.members
        }


def crew_of(body: PartyOrg, unit: AdminUnit | None, day: date, leading: Mapping[str, bool] | None = None) -> Crew:
    """Return who is placed when `body` is regrouped on `day`: its members, and the staff of `unit` where one is given.

    `leading` (person's key → yes or no) is what the secretary says about who may lead, before the records.
    """
    homes = Membership.objects.filter(on_day(day), body=body, kind=MembershipKind.HOME)
    wanted = Q(pk__in=homes.order_by().values("person_id"))
    if unit is not None:
        wanted |= Q(unit__in=descendants(AdminUnit, [unit.pk], day=day))
    rows = Person.objects.filter(wanted, on_day(day)).select_related("unit").order_by("pk")
    people = {person.pk: person for person in rows}
    groups = tuple(
        PartyOrg.objects.filter(on_day(day), parent=body, kind=PartyOrgKind.PARTY_GROUP).order_by("valid_from", "pk")
    )
    units, modes = _stations(unit or body.unit, day)
    known = _Known(people, body, groups, day, frozenset(units), leading or {})
    broad = broad_of(body if unit is None else unit, day)
    return Crew(
        people=people,
        members=tuple(known.member(person, broad) for person in people.values()),
        groups=groups,
        stations=tuple(
            _station(one, modes, hubs_named=any(mode.is_hub for mode in modes.values())) for one in units.values()
        ),
        units=units,
        unmanned=frozenset(pk for pk in units if pk not in modes),
    )


def _stations(unit: AdminUnit | None, day: date) -> tuple[dict[int, AdminUnit], dict[int, StationMode]]:
    if unit is None:
        return {}, {}
    below = descendants(AdminUnit, [unit.pk], day=day)
    rows = AdminUnit.objects.filter(on_day(day), pk__in=below, kind=UnitKind.STATION).order_by("pk")
    units = {row.pk: row for row in rows}
    modes = StationMode.objects.filter(on_day(day), station__in=units).order_by("pk")
    return units, {mode.station_id: mode for mode in modes}


def _station(unit: AdminUnit, modes: Mapping[int, StationMode], *, hubs_named: bool) -> Station:
    """A station may be a hub where somebody said so; as long as nobody did, every station but the unattended may."""
    mode = modes.get(unit.pk)
    staffing = mode.staffing if mode is not None else ""
    may = mode is not None and mode.is_hub if hubs_named else staffing != StaffingMode.UNATTENDED
    return Station(unit.pk, "", hub=may, staffing=staffing)


class _Known:
    """What the records hold about the people, read once."""

    def __init__(
        self, people: Mapping[int, Person], body: PartyOrg, groups: Iterable[PartyOrg], day: date,
        stations: frozenset[int], leading: Mapping[str, bool],
    ) -> None:  # fmt: skip
        self.day, self.leading = day, leading
        places = {group.pk: at for at, group in enumerate(groups)}
        self.group: dict[int, int | None] = {}
        homes = Membership.objects.filter(on_day(day), body=body, kind=MembershipKind.HOME, person__in=people)
        for person, group in homes.order_by().values_list("person_id", "group_id"):
            self.group[person] = places.get(group)
        statuses = PersonStatus.objects.filter(on_day(day), person__in=people).order_by()
        self.status = dict(statuses.values_list("person_id", "status"))
        self.skills: dict[int, list[HeldSkill]] = skills_of(people)
        self.certificates: dict[int, set[str]] = defaultdict(set)
        valid = OperatorCertificate.objects.filter(Q(expires_on=None) | Q(expires_on__gt=day), person__in=people)
        for person, kind in valid.order_by().values_list("person_id", "kind"):
            self.certificates[person].add(kind)
        self.posts: dict[int, list[PostHolding]] = defaultdict(list)
        for post in PostHolding.objects.held_on(day).filter(person__in=people).order_by("pk"):
            self.posts[post.person_id].append(post)
        self.led = frozenset(places)
        self.station = _home_stations(people.values(), stations, day)

    def member(self, person: Person, broad: BroadMap) -> Member:
        main = next((one for one in self.skills[person.pk] if one.is_main), None)
        further = {broad.trade(one.trade) for one in self.skills[person.pk] if not one.is_main}
        trade = broad.trade(main.trade) if main is not None else ""
        posts = self.posts[person.pk]
        at_home = person.pk in self.group
        standing = self._standing(person) if at_home else Standing.NONE
        return Member(
            id=person.pk,
            name="",
            broad_post=broad.post(person.job_title) if person.job_title else "",
            trade=trade,
            further_trades=frozenset(further - {trade}),
            certificates=frozenset(self.certificates[person.pk]),
            duties=frozenset(DUTIES[post.role] for post in posts if post.role in DUTIES),
            home_station=self.station.get(person.pk),
            gender=person.gender if person.gender in {"1", "2"} else "",
            age=_years(person.born_on, self.day),
            party_months=_months(person.joined_party_on, self.day) if standing is not Standing.NONE else None,
            standing=standing,
            may_lead=self._may_lead(person, posts),
            leads=any(post.role == PostRole.GROUP_LEADER and post.body_id in self.led for post in posts),
            group=self.group.get(person.pk),
        )

    def _standing(self, person: Person) -> Standing:
        """A member of the branch that is on trial has no group of a leader's (PO-09); others of the area are staff."""
        status = self.status.get(person.pk, person.political_status)
        return STANDINGS.get(PoliticalStatus(status), Standing.NONE) if status else Standing.NONE

    def _may_lead(self, person: Person, posts: Iterable[PostHolding]) -> bool:
        said = self.leading.get(str(person.pk))
        if said is not None:
            return said
        return (
            any(post.role in LEADING_POSTS for post in posts)
            or (person.job_title or "").startswith(LEADING_TITLES)
            or person.skill_grade in LEADING_GRADES
        )


def _home_stations(people: Iterable[Person], stations: frozenset[int], day: date) -> dict[int, int]:
    """Return the station at which each works: the own unit, or the nearest station above it."""
    units = {person.unit_id for person in people if person.unit_id is not None}
    links = AdminUnit.links().filter(on_day(day), descendant_id__in=units, ancestor_id__in=stations)
    nearest: dict[int, int] = {}
    for unit, station in links.order_by("depth", "pk").values_list("descendant_id", "ancestor_id"):
        nearest.setdefault(unit, station)
    return {person.pk: nearest[person.unit_id] for person in people if person.unit_id in nearest}


def _years(born_on: date | None, day: date) -> int | None:
    if born_on is None:
        return None
    return day.year - born_on.year - ((day.month, day.day) < (born_on.month, born_on.day))


def _months(since: date | None, day: date) -> int | None:
    if since is None:
        return None
    return max(0, (day.year - since.year) * 12 + day.month - since.month - (day.day < since.day))
