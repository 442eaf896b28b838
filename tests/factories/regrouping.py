"""A gas area of three hub stations and their people, in two groups that were drawn before the stations were."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from ronghe.domain.org.enums import Gender, PartyOrgKind, PoliticalStatus, PostRole, StaffingMode, UnitKind
from ronghe.domain.org.models import AdminUnit, Membership, PartyOrg, Person
from ronghe.domain.org.services.people import move_in_group
from ronghe.domain.org.services.trees import set_station_mode
from ronghe.domain.regrouping.models import GroupingProposal, Regrouping, TravelTime
from ronghe.domain.regrouping.services.drafting import open_regrouping
from ronghe.domain.regrouping.services.solving import ask_proposal, search
from tests.factories.org import LONG_AGO, SET_UP_AT, make_body, make_person, make_post, make_unit

TRADES = ("运行", "电仪", "管护")
STATIONS = ("龙岗站", "立山站", "新政站")


@dataclass
class Area:
    """The area and who acts in it. Of 18 people all but two are Party members; six of them may lead."""

    unit: AdminUnit
    stations: list[AdminUnit]
    committee: PartyOrg
    branch: PartyOrg
    groups: list[PartyOrg]
    secretary: Person
    clerk: Person
    crew: list[Person]


def make_area(*, with_groups: bool = True) -> Area:
    """Six people a station; two groups of nine without regard to where they work."""
    company = make_unit("输气管理处")
    unit = make_unit("仪陇输气作业区", parent=company, kind=UnitKind.OPERATION_AREA)
    stations = [make_unit(name, parent=unit, kind=UnitKind.STATION) for name in STATIONS]
    for station in stations:
        set_station_mode(
            station=station, staffing=StaffingMode.ATTENDED, since=LONG_AGO, actor=None, at=SET_UP_AT, is_hub=True
        )
    for a, b, minutes in ((0, 1, 30), (1, 2, 40), (0, 2, 70)):
        low, high = sorted((stations[a].pk, stations[b].pk))
        TravelTime.objects.create(a_id=low, b_id=high, minutes=minutes, source="typed")
    committee = make_body("输气管理处党委", kind=PartyOrgKind.COMMITTEE, unit=company)
    branch = make_body("仪陇输气作业区党支部", parent=committee, unit=unit)
    clerk = make_person("何芳", unit=company)
    make_post(clerk, PostRole.COMMITTEE_CLERK, body=committee)
    groups = [
        make_body(name, parent=branch, kind=PartyOrgKind.PARTY_GROUP)
        for name in (("第一党小组", "第二党小组") if with_groups else ())
    ]
    crew = [_person(number, stations, branch) for number in range(18)]
    if groups:
        for number, person in enumerate(crew[:16]):
            home = Membership.objects.get(person=person, valid_until=None)
            move_in_group(membership=home, group=groups[number // 8], since=LONG_AGO, actor=None, at=SET_UP_AT)
        make_post(crew[0], PostRole.GROUP_LEADER, body=groups[0])
        make_post(crew[8], PostRole.GROUP_LEADER, body=groups[1])
    make_post(crew[3], PostRole.SECRETARY, body=branch)
    return Area(unit, stations, committee, branch, groups, crew[3], clerk, crew)


def _person(number: int, stations: list[AdminUnit], branch: PartyOrg) -> Person:
    is_member = number < 16
    person = make_person(
        f"职工{number + 1}",
        home=branch if is_member else None,
        unit=stations[number % 3],
        status=PoliticalStatus.FULL_MEMBER if is_member else PoliticalStatus.MASSES,
    )
    person.trade = TRADES[number // 3 % 3]
    person.job_title = "班站长" if number % 3 == 0 or number == 8 else "运行岗"
    person.gender = Gender.FEMALE if number % 4 == 0 else Gender.MALE
    person.born_on = date(1970 + number, 5, 1)
    person.joined_party_on = date(2000 + number, 7, 1) if is_member else None
    person.save()
    return person


def make_regrouping(area: Area, at: datetime, *, groups: int = 2) -> Regrouping:
    """Open a regrouping of the branch alone."""
    return open_regrouping(body=area.branch, group_count=groups, as_of=at.date(), actor=area.secretary, at=at)


def make_proposal(regrouping: Regrouping, area: Area, at: datetime, *, gap_e4: int = 3_000) -> GroupingProposal:
    """Ask for a proposal and search it at once; a third above the bound is near enough for a story."""
    proposal = ask_proposal(regrouping=regrouping, actor=area.secretary, at=at)
    GroupingProposal.objects.filter(pk=proposal.pk).update(settings={**proposal.settings, "gap_e4": gap_e4})
    proposal.refresh_from_db(fields=["settings"])
    return search(proposal=proposal, at=at)
