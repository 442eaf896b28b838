"""A branch with its commando team, a neighbour with another one, and call-ups in any state."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal

from ronghe.domain.carriers.enums import Answer, CarrierType, Occasion, Part
from ronghe.domain.carriers.models import CallPerson, CallUp, Carrier, Shift
from ronghe.domain.carriers.services.answering import answer_call, arrive
from ronghe.domain.carriers.services.calling import CallText, call_up
from ronghe.domain.carriers.services.ending import Outcome, stand_down
from ronghe.domain.carriers.services.promises import Promised
from ronghe.domain.carriers.services.proposing import CarrierText, approve_carrier, propose_carrier
from ronghe.domain.carriers.services.shifts import plan_shifts
from ronghe.domain.org.enums import PartyOrgKind, PoliticalStatus, PostRole
from ronghe.domain.org.models import AdminUnit, PartyOrg, Person
from ronghe.domain.zones.models import CollaborationZone
from tests.factories.kept import kept
from tests.factories.org import make_body, make_person, make_post, make_unit

TEAM_VALUES = {"task": "平时巡线护线，险情时第一批上"}
POST_VALUES = {"post": "中控操作岗", "standard": "报警三十秒内确认，交接班零遗漏"}
VALUES = {
    CarrierType.AREA: {"bounds": "1 号阀组间到计量间", "keeps": "设备、卫生、消防器材"},
    CarrierType.MODEL_POST: POST_VALUES,
    CarrierType.PIONEER_POST: POST_VALUES,
    CarrierType.PIONEER_TEAM: TEAM_VALUES,
    CarrierType.COMMANDO_TEAM: TEAM_VALUES,
    CarrierType.BRAND: {"idea": "一人一技、一组一招", "steps": "每月亮一招\n每季评一回"},
}


@dataclass
class CarrierStory:
    """罗一鸣 is secretary of 南八党支部, 韩雪松 heads its commando team; 邓国焱 is secretary next door, whose team 何春 heads.

    孟雨 proposes, 沈清 is the committee's clerk, 冯安 its HSE officer; 焊工老刘 is in the branch's unit and no Party member.
    """

    unit: AdminUnit
    committee: PartyOrg
    branch: PartyOrg
    neighbour: PartyOrg
    clerk: Person
    hse: Person
    secretary: Person
    proposer: Person
    captain: Person
    members: list[Person]
    welder: Person
    next_secretary: Person
    next_captain: Person
    next_members: list[Person]
    outsider: Person
    team: Carrier | None = None
    next_team: Carrier | None = None
    shifts: list[Shift] = field(default_factory=list)


@kept
def make_story(at: datetime, *, with_teams: bool = True, members: int = 3) -> CarrierStory:
    """Return the two branches, with an approved commando team each unless told otherwise."""
    plant = make_unit("第八采油厂")
    area = make_unit("南八作业区", parent=plant)
    committee = make_body("第八采油厂党委", kind=PartyOrgKind.COMMITTEE, unit=plant)
    branch = make_body("南八党支部", parent=committee, unit=area)
    neighbour = make_body("北八党支部", parent=committee)
    clerk, hse = make_person("沈清"), make_person("冯安")
    make_post(clerk, PostRole.COMMITTEE_CLERK, body=committee)
    make_post(hse, PostRole.HSE_OFFICER, body=committee)
    secretary, next_secretary = make_person("罗一鸣", home=branch, unit=area), make_person("邓国焱", home=neighbour)
    make_post(secretary, PostRole.SECRETARY, body=branch)
    make_post(next_secretary, PostRole.SECRETARY, body=neighbour)
    story = CarrierStory(
        unit=area, committee=committee, branch=branch, neighbour=neighbour, clerk=clerk, hse=hse, secretary=secretary,
        proposer=make_person("孟雨", home=branch, unit=area), captain=make_person("韩雪松", home=branch, unit=area),
        members=[make_person(f"队员{number}", home=branch, unit=area) for number in range(1, members + 1)],
        welder=make_person("焊工老刘", unit=area, status=PoliticalStatus.MASSES),
        next_secretary=next_secretary, next_captain=make_person("何春", home=neighbour),
        next_members=[make_person(f"邻队{number}", home=neighbour) for number in (1, 2)],
        outsider=make_person("倪春梅", home=make_body("采油七队党支部")),
    )  # fmt: skip
    if with_teams:
        story.team = make_carrier(story, at)
        story.next_team = approved(
            story, at, name="北八突击队", body=story.neighbour, lead=story.next_captain, people=story.next_members,
            proposer=story.next_secretary,
        )  # fmt: skip
    return story


def text_of(story: CarrierStory, at: datetime, *, name: str = "南八突击队", **changes: object) -> CarrierText:
    """Return what a commando team of the branch is, for a year from today."""
    day = at.date()
    given: dict[str, object] = {
        "name": name, "from_on": day, "until_on": day + timedelta(days=365), "lead": story.captain,
        "values": TEAM_VALUES, "place": "南八作业区院内",
    }  # fmt: skip
    return CarrierText(**(given | changes))  # type: ignore[arg-type]


def promised(at: datetime, *, title: str = "险情三十分钟到现场", days: int = 30, **changes: object) -> Promised:
    """Return a promise that is measured: not more than thirty minutes, told by a number at its day."""
    given: dict[str, object] = {
        "title": title, "measure": "以集结记录的到位时间为准", "due_on": at.date() + timedelta(days=days),
        "target": Decimal(30), "unit": "分钟", "direction": "at_most",
    }  # fmt: skip
    return Promised(**(given | changes))  # type: ignore[arg-type]


def proposed(
    story: CarrierStory, at: datetime, *, type_: CarrierType = CarrierType.COMMANDO_TEAM, name: str = "南八突击队",
    body: PartyOrg | None = None, lead: Person | None = None, people: list[Person] | None = None,
    proposer: Person | None = None, promises: list[Promised] | None = None, zone: CollaborationZone | None = None,
    until_on: date | None = None,
) -> Carrier:  # fmt: skip
    """Return a carrier that waits to be approved; teams get the branch's members, one of them as deputy."""
    is_team = type_ in (CarrierType.COMMANDO_TEAM, CarrierType.PIONEER_TEAM)
    others = people if people is not None else story.members if is_team else []
    parts = [Part.DEPUTY if place == 0 and is_team else Part.MEMBER for place in range(len(others))]
    changes: dict[str, object] = {"until_on": until_on} if until_on is not None else {}
    text = text_of(story, at, name=name, lead=lead or story.captain, values=VALUES[type_], zone=zone, **changes)
    return propose_carrier(
        type_=type_, text=text, body=body or story.branch,
        people=[(person, part.value, "") for person, part in zip(others, parts, strict=True)],
        promises=promises if promises is not None else [promised(at)], actor=proposer or story.proposer, at=at,
    )  # fmt: skip


def approved(story: CarrierStory, at: datetime, **changes: object) -> Carrier:
    """Return an active carrier; the committee's clerk approved it."""
    return approve_carrier(carrier=proposed(story, at, **changes), actor=story.clerk, at=at)  # type: ignore[arg-type]


def make_carrier(story: CarrierStory, at: datetime, **changes: object) -> Carrier:
    """Return an active carrier that the branch's secretary approved."""
    return approve_carrier(carrier=proposed(story, at, **changes), actor=story.secretary, at=at)  # type: ignore[arg-type]


def make_call(
    story: CarrierStory, at: datetime, *, teams: list[Carrier] | None = None, by: Person | None = None,
    occasion: Occasion = Occasion.FLOOD,
) -> CallUp:  # fmt: skip
    """Return a call-up under way; the branch's secretary called its team to the dyke."""
    assert story.team is not None
    text = CallText(occasion, "清水河大堤 3 号段", what="管线露管")
    return call_up(teams=teams or [story.team], text=text, actor=by or story.secretary, at=at)


def place_of(call: CallUp, person: Person) -> CallPerson:
    """Return somebody's place on the roster."""
    return CallPerson.objects.select_related("call", "team__carrier", "person").get(call=call, person=person)


def all_here(story: CarrierStory, call: CallUp, at: datetime) -> list[CallPerson]:
    """Let everybody who is called arrive, each by the own phone; in the order of the roster."""
    rows = list(call.roster.select_related("person").order_by("person__name", "pk"))
    for row in rows:
        answer_call(row=row, answer=Answer.COMING, actor=row.person, at=at)
        arrive(row=row, actor=row.person, at=at)
    return [place_of(call, row.person) for row in rows]


def with_shifts(
    story: CarrierStory, at: datetime, *, length_hours: int = 12, count: int = 2, starts_at: datetime | None = None
) -> CallUp:
    """Return a call-up whose people are on site, with shifts from the next quarter of an hour."""
    call = make_call(story, at)
    all_here(story, call, at)
    story.shifts = plan_shifts(
        call=call, length_hours=length_hours, count=count, starts_at=starts_at, actor=story.secretary, at=at
    )
    return call


OUTCOME = Outcome("加固堤防 320 米，管线无外露", "保住 DN250 外输管线", 42_000_000)


def stood_down(story: CarrierStory, at: datetime, *, later: timedelta = timedelta(hours=6)) -> CallUp:
    """Return a call-up that was stood down some hours after it began."""
    call = with_shifts(story, at)
    return stand_down(call=call, outcome=OUTCOME, actor=story.secretary, at=at + later)
