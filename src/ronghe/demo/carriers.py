"""先锋载体 of the zone: a commando team with two call-ups, posts and an area with promises, and a brand that ended well."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from ronghe.demo.history import at
from ronghe.demo.organization import Field
from ronghe.demo.pictures import site_photo
from ronghe.domain.carriers.enums import Answer, CarrierType, EndReason, NeedKind, Occasion, Part, ReviewGrade
from ronghe.domain.carriers.models import CallUp, Carrier
from ronghe.domain.carriers.services.answering import answer_call, arrive
from ronghe.domain.carriers.services.calling import CallText, call_up
from ronghe.domain.carriers.services.ending import Outcome, stand_down, verify_call
from ronghe.domain.carriers.services.handing import hand_over, take_over
from ronghe.domain.carriers.services.log import write_line
from ronghe.domain.carriers.services.needs import raise_need, settle_need
from ronghe.domain.carriers.services.promises import Promised, report_promise
from ronghe.domain.carriers.services.proposing import CarrierText, approve_carrier, propose_carrier
from ronghe.domain.carriers.services.running import end_carrier, review_carrier, write_result
from ronghe.domain.carriers.services.shifts import plan_shifts
from ronghe.domain.items.services.steps import Said, take_step
from ronghe.domain.org.enums import PARTY_MEMBERS, PostRole
from ronghe.domain.org.models import Person, PostHolding

TEAM = 9
PROMISES = {
    "team": (
        # title, how it is told, days from its beginning, target, unit, direction
        ("接到集结 40 分钟内到现场", "以集结记录的到位时间为准", 150, "40", "分钟", "at_most"),
        ("管廊抢修零返工", "以质检抽查为准", 75, "0", "处", "at_most"),
        ("冬季保供期间夜间在岗不少于 4 人", "以排班和签到为准", 170, "4", "人", "at_least"),
    ),
    "post": (("每班三查三清，票证差错为零", "每周抽查一次，结果上墙", 50, None, "", ""),),
    "area": (("区内跑冒滴漏当班发现当班报", "以隐患登记时间为准", 80, None, "", ""),),
    "brand": (("带出 3 名能独立焊固定口的徒弟", "以考试合格单为准", 55, "3", "人", "at_least"),),
}


@dataclass(slots=True)
class Cast:
    """Who plays: the secretary leads the branch, the others are Party members of the crew."""

    field: Field
    secretary: Person
    members: list[Person]
    now: datetime

    def ago(self, days: int, hour: int = 9, minute: int = 0) -> datetime:
        return at(self.now.date() - timedelta(days=days), hour, minute)


def show_carriers(field: Field, since: date, now: datetime) -> None:
    """Tell of six carriers and two call-ups, one held and verified, one under way since this morning."""
    post = PostHolding.objects.select_related("person").get(
        body=field.zone_body, role=PostRole.SECRETARY, valid_until=None
    )
    there = Person.objects.filter(memberships__body=field.zone_body, memberships__valid_until=None, valid_until=None)
    members = list(
        there.filter(political_status__in=PARTY_MEMBERS).exclude(pk=post.person_id).distinct().order_by("pk")
    )
    cast = Cast(field, post.person, members, now)
    begun = min((now.date() - since).days - 1, 90)
    team = _commando(cast, begun)
    _posts(cast, begun)
    _brand(cast, begun)
    _proposed(cast)
    _held(cast, team, min(begun - 2, 33))
    _running(cast, team)


def _founded(
    cast: Cast, type_: CarrierType, text: CarrierText, people: list[Person], promises: str, days: int
) -> Carrier:
    """Return a carrier that a member proposed and the secretary approved that afternoon."""
    parts = [Part.DEPUTY if place == 0 and people[1:] else Part.MEMBER for place in range(len(people))]
    carrier = propose_carrier(
        type_=type_, text=text, body=cast.field.zone_body, actor=cast.members[0], at=cast.ago(days),
        people=[(person, part.value, "") for person, part in zip(people, parts, strict=True)],
        promises=[
            Promised(title, measure, text.from_on + timedelta(days=due), Decimal(target) if target else None, unit,
                     direction or "at_least")
            for title, measure, due, target, unit, direction in PROMISES[promises]
        ],
    )  # fmt: skip
    return approve_carrier(carrier=carrier, actor=cast.secretary, at=cast.ago(days, 15), note="支委会讨论同意")


def _text(cast: Cast, name: str, lead: Person, days: int, values: dict[str, object], place: str) -> CarrierText:
    day = cast.ago(days).date()
    return CarrierText(name, day, day + timedelta(days=180), lead, values, place, zone=cast.field.zone)


def _kept(cast: Cast, carrier: Carrier, number: int, note: str, actual: str | None, days: int, picture: int) -> None:
    """Let a promise be reported with a picture and found kept by the secretary."""
    item = carrier.promises.select_related("item").get(number=number).item
    report_promise(
        item=item, note=note, actual=actual, actor=carrier.lead, at=cast.ago(days), uploads=[site_photo(picture)]
    )
    take_step(item=item, step="keep", actor=cast.secretary, at=cast.ago(days - 1), said=Said(note="抽查属实"))


def _commando(cast: Cast, days: int) -> Carrier:
    lead, *people = cast.members[1 : TEAM + 1]
    values: dict[str, object] = {"task": "平时巡管廊、练快速堵漏；防汛、防冻、抢险时第一批上"}
    text = _text(cast, "南I-1党员突击队", lead, days, values, "南I-1联合站活动板房")
    team = _founded(cast, CarrierType.COMMANDO_TEAM, text, people, "team", days)
    _kept(cast, team, 2, "三号管廊抢修 46 道口，质检抽 12 道，没有返工。", "0", 20, 731)
    review_carrier(
        carrier=team, grade=ReviewGrade.GOOD, text="两次拉练都按时到位，夜间对讲机覆盖要补。", actor=cast.field.clerk,
        at=cast.ago(12),
    )  # fmt: skip
    return team


def _posts(cast: Cast, days: int) -> None:
    lead = cast.members[TEAM + 1]
    values: dict[str, object] = {"post": "作业票管理岗", "standard": "票证当班齐全，超期票当场收回，三查三清有记录"}
    text = _text(cast, "票证管理党员示范岗", lead, days, values, "南I-1联合站安全办")
    post = _founded(cast, CarrierType.MODEL_POST, text, [], "post", days)
    _kept(cast, post, 1, "连查七周，37 张票无差错。", None, 25, 732)
    keeper, other = cast.members[TEAM + 2 : TEAM + 4]
    bounds: dict[str, object] = {"bounds": "三号管廊 0 到 420 米", "keeps": "保温、支墩、警示牌和夜间照明"}
    text = _text(cast, "三号管廊党员责任区", keeper, days, bounds, "三号管廊")
    area = _founded(cast, CarrierType.AREA, text, [other], "area", days)
    item = area.promises.select_related("item").get(number=1).item
    report_promise(
        item=item, note="本月登记 6 处，都是当班报的，已处理 5 处。", actor=keeper, at=cast.ago(2),
        uploads=[site_photo(733)],
    )  # fmt: skip


def _brand(cast: Cast, days: int) -> None:
    lead = cast.members[TEAM + 4]
    steps = "每周三晚上焊接台实操\n老带新结对\n月底互评，合格发上岗单"
    values: dict[str, object] = {"idea": "一人一技、一组一招：焊接台就是党小组活动室", "steps": steps}
    text = _text(cast, "“焊花”党员品牌", lead, days, values, "预制场焊接台")
    brand = _founded(cast, CarrierType.BRAND, text, cast.members[TEAM + 5 : TEAM + 7], "brand", days)
    _kept(cast, brand, 1, "四名徒弟考试合格，已独立上岗。", "4", 30, 734)
    write_result(
        carrier=brand, text="四名徒弟独立焊固定口，一次合格率 97%", figure=Decimal(4), unit="人", actor=lead,
        at=cast.ago(28),
    )  # fmt: skip
    end_carrier(
        carrier=brand, reason=EndReason.DONE, note="目标达成，做法写进下一期结对计划。", actor=cast.secretary,
        at=cast.ago(10),
    )  # fmt: skip


def _proposed(cast: Cast) -> None:
    """One waits for the secretary's word."""
    lead = cast.members[TEAM + 7]
    values: dict[str, object] = {"post": "仪表调试岗", "standard": "一次投用率 98% 以上，数据当天归档"}
    text = _text(cast, "仪表调试党员先锋岗", lead, 1, values, "南I-1联合站仪表间")
    propose_carrier(
        type_=CarrierType.PIONEER_POST, text=text, body=cast.field.zone_body, people=[], actor=cast.members[0], at=cast.ago(1),
        promises=[Promised("调试数据当天归档", "以归档时间为准", text.from_on + timedelta(days=60))],
    )  # fmt: skip


def _called(cast: Cast, team: Carrier, text: CallText, moment: datetime, *, coming: int, here: int) -> CallUp:
    """Call the team up; so many say that they come, so many are there within half an hour, one is ill."""
    call = call_up(teams=[team], text=text, actor=cast.secretary, at=moment)
    for place, row in enumerate(call.roster.select_related("person").order_by("pk")):
        if place < coming:
            answer_call(row=row, answer=Answer.COMING, actor=row.person, at=moment + timedelta(minutes=1 + place))
        elif place == coming:
            answer_call(
                row=row, answer=Answer.CANNOT, reason="发烧，已请假", actor=row.person, at=moment + timedelta(minutes=9)
            )
        if place < here:
            arrive(row=row, actor=row.person, at=moment + timedelta(minutes=18 + place))
    return call


def _held(cast: Cast, team: Carrier, days: int) -> None:
    """A night of rain: two shifts, a pump borrowed, a hand-over signed by both, the result verified by the committee."""
    moment = cast.ago(days, 18, 20)
    text = CallText(
        Occasion.FLOOD, "三号管廊低洼段", what="连降暴雨，管沟进水，管线有上浮的危险", rally_place="活动板房门口"
    )
    call = _called(cast, team, text, moment, coming=8, here=8)
    lead = team.lead
    need = raise_need(
        call=call, kind=NeedKind.EQUIPMENT, what="DN100 排水泵", quantity=2, unit="台", actor=lead,
        at=moment + timedelta(minutes=30),
    )  # fmt: skip
    settle_need(
        need=need, is_met=True, how="水务工程公司送来两台，带司泵工", actor=cast.secretary,
        at=moment + timedelta(minutes=75),
    )  # fmt: skip
    first = plan_shifts(
        call=call, length_hours=6, count=2, starts_at=at(moment.date(), 19, 0), actor=cast.secretary,
        at=moment + timedelta(minutes=35),
    )[0]  # fmt: skip
    for minutes, words, picture in (
        (60, "沙袋垒到 40 厘米，水位暂稳", 735), (190, "第一台泵出水，管沟水位降 12 厘米", None), (400, "低洼段支墩加固 6 处", 736),
    ):  # fmt: skip
        uploads = [site_photo(picture)] if picture else []
        write_line(call=call, text=words, actor=lead, at=moment + timedelta(minutes=minutes), uploads=uploads)
    parts = list(first.people.select_related("row__person").order_by("pk"))
    outgoing = parts[0].row.person
    incoming = call.roster.exclude(person__in=[part.row.person for part in parts]).filter(answer=Answer.ARRIVED)
    over = at(moment.date() + timedelta(days=1), 1, 0)
    hand_over(
        shift=first, note="两台泵连续运行，东头第 4 支墩每半小时看一次；油料够到天亮。", actor=outgoing, at=over
    )  # fmt: skip
    first.refresh_from_db()
    taker = incoming.select_related("person").order_by("pk")[0].person
    take_over(shift=first, actor=taker, at=over + timedelta(minutes=10))
    saved = Outcome(
        "管沟排干，管线无上浮，加固支墩 6 处", "避免 120 米管线重新敷设，按合同综合单价测算", 38_600_000
    )  # fmt: skip
    stand_down(call=call, outcome=saved, actor=cast.secretary, at=over + timedelta(hours=5, minutes=30))
    verify_call(
        call=call, agrees=True, actor=cast.field.clerk, at=cast.ago(days - 3, 10), note="看了现场和签证单，金额与造价核过"
    )  # fmt: skip


def _running(cast: Cast, team: Carrier) -> None:
    """A cold night is coming: the team is called up, most are there, a heater is still missing."""
    moment = cast.now - timedelta(minutes=52)
    text = CallText(Occasion.WINTER, "一号计量间", what="寒潮蓝色预警，伴热带两路失电", rally_place="计量间门口")
    call = _called(cast, team, text, moment, coming=7, here=5)
    write_line(call=call, text="西侧伴热带接头进水，正在更换", actor=team.lead, at=moment + timedelta(minutes=40))
    raise_need(
        call=call, kind=NeedKind.SUPPLIES, what="自限温伴热带", quantity=60, unit="米", actor=team.lead,
        at=moment + timedelta(minutes=42),
    )  # fmt: skip
