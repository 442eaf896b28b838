"""A committee with two general branches, three branches, a group each, and people; acts made in one line."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from ronghe.domain.org.enums import MembershipKind, PartyOrgKind, PostRole
from ronghe.domain.org.models import AdminUnit, Membership, PartyOrg, Person
from ronghe.domain.org.services.people import join_body, move_in_group
from ronghe.domain.structure.enums import ActKind, ActState
from ronghe.domain.structure.models import BodyAct
from ronghe.domain.structure.services.deciding import approve_act
from ronghe.domain.structure.services.proposing import propose_act
from ronghe.domain.structure.services.wanted import NewBody, Wanted
from tests.factories.org import LONG_AGO, SET_UP_AT, make_body, make_person, make_post, make_unit

NOW = datetime(2026, 9, 14, 7, 40, tzinfo=ZoneInfo("Asia/Shanghai"))
TODAY = NOW.date()
REF = "厂党字〔2026〕3号"


@dataclass
class Field:
    plant: AdminUnit
    committee: PartyOrg
    east: PartyOrg
    west: PartyOrg
    south: PartyOrg
    north: PartyOrg
    group: PartyOrg
    clerk: Person
    secretary: Person
    """Of the branch south."""
    stranger: Person


def make_field() -> Field:
    plant = make_unit("采油一厂")
    committee = make_body("采油一厂党委", kind=PartyOrgKind.COMMITTEE, unit=plant)
    east = make_body("东区党总支", parent=committee, kind=PartyOrgKind.GENERAL_BRANCH)
    west = make_body("西区党总支", parent=committee, kind=PartyOrgKind.GENERAL_BRANCH)
    south, north = make_body("南一党支部", parent=east), make_body("北二党支部", parent=west)
    group = make_body("第一党小组", parent=south, kind=PartyOrgKind.PARTY_GROUP)
    clerk, secretary = make_person("沈清"), make_person("高远", home=south)
    make_post(clerk, PostRole.COMMITTEE_CLERK, body=committee)
    make_post(secretary, PostRole.SECRETARY, body=south)
    stranger = make_person("拓晓红", home=make_body("采油二厂党支部"))
    return Field(plant, committee, east, west, south, north, group, clerk, secretary, stranger)


def member(name: str, body: PartyOrg, *, group: PartyOrg | None = None, **further) -> Person:
    person = make_person(name, home=body, **further)
    if group is not None:
        move_in_group(membership=home(person), group=group, since=LONG_AGO, actor=None, at=SET_UP_AT)
    return person


def members(body: PartyOrg, count: int, *, group: PartyOrg | None = None, **further) -> list[Person]:
    return [member(f"党员{body.pk}-{number}", body, group=group, **further) for number in range(count)]


def home(person: Person) -> Membership:
    return Membership.objects.select_related("body", "group").get(
        person=person, kind=MembershipKind.HOME, valid_until=None
    )


def where(person: Person) -> tuple[str, str | None]:
    row = home(person)
    return row.body.name, row.group.name if row.group else None


def mass_member(name: str, body: PartyOrg, kind: MembershipKind, *, since: date = LONG_AGO) -> Person:
    person = make_person(name)
    join_body(person=person, body=body, kind=kind, since=since, actor=None, at=SET_UP_AT)
    return person


def propose(kind: ActKind, actor: Person, *, on: date = TODAY, at: datetime = NOW, **wanted) -> BodyAct:
    return propose_act(
        wanted=Wanted(kind=kind, effective_on=on, grounds=wanted.pop("grounds", "工作需要"), **wanted),
        actor=actor,
        at=at,
    )


def done(kind: ActKind, actor: Person, *, on: date = TODAY, at: datetime = NOW, **wanted) -> BodyAct:
    """Propose and approve an act as the committee's clerk would; it is carried out if its day has come."""
    act = propose(kind, actor, on=on, at=at, **wanted)
    if act.state == ActState.PROPOSED:
        approve_act(act=act, actor=actor, at=at, approval_ref=REF)
    return act


def new(name: str, kind: PartyOrgKind = PartyOrgKind.BRANCH, people=(), groups=()) -> NewBody:
    return NewBody(name, kind, people, groups)


def days(number: int) -> date:
    return TODAY + timedelta(days=number)


def fresh(body):
    return type(body).objects.get(pk=body.pk)
